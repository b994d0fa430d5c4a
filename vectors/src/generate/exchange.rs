//! SM2 key exchange from both sides, and points that have to be refused.

use ecric_gm::encoding::hex;
use ecric_gm::sm2::exchange::{Own, Peer, Role, agree};
use ecric_gm::sm2::{DEFAULT_ID, SecretKey};

use super::draft::{Draft, cipher};
use super::keys::first_key;
use super::{filler, key};

/// `crypto/sm2-exchange`.
pub(super) fn file() -> Draft {
    let mut draft = Draft::new(
        "crypto/sm2-exchange",
        ["SM2 key exchange, both sides", "SM2 密钥交换（双方）"],
        ["GB/T 32918.3-2016", "2016", "6.1"],
    );
    draft.note("exchange", "Both sides get the same key and confirmation values.");
    draft.note("exchange-id", "Identifiers other than the default; a failure means that they are ignored or swapped.");
    draft.note("exchange-length", "Keys at the borders of the blocks of the derivation.");
    draft.note("exchange-point", "A point of the peer that has to be refused before it is used.");
    draft.group("sm2.exchange");
    for length in [1, 16, 31, 32, 33, 48, 64, 100] {
        let comment = format!("key of {length} bytes");
        pair(&mut draft, "exchange-length", &comment, &Setting { length, ..setting("length") });
    }
    for number in 0..4 {
        pair(&mut draft, "exchange", &format!("keys {number}"), &setting(&format!("pair {number}")));
    }
    let ids: [(&str, &[u8], &[u8]); 5] = [
        ("Alice and Bob", b"ALICE123@YAHOO.COM", b"BILL456@YAHOO.COM"),
        ("one identifier empty", b"", DEFAULT_ID),
        ("both empty", b"", b""),
        ("one identifier of 8191 bytes", &filler("long id", 8191), DEFAULT_ID),
        ("identifiers in UTF-8", "甲方".as_bytes(), "乙方".as_bytes()),
    ];
    for (comment, a, b) in ids {
        pair(&mut draft, "exchange-id", comment, &Setting { a_id: a.to_vec(), b_id: b.to_vec(), ..setting("ids") });
    }
    let rare = Setting { a_point: first_key((1, 0xff, 0)).0, ..setting("rare") };
    pair(&mut draft, "exchange", "x of a point begins with a zero byte", &rare);
    faults(&mut draft);
    draft
}

struct Setting {
    a: SecretKey,
    b: SecretKey,
    a_point: SecretKey,
    b_point: SecretKey,
    a_id: Vec<u8>,
    b_id: Vec<u8>,
    length: usize,
}

fn setting(label: &str) -> Setting {
    let of = |role: &str| key(&format!("exchange {label} {role}"));
    let id = DEFAULT_ID.to_vec();
    let (a_point, b_point) = (of("a point"), of("b point"));
    Setting { a: of("a"), b: of("b"), a_point, b_point, a_id: id.clone(), b_id: id, length: 16 }
}

fn pair(draft: &mut Draft, flag: &str, comment: &str, s: &Setting) {
    let own = Own { secret: &s.a, id: &s.a_id, ephemeral: &s.a_point };
    let peer = Peer { key: s.b.public_key(), id: &s.b_id, ephemeral: s.b_point.public_key() };
    let Ok(agreed) = agree(Role::Initiator, &own, &peer, s.length) else { return };
    let bytes = [&agreed.key[..], &agreed.from_responder, &agreed.from_initiator].concat();
    let output = [("agreed", hex(&bytes))];
    draft.valid("sm2.exchange", &[flag], &format!("{comment}, initiator"), &initiator(s), &output);
    let responder = [
        ("role", "responder".to_owned()),
        ("d", hex(&*s.b.to_bytes())),
        ("own_id", hex(&s.b_id)),
        ("r", hex(&*s.b_point.to_bytes())),
        ("peer_key", hex(&s.a.public_key().to_uncompressed())),
        ("peer_id", hex(&s.a_id)),
        ("peer_point", hex(&s.a_point.public_key().to_uncompressed())),
        ("length", s.length.to_string()),
    ];
    draft.valid("sm2.exchange", &[flag], &format!("{comment}, responder"), &responder, &output);
}

fn initiator(s: &Setting) -> Vec<(&'static str, String)> {
    vec![
        ("role", "initiator".to_owned()),
        ("d", hex(&*s.a.to_bytes())),
        ("own_id", hex(&s.a_id)),
        ("r", hex(&*s.a_point.to_bytes())),
        ("peer_key", hex(&s.b.public_key().to_uncompressed())),
        ("peer_id", hex(&s.b_id)),
        ("peer_point", hex(&s.b_point.public_key().to_uncompressed())),
        ("length", s.length.to_string()),
    ]
}

fn faults(draft: &mut Draft) {
    let s = setting("faults");
    let good = s.b_point.public_key().to_uncompressed();
    let mut off = good;
    off[64] ^= 1;
    for (comment, bytes) in [
        ("point off the curve", off.to_vec()),
        ("point of zeros", [&[4], &[0; 64][..]].concat()),
        ("coordinates of ff", [&[4], &[0xff; 64][..]].concat()),
        ("point cut by one byte", good[..64].to_vec()),
        ("infinity", vec![0]),
    ] {
        for name in ["peer_point", "peer_key"] {
            let mut input = initiator(&s);
            input.iter_mut().filter(|(member, _)| *member == name).for_each(|(_, value)| *value = hex(&bytes));
            let comment = format!("{comment} as {name}");
            draft.invalid("sm2.exchange-fault", &["exchange-point"], &comment, &input, cipher("key"));
        }
    }
}

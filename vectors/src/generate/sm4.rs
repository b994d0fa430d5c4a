//! SM4 in ECB, CBC, GCM and CCM: lengths, paddings and every kind of tampering.

use ecric_gm::encoding::hex;
use ecric_gm::sm4::{Key, Padding, Sealed};

use super::draft::{Draft, Refused, cipher};
use super::filler;

const LENGTH: Refused = cipher("length");
const PADDING: Refused = cipher("padding");
const TAG: Refused = cipher("tag");

/// `crypto/sm4`.
pub(super) fn file() -> Draft {
    let mut draft = Draft::new(
        "crypto/sm4",
        ["SM4 in ECB, CBC, GCM and CCM mode", "SM4 的 ECB、CBC、GCM、CCM 模式"],
        [
            "GB/T 32907-2016; RFC 8998",
            "2016; 2021",
            "block cipher; AEAD of sections 3.1 and 3.2 (nonce 12, tag 16 bytes)",
        ],
    );
    draft.note("length", "Text of a length at a border of the block.");
    draft.note("not-whole", "No whole blocks where the mode has no padding.");
    draft.note("padding", "PKCS #7 padding that is broken; accepting it corrupts data and opens padding oracles.");
    draft.note("aead", "Authenticated encryption of texts and additional data of many lengths.");
    draft.note("tampered", "A bit of ciphertext, tag, nonce or additional data changed: nothing may come out.");
    draft.note("cut", "Tag cut, missing or moved: nothing may come out.");
    ecb(&mut draft);
    cbc(&mut draft);
    for mode in ["gcm", "ccm"] {
        aead(&mut draft, mode);
    }
    draft
}

fn key() -> ([u8; 16], Key) {
    let bytes = fixed("sm4 key");
    (bytes, Key::from_bytes(&bytes))
}

fn fixed<const N: usize>(label: &str) -> [u8; N] {
    let bytes = filler(label, N);
    std::array::from_fn(|at| bytes[at])
}

fn ecb(draft: &mut Draft) {
    let (bytes, key) = key();
    for blocks in [1, 2, 3, 5, 8] {
        let plain = filler("sm4 text", 16 * blocks);
        let sealed = key.encrypt_ecb(&plain).unwrap_or_default();
        let (k, p, c) = (("key", hex(&bytes)), ("plaintext", hex(&plain)), ("ciphertext", hex(&sealed)));
        draft.group("sm4.ecb-encrypt");
        draft.valid(
            "sm4.ecb",
            &["length"],
            &format!("{blocks} blocks"),
            &[k.clone(), p.clone()],
            std::slice::from_ref(&c),
        );
        draft.group("sm4.ecb-decrypt");
        draft.valid("sm4.ecb", &["length"], &format!("{blocks} blocks, decrypt"), &[k, c], &[p]);
    }
    for length in [1, 15, 17, 31] {
        let text = hex(&filler("sm4 text", length));
        draft.group("sm4.ecb-encrypt");
        let input = [("key", hex(&bytes)), ("plaintext", text.clone())];
        draft.invalid("sm4.ecb-length", &["not-whole"], &format!("{length} bytes"), &input, LENGTH);
        draft.group("sm4.ecb-decrypt");
        let input = [("key", hex(&bytes)), ("ciphertext", text)];
        draft.invalid("sm4.ecb-length", &["not-whole"], &format!("{length} bytes, decrypt"), &input, LENGTH);
    }
}

fn cbc(draft: &mut Draft) {
    let (bytes, key) = key();
    let iv: [u8; 16] = fixed("sm4 iv");
    let base = |word: &str| vec![("key", hex(&bytes)), ("iv", hex(&iv)), ("padding", word.to_owned())];
    for (padding, word, lengths) in [
        (Padding::Pkcs7, "pkcs7", &[0_usize, 1, 7, 15, 16, 17, 31, 32, 33, 100][..]),
        (Padding::None, "none", &[16, 32, 48, 128]),
    ] {
        for length in lengths {
            let plain = filler("sm4 text", *length);
            let sealed = key.encrypt_cbc(&iv, &plain, padding).unwrap_or_default();
            let (p, c) = (("plaintext", hex(&plain)), ("ciphertext", hex(&sealed)));
            let comment = format!("{length} bytes, padding {word}");
            draft.group("sm4.cbc-encrypt");
            draft.valid(
                "sm4.cbc",
                &["length"],
                &comment,
                &[base(word), vec![p.clone()]].concat(),
                std::slice::from_ref(&c),
            );
            draft.group("sm4.cbc-decrypt");
            draft.valid("sm4.cbc", &["length"], &format!("{comment}, decrypt"), &[base(word), vec![c]].concat(), &[p]);
        }
    }
    draft.group("sm4.cbc-decrypt");
    for length in [1, 15, 17, 31] {
        let input = [base("pkcs7"), vec![("ciphertext", hex(&filler("sm4 text", length)))]].concat();
        draft.invalid("sm4.cbc-length", &["not-whole"], &format!("{length} bytes"), &input, LENGTH);
    }
    let input = [base("pkcs7"), vec![("ciphertext", String::new())]].concat();
    draft.invalid("sm4.cbc-length", &["not-whole"], "nothing at all: the padding is missing", &input, PADDING);
    let body = filler("sm4 text", 16);
    for (end, comment) in [
        (vec![0; 16], "last byte 0"),
        (vec![17; 16], "last byte 17"),
        (vec![255; 16], "last byte 255"),
        ([&body[..14], &[1, 2]].concat(), "last byte 2, the one before 1"),
        ([&body[..13], &[3, 2, 3]].concat(), "last byte 3, a 2 among the padding"),
        ([&[15], &[16; 15][..]].concat(), "last byte 16, the first 15"),
    ] {
        let sealed = key.encrypt_cbc(&iv, &[&body[..], &end].concat(), Padding::None).unwrap_or_default();
        let input = [base("pkcs7"), vec![("ciphertext", hex(&sealed))]].concat();
        draft.invalid("sm4.cbc-padding", &["padding"], comment, &input, PADDING);
    }
}

fn aead(draft: &mut Draft, mode: &str) {
    let (bytes, key) = key();
    let nonce: [u8; 12] = fixed("sm4 nonce");
    let seal = |aad: &[u8], text: &[u8]| {
        let parts = Sealed { nonce: &nonce, aad, text };
        if mode == "gcm" { key.seal_gcm(&parts) } else { key.seal_ccm(&parts) }.unwrap_or_default()
    };
    let family = format!("sm4.{mode}");
    let base = |nonce: &[u8], aad: &[u8]| vec![("key", hex(&bytes)), ("nonce", hex(nonce)), ("aad", hex(aad))];
    for (aad_length, length) in [
        (0, 0),
        (0, 1),
        (1, 0),
        (0, 16),
        (20, 15),
        (20, 16),
        (20, 17),
        (13, 31),
        (14, 32),
        (15, 33),
        (16, 64),
        (32, 100),
        (300, 5),
    ] {
        let (aad, plain) = (filler("sm4 aad", aad_length), filler("sm4 text", length));
        let (p, c) = (("plaintext", hex(&plain)), ("ciphertext", hex(&seal(&aad, &plain))));
        let comment = format!("{length} bytes, {aad_length} bytes of additional data");
        draft.group(&format!("{family}-seal"));
        draft.valid(
            &family,
            &["aead"],
            &comment,
            &[base(&nonce, &aad), vec![p.clone()]].concat(),
            std::slice::from_ref(&c),
        );
        draft.group(&format!("{family}-open"));
        draft.valid(&family, &["aead"], &format!("{comment}, open"), &[base(&nonce, &aad), vec![c]].concat(), &[p]);
    }
    draft.group(&format!("{family}-open"));
    let (aad, plain) = (filler("sm4 aad", 20), filler("sm4 text", 33));
    let good = seal(&aad, &plain);
    let flipped = |bytes: &[u8], at: usize, bit: u8| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= bit;
        bytes
    };
    let mut refuse = |flag: &str, comment: &str, nonce: &[u8], aad: &[u8], sealed: &[u8]| {
        let input = [base(nonce, aad), vec![("ciphertext", hex(sealed))]].concat();
        draft.invalid(&format!("{family}-refuse"), &[flag], comment, &input, TAG);
    };
    for (at, place) in [
        (0, "first byte of the text"),
        (32, "last byte of the text"),
        (33, "first byte of the tag"),
        (48, "last byte of the tag"),
    ] {
        refuse("tampered", &format!("last bit of the {place}"), &nonce, &aad, &flipped(&good, at, 1));
        refuse("tampered", &format!("first bit of the {place}"), &nonce, &aad, &flipped(&good, at, 0x80));
    }
    refuse("tampered", "another nonce", &flipped(&nonce, 11, 1), &aad, &good);
    refuse("tampered", "additional data changed", &nonce, &flipped(&aad, 0, 1), &good);
    refuse("tampered", "additional data missing", &nonce, &[], &good);
    refuse("tampered", "additional data longer by a zero byte", &nonce, &[&aad[..], &[0]].concat(), &good);
    refuse("tampered", "tag of zeros", &nonce, &aad, &[&good[..33], &[0; 16]].concat());
    for length in [0, 1, 15] {
        refuse("cut", &format!("{length} bytes in all"), &nonce, &aad, &good[..length]);
    }
    for tag in [0, 4, 8, 12, 15] {
        refuse("cut", &format!("tag cut to {tag} bytes"), &nonce, &aad, &good[..33 + tag]);
    }
    refuse("cut", "text shorter by one byte", &nonce, &aad, &good[1..]);
    refuse("cut", "tag in front", &nonce, &aad, &[&good[33..], &good[..33]].concat());
}

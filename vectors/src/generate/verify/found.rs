//! Messages found by search (`vectors/examples/search_messages.rs`): their signature has an r or s
//! below 2^224, so that r + n or s + n fits 32 bytes and every interface can be asked, or their
//! digest e is n or more. A find takes about 2^32 tries; x1 >= n would take 2^129 and stands with
//! given digests only.

use ecric_gm::craft::{Number, sign_with_nonce};
use ecric_gm::sm2::{DEFAULT_ID, message_digest};

use super::super::draft::{Draft, signature};
use super::super::key;
use super::super::numbers::Whole;
use super::{Signed, pair};

const SMALL_R: [u64; 1] = [1_000_785_638_606];
const SMALL_S: [u64; 1] = [1_002_616_540_487];
const HIGH_E: [u64; 2] = [166_220_883, 1_003_118_460_495];

pub(super) fn add(draft: &mut Draft) {
    draft.group("sm2.verify");
    let n = Whole::order();
    for counter in SMALL_R {
        let signed = found(counter);
        accept(draft, "integer-shape", "r below 2^224", &signed);
        refuse(draft, "r + n fits 32 bytes", &signed, &signed.r().plus(&n), &signed.s());
    }
    for counter in SMALL_S {
        let signed = found(counter);
        accept(draft, "integer-shape", "s below 2^224", &signed);
        refuse(draft, "s + n fits 32 bytes", &signed, &signed.r(), &signed.s().plus(&n));
    }
    for counter in HIGH_E {
        accept(draft, "digest-range", "e of n or more", &found(counter));
    }
}

fn found(counter: u64) -> Signed {
    let signer = key("search key");
    let message = format!("ecric {counter:016x}").into_bytes();
    let digest = message_digest(DEFAULT_ID, signer.public_key(), &message).unwrap_or_default();
    let nonce = Number::of_secret(&key("search nonce"));
    let raw = sign_with_nonce(Number::of_secret(&signer), &digest, nonce).unwrap_or([0; 64]);
    Signed { key: signer, id: DEFAULT_ID.to_vec(), message, raw }
}

fn accept(draft: &mut Draft, flag: &str, comment: &str, signed: &Signed) {
    draft.valid("sm2.v-found", &[flag], &format!("{comment}, DER"), &signed.ask("der", &signed.der()), &[]);
    draft.valid("sm2.v-found", &[flag], &format!("{comment}, raw"), &signed.ask("raw", &signed.raw), &[]);
}

fn refuse(draft: &mut Draft, comment: &str, signed: &Signed, r: &Whole, s: &Whole) {
    let input = signed.ask("der", &pair(r, s));
    draft.invalid("sm2.v-found", &["value-range"], &format!("{comment}, DER"), &input, signature("range"));
    if let Some((r, s)) = r.to_32().zip(s.to_32()) {
        let input = signed.ask("raw", &[r, s].concat());
        draft.invalid("sm2.v-found", &["value-range"], &format!("{comment}, raw"), &input, signature("range"));
    }
}

//! SM2 verification cases: ordinary ones in every shape, and every family of edge cases.

mod crafted;
mod der;
mod found;
mod hashed;
mod keys;
mod ordinary;
mod range;
mod raw;

use ecric_gm::encoding::hex;
use ecric_gm::sm2::{DEFAULT_ID, SecretKey, Signature, sign, sign_digest};

use super::draft::Draft;
use super::key;
use super::numbers::{Whole, integer, sequence};

/// `crypto/sm2-verify`.
pub(super) fn file() -> Draft {
    let mut draft = Draft::new(
        "crypto/sm2-verify",
        ["SM2 signature verification, edge cases", "SM2 验签边界用例"],
        ["GB/T 32918.2-2016; GB/T 35276-2017", "2016; 2017", "7.1 (verification); strict DER of SM2Signature"],
    );
    for (flag, note) in NOTES {
        draft.note(flag, note);
    }
    ordinary::add(&mut draft);
    range::add(&mut draft);
    der::add(&mut draft);
    raw::add(&mut draft);
    hashed::add(&mut draft);
    keys::add(&mut draft);
    crafted::add(&mut draft);
    found::add(&mut draft);
    draft
}

const NOTES: [(&str, &str); 26] = [
    ("ordinary", "Valid signature; refusing it is an interoperability defect."),
    ("message-length", "Message at a border of padding or block."),
    ("integer-shape", "r or s with leading zeros or a high first bit; refusing it breaks one signature in 256."),
    (
        "value-range",
        "r or s outside [1, n-1]: accepting it is a conformance defect, and a forgery where the equation holds.",
    ),
    ("no-twin", "SM2 has no second valid signature of the ECDSA kind: none of these may verify."),
    ("bit-flip", "One bit changed."),
    ("der-length", "Length not in the shortest definite form: accepting it gives one message two byte strings."),
    ("der-integer", "INTEGER padded or negative: accepting it gives one message two byte strings."),
    ("der-trailing", "Something behind or inside the structure: accepting it breaks lists keyed by signature bytes."),
    ("der-tag", "Another type in a place."),
    ("der-structure", "No signature at all."),
    ("raw-form", "r and s are 64 bytes; accepting another length or form is malleability."),
    ("signer-id", "Signer identifier other than the default, or other than the one signed with."),
    ("what-was-hashed", "Another construction of the digest."),
    ("other-algorithm", "ECDSA over the same curve."),
    ("other-message", "Another message than the one signed."),
    ("other-key", "Another key than the one that signed."),
    ("key-value", "Public key with a special value; refusing it is an interoperability defect."),
    ("key-fault", "Public key that has to be refused."),
    ("option", "Grey zone: one vector for each reading of the option that the group names."),
    ("special-value", "Smallest and largest r, s and t."),
    ("digest-range", "e at and above n: it has to be reduced."),
    ("x1-range", "x1 of the nonce point at and above n, at 0 and close to p: it has to be reduced."),
    ("doubling", "sG = tP: incomplete addition formulas fail here."),
    ("infinity", "sG = -tP: an implementation that takes x of infinity for 0 accepts."),
    ("t-zero", "r + s = n with a digest that fits: only the check of t refuses it."),
];

/// A signature with all that belongs to it.
struct Signed {
    key: SecretKey,
    id: Vec<u8>,
    message: Vec<u8>,
    raw: [u8; 64],
}

impl Signed {
    /// Signs under the default identifier.
    fn new(label: &str, message: &[u8]) -> Self {
        Self::with_id(label, DEFAULT_ID, message)
    }

    fn with_id(label: &str, id: &[u8], message: &[u8]) -> Self {
        let key = key(label);
        let raw = sign(&key, id, message).map_or([0; 64], |made| *made.as_raw());
        Self { key, id: id.to_vec(), message: message.to_vec(), raw }
    }

    /// Signs another digest than the right one.
    fn over_digest(label: &str, message: &[u8], digest: &[u8; 32]) -> Self {
        let key = key(label);
        let raw = sign_digest(&key, digest).map_or([0; 64], |made| *made.as_raw());
        Self { key, id: DEFAULT_ID.to_vec(), message: message.to_vec(), raw }
    }

    fn r(&self) -> Whole {
        Whole::new(&self.raw[..32])
    }

    fn s(&self) -> Whole {
        Whole::new(&self.raw[32..])
    }

    fn der(&self) -> Vec<u8> {
        Signature::from_raw(&self.raw).map(|signature| signature.to_der()).unwrap_or_default()
    }

    fn public(&self) -> [u8; 65] {
        self.key.public_key().to_uncompressed()
    }

    /// The question with another signature.
    fn ask(&self, encoding: &str, signature: &[u8]) -> Vec<(&'static str, String)> {
        self.ask_with(&self.public(), &self.id, &self.message, encoding, signature)
    }

    fn ask_with(
        &self,
        public: &[u8],
        id: &[u8],
        message: &[u8],
        encoding: &str,
        signature: &[u8],
    ) -> Vec<(&'static str, String)> {
        vec![
            ("public_key", hex(public)),
            ("id", hex(id)),
            ("message", hex(message)),
            ("encoding", encoding.to_owned()),
            ("signature", hex(signature)),
        ]
    }
}

/// SEQUENCE of two INTEGERs, whatever they are.
fn pair(r: &Whole, s: &Whole) -> Vec<u8> {
    sequence(&[&integer(r), &integer(s)])
}

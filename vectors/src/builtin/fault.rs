//! The built-in implementation wrong on purpose, to see a check fail. Never used for a judgement.

use ecric_gm::craft::{Number, Point, join};
use ecric_gm::encoding::{from_hex, hex};
use ecric_gm::sm2::{DEFAULT_ID, PublicKey, Signature, message_digest};

mod signed_object;

use super::answer;
use crate::options::Options;
use crate::set::{Answer, Question, Verdict};

/// One way of being wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Accepts whatever it is given.
    AcceptAll,
    /// Refuses whatever it is given.
    RejectAll,
    /// Verifies under the default signer identifier, whatever the question names.
    IgnoreId,
    /// Reads BER where DER is wanted, and ignores what follows.
    AcceptBer,
    /// Reduces r and s modulo n instead of refusing them.
    SkipRange,
    /// Never answers the question with this id.
    HangOn(String),
    /// Ends instead of answering the question with this id.
    CrashOn(String),
    /// Writes something that is no answer to the question with this id.
    GarbageOn(String),
}

impl Fault {
    /// The names, for messages; the last three are followed by `=ID`.
    pub const NAMES: [&'static str; 8] =
        ["accept-all", "reject-all", "ignore-id", "accept-ber", "skip-range", "hang", "crash", "garbage"];

    /// Reads `accept-ber`, `hang=sm3.digest.0001` and so on.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.split_once('=') {
            Some(("hang", id)) => Self::HangOn(id.to_owned()),
            Some(("crash", id)) => Self::CrashOn(id.to_owned()),
            Some(("garbage", id)) => Self::GarbageOn(id.to_owned()),
            Some(_) => return None,
            None => match name {
                "accept-all" => Self::AcceptAll,
                "reject-all" => Self::RejectAll,
                "ignore-id" => Self::IgnoreId,
                "accept-ber" => Self::AcceptBer,
                "skip-range" => Self::SkipRange,
                _ => return None,
            },
        })
    }

    /// The answer of an implementation with this fault. Hanging, ending and garbage are the caller's to do.
    #[must_use]
    pub fn answer(&self, question: &Question) -> Answer {
        let options = Options::profile();
        let honest = |question: &Question| answer(question, &options);
        match self {
            Self::AcceptAll => Answer { result: Verdict::Valid, reason: None, ..honest(question) },
            Self::RejectAll => Answer { id: question.id.clone(), result: Verdict::Invalid, output: None, reason: None },
            Self::IgnoreId => honest(&with_default_id(question)),
            Self::AcceptBer => honest(&as_strict(question).unwrap_or_else(|| question.clone())),
            Self::SkipRange if question.operation == "x509.signature" => {
                honest(&signed_object::in_range(question).unwrap_or_else(|| question.clone()))
            }
            Self::SkipRange => match equation_alone(question) {
                Some(true) => Answer { id: question.id.clone(), result: Verdict::Valid, output: None, reason: None },
                _ => honest(question),
            },
            Self::HangOn(_) | Self::CrashOn(_) | Self::GarbageOn(_) => honest(question),
        }
    }
}

fn with_default_id(question: &Question) -> Question {
    let mut changed = question.clone();
    if question.operation == "sm2.verify" && question.input.contains_key("id") {
        changed.input.insert("id".to_owned(), hex(DEFAULT_ID));
    }
    changed
}

/// The question with its DER signature, or its certificate, read as BER and written again.
fn as_strict(question: &Question) -> Option<Question> {
    if question.operation.starts_with("x509.") {
        return signed_object::as_strict(question);
    }
    if question.operation != "sm2.verify" || question.input.get("encoding")? != "der" {
        return None;
    }
    let bytes = from_hex(question.input.get("signature")?).ok()?;
    let value = Signature::from_raw(&lenient_pair(&bytes)?).ok()?.to_der();
    let mut changed = question.clone();
    changed.input.insert("signature".to_owned(), hex(&value));
    Some(changed)
}

/// r and s of BER, whatever follows.
fn lenient_pair(bytes: &[u8]) -> Option<[u8; 64]> {
    let (content, _) = element(bytes, 0x30)?;
    let (r, rest) = element(content, 2)?;
    let (s, _) = element(rest, 2)?;
    let mut raw = [0; 64];
    for (number, half) in [r, s].into_iter().zip(raw.chunks_exact_mut(32)) {
        if number.first().is_some_and(|byte| *byte >= 0x80) {
            return None;
        }
        let digits = &number[number.iter().position(|byte| *byte != 0)?..];
        half[32_usize.checked_sub(digits.len())?..].copy_from_slice(digits);
    }
    Some(raw)
}

/// Content of a BER element with this tag, and what follows it.
fn element(bytes: &[u8], wanted: u8) -> Option<(&[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    if tag != wanted {
        return None;
    }
    if first == 0x80 {
        return Some((rest, &[]));
    }
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
        let length = digits.iter().try_fold(0_usize, |sum, byte| sum.checked_mul(256)?.checked_add((*byte).into()))?;
        (length, rest)
    };
    rest.split_at_checked(length)
}

/// Whether the equation holds for r and s modulo n, with strict DER and every other check.
fn equation_alone(question: &Question) -> Option<bool> {
    if question.operation != "sm2.verify" {
        return None;
    }
    let input = |name: &str| question.input.get(name).and_then(|text| from_hex(text).ok());
    let signature = input("signature")?;
    let (r, s) = match question.input.get("encoding")?.as_str() {
        "der" => strict_pair(&signature)?,
        _ if signature.len() == 64 => (reduced(&signature[..32]), reduced(&signature[32..])),
        _ => return None,
    };
    let key = PublicKey::from_uncompressed(&input("public_key")?.try_into().ok()?).ok()?;
    let e = match input("digest") {
        Some(digest) => digest.try_into().ok()?,
        None => message_digest(&input("id")?, &key, &input("message")?).ok()?,
    };
    let t = r.plus(s);
    let point = Point::generator().times(s).plus(Point::of_key(&key).times(t));
    if t.is_zero() || point.is_infinity() {
        return Some(false);
    }
    Some(join(r, s)[..32] == Number::reduce(&e).plus(Number::reduce(&point.x())).to_bytes())
}

/// r and s of strict DER, of any size.
fn strict_pair(bytes: &[u8]) -> Option<(Number, Number)> {
    let short = |bytes: &[u8]| bytes.get(1).is_some_and(|length| *length < 0x80);
    let (content, after) = element(bytes, 0x30).filter(|_| short(bytes))?;
    let (r, rest) = element(content, 2).filter(|_| short(content))?;
    let (s, surplus) = element(rest, 2).filter(|_| short(rest))?;
    let minimal = |number: &[u8]| match number {
        [] => false,
        [0, next, ..] => *next >= 0x80,
        [first, ..] => *first < 0x80,
    };
    let strict = after.is_empty() && surplus.is_empty() && minimal(r) && minimal(s);
    strict.then(|| (reduced(r), reduced(s)))
}

fn reduced(digits: &[u8]) -> Number {
    let base = Number::small(256);
    digits.iter().fold(Number::ZERO, |sum, byte| sum.times(base).plus(Number::small(u64::from(*byte))))
}

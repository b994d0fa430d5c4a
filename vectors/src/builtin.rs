//! The built-in implementation: answers questions with `gm` and `licence`. The one that the suite
//! itself judges by, so it has no leniency but the readings that the caller names.

mod code;
mod envelope;
mod fault;
mod hash;
mod judgement;
mod licence;
mod record;
mod sm2;
mod sm4;

pub use fault::Fault;

use std::collections::BTreeMap;

use ecric_gm::encoding::{from_hex, hex};

use crate::operation::operation;
use crate::options::Options;
use crate::set::{Answer, Question, Verdict};

/// What the built-in implementation says of itself.
pub const VERSION: &str = concat!("ecric ", env!("CARGO_PKG_VERSION"), " over sm2 0.14, sm3 0.5, sm4 0.6");

/// Answers one question.
#[must_use]
pub fn answer(question: &Question, options: &Options) -> Answer {
    let reply = match operation(&question.operation) {
        Some(_) => ask(&question.operation, &Input(&question.input), options),
        None => Err(Refusal::Unsupported),
    };
    let (result, output, reason) = match reply {
        Ok(output) => (Verdict::Valid, output, None),
        Err(Refusal::Invalid(reason)) => (Verdict::Invalid, None, Some(reason)),
        Err(Refusal::Unsupported) => (Verdict::Unsupported, None, None),
        Err(Refusal::Malformed(reason)) => (Verdict::Error, None, Some(reason)),
    };
    Answer { id: question.id.clone(), result, output, reason }
}

/// Output of an accepted input, if the operation has one.
type Reply = Result<Option<String>, Refusal>;

/// Why there is no output.
#[derive(Debug)]
enum Refusal {
    /// The input is refused.
    Invalid(String),
    /// The operation is not known here.
    Unsupported,
    /// The question itself is broken.
    Malformed(String),
}

fn invalid(reason: impl std::fmt::Display) -> Refusal {
    Refusal::Invalid(reason.to_string())
}

fn ask(name: &str, input: &Input<'_>, options: &Options) -> Reply {
    match name.split_once('.') {
        Some(("sm3" | "hmac-sm3" | "test-key" | "request", _)) => hash::ask(name, input),
        Some(("sm4", _)) => sm4::ask(name, input),
        Some(("sm2", _)) => sm2::ask(name, input, options),
        Some(("signed_data" | "ses", _)) | Some(("x509", "signature")) => envelope::ask(name, input, options),
        Some(("x509" | "seal" | "seal_signature", _)) => judgement::ask(name, input, options),
        Some(("base45" | "code", _)) => code::ask(name, input),
        Some(("metadata", "check")) => record::ask(input),
        _ => licence::ask(name, input),
    }
}

/// The input of a question.
struct Input<'a>(&'a BTreeMap<String, String>);

/// Longest message that a repetition may make: 16 MiB.
const REPEATED_MAX: usize = 16 * 1024 * 1024;

impl<'a> Input<'a> {
    fn find(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).map(String::as_str)
    }

    fn text(&self, name: &str) -> Result<&'a str, Refusal> {
        self.find(name).ok_or_else(|| Refusal::Malformed(format!("{name} is missing")))
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>, Refusal> {
        from_hex(self.text(name)?).map_err(|error| Refusal::Malformed(format!("{name}: {error}")))
    }

    /// Bytes of a fixed length; another length is a refusal of the input, not a broken question.
    fn array<const N: usize>(&self, name: &str) -> Result<[u8; N], Refusal> {
        let bytes = self.bytes(name)?;
        let found = bytes.len();
        bytes.try_into().map_err(|_| invalid(format!("{name} of {found} bytes, wanted {N}")))
    }

    fn number(&self, name: &str) -> Result<usize, Refusal> {
        self.text(name)?.parse().map_err(|_| Refusal::Malformed(format!("{name} is no number")))
    }

    fn repeated(&self, unit: &str) -> Result<Vec<u8>, Refusal> {
        let (unit, times) = (self.bytes(unit)?, self.number("repeat")?);
        if unit.len().checked_mul(times).is_none_or(|length| length > REPEATED_MAX) {
            return Err(Refusal::Malformed("repeat is too high".to_owned()));
        }
        Ok(unit.repeat(times))
    }
}

/// A refusal with a reason code of binding v1, section 8.
fn refused(code: &str, detail: impl std::fmt::Display) -> Refusal {
    Refusal::Invalid(format!("{code}: {detail}"))
}

/// A refusal for an encoding: what is merely no DER is told apart from what cannot be read.
fn unreadable(code: &str, error: ecric_gm::der::DerError) -> Refusal {
    refused(if error.fault.is_form() { "DER_NON_CANONICAL" } else { code }, error)
}

/// An output of bytes.
fn out(bytes: &[u8]) -> Reply {
    Ok(Some(hex(bytes)))
}

#[cfg(test)]
mod tests;

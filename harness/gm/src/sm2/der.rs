//! Strict DER for one shape, SEQUENCE of two non-negative INTEGERs. Repairs nothing, names the fault.

use super::SignatureError;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;

/// What is wrong with the DER form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DerFault {
    /// Another tag than SEQUENCE or INTEGER.
    #[error("tag {found:#04x}, wanted {wanted:#04x}")]
    Tag {
        /// The tag found.
        found: u8,
        /// The tag wanted.
        wanted: u8,
    },
    /// Long or indefinite length where a single byte says it.
    #[error("length is not in the short form")]
    LengthForm,
    /// The input ends inside an element.
    #[error("input ends inside an element")]
    Truncated,
    /// Bytes after the end of the SEQUENCE.
    #[error("bytes after the end")]
    Trailing,
    /// Bytes inside the SEQUENCE after s.
    #[error("surplus element")]
    Surplus,
    /// An INTEGER without content.
    #[error("integer without content")]
    Empty,
    /// An INTEGER below zero; often a missing leading zero byte.
    #[error("integer is negative")]
    Negative,
    /// An INTEGER with a leading zero byte that it does not need.
    #[error("integer is padded")]
    Padded,
}

/// Reads both INTEGERs without their leading zero byte.
pub(super) fn parse_integer_pair(bytes: &[u8]) -> Result<[&[u8]; 2], SignatureError> {
    let mut outer = Reader { bytes, at: 0, end: bytes.len() };
    let content = outer.element(SEQUENCE)?;
    if content.end != bytes.len() {
        return Err(outer.fault(DerFault::Trailing));
    }
    let mut inner = content;
    let r = inner.integer()?;
    let s = inner.integer()?;
    if inner.at != inner.end {
        return Err(inner.fault(DerFault::Surplus));
    }
    Ok([r, s])
}

/// Writes two big-endian numbers of at most 32 bytes each.
pub(super) fn write_integer_pair(r: &[u8], s: &[u8]) -> Vec<u8> {
    let mut content = Vec::with_capacity(70);
    for number in [r, s] {
        let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
        let digits = &number[start..];
        let sign = digits.first().is_none_or(|byte| *byte >= 0x80);
        push_header(&mut content, INTEGER, digits.len() + usize::from(sign));
        if sign {
            content.push(0);
        }
        content.extend_from_slice(digits);
    }
    let mut out = Vec::with_capacity(72);
    push_header(&mut out, SEQUENCE, content.len());
    out.extend_from_slice(&content);
    out
}

/// Two numbers of 32 bytes make at most 70 bytes of content, so one length byte always does.
fn push_header(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    out.push(u8::try_from(length).unwrap_or(u8::MAX));
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    const fn fault(&self, fault: DerFault) -> SignatureError {
        SignatureError::Der { fault, position: self.at }
    }

    fn byte(&mut self) -> Result<u8, SignatureError> {
        if self.at >= self.end {
            return Err(self.fault(DerFault::Truncated));
        }
        let byte = self.bytes[self.at];
        self.at += 1;
        Ok(byte)
    }

    /// The content of the next element; the reader then stands behind it.
    fn element(&mut self, wanted: u8) -> Result<Self, SignatureError> {
        let start = self.at;
        let found = self.byte()?;
        if found != wanted {
            return Err(SignatureError::Der { fault: DerFault::Tag { found, wanted }, position: start });
        }
        let length = self.byte()?;
        if length >= 0x80 {
            return Err(SignatureError::Der { fault: DerFault::LengthForm, position: self.at - 1 });
        }
        let end = self.at + usize::from(length);
        if end > self.end {
            return Err(SignatureError::Der { fault: DerFault::Truncated, position: self.end });
        }
        let content = Reader { bytes: self.bytes, at: self.at, end };
        self.at = end;
        Ok(content)
    }

    fn integer(&mut self) -> Result<&'a [u8], SignatureError> {
        let content = self.element(INTEGER)?;
        match &content.bytes[content.at..content.end] {
            [] => Err(content.fault(DerFault::Empty)),
            [first, ..] if *first >= 0x80 => Err(content.fault(DerFault::Negative)),
            [0, next, ..] if *next < 0x80 => Err(content.fault(DerFault::Padded)),
            [0] => Ok(&[]),
            [0, rest @ ..] => Ok(rest),
            all => Ok(all),
        }
    }
}

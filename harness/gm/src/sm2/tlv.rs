//! Strict DER elements for the two small structures of this folder. Repairs nothing, names the fault.

/// Tag of SEQUENCE.
pub(super) const SEQUENCE: u8 = 0x30;
/// Tag of INTEGER.
pub(super) const INTEGER: u8 = 0x02;
/// Tag of BIT STRING.
pub(super) const BIT_STRING: u8 = 0x03;
/// Tag of OCTET STRING.
pub(super) const OCTET_STRING: u8 = 0x04;
/// Tag of OBJECT IDENTIFIER.
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;

/// What is wrong with a DER form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TlvFault {
    /// Another tag than the one wanted.
    #[error("tag {found:#04x}, wanted {wanted:#04x}")]
    Tag {
        /// The tag found.
        found: u8,
        /// The tag wanted.
        wanted: u8,
    },
    /// Indefinite length, or a length in more bytes than it needs.
    #[error("length is not in the shortest definite form")]
    LengthForm,
    /// The input ends inside an element.
    #[error("input ends inside an element")]
    Truncated,
    /// Bytes after the end of the structure.
    #[error("bytes after the end")]
    Trailing,
    /// Bytes inside a SEQUENCE after its last member.
    #[error("surplus element")]
    Surplus,
    /// An INTEGER without content.
    #[error("integer without content")]
    Empty,
    /// An INTEGER below zero.
    #[error("integer is negative")]
    Negative,
    /// An INTEGER with a leading zero byte that it does not need.
    #[error("integer is padded")]
    Padded,
    /// A BIT STRING with unused bits.
    #[error("bit string has unused bits")]
    UnusedBits,
}

/// A fault and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{fault} at byte {position}")]
pub struct TlvError {
    /// What is wrong.
    pub fault: TlvFault,
    /// Where, in bytes from the start of the structure.
    pub position: usize,
}

/// A part of a structure that is read from front to back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Reader<'a> {
    /// Reads one structure from its first byte.
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, end: bytes.len() }
    }

    /// A fault where the reader stands.
    pub(super) const fn fault(&self, fault: TlvFault) -> TlvError {
        TlvError { fault, position: self.at }
    }

    /// The one SEQUENCE that the input is.
    pub(super) fn whole(mut self) -> Result<Self, TlvError> {
        let content = self.element(SEQUENCE)?;
        if self.at == self.end { Ok(content) } else { Err(self.fault(TlvFault::Trailing)) }
    }

    /// Whether nothing is left.
    pub(super) const fn is_done(&self) -> bool {
        self.at == self.end
    }

    /// Ends a SEQUENCE.
    pub(super) const fn finish(&self) -> Result<(), TlvError> {
        if self.is_done() { Ok(()) } else { Err(self.fault(TlvFault::Surplus)) }
    }

    /// What is left, unread.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..self.end]
    }

    /// The content of the next element.
    pub(super) fn element(&mut self, wanted: u8) -> Result<Self, TlvError> {
        let start = self.at;
        let found = self.byte()?;
        if found != wanted {
            return Err(TlvError { fault: TlvFault::Tag { found, wanted }, position: start });
        }
        let length = self.length()?;
        let end = self.at.checked_add(length).filter(|end| *end <= self.end);
        let end = end.ok_or(TlvError { fault: TlvFault::Truncated, position: self.end })?;
        let content = Self { bytes: self.bytes, at: self.at, end };
        self.at = end;
        Ok(content)
    }

    /// A non-negative INTEGER without its leading zero byte; zero is no byte.
    pub(super) fn integer(&mut self) -> Result<&'a [u8], TlvError> {
        let content = self.element(INTEGER)?;
        match content.rest() {
            [] => Err(content.fault(TlvFault::Empty)),
            [first, ..] if *first >= 0x80 => Err(content.fault(TlvFault::Negative)),
            [0, next, ..] if *next < 0x80 => Err(content.fault(TlvFault::Padded)),
            [0, rest @ ..] => Ok(rest),
            all => Ok(all),
        }
    }

    /// A BIT STRING of whole bytes.
    pub(super) fn bit_string(&mut self) -> Result<&'a [u8], TlvError> {
        let mut content = self.element(BIT_STRING)?;
        let position = content.at;
        match content.byte()? {
            0 => Ok(content.rest()),
            _ => Err(TlvError { fault: TlvFault::UnusedBits, position }),
        }
    }

    fn byte(&mut self) -> Result<u8, TlvError> {
        if self.at >= self.end {
            return Err(self.fault(TlvFault::Truncated));
        }
        let byte = self.bytes[self.at];
        self.at += 1;
        Ok(byte)
    }

    fn length(&mut self) -> Result<usize, TlvError> {
        let form = TlvError { fault: TlvFault::LengthForm, position: self.at };
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(usize::from(first));
        }
        if !(0x81..=0x84).contains(&first) {
            return Err(form);
        }
        let mut length = 0_u32;
        for _ in 0..first - 0x80 {
            length = (length << 8) | u32::from(self.byte()?);
        }
        let bytes_needed = 4 - length.leading_zeros() / 8;
        if length < 0x80 || bytes_needed != u32::from(first - 0x80) {
            return Err(form);
        }
        usize::try_from(length).map_err(|_| form)
    }
}

/// Writes one element.
pub(super) fn write(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    if content.len() < 0x80 {
        out.push(content.len().to_be_bytes()[size_of::<usize>() - 1]);
    } else {
        let bytes = content.len().to_be_bytes();
        let digits = &bytes[bytes.iter().position(|byte| *byte != 0).unwrap_or(0)..];
        out.push(0x80 | digits.len().to_be_bytes()[size_of::<usize>() - 1]);
        out.extend_from_slice(digits);
    }
    out.extend_from_slice(content);
    out
}

/// Writes a non-negative INTEGER from big-endian bytes of any length.
pub(super) fn write_integer(number: &[u8]) -> Vec<u8> {
    let digits = &number[number.iter().position(|byte| *byte != 0).unwrap_or(number.len())..];
    let mut content = Vec::with_capacity(digits.len() + 1);
    if digits.first().is_none_or(|byte| *byte >= 0x80) {
        content.push(0);
    }
    content.extend_from_slice(digits);
    write(INTEGER, &content)
}

//! The reader: one pass, no copies, positions relative to the outermost input.

use super::{DEPTH_MAX, DerError, DerFault, tag};
use crate::oid::Oid;

/// A cursor over the elements of one value.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    input: &'a [u8],
    at: usize,
    base: usize,
    depth: usize,
    tolerant: bool,
}

/// One element: tag, content and the whole of its bytes as received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    /// The tag byte.
    pub tag: u8,
    /// Tag, length and content.
    pub whole: &'a [u8],
    /// The content alone.
    pub content: &'a [u8],
    /// Where the element starts, in bytes from the start of the outermost input.
    pub position: usize,
    depth: usize,
    tolerant: bool,
}

impl<'a> Reader<'a> {
    /// Reads `input` from its start; strict.
    #[must_use]
    pub const fn new(input: &'a [u8]) -> Self {
        Self { input, at: 0, base: 0, depth: 0, tolerant: false }
    }

    /// As [`Reader::new`], but takes lengths that are longer than need be. For naming what a
    /// foreign encoder did; a value read so is still not DER ([`super::check_canonical`]).
    #[must_use]
    pub const fn tolerant(input: &'a [u8]) -> Self {
        Self { input, at: 0, base: 0, depth: 0, tolerant: true }
    }

    /// A reader whose positions start at `base`.
    #[must_use]
    pub const fn at(mut self, base: usize) -> Self {
        self.base = base;
        self
    }

    /// Whether everything is read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.at >= self.input.len()
    }

    /// The place of the next byte.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.base + self.at
    }

    const fn fault<T>(&self, fault: DerFault) -> Result<T, DerError> {
        Err(DerError { fault, position: self.base + self.at })
    }

    /// The tag of the next element, if there is one.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.input.get(self.at).copied()
    }

    /// The next element whatever its tag.
    ///
    /// # Errors
    /// At the end, for long tags, for lengths that are cut, indefinite or not in the shortest form.
    pub fn any(&mut self) -> Result<Element<'a>, DerError> {
        let start = self.at;
        let Some(found) = self.peek() else { return self.fault(DerFault::Truncated) };
        if found & 0x1f == 0x1f {
            return self.fault(DerFault::LongTag);
        }
        if self.depth >= DEPTH_MAX {
            return self.fault(DerFault::Depth);
        }
        let mut at = start + 1;
        let length = self.length(&mut at)?;
        let end = at.checked_add(length).filter(|end| *end <= self.input.len());
        let Some(end) = end else { return self.fault(DerFault::Truncated) };
        self.at = end;
        Ok(Element {
            tag: found,
            whole: &self.input[start..end],
            content: &self.input[at..end],
            position: self.base + start,
            depth: self.depth,
            tolerant: self.tolerant,
        })
    }

    fn length(&self, at: &mut usize) -> Result<usize, DerError> {
        let place = self.base + *at;
        let error = |fault| DerError { fault, position: place };
        let first = *self.input.get(*at).ok_or(error(DerFault::Truncated))?;
        *at += 1;
        if first < 0x80 {
            return Ok(usize::from(first));
        }
        if first == 0x80 {
            return Err(error(DerFault::Indefinite));
        }
        let count = usize::from(first & 0x7f);
        let bytes = self.input.get(*at..*at + count).ok_or(error(DerFault::Truncated))?;
        *at += count;
        let digits = &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..];
        if digits.len() > 4 {
            return Err(error(DerFault::Truncated));
        }
        let length = digits.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        if !self.tolerant && (digits.len() < bytes.len() || length < 0x80) {
            return Err(error(DerFault::LengthForm));
        }
        Ok(length)
    }

    /// The next element, which must have this tag.
    ///
    /// # Errors
    /// As [`Reader::any`], and for another tag.
    pub fn element(&mut self, wanted: u8) -> Result<Element<'a>, DerError> {
        match self.peek() {
            Some(found) if found == wanted => self.any(),
            Some(found) => self.fault(DerFault::Tag { found, wanted }),
            None => self.fault(DerFault::Truncated),
        }
    }

    /// The next element if it has this tag.
    ///
    /// # Errors
    /// As [`Reader::any`].
    pub fn optional(&mut self, wanted: u8) -> Result<Option<Element<'a>>, DerError> {
        if self.peek() == Some(wanted) { self.any().map(Some) } else { Ok(None) }
    }

    /// The content of the next SEQUENCE.
    ///
    /// # Errors
    /// As [`Reader::element`].
    pub fn sequence(&mut self) -> Result<Reader<'a>, DerError> {
        Ok(self.element(tag::SEQUENCE)?.reader())
    }

    /// The next OBJECT IDENTIFIER.
    ///
    /// # Errors
    /// As [`Reader::element`], and for a malformed one.
    pub fn oid(&mut self) -> Result<Oid, DerError> {
        self.element(tag::OID)?.oid()
    }

    /// Ends the structure.
    ///
    /// # Errors
    /// When elements are left.
    pub const fn finish(&self) -> Result<(), DerError> {
        if self.is_empty() { Ok(()) } else { self.fault(DerFault::Surplus) }
    }

    /// Ends the outermost value.
    ///
    /// # Errors
    /// When bytes are left.
    pub const fn finish_input(&self) -> Result<(), DerError> {
        if self.is_empty() { Ok(()) } else { self.fault(DerFault::Trailing) }
    }

    /// The bytes not read yet.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        &self.input[self.at..]
    }
}

impl<'a> Element<'a> {
    /// Reads the content as elements.
    #[must_use]
    pub const fn reader(&self) -> Reader<'a> {
        Reader {
            input: self.content,
            at: 0,
            base: self.position + self.whole.len() - self.content.len(),
            depth: self.depth + 1,
            tolerant: self.tolerant,
        }
    }

    /// An error at the start of this element.
    #[must_use]
    pub const fn error(&self, fault: DerFault) -> DerError {
        DerError { fault, position: self.position }
    }

    /// A non-negative INTEGER as big-endian bytes without a sign byte; empty for 0.
    ///
    /// # Errors
    /// When it is empty, negative or padded.
    pub fn unsigned(&self) -> Result<&'a [u8], DerError> {
        match self.content {
            [] => Err(self.error(DerFault::Empty)),
            [first, ..] if *first >= 0x80 => Err(self.error(DerFault::Negative)),
            [0, next, ..] if *next < 0x80 => Err(self.error(DerFault::Padded)),
            [0] => Ok(&[]),
            [0, rest @ ..] => Ok(rest),
            all => Ok(all),
        }
    }

    /// A non-negative INTEGER that fits 32 bits.
    ///
    /// # Errors
    /// As [`Element::unsigned`], and above 2^32 - 1.
    pub fn small(&self) -> Result<u32, DerError> {
        let digits = self.unsigned()?;
        if digits.len() > 4 {
            return Err(self.error(DerFault::Range));
        }
        Ok(digits.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
    }

    /// A BOOLEAN.
    ///
    /// # Errors
    /// For another length and for values other than 00 and FF.
    pub const fn boolean(&self) -> Result<bool, DerError> {
        match self.content {
            [0] => Ok(false),
            [0xff] => Ok(true),
            _ => Err(self.error(DerFault::Boolean)),
        }
    }

    /// A BIT STRING of whole bytes.
    ///
    /// # Errors
    /// When it is empty or has unused bits.
    pub const fn bytes_of_bits(&self) -> Result<&'a [u8], DerError> {
        match self.content {
            [] => Err(self.error(DerFault::Empty)),
            [0, bytes @ ..] => Ok(bytes),
            _ => Err(self.error(DerFault::UnusedBits)),
        }
    }

    /// A named-bit BIT STRING: bit 0 is the lowest of the result.
    ///
    /// # Errors
    /// When it is empty, has more than 16 bits, set unused bits or trailing zero bits.
    pub fn named_bits(&self) -> Result<u16, DerError> {
        let (unused, bytes) = self.content.split_first().ok_or(self.error(DerFault::Empty))?;
        if bytes.len() > 2 {
            return Err(self.error(DerFault::Range));
        }
        let Some(last) = bytes.last() else {
            return if *unused == 0 { Ok(0) } else { Err(self.error(DerFault::UnusedBits)) };
        };
        if *unused > 7 || last.trailing_zeros() != u32::from(*unused) {
            return Err(self.error(DerFault::UnusedBits));
        }
        Ok(bytes.iter().enumerate().fold(0, |sum, (i, byte)| sum | u16::from(byte.reverse_bits()) << (8 * i)))
    }

    /// An OBJECT IDENTIFIER.
    ///
    /// # Errors
    /// When it is empty, too long or malformed.
    pub fn oid(&self) -> Result<Oid, DerError> {
        Oid::from_content(self.content).ok_or(self.error(DerFault::Oid))
    }

    /// A text of one of the string types: UTF8String, PrintableString, IA5String, T61String (as
    /// Latin 1 is not decoded, only ASCII is taken), BMPString.
    ///
    /// # Errors
    /// For bytes that are no text of the type, and for other tags.
    pub fn text(&self) -> Result<String, DerError> {
        let bad = self.error(DerFault::Text);
        match self.tag {
            tag::UTF8_STRING => String::from_utf8(self.content.to_vec()).map_err(|_| bad),
            tag::PRINTABLE_STRING | tag::IA5_STRING | 0x14 => {
                if self.content.is_ascii() {
                    String::from_utf8(self.content.to_vec()).map_err(|_| bad)
                } else {
                    Err(bad)
                }
            }
            0x1e => {
                let (pairs, rest) = self.content.as_chunks::<2>();
                if rest.is_empty() {
                    let units: Vec<u16> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
                    String::from_utf16(&units).map_err(|_| bad)
                } else {
                    Err(bad)
                }
            }
            found => Err(self.error(DerFault::Tag { found, wanted: tag::UTF8_STRING })),
        }
    }
}

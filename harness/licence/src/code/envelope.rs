//! The COSE_Sign1 shape (12.1): untagged array of protected header, empty map, payload and SM2 signature.

use ecric_gm::sm2::{self, DEFAULT_ID, PublicKey, Signature};

use super::cbor::{Item, parse_item, write_item};
use super::fault::{CodeError, CodeFault};
use super::{CODE_PREFIX, DECODED_MAX, REQUEST_PREFIX};

/// A key id.
pub type Kid = [u8; 8];

/// The algorithm value of SM2 with SM3, for private use.
pub const ALGORITHM: i64 = -65537;

/// What an envelope is for; no signature of one domain holds in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Domain {
    /// A code.
    Code,
    /// A view.
    View,
    /// A reverse-scan request.
    Request,
}

impl Domain {
    /// The external additional data that is signed.
    #[must_use]
    pub const fn external(self) -> &'static [u8] {
        match self {
            Self::Code => b"ECRIC-PC-1",
            Self::View => b"ECRIC-VIEW-1",
            Self::Request => b"ECRIC-RR-1",
        }
    }

    /// The prefix of its text; views have none.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Code => CODE_PREFIX,
            Self::View => "",
            Self::Request => REQUEST_PREFIX,
        }
    }
}

/// An envelope as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What it is for.
    pub domain: Domain,
    /// Who signed, by the signer's word.
    pub kid: Kid,
    /// Bytes of the protected header.
    pub protected: Vec<u8>,
    /// Bytes of the payload.
    pub payload: Vec<u8>,
    /// r ‖ s.
    pub signature: [u8; 64],
}

impl Envelope {
    /// Parses an envelope.
    ///
    /// # Errors
    /// When it is too large, not in the deterministic form, or of another shape.
    pub fn parse(domain: Domain, bytes: &[u8]) -> Result<Self, CodeError> {
        if bytes.len() > DECODED_MAX {
            return Err(CodeFault::Size { found: bytes.len(), most: DECODED_MAX }.at("envelope"));
        }
        let item = parse_item(bytes).map_err(|error| CodeFault::from(error).at("envelope"))?;
        let shape = || CodeFault::Shape.at("envelope");
        let Item::Array(parts) = item else { return Err(shape()) };
        let Ok([Item::Bytes(protected), Item::Map(open), Item::Bytes(payload), Item::Bytes(signature)]) =
            <[Item; 4]>::try_from(parts)
        else {
            return Err(shape());
        };
        let signature = <[u8; 64]>::try_from(&signature[..]).map_err(|_| shape())?;
        if !open.is_empty() {
            return Err(shape());
        }
        let kid = header(&protected)?;
        Ok(Self { domain, kid, protected, payload, signature })
    }

    /// The bytes that are signed: CBOR ["Signature1", protected, external data, payload].
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        message(self.domain, &self.protected, &self.payload)
    }

    /// Whether the signature holds with a key.
    #[must_use]
    pub fn holds_with(&self, key: &PublicKey) -> bool {
        Signature::from_raw(&self.signature)
            .is_ok_and(|signature| sm2::verify(key, DEFAULT_ID, &self.message(), &signature).is_ok())
    }
}

pub(super) fn message(domain: Domain, protected: &[u8], payload: &[u8]) -> Vec<u8> {
    write_item(&Item::Array(vec![
        Item::Text("Signature1".to_owned()),
        Item::Bytes(protected.to_vec()),
        Item::Bytes(domain.external().to_vec()),
        Item::Bytes(payload.to_vec()),
    ]))
}

fn header(bytes: &[u8]) -> Result<Kid, CodeError> {
    let item = parse_item(bytes).map_err(|error| CodeFault::from(error).at("protected"))?;
    let Item::Map(entries) = item else { return Err(CodeFault::Header.at("protected")) };
    match entries.as_slice() {
        [(Item::Unsigned(1), algorithm), (Item::Unsigned(4), Item::Bytes(kid))] => {
            if algorithm.as_int() != Some(ALGORITHM) {
                return Err(CodeFault::Algorithm.at("protected"));
            }
            Kid::try_from(&kid[..]).map_err(|_| CodeFault::Header.at("protected"))
        }
        _ => Err(CodeFault::Header.at("protected")),
    }
}

//! Distinguished names: compared as bytes, read for display and for the organisation code.

use crate::der::{DerError, Reader, tag, write};
use crate::oid::{self, Oid};

/// A distinguished name as received.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    der: Vec<u8>,
    attributes: Vec<(Oid, String)>,
}

impl Name {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, DerError> {
        let whole = reader.element(tag::SEQUENCE)?;
        let mut relative = whole.reader();
        let mut attributes = Vec::new();
        while !relative.is_empty() {
            let mut set = relative.element(tag::SET)?.reader();
            while !set.is_empty() {
                let mut pair = set.sequence()?;
                let kind = pair.oid()?;
                let value = pair.any()?;
                pair.finish()?;
                attributes.push((kind, value.text()?));
            }
        }
        Ok(Self { der: whole.whole.to_vec(), attributes })
    }

    /// Makes a name of these attributes, one per relative distinguished name, in this order.
    /// The country is a PrintableString, all else UTF8String.
    #[must_use]
    pub fn of(attributes: &[(Oid, &str)]) -> Self {
        let sets: Vec<Vec<u8>> = attributes
            .iter()
            .map(|(kind, value)| {
                let text = if *kind == oid::COUNTRY { write::printable(value) } else { write::utf8(value) };
                write::tlv(tag::SET, &write::sequence(&[&write::oid(kind), &text]))
            })
            .collect();
        let der = write::tlv(tag::SEQUENCE, &sets.concat());
        Self { der, attributes: attributes.iter().map(|(kind, value)| (*kind, (*value).to_owned())).collect() }
    }

    /// The DER of the name.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The first attribute of this kind.
    #[must_use]
    pub fn get(&self, kind: &Oid) -> Option<&str> {
        self.attributes.iter().find(|(found, _)| found == kind).map(|(_, value)| value.as_str())
    }

    /// Whether an attribute holds a NUL, which C libraries take for the end.
    #[must_use]
    pub fn has_nul(&self) -> bool {
        self.attributes.iter().any(|(_, value)| value.contains('\0'))
    }

    /// Whether the name begins with all relative names of `base` (directoryName constraints).
    #[must_use]
    pub fn is_within(&self, base: &Self) -> bool {
        let parts = |name: &Self| {
            let mut reader = Reader::new(&name.der).sequence().ok()?;
            let mut parts = Vec::new();
            while !reader.is_empty() {
                parts.push(reader.any().ok()?.whole.to_vec());
            }
            Some(parts)
        };
        match (parts(self), parts(base)) {
            (Some(own), Some(base)) => own.starts_with(&base),
            _ => false,
        }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, (kind, value)) in self.attributes.iter().enumerate() {
            let label = match *kind {
                oid::COMMON_NAME => "CN".to_owned(),
                oid::COUNTRY => "C".to_owned(),
                oid::ORGANIZATION => "O".to_owned(),
                oid::ORGANIZATIONAL_UNIT => "OU".to_owned(),
                oid::ORGANIZATION_IDENTIFIER => "organizationIdentifier".to_owned(),
                other => other.to_string(),
            };
            let safe: String = value.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
            write!(f, "{}{label}={safe}", if i > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

//! The extensions that this suite reads.

use super::certificate::CertificateFault;
use super::name::Name;
use crate::der::{DerError, DerFault, Element, Reader, tag};
use crate::oid::{self, Oid};

/// Key usages as flags: bit 0 is digitalSignature (RFC 5280, 4.2.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUsage(pub u16);

impl KeyUsage {
    /// digitalSignature.
    pub const DIGITAL_SIGNATURE: u16 = 1;
    /// nonRepudiation (contentCommitment).
    pub const NON_REPUDIATION: u16 = 1 << 1;
    /// keyEncipherment.
    pub const KEY_ENCIPHERMENT: u16 = 1 << 2;
    /// dataEncipherment.
    pub const DATA_ENCIPHERMENT: u16 = 1 << 3;
    /// keyCertSign.
    pub const KEY_CERT_SIGN: u16 = 1 << 5;
    /// cRLSign.
    pub const CRL_SIGN: u16 = 1 << 6;

    /// Whether one of these usages is allowed.
    #[must_use]
    pub const fn allows(self, any_of: u16) -> bool {
        self.0 & any_of != 0
    }
}

/// A subtree of a name constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subtree {
    /// A directory name.
    Directory(Name),
    /// Another form of name, which is not judged here.
    Other(u8),
}

/// What the extensions say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extensions {
    /// basicConstraints: whether a CA, and the path length.
    pub basic: Option<(bool, Option<u32>)>,
    /// keyUsage.
    pub key_usage: Option<KeyUsage>,
    /// extendedKeyUsage: whether critical, and the purposes.
    pub extended_usage: Option<(bool, Vec<Oid>)>,
    /// subjectKeyIdentifier.
    pub subject_key_id: Option<Vec<u8>>,
    /// keyIdentifier of authorityKeyIdentifier.
    pub authority_key_id: Option<Vec<u8>>,
    /// nameConstraints: permitted subtrees; `None` when the extension or the part is absent.
    pub permitted: Option<Vec<Subtree>>,
    /// nameConstraints: excluded subtrees.
    pub excluded: Vec<Subtree>,
}

impl Extensions {
    /// Whether extendedKeyUsage names this purpose.
    #[must_use]
    pub fn has_purpose(&self, purpose: &Oid) -> bool {
        self.extended_usage.as_ref().is_some_and(|(_, purposes)| purposes.contains(purpose))
    }

    /// Reads SEQUENCE OF Extension; faults that leave the rest readable are collected.
    pub(super) fn read(mut list: Reader<'_>, faults: &mut Vec<CertificateFault>) -> Result<Self, DerError> {
        let mut extensions = Self::default();
        let mut seen: Vec<Oid> = Vec::new();
        while !list.is_empty() {
            let (kind, critical, value) = read_extension(&mut list, faults)?;
            if seen.contains(&kind) {
                faults.push(CertificateFault::DuplicateExtension(kind));
                continue;
            }
            seen.push(kind);
            match extensions.take(kind, critical, &value) {
                Ok(true) => {}
                Ok(false) if critical => faults.push(CertificateFault::UnknownCritical(kind)),
                Ok(false) => {}
                Err(error) => faults.push(CertificateFault::Der(error)),
            }
        }
        Ok(extensions)
    }

    /// False for an extension that is not known here.
    fn take(&mut self, kind: Oid, critical: bool, value: &Element<'_>) -> Result<bool, DerError> {
        let mut reader = value.reader();
        match kind {
            oid::BASIC_CONSTRAINTS => {
                let mut inner = reader.sequence()?;
                let ca = match inner.optional(tag::BOOLEAN)? {
                    None => false,
                    Some(flag) if flag.boolean()? => true,
                    Some(flag) => return Err(flag.error(DerFault::ExplicitDefault)),
                };
                let length = inner.optional(tag::INTEGER)?.map(|number| number.small()).transpose()?;
                inner.finish()?;
                self.basic = Some((ca, length));
            }
            oid::KEY_USAGE => self.key_usage = Some(KeyUsage(reader.element(tag::BIT_STRING)?.named_bits()?)),
            oid::EXTENDED_KEY_USAGE => {
                let mut inner = reader.sequence()?;
                let mut purposes = Vec::new();
                while !inner.is_empty() {
                    purposes.push(inner.oid()?);
                }
                self.extended_usage = Some((critical, purposes));
            }
            oid::SUBJECT_KEY_IDENTIFIER => {
                self.subject_key_id = Some(reader.element(tag::OCTET_STRING)?.content.to_vec());
            }
            oid::AUTHORITY_KEY_IDENTIFIER => {
                let mut inner = reader.sequence()?;
                let id = inner.optional(tag::context_primitive(0))?;
                self.authority_key_id = id.map(|element| element.content.to_vec());
            }
            oid::NAME_CONSTRAINTS => {
                let mut inner = reader.sequence()?;
                if let Some(list) = inner.optional(tag::context(0))? {
                    self.permitted = Some(read_subtrees(list.reader())?);
                }
                if let Some(list) = inner.optional(tag::context(1))? {
                    self.excluded = read_subtrees(list.reader())?;
                }
                inner.finish()?;
            }
            // Read by nobody here, harmless even when critical.
            oid::CERTIFICATE_POLICIES | oid::CRL_DISTRIBUTION_POINTS | oid::AUTHORITY_INFO_ACCESS => return Ok(true),
            _ => return Ok(false),
        }
        reader.finish()?;
        Ok(true)
    }
}

/// One Extension: its id, whether critical, and the OCTET STRING of its value.
pub(super) fn read_extension<'a>(
    list: &mut Reader<'a>,
    faults: &mut Vec<CertificateFault>,
) -> Result<(Oid, bool, Element<'a>), DerError> {
    let mut extension = list.sequence()?;
    let kind = extension.oid()?;
    let critical = match extension.optional(tag::BOOLEAN)? {
        None => false,
        Some(flag) => {
            let value = flag.boolean()?;
            if !value {
                faults.push(CertificateFault::Der(flag.error(DerFault::ExplicitDefault)));
            }
            value
        }
    };
    let value = extension.element(tag::OCTET_STRING)?;
    extension.finish()?;
    Ok((kind, critical, value))
}

fn read_subtrees(mut list: Reader<'_>) -> Result<Vec<Subtree>, DerError> {
    let mut subtrees = Vec::new();
    while !list.is_empty() {
        let mut subtree = list.sequence()?;
        let base = subtree.any()?;
        subtrees.push(if base.tag == tag::context(4) {
            Subtree::Directory(Name::read(&mut base.reader())?)
        } else {
            Subtree::Other(base.tag)
        });
    }
    Ok(subtrees)
}

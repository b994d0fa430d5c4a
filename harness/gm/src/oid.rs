//! Object identifiers: their DER content, compared as bytes.

use std::fmt;

const CAPACITY: usize = 39;

/// An object identifier of at most 39 content bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid {
    bytes: [u8; CAPACITY],
    length: u8,
}

impl Oid {
    /// Encodes arcs at compile time; the first is 0 to 2, the second below 40.
    ///
    /// # Panics
    /// When the encoding is longer than 39 bytes, which a constant shows at compile time.
    #[must_use]
    pub const fn new(arcs: &[u32]) -> Self {
        let mut bytes = [0; CAPACITY];
        bytes[0] = (arcs[0] * 40 + arcs[1]) as u8;
        let mut length = 1;
        let mut i = 2;
        while i < arcs.len() {
            let mut groups = 1;
            while groups < 5 && arcs[i] >> (7 * groups) != 0 {
                groups += 1;
            }
            while groups > 0 {
                groups -= 1;
                let more = if groups > 0 { 0x80 } else { 0 };
                bytes[length] = (arcs[i] >> (7 * groups) & 0x7f) as u8 | more;
                length += 1;
            }
            i += 1;
        }
        Self { bytes, length: length as u8 }
    }

    /// Takes DER content; `None` when it is empty, too long, cut or padded.
    #[must_use]
    pub fn from_content(content: &[u8]) -> Option<Self> {
        let mut bytes = [0; CAPACITY];
        bytes.get_mut(..content.len())?.copy_from_slice(content);
        let ends = content.last().is_some_and(|last| *last < 0x80);
        let starts = |i: usize| i == 0 || content[i - 1] < 0x80;
        let padded = content.iter().enumerate().any(|(i, byte)| *byte == 0x80 && starts(i));
        (ends && !padded).then_some(Self { bytes, length: u8::try_from(content.len()).ok()? })
    }

    /// The DER content.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    /// Reads dotted decimal text; `None` unless every arc is a number below 2^32 without padding.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let arcs: Vec<u32> = text
            .split('.')
            .map(|arc| {
                let plain = arc == "0" || !arc.starts_with('0');
                (plain && arc.bytes().all(|byte| byte.is_ascii_digit())).then(|| arc.parse().ok())?
            })
            .collect::<Option<_>>()?;
        let fits = matches!(arcs[..], [0..=1, 0..=39, ..] | [2, 0..=39, ..]) && arcs.len() <= 8;
        fits.then(|| Self::new(&arcs))
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arc = 0_u128;
        let mut first = true;
        for byte in self.content() {
            arc = arc << 7 | u128::from(byte & 0x7f);
            if *byte < 0x80 {
                if first {
                    let top = (arc / 40).min(2);
                    write!(f, "{top}.{}", arc - top * 40)?;
                    first = false;
                } else {
                    write!(f, ".{arc}")?;
                }
                arc = 0;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

macro_rules! oids {
    ($($(#[$doc:meta])* $name:ident = [$($arc:expr),+];)+) => {
        $($(#[$doc])* pub const $name: Oid = Oid::new(&[$($arc),+]);)+
    };
}

oids! {
    /// SM2 with SM3 (GM/T 0006).
    SM2_WITH_SM3 = [1, 2, 156, 10197, 1, 501];
    /// SM3.
    SM3 = [1, 2, 156, 10197, 1, 401];
    /// The SM2 curve.
    SM2_CURVE = [1, 2, 156, 10197, 1, 301];
    /// SM2 digital signature, as GB/T 35275 writes it in digestEncryptionAlgorithm.
    SM2_SIGN = [1, 2, 156, 10197, 1, 301, 1];
    /// GB/T 35275 data.
    GM_DATA = [1, 2, 156, 10197, 6, 1, 4, 2, 1];
    /// GB/T 35275 signedData.
    GM_SIGNED_DATA = [1, 2, 156, 10197, 6, 1, 4, 2, 2];
    /// PKCS#7 data.
    PKCS7_DATA = [1, 2, 840, 113549, 1, 7, 1];
    /// PKCS#7 signedData.
    PKCS7_SIGNED_DATA = [1, 2, 840, 113549, 1, 7, 2];
    /// id-ecPublicKey.
    EC_PUBLIC_KEY = [1, 2, 840, 10045, 2, 1];
    /// The curve P-256.
    P256_CURVE = [1, 2, 840, 10045, 3, 1, 7];
    /// ECDSA with SHA-1.
    ECDSA_SHA1 = [1, 2, 840, 10045, 4, 1];
    /// ECDSA with SHA-256.
    ECDSA_SHA256 = [1, 2, 840, 10045, 4, 3, 2];
    /// RSA encryption.
    RSA_ENCRYPTION = [1, 2, 840, 113549, 1, 1, 1];
    /// SHA-256 with RSA.
    RSA_SHA256 = [1, 2, 840, 113549, 1, 1, 11];
    /// PKCS#9 contentType.
    CONTENT_TYPE = [1, 2, 840, 113549, 1, 9, 3];
    /// PKCS#9 messageDigest.
    MESSAGE_DIGEST = [1, 2, 840, 113549, 1, 9, 4];
    /// PKCS#9 signingTime.
    SIGNING_TIME = [1, 2, 840, 113549, 1, 9, 5];
    /// id-ct-TSTInfo.
    TST_INFO = [1, 2, 840, 113549, 1, 9, 16, 1, 4];
    /// commonName.
    COMMON_NAME = [2, 5, 4, 3];
    /// countryName.
    COUNTRY = [2, 5, 4, 6];
    /// organizationName.
    ORGANIZATION = [2, 5, 4, 10];
    /// organizationalUnitName.
    ORGANIZATIONAL_UNIT = [2, 5, 4, 11];
    /// organizationIdentifier.
    ORGANIZATION_IDENTIFIER = [2, 5, 4, 97];
    /// subjectKeyIdentifier.
    SUBJECT_KEY_IDENTIFIER = [2, 5, 29, 14];
    /// keyUsage.
    KEY_USAGE = [2, 5, 29, 15];
    /// basicConstraints.
    BASIC_CONSTRAINTS = [2, 5, 29, 19];
    /// cRLNumber.
    CRL_NUMBER = [2, 5, 29, 20];
    /// reasonCode of a CRL entry.
    CRL_REASON = [2, 5, 29, 21];
    /// deltaCRLIndicator.
    DELTA_CRL = [2, 5, 29, 27];
    /// issuingDistributionPoint.
    ISSUING_DISTRIBUTION_POINT = [2, 5, 29, 28];
    /// certificateIssuer of an indirect CRL entry.
    CERTIFICATE_ISSUER = [2, 5, 29, 29];
    /// nameConstraints.
    NAME_CONSTRAINTS = [2, 5, 29, 30];
    /// cRLDistributionPoints.
    CRL_DISTRIBUTION_POINTS = [2, 5, 29, 31];
    /// certificatePolicies.
    CERTIFICATE_POLICIES = [2, 5, 29, 32];
    /// authorityKeyIdentifier.
    AUTHORITY_KEY_IDENTIFIER = [2, 5, 29, 35];
    /// extendedKeyUsage.
    EXTENDED_KEY_USAGE = [2, 5, 29, 37];
    /// authorityInfoAccess.
    AUTHORITY_INFO_ACCESS = [1, 3, 6, 1, 5, 5, 7, 1, 1];
    /// TLS server authentication.
    EKU_SERVER_AUTH = [1, 3, 6, 1, 5, 5, 7, 3, 1];
    /// Time stamping.
    EKU_TIME_STAMPING = [1, 3, 6, 1, 5, 5, 7, 3, 8];
    /// OCSP signing.
    EKU_OCSP_SIGNING = [1, 3, 6, 1, 5, 5, 7, 3, 9];
    /// Basic OCSP response.
    OCSP_BASIC = [1, 3, 6, 1, 5, 5, 7, 48, 1, 1];
    /// OCSP nonce.
    OCSP_NONCE = [1, 3, 6, 1, 5, 5, 7, 48, 1, 2];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_content_agree() {
        for (value, text, hex) in [
            (SM2_WITH_SM3, "1.2.156.10197.1.501", "2a811ccf55018375"),
            (RSA_ENCRYPTION, "1.2.840.113549.1.1.1", "2a864886f70d010101"),
            (COMMON_NAME, "2.5.4.3", "550403"),
            (ORGANIZATION_IDENTIFIER, "2.5.4.97", "550461"),
        ] {
            assert_eq!(value.to_string(), text);
            assert_eq!(crate::encoding::hex(value.content()), hex);
            assert_eq!(Oid::from_text(text), Some(value));
            assert_eq!(Oid::from_content(value.content()), Some(value));
        }
        for bad in ["", "1", "3.1", "1.40", "1.2.", "1.2.03", "1.2.x", "1.2.4294967296"] {
            assert_eq!(Oid::from_text(bad), None, "{bad}");
        }
    }
}

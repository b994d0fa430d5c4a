//! Metadata of the identity-card licence (GB/T 36903-2018; lists observed, confidence likely):
//! fixed names, limits, mandatory members, masking; [`check_record`] judges a whole record.

mod record;

pub use record::{Problem, RecordKind, check_identity, check_record};

/// Name of the licence (证照名称): the fixed name of the profile (observed).
pub const CERTIFICATE_NAME: &str = "中华人民共和国居民身份证";
/// Name of the licence type (证照类型名称) under the profile.
pub const TYPE_NAME: &str = "居民身份证";
/// Name of the holder-code type 111.
pub const HOLDER_TYPE_NAME: &str = "公民身份号码";
/// USCI of the default issuing authority, the Ministry of Public Security (likely).
pub const ISSUING_AUTHORITY_CODE: &str = "11100000000013127D";
/// Name of the default issuing authority (likely).
pub const ISSUING_AUTHORITY_NAME: &str = "中华人民共和国公安部";

/// Longest name, Unicode scalar values (profile; the chip holds 15 UTF-16 units).
pub const NAME_MAX: usize = 50;
/// Longest address, Unicode scalar values (profile; the chip holds 35 UTF-16 units).
pub const ADDRESS_MAX: usize = 70;
/// Longest name of the signing authority, Unicode scalar values (profile; the chip holds 15 UTF-16 units).
pub const AUTHORITY_MAX: usize = 30;

/// Members of a licence that are mandatory, as binding v1 names them (requirement MD-001).
pub const MANDATORY: &[&str] = &[
    "certificateName",
    "certificateTypeName",
    "certificateTypeCode",
    "certificateNumber",
    "certificateIdentifier",
    "certificateIssuingAuthorityName",
    "certificateIssuingAuthorityCode",
    "certificateIssuedDate",
    "certificateHolderName",
    "certificateHolderCode",
    "certificateHolderTypeCode",
];

/// Members that only an annotated copy (加注件) carries, never an original (requirements MD-012, MD-013).
pub const COPY_MEMBERS: &[&str] =
    &["certificateCopyCreationTime", "certificateCopyCreator", "certificateCopyCause", "certificateCopyExpiringTime"];

/// Whether a text has 1 to `max` Unicode scalar values.
#[must_use]
pub fn fits(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.chars().count())
}

/// Masks a name: one asterisk whatever the length, then the last character (binding v1, 6.2).
#[must_use]
pub fn mask_name(name: &str) -> String {
    ['*'].into_iter().chain(name.chars().next_back()).collect()
}

/// Masks a citizen number: first character, 16 asterisks, last character (binding v1, 6.2).
#[must_use]
pub fn mask_number(number: &str) -> String {
    let first = number.chars().next().unwrap_or('*');
    let last = number.chars().next_back().unwrap_or('*');
    format!("{first}{}{last}", "*".repeat(16))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masking_counts_unicode_scalar_values() {
        for (name, masked) in [
            ("测试𠮷", "*𠮷"),
            ("测试甲", "*甲"),
            ("甲", "*甲"),
            ("阿卜杜·测试", "*试"),
            ("", "*"),
            ("测e\u{301}", "*\u{301}"),
        ] {
            assert_eq!(mask_name(name), masked, "{name}");
        }
        assert_eq!(mask_number("11019920000229003X"), "1****************X");
        assert_eq!(mask_number("").chars().count(), 18);
    }

    #[test]
    fn limits_count_unicode_scalar_values() {
        for (text, max, wanted) in [
            ("", NAME_MAX, false),
            ("𠮷", 1, true),
            (&"𠮷".repeat(NAME_MAX), NAME_MAX, true),
            (&"𠮷".repeat(NAME_MAX + 1), NAME_MAX, false),
            (&"路".repeat(ADDRESS_MAX), ADDRESS_MAX, true),
            (&"局".repeat(AUTHORITY_MAX + 1), AUTHORITY_MAX, false),
        ] {
            assert_eq!(fits(text, max), wanted, "{} characters, at most {max}", text.chars().count());
        }
    }

    #[test]
    fn mandatory_members_are_members_of_the_binding_and_no_copy_members() {
        let record = ecric_model::binding::LicenceRecord::default();
        let names: Vec<_> = format!("{record:?}").split([' ', ',']).map(str::to_owned).collect();
        for member in MANDATORY {
            let snake: String = member.chars().fold(String::new(), |mut text, c| {
                if c.is_ascii_uppercase() {
                    text.push('_');
                }
                text.push(c.to_ascii_lowercase());
                text
            });
            assert!(names.contains(&format!("{snake}:")), "{member}");
            assert!(!COPY_MEMBERS.contains(member));
        }
    }
}

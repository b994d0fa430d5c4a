//! Questions about the licence identifier (GB/T 36904-2018 as derived: root, five segments, MOD 37,36).

use ecric_licence::identifier::{self, ROOT, parse_identifier};
use ecric_licence::usci::parse_usci;
use ecric_model::Text;
use ecric_model::finding::{Finding, FindingClass, Judgement, fail};
use ecric_model::published::ID_CARD_TYPE_CODE;

use crate::ablation::ablatable;
use crate::equal;

const PLACE: &str = "certificateIdentifier";

/// Segments behind the root: TYPE, AUTH, SERIAL, VERSION, CHECK.
fn segments(text: &str) -> Result<[&str; 5], Box<Finding>> {
    let wanted = Text::new(format!("{ROOT}. and five segments"), format!("{ROOT}. 及其后五段"));
    text.strip_prefix(ROOT)
        .and_then(|rest| rest.strip_prefix('.'))
        .and_then(|rest| <[&str; 5]>::try_from(rest.split('.').collect::<Vec<_>>()).ok())
        .filter(|segments| segments.iter().all(|segment| !segment.is_empty()))
        .ok_or_else(|| Box::new(Finding::new(FindingClass::Malformed, PLACE, wanted, Text::same(text))))
}

fn wrong(part: &str, wanted: Text, found: &str) -> Judgement {
    fail(FindingClass::Malformed, format!("{PLACE}, {part}"), wanted, Text::same(found))
}

/// Is it the root followed by five segments that are not empty?
///
/// # Errors
/// `MALFORMED`.
pub fn check_structure(text: &str) -> Judgement {
    ablatable!("check_structure");
    segments(text).map(|_| ())
}

/// Is the type segment a USCI followed by three digits, 21 characters in all?
///
/// # Errors
/// `MALFORMED`.
pub fn check_type_shape(text: &str) -> Judgement {
    ablatable!("check_type_shape");
    let found = segments(text)?[0];
    let ok = found.len() == 21
        && found.is_char_boundary(18)
        && parse_usci(&found[..18]).is_ok()
        && found[18..].bytes().all(|byte| byte.is_ascii_digit());
    if ok {
        return Ok(());
    }
    wrong("type", Text::new("a USCI of 18 characters and three digits", "18位统一社会信用代码加3位数字"), found)
}

/// Is the type segment that of the identity card?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_type_value(text: &str) -> Judgement {
    ablatable!("check_type_value");
    equal(&format!("{PLACE}, type"), ID_CARD_TYPE_CODE, segments(text)?[0])
}

/// Is the authority segment a USCI with a right check character?
///
/// # Errors
/// `MALFORMED`.
pub fn check_authority(text: &str) -> Judgement {
    ablatable!("check_authority");
    let found = segments(text)?[1];
    if parse_usci(found).is_ok() {
        return Ok(());
    }
    wrong("authority", Text::new("a USCI with a right check character", "校验正确的统一社会信用代码"), found)
}

/// Has the serial only digits and upper-case letters, 1 to 64 of them?
///
/// # Errors
/// `MALFORMED`.
pub fn check_serial(text: &str) -> Judgement {
    ablatable!("check_serial");
    let found = segments(text)?[2];
    if found.len() <= 64 && found.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return Ok(());
    }
    wrong("serial", Text::new("1 to 64 digits and letters A to Z", "1~64位数字与大写字母"), found)
}

/// Is the version segment as expected, three digits?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_version(text: &str, expected: &str) -> Judgement {
    ablatable!("check_version");
    equal(&format!("{PLACE}, version"), expected, segments(text)?[3])
}

/// Is the check character that of MOD 37,36 over the four segments before it?
///
/// # Errors
/// `WRONG_VALUE`; says so where the value is consistent with the circulating faulty routine.
pub fn check_check_character(text: &str) -> Judgement {
    ablatable!("check_check_character");
    let [kind, authority, serial, version, found] = segments(text)?;
    let body = format!("{kind}{authority}{serial}{version}");
    let right = identifier::check_character(&body).map(String::from).unwrap_or_default();
    if right == found {
        return Ok(());
    }
    let variant = identifier::variant_check_character(&body).map(String::from).unwrap_or_default();
    let (en, zh) = if variant == found {
        (", consistent with the circulating faulty routine (A counted as 11)", "，与流传的错误算法（A按11取值）一致")
    } else {
        ("", "")
    };
    fail(
        FindingClass::WrongValue,
        format!("{PLACE}, check character"),
        Text::same(right),
        Text::new(format!("{found}{en}"), format!("{found}{zh}")),
    )
}

/// Does the new identifier keep type, authority and serial of the old one, with the next version?
///
/// # Errors
/// `WRONG_VALUE` or `MALFORMED`.
pub fn check_next_version(old: &str, new: &str) -> Judgement {
    ablatable!("check_next_version");
    let (before, after) = (segments(old)?, segments(new)?);
    for (index, name) in ["type", "authority", "serial"].into_iter().enumerate() {
        equal(&format!("{PLACE}, {name}"), before[index], after[index])?;
    }
    let next = before[3].parse::<u16>().map(|version| format!("{:03}", version + 1)).unwrap_or_default();
    equal(&format!("{PLACE}, version"), next.as_str(), after[3])
}

/// Are all identifiers different?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_distinct<'a>(identifiers: impl IntoIterator<Item = &'a str>) -> Judgement {
    ablatable!("check_distinct");
    let mut seen = std::collections::BTreeSet::new();
    for text in identifiers {
        if !seen.insert(text) {
            return fail(
                FindingClass::WrongValue,
                PLACE,
                Text::new("an identifier of its own for each licence", "每份证照标识各不相同"),
                Text::new(format!("{text} twice"), format!("{text} 出现两次")),
            );
        }
    }
    Ok(())
}

/// The type segment of an identifier.
///
/// # Errors
/// `MALFORMED`.
pub fn type_segment(text: &str) -> Result<&str, Box<Finding>> {
    segments(text).map(|found| found[0])
}

/// The authority segment of an identifier.
///
/// # Errors
/// `MALFORMED`.
pub fn authority_segment(text: &str) -> Result<&str, Box<Finding>> {
    segments(text).map(|found| found[1])
}

/// The version segment of an identifier.
///
/// # Errors
/// `MALFORMED`.
pub fn version_segment(text: &str) -> Result<&str, Box<Finding>> {
    segments(text).map(|found| found[3])
}

/// True for an identifier that the strict reader takes.
#[must_use]
pub fn is_well_formed(text: &str) -> bool {
    parse_identifier(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.001.R";
    const NEXT: &str = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.002.P";
    type Row = (fn(&str) -> Judgement, &'static str, &'static str);

    #[test]
    fn good_passes_everything() {
        for check in
            [check_structure, check_type_shape, check_type_value, check_authority, check_serial, check_check_character]
        {
            assert!(check(GOOD).is_ok());
        }
        assert!(check_version(GOOD, "001").is_ok());
        assert!(check_next_version(GOOD, NEXT).is_ok());
        assert!(check_distinct([GOOD, NEXT]).is_ok());
        assert!(is_well_formed(GOOD));
    }

    #[test]
    fn each_check_fails_for_its_own_fault() {
        let rows: [Row; 8] = [
            (check_structure, "3005.2.11", "3005.3.11"),
            (check_structure, ".001.R", ".001R"),
            (check_type_shape, "13127D001", "13127D0011"),
            (check_type_value, "13127D001", "13127D002"),
            (check_authority, ".11100000000013127D.", ".11100000000013127E."),
            (check_serial, "A1B2C3D4E5F6", "a1B2C3D4E5F6"),
            (check_check_character, ".R", ".3"),
            (check_check_character, ".R", ".V"),
        ];
        for (check, from, to) in rows {
            assert!(check(&GOOD.replacen(from, to, 1)).is_err(), "{to}");
        }
        let variant = check_check_character(&GOOD.replace(".R", ".3")).unwrap_err();
        assert!(variant.actual.en.contains("faulty routine"));
        assert!(check_version(GOOD, "002").is_err());
        assert!(check_next_version(GOOD, GOOD).is_err());
        assert!(check_next_version(GOOD, &NEXT.replace("F6", "F7")).is_err());
        assert!(check_distinct([GOOD, GOOD]).is_err());
    }
}

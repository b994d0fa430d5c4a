//! Questions about the holder and the face items of a licence.

use ecric_licence::citizen_number::parse_citizen_number;
use ecric_licence::instant::write_date;
use ecric_licence::metadata::{mask_name, mask_number};
use ecric_model::Text;
use ecric_model::binding::{Holder, LicenceRecord};
use ecric_model::finding::{Finding, FindingClass, Judgement, fail};
use serde_json::{Map, Value};

use crate::ablation::ablatable;
use crate::equal;

/// Members of a holder that stem from the items of article 3 of the identity-card law, derived values included.
const CARD_ITEMS: [&str; 20] = [
    "name",
    "sex",
    "ethnicity",
    "birthDate",
    "address",
    "idNumber",
    "photo",
    "issuingAuthority",
    "validFrom",
    "validTo",
    "validityPeriod",
    "nameMasked",
    "idNumberMasked",
    "ageOver18",
    "ageOver16",
    "ageBand",
    "areaCode",
    "pairwiseId",
    "minorityName",
    "minorityAddress",
];

fn holder_object(licence: &Value) -> Result<&Map<String, Value>, Box<Finding>> {
    licence.get("holder").and_then(Value::as_object).ok_or_else(|| {
        Box::new(Finding::new(
            FindingClass::Missing,
            "licence.holder",
            Text::new("an object", "对象"),
            Text::new("nothing", "缺失"),
        ))
    })
}

fn holder(licence: &LicenceRecord) -> Result<&Holder, Box<Finding>> {
    licence.holder.as_ref().ok_or_else(|| {
        Box::new(Finding::new(
            FindingClass::Missing,
            "licence.holder",
            Text::new("an object", "对象"),
            Text::new("nothing", "缺失"),
        ))
    })
}

/// Compares a personal value without repeating it: says where they differ, not what they are.
fn same_personal(place: &str, expected: Option<&str>, actual: Option<&str>) -> Judgement {
    if expected == actual {
        return Ok(());
    }
    let (expected, actual) = (expected.unwrap_or_default(), actual.unwrap_or_default());
    let at = expected.chars().zip(actual.chars()).take_while(|(a, b)| a == b).count();
    let point =
        |text: &str| text.chars().nth(at).map_or_else(|| "end".to_owned(), |c| format!("U+{:04X}", u32::from(c)));
    fail(
        FindingClass::WrongValue,
        place,
        Text::new(
            format!("{} characters as issued, character {} is {}", expected.chars().count(), at + 1, point(expected)),
            format!("与签发一致的{}个字符，第{}个为{}", expected.chars().count(), at + 1, point(expected)),
        ),
        Text::new(
            format!("{} characters, character {} is {}", actual.chars().count(), at + 1, point(actual)),
            format!("{}个字符，第{}个为{}", actual.chars().count(), at + 1, point(actual)),
        ),
    )
}

/// Does the birth date equal digits 7 to 14 of the number in the licence?
///
/// # Errors
/// `WRONG_VALUE` or `MALFORMED`.
pub fn check_birth_date(licence: &LicenceRecord) -> Judgement {
    ablatable!("check_birth_date");
    let holder = holder(licence)?;
    let number = parse(holder)?;
    let expected = write_date(number.birth_date());
    same_personal("licence.holder.birthDate", Some(expected.as_str()), holder.birth_date.as_deref())
}

/// Does the sex agree with digit 17 of the number in the licence?
///
/// # Errors
/// `WRONG_VALUE` or `MALFORMED`.
pub fn check_sex(licence: &LicenceRecord) -> Judgement {
    ablatable!("check_sex");
    let holder = holder(licence)?;
    let number = parse(holder)?;
    equal("licence.holder.sex", number.sex().code(), holder.sex.as_deref().unwrap_or_default())
}

fn parse(holder: &Holder) -> Result<ecric_licence::citizen_number::CitizenNumber, Box<Finding>> {
    parse_citizen_number(holder.id_number.as_deref().unwrap_or_default()).map_err(|_| {
        Box::new(Finding::new(
            FindingClass::Malformed,
            "licence.holder.idNumber",
            Text::new("a valid citizen number", "合法的公民身份号码"),
            Text::new("another text", "其他文本"),
        ))
    })
}

/// Has the holder only items of the card, and no fingerprint?
///
/// # Errors
/// `LEAK`.
pub fn check_card_items(licence: &Value) -> Judgement {
    ablatable!("check_card_items");
    match holder_object(licence)?.keys().find(|name| !CARD_ITEMS.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => fail(
            FindingClass::Leak,
            format!("licence.holder.{name}"),
            Text::new("only the items of the card, no fingerprint", "仅含证件登记项目，不含指纹"),
            Text::new(format!("the member {name}"), format!("成员 {name}")),
        ),
    }
}

/// Has the holder just the members named?
///
/// # Errors
/// `LEAK` for more, `MISSING` for less.
pub fn check_only_members(licence: &Value, names: &[&str]) -> Judgement {
    ablatable!("check_only_members");
    let empty = Map::new();
    let found = licence.get("holder").and_then(Value::as_object).unwrap_or(&empty);
    let wanted = || {
        if names.is_empty() {
            Text::new("nothing of the holder", "不含持证人信息")
        } else {
            Text::same(names.join(", "))
        }
    };
    let given: Vec<&str> = found.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name.as_str()).collect();
    if let Some(extra) = given.iter().find(|name| !names.contains(name)) {
        return fail(FindingClass::Leak, format!("licence.holder.{extra}"), wanted(), Text::same(given.join(", ")));
    }
    if let Some(missing) = names.iter().find(|name| !given.contains(name)) {
        return fail(
            FindingClass::Missing,
            format!("licence.holder.{missing}"),
            wanted(),
            Text::same(given.join(", ")),
        );
    }
    Ok(())
}

/// Is the signing authority a public-security organ (its name holds 公安)?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_signing_authority(licence: &LicenceRecord) -> Judgement {
    ablatable!("check_signing_authority");
    let found = holder(licence)?.issuing_authority.as_deref().unwrap_or_default();
    if found.contains("公安") {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "licence.holder.issuingAuthority",
        Text::new("a public-security organ (公安局, 公安分局 …)", "公安机关（公安局、公安分局等）"),
        Text::same(found),
    )
}

/// Does the licence hold what was issued, item by item? Personal values are never repeated.
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_as_issued(licence: &LicenceRecord, issued: &Holder) -> Judgement {
    ablatable!("check_as_issued");
    let found = holder(licence)?;
    for (place, expected, actual) in [
        ("licence.holder.name", &issued.name, &found.name),
        ("licence.holder.sex", &issued.sex, &found.sex),
        ("licence.holder.ethnicity", &issued.ethnicity, &found.ethnicity),
        ("licence.holder.birthDate", &issued.birth_date, &found.birth_date),
        ("licence.holder.address", &issued.address, &found.address),
        ("licence.holder.idNumber", &issued.id_number, &found.id_number),
        ("licence.holder.issuingAuthority", &issued.issuing_authority, &found.issuing_authority),
    ] {
        same_personal(place, expected.as_deref(), actual.as_deref())?;
    }
    Ok(())
}

/// Is the name in the licence the name that was issued, character by character?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_issued_name(licence: &LicenceRecord, issued: &str) -> Judgement {
    ablatable!("check_issued_name");
    same_personal("licence.holder.name", Some(issued), holder(licence)?.name.as_deref())?;
    same_personal("licence.certificateHolderName", Some(issued), licence.certificate_holder_name.as_deref())
}

/// Is the number in the licence the number that was issued?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_issued_number(licence: &LicenceRecord, issued: &str) -> Judgement {
    ablatable!("check_issued_number");
    same_personal("licence.holder.idNumber", Some(issued), holder(licence)?.id_number.as_deref())
}

/// Is the second script the one that was issued?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_second_script(licence: &LicenceRecord, issued: &Holder) -> Judgement {
    ablatable!("check_second_script");
    let found = holder(licence)?;
    same_personal("licence.holder.minorityName", issued.minority_name.as_deref(), found.minority_name.as_deref())?;
    same_personal(
        "licence.holder.minorityAddress",
        issued.minority_address.as_deref(),
        found.minority_address.as_deref(),
    )
}

/// Have masked name and number the form of the profile: one asterisk and the last character;
/// first character, 16 asterisks, last character?
///
/// # Errors
/// `WRONG_VALUE` or `LEAK`.
pub fn check_masked(licence: &LicenceRecord, name: &str, number: &str) -> Judgement {
    ablatable!("check_masked");
    let found = &holder(licence)?.other;
    for (member, expected) in [("nameMasked", mask_name(name)), ("idNumberMasked", mask_number(number))] {
        let actual = found.get(member).and_then(Value::as_str).unwrap_or_default();
        equal(&format!("licence.holder.{member}"), expected.as_str(), actual)?;
    }
    Ok(())
}

/// Are the age flags right for a holder of this age?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_age_flags(licence: &LicenceRecord, age: i32) -> Judgement {
    ablatable!("check_age_flags");
    let found = &holder(licence)?.other;
    for (member, limit) in [("ageOver18", 18), ("ageOver16", 16)] {
        let actual = found.get(member).map(Value::to_string).unwrap_or_default();
        let expected = (age >= limit).to_string();
        if actual != expected {
            return fail(
                FindingClass::WrongValue,
                format!("licence.holder.{member}"),
                Text::new(format!("{expected} (age {age})"), format!("{expected}（{age}岁）")),
                Text::same(actual),
            );
        }
    }
    Ok(())
}

/// Is the photo a JPEG, whole and without an Exif segment?
///
/// # Errors
/// `MISSING`, `MALFORMED` or `LEAK`.
pub fn check_photo(licence: &LicenceRecord) -> Judgement {
    ablatable!("check_photo");
    let text = crate::present("licence.holder.photo", holder(licence)?.photo.as_deref())?;
    let bytes = ecric_gm::encoding::from_b64(text).unwrap_or_default();
    let whole = bytes.starts_with(&[0xff, 0xd8, 0xff]) && bytes.ends_with(&[0xff, 0xd9]);
    if !whole {
        return fail(
            FindingClass::Malformed,
            "licence.holder.photo",
            Text::new("a whole JPEG in base64", "完整的JPEG（base64）"),
            Text::new(format!("{} bytes of something else", bytes.len()), format!("{}字节的其他内容", bytes.len())),
        );
    }
    if bytes.windows(6).any(|window| window == b"Exif\0\0") {
        return fail(
            FindingClass::Leak,
            "licence.holder.photo",
            Text::new("no data about where and how it was made", "不含拍摄地点与方式信息"),
            Text::new("an Exif segment", "含Exif段"),
        );
    }
    Ok(())
}

/// Does the new licence differ from the issued data in nothing but the address?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_new_address(licence: &LicenceRecord, issued: &Holder, address: &str) -> Judgement {
    ablatable!("check_new_address");
    check_as_issued(licence, &Holder { address: Some(address.to_owned()), ..issued.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn issued() -> Holder {
        serde_json::from_value(json!({"name": "测试𠮷", "sex": "1", "ethnicity": "01", "birthDate": "1990-03-07",
            "address": "测试路1号", "idNumber": "110199199003070017", "issuingAuthority": "测试市公安局",
            "minorityName": "a", "minorityAddress": "b"}))
        .unwrap()
    }

    fn licence(edit: fn(&mut Value)) -> (Value, LicenceRecord) {
        let mut value = json!({"certificateIdentifier": "x", "certificateHolderName": "测试𠮷", "holder": issued()});
        edit(&mut value);
        (value.clone(), serde_json::from_value(value).unwrap())
    }

    #[test]
    fn good_passes() {
        let (value, typed) = licence(|_| ());
        assert!(check_birth_date(&typed).is_ok());
        assert!(check_sex(&typed).is_ok());
        assert!(check_card_items(&value).is_ok());
        assert!(check_signing_authority(&typed).is_ok());
        assert!(check_as_issued(&typed, &issued()).is_ok());
        assert!(check_issued_name(&typed, "测试𠮷").is_ok());
        assert!(check_issued_number(&typed, "110199199003070017").is_ok());
        assert!(check_second_script(&typed, &issued()).is_ok());
        let (_, moved) = licence(|v| v["holder"]["address"] = json!("测试路2号"));
        assert!(check_new_address(&moved, &issued(), "测试路2号").is_ok());
    }

    #[test]
    fn each_fault_is_seen_and_no_value_repeated() {
        let (_, typed) = licence(|v| v["holder"]["birthDate"] = json!("1990-03-08"));
        assert!(check_birth_date(&typed).is_err());
        let (_, typed) = licence(|v| v["holder"]["sex"] = json!("2"));
        assert!(check_sex(&typed).is_err());
        let (value, _) = licence(|v| v["holder"]["fingerprint"] = json!("x"));
        assert!(check_card_items(&value).is_err());
        let (_, typed) = licence(|v| v["holder"]["issuingAuthority"] = json!("测试市民政局"));
        assert!(check_signing_authority(&typed).is_err());
        let (_, typed) = licence(|v| v["holder"]["name"] = json!("测试?"));
        let found = check_issued_name(&typed, "测试𠮷").unwrap_err();
        assert!(found.expected.en.contains("U+20BB7") && !found.expected.en.contains('𠮷'));
        let (_, typed) = licence(|v| v["holder"]["minorityName"] = json!(null));
        assert!(check_second_script(&typed, &issued()).is_err());
        let (_, typed) = licence(|_| ());
        assert!(check_new_address(&typed, &issued(), "测试路2号").is_err());
        assert!(check_issued_number(&typed, "110199199003070025").is_err());
    }

    #[test]
    fn members_masks_and_ages() {
        let (value, _) = licence(|v| v["holder"] = json!({"name": "n"}));
        assert!(check_only_members(&value, &["name"]).is_ok());
        assert!(check_only_members(&value, &[]).is_err());
        assert!(check_only_members(&value, &["name", "sex"]).is_err());
        let masked = |name: &str, number: &str| {
            let json = json!({"certificateIdentifier": "x", "holder": {"nameMasked": name, "idNumberMasked": number}});
            check_masked(&serde_json::from_value(json).unwrap(), "测试𠮷", "110199199003070017")
        };
        assert!(masked("*𠮷", "1****************7").is_ok());
        assert!(masked("**𠮷", "1****************7").is_err());
        assert!(masked("*𠮷", "1101**********0017").is_err());
        let aged = |over18: bool, age: i32| {
            let json = json!({"certificateIdentifier": "x", "holder": {"ageOver18": over18, "ageOver16": true}});
            check_age_flags(&serde_json::from_value(json).unwrap(), age)
        };
        assert!(aged(true, 18).is_ok() && aged(false, 17).is_ok());
        assert!(aged(true, 17).is_err() && aged(false, 18).is_err() && aged(false, 15).is_err());
    }
}

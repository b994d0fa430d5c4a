//! The face of the card: what the issuer takes in, checks and keeps (binding v1, 6.2). Byte-exact:
//! nothing is trimmed or normalised. A fault names the member, never its value.

use ecric_gm::encoding::{b64, from_b64};
use ecric_licence::citizen_number::{check_character, parse_citizen_number};
use ecric_licence::code_lists::{is_ethnicity, is_sex};
use ecric_licence::metadata::{ADDRESS_MAX, AUTHORITY_MAX, NAME_MAX};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::{Date, Month};

use crate::behaviour::Behaviour;
use crate::reader::{Faults, Reader};

/// The face as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Face {
    pub(crate) name: String,
    pub(crate) sex: String,
    pub(crate) ethnicity: String,
    pub(crate) birth_date: String,
    pub(crate) address: String,
    pub(crate) id_number: String,
    pub(crate) issuing_authority: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) photo: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) minority_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) minority_address: Option<String>,
}

/// Names of the members, in the order of the card.
pub(crate) const MEMBERS: [&str; 10] = [
    "name",
    "sex",
    "ethnicity",
    "birthDate",
    "address",
    "idNumber",
    "issuingAuthority",
    "photo",
    "minorityName",
    "minorityAddress",
];

impl Face {
    /// The date of birth in the number.
    pub(crate) fn birth_date(&self, behaviour: &Behaviour) -> Option<Date> {
        read_number(&self.id_number, behaviour).map(|number| number.birth)
    }
}

/// What a citizen number says.
struct Number {
    text: String,
    birth: Date,
    sex: &'static str,
    /// False only where a faulty server lets a date pass that is none.
    real_date: bool,
}

/// Reads a citizen number as the issuer does.
fn read_number(text: &str, behaviour: &Behaviour) -> Option<Number> {
    if let Ok(number) = parse_citizen_number(text) {
        let (birth, sex) = (number.birth_date(), number.sex().code());
        return Some(Number { text: text.to_owned(), birth, sex, real_date: true });
    }
    if behaviour.lower_x_accepted() && text.ends_with('x') {
        return read_number(&ecric_licence::citizen_number::fold_case(text), &Behaviour::default());
    }
    let body = text.get(..17).filter(|body| body.bytes().all(|b| b.is_ascii_digit()))?;
    let right = check_character(body)?;
    if behaviour.number_check_ignored() && text.len() == 18 {
        let mut number = read_number(&format!("{body}{right}"), &Behaviour::default())?;
        number.text = text.to_owned();
        return Some(number);
    }
    if behaviour.thirtieth_of_february_born() && &body[10..14] == "0230" && text.ends_with(right) {
        let year = body[6..10].parse().ok()?;
        let birth = Date::from_calendar_date(year, Month::February, 28).ok()?;
        let sex = if body.as_bytes()[16] % 2 == 1 { "1" } else { "2" };
        return Some(Number { text: text.to_owned(), birth, sex, real_date: false });
    }
    None
}

/// Reads and checks a face.
pub(crate) fn read_face(reader: &Reader<'_>, behaviour: &Behaviour) -> Option<Face> {
    let is_longer = |member: &str, most: usize| {
        reader.value(member).and_then(Value::as_str).is_some_and(|text| text.chars().count() > most)
    };
    let name_max = NAME_MAX + usize::from(is_longer("name", NAME_MAX) && behaviour.name_of_51_accepted());
    let address_max = if is_longer("address", 35) && behaviour.address_of_35() { 35 } else { ADDRESS_MAX };
    let name = reader.text_within("name", name_max).filter(|name| {
        let issue = name_fault(name, behaviour);
        if let Some(issue) = issue {
            reader.fault("name", issue);
        }
        issue.is_none()
    });
    let sex = reader.text("sex").filter(|sex| noted(reader, "sex", is_sex(sex), "not a code of GB/T 2261.1"));
    let ethnicity = reader
        .text("ethnicity")
        .filter(|code| noted(reader, "ethnicity", ethnicity_is_listed(code, behaviour), "not a code of GB/T 3304"));
    let address = reader.text_within("address", address_max);
    let template = address.filter(|text| text.contains("{{7*7}}") && behaviour.templates_evaluated());
    let evaluated = template.map(|text| text.replace("{{7*7}}", "49"));
    let address = evaluated.as_deref().or(address);
    let id_number = reader.text("idNumber").and_then(|text| {
        let number = read_number(text, behaviour);
        noted(reader, "idNumber", number.is_some(), "not a citizen number");
        number
    });
    let birth_date = if id_number.as_ref().is_some_and(|number| !number.real_date) {
        reader.text("birthDate").map(str::to_owned)
    } else {
        reader.text("birthDate").and_then(|text| {
            reader.date_opt("birthDate")?;
            Some(text.to_owned())
        })
    };
    let authority = reader.text_within("issuingAuthority", AUTHORITY_MAX);
    let photo = reader.text_opt("photo").map(|text| {
        let photo = read_photo(text, behaviour);
        noted(reader, "photo", photo.is_some(), "no JPEG of at most 4,096 pixels a side, in base64");
        photo.unwrap_or_default()
    });
    let minority_name = reader.text_within_opt("minorityName", NAME_MAX);
    let minority_address = reader.text_within_opt("minorityAddress", ADDRESS_MAX);
    if let Some(number) = &id_number {
        check_agreement(reader, number, birth_date.as_deref(), sex, behaviour);
    }
    Some(Face {
        name: name?.to_owned(),
        sex: sex?.to_owned(),
        ethnicity: ethnicity?.to_owned(),
        birth_date: birth_date?,
        address: address?.to_owned(),
        id_number: id_number?.text,
        issuing_authority: authority?.to_owned(),
        photo,
        minority_name: minority_name.filter(|_| !behaviour.second_script_dropped()).map(str::to_owned),
        minority_address: minority_address.filter(|_| !behaviour.second_script_dropped()).map(str::to_owned),
    })
}

/// The face after a re-issue: members of `changes` replace those of the old one; null is no change (ruling D9).
pub(crate) fn changed_face(
    old: &Face,
    changes: &Map<String, Value>,
    faults: &Faults,
    behaviour: &Behaviour,
) -> Option<Face> {
    let Ok(Value::Object(mut members)) = serde_json::to_value(old) else { return None };
    for name in MEMBERS {
        if let Some(value) = changes.get(name).filter(|value| !value.is_null()) {
            members.insert(name.to_owned(), value.clone());
        }
    }
    read_face(&Reader::at(&members, "changes".to_owned(), faults), behaviour)
}

fn noted(reader: &Reader<'_>, name: &str, holds: bool, issue: &str) -> bool {
    if !holds {
        reader.fault(name, issue);
    }
    holds
}

fn check_agreement(
    reader: &Reader<'_>,
    number: &Number,
    birth_date: Option<&str>,
    sex: Option<&str>,
    behaviour: &Behaviour,
) {
    if let Some(text) = birth_date
        && number.real_date
        && ecric_licence::instant::parse_date(text).is_ok_and(|date| date != number.birth)
        && !behaviour.birth_date_not_compared()
    {
        reader.fault("birthDate", "differs from digits 7 to 14 of idNumber");
    }
    if sex.is_some_and(|sex| sex != number.sex) && !behaviour.sex_not_compared() {
        let leak = reader.text_opt("name").filter(|_| behaviour.errors_repeat_the_name()).unwrap_or_default();
        let digest = if behaviour.refusals_carry_digest() {
            ecric_gm::encoding::hex(&ecric_gm::sha256::digest(number.text.as_bytes()))
        } else {
            String::new()
        };
        reader.fault("sex", &format!("differs from digit 17 of idNumber{leak}{digest}"));
    }
}

fn ethnicity_is_listed(code: &str, behaviour: &Behaviour) -> bool {
    if code == "98" && behaviour.ethnicity_98_refused() {
        return false;
    }
    let two_digits = code.len() == 2 && code.bytes().all(|b| b.is_ascii_digit());
    is_ethnicity(code) || (two_digits && behaviour.any_ethnicity_accepted())
}

/// What a name must not hold (ruling E2): look-alikes of the middle dot, bidi controls, characters without width.
fn name_fault(name: &str, behaviour: &Behaviour) -> Option<&'static str> {
    name.chars().find_map(|c| match c {
        '\u{2022}' if behaviour.bullet_accepted() => None,
        '\u{fe52}' if behaviour.small_stop_accepted() => None,
        '.' | '\u{2022}' | '\u{2027}' | '\u{2219}' | '\u{22c5}' | '\u{30fb}' | '\u{ff65}' | '\u{0387}' | '\u{ff0e}'
        | '\u{fe52}' | '\u{16eb}' | '\u{2e31}' | '\u{1427}' => Some("has a look-alike of the middle dot U+00B7"),
        '\u{2066}'..='\u{2069}' if behaviour.isolates_accepted() => None,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            (!behaviour.bidi_controls_accepted()).then_some("has a bidirectional control")
        }
        '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{180e}' | '\u{00ad}' => {
            (!behaviour.zero_width_accepted()).then_some("has a character without width")
        }
        c if c.is_control() => Some("has a control character"),
        _ => None,
    })
}

/// The photo without its EXIF segments (ruling E3); what is no whole JPEG is refused.
fn read_photo(text: &str, behaviour: &Behaviour) -> Option<String> {
    let bytes = from_b64(text).ok()?;
    if behaviour.photo_unchecked() || (is_photo(&bytes) && behaviour.photo_data_kept()) {
        return Some(text.to_owned());
    }
    is_photo(&bytes).then_some(())?;
    Some(without_exif(&bytes).map_or_else(|| text.to_owned(), |stripped| b64(&stripped)))
}

/// Longest side of a photo, pixels.
const SIDE_MAX: u16 = 4_096;

/// A JPEG from its first marker to its last, with sides within the limit.
fn is_photo(jpeg: &[u8]) -> bool {
    if !jpeg.starts_with(&[0xff, 0xd8]) || !jpeg.ends_with(&[0xff, 0xd9]) {
        return false;
    }
    let mut at = 2;
    let mut measured = false;
    while let Some([0xff, marker @ 0xc0..=0xfe, high, low, rest @ ..]) = jpeg.get(at..) {
        if *marker == 0xda {
            return measured;
        }
        if let (0xc0..=0xc2, [_, h1, h2, w1, w2, ..]) = (*marker, rest) {
            let fits = |high: u8, low: u8| (1..=SIDE_MAX).contains(&u16::from_be_bytes([high, low]));
            measured = fits(*h1, *h2) && fits(*w1, *w2);
        }
        at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
    }
    false
}

/// A JPEG without APP1 segments; `None` if it has none or is no JPEG.
fn without_exif(jpeg: &[u8]) -> Option<Vec<u8>> {
    let mut kept = jpeg.get(..2).filter(|start| *start == [0xff, 0xd8])?.to_vec();
    let mut at = 2;
    let mut found = false;
    while let [0xff, marker @ 0xc0..=0xfe, high, low, ..] = jpeg.get(at..)? {
        if *marker == 0xda {
            break;
        }
        let length = usize::from(*high) << 8 | usize::from(*low);
        let segment = jpeg.get(at..at + 2 + length)?;
        if *marker == 0xe1 {
            found = true;
        } else {
            kept.extend_from_slice(segment);
        }
        at += 2 + length;
    }
    kept.extend_from_slice(jpeg.get(at..)?);
    found.then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn person() -> Map<String, Value> {
        let value = json!({"name": "测试甲", "sex": "1", "ethnicity": "01", "birthDate": "1990-03-07",
            "address": "测试省测试市测试路1号", "idNumber": "110199199003070017", "issuingAuthority": "测试市公安局测试分局"});
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn faces() {
        let long = |text: &str, times: usize| Value::from(text.repeat(times));
        let rows: Vec<(&str, &str, Value, &[&str])> = vec![
            ("as it is", "name", json!("测试甲"), &[]),
            ("middle dot", "name", json!("测·试"), &[]),
            ("spaces", "name", json!(" 测 试 "), &[]),
            ("50 characters", "name", long("𠮷", 50), &[]),
            ("51 characters", "name", long("𠮷", 51), &["holder.name"]),
            ("empty", "name", json!(""), &["holder.name"]),
            ("bullet", "name", json!("测\u{2022}试"), &["holder.name"]),
            ("katakana dot", "name", json!("测\u{30fb}试"), &["holder.name"]),
            ("full stop", "name", json!("测.试"), &["holder.name"]),
            ("right-to-left override", "name", json!("测\u{202e}试"), &["holder.name"]),
            ("zero width", "name", json!("测\u{200b}试"), &["holder.name"]),
            ("bidi in the address is kept", "address", json!("测\u{202e}试"), &[]),
            ("70 characters", "address", long("路", 70), &[]),
            ("71 characters", "address", long("路", 71), &["holder.address"]),
            ("other sex", "sex", json!("2"), &["holder.sex"]),
            ("sex outside the list", "sex", json!("9"), &["holder.sex"]),
            ("ethnicity 98", "ethnicity", json!("98"), &[]),
            ("ethnicity 57", "ethnicity", json!("57"), &["holder.ethnicity"]),
            ("other birth date", "birthDate", json!("1990-03-08"), &["holder.birthDate"]),
            ("30 February", "birthDate", json!("1990-02-30"), &["holder.birthDate"]),
            ("wrong check", "idNumber", json!("110199199003070018"), &["holder.idNumber"]),
            ("17 characters", "idNumber", json!("11019919900307001"), &["holder.idNumber"]),
            ("no number", "idNumber", Value::Null, &["holder.idNumber"]),
            ("photo", "photo", json!(b64(&JPEG)), &[]),
            ("photo cut off", "photo", json!("/9j/4AAQ"), &["holder.photo"]),
            ("photo with text behind", "photo", json!(b64(&[&JPEG[..], b"<a>"].concat())), &["holder.photo"]),
            ("photo not base64", "photo", json!("%"), &["holder.photo"]),
        ];
        for (name, member, value, wanted) in rows {
            let mut members = person();
            members.insert(member.to_owned(), value);
            let faults = Faults::default();
            let face = read_face(&Reader::at(&members, "holder".to_owned(), &faults), &Behaviour::default());
            let found = faults.finish().err().map(|e| e.details.into_iter().map(|d| d.field).collect::<Vec<_>>());
            assert_eq!(found.unwrap_or_default(), wanted, "{name}");
            assert!(face.is_some() || !wanted.is_empty(), "{name}");
        }
    }

    /// Start, frame of 1 by 1 pixel, scan, end.
    const JPEG: [u8; 21] = [0xff, 0xd8, 0xff, 0xc0, 0, 9, 8, 0, 1, 0, 1, 1, 1, 0xff, 0xda, 0, 2, 7, 7, 0xff, 0xd9];

    #[test]
    fn exif_is_stripped() {
        let exif = [0xff, 0xd8, 0xff, 0xe0, 0, 3, 9, 0xff, 0xe1, 0, 4, 1, 2, 0xff, 0xda, 0, 2, 7, 7];
        assert_eq!(without_exif(&exif), Some(vec![0xff, 0xd8, 0xff, 0xe0, 0, 3, 9, 0xff, 0xda, 0, 2, 7, 7]));
        assert_eq!(without_exif(&[0xff, 0xd8, 0xff, 0xda, 0, 2]), None);
        assert_eq!(without_exif(b"text"), None);
    }
}

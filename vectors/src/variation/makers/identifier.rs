//! Makers for licence identifiers with one defect, or well formed and unknown. They start from the
//! identifier at hand; from a made-up one where there is none of five segments.

use ecric_licence::identifier::{self as licence, ROOT};
use ecric_licence::metadata::ISSUING_AUTHORITY_CODE;

use crate::draw::Draw;
use crate::variation::Inputs;

const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const FOREIGN_ROOT: &str = "1.2.156.3005.3";
const OTHER_TYPE: &str = "11100000000013127D002";

/// The segments of an identifier, whatever stands in them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Segments {
    type_code: String,
    authority: String,
    serial: String,
    version: String,
    check: String,
}

type Maker = fn(Segments, &mut Draw) -> String;

const TABLE: &[(&str, Maker)] = &[
    ("identifier-wrong-check", |segments, _| {
        let right = segments.right_check();
        let next = ALPHABET.iter().cycle().skip_while(|known| char::from(**known) != right).nth(1);
        Segments { check: next.map_or('0', |byte| char::from(*byte)).to_string(), ..segments }.text()
    }),
    ("identifier-variant-check", |segments, _| variant_check(segments)),
    ("identifier-lower-case", |segments, _| segments.text().to_lowercase()),
    ("identifier-space", |segments, _| segments.text() + " "),
    ("identifier-full-width", |segments, _| {
        let version = segments.version.chars().map(|digit| if digit == '0' { '\u{ff10}' } else { digit }).collect();
        Segments { version, ..segments }.text()
    }),
    ("identifier-missing-segment", |segments, _| {
        let Segments { type_code, authority, serial, .. } = segments;
        let check = licence::check_character(&[type_code.as_str(), &authority, &serial].concat()).unwrap_or('0');
        format!("{ROOT}.{type_code}.{authority}.{serial}.{check}")
    }),
    ("identifier-foreign-root", |segments, _| segments.text().replacen(ROOT, FOREIGN_ROOT, 1)),
    ("identifier-authority-short", |mut segments, _| {
        let moved = segments.authority.pop();
        segments.serial = moved.into_iter().chain(segments.serial.chars()).collect();
        segments.text()
    }),
    ("identifier-authority-long", |mut segments, _| {
        let serial = segments.serial.clone();
        let mut rest = serial.chars();
        segments.authority.extend(rest.next());
        segments.serial = rest.collect();
        segments.text()
    }),
    ("identifier-version-short", |mut segments, _| {
        let version = segments.version.clone();
        let mut rest = version.chars();
        segments.serial.extend(rest.next());
        segments.version = rest.collect();
        segments.text()
    }),
    ("identifier-serial-1", |segments, draw| segments.with_serial(&draw.ascii(ALPHABET).to_string(), "999")),
    ("identifier-serial-64", |segments, draw| segments.with_serial(&serial(draw, 64), "001")),
    ("identifier-unknown", |segments, draw| segments.with_serial(&serial(draw, 20), "001")),
    ("identifier-other-type", |segments, _| {
        let segments = Segments { type_code: OTHER_TYPE.to_owned(), ..segments };
        Segments { check: segments.right_check().to_string(), ..segments }.text()
    }),
];

pub(in crate::variation) fn is_known(name: &str) -> bool {
    TABLE.iter().any(|(known, _)| *known == name)
}

/// Makes an identifier out of `current`; none if the maker is not one of this module.
pub(in crate::variation) fn make(name: &str, current: Option<&str>, inputs: &Inputs) -> Option<String> {
    let (_, maker) = TABLE.iter().find(|(known, _)| *known == name)?;
    let mut draw = Draw::new(&[b"identifier", name.as_bytes(), &inputs.digest]);
    let segments = current.and_then(Segments::read).unwrap_or_else(|| Segments::made_up(&mut draw));
    Some(maker(segments, &mut draw))
}

impl Segments {
    fn read(text: &str) -> Option<Self> {
        let identifier = licence::parse_identifier(text).ok()?;
        Some(Self {
            type_code: identifier.type_code().to_owned(),
            authority: identifier.authority().to_owned(),
            serial: identifier.serial().to_owned(),
            version: identifier.version_text().to_owned(),
            check: identifier.check_character().to_string(),
        })
    }

    fn made_up(draw: &mut Draw) -> Self {
        let made = Self {
            type_code: licence::IDENTITY_CARD_TYPE.to_owned(),
            authority: ISSUING_AUTHORITY_CODE.to_owned(),
            serial: serial(draw, 20),
            version: "001".to_owned(),
            check: String::new(),
        };
        Self { check: made.right_check().to_string(), ..made }
    }

    fn body(&self) -> String {
        [self.type_code.as_str(), &self.authority, &self.serial, &self.version].concat()
    }

    fn right_check(&self) -> char {
        licence::check_character(&self.body()).unwrap_or('0')
    }

    fn text(&self) -> String {
        let Self { type_code, authority, serial, version, check } = self;
        format!("{ROOT}.{type_code}.{authority}.{serial}.{version}.{check}")
    }

    /// Well formed with another serial.
    fn with_serial(self, serial: &str, version: &str) -> String {
        let other = Self { serial: serial.to_owned(), version: version.to_owned(), ..self };
        Self { check: other.right_check().to_string(), ..other }.text()
    }
}

/// What the circulating routine gives. Where it is right by chance (3 %), the next version for which it is not.
fn variant_check(mut segments: Segments) -> String {
    for version in 1..1000 {
        let variant = licence::variant_check_character(&segments.body()).unwrap_or('0');
        if variant != segments.right_check() {
            segments.check = variant.to_string();
            break;
        }
        segments.version = format!("{version:03}");
    }
    segments.text()
}

fn serial(draw: &mut Draw, length: usize) -> String {
    (0..length).map(|_| draw.ascii(ALPHABET)).collect()
}

#[cfg(test)]
mod tests {
    use ecric_licence::identifier::parse_identifier;

    use super::*;
    use crate::variation::tests::sample_inputs;

    const RIGHT: &str = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.001.R";

    #[test]
    fn each_defect_is_the_one_its_name_says() {
        let rows = [
            ("identifier-wrong-check", "check-character", Some("S")),
            ("identifier-variant-check", "check-character", Some("3")),
            ("identifier-lower-case", "character", None),
            ("identifier-space", "character", None),
            ("identifier-full-width", "character", None),
            ("identifier-missing-segment", "segment-count", None),
            ("identifier-foreign-root", "root", None),
            ("identifier-authority-short", "segment-length", Some("R")),
            ("identifier-authority-long", "segment-length", Some("R")),
            ("identifier-version-short", "segment-length", Some("R")),
            ("identifier-serial-1", "", None),
            ("identifier-serial-64", "", None),
            ("identifier-unknown", "", None),
            ("identifier-other-type", "", None),
        ];
        assert_eq!(rows.map(|(name, ..)| name).to_vec(), TABLE.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        for (name, wanted, end) in rows {
            for current in [Some(RIGHT), None, Some("no identifier")] {
                let made = make(name, current, &sample_inputs()).unwrap();
                let found = parse_identifier(&made).map_or_else(|error| error.kind.word(), |_| "");
                assert_eq!(found, wanted, "{name} {made}");
                assert_ne!(made, RIGHT, "{name}");
                assert!(current != Some(RIGHT) || end.is_none_or(|end| made.ends_with(end)), "{name} {made}");
            }
        }
        assert_eq!(make("identifier", Some(RIGHT), &sample_inputs()), None);
        let other_type = make("identifier-other-type", Some(RIGHT), &sample_inputs()).unwrap();
        assert!(other_type.contains(".11100000000013127D002.11100000000013127D.20260101A1B2C3D4E5F6.001."));
    }

    #[test]
    fn the_variant_is_never_right_by_chance() {
        for digest in 0..=255_u8 {
            let inputs = Inputs { digest: [digest; 32], ..sample_inputs() };
            let right = make("identifier-unknown", Some(RIGHT), &inputs);
            assert!(parse_identifier(right.as_deref().unwrap()).is_ok());
            let wrong = make("identifier-variant-check", right.as_deref(), &inputs).unwrap();
            assert_eq!(parse_identifier(&wrong).unwrap_err().kind.word(), "check-character");
        }
    }
}

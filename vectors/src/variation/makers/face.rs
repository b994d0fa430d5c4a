//! Makers for the items of the face: names, addresses, sex, ethnicity. Lengths count characters.

use ecric_gm::encoding::b64;
use ecric_licence::code_lists::ETHNICITIES;
use ecric_licence::metadata::{ADDRESS_MAX, NAME_MAX};

use super::{Made, Table, needed, text};
use crate::draw::Draw;
use crate::person::draw_canary;
use crate::variation::VariationError;

/// Text of four worlds that some of them would act on, 49 characters.
const HOSTILE_NAME: &str = "测试' OR 1=1;--{{7*7}}<script>alert(1)</script>甲乙丙";

/// The drawn shape that stands for a portrait.
const PHOTO: &[u8] = include_bytes!("../../../assets/photo.jpg");

pub(super) const TABLE: Table = &[
    ("name-51", |current, _| Ok(padded(text("name-51", current)?, NAME_MAX + 1).into())),
    ("name-bidi", |current, _| Ok(inserted(text("name-bidi", current)?, '\u{202e}').into())),
    ("name-zero-width", |current, _| Ok(inserted(text("name-zero-width", current)?, '\u{200b}').into())),
    ("name-left-to-right-embedding", |current, _| {
        Ok(inserted(text("name-left-to-right-embedding", current)?, '\u{202a}').into())
    }),
    ("name-right-to-left-isolate", |current, _| {
        Ok(inserted(text("name-right-to-left-isolate", current)?, '\u{2067}').into())
    }),
    ("name-joiner", |current, _| Ok(inserted(text("name-joiner", current)?, '\u{200d}').into())),
    ("name-no-break", |current, _| Ok(inserted(text("name-no-break", current)?, '\u{feff}').into())),
    ("name-soft-hyphen", |current, _| Ok(inserted(text("name-soft-hyphen", current)?, '\u{ad}').into())),
    ("name-hyphenation-point", |current, _| {
        replaced("name-hyphenation-point", text("name-hyphenation-point", current)?, '\u{b7}', '\u{2027}')
    }),
    ("name-full-width-stop", |current, _| {
        replaced("name-full-width-stop", text("name-full-width-stop", current)?, '\u{b7}', '\u{ff0e}')
    }),
    ("name-small-stop", |current, _| {
        replaced("name-small-stop", text("name-small-stop", current)?, '\u{b7}', '\u{fe52}')
    }),
    ("name-half-width-dot", |current, _| {
        replaced("name-half-width-dot", text("name-half-width-dot", current)?, '\u{b7}', '\u{ff65}')
    }),
    ("name-full-stop", |current, _| replaced("name-full-stop", text("name-full-stop", current)?, '\u{b7}', '.')),
    ("name-bullet", |current, _| replaced("name-bullet", text("name-bullet", current)?, '\u{b7}', '\u{2022}')),
    ("name-katakana-dot", |current, _| {
        replaced("name-katakana-dot", text("name-katakana-dot", current)?, '\u{b7}', '\u{30fb}')
    }),
    // U+F9DC is the compatibility form of U+9686 (NFC and NFKC).
    ("name-normalised", |current, _| {
        replaced("name-normalised", text("name-normalised", current)?, '\u{f9dc}', '\u{9686}')
    }),
    ("name-changed", |current, _| Ok(last_changed(text("name-changed", current)?).into())),
    ("name-hostile", |_, _| Ok(HOSTILE_NAME.into())),
    ("address-71", |current, _| Ok(padded(text("address-71", current)?, ADDRESS_MAX + 1).into())),
    ("address-new", |_, inputs| {
        let canary = draw_canary(&mut Draw::new(&[b"address-new", &inputs.digest]));
        Ok(format!("测试省测试市新测试路{canary}号").into())
    }),
    ("sex-changed", |current, _| Ok(if text("sex-changed", current)? == "1" { "2" } else { "1" }.into())),
    ("ethnicity-changed", |current, _| {
        let code = text("ethnicity-changed", current)?;
        let next = ETHNICITIES.iter().skip_while(|(known, _)| *known != code).nth(1).unwrap_or(&ETHNICITIES[0]);
        Ok(next.0.into())
    }),
    ("photo", |_, _| Ok(b64(PHOTO).into())),
    ("photo-exif", |_, _| Ok(b64(&with_segment(0xe1, b"Exif\0\0MM\0*GPS 30.6N 104.1E")).into())),
    ("photo-page", |_, _| Ok(b64(&[PHOTO, b"<script>alert(1)</script>"].concat()).into())),
    ("photo-png", |_, _| Ok(b64(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").into())),
    ("photo-huge", |_, _| Ok(b64(&with_side(65_000)).into())),
    ("persona-ref", |_, inputs| Ok(needed("persona-ref", "a person", inputs.person)?.reference.as_str().into())),
    ("holder-code", |_, inputs| Ok(needed("holder-code", "a person", inputs.person)?.id_number.as_str().into())),
];

/// The photo with a segment behind its first marker.
fn with_segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap_or(2).to_be_bytes();
    [&PHOTO[..2], &[0xff, marker], &length, content, &PHOTO[2..]].concat()
}

/// The photo that claims both sides to be this long, in pixels; its data stay.
fn with_side(pixels: u16) -> Vec<u8> {
    let mut bytes = PHOTO.to_vec();
    let frame = bytes.windows(2).position(|pair| pair[0] == 0xff && (0xc0..=0xc2).contains(&pair[1]));
    if let Some(place) = frame.and_then(|at| bytes.get_mut(at + 5..at + 9)) {
        place.copy_from_slice(&[pixels.to_be_bytes(), pixels.to_be_bytes()].concat());
    }
    bytes
}

/// The text with `试` behind it until it has `length` characters; a longer one is cut.
fn padded(text: &str, length: usize) -> String {
    text.chars().chain(std::iter::repeat('试')).take(length).collect()
}

/// The text with a character behind its first one.
fn inserted(text: &str, character: char) -> String {
    let mut characters = text.chars();
    characters.next().into_iter().chain([character]).chain(characters).collect()
}

fn replaced(maker: &'static str, text: &str, from: char, to: char) -> Made {
    if !text.contains(from) {
        let wanted = "a text with the character that is replaced";
        return Err(VariationError::NotApplicable { maker, found: "a text without it", wanted });
    }
    Ok(text.replace(from, &to.to_string()).into())
}

/// The text with another ideograph of the first plane in the last place.
fn last_changed(text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let last = characters.pop();
    characters.push(if last == Some('乙') { '丙' } else { '乙' });
    characters.into_iter().collect()
}

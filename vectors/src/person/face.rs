//! What stands on the face of a generated person besides number and dates. Made-up text only.

use ecric_licence::metadata::{ADDRESS_MAX, NAME_MAX};

use super::kind::{Kind, Source, Special};
use crate::draw::Draw;

/// Digits and capitals that nobody mistakes for one another.
const CANARY: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// Letters of the Arabic script that Uyghur uses; none of them controls direction.
const UYGHUR: [char; 12] = ['ئ', 'ب', 'پ', 'ت', 'ج', 'د', 'ر', 'س', 'ش', 'ق', 'م', 'ن'];

pub(super) struct Face {
    pub(super) name: String,
    pub(super) ethnicity: String,
    pub(super) address: String,
    pub(super) issuing_authority: String,
    pub(super) minority_name: Option<String>,
    pub(super) minority_address: Option<String>,
}

pub(super) fn draw_face(kind: &Kind, draw: &mut Draw) -> Face {
    let canary = draw_canary(draw);
    let second_script = kind.special == Special::SecondScript;
    Face {
        name: draw_name(kind, draw),
        ethnicity: draw_ethnicity(kind, draw),
        address: draw_address(kind, &canary, draw),
        issuing_authority: draw_authority(draw),
        minority_name: second_script.then(|| format!("سىناق {}", uyghur(draw, 6))),
        minority_address: second_script.then(|| format!("سىناق شەھىرى {} {canary}", uyghur(draw, 5))),
    }
}

/// A signing authority, 13 characters.
pub(super) fn draw_authority(draw: &mut Draw) -> String {
    format!("测试市公安局测试{}分局", ideographs(draw, 2))
}

/// Names of one run practically never meet: three characters out of 20,902 each.
fn draw_name(kind: &Kind, draw: &mut Draw) -> String {
    match kind.special {
        Special::LongName => {
            let parts: Vec<String> = [10, 12, 12].into_iter().map(|length| ideographs(draw, length)).collect();
            let head = format!("测试{}·", parts.join("·"));
            let missing = NAME_MAX - head.chars().count();
            head + &ideographs(draw, missing)
        }
        Special::MiddleDot => format!("测试·{}", ideographs(draw, 3)),
        Special::Last(first, last) => format!("测试{}{}", ideographs(draw, 3), draw.character(first, last)),
        Special::Tail(tail) => format!("测试{}{tail}", ideographs(draw, 3)),
        Special::OneCharacter => ideographs(draw, 1),
        _ => format!("测试{}", ideographs(draw, 3)),
    }
}

/// Neither 01 nor 05 by chance: an answer that is always the same shows.
fn draw_ethnicity(kind: &Kind, draw: &mut Draw) -> String {
    match (kind.special, kind.source) {
        (Special::Ethnicity(code), _) => code.to_owned(),
        (Special::SecondScript, Source::Adult(_)) => "05".to_owned(),
        _ => format!("{:02}", 6 + draw.below(51)),
    }
}

fn draw_address(kind: &Kind, canary: &str, draw: &mut Draw) -> String {
    let address = format!("测试省测试市测试路{canary}号");
    if kind.special == Special::LongAddress {
        let missing = ADDRESS_MAX - address.chars().count();
        address + &ideographs(draw, missing)
    } else {
        address
    }
}

pub(crate) fn draw_canary(draw: &mut Draw) -> String {
    (0..8).map(|_| draw.ascii(CANARY)).collect()
}

/// Unified ideographs of the first version of Unicode (U+4E00 to U+9FA5): no normalisation touches them.
fn ideographs(draw: &mut Draw, length: usize) -> String {
    (0..length).map(|_| draw.character('\u{4e00}', '\u{9fa5}')).collect()
}

fn uyghur(draw: &mut Draw, length: usize) -> String {
    let letter = |draw: &mut Draw| usize::try_from(draw.below(UYGHUR.len() as u64)).unwrap_or(0);
    (0..length).map(|_| UYGHUR[letter(draw)]).collect()
}

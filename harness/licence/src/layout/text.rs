//! Text objects: advances, line breaks, places. Lengths in thousandths of a mm.

use super::content::WriteError;
use crate::ofd::write_xml::Writer;

/// A box `x y w h` in mm.
pub(super) type Area = [u32; 4];

/// One text object as the tables of the layout give it.
pub(super) struct TextObject<'a> {
    pub(super) id: u32,
    pub(super) text: &'a str,
    pub(super) area: Area,
    pub(super) size: u32,
    pub(super) lines: usize,
    pub(super) centred: bool,
    pub(super) member: &'static str,
}

/// Half-widths that a character takes: one for ASCII, two for all else.
fn halves(c: char) -> u32 {
    if (' '..='~').contains(&c) { 1 } else { 2 }
}

/// Breaks greedily at any character, trims nothing.
fn break_lines(text: &str, width: u32) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for c in text.chars() {
        if used + halves(c) > width {
            lines.push(String::new());
            used = 0;
        }
        used += halves(c);
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
    }
    lines
}

/// Writes thousandths without trailing zeros.
pub(super) fn number(thousandths: u32) -> String {
    let (whole, rest) = (thousandths / 1000, thousandths % 1000);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:03}").trim_end_matches('0').to_owned()
}

pub(super) fn area_text(area: Area) -> String {
    area.map(|value| value.to_string()).join(" ")
}

/// Writes one text object; `watermark` adds the colour and transparency of a copy.
pub(super) fn write_text(xml: &mut Writer, object: &TextObject<'_>, watermark: bool) -> Result<(), WriteError> {
    let lines = break_lines(object.text, 2 * object.area[2] / object.size);
    if lines.len() > object.lines {
        return Err(WriteError::Lines { member: object.member, found: lines.len(), wanted: object.lines });
    }
    let (id, boundary, size) = (object.id.to_string(), area_text(object.area), object.size.to_string());
    let mut attributes = vec![("ID", id.as_str()), ("Boundary", boundary.as_str())];
    if watermark {
        attributes.push(("Alpha", "96"));
    }
    attributes.extend([("Font", "10"), ("Size", size.as_str())]);
    xml.open("ofd:TextObject", &attributes);
    if watermark {
        xml.empty("ofd:FillColor", &[("Value", "255 0 0")]);
    }
    let half = object.size * 500;
    for (k, line) in lines.iter().enumerate() {
        let advance: u32 = line.chars().map(|c| halves(c) * half).sum();
        let x = if object.centred { (object.area[2] * 1000).saturating_sub(advance) / 2 } else { 0 };
        let y = object.size * 880 + object.size * 1400 * u32::try_from(k).unwrap_or(0);
        let count = line.chars().count();
        let deltas: Vec<String> =
            line.chars().take(count.saturating_sub(1)).map(|c| number(halves(c) * half)).collect();
        let (x, y, deltas) = (number(x), number(y), deltas.join(" "));
        let mut attributes = vec![("X", x.as_str()), ("Y", y.as_str())];
        if count > 1 {
            attributes.push(("DeltaX", &deltas));
        }
        xml.leaf("ofd:TextCode", &attributes, line);
    }
    xml.close();
    Ok(())
}

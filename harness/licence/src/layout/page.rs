//! The face page.

use time::Date;

use super::content::{Face, LicenceContent, WriteError};
use super::text::{TextObject, write_text};
use crate::code_lists::{ETHNICITIES, SEXES};
use crate::ofd::write_xml::{Writer, head};

/// `2000年2月29日`.
pub(super) fn birth_text(birth: Date) -> String {
    format!("{}年{}月{}日", birth.year(), u8::from(birth.month()), birth.day())
}

/// `2026.06.01-2046.06.01`, `2026.06.01-长期`.
pub(super) fn validity_text(from: Date, to: Option<Date>) -> String {
    let dots = |date: Date| crate::instant::write_date(date).replace('-', ".");
    format!("{}-{}", dots(from), to.map_or_else(|| "长期".to_owned(), dots))
}

fn name_of(list: &[(&str, &'static str)], code: &str, member: &'static str) -> Result<&'static str, WriteError> {
    list.iter().find(|(found, _)| *found == code).map(|(_, name)| *name).ok_or(WriteError::Code { member })
}

/// 男 or 女.
pub(super) fn sex_text(face: &Face) -> Result<&'static str, WriteError> {
    name_of(SEXES, &face.sex, "holder.sex")
}

/// The name of the ethnicity without 族.
pub(super) fn ethnicity_text(face: &Face) -> Result<&'static str, WriteError> {
    name_of(ETHNICITIES, &face.ethnicity, "holder.ethnicity")
}

/// `Content.xml`.
pub(super) fn write_page(content: &LicenceContent, template: bool) -> Result<Vec<u8>, WriteError> {
    let face = &content.face;
    let birth = birth_text(face.birth);
    let validity = validity_text(content.effective, content.expiring);
    let (sex, ethnicity) = (sex_text(face)?, ethnicity_text(face)?);
    // Label, value, top, height of the value, size of the value, lines, member.
    let rows: [(&str, &str, u32, u32, u32, usize, &'static str); 9] = [
        ("姓名", &face.name, 34, 12, 4, 2, "holder.name"),
        ("性别", sex, 47, 6, 4, 1, "holder.sex"),
        ("民族", ethnicity, 55, 6, 4, 1, "holder.ethnicity"),
        ("出生", &birth, 63, 6, 4, 1, "holder.birthDate"),
        ("住址", &face.address, 71, 18, 4, 3, "holder.address"),
        ("公民身份号码", &face.id_number, 90, 6, 4, 1, "holder.idNumber"),
        ("签发机关", &face.issuing_authority, 98, 12, 4, 2, "holder.issuingAuthority"),
        ("有效期限", &validity, 111, 6, 4, 1, "holder.validity"),
        ("证照标识", &content.identifier, 121, 10, 3, 2, "certificateIdentifier"),
    ];
    let mut objects = vec![
        text(21, &content.name, [15, 10, 180, 10], 8, 1, true, "certificateName"),
        text(22, "电子证照", [15, 22, 180, 7], 5, 1, true, "title"),
    ];
    for (i, (label, value, top, height, size, lines, member)) in (0..).zip(rows) {
        let width = if i == 8 { 153 } else { 104 };
        objects.push(text(30 + i, label, [15, top, 26, 6], 4, 1, false, "label"));
        objects.push(text(40 + i, value, [42, top, width, height], size, lines, false, member));
    }
    objects.push(text(60, super::TEST_MARK, [15, 138, 180, 6], 4, 1, false, "mark"));

    let mut xml = Writer::new(head("ofd:Page"));
    if template {
        xml.empty("ofd:Template", &[("TemplateID", "12"), ("ZOrder", "Background")]);
    }
    xml.open("ofd:Content", &[]);
    xml.open("ofd:Layer", &[("ID", "2"), ("Type", "Body")]);
    xml.empty(
        "ofd:ImageObject",
        &[("ID", "20"), ("Boundary", "158 34 26 32"), ("CTM", "26 0 0 32 0 0"), ("ResourceID", "11")],
    );
    for object in &objects {
        write_text(&mut xml, object, false)?;
    }
    Ok(xml.finish())
}

const fn text<'a>(
    id: u32,
    text: &'a str,
    area: [u32; 4],
    size: u32,
    lines: usize,
    centred: bool,
    member: &'static str,
) -> TextObject<'a> {
    TextObject { id, text, area, size, lines, centred, member }
}

/// `Annotation.xml` of a copy: the visible watermark. Texts are lines of cause, creator, expiry.
pub(super) fn write_watermark(
    creator: &str,
    day: &str,
    cause: &str,
    texts: &[(u32, String, [u32; 4], usize, &'static str)],
) -> Result<Vec<u8>, WriteError> {
    let mut xml = Writer::new(head("ofd:PageAnnot"));
    xml.open("ofd:Annot", &[("ID", "70"), ("Type", "Watermark"), ("Creator", creator), ("LastModDate", day)]);
    xml.leaf("ofd:Remark", &[], cause);
    xml.open("ofd:Appearance", &[("Boundary", "0 0 210 148")]);
    for (id, value, area, lines, member) in texts {
        write_text(&mut xml, &text(*id, value, *area, 4, *lines, false, member), true)?;
    }
    Ok(xml.finish())
}

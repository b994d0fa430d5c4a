//! D: what the file says. All signed by the good issuer or copy maker.

use ecric_licence::file::StepId::{M1, P3};
use ecric_licence::identifier::write_identifier;
use time::macros::datetime;

use super::{JSON, Made, PAGE, PHOTO_FILE, ROOT, TAGS, before};
use crate::licence_file::attack::{
    Attack,
    Redo::{Key, References},
    attack,
};
use crate::licence_file::recipe::{OTHER_PHOTO, Recipe};
use crate::pki::AUTHORITY_A;

fn replaced(recipe: &mut Recipe<'_>, file: &'static str, from: &'static str, to: &'static str) -> Made {
    before(recipe, move |entries| entries.replace(file, from, to))
}

/// Takes one CustomData out.
fn without(recipe: &mut Recipe<'_>, name: &'static str) -> Made {
    before(recipe, move |entries| {
        let root = entries.get(ROOT)?;
        let start = format!("<ofd:CustomData Name=\"{name}\">");
        let value = crate::licence_file::edit::between(&root, &start, "</ofd:CustomData>")?;
        entries.replace(ROOT, &format!("{start}{value}</ofd:CustomData>"), "")
    })
}

const ANNOTATION: &str = "Doc_0/Annots/Page_0/Annotation.xml";
/// A licence type that is none of the resident identity card.
const OTHER_TYPE: &str = "11100000000013127D002";

fn other_type(recipe: &mut Recipe<'_>) -> Made {
    let content = &mut recipe.content;
    if let Ok(identifier) = write_identifier(OTHER_TYPE, AUTHORITY_A.1, "20260101A1B2C3D4E5F6", 1) {
        content.identifier = identifier.as_str().to_owned();
    }
    content.type_code = OTHER_TYPE.to_owned();
    Ok(())
}

/// The last character of the identifier becomes another one, everywhere alike.
fn wrong_check(recipe: &mut Recipe<'_>) -> Made {
    let identifier = &mut recipe.content.identifier;
    let last = identifier.pop();
    identifier.push(if last == Some('7') { '8' } else { '7' });
    Ok(())
}

#[allow(clippy::too_many_lines, reason = "one table")]
pub(super) fn attacks() -> Vec<Attack> {
    let d = |id, codes, comment, edit| attack(id, "orig", References, M1, codes, comment, edit);
    let copy = |id, codes, comment, edit| attack(id, "copy", References, M1, codes, comment, edit);
    vec![
        d("D01", &["META_DUPLICATE"], "item twice, values differ", |r| {
            replaced(
                r,
                ROOT,
                "</ofd:CustomDatas>",
                "<ofd:CustomData Name=\"持证主体\">测试乙</ofd:CustomData></ofd:CustomDatas>",
            )
        }),
        d("D02", &["META_MISMATCH"], "index points at another object's text", |r| replaced(r, TAGS, ">40<", ">46<")),
        d("D03", &["INDEX_BROKEN"], "index points at an object that is not there", |r| {
            replaced(r, TAGS, ">40<", ">99<")
        }),
        d("D04a", &["META_MISMATCH"], "page differs from the metadata", |r| replaced(r, PAGE, ">测试甲<", ">测试乙<")),
        d("D04b", &["META_MISMATCH"], "attachment differs from the metadata", |r| {
            replaced(r, JSON, "\"certificateHolderName\":\"测试甲\"", "\"certificateHolderName\":\"测试乙\"")
        }),
        d("D04c", &["META_MISMATCH"], "attachment differs from the page", |r| {
            replaced(r, JSON, "\"sex\":\"男\"", "\"sex\":\"女\"")
        }),
        d("D04d", &["META_MISMATCH"], "validity on the page differs", |r| {
            replaced(r, PAGE, ">2026.06.01-2046.06.01<", ">2026.06.01-2056.06.01<")
        }),
        d("D05", &["LICENCE_ID_BAD"], "wrong check character in the identifier", wrong_check),
        d("D07a", &["COPY_FIELDS"], "original with an item of a copy", |r| {
            before(r, |entries| {
                let item = "<ofd:CustomData Name=\"加注件制作事由\">办理测试事项</ofd:CustomData></ofd:CustomDatas>";
                entries.replace(ROOT, "</ofd:CustomDatas>", item)?;
                let member = "\"certificateCopyCause\":\"办理测试事项\",\"certificateEffectiveDate\"";
                entries.replace(JSON, "\"certificateEffectiveDate\"", member)
            })
        }),
        d("D07b", &["COPY_FIELDS"], "original that names an original", |r| {
            replaced(r, JSON, "{\"certificateAreaCode\"", "{\"originFileSm3\":\"00\",\"certificateAreaCode\"")
        }),
        copy("D08a", &["COPY_FIELDS", "META_MISMATCH"], "copy without cause", |r| without(r, "加注件制作事由"))
            .knock_on(&["META_MISMATCH", "COPY_FIELDS"]),
        copy("D08b", &["COPY_FIELDS", "META_MISMATCH"], "copy without creator", |r| without(r, "加注件制作者"))
            .knock_on(&["META_MISMATCH", "COPY_FIELDS"]),
        copy("D08c", &["COPY_FIELDS", "META_MISMATCH"], "copy without creation time", |r| without(r, "加注件制作时间"))
            .knock_on(&["META_MISMATCH", "COPY_FIELDS"]),
        copy("D09", &["COPY_EXPIRED"], "copy past its expiry", |r| {
            if let Some(copy) = &mut r.copy {
                copy.expiring = Some(datetime!(2026-06-30 23:59:59 +8));
            }
            Ok(())
        }),
        copy("D09b", &["COPY_FIELDS"], "copy that expires before it was made", |r| {
            if let Some(copy) = &mut r.copy {
                copy.expiring = Some(datetime!(2026-06-01 0:00 +8));
            }
            Ok(())
        })
        .knock_on(&["COPY_EXPIRED"]),
        attack("D10a", "copy", Key, M1, &["COPY_SIGNER"], "creator is not the signer", |r| {
            if let Some(copy) = &mut r.copy {
                copy.creator = "测试其他机构".to_owned();
            }
            Ok(())
        }),
        attack("D10b", "copy", Key, P3, &["SIGNER_ROLE"], "copy signed by a leaf with another role", |r| {
            let signer = r.pki.get("XG18");
            r.sign_as(signer.certificate.der().to_vec(), signer.key.clone());
            Ok(())
        })
        .knock_on(&["CERT_USAGE", "COPY_SIGNER"]),
        copy("D11a", &["META_MISMATCH"], "watermark hidden", |r| {
            replaced(r, ANNOTATION, "Type=\"Watermark\"", "Type=\"Watermark\" Visible=\"false\"")
        }),
        copy("D11b", &["META_MISMATCH"], "watermark with another cause", |r| {
            replaced(r, ANNOTATION, ">加注件用途：办理测试事项<", ">加注件用途：办理其他事项<")
        }),
        d("D12a", &["INDEX_BROKEN"], "indexed object hidden", |r| {
            replaced(r, PAGE, "<ofd:TextObject ID=\"40\"", "<ofd:TextObject ID=\"40\" Visible=\"false\"")
        }),
        d("D12b", &["INDEX_BROKEN"], "indexed object outside the page", |r| {
            replaced(r, PAGE, "\"42 34 104 12\"", "\"420 34 104 12\"")
        }),
        d("D12c", &["INDEX_BROKEN"], "indexed object under an opaque one", |r| {
            replaced(
                r,
                PAGE,
                "</ofd:Layer>",
                "<ofd:PathObject ID=\"59\" Boundary=\"40 30 110 20\" Fill=\"true\"><ofd:AbbreviatedData>M 0 0</ofd:AbbreviatedData></ofd:PathObject></ofd:Layer>",
            )
        }),
        d("D13", &["TYPE_CODE"], "type code of another licence", other_type),
        d("D14a", &["META_MISSING"], "mandatory item missing", |r| without(r, "证照颁发机构"))
            .knock_on(&["META_MISMATCH"]),
        d("D14b", &["META_MISSING"], "metadata under a misspelt element", |r| {
            replaced(
                r,
                ROOT,
                "<ofd:CustomData Name=\"证照版本号\">001</ofd:CustomData>",
                "<ofd:CuslomData Name=\"证照版本号\">001</ofd:CuslomData>",
            )
        })
        .knock_on(&["META_MISMATCH"]),
        d("D15", &["META_MISMATCH"], "photo is another one", |r| {
            before(r, |entries| {
                entries.put(PHOTO_FILE, OTHER_PHOTO);
                Ok(())
            })
        }),
        d("D17", &["META_MISMATCH"], "attachment that is no JSON", |r| {
            before(r, |entries| {
                entries.put(JSON, "{");
                Ok(())
            })
        }),
        d("D18", &["META_MISSING"], "attachment required, none there", |r| {
            r.variant.no_attachment = true;
            Ok(())
        })
        .when(&[("attachment", "required")]),
    ]
}

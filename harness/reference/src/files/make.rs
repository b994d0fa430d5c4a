//! Originals and annotated copies of a stored licence. The same licence gives the same original.

use ecric_gm::encoding::from_b64;
use ecric_gm::sm3;
use ecric_licence::code_lists::is_ethnicity;
use ecric_licence::instant::parse_date;
use ecric_licence::layout::{
    CAUSE_MAX, CopyContent, Draft, LicenceContent, Variant, WriteError, copy_entries, original_entries,
};
use ecric_licence::metadata::{CERTIFICATE_NAME, ISSUING_AUTHORITY_CODE, ISSUING_AUTHORITY_NAME, TYPE_NAME};
use ecric_licence::ofd::zip::write_package;
use ecric_licence::seal::picture_size;
use ecric_model::binding::ErrorCode;
use time::{Date, OffsetDateTime};

use super::pki::{COPY_MAKER, Pki};
use crate::behaviour::Behaviour;
use crate::clock::from_unix;
use crate::errors::ApiError;
use crate::face::Face;
use crate::store::licences::LicenceRow;

/// The drawn shape that stands for a missing portrait.
const PHOTO: &[u8] = include_bytes!("../../assets/photo.jpg");
/// Size that is stated for a photo whose head cannot be read.
const PHOTO_SIZE: (u32, u32) = (358, 441);

fn internal() -> ApiError {
    ApiError::new(ErrorCode::Internal, "internal error")
}

/// A text that does not fit the page or the file, as a refusal.
fn refusal(error: &WriteError) -> ApiError {
    let member = match error {
        WriteError::Character { member }
        | WriteError::Lines { member, .. }
        | WriteError::Code { member }
        | WriteError::Length { member, .. } => member,
    };
    ApiError::invalid(member, "cannot be written to the licence file")
}

fn day(text: &str) -> Result<Date, ApiError> {
    parse_date(text).map_err(|_| internal())
}

fn content(row: &LicenceRow, face: &Face, behaviour: &Behaviour) -> Result<LicenceContent, ApiError> {
    let photo = face.photo.as_deref().and_then(|text| from_b64(text).ok()).unwrap_or_else(|| PHOTO.to_vec());
    let photo_size = picture_size(&photo).unwrap_or(PHOTO_SIZE);
    let mut content = LicenceContent {
        name: CERTIFICATE_NAME.to_owned(),
        type_name: TYPE_NAME.to_owned(),
        type_code: row.type_code.clone(),
        identifier: row.identifier.clone(),
        version: format!("{:03}", row.version),
        authority_name: ISSUING_AUTHORITY_NAME.to_owned(),
        authority_code: ISSUING_AUTHORITY_CODE.to_owned(),
        issued: day(&row.issued_date)?,
        effective: day(&row.effective_date)?,
        expiring: row.expiring_date.as_deref().map(day).transpose()?,
        area_code: face.id_number.get(..6).unwrap_or_default().to_owned(),
        previous: row.previous_identifier.clone(),
        face: ecric_licence::layout::Face {
            name: face.name.clone(),
            sex: face.sex.clone(),
            ethnicity: face.ethnicity.clone(),
            birth: day(&face.birth_date)?,
            address: face.address.clone(),
            id_number: face.id_number.clone(),
            issuing_authority: face.issuing_authority.clone(),
        },
        photo,
        photo_size,
    };
    if behaviour.any_ethnicity_accepted() && !is_ethnicity(&face.ethnicity) {
        // No name to print: 其他.
        content.face.ethnicity = "97".to_owned();
    }
    if behaviour.file_shows_other_address() {
        content.face.address = "测试省测试市另一路9号".to_owned();
    }
    if behaviour.file_of_other_version() {
        content.version = "009".to_owned();
    }
    Ok(content)
}

/// The sealed original.
pub(crate) fn original(pki: &Pki, row: &LicenceRow, face: &Face, behaviour: &Behaviour) -> Result<Vec<u8>, ApiError> {
    if behaviour.file_is_pdf() {
        return Ok(b"%PDF-1.7 licence".to_vec());
    }
    let content = content(row, face, behaviour)?;
    let mut entries = original_entries(&content, &Variant::default()).map_err(|error| refusal(&error))?;
    distort(&mut entries, behaviour);
    let mut draft = Draft::original(entries, &pki.seal, from_unix(row.signed_at));
    if behaviour.file_photo_uncovered() {
        draft.file.references.retain(|reference| !reference.file_ref.ends_with("photo.jpg"));
    }
    if behaviour.file_digest_md5() {
        draft.file.check_method = None;
    }
    let signer = if behaviour.file_signed_by_copier() { &pki.copier } else { &pki.issuer };
    let mut files = draft.seal(signer.certificate.der(), &signer.key).map_err(|_| internal())?;
    if behaviour.file_seal_broken()
        && let Some(value) = files.get_mut(ecric_licence::layout::draft::VALUE)
        && let Some(last) = value.last_mut()
    {
        *last ^= 1;
    }
    if behaviour.file_unsealed() {
        files.retain(|name, _| !name.starts_with("Doc_0/Signs/Sign_0"));
    }
    Ok(write_package(&files))
}

/// What faulty issuers write.
fn distort(entries: &mut std::collections::BTreeMap<String, Vec<u8>>, behaviour: &Behaviour) {
    let mut replace = |file: &str, from: &str, to: &str| {
        if let Some(content) = entries.get_mut(file) {
            *content = String::from_utf8_lossy(content).replace(from, to).into_bytes();
        }
    };
    if behaviour.file_metadata_misspelt() {
        replace("OFD.xml", "ofd:CustomData ", "ofd:CuslomData ");
        replace("OFD.xml", "/ofd:CustomData>", "/ofd:CuslomData>");
    }
    if behaviour.file_metadata_missing() {
        replace("OFD.xml", "证照版本号", "版本");
    }
    if behaviour.file_page_differs() {
        replace("Doc_0/Pages/Page_0/Content.xml", "日<", "月<");
    }
    if behaviour.file_carries_cause() {
        let item = "<ofd:CustomData Name=\"加注件制作事由\">办理</ofd:CustomData></ofd:CustomDatas>";
        replace("OFD.xml", "</ofd:CustomDatas>", item);
    }
    if behaviour.file_with_script() {
        let action =
            "<ofd:Actions><ofd:Action Event=\"DO\"><ofd:URI URI=\"http://127.0.0.1:9/\"/></ofd:Action></ofd:Actions>";
        replace("Doc_0/Document.xml", "<ofd:CustomTags>", &format!("{action}<ofd:CustomTags>"));
    }
}

/// What a copy is made for.
pub(crate) struct CopyRequest {
    pub(crate) cause: String,
    pub(crate) created: OffsetDateTime,
    pub(crate) expiring: Option<OffsetDateTime>,
}

/// An annotated copy, signed by the sharing service.
pub(crate) fn copy(
    pki: &Pki,
    row: &LicenceRow,
    face: &Face,
    request: &CopyRequest,
    behaviour: &Behaviour,
) -> Result<Vec<u8>, ApiError> {
    let content = content(row, face, behaviour)?;
    let origin = original(pki, row, face, behaviour)?;
    let copied = CopyContent {
        created: request.created,
        creator: COPY_MAKER.0.to_owned(),
        cause: match request.cause.char_indices().nth(CAUSE_MAX) {
            Some((end, _)) if behaviour.long_causes_cut() => request.cause[..end].to_owned(),
            _ => request.cause.clone(),
        },
        expiring: request.expiring.filter(|_| !behaviour.copy_expiry_lost()),
        origin_sm3: sm3::digest(&origin),
    };
    let mut entries = copy_entries(&content, &copied).map_err(|error| refusal(&error))?;
    if behaviour.copy_cause_hidden() {
        let file = "Doc_0/Annots/Page_0/Annotation.xml";
        if let Some(content) = entries.get_mut(file) {
            let text =
                String::from_utf8_lossy(content).replace("Type=\"Watermark\"", "Type=\"Watermark\" Visible=\"false\"");
            *content = text.into_bytes();
        }
    }
    if behaviour.copy_cause_lost()
        && let Some(content) = entries.get_mut("OFD.xml")
    {
        *content = String::from_utf8_lossy(content).replace("加注件制作事由", "制作事由").into_bytes();
    }
    let signer = if behaviour.copy_signed_by_issuer() { &pki.issuer } else { &pki.copier };
    let draft = Draft::copy(entries, request.created);
    let files =
        draft.sign(&signer.certificate, &signer.key, &[&pki.intermediate.certificate]).map_err(|_| internal())?;
    Ok(write_package(&files))
}

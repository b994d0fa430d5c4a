//! What a licence file says.

use time::{Date, OffsetDateTime};

use crate::ofd::write_xml::is_writable;

/// The face of the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// Name, 1 to 50 characters.
    pub name: String,
    /// GB/T 2261.1: `1` or `2`.
    pub sex: String,
    /// GB/T 3304 code.
    pub ethnicity: String,
    /// Birth.
    pub birth: Date,
    /// Address, 1 to 70 characters.
    pub address: String,
    /// Citizen number.
    pub id_number: String,
    /// Signing authority.
    pub issuing_authority: String,
}

/// Everything an original says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenceContent {
    /// 证照名称.
    pub name: String,
    /// 证照类型名称.
    pub type_name: String,
    /// 证照类型代码, 21 characters.
    pub type_code: String,
    /// 证照标识.
    pub identifier: String,
    /// 证照版本号, three digits.
    pub version: String,
    /// 证照颁发机构.
    pub authority_name: String,
    /// 证照颁发机构代码, 18 characters.
    pub authority_code: String,
    /// 证照颁发日期.
    pub issued: Date,
    /// 证照有效期起始日期.
    pub effective: Date,
    /// 证照有效期截止日期; `None` for long-term.
    pub expiring: Option<Date>,
    /// 证照所属管辖区划, six digits.
    pub area_code: String,
    /// 关联证照标识.
    pub previous: Option<String>,
    /// The face.
    pub face: Face,
    /// JPEG bytes, copied unchanged.
    pub photo: Vec<u8>,
    /// Width and height of the photo in pixels, as stated in the JSON.
    pub photo_size: (u32, u32),
}

/// What an annotated copy (加注件) adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyContent {
    /// 加注件制作时间.
    pub created: OffsetDateTime,
    /// 加注件制作者, at most 60 characters.
    pub creator: String,
    /// 加注件制作事由, 1 to 200 characters.
    pub cause: String,
    /// 加注件有效期截止时间.
    pub expiring: Option<OffsetDateTime>,
    /// SM3 of the original package.
    pub origin_sm3: [u8; 32],
}

/// Differences between the base files of the vector set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variant {
    /// Leaves out the attached JSON.
    pub no_attachment: bool,
    /// Embeds these font bytes.
    pub font: Option<Vec<u8>>,
    /// Puts a page template under the page.
    pub template: bool,
    /// Adds a harmless annotation.
    pub annotation: bool,
}

/// Why a file cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A text with characters that XML or the layout does not allow.
    #[error("{member} holds a character that may not be written")]
    Character {
        /// The member.
        member: &'static str,
    },
    /// A text that does not fit its box on the page.
    #[error("{member} takes {found} lines, at most {wanted}")]
    Lines {
        /// The member.
        member: &'static str,
        /// Lines needed.
        found: usize,
        /// Lines there are.
        wanted: usize,
    },
    /// A code that the face has no text for.
    #[error("{member} has no text on the face")]
    Code {
        /// The member.
        member: &'static str,
    },
    /// A text of the wrong length.
    #[error("{member} of {found} characters, wanted {from} to {to}")]
    Length {
        /// The member.
        member: &'static str,
        /// Characters found.
        found: usize,
        /// Fewest.
        from: usize,
        /// Most.
        to: usize,
    },
}

pub(super) fn writable(member: &'static str, text: &str) -> Result<(), WriteError> {
    if is_writable(text) { Ok(()) } else { Err(WriteError::Character { member }) }
}

impl LicenceContent {
    /// The value of a metadata item of [`super::ITEMS`], rows 0 to 17; `None` when it has none.
    pub(super) fn item(&self, row: usize) -> Option<String> {
        let day = |date: Date| crate::instant::write_date(date).replace('-', "");
        Some(match row {
            0 => super::LAYOUT.to_owned(),
            1 => self.name.clone(),
            2 => self.type_name.clone(),
            3 => self.type_code.clone(),
            4 | 11 => self.face.id_number.clone(),
            5 => self.identifier.clone(),
            6 => self.version.clone(),
            7 => self.authority_name.clone(),
            8 => self.authority_code.clone(),
            9 => day(self.issued),
            10 => self.face.name.clone(),
            12 => crate::metadata::HOLDER_TYPE_NAME.to_owned(),
            13 => crate::code_lists::HOLDER_TYPE_CITIZEN.to_owned(),
            14 => day(self.effective),
            15 => day(self.expiring?),
            16 => self.area_code.clone(),
            17 => self.previous.clone()?,
            _ => return None,
        })
    }

    pub(super) fn check(&self) -> Result<(), WriteError> {
        let texts = [
            ("certificateName", &self.name),
            ("certificateTypeName", &self.type_name),
            ("certificateIssuingAuthorityName", &self.authority_name),
            ("holder.name", &self.face.name),
            ("holder.address", &self.face.address),
            ("holder.issuingAuthority", &self.face.issuing_authority),
        ];
        texts.into_iter().try_for_each(|(member, text)| writable(member, text))
    }
}

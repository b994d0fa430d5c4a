//! Layout `ecric-ofd-1`: how the reference issuer writes a licence file (ours throughout).
//!
//! A writer's rule: two writers that follow it give the same bytes for every file that holds no key
//! material. A product under test may write any strict file. Sizes in mm. The reader that judges
//! files is in [`crate::file`]; it shares the names of this module and none of its code.

mod content;
mod copy;
pub mod draft;
mod original;
mod page;
mod text;

pub use content::{CopyContent, Face, LicenceContent, Variant, WriteError};
pub use copy::{CAUSE_MAX, CREATOR_MAX, copy_entries};
pub use draft::Draft;
pub use original::original_entries;

/// Name of the layout, in the first CustomData and in the index.
pub const LAYOUT: &str = "ecric-ofd-1";
/// Namespace of the index.
pub const INDEX_NAMESPACE: &str = "urn:ecric:licence:1";
/// Usage of the attached JSON.
pub const ATTACHMENT_USAGE: &str = "ecric:licence";
/// MIME type of the package.
pub const MIME: &str = "application/ofd";

/// Names of the metadata items (GB/T 36903 item names, as practice writes them) and the member of
/// binding v1 each stands for, in the order of the file. Row 0 is the layout.
pub const ITEMS: &[(&str, &str)] = &[
    ("ecric.layout", ""),
    ("证照名称", "certificateName"),
    ("证照类型名称", "certificateTypeName"),
    ("证照类型代码", "certificateTypeCode"),
    ("证照编号", "certificateNumber"),
    ("证照标识", "certificateIdentifier"),
    ("证照版本号", "certificateVersion"),
    ("证照颁发机构", "certificateIssuingAuthorityName"),
    ("证照颁发机构代码", "certificateIssuingAuthorityCode"),
    ("证照颁发日期", "certificateIssuedDate"),
    ("持证主体", "certificateHolderName"),
    ("持证主体代码", "certificateHolderCode"),
    ("持证主体代码类型", "certificateHolderTypeName"),
    ("持证主体代码类型代码", "certificateHolderTypeCode"),
    ("证照有效期起始日期", "certificateEffectiveDate"),
    ("证照有效期截止日期", "certificateExpiringDate"),
    ("证照所属管辖区划", "certificateAreaCode"),
    ("关联证照标识", "previousCertificateIdentifier"),
    ("加注件制作时间", "certificateCopyCreationTime"),
    ("加注件制作者", "certificateCopyCreator"),
    ("加注件制作事由", "certificateCopyCause"),
    ("加注件有效期截止时间", "certificateCopyExpiringTime"),
];

/// The pinyin dialect of [`ITEMS`]; empty where it has no name. Two names are formed by analogy.
pub const PINYIN: &[&str] = &[
    "ecric.layout",
    "ZZMC",
    "ZZLXMC",
    "ZZLXDM",
    "ZZBH",
    "ZZBS",
    "ZZBBH",
    "ZZBFJG",
    "ZZBFJGDM",
    "ZZBFRQ",
    "CZZT",
    "CZZTDM",
    "CZZTDMLX",
    "CZZTDMLXDM",
    "ZZYXQQSRQ",
    "ZZYXQJZRQ",
    "",
    "",
    "JZJZZSJ",
    "JZJZZZ",
    "JZJZZSY",
    "JZJYXQJZSJ",
];

/// Index items: name, key, object of the page.
pub const INDEX: &[(&str, &str, u32)] = &[
    ("证照名称", "certificateName", 21),
    ("姓名", "holder.name", 40),
    ("性别", "holder.sex", 41),
    ("民族", "holder.ethnicity", 42),
    ("出生", "holder.birthDate", 43),
    ("住址", "holder.address", 44),
    ("公民身份号码", "holder.idNumber", 45),
    ("签发机关", "holder.issuingAuthority", 46),
    ("有效期限", "holder.validity", 47),
    ("证照标识", "certificateIdentifier", 48),
    ("相片", "holder.photo", 20),
];

/// Text of the mark that every file of this suite carries.
pub const TEST_MARK: &str = "测试专用 不具法律效力";

#[cfg(test)]
mod tests;

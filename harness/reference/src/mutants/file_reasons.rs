//! Mutants of the verifier of files that leave out one check, or one family of checks: their reasons are
//! not looked at. They show for every attack that the case about it notices its own check.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// A mutant that does not look at some reasons.
macro_rules! blind {
    ($id:literal, $case:literal, $en:literal, $zh:literal, [$($code:literal),+]) => {
        mutant($id, $case, concat!($en, " not looked at"), concat!("不检查", $zh), |b| b.ignored_reasons = &[$($code),+])
    };
}

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    blind!("M-FIL-007-b", "FIL-007/05", "the form of seal signatures is", "印章签名结构", ["SES_MALFORMED"]),
    blind!(
        "M-FIL-008-c",
        "FIL-008/15",
        "range and coverage of the references are",
        "引用范围与覆盖",
        ["EMPTY_OR_PARTIAL_RANGE", "UNCOVERED_FILE", "UNCOVERED_ROOT"]
    ),
    blind!(
        "M-FIL-009-c",
        "FIL-009/01",
        "missing and repeated items are",
        "缺失与重复的元素",
        ["META_DUPLICATE", "META_MISSING"]
    ),
    blind!("M-FIL-009-d", "FIL-009/08", "the items of copies are", "加注件元素", ["COPY_FIELDS"]),
    blind!(
        "M-FIL-012-c",
        "FIL-012/28",
        "limits of size, number and depth are",
        "大小、数量与深度限值",
        ["NESTED_LIMIT", "PICTURE_LIMIT", "XML_LIMIT", "ZIP_LIMIT", "ZIP_COUNT", "ZIP_NESTED"]
    ),
    blind!(
        "M-FIL-012-d",
        "FIL-012/35",
        "the names of entries are",
        "条目名称",
        ["ZIP_BAD_NAME", "ZIP_NAME_COLLISION", "ZIP_PATH_ESCAPE"]
    ),
    blind!(
        "M-FIL-012-e",
        "FIL-012/48",
        "bytes that belong to no entry are",
        "不属于任何条目的字节",
        ["ZIP_OVERLAP", "ZIP_HIDDEN_ENTRY", "ZIP_SLACK_BYTES", "ZIP_DIR_DATA"]
    ),
    blind!(
        "M-FIL-012-f",
        "FIL-012/43",
        "the headers of entries are",
        "条目头",
        ["ZIP_HEADER_MISMATCH", "ZIP_DESCRIPTOR", "ZIP_CRC", "ZIP_UNSUPPORTED"]
    ),
    blind!("M-FIL-012-g", "FIL-012/67", "document type definitions are", "文档类型定义", ["XML_DTD"]),
    blind!(
        "M-FIL-012-h",
        "FIL-012/79",
        "encoding and spelling of XML are",
        "XML编码与书写",
        ["XML_ENCODING", "XML_TEXT", "XML_MALFORMED"]
    ),
    blind!(
        "M-FIL-012-i",
        "FIL-012/73",
        "namespace and structure of XML are",
        "XML命名空间与结构",
        ["XML_NAMESPACE", "XML_STRUCTURE"]
    ),
    blind!(
        "M-FIL-012-j",
        "FIL-012/05",
        "paths of references are",
        "引用路径",
        ["BAD_PATH", "MISSING_REF", "DUPLICATE_REF"]
    ),
    blind!(
        "M-FIL-012-k",
        "FIL-012/01",
        "documents and versions beyond the first are",
        "首个文档与版本之外的内容",
        ["MULTI_DOC", "VERSION_AFTER_SIGN", "DOC_TYPE", "OFD_ENTRY"]
    ),
    blind!(
        "M-FIL-012-l",
        "FIL-012/19",
        "the encoding of seals, signatures and attachments is",
        "印章、签名与附件的编码",
        ["DER_NON_CANONICAL", "CMS_MALFORMED", "BASE64_FORM"]
    ),
    blind!(
        "M-FIL-012-m",
        "FIL-012/26",
        "time and number of a signature are",
        "签名的时间与编号",
        ["TIME_FORM", "SIGNATURE_ID"]
    ),
    blind!(
        "M-FIL-021-b",
        "FIL-021/03",
        "what a further signer signed is",
        "多余签名者所签内容",
        ["EXTRA_SIGNER", "DIGEST_MISMATCH"]
    ),
    blind!(
        "M-FIL-021-e",
        "FIL-021/01",
        "what a signature covers is",
        "签名覆盖内容",
        ["EMPTY_OR_PARTIAL_RANGE", "UNCOVERED_FILE", "UNCOVERED_ROOT", "STRAY_ENTRY"]
    ),
    blind!("M-FIL-021-c", "FIL-021/02", "the type of a signature is", "签名类型", ["TYPE_MISMATCH"]),
    blind!(
        "M-FIL-021-d",
        "FIL-021/04",
        "the role of the signer is",
        "签名者角色",
        ["SIGNER_ROLE", "ISSUER_MISMATCH", "COPY_SIGNER"]
    ),
    blind!(
        "M-FIL-022-b",
        "FIL-022/01",
        "the licence identifier in the file is",
        "文件内的证照标识",
        ["LICENCE_ID_BAD"]
    ),
    blind!("M-PKI-001-b", "PKI-001/05", "the method of the signature is", "签名算法", ["SIG_METHOD"]),
    blind!("M-PKI-002-b", "PKI-002/04", "the chain is", "证书链", ["CERT_CHAIN"]),
    mutant("M-PKI-002-f", "PKI-002/07", "authorities of a path are not judged", "不判断路径中的CA证书", |b| {
        b.paths_not_judged = ON
    }),
    mutant(
        "M-PKI-002-g",
        "PKI-002/12",
        "key identifiers of a path may differ",
        "证书路径密钥标识可不一致",
        |b| b.key_identifiers_ignored = ON,
    ),
    blind!("M-PKI-002-c", "PKI-002/26", "the mark of test certificates is", "测试证书标记", ["CERT_ENVIRONMENT"]),
    blind!("M-PKI-002-d", "PKI-002/15", "the form of certificates is", "证书结构", ["CERT_MALFORMED"]),
    blind!("M-PKI-002-e", "PKI-002/01", "the purpose of a certificate is", "证书用途", ["CERT_USAGE"]),
    blind!("M-PKI-003-b", "PKI-003/02", "the first day of a certificate is", "证书生效时间", ["CERT_NOT_YET_VALID"]),
    blind!(
        "M-PKI-003-c",
        "PKI-003/06",
        "the validity of a seal is",
        "印章有效期",
        ["SEAL_EXPIRED", "SEAL_NOT_YET_VALID", "SEAL_TIME_FORM"]
    ),
    blind!("M-PKI-003-d", "PKI-003/04", "two times that disagree are", "相互矛盾的时间", ["TIME_DISAGREES"]),
    blind!("M-PKI-003-e", "PKI-003/01", "a time in the future is", "未来的时间", ["TIME_FUTURE"]),
    blind!("M-PKI-003-f", "PKI-003/10", "a missing time stamp is", "缺失的时间戳", ["TS_MISSING"]),
    blind!("M-PKI-005-b", "PKI-005/01", "the time stamp is", "时间戳", ["TS_INVALID"]),
    blind!("M-PKI-006-c", "PKI-006/13", "the root of the seal maker is", "制章者的根证书", ["CERT_UNTRUSTED"]),
    blind!("M-PKI-006-d", "PKI-006/09", "the separate seal file is", "单独的印章文件", ["SEAL_FILE_MISMATCH"]),
    blind!("M-PKI-006-e", "PKI-006/16", "the place of the stamp is", "印章位置", ["STAMP_PLACE"]),
    blind!(
        "M-PKI-006-f",
        "PKI-006/01",
        "versions of seal and signature are",
        "印章与签名的版本",
        ["VERSION_MIX", "VERSION_REFUSED"]
    ),
    blind!("M-PKI-007-b", "PKI-007/11", "the public key is", "公钥", ["KEY_BAD"]),
    blind!("M-PKI-007-c", "PKI-007/16", "the signer identifier is", "签名者标识", ["SIG_SIGNER_ID"]),
    blind!("M-PKI-007-d", "PKI-007/01", "the value of the signature is", "签名值", ["SM2_BAD"]),
    blind!(
        "M-FIL-006-c",
        "FIL-006/01",
        "what was added after sealing is",
        "封章后添加的内容",
        ["MULTI_DOC", "VERSION_AFTER_SIGN", "DIGEST_MISMATCH", "UNCOVERED_FILE"]
    ),
    blind!(
        "M-FIL-009-e",
        "FIL-009/10",
        "the three statements of an item are",
        "同一元素的三处内容",
        ["META_MISMATCH", "META_MISSING", "META_DUPLICATE", "COPY_FIELDS", "INDEX_BROKEN"]
    ),
];

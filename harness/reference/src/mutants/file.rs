//! Mutants of the area file.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("M-FIL-001-a", "FIL-001/01", "the file is a PDF", "文件为PDF", |b| b.file_is_pdf = ON),
    mutant("M-FIL-002-a", "FIL-002/01", "one metadata item is missing", "缺一项元数据", |b| {
        b.file_metadata_missing = ON
    }),
    mutant("M-FIL-003-a", "FIL-003/01", "the page shows another address", "版面住址不同", |b| {
        b.file_shows_other_address = ON
    }),
    mutant("M-FIL-004-a", "FIL-004/01", "metadata are spelt CuslomData", "元数据拼作CuslomData", |b| {
        b.file_metadata_misspelt = ON
    }),
    mutant("M-FIL-005-a", "FIL-005/01", "the seal value is broken", "签章值损坏", |b| b.file_seal_broken = ON),
    mutant("M-FIL-005-b", "FIL-005/02", "the photo is not covered", "照片未被覆盖", |b| {
        b.file_photo_uncovered = ON
    }),
    mutant("M-FIL-005-c", "FIL-005/01", "there is no seal", "没有签章", |b| b.file_unsealed = ON),
    mutant("M-FIL-010-a", "FIL-010/01", "the cause is not visible", "事由不可见", |b| b.copy_cause_hidden = ON),
    mutant("M-FIL-013-a", "FIL-013/01", "the announced digest is wrong", "公布的摘要错误", |b| {
        b.file_sm3_wrong = ON
    }),
    mutant("M-FIL-014-a", "FIL-014/02", "everybody gets originals", "任何调用方都可取原件", |b| {
        b.original_for_everyone = ON
    }),
    mutant("M-FIL-015-a", "FIL-015/01", "an original is signed anew each time", "每次重新签原件", |b| {
        b.original_resigned_each_time = ON
    }),
    mutant("M-FIL-016-a", "FIL-016/02", "a link works twice", "链接可用两次", |b| b.url_works_twice = ON),
    mutant("M-FIL-017-a", "FIL-017/01", "link ids count up", "链接编号递增", |b| b.url_guessable = ON),
    mutant("M-FIL-018-a", "FIL-018/02", "an expiry in the past is accepted", "接受已过的截止时间", |b| {
        b.copy_expiry_in_past_accepted = ON
    }),
    mutant("M-FIL-018-b", "FIL-018/04", "a cause of 201 characters is cut", "201个字符的事由被截断", |b| {
        b.cause_of_201_accepted = ON;
        b.long_causes_cut = ON;
    }),
    mutant("M-FIL-019-a", "FIL-019/01", "the issuer's key signs copies", "用签发密钥签加注件", |b| {
        b.copy_signed_by_issuer = ON
    }),
    mutant("M-FIL-020-a", "FIL-020/01", "the file contains a script", "文件含脚本", |b| b.file_with_script = ON),
    mutant("M-FIL-023-a", "FIL-023/01", "the page differs from the metadata", "版面与元数据不同", |b| {
        b.file_page_differs = ON
    }),
    mutant("M-FIL-003-b", "FIL-003/01", "the file is one of another version", "文件属其他版本", |b| {
        b.file_of_other_version = ON
    }),
    mutant("M-FIL-024-a", "FIL-024/01", "links never expire", "链接永不失效", |b| b.url_never_expires = ON),
    mutant("M-FIL-025-a", "FIL-025/01", "handing out a file is not audited", "提供文件未审计", |b| {
        b.file_not_audited = ON
    }),
    mutant("M-FIL-026-a", "FIL-026/02", "an empty list of formats is accepted", "接受空格式列表", |b| {
        b.empty_formats_accepted = ON
    }),
    mutant("M-MD-013-a", "MD-013/01", "the cause is lost", "丢失事由", |b| b.copy_cause_lost = ON),
    mutant("M-MD-013-b", "MD-013/02", "the expiry is lost", "丢失截止时间", |b| b.copy_expiry_lost = ON),
    mutant("M-MD-013-c", "MD-013/03", "an original carries a cause", "原件带有事由", |b| {
        b.file_carries_cause = ON
    }),
    mutant("M-MD-013-d", "MD-013/01", "instead of a copy the original is given", "以原件代替加注件", |b| {
        b.copy_is_original = ON
    }),
    mutant("M-PKI-010-a", "PKI-010/01", "the anchors change after signing", "签名后改动信任锚", |b| {
        b.anchors_changed_after_signing = ON
    }),
    mutant("M-PKI-010-b", "PKI-010/01", "the anchors are not signed", "信任锚未签名", |b| {
        b.anchors_unsigned = ON
    }),
    mutant("M-PKI-011-a", "PKI-011/01", "the anchors are outdated", "信任锚已过期", |b| b.anchors_outdated = ON),
    mutant("M-PKI-012-a", "PKI-012/01", "the signer is not listed", "签名者未列出", |b| b.signer_not_listed = ON),
    mutant("M-PKI-012-b", "PKI-012/01", "the maker of copies signs originals", "加注方签原件", |b| {
        b.file_signed_by_copier = ON
    }),
    mutant("M-PKI-013-a", "PKI-013/01", "the issuer's key signs the status", "用签发密钥签状态", |b| {
        b.status_signed_by_issuer = ON
    }),
    mutant("M-PKI-013-b", "PKI-013/01", "the status is not signed", "状态未签名", |b| b.status_unsigned = ON),
    mutant("M-PKI-014-a", "PKI-014/02", "the list leaves out suspended licences", "列表遗漏已暂停证照", |b| {
        b.list_without_suspended = ON
    }),
    mutant("M-PKI-014-b", "PKI-014/01", "an unknown key signs the list", "未知密钥签状态列表", |b| {
        b.list_signed_by_other = ON
    }),
    mutant("M-PKI-014-c", "PKI-014/01", "the list is outdated", "状态列表已过期", |b| b.list_outdated = ON),
    mutant("M-PKI-015-a", "PKI-015/01", "files are digested with MD5", "文件用MD5摘要", |b| {
        b.file_digest_md5 = ON
    }),
    mutant(
        "M-FIL-026-b",
        "FIL-026/03",
        "a format that is not declared is called invalid",
        "未声明的格式被答为非法",
        |b| b.undeclared_format_called_invalid = ON,
    ),
    mutant(
        "M-FIL-026-c",
        "FIL-026/05",
        "an unknown format is called unsupported",
        "未知格式被答为不支持",
        |b| b.unknown_format_called_unsupported = ON,
    ),
];

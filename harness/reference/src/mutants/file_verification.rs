//! Mutants of the area file-verification.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("M-FIL-006-a", "FIL-006/03", "changed protected data pass", "受保护数据改动未被发现", |b| {
        b.ignored_reasons = &["DATAHASH_MISMATCH", "PROPERTY_MISMATCH"]
    }),
    mutant(
        "M-FIL-006-b",
        "FIL-006/06",
        "a description of another file passes",
        "他文件的签名描述未被发现",
        |b| b.ignored_reasons = &["DIGEST_MISMATCH"],
    ),
    mutant("M-FIL-007-a", "FIL-007/01", "a file without a signature passes", "无签名的文件被接受", |b| {
        b.ignored_reasons = &["NO_SIGNATURE", "SIGNATURE_LIST_BROKEN", "STRAY_ENTRY"]
    }),
    mutant("M-FIL-008-a", "FIL-008/01", "an uncovered OFD.xml passes", "OFD.xml未被覆盖仍接受", |b| {
        b.ignored_reasons = &["UNCOVERED_ROOT"]
    }),
    mutant("M-FIL-008-b", "FIL-008/03", "an uncovered page passes", "页面未被覆盖仍接受", |b| {
        b.ignored_reasons = &["UNCOVERED_FILE"]
    }),
    mutant("M-FIL-009-a", "FIL-009/02", "the page is not compared", "不比对版面", |b| {
        b.ignored_reasons = &["META_MISMATCH"]
    }),
    mutant("M-FIL-009-b", "FIL-009/03", "the index is not compared", "不比对标引", |b| {
        b.ignored_reasons = &["INDEX_BROKEN"]
    }),
    mutant("M-FIL-011-a", "FIL-011/01", "the expiry of a copy is not looked at", "不查加注件截止时间", |b| {
        b.ignored_reasons = &["COPY_EXPIRED"]
    }),
    mutant("M-FIL-012-a", "FIL-012/31", "names given twice pass", "重名条目被接受", |b| {
        b.ignored_reasons = &["ZIP_DUPLICATE_NAME"]
    }),
    mutant("M-FIL-012-b", "FIL-012/11", "active content passes", "活动内容被接受", |b| {
        b.ignored_reasons = &["ACTIVE_CONTENT"]
    }),
    mutant("M-FIL-021-a", "FIL-021/07", "anybody may sign a copy", "任何人可签加注件", |b| {
        b.ignored_reasons = &["COPY_SIGNER"]
    }),
    mutant("M-FIL-022-a", "FIL-022/02", "any licence type passes", "任何证照类型均接受", |b| {
        b.ignored_reasons = &["TYPE_CODE"]
    }),
    mutant("M-PKI-001-a", "PKI-001/01", "weak digests pass", "弱摘要被接受", |b| {
        b.ignored_reasons = &["WEAK_OR_UNKNOWN_DIGEST"]
    }),
    mutant("M-PKI-002-a", "PKI-002/03", "any root is trusted", "信任任何根", |b| b.any_root_trusted = ON),
    mutant("M-PKI-003-a", "PKI-003/03", "expired certificates pass", "过期证书被接受", |b| {
        b.ignored_reasons = &["CERT_EXPIRED"]
    }),
    mutant("M-PKI-005-a", "PKI-005/07", "revoked certificates pass", "已吊销证书被接受", |b| {
        b.ignored_reasons = &["CERT_REVOKED"]
    }),
    mutant(
        "M-PKI-006-a",
        "PKI-006/08",
        "the seal maker's signature is not verified",
        "不验证制章者签名",
        |b| b.ignored_reasons = &["SEAL_SIGNATURE_BAD"],
    ),
    mutant("M-PKI-006-b", "PKI-006/04", "the user of a seal is not compared", "不比对用章者", |b| {
        b.ignored_reasons = &["CERT_NOT_IN_SEAL"]
    }),
    mutant("M-PKI-007-a", "PKI-007/06", "the encoding of signatures is not looked at", "不查签名编码", |b| {
        b.ignored_reasons = &["SM2_ENCODING"]
    }),
    mutant("M-PKI-009-a", "PKI-009/01", "the seal owner is not compared", "不比对印章所有者", |b| {
        b.ignored_reasons = &["ISSUER_MISMATCH"]
    }),
    mutant("M-PKI-016-a", "PKI-016/02", "a removed root stays trusted", "已移除的根仍受信任", |b| {
        b.trust_removal_ignored = ON
    }),
    mutant("M-PKI-017-a", "PKI-017/01", "missing revocation data count as good", "缺吊销信息视为良好", |b| {
        b.ignored_reasons = &["CERT_STATUS_UNKNOWN"]
    }),
    mutant("M-PKI-018-a", "PKI-018/01", "a missing status counts as VALID", "未得状态视为有效", |b| {
        b.missing_status_is_valid = ON
    }),
    mutant(
        "M-VER-013-a",
        "VER-013/01",
        "a status not asked for is called live",
        "未查询的状态标为实时",
        |b| b.unasked_status_is_live = ON,
    ),
    mutant("M-VER-036-a", "VER-036/02", "compressed files are refused", "拒绝压缩文件", |b| {
        b.compressed_files_refused = ON
    }),
    mutant(
        "M-VER-036-b",
        "VER-036/03",
        "files with data descriptors are refused",
        "拒绝带数据描述符的文件",
        |b| b.descriptors_refused = ON,
    ),
    mutant("M-VER-036-c", "VER-036/04", "the attached JSON is wanted", "要求必须附带JSON", |b| {
        b.attachment_wanted = ON
    }),
    mutant("M-VER-036-d", "VER-036/08", "a long-term licence is called expired", "长期证照判为过期", |b| {
        b.long_term_refused = ON
    }),
    mutant(
        "M-VER-036-e",
        "VER-036/09",
        "a licence that replaces another is refused",
        "拒绝替代他证的证照",
        |b| b.replacing_refused = ON,
    ),
    mutant("M-VER-036-f", "VER-036/10", "rare characters in a name are refused", "拒绝含生僻字的姓名", |b| {
        b.rare_names_refused = ON
    }),
    mutant(
        "M-VER-036-g",
        "VER-036/13",
        "an original that covers the list of signatures is refused",
        "拒绝保护签名列表的原件",
        |b| b.covered_list_refused = ON,
    ),
    mutant(
        "M-VER-036-h",
        "VER-036/14",
        "a time stamp does not save a signer that expired since",
        "签名者证书后来过期时不认时间戳",
        |b| b.stamp_saves_no_expired_signer = ON,
    ),
    mutant(
        "M-VER-036-i",
        "VER-036/15",
        "a time stamp does not save a signer that was revoked later",
        "签名者证书后来撤销时不认时间戳",
        |b| b.stamp_saves_no_revoked_signer = ON,
    ),
    mutant("M-VER-036-j", "VER-036/16", "a hold never ends", "证书冻结后解除仍判为撤销", |b| {
        b.hold_never_ends = ON
    }),
    mutant(
        "M-VER-036-k",
        "VER-036/17",
        "a signer directly under the root is refused",
        "拒绝由根直接签发的签名者",
        |b| b.signer_under_root_refused = ON,
    ),
    mutant("M-VER-036-l", "VER-036/18", "long names of signers are refused", "拒绝名称较长的签名者", |b| {
        b.long_signer_names_refused = ON
    }),
    mutant("M-VER-036-m", "VER-036/20", "a copy must have an expiry", "要求加注件必须有截止时间", |b| {
        b.copy_expiry_wanted = ON
    }),
    mutant("M-VER-036-n", "VER-036/21", "signed attributes are wanted", "要求必须有签名属性", |b| {
        b.signed_attributes_wanted = ON
    }),
    mutant("M-VER-026-a", "VER-026/02", "the status of the licence is ignored", "忽略证照状态", |b| {
        b.file_status_ignored = ON
    }),
    mutant("M-VER-027-a", "VER-027/01", "a missing status counts as VALID", "未得状态视为有效", |b| {
        b.missing_status_is_valid = ON
    }),
    mutant(
        "M-VER-027-b",
        "VER-027/02",
        "best effort hides what it did not find",
        "尽力模式隐瞒未得状态",
        |b| b.best_effort_hides_it = ON,
    ),
    mutant("M-VER-027-c", "VER-027/03", "a status past its next update is live", "过期状态视为实时", |b| {
        b.stale_status_is_live = ON
    }),
    mutant("M-VER-028-a", "VER-028/01", "the verdict has no checks", "结论不含检查项", |b| {
        b.file_verdict_without_checks = ON
    }),
    mutant("M-VER-029-a", "VER-029/02", "the expectation is ignored", "忽略期望值", |b| {
        b.expectation_ignored = ON
    }),
    mutant("M-VER-030-a", "VER-030/02", "the cause of a copy is not compared", "不比对加注事由", |b| {
        b.cause_not_compared = ON
    }),
    mutant("M-VER-031-a", "VER-031/01", "files in a batch are refused", "拒绝批量中的文件", |b| {
        b.batch_files_not_supported = ON
    }),
    mutant("M-VER-032-a", "VER-032/01", "whatever cannot be read passes", "无法读取的内容被接受", |b| {
        b.ignored_reasons = &["ZIP_MALFORMED"]
    }),
    mutant("M-VER-032-b", "VER-032/07", "a file without anything in it passes", "空容器被接受", |b| {
        b.unreadable_files_pass = ON
    }),
    mutant("M-VER-033-a", "VER-033/01", "addresses in a file are fetched", "获取文件内的地址", |b| {
        b.fetches_what_the_file_names = ON
    }),
    mutant("M-VER-034-a", "VER-034/01", "the verdict repeats the file", "结论回传文件", |b| b.file_echoed = ON),
    mutant("M-VER-035-a", "VER-035/02", "the status of own licences is ignored", "忽略自家证照的状态", |b| {
        b.own_status_ignored = ON
    }),
];

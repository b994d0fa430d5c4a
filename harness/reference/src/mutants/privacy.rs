//! Mutants of the area privacy.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("M-PRV-005-a", "PRV-005/01", "links carry the citizen number", "下载链接含公民身份号码", |b| {
        b.links_carry_number = ON
    }),
    mutant("M-PRV-006-a", "PRV-006/01", "a header carries the name in hex", "标头以十六进制携带姓名", |b| {
        b.headers_carry_name = ON
    }),
    mutant(
        "M-PRV-006-b",
        "PRV-006/02",
        "a refused use shows the SHA-256 of the number",
        "拒绝事由时泄露号码的SHA-256",
        |b| b.refusals_carry_digest = ON,
    ),
    mutant(
        "M-PRV-006-c",
        "PRV-006/03",
        "the status shows the MD5 of the number",
        "状态应答泄露号码的MD5",
        |b| b.status_carries_digest = ON,
    ),
    mutant(
        "M-PRV-007-a",
        "PRV-007/01",
        "metadata show the number of another holder",
        "元数据泄露他人号码",
        |b| b.metadata_show_neighbour = ON,
    ),
    mutant("M-PRV-002-a", "PRV-002/01", "the audit keeps the MD5 of the number", "审计保存号码的MD5", |b| {
        b.audit_keeps_digest = ON
    }),
    mutant("M-PKI-008-a", "PKI-008/01", "the capabilities show a private key", "能力声明泄露私钥", |b| {
        b.private_key_shown = ON
    }),
    mutant(
        "M-IFC-019-c",
        "IFC-019/03",
        "an unknown path is answered with a file of the server",
        "未知路径的应答泄露服务端文件",
        |b| b.lost_paths_show_files = ON,
    ),
    mutant(
        "M-PRV-008-a",
        "PRV-008/01",
        "the issuer is asked although nobody wanted it",
        "未要求核验状态时仍查询签发方",
        |b| b.status_asked_unasked = ON,
    ),
    mutant(
        "M-PRV-008-b",
        "PRV-008/02",
        "a status that was asked for is called cached",
        "查询所得状态被称为缓存",
        |b| b.live_status_called_cache = ON,
    ),
    mutant(
        "M-PRV-009-a",
        "PRV-009/02",
        "a cache gives one application's original to every other",
        "缓存将某应用取得的原件提供给其他应用",
        |b| b.originals_cached_for_everyone = ON,
    ),
    mutant(
        "M-PRV-009-b",
        "PRV-009/02",
        "an entity tag is answered before the right is looked at",
        "先比对实体标签后检查权限",
        |b| b.tags_before_rights = ON,
    ),
];

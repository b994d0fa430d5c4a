//! Mutants of the area identifier.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant(
        "M-IDN-001-a",
        "IDN-001/01",
        "version and check character are glued: four segments behind the root",
        "版本号与校验位相连：根之后仅四段",
        |b| b.version_and_check_glued = ON,
    ),
    mutant("M-IDN-002-a", "IDN-002/01", "the type segment has 22 characters", "类型段为22位", |b| {
        b.type_of_22_characters = ON
    }),
    mutant(
        "M-IDN-003-a",
        "IDN-003/01",
        "the type segment is that of another licence",
        "类型段为其他证照的代码",
        |b| b.type_of_driving_licence = ON,
    ),
    mutant(
        "M-IDN-004-a",
        "IDN-004/01",
        "the authority segment has a wrong check character",
        "机构段校验位错误",
        |b| b.authority_check_wrong = ON,
    ),
    mutant("M-IDN-005-a", "IDN-005/01", "the serial has lower-case letters", "流水号含小写字母", |b| {
        b.serial_in_lower_case = ON
    }),
    mutant("M-IDN-006-a", "IDN-006/01", "the first version is 000", "首个版本号为000", |b| {
        b.versions_start_at_000 = ON
    }),
    mutant("M-IDN-007-a", "IDN-007/01", "a re-issue draws a new serial", "换发时更换流水号", |b| {
        b.reissue_draws_serial = ON
    }),
    mutant(
        "M-IDN-008-a",
        "IDN-008/01",
        "the check character comes from the circulating faulty routine",
        "校验位采用流传的错误算法",
        |b| b.check_by_variant = ON,
    ),
    mutant(
        "M-IDN-008-b",
        "IDN-008/02",
        "a re-issue keeps the old check character",
        "换发时沿用旧校验位",
        |b| b.reissue_keeps_check = ON,
    ),
    mutant(
        "M-IDN-009-a",
        "IDN-009/02",
        "the verifier does not look at the check character",
        "查验时不检查校验位",
        |b| b.identifier_check_ignored = ON,
    ),
    mutant(
        "M-IDN-010-a",
        "IDN-010/02",
        "the verifier takes the faulty variant of the check character",
        "查验时接受错误变体校验位",
        |b| b.variant_check_accepted = ON,
    ),
    mutant("M-IDN-011-a", "IDN-011/02", "the verifier folds lower case", "查验时将小写转为大写", |b| {
        b.identifier_case_folded = ON
    }),
    mutant("M-IDN-011-b", "IDN-011/03", "the verifier trims spaces", "查验时去除空格", |b| {
        b.identifier_trimmed = ON
    }),
    mutant(
        "M-IDN-012-a",
        "IDN-012/02",
        "the verifier joins the segments before it compares",
        "查验时先拼接各段再比对",
        |b| b.segment_borders_ignored = ON,
    ),
    mutant(
        "M-IDN-013-a",
        "IDN-013/01",
        "serials below 7 characters are refused",
        "拒绝不足7位的流水号",
        |b| b.short_serials_refused = ON,
    ),
    mutant(
        "M-IDN-013-b",
        "IDN-013/02",
        "serials above 32 characters are refused",
        "拒绝超过32位的流水号",
        |b| b.long_serials_refused = ON,
    ),
    mutant("M-IDN-014-a", "IDN-014/01", "serials repeat", "流水号重复", |b| b.serials_repeat = ON),
    mutant(
        "M-IDN-011-c",
        "IDN-011/04",
        "the verifier folds full-width digits",
        "查验时将全角数字转为半角",
        |b| b.identifier_width_folded = ON,
    ),
    mutant("M-IDN-011-d", "IDN-011/06", "the verifier takes any root", "查验时接受任意根", |b| {
        b.foreign_roots_accepted = ON
    }),
    mutant(
        "M-IDN-014-b",
        "IDN-014/02",
        "a licence after a revocation takes the old identifier",
        "撤销后再签发沿用旧标识",
        |b| b.identifier_returns = ON,
    ),
    mutant(
        "M-IDN-011-e",
        "IDN-011/05",
        "an identifier without a segment is called unknown",
        "缺段的标识被答为未知",
        |b| b.missing_segment_is_unknown = ON,
    ),
];

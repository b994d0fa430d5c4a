//! Mutants of the area metadata.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("M-MD-001-a", "MD-001/01", "the issue date is missing", "缺少颁发日期", |b| {
        b.issued_date_missing = ON
    }),
    mutant("M-MD-002-a", "MD-002/01", "the type code lacks its sequence", "类型代码缺少顺序号", |b| {
        b.type_code_of_18 = ON
    }),
    mutant(
        "M-MD-003-a",
        "MD-003/01",
        "the authority code is another organisation's",
        "机构代码为其他机构的代码",
        |b| b.authority_code_of_another = ON,
    ),
    mutant("M-MD-004-a", "MD-004/01", "the version lacks its zeros", "版本号缺少前导零", |b| {
        b.version_without_zeros = ON
    }),
    mutant("M-MD-005-a", "MD-005/01", "the holder type is a passport", "持证主体类型为护照", |b| {
        b.holder_type_414 = ON
    }),
    mutant(
        "M-MD-006-a",
        "MD-006/01",
        "the birth date in the holder code is zeroed",
        "持证主体代码中的出生日期被置零",
        |b| b.holder_code_zeroed = ON,
    ),
    mutant("M-MD-007-a", "MD-007/01", "the licence number is the serial", "证照编号为流水号", |b| {
        b.number_is_serial = ON
    }),
    mutant("M-MD-008-a", "MD-008/01", "the licence has a short name", "证照名称不全", |b| {
        b.short_licence_name = ON
    }),
    mutant("M-MD-009-a", "MD-009/02", "unknown holder types are taken", "接受未知的持证主体类型", |b| {
        b.unknown_holder_types_accepted = ON
    }),
    mutant("M-MD-010-a", "MD-010/02", "30 February becomes 2 March", "2月30日被当作3月2日", |b| {
        b.february_rolls_over = ON
    }),
    mutant(
        "M-MD-011-a",
        "MD-011/02",
        "a first day after the last day is taken",
        "接受晚于截止日期的起始日期",
        |b| b.effective_after_expiring_accepted = ON,
    ),
    mutant("M-MD-011-b", "MD-011/03", "a first day in the past is taken", "接受过去的起始日期", |b| {
        b.past_effective_accepted = ON
    }),
    mutant("M-MD-012-a", "MD-012/01", "an original carries an annotation element", "原件含加注件元素", |b| {
        b.annotation_in_original = ON
    }),
    mutant(
        "M-MD-014-a",
        "MD-014/01",
        "a re-issue does not name what it replaces",
        "换发后未记录所替代证照",
        |b| b.previous_not_set_at_reissue = ON,
    ),
    mutant(
        "M-MD-014-b",
        "MD-014/02",
        "the replaced licence named at issue is lost",
        "签发时所指被替代证照未保存",
        |b| b.previous_not_kept_at_issue = ON,
    ),
    mutant(
        "M-MD-015-a",
        "MD-015/01",
        "every attribute is returned whatever was asked",
        "无论请求何项均返回全部属性",
        |b| b.every_scope_answered = ON,
    ),
    mutant("M-MD-016-a", "MD-016/02", "the use is optional", "用证事由可缺省", |b| b.use_optional = ON),
    mutant("M-MD-016-b", "MD-016/04", "a cause of 201 characters is taken", "接受201个字符的事由", |b| {
        b.cause_of_201_accepted = ON
    }),
    mutant("M-MD-016-c", "MD-016/03", "an empty cause is taken", "接受空事由", |b| b.empty_cause_accepted = ON),
    mutant("M-MD-017-a", "MD-017/02", "unknown scopes are ignored", "忽略未知属性范围", |b| {
        b.unknown_scopes_ignored = ON
    }),
    mutant("M-MD-018-a", "MD-018/01", "the masked number shows four last digits", "脱敏号码显示末四位", |b| {
        b.mask_shows_four_digits = ON
    }),
    mutant("M-MD-018-b", "MD-018/02", "masking counts UTF-16 units", "脱敏按UTF-16单元计数", |b| {
        b.mask_counts_utf16 = ON
    }),
    mutant("M-MD-019-a", "MD-019/02", "age flags follow the calendar year", "年龄标志按日历年判定", |b| {
        b.age_flags_by_year = ON
    }),
    mutant("M-MD-020-a", "MD-020/01", "the ethnicity is always 01", "民族恒为01", |b| b.ethnicity_always_01 = ON),
    mutant("M-MD-016-d", "MD-016/05", "a cause of 200 characters is refused", "拒绝200个字符的事由", |b| {
        b.cause_of_200_refused = ON
    }),
    mutant("M-MD-010-b", "MD-010/01", "the issue date has no hyphens", "颁发日期缺少连字符", |b| {
        b.dates_without_hyphens = ON
    }),
    mutant("M-MD-011-c", "MD-011/01", "the issue date is tomorrow", "颁发日期为次日", |b| {
        b.issued_a_day_late = ON
    }),
    mutant("M-MD-015-b", "MD-015/03", "a remark holds the number", "备注含公民身份号码", |b| {
        b.number_in_remark = ON
    }),
];

//! Mutants of the area gov-share: sharing platforms that are wrong in one way, over the wire of gb36906.

use super::{Mutant, vendor_mutant};
use crate::behaviour::Behaviour;
use crate::behaviour::ON;

const fn mutant(
    id: &'static str,
    killed_by: &'static str,
    en: &'static str,
    zh: &'static str,
    apply: fn(&mut Behaviour),
) -> Mutant {
    vendor_mutant("gb36906", id, killed_by, (en, zh), apply)
}

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant("M-IFC-003-a", "IFC-003/02", "no cause of use is needed", "无须用证事由", |b| b.use_optional = ON),
    mutant("M-IFC-004-a", "IFC-004/02", "a cause of 201 characters is taken", "接受201字的事由", |b| {
        b.cause_of_201_accepted = ON
    }),
    mutant(
        "M-IFC-006-a",
        "IFC-006/02",
        "a missing right to the type is answered as no match",
        "无类型权限时返回无匹配",
        |b| b.share_forbidden_is_unknown = ON,
    ),
    mutant(
        "M-IFC-007-a",
        "IFC-007/02",
        "an unknown licence is an empty success",
        "无匹配证照返回空的成功结果",
        |b| b.share_unknown_is_empty = ON,
    ),
    mutant("M-IFC-008-a", "IFC-008/02", "every holder type is taken", "接受任何持证主体代码类型", |b| {
        b.unknown_holder_types_accepted = ON
    }),
    mutant("M-IFC-009-a", "IFC-009/02", "every licence type is taken", "接受任何证照类型代码", |b| {
        b.share_type_unchecked = ON
    }),
    mutant(
        "M-IFC-010-a",
        "IFC-010/02",
        "data of licences that may not be used are shown",
        "仍返回不可使用证照的数据",
        |b| b.share_state_ignored = ON,
    ),
    mutant("M-IFC-012-a", "IFC-012/02", "a link works twice", "下载地址可用两次", |b| b.url_works_twice = ON),
    mutant("M-IFC-013-a", "IFC-013/01", "a link never ends", "下载地址不失效", |b| b.url_never_expires = ON),
    mutant("M-IFC-014-a", "IFC-014/01", "ids of links are counted", "下载标识为顺序号", |b| {
        b.url_guessable = ON
    }),
    mutant("M-IFC-015-a", "IFC-015/02", "an expiry in the past is taken", "接受过去的截止时间", |b| {
        b.copy_expiry_in_past_accepted = ON
    }),
    mutant("M-VER-004-a", "VER-004/02", "a suspended licence gives 0", "暂停的证照返回0", |b| {
        b.suspended_is_valid = ON
    }),
    mutant(
        "M-VER-005-a",
        "VER-005/02",
        "a licence that is no longer valid gives 2",
        "不再有效的证照返回2",
        |b| b.share_ended_is_2 = ON,
    ),
    mutant("M-VER-008-a", "VER-008/06", "a wrong address is no mismatch", "住址不符不判为不一致", |b| {
        b.address_not_compared = ON
    }),
    mutant("M-VER-012-a", "VER-012/02", "the failing step is not named", "不指明失败环节", |b| {
        b.file_verdict_without_checks = ON
    }),
    mutant(
        "M-IFC-010-b",
        "IFC-010/02",
        "the head of licences that may not be used is told",
        "返回不可使用证照的证照头信息",
        |b| b.share_state_with_data = ON,
    ),
    mutant("M-VER-008-b", "VER-008/02", "a wrong name is no mismatch", "姓名不符不判为不一致", |b| {
        b.asserted_name_not_compared = ON
    }),
    mutant("M-VER-008-c", "VER-008/03", "a wrong sex is no mismatch", "性别不符不判为不一致", |b| {
        b.asserted_sex_not_compared = ON
    }),
    mutant("M-VER-008-d", "VER-008/04", "a wrong ethnicity is no mismatch", "民族不符不判为不一致", |b| {
        b.asserted_ethnicity_not_compared = ON
    }),
    mutant(
        "M-VER-008-e",
        "VER-008/05",
        "a wrong birth date is no mismatch",
        "出生日期不符不判为不一致",
        |b| b.asserted_birth_date_not_compared = ON,
    ),
    mutant("M-VER-008-f", "VER-008/07", "a wrong number is no mismatch", "号码不符不判为不一致", |b| {
        b.asserted_number_not_compared = ON
    }),
    mutant(
        "M-VER-008-g",
        "VER-008/08",
        "a wrong issuing authority is no mismatch",
        "签发机关不符不判为不一致",
        |b| b.asserted_authority_not_compared = ON,
    ),
];

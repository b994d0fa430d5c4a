//! Mutants of the area data.

use super::{Mutant, mutant};
use crate::behaviour::ON;

/// Each is wrong in exactly one way.
pub(super) const MUTANTS: &[Mutant] = &[
    mutant(
        "M-DAT-001-a",
        "DAT-001/02",
        "the check character of a number is not checked at issue",
        "签发时不检查号码校验码",
        |b| b.number_check_ignored = ON,
    ),
    mutant("M-DAT-001-b", "DAT-001/03", "a lower-case x is taken at issue", "签发时接受小写x", |b| {
        b.lower_x_accepted = ON
    }),
    mutant("M-DAT-002-a", "DAT-002/02", "the search does not check numbers", "检索时不检查号码", |b| {
        b.search_number_unchecked = ON
    }),
    mutant(
        "M-DAT-003-a",
        "DAT-003/02",
        "the birth date is not compared with the number",
        "出生日期不与号码比对",
        |b| b.birth_date_not_compared = ON,
    ),
    mutant("M-DAT-003-b", "DAT-003/03", "30 February is a birthday", "接受2月30日出生", |b| {
        b.thirtieth_of_february_born = ON
    }),
    mutant("M-DAT-004-a", "DAT-004/02", "the sex is not compared with the number", "性别不与号码比对", |b| {
        b.sex_not_compared = ON
    }),
    mutant(
        "M-DAT-005-a",
        "DAT-005/01",
        "the verifier knows one division code only",
        "查验端仅识别一个行政区划代码",
        |b| b.verifier_knows_one_division = ON,
    ),
    mutant(
        "M-DAT-006-a",
        "DAT-006/02",
        "any two digits are an ethnicity",
        "任意两位数字均视为民族代码",
        |b| b.any_ethnicity_accepted = ON,
    ),
    mutant("M-DAT-006-b", "DAT-006/03", "code 98 is refused", "拒绝代码98", |b| b.ethnicity_98_refused = ON),
    mutant("M-DAT-007-a", "DAT-007/01", "holders of 26 to 45 get 10 years", "26至45岁者有效期为10年", |b| {
        b.adults_get_ten_years = ON
    }),
    mutant("M-DAT-008-a", "DAT-008/02", "the age is counted by calendar year", "年龄按日历年计算", |b| {
        b.age_by_year = ON
    }),
    mutant("M-DAT-009-a", "DAT-009/01", "long-term is written as 9999-12-31", "长期写作9999-12-31", |b| {
        b.long_term_as_9999 = ON
    }),
    mutant("M-DAT-010-a", "DAT-010/01", "the metadata hold a fingerprint", "元数据含指纹", |b| {
        b.fingerprint_answered = ON
    }),
    mutant(
        "M-DAT-011-a",
        "DAT-011/01",
        "the signing authority is no public-security organ",
        "签发机关不是公安机关",
        |b| b.authority_of_another_kind = ON,
    ),
    mutant("M-DAT-012-a", "DAT-012/02", "a name of 51 characters is taken", "接受51个字符的姓名", |b| {
        b.name_of_51_accepted = ON
    }),
    mutant(
        "M-DAT-012-b",
        "DAT-012/03",
        "addresses above 35 characters are refused",
        "拒绝超过35个字符的住址",
        |b| b.address_of_35 = ON,
    ),
    mutant("M-DAT-013-a", "DAT-013/01", "the middle dot is replaced", "间隔号被替换", |b| {
        b.middle_dot_replaced = ON
    }),
    mutant("M-DAT-013-b", "DAT-013/02", "a bullet passes for a middle dot", "接受以圆点代替间隔号", |b| {
        b.bullet_accepted = ON
    }),
    mutant(
        "M-DAT-014-a",
        "DAT-014/01",
        "characters beyond the BMP become question marks",
        "扩展区字符变为问号",
        |b| b.supplementary_replaced = ON,
    ),
    mutant(
        "M-DAT-015-a",
        "DAT-015/02",
        "the verifier folds compatibility ideographs",
        "查验时折叠兼容汉字",
        |b| b.names_folded_by_verifier = ON,
    ),
    mutant("M-DAT-016-a", "DAT-016/01", "the second script is dropped", "丢弃第二种文字", |b| {
        b.second_script_dropped = ON
    }),
    mutant("M-DAT-007-b", "DAT-007/02", "children get ten years", "未满16周岁者有效期为10年", |b| {
        b.children_get_ten_years = ON
    }),
    mutant(
        "M-DAT-007-c",
        "DAT-007/04",
        "holders of 16 to 25 years get five years",
        "16至25周岁者有效期为5年",
        |b| b.youths_get_five_years = ON,
    ),
    mutant("M-DAT-008-b", "DAT-008/01", "a birthday counts from the day after", "生日次日才计入年龄", |b| {
        b.birthday_counts_next_day = ON
    }),
    mutant("M-DAT-009-b", "DAT-009/02", "a dated term is shown as long-term", "有期限者显示为长期", |b| {
        b.dated_range_long_term = ON
    }),
    mutant(
        "M-DAT-014-b",
        "DAT-014/02",
        "rare characters of the plane are replaced",
        "基本平面的罕用字被替换",
        |b| b.rare_characters_replaced = ON,
    ),
    mutant("M-DAT-001-c", "DAT-001/05", "the X of a number becomes lower case", "号码末位X变为小写", |b| {
        b.number_x_lowered = ON
    }),
    mutant("M-DAT-003-c", "DAT-003/01", "the birth date is the day after", "出生日期为次日", |b| {
        b.birth_date_a_day_off = ON
    }),
    mutant("M-DAT-004-b", "DAT-004/01", "the sex is the other one", "性别相反", |b| b.sex_swapped = ON),
];

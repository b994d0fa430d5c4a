//! Closed code lists behind the card face and the metadata. Data only.

/// Holder-code types (持证主体代码类型, GB/T 36903-2018 Annex A; codes observed twice, labels once).
pub const HOLDER_TYPES: &[(&str, &str)] = &[
    ("001", "统一社会信用代码"),
    ("099", "其他法人或其他组织有效证件代码"),
    ("111", "公民身份号码"),
    ("114", "解放军军官证"),
    ("115", "武警警官证"),
    ("118", "解放军士兵证"),
    ("119", "武警士兵证"),
    ("120", "解放军文职人员证"),
    ("122", "武警文职人员证"),
    ("411", "外交护照"),
    ("412", "公务护照"),
    ("413", "公务普通护照"),
    ("414", "普通护照"),
    ("511", "台湾居民来往大陆通行证"),
    ("516", "港澳居民来往内地通行证"),
    ("999", "其他自然人有效证件代码"),
];

/// The only holder-code type of the identity-card licence.
pub const HOLDER_TYPE_CITIZEN: &str = "111";

/// Sex codes of GB/T 2261.1 that the card face shows: 男, 女.
pub const SEXES: &[(&str, &str)] = &[("1", "男"), ("2", "女")];

/// Ethnicities (民族, GB/T 3304-1991) and the two codes of police practice, 97 and 98.
pub const ETHNICITIES: &[(&str, &str)] = &[
    ("01", "汉"),
    ("02", "蒙古"),
    ("03", "回"),
    ("04", "藏"),
    ("05", "维吾尔"),
    ("06", "苗"),
    ("07", "彝"),
    ("08", "壮"),
    ("09", "布依"),
    ("10", "朝鲜"),
    ("11", "满"),
    ("12", "侗"),
    ("13", "瑶"),
    ("14", "白"),
    ("15", "土家"),
    ("16", "哈尼"),
    ("17", "哈萨克"),
    ("18", "傣"),
    ("19", "黎"),
    ("20", "傈僳"),
    ("21", "佤"),
    ("22", "畲"),
    ("23", "高山"),
    ("24", "拉祜"),
    ("25", "水"),
    ("26", "东乡"),
    ("27", "纳西"),
    ("28", "景颇"),
    ("29", "柯尔克孜"),
    ("30", "土"),
    ("31", "达斡尔"),
    ("32", "仫佬"),
    ("33", "羌"),
    ("34", "布朗"),
    ("35", "撒拉"),
    ("36", "毛南"),
    ("37", "仡佬"),
    ("38", "锡伯"),
    ("39", "阿昌"),
    ("40", "普米"),
    ("41", "塔吉克"),
    ("42", "怒"),
    ("43", "乌孜别克"),
    ("44", "俄罗斯"),
    ("45", "鄂温克"),
    ("46", "德昂"),
    ("47", "保安"),
    ("48", "裕固"),
    ("49", "京"),
    ("50", "塔塔尔"),
    ("51", "独龙"),
    ("52", "鄂伦春"),
    ("53", "赫哲"),
    ("54", "门巴"),
    ("55", "珞巴"),
    ("56", "基诺"),
    ("97", "其他"),
    ("98", "外国血统"),
];

/// Whether `code` is one of the 16 holder-code types.
#[must_use]
pub fn is_holder_type(code: &str) -> bool {
    name_of(HOLDER_TYPES, code).is_some()
}

/// Whether `code` is a sex code of the card face.
#[must_use]
pub fn is_sex(code: &str) -> bool {
    name_of(SEXES, code).is_some()
}

/// Whether `code` is one of the 56 ethnicities, 97 or 98.
#[must_use]
pub fn is_ethnicity(code: &str) -> bool {
    name_of(ETHNICITIES, code).is_some()
}

/// The label of a code in one of the lists.
#[must_use]
pub fn name_of(list: &[(&str, &'static str)], code: &str) -> Option<&'static str> {
    list.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_complete_sorted_and_without_doubles() {
        for (list, size) in [(HOLDER_TYPES, 16), (SEXES, 2), (ETHNICITIES, 58)] {
            assert_eq!(list.len(), size);
            assert!(list.windows(2).all(|pair| pair[0].0 < pair[1].0), "sorted by code, no code twice");
            let names: std::collections::BTreeSet<_> = list.iter().map(|(_, name)| name).collect();
            assert_eq!(names.len(), size, "no label twice");
        }
        for number in 1..=56 {
            assert!(is_ethnicity(&format!("{number:02}")), "{number}");
        }
    }

    #[test]
    fn codes_are_compared_as_written() {
        assert_eq!(name_of(HOLDER_TYPES, HOLDER_TYPE_CITIZEN), Some("公民身份号码"));
        for known in ["01", "56", "97", "98"] {
            assert!(is_ethnicity(known), "{known}");
        }
        for unknown in ["", "1", "00", "57", "96", "99", "001", " 01", "０1", "汉"] {
            assert!(!is_ethnicity(unknown), "{unknown}");
        }
        for unknown in ["", "0", "9", "01", "男", "M"] {
            assert!(!is_sex(unknown), "{unknown}");
        }
        for unknown in ["", "11", "0111", "112", "998"] {
            assert!(!is_holder_type(unknown), "{unknown}");
        }
    }
}

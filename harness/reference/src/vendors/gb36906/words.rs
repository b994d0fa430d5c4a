//! Words of gb36906. Column names are pinyin initials as seen; numbers of states and of fault codes are ours.

use ecric_model::reason::class_of;

/// Items of the face: scope or holder member, column, name.
pub(super) const COLUMNS: &[(&str, &str, &str)] = &[
    ("name", "XM", "姓名"),
    ("minorityName", "XM2", "姓名（民族文字）"),
    ("sex", "XB", "性别"),
    ("ethnicity", "MZ", "民族"),
    ("birthDate", "CSRQ", "出生日期"),
    ("address", "ZZ", "住址"),
    ("minorityAddress", "ZZ2", "住址（民族文字）"),
    ("idNumber", "GMSFHM", "公民身份号码"),
    ("photo", "XP", "相片"),
    ("issuingAuthority", "QFJG", "签发机关"),
    ("validFrom", "YXQQ", "有效期起"),
    ("validTo", "YXQZ", "有效期止"),
    ("validityPeriod", "YXQX", "有效期限"),
    ("areaCode", "XZQH", "行政区划代码"),
    ("nameMasked", "XMTM", "脱敏姓名"),
    ("idNumberMasked", "HMTM", "脱敏号码"),
    ("ageOver18", "MSBZ", "年满十八周岁"),
    ("ageOver16", "MLBZ", "年满十六周岁"),
    ("ageBand", "NLD", "年龄段"),
];

/// The column of an item; the item itself where it has none.
pub(super) fn column(member: &str) -> &str {
    COLUMNS.iter().find(|(known, ..)| *known == member).map_or(member, |(_, column, _)| column)
}

/// The item of a column; the column itself where it has none.
pub(super) fn member(column: &str) -> &str {
    COLUMNS.iter().find(|(_, known, _)| *known == column).map_or(column, |(member, ..)| member)
}

/// The name of an item for people.
pub(super) fn title(member: &str) -> &str {
    COLUMNS.iter().find(|(known, ..)| *known == member).map_or(member, |(.., title)| title)
}

/// Parameters by the member of binding v1 at fault.
const PARAMETERS: &[(&str, &str)] = &[
    ("use", "useCause"),
    ("use.certificateCopyCause", "useCause.certificateCopyCause"),
    ("use.certificateSystemName", "useCause.certificateSystemName"),
    ("use.certificateCallCategory", "useCause.certificateCallCategory"),
    ("copy.use", "useCause"),
    ("copy.use.certificateCopyCause", "useCause.certificateCopyCause"),
    ("copy.use.certificateSystemName", "useCause.certificateSystemName"),
    ("copy.certificateCopyExpiringTime", "certificateCopyExpiringTime"),
    ("certificateIdentifier", "certIdentifier"),
    ("certificateHolderCode", "holderCode"),
    ("certificateHolderTypeCode", "holderTypeCode"),
    ("certificateTypeCode", "certTypeCode"),
    ("attributes", "columns"),
    ("assert", "certData"),
    ("content", "content"),
    ("format", "fileType"),
    ("pageSize", "pageSize"),
    ("pageToken", "pageToken"),
];

/// What a member at fault is called here.
pub(super) fn parameter(field: &str) -> &str {
    PARAMETERS.iter().find(|(known, _)| *known == field).map_or(field, |(_, name)| name)
}

/// Number of a state (ours).
pub(super) fn state(word: &str) -> &'static str {
    match word {
        "NOT_ACTIVE" => "0",
        "VALID" => "1",
        "SUSPENDED" => "2",
        "EXPIRED" => "3",
        "SUPERSEDED" => "4",
        "REVOKED" => "5",
        "DESTROYED" => "9",
        _ => "",
    }
}

/// The state of a number.
pub(super) fn state_word(number: &str) -> Option<&'static str> {
    ["NOT_ACTIVE", "VALID", "SUSPENDED", "EXPIRED", "SUPERSEDED", "REVOKED", "DESTROYED"]
        .into_iter()
        .find(|word| state(word) == number)
}

/// `head.status` for information about a licence that may not be used: 21 cancelled, 22 expired,
/// 23 restricted; `None` for one that may. Observed; that replaced and destroyed licences count as
/// cancelled, and one that is not active as restricted, is ours.
pub(super) fn unusable(state: &str) -> Option<(u16, &'static str)> {
    match state {
        "REVOKED" | "SUPERSEDED" | "DESTROYED" => Some((21, "证照已注销")),
        "EXPIRED" => Some((22, "证照已过期")),
        "SUSPENDED" | "NOT_ACTIVE" => Some((23, "证照使用受限")),
        _ => None,
    }
}

/// Number of an outcome of a check or a comparison (ours): 0 good, 1 bad, 2 unknown, 3 left out.
pub(super) fn outcome(word: &str) -> &'static str {
    match word {
        "PASS" | "MATCH" => "0",
        "FAIL" | "MISMATCH" => "1",
        "UNKNOWN" => "2",
        "SKIPPED" => "3",
        _ => "",
    }
}

/// Number of a source of status (ours).
pub(super) fn source(word: &str) -> &'static str {
    match word {
        "LIVE" => "1",
        "LIST" => "2",
        "CACHE" => "3",
        "NONE" => "0",
        _ => "",
    }
}

/// Fault codes (ours): one for each class of reasons; the first digit says the stage.
const FAULTS: &[(&str, &str)] = &[
    ("FORMAT_MALFORMED", "1001"),
    ("FORMAT_UNSUPPORTED", "1002"),
    ("FORMAT_LIMIT", "1003"),
    ("FORMAT_ACTIVE_CONTENT", "1004"),
    ("SIG_MISSING", "2001"),
    ("SIG_INVALID", "2002"),
    ("SIG_SIGNER_ID", "2003"),
    ("SIG_ALG_FORBIDDEN", "2004"),
    ("SIG_COVERAGE", "2005"),
    ("SEAL_INVALID", "2006"),
    ("CERT_UNTRUSTED", "3001"),
    ("CERT_CHAIN", "3002"),
    ("CERT_USAGE", "3003"),
    ("CERT_EXPIRED", "3004"),
    ("CERT_NOT_YET_VALID", "3005"),
    ("CERT_REVOKED", "3006"),
    ("CERT_STATUS_UNKNOWN", "3007"),
    ("TS_INVALID", "3008"),
    ("TS_MISSING", "3009"),
    ("ISSUER_MISMATCH", "4001"),
    ("META_MISMATCH", "4002"),
    ("COPY_EXPIRED", "4003"),
    ("COPY_CAUSE_MISMATCH", "4004"),
    ("IDENTIFIER_INVALID", "4005"),
    ("LICENCE_TYPE", "4006"),
    ("ATTR_MISMATCH", "4007"),
    ("ATTR_INSUFFICIENT", "4008"),
    ("LICENCE_NOT_ACTIVE", "5001"),
    ("LICENCE_SUSPENDED", "5002"),
    ("LICENCE_EXPIRED", "5003"),
    ("LICENCE_SUPERSEDED", "5004"),
    ("LICENCE_REVOKED", "5005"),
    ("LICENCE_DESTROYED", "5006"),
    ("LICENCE_UNKNOWN", "5007"),
    ("LICENCE_STATUS_UNKNOWN", "5008"),
    ("LICENCE_STATUS_STALE", "5009"),
];

/// The fault code of a reason of the core; none for notes beside the classes, which the platform keeps to itself.
pub(super) fn fault(reason: &str) -> Option<&'static str> {
    let class = class_of(reason)?.code;
    FAULTS.iter().find(|(known, _)| *known == class).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ecric_model::binding::LicenceStatus;
    use ecric_model::reason::CLASSES;

    use super::*;
    use crate::vendors::is_about_codes;

    #[test]
    fn every_class_and_state_has_a_word_of_its_own() {
        let told = || CLASSES.iter().filter(|class| !is_about_codes(class.code));
        let codes: BTreeSet<&str> = told().filter_map(|class| fault(class.code)).collect();
        assert_eq!(codes.len(), told().count());
        let found = (fault("DATAHASH_MISMATCH"), fault("CERT_CHAIN@ca"), fault("NOPE"));
        assert_eq!(found, (Some("2002"), Some("3002"), None));
        for status in LicenceStatus::ALL {
            assert_eq!(state_word(state(status.code())), Some(status.code()));
            assert_eq!(unusable(status.code()).is_none(), *status == LicenceStatus::Valid, "{status}");
        }
        for (name, key, _) in COLUMNS {
            assert_eq!((column(name), member(key)), (*key, *name));
        }
    }
}

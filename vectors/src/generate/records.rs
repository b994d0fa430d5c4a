//! Metadata records as JSON: complete and consistent, or wrong in one member.

use ecric_licence::identifier::{IDENTITY_CARD_TYPE, write_identifier};
use serde_json::{Map, Value, json};

use super::artefact::{SIGNED, refuse};
use super::draft::Draft;

type Record = Map<String, Value>;

const AUTHORITY: &str = "11110199099999028C";
const OTHER_AUTHORITY: &str = "111101990999990367";
const NUMBER: &str = "110199200002290013";
const OTHER_NUMBER: &str = "110199199003070017";
const SERIAL: &str = "20260101A1B2C3D4E5F6";

fn identifier(type_code: &str, authority: &str, serial: &str, version: u16) -> String {
    write_identifier(type_code, authority, serial, version).map(|made| made.as_str().to_owned()).unwrap_or_default()
}

fn original() -> Record {
    let mut record = Record::new();
    for (name, value) in [
        ("certificateName", "中华人民共和国居民身份证"),
        ("certificateTypeName", "居民身份证"),
        ("certificateTypeCode", IDENTITY_CARD_TYPE),
        ("certificateNumber", NUMBER),
        ("certificateIdentifier", &identifier(IDENTITY_CARD_TYPE, AUTHORITY, SERIAL, 1)),
        ("certificateVersion", "001"),
        ("certificateIssuingAuthorityName", "测试证照颁发机构"),
        ("certificateIssuingAuthorityCode", AUTHORITY),
        ("certificateIssuedDate", "2026-06-01"),
        ("certificateHolderName", "测试甲"),
        ("certificateHolderCode", NUMBER),
        ("certificateHolderTypeName", "公民身份号码"),
        ("certificateHolderTypeCode", "111"),
        ("certificateEffectiveDate", "2026-06-01"),
        ("certificateExpiringDate", "2046-06-01"),
        ("certificateAreaCode", "110199"),
    ] {
        record.insert(name.to_owned(), json!(value));
    }
    record
}

fn copy() -> Record {
    let mut record = original();
    for (name, value) in [
        ("certificateCopyCreationTime", "2026-06-01T09:00:00+08:00"),
        ("certificateCopyCreator", "测试共享服务机构"),
        ("certificateCopyCause", "办理测试事项"),
        ("certificateCopyExpiringTime", "2026-12-01T00:00:00+08:00"),
        ("originFileSm3", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    ] {
        record.insert(name.to_owned(), json!(value));
    }
    record
}

/// When copies are judged.
const COPY_AT: &str = "2026-06-02T00:00:00+08:00";

fn ask(text: String, kind: &str, at: &str) -> [(&'static str, String); 3] {
    [("record", text), ("kind", kind.to_owned()), ("at", at.to_owned())]
}

fn text(record: &Record) -> String {
    Value::Object(record.clone()).to_string()
}

/// `metadata/records`.
pub(super) fn file() -> Draft {
    let mut draft = Draft::new(
        "metadata/records",
        ["Metadata records of licences", "证照元数据记录"],
        [
            "GB/T 36903-2018; GB/T 36904-2018; ecric binding v1",
            "2018; 2018; 1",
            "elements (observed, likely); names and rules between elements are ours",
        ],
    );
    draft.name_twins();
    draft.note("good", "Complete and consistent.");
    draft.note("mandatory", "A mandatory element is missing or empty.");
    draft.note("identifier", "The licence identifier is malformed, or a member says something else than its segment.");
    draft.note("type", "Another kind of licence.");
    draft.note("holder", "Holder type other than 111, no citizen number, or two that differ.");
    draft.note("dates", "A day that does not exist, is of another form, or an order that cannot be.");
    draft.note("text", "A fixed text that is another, or a text that is too long.");
    draft.note("area", "The area is not that of the citizen number.");
    draft.note("copy", "Members of annotated copies in an original, or missing in a copy.");
    draft.note("json", "No JSON object, a member twice, or a member of another type.");
    draft.group("metadata.check");
    good(&mut draft);
    mandatory(&mut draft);
    originals(&mut draft);
    forms(&mut draft);
    copies(&mut draft);
    draft
}

fn good(draft: &mut Draft) {
    let mut good = |comment: &str, change: &dyn Fn(&mut Record)| {
        let mut record = original();
        change(&mut record);
        draft.valid("md.record", &["good"], comment, &ask(text(&record), "original", SIGNED), &[]);
    };
    let set = |name: &'static str, value: Value| {
        move |record: &mut Record| {
            record.insert(name.to_owned(), value.clone());
        }
    };
    good("long-term: expiring date null", &set("certificateExpiringDate", Value::Null));
    good("long-term: expiring date absent", &|record| {
        record.remove("certificateExpiringDate");
    });
    good("valid for one day", &set("certificateExpiringDate", json!("2026-06-01")));
    good("issued before it becomes effective", &set("certificateIssuedDate", json!("2026-05-31")));
    good(
        "replaces another licence",
        &set(
            "previousCertificateIdentifier",
            json!(identifier(IDENTITY_CARD_TYPE, AUTHORITY, "20250101A1B2C3D4E5F6", 1)),
        ),
    );
    good("an unknown member more", &set("remark", json!("备注")));
    good("name of 50 characters", &set("certificateHolderName", json!("测".repeat(50))));
    good("name with a middle dot and an extension-B character", &set("certificateHolderName", json!("阿卜杜·测试𠮷")));
    good("without the members that are not mandatory", &|record| {
        for name in
            ["certificateVersion", "certificateHolderTypeName", "certificateEffectiveDate", "certificateAreaCode"]
        {
            record.remove(name);
        }
    });
    good("version 999", &|record| {
        record.insert("certificateVersion".to_owned(), json!("999"));
        let other = identifier(IDENTITY_CARD_TYPE, AUTHORITY, SERIAL, 999);
        record.insert("certificateIdentifier".to_owned(), json!(other));
    });
    good("the twin of what follows", &|_| {});
}

fn mandatory(draft: &mut Draft) {
    for member in ecric_licence::metadata::MANDATORY {
        for (what, value) in [("missing", None), ("null", Some(Value::Null)), ("empty", Some(json!("")))] {
            let mut record = original();
            match value {
                None => record.remove(*member),
                Some(value) => record.insert((*member).to_owned(), value),
            };
            let input = ask(text(&record), "original", SIGNED);
            let comment = format!("{member} is {what}");
            draft.invalid("md.record-bad", &["mandatory"], &comment, &input, refuse("META_MISSING", "mandatory"));
        }
    }
}

fn originals(draft: &mut Draft) {
    const MIX: &str = "META_MISMATCH";
    const ID: &str = "LICENCE_ID_BAD";
    let good = identifier(IDENTITY_CARD_TYPE, AUTHORITY, SERIAL, 1);
    let last = if good.ends_with('0') { "1" } else { "0" };
    let wrong_check = format!("{}{last}", &good[..good.len() - 1]);
    let mut bad = |flag: &str, comment: &str, reason: &'static str, changes: &[(&str, &str)]| {
        let mut record = original();
        for (name, value) in changes {
            record.insert((*name).to_owned(), json!(value));
        }
        let input = ask(text(&record), "original", SIGNED);
        draft.invalid("md.record-bad", &[flag], comment, &input, refuse(reason, "consistency"));
    };
    let id = "certificateIdentifier";
    bad("identifier", "wrong check character", ID, &[(id, &wrong_check)]);
    bad("identifier", "lower case", ID, &[(id, &good.to_lowercase())]);
    bad("identifier", "cut by one character", ID, &[(id, &good[..good.len() - 1])]);
    bad("identifier", "a space behind", ID, &[(id, &format!("{good} "))]);
    bad("identifier", "no identifier", ID, &[(id, "x")]);
    bad("identifier", "version differs from the identifier", MIX, &[("certificateVersion", "002")]);
    bad("identifier", "version without its zeros", MIX, &[("certificateVersion", "1")]);
    bad(
        "identifier",
        "authority code differs from the identifier",
        MIX,
        &[("certificateIssuingAuthorityCode", OTHER_AUTHORITY)],
    );
    bad(
        "identifier",
        "the identifier of another authority",
        MIX,
        &[(id, &identifier(IDENTITY_CARD_TYPE, OTHER_AUTHORITY, SERIAL, 1))],
    );
    bad(
        "identifier",
        "type code differs from the identifier",
        MIX,
        &[("certificateTypeCode", "11100000000013127D002")],
    );
    let other_type = "11100000000013127D002";
    bad(
        "type",
        "type code and identifier of another licence",
        "TYPE_CODE",
        &[("certificateTypeCode", other_type), (id, &identifier(other_type, AUTHORITY, SERIAL, 1))],
    );
    bad(
        "identifier",
        "replaced identifier with a wrong check character",
        ID,
        &[("previousCertificateIdentifier", &wrong_check)],
    );
    bad("identifier", "replaces itself", MIX, &[("previousCertificateIdentifier", &good)]);
    for code in ["414", "112", "0111", "11", "１１１"] {
        bad("holder", &format!("holder type {code}"), MIX, &[("certificateHolderTypeCode", code)]);
    }
    let both = |number: &'static str| [("certificateNumber", number), ("certificateHolderCode", number)];
    bad("holder", "number differs from the holder's code", MIX, &[("certificateNumber", OTHER_NUMBER)]);
    bad("holder", "holder's code differs from the number", MIX, &[("certificateHolderCode", OTHER_NUMBER)]);
    bad("holder", "wrong check character of the number", MIX, &both("110199200002290014"));
    bad("holder", "birth date that does not exist", MIX, &both("110199200102290011"));
    bad("holder", "number of 15 digits", MIX, &both("110199000229001"));
    bad("holder", "number with full-width digits", MIX, &both("１１０１９９200002290013"));
    bad("text", "another licence name", MIX, &[("certificateName", "居民身份证")]);
    bad("text", "traditional characters in the licence name", MIX, &[("certificateName", "中華人民共和國居民身份證")]);
    bad("text", "a space behind the licence name", MIX, &[("certificateName", "中华人民共和国居民身份证 ")]);
    bad("text", "another name of the holder type", MIX, &[("certificateHolderTypeName", "统一社会信用代码")]);
    bad("text", "name of 51 characters", MIX, &[("certificateHolderName", &"测".repeat(51))]);
    bad("area", "another area", MIX, &[("certificateAreaCode", "110101")]);
    bad("area", "area of twelve digits", MIX, &[("certificateAreaCode", "110199000000")]);
    for (comment, changes) in [
        ("issue date of eight digits", [("certificateIssuedDate", "20260601")]),
        ("issue date with slashes", [("certificateIssuedDate", "2026/06/01")]),
        ("issue date with a time", [("certificateIssuedDate", "2026-06-01T00:00:00+08:00")]),
        ("issue date without leading zeros", [("certificateIssuedDate", "2026-6-1")]),
        ("issue date in Chinese", [("certificateIssuedDate", "2026年6月1日")]),
        ("issue date 31 April", [("certificateIssuedDate", "2026-04-31")]),
        ("issue date 29 February 2025", [("certificateIssuedDate", "2025-02-29")]),
        ("issued tomorrow", [("certificateIssuedDate", "2026-06-02")]),
        ("effective before it was issued", [("certificateEffectiveDate", "2026-05-31")]),
        ("effective date that does not exist", [("certificateEffectiveDate", "2026-06-31")]),
        ("effective date empty of sense", [("certificateEffectiveDate", "长期")]),
        ("expires before it is effective", [("certificateExpiringDate", "2026-05-31")]),
        ("expiring date that does not exist", [("certificateExpiringDate", "2045-02-29")]),
        ("long-term as a word", [("certificateExpiringDate", "长期")]),
        ("long-term as 9999-99-99", [("certificateExpiringDate", "9999-99-99")]),
    ] {
        bad("dates", comment, MIX, &changes);
    }
    let copied = copy();
    for name in ecric_licence::metadata::COPY_MEMBERS.iter().chain(&["originFileSm3"]) {
        let value = copied.get(*name).and_then(Value::as_str).unwrap_or_default();
        bad("copy", &format!("{name} in an original"), "COPY_FIELDS", &[(name, value)]);
    }
}

fn forms(draft: &mut Draft) {
    let whole = text(&original());
    let mut typed = original();
    typed.insert("certificateVersion".to_owned(), json!(1));
    let mut listed = original();
    listed.insert("certificateHolderName".to_owned(), json!(["测试甲"]));
    let twice = whole.replacen('{', "{\"certificateNumber\":\"110199199003070017\",", 1);
    let same = whole.replacen('{', &format!("{{\"certificateNumber\":\"{NUMBER}\","), 1);
    for (comment, text, reason) in [
        ("a member twice, with two values", twice, "META_DUPLICATE"),
        ("a member twice, with one value", same, "META_DUPLICATE"),
        ("an array around it", format!("[{whole}]"), "META_MISMATCH"),
        ("a second object behind", format!("{whole}{whole}"), "META_MISMATCH"),
        ("cut by one character", whole[..whole.len() - 1].to_owned(), "META_MISMATCH"),
        ("a comma before the end", format!("{},}}", &whole[..whole.len() - 1]), "META_MISMATCH"),
        ("a byte order mark", format!("\u{feff}{whole}"), "META_MISMATCH"),
        ("nothing", String::new(), "META_MISMATCH"),
        ("the version is a number", Value::Object(typed).to_string(), "META_MISMATCH"),
        ("the name is a list", Value::Object(listed).to_string(), "META_MISMATCH"),
    ] {
        draft.invalid("md.record-bad", &["json"], comment, &ask(text, "original", SIGNED), refuse(reason, "form"));
    }
}

fn copies(draft: &mut Draft) {
    let mut no_end = copy();
    no_end.remove("certificateCopyExpiringTime");
    let mut now = copy();
    now.insert("certificateCopyExpiringTime".to_owned(), json!(COPY_AT));
    for (comment, record) in [
        ("copy without an end", no_end),
        ("copy at the last instant of its validity", now),
        ("annotated copy, the twin of what follows", copy()),
    ] {
        draft.valid("md.copy", &["good"], comment, &ask(text(&record), "copy", COPY_AT), &[]);
    }
    let mut bad = |comment: &str, reason: &'static str, name: &str, value: Option<&str>| {
        let mut record = copy();
        match value {
            None => record.remove(name),
            Some(value) => record.insert(name.to_owned(), json!(value)),
        };
        let input = ask(text(&record), "copy", COPY_AT);
        draft.invalid("md.copy-bad", &["copy"], comment, &input, refuse(reason, "copy"));
    };
    const FIELDS: &str = "COPY_FIELDS";
    let time = "certificateCopyCreationTime";
    let end = "certificateCopyExpiringTime";
    for name in [time, "certificateCopyCreator", "certificateCopyCause", "originFileSm3"] {
        bad(&format!("{name} is missing"), FIELDS, name, None);
        bad(&format!("{name} is empty"), FIELDS, name, Some(""));
    }
    bad("time of making is a day", FIELDS, time, Some("2026-06-01"));
    bad("time of making without zone", FIELDS, time, Some("2026-06-01T09:00:00"));
    bad("end without zone", FIELDS, end, Some("2026-12-01T00:00:00"));
    bad("ends before it was made", FIELDS, end, Some("2026-06-01T08:59:59+08:00"));
    bad("digest of the original in upper case", FIELDS, "originFileSm3", Some(&"AB".repeat(32)));
    bad("digest of the original too short", FIELDS, "originFileSm3", Some("66c7f0f4"));
    bad("expired a second ago", "COPY_EXPIRED", end, Some("2026-06-01T23:59:59+08:00"));
}

//! The committed variations: each does what its name says, each is used, none is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use ecric_model::sending::{Credentials, KeyUse, SignatureForm};
use serde_json::json;
use time::macros::{date, datetime};

use super::*;
use crate::person::{KINDS, Slot, generate_person};

const IDENTIFIER: &str = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.002.P";
const PREVIOUS: &str = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.001.R";
const BODY_LIMIT: u64 = 131_072;
/// States what a right request states already: the twin of its refused neighbours.
const SAME_AS_PLAIN: &str = "search.holder-type-111";

fn sample_person(kind: &str) -> Person {
    let slot = Slot { seed: [7; 32], case_ordinal: 12, index: 0 };
    generate_person(kind, &slot, date!(2026 - 06 - 01)).unwrap()
}

/// Inputs of a case at 09:00 on the fixed day, without persons.
pub(in crate::variation) fn sample_inputs() -> Inputs<'static> {
    Inputs {
        person: None,
        other: None,
        identifier: Some(IDENTIFIER),
        previous_identifier: Some(PREVIOUS),
        status_version: 1,
        today: date!(2026 - 06 - 01),
        now: datetime!(2026-06-01 09:00:00 +08:00),
        body_limit: BODY_LIMIT,
        batch_limit: 50,
        digest: [3; 32],
    }
}

/// A right body of the operation; the issue request stands for any.
fn sample_body(operation: &str, person: &Person) -> Value {
    let stated_use = json!({"certificateCopyCause": "酒店入住登记", "certificateSystemName": "测试酒店前台"});
    let operator = json!({"orgCode": "11100000000013127D", "role": "issuing"});
    let holder = Value::Object(person.holder());
    let verification = json!({"certificateIdentifier": IDENTIFIER, "assert": holder, "use": stated_use});
    match operation {
        "issuer.file" => json!({"format": "ofd", "delivery": "INLINE", "copy": {"use": stated_use}}),
        "issuer.metadata" => json!({"attributes": ["name", "sex"], "use": stated_use}),
        "issuer.transition" => {
            json!({"action": "SUSPEND", "reason": "RISK_CONTROL", "expectedStatusVersion": 1, "operator": operator})
        }
        "issuer.reissue" => {
            json!({"reason": "RENEWAL", "expectedStatusVersion": 1, "formats": ["ofd"], "operator": operator})
        }
        "issuer.search" => {
            json!({"certificateHolderCode": person.id_number, "certificateHolderTypeCode": "111", "use": stated_use})
        }
        "issuer.audit" => {
            json!({"certificateIdentifier": IDENTIFIER, "from": "2026-06-01T07:30:59+08:00", "to": "2026-06-01T09:00:00+08:00"})
        }
        "verifier.attributes" => verification,
        "verifier.batch" => json!({"items": [{"itemId": "1", "kind": "ATTRIBUTES", "request": verification}]}),
        _ => {
            json!({"holder": holder, "certificateTypeCode": "11100000000013127D001", "formats": ["ofd"], "activate": true, "operator": operator})
        }
    }
}

/// The kind of person that a variation is for.
fn kind_for(id: &str) -> &'static str {
    match id.split_once('.').map(|(_, words)| words) {
        Some("number-lower-x") => "check-x",
        Some(
            "name-bullet"
            | "name-katakana-dot"
            | "name-hyphenation-point"
            | "name-full-width-stop"
            | "name-small-stop"
            | "name-half-width-dot"
            | "name-full-stop",
        ) => "middle-dot",
        Some("name-normalised") => "compatibility",
        _ => "adult",
    }
}

/// The plain body and the bytes after the variation.
fn applied(id: &str) -> (Value, Vec<u8>) {
    let variation = find(id).unwrap();
    let person = sample_person(kind_for(id));
    let inputs = Inputs { person: Some(&person), ..sample_inputs() };
    let plain = sample_body(&variation.operation, &person);
    let mut body = plain.clone();
    variation.apply(&mut body, &inputs).unwrap_or_else(|error| panic!("{id}: {error}"));
    (plain, variation.body_bytes(&body, &inputs).unwrap_or_else(|error| panic!("{id}: {error}")))
}

/// The two bodies as JSON.
fn bodies(id: &str) -> (Value, Value) {
    let (plain, bytes) = applied(id);
    (plain, serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{id}: {error}")))
}

fn at(body: &Value, pointer: &str) -> String {
    match body.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => "absent".to_owned(),
    }
}

#[test]
fn the_embedded_files_are_read() {
    let variations = load_all().unwrap();
    assert_eq!(variations.len(), all().len());
    assert!(find("issue.no-type").is_some());
    assert!(find("issue.").is_none());
}

#[test]
fn every_variation_changes_what_it_says_it_changes() {
    for variation in all() {
        let id = variation.id.as_str();
        let body_changes = !variation.edits.is_empty() || variation.raw.is_some();
        let (plain, bytes) = applied(id);
        let same = bytes == serde_json::to_vec(&plain).unwrap();
        assert_eq!(same, !body_changes || id == SAME_AS_PLAIN, "{id}");
        assert!(
            body_changes || variation.send != SendOptions::default() || variation.path_identifier.is_some(),
            "{id}"
        );
    }
}

#[test]
fn edits_touch_the_members_that_their_name_says_and_no_other() {
    let rows: &[(&str, &[&str])] = &[
        ("issue.persona-ref", &["/holder", "/personaRef"]),
        ("issue.effective-after-expiring", &["/certificateEffectiveDate", "/certificateExpiringDate"]),
        ("issue.number-30-february", &["/holder/idNumber"]),
        ("issue.name-51", &["/holder/name"]),
        ("issue.hostile-text", &["/holder/address", "/holder/ethnicity", "/holder/name"]),
        ("transition.version-huge", &["/expectedStatusVersion"]),
        ("transition.version-fraction", &["/expectedStatusVersion"]),
        ("metadata.body-at-limit", &["/ecricUnknown"]),
        ("attributes.by-holder", &["/certificateHolderCode", "/certificateIdentifier", "/certificateTypeCode"]),
        ("attributes.wrong-birth-date", &["/assert/birthDate"]),
        ("reissue.new-address", &["/changes", "/reason"]),
        ("repeat.other-body", &["/operator/role"]),
    ];
    for (id, wanted) in rows {
        let (plain, changed) = bodies(id);
        let mut found = BTreeSet::new();
        differences(&plain, &changed, "", &mut found);
        assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), *wanted, "{id}");
    }
}

fn differences(a: &Value, b: &Value, place: &str, found: &mut BTreeSet<String>) {
    let (Value::Object(left), Value::Object(right)) = (a, b) else {
        if a != b {
            found.insert(place.to_owned());
        }
        return;
    };
    for name in left.keys().chain(right.keys()) {
        let (a, b) = (left.get(name), right.get(name));
        match (a, b) {
            (Some(a), Some(b)) => differences(a, b, &format!("{place}/{name}"), found),
            _ => drop(found.insert(format!("{place}/{name}"))),
        }
    }
}

#[test]
fn values_are_what_the_name_says() {
    let person = sample_person("adult");
    let rows: &[(&str, &str, &str)] = &[
        ("issue.no-type", "/certificateTypeCode", "absent"),
        ("issue.persona-ref", "/personaRef", &person.reference),
        ("issue.previous-identifier", "/previousCertificateIdentifier", PREVIOUS),
        ("issue.formats-text", "/formats", ""),
        ("issue.not-activated", "/activate", "false"),
        ("issue.effective-yesterday", "/certificateEffectiveDate", "2026-05-31"),
        ("issue.effective-30-february", "/certificateEffectiveDate", "2027-02-30"),
        ("issue.effective-after-expiring", "/certificateEffectiveDate", "2026-06-12"),
        ("issue.effective-after-expiring", "/certificateExpiringDate", "2026-06-02"),
        ("transition.stale-version", "/expectedStatusVersion", "2"),
        ("transition.version-huge", "/expectedStatusVersion", "9007199254740993"),
        ("transition.version-text", "/expectedStatusVersion", "1"),
        ("transition.card-lost", "/reason", "CARD_LOST"),
        ("transition.in-one-hour", "/effectiveTime", "2026-06-01T10:00:00+08:00"),
        ("metadata.masked", "/attributes", "[\"nameMasked\",\"idNumberMasked\"]"),
        ("metadata.critical-known", "/critical", "[\"use\"]"),
        ("metadata.critical-unknown", "/critical/0", UNKNOWN_MEMBER),
        ("attributes.by-holder", "/certificateHolderCode", &person.id_number),
        ("attributes.by-holder", "/certificateIdentifier", "absent"),
        ("attributes.replaced-licence", "/certificateIdentifier", PREVIOUS),
        ("attributes.nothing", "/assert", "{}"),
        ("audit.from-utc", "/from", "2026-05-31T23:30:59Z"),
        ("reissue.new-number", "/reason", "DATA_CHANGED"),
        ("repeat.other-body", "/operator/role", "window"),
    ];
    for (id, pointer, wanted) in rows {
        assert_eq!(at(&bodies(id).1, pointer), *wanted, "{id} {pointer}");
    }
    let length = |id: &str, pointer: &str| at(&bodies(id).1, pointer).chars().count();
    assert_eq!(length("issue.name-51", "/holder/name"), 51);
    assert_eq!(length("issue.address-71", "/holder/address"), 71);
    assert_eq!(length("metadata.cause-200", "/use/certificateCopyCause"), 200);
    assert_eq!(length("metadata.cause-201", "/use/certificateCopyCause"), 201);
    assert!(length("issue.hostile-text", "/holder/name") <= 50);
    assert!(length("issue.hostile-text", "/holder/address") <= 70);
    assert!(at(&bodies("attributes.name-normalised").1, "/assert/name").ends_with('\u{9686}'));
    let assert_names = |id: &str| bodies(id).1["assert"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(assert_names("attributes.name-only"), ["name"]);
    assert_eq!(assert_names("attributes.name-and-number"), ["name", "idNumber"]);
    let later = Inputs { status_version: 4, ..sample_inputs() };
    let mut body = json!({"expectedStatusVersion": 4});
    find("transition.stale-version").unwrap().apply(&mut body, &later).unwrap();
    assert_eq!(body["expectedStatusVersion"], 3);
}

#[test]
fn raw_edits_have_exactly_their_defect() {
    let bytes = |id: &str| applied(id).1;
    let text = |id: &str| String::from_utf8(bytes(id)).unwrap();
    assert!(bytes("metadata.byte-order-mark").starts_with(b"\xef\xbb\xbf{"));
    let invalid = bytes("metadata.invalid-utf8");
    assert!(std::str::from_utf8(&invalid).is_err());
    assert!(serde_json::from_str::<Value>(&String::from_utf8_lossy(&invalid)).is_ok(), "nothing else is wrong");
    assert!(text("metadata.lone-surrogate").ends_with(r#","ecricUnknown":"\ud800"}"#));
    assert!(serde_json::from_str::<Value>(&text("metadata.lone-surrogate").replace("\\ud800", "")).is_ok());
    assert_eq!(text("metadata.duplicate-key").matches("\"attributes\":").count(), 2);
    assert_eq!(bodies("metadata.duplicate-key").0, bodies("metadata.duplicate-key").1);
    assert!(text("metadata.trailing-text").ends_with("} trailing"));
    assert_eq!(text("metadata.deep").matches(['[', ']']).count(), 2 * 10_000 + 2);
    assert!(text("transition.version-fraction").contains("\"expectedStatusVersion\":1.0,"));
    assert!(text("transition.version-1e400").contains("\"expectedStatusVersion\":1e400,"));
    assert_eq!(bytes("metadata.body-at-limit").len() as u64, BODY_LIMIT);
    assert_eq!(bytes("metadata.body-over-limit").len() as u64, BODY_LIMIT + 1);
    let small = Inputs { body_limit: 10, ..sample_inputs() };
    let padded = find("metadata.body-at-limit").unwrap().body_bytes(&json!({"use": {}}), &small);
    assert_eq!(padded.unwrap_err().to_string(), "a body of 28 bytes cannot be padded to 10");
    let empty = find("metadata.body-at-limit").unwrap().body_bytes(&json!({}), &Inputs { body_limit: 20, ..small });
    assert_eq!(empty.unwrap(), b"{\"ecricUnknown\":\"x\"}");
}

#[test]
fn batches_have_the_items_that_the_name_says() {
    let items = |id: &str| bodies(id).1["items"].as_array().unwrap().clone();
    let ids = |id: &str| items(id).iter().map(|item| at(item, "/itemId")).collect::<Vec<_>>();
    assert_eq!(ids("batch.good-bad-unknown"), ["good", "bad", "unknown"]);
    let three = items("batch.good-bad-unknown");
    assert_ne!(three[1]["request"]["assert"]["birthDate"], three[0]["request"]["assert"]["birthDate"]);
    assert_eq!(three[1]["request"]["certificateIdentifier"], IDENTIFIER);
    assert_ne!(three[2]["request"]["certificateIdentifier"], IDENTIFIER);
    assert_eq!(three[2]["request"]["assert"], three[0]["request"]["assert"]);
    let malformed: Vec<_> =
        items("batch.one-malformed").iter().map(|item| at(item, "/request/assert") == "absent").collect();
    assert_eq!(malformed, [false, true, false]);
    assert_eq!(ids("batch.repeated-id"), ["twice", "twice"]);
    for (id, wanted) in [("batch.at-limit", 50), ("batch.over-limit", 51), ("batch.empty", 0)] {
        assert_eq!(ids(id).into_iter().collect::<BTreeSet<_>>().len(), wanted, "{id}");
    }
}

#[test]
fn sending_has_exactly_one_defect() {
    let plain = SendOptions::default;
    let rows = [
        ("auth.none", SendOptions { credentials: Credentials::None, ..plain() }),
        ("auth.body-changed", SendOptions { append_after_signing: Some(" ".to_owned()), ..plain() }),
        ("auth.old-inside", SendOptions { timestamp_offset_s: -295, ..plain() }),
        ("auth.old-outside", SendOptions { timestamp_offset_s: -305, ..plain() }),
        ("auth.new-inside", SendOptions { timestamp_offset_s: 295, ..plain() }),
        ("auth.new-outside", SendOptions { timestamp_offset_s: 305, ..plain() }),
        ("auth.nonce-empty", SendOptions { nonce: Some(String::new()), ..plain() }),
        ("auth.real-time", SendOptions { real_time: true, ..plain() }),
        ("auth.signature-half", SendOptions { signature: SignatureForm::Half, ..plain() }),
        ("idempotency.no-key", SendOptions { idempotency: KeyUse::Missing, ..plain() }),
        ("repeat.byte-for-byte", SendOptions { byte_for_byte: true, ..plain() }),
        ("repeat.other-body", SendOptions { idempotency: KeyUse::Same, ..plain() }),
        ("repeat.same-nonce-other-app", SendOptions { same_nonce: true, credentials: Credentials::Other, ..plain() }),
        ("status.if-none-match", SendOptions { if_none_match: true, ..plain() }),
    ];
    for (id, wanted) in rows {
        assert_eq!(find(id).unwrap().send, wanted, "{id}");
    }
    assert_eq!(find("auth.nonce-long").unwrap().send.nonce.as_ref().map(String::len), Some(1000));
    let auth: Vec<_> = all().iter().filter(|variation| variation.id.starts_with("auth.")).collect();
    for (at, variation) in auth.iter().enumerate() {
        let twin = auth[at + 1..].iter().find(|other| other.send == variation.send);
        assert!(twin.is_none(), "{} is sent like {:?}", variation.id, twin.map(|twin| &twin.id));
    }
}

#[test]
fn identifiers_for_the_path_come_from_the_licence() {
    let path = |id: &str, inputs: &Inputs| find(id).unwrap().identifier_for_path(inputs);
    let inputs = sample_inputs();
    assert_eq!(path("status.identifier-wrong-check", &inputs), Some(IDENTIFIER.replace(".P", ".Q")));
    let unknown = path("status.identifier-unknown", &inputs).unwrap();
    assert!(ecric_licence::identifier::parse_identifier(&unknown).is_ok() && unknown != IDENTIFIER);
    assert_ne!(path("status.identifier-unknown", &Inputs { digest: [4; 32], ..inputs }), Some(unknown));
    assert_eq!(path("status.if-none-match", &inputs), None);
}

#[test]
fn what_cannot_be_applied_is_refused() {
    let inputs = sample_inputs();
    let rows = [
        ("issue.persona-ref", json!({}), "persona-ref: needs a person"),
        ("issue.name-51", json!({}), "name-51: found nothing, wanted a text"),
        ("issue.name-51", json!({"holder": {"name": 5}}), "name-51: found no text, wanted a text"),
        ("issue.ethnicity-57", json!({}), "\"holder.ethnicity\": no such member in the body"),
        ("issue.name-bullet", json!({"holder": {"name": "测试甲"}}), "name-bullet: found a text without it"),
        ("attributes.name-only", json!({"assert": {}}), "name-only: found less, wanted"),
        ("batch.at-limit", json!({"items": []}), "batch-at-limit: found no such item, wanted"),
        ("repeat.other-body", json!({}), "other-body: found neither, wanted"),
        ("issue.number-17", json!({"holder": {"idNumber": "1"}}), "number-17: found no citizen number, wanted"),
    ];
    for (id, mut body, wanted) in rows {
        let error = find(id).unwrap().apply(&mut body, &inputs).unwrap_err().to_string();
        assert!(error.starts_with(wanted), "{id}: {error:?}, wanted {wanted:?}");
    }
    for id in ["transition.version-1e400", "metadata.duplicate-key", "metadata.deep"] {
        assert!(find(id).unwrap().body_bytes(&json!([]), &inputs).is_err(), "{id}");
    }
}

#[test]
fn malformed_files_are_refused() {
    let head = "schema: \"ecric.variations/1\"\nfamily: \"issue\"\ntitle: {en: \"x\", zh: \"x\"}\nvariations:\n";
    let item = |id: &str, rest: &str| format!("{head}  - {{id: \"{id}\", operation: \"any\", comment: \"c\"{rest}}}\n");
    let rows = [
        (item("issue.a", ""), ""),
        (item("issue.a", ", edits: [{at: \"a\", set: null}]"), ""),
        (item("issue.a", ", more: 1"), "unknown field `more`"),
        (item("issue.a", ", send: {speed: 1}"), "unknown field `speed`"),
        (item("search.a", ""), "id, wanted issue. and words"),
        (item("issue.A", ""), "id, wanted issue. and words"),
        (item("issue.", ""), "id, wanted issue. and words"),
        (item("issue.a", ", edits: [{at: \"a\"}]"), "wanted exactly one of set, make and remove"),
        (item("issue.a", ", edits: [{at: \"a\", set: 1, remove: true}]"), "wanted exactly one of set, make and remove"),
        (item("issue.a", ", edits: [{at: \"a\", make: \"gold\"}]"), "unknown maker \"gold\""),
        (item("issue.a", ", raw: \"fish\""), "unknown raw edit \"fish\""),
        (item("issue.a", ", path_identifier: \"name-51\""), "unknown identifier maker \"name-51\""),
        (item("issue.a", "").replace("any", "issuer.fly"), "operation \"issuer.fly\""),
        (item("issue.a", "").replace("\"c\"", "\" \""), "comment is empty"),
        (item("issue.a", "").replace("variations/1", "variations/2"), "wanted \"ecric.variations/1\""),
        (item("issue.a", "").replace("family: \"issue\"", "family: \"search\""), "wanted the name of the file"),
    ];
    for (text, wanted) in rows {
        match load::load_file("issue.yaml", "issue", text.as_bytes()) {
            Ok(_) => assert_eq!(wanted, "", "{text}"),
            Err(error) => assert!(!wanted.is_empty() && error.to_string().contains(wanted), "{error}, wanted {wanted}"),
        }
    }
}

/// Every quoted name and every cell of the examples in the features, with the file it stands in.
fn names_in_features() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../features");
    let mut names = BTreeMap::new();
    for folder in std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.extension().is_none_or(|ending| ending != "feature") {
                continue;
            }
            for line in std::fs::read_to_string(&path).unwrap().lines() {
                let quoted = line.split('"').skip(1).step_by(2);
                let cells = line.trim().strip_prefix('|').into_iter().flat_map(|row| row.split('|'));
                let found =
                    quoted.chain(cells.map(str::trim)).map(|name| (name.to_owned(), path.display().to_string()));
                names.extend(found);
            }
        }
    }
    names
}

#[test]
fn every_name_in_the_features_exists_and_every_variation_is_used() {
    let names = names_in_features();
    let families: BTreeSet<_> = all().iter().filter_map(|variation| variation.id.split('.').next()).collect();
    assert_eq!(families.len(), 13);
    for (name, file) in &names {
        let is_variation = name.split_once('.').is_some_and(|(family, _)| families.contains(family));
        assert!(!is_variation || find(name).is_some(), "{name} of {file} is no variation");
    }
    for variation in all() {
        assert!(names.contains_key(&variation.id), "{} is in no feature", variation.id);
    }
}

#[test]
fn every_person_of_the_features_has_a_kind() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../features");
    let mut seen = 0;
    for folder in std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let text = std::fs::read_to_string(&path).unwrap();
            let places = text.match_indices("registered person \"").chain(text.match_indices("for the person \""));
            for (start, lead) in places {
                let kind = text[start + lead.len()..].split('"').next().unwrap_or_default();
                // The rows of an outline name theirs in a column.
                assert!(KINDS.contains(&kind) || kind == "<kind>", "{kind:?} of {}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen} persons named");
}

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::collections::BTreeMap;

use ecric_gm::encoding::{from_hex, hex};
use ecric_gm::sm2::SecretKey;
use ecric_model::binding::LicenceStatus;
use proptest::prelude::*;

use super::cbor::{Item, sorted, write_item};
use super::*;

const SEED: &[u8] = b"ecric-test-pki-v1";

fn key(label: &str) -> SecretKey {
    SecretKey::derive(SEED, label)
}

fn run_of(from: u8) -> [u8; 16] {
    std::array::from_fn(|at| from + u8::try_from(at).unwrap())
}

/// The worked example of binding v1, 12.5.
fn example() -> Payload {
    Payload {
        loader: "11110101099999909H".to_owned(),
        issued_at: 1_780_275_600,
        expires_at: 1_780_275_660,
        code_id: run_of(0x10),
        handle: run_of(0x20),
        scope: Scope::of_bits(4098).unwrap(),
        audience: Some(audience_tag("11440300099999917Q")),
        scene: Scene::Hotel,
        nonce: Some(run_of(0x30).to_vec()),
        view: None,
    }
}

const EXAMPLE_TEXT: &str = "ECR1:XWGSLK/E7V50400979PPJV07X K1X218BKGLSJE%96$96$96$96OA7OA7OA7F46V49CF35T3UZPCF35T3G9IL5A572OI2/T2H-2 73AJ3TU33.3$5AM84-J4FV4Y.4895RK51W55/5Q736C05994CWZB6 LF0SV8 CD1AAY8QQ4746QF60R6J%6%47CG7VR75*727BS.H VKS-7H01:4QN3VX:4:$1U.HI-9-OKO8DDN8H0OSTBPSJ:P9D*2$+B TA0HFOEG%BMB5E+YA5CV5WFH2ABD0Z$8SQN5XS";

fn example_kid() -> Kid {
    from_hex("48759ac9377ea4a915").unwrap()[1..].try_into().unwrap()
}

fn view() -> View {
    let attributes = BTreeMap::from([
        (1, AttributeValue::Text("测试𠮷".to_owned())),
        (2, AttributeValue::Number(1)),
        (4, AttributeValue::Text("1990-03-07".to_owned())),
        (6, AttributeValue::Text("110199199003070017".to_owned())),
        (9, AttributeValue::Period("2026-01-01".to_owned(), None)),
        (12, AttributeValue::Flag(true)),
    ]);
    View {
        issuer: "11110199099999028C".to_owned(),
        issued_at: 1_780_272_000,
        expires_at: 1_780_358_400,
        scope: attributes.keys().fold(Scope::VALIDITY, |scope, bit| scope.with(*bit)),
        device_key: key("XG10").public_key().to_compressed(),
        attributes,
        status: ViewStatus { status: LicenceStatus::Valid, version: 1, changed_at: 1_767_232_800 },
    }
}

fn request() -> Request {
    Request {
        relying_party: "11440300099999917Q".to_owned(),
        issued_at: 1_780_275_600,
        expires_at: 1_780_275_720,
        request_id: run_of(0x40),
        scope: Scope::of_names(["name", "ageOver18"]).unwrap(),
        scene: Scene::Hotel,
        nonce: run_of(0x30),
        audience_name: "测试酒店".to_owned(),
        cause: "酒店入住登记".to_owned(),
        response_uri: Some("https://rp.example/answer".to_owned()),
    }
}

#[test]
fn the_worked_example_of_the_binding_holds() {
    let key = key("XG09");
    assert_eq!(write_code(&example(), example_kid(), &key).unwrap(), EXAMPLE_TEXT);
    let code = parse_code(EXAMPLE_TEXT).unwrap();
    assert_eq!(code.payload, example());
    assert_eq!(hex(&code.envelope.protected), "a2013a000100000448759ac9377ea4a915");
    assert_eq!(code.envelope.kid, example_kid());
    assert!(code.envelope.holds_with(key.public_key()));
    assert!(!code.envelope.holds_with(self::key("XG10").public_key()));
    assert_eq!(EXAMPLE_TEXT.len(), 299);
}

#[test]
fn views_and_requests_are_read_back() {
    let signer = key("XG19");
    let written = write_view(&view(), [7; 8], &signer).unwrap();
    let read = parse_view(&written).unwrap();
    assert_eq!(read.view, view());
    assert!(read.envelope.holds_with(signer.public_key()));
    let text = write_request(&request(), [8; 8], &signer).unwrap();
    assert!(text.starts_with("ECRR1:"));
    let read = parse_request(&text).unwrap();
    assert_eq!(read.request, request());
    assert!(read.envelope.holds_with(signer.public_key()));

    let payload = Payload { view: Some(written), ..example() };
    let text = write_code(&payload, kid_of_key(key("XG10").public_key()), &key("XG10")).unwrap();
    assert_eq!(parse_code(&text).unwrap().payload, payload);
    assert!(text.len() <= OFFLINE_TEXT_MAX, "{}", text.len());
}

#[test]
fn a_signature_of_one_domain_holds_in_no_other() {
    let key = key("XG09");
    let bytes = seal(Domain::View, [1; 8], &write_item(&sorted(code_payload(&example()))), &key).unwrap();
    let code = parse_code(&encode(Domain::Code, &bytes)).unwrap();
    assert!(!code.envelope.holds_with(key.public_key()));
}

#[test]
fn the_longest_online_code_fits_its_cap() {
    let loader = "测".repeat(18);
    for (loader, fits) in [("W".repeat(18), true), (loader, false)] {
        let payload = Payload { loader, scope: Scope::of_bits(0x1_ffff).unwrap(), ..example() };
        let text = write_code(&payload, [1; 8], &key("XG09")).unwrap();
        assert_eq!(text.len() <= ONLINE_TEXT_MAX, fits);
        assert_eq!(parse_code(&text).is_ok(), fits);
    }
}

fn sealed(entries: Vec<(Item, Item)>) -> String {
    encode(Domain::Code, &seal(Domain::Code, [1; 8], &write_item(&sorted(entries)), &key("XG09")).unwrap())
}

fn with(key: i64, value: Item) -> Vec<(Item, Item)> {
    let mut entries = code_payload(&example());
    entries.retain(|(found, _)| found.as_int() != Some(key));
    entries.push((Item::int(key), value));
    entries
}

fn without(key: i64) -> Vec<(Item, Item)> {
    code_payload(&example()).into_iter().filter(|(found, _)| found.as_int() != Some(key)).collect()
}

#[test]
fn keys_and_values_out_of_the_table_are_refused_with_their_place() {
    let rows = [
        (with(-13, Item::Bool(true)), "payload key -13", "unknown-key"),
        (with(2, Item::Bool(true)), "payload key 2", "unknown-key"),
        (without(1), "payload key 1", "missing-key"),
        (without(4), "payload key 4", "missing-key"),
        (without(6), "payload key 6", "missing-key"),
        (without(7), "payload key 7", "missing-key"),
        (without(-1), "payload key -1", "missing-key"),
        (without(-2), "payload key -2", "missing-key"),
        (without(-4), "payload key -4", "missing-key"),
        (with(1, Item::Text(String::new())), "payload key 1", "limit"),
        (with(1, Item::Text("W".repeat(19))), "payload key 1", "limit"),
        (with(1, Item::Unsigned(1)), "payload key 1", "type"),
        (with(4, Item::Negative(0)), "payload key 4", "type"),
        (with(4, Item::Unsigned(u64::MAX)), "payload key 4", "limit"),
        (with(7, Item::Bytes(vec![0; 15])), "payload key 7", "limit"),
        (with(-1, Item::Text("0123456789abcdef".to_owned())), "payload key -1", "type"),
        (with(-2, Item::Unsigned(1 << 17)), "payload key -2", "limit"),
        (with(-3, Item::Bytes(vec![0; 9])), "payload key -3", "limit"),
        (with(-4, Item::Text("hotel".to_owned())), "payload key -4", "limit"),
        (with(-5, Item::Bytes(vec![0; 7])), "payload key -5", "limit"),
        (with(-5, Item::Bytes(vec![0; 17])), "payload key -5", "limit"),
        (with(-6, Item::Bytes(Vec::new())), "payload key -6", "limit"),
    ];
    for (entries, part, word) in rows {
        let error = parse_code(&sealed(entries)).unwrap_err();
        assert_eq!((error.part.as_str(), error.fault.word(), error.fault.stage()), (part, word, "schema"));
    }
    let mut entries = code_payload(&example());
    entries.push((Item::Text("x".to_owned()), Item::Null));
    assert_eq!(parse_code(&sealed(entries)).unwrap_err().fault, CodeFault::Map);
}

#[test]
fn other_texts_and_envelopes_are_refused() {
    let body = EXAMPLE_TEXT.strip_prefix(CODE_PREFIX).unwrap();
    for prefix in ["", "ECR0:", "ECR2:", "ecr1:", "ECR1", "ECRR1:", " ECR1:", "\u{feff}ECR1:"] {
        assert_eq!(parse_code(&format!("{prefix}{body}")).unwrap_err().fault.word(), "prefix", "{prefix}");
    }
    assert_eq!(parse_code("ECR1:").unwrap_err().fault.word(), "cbor-truncated");
    assert_eq!(parse_code(&format!("ECR1:{}", "0".repeat(4091))).unwrap_err().fault.word(), "length");
    assert_eq!(parse_code(&format!("{EXAMPLE_TEXT}\n")).unwrap_err().fault.word(), "base45-character");

    let good = base45::parse_base45(body).unwrap();
    let Item::Array(parts) = cbor::parse_item(&good).unwrap() else { unreachable!() };
    let change = |at: usize, value: Item| {
        let mut parts = parts.clone();
        parts[at] = value;
        parse_code(&encode(Domain::Code, &write_item(&Item::Array(parts)))).unwrap_err().fault
    };
    let header = |entries: Vec<(Item, Item)>| Item::Bytes(write_item(&Item::Map(entries)));
    let kid = || (Item::Unsigned(4), Item::Bytes(vec![1; 8]));
    assert_eq!(change(3, Item::Bytes(vec![1; 63])), CodeFault::Shape);
    assert_eq!(change(1, Item::Map(vec![(Item::Unsigned(4), Item::Null)])), CodeFault::Shape);
    assert_eq!(change(0, header(vec![(Item::Unsigned(1), Item::int(-7)), kid()])), CodeFault::Algorithm);
    assert_eq!(change(0, header(vec![kid()])), CodeFault::Header);
    assert_eq!(change(0, header(vec![(Item::Unsigned(1), Item::int(-65537))])), CodeFault::Header);
    let critical = (Item::Unsigned(2), Item::Array(vec![Item::Unsigned(1)]));
    assert_eq!(change(0, header(vec![(Item::Unsigned(1), Item::int(-65537)), critical, kid()])), CodeFault::Header);
    let mut five = parts.clone();
    five.push(Item::Null);
    assert_eq!(parse_code(&encode(Domain::Code, &write_item(&Item::Array(five)))).unwrap_err().fault, CodeFault::Shape);
    let tagged = [&[0xd2], &good[..]].concat();
    assert_eq!(parse_code(&encode(Domain::Code, &tagged)).unwrap_err().fault.word(), "cbor-tag");
    let long = [&good[..], &[0]].concat();
    assert_eq!(parse_code(&encode(Domain::Code, &long)).unwrap_err().fault.word(), "cbor-trailing");
}

#[test]
fn views_hold_what_their_scope_says_and_no_portrait() {
    let refused = |view: &View| parse_view(&write_view(view, [1; 8], &key("XG19")).unwrap()).unwrap_err();
    let mut more = view();
    more.scope = more.scope.with(5);
    assert_eq!(refused(&more).part, "payload key -8");
    let mut fewer = view();
    fewer.scope = Scope::VALIDITY;
    assert_eq!(refused(&fewer).part, "payload key -8");
    let mut portrait = view();
    portrait.scope = portrait.scope.with(7);
    portrait.attributes.insert(7, AttributeValue::Text("/9j/".to_owned()));
    assert_eq!(refused(&portrait).fault.word(), "limit");
    let mut flag = view();
    flag.attributes.insert(12, AttributeValue::Number(1));
    assert_eq!(refused(&flag).fault.word(), "type");
}

#[test]
fn attribute_values_go_to_json_and_back() {
    for (bit, value) in view().attributes {
        assert_eq!(AttributeValue::of_json(bit, &value.to_json()), Some(value));
    }
    assert_eq!(AttributeValue::of_json(7, &serde_json::json!("/9j/")), None);
}

proptest! {
    #[test]
    fn a_changed_character_never_reads_as_the_same_signed_code(at in 5_usize..299, other in "[0-9A-Z $%*+./:-]") {
        let mut text = EXAMPLE_TEXT.to_owned();
        text.replace_range(at..=at, &other);
        if text != EXAMPLE_TEXT && let Ok(code) = parse_code(&text) {
            prop_assert!(!code.envelope.holds_with(key("XG09").public_key()));
        }
    }

    #[test]
    fn a_changed_byte_never_holds(at in 0_usize..196, mask in 1_u8..) {
        let mut bytes = base45::parse_base45(&EXAMPLE_TEXT[5..]).unwrap();
        bytes[at] ^= mask;
        if let Ok(code) = parse_code(&encode(Domain::Code, &bytes)) {
            prop_assert!(!code.envelope.holds_with(key("XG09").public_key()));
        }
    }

    #[test]
    fn the_readers_survive_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in any::<String>()) {
        let _ = parse_code(&text);
        let _ = parse_request(&text);
        let _ = parse_code(&encode(Domain::Code, &bytes));
        let _ = parse_view(&bytes);
    }

    #[test]
    fn what_is_written_is_read_back(
        (loader, ids, life, scope) in ("[0-9A-Z]{18}", any::<([u8; 16], [u8; 16])>(), 0_u64..100, 0_u64..1 << 17),
        (audience, nonce, scene) in (any::<Option<[u8; 8]>>(), proptest::option::of(proptest::collection::vec(any::<u8>(), 8..=16)), 0_usize..7),
    ) {
        let payload = Payload {
            loader, issued_at: 1_780_275_600, expires_at: 1_780_275_600 + life, code_id: ids.0, handle: ids.1,
            scope: Scope::of_bits(scope).unwrap(), audience, scene: Scene::ALL[scene], nonce, view: None,
        };
        let text = write_code(&payload, [3; 8], &key("XG09")).unwrap();
        prop_assert_eq!(parse_code(&text).unwrap().payload, payload);
    }
}

#[test]
fn compressed_keys_are_read_back() {
    for label in ["XG01", "XG09", "XG10", "XG11"] {
        let key = *key(label).public_key();
        assert_eq!(ecric_gm::sm2::PublicKey::from_compressed(&key.to_compressed()), Ok(key));
    }
    let mut wrong = key("XG10").public_key().to_compressed();
    wrong[0] = 4;
    assert!(ecric_gm::sm2::PublicKey::from_compressed(&wrong).is_err());
    assert!(ecric_gm::sm2::PublicKey::from_compressed(&[0xff; 33]).is_err());
}

//! Stand-in vendor gamma over HTTP: signed both ways, encrypted answers, each method, each way to be refused.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod control;

use control::{NUMBER, Target, count};
use ecric_gm::encoding::{b64, from_b64, from_hex};
use ecric_gm::sm2::encryption::{Ciphertext, Order, decrypt};
use ecric_gm::sm2::{DEFAULT_ID, PublicKey, SecretKey, Signature, sign, verify};
use ecric_licence::instant::write_instant;
use ecric_model::published::VENDOR_SECRETS;
use ecric_reference::{Behaviour, Vendor, behaviour_of};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

fn secret(name: &str) -> &'static str {
    VENDOR_SECRETS.iter().find(|(known, _)| *known == name).unwrap().1
}

fn key() -> SecretKey {
    SecretKey::from_bytes(from_hex(secret("gamma.key")).unwrap().as_slice().try_into().unwrap()).unwrap()
}

/// China time now, moved by some seconds.
fn moment(offset_s: i64) -> String {
    let text = write_instant(OffsetDateTime::now_utc() + Duration::seconds(offset_s));
    text[..19].replace('T', " ")
}

fn envelope(method: &str, biz: &Value) -> Value {
    json!({"app_id": secret("gamma.app"), "method": method, "version": "1.0", "timestamp": moment(0),
        "nonce": format!("{:08x}", count()), "sign_type": "SM2", "biz_content": biz.to_string()})
}

/// Signs what is there: every member sorted, empty ones left out.
fn signed(mut envelope: Value) -> Value {
    let members = envelope.as_object().unwrap();
    let mut pairs: Vec<String> = members
        .iter()
        .filter(|(name, value)| *name != "sign" && *value != "")
        .map(|(name, value)| format!("{name}={}", value.as_str().unwrap()))
        .collect();
    pairs.sort();
    let signature = sign(&key(), DEFAULT_ID, pairs.join("&").as_bytes()).unwrap();
    envelope["sign"] = json!(b64(signature.as_raw()));
    envelope
}

/// The text of `biz_response`, its signature checked over the bytes as received.
fn response_text(answer: &Value) -> String {
    let text = answer["biz_response"].as_str().unwrap().to_owned();
    let point = from_hex(secret("gamma-gateway.pub")).unwrap();
    let gateway = PublicKey::from_uncompressed(point.as_slice().try_into().unwrap()).unwrap();
    let raw = from_b64(answer["sign"].as_str().unwrap()).unwrap();
    let signature = Signature::from_raw(raw.as_slice().try_into().unwrap()).unwrap();
    verify(&gateway, DEFAULT_ID, text.as_bytes(), &signature).unwrap();
    text
}

async fn send(target: &Target, envelope: Value) -> Value {
    let answer = target.post("/gateway.do", &envelope).await;
    assert_eq!(answer["enc_type"], "");
    serde_json::from_str(&response_text(&answer)).unwrap()
}

async fn call(target: &Target, method: &str, biz: Value) -> Value {
    send(target, signed(envelope(method, &biz))).await
}

async fn start() -> Target {
    Target::start(Some(Vendor::Gamma), Behaviour::default()).await
}

fn claims(id: &str, claims: &Value) -> Value {
    json!({"licence": id, "claims": claims.to_string(), "cause": "一致性测试", "sys": "ecric"})
}

#[tokio::test]
async fn each_method_answers() {
    let target = start().await;
    let id = target.person("VALID").await;
    let answer = call(&target, "ecard.capability.query", json!({})).await;
    assert_eq!(
        (&answer["code"], &answer["roles"], &answer["trial"]),
        (&json!("10000"), &json!("verifier|loader"), &json!("Y"))
    );
    assert!(answer["now"].as_str().unwrap().starts_with(&moment(0)[..13]), "{answer}");
    assert_eq!(answer["max_body"], "126976");
    let answer = call(&target, "ecard.state.query", json!({"licence": id})).await;
    assert_eq!((&answer["state"], &answer["seq"], &answer["licence"]), (&json!("V"), &json!("1"), &json!(id)));
    let right = json!({"n": "测试\u{20bb7}", "no": NUMBER, "b": "1990-03-07"});
    let answer = call(&target, "ecard.attr.verify", claims(&id, &right)).await;
    assert_eq!((&answer["pass"], &answer["why"], &answer["src"]), (&json!("Y"), &json!(""), &json!("L")));
    assert_eq!(answer["hits"], json!({"n": "M", "no": "M", "b": "M"}));
    assert_eq!(answer["stages"]["st"], "P");
    let wrong = json!({"n": "测试\u{20bb7}", "no": NUMBER, "b": "1990-03-08", "shoeSize": "43"});
    let answer = call(&target, "ecard.attr.verify", claims(&id, &wrong)).await;
    assert_eq!((&answer["pass"], &answer["why"]), (&json!("N"), &json!("ECARD.DIFF")));
    assert_eq!(answer["hits"], json!({"n": "M", "no": "M", "b": "X", "shoeSize": "U"}));
    let by_holder = json!({"kind": "11100000000013127D001", "holder": NUMBER, "claims": right.to_string(),
        "cause": "一致性测试", "sys": "ecric"});
    assert_eq!(call(&target, "ecard.attr.verify", by_holder).await["pass"], "Y");
    for (state, letter, why) in [
        ("SUSPENDED", "S", "ECARD.HOLD"),
        ("REVOKED", "R", "ECARD.OFF"),
        ("EXPIRED", "E", "ECARD.OLD"),
        ("DESTROYED", "D", "ECARD.GONE"),
    ] {
        let id = target.person(state).await;
        let answer = call(&target, "ecard.attr.verify", claims(&id, &right)).await;
        assert_eq!((&answer["pass"], &answer["state"]), (&json!("N"), &json!(letter)), "{answer}");
        assert!(answer["why"].as_str().unwrap().starts_with(why), "{answer}");
    }
}

#[tokio::test]
async fn a_file_is_verified() {
    let maker = Target::start(None, Behaviour::default()).await;
    let id = maker.person("VALID").await;
    let path = format!("/v1/licences/{id}/file");
    let (_, file) = maker.native("POST", &path, &json!({"format": "ofd", "delivery": "INLINE"})).await;
    let file = file["content"].as_str().unwrap().to_owned();
    let target = start().await;
    let asked = json!({"file": file, "type": "ofd", "offline": "Y"});
    let answer = call(&target, "ecard.file.verify", asked.clone()).await;
    assert_eq!((&answer["pass"], &answer["src"], &answer["kind"]), (&json!("Y"), &json!("N"), &json!("O")), "{answer}");
    assert_eq!((&answer["stages"]["st"], &answer["licence"]), (&json!("S"), &json!(id)));
    // The gateway's own registry does not know the licence that the other server issued.
    let strict = json!({"file": file, "type": "ofd", "strict": "Y"});
    let answer = call(&target, "ecard.file.verify", strict).await;
    assert_eq!((&answer["pass"], &answer["why"]), (&json!("N"), &json!("ECARD.NONE")));
    let mut other = asked.clone();
    other["licence"] = json!("1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.001.R");
    let answer = call(&target, "ecard.file.verify", other).await;
    assert_eq!((&answer["pass"], &answer["why"]), (&json!("N"), &json!("ECARD.META")));
    let nonsense = json!({"file": "UEsFBg==", "type": "ofd", "offline": "Y"});
    let answer = call(&target, "ecard.file.verify", nonsense).await;
    assert_eq!((&answer["pass"], &answer["why"], &answer["licence"]), (&json!("N"), &json!("ECARD.FORM"), &json!("")));
}

#[tokio::test]
async fn answers_are_encrypted_to_the_caller_on_demand() {
    let target = start().await;
    let id = target.person("VALID").await;
    let mut first = envelope("ecard.state.query", &json!({"licence": id}));
    first["enc_type"] = json!("SM2");
    let mut texts = Vec::new();
    for nonce in ["aaaaaaaa01", "aaaaaaaa02"] {
        first["nonce"] = json!(nonce);
        let answer = target.post("/gateway.do", &signed(first.clone())).await;
        assert_eq!(answer["enc_type"], "SM2");
        let text = response_text(&answer);
        assert!(text.starts_with("04") && !text.contains("10000"), "{text}");
        let sealed = Ciphertext::from_raw(&from_hex(&text).unwrap(), Order::C1C3C2).unwrap();
        let opened: Value = serde_json::from_slice(&decrypt(&key(), &sealed).unwrap()).unwrap();
        assert_eq!((&opened["code"], &opened["state"]), (&json!("10000"), &json!("V")));
        texts.push(text);
    }
    assert_ne!(texts[0][..130], texts[1][..130], "the nonce of SM2 serves once");
    first["enc_type"] = json!("SM4");
    first["nonce"] = json!("aaaaaaaa03");
    assert_eq!(send(&target, signed(first)).await["bad"], "enc_type");
}

#[tokio::test]
async fn each_refusal_has_its_code() {
    let target = start().await;
    let id = target.person("VALID").await;
    let good = || envelope("ecard.state.query", &json!({"licence": id}));
    let with = |name: &str, value: &str| {
        let mut changed = good();
        changed[name] = json!(value);
        signed(changed)
    };
    let mut tampered = signed(good());
    tampered["biz_content"] = json!(json!({"licence": "other"}).to_string());
    let mut unsigned = signed(good());
    unsigned["sign"] = json!("");
    for (what, sent, code, bad) in [
        ("good", signed(good()), "10000", ""),
        ("tampered", tampered, "40010", ""),
        ("unsigned", unsigned, "40001", "sign"),
        ("unknown app", with("app_id", "G-RP-02"), "40010", ""),
        ("old", with("timestamp", &moment(-310)), "40011", ""),
        ("within", with("timestamp", &moment(-290)), "10000", ""),
        ("ahead", with("timestamp", &moment(310)), "40011", ""),
        ("no time", with("timestamp", "now"), "40011", ""),
        ("short nonce", with("nonce", "abcdef0"), "40002", "nonce"),
        ("no version", with("version", ""), "40001", "version"),
        ("other version", with("version", "2.0"), "40002", "version"),
        ("no content", with("biz_content", ""), "40001", "biz_content"),
        ("broken content", with("biz_content", "{"), "40002", "biz_content"),
        ("unknown method", with("method", "ecard.other"), "40002", "method"),
        ("a check of no code", with("method", "ecard.code.verify"), "40001", "code"),
        ("loading of nothing", with("method", "ecard.holder.begin"), "40001", "device"),
    ] {
        let answer = send(&target, sent).await;
        assert_eq!((&answer["code"], &answer["bad"]), (&json!(code), &json!(bad)), "{what}: {answer}");
        assert!(code == "10000" || answer.get("state").is_none(), "{what}: {answer}");
    }
    let once = signed(good());
    assert_eq!(send(&target, once.clone()).await["code"], "10000");
    assert_eq!(send(&target, once).await["code"], "40012");
    for (method, biz, code, sub_code, bad) in [
        ("ecard.state.query", json!({}), "40001", "", "licence"),
        ("ecard.state.query", json!({"licence": "1.2.3"}), "40002", "", "licence"),
        ("ecard.file.verify", json!({"type": "ofd"}), "40001", "", "file"),
        ("ecard.file.verify", json!({"file": "AA==", "type": "pdf"}), "40002", "", "type"),
        ("ecard.file.verify", json!({"file": "AA==", "type": "ofd", "strict": "yes"}), "40002", "", "strict"),
        ("ecard.attr.verify", json!({"licence": id, "cause": "c", "sys": "s"}), "40001", "", "claims"),
        ("ecard.attr.verify", json!({"licence": id, "claims": "{}"}), "40001", "", "cause"),
    ] {
        let answer = call(&target, method, biz).await;
        assert_eq!(
            (&answer["code"], &answer["sub_code"], &answer["bad"]),
            (&json!(code), &json!(sub_code), &json!(bad)),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn faults_of_the_core_show() {
    let target = Target::start(Some(Vendor::Gamma), behaviour_of("M-VER-016-a").unwrap()).await;
    let id = target.person("SUSPENDED").await;
    let answer = call(&target, "ecard.attr.verify", claims(&id, &json!({"n": "测试\u{20bb7}", "no": NUMBER}))).await;
    assert_eq!((&answer["pass"], &answer["state"]), (&json!("Y"), &json!("S")));
}

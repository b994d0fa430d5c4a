//! Presets without a stand-in vendor behind them: the exact bytes of one operation, and a canned answer
//! of the shape.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod support;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ecric_gm::encoding::{b64, from_hex, hex};
use ecric_model::binding::Operation;
use ecric_target::{Answer, Body, Call, CaseConnection, Entropy, PRESETS, Target, parse_target, preset_text};
use serde_json::json;
use support::{Canned, Canning};
use time::macros::datetime;

const ID: &str = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.000000000000000001.001.I";

/// The preset with secrets that a test may know, at a URL.
fn text_of(preset: &str, name: &str, url: &str, folder: &Path) -> String {
    let mut text = preset_text(preset, name, url).unwrap();
    for (name, value) in [
        ("ECRIC_APP_KEY", "app-1"),
        ("ECRIC_APP_SECRET", "secret-1"),
        ("ECRIC_ACCOUNT", "account-1"),
        ("ECRIC_PASSWORD", "password-1"),
        ("ECRIC_RID", "rid-1"),
        ("ECRIC_AES_KEY", "000102030405060708090a0b0c0d0e0f"),
        ("ECRIC_APP_ID", "app-1"),
    ] {
        std::fs::write(folder.join(name), value).unwrap();
        text = text.replace(&format!("${{env:{name}}}"), &format!("${{file:{name}}}"));
    }
    text
}

/// Sends one operation at 2026-06-01 09:00 China time with seed 1.
async fn send(preset: &str, answers: Vec<Canned>, call: Call) -> (Answer, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let server = Canning::start(answers).await;
    let text = text_of(preset, "test", &server.url, folder.path());
    let loaded = parse_target(&text, folder.path()).unwrap_or_else(|problems| panic!("{preset}: {problems:?}"));
    let clock = Arc::new(|| datetime!(2026-06-01 09:00 +8));
    let target = Target::new(loaded.settings, clock, Entropy::new([1; 32], 0), false).unwrap();
    let connection = CaseConnection::open(Arc::new(target), "case", Duration::from_secs(10));
    let answer = connection.call(call).await.unwrap_or_else(|error| panic!("{preset}: {error}"));
    let evidence = format!("{:?}", connection.take_exchanges());
    for secret in ["secret-1", "password-1", "000102030405060708090a0b0c0d0e0f", "token-123"] {
        assert!(!evidence.contains(secret), "{preset}: {secret} is in the evidence");
    }
    (answer, server.seen())
}

fn body(request: &str) -> &str {
    request.split_once("\r\n\r\n").unwrap().1
}

fn line(request: &str) -> &str {
    request.lines().next().unwrap()
}

fn ok(body: &serde_json::Value) -> Canned {
    (200, "application/json", body.to_string())
}

#[test]
fn every_preset_loads_with_any_name() {
    let folder = tempfile::tempdir().unwrap();
    for preset in PRESETS {
        let text = text_of(preset, "a \"b\" \\", "http://127.0.0.1:8080", folder.path());
        // Shipped examples take secrets of the stand-ins; nothing else may be missing.
        if let Err(problems) = parse_target(&text, folder.path()) {
            let told: Vec<_> = problems.iter().map(|p| p.render(ecric_model::Lang::En)).collect();
            panic!("{preset}: {told:#?}");
        }
    }
}

#[tokio::test]
async fn login_token_rest() {
    let envelope = |data: serde_json::Value| json!({"ack_code": "SUCCESS", "data": data});
    let answers = vec![
        ok(&envelope(json!({"access_token": "token-123"}))),
        ok(&envelope(json!([{"auth_code": "U-1"}]))),
        ok(&envelope(json!({"id_code": ID, "license_status": "ISSUED", "begin_date": "2026-01-01", "expiry_date": "",
            "data_fields": {"XM": "测试𠮷<&>", "CSRQ": "19900307"}}))),
    ];
    let stated = json!({"certificateCopyCause": "酒店<入住>", "certificateSystemName": "ecric"});
    let call = Call::new(Operation::Metadata, Some(ID), Body::Json(json!({"attributes": ["name"], "use": stated})));
    let (answer, seen) = send("login-token-rest", answers, call).await;
    assert_eq!(line(&seen[0]), "POST /security/login HTTP/1.1");
    assert_eq!(
        body(&seen[0]),
        r#"{"app_key":"app-1","app_secret":"secret-1","account":"account-1","password":"password-1"}"#
    );
    assert_eq!(line(&seen[1]), "POST /license/auth?access_token=token-123 HTTP/1.1");
    let wanted = format!(
        r#"{{"id_code":"{ID}","service_item_name":"酒店<入住>","operator":{{"account":"account-1","name":"ecric"}}}}"#
    );
    assert_eq!(body(&seen[1]), wanted);
    assert_eq!(line(&seen[2]), "GET /license/get_license?auth_code=U-1&access_token=token-123 HTTP/1.1");
    let licence = &answer.json.unwrap()["licence"];
    assert_eq!(licence["certificateStatus"], "VALID");
    assert_eq!(licence["certificateExpiringDate"], json!(null));
    assert_eq!(licence["holder"], json!({"name": "测试𠮷<&>", "birthDate": "1990-03-07"}));
}

#[tokio::test]
async fn gateway_hmac() {
    let key = from_hex("000102030405060708090a0b0c0d0e0f").unwrap();
    let sealed = b64(&ecric_gm::legacy::aes_ecb_encrypt(&key, b"short-lived").unwrap());
    let answers = vec![
        ok(&json!({"code": 200, "data": {"secret": sealed}})),
        ok(&json!({"code": "200", "data": {"certificateIdentifier": ID, "status": "02", "holderName": "测试甲"}})),
    ];
    let stated = json!({"certificateCopyCause": "核验", "certificateSystemName": "ecric"});
    let call = Call::new(Operation::Metadata, Some(ID), Body::Json(json!({"attributes": [], "use": stated})));
    let (answer, seen) = send("gateway-hmac", answers, call).await;
    assert_eq!(line(&seen[0]), "GET /secret?rid=rid-1&sid=id-card-query HTTP/1.1");
    assert_eq!(line(&seen[1]), "POST /service/id-card-query HTTP/1.1");
    assert_eq!(body(&seen[1]), format!(r#"{{"certificateIdentifier":"{ID}","useFor":"核验"}}"#));
    let sign = b64(&ecric_gm::legacy::hmac_sha256(b"short-lived", b"id-card-queryrid-11780275600000"));
    let head = seen[1].to_ascii_lowercase();
    assert!(head.contains("gjgxjhpt_rtime: 1780275600000\r\n"), "{head}");
    assert!(seen[1].contains(&format!("gjgxjhpt_sign: {sign}\r\n")), "{}", seen[1]);
    assert_eq!(answer.json.unwrap()["licence"]["certificateStatus"], "SUSPENDED");
}

#[tokio::test]
async fn gateway_biz_content() {
    let stated = json!({"certificateCopyCause": "核验", "certificateSystemName": "ecric"});
    let request =
        json!({"certificateIdentifier": ID, "use": stated, "assert": {"name": "测试甲", "birthDate": "1990-03-07"}});
    let call = Call::new(Operation::VerifyAttributes, None, Body::Json(request));
    let answers = vec![ok(&json!({"code": "10000", "result": 6, "state": "1"}))];
    let (answer, seen) = send("gateway-biz-content", answers, call.clone()).await;
    let biz = format!(r#"{{"licence":"{ID}","cause":"核验","data":{{"XM":"测试甲","CSRQ":"19900307"}}}}"#);
    let pairs = body(&seen[0]);
    let nonce = pairs.split("nonce=").nth(1).unwrap().split('&').next().unwrap();
    assert_eq!(nonce.len(), 16);
    let signed = format!(
        "app_id=app-1&biz_content={biz}&method=licence.verify&nonce={nonce}&timestamp=2026-06-01 09:00:00&version=1.0"
    );
    let sign = hex(&ecric_gm::hmac_sm3::Key::from_bytes(b"secret-1").mac(signed.as_bytes()));
    assert!(pairs.ends_with(&format!("&sign={sign}")), "{pairs}");
    assert!(
        pairs.starts_with("app_id=app-1&method=licence.verify&version=1.0&timestamp=2026-06-01%2009%3A00%3A00&nonce=")
    );
    let json = answer.json.unwrap();
    assert_eq!((&json["result"], &json["reasons"]), (&json!("INVALID"), &json!(["ATTR_MISMATCH"])));
    // A business failure, and a code that no table knows.
    let refused = vec![ok(&json!({"code": "40004", "sub_code": "LICENCE.NONE", "sub_msg": "无此证照"}))];
    let (answer, _) = send("gateway-biz-content", refused, call).await;
    assert_eq!(answer.json.unwrap()["reasons"], json!(["LICENCE_UNKNOWN"]));
}

//! Stand-in vendor gb36906 over HTTP: token, every service, every code it answers with, encrypted answers.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod control;

use control::{NUMBER, Target};
use ecric_gm::encoding::from_hex;
use ecric_gm::sm2::SecretKey;
use ecric_gm::sm2::encryption::{Ciphertext, Order, decrypt};
use ecric_gm::sm3;
use ecric_licence::instant::write_instant;
use ecric_model::published::VENDOR_SECRETS;
use ecric_reference::{Behaviour, Vendor, behaviour_of};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

const TYPE: &str = "11100000000013127D001";

fn secret(name: &str) -> &'static str {
    VENDOR_SECRETS.iter().find(|(known, _)| *known == name).unwrap().1
}

fn moment(offset_s: i64) -> String {
    let text = write_instant(OffsetDateTime::now_utc() + Duration::seconds(offset_s));
    text[..19].chars().filter(char::is_ascii_digit).collect()
}

struct Platform {
    target: Target,
    token: String,
}

impl Platform {
    async fn start(behaviour: Behaviour) -> Self {
        let target = Target::start(Some(Vendor::Gb36906), behaviour).await;
        let answer = login(&target, "gb36906", 0, secret("gb36906.key")).await;
        assert_eq!(answer["head"]["status"], 0, "{answer}");
        assert_eq!(answer["data"]["expiresIn"], "1800");
        let token = answer["data"]["accessToken"].as_str().unwrap().to_owned();
        Self { target, token }
    }

    fn head(&self) -> Value {
        json!({"accessId": secret("gb36906.app"), "accessToken": self.token})
    }

    async fn call(&self, service: &str, data: &Value) -> Value {
        let body = json!({"head": self.head(), "data": data});
        self.target.post(&format!("/share/{service}"), &body).await
    }

    /// `data` of a success.
    async fn data(&self, service: &str, data: &Value) -> Value {
        let answer = self.call(service, data).await;
        assert_eq!(answer["head"], json!({"status": 0, "message": "成功"}), "{answer}");
        answer["data"].clone()
    }

    /// Status and parameter of a refusal, which must come without data.
    async fn refusal(&self, service: &str, data: &Value) -> (String, String) {
        let answer = self.call(service, data).await;
        assert!(answer.get("data").is_none(), "{answer}");
        let text = |name: &str| answer["head"][name].as_str().unwrap().to_owned();
        assert!(!text("message").is_empty());
        (text("status"), text("paramName"))
    }
}

async fn login(target: &Target, name: &str, offset_s: i64, key: &str) -> Value {
    let (id, timestamp) = (secret(&format!("{name}.app")), moment(offset_s));
    let sign = sm3::digest_hex(format!("{id}{timestamp}{key}").as_bytes());
    let body = json!({"head": {"accessId": id}, "data": {"timestamp": timestamp, "sign": sign}});
    target.post("/share/getToken", &body).await
}

fn cause() -> Value {
    json!({"certificateCopyCause": "一致性测试", "certificateSystemName": "ecric"})
}

fn assertion(id: &str, items: &Value) -> Value {
    let data = json!({"certNo": NUMBER, "holder": "测试\u{20bb7}", "holderCode": NUMBER, "items": items});
    json!({"certTypeCode": TYPE, "certIdentifier": id, "certData": data.to_string(), "useCause": cause().to_string()})
}

#[tokio::test]
async fn information_is_found_by_search_by_holder_and_by_identifier() {
    let platform = Platform::start(Behaviour::default()).await;
    let id = platform.target.person("VALID").await;
    let found = platform.data("queryCert", &json!({"holderCode": NUMBER, "useCause": cause()})).await;
    assert_eq!(
        found["dataList"],
        json!([{"certIdentifier": id, "certTypeCode": TYPE, "certStatus": "1", "holder": ""}])
    );
    let by_identifier = json!({"certIdentifier": id, "columns": ["XM", "CSRQ", "YXQX"], "useCause": cause()});
    let first = platform.data("queryCertInfo", &by_identifier).await;
    assert_eq!((&first["certificateStatus"], &first["certificateTypeCode"]), (&json!("1"), &json!(TYPE)));
    let columns: Vec<&str> =
        first["items"].as_array().unwrap().iter().map(|item| item["columnName"].as_str().unwrap()).collect();
    assert_eq!(columns, ["XM", "CSRQ", "YXQQ", "YXQZ"]);
    assert_eq!(first["items"][0]["value"], "测试\u{20bb7}");
    assert_eq!(
        first["items"][1],
        json!({"columnName": "CSRQ", "name": "出生日期", "valueType": "text",
        "value": "19900307", "orderNum": "2"})
    );
    let by_holder = json!({"holderCode": NUMBER, "holderTypeCode": "111", "certTypeCode": TYPE,
        "columns": ["XM", "CSRQ", "YXQX"], "useCause": cause()});
    assert_eq!(platform.data("queryCertInfoByHolderCode", &by_holder).await, first);
    let state = platform.data("queryCertState", &json!({"certIdentifier": id})).await;
    assert_eq!((&state["certStatus"], &state["statusSeq"]), (&json!("1"), &json!(1)));
    let server = platform.data("getServerInfo", &json!({})).await;
    assert_eq!((&server["roles"], &server["urlLife"]), (&json!("sharing_service,verifier"), &json!(600)));
    let trust = platform.data("queryTrust", &json!({})).await;
    assert!(trust["trustList"]["sig"]["value"].is_string());
}

#[tokio::test]
async fn codes_are_those_seen() {
    let platform = Platform::start(Behaviour::default()).await;
    let id = platform.target.person("VALID").await;
    let long = json!({"certificateCopyCause": "事".repeat(201), "certificateSystemName": "ecric"});
    let past = json!({"certIdentifier": id, "fileType": "ofd", "useCause": cause().to_string(),
        "certificateCopyExpiringTime": "20200101000000"});
    let unknown = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.001.R";
    let content =
        json!({"certTypeCode": TYPE, "contentType": "http", "content": "AA==", "useCause": cause().to_string()});
    for (service, data, status, parameter) in [
        ("queryCertInfo", json!({"certIdentifier": id}), "12", "useCause"),
        ("queryCertInfo", json!({"useCause": cause()}), "12", "certIdentifier"),
        ("queryCertInfo", json!({"certIdentifier": id, "useCause": long}), "102", "useCause.certificateCopyCause"),
        ("queryCertInfo", json!({"certIdentifier": id, "useCause": cause().to_string()}), "102", "useCause"),
        ("queryCertInfo", json!({"certIdentifier": unknown, "useCause": cause()}), "10", ""),
        ("queryCertInfo", json!({"certIdentifier": "1.2.3", "useCause": cause()}), "102", "certIdentifier"),
        (
            "queryCert",
            json!({"holderCode": NUMBER, "holderTypeCode": "998", "useCause": cause()}),
            "103",
            "holderTypeCode",
        ),
        ("queryCert", json!({"holderCode": NUMBER, "certTypeCode": "X", "useCause": cause()}), "13", "certTypeCode"),
        ("queryCert", json!({"holderCode": NUMBER, "pageSize": 0, "useCause": cause()}), "102", "pageSize"),
        ("queryCert", json!({"holderCode": NUMBER}), "12", "useCause"),
        ("downloadFile", past, "102", "certificateCopyExpiringTime"),
        ("downloadFile", json!({"certIdentifier": id, "fileType": "ofd"}), "12", "useCause"),
        ("verifyFile", content, "102", "contentType"),
        ("verifyCertInfo", json!({"certTypeCode": TYPE, "useCause": cause().to_string()}), "12", "certData"),
        ("makeCert", json!({}), "2", ""),
    ] {
        let refused = platform.refusal(service, &data).await;
        assert_eq!(refused, (status.to_owned(), parameter.to_owned()), "{service} {data}");
    }
    for (state, status) in
        [("REVOKED", "21"), ("SUPERSEDED", "21"), ("EXPIRED", "22"), ("SUSPENDED", "23"), ("NOT_ACTIVE", "23")]
    {
        let id = platform.target.person(state).await;
        let asked = json!({"certIdentifier": id, "useCause": cause()});
        assert_eq!(platform.refusal("queryCertInfo", &asked).await.0, status, "{state}");
        let asked = json!({"certIdentifier": id, "fileType": "ofd", "useCause": cause().to_string()});
        assert_eq!(platform.refusal("downloadFile", &asked).await.0, status, "{state}");
    }
}

#[tokio::test]
async fn callers_need_a_token() {
    let platform = Platform::start(Behaviour::default()).await;
    let target = &platform.target;
    for (what, name, offset_s, key, status) in [
        ("right", "gb36906", 0, secret("gb36906.key"), json!(0)),
        ("second", "gb36906-other", 0, secret("gb36906-other.key"), json!(0)),
        ("wrong secret", "gb36906", 0, "other", json!("11")),
        ("secret of another", "gb36906", 0, secret("gb36906-other.key"), json!("11")),
        ("old", "gb36906", -610, secret("gb36906.key"), json!("11")),
        ("within", "gb36906", -590, secret("gb36906.key"), json!(0)),
    ] {
        assert_eq!(login(target, name, offset_s, key).await["head"]["status"], status, "{what}");
    }
    let id = target.person("VALID").await;
    let data = json!({"certIdentifier": id});
    for (what, head, status) in [
        ("right", platform.head(), json!(0)),
        ("no head", json!({}), json!("11")),
        ("no token", json!({"accessId": secret("gb36906.app")}), json!("11")),
        (
            "token of another",
            json!({"accessId": secret("gb36906-other.app"), "accessToken": platform.token}),
            json!("11"),
        ),
        (
            "longer life",
            json!({"accessId": secret("gb36906.app"), "accessToken": format!("f{}", platform.token)}),
            json!("11"),
        ),
    ] {
        let answer = target.post("/share/queryCertState", &json!({"head": head, "data": data})).await;
        assert_eq!(answer["head"]["status"], status, "{what}: {answer}");
    }
    let hour = json!({"offsetMs": 3_600_000});
    assert_eq!(target.native("PUT", "/v1/test/clock", &hour).await.0, 200);
    assert_eq!(platform.refusal("queryCertState", &data).await.0, "11", "a token ends");
}

#[tokio::test]
async fn information_is_verified_with_seven_results() {
    let platform = Platform::start(Behaviour::default()).await;
    for (state, result) in [
        ("VALID", "0"),
        ("NOT_ACTIVE", "1"),
        ("SUSPENDED", "2"),
        ("EXPIRED", "3"),
        ("SUPERSEDED", "3"),
        ("REVOKED", "3"),
        ("DESTROYED", "3"),
    ] {
        let id = platform.target.person(state).await;
        let answer = platform.data("verifyCertInfo", &assertion(&id, &json!({}))).await;
        assert_eq!((&answer["verifyResult"], &answer["failCodes"]), (&json!(result), &json!([])), "{state}: {answer}");
    }
    let id = platform.target.person("VALID").await;
    let right = assertion(&id, &json!({"CSRQ": "19900307", "ZZ": "测试省测试市测试路1号"}));
    let answer = platform.data("verifyCertInfo", &right).await;
    assert_eq!((&answer["verifyResult"], &answer["statusSource"]), (&json!("0"), &json!("1")));
    assert_eq!(answer["compare"], json!({"XM": "0", "GMSFHM": "0", "CSRQ": "0", "ZZ": "0"}));
    let answer = platform.data("verifyCertInfo", &assertion(&id, &json!({"CSRQ": "19900308"}))).await;
    assert_eq!((&answer["verifyResult"], &answer["failCodes"]), (&json!("6"), &json!(["4007"])));
    assert_eq!(answer["compare"]["CSRQ"], "1");
    let few = json!({"certTypeCode": TYPE, "certIdentifier": id, "useCause": cause().to_string(),
        "certData": json!({"holder": "测试\u{20bb7}"}).to_string()});
    assert_eq!(platform.data("verifyCertInfo", &few).await["verifyResult"], "4");
    let mut malformed = right.clone();
    malformed["certIdentifier"] = json!("1.2.3");
    let answer = platform.data("verifyCertInfo", &malformed).await;
    assert_eq!((&answer["verifyResult"], &answer["failCodes"]), (&json!("6"), &json!(["4005"])));
    platform.target.person("NONE").await;
    let mut by_holder = right;
    by_holder.as_object_mut().unwrap().remove("certIdentifier");
    assert_eq!(platform.data("verifyCertInfo", &by_holder).await["verifyResult"], "5");
}

#[tokio::test]
async fn files_are_handed_out_once_and_verified() {
    let platform = Platform::start(Behaviour::default()).await;
    let id = platform.target.person("VALID").await;
    let asked = json!({"certIdentifier": id, "fileType": "ofd", "useCause": cause().to_string(),
        "certificateCopyExpiringTime": "20481231235959"});
    let inline = platform.data("downloadFile", &asked).await;
    assert_eq!((&inline["contentType"], &inline["mediaType"]), (&json!("base64"), &json!("application/ofd")));
    let linked = platform.data("downloadUrl", &asked).await;
    assert_eq!(linked["contentType"], "http");
    let url = linked["content"].as_str().unwrap();
    let first = platform.target.http.get(url).send().await.unwrap();
    assert_eq!(first.status().as_u16(), 200);
    assert_eq!(json!(sm3::digest_hex(&first.bytes().await.unwrap())), linked["fileSm3"]);
    assert_eq!(platform.target.http.get(url).send().await.unwrap().status().as_u16(), 410);
    let verification = |content: &Value, copy_cause: &str| {
        json!({"certTypeCode": TYPE, "contentType": "base64", "content": content, "useCause": cause().to_string(),
            "copyCause": copy_cause})
    };
    let answer = platform.data("verifyFile", &verification(&inline["content"], "一致性测试")).await;
    assert_eq!(
        (&answer["verifyResult"], &answer["failCodes"], &answer["fileKind"]),
        (&json!("0"), &json!([]), &json!("2"))
    );
    assert_eq!((&answer["steps"]["licenceStatus"], &answer["steps"]["signature"]), (&json!("0"), &json!("0")));
    let answer = platform.data("verifyFile", &verification(&inline["content"], "其他事项")).await;
    assert_eq!((&answer["verifyResult"], &answer["failCodes"]), (&json!("2"), &json!(["4004"])));
    let answer = platform.data("verifyFile", &verification(&json!("UEsFBg=="), "")).await;
    assert_eq!((&answer["verifyResult"], &answer["failCodes"]), (&json!("2"), &json!(["1001"])));
    assert_eq!(answer["steps"]["format"], "1");
}

#[tokio::test]
async fn answers_are_encrypted_to_the_caller_on_demand() {
    let platform = Platform::start(Behaviour::default()).await;
    let id = platform.target.person("VALID").await;
    let mut body = json!({"head": platform.head(), "data": {"certIdentifier": id}});
    let plain = platform.target.post("/share/queryCertState", &body).await;
    body["head"]["encrypt"] = json!("1");
    let sealed = platform.target.post("/share/queryCertState", &body).await;
    assert_eq!(sealed["head"], plain["head"]);
    let text = sealed["data"].as_str().unwrap();
    assert!(text.starts_with("04"));
    let key = from_hex(secret("gb36906.sm2")).unwrap();
    let key = SecretKey::from_bytes(key.as_slice().try_into().unwrap()).unwrap();
    let sealed = Ciphertext::from_raw(&from_hex(text).unwrap(), Order::C1C3C2).unwrap();
    let opened: Value = serde_json::from_slice(&decrypt(&key, &sealed).unwrap()).unwrap();
    assert_eq!(opened["certIdentifier"], plain["data"]["certIdentifier"]);
}

#[tokio::test]
async fn faults_of_the_core_show() {
    let platform = Platform::start(behaviour_of("M-VER-016-a").unwrap()).await;
    let id = platform.target.person("SUSPENDED").await;
    let answer = platform.data("verifyCertInfo", &assertion(&id, &json!({}))).await;
    assert_eq!((&answer["verifyResult"], &answer["certStatus"]), (&json!("0"), &json!("2")));
}

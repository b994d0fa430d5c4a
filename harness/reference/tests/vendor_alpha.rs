//! Walks stand-in vendor alpha over loopback: signature, time, serial, every service, every refusal of its table.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};

use ecric_gm::encoding::{b64, b64url, from_b64};
use ecric_gm::hmac_sm3::Key;
use ecric_gm::sm3;
use ecric_licence::signed_json;
use ecric_model::published::{ALL, REFERENCE};
use ecric_model::requirement::Role;
use ecric_reference::{Behaviour, Config, Server, Vendor};
use serde_json::{Value, json};
use time::macros::{datetime, format_description};
use time::{Duration, OffsetDateTime, UtcOffset};

const NUMBER: &str = "110199199003070017";
const TYPE: &str = "11100000000013127D001";
static COUNTER: AtomicU64 = AtomicU64::new(1);
static PROVIDER: Once = Once::new();

fn real_now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// The instant of the worked example.
fn example_now() -> OffsetDateTime {
    datetime!(2026-06-01 9:00 +8)
}

struct Alpha {
    http: reqwest::Client,
    base: String,
    clock: fn() -> OffsetDateTime,
    server: Server,
}

/// An answer: the XML, and what is read most.
struct Answer {
    xml: String,
    code: String,
}

impl Answer {
    /// Texts of all elements of a name.
    fn all(&self, name: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(&self.xml).unwrap();
        let found = document.descendants().filter(|node| node.tag_name().name() == name);
        found.map(|node| node.children().filter_map(|child| child.text()).collect()).collect()
    }

    fn one(&self, name: &str) -> String {
        let mut all = self.all(name);
        assert_eq!(all.len(), 1, "{name}: {}", self.xml);
        all.remove(0)
    }

    /// Value of a column.
    fn item(&self, column: &str) -> Option<String> {
        let (columns, values) = (self.all("columnName"), self.all("value"));
        columns.iter().position(|found| found == column).map(|at| values[at].clone())
    }

    fn well(self) -> Self {
        assert_eq!(self.code, "0", "{}", self.xml);
        self
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>", escaped(text))
}

fn elements(members: &[(&str, &str)]) -> String {
    members.iter().map(|(name, text)| element(name, text)).collect()
}

fn items(columns: &[(&str, &str)]) -> String {
    let item = |(column, value): &(&str, &str)| {
        format!("<item>{}{}</item>", element("columnName", column), element("value", value))
    };
    format!("<items>{}</items>", columns.iter().map(item).collect::<String>())
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn stamp(instant: OffsetDateTime) -> String {
    let form = format_description!("[year][month][day][hour][minute][second]");
    instant.to_offset(UtcOffset::from_hms(8, 0, 0).unwrap()).format(form).unwrap()
}

impl Alpha {
    async fn start_at(clock: fn() -> OffsetDateTime) -> Self {
        PROVIDER.call_once(|| rustls::crypto::ring::default_provider().install_default().unwrap());
        let config = Config {
            roles: vec![Role::Issuer, Role::SharingService, Role::Verifier],
            test_mode: true,
            data_dir: None,
            behaviour: Behaviour::default(),
            nodes: 1,
            control_free_node: false,
            clock,
            seed: [7; 32],
            apps: ALL.to_vec(),
            vendor: Some(Vendor::Alpha),
        };
        let server = Server::start(config, "127.0.0.1:0".parse().unwrap()).await.unwrap();
        Self { http: reqwest::Client::new(), base: server.urls()[0].clone(), clock, server }
    }

    async fn start() -> Self {
        Self::start_at(real_now).await
    }

    async fn post(&self, path: &str, body: String) -> Answer {
        let request = self.http.post(format!("{}{path}", self.base)).body(body);
        let kind = "application/x-www-form-urlencoded; charset=UTF-8";
        let response = request.header("content-type", kind).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "application/xml; charset=UTF-8");
        let xml = response.text().await.unwrap();
        let mut answer = Answer { xml, code: String::new() };
        answer.code = answer.one("resultcode");
        answer
    }

    /// A call by the first caller, signed.
    async fn call(&self, service: &str, data: &str) -> Answer {
        self.call_as(("AK01", "alpha-test-secret"), service, data).await
    }

    async fn call_as(&self, (app, secret): (&str, &str), service: &str, data: &str) -> Answer {
        let serial = format!("S{}", COUNTER.fetch_add(1, Ordering::Relaxed));
        let xml = request(app, &serial, data);
        self.signed(service, app, &stamp((self.clock)()), &xml, secret).await
    }

    async fn signed(&self, service: &str, app: &str, time: &str, xml: &str, secret: &str) -> Answer {
        let sign = sm3::digest_hex(format!("appkey={app}&time={time}&xml={xml}{secret}").as_bytes());
        let body = format!("appkey={app}&time={time}&xml={}&sign={sign}", encoded(xml));
        self.post(&format!("/service/{service}.do"), body).await
    }

    /// A test control, as binding v1 has it.
    async fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let raw = body.to_string();
        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        let nonce = b64url(&[&[0; 8][..], &count.to_be_bytes()].concat());
        let now = (OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).to_string();
        let text = [method, path, "", REFERENCE.app, &now, &nonce, &sm3::digest_hex(raw.as_bytes())].join("\n");
        let signature = b64url(&Key::from_hex(REFERENCE.key_hex).unwrap().mac(text.as_bytes()));
        let request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.base));
        let request = request
            .header("X-Ecric-App", REFERENCE.app)
            .header("X-Ecric-Timestamp", now)
            .header("X-Ecric-Nonce", nonce)
            .header("X-Ecric-Signature", signature)
            .header("Content-Type", "application/json");
        let response = request.body(raw).send().await.unwrap();
        assert!(response.status().is_success(), "{path}");
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    }

    /// A person with a licence in a state; its identifier.
    async fn persona(&self, state: &str) -> String {
        let holder = json!({"name": "测试𠮷·<&>", "sex": "1", "ethnicity": "01", "birthDate": "1990-03-07",
            "address": "测试省测试市测试路1号", "idNumber": NUMBER, "issuingAuthority": "测试市公安局测试分局"});
        let body = json!({"action": "CREATE", "personas": [{"personaRef": "p", "holder": holder, "state": state}]});
        let answer = self.control("POST", "/v1/test/personas", &body).await;
        answer["personas"][0]["certificateIdentifier"].as_str().unwrap_or_default().to_owned()
    }

    /// Two calls: the right data with one column changed, then the seal.
    async fn create(&self, changed: Option<(&str, &str)>, more: &str) -> Answer {
        let mut columns = vec![
            ("XM", "测试甲"),
            ("XB", "1"),
            ("MZ", "01"),
            ("CSRQ", "19900307"),
            ("ZZ", "测试省测试市测试路1号"),
            ("GMSFHM", NUMBER),
            ("QFJG", "测试市公安局测试分局"),
        ];
        for column in &mut columns {
            column.1 = changed.filter(|(name, _)| *name == column.0).map_or(column.1, |(_, value)| value);
        }
        let data = format!("{}{}{more}", element("certificateTypeCode", TYPE), items(&columns));
        let number = self.call("createCert", &data).await.well().one("makeNo");
        self.call("sealCert", &elements(&[("makeNo", &number), ("activate", "1")])).await
    }

    async fn state_of(&self, id: &str) -> String {
        self.call("queryCertState", &element("certificateIdentifier", id)).await.well().one("certificateStatus")
    }

    async fn change(&self, id: &str, operate: &str) -> Answer {
        let members = [("certificateIdentifier", id), ("operate", operate), ("reasonCode", "08")];
        self.call("changeState", &elements(&members)).await
    }
}

fn request(app: &str, serial: &str, data: &str) -> String {
    let head = elements(&[
        ("accessId", app),
        ("serial", serial),
        ("operatorOrg", "11100000000013127D"),
        ("operatorPost", "window"),
    ]);
    format!("<request><head>{head}</head><data>{data}</data></request>")
}

#[tokio::test]
async fn the_worked_example_is_taken_once() {
    let alpha = Alpha::start_at(example_now).await;
    let xml = "<request><head><accessId>AK01</accessId><serial>S0001</serial></head><data><certificateIdentifier>1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.001.R</certificateIdentifier><certificateCopyCause>酒店&lt;入住&gt;&amp;登记</certificateCopyCause></data></request>";
    let sign = "b79151a9e0d0f399ce8a1394aa64f03d974afbcb1bf6179abc6a0747658de016";
    let body = |sign: &str| format!("appkey=AK01&time=20260601090000&xml={}&sign={sign}", encoded(xml));
    let path = "/service/queryCertInfo.do";
    let upper = sign.to_uppercase();
    let altered = sign.replacen('b', "c", 1);
    for wrong in [upper.as_str(), &altered, &sign[..32]] {
        assert_eq!(alpha.post(path, body(wrong)).await.code, "11", "{wrong}");
    }
    // Nobody issued it: signature, time and serial were right.
    let answer = alpha.post(path, body(sign)).await;
    assert_eq!((answer.code.as_str(), answer.one("serial")), ("10", "S0001".to_owned()));
    assert_eq!(alpha.post(path, body(sign)).await.code, "14");
}

#[tokio::test]
async fn callers_times_and_serials_are_judged() {
    let alpha = Alpha::start_at(example_now).await;
    let info = |time: &'static str, app: &'static str, secret: &'static str, inside: &'static str, serial: String| {
        let alpha = &alpha;
        async move { alpha.signed("getServerInfo", app, time, &request(inside, &serial, ""), secret).await.code }
    };
    let (right, other) = ("alpha-test-secret", "alpha-other-test-secret");
    let long = "x".repeat(65);
    for (at, (time, app, secret, inside, serial, code)) in [
        ("20260601090000", "AK01", right, "AK01", "a", "0"),
        ("20260601085000", "AK01", right, "AK01", "b", "0"),
        ("20260601091000", "AK01", right, "AK01", "c", "0"),
        ("20260601084959", "AK01", right, "AK01", "d", "15"),
        ("20260601091001", "AK01", right, "AK01", "e", "15"),
        ("2026-06-01", "AK01", right, "AK01", "f", "102"),
        ("20260601090000", "AK01", right, "AK01", "a", "14"),
        ("20260601090000", "AK02", other, "AK02", "a", "0"),
        ("20260601090000", "AK02", right, "AK02", "g", "11"),
        ("20260601090000", "AK03", right, "AK03", "h", "11"),
        ("20260601090000", "AK01", right, "AK02", "i", "11"),
        ("20260601090000", "AK01", right, "AK01", "", "12"),
        ("20260601090000", "AK01", right, "AK01", long.as_str(), "77"),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(info(time, app, secret, inside, serial.to_owned()).await, code, "row {at}");
    }
    assert_eq!(alpha.post("/service/getServerInfo.do", "appkey=AK01&appkey=AK01".to_owned()).await.code, "102");
    assert_eq!(alpha.post("/service/getServerInfo.do", "appkey=AK01".to_owned()).await.one("resultfield"), "time");
    assert_eq!(alpha.call("noSuchService", "").await.code, "2");
    assert_eq!(alpha.signed("getServerInfo", "AK01", "20260601090000", "<request>", right).await.code, "102");
    assert_eq!(alpha.post("/service/verifyFile.do", "x".repeat(131_073)).await.code, "16");
    let get = alpha.http.get(format!("{}/service/getServerInfo.do", alpha.base)).send().await.unwrap();
    assert!(get.text().await.unwrap().contains("<resultcode>2</resultcode>"));
}

#[tokio::test]
async fn a_licence_is_made_in_three_calls() {
    let alpha = Alpha::start().await;
    let sealed = alpha.create(None, "").await.well();
    let number = sealed.one("makeNo");
    assert_eq!(alpha.call("sealCert", &elements(&[("makeNo", &number), ("activate", "1")])).await.code, "31");
    let state = |app: (&'static str, &'static str)| {
        let (alpha, number) = (&alpha, element("makeNo", &number));
        async move { alpha.call_as(app, "queryMakeState", &number).await }
    };
    let (first, second) = (("AK01", "alpha-test-secret"), ("AK02", "alpha-other-test-secret"));
    assert_eq!(state(second).await.code, "10");
    assert_eq!(state(first).await.well().one("state"), "1");
    let made = state(first).await.well();
    assert_eq!(
        (made.one("state"), made.one("certificateStatus"), made.one("statusSeq")),
        ("2".to_owned(), "1".to_owned(), "1".to_owned())
    );
    assert_eq!((made.item("XM"), made.item("CSRQ")), (Some("测试甲".to_owned()), Some("19900307".to_owned())));
    assert_eq!(made.one("certificateHolderCode"), NUMBER);
    let id = made.one("certificateIdentifier");
    let file =
        alpha.call("downloadFile", &elements(&[("certificateIdentifier", &id), ("fileType", "ofd")])).await.well();
    assert_eq!((file.one("fileSm3"), file.one("fileSize")), (made.one("fileSm3"), made.one("fileSize")));
    assert_eq!(alpha.create(None, "").await.code, "30");
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_by_name() {
    let alpha = Alpha::start().await;
    for (column, value, more, code, field) in [
        ("XM", "", "", "12", "XM"),
        ("GMSFHM", "110199199003070018", "", "102", "GMSFHM"),
        ("CSRQ", "19900308", "", "102", "CSRQ"),
        ("MZ", "57", "", "102", "MZ"),
        ("MZ", "01", "<yxqq>20270230</yxqq>", "102", "yxqq"),
        ("MZ", "01", "<fileTypes></fileTypes>", "12", "fileTypes"),
        ("MZ", "01", "<fileTypes>pdf</fileTypes>", "104", "fileTypes[0]"),
        ("MZ", "01", "<oldIdentifier>x</oldIdentifier>", "102", "oldIdentifier"),
    ] {
        let answer = alpha.create(Some((column, value)), more).await;
        assert_eq!(
            (answer.code.as_str(), answer.one("resultfield").as_str()),
            (code, field),
            "{column} {value} {more}"
        );
    }
    let long_term = alpha.create(None, "<yxqz>00000000</yxqz>").await.well().one("makeNo");
    alpha.call("queryMakeState", &element("makeNo", &long_term)).await.well();
    let made = alpha.call("queryMakeState", &element("makeNo", &long_term)).await.well();
    assert_eq!(
        (made.one("certificateExpiringDate"), made.item("YXQZ")),
        ("00000000".to_owned(), Some("00000000".to_owned()))
    );
    let two = alpha.create(Some(("GMSFHM", "110199199003070025")), "<yxqq>20200101</yxqq>").await;
    assert_eq!(two.one("resultfield"), "XB");
    assert!(two.one("resultmsg").contains("; yxqq: before today"), "{}", two.xml);
    let number = alpha.call("createCert", "").await.well().one("makeNo");
    let failed = alpha.call("sealCert", &elements(&[("makeNo", &number), ("activate", "1")])).await;
    assert_eq!((failed.code.as_str(), failed.one("resultfield").as_str()), ("12", "items"));
    let state = alpha.call("queryMakeState", &element("makeNo", &number)).await.well();
    assert_eq!((state.one("state"), state.one("failCode")), ("3".to_owned(), "12".to_owned()));
    assert_eq!(alpha.call("sealCert", &element("makeNo", &number)).await.one("resultfield"), "activate");
}

#[tokio::test]
async fn information_is_given_about_valid_licences_only() {
    let alpha = Alpha::start().await;
    let id = alpha.persona("VALID").await;
    let ask = |id: &str, columns: &str| {
        elements(&[("certificateIdentifier", id), ("certificateCopyCause", "酒店<入住>&登记"), ("columns", columns)])
    };
    let answer = alpha.call("queryCertInfo", &ask(&id, "XM")).await.well();
    assert_eq!((answer.item("XM").as_deref(), answer.all("item").len()), (Some("测试𠮷·<&>"), 1));
    for oddity in ["<response version=", "<!-- 0 -->", "<![CDATA[", "</columnName> <name>姓名"] {
        assert!(answer.xml.contains(oddity), "{oddity}: {}", answer.xml);
    }
    let answer = alpha.call("queryCertInfo", &ask(&id, "XM,YXQX,NL18,GMSFHMYM")).await.well();
    assert_eq!((answer.item("NL18").as_deref(), answer.item("GMSFHM")), (Some("1"), None));
    assert_eq!(answer.one("certificateExpiringDate").len(), 8);
    let refused = alpha.call("queryCertInfo", &ask(&id, "XM,shoeSize")).await;
    assert_eq!((refused.code.as_str(), refused.one("resultfield").as_str()), ("102", "columns[1]"));
    let refused = alpha.call("queryCertInfo", &element("certificateIdentifier", &id)).await;
    assert_eq!((refused.code.as_str(), refused.one("resultfield").as_str()), ("12", "certificateUse"));
    for (state, digit, code) in [
        ("NOT_ACTIVE", "0", "24"),
        ("SUSPENDED", "2", "23"),
        ("EXPIRED", "3", "22"),
        ("SUPERSEDED", "4", "25"),
        ("REVOKED", "5", "21"),
        ("DESTROYED", "9", "26"),
    ] {
        let id = alpha.persona(state).await;
        let answer = alpha.call("queryCertInfo", &ask(&id, "XM")).await;
        assert_eq!((answer.code.as_str(), answer.all("item").len()), (code, 0), "{state}");
        assert!(!answer.xml.contains("测试"), "{}", answer.xml);
        assert_eq!(alpha.state_of(&id).await, digit);
    }
}

#[tokio::test]
async fn states_change_and_licences_are_renewed() {
    let alpha = Alpha::start().await;
    let id = alpha.persona("VALID").await;
    for (operate, code, state) in
        [("3", "31", "1"), ("2", "0", "2"), ("3", "0", "1"), ("9", "31", "1"), ("7", "102", "1")]
    {
        let answer = alpha.change(&id, operate).await;
        assert_eq!((answer.code.as_str(), alpha.state_of(&id).await.as_str()), (code, state), "{operate}");
    }
    let later = stamp(real_now() + Duration::hours(1));
    let members =
        [("certificateIdentifier", id.as_str()), ("operate", "2"), ("reasonCode", "01"), ("effectTime", &later)];
    let planned = alpha.call("changeState", &elements(&members)).await.well();
    assert_eq!(
        (planned.one("certificateStatus"), planned.one("planState"), planned.one("planTime")),
        ("1".to_owned(), "2".to_owned(), later)
    );
    let data =
        format!("{}{}", elements(&[("certificateIdentifier", &id), ("reasonCode", "03")]), items(&[("ZZ", "新址")]));
    let renewed = alpha.call("renewCert", &data).await.well();
    assert_eq!((renewed.one("oldIdentifier"), renewed.one("oldStatus")), (id.clone(), "4".to_owned()));
    assert_eq!(
        (renewed.item("ZZ"), renewed.one("previousCertificateIdentifier")),
        (Some("新址".to_owned()), id.clone())
    );
    assert_eq!(alpha.state_of(&id).await, "4");
    assert_eq!(alpha.call("renewCert", &data).await.code, "31");
    let new = renewed.one("certificateIdentifier");
    let data = format!(
        "{}{}",
        elements(&[("certificateIdentifier", &new), ("reasonCode", "03")]),
        items(&[("GMSFHM", "110199199003070025")])
    );
    let refused = alpha.call("renewCert", &data).await;
    assert_eq!((refused.code.as_str(), refused.one("resultfield").as_str()), ("102", "GMSFHM"));
    alpha.change(&new, "4").await.well();
    alpha.change(&new, "9").await.well();
    assert_eq!(alpha.state_of(&new).await, "9");
}

#[tokio::test]
async fn files_are_originals_copies_and_links() {
    let alpha = Alpha::start().await;
    let id = alpha.persona("VALID").await;
    let original = [("certificateIdentifier", id.as_str()), ("fileType", "ofd")];
    let other = ("AK02", "alpha-other-test-secret");
    assert_eq!(alpha.call_as(other, "downloadFile", &elements(&original)).await.code, "100");
    let copy = [&original[..], &[("certificateCopyCause", "办事")]].concat();
    let copied = alpha.call_as(other, "downloadFile", &elements(&copy)).await.well();
    let bytes = from_b64(&copied.one("content")).unwrap();
    assert_eq!((sm3::digest_hex(&bytes), bytes.len().to_string()), (copied.one("fileSm3"), copied.one("fileSize")));
    assert_eq!((copied.one("contentType"), copied.one("certificateCopyCreationTime").len()), ("base64".to_owned(), 14));
    let past = [&copy[..], &[("certificateCopyExpiringTime", "20200101000000")]].concat();
    assert_eq!(alpha.call("downloadFile", &elements(&past)).await.one("resultfield"), "certificateCopyExpiringTime");
    let linked = [&original[..], &[("contentType", "http")]].concat();
    let link = alpha.call("downloadFile", &elements(&linked)).await.well();
    assert_eq!(link.one("contentType"), "http");
    let url = link.one("content");
    let fetched = alpha.http.get(&url).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(sm3::digest_hex(&fetched), link.one("fileSm3"));
    assert_eq!(alpha.http.get(&url).send().await.unwrap().status().as_u16(), 410);
    for (kind, code) in [("pdf", "104"), ("docx", "102")] {
        let members = [("certificateIdentifier", id.as_str()), ("fileType", kind)];
        assert_eq!(alpha.call("downloadFile", &elements(&members)).await.code, code, "{kind}");
    }
}

#[tokio::test]
async fn search_and_log_come_in_pages() {
    let alpha = Alpha::start().await;
    let id = alpha.persona("REVOKED").await;
    alpha.create(None, "").await.well();
    let search = |more: &[(&str, &str)]| {
        let base = [("certificateHolderCode", NUMBER), ("certificateCopyCause", "检索")];
        elements(&[&base[..], more].concat())
    };
    let all = alpha.call("queryCert", &search(&[])).await.well();
    assert_eq!((all.all("certificateStatus"), all.all("nextPageNo").len()), (vec!["5".to_owned(), "1".to_owned()], 0));
    let first = alpha.call("queryCert", &search(&[("pageSize", "1")])).await.well();
    assert_eq!((first.one("certificateIdentifier"), first.one("nextPageNo")), (id.clone(), "2".to_owned()));
    let second = alpha.call("queryCert", &search(&[("pageSize", "1"), ("pageNo", "2")])).await.well();
    assert_eq!((second.one("certificateStatus"), second.all("nextPageNo").len()), ("1".to_owned(), 0));
    let revoked = alpha.call("queryCert", &search(&[("states", "5")])).await.well();
    assert_eq!(revoked.one("certificateIdentifier"), id);
    for (name, value, code) in [
        ("pageSize", "101", "102"),
        ("pageNo", "x", "102"),
        ("certificateHolderTypeCode", "998", "103"),
        ("states", "8", "102"),
    ] {
        let answer = alpha.call("queryCert", &search(&[(name, value)])).await;
        assert_eq!(answer.code, code, "{name}");
    }
    assert_eq!(alpha.call("queryCatalogue", "").await.well().one("certificateTypeCode"), TYPE);

    alpha.change(&id, "9").await.well();
    let log = |from: &str| elements(&[("certificateIdentifier", &id), ("from", from), ("to", "20990101000000")]);
    let entries = alpha.call("queryLog", &log("20200101000000")).await.well();
    assert_eq!(
        (entries.all("service"), entries.one("operate"), entries.one("reasonCode")),
        (vec!["changeState".to_owned()], "9".to_owned(), "08".to_owned())
    );
    let caller = (entries.one("accessId"), entries.one("operatorOrg"));
    assert_eq!(entries.one("result"), "0");
    assert_eq!(caller, ("AK01".to_owned(), "11100000000013127D".to_owned()));
    assert_eq!(alpha.call("queryLog", &log("2020")).await.one("resultfield"), "from");
}

#[tokio::test]
async fn the_trust_list_and_the_state_are_signed() {
    let alpha = Alpha::start().await;
    let list = alpha.call("queryTrustList", "").await.well().one("trustList");
    let list: Value = serde_json::from_slice(&from_b64(&list).unwrap()).unwrap();
    let trust = ecric_licence::file::Trust::from_list(&list).unwrap();
    let kid = signed_json::kid_of(list.as_object().unwrap()).unwrap();
    let root = trust.roots.iter().find(|root| root.kid() == kid).unwrap();
    signed_json::verify(signed_json::ANCHORS, list.as_object().unwrap(), kid, root.key.sm2().unwrap()).unwrap();

    let id = alpha.persona("SUSPENDED").await;
    let answer = alpha.call("queryCertState", &element("certificateIdentifier", &id)).await.well();
    let instant = |name: &str| {
        let text = answer.one(name);
        format!(
            "{}-{}-{}T{}:{}:{}+08:00",
            &text[..4],
            &text[4..6],
            &text[6..8],
            &text[8..10],
            &text[10..12],
            &text[12..]
        )
    };
    let number = |name: &str| answer.one(name).parse::<i64>().unwrap();
    assert_eq!((answer.one("certificateStatus"), answer.one("reasonCode")), ("2".to_owned(), "01".to_owned()));
    let signed = json!({"certificateIdentifier": id, "certificateStatus": "SUSPENDED", "statusVersion": number("statusSeq"),
        "statusTime": instant("statusTime"), "statusRef": {"listId": answer.one("listNo"), "index": number("listIndex")},
        "thisUpdate": instant("thisUpdate"), "nextUpdate": instant("nextUpdate"), "reason": "CARD_LOST",
        "sig": {"alg": answer.one("signType"), "kid": answer.one("signKey"), "value": answer.one("signData")}});
    let kid = answer.one("signKey");
    let signer = trust.listed.iter().find(|signer| signer.kid() == kid).unwrap();
    signed_json::verify(signed_json::STATUS, signed.as_object().unwrap(), &kid, signer.key.sm2().unwrap()).unwrap();
    assert_eq!(
        alpha.call("queryCertState", &element("certificateIdentifier", "x")).await.one("resultfield"),
        "certificateIdentifier"
    );
}

#[tokio::test]
async fn assertions_are_verified() {
    let alpha = Alpha::start().await;
    let ask = |data: &Value, cause: &str| {
        elements(&[("certTypeCode", TYPE), ("certData", &data.to_string()), ("useCause", cause)])
    };
    let data = |id: &str| json!({"certNo": id, "holder": "测试𠮷·<&>", "holderCode": NUMBER, "items": {"XB": "1", "CSRQ": "19900307"}});
    for (state, result, code) in [
        ("VALID", "0", None),
        ("NOT_ACTIVE", "1", Some("STATE0")),
        ("SUSPENDED", "2", Some("STATE2")),
        ("EXPIRED", "3", Some("STATE3")),
        ("SUPERSEDED", "3", Some("STATE4")),
        ("REVOKED", "3", Some("STATE5")),
        ("DESTROYED", "3", Some("STATE9")),
    ] {
        let id = alpha.persona(state).await;
        let answer = alpha.call("verifyCertInfo", &ask(&data(&id), "核验")).await.well();
        assert_eq!(
            (answer.one("verifyResult").as_str(), answer.all("verifyCode").first().map(String::as_str)),
            (result, code),
            "{state}"
        );
    }
    let id = alpha.persona("VALID").await;
    let mut wrong = data(&id);
    wrong["items"]["CSRQ"] = json!("19900308");
    let answer = alpha.call("verifyCertInfo", &ask(&wrong, "核验")).await.well();
    assert_eq!((answer.one("verifyResult"), answer.one("verifyCode")), ("6".to_owned(), "DIFF".to_owned()));
    assert_eq!(
        (answer.one("CSRQ"), answer.one("XM"), answer.one("YZX"), answer.one("stateSource")),
        ("0".to_owned(), "1".to_owned(), "1".to_owned(), "1".to_owned())
    );
    assert!(!answer.xml.contains("19900307"), "{}", answer.xml);
    for (given, result, code) in [
        (json!({"certNo": id, "holder": "测试𠮷·<&>"}), "4", "FEW"),
        (json!({"certNo": format!("{id}0"), "holder": "x", "holderCode": NUMBER}), "6", "IDENT"),
        (json!({"holder": "x", "holderCode": "110199199101080251"}), "5", "NOREC"),
    ] {
        let answer = alpha.call("verifyCertInfo", &ask(&given, "核验")).await.well();
        assert_eq!((answer.one("verifyResult").as_str(), answer.one("verifyCode").as_str()), (result, code), "{given}");
    }
    let by_holder = json!({"holder": "测试𠮷·<&>", "holderCode": NUMBER});
    assert_eq!(alpha.call("verifyCertInfo", &ask(&by_holder, "核验")).await.well().one("verifyResult"), "0");
    let odd = elements(&[("certTypeCode", TYPE), ("certData", "{"), ("useCause", "核验")]);
    assert_eq!(alpha.call("verifyCertInfo", &odd).await.one("resultfield"), "certData");
}

#[tokio::test]
async fn files_are_verified() {
    let alpha = Alpha::start().await;
    let id = alpha.persona("VALID").await;
    let original =
        alpha.call("downloadFile", &elements(&[("certificateIdentifier", &id), ("fileType", "ofd")])).await.well();
    let content = original.one("content");
    let ask = |content: &str, more: &str| {
        let members = [("certTypeCode", TYPE), ("contentType", "base64"), ("content", content), ("useCause", "核验")];
        format!("{}{more}", elements(&members))
    };
    let right = alpha.call("verifyFile", &ask(&content, "")).await.well();
    assert_eq!((right.one("verifyResult"), right.all("verifyCode").len()), ("0".to_owned(), 0));
    assert_eq!(
        (right.one("certificateIdentifier"), right.one("fileKind"), right.one("ZZZT")),
        (id.clone(), "1".to_owned(), "0".to_owned())
    );
    let unasked = alpha.call("verifyFile", &ask(&content, "<stateCheck>0</stateCheck>")).await.well();
    assert_eq!((unasked.one("stateSource"), unasked.one("ZZZT")), ("0".to_owned(), "3".to_owned()));
    let expect = format!("{}{}", element("certificateIdentifier", &id), items(&[("XM", "别人")]));
    let expected = alpha.call("verifyFile", &ask(&content, &expect)).await.well();
    assert_eq!((expected.one("verifyResult"), expected.one("verifyCode")), ("2".to_owned(), "META".to_owned()));
    let mut bytes = from_b64(&content).unwrap();
    let at = bytes.windows(6).position(|found| found == "测试".as_bytes()).unwrap();
    bytes[at + 5] ^= 1;
    let broken = alpha.call("verifyFile", &ask(&b64(&bytes), "")).await.well();
    assert_ne!(broken.one("verifyResult"), "0");
    let nothing = alpha.call("verifyFile", &ask(&b64(b"no file"), "<stateCheck>0</stateCheck>")).await.well();
    assert_eq!((nothing.one("verifyResult"), nothing.all("verifyCode")[0].as_str()), ("2".to_owned(), "FORMAT"));
    alpha.change(&id, "2").await.well();
    let frozen = alpha.call("verifyFile", &ask(&content, "")).await.well();
    assert_eq!((frozen.one("verifyResult"), frozen.one("verifyCode")), ("2".to_owned(), "STATE2".to_owned()));
    for (members, code) in [
        ([("certTypeCode", "x"), ("contentType", "base64"), ("content", "YQ==")], "13"),
        ([("certTypeCode", TYPE), ("contentType", "http"), ("content", "YQ==")], "102"),
        ([("certTypeCode", TYPE), ("contentType", "base64"), ("content", "")], "12"),
        ([("certTypeCode", TYPE), ("contentType", "base64"), ("content", "%")], "102"),
    ] {
        assert_eq!(alpha.call("verifyFile", &elements(&members)).await.code, code);
    }
    alpha.server.shutdown().await;
}

#[tokio::test]
async fn guesses_are_throttled_and_the_server_tells_its_limits() {
    let alpha = Alpha::start().await;
    let info = alpha.call("getServerInfo", "").await.well();
    let limit: usize = info.one("maxDiff").parse().unwrap();
    assert_eq!(info.one("time").len(), 14);
    let id = alpha.persona("VALID").await;
    let data = json!({"certNo": id, "holder": "别人", "holderCode": NUMBER}).to_string();
    let ask = elements(&[("certTypeCode", TYPE), ("certData", &data), ("useCause", "核验")]);
    for _ in 0..limit {
        assert_eq!(alpha.call("verifyCertInfo", &ask).await.well().one("verifyCode"), "DIFF");
    }
    assert_eq!(alpha.call("verifyCertInfo", &ask).await.code, "40");
}

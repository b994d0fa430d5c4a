//! What `inspect` says about presentation codes: texts, files with a text, QR pictures.

use std::collections::BTreeSet;

use ecric_gm::encoding::hex;
use ecric_licence::code::picture::{is_picture, read_symbol};
use ecric_licence::code::{
    CodeReport, Expected, Inquiry, Payload, Scope, SignedRequest, check_code, kid_of_certificate, parse_request,
};
use ecric_licence::file::Trust;
use ecric_licence::instant::write_instant;
use ecric_model::{Lang, Text};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::args::InspectArgs;
use crate::inspect_command::code_of;
use crate::make_code::{read_nonce, read_scene};

/// Longest text that is taken for a code without its prefix.
const BARE_MIN: usize = 100;

/// Whether a text is meant as a code: any prefix of the family, or a long text of its alphabet.
pub(crate) fn is_code(text: &str) -> bool {
    let head: String = text.chars().take(8).collect::<String>().to_ascii_uppercase();
    let named = head.starts_with("ECR") && head.contains(':');
    let bare = text.len() >= BARE_MIN
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || b" $%*+-./:".contains(&byte));
    named || bare
}

/// The text of a file that holds a code, as text or as QR picture; `None` for other files.
pub(crate) fn text_of(bytes: &[u8]) -> Option<Result<String, Text>> {
    if is_picture(bytes) {
        return Some(read_symbol(bytes).map_err(|error| Text::same(error.to_string())));
    }
    if bytes.len() > 16 << 10 {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    is_code(text).then(|| Ok(text.to_owned()))
}

/// Explains a code; the exit code.
pub(crate) fn inspect(
    arguments: &InspectArgs,
    text: &str,
    trust: &Trust,
    at: OffsetDateTime,
    lang: Lang,
) -> Result<u8, Text> {
    let nonce = arguments.expected.nonce.as_deref().map(read_nonce).transpose()?;
    let expected = match (&arguments.expected.audience, &arguments.expected.scene) {
        (Some(audience), Some(scene)) => {
            Some(Expected { audience, scene: read_scene(scene)?, nonce: nonce.as_deref() })
        }
        _ => None,
    };
    if text.to_ascii_uppercase().starts_with("ECRR") {
        return Ok(request(arguments, text, trust, at, lang));
    }
    let report = check_code(text, &Inquiry { trust, expected, at, ignore: &BTreeSet::new() });
    if arguments.json {
        say!("{:#}", to_json(text, &report));
    } else {
        print(text, &report, lang);
    }
    Ok(code_of(report.verdict()))
}

type Fact = (&'static str, &'static str, String);

fn instant(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .map_or_else(|| seconds.to_string(), write_instant)
}

fn names(scope: Scope) -> String {
    let names = scope.names();
    if names.is_empty() { "validity".to_owned() } else { names.join(", ") }
}

fn facts(payload: &Payload) -> Vec<Fact> {
    let absent = || "-".to_owned();
    vec![
        ("loading end", "装载端", payload.loader.clone()),
        ("issued at", "签发时刻", instant(payload.issued_at)),
        ("expires at", "失效时刻", instant(payload.expires_at)),
        ("code id", "码标识", hex(&payload.code_id)),
        ("handle", "句柄", hex(&payload.handle)),
        ("scope", "授权范围", names(payload.scope)),
        ("audience tag", "受众标记", payload.audience.map_or_else(absent, |tag| hex(&tag))),
        ("scene", "场景", payload.scene.word().to_owned()),
        ("nonce", "随机数", payload.nonce.as_deref().map_or_else(absent, hex)),
    ]
}

/// Facts of the view; values of attributes are left out: they are personal.
fn view_facts(report: &CodeReport) -> Vec<Fact> {
    let Some(view) = &report.view else { return Vec::new() };
    vec![
        ("view issuer", "视图签发机构", view.issuer.clone()),
        ("view issued at", "视图签发时刻", instant(view.issued_at)),
        ("view expires at", "视图失效时刻", instant(view.expires_at)),
        ("view scope", "视图范围", names(view.scope)),
        ("view status", "视图中的证照状态", view.status.status.code().to_owned()),
    ]
}

fn all_facts(text: &str, report: &CodeReport) -> Vec<Fact> {
    let mut all = vec![("characters", "字符数", text.chars().count().to_string())];
    all.extend(report.payload.as_ref().map(facts).unwrap_or_default());
    all.extend(view_facts(report));
    all
}

fn to_json(text: &str, report: &CodeReport) -> Value {
    let steps: Vec<Value> = report
        .steps
        .iter()
        .map(|step| {
            let mut value = json!({"id": step.id.id(), "outcome": step.outcome.word()});
            if let Some(first) = step.reasons.first() {
                value["reason"] = json!(first.text());
                value["where"] = json!(first.detail);
            }
            value
        })
        .collect();
    let members: Map<String, Value> =
        all_facts(text, report).into_iter().map(|(name, _, value)| (name.to_owned(), json!(value))).collect();
    let checks: Map<String, Value> =
        report.checks().into_iter().map(|(key, outcome)| (key.to_owned(), json!(outcome.word()))).collect();
    let primary = report.primary();
    json!({
        "kind": "presentation-code",
        "result": report.verdict().word(),
        "profile_result": report.verdict().word(),
        "primary": primary.map(|(step, reason)| json!({"step": step.id(), "reason": reason.text()})),
        "evaluatedAt": write_instant(report.evaluated_at),
        "steps": steps,
        "checks": checks,
        "facts": members,
    })
}

fn pick(lang: Lang, en: &'static str, zh: &'static str) -> &'static str {
    if lang == Lang::ZhCn { zh } else { en }
}

fn safe(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn print_facts(facts: &[Fact], lang: Lang) {
    for (en, zh, value) in facts {
        say!("{}: {}", pick(lang, en, zh), safe(value));
    }
}

fn print(text: &str, report: &CodeReport, lang: Lang) {
    say!("{}", pick(lang, "presentation code ECR1", "亮证码 ECR1"));
    for step in &report.steps {
        let (en, zh) = step.id.title();
        say!("{:3} {:8} {}", step.id.id(), step.outcome.word(), pick(lang, en, zh));
        for reason in &step.reasons {
            say!("             {}: {}", reason.text(), safe(&reason.detail));
        }
    }
    say!();
    print_facts(&all_facts(text, report), lang);
    say!("{}: {}", pick(lang, "evaluated at", "评估时刻"), write_instant(report.evaluated_at));
    let result = pick(lang, "result", "结论");
    match report.primary() {
        None => say!("{result}: {}", report.verdict().word()),
        Some((step, reason)) => {
            say!("{result}: {} ({} {})", report.verdict().word(), step.id(), reason.text());
        }
    }
}

/// What is wrong with a request; `None` for nothing, `Unknown` where its signer is not known.
enum Standing {
    Good,
    Unknown,
    Bad(&'static str, String),
}

fn standing(read: &SignedRequest, trust: &Trust, at: OffsetDateTime) -> Standing {
    let kid = read.envelope.kid;
    let known = trust.listed.iter().chain(&trust.intermediates);
    let mut signers = known.filter(|signer| kid_of_certificate(signer) == kid).peekable();
    let now = u64::try_from(at.unix_timestamp()).unwrap_or_default();
    let request = &read.request;
    if request.expires_at.checked_sub(request.issued_at).is_none_or(|life| life > 120) {
        return Standing::Bad("CODE_LIFETIME", "exp is not within 120 s after iat".to_owned());
    }
    if now > request.expires_at + 30 {
        return Standing::Bad("CODE_EXPIRED", format!("{} s after exp", now - request.expires_at));
    }
    if request.issued_at > now + 30 {
        return Standing::Bad("CODE_FUTURE", format!("iat is {} s ahead", request.issued_at - now));
    }
    if signers.peek().is_none() {
        return Standing::Unknown;
    }
    let holds = signers.any(|signer| signer.key.sm2().is_some_and(|key| read.envelope.holds_with(key)));
    if holds { Standing::Good } else { Standing::Bad("CODE_SIG", "the signature does not verify".to_owned()) }
}

fn request(arguments: &InspectArgs, text: &str, trust: &Trust, at: OffsetDateTime, lang: Lang) -> u8 {
    let (facts, standing) = match parse_request(text) {
        Err(error) => (Vec::new(), Standing::Bad("CODE_MALFORMED", error.to_string())),
        Ok(read) => {
            let request = &read.request;
            let facts = vec![
                ("relying party", "依赖方", request.relying_party.clone()),
                ("name", "名称", request.audience_name.clone()),
                ("cause", "事由", request.cause.clone()),
                ("issued at", "签发时刻", instant(request.issued_at)),
                ("expires at", "失效时刻", instant(request.expires_at)),
                ("scope", "申请范围", names(request.scope)),
                ("scene", "场景", request.scene.word().to_owned()),
                ("nonce", "随机数", hex(&request.nonce)),
                ("response address", "回传地址", request.response_uri.clone().unwrap_or_else(|| "-".to_owned())),
            ];
            (facts, standing(&read, trust, at))
        }
    };
    let (word, code, reason) = match standing {
        Standing::Good => ("VALID", crate::exit::OK, None),
        Standing::Unknown => {
            ("INDETERMINATE", crate::exit::SUITE, Some("CODE_SIG: its signer is not known".to_owned()))
        }
        Standing::Bad(code, detail) => ("INVALID", crate::exit::SHORT, Some(format!("{code}: {detail}"))),
    };
    if arguments.json {
        let members: Map<String, Value> =
            facts.into_iter().map(|(name, _, value)| (name.to_owned(), json!(value))).collect();
        say!(
            "{:#}",
            json!({"kind": "reverse-scan-request", "result": word, "reason": reason, "facts": members, "steps": []})
        );
    } else {
        say!("{}", pick(lang, "reverse-scan request ECRR1", "反扫请求 ECRR1"));
        print_facts(&facts, lang);
        let result = pick(lang, "result", "结论");
        say!("{result}: {word}{}", reason.map(|reason| format!(" ({reason})")).unwrap_or_default());
    }
    code
}

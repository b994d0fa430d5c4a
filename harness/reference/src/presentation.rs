//! Operation 13: is a presentation code what it claims to be, for this relying party, here and now?
//!
//! The code is checked by itself first; then what is remembered, then the redemption at the loading end
//! that its `iss` names. Addresses come from the trust list only, never from the code.

use std::time::Duration;

use ecric_gm::encoding::{from_b64url, hex};
use ecric_licence::code::{
    CodeReport, CodeStep, Expected, Inquiry, Payload, Redemption, Scene, Scope, check_code, take_redemption,
};
use ecric_licence::file::{Outcome, Verdict};
use ecric_licence::instant::write_instant;
use ecric_model::binding::{CHECK_KEYS, ErrorCode};
use serde_json::{Map, Value, json};

use crate::behaviour::Behaviour;
use crate::distort::altered;
use crate::errors::ApiError;
use crate::files::pki::LOADER;
use crate::files::test_faults::Part;
use crate::operation::{Reply, Work};
use crate::reader::{Faults, Reader};
use crate::stated_use::read_use;

/// How long codes are remembered, by a clock that nobody moves: far longer than one can live.
const REMEMBERED: Duration = Duration::from_secs(2 * 3600);
/// Longest text in the request.
const CODE_MAX: usize = 4096;

struct Request {
    code: String,
    audience: String,
    scene: Scene,
    nonce: Option<Vec<u8>>,
    wanted: Scope,
    offline: bool,
    /// Members that the redemption repeats.
    body: Map<String, Value>,
}

fn read(work: &mut Work<'_>, body: &Map<String, Value>) -> Result<Request, ApiError> {
    let faults = Faults::default();
    let reader = Reader::root(body, &faults);
    let length = reader.value("code").and_then(Value::as_str).map_or(0, str::len);
    if length > 1000 && work.behaviour().codes.long_codes_are_errors() {
        return Err(ApiError::new(ErrorCode::Internal, "internal error"));
    }
    let code = reader.text_within("code", CODE_MAX).unwrap_or_default().to_owned();
    let audience = reader.text_within("audience", 64).unwrap_or_default().to_owned();
    let scene = reader.text("scene").and_then(|word| {
        let scene = Scene::of_word(word);
        if scene.is_none() {
            reader.fault("scene", "not a scene");
        }
        scene
    });
    let nonce = reader.text_opt("nonce").and_then(|text| {
        let nonce = from_b64url(text).ok();
        if nonce.is_none() {
            reader.fault("nonce", "not base64url");
        }
        nonce
    });
    let names = crate::loader::read_scopes(&reader, "wanted");
    let offline = reader.bool_opt("offline");
    if offline.is_none() && reader.value("offline").is_none() {
        reader.fault("offline", "missing");
    }
    let stated = read_use(&reader, work.behaviour());
    faults.finish()?;
    work.audit.stated_use = stated;
    work.audit.attributes = json!(names).to_string();
    let repeated = ["code", "audience", "nonce", "wanted", "use"];
    let body = body.iter().filter(|(name, _)| repeated.contains(&name.as_str()));
    Ok(Request {
        code,
        audience,
        scene: scene.unwrap_or(Scene::Other),
        nonce,
        wanted: Scope::of_names(names).unwrap_or_default(),
        offline: offline.unwrap_or(false),
        body: body.map(|(name, value)| (name.clone(), value.clone())).collect(),
    })
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let body = std::mem::take(&mut work.body);
    verify(work, &body).await.map(Reply::ok)
}

/// Verifies one request body: alone or as an item of a batch.
pub(crate) async fn verify(work: &mut Work<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let request = read(work, body)?;
    let behaviour = work.shared.behaviour.clone();
    let (mut trust, _) = work.shared.trust.get();
    if work.shared.faults.is_down(Part::Revocation) {
        trust.evidence = ecric_gm::x509::revocation::Evidence::default();
    }
    let ignore = behaviour.ignored_reasons().iter().copied().collect();
    let expected = Expected { audience: &request.audience, scene: request.scene, nonce: request.nonce.as_deref() };
    let inquiry = Inquiry { trust: &trust, expected: Some(expected), at: work.now, ignore: &ignore };
    let mut report = check_code(&request.code, &inquiry);
    let broken =
        report.reasons().any(|(_, reason)| reason.code == "CODE_SIG") && behaviour.codes.broken_codes_are_errors();
    if broken {
        return Err(ApiError::new(ErrorCode::Internal, "internal error"));
    }
    if let Some(url) = named_address(&request.code)
        && behaviour.codes.fetches_what_the_code_names()
    {
        let fetcher = work.shared.fetcher.clone();
        work.tx.outside(async { fetcher.call(&url).await }).await?;
    }
    if behaviour.manners.other_choices && report.view.is_some() {
        report.unknown(CodeStep::R3, "LICENCE_STATUS_UNKNOWN", "only the view says so");
    }
    if let Some(payload) = report.payload.clone() {
        remember(work, &mut report, &payload, &behaviour);
        let open = report.verdict() != Verdict::Invalid;
        if payload.view.is_none() && open {
            if request.offline && !behaviour.codes.offline_calls_out() {
                report.unknown(CodeStep::R3, "LICENCE_STATUS_UNKNOWN", "an online code, and no network");
            } else {
                let redemption = redeem(work, &request, &payload).await?;
                settle(work, &mut report, redemption, &request, &inquiry, &payload);
            }
        } else if request.offline && behaviour.codes.offline_calls_out() && open {
            let _ = redeem(work, &request, &payload).await?;
        }
    }
    report.reasons().for_each(|(_, reason)| Behaviour::met(reason.code));
    Ok(written(work, &report, &request, &behaviour))
}

fn memory(work: &Work<'_>, payload: &Payload) -> String {
    let name = format!("code {}", hex(&payload.code_id));
    if !work.behaviour().codes.codes_forgotten_with_the_clock() {
        return name;
    }
    // A clock that was put back by ten seconds or more starts a memory of its own.
    format!("{name} {}", (work.shared.clock.real() - work.now).whole_seconds() / 10)
}

/// A code with a view is used up when it is seen; one without a view when it is redeemed.
fn remember(work: &Work<'_>, report: &mut CodeReport, payload: &Payload, behaviour: &Behaviour) {
    report.begin(CodeStep::C7);
    if behaviour.codes.codes_forgotten() {
        return;
    }
    let name = memory(work, payload);
    let first = if payload.view.is_some() && report.verdict() != Verdict::Invalid {
        work.shared.note_first(&name, REMEMBERED)
    } else {
        !work.shared.is_recent(&name, REMEMBERED)
    };
    if !first {
        report.fail(CodeStep::C7, "CODE_REPLAYED", "seen before");
    }
}

/// Operation 18 at the loading end that the code names.
async fn redeem(work: &mut Work<'_>, request: &Request, payload: &Payload) -> Result<Redemption, ApiError> {
    if work.shared.faults.is_down(Part::Redeem) {
        return Ok(Redemption::Unreachable);
    }
    let mut body = request.body.clone();
    if work.behaviour().codes.wanted_ignored() {
        body.insert("wanted".to_owned(), json!(payload.scope.names()));
    }
    if payload.loader == LOADER.1 {
        // Its own loading end: the same transaction, the same caller.
        let own = std::mem::replace(&mut work.body, body);
        let blank = work.audit.clone();
        let answer = crate::loader::redeem::run(work).await;
        work.body = own;
        work.audit = blank;
        return Ok(match answer {
            Ok(reply) => match reply.body {
                Some(Value::Object(members)) => Redemption::Answered(members),
                _ => Redemption::Unreachable,
            },
            Err(error) => Redemption::Refused(error.code.code().to_owned()),
        });
    }
    let (_, sources) = work.shared.trust.get();
    let Some((_, url)) = sources.loaders.iter().find(|(iss, _)| *iss == payload.loader).cloned() else {
        return Ok(Redemption::Unreachable);
    };
    let fetcher = work.shared.fetcher.clone();
    let key = work.evidence_id("redeem");
    let app = work.app.map(|app| app.app.clone()).unwrap_or_default();
    let body = Value::Object(body);
    let twice = work.behaviour().codes.redeems_twice();
    let asked = async {
        if twice {
            let _ = fetcher.redeem(&url, &body, &app, &key).await;
        }
        fetcher.redeem(&url, &body, &app, &key).await
    };
    Ok(work.tx.outside(asked).await?)
}

fn settle(
    work: &Work<'_>,
    report: &mut CodeReport,
    redemption: Redemption,
    request: &Request,
    inquiry: &Inquiry<'_>,
    payload: &Payload,
) {
    let codes = &work.shared.behaviour.codes;
    if codes.missing_redemption_is_valid() && redemption == Redemption::Unreachable {
        return;
    }
    let is_used = redemption == Redemption::Refused("CODE_USED".to_owned());
    if is_used && codes.second_redemption_accepted() {
        return;
    }
    if is_used && work.shared.is_recent(&memory(work, payload), REMEMBERED) && codes.simultaneous_redemption_accepted()
    {
        // Redeemed by this verifier itself, while this request was on its way.
        return;
    }
    take_redemption(report, &redemption, &request.audience, inquiry);
    if codes.grant_ignored()
        && let Redemption::Answered(answer) = &redemption
    {
        report.attributes = answer.get("attributes").and_then(Value::as_object).cloned().unwrap_or_default();
    }
    let used = matches!(&redemption, Redemption::Answered(_))
        || matches!(&redemption, Redemption::Refused(code) if code == "CODE_USED");
    if used && !codes.codes_forgotten() {
        work.shared.note_recent(memory(work, payload));
    }
}

/// The address in a code, which a faulty verifier follows.
fn named_address(code: &str) -> Option<String> {
    let body = code.strip_prefix(ecric_licence::code::CODE_PREFIX)?;
    let bytes = ecric_licence::code::base45::parse_base45(body).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let at = text.find("http://127.")?;
    let end = text[at..]
        .find(|c: char| !c.is_ascii_alphanumeric() && !":/.-_".contains(c))
        .map_or(text.len(), |end| at + end);
    Some(text[at..end].to_owned())
}

fn written(work: &mut Work<'_>, report: &CodeReport, request: &Request, behaviour: &Behaviour) -> Value {
    let verdict = report.verdict();
    let mut reasons: Vec<String> = Vec::new();
    for (_, reason) in report.reasons() {
        if !reasons.contains(&reason.text()) {
            reasons.push(reason.text());
        }
    }
    let warnings: Vec<String> = report.warnings.iter().map(ecric_licence::file::Reason::text).collect();
    let outcomes = report.checks();
    let checks: Map<String, Value> = CHECK_KEYS
        .iter()
        .map(|key| {
            let found = outcomes.iter().find(|(name, _)| name == key);
            ((*key).to_owned(), json!(found.map_or(Outcome::Skipped, |(_, outcome)| *outcome).word()))
        })
        .collect();
    let live = report.status.is_some() || behaviour.codes.offline_status_is_live();
    let source = if live {
        "LIVE"
    } else if report.view.is_some() {
        "CACHE"
    } else {
        "NONE"
    };
    let mut answer = json!({
        "result": verdict.word(),
        "reasons": reasons,
        "warnings": warnings,
        "checks": checks,
        "statusSource": source,
        "evaluatedAt": write_instant(work.now),
        "evidenceId": work.evidence_id("presentation"),
    });
    if let Some((word, time)) = &report.status {
        answer["certificateStatus"] = json!(word);
        answer["statusTime"] = json!(time);
    }
    // A VALID code names what was granted and wanted; nothing else shows anything of the holder.
    if verdict == Verdict::Valid || behaviour.codes.attributes_despite_result() {
        let mut attributes = shown(report, request, behaviour);
        let wanted = request.body.get("wanted").and_then(Value::as_array);
        let ungranted = wanted.into_iter().flatten().filter_map(Value::as_str);
        for name in ungranted
            .filter(|name| !attributes.contains_key(*name) && behaviour.codes.grant_ignored())
            .collect::<Vec<_>>()
        {
            attributes.insert(name.to_owned(), Value::Null);
        }
        answer["attributes"] = Value::Object(attributes);
    }
    if behaviour.codes.verdict_without_checks() {
        answer["checks"] = json!({});
    }
    if behaviour.codes.echoes_the_code() {
        answer["code"] = json!(request.code);
    }
    answer
}

fn shown(report: &CodeReport, request: &Request, behaviour: &Behaviour) -> Map<String, Value> {
    let wanted = |name: &str| Scope::bit_of(name).is_some_and(|bit| request.wanted.has(bit));
    report
        .attributes
        .iter()
        .filter(|(name, _)| wanted(name) || behaviour.codes.wanted_ignored())
        .map(|(name, value)| {
            let value = match value.as_str() {
                Some(text) if name == "name" => {
                    json!(altered(text.to_owned(), folded(text), || behaviour.codes.rare_characters_replaced()))
                }
                _ => value.clone(),
            };
            let value = match value.as_str() {
                Some(text) if name == "name" => {
                    json!(altered(text.to_owned(), tidied(text), || behaviour.codes.names_tidied()))
                }
                _ => value,
            };
            let value =
                if value == json!(false) && behaviour.codes.age_flags_always_true() { json!(true) } else { value };
            let value =
                if value == json!(true) && behaviour.codes.age_flags_always_false() { json!(false) } else { value };
            (name.clone(), value)
        })
        .collect()
}

/// What a verifier does that thinks it knows what names look like: no zero, no compatibility ideographs, no dots, two
/// characters at least and few.
fn tidied(name: &str) -> String {
    let plain = name.chars().filter(|c| *c != '\u{b7}' && !('\u{f900}'..='\u{faff}').contains(c));
    let mut tidied: String = plain.map(|c| if c == '\u{3007}' { '0' } else { c }).take(20).collect();
    if tidied.chars().count() == 1 {
        tidied.push('*');
    }
    tidied
}

/// What a verifier does that cannot show every character.
fn folded(name: &str) -> String {
    name.chars()
        .map(|c| if u32::from(c) > 0xffff || ('\u{3400}'..='\u{4dbf}').contains(&c) { '?' } else { c })
        .collect()
}

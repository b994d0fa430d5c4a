//! Verifying presentation codes: the harness plays device, loading end and relying party.

use cucumber::{given, then, when};
use ecric_checks::files::{self, Expected};
use ecric_checks::presentation as checks;
use ecric_counterpart::{Conduct, Grant};
use ecric_explore::Property;
use ecric_gm::encoding::b64url;
use ecric_licence::code::{Payload, Scope};
use ecric_licence::validity::china_date;
use ecric_model::Text;
use ecric_model::binding::{LicenceStatus, Operation, VerifyOutcome};
use ecric_model::finding::{Finding, FindingClass, fail};
use ecric_model::verdict::Cause;
use ecric_target::{Body, Call};
use ecric_vectors::code::{
    CodeDefect, CodeSpec, attributes_of, find_code_defect, flip_bit, make_code, make_code_naming,
};
use ecric_vectors::pki::RELYING_PARTY;
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};

use crate::issuing::at_once;
use crate::properties::ours;
use crate::requests::stated_use;
use crate::sending::named;
use crate::world::{EcricWorld, StepEnd, StepResult, view};

/// Most time for refusing what is no code, milliseconds.
const QUICK_MS: u64 = 5_000;

/// A code that a case shows.
#[derive(Debug, Clone)]
pub(crate) struct ShownCode {
    text: String,
    payload: Payload,
    spec: CodeSpec,
    /// Everything the licence holds.
    attributes: Map<String, Value>,
    wanted: Vec<String>,
    offline: bool,
    defect: Option<CodeDefect>,
}

fn ready(world: &EcricWorld) -> StepResult {
    match &world.case()?.run.trust.failed {
        None => Ok(()),
        Some(reason) => Err(world.inconclusive(Cause::SetUp, reason.clone())),
    }
}

fn code(world: &EcricWorld) -> StepResult<&ShownCode> {
    world.code.as_ref().ok_or_else(|| world.suite_error("the scenario has no code"))
}

fn words(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// A base as of an instant, with an identifier of its own.
fn spec_of(world: &EcricWorld, base: &str, at: OffsetDateTime) -> StepResult<CodeSpec> {
    let material = world.case()?.connection.bytes("code");
    CodeSpec::of_base(base, at, &material).ok_or_else(|| world.suite_error(format!("no code {base:?}")))
}

/// Makes a code and lets the loading end know of it.
fn show(world: &mut EcricWorld, spec: CodeSpec, defect: Option<CodeDefect>, conduct: Conduct) -> StepResult {
    ready(world)?;
    let case = world.case()?;
    let made = make_code(&case.run.trust.pki, &spec, defect.as_ref());
    let made = made.map_err(|error| world.suite_error(error.to_string()))?;
    let attributes = attributes_of(&spec.person, china_date(spec.at));
    let grant = Grant {
        audience: spec.audience.clone(),
        handle: made.payload.handle,
        scope: spec.scope,
        attributes: attributes.clone(),
        status: LicenceStatus::Valid,
        conduct,
    };
    case.run.trust.counterpart.grant(made.payload.code_id, grant);
    case.connection.add_personal([spec.person.face.name.clone(), spec.person.face.id_number.clone()]);
    let wanted = spec.scope.names().into_iter().map(str::to_owned).collect();
    let offline = spec.is_offline();
    world.code = Some(ShownCode { text: made.text, payload: made.payload, spec, attributes, wanted, offline, defect });
    Ok(())
}

fn request(shown: &ShownCode) -> Value {
    let audience = shown.spec.audience.clone().unwrap_or_else(|| RELYING_PARTY.1.to_owned());
    let mut body = json!({"code": shown.text, "audience": audience, "scene": shown.spec.scene.word(),
        "wanted": shown.wanted, "use": stated_use(), "offline": shown.offline});
    if let Some(nonce) = &shown.spec.nonce {
        body["nonce"] = json!(b64url(nonce));
    }
    body
}

fn call_of(shown: &ShownCode) -> Call {
    Call::new(Operation::VerifyPresentation, None, Body::Json(request(shown)))
}

async fn verify(world: &mut EcricWorld) -> StepResult {
    let call = call_of(code(world)?);
    world.act(call).await.map(|_| ())
}

// ----- codes

#[given(regex = r#"^an? (online|bearer|offline|offline-basic|offline-adult) code(?: for "([^"]*)")?$"#)]
fn a_code(world: &mut EcricWorld, base: String, names: String) -> StepResult {
    code_of(world, &base, &names, Conduct::Honest)
}

fn code_of(world: &mut EcricWorld, base: &str, names: &str, conduct: Conduct) -> StepResult {
    let mut spec = spec_of(world, base, world.now()?)?;
    if let Some(names) = named(names) {
        let names = words(names);
        let scope = Scope::of_names(names.iter().map(String::as_str));
        spec.scope = scope.map_err(|name| world.suite_error(format!("{name:?} is no attribute")))?;
    }
    show(world, spec, None, conduct)
}

#[given(regex = r#"^a code of a loading end that answers with ([a-zA-Z0-9 ]+)$"#)]
fn a_code_of(world: &mut EcricWorld, word: String) -> StepResult {
    let conduct =
        Conduct::of_word(&word).ok_or_else(|| world.suite_error(format!("no loading end answers {word:?}")))?;
    code_of(world, "online", "", conduct)
}

#[given(regex = r"^an? (online|offline) code issued (\d+) seconds ago$")]
fn an_old_code(world: &mut EcricWorld, base: String, seconds: i64) -> StepResult {
    let at = world.now()? - Duration::seconds(seconds);
    let spec = spec_of(world, &base, at)?;
    show(world, spec, None, Conduct::Honest)
}

#[given(regex = r#"^a code for the name of a person called "([^"]+)"$"#)]
fn a_code_of_a_person(world: &mut EcricWorld, name: String) -> StepResult {
    let mut spec = spec_of(world, "online", world.now()?)?;
    spec.person.face.name = name;
    spec.scope = Scope::of_names(["name", "nameMasked"]).unwrap_or_default();
    show(world, spec, None, Conduct::Honest)
}

#[given(regex = r#"^a code that tells whether somebody born (\d+) years ago (today|tomorrow) is over (16|18)$"#)]
fn a_code_of_an_age(world: &mut EcricWorld, years: i32, day: String, age: String) -> StepResult {
    let mut spec = spec_of(world, "online", world.now()?)?;
    let today = world.today()?;
    let day = if day == "today" { today } else { today + Duration::DAY };
    let birth = day.replace_year(day.year() - years).unwrap_or(day - Duration::days(i64::from(years) * 365));
    spec.person.face.birth = birth;
    spec.scope = Scope::of_names([if age == "16" { "ageOver16" } else { "ageOver18" }]).unwrap_or_default();
    show(world, spec, None, Conduct::Honest)
}

#[given(regex = r"^the licence behind the code is now ([A-Z_]+)$")]
fn licence_changes(world: &mut EcricWorld, state: String) -> StepResult {
    let status = crate::world::state(world, &state)?;
    let id = code(world)?.payload.code_id;
    world.case()?.run.trust.counterpart.set_code_status(&id, status);
    Ok(())
}

#[given("the code was redeemed at another verifier")]
fn redeemed_elsewhere(world: &mut EcricWorld) -> StepResult {
    let id = code(world)?.payload.code_id;
    world.case()?.run.trust.counterpart.spend(&id);
    Ok(())
}

#[given("the verifier has checked the code")]
async fn has_checked(world: &mut EcricWorld) -> StepResult {
    verify(world).await?;
    world.need_success()?;
    let result = world.last()?.json.as_ref().and_then(|json| json["result"].as_str()).unwrap_or_default().to_owned();
    if result == "INVALID" {
        let text = Text::new("the first presentation is INVALID", "首次出示即为INVALID");
        return Err(world.inconclusive(Cause::SetUp, text));
    }
    Ok(())
}

// ----- verifications

#[when("the verifier checks the code")]
async fn checks_code(world: &mut EcricWorld) -> StepResult {
    verify(world).await
}

#[when(regex = r#"^the verifier checks the code and wants "([^"]*)"$"#)]
async fn checks_wanting(world: &mut EcricWorld, names: String) -> StepResult {
    let wanted = words(&names);
    if let Some(code) = &mut world.code {
        code.wanted = wanted;
    }
    verify(world).await
}

#[when(
    regex = r#"^the verifier checks the code (for another relying party|in another scene|with another challenge|without a challenge|without the network)$"#
)]
async fn checks_otherwise(world: &mut EcricWorld, how: String) -> StepResult {
    let mut body = request(code(world)?);
    match how.as_str() {
        "for another relying party" => body["audience"] = json!("11440300099999925K"),
        "in another scene" => body["scene"] = json!("BANK"),
        "with another challenge" => body["nonce"] = json!(b64url(b"another nonce")),
        "without a challenge" => drop(body.as_object_mut().map(|members| members.remove("nonce"))),
        _ => body["offline"] = json!(true),
    }
    world.act(Call::new(Operation::VerifyPresentation, None, Body::Json(body))).await.map(|_| ())
}

#[when(regex = r#"^the verifier checks a code with the defect "([^"]+)"$"#)]
async fn checks_defect(world: &mut EcricWorld, name: String) -> StepResult {
    let Some(defect) = find_code_defect(&name) else {
        return Err(world.suite_error(format!("no defect is called {name:?}")));
    };
    let spec = spec_of(world, defect.base, world.now()?)?;
    show(world, spec, Some(defect), Conduct::Honest)?;
    verify(world).await
}

#[when("the verifier checks a code that names an address")]
async fn checks_address(world: &mut EcricWorld) -> StepResult {
    let spec = spec_of(world, "online", world.now()?)?;
    show(world, spec.clone(), None, Conduct::Honest)?;
    let case = world.case()?;
    let token = case.connection.case().replace('/', "-");
    let sink = case.run.trust.counterpart.sink(&token);
    let made = make_code_naming(&case.run.trust.pki, &spec, &sink);
    let made = made.map_err(|error| world.suite_error(error.to_string()))?;
    world.sink = token;
    if let Some(code) = &mut world.code {
        code.text = made;
    }
    verify(world).await
}

#[when(regex = r"^the verifier checks a code of (\d+) characters$")]
async fn checks_long(world: &mut EcricWorld, length: usize) -> StepResult {
    let spec = spec_of(world, "online", world.now()?)?;
    show(world, spec, None, Conduct::Honest)?;
    if let Some(code) = &mut world.code {
        code.text = format!("ECR1:{}", "0".repeat(length.saturating_sub(5)));
    }
    let call = call_of(code(world)?);
    let answer = world.call(call).await?;
    world.answers.push(answer);
    Ok(())
}

#[when(regex = r"^(\d+) verifications of the code are sent at once$")]
async fn checks_at_once(world: &mut EcricWorld, times: usize) -> StepResult {
    let call = call_of(code(world)?);
    at_once(world, vec![call; times]).await?;
    let last = world.at_once.last().cloned();
    world.answers.extend(last);
    Ok(())
}

#[when("the verifier checks a batch of a good code, a broken code and a good code")]
async fn checks_batch(world: &mut EcricWorld) -> StepResult {
    let mut items = Vec::new();
    for (id, broken) in [("a", false), ("b", true), ("c", false)] {
        code_of(world, "online", "", Conduct::Honest)?;
        let mut body = request(code(world)?);
        if broken {
            body["code"] = json!(flip_bit(&code(world)?.text, 1500).unwrap_or_default());
        }
        items.push(json!({"itemId": id, "kind": "PRESENTATION", "request": body}));
    }
    world.act(Call::new(Operation::VerifyBatch, None, Body::Json(json!({"items": items})))).await.map(|_| ())
}

/// A code with one bit changed is never VALID and never breaks the verifier.
struct OneBit<'a>(&'a EcricWorld, ShownCode);

impl Property<usize> for OneBit<'_> {
    type Finding = Box<Finding>;
    type Error = StepEnd;
    async fn test(&mut self, bit: &usize) -> Result<Option<Box<Finding>>, StepEnd> {
        let mut shown = self.1.clone();
        shown.text = flip_bit(&shown.text, *bit).unwrap_or_default();
        judged_stopped(self.0, &shown).await
    }
}

/// A code with characters replaced is never VALID and never breaks the verifier.
struct OtherText<'a>(&'a EcricWorld, ShownCode);

impl Property<(usize, String)> for OtherText<'_> {
    type Finding = Box<Finding>;
    type Error = StepEnd;
    async fn test(&mut self, (at, other): &(usize, String)) -> Result<Option<Box<Finding>>, StepEnd> {
        let mut shown = self.1.clone();
        let (at, end) = (at % shown.text.len(), (at % shown.text.len() + other.len()).min(shown.text.len()));
        if shown.text[at..end] == *other {
            return Ok(None);
        }
        shown.text.replace_range(at..end, other);
        judged_stopped(self.0, &shown).await
    }
}

async fn judged_stopped(world: &EcricWorld, shown: &ShownCode) -> Result<Option<Box<Finding>>, StepEnd> {
    let answer = world.call(call_of(shown)).await?;
    let text = answer.text();
    let took = answer.span_ms.1.saturating_sub(answer.span_ms.0);
    let judged = checks::check_refused_quickly(&view(&answer, &text), took, QUICK_MS);
    Ok(judged.err().map(|mut finding| {
        finding.evidence.push(answer.evidence.clone());
        finding
    }))
}

#[when("the verifier checks many codes with one bit changed")]
async fn many_bits(world: &mut EcricWorld) -> StepResult {
    code_of(world, "online", "", Conduct::Honest)?;
    let shown = code(world)?.clone();
    let law = "a code with one bit changed is refused";
    let seed = world.property_seed(law)?;
    let budget = world.budget()?;
    let strategy = ecric_vectors::mutate::code_bit_strategy();
    let outcome = ecric_explore::run(&strategy, &seed, budget, &mut OneBit(world, shown)).await;
    let outcome = outcome.map_err(|error| ours(world, error))?;
    world.keep(law, &seed, outcome, |bit| format!("bit {bit}"))
}

#[when("the verifier checks many codes with other characters")]
async fn many_characters(world: &mut EcricWorld) -> StepResult {
    code_of(world, "online", "", Conduct::Honest)?;
    let shown = code(world)?.clone();
    let law = "a code with other characters is refused";
    let seed = world.property_seed(law)?;
    let budget = world.budget()?;
    let strategy = ecric_vectors::mutate::code_text_strategy();
    let outcome = ecric_explore::run(&strategy, &seed, budget, &mut OtherText(world, shown)).await;
    let outcome = outcome.map_err(|error| ours(world, error))?;
    world.keep(law, &seed, outcome, |(at, other)| format!("{} characters from position {}", other.len(), at + 1))
}

// ----- what comes of it

#[then("the code is stopped for its reason")]
fn code_is_stopped(world: &mut EcricWorld) -> StepResult {
    let Some(defect) = code(world)?.defect else { return Err(world.suite_error("the code has no defect")) };
    let text = world.last()?.text();
    let grain = world.case()?.run.grain;
    let expected = Expected { outcome: VerifyOutcome::Invalid, codes: defect.codes, knock_on: defect.knock_on };
    let seen = view(world.last()?, &text);
    world.judge(files::check_stopped(&seen, &expected, grain))?;
    world.judge(checks::check_nothing_shown(&seen))
}

#[then(regex = r"^the result is (INVALID|INDETERMINATE) because of one of ([A-Z_, ]+)$")]
fn because_of_one(world: &mut EcricWorld, outcome: String, codes: String) -> StepResult {
    let Some(outcome) = VerifyOutcome::parse(&outcome) else {
        return Err(world.suite_error(format!("{outcome:?} is no result")));
    };
    let known = ecric_model::reason::CLASSES.iter().flat_map(|class| class.fine.iter().copied().chain([class.code]));
    let codes = words(&codes);
    let allowed: Vec<&'static str> = known.filter(|code| codes.iter().any(|wanted| wanted == code)).collect();
    let text = world.last()?.text();
    let grain = world.case()?.run.grain;
    let expected = Expected { outcome, codes: &allowed, knock_on: &[] };
    world.judge(files::check_stopped(&view(world.last()?, &text), &expected, grain))
}

#[then(regex = r#"^the answer shows exactly "([^"]*)"$"#)]
fn shows_exactly(world: &mut EcricWorld, names: String) -> StepResult {
    let shown = code(world)?;
    let names = words(&names);
    let expected = shown.attributes.iter().filter(|(name, _)| names.contains(name));
    let expected: Map<String, Value> = expected.map(|(name, value)| (name.clone(), value.clone())).collect();
    let text = world.last()?.text();
    world.judge(checks::check_shown(&view(world.last()?, &text), &expected))
}

#[then("the answer shows no attribute")]
fn shows_nothing(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(checks::check_nothing_shown(&view(world.last()?, &text)))
}

#[then("the answer does not repeat the code")]
fn not_echoed(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(checks::check_code_not_echoed(&view(world.last()?, &text), &code(world)?.text))
}

#[then("exactly one verdict is VALID")]
fn exactly_one(world: &mut EcricWorld) -> StepResult {
    let texts: Vec<String> = world.at_once.iter().map(ecric_target::Answer::text).collect();
    let seen: Vec<_> = world.at_once.iter().zip(&texts).map(|(answer, text)| view(answer, text)).collect();
    let evidence: Vec<String> = world.at_once.iter().map(|answer| answer.evidence.clone()).collect();
    world.judge_with(checks::check_exactly_one_valid(&seen, world.case()?.run.grain), &evidence)
}

/// Who redeemed a code at the harness, noted for judging again.
fn redemptions(world: &EcricWorld, code_id: &[u8; 16]) -> StepResult<Vec<serde_json::Value>> {
    let case = world.case()?;
    let seen = case.connection.observe("redemptions", || {
        let asked = case.run.trust.counterpart.redemptions(code_id);
        let shown = |one: &serde_json::Value| {
            let code = one["code"].as_str().map(|_| "<not recorded>");
            serde_json::json!({"audience": one["audience"], "code": code, "wanted": one["wanted"]})
        };
        asked.iter().map(shown).collect()
    });
    Ok(seen.as_array().cloned().unwrap_or_default())
}

#[then("the loading end was asked once for the relying party")]
fn asked_once(world: &mut EcricWorld) -> StepResult {
    let shown = code(world)?;
    let asked = redemptions(world, &shown.payload.code_id)?;
    let audience = shown.spec.audience.clone().unwrap_or_else(|| RELYING_PARTY.1.to_owned());
    world.judge(checks::check_redeemed(&asked, &audience, 1))
}

#[then("the loading end was not asked")]
fn not_asked(world: &mut EcricWorld) -> StepResult {
    let asked = redemptions(world, &code(world)?.payload.code_id)?;
    let judgement = if asked.is_empty() {
        Ok(())
    } else {
        fail(
            FindingClass::WrongValue,
            "redemptions",
            Text::new("none: no network was allowed", "无：不允许联网"),
            Text::same(asked.len().to_string()),
        )
    };
    world.judge(judgement)
}

#[then("the verdict admits that nobody was asked")]
fn admits_offline(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(checks::check_offline(&view(world.last()?, &text)))
}

#[then("the code is refused quickly")]
fn refused_quickly(world: &mut EcricWorld) -> StepResult {
    let answer = world.last()?;
    let text = answer.text();
    let took = answer.span_ms.1.saturating_sub(answer.span_ms.0);
    world.judge(checks::check_refused_quickly(&view(answer, &text), took, QUICK_MS))
}

#[then("the good codes are VALID and the broken one INVALID, in order")]
fn batch_in_order(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let seen = view(world.last()?, &text);
    world.found(ecric_checks::answers::check_accepted(&seen))?;
    let items = seen.json.and_then(|json| json["items"].as_array()).cloned().unwrap_or_default();
    let told: Vec<String> = items
        .iter()
        .map(|item| {
            let result = item["verifyResult"]["result"].as_str().unwrap_or("-");
            format!("{}={result}", item["itemId"].as_str().unwrap_or("-"))
        })
        .collect();
    world.judge(ecric_checks::equal("items", "a=VALID b=INVALID c=VALID", told.join(" ").as_str()))
}

// ----- time: exclusive cases

#[given(regex = r"^the clock of the target stands (\d+) seconds (before|after) the issue of the code$")]
async fn clock_stands(world: &mut EcricWorld, seconds: i64, side: String) -> StepResult {
    let seconds = if side == "before" { -seconds } else { seconds };
    let at = code(world)?.spec.at + Duration::seconds(seconds);
    crate::clock::stand_at(world, at).await
}

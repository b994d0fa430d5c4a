//! Verifying licence files: base files, attacks, nonsense; trust and status around them.

use cucumber::{given, then, when};
use ecric_checks::files::{self, Expected};
use ecric_checks::verification::check_result;
use ecric_counterpart::Freshness;
use ecric_gm::encoding::b64;
use ecric_licence::file::Verdict;
use ecric_model::Text;
use ecric_model::binding::{LicenceStatus, Operation, VerifyOutcome};
use ecric_model::finding::{FindingClass, fail};
use ecric_model::verdict::Cause;
use ecric_target::{Body, Call};
use ecric_vectors::licence_file::{Attack, default_person, find_attack, make_base};
use serde_json::{Value, json};

use crate::sending::named;
use crate::trust::{installed_list, verification};
use crate::world::{EcricWorld, StepResult, view};

/// The trust that the run has set up; without it files cannot be judged.
pub(crate) fn ready(world: &EcricWorld) -> StepResult {
    match &world.case()?.run.trust.failed {
        None => Ok(()),
        Some(reason) => Err(world.inconclusive(Cause::SetUp, reason.clone())),
    }
}

pub(crate) fn base_file(world: &EcricWorld, name: &str) -> StepResult<Vec<u8>> {
    let case = world.case()?;
    let made = make_base(&case.run.trust.pki, name, &default_person());
    match made {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(world.suite_error(format!("no base file is called {name:?}"))),
        Err(error) => Err(world.suite_error(error.to_string())),
    }
}

/// Sends a verification and keeps what was sent.
async fn verify(world: &mut EcricWorld, body: Value) -> StepResult {
    world.sent_content = body["content"].as_str().unwrap_or_default().to_owned();
    let limit = {
        let limits = &world.case()?.run.limits;
        limits.file_bytes.or(limits.body_bytes).unwrap_or(u64::MAX)
    };
    if body.to_string().len() as u64 > limit {
        let text = Text::new("the file is larger than limits.bodyBytes", "文件大于 limits.bodyBytes");
        return Err(world.inconclusive(Cause::SetUp, text));
    }
    world.act(Call::new(Operation::VerifyFile, None, Body::Json(body))).await.map(|_| ())
}

#[when(regex = r#"^the verifier checks the base file "([^"]+)"$"#)]
async fn checks_base(world: &mut EcricWorld, name: String) -> StepResult {
    ready(world)?;
    let file = base_file(world, &name)?;
    verify(world, verification(&file, "NONE")).await
}

fn attack(world: &EcricWorld, id: &str) -> StepResult<Attack> {
    find_attack(id).ok_or_else(|| world.suite_error(format!("no attack is called {id:?}")))
}

#[when(regex = r#"^the verifier checks the attack "([^"]+)"$"#)]
async fn checks_attack(world: &mut EcricWorld, id: String) -> StepResult {
    ready(world)?;
    let found = attack(world, &id)?;
    let case = world.case()?;
    // Who trusts any root fails the cases about roots; the others would fail for that reason, not for theirs.
    if let Some(reason) = case.run.trust.trusts_others.as_ref().filter(|_| !found.codes.contains(&"CERT_UNTRUSTED")) {
        return Err(world.inconclusive(Cause::SetUp, reason.clone()));
    }
    let token = format!("{}-{id}", case.connection.case().replace('/', "-"));
    let sink = case.run.trust.counterpart.sink(&token);
    let made = found.make_with(&case.run.trust.pki, &default_person(), Some(&sink));
    let file = made.map_err(|error| world.suite_error(error.to_string()))?;
    world.attack = Some(found);
    world.sink = token;
    let mut body = verification(&file, "NONE");
    if found.switches.contains(&("timestamp", "required")) {
        body["policy"]["requireTimestamp"] = json!(true);
    }
    verify(world, body).await
}

fn outcome_of(verdict: Verdict) -> VerifyOutcome {
    match verdict {
        Verdict::Valid => VerifyOutcome::Valid,
        Verdict::Invalid => VerifyOutcome::Invalid,
        Verdict::Indeterminate => VerifyOutcome::Indeterminate,
    }
}

#[then("the attack is stopped for its reason")]
fn attack_is_stopped(world: &mut EcricWorld) -> StepResult {
    let Some(found) = world.attack else { return Err(world.suite_error("there is no attack")) };
    let text = world.last()?.text();
    let grain = world.case()?.run.grain;
    let seen = view(world.last()?, &text);
    let outcome = outcome_of(found.verdict);
    if outcome == VerifyOutcome::Valid {
        return world.judge(check_result(&seen, outcome, None, grain));
    }
    let expected = Expected { outcome, codes: found.codes, knock_on: found.knock_on };
    world.judge(files::check_stopped(&seen, &expected, grain))
}

#[then("the answer names the failed step")]
fn failed_step_is_named(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(files::check_failed_step(&view(world.last()?, &text)))
}

#[then("nobody was called")]
fn nobody_was_called(world: &mut EcricWorld) -> StepResult {
    let case = world.case()?;
    let first = case.connection.observe("sink", || {
        let hits = case.run.trust.counterpart.hits(&world.sink);
        hits.first().map_or(Value::Null, |hit| json!(format!("{} {}", hit.method, hit.path)))
    });
    let judgement = match first.as_str() {
        None => Ok(()),
        Some(hit) => fail(
            FindingClass::WrongValue,
            "sink",
            Text::new("no request to an address in the file", "不访问文件内的地址"),
            Text::same(hit),
        ),
    };
    world.judge(judgement)
}

/// Things that are no licence file.
fn nonsense(name: &str) -> Option<Vec<u8>> {
    Some(match name {
        "one byte" => vec![0x50],
        "png" => [b"\x89PNG\r\n\x1a\n".as_slice(), &[0; 200]].concat(),
        "html" => b"<!doctype html><script>alert(1)</script>".to_vec(),
        "pdf" => b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Encrypt 2 0 R>>".to_vec(),
        "zeros" => vec![0; 40_000],
        "der" => vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x02],
        "zip end only" => b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(),
        _ => return None,
    })
}

#[when(regex = r#"^the verifier checks the nonsense "([^"]+)"$"#)]
async fn checks_nonsense(world: &mut EcricWorld, name: String) -> StepResult {
    let Some(bytes) = nonsense(&name) else { return Err(world.suite_error(format!("no nonsense {name:?}"))) };
    verify(world, verification(&bytes, "NONE")).await
}

#[when(regex = r"^the verifier checks a licence file cut at (\d+) percent$")]
async fn checks_cut(world: &mut EcricWorld, percent: usize) -> StepResult {
    ready(world)?;
    let mut file = base_file(world, "orig")?;
    file.truncate(file.len() * percent / 100);
    verify(world, verification(&file, "NONE")).await
}

#[then("it is not taken for a licence file")]
fn not_a_file(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(files::check_not_a_file(&view(world.last()?, &text)))
}

#[when("the verifier checks a file whose licence status is out of date")]
async fn checks_with_stale_status(world: &mut EcricWorld) -> StepResult {
    ready(world)?;
    let file = own_file(world)?;
    world.case()?.run.trust.counterpart.set_status(&file.1, LicenceStatus::Valid, Freshness::Stale);
    verify(world, verification(&file.0, "REQUIRED")).await
}

#[when(
    regex = r#"^the verifier checks a file whose licence reads ([A-Z_]+) at its issuer(?: with the status ([A-Z_]+))?$"#
)]
async fn checks_with_status(world: &mut EcricWorld, state: String, policy: String) -> StepResult {
    ready(world)?;
    let file = own_file(world)?;
    let case = world.case()?;
    if state != "UNKNOWN" {
        let status =
            LicenceStatus::parse(&state).ok_or_else(|| world.suite_error(format!("{state:?} is no licence status")))?;
        case.run.trust.counterpart.set_status(&file.1, status, Freshness::Fresh);
    }
    world.asked_about.clone_from(&file.1);
    let policy = named(&policy).unwrap_or("REQUIRED");
    verify(world, verification(&file.0, policy)).await
}

#[then("the issuer saw a question only if the verdict rests on it")]
fn issuer_saw_only_what_counts(world: &mut EcricWorld) -> StepResult {
    let case = world.case()?;
    let seen = case
        .connection
        .observe("questions to the issuer", || json!(case.run.trust.counterpart.hits(&world.asked_about).len()));
    let text = world.last()?.text();
    let questions = usize::try_from(seen.as_u64().unwrap_or(0)).unwrap_or(usize::MAX);
    world.judge(files::check_source_told(&view(world.last()?, &text), questions))
}

/// A file of this case alone, and its licence identifier: its serial comes from the case.
fn own_file(world: &EcricWorld) -> StepResult<(Vec<u8>, String)> {
    own_file_like(world, "orig")
}

fn own_file_like(world: &EcricWorld, base: &str) -> StepResult<(Vec<u8>, String)> {
    let case = world.case()?;
    let mut person = default_person();
    person.serial = ecric_gm::encoding::hex(&case.connection.bytes("serial")[..10]).to_uppercase();
    let made = make_base(&case.run.trust.pki, base, &person);
    let bytes = made.ok().flatten().ok_or_else(|| world.suite_error("the file could not be made"))?;
    let report = files::verify(&bytes, &case.run.trust.pki.anchors(), world.now()?);
    let identifier = report.fields.as_ref().and_then(|fields| fields.item("证照标识").map(str::to_owned));
    Ok((bytes, identifier.unwrap_or_default()))
}

#[then("the answer says that the status was not asked for")]
fn status_not_asked(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(files::check_status_not_asked(&view(world.last()?, &text)))
}

#[then("a VALID answer admits that the status is unknown")]
fn status_unknown_is_admitted(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(files::check_best_effort(&view(world.last()?, &text)))
}

#[then("the answer has every check")]
fn every_check(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(files::check_every_key(&view(world.last()?, &text)))
}

#[then("the answer does not repeat the file")]
fn does_not_repeat(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(files::check_not_echoed(&view(world.last()?, &text), &world.sent_content))
}

#[when(regex = r#"^the verifier checks the base file "([^"]+)" and expects (the right|another) identifier$"#)]
async fn checks_expecting(world: &mut EcricWorld, name: String, which: String) -> StepResult {
    ready(world)?;
    let file = base_file(world, &name)?;
    let trust = world.case()?.run.trust.pki.anchors();
    let report = files::verify(&file, &trust, world.now()?);
    let own = report.fields.as_ref().and_then(|fields| fields.item("证照标识").map(str::to_owned)).unwrap_or_default();
    let mut body = verification(&file, "NONE");
    let other = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.001.R";
    body["expect"] = json!({"certificateIdentifier": if which == "the right" { own } else { other.to_owned() }});
    verify(world, body).await
}

#[when(regex = r"^the verifier checks a copy for (the cause it was made for|another cause)$")]
async fn checks_copy_for(world: &mut EcricWorld, which: String) -> StepResult {
    ready(world)?;
    let file = base_file(world, "copy")?;
    let mut body = verification(&file, "NONE");
    let cause = if which.starts_with("another") { "办理其他事项" } else { "办理测试事项" };
    body["use"] = json!({"certificateCopyCause": cause, "certificateSystemName": "ecric"});
    verify(world, body).await
}

#[when("the verifier checks a batch of a good file, an attack and a good file")]
async fn checks_batch(world: &mut EcricWorld) -> StepResult {
    ready(world)?;
    let good = base_file(world, "orig-noattach")?;
    let found = attack(world, "C06r")?;
    let made = found.make(&world.case()?.run.trust.pki, &default_person());
    let bad = made.map_err(|error| world.suite_error(error.to_string()))?;
    let item = |id: &str, file: &[u8]| json!({"itemId": id, "kind": "FILE", "request": verification(file, "NONE")});
    let body = json!({"items": [item("a", &good), item("b", &bad)]});
    world.act(Call::new(Operation::VerifyBatch, None, Body::Json(body))).await.map(|_| ())
}

#[when("the verifier checks a batch of three files of which the second has a slow status")]
async fn checks_batch_with_slow_status(world: &mut EcricWorld) -> StepResult {
    ready(world)?;
    let mut items = Vec::new();
    for (id, freshness) in [("a", Freshness::Fresh), ("b", Freshness::Late), ("c", Freshness::Fresh)] {
        let (file, identifier) = own_file_like(world, "orig-noattach")?;
        world.case()?.run.trust.counterpart.set_status(&identifier, LicenceStatus::Valid, freshness);
        items.push(json!({"itemId": id, "kind": "FILE", "request": verification(&file, "REQUIRED")}));
    }
    let body = json!({"items": items});
    world.act(Call::new(Operation::VerifyBatch, None, Body::Json(body))).await.map(|_| ())
}

#[then("the first file with the third is VALID")]
fn others_are_valid(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(ecric_checks::batch::check_others_valid(&view(world.last()?, &text), &["a", "b", "c"], "b"))
}

#[then("the good file is VALID and the attack INVALID, in order")]
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
    world.judge(ecric_checks::equal("items", "a=VALID b=INVALID", told.join(" ").as_str()))
}

// ----- trust and faults of the whole target: exclusive cases

#[given("the suite's root is no longer trusted")]
async fn root_removed(world: &mut EcricWorld) -> StepResult {
    ready(world)?;
    world.trust_moved = true;
    change_trust(world, "REMOVE").await
}

async fn change_trust(world: &EcricWorld, mode: &str) -> StepResult {
    let case = world.case()?;
    let list = installed_list(&case.run.trust.pki, &case.run.trust.counterpart, mode);
    let answer = world.call(Call::new(Operation::TestTrustAnchors, None, Body::Json(list))).await?;
    world.set_up(&answer, Cause::SetUp)
}

/// Puts the suite's root back: called after a case that took it away.
pub(crate) async fn restore_trust(world: &EcricWorld) {
    let _ = change_trust(world, "ADD").await;
}

#[given(regex = r"^the (status|crl) source of the verifier is down$")]
async fn source_down(world: &mut EcricWorld, part: String) -> StepResult {
    ready(world)?;
    let body = json!({"target": part, "mode": "down", "ttlS": 30});
    let answer = world.call(Call::new(Operation::TestFaults, None, Body::Json(body))).await?;
    world.set_up(&answer, Cause::SetUp)?;
    world.fault = answer.json.as_ref().and_then(|json| json["faultId"].as_str()).map(str::to_owned);
    Ok(())
}

/// Ends a fault: called after the case that made it.
pub(crate) async fn end_fault(world: &EcricWorld, id: &str) {
    let mut call = Call::new(Operation::TestFaults, None, Body::None);
    call.options.method = Some("DELETE".to_owned());
    call.options.path = Some(format!("/v1/test/faults/{id}"));
    let _ = world.call(call).await;
}

/// A verification of bytes for other steps.
pub(crate) async fn verify_bytes(world: &mut EcricWorld, file: &[u8], status: &str) -> StepResult {
    verify(world, json!({"content": b64(file), "mime": "application/ofd", "policy": {"checkStatus": status}})).await
}

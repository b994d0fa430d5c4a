//! Licence files of an issuer and a sharing service: fetched, opened, verified, compared.

use cucumber::{given, then, when};
use ecric_checks::trust::Place;
use ecric_checks::{files, trust};
use ecric_gm::x509::crl::Crl;
use ecric_licence::file::{FileReport, Role, StepId, Trust};
use ecric_licence::status_list::Listed;
use ecric_model::Text;
use ecric_model::binding::Operation;
use ecric_model::sending::Credentials;
use ecric_model::verdict::Cause;
use ecric_target::{Body, Call};

use crate::issuing::licence_record;
use crate::requests;
use crate::sending::named;
use crate::world::{EcricWorld, StepResult, view};

/// Steps of a file's structure, of its signature, of its trust.
const STRUCTURE: &[StepId] = &[StepId::P1, StepId::P2];
const SIGNATURE: &[StepId] =
    &[StepId::P3, StepId::P4, StepId::P5, StepId::S1, StepId::S2, StepId::S4, StepId::S5, StepId::D1];
const SEAL: &[StepId] = &[StepId::E1, StepId::E2, StepId::E4, StepId::E5, StepId::E6];
const TRUST: &[StepId] = &[StepId::S3, StepId::E3];

async fn fetch(world: &mut EcricWorld, copy: bool, variation: Option<&str>, who: Credentials) -> StepResult {
    let id = world.licence()?.identifier.clone();
    let body = requests::file(copy);
    let mut call = world.build(Operation::File, Some(id), Some(body), variation)?;
    call.options.credentials = who;
    world.act(call).await?;
    let answer = world.last()?;
    if answer.is_success() && variation.is_none_or(|name| !name.contains("link")) {
        let text = answer.text();
        if let Ok(bytes) = files::inline_file(&view(answer, &text)) {
            world.files.push(bytes);
        }
    }
    Ok(())
}

#[when(regex = r#"^the caller fetches the original(?: with "([^"]+)")?$"#)]
async fn fetches_original(world: &mut EcricWorld, variation: String) -> StepResult {
    fetch(world, false, named(&variation), Credentials::Main).await
}

#[when("the second caller fetches the original")]
async fn second_caller_fetches(world: &mut EcricWorld) -> StepResult {
    fetch(world, false, None, Credentials::Other).await
}

#[when(regex = r#"^the caller fetches a copy(?: with "([^"]+)")?$"#)]
async fn fetches_copy(world: &mut EcricWorld, variation: String) -> StepResult {
    fetch(world, true, named(&variation), Credentials::Main).await
}

/// Fetches again as somebody, with the entity tag of the answer before; of the licence's status where it had none.
async fn fetch_with_tag(world: &mut EcricWorld, who: Credentials) -> StepResult {
    let of_file = world.last()?.header("etag").map(str::to_owned);
    let tag = match of_file {
        Some(tag) => tag,
        None => {
            let id = world.licence()?.identifier.clone();
            let answer = world.call(Call::new(Operation::Status, Some(&id), Body::None)).await?;
            answer.header("etag").unwrap_or("*").to_owned()
        }
    };
    let Some(mut call) = world.repeatable.clone() else {
        return Err(world.suite_error("there is no request to repeat"));
    };
    call.entity_tag = Some(tag);
    call.options.if_none_match = true;
    call.options.credentials = who;
    world.act(call).await.map(|_| ())
}

#[when("the caller fetches the original with its entity tag")]
async fn fetches_with_own_tag(world: &mut EcricWorld) -> StepResult {
    fetch_with_tag(world, Credentials::Main).await
}

#[when("the second caller fetches the original with the entity tag of the first")]
async fn second_fetches_with_tag(world: &mut EcricWorld) -> StepResult {
    fetch_with_tag(world, Credentials::Other).await
}

#[then("the file or the word that nothing changed comes back")]
fn file_or_unchanged(world: &mut EcricWorld) -> StepResult {
    let answer = world.last()?;
    let text = answer.text();
    let seen = view(answer, &text);
    if answer.status == 304 {
        return world.judge(ecric_checks::answers::check_delivered(&seen));
    }
    world.judge(ecric_checks::answers::check_accepted(&seen))?;
    world.found(files::inline_file(&seen)).map(|_| ())
}

#[given("the caller has fetched the original")]
async fn has_fetched(world: &mut EcricWorld) -> StepResult {
    fetch(world, false, None, Credentials::Main).await?;
    world.need_success()
}

fn file(world: &EcricWorld) -> StepResult<Vec<u8>> {
    let text = world.last()?.text();
    match world.files.last() {
        Some(bytes) => Ok(bytes.clone()),
        None => world.found(files::inline_file(&view(world.last()?, &text))),
    }
}

/// The issuer's anchors with its revocation lists, asked for once a case.
async fn anchors(world: &mut EcricWorld) -> StepResult<Trust> {
    if let Some(known) = &world.anchors {
        return Ok(known.clone());
    }
    let answer = world.call(Call::new(Operation::TrustAnchors, None, Body::None)).await?;
    world.set_up(&answer, Cause::SetUp)?;
    let text = answer.text();
    let read = trust::anchors(&view(&answer, &text));
    let mut found = match read {
        Ok(found) => found,
        Err(finding) => {
            world.judge_with(Err(finding), std::slice::from_ref(&answer.evidence))?;
            return Err(world.suite_error("a finding does not end the case"));
        }
    };
    let urls: Vec<String> = answer
        .json
        .as_ref()
        .and_then(|json| json["crl"].as_array())
        .map(|list| list.iter().filter_map(|url| url.as_str().map(str::to_owned)).collect())
        .unwrap_or_default();
    let case = world.case()?;
    for url in urls.iter().take(8) {
        let fetched = case.connection.fetch(Operation::TrustAnchors, url).await;
        let fetched = fetched.map_err(|error| world.inconclusive(Cause::SetUp, Text::same(error.to_string())))?;
        if let Ok(list) = Crl::read(&fetched.body) {
            found.evidence.lists.push(list);
        }
    }
    world.anchors = Some(found.clone());
    Ok(found)
}

async fn report(world: &mut EcricWorld) -> StepResult<FileReport> {
    let bytes = file(world)?;
    let trust = anchors(world).await?;
    Ok(files::verify(&bytes, &trust, world.now()?))
}

#[then("the file is as announced")]
fn as_announced(world: &mut EcricWorld) -> StepResult {
    let bytes = file(world)?;
    let text = world.last()?.text();
    world.judge(files::check_announced(&view(world.last()?, &text), &bytes))
}

#[then("the issue answer announces the file")]
async fn issue_announces(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let seen = view(world.last()?, &text);
    let listed = seen.json.and_then(|json| json["files"][0]["sm3"].as_str()).map(str::to_owned);
    fetch(world, false, None, Credentials::Main).await?;
    let bytes = file(world)?;
    let digest = ecric_gm::sm3::digest_hex(&bytes);
    world.judge(ecric_checks::equal("files[0].sm3", digest.as_str(), listed.as_deref().unwrap_or("-")))
}

#[then(regex = r"^the (structure|signature|seal|trust|coverage|metadata) of the file holds?$")]
async fn part_holds(world: &mut EcricWorld, part: String) -> StepResult {
    let report = report(world).await?;
    let steps: &[StepId] = match part.as_str() {
        "structure" => STRUCTURE,
        "signature" => SIGNATURE,
        "seal" => SEAL,
        "trust" => TRUST,
        "coverage" => &[StepId::P6],
        _ => &[StepId::M1],
    };
    world.judge(files::check_steps(&report, steps, &[]))
}

#[then(regex = r"^the file is free of ([A-Z_0-9 ]+)$")]
async fn free_of(world: &mut EcricWorld, codes: String) -> StepResult {
    let report = report(world).await?;
    // A file whose steps did not run is free of nothing.
    world.judge(files::check_steps(&report, &[StepId::P1], &[]))?;
    let codes: Vec<&str> = codes.split(' ').collect();
    world.judge(files::check_free_of(&report, &codes))
}

#[then("file, page and interface agree")]
async fn three_ways(world: &mut EcricWorld) -> StepResult {
    let report = report(world).await?;
    let id = world.licence()?.identifier.clone();
    let call = Call::new(Operation::Metadata, Some(&id), Body::Json(requests::metadata()));
    world.act(call).await?;
    let licence = licence_record(world)?;
    world.judge(files::check_three_ways(&report, &licence))
}

#[then(regex = r"^the copy is annotated( with an expiry)?$")]
async fn annotated(world: &mut EcricWorld, expiry: String) -> StepResult {
    let report = report(world).await?;
    world.judge(files::check_annotated(&report, requests::CAUSE, !expiry.is_empty()))
}

#[then("the copy shows its cause")]
async fn shows_cause(world: &mut EcricWorld) -> StepResult {
    let report = report(world).await?;
    world.judge(files::check_watermark(&report, requests::CAUSE))
}

#[then("both files are the same bytes")]
fn same_bytes(world: &mut EcricWorld) -> StepResult {
    let [.., first, second] = &world.files[..] else {
        return Err(world.end(crate::case::CaseEnd::Finding(ecric_checks::answers::nothing_to_judge())));
    };
    world.judge(files::check_same_bytes(first, second))
}

// ----- links

fn link(world: &EcricWorld) -> StepResult<String> {
    let url = world.last()?.json.as_ref().and_then(|json| json["content"].as_str()).map(str::to_owned);
    url.ok_or_else(|| world.end(crate::case::CaseEnd::Finding(ecric_checks::answers::nothing_to_judge())))
}

#[when("the link is opened")]
async fn link_is_opened(world: &mut EcricWorld) -> StepResult {
    if world.link.is_none() {
        world.link = Some(link(world)?);
    }
    open(world, None).await
}

async fn open(world: &mut EcricWorld, changed: Option<String>) -> StepResult {
    let url = changed.or_else(|| world.link.clone()).unwrap_or_default();
    let case = world.case()?;
    let answer = case.connection.fetch(Operation::File, &url).await;
    let answer = answer.map_err(|error| world.inconclusive(Cause::SetUp, Text::same(error.to_string())))?;
    if answer.is_success() {
        world.files.push(answer.body.to_vec());
    }
    world.answers.push(answer);
    Ok(())
}

#[when("a link with another id is opened")]
async fn other_link(world: &mut EcricWorld) -> StepResult {
    let url = link(world)?;
    let (folder, id) = url.rsplit_once('/').unwrap_or(("", &url));
    open(world, Some(format!("{folder}/{}", "0".repeat(id.len())))).await
}

#[then(regex = r"^the ids of two links( of copies)? have nothing in common$")]
async fn links_differ(world: &mut EcricWorld, kind: String) -> StepResult {
    let first = link(world)?;
    fetch(world, !kind.is_empty(), Some("file.link"), Credentials::Main).await?;
    let second = link(world)?;
    let tail = |url: &str| url.rsplit('/').next().unwrap_or_default().to_owned();
    world.judge(files::check_unguessable(&tail(&first), &tail(&second)))
}

// ----- trust anchors, status, status list

#[when("the caller reads the trust anchors")]
async fn reads_anchors(world: &mut EcricWorld) -> StepResult {
    world.act(Call::new(Operation::TrustAnchors, None, Body::None)).await.map(|_| ())
}

#[then("the trust anchors are signed")]
fn anchors_signed(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(trust::check_anchors_signed(&view(world.last()?, &text)))
}

#[then("the trust anchors are current")]
fn anchors_current(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    world.judge(trust::check_anchors_current(&view(world.last()?, &text), world.now()?))
}

#[then(regex = r"^the signer of the (original|copy) is listed$")]
fn signer_listed(world: &mut EcricWorld, kind: String) -> StepResult {
    let Some(bytes) = world.files.last() else { return Err(world.suite_error("no file was fetched")) };
    let report = files::verify(bytes, &Trust::default(), world.now()?);
    let Some(signer) = report.signer else {
        return world.judge(files::check_steps(&report, &[StepId::S2], &[]));
    };
    let role = if kind == "copy" { Role::Copy } else { Role::Issuer };
    let text = world.last()?.text();
    world.judge(trust::check_signer_listed(&view(world.last()?, &text), &signer, role))
}

#[then("the status is signed by a status signer")]
async fn status_signed(world: &mut EcricWorld) -> StepResult {
    let answer = world.last()?.clone();
    let trust = anchors(world).await?;
    let text = answer.text();
    world.judge(ecric_checks::trust::check_status_signed(&view(&answer, &text), &trust))
}

#[then(regex = r"^the status list says ([a-z ]+)$")]
async fn status_list_says(world: &mut EcricWorld, word: String) -> StepResult {
    let wanted = match word.as_str() {
        "good" => Listed::Good,
        "ended" => Listed::Ended,
        "suspended" => Listed::Suspended,
        _ => Listed::NotActive,
    };
    let id = world.licence()?.identifier.clone();
    let call = Call::new(Operation::Metadata, Some(&id), Body::Json(requests::metadata()));
    world.act(call).await?;
    let text = world.last()?.text();
    let seen = view(world.last()?, &text);
    world.found(ecric_checks::answers::check_accepted(&seen))?;
    let place = seen.json.and_then(|json| {
        let reference = &json["licence"]["statusRef"];
        Some((reference["listId"].as_str()?.to_owned(), usize::try_from(reference["index"].as_u64()?).ok()?))
    });
    let place_text = place.as_ref().map(|(list, _)| list.as_str());
    let list = world.found(ecric_checks::present("licence.statusRef", place_text))?.to_owned();
    let index = place.map_or(0, |(_, index)| index);
    let trust = anchors(world).await?;
    let population = world.case()?.run.limits.status_list_min_population.unwrap_or(1000);
    world.act(Call::new(Operation::StatusList, Some(&list), Body::None)).await?;
    let place = Place { list: &list, index, population, now: world.now()? };
    let text = world.last()?.text();
    world.judge(ecric_checks::trust::check_listed(&view(world.last()?, &text), &trust, &place, wanted))
}

// ----- own files at the own verifier

#[when(regex = r"^the verifier checks the (original|copy) of the licence$")]
async fn verifier_checks_own(world: &mut EcricWorld, kind: String) -> StepResult {
    fetch(world, kind == "copy", None, Credentials::Main).await?;
    let bytes = file(world)?;
    crate::file_verification::verify_bytes(world, &bytes, "REQUIRED").await
}

//! Operation 12: is a licence file what it claims to be? Staged verification, then the live status.

use ecric_gm::encoding::from_b64;
use ecric_gm::x509::Certificate;
use ecric_licence::file::{FileReport, Outcome, Policy, Reading, Role, Trust, Verdict, verify_file};
use ecric_licence::identifier::parse_identifier;
use ecric_licence::instant::{parse_instant, write_instant};
use ecric_licence::layout::MIME;
use ecric_licence::metadata::ISSUING_AUTHORITY_CODE;
use ecric_licence::ofd::zip::read_naive;
use ecric_licence::signed_json;
use ecric_model::binding::{CHECK_KEYS, ErrorCode, LicenceStatus};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::refusals::refused;
use super::test_faults::Part;
use super::trust::{Sources, TrustStore};
use crate::behaviour::Behaviour;
use crate::clock::from_unix;
use crate::errors::ApiError;
use crate::life::current_for_verifier;
use crate::naming::{Located, locate_for_verifier};
use crate::operation::{Reply, Work};
use crate::reader::{Faults, Reader};
use crate::stated_use::read_use;

/// Largest licence file, bytes.
const FILE_MAX: usize = ecric_licence::ofd::zip::PACKAGE_MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StatusPolicy {
    Required,
    BestEffort,
    None,
}

struct Request {
    bytes: Vec<u8>,
    at: Option<OffsetDateTime>,
    status: StatusPolicy,
    stamp_required: bool,
    identifier: Option<String>,
    attributes: Map<String, Value>,
    cause: Option<String>,
}

fn read(work: &mut Work<'_>, body: &Map<String, Value>) -> Result<Request, ApiError> {
    let faults = Faults::default();
    let reader = Reader::root(body, &faults);
    let bytes = reader.text("content").and_then(|text| {
        let bytes = from_b64(text).ok();
        if bytes.as_ref().is_none_or(|bytes| bytes.len() > FILE_MAX) {
            reader.fault("content", "not base64, or too large");
        }
        bytes
    });
    let unnamed = work.behaviour().mime_optional() && reader.value("mime").is_none();
    if !unnamed && reader.text("mime").is_some_and(|mime| mime != MIME) {
        reader.fault("mime", "not application/ofd");
    }
    let at = reader.instant_opt("asOf");
    let mut status = StatusPolicy::Required;
    let mut stamp_required = false;
    if let Some(policy) = reader.object_opt("policy") {
        match policy.text_opt("checkStatus") {
            None | Some("REQUIRED") => {}
            Some("BEST_EFFORT") => status = StatusPolicy::BestEffort,
            Some("NONE") => status = StatusPolicy::None,
            Some(_) => policy.fault("checkStatus", "not one of REQUIRED, BEST_EFFORT, NONE"),
        }
        stamp_required = policy.bool_opt("requireTimestamp").unwrap_or(false);
    }
    let mut identifier = None;
    let mut attributes = Map::new();
    if let Some(expect) = reader.object_opt("expect") {
        identifier = expect.text_opt("certificateIdentifier").map(str::to_owned);
        if let Some(found) = expect.object_opt("attributes") {
            for name in found.members().keys().filter(|name| !["name", "idNumber"].contains(&name.as_str())) {
                found.fault(name, "is not compared with a file here");
            }
            attributes = found.members().clone();
        }
    }
    let stated = if reader.value("use").is_some() { read_use(&reader, work.behaviour()) } else { None };
    let cause = reader.object_opt("use").and_then(|stated| stated.text_opt("certificateCopyCause").map(str::to_owned));
    faults.finish()?;
    work.audit.stated_use = stated;
    let bytes = bytes.unwrap_or_default();
    Ok(Request { bytes, at, status, stamp_required, identifier, attributes, cause })
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let body = std::mem::take(&mut work.body);
    verify(work, &body).await.map(Reply::ok)
}

/// A verdict that grows from the file to the status.
struct Judged {
    invalid: bool,
    unknown: bool,
    reasons: Vec<String>,
    warnings: Vec<String>,
    checks: Vec<(&'static str, Outcome)>,
}

impl Judged {
    fn of(report: &FileReport) -> Self {
        let mut reasons: Vec<String> = Vec::new();
        for (_, reason) in report.reasons() {
            let text = reason.text();
            if !reasons.contains(&text) {
                reasons.push(text);
            }
        }
        let mut warnings: Vec<String> = report.warnings().map(|reason| reason.text()).collect();
        warnings.dedup();
        Self {
            invalid: report.verdict == Verdict::Invalid,
            unknown: report.verdict == Verdict::Indeterminate,
            reasons,
            warnings,
            checks: report.checks(),
        }
    }

    fn set(&mut self, key: &str, outcome: Outcome) {
        match self.checks.iter_mut().find(|(found, _)| *found == key) {
            Some((_, current)) => *current = outcome,
            None => {
                if let Some(key) = CHECK_KEYS.iter().find(|found| **found == key) {
                    self.checks.push((key, outcome));
                }
            }
        }
    }

    fn fail(&mut self, key: &str, reason: &str) {
        self.invalid = true;
        self.set(key, Outcome::Fail);
        self.reasons.push(reason.to_owned());
    }

    /// What a status that cannot be had, or is out of date, does to the verdict.
    fn no_status(&mut self, request: &Request, reason: &str, behaviour: &Behaviour) {
        self.set("licenceStatus", Outcome::Unknown);
        match request.status {
            StatusPolicy::Required if !behaviour.missing_status_is_valid() => {
                self.unknown = true;
                self.reasons.push(reason.to_owned());
            }
            _ if behaviour.best_effort_hides_it() => self.set("licenceStatus", Outcome::Pass),
            _ => self.warnings.push(reason.to_owned()),
        }
    }

    fn word(&self) -> &'static str {
        match (self.invalid, self.unknown) {
            (true, _) => "INVALID",
            (false, true) => "INDETERMINATE",
            (false, false) => "VALID",
        }
    }
}

/// True if a faulty verifier takes a file in spite of what was found.
fn lets_pass(report: &FileReport, judged: &Judged, trust: &TrustStore, behaviour: &Behaviour) -> bool {
    let all = |codes: &[&str]| judged.invalid && judged.reasons.iter().all(|text| codes.contains(&text.as_str()));
    let is_empty = report.fields.as_ref().is_none_or(|fields| fields.item("证照标识").is_none());
    let is_by_a_known_authority = || report.signer.as_ref().is_some_and(|signer| trust.made(signer));
    let malformed = judged.reasons.iter().any(|text| text.starts_with("XML_MALFORMED"));
    (judged.invalid && is_empty && behaviour.unreadable_files_pass())
        || (all(&["CERT_CHAIN@ca", "CERT_USAGE@ca"]) && behaviour.paths_not_judged())
        || (all(&["CERT_CHAIN@signer"]) && is_by_a_known_authority() && behaviour.key_identifiers_ignored())
        || (malformed && behaviour.malformed_xml_accepted())
}

/// Verifies one request body: alone or as an item of a batch.
pub(crate) async fn verify(work: &mut Work<'_>, body: &Map<String, Value>) -> Result<Value, ApiError> {
    let request = read(work, body)?;
    let behaviour = work.shared.behaviour.clone();
    if behaviour.manners.other_choices && !request.bytes.windows(4).any(|four| four == b"PK\x03\x04") {
        return Err(ApiError::invalid("content", "no licence file"));
    }
    let at = request.at.unwrap_or(work.now);
    let report = judge_file(work, &request, &behaviour, at).await?;
    let malformed = |text: &str| {
        ["CERT_MALFORMED", "SEAL_MALFORMED", "SES_MALFORMED", "XML_MALFORMED"].iter().any(|code| text.starts_with(code))
    };
    if report.reasons().any(|(_, reason)| malformed(&reason.text())) && behaviour.malformed_parts_fail() {
        return Err(ApiError::new(ErrorCode::Internal, "internal error"));
    }
    let mut judged = Judged::of(&report);
    if lets_pass(&report, &judged, &work.shared.trust, &behaviour) {
        judged = Judged { invalid: false, unknown: false, reasons: Vec::new(), ..judged };
    }
    if let Some((check, reason)) = refused(&request.bytes, &report, &work.shared.trust, &behaviour) {
        judged.fail(check, reason);
    }
    if behaviour.fetches_what_the_file_names() {
        fetch_named(work, &request.bytes).await?;
    }
    let identifier = report.fields.as_ref().and_then(|fields| fields.item("证照标识")).map(str::to_owned);
    work.audit.identifier.clone_from(&identifier);
    judge_expectations(&mut judged, &report, &request, identifier.as_deref(), &behaviour);
    let status = judge_status(work, &mut judged, &request, identifier.as_deref(), &behaviour).await?;
    let checks: Map<String, Value> = CHECK_KEYS
        .iter()
        .map(|key| {
            let found = judged.checks.iter().find(|(name, _)| name == key);
            let outcome = found.map_or(Outcome::Skipped, |(_, outcome)| *outcome);
            ((*key).to_owned(), json!(outcome.word()))
        })
        .collect();
    let mut answer = json!({
        "result": judged.word(),
        "reasons": judged.reasons,
        "warnings": judged.warnings,
        "checks": checks,
        "statusSource": status.source,
        "evaluatedAt": write_instant(at),
        "evidenceId": work.evidence_id("file"),
    });
    if let Some(artefact) = report.artefact {
        answer["artefact"] = json!(artefact.word());
    }
    if let Some(identifier) = identifier.filter(|text| parse_identifier(text).is_ok()) {
        answer["certificateIdentifier"] = json!(identifier);
    }
    if let Some((word, time)) = status.known {
        answer["certificateStatus"] = json!(word);
        answer["statusTime"] = json!(time);
    }
    if behaviour.file_verdict_without_checks() {
        answer["checks"] = json!({});
    }
    if behaviour.file_echoed() {
        answer["content"] = body.get("content").cloned().unwrap_or_default();
    }
    Ok(answer)
}

/// The staged verification, with revocation data fetched where they are missing.
async fn judge_file(
    work: &mut Work<'_>,
    request: &Request,
    behaviour: &Behaviour,
    at: OffsetDateTime,
) -> Result<FileReport, ApiError> {
    let (mut trust, sources) = work.shared.trust.get();
    let mut policy = Policy { timestamp_required: request.stamp_required, ..Policy::default() };
    policy.ignore.extend(behaviour.ignored_reasons().iter().copied());
    let down = work.shared.faults.is_down(Part::Revocation);
    if down {
        trust.evidence = ecric_gm::x509::revocation::Evidence::default();
    }
    if behaviour.any_root_trusted() {
        trust_everybody(&mut trust, &request.bytes);
    }
    let report = noted(verify_file(&request.bytes, &trust, &policy, Reading::Strict, at));
    let open = report.reasons().any(|(_, reason)| reason.code == "CERT_STATUS_UNKNOWN");
    if !open || down || (sources.crl.is_empty() && sources.ocsp.is_empty()) {
        return Ok(report);
    }
    fetch_evidence(work, &sources, &report, &mut trust).await?;
    Ok(noted(verify_file(&request.bytes, &trust, &policy, Reading::Strict, at)))
}

/// Says which reasons were met.
fn noted(report: FileReport) -> FileReport {
    report.reasons().for_each(|(_, reason)| Behaviour::met(reason.code));
    report
}

/// Fetches while others may use the database.
async fn fetch_evidence(
    work: &mut Work<'_>,
    sources: &Sources,
    report: &FileReport,
    trust: &mut Trust,
) -> Result<(), ApiError> {
    let nonce = work.shared.seal(&format!("ocsp {}", work.audit.request_id));
    let fetcher = work.shared.fetcher.clone();
    let issuer = report.signer.as_ref().and_then(|signer| {
        trust.intermediates.iter().chain(&trust.roots).find(|ca| ca.subject.der() == signer.issuer.der()).cloned()
    });
    let work_outside = async {
        fetcher.lists(&sources.crl, trust).await;
        if let (Some(signer), Some(issuer)) = (&report.signer, &issuer) {
            fetcher.ocsp(&sources.ocsp, signer, issuer, &nonce, trust).await;
        }
    };
    work.tx.outside(work_outside).await?;
    Ok(())
}

/// What a verifier does that follows the addresses in a file.
async fn fetch_named(work: &mut Work<'_>, bytes: &[u8]) -> Result<(), ApiError> {
    let Some(package) = read_naive(bytes) else { return Ok(()) };
    let mut urls = Vec::new();
    for (_, content) in package.entries() {
        let text = String::from_utf8_lossy(content);
        for (at, _) in text.match_indices("http://127.") {
            urls.extend(text[at..].split(['"', '\'', '<', ' ']).next().map(str::to_owned));
        }
    }
    let fetcher = work.shared.fetcher.clone();
    work.tx.outside(async { fetcher.lists(&urls, &mut Trust::default()).await }).await?;
    Ok(())
}

/// What a verifier does that trusts whatever stands in the file.
fn trust_everybody(trust: &mut Trust, bytes: &[u8]) {
    let report = verify_file(bytes, trust, &Policy::default(), Reading::Lenient, OffsetDateTime::UNIX_EPOCH);
    if let Some(signer) = report.signer {
        trust.roots.push(signer);
    }
}

fn judge_expectations(
    judged: &mut Judged,
    report: &FileReport,
    request: &Request,
    identifier: Option<&str>,
    behaviour: &Behaviour,
) {
    let Some(fields) = &report.fields else { return };
    if request.identifier.as_deref().is_some_and(|wanted| Some(wanted) != identifier)
        && !behaviour.expectation_ignored()
    {
        judged.fail("consistency", "EXPECT_MISMATCH");
    }
    for (name, wanted) in &request.attributes {
        let item = match name.as_str() {
            "name" => fields.item("持证主体"),
            _ => fields.item("证照编号"),
        };
        if item != wanted.as_str() && !behaviour.expectation_ignored() {
            judged.fail("consistency", "EXPECT_MISMATCH");
        }
    }
    let cause = fields.item("加注件制作事由");
    if let (Some(stated), Some(cause)) = (&request.cause, cause)
        && stated != cause
        && !behaviour.cause_not_compared()
    {
        judged.fail("consistency", "COPY_CAUSE_MISMATCH");
    }
}

struct Status {
    source: &'static str,
    known: Option<(String, String)>,
}

async fn judge_status(
    work: &mut Work<'_>,
    judged: &mut Judged,
    request: &Request,
    identifier: Option<&str>,
    behaviour: &Behaviour,
) -> Result<Status, ApiError> {
    let nothing = Status { source: "NONE", known: None };
    if request.status == StatusPolicy::None {
        judged.set("licenceStatus", Outcome::Skipped);
        if let (true, Some(identifier)) = (behaviour.status_asked_unasked(), identifier) {
            find_status(work, identifier, behaviour).await?;
        }
        return Ok(if behaviour.unasked_status_is_live() { Status { source: "LIVE", known: None } } else { nothing });
    }
    // A file that cannot be read says nothing about whose status to ask for.
    let Some(identifier) = identifier.filter(|text| parse_identifier(text).is_ok()) else { return Ok(nothing) };
    let found = find_status(work, identifier, behaviour).await?;
    let Some(found) = found else {
        judged.no_status(request, "LICENCE_STATUS_UNKNOWN", behaviour);
        return Ok(nothing);
    };
    if found.stale && !behaviour.stale_status_is_live() {
        judged.no_status(request, "LICENCE_STATUS_STALE", behaviour);
        return Ok(nothing);
    }
    let (status, time) = (found.word, found.time);
    let reason = match status.as_deref() {
        None => Some("LICENCE_UNKNOWN"),
        Some("VALID") => None,
        Some("NOT_ACTIVE") => Some("LICENCE_NOT_ACTIVE"),
        Some("SUSPENDED") => Some("LICENCE_SUSPENDED"),
        Some("EXPIRED") => Some("LICENCE_EXPIRED"),
        Some("SUPERSEDED") => Some("LICENCE_SUPERSEDED"),
        Some("REVOKED") => Some("LICENCE_REVOKED"),
        Some(_) => Some("LICENCE_DESTROYED"),
    };
    match reason.filter(|_| !behaviour.file_status_ignored()) {
        Some(reason) => judged.fail("licenceStatus", reason),
        None => judged.set("licenceStatus", Outcome::Pass),
    }
    let source = if behaviour.live_status_called_cache() { "CACHE" } else { "LIVE" };
    Ok(Status { source, known: status.zip(Some(time)) })
}

/// What the issuer says of a licence.
struct Found {
    /// `None` for a licence that its issuer does not know.
    word: Option<String>,
    time: String,
    /// Past its next update.
    stale: bool,
}

impl Found {
    const fn live(word: Option<String>, time: String) -> Self {
        Self { word, time, stale: false }
    }
}

async fn find_status(work: &mut Work<'_>, identifier: &str, behaviour: &Behaviour) -> Result<Option<Found>, ApiError> {
    if work.shared.faults.is_down(Part::Status) {
        return Ok(None);
    }
    let authority = parse_identifier(identifier).map(|id| id.authority().to_owned()).unwrap_or_default();
    if authority == ISSUING_AUTHORITY_CODE {
        if behaviour.own_status_ignored() {
            return Ok(Some(Found::live(Some("VALID".to_owned()), write_instant(work.now))));
        }
        return Ok(Some(match locate_for_verifier(&mut work.tx, identifier, behaviour).await? {
            Located::Found(row) => {
                let state = current_for_verifier(&row, work.now, behaviour);
                let word = if state.status == LicenceStatus::Valid { "VALID" } else { state.status.code() };
                Found::live(Some(word.to_owned()), write_instant(from_unix(state.time)))
            }
            _ => Found::live(None, String::new()),
        }));
    }
    let (trust, sources) = work.shared.trust.get();
    let Some((_, base)) = sources.issuers.iter().find(|(code, _)| *code == authority) else { return Ok(None) };
    let fetcher = work.shared.fetcher.clone();
    let (base, identifier) = (base.clone(), identifier.to_owned());
    let answer = work.tx.outside(async { fetcher.status(&base, &identifier).await }).await?;
    let answer = answer.as_ref().and_then(Value::as_object);
    Ok(answer.and_then(|answer| read_status(answer, &trust, &identifier, work.now)))
}

/// A status counts only if it is about this licence and, where it is signed, the signature holds.
fn read_status(answer: &Map<String, Value>, trust: &Trust, identifier: &str, now: OffsetDateTime) -> Option<Found> {
    let text = |name: &str| answer.get(name).and_then(Value::as_str).map(str::to_owned);
    if text("certificateIdentifier")? != identifier {
        return None;
    }
    if answer.contains_key("sig") {
        // Signed by somebody who may not sign a status is as good as no answer.
        let kid = signed_json::kid_of(answer)?;
        let may_sign = |signer: &&Certificate| signer.kid() == kid && trust.role_of(signer) == Some(Role::Status);
        let key = trust.listed.iter().find(may_sign)?.key.sm2()?;
        signed_json::verify(signed_json::STATUS, answer, kid, key).ok()?;
    }
    let stale = match text("nextUpdate") {
        Some(next) => parse_instant(&next).ok()? < now,
        None => false,
    };
    Some(Found { word: Some(text("certificateStatus")?), time: text("statusTime").unwrap_or_default(), stale })
}

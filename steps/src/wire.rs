//! Bytes that no HTTP client sends: probes of the framing, of headers, slow and broken requests.

use std::time::Duration;

use cucumber::{then, when};
use ecric_checks::wire::{self, WireSeen};
use ecric_checks::{Judgement, answers, hostile};
use ecric_gm::encoding::from_hex;
use ecric_model::binding::Operation;
use ecric_target::{Answer, Body, Call, RawAnswer, RawLimits, RawPiece, RawRequest, TargetError};
use ecric_vectors::tls::find_offer;
use ecric_vectors::wire::{Parts, find_probe, slow_starts};
use futures::future::Either;

use crate::requests;
use crate::world::{EcricWorld, StepResult, view};

/// Silence behind an answer after which no second one is expected.
const QUIET: Duration = Duration::from_millis(300);
/// Most time for one probe.
const WHOLE: Duration = Duration::from_secs(10);
/// Most time for a slow request at depth long.
const SLOW: Duration = Duration::from_secs(60);
/// Values of a property from which on a run has time for slow requests to their end.
const LONG_VALUES: u32 = 1_000;
/// Calls beside the slow requests.
const CONTROLS: u32 = 8;

fn seen(answer: &RawAnswer) -> WireSeen {
    WireSeen {
        statuses: answer.statuses.clone(),
        closed: answer.closed,
        garbage: answer.garbage,
        unreachable: answer.unreachable.clone(),
        elapsed_ms: answer.elapsed_ms,
    }
}

fn parts(request: &RawRequest) -> Parts<'_> {
    Parts { line: &request.line, headers: &request.headers, body: &request.body }
}

impl EcricWorld {
    fn fault_of_ours(&self, error: &TargetError) -> crate::world::StepEnd {
        self.suite_error(error.to_string())
    }

    /// A right request for the metadata of the current licence, in parts.
    fn raw_metadata(&self, body: Option<Vec<u8>>) -> StepResult<RawRequest> {
        let id = self.licence()?.identifier.clone();
        let body = body.map_or_else(|| Body::Json(requests::metadata()), Body::Raw);
        let call = Call::new(Operation::Metadata, Some(&id), body);
        self.case()?.connection.raw_request(&call).map_err(|error| self.fault_of_ours(&error))
    }

    async fn send_probe(
        &mut self,
        operation: Operation,
        request: RawRequest,
        bytes: Vec<u8>,
        finish: bool,
    ) -> StepResult {
        let pieces = vec![RawPiece { pause: Duration::ZERO, bytes }];
        let limits = RawLimits { quiet: QUIET, whole: WHOLE, finish, bare: false };
        let sent = self.case()?.connection.send_raw(operation, request, pieces, limits).await;
        self.raw = Some(sent.map_err(|error| self.fault_of_ours(&error))?);
        Ok(())
    }

    fn judge_raw(&self, check: fn(&WireSeen) -> Judgement) -> StepResult {
        let Some(answer) = &self.raw else { return Err(self.suite_error("no probe was sent")) };
        self.judge_with(check(&seen(answer)), std::slice::from_ref(&answer.evidence))
    }
}

#[when(regex = r#"^the caller reads the metadata by the probe "([^"]+)"$"#)]
async fn reads_by_probe(world: &mut EcricWorld, name: String) -> StepResult {
    let Some(probe) = find_probe(&name) else { return Err(world.suite_error(format!("no probe {name:?}"))) };
    let request = world.raw_metadata(probe.body.map(|make| make()))?;
    let bytes = probe.write(&parts(&request));
    world.send_probe(Operation::Metadata, request, bytes, probe.finish).await
}

#[when(regex = r#"^the issuer issues the licence by the probe "([^"]+)"$"#)]
async fn issues_by_probe(world: &mut EcricWorld, name: String) -> StepResult {
    let Some(probe) = find_probe(&name) else { return Err(world.suite_error(format!("no probe {name:?}"))) };
    let call = Call::new(Operation::Issue, None, Body::Json(requests::issue(world.person()?)));
    let request = world.case()?.connection.raw_request(&call).map_err(|error| world.fault_of_ours(&error))?;
    let bytes = probe.write(&parts(&request));
    world.send_probe(Operation::Issue, request, bytes, probe.finish).await
}

#[when(regex = r#"^a client offers (TLS 1\.0|TLS 1\.1|RC4|3DES|NULL)$"#)]
async fn client_offers(world: &mut EcricWorld, name: String) -> StepResult {
    let Some(offer) = find_offer(&name) else { return Err(world.suite_error(format!("no offer {name:?}"))) };
    let case = world.case()?;
    let call = Call::new(Operation::Capabilities, None, Body::None);
    let request = case.connection.raw_request(&call).map_err(|error| world.fault_of_ours(&error))?;
    let bytes = offer.client_hello(&case.connection.bytes("client random"), &request.host());
    let pieces = vec![RawPiece { pause: Duration::ZERO, bytes }];
    let limits = RawLimits { quiet: QUIET, whole: WHOLE, finish: false, bare: true };
    let sent = case.connection.send_raw(Operation::Capabilities, request, pieces, limits).await;
    world.raw = Some(sent.map_err(|error| world.fault_of_ours(&error))?);
    Ok(())
}

#[then("the offer is refused")]
fn offer_is_refused(world: &mut EcricWorld) -> StepResult {
    let Some(answer) = &world.raw else { return Err(world.suite_error("no offer was made")) };
    if let Some(reason) = &answer.unreachable {
        let text = ecric_model::Text::same(reason.clone());
        return Err(world.inconclusive(ecric_model::verdict::Cause::SetUp, text));
    }
    let first = from_hex(&answer.first).unwrap_or_default();
    let hello = ecric_checks::tls::read_hello(&first, answer.closed);
    world.judge_with(ecric_checks::tls::check_offer_refused(&hello), std::slice::from_ref(&answer.evidence))
}

#[then("there is one answer, a success")]
fn one_success(world: &mut EcricWorld) -> StepResult {
    world.judge_raw(wire::check_one_success)
}

#[then("the probe is refused or cut off")]
fn refused_or_cut_off(world: &mut EcricWorld) -> StepResult {
    world.judge_raw(wire::check_refused_or_closed)
}

#[then("nothing behind the request is taken for another one")]
fn not_split(world: &mut EcricWorld) -> StepResult {
    world.judge_raw(wire::check_not_split)
}

/// Opens slow requests, asks for the capabilities meanwhile, and only then lets the slow ones end: no time
/// is measured that a busy machine could stretch. At depth long they go on until they are cut off.
#[when("slow requests are open while another caller asks for the capabilities")]
async fn slow_requests(world: &mut EcricWorld) -> StepResult {
    let case = world.case()?;
    let long = case.run.property_values >= LONG_VALUES;
    let mut slow = Vec::new();
    for round in 0..4 {
        let request = world.raw_metadata(None)?;
        let start = slow_starts(&parts(&request))[round % 2].clone();
        let mut pieces = vec![RawPiece { pause: Duration::ZERO, bytes: start }];
        let second = RawPiece { pause: Duration::from_secs(1), bytes: b"a".to_vec() };
        pieces.extend(std::iter::repeat_n(second, 120));
        let limits = RawLimits { quiet: QUIET, whole: SLOW, finish: false, bare: false };
        slow.push(Box::pin(case.connection.send_raw(Operation::Metadata, request, pieces, limits)));
    }
    let all = futures::future::join_all(slow);
    let control = Box::pin(controls(world));
    let (control, ended) = if long {
        futures::future::join(control, all).await
    } else {
        match futures::future::select(control, all).await {
            Either::Left((control, slow)) => {
                drop(slow);
                (control, Vec::new())
            }
            // A target may cut slow requests off early; what counts is when the other caller was answered.
            Either::Right((ended, control)) => (control.await, ended),
        }
    };
    world.answers.push(control?);
    for answer in ended {
        let answer = answer.map_err(|error| world.fault_of_ours(&error))?;
        world.cut_off.push(answer);
    }
    Ok(())
}

/// Several calls, so that the slow requests have surely arrived before the last one; the first that fails or is late
/// ends them.
async fn controls(world: &EcricWorld) -> StepResult<Answer> {
    let mut round = 1;
    loop {
        let answer = world.call(Call::new(Operation::Capabilities, None, Body::None)).await?;
        let late = answer.span_ms.1.saturating_sub(answer.span_ms.0) > hostile::TIME_MAX_MS;
        if round == CONTROLS || late || !answer.is_success() {
            return Ok(answer);
        }
        round += 1;
    }
}

#[then("the other caller is answered and slow requests are cut off")]
fn slow_requests_judged(world: &mut EcricWorld) -> StepResult {
    let text = world.last()?.text();
    let span = world.last()?.span_ms;
    let seen_last = view(world.last()?, &text);
    world.judge(hostile::check_survived(&seen_last, span.1.saturating_sub(span.0)))?;
    world.judge(answers::check_accepted(&seen_last))?;
    let limit = u64::try_from(SLOW.as_millis()).unwrap_or(u64::MAX);
    for answer in &world.cut_off {
        let judgement = wire::check_cut_off(&seen(answer), limit);
        world.judge_with(judgement, std::slice::from_ref(&answer.evidence))?;
    }
    Ok(())
}

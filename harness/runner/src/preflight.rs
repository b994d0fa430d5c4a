//! Stage 1: is the base reached, what does it declare, are our credentials taken.

use std::sync::Arc;
use std::time::Duration;

use ecric_model::Text;
use ecric_model::binding::{CapabilitiesAnswer, Limits, Operation};
use ecric_model::evidence::Recorded;
use ecric_model::ics::Ics;
use ecric_model::requirement::Role;
use ecric_model::verdict::Cause;
use ecric_target::{Answer, Body, Call, CaseConnection, ClockSettings, ClockSource, Target, TargetError};
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

/// What the preflight learned.
pub(crate) struct Preflight {
    pub(crate) limits: Limits,
    pub(crate) exchanges: Vec<Recorded>,
    /// Why nothing can be judged, if so.
    pub(crate) stop: Option<(Cause, Text)>,
}

/// An identifier that no register holds: the right form, a serial of zeros.
const NOBODY: &str = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.000000000000000001.001.I";

/// Asks operation 1 and makes one signed call. Anything that answers, however badly, is left to the plan.
pub(crate) async fn preflight(
    target: &Arc<Target>,
    ics: &Ics,
    clock: &ClockSettings,
    pinned: Option<&str>,
) -> Preflight {
    let connection = CaseConnection::open(Arc::clone(target), "", Duration::from_secs(60));
    let mut out = Preflight { limits: Limits::default(), exchanges: Vec::new(), stop: None };
    match connection.call(Call::new(Operation::Capabilities, None, Body::None)).await {
        Ok(answer) if answer.unreachable => out.stop = Some((Cause::Unreachable, unreachable(target, &answer))),
        Ok(answer) => {
            align_clock(target, &answer, clock);
            if let Ok(capabilities) = answer.message::<CapabilitiesAnswer>() {
                out.limits = capabilities.limits;
            }
            match connection.call(signed_call(ics)).await {
                Ok(answer) if answer.unreachable => out.stop = Some((Cause::Unreachable, unreachable(target, &answer))),
                Ok(answer) => out.stop = refused(&answer).map(|text| (Cause::Credentials, text)),
                // A gap of the mapping is told by the cases that meet it.
                Err(TargetError::Mapping(_)) => {}
                Err(TargetError::Hook(text) | TargetError::Limit(text)) => out.stop = Some((Cause::SetUp, text)),
                Err(error) => out.stop = Some((Cause::Unreachable, Text::same(error.to_string()))),
            }
        }
        Err(TargetError::Mapping(gap)) => out.stop = Some((Cause::Mapping, gap.text())),
        Err(error) => out.stop = Some((Cause::Unreachable, Text::same(error.to_string()))),
    }
    if let (None, Some(pinned)) = (&out.stop, pinned) {
        out.stop = other_root(&connection, pinned).await.map(|text| (Cause::Credentials, text));
    }
    out.exchanges = connection.take_recorded();
    out
}

/// Why the issuer is not the one that the target file means: its trust list lacks the pinned root.
async fn other_root(connection: &CaseConnection, pinned: &str) -> Option<Text> {
    let answer = connection.call(Call::new(Operation::TrustAnchors, None, Body::None)).await.ok();
    let roots = answer.as_ref().and_then(|answer| answer.json.as_ref()?.get("roots")?.as_array().cloned());
    let listed = roots.into_iter().flatten().any(|root| {
        let der = root.get("der").and_then(|der| der.as_str()).and_then(|der| ecric_gm::encoding::from_b64(der).ok());
        der.is_some_and(|der| ecric_gm::sm3::digest_hex(&der) == pinned)
    });
    (!listed).then(|| {
        Text::new(
            format!(
                "no root of the issuer's trust list has the pinned SM3 {pinned}; check trust.issuer_anchors.pin_sm3"
            ),
            format!("签发方信任列表中没有 SM3 为 {pinned} 的根证书；请检查 trust.issuer_anchors.pin_sm3"),
        )
    })
}

fn unreachable(target: &Arc<Target>, answer: &Answer) -> Text {
    let bases = target.settings().bases().join(", ");
    let why = answer.transport_error.clone().unwrap_or_default();
    Text::new(
        format!("cannot connect to {bases}: {why}; is the service running, and is base in the target file right?"),
        format!("无法连接 {bases}：{why}；请检查服务是否已启动、目标文件中的 base 是否正确"),
    )
}

/// A call that changes nothing: the metadata or the verification of a licence that does not exist.
fn signed_call(ics: &Ics) -> Call {
    let stated = json!({"certificateCopyCause": "一致性测试", "certificateSystemName": "ecric"});
    if ics.plays(Role::Issuer) || ics.plays(Role::SharingService) {
        let body = json!({"attributes": [], "use": stated});
        Call::new(Operation::Metadata, Some(NOBODY), Body::Json(body))
    } else {
        let body = json!({"certificateIdentifier": NOBODY, "assert": {}, "use": stated});
        Call::new(Operation::VerifyAttributes, None, Body::Json(body))
    }
}

fn refused(answer: &Answer) -> Option<Text> {
    let code = answer.code().unwrap_or("401");
    let credentials = answer.status == 401 && !matches!(code, "CLOCK_SKEW" | "REPLAYED_REQUEST");
    credentials.then(|| {
        let message = answer.json.as_ref().and_then(|json| json.get("message")?.as_str()).unwrap_or_default();
        Text::new(
            format!(
                "our credentials were refused ({code} {message}); check auth.main and its secrets in the target file"
            ),
            format!("我方凭据被拒绝（{code} {message}）；请检查目标文件中的 auth.main 及其 secrets"),
        )
    })
}

/// Takes over the target's time where what it tells is further away than allowed.
fn align_clock(target: &Arc<Target>, answer: &Answer, clock: &ClockSettings) {
    let told = match clock.source {
        ClockSource::HeaderDate => answer
            .header("date")
            .map(|value| value.replace("GMT", "+0000"))
            .and_then(|value| OffsetDateTime::parse(&value, &Rfc2822).ok()),
        ClockSource::Capabilities => answer
            .json
            .as_ref()
            .and_then(|json| json.get("serverTime")?.as_str())
            .and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok()),
    };
    if let Some(date) = told {
        let off = (date - target.harness_now()).whole_seconds().abs();
        if off > i64::from(clock.max_skew_s) {
            target.set_target_now(date);
        }
    }
}

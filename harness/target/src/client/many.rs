//! Calls by the hundred, as a load makes them: evidence keeps a sample of them, and what was measured is noted as
//! one observation, so that a record judges it again without them.

use std::future::Future;

use ecric_model::exchange::TransportOutcome;
use serde_json::{Value, json};

use super::{Answer, Call, CaseConnection};
use crate::TargetError;
use crate::transport::Received;

/// Failed calls of one load that are kept beside those that are kept anyway.
const FAILURES_KEPT: u32 = 5;

/// Which calls of many are kept as evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    /// This one.
    Kept,
    /// Only if it fails: no success and no refusal with 429 or 503, and not more than a few of those.
    IfItFails,
}

tokio::task_local! {
    /// Set while calls are made whose single readings belong to one measurement.
    static MEASURING: ();
    /// Set for one call of many.
    static SAMPLE: Sample;
}

/// True while what is read and seen belongs to one measurement.
pub(super) fn is_measuring() -> bool {
    MEASURING.try_with(|()| ()).is_ok()
}

impl CaseConnection {
    /// Sends one call of many; evidence keeps it as `sample` says. A call that is not kept has no evidence id.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub async fn call_of_many(&self, call: Call, sample: Sample) -> Result<Answer, TargetError> {
        SAMPLE.scope(sample, self.call(call)).await
    }

    /// Measures something by many calls. What `look` returns is noted as one observation with the evidence ids of
    /// the exchanges kept meanwhile; what is read on the way is not noted. A record answers without any call.
    ///
    /// # Errors
    /// Those of `look`.
    pub async fn measured<E>(&self, of: &str, look: impl Future<Output = Result<Value, E>>) -> Result<Value, E> {
        if self.judges_again() {
            let seen = self.observe(of, || Value::Null);
            for evidence in seen["evidence"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                self.take_up(evidence);
            }
            return Ok(seen["measured"].clone());
        }
        let before = self.data().exchanges.len();
        let measured = MEASURING.scope((), look).await?;
        let data = self.data();
        let kept = data.exchanges.iter().skip(before).map(|recorded| recorded.exchange.id.clone());
        let evidence: Vec<String> = kept.collect();
        drop(data);
        let seen = json!({"measured": measured, "evidence": evidence});
        self.observe(of, || seen);
        Ok(measured)
    }

    /// Exchanges recorded so far in this case.
    #[must_use]
    pub fn exchanges_kept(&self) -> usize {
        self.data().exchanges.len()
    }

    /// True if the exchange of the call under way is evidence.
    pub(super) fn is_kept(&self, received: &Received) -> bool {
        match SAMPLE.try_with(|sample| *sample) {
            Err(_) | Ok(Sample::Kept) => true,
            Ok(Sample::IfItFails) => {
                let fine =
                    received.outcome == TransportOutcome::Answer && matches!(received.status, 200..300 | 429 | 503);
                let mut data = self.data();
                let room = data.failures_kept < FAILURES_KEPT;
                data.failures_kept += u32::from(!fine && room);
                !fine && room
            }
        }
    }
}

//! What is kept of an exchange, and answers from a record.

use std::sync::atomic::Ordering;

use ecric_model::binding::Operation;
use ecric_model::evidence::Trace;

use super::{Answer, CaseConnection, CaseData, Kept, Moment, Prepared, milliseconds};
use crate::recorder::{Observation, record};
use crate::watch::Look;
use crate::{TargetError, transport};

impl CaseConnection {
    /// Notes when an exchange begins.
    pub(crate) fn begin(&self) -> Moment {
        Moment { elapsed_ms: self.target.elapsed_ms(), time: self.target.harness_now() }
    }

    /// Records an exchange and lets the watch look at it.
    #[allow(clippy::too_many_arguments, reason = "everything that happened in one exchange")]
    pub(super) fn keep(
        &self,
        operation: Operation,
        base: &str,
        prepared: &Prepared,
        received: &transport::Received,
        began: &Moment,
        ordinal: u64,
        plain_signature: bool,
    ) -> Kept {
        let span_ms = (began.elapsed_ms, self.target.elapsed_ms());
        let received_ms = milliseconds(self.target.harness_now());
        if !self.is_kept(received) {
            return Kept { evidence: String::new(), span_ms, received_ms };
        }
        let number = self.target.evidence.fetch_add(1, Ordering::Relaxed) + 1;
        let evidence = format!("E-{number:06}");
        if prepared.sent.query.contains(&prepared.sent.signature) {
            self.target.masker().add_secret(&prepared.sent.signature);
        }
        let recorded = record(&Observation {
            id: evidence.clone(),
            case: &self.case,
            operation: operation.name(),
            started: began.time.format(&time::format_description::well_known::Rfc3339).unwrap_or_default(),
            duration_ms: span_ms.1.saturating_sub(span_ms.0),
            base,
            sent: &prepared.sent,
            headers: &prepared.headers,
            body: &prepared.wire_body,
            received,
            key_hint: prepared.key_hint.as_deref(),
            masker: &self.target.masker(),
            plain_signature,
            raw: self.target.keep_raw,
            salt_key: &self.target.salt_key,
            trace: Trace {
                part: self.target.part,
                ordinal,
                span_ms,
                received_ms,
                unreachable: received.unreachable,
                ..Trace::default()
            },
            charset: self.target.settings.charset,
        });
        let url = format!("{base}{}?{}", prepared.sent.path, prepared.sent.query);
        let mut data = self.data();
        data.exchanges.push(recorded);
        let CaseData { personal, matcher, .. } = &mut *data;
        matcher.update(personal);
        let look = Look { operation, case: &self.case, evidence: &evidence, url: &url, received };
        self.target.watch.look(&look, matcher);
        drop(data);
        Kept { evidence, span_ms, received_ms }
    }

    /// Records a raw exchange: the body of its evidence is every byte sent, without the signature.
    pub(crate) fn keep_raw(
        &self,
        operation: Operation,
        base: &str,
        prepared: &Prepared,
        received: &transport::Received,
        began: &Moment,
    ) -> String {
        self.target.masker().add_secret(&prepared.sent.signature);
        let ordinal = self.next_call();
        let evidence = self.keep(operation, base, prepared, received, began, ordinal, true).evidence;
        if let Some(last) = self.data().exchanges.last_mut().filter(|last| last.exchange.id == evidence) {
            last.exchange.curl = format!("# raw bytes over TCP, as in request.body; ecric run --only {}", self.case);
        }
        evidence
    }

    pub(super) fn next_call(&self) -> u64 {
        let mut data = self.data();
        data.sent += 1;
        data.sent
    }

    /// Answers from the record.
    pub(super) fn answer_again(&self, operation: Operation, prepared: Prepared) -> Result<Answer, TargetError> {
        let digest = crate::recorder::request_digest(operation.name(), &prepared.sent, &prepared.wire_body);
        let found = self
            .target
            .tape
            .as_ref()
            .and_then(|tape| tape.answer(&self.case, operation.name(), &prepared.sent, &digest));
        let Some((recorded, headers, body)) = found else {
            return Err(self.missing(operation.name()));
        };
        let json = (!body.is_empty()).then(|| serde_json::from_slice(&body).ok()).flatten();
        let exchange = &recorded.exchange;
        let answer = Answer {
            operation,
            outcome: exchange.outcome,
            transport_error: exchange.transport_error.clone(),
            unreachable: recorded.trace.unreachable,
            status: exchange.response.as_ref().map_or(0, |response| response.status),
            headers,
            body: body.into(),
            json,
            evidence: exchange.id.clone(),
            sent: prepared.sent,
            span_ms: recorded.trace.span_ms,
            received_ms: recorded.trace.received_ms,
        };
        self.data().exchanges.push(recorded);
        Ok(answer)
    }
}

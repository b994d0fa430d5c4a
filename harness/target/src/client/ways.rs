//! Calls that no HTTP client of ours makes: hooks, driver programs, persons. What they say is recorded as an
//! exchange and judged again from the record like any other.

use std::sync::atomic::Ordering;

use ecric_model::binding::Operation;
use ecric_model::evidence::{Recorded, Trace};
use ecric_model::exchange::Exchange;
use serde_json::Value;

use super::{Answer, Body, Call, CaseConnection, Moment, Sent, milliseconds};
use crate::TargetError;
use crate::driver::{Driver, DriverAnswer, HumanQuestion, Running, meaning, question_for};

impl CaseConnection {
    /// Lets a hook answer a test control: its body on stdin, its answer on stdout.
    pub(super) async fn call_hook(&self, hook: &str, call: Call) -> Result<Answer, TargetError> {
        let input = match &call.body {
            Body::Json(value) => value.clone(),
            Body::Raw(bytes) => serde_json::from_slice(bytes).unwrap_or_default(),
            Body::None => Value::Null,
        };
        let began = self.target.elapsed_ms();
        let json = self.hook_answer(hook, &input).await?;
        let status = if matches!(call.operation, Operation::TestPersonas | Operation::TestFaults) { 201 } else { 200 };
        Ok(self.answer_of_ours(call.operation, status, json, began))
    }

    /// An answer that no exchange gave: from a hook or from a file.
    pub(super) fn answer_of_ours(&self, operation: Operation, status: u16, json: Value, began: u64) -> Answer {
        Answer {
            operation,
            outcome: ecric_model::exchange::TransportOutcome::Answer,
            transport_error: None,
            unreachable: false,
            status,
            headers: Vec::new(),
            body: json.to_string().into(),
            json: Some(json),
            evidence: String::new(),
            sent: Sent::default(),
            span_ms: (began, self.target.elapsed_ms()),
            received_ms: milliseconds(self.target.harness_now()),
        }
    }

    /// Lets the driver do what a holder does.
    pub(super) async fn call_driver(&self, call: Call) -> Result<Answer, TargetError> {
        let input = match &call.body {
            Body::Json(value) => value.clone(),
            Body::Raw(bytes) => serde_json::from_slice(bytes).unwrap_or_default(),
            Body::None => Value::Null,
        };
        let began = self.begin();
        let of = format!("driver {}", call.operation.name());
        let done = if self.judges_again() {
            let seen = self.observe(&of, || Value::Null);
            let status = seen["status"].as_u64().and_then(|status| u16::try_from(status).ok());
            let status = status.ok_or_else(|| self.missing(&of))?;
            DriverAnswer { status, body: seen["body"].clone() }
        } else {
            let done = match self.target.settings.driver() {
                Driver::Human => self.by_hand(call.operation, &input).await,
                _ => self.by_program(&call, &input).await,
            };
            let done = done.map_err(TargetError::Driver)?;
            let told = serde_json::json!({"status": done.status, "body": done.body});
            let text = told.to_string();
            let plain = self.redacted(&text) == text;
            self.observe(&of, || if plain { told } else { serde_json::json!({}) });
            done
        };
        let ended = self.target.elapsed_ms();
        let driver = self.target.settings.driver().name();
        let evidence = self.note(driver, call.operation.name(), &began, &input, &done);
        let body = if done.body.is_null() { String::new() } else { done.body.to_string() };
        Ok(Answer {
            operation: call.operation,
            outcome: ecric_model::exchange::TransportOutcome::Answer,
            transport_error: None,
            unreachable: false,
            status: done.status,
            headers: Vec::new(),
            body: body.into(),
            json: (!done.body.is_null()).then_some(done.body),
            evidence,
            sent: Sent::default(),
            span_ms: (began.elapsed_ms, ended),
            received_ms: milliseconds(self.target.harness_now()),
        })
    }

    pub(super) async fn by_program(&self, call: &Call, input: &Value) -> Result<DriverAnswer, String> {
        let settings = &self.target.settings;
        let process = settings.loader.process.clone().unwrap_or_default();
        let mut running = self.target.running.lock().await;
        if running.is_none() {
            *running = Some(Running::start(&process, &settings.folder)?);
        }
        let Some(program) = running.as_mut() else { return Err("the driver is not running".to_owned()) };
        let done = program.perform(&process, call.operation, call.id.as_deref(), input).await;
        if done.is_err() {
            // What is out of step is started anew for the next operation.
            *running = None;
        }
        done
    }

    pub(super) async fn by_hand(&self, operation: Operation, input: &Value) -> Result<DriverAnswer, String> {
        let Some(question) = question_for(operation, input) else {
            return Err(format!("{} cannot be done by hand", operation.name()));
        };
        let said = self.ask_human(question).await.ok_or_else(|| "nobody is at the terminal".to_owned())?;
        meaning(operation, &said, &self.uuid("by hand"))
    }

    /// Puts a question to the person at the terminal; question and answer are evidence. `None` without one.
    pub async fn ask_human(&self, mut question: HumanQuestion) -> Option<String> {
        question.case.clone_from(&self.case);
        let began = self.begin();
        let input = serde_json::json!({"asked": question.text.en, "asked_zh": question.text.zh});
        let said = if self.judges_again() {
            self.observe("human", || Value::Null)["said"].as_str()?.to_owned()
        } else {
            let said = self.target.settings.human.clone()?.ask(question).await?;
            self.observe("human", || serde_json::json!({"said": said}));
            said
        };
        self.note_person();
        let done = DriverAnswer { status: 0, body: serde_json::json!({"said": said}) };
        self.note(Driver::Human.name(), "human", &began, &input, &done);
        Some(said)
    }

    /// Records what a driver did, as an exchange without a wire; its evidence id.
    pub(super) fn note(
        &self,
        driver: &str,
        operation: &str,
        began: &Moment,
        input: &Value,
        done: &DriverAnswer,
    ) -> String {
        let span_ms = (began.elapsed_ms, self.target.elapsed_ms());
        let number = self.target.evidence.fetch_add(1, Ordering::Relaxed) + 1;
        let evidence = format!("E-{number:06}");
        let shown = |value: &Value| if value.is_null() { String::new() } else { self.redacted(&value.to_string()) };
        let (request, response) = (shown(input), shown(&done.body));
        let exchange = Exchange {
            id: evidence.clone(),
            case: self.case.clone(),
            operation: operation.to_owned(),
            started: began.time.format(&time::format_description::well_known::Rfc3339).unwrap_or_default(),
            duration_ms: span_ms.1.saturating_sub(span_ms.0),
            request: ecric_model::exchange::RecordedRequest {
                method: driver.to_uppercase(),
                url: format!("driver:{driver}/{operation}"),
                headers: Vec::new(),
                body_bytes: request.len() as u64,
                body: request,
            },
            response: Some(ecric_model::exchange::RecordedResponse {
                status: done.status,
                headers: Vec::new(),
                body_bytes: response.len() as u64,
                body: response,
            }),
            outcome: ecric_model::exchange::TransportOutcome::Answer,
            transport_error: None,
            redactions: 0,
            curl: String::new(),
        };
        let mut data = self.data();
        data.sent += 1;
        let trace = Trace {
            part: self.target.part,
            ordinal: data.sent,
            span_ms,
            received_ms: milliseconds(self.target.harness_now()),
            ..Trace::default()
        };
        data.exchanges.push(Recorded { exchange, trace, raw: None });
        drop(data);
        evidence
    }

    /// Runs a hook and notes what it answered; its answer stays out of the evidence where it holds personal values.
    pub(crate) async fn hook_answer(&self, hook: &str, input: &Value) -> Result<Value, TargetError> {
        let of = format!("hook {hook}");
        if self.target.tape.is_some() {
            let seen = self.observe(&of, || Value::Null);
            return match seen.get("answer") {
                Some(answer) => Ok(answer.clone()),
                None => Err(self.missing(&of)),
            };
        }
        let json = self.target.run_hook(hook, input).await.map_err(TargetError::Hook)?;
        let text = json.to_string();
        let plain = self.target.clean(&text, &self.case) == text;
        self.observe(&of, || if plain { serde_json::json!({"answer": json}) } else { serde_json::json!({}) });
        Ok(json)
    }
}

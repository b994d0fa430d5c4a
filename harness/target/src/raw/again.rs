//! What came back over a raw connection, written down for judging again and read from a record.

use ecric_gm::encoding::{b64, from_b64};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{RawAnswer, RawResponse};

#[derive(Serialize, Deserialize)]
struct Written {
    answers: Vec<WrittenAnswer>,
    closed: bool,
    garbage: bool,
    unreachable: Option<String>,
    elapsed_ms: u64,
    evidence: String,
}

#[derive(Serialize, Deserialize)]
struct WrittenAnswer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// Writes an answer; one that holds something that `clean` would mask is left out.
pub(super) fn write(answer: &RawAnswer, clean: impl Fn(&str) -> String) -> Value {
    let answers = answer.answers.iter().map(|one| WrittenAnswer {
        status: one.status,
        headers: one.headers.clone(),
        body: b64(&one.body),
    });
    let written = Written {
        answers: answers.collect(),
        closed: answer.closed,
        garbage: answer.garbage,
        unreachable: answer.unreachable.clone(),
        elapsed_ms: answer.elapsed_ms,
        evidence: answer.evidence.clone(),
    };
    let same = |text: &str| clean(text) == text;
    let shown = answer
        .answers
        .iter()
        .all(|one| same(&String::from_utf8_lossy(&one.body)) && one.headers.iter().all(|(_, value)| same(value)));
    if shown { serde_json::to_value(written).unwrap_or_default() } else { Value::Null }
}

/// Reads an answer of a record.
pub(super) fn read(value: &Value) -> Option<RawAnswer> {
    let written: Written = serde_json::from_value(value.clone()).ok()?;
    let answers = written.answers.into_iter().map(|one| {
        Some(RawResponse { status: one.status, headers: one.headers, body: from_b64(&one.body).ok()?.into() })
    });
    Some(RawAnswer {
        answers: answers.collect::<Option<_>>()?,
        closed: written.closed,
        garbage: written.garbage,
        unreachable: written.unreachable,
        elapsed_ms: written.elapsed_ms,
        evidence: written.evidence,
    })
}

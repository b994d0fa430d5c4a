//! An answer as a check sees it: data, no connection.

use ecric_model::exchange::TransportOutcome;
use serde_json::Value;

/// How finely a refusal or a result is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grain {
    /// Level core: the outcome alone.
    Outcome,
    /// Level full: the reason too.
    #[default]
    Reason,
}

/// An answer as a check sees it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// How the transport ended.
    pub outcome: TransportOutcome,
    /// What the transport said when it did not end with an answer.
    pub transport_error: Option<&'a str>,
    /// HTTP status; 0 without an answer.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: &'a [(String, String)],
    /// Body as JSON, if it is.
    pub json: Option<&'a Value>,
    /// Body as text.
    pub text: &'a str,
}

impl Seen<'_> {
    /// First header of a name given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// True for a complete 2xx answer.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.outcome == TransportOutcome::Answer && (200..300).contains(&self.status)
    }

    /// The error code, if the body has one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.json?.get("code")?.as_str()
    }

    /// Status, code and message in one line, for findings.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut out = self.status.to_string();
        if let Some(code) = self.code() {
            out.push(' ');
            out.push_str(code);
        }
        if let Some(message) = self.json.and_then(|json| json.get("message")).and_then(Value::as_str) {
            out.push_str(": ");
            out.extend(message.chars().take(200));
        } else if self.code().is_none() && !self.is_success() {
            out.push_str(": ");
            out.extend(self.text.chars().take(120));
        }
        out
    }
}

#[cfg(test)]
pub(crate) struct TestSeen {
    pub(crate) outcome: TransportOutcome,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) json: Value,
    pub(crate) text: String,
}

#[cfg(test)]
impl TestSeen {
    pub(crate) fn view(&self) -> Seen<'_> {
        Seen {
            outcome: self.outcome,
            transport_error: None,
            status: self.status,
            headers: &self.headers,
            json: Some(&self.json),
            text: &self.text,
        }
    }
}

/// An answer for tables of tests.
#[cfg(test)]
pub(crate) fn test_seen(status: u16, json: Value) -> TestSeen {
    let text = json.to_string();
    TestSeen { outcome: TransportOutcome::Answer, status, headers: Vec::new(), json, text }
}

//! HAR 1.2: the recorded exchanges of the cases that did not pass, for browsers and proxies. Redacted as
//! the record is; the exchanges of passing cases lie in `evidence/` only.

use ecric_model::Lang;
use ecric_model::exchange::{Exchange, TransportOutcome};
use ecric_model::run_record::RunRecord;
use serde_json::{Value, json};

use crate::bounded::bounded;
use crate::told::{block, line, message, uri_part, waiver_lines};
use crate::words;

/// Longest body, bytes.
const BODY_LIMIT: usize = 64 * 1024;
/// Most headers of one message.
const HEADERS: usize = 200;
/// Longest URL, bytes.
const URL_LIMIT: usize = 4 * 1024;

/// Renders HAR: one page per case with exchanges.
#[must_use]
pub fn render_har(record: &RunRecord, lang: Lang) -> String {
    let record = &*bounded(record);
    let mut pages = Vec::new();
    let mut entries = Vec::new();
    for case in record.cases.iter().filter(|case| !case.exchanges.is_empty()) {
        let started = case.exchanges.first().map_or(record.started.as_str(), |exchange| exchange.started.as_str());
        pages.push(json!({
            "startedDateTime": instant(started, record),
            "id": case.id.as_str(),
            "title": format!("{} {} {}", case.id, case.verdict.name(), line(&case.title)),
            "pageTimings": {"onContentLoad": -1, "onLoad": -1},
            "comment": message(case, lang),
        }));
        entries.extend(case.exchanges.iter().map(|exchange| entry(record, case.id.as_str(), exchange)));
    }
    let what = match lang {
        Lang::En => "exchanges of the cases that did not pass, redacted; those of passing cases are in evidence/",
        Lang::ZhCn => "未通过用例的往来报文（已脱敏）；通过用例的报文见 evidence/",
    };
    let mut comment = vec![what.to_owned()];
    comment.extend(waiver_lines(record, lang));
    let har = json!({"log": {
        "version": "1.2",
        "creator": {"name": "ecric", "version": line(&record.suite.version)},
        "pages": pages,
        "entries": entries,
        "comment": comment.join("\n"),
    }});
    format!("{har:#}\n")
}

fn entry(record: &RunRecord, page: &str, exchange: &Exchange) -> Value {
    let request = &exchange.request;
    let milliseconds = exchange.duration_ms;
    let mut comment = format!("{} {}", line(&exchange.id), line(&exchange.operation));
    if exchange.redactions > 0 {
        comment.push_str(&format!(", {} redactions", exchange.redactions));
    }
    let mut sent = json!({
        "method": line(&request.method),
        "url": url(&request.url),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&request.headers),
        "queryString": query(&request.url),
        "headersSize": -1,
        "bodySize": request.body_bytes,
    });
    if !request.body.is_empty() {
        let kind = content_type(&request.headers);
        sent["postData"] = json!({"mimeType": kind, "text": block(&request.body, BODY_LIMIT)});
    }
    json!({
        "pageref": page,
        "startedDateTime": instant(&exchange.started, record),
        "time": milliseconds,
        "request": sent,
        "response": answer(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": comment,
    })
}

/// Status 0 is how HAR says that no answer came.
fn answer(exchange: &Exchange) -> Value {
    let (status, headers_of, body, bytes) = match &exchange.response {
        Some(response) => (response.status, response.headers.as_slice(), response.body.as_str(), response.body_bytes),
        None => (0, [].as_slice(), "", 0),
    };
    let phrase = match (&exchange.transport_error, exchange.outcome) {
        (_, TransportOutcome::Answer) => words::status_phrase(status).to_owned(),
        (Some(error), _) => line(error),
        (None, outcome) => words::transport(outcome).en,
    };
    json!({
        "status": status,
        "statusText": phrase,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(headers_of),
        "content": {
            "size": bytes,
            "mimeType": content_type(headers_of),
            "text": block(body, BODY_LIMIT),
        },
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": bytes,
    })
}

fn headers(headers: &[(String, String)]) -> Vec<Value> {
    headers.iter().take(HEADERS).map(|(name, value)| json!({"name": line(name), "value": line(value)})).collect()
}

fn content_type(headers: &[(String, String)]) -> String {
    let found = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    found.map_or_else(|| "application/octet-stream".to_owned(), |(_, value)| line(value))
}

/// A URL that a reader can take: what is none becomes the fragment of `about:invalid`.
fn url(text: &str) -> String {
    let (text, _) = crate::clean::cut(text, URL_LIMIT);
    if text.starts_with("http://") || text.starts_with("https://") {
        uri_part(text)
    } else {
        format!("about:invalid#{}", uri_part(text))
    }
}

fn query(text: &str) -> Vec<Value> {
    let (text, _) = crate::clean::cut(text, URL_LIMIT);
    let Some((_, query)) = text.split_once('?') else { return Vec::new() };
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).take(HEADERS);
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            json!({"name": line(name), "value": line(value)})
        })
        .collect()
}

/// An instant of the record, or the start of the run where it is none.
fn instant(text: &str, record: &RunRecord) -> String {
    for candidate in [text, &record.started] {
        if crate::told::epoch_ms(candidate) > 0 {
            return candidate.to_owned();
        }
    }
    "1970-01-01T00:00:00Z".to_owned()
}

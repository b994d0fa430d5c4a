//! Exchanges for the page, within a budget of bytes: the ones that show a fault come first.

use std::collections::HashSet;

use ecric_model::Text;
use ecric_model::exchange::{Exchange, TransportOutcome};
use ecric_model::run_record::CaseRecord;
use serde::Serialize;

use super::escape::anchor;
use super::fold;
use crate::clean::cut;
use crate::words;

/// Most bytes of one body that are shown: 16 KiB.
pub const BODY_LIMIT_BYTES: usize = 16 * 1024;
/// Most exchanges of one case that are shown.
const EXCHANGES_SHOWN: usize = 8;
/// Most bytes of all header lines of one message.
const HEADERS_LIMIT_BYTES: usize = 4 * 1024;
/// Most bytes of a URL or of a transport message.
const LINE_LIMIT_BYTES: usize = 2 * 1024;

/// Markup that the exchanges of a page may still take, bytes.
pub struct Budget {
    /// For exchanges that a finding cites, or the last one of a case without findings.
    cited: usize,
    /// For all others.
    other: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { cited: 1_000_000, other: 350_000 }
    }
}

impl Budget {
    fn pot(&mut self, cited: bool) -> &mut usize {
        if cited { &mut self.cited } else { &mut self.other }
    }
}

/// The exchanges of a case.
#[derive(Serialize)]
pub struct Exchanges {
    pub shown: Vec<ExchangeView>,
    /// Exchanges of the case that are not here.
    pub left_out: usize,
}

#[derive(Serialize)]
pub struct ExchangeView {
    id: String,
    anchor: String,
    operation: String,
    method: String,
    path: String,
    status: String,
    status_class: &'static str,
    duration: String,
    /// A finding cites it.
    cited: bool,
    open: bool,
    outcome: Text,
    answered: bool,
    transport_error: Option<String>,
    started: String,
    redactions: u32,
    /// None if the page's budget is used up.
    detail: Option<Detail>,
}

#[derive(Serialize)]
struct Detail {
    request_line: String,
    request_headers: String,
    request_body: BodyView,
    response_line: Option<String>,
    response_headers: String,
    response_body: BodyView,
    curl: String,
}

#[derive(Serialize)]
struct BodyView {
    markup: String,
    json: bool,
    cut: bool,
    size: String,
}

/// Chooses and renders the exchanges of a case.
pub fn exchanges(case: &CaseRecord, budget: &mut Budget) -> Exchanges {
    let cited: HashSet<&str> = case.findings.iter().flat_map(|finding| &finding.evidence).map(String::as_str).collect();
    let is_cited = |exchange: &Exchange| cited.contains(exchange.id.as_str());
    let mut order: Vec<usize> = (0..case.exchanges.len()).collect();
    order.sort_by_key(|index| {
        let cited = case.exchanges.get(*index).is_some_and(is_cited);
        (!cited, std::cmp::Reverse(*index))
    });
    order.truncate(EXCHANGES_SHOWN);
    let first = order.iter().min_by_key(|index| {
        let cited = case.exchanges.get(**index).is_some_and(is_cited);
        (!cited, **index)
    });
    let opened = if cited.is_empty() { order.first().copied() } else { first.copied() };
    order.sort_unstable();
    let shown: Vec<_> = order
        .iter()
        .filter_map(|index| {
            let exchange = case.exchanges.get(*index)?;
            Some(exchange_view(exchange, is_cited(exchange), Some(*index) == opened, budget))
        })
        .collect();
    Exchanges { left_out: case.evidence.len().max(case.exchanges.len()) - shown.len(), shown }
}

fn exchange_view(exchange: &Exchange, cited: bool, opened: bool, budget: &mut Budget) -> ExchangeView {
    let (status, status_class) = match (&exchange.response, exchange.outcome) {
        (Some(response), TransportOutcome::Answer) => (status_line(response.status), status_class(response.status)),
        _ => (String::new(), "none"),
    };
    let pot = budget.pot(cited || opened);
    let detail = (*pot > 0).then(|| detail(exchange, BODY_LIMIT_BYTES.min(*pot)));
    *pot = pot.saturating_sub(detail.as_ref().map_or(0, Detail::bytes));
    ExchangeView {
        id: exchange.id.clone(),
        anchor: anchor("e", &exchange.id),
        operation: exchange.operation.clone(),
        method: exchange.request.method.clone(),
        path: cut(path(&exchange.request.url), 200).0.to_owned(),
        status,
        status_class,
        duration: words::duration(exchange.duration_ms),
        cited,
        open: opened && detail.is_some(),
        outcome: words::transport(exchange.outcome),
        answered: exchange.outcome == TransportOutcome::Answer,
        transport_error: exchange.transport_error.as_deref().map(|text| cut(text, LINE_LIMIT_BYTES).0.to_owned()),
        started: exchange.started.clone(),
        redactions: exchange.redactions,
        detail,
    }
}

fn detail(exchange: &Exchange, limit: usize) -> Detail {
    let request = &exchange.request;
    let response = exchange.response.as_ref();
    let no_headers = Vec::new();
    Detail {
        request_line: format!("{} {}", request.method, cut(&request.url, LINE_LIMIT_BYTES).0),
        request_headers: headers(&request.headers),
        request_body: body_view(&request.body, request.body_bytes, limit),
        response_line: response.map(|response| status_line(response.status)),
        response_headers: headers(response.map_or(&no_headers, |response| &response.headers)),
        response_body: response
            .map_or_else(|| body_view("", 0, limit), |response| body_view(&response.body, response.body_bytes, limit)),
        curl: exchange.curl.clone(),
    }
}

impl ExchangeView {
    /// Its anchor on the page.
    pub fn anchor(&self) -> &str {
        &self.anchor
    }
}

impl Detail {
    fn bytes(&self) -> usize {
        let bodies = self.request_body.markup.len() + self.response_body.markup.len();
        bodies + self.request_headers.len() + self.response_headers.len() + self.request_line.len() + self.curl.len()
    }
}

fn body_view(text: &str, bytes: u64, limit: usize) -> BodyView {
    let body = fold::body(text, limit);
    BodyView { markup: body.markup, json: body.json, cut: body.cut, size: words::size(bytes) }
}

fn headers(headers: &[(String, String)]) -> String {
    let lines: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let text = lines.join("\n");
    match cut(&text, HEADERS_LIMIT_BYTES) {
        (text, false) => text.to_owned(),
        (text, true) => format!("{text}\n…"),
    }
}

fn status_line(status: u16) -> String {
    format!("{status} {}", words::status_phrase(status)).trim_end().to_owned()
}

const fn status_class(status: u16) -> &'static str {
    match status {
        200..300 => "good",
        500.. => "bad",
        _ => "other",
    }
}

/// The part of a URL behind the host.
fn path(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"))
}

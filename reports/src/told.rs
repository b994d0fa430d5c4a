//! What a case has to say, in one language, safe for every format: hidden characters visible, nothing
//! longer than its limit. The machine formats share it.

use ecric_model::run_record::{CaseRecord, RunRecord};
use ecric_model::waiver::WaiverRecord;
use ecric_model::{Lang, Text};

use crate::clean::{cut, visible, visible_line};

/// Longest one-line message, bytes.
const MESSAGE_LIMIT: usize = 500;
/// Longest description of a case, bytes.
const DESCRIPTION_LIMIT: usize = 16 * 1024;
/// Longest title, name or label, bytes.
const LINE_LIMIT: usize = 1_000;
/// Findings told per case.
const FINDINGS_TOLD: usize = 20;

/// A text on one line, cut at 1,000 bytes, without hidden characters.
pub fn line(text: &str) -> String {
    limited(text, LINE_LIMIT, visible_line)
}

/// A text of several lines, cut at `limit` bytes, without hidden characters.
pub fn block(text: &str, limit: usize) -> String {
    limited(text, limit, |text| visible(text).into_owned())
}

fn limited(text: &str, limit: usize, shown: impl Fn(&str) -> String) -> String {
    match cut(text, limit) {
        (text, false) => shown(text),
        (text, true) => format!("{} …", shown(text)),
    }
}

/// Why a case did not pass, on one line.
pub fn message(case: &CaseRecord, lang: Lang) -> String {
    let detail = case.cause_detail.as_ref().map(|detail| detail.in_lang(lang));
    let cause = case.cause.map(|cause| cause.text());
    let text = match (case.findings.first(), &cause, detail) {
        (Some(finding), _, _) => {
            let (expected, actual) = (finding.expected.in_lang(lang), finding.actual.in_lang(lang));
            // The values of a product may be long: each is cut, so that both are seen.
            let (expected, actual) = (cut(expected, 200).0, cut(actual, 200).0);
            match lang {
                Lang::En => format!("{}: expected {expected}; found {actual}", finding.place),
                Lang::ZhCn => format!("{}：预期{expected}；实际{actual}", finding.place),
            }
        }
        (None, Some(cause), Some(detail)) => format!("{}{}{detail}", cause.in_lang(lang), colon(lang)),
        (None, Some(cause), None) => cause.in_lang(lang).to_owned(),
        (None, None, Some(detail)) => detail.to_owned(),
        (None, None, None) => case.verdict.text().in_lang(lang).to_owned(),
    };
    visible_line(cut(&text, MESSAGE_LIMIT).0)
}

const fn colon(lang: Lang) -> &'static str {
    match lang {
        Lang::En => ": ",
        Lang::ZhCn => "：",
    }
}

/// Everything about a case that did not pass, one fact per line.
pub fn description(record: &RunRecord, case: &CaseRecord, lang: Lang) -> String {
    let mut facts: Vec<(Text, String)> = Vec::new();
    let mut add = |en: &str, zh: &str, value: &str| facts.push((Text::new(en, zh), visible_line(value)));
    for finding in case.findings.iter().take(FINDINGS_TOLD) {
        add("finding", "发现", &word(&finding.class));
        add("expected", "预期", finding.expected.in_lang(lang));
        add("actual", "实际", finding.actual.in_lang(lang));
        add("where", "位置", &finding.place);
        if !finding.evidence.is_empty() {
            add("evidence", "证据", &finding.evidence.join(", "));
        }
    }
    if let Some(cause) = case.cause {
        add("cause", "原因", cause.text().in_lang(lang));
    }
    if let Some(detail) = &case.cause_detail {
        add("detail", "说明", detail.in_lang(lang));
    }
    if let Some(step) = &case.failed_step {
        add("step", "步骤", step);
    }
    if let Some(minimal) = case.property.as_ref().and_then(|property| property.minimal.as_ref()) {
        add("minimal", "最小值", minimal);
    }
    if let Some(waiver) = waiver_of(record, case) {
        add("waived", "豁免", &waiver_line(waiver, lang));
    }
    for review in review_lines(case, lang) {
        add("review", "评审", &review);
    }
    if let Some(sm3) = &case.failure_sm3 {
        add("failure", "失败指纹", sm3);
    }
    add("repeat", "重现", &case.repeat);
    let lines = facts.iter().map(|(name, value)| match lang {
        Lang::En => format!("{:<9} {value}", format!("{}:", name.en)),
        Lang::ZhCn => format!("{}：{value}", name.zh),
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    match cut(&text, DESCRIPTION_LIMIT) {
        (text, false) => text.to_owned(),
        (text, true) => format!(
            "{text}\n{}",
            match lang {
                Lang::En => "(cut; the whole is in run.json)",
                Lang::ZhCn => "（已截断，全文见run.json）",
            }
        ),
    }
}

/// The waiver that answers for a case.
pub fn waiver_of<'a>(record: &'a RunRecord, case: &CaseRecord) -> Option<&'a WaiverRecord> {
    let applied =
        |waiver: &&WaiverRecord| !waiver.state.fails_the_run() && waiver.waiver.case == case.id.as_str() && case.waived;
    record.waivers.iter().find(applied)
}

/// A waiver in a line: until when, who, why.
pub fn waiver_line(waiver: &WaiverRecord, lang: Lang) -> String {
    let entry = &waiver.waiver;
    let line = match lang {
        Lang::En => format!("until {}, {}: {}", entry.expires, entry.owner, entry.reason),
        Lang::ZhCn => format!("至{}，{}：{}", entry.expires, entry.owner, entry.reason),
    };
    visible_line(cut(&line, LINE_LIMIT).0)
}

/// Every waiver of a run with what became of it, one line each.
pub fn waiver_lines(record: &RunRecord, lang: Lang) -> Vec<String> {
    let one = |waiver: &WaiverRecord| {
        let state = waiver.state.text();
        let case = cut(&waiver.waiver.case, 40).0;
        let told = waiver_line(waiver, lang);
        line(&format!("{} {case} {told} ({})", state.in_lang(lang), waiver.detail.in_lang(lang)))
    };
    record.waivers.iter().map(one).collect()
}

/// Every decision of a person about a case, one line each.
pub fn review_lines(case: &CaseRecord, lang: Lang) -> Vec<String> {
    let one = |review: &ecric_model::review::ReviewRecord| {
        let (from, to) = (review.from.text(), review.to.text());
        let (from, to) = (from.in_lang(lang), to.in_lang(lang));
        line(&format!("{} {from} → {to}, {}, {}: {}", case.id, review.by, review.at, review.note))
    };
    case.reviews.iter().map(one).collect()
}

/// The word of an enum as it stands in the record.
pub fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Feature file and line of a case; the line is 1 where none can be read.
pub fn source(case: &CaseRecord) -> (String, u64) {
    let (path, number) = case.source.rsplit_once(':').unwrap_or((&case.source, ""));
    match number.parse() {
        Ok(number) if number > 0 => (line(path), number),
        _ => (line(&case.source), 1),
    }
}

/// A text as part of a URI: everything but letters, digits and the marks of a path is percent-encoded.
pub fn uri_part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:?&=+,;@!$'()*".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A stable identifier in the form of a UUID (version 8: made from our own data), from the run and a name.
pub fn uuid(record: &RunRecord, name: &str) -> String {
    let seed = format!("ecric.uuid\n{}\n{}\n{}\n{name}", record.plan.hash, record.seed, record.started);
    let hex: Vec<char> = ecric_gm::sm3::digest_hex(seed.as_bytes()).chars().collect();
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default().iter().collect::<String>();
    format!("{}-{}-8{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

/// Milliseconds since 1970 of an instant of the record; 0 where it cannot be read.
pub fn epoch_ms(instant: &str) -> u64 {
    let parsed = time::OffsetDateTime::parse(instant, &time::format_description::well_known::Rfc3339);
    parsed.map_or(0, |time| u64::try_from(time.unix_timestamp_nanos() / 1_000_000).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uri_parts_hold_nothing_that_could_end_them() {
        assert_eq!(uri_part("identifier/a b.feature"), "identifier/a%20b.feature");
        assert_eq!(uri_part("\"><\u{202e}"), "%22%3E%3C%E2%80%AE");
    }

    #[test]
    fn texts_are_cut_and_shown() {
        assert_eq!(line("a\nb\u{202e}"), "a\\nb[U+202E]");
        assert!(line(&"x".repeat(1_000_000)).len() < 1_100);
        assert_eq!(block("a\nb", 10), "a\nb");
        assert_eq!(epoch_ms("1970-01-01T00:00:01.5Z"), 1_500);
        assert_eq!(epoch_ms("yesterday"), 0);
    }
}

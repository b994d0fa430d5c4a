//! EARL 1.0 (W3C Evaluation and Report Language) as JSON-LD: one assertion per requirement, with the
//! context in the file, so that nothing has to be fetched. EARL has no roll-up of its own: an advisory
//! failure is `failed`, and the criterion says that it is advisory.

use ecric_model::run_record::{RequirementRecord, RunRecord};
use ecric_model::{Lang, Text};
use serde_json::{Value, json};

use crate::bounded::bounded;
use crate::shown::Shown;
use crate::told::{line, message, review_lines, uuid, waiver_line, waiver_lines};
use crate::view::{View, is_open_question};
use crate::words;

/// Renders EARL. Texts are in both languages, whatever `lang` is.
#[must_use]
pub fn render_earl(record: &RunRecord) -> String {
    let record = &*bounded(record);
    let view = View::new(record);
    let mut graph = vec![assertor(record), subject(record)];
    for requirement in &record.requirements {
        graph.push(criterion(requirement));
        graph.push(assertion(&view, requirement));
    }
    let report = json!({"@context": context(), "@graph": graph});
    format!("{report:#}\n")
}

fn context() -> Value {
    json!({
        "earl": "http://www.w3.org/ns/earl#",
        "dct": "http://purl.org/dc/terms/",
        "doap": "http://usefulinc.com/ns/doap#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "ecric": "urn:ecric:terms:",
        "title": {"@id": "dct:title"},
        "description": {"@id": "dct:description"},
        "date": {"@id": "dct:date", "@type": "xsd:dateTime"},
        "source": {"@id": "dct:source"},
        "hasPart": {"@id": "dct:hasPart", "@type": "@id"},
        "assertedBy": {"@id": "earl:assertedBy", "@type": "@id"},
        "subject": {"@id": "earl:subject", "@type": "@id"},
        "test": {"@id": "earl:test", "@type": "@id"},
        "mode": {"@id": "earl:mode", "@type": "@id"},
        "result": {"@id": "earl:result"},
        "outcome": {"@id": "earl:outcome", "@type": "@id"},
        "info": {"@id": "earl:info"},
    })
}

/// Both languages of a text.
fn both(text: &Text) -> Value {
    json!([
        {"@value": line(&text.en), "@language": "en"},
        {"@value": line(&text.zh), "@language": "zh-CN"},
    ])
}

fn assertor(record: &RunRecord) -> Value {
    json!({
        "@id": format!("urn:uuid:{}", uuid(record, "assertor")),
        "@type": ["earl:Assertor", "earl:Software"],
        "title": format!("ecric {}", line(&record.suite.version)),
        "description": both(&record.outcome_name),
        "ecric:commit": line(&record.suite.commit),
        "ecric:planHash": line(&record.plan.hash),
        "ecric:seed": line(&record.seed),
        "ecric:verdict": crate::told::word(&record.verdict),
        "ecric:partial": record.partial,
        "ecric:waivers": waiver_lines(record, Lang::En),
    })
}

fn subject(record: &RunRecord) -> Value {
    let target = &record.target;
    json!({
        "@id": format!("urn:uuid:{}", uuid(record, "subject")),
        "@type": ["earl:TestSubject", "doap:Project"],
        "title": line(&target.product),
        "doap:release": {"@type": "doap:Version", "doap:revision": line(&target.version)},
        "doap:vendor": line(&target.vendor),
    })
}

fn criterion(requirement: &RequirementRecord) -> Value {
    let level = words::level(requirement.level);
    let weight = if requirement.decides {
        Text::new("decides the result", "决定结论")
    } else {
        Text::new("advisory: never changes the result", "建议性，不影响结论")
    };
    let basis: Vec<String> =
        requirement.basis.iter().map(|basis| line(&format!("{}, {}", basis.doc, basis.clause))).collect();
    json!({
        "@id": format!("urn:ecric:requirement:{}", requirement.id),
        "@type": "earl:TestRequirement",
        "title": both(&requirement.title),
        "description": both(&Text::new(
            format!("{}; {}", level.en, weight.en),
            format!("{}；{}", level.zh, weight.zh),
        )),
        "source": basis,
        "ecric:profile": requirement.profile.name(),
        "ecric:confidence": crate::told::word(&requirement.confidence),
        "hasPart": requirement.cases.iter().map(|id| format!("urn:ecric:case:{id}")).collect::<Vec<_>>(),
    })
}

fn assertion(view: &View, requirement: &RequirementRecord) -> Value {
    let record = view.record;
    let outcome = outcome(view, requirement);
    let mode = if outcome.1 { "earl:semiAuto" } else { "earl:automatic" };
    json!({
        "@id": format!("urn:uuid:{}", uuid(record, requirement.id.as_str())),
        "@type": "earl:Assertion",
        "assertedBy": format!("urn:uuid:{}", uuid(record, "assertor")),
        "subject": format!("urn:uuid:{}", uuid(record, "subject")),
        "test": format!("urn:ecric:requirement:{}", requirement.id),
        "mode": mode,
        "result": {
            "@type": "earl:TestResult",
            "outcome": outcome.0,
            "date": line(&record.finished),
            "title": both(&requirement.verdict.text()),
            "info": both(&info(view, requirement)),
            "ecric:verdict": requirement.verdict.name(),
            "ecric:waived": requirement.waived,
        },
    })
}

/// The outcome, and whether a person took part in it.
fn outcome(view: &View, requirement: &RequirementRecord) -> (&'static str, bool) {
    let cases: Vec<_> = requirement.cases.iter().filter_map(|id| view.case(id)).collect();
    let by_hand = cases.iter().any(|case| !case.reviews.is_empty());
    let unclosed = requirement.cases.iter().any(|id| view.case(id).is_none() || view.is_open(id));
    let worst = requirement.verdict;
    let shown = cases.iter().find(|case| case.verdict == worst).map(|case| view.shown(Some(requirement), case));
    use ecric_model::verdict::Verdict as V;
    match worst {
        V::Fail | V::Hang | V::Unimplemented | V::Warn => ("earl:failed", by_hand),
        V::Review => ("earl:cantTell", true),
        _ if unclosed || shown == Some(Shown::NotRun) => ("earl:untested", by_hand),
        V::Inconclusive | V::SuiteError => ("earl:cantTell", by_hand),
        V::Pass => ("earl:passed", by_hand),
        V::NotApplicable => ("earl:inapplicable", by_hand),
    }
}

fn info(view: &View, requirement: &RequirementRecord) -> Text {
    let lines = |lang: Lang| {
        let mut out: Vec<String> = Vec::new();
        let cases = requirement.cases.iter().filter_map(|id| view.case(id));
        for case in cases.clone() {
            out.extend(review_lines(case, lang));
        }
        for case in cases.filter(|case| is_open_question(case.verdict)).take(5) {
            out.push(format!("{} {}: {}", case.id, case.verdict.text().in_lang(lang), message(case, lang)));
            if let Some(waiver) = crate::told::waiver_of(view.record, case) {
                let word = if lang == Lang::En { "waived" } else { "豁免" };
                out.push(format!("{word} {}", waiver_line(waiver, lang)));
            }
        }
        if let Some(note) = &requirement.note {
            out.push(note.in_lang(lang).to_owned());
        }
        out.join("; ")
    };
    Text::new(lines(Lang::En), lines(Lang::ZhCn))
}

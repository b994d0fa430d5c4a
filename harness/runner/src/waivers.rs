//! What a waiver does to a run: which known failures it answers for, and which entries fail the run
//! themselves. Pure. A waived failure keeps its verdict.

use std::collections::{BTreeMap, BTreeSet};

use ecric_model::Text;
use ecric_model::ids::CaseId;
use ecric_model::verdict::{Cause, Verdict};
use ecric_model::waiver::{WaiverRecord, WaiverState};
use time::{Date, Duration, OffsetDateTime, UtcOffset};

use crate::expected::PlacedWaiver;
use crate::verdict::CaseOutcome;

/// Longest life of a waiver, days from the day of the run.
const LONGEST_DAYS: i64 = 366;

/// The waivers of a run and what they are held against.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waivers {
    /// The entries.
    pub entries: Vec<PlacedWaiver>,
    /// Version of the product under test.
    pub target_version: String,
    /// Day of the run in China; without one nothing expires.
    pub today: Option<Date>,
    /// True if cases were left out on purpose: an entry about one of them is not unused then.
    pub partial: bool,
}

/// What the waivers did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Cases whose failure is waived.
    pub cases: BTreeSet<CaseId>,
    /// Every entry with what became of it.
    pub records: Vec<WaiverRecord>,
}

impl Applied {
    /// True if an entry has to be corrected or taken out.
    #[must_use]
    pub fn has_bad_entry(&self) -> bool {
        self.records.iter().any(|record| record.state.fails_the_run())
    }
}

/// The day of an instant in China, by which waivers expire.
#[must_use]
pub fn day_in_china(at: OffsetDateTime) -> Date {
    at.to_offset(UtcOffset::from_hms(8, 0, 0).unwrap_or(UtcOffset::UTC)).date()
}

/// Fingerprint of a failure, SM3, hex: the case, its verdict, and class and place of each finding. Free of
/// values, so that the same failure has the same fingerprint in the next run.
#[must_use]
pub fn failure_sm3(case: &CaseId, outcome: &CaseOutcome) -> Option<String> {
    is_waivable(outcome).then(|| {
        let mut lines = vec!["ecric.failure/1".to_owned(), case.to_string(), outcome.verdict.name().to_owned()];
        for finding in &outcome.findings {
            let class = serde_json::to_string(&finding.class).unwrap_or_default();
            lines.push(format!("{class} {}", finding.place));
        }
        ecric_gm::sm3::digest_hex(lines.join("\n").as_bytes())
    })
}

/// A failure of the product, or a negative case that proves nothing because its twin failed.
fn is_waivable(outcome: &CaseOutcome) -> bool {
    outcome.verdict.is_red() || (outcome.verdict == Verdict::Inconclusive && outcome.cause == Some(Cause::Twin))
}

/// Applies the entries to what became of the cases, after twins and levels.
#[must_use]
pub fn apply(waivers: &Waivers, outcomes: &BTreeMap<CaseId, CaseOutcome>) -> Applied {
    let mut applied = Applied::default();
    for placed in &waivers.entries {
        let (state, detail, case) = weigh(waivers, placed, outcomes);
        applied.cases.extend(case);
        applied.records.push(WaiverRecord { waiver: placed.waiver.clone(), line: placed.line, state, detail });
    }
    applied
}

type Weighed = (WaiverState, Text, Option<CaseId>);

fn weigh(waivers: &Waivers, placed: &PlacedWaiver, outcomes: &BTreeMap<CaseId, CaseOutcome>) -> Weighed {
    let waiver = &placed.waiver;
    let no = |state, en: String, zh: String| (state, Text::new(en, zh), None);
    if waiver.case.contains('*') || waiver.target_version.contains('*') {
        return no(
            WaiverState::TooBroad,
            "an entry waives one case of one version; write one entry per failure".to_owned(),
            "一条豁免只针对一个版本的一个用例；请逐项填写".to_owned(),
        );
    }
    if let Some(today) = waivers.today {
        if placed.last_day < today {
            let expires = &waiver.expires;
            return no(
                WaiverState::Expired,
                format!("its last day was {expires}, the run is of {today}"),
                format!("截止日为 {expires}，运行日期为 {today}"),
            );
        }
        if placed.last_day - today > Duration::days(LONGEST_DAYS) {
            let expires = &waiver.expires;
            return no(
                WaiverState::TooBroad,
                format!("{expires} is more than {LONGEST_DAYS} days ahead; take a nearer day"),
                format!("{expires} 距今超过 {LONGEST_DAYS} 天；请取较近的日期"),
            );
        }
    }
    if waiver.target_version != waivers.target_version {
        let (wanted, found) = (&waiver.target_version, &waivers.target_version);
        return no(
            WaiverState::Unused,
            format!("it is about version {wanted}, the product is version {found}"),
            format!("针对版本 {wanted}，被测产品为版本 {found}"),
        );
    }
    let found = CaseId::parse(&waiver.case).ok().and_then(|id| outcomes.get(&id).map(|outcome| (id, outcome)));
    let Some((id, outcome)) = found else {
        let state = if waivers.partial { WaiverState::NotJudged } else { WaiverState::Unused };
        return no(state, "the case is not in the plan of this run".to_owned(), "本次计划不含该用例".to_owned());
    };
    let Some(found) = failure_sm3(&id, outcome) else {
        let judged = matches!(outcome.verdict, Verdict::Pass | Verdict::Warn | Verdict::NotApplicable);
        let state = if judged { WaiverState::Unused } else { WaiverState::NotJudged };
        let (en, zh) = (outcome.verdict.name(), outcome.verdict.text().zh);
        return no(state, format!("the case is {en}"), format!("该用例结论为“{zh}”"));
    };
    if found != waiver.evidence {
        return no(
            WaiverState::OtherFailure,
            format!("the case fails in another way; its failure_sm3 is now {found}"),
            format!("该用例以另一种方式失败；现 failure_sm3 为 {found}"),
        );
    }
    let (en, zh) = (outcome.verdict.name(), outcome.verdict.text().zh);
    (WaiverState::Applied, Text::new(format!("{en}, waived"), format!("{zh}，已豁免")), Some(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecric_model::finding::{Finding, FindingClass};
    use ecric_model::ids::RequirementId;
    use ecric_model::waiver::Waiver;
    use time::macros::date;

    fn failing(place: &str, actual: &str) -> CaseOutcome {
        CaseOutcome::found(Finding::new(FindingClass::WrongValue, place, Text::same("a"), Text::same(actual)))
    }

    fn id(text: &str) -> CaseId {
        CaseId::parse(text).unwrap()
    }

    fn placed(case: &str, version: &str, last_day: Date, evidence: &str) -> PlacedWaiver {
        let waiver = Waiver {
            requirement: RequirementId::parse("AAA-001").unwrap(),
            case: case.into(),
            target_version: version.into(),
            reason: "r".into(),
            owner: "o".into(),
            expires: last_day.to_string(),
            evidence: evidence.into(),
        };
        PlacedWaiver { waiver, line: 3, last_day }
    }

    #[test]
    fn states_of_an_entry() {
        use WaiverState::{Applied, Expired, NotJudged, OtherFailure, TooBroad, Unused};
        let today = date!(2026 - 11 - 29);
        let outcomes = BTreeMap::from([
            (id("AAA-001/01"), failing("x", "one value")),
            (id("AAA-001/02"), CaseOutcome::pass()),
            (id("AAA-001/03"), CaseOutcome::without(Verdict::Inconclusive, Cause::Unreachable, None)),
            (id("AAA-001/04"), CaseOutcome::without(Verdict::Inconclusive, Cause::Twin, None)),
        ]);
        let sm3 = |case: &str| failure_sm3(&id(case), &outcomes[&id(case)]).unwrap_or_else(|| "0".repeat(64));
        for (case, version, day, evidence, partial, want) in [
            ("AAA-001/01", "1", today, sm3("AAA-001/01"), false, Applied),
            ("AAA-001/04", "1", today, sm3("AAA-001/04"), false, Applied),
            ("AAA-001/01", "1", today.previous_day().unwrap(), sm3("AAA-001/01"), false, Expired),
            ("AAA-001/01", "1", date!(2027 - 12 - 31), sm3("AAA-001/01"), false, TooBroad),
            ("AAA-001/01", "2", today, sm3("AAA-001/01"), false, Unused),
            ("AAA-001/01", "*", today, sm3("AAA-001/01"), false, TooBroad),
            ("*", "1", today, sm3("AAA-001/01"), false, TooBroad),
            ("AAA-001/*", "1", today, sm3("AAA-001/01"), false, TooBroad),
            ("AAA-001/01", "1", today, sm3("AAA-001/04"), false, OtherFailure),
            ("AAA-001/02", "1", today, sm3("AAA-001/01"), false, Unused),
            ("AAA-001/03", "1", today, sm3("AAA-001/01"), false, NotJudged),
            ("AAA-001/09", "1", today, sm3("AAA-001/01"), false, Unused),
            ("AAA-001/09", "1", today, sm3("AAA-001/01"), true, NotJudged),
        ] {
            let entries = vec![placed(case, version, day, &evidence)];
            let waivers = Waivers { entries, target_version: "1".into(), today: Some(today), partial };
            let applied = apply(&waivers, &outcomes);
            assert_eq!(applied.records[0].state, want, "{case} {version} {day}");
            assert_eq!(applied.cases.len(), usize::from(want == Applied));
            assert_eq!(applied.has_bad_entry(), !matches!(want, Applied | NotJudged));
        }
    }

    #[test]
    fn the_fingerprint_is_of_the_failure_and_not_of_its_values() {
        let case = id("AAA-001/01");
        let one = failure_sm3(&case, &failing("x", "one value"));
        assert_eq!(one, failure_sm3(&case, &failing("x", "another value")));
        assert_ne!(one, failure_sm3(&case, &failing("y", "one value")));
        assert_ne!(one, failure_sm3(&id("AAA-001/02"), &failing("x", "one value")));
        assert_eq!(failure_sm3(&case, &CaseOutcome::pass()), None);
    }
}

//! Questions about verification results (operations 14 and 15; binding v1, sections 6.5 and 8).

use std::collections::BTreeSet;

use ecric_licence::instant::parse_instant;
use ecric_model::Text;
use ecric_model::binding::{CHECK_KEYS, CheckOutcome, MatchOutcome, StatusSource, VerifyOutcome, VerifyResult};
use ecric_model::finding::{FindingClass, Judgement, fail};
use ecric_model::reason::class_of;

use crate::ablation::ablatable;
use crate::answers::check_accepted;
use crate::{Grain, Seen, equal, message};

/// Is the result this outcome, for this reason (class or a fine code of it) and no other?
///
/// # Errors
/// `FALSE_ACCEPT`, `FALSE_REJECT`, `WRONG_VALUE` or `WRONG_REASON`.
pub fn check_result(seen: &Seen<'_>, expected: VerifyOutcome, reason: Option<&str>, grain: Grain) -> Judgement {
    ablatable!("check_result");
    check_accepted(seen)?;
    let answer: VerifyResult = message(seen)?;
    let because = |reason: Option<&str>| reason.map(|code| format!(" because of {code}")).unwrap_or_default();
    let because_zh = |reason: Option<&str>| reason.map(|code| format!("，原因 {code}")).unwrap_or_default();
    let wanted = Text::new(format!("{expected}{}", because(reason)), format!("{expected}{}", because_zh(reason)));
    let reasons = answer.reasons.join(", ");
    let found = Text::new(
        format!("{}{}", answer.result, because((!reasons.is_empty()).then_some(reasons.as_str()))),
        format!("{}{}", answer.result, because_zh((!reasons.is_empty()).then_some(reasons.as_str()))),
    );
    if answer.result != expected {
        let class = match (expected, answer.result) {
            (VerifyOutcome::Valid, _) => FindingClass::FalseReject,
            (_, VerifyOutcome::Valid) => FindingClass::FalseAccept,
            _ => FindingClass::WrongValue,
        };
        return fail(class, "result", wanted, found);
    }
    let Some(reason) = reason.filter(|_| grain == Grain::Reason) else { return Ok(()) };
    let allowed = class_of(reason).map(|class| class.code);
    // A coarse reason of a dialect is several classes joined by bars: one of them is enough.
    let right = |code: &String| {
        code.split('|').any(|one| class_of(one).map(|class| class.code) == allowed && allowed.is_some())
    };
    if !answer.reasons.is_empty() && answer.reasons.iter().all(right) {
        return Ok(());
    }
    fail(FindingClass::WrongReason, "reasons", wanted, found)
}

/// Is every asserted attribute a match?
///
/// # Errors
/// `WRONG_VALUE` or `MISSING`.
pub fn check_all_match(seen: &Seen<'_>, asserted: &[&str]) -> Judgement {
    ablatable!("check_all_match");
    check_matches(seen, asserted, None)
}

/// Is the one attribute a mismatch and every other asserted one a match?
///
/// # Errors
/// `WRONG_VALUE` or `MISSING`.
pub fn check_only_mismatch(seen: &Seen<'_>, asserted: &[&str], wrong: &str) -> Judgement {
    ablatable!("check_only_mismatch");
    check_matches(seen, asserted, Some(wrong))
}

fn check_matches(seen: &Seen<'_>, asserted: &[&str], wrong: Option<&str>) -> Judgement {
    let answer: VerifyResult = message(seen)?;
    let found = answer.matches.unwrap_or_default();
    for name in asserted {
        let expected = if Some(*name) == wrong { MatchOutcome::Mismatch } else { MatchOutcome::Match };
        let actual = found.get(*name).map_or("-", |outcome| outcome.code());
        equal(&format!("match.{name}"), expected.code(), actual)?;
    }
    Ok(())
}

/// Has a VALID result every check key, no reason, a live status with its time, and an instant?
///
/// # Errors
/// `MISSING`, `WRONG_VALUE` or `MALFORMED`.
pub fn check_complete_valid(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_complete_valid");
    check_result(seen, VerifyOutcome::Valid, None, Grain::Reason)?;
    let answer: VerifyResult = message(seen)?;
    for key in CHECK_KEYS {
        if !answer.checks.contains_key(key) {
            return fail(
                FindingClass::Missing,
                format!("checks.{key}"),
                Text::new("every key of the list", "列表中的每一项"),
                Text::new("nothing", "缺失"),
            );
        }
    }
    for key in ["licenceStatus", "consistency"] {
        let actual = answer.checks.get(key).map_or("-", |outcome| outcome.code());
        equal(&format!("checks.{key}"), CheckOutcome::Pass.code(), actual)?;
    }
    if !answer.reasons.is_empty() {
        return fail(
            FindingClass::WrongValue,
            "reasons",
            Text::new("empty when VALID", "VALID时为空"),
            Text::same(answer.reasons.join(", ")),
        );
    }
    equal("statusSource", StatusSource::Live.code(), answer.status_source.code())?;
    match parse_instant(&answer.evaluated_at) {
        Ok(_) => Ok(()),
        Err(_) => fail(
            FindingClass::Malformed,
            "evaluatedAt",
            Text::new("an RFC 3339 instant with an offset", "带时区偏移的RFC 3339时刻"),
            Text::same(answer.evaluated_at),
        ),
    }
}

/// Do two results agree in outcome, reasons as a set, checks and matches?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_same_result(first: &Seen<'_>, second: &Seen<'_>) -> Judgement {
    ablatable!("check_same_result");
    check_accepted(first)?;
    check_accepted(second)?;
    same(&message(first)?, &message(second)?, "result")
}

/// Do two results agree? `place` names where the second one stands.
///
/// # Errors
/// `WRONG_VALUE`.
pub fn same(first: &VerifyResult, second: &VerifyResult, place: &str) -> Judgement {
    ablatable!("same");
    let line = |result: &VerifyResult| {
        let reasons: BTreeSet<&String> = result.reasons.iter().collect();
        let checks: Vec<String> = result.checks.iter().map(|(key, outcome)| format!("{key}={outcome}")).collect();
        let matches: Vec<String> =
            result.matches.iter().flatten().map(|(name, outcome)| format!("{name}={outcome}")).collect();
        format!("{} {reasons:?} {} {}", result.result, checks.join(" "), matches.join(" "))
    };
    equal(place, line(first).as_str(), line(second).as_str())
}

/// Was an item of a batch, or the whole batch, refused for too many guesses?
///
/// # Errors
/// `FALSE_ACCEPT`, or those of an answer that is none.
pub fn check_batch_throttled(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_batch_throttled");
    crate::answers::check_delivered(seen)?;
    let items = seen.json.and_then(|json| json.get("items")?.as_array()).cloned().unwrap_or_default();
    let limited = |code: Option<&str>| code == Some("RATE_LIMITED");
    if limited(seen.code()) || items.iter().any(|item| limited(item["error"]["code"].as_str())) {
        return Ok(());
    }
    fail(
        FindingClass::FalseAccept,
        "items[].error.code",
        Text::same("RATE_LIMITED"),
        Text::new("no item was refused for too many guesses", "没有条目因猜测过多被拒绝"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::test_seen;
    use serde_json::{Value, json};

    fn result(outcome: &str, reasons: &[&str]) -> Value {
        let checks: serde_json::Map<String, Value> =
            CHECK_KEYS.iter().map(|key| ((*key).to_owned(), json!("PASS"))).collect();
        json!({"result": outcome, "reasons": reasons, "warnings": [], "checks": checks, "statusSource": "LIVE",
            "evaluatedAt": "2026-06-01T09:00:00+08:00", "match": {"name": "MATCH", "sex": "MISMATCH"}})
    }

    #[test]
    fn outcome_and_reason() {
        let judge = |body: Value, expected, reason| {
            check_result(&test_seen(200, body).view(), expected, reason, Grain::Reason).map_err(|found| found.class)
        };
        let invalid = VerifyOutcome::Invalid;
        assert!(judge(result("VALID", &[]), VerifyOutcome::Valid, None).is_ok());
        assert!(judge(result("INVALID", &["SM2_BAD"]), invalid, Some("SIG_INVALID")).is_ok());
        for (body, expected, reason, class) in [
            (result("VALID", &[]), invalid, Some("LICENCE_REVOKED"), FindingClass::FalseAccept),
            (result("INVALID", &["X"]), VerifyOutcome::Valid, None, FindingClass::FalseReject),
            (result("INDETERMINATE", &["LICENCE_REVOKED"]), invalid, Some("LICENCE_REVOKED"), FindingClass::WrongValue),
            (result("INVALID", &["LICENCE_UNKNOWN"]), invalid, Some("LICENCE_REVOKED"), FindingClass::WrongReason),
            (result("INVALID", &[]), invalid, Some("LICENCE_REVOKED"), FindingClass::WrongReason),
            (
                result("INVALID", &["LICENCE_REVOKED", "ATTR_MISMATCH"]),
                invalid,
                Some("LICENCE_REVOKED"),
                FindingClass::WrongReason,
            ),
        ] {
            assert_eq!(judge(body, expected, reason), Err(class));
        }
        let coarse = test_seen(200, result("INVALID", &["X"]));
        assert!(check_result(&coarse.view(), invalid, Some("LICENCE_REVOKED"), Grain::Outcome).is_ok());
    }

    #[test]
    fn matches_and_shape() {
        let seen = test_seen(200, result("VALID", &[]));
        assert!(check_all_match(&seen.view(), &["name"]).is_ok());
        assert!(check_all_match(&seen.view(), &["name", "sex"]).is_err());
        assert!(check_only_mismatch(&seen.view(), &["name", "sex"], "sex").is_ok());
        assert!(check_only_mismatch(&seen.view(), &["name", "sex"], "name").is_err());
        assert!(check_complete_valid(&seen.view()).is_ok());
        for (member, value) in [
            ("statusSource", json!("NONE")),
            ("evaluatedAt", json!("now")),
            ("reasons", json!(["X"])),
            ("checks", json!({})),
        ] {
            let mut bad = result("VALID", &[]);
            bad[member] = value;
            assert!(check_complete_valid(&test_seen(200, bad).view()).is_err(), "{member}");
        }
    }

    #[test]
    fn results_agree_or_not() {
        let (a, b) = (test_seen(200, result("INVALID", &["X", "Y"])), test_seen(200, result("INVALID", &["Y", "X"])));
        assert!(check_same_result(&a.view(), &b.view()).is_ok());
        let c = test_seen(200, result("INVALID", &["Y"]));
        assert!(check_same_result(&a.view(), &c.view()).is_err());
    }
}

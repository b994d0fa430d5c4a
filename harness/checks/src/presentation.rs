//! Questions about verdicts on presentation codes (operation 13; binding v1, sections 6.5 and 12).

use ecric_model::Text;
use ecric_model::binding::{CheckOutcome, StatusSource, VerifyOutcome, VerifyResult};
use ecric_model::finding::{FindingClass, Judgement, fail};
use ecric_model::reason::class_of;
use serde_json::{Map, Value};

use crate::ablation::ablatable;
use crate::answers::{check_accepted, check_delivered};
use crate::{Grain, Seen, equal, message};

fn shown(seen: &Seen<'_>) -> Map<String, Value> {
    let members = seen.json.and_then(|json| json.get("attributes")?.as_object());
    members.cloned().unwrap_or_default()
}

/// Is the code VALID, with exactly these attributes and their values? Values are never repeated.
///
/// # Errors
/// `FALSE_REJECT`, `MISSING`, `LEAK` or `WRONG_VALUE` with the name of the attribute.
pub fn check_shown(seen: &Seen<'_>, expected: &Map<String, Value>) -> Judgement {
    ablatable!("check_shown");
    crate::verification::check_result(seen, VerifyOutcome::Valid, None, Grain::Reason)?;
    let found = shown(seen);
    let names = |map: &Map<String, Value>| map.keys().cloned().collect::<Vec<_>>().join(", ");
    if let Some(extra) = found.keys().find(|name| !expected.contains_key(*name)) {
        return fail(
            FindingClass::Leak,
            format!("attributes.{extra}"),
            Text::new(format!("only {}", names(expected)), format!("仅有 {}", names(expected))),
            Text::new("an attribute that was not granted and wanted", "未获授权或未请求的属性"),
        );
    }
    for (name, value) in expected {
        let place = format!("attributes.{name}");
        match found.get(name) {
            None => {
                return fail(
                    FindingClass::Missing,
                    place,
                    Text::new("granted and wanted", "已授权且已请求"),
                    Text::new("nothing", "缺失"),
                );
            }
            Some(shown) if shown != value => {
                return fail(
                    FindingClass::WrongValue,
                    place,
                    Text::new("the value that the loading end gave", "装载端所给的值"),
                    Text::new("another value", "其他值"),
                );
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Does the answer show no attribute at all?
///
/// # Errors
/// `LEAK` with the name of the attribute.
pub fn check_nothing_shown(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_nothing_shown");
    check_delivered(seen)?;
    match shown(seen).keys().next() {
        None => Ok(()),
        Some(name) => fail(
            FindingClass::Leak,
            format!("attributes.{name}"),
            Text::new("no attribute", "不含任何属性"),
            Text::new("an attribute", "含有属性"),
        ),
    }
}

/// Is exactly one of the verdicts VALID, and every other INVALID because of a replay?
///
/// # Errors
/// `WRONG_STATE`, or those of an answer that is none.
pub fn check_exactly_one_valid(answers: &[Seen<'_>], grain: Grain) -> Judgement {
    ablatable!("check_exactly_one_valid");
    let mut valid = 0;
    let mut told = Vec::new();
    let mut stray = false;
    for seen in answers {
        check_accepted(seen)?;
        let answer: VerifyResult = message(seen)?;
        valid += usize::from(answer.result == VerifyOutcome::Valid);
        let replay = |code: &String| class_of(code).is_some_and(|class| class.code == "CODE_REPLAYED");
        let refused = answer.result == VerifyOutcome::Invalid && answer.reasons.iter().any(replay);
        stray |= answer.result != VerifyOutcome::Valid && !refused && grain == Grain::Reason;
        told.push(format!("{} {}", answer.result, answer.reasons.join("+")));
    }
    if valid == 1 && !stray {
        return Ok(());
    }
    told.sort();
    told.dedup();
    fail(
        FindingClass::WrongState,
        "verdicts at once",
        Text::new(
            format!("1 of {} VALID, the others CODE_REPLAYED", answers.len()),
            format!("{}个结论中恰有1个VALID，其余为CODE_REPLAYED", answers.len()),
        ),
        Text::new(format!("{valid} VALID: {}", told.join(" | ")), format!("{valid}个VALID：{}", told.join(" | "))),
    )
}

/// Does a verdict without the network admit that nobody was asked: VALID or INDETERMINATE, the status
/// unknown, from a cache or from nowhere?
///
/// # Errors
/// `FALSE_REJECT` or `WRONG_VALUE`.
pub fn check_offline(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_offline");
    check_accepted(seen)?;
    let answer: VerifyResult = message(seen)?;
    if answer.result == VerifyOutcome::Invalid {
        return fail(
            FindingClass::FalseReject,
            "result",
            Text::new("VALID or INDETERMINATE", "VALID或INDETERMINATE"),
            Text::same(format!("INVALID {}", answer.reasons.join(", "))),
        );
    }
    let found = answer.checks.get("licenceStatus").map_or("-", |outcome| outcome.code());
    equal("checks.licenceStatus", CheckOutcome::Unknown.code(), found)?;
    match answer.status_source {
        StatusSource::None | StatusSource::Cache => Ok(()),
        other => fail(
            FindingClass::WrongValue,
            "statusSource",
            Text::new("NONE or CACHE", "NONE或CACHE"),
            Text::same(other.code()),
        ),
    }
}

/// Was something that is no code refused, with an error or as INVALID, and within the time (ms)?
///
/// # Errors
/// `FALSE_ACCEPT`, `WRONG_VALUE`, or those of an answer that is none.
pub fn check_refused_quickly(seen: &Seen<'_>, took_ms: u64, most_ms: u64) -> Judgement {
    ablatable!("check_refused_quickly");
    check_delivered(seen)?;
    if !(400..500).contains(&seen.status) {
        let answer: VerifyResult = message(seen)?;
        let wanted = Text::new("a 4xx or INVALID", "4xx或INVALID");
        match answer.result {
            VerifyOutcome::Invalid => {}
            VerifyOutcome::Valid => return fail(FindingClass::FalseAccept, "result", wanted, Text::same("VALID")),
            VerifyOutcome::Indeterminate => {
                return fail(FindingClass::WrongValue, "result", wanted, Text::same("INDETERMINATE"));
            }
        }
    }
    if took_ms <= most_ms {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "duration",
        Text::new(format!("at most {most_ms} ms"), format!("不超过 {most_ms} 毫秒")),
        Text::new(format!("{took_ms} ms"), format!("{took_ms} 毫秒")),
    )
}

/// Was the code redeemed once at the loading end, for this relying party?
///
/// # Errors
/// `WRONG_VALUE` or `MISSING`.
pub fn check_redeemed(asked: &[Value], audience: &str, times: usize) -> Judgement {
    ablatable!("check_redeemed");
    equal("redemptions", &times, &asked.len())?;
    for body in asked {
        equal("redemption.audience", audience, body["audience"].as_str().unwrap_or("-"))?;
        crate::present("redemption.code", body["code"].as_str())?;
        if !body["wanted"].is_array() {
            return fail(
                FindingClass::Missing,
                "redemption.wanted",
                Text::new("an array", "数组"),
                Text::new("nothing", "缺失"),
            );
        }
    }
    Ok(())
}

/// Does the answer repeat the code? Whoever reads a log of answers could use it.
///
/// # Errors
/// `LEAK`.
pub fn check_code_not_echoed(seen: &Seen<'_>, code: &str) -> Judgement {
    ablatable!("check_code_not_echoed");
    check_accepted(seen)?;
    let body = code.split_once(':').map_or(code, |(_, body)| body);
    let json = seen.json.map(Value::to_string).unwrap_or_default();
    let found = !body.is_empty() && (seen.text.contains(body) || json.contains(body));
    if !found {
        return Ok(());
    }
    fail(
        FindingClass::Leak,
        "body",
        Text::new("not the code", "不回传亮证码"),
        Text::new("the code of the request", "请求中的亮证码"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::test_seen;
    use ecric_model::binding::CHECK_KEYS;
    use serde_json::json;

    fn result(outcome: &str, reasons: &[&str], attributes: Value) -> Value {
        let checks: Map<String, Value> = CHECK_KEYS.iter().map(|key| ((*key).to_owned(), json!("PASS"))).collect();
        json!({"result": outcome, "reasons": reasons, "warnings": [], "checks": checks, "statusSource": "LIVE",
            "evaluatedAt": "2026-06-01T09:00:00+08:00", "attributes": attributes})
    }

    fn class(judgement: Judgement) -> Option<FindingClass> {
        judgement.err().map(|finding| finding.class)
    }

    #[test]
    fn attributes_are_exactly_those_expected() {
        let expected = json!({"name": "测试甲", "ageOver18": true}).as_object().cloned().unwrap_or_default();
        let rows = [
            ("VALID", json!({"name": "测试甲", "ageOver18": true}), None),
            ("VALID", json!({"name": "测试甲"}), Some(FindingClass::Missing)),
            ("VALID", json!({"name": "测试乙", "ageOver18": true}), Some(FindingClass::WrongValue)),
            ("VALID", json!({"name": "测试甲", "ageOver18": true, "sex": "1"}), Some(FindingClass::Leak)),
            ("INVALID", json!({}), Some(FindingClass::FalseReject)),
        ];
        for (outcome, attributes, wanted) in rows {
            let seen = test_seen(200, result(outcome, &[], attributes.clone()));
            assert_eq!(class(check_shown(&seen.view(), &expected)), wanted, "{attributes}");
        }
    }

    #[test]
    fn nothing_is_shown() {
        let shows = |attributes| class(check_nothing_shown(&test_seen(200, result("INVALID", &[], attributes)).view()));
        assert_eq!(shows(json!({})), None);
        assert_eq!(shows(json!({"name": "测试甲"})), Some(FindingClass::Leak));
    }

    #[test]
    fn one_of_many_is_valid() {
        let verdicts = |rows: &[(&str, &[&str])]| {
            let seen: Vec<_> =
                rows.iter().map(|(outcome, reasons)| test_seen(200, result(outcome, reasons, json!({})))).collect();
            let views: Vec<_> = seen.iter().map(|seen| seen.view()).collect();
            class(check_exactly_one_valid(&views, Grain::Reason))
        };
        let replay: (&str, &[&str]) = ("INVALID", &["CODE_REPLAYED"]);
        assert_eq!(verdicts(&[("VALID", &[]), replay, replay]), None);
        assert_eq!(verdicts(&[("VALID", &[]), ("VALID", &[])]), Some(FindingClass::WrongState));
        assert_eq!(verdicts(&[replay, replay]), Some(FindingClass::WrongState));
        assert_eq!(verdicts(&[("VALID", &[]), ("INVALID", &["CODE_SIG"])]), Some(FindingClass::WrongState));
    }

    #[test]
    fn offline_verdicts_admit_it() {
        let offline = |outcome: &str, status: &str, source: &str| {
            let mut body = result(outcome, &[], json!({}));
            body["checks"]["licenceStatus"] = json!(status);
            body["statusSource"] = json!(source);
            class(check_offline(&test_seen(200, body).view()))
        };
        assert_eq!(offline("VALID", "UNKNOWN", "CACHE"), None);
        assert_eq!(offline("INDETERMINATE", "UNKNOWN", "NONE"), None);
        assert_eq!(offline("INVALID", "UNKNOWN", "NONE"), Some(FindingClass::FalseReject));
        assert_eq!(offline("VALID", "PASS", "NONE"), Some(FindingClass::WrongValue));
        assert_eq!(offline("VALID", "UNKNOWN", "LIVE"), Some(FindingClass::WrongValue));
    }

    #[test]
    fn what_is_no_code_is_refused_in_time() {
        let refused = |status: u16, outcome: &str, took| {
            class(check_refused_quickly(&test_seen(status, result(outcome, &[], json!({}))).view(), took, 100))
        };
        assert_eq!(refused(400, "-", 1), None);
        assert_eq!(refused(413, "-", 1), None);
        assert_eq!(refused(200, "INVALID", 1), None);
        assert_eq!(refused(200, "VALID", 1), Some(FindingClass::FalseAccept));
        assert_eq!(refused(200, "INDETERMINATE", 1), Some(FindingClass::WrongValue));
        assert_eq!(refused(200, "INVALID", 101), Some(FindingClass::WrongValue));
        assert!(refused(500, "-", 1).is_some());
    }

    #[test]
    fn redemptions_are_counted_and_compared() {
        let body = json!({"audience": "A", "code": "ECR1:X", "wanted": []});
        assert_eq!(class(check_redeemed(std::slice::from_ref(&body), "A", 1)), None);
        assert!(class(check_redeemed(&[], "A", 1)).is_some());
        assert!(class(check_redeemed(std::slice::from_ref(&body), "B", 1)).is_some());
        assert!(class(check_redeemed(&[json!({"audience": "A", "code": "x"})], "A", 1)).is_some());
    }

    #[test]
    fn codes_are_not_repeated() {
        let seen = test_seen(200, json!({"result": "VALID", "note": "ABC DEF"}));
        assert_eq!(class(check_code_not_echoed(&seen.view(), "ECR1:XYZ")), None);
        assert_eq!(class(check_code_not_echoed(&seen.view(), "ECR1:ABC DEF")), Some(FindingClass::Leak));
    }
}

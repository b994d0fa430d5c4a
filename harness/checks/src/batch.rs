//! Questions about batch verification (operation 15).

use ecric_model::Text;
use ecric_model::binding::{BatchAnswer, VerifyOutcome, VerifyResult};
use ecric_model::finding::{FindingClass, Judgement, fail};

use crate::ablation::ablatable;
use crate::answers::check_accepted;
use crate::{Seen, equal, message, verification};

/// Are the items answered in the order of the request, each as the single call answered?
///
/// `singles` holds item id and result of the single call, in the order of the request.
///
/// # Errors
/// `WRONG_VALUE` or `MISSING`.
pub fn check_as_single_calls(seen: &Seen<'_>, singles: &[(String, VerifyResult)]) -> Judgement {
    ablatable!("check_as_single_calls");
    check_accepted(seen)?;
    let answer: BatchAnswer = message(seen)?;
    check_order(&answer, &singles.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>())?;
    for (index, (item, (_, single))) in answer.items.iter().zip(singles).enumerate() {
        let place = format!("items[{index}].verifyResult");
        match &item.verify_result {
            Some(result) => verification::same(single, result, &place)?,
            None => return missing(&place),
        }
    }
    Ok(())
}

/// Has just the malformed item an error, and every other a result?
///
/// # Errors
/// `WRONG_VALUE` or `MISSING`.
pub fn check_only_error(seen: &Seen<'_>, ids: &[&str], malformed: &str) -> Judgement {
    ablatable!("check_only_error");
    check_accepted(seen)?;
    let answer: BatchAnswer = message(seen)?;
    check_order(&answer, ids)?;
    for (index, item) in answer.items.iter().enumerate() {
        let is_malformed = item.item_id == malformed;
        if is_malformed {
            let code = item.error.as_ref().map_or("-", |error| error.code.as_str());
            equal(&format!("items[{index}].error.code"), "INVALID_REQUEST", code)?;
        } else if item.verify_result.is_none() {
            return missing(&format!("items[{index}].verifyResult"));
        }
    }
    Ok(())
}

/// Are all items VALID but the late one, which may be VALID or INDETERMINATE or have an error?
///
/// # Errors
/// `WRONG_VALUE` or `MISSING`.
pub fn check_others_valid(seen: &Seen<'_>, ids: &[&str], late: &str) -> Judgement {
    ablatable!("check_others_valid");
    check_accepted(seen)?;
    let answer: BatchAnswer = message(seen)?;
    check_order(&answer, ids)?;
    for (index, item) in answer.items.iter().enumerate() {
        let place = format!("items[{index}].verifyResult.result");
        let result = item.verify_result.as_ref().map(|result| result.result);
        match (item.item_id == late, result) {
            // Who waits long enough knows that it is VALID.
            (true, Some(VerifyOutcome::Valid)) => {}
            (true, Some(result)) => equal(&place, &VerifyOutcome::Indeterminate, &result)?,
            (true, None) if item.error.is_some() => {}
            (_, None) => return missing(&place),
            (false, Some(result)) => equal(&place, &VerifyOutcome::Valid, &result)?,
        }
    }
    Ok(())
}

fn check_order(answer: &BatchAnswer, ids: &[&str]) -> Judgement {
    let found: Vec<&str> = answer.items.iter().map(|item| item.item_id.as_str()).collect();
    equal("items[].itemId", ids.join(", ").as_str(), found.join(", ").as_str())
}

fn missing(place: &str) -> Judgement {
    fail(FindingClass::Missing, place, Text::new("a result", "核验结果"), Text::new("nothing", "缺失"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::test_seen;
    use serde_json::{Value, json};

    fn result(outcome: &str) -> Value {
        json!({"result": outcome, "reasons": [], "warnings": [], "checks": {}, "statusSource": "LIVE", "evaluatedAt": "t"})
    }

    #[test]
    fn order_and_results() {
        let single = |outcome: &str| serde_json::from_value::<VerifyResult>(result(outcome)).unwrap();
        let singles = [("a".to_owned(), single("VALID")), ("b".to_owned(), single("INVALID"))];
        let answer = |first: &str, second: &str, one: &str, two: &str| {
            test_seen(
                200,
                json!({"items": [{"itemId": first, "verifyResult": result(one)}, {"itemId": second, "verifyResult": result(two)}]}),
            )
        };
        assert!(check_as_single_calls(&answer("a", "b", "VALID", "INVALID").view(), &singles).is_ok());
        assert!(check_as_single_calls(&answer("b", "a", "INVALID", "VALID").view(), &singles).is_err());
        assert!(check_as_single_calls(&answer("a", "b", "VALID", "VALID").view(), &singles).is_err());
    }

    #[test]
    fn one_late_item() {
        let judge = |items: Value| {
            check_others_valid(&test_seen(200, json!({"items": items})).view(), &["a", "b", "c"], "b").is_ok()
        };
        let item = |id: &str, outcome: &str| json!({"itemId": id, "verifyResult": result(outcome)});
        let failed = |id: &str| json!({"itemId": id, "error": {"code": "UNAVAILABLE", "message": "m"}});
        for (second, third, good) in [
            (item("b", "INDETERMINATE"), item("c", "VALID"), true),
            (item("b", "VALID"), item("c", "VALID"), true),
            (failed("b"), item("c", "VALID"), true),
            (item("b", "INVALID"), item("c", "VALID"), false),
            (item("b", "INDETERMINATE"), item("c", "INDETERMINATE"), false),
            (item("b", "INDETERMINATE"), failed("c"), false),
            (item("c", "VALID"), item("b", "VALID"), false),
            (json!({"itemId": "b"}), item("c", "VALID"), false),
        ] {
            assert_eq!(judge(json!([item("a", "VALID"), second, third])), good);
        }
    }

    #[test]
    fn one_error_only() {
        let error = json!({"code": "INVALID_REQUEST", "message": "m"});
        let good = test_seen(
            200,
            json!({"items": [{"itemId": "a", "verifyResult": result("VALID")}, {"itemId": "b", "error": error}]}),
        );
        assert!(check_only_error(&good.view(), &["a", "b"], "b").is_ok());
        assert!(check_only_error(&good.view(), &["a", "b"], "a").is_err());
        assert!(check_only_error(&test_seen(400, json!({})).view(), &["a", "b"], "b").is_err());
        let none =
            test_seen(200, json!({"items": [{"itemId": "a", "verifyResult": result("VALID")}, {"itemId": "b"}]}));
        assert!(check_only_error(&none.view(), &["a", "b"], "b").is_err());
    }
}

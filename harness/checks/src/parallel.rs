//! Questions about calls made at once.

use ecric_model::Text;
use ecric_model::finding::{FindingClass, Judgement, fail};

use crate::ablation::ablatable;
use crate::answers::check_delivered;
use crate::{Seen, equal};

/// Was exactly one of the calls accepted, and every other refused?
///
/// # Errors
/// `WRONG_STATE`, or those of [`check_delivered`].
pub fn check_exactly_one_accepted(answers: &[Seen<'_>]) -> Judgement {
    ablatable!("check_exactly_one_accepted");
    answers.iter().try_for_each(check_delivered)?;
    let accepted = answers.iter().filter(|seen| seen.is_success()).count();
    if accepted == 1 {
        return Ok(());
    }
    let found: Vec<String> = answers.iter().map(Seen::summary).collect();
    fail(
        FindingClass::WrongState,
        "calls at once",
        Text::new(format!("1 of {} accepted", answers.len()), format!("{}个请求中恰有1个被接受", answers.len())),
        Text::new(
            format!("{accepted} accepted: {}", found.join(" | ")),
            format!("{accepted}个被接受：{}", found.join(" | ")),
        ),
    )
}

/// Do all accepted answers name one licence, with at least one accepted?
///
/// # Errors
/// `WRONG_VALUE` or `WRONG_STATE`, or those of [`check_delivered`].
pub fn check_same_licence(answers: &[Seen<'_>]) -> Judgement {
    ablatable!("check_same_licence");
    answers.iter().try_for_each(check_delivered)?;
    let named: Vec<&str> = answers
        .iter()
        .filter(|seen| seen.is_success())
        .map(|seen| seen.json.and_then(|json| json.pointer("/licence/certificateIdentifier")?.as_str()).unwrap_or("-"))
        .collect();
    let Some(first) = named.first() else {
        let found: Vec<String> = answers.iter().map(Seen::summary).collect();
        return fail(
            FindingClass::WrongState,
            "calls at once",
            Text::new("at least one accepted", "至少一个被接受"),
            Text::same(found.join(" | ")),
        );
    };
    named.iter().try_for_each(|name| equal("licence.certificateIdentifier", *first, *name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::test_seen;
    use serde_json::json;

    #[test]
    fn one_of_many() {
        let (yes, no, bad) = (test_seen(201, json!({})), test_seen(409, json!({})), test_seen(500, json!({})));
        assert!(check_exactly_one_accepted(&[yes.view(), no.view()]).is_ok());
        assert!(check_exactly_one_accepted(&[yes.view(), yes.view()]).is_err());
        assert!(check_exactly_one_accepted(&[no.view(), no.view()]).is_err());
        assert!(check_exactly_one_accepted(&[yes.view(), bad.view()]).is_err());
    }

    #[test]
    fn one_licence() {
        let of = |id: &str| test_seen(201, json!({"licence": {"certificateIdentifier": id}}));
        let busy = test_seen(409, json!({"code": "IN_PROGRESS"}));
        assert!(check_same_licence(&[of("a").view(), of("a").view(), busy.view()]).is_ok());
        assert!(check_same_licence(&[of("a").view(), of("b").view()]).is_err());
        assert!(check_same_licence(&[busy.view()]).is_err());
    }
}

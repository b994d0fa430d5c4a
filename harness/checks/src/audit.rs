//! Questions about the audit (operation 11).

use ecric_model::Text;
use ecric_model::binding::{AuditAnswer, AuditEntry};
use ecric_model::finding::{Finding, FindingClass, Judgement, fail};

use crate::ablation::ablatable;
use crate::answers::check_accepted;
use crate::{Seen, message};

fn entries(seen: &Seen<'_>) -> Result<Vec<AuditEntry>, Box<Finding>> {
    check_accepted(seen)?;
    message::<AuditAnswer>(seen).map(|answer| answer.entries)
}

fn entry_of(seen: &Seen<'_>, operation: &str) -> Result<AuditEntry, Box<Finding>> {
    let all = entries(seen)?;
    let found: Vec<String> = all.iter().map(|entry| entry.operation.clone()).collect();
    all.into_iter().rev().find(|entry| entry.operation == operation && entry.result == "OK").ok_or_else(|| {
        Box::new(Finding::new(
            FindingClass::Missing,
            "entries",
            Text::new(format!("an entry of {operation} with the result OK"), format!("{operation} 且结果为OK的条目")),
            if found.is_empty() { Text::new("no entry", "无条目") } else { Text::same(found.join(", ")) },
        ))
    })
}

/// Is there a successful entry of the operation?
///
/// # Errors
/// `MISSING`.
pub fn check_has_operation(seen: &Seen<'_>, operation: &str) -> Judgement {
    ablatable!("check_has_operation");
    entry_of(seen, operation).map(|_| ())
}

/// Does the entry of the operation state the use that was stated?
///
/// # Errors
/// `MISSING` or `WRONG_VALUE`.
pub fn check_states_use(seen: &Seen<'_>, operation: &str, cause: &str) -> Judgement {
    ablatable!("check_states_use");
    let entry = entry_of(seen, operation)?;
    let found =
        entry.stated_use.as_ref().and_then(|stated| stated.get("certificateCopyCause")).and_then(|c| c.as_str());
    crate::equal("entries[].use.certificateCopyCause", cause, found.unwrap_or_default())
}

/// Has the entry of the transition its operator, action and reason?
///
/// # Errors
/// `MISSING` or `WRONG_VALUE`.
pub fn check_change_record(seen: &Seen<'_>, action: &str, reason: &str, organisation: &str) -> Judgement {
    ablatable!("check_change_record");
    let entry = entry_of(seen, "issuer.transition")?;
    let found = entry.operator.as_ref().and_then(|operator| operator.get("orgCode")).and_then(|code| code.as_str());
    crate::equal("entries[].operator.orgCode", organisation, found.unwrap_or_default())?;
    crate::equal("entries[].action", action, entry.action.as_deref().unwrap_or_default())?;
    crate::equal("entries[].reason", reason, entry.reason.as_deref().unwrap_or_default())
}

/// Does the later read begin with the earlier one, with rising numbers?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_append_only(earlier: &Seen<'_>, later: &Seen<'_>) -> Judgement {
    ablatable!("check_append_only");
    let (before, after) = (entries(earlier)?, entries(later)?);
    if !after.windows(2).all(|pair| pair[0].seq < pair[1].seq) {
        let found: Vec<String> = after.iter().map(|entry| entry.seq.to_string()).collect();
        return fail(
            FindingClass::WrongValue,
            "entries[].seq",
            Text::new("numbers that rise", "递增的编号"),
            Text::same(found.join(", ")),
        );
    }
    if after.len() > before.len() && after.starts_with(&before) {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "entries",
        Text::new(
            format!("the {} entries of the earlier read, then new ones", before.len()),
            format!("先是此前的{}个条目，其后为新条目", before.len()),
        ),
        Text::new(format!("{} entries that begin otherwise", after.len()), format!("{}个条目，开头不同", after.len())),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::{TestSeen, test_seen};
    use serde_json::{Value, json};

    fn entry(seq: i64, operation: &str) -> Value {
        json!({"time": "t", "operation": operation, "callerApp": "a", "result": "OK", "seq": seq, "attributes": ["name"],
            "use": {"certificateCopyCause": "c"}, "operator": {"orgCode": "o"}, "action": "SUSPEND", "reason": "CARD_LOST"})
    }

    fn read(entries: &[Value]) -> TestSeen {
        test_seen(200, json!({"entries": entries, "nextPageToken": null}))
    }

    #[test]
    fn entries_are_judged() {
        let seen = read(&[entry(1, "issuer.issue"), entry(4, "issuer.transition")]);
        assert!(check_has_operation(&seen.view(), "issuer.issue").is_ok());
        assert!(check_has_operation(&seen.view(), "issuer.metadata").is_err());
        assert!(check_states_use(&seen.view(), "issuer.issue", "c").is_ok());
        assert!(check_states_use(&seen.view(), "issuer.issue", "d").is_err());
        assert!(check_change_record(&seen.view(), "SUSPEND", "CARD_LOST", "o").is_ok());
        for (action, reason, organisation) in
            [("REVOKE", "CARD_LOST", "o"), ("SUSPEND", "RETENTION", "o"), ("SUSPEND", "CARD_LOST", "p")]
        {
            assert!(check_change_record(&seen.view(), action, reason, organisation).is_err());
        }
        let mut failed = entry(1, "issuer.issue");
        failed["result"] = json!("STATE_CONFLICT");
        assert!(check_has_operation(&read(&[failed]).view(), "issuer.issue").is_err());
    }

    #[test]
    fn append_only() {
        let (a, b, c) = (entry(1, "x"), entry(2, "y"), entry(3, "z"));
        let earlier = read(&[a.clone(), b.clone()]);
        for (later, ok) in [
            (vec![a.clone(), b.clone(), c.clone()], true),
            (vec![a.clone(), b.clone()], false),
            (vec![a.clone(), c.clone()], false),
            (vec![c.clone(), b.clone(), a.clone()], false),
            (vec![b, c.clone(), c], false),
        ] {
            assert_eq!(check_append_only(&earlier.view(), &read(&later).view()).is_ok(), ok);
        }
    }
}

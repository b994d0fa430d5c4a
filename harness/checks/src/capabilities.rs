//! Questions about the capabilities (operation 1).

use std::collections::BTreeSet;

use ecric_model::Text;
use ecric_model::binding::CapabilitiesAnswer;
use ecric_model::finding::{FindingClass, Judgement, fail};
use ecric_model::ics::Feature;

use crate::ablation::ablatable;
use crate::{Seen, equal, message, present};

/// Are the capabilities complete, and do they hold the declared roles and features?
///
/// # Errors
/// `MALFORMED`, `MISSING` or `WRONG_VALUE`.
pub fn check_capabilities(seen: &Seen<'_>, roles: &[&str], features: &[&str]) -> Judgement {
    ablatable!("check_capabilities");
    let answer: CapabilitiesAnswer = message(seen)?;
    equal("binding", "1", answer.binding.as_str())?;
    present("product", Some(&answer.product))?;
    present("version", Some(&answer.version))?;
    contains("roles", &answer.roles, roles)?;
    contains("features", &answer.features, features)?;
    if let Some(unknown) = answer.features.iter().find(|word| Feature::parse(word).is_none()) {
        return fail(
            FindingClass::WrongValue,
            "features",
            Text::new("words of the closed list", "仅用封闭列表中的词"),
            Text::same(unknown),
        );
    }
    if answer.auth_profiles.is_empty() {
        return fail(
            FindingClass::Missing,
            "authProfiles",
            Text::new("at least one", "至少一项"),
            Text::new("none", "无"),
        );
    }
    Ok(())
}

fn contains(place: &str, found: &[String], wanted: &[&str]) -> Judgement {
    let have: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let missing: Vec<&str> = wanted.iter().copied().filter(|word| !have.contains(word)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    fail(
        FindingClass::Missing,
        place,
        Text::same(wanted.join(", ")),
        Text::new(format!("without {}", missing.join(", ")), format!("缺少 {}", missing.join("、"))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::test_seen;
    use serde_json::json;

    #[test]
    fn complete_or_not() {
        let good = json!({"binding": "1", "product": "p", "version": "1", "roles": ["issuer"], "features": ["suspend"],
            "limits": {}, "authProfiles": ["hmac-sm3"], "serverTime": "2026-06-01T09:00:00.123+08:00", "testMode": true});
        let judge = |body| check_capabilities(&test_seen(200, body).view(), &["issuer"], &["suspend"]);
        assert!(judge(good.clone()).is_ok());
        for (member, value) in [
            ("binding", json!("2")),
            ("product", json!("")),
            ("roles", json!(["verifier"])),
            ("features", json!([])),
            ("features", json!(["suspend", "fly"])),
            ("authProfiles", json!([])),
            ("testMode", json!("yes")),
        ] {
            let mut bad = good.clone();
            bad[member] = value;
            assert!(judge(bad).is_err(), "{member}");
        }
    }
}

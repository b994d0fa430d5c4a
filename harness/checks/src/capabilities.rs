//! Questions about the capabilities (operation 1).

use std::collections::BTreeSet;

use ecric_model::Text;
use ecric_model::binding::CapabilitiesAnswer;
use ecric_model::finding::{FindingClass, Judgement, fail};
use ecric_model::ics::Feature;

use crate::ablation::ablatable;
use crate::answers::check_accepted;
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

/// Do the capabilities say that there is no test mode, and name no test control among the features?
///
/// # Errors
/// `NOT_ACCEPTED` and the like, `MALFORMED`, `WRONG_VALUE`.
pub fn check_no_test_mode(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_no_test_mode");
    check_accepted(seen)?;
    let answer: CapabilitiesAnswer = message(seen)?;
    equal("testMode", &false, &answer.test_mode)?;
    let controls = [Feature::ClockControl, Feature::PersonaControl, Feature::TrustControl, Feature::FaultInjection];
    match controls.iter().find(|control| answer.features.iter().any(|word| word == control.name())) {
        None => Ok(()),
        Some(control) => fail(
            FindingClass::WrongValue,
            "features",
            Text::new("no test controls without test mode", "非测试模式下不含测试控制特性"),
            Text::same(control.name()),
        ),
    }
}

/// Do the capabilities name no feature beyond those of the ICS? Absent `features` name none.
///
/// # Errors
/// `NOT_ACCEPTED` and the like, or `WRONG_VALUE` with the features that the ICS lacks.
pub fn check_none_beyond(seen: &Seen<'_>, declared: &[&str]) -> Judgement {
    ablatable!("check_none_beyond");
    check_accepted(seen)?;
    let told = seen.json.and_then(|json| json.get("features")?.as_array());
    let words = told.into_iter().flatten().filter_map(serde_json::Value::as_str);
    let beyond: Vec<&str> = words.filter(|word| !declared.contains(word)).collect();
    if beyond.is_empty() {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "features",
        Text::new("nothing beyond capabilities.features of the target file", "不超出目标文件的 capabilities.features"),
        Text::same(beyond.join(", ")),
    )
}

/// Is a feature that the ICS does not declare indeed not there? A product that takes the request and does
/// something else with it, an ordinary file instead of a copy, does not have the feature.
///
/// # Errors
/// `WRONG_VALUE` at the name of the feature.
pub fn check_not_offered(seen: &Seen<'_>, feature: Feature) -> Judgement {
    ablatable!("check_not_offered");
    if !seen.is_success() || !shows(seen, feature) {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        feature.name(),
        Text::new(
            "NOT_SUPPORTED, or the feature under capabilities.features",
            "NOT_SUPPORTED，或在 capabilities.features 中声明",
        ),
        Text::new(format!("the product does it: {}", seen.summary()), format!("产品已提供：{}", seen.summary())),
    )
}

/// Does a success show the feature itself?
fn shows(seen: &Seen<'_>, feature: Feature) -> bool {
    let Some(json) = seen.json else { return false };
    let has = |member: &str| json.get(member).is_some_and(|value| !value.is_null());
    let text = |member: &str| json.get(member).and_then(serde_json::Value::as_str).unwrap_or_default();
    match feature {
        // Base64 of "%PDF".
        Feature::Pdf => text("mime") == "application/pdf" || text("content").starts_with("JVBER"),
        Feature::Copy => has("content") && has("certificateCopyCreationTime"),
        Feature::Original => has("content") && !has("certificateCopyCreationTime"),
        Feature::Catalogue => {
            let items = json.get("items").and_then(serde_json::Value::as_array);
            items.into_iter().flatten().any(|item| item.get("certificateTypeName").is_some_and(|name| !name.is_null()))
        }
        Feature::StatusList => has("lst"),
        Feature::Attributes => has("result"),
        Feature::Batch => has("items"),
        _ => true,
    }
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
    fn nothing_beyond_the_ics() {
        let judge = |status, body| check_none_beyond(&test_seen(status, body).view(), &["suspend", "copy"]);
        for good in [json!({"features": ["suspend"]}), json!({"features": []}), json!({})] {
            assert!(judge(200, good.clone()).is_ok(), "{good}");
        }
        assert!(judge(200, json!({"features": ["suspend", "pdf"]})).is_err());
        assert!(judge(500, json!({"features": []})).is_err());
    }

    #[test]
    fn undeclared_features_are_told_from_requests_that_do_something_else() {
        let judge = |feature, status, body| check_not_offered(&test_seen(status, body).view(), feature).is_ok();
        for (feature, other, shown) in [
            (Feature::Pdf, json!({"content": "UEsDBA", "mime": "application/ofd"}), json!({"content": "JVBERi0x"})),
            (Feature::Copy, json!({"content": "UEsDBA"}), json!({"content": "a", "certificateCopyCreationTime": "b"})),
            (Feature::Original, json!({"content": "a", "certificateCopyCreationTime": "b"}), json!({"content": "a"})),
            (
                Feature::Catalogue,
                json!({"items": [{"certificateIdentifier": "x"}]}),
                json!({"items": [{"certificateTypeCode": "x", "certificateTypeName": "y"}]}),
            ),
            (Feature::StatusList, json!({}), json!({"lst": "x"})),
            (Feature::Batch, json!({"note": "x"}), json!({"items": []})),
            (Feature::Attributes, json!({}), json!({"result": "VALID"})),
        ] {
            assert!(judge(feature, 200, other), "{feature:?}");
            assert!(!judge(feature, 200, shown.clone()), "{feature:?}");
            assert!(judge(feature, 501, shown), "{feature:?}");
        }
        assert!(!judge(Feature::Audit, 200, json!({})) && judge(Feature::Audit, 404, json!({})));
    }

    #[test]
    fn no_test_mode_is_none() {
        let body = |test_mode: bool, features: serde_json::Value| {
            json!({"binding": "1", "product": "p", "version": "1", "roles": ["issuer"], "features": features,
                "limits": {}, "authProfiles": ["hmac-sm3"], "serverTime": "2026-06-01T09:00:00.123+08:00",
                "testMode": test_mode})
        };
        let judge = |status, body| check_no_test_mode(&test_seen(status, body).view()).is_ok();
        assert!(judge(200, body(false, json!(["suspend"]))));
        assert!(!judge(200, body(true, json!(["suspend"]))));
        assert!(!judge(200, body(false, json!(["clock_control"]))));
        assert!(!judge(404, body(false, json!([]))));
    }

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

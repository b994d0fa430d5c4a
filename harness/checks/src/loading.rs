//! Questions about the loading end (装载端): loading, redeeming, the use log, unloading.

use std::collections::{BTreeMap, BTreeSet};

use ecric_gm::encoding::{from_b64, from_b64url};
use ecric_gm::sm2::spki::parse_spki;
use ecric_gm::x509::Certificate;
use ecric_licence::code::parse_code;
use ecric_licence::signed_json::{EVIDENCE, verify};
use ecric_model::Text;
use ecric_model::binding::{
    BindingState, ChallengeAnswer, DeniedAnswer, ErrorCode, LicenceStatus, LoadAnswer, RedeemAnswer, UseEntry, UseKind,
    UsesAnswer,
};
use ecric_model::finding::{Finding, FindingClass, Judgement, fail};
use serde_json::Value;

use crate::ablation::ablatable;
use crate::answers::{check_accepted, check_delivered, quoted};
use crate::{Grain, Seen, equal, message};

/// Bytes of a challenge.
const CHALLENGE_LENGTH: usize = 32;

/// Was the first call answered with a challenge, and does it say how the holder can authenticate?
///
/// # Errors
/// `FALSE_ACCEPT` for a 2xx, `WRONG_REASON` for another refusal, `MALFORMED`, `MISSING`.
pub fn check_challenge(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_challenge");
    check_delivered(seen)?;
    let wanted = Text::new("401 HOLDER_AUTH_REQUIRED with a challenge", "401 HOLDER_AUTH_REQUIRED 并附挑战值");
    if seen.is_success() {
        return fail(FindingClass::FalseAccept, "status", wanted, Text::same(seen.summary()));
    }
    if seen.status != 401 || seen.code() != Some(ErrorCode::HolderAuthRequired.code()) {
        return fail(FindingClass::WrongReason, "code", wanted, Text::same(seen.summary()));
    }
    let answer: ChallengeAnswer = message(seen)?;
    let length = from_b64url(&answer.challenge).map(|bytes| bytes.len()).unwrap_or_default();
    if length != CHALLENGE_LENGTH {
        return fail(
            FindingClass::Malformed,
            "challenge",
            Text::new("32 bytes in base64url", "base64url编码的32字节"),
            Text::new(format!("{length} bytes"), format!("{length}字节")),
        );
    }
    if answer.methods.is_empty() {
        return fail(FindingClass::Missing, "methods", Text::new("at least one method", "至少一种方式"), quoted(""));
    }
    Ok(())
}

fn is_uuid(text: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    text.len() == 36
        && text.char_indices().all(|(at, c)| if dashes.contains(&at) { c == '-' } else { c.is_ascii_hexdigit() })
}

/// Was the licence loaded, with a handle and a certificate for this device key (`04‖x‖y`)?
///
/// # Errors
/// Those of [`check_accepted`], `MALFORMED`, `MISSING`, `WRONG_VALUE`.
pub fn check_loaded(seen: &Seen<'_>, device_key: Option<&[u8]>) -> Judgement {
    ablatable!("check_loaded");
    check_accepted(seen)?;
    let answer: LoadAnswer = message(seen)?;
    if !is_uuid(&answer.loaded_licence_id) {
        let wanted = Text::same("a UUID");
        return fail(FindingClass::Malformed, "loadedLicenceId", wanted, quoted(&answer.loaded_licence_id));
    }
    let Some(device_key) = device_key else { return Ok(()) };
    let binding = crate::present("deviceBinding", answer.device_binding.as_deref())?;
    let certificate = from_b64(binding).ok().and_then(|der| Certificate::read(&der).ok());
    let Some(certificate) = certificate else {
        let wanted = Text::new("an X.509 certificate in base64", "base64编码的X.509证书");
        return fail(FindingClass::Malformed, "deviceBinding", wanted, Text::new("something else", "其他内容"));
    };
    if parse_spki(&certificate.spki).is_ok_and(|key| key.to_uncompressed()[..] == *device_key) {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "deviceBinding",
        Text::new("a certificate for the device's key", "设备密钥的证书"),
        Text::new("a certificate for another key", "其他密钥的证书"),
    )
}

/// Is the handle of the loaded licence the earlier one, with the mark of a replay?
///
/// # Errors
/// Those of [`check_accepted`], `WRONG_VALUE`.
pub fn check_loaded_again(seen: &Seen<'_>, earlier: &str) -> Judgement {
    ablatable!("check_loaded_again");
    check_accepted(seen)?;
    let answer: LoadAnswer = message(seen)?;
    equal("loadedLicenceId", earlier, answer.loaded_licence_id.as_str())?;
    equal("header Idempotent-Replay", "true", seen.header("idempotent-replay").unwrap_or_default())
}

/// Was the request refused with one of the codes? At [`Grain::Outcome`] any 4xx is a refusal.
///
/// # Errors
/// As [`crate::refusals::check_refused`].
pub fn check_refused_as(seen: &Seen<'_>, codes: &[ErrorCode], grain: Grain) -> Judgement {
    ablatable!("check_refused_as");
    crate::refusals::check_refused(seen, codes, None, grain)
}

/// Was the holder's refusal taken, and nothing given that goes with an approval? Members that binding v1 does not
/// know are no fault; values of the person are searched apart.
///
/// # Errors
/// Those of [`check_accepted`], `WRONG_VALUE`, `LEAK`.
pub fn check_denied(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_denied");
    check_accepted(seen)?;
    let answer: DeniedAnswer = message(seen)?;
    equal("denied", &true, &answer.denied)?;
    let given = ["code", "codeId", "issuedAt", "expiresAt", "grantedAttributes"];
    let told: Vec<&str> =
        given.into_iter().filter(|name| seen.json.is_some_and(|json| json.get(name).is_some())).collect();
    if told.is_empty() {
        return Ok(());
    }
    fail(FindingClass::Leak, "body", Text::same("denied"), Text::same(told.join(", ")))
}

/// Does the redeemed code give exactly these attributes, of a licence that is VALID?
///
/// Values are compared and never repeated in a finding.
///
/// # Errors
/// Those of [`check_accepted`], `LEAK` for what was not granted or not wanted, `MISSING`, `WRONG_VALUE`.
pub fn check_redeemed(seen: &Seen<'_>, expected: &BTreeMap<String, Value>) -> Judgement {
    ablatable!("check_redeemed");
    check_accepted(seen)?;
    let answer: RedeemAnswer = message(seen)?;
    equal("certificateStatus", &LicenceStatus::Valid, &answer.certificate_status)?;
    check_members(&answer.attributes, expected)
}

fn check_members(found: &BTreeMap<String, Value>, expected: &BTreeMap<String, Value>) -> Judgement {
    if let Some(name) = found.keys().find(|name| !expected.contains_key(*name)) {
        return fail(
            FindingClass::Leak,
            "attributes",
            Text::new("only what was granted and wanted", "仅限已授权且所请求的属性"),
            Text::same(name.clone()),
        );
    }
    for (name, value) in expected {
        let place = format!("attributes.{name}");
        match found.get(name) {
            None => {
                return fail(FindingClass::Missing, place, Text::new("a value", "有值"), quoted(""));
            }
            Some(given) if given != value => {
                return fail(
                    FindingClass::WrongValue,
                    place,
                    Text::new("the value of the licence", "证照中的值"),
                    Text::new("another value", "其他值"),
                );
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Does a redeemed code tell the status, and no attribute, of a licence that is not VALID?
///
/// # Errors
/// Those of [`check_accepted`], `LEAK`, `WRONG_VALUE`.
pub fn check_status_without_attributes(seen: &Seen<'_>, status: LicenceStatus) -> Judgement {
    ablatable!("check_status_without_attributes");
    check_accepted(seen)?;
    let answer: RedeemAnswer = message(seen)?;
    check_no_attributes(&answer, Text::new("none for a licence that is not VALID", "非VALID证照不返回属性"))?;
    equal("certificateStatus", &status, &answer.certificate_status)
}

/// `wanted` tells why there may be none.
fn check_no_attributes(answer: &RedeemAnswer, wanted: Text) -> Judgement {
    if answer.attributes.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = answer.attributes.keys().map(String::as_str).collect();
    fail(FindingClass::Leak, "attributes", wanted, Text::same(names.join(", ")))
}

/// Does a code of a licence that is off its device give nothing: refused, or without attributes and with a
/// binding that is no longer ACTIVE?
///
/// # Errors
/// As [`check_refused_as`] for a refusal, `LEAK`, `WRONG_STATE`.
pub fn check_spent_by_unload(seen: &Seen<'_>, grain: Grain) -> Judgement {
    ablatable!("check_spent_by_unload");
    check_delivered(seen)?;
    if !seen.is_success() {
        let codes = [ErrorCode::Gone, ErrorCode::CodeExpired, ErrorCode::CodeUsed, ErrorCode::NotFound];
        return check_refused_as(seen, &codes, grain);
    }
    let answer: RedeemAnswer = message(seen)?;
    check_no_attributes(&answer, Text::new("none for a licence that is off its device", "证照已卸载时不返回属性"))?;
    if answer.issuer_evidence.binding_state != BindingState::Active {
        return Ok(());
    }
    fail(
        FindingClass::WrongState,
        "issuerEvidence.bindingState",
        Text::new("a binding that has ended", "已终止的绑定"),
        Text::same(BindingState::Active.code()),
    )
}

/// Do attributes come only together with the status VALID?
///
/// # Errors
/// Those of [`check_delivered`], `LEAK`.
pub fn check_no_attributes_unless_valid(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_no_attributes_unless_valid");
    check_delivered(seen)?;
    if !seen.is_success() {
        return Ok(());
    }
    let answer: RedeemAnswer = message(seen)?;
    if answer.attributes.is_empty() || answer.certificate_status == LicenceStatus::Valid {
        return Ok(());
    }
    fail(
        FindingClass::Leak,
        "attributes",
        Text::new("attributes only with the status VALID", "仅在状态为VALID时返回属性"),
        Text::new(
            format!("attributes with {}", answer.certificate_status),
            format!("状态 {} 下返回属性", answer.certificate_status),
        ),
    )
}

/// Does the evidence belong to this code and this party, and is it signed by a listed signer?
///
/// `signers` is `None` where the product lists none; the signature is then not judged.
///
/// # Errors
/// Those of [`check_accepted`], `WRONG_VALUE`, `MISSING`.
pub fn check_evidence(seen: &Seen<'_>, code: &str, audience: &str, signers: Option<&[Certificate]>) -> Judgement {
    ablatable!("check_evidence");
    check_accepted(seen)?;
    let answer: RedeemAnswer = message(seen)?;
    let evidence = &answer.issuer_evidence;
    if let Ok(read) = parse_code(code) {
        let (id, handle) = (read.payload.code_id, read.payload.handle);
        for (place, text, wanted) in [
            ("codeId", &answer.code_id, &id),
            ("issuerEvidence.codeId", &evidence.code_id, &id),
            ("issuerEvidence.ref", &evidence.reference, &handle),
        ] {
            if from_b64url(text).is_ok_and(|bytes| bytes == wanted) {
                continue;
            }
            let wanted = Text::new("the value of the code", "出示码中的值");
            return fail(FindingClass::WrongValue, place, wanted, quoted(text));
        }
    }
    equal("issuerEvidence.audience", audience, evidence.audience.as_str())?;
    equal("issuerEvidence.bindingState", &BindingState::Active, &evidence.binding_state)?;
    equal("issuerEvidence.certificateStatus", &answer.certificate_status, &evidence.certificate_status)?;
    if evidence.attributes != answer.attributes {
        return fail(
            FindingClass::WrongValue,
            "issuerEvidence.attributes",
            Text::new("the attributes of the answer", "应答中的属性"),
            Text::new("others", "其他属性"),
        );
    }
    let Some(signers) = signers else { return Ok(()) };
    let object = seen.json.and_then(|json| json.get("issuerEvidence")?.as_object());
    let signed = object.is_some_and(|object| {
        signers.iter().any(|signer| {
            parse_spki(&signer.spki).is_ok_and(|key| verify(EVIDENCE, object, &signer.kid(), &key).is_ok())
        })
    });
    if signed {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "issuerEvidence.sig",
        Text::new("a signature of a listed signer", "由所列签名者签名"),
        Text::new("none that verifies", "没有可验证的签名"),
    )
}

/// What the use log has to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedUse<'a> {
    /// What it is about.
    pub kind: UseKind,
    /// `APPROVE` or `DENY`, where the holder decided.
    pub decision: Option<&'a str>,
    /// True for `OK`.
    pub succeeded: bool,
    /// Scope names that must stand there.
    pub attributes: Vec<&'a str>,
}

fn entries(seen: &Seen<'_>) -> Result<Vec<UseEntry>, Box<Finding>> {
    check_accepted(seen)?;
    message::<UsesAnswer>(seen).map(|answer| answer.entries)
}

/// Does the use log show everything that happened?
///
/// # Errors
/// Those of [`check_accepted`], `MISSING`.
pub fn check_log_complete(seen: &Seen<'_>, wanted: &[WantedUse<'_>]) -> Judgement {
    ablatable!("check_log_complete");
    let entries = entries(seen)?;
    for one in wanted {
        let names: BTreeSet<&str> = one.attributes.iter().copied().collect();
        let shown = entries.iter().any(|entry| {
            entry.kind == one.kind
                && (one.decision.is_none() || entry.decision.as_deref() == one.decision)
                && (entry.result == "OK") == one.succeeded
                && names.iter().all(|name| entry.attributes.iter().any(|found| found == name))
        });
        if !shown {
            let what = format!(
                "{}{}{}",
                one.kind,
                one.decision.map(|word| format!(" {word}")).unwrap_or_default(),
                if one.succeeded { "" } else { " refused" }
            );
            let found: Vec<String> = entries.iter().map(|entry| format!("{} {}", entry.kind, entry.result)).collect();
            return fail(
                FindingClass::Missing,
                "entries",
                Text::new(format!("an entry for {what}"), format!("{what} 的条目")),
                if found.is_empty() { quoted("") } else { Text::same(found.join(", ")) },
            );
        }
    }
    Ok(())
}

/// A consent as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent<'a> {
    /// Relying party.
    pub audience: &'a str,
    /// Its name.
    pub audience_name: &'a str,
    /// Scene.
    pub scene: &'a str,
    /// Stated cause.
    pub cause: &'a str,
    /// Scope names granted.
    pub attributes: &'a [&'a str],
}

/// Does the use log keep the consent: who, where, why, what?
///
/// # Errors
/// Those of [`check_accepted`], `MISSING`, `WRONG_VALUE`.
pub fn check_consent_kept(seen: &Seen<'_>, consent: &Consent<'_>) -> Judgement {
    ablatable!("check_consent_kept");
    let entries = entries(seen)?;
    let found = entries.iter().rev().find(|entry| {
        entry.kind == UseKind::Present && entry.decision.as_deref() == Some("APPROVE") && entry.result == "OK"
    });
    let Some(entry) = found else {
        return fail(
            FindingClass::Missing,
            "entries",
            Text::new("an entry for the approved presentation", "已同意出示的条目"),
            quoted(""),
        );
    };
    equal("entries[].audience", consent.audience, entry.audience.as_deref().unwrap_or_default())?;
    equal("entries[].audienceName", consent.audience_name, entry.audience_name.as_deref().unwrap_or_default())?;
    equal("entries[].scene", consent.scene, entry.scene.as_deref().unwrap_or_default())?;
    let cause = entry.stated_use.as_ref().and_then(|stated| stated.get("certificateCopyCause")?.as_str());
    equal("entries[].use.certificateCopyCause", consent.cause, cause.unwrap_or_default())?;
    let kept: BTreeSet<&str> = entry.attributes.iter().map(String::as_str).collect();
    let given: BTreeSet<&str> = consent.attributes.iter().copied().collect();
    let list = |set: &BTreeSet<&str>| set.iter().copied().collect::<Vec<_>>().join(", ");
    equal("entries[].attributes", list(&given).as_str(), list(&kept).as_str())
}

/// Is the entry gone from the holder's view?
///
/// # Errors
/// Those of [`check_accepted`], `WRONG_STATE`.
pub fn check_entry_gone(seen: &Seen<'_>, entry_id: &str) -> Judgement {
    ablatable!("check_entry_gone");
    if !entries(seen)?.iter().any(|entry| entry.entry_id == entry_id) {
        return Ok(());
    }
    fail(
        FindingClass::WrongState,
        "entries",
        Text::new("the deleted entry is gone", "已删除的条目不再出现"),
        Text::new("it is still there", "仍存在"),
    )
}

/// Is the licence off the device: 204, or 410 for one that was off already?
///
/// # Errors
/// Those of [`check_delivered`], `FALSE_REJECT`.
pub fn check_unloaded(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_unloaded");
    check_delivered(seen)?;
    if seen.is_success() || seen.status == 410 {
        return Ok(());
    }
    fail(
        FindingClass::FalseReject,
        "status",
        Text::new("204, or 410 if it was off already", "204；若已卸载则为410"),
        Text::same(seen.summary()),
    )
}

/// Do two redeemed answers have the same shape and length, so that they tell nothing but their values?
///
/// # Errors
/// Those of [`check_accepted`], `LEAK`.
pub fn check_answers_alike(one: &Seen<'_>, other: &Seen<'_>) -> Judgement {
    ablatable!("check_answers_alike");
    check_accepted(one)?;
    check_accepted(other)?;
    let names = |seen: &Seen<'_>| {
        let attributes = seen.json.and_then(|json| json.get("attributes")?.as_object());
        attributes.map(|members| members.keys().cloned().collect::<Vec<_>>().join(", ")).unwrap_or_default()
    };
    if names(one) != names(other) {
        return fail(FindingClass::Leak, "attributes", Text::same(names(one)), Text::same(names(other)));
    }
    if one.text.len() == other.text.len() {
        return Ok(());
    }
    fail(
        FindingClass::Leak,
        "body",
        Text::new(format!("{} bytes for both persons", one.text.len()), format!("两人均为{}字节", one.text.len())),
        Text::new(format!("{} bytes", other.text.len()), format!("{}字节", other.text.len())),
    )
}

/// Does one holder have another pairwise identifier at each of two parties?
///
/// # Errors
/// Those of [`check_accepted`], `MISSING`, `MALFORMED`, `LEAK`.
pub fn check_pairwise(one: &Seen<'_>, other: &Seen<'_>) -> Judgement {
    ablatable!("check_pairwise");
    let read = |seen: &Seen<'_>| -> Result<String, Box<Finding>> {
        check_accepted(seen)?;
        let answer: RedeemAnswer = message(seen)?;
        let text = answer.attributes.get("pairwiseId").and_then(Value::as_str).map(str::to_owned);
        let text = crate::present("attributes.pairwiseId", text.as_deref())?.to_owned();
        if from_b64url(&text).is_ok_and(|bytes| bytes.len() == 16) {
            return Ok(text);
        }
        let wanted = Text::new("16 bytes in base64url", "base64url编码的16字节");
        Err(Box::new(Finding::new(FindingClass::Malformed, "attributes.pairwiseId", wanted, quoted(&text))))
    };
    if read(one)? != read(other)? {
        return Ok(());
    }
    fail(
        FindingClass::Leak,
        "attributes.pairwiseId",
        Text::new("another value for each party", "对不同依赖方取不同的值"),
        Text::new("the same value for both", "两方相同"),
    )
}

/// Are unknown codes all refused, and throttled once there are too many?
///
/// `limit` is what the product declares for ten seconds; `None` where it declares nothing.
///
/// # Errors
/// `FALSE_ACCEPT`, `WRONG_REASON`, `MISSING` where nothing was throttled, those of [`check_delivered`].
pub fn check_guesses_refused(answers: &[Seen<'_>], limit: Option<u32>) -> Judgement {
    ablatable!("check_guesses_refused");
    for seen in answers {
        let codes = [ErrorCode::NotFound, ErrorCode::RateLimited, ErrorCode::InvalidRequest];
        crate::refusals::check_refused(seen, &codes, None, Grain::Reason)?;
    }
    let beyond = limit.is_some_and(|limit| u32::try_from(answers.len()).unwrap_or(u32::MAX) > limit);
    if beyond && !answers.iter().any(|seen| seen.status == 429) {
        return fail(
            FindingClass::Missing,
            "status",
            Text::new("429 beyond the declared limit", "超过所声明的限值后返回429"),
            Text::new("no guess was throttled", "猜测未被限流"),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::test_seen;
    use ecric_gm::encoding::b64url;
    use serde_json::json;

    #[test]
    fn challenges() {
        let good = json!({"code": "HOLDER_AUTH_REQUIRED", "message": "m", "challenge": b64url(&[7; 32]),
            "challengeExpiresAt": "2026-06-01T09:05:00+08:00", "methods": ["PIN"]});
        assert!(check_challenge(&test_seen(401, good.clone()).view()).is_ok());
        let mut short = good.clone();
        short["challenge"] = json!(b64url(&[7; 16]));
        let mut none = good.clone();
        none["methods"] = json!([]);
        for (status, body, class) in [
            (201, json!({}), FindingClass::FalseAccept),
            (401, json!({"code": "UNAUTHENTICATED"}), FindingClass::WrongReason),
            (403, good, FindingClass::WrongReason),
            (401, short, FindingClass::Malformed),
            (401, none, FindingClass::Missing),
            (500, json!({}), FindingClass::ServerError),
        ] {
            assert_eq!(check_challenge(&test_seen(status, body).view()).unwrap_err().class, class, "{status}");
        }
    }

    fn redeemed(attributes: &Value, status: &str) -> Value {
        json!({"attributes": attributes, "certificateStatus": status, "statusTime": "t", "codeId": "AA",
            "issuerEvidence": {"codeId": "AA", "ref": "AA", "audience": "a", "attributes": attributes,
                "certificateStatus": status, "statusVersion": 1, "statusTime": "t", "bindingState": "ACTIVE",
                "issuedAt": "t", "exp": "t"}})
    }

    #[test]
    fn only_what_was_granted() {
        let expected = BTreeMap::from([("name".to_owned(), json!("测试甲"))]);
        let judge = |body: Value| check_redeemed(&test_seen(200, body).view(), &expected).map_err(|found| found.class);
        assert_eq!(judge(redeemed(&json!({"name": "测试甲"}), "VALID")), Ok(()));
        assert_eq!(judge(redeemed(&json!({"name": "测试乙"}), "VALID")), Err(FindingClass::WrongValue));
        assert_eq!(judge(redeemed(&json!({}), "VALID")), Err(FindingClass::Missing));
        assert_eq!(judge(redeemed(&json!({"name": "测试甲", "sex": "1"}), "VALID")), Err(FindingClass::Leak));
        assert_eq!(judge(redeemed(&json!({"name": "测试甲"}), "SUSPENDED")), Err(FindingClass::WrongValue));
    }

    #[test]
    fn no_attributes_with_another_status() {
        let of = |attributes: Value, status: &str| test_seen(200, redeemed(&attributes, status));
        let full = json!({"name": "x"});
        assert!(check_no_attributes_unless_valid(&of(full.clone(), "VALID").view()).is_ok());
        assert!(check_no_attributes_unless_valid(&of(json!({}), "SUSPENDED").view()).is_ok());
        assert!(check_no_attributes_unless_valid(&of(full.clone(), "SUSPENDED").view()).is_err());
        let suspended = LicenceStatus::Suspended;
        assert!(check_status_without_attributes(&of(json!({}), "SUSPENDED").view(), suspended).is_ok());
        assert!(check_status_without_attributes(&of(full, "SUSPENDED").view(), suspended).is_err());
        assert!(check_status_without_attributes(&of(json!({}), "VALID").view(), suspended).is_err());
    }

    #[test]
    fn an_unloaded_licence_gives_nothing() {
        let judge = |status: u16, body: Value| {
            check_spent_by_unload(&test_seen(status, body).view(), Grain::Reason).map_err(|found| found.class)
        };
        let mut ended = redeemed(&json!({}), "VALID");
        ended["issuerEvidence"]["bindingState"] = json!("REVOKED");
        assert_eq!(judge(200, ended), Ok(()));
        assert_eq!(judge(410, json!({"code": "GONE", "message": "m", "requestId": "r"})), Ok(()));
        assert_eq!(judge(200, redeemed(&json!({"name": "x"}), "VALID")), Err(FindingClass::Leak));
        assert_eq!(judge(200, redeemed(&json!({}), "VALID")), Err(FindingClass::WrongState));
        assert!(judge(403, json!({"code": "FORBIDDEN", "message": "m", "requestId": "r"})).is_err());
        assert!(judge(500, json!({})).is_err());
    }

    #[test]
    fn evidence_belongs_to_the_party() {
        let seen = test_seen(200, redeemed(&json!({}), "VALID"));
        assert!(check_evidence(&seen.view(), "", "a", None).is_ok());
        assert!(check_evidence(&seen.view(), "", "b", None).is_err());
        assert!(check_evidence(&seen.view(), "", "a", Some(&[])).is_err());
    }

    #[test]
    fn denial_says_nothing_more() {
        assert!(check_denied(&test_seen(200, json!({"denied": true})).view()).is_ok());
        assert!(check_denied(&test_seen(200, json!({"denied": true, "grantedAttributes": []})).view()).is_err());
        assert!(check_denied(&test_seen(200, json!({"denied": true, "vendorExtension": 1})).view()).is_ok());
        assert!(check_denied(&test_seen(201, json!({"code": "ECR1:"})).view()).is_err());
    }

    fn log(entries: &Value) -> crate::seen::TestSeen {
        test_seen(200, json!({"entries": entries, "nextPageToken": null}))
    }

    #[test]
    fn the_log_shows_it_all() {
        let entry = json!({"entryId": "e", "time": "t", "kind": "PRESENT", "audience": "a", "audienceName": "n",
            "scene": "HOTEL", "use": {"certificateCopyCause": "c"}, "attributes": ["name"], "decision": "APPROVE",
            "result": "OK"});
        let seen = log(&json!([entry]));
        let wanted = |kind, decision, succeeded, attributes| WantedUse { kind, decision, succeeded, attributes };
        let good = wanted(UseKind::Present, Some("APPROVE"), true, vec!["name"]);
        assert!(check_log_complete(&seen.view(), std::slice::from_ref(&good)).is_ok());
        for missing in [
            wanted(UseKind::Load, None, true, vec![]),
            wanted(UseKind::Present, Some("DENY"), true, vec![]),
            wanted(UseKind::Present, Some("APPROVE"), false, vec![]),
            wanted(UseKind::Present, Some("APPROVE"), true, vec!["sex"]),
        ] {
            assert!(check_log_complete(&seen.view(), &[good.clone(), missing]).is_err());
        }
        let consent = Consent { audience: "a", audience_name: "n", scene: "HOTEL", cause: "c", attributes: &["name"] };
        assert!(check_consent_kept(&seen.view(), &consent).is_ok());
        for other in [
            Consent { audience: "b", ..consent.clone() },
            Consent { audience_name: "b", ..consent.clone() },
            Consent { scene: "GOV", ..consent.clone() },
            Consent { cause: "d", ..consent.clone() },
            Consent { attributes: &["name", "sex"], ..consent.clone() },
        ] {
            assert!(check_consent_kept(&seen.view(), &other).is_err());
        }
        assert!(check_consent_kept(&log(&json!([])).view(), &consent).is_err());
        assert!(check_entry_gone(&seen.view(), "f").is_ok() && check_entry_gone(&seen.view(), "e").is_err());
    }

    #[test]
    fn unloading_and_guessing() {
        for (status, ok) in [(204, true), (410, true), (409, false), (500, false)] {
            assert_eq!(check_unloaded(&test_seen(status, json!({})).view()).is_ok(), ok, "{status}");
        }
        let (no, busy) =
            (test_seen(404, json!({"code": "NOT_FOUND"})), test_seen(429, json!({"code": "RATE_LIMITED"})));
        let yes = test_seen(200, json!({}));
        assert!(check_guesses_refused(&[no.view(), no.view()], Some(5)).is_ok());
        assert!(check_guesses_refused(&[no.view(), busy.view()], Some(1)).is_ok());
        assert!(check_guesses_refused(&[no.view(), no.view()], Some(1)).is_err());
        assert!(check_guesses_refused(&[no.view(), yes.view()], None).is_err());
    }

    #[test]
    fn alike_and_pairwise() {
        let of = |attributes: Value| test_seen(200, redeemed(&attributes, "VALID"));
        let (a, b) = (of(json!({"ageOver18": true})), of(json!({"ageOver18": true})));
        assert!(check_answers_alike(&a.view(), &b.view()).is_ok());
        assert!(check_answers_alike(&a.view(), &of(json!({"ageOver18": true, "note": ""})).view()).is_err());
        assert!(check_answers_alike(&a.view(), &of(json!({"ageOver18": false})).view()).is_err());
        let pair = |byte| of(json!({"pairwiseId": b64url(&[byte; 16])}));
        assert!(check_pairwise(&pair(1).view(), &pair(2).view()).is_ok());
        assert!(check_pairwise(&pair(1).view(), &pair(1).view()).is_err());
        assert!(check_pairwise(&pair(1).view(), &of(json!({"pairwiseId": "x"})).view()).is_err());
        assert!(check_pairwise(&pair(1).view(), &a.view()).is_err());
    }

    #[test]
    fn loaded_licences() {
        let id = "5b0e0000-0000-4000-8000-000000000000";
        let good = json!({"loadedLicenceId": id, "attributesAvailable": []});
        assert!(check_loaded(&test_seen(201, good.clone()).view(), None).is_ok());
        assert!(check_loaded(&test_seen(201, good.clone()).view(), Some(&[4; 65])).is_err());
        assert!(check_loaded(&test_seen(201, json!({"loadedLicenceId": "1"})).view(), None).is_err());
        assert!(check_loaded(&test_seen(403, json!({})).view(), None).is_err());
        let mut again = test_seen(201, good);
        again.headers.push(("idempotent-replay".into(), "true".into()));
        assert!(check_loaded_again(&again.view(), id).is_ok());
        assert!(check_loaded_again(&again.view(), "x").is_err());
        let codes = [ErrorCode::HolderAuthFailed];
        let refused = test_seen(403, json!({"code": "HOLDER_AUTH_FAILED"}));
        assert!(check_refused_as(&refused.view(), &codes, Grain::Reason).is_ok());
        assert!(check_refused_as(&again.view(), &codes, Grain::Reason).is_err());
    }
}

//! Questions about licence files: what an issuer makes, and what a verifier says of one.

use ecric_gm::encoding::{from_b64, hex};
use ecric_gm::sm3;
use ecric_licence::file::{FileReport, Outcome, Policy, Reading, StepId, Trust, verify_file};
use ecric_licence::layout::MIME;
use ecric_model::Text;
use ecric_model::binding::{CheckOutcome, LicenceRecord, StatusSource, VerifyOutcome, VerifyResult};
use ecric_model::finding::{Finding, FindingClass, Judgement, fail};
use ecric_model::reason::class_of;
use serde_json::Value;
use time::OffsetDateTime;

use crate::ablation::ablatable;
use crate::answers::check_accepted;
use crate::{Grain, Seen, equal, message};

/// What must come of a file that is not as it should be.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The result.
    pub outcome: VerifyOutcome,
    /// Codes of which one must be among the reasons, by class.
    pub codes: &'a [&'static str],
    /// Codes that may stand beside it.
    pub knock_on: &'a [&'static str],
}

/// Did the verifier stop the file, for one of the reasons it must be stopped for and nothing else?
///
/// # Errors
/// `FALSE_ACCEPT`, `WRONG_VALUE` or `WRONG_REASON`.
pub fn check_stopped(seen: &Seen<'_>, expected: &Expected<'_>, grain: Grain) -> Judgement {
    ablatable!("check_stopped");
    check_accepted(seen)?;
    let answer: VerifyResult = message(seen)?;
    let codes = expected.codes.join(" / ");
    let wanted =
        Text::new(format!("{} because of {codes}", expected.outcome), format!("{}，原因 {codes}", expected.outcome));
    let reasons = answer.reasons.join(", ");
    let found = Text::same(format!("{} {reasons}", answer.result));
    if answer.result != expected.outcome {
        let class =
            if answer.result == VerifyOutcome::Valid { FindingClass::FalseAccept } else { FindingClass::WrongValue };
        return fail(class, "result", wanted, found);
    }
    if grain == Grain::Outcome {
        return Ok(());
    }
    let class = |code: &str| class_of(code).map(|class| class.code);
    // A coarse reason of a dialect is several classes joined by bars: one of them is enough.
    let among = |list: &[&'static str], code: &str| {
        code.split('|').any(|one| class(one).is_some() && list.iter().any(|known| class(known) == class(one)))
    };
    let right = answer.reasons.iter().any(|code| among(expected.codes, code));
    let stray = answer.reasons.iter().any(|code| !among(expected.codes, code) && !among(expected.knock_on, code));
    if right && !stray { Ok(()) } else { fail(FindingClass::WrongReason, "reasons", wanted, found) }
}

/// Does an INVALID verdict name a failed check for each of its reasons?
///
/// # Errors
/// `FALSE_ACCEPT`, `WRONG_VALUE` or `MISSING`.
pub fn check_failed_step(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_failed_step");
    check_accepted(seen)?;
    let answer: VerifyResult = message(seen)?;
    if answer.result != VerifyOutcome::Invalid {
        let accepted = answer.result == VerifyOutcome::Valid;
        let class = if accepted { FindingClass::FalseAccept } else { FindingClass::WrongValue };
        return fail(class, "result", Text::same("INVALID"), Text::same(answer.result.code()));
    }
    let failed = |key: &&str| answer.checks.get(*key) == Some(&CheckOutcome::Fail);
    // A coarse reason of a dialect is several classes joined by bars.
    let named = |code: &str| class_of(code).is_some_and(|class| class.checks.iter().any(failed));
    let unnamed = answer.reasons.iter().find(|code| !code.split('|').any(named));
    match (answer.reasons.is_empty(), unnamed) {
        (false, None) => Ok(()),
        (_, code) => fail(
            FindingClass::Missing,
            "checks",
            Text::new("a failed check for each reason", "每个原因对应一个未通过的检查项"),
            code.map_or_else(
                || Text::new("no reason", "无原因"),
                |code| Text::new(format!("none for {code}"), format!("{code} 无对应项")),
            ),
        ),
    }
}

/// Was something that is no licence file refused, with an error or as INVALID?
///
/// # Errors
/// `FALSE_ACCEPT`, `WRONG_VALUE`, or those of an answer that is none.
pub fn check_not_a_file(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_not_a_file");
    crate::answers::check_delivered(seen)?;
    if (400..500).contains(&seen.status) {
        return Ok(());
    }
    let answer: VerifyResult = message(seen)?;
    let wanted = Text::new("a 4xx or INVALID", "4xx或INVALID");
    match answer.result {
        VerifyOutcome::Invalid => Ok(()),
        VerifyOutcome::Valid => fail(FindingClass::FalseAccept, "result", wanted, Text::same("VALID")),
        VerifyOutcome::Indeterminate => fail(FindingClass::WrongValue, "result", wanted, Text::same("INDETERMINATE")),
    }
}

/// The file in an answer of operation 4, inline.
///
/// # Errors
/// `MISSING`, `MALFORMED`, or those of an answer that is none.
pub fn inline_file(seen: &Seen<'_>) -> Result<Vec<u8>, Box<Finding>> {
    check_accepted(seen)?;
    let text = seen.json.and_then(|json| json["content"].as_str()).unwrap_or_default();
    from_b64(text).ok().filter(|bytes| !bytes.is_empty()).ok_or_else(|| {
        Box::new(Finding::new(
            FindingClass::Malformed,
            "content",
            Text::new("the file in base64 with padding", "带填充的base64文件"),
            Text::new(
                format!("{} characters that are not", text.chars().count()),
                format!("{} 个字符，不是base64", text.chars().count()),
            ),
        ))
    })
}

/// Are size, digest and media type of the file those that the answer announces?
///
/// # Errors
/// `WRONG_VALUE` or `MISSING`.
pub fn check_announced(seen: &Seen<'_>, file: &[u8]) -> Judgement {
    ablatable!("check_announced");
    let member = |name: &str| seen.json.map_or(&Value::Null, |json| &json[name]);
    equal("size", file.len().to_string().as_str(), member("size").to_string().as_str())?;
    equal("sm3", sm3::digest_hex(file).as_str(), member("sm3").as_str().unwrap_or("-"))?;
    equal("mime", MIME, member("mime").as_str().unwrap_or("-"))
}

/// The staged verification of an issuer's file, as the judge does it: strict, nothing left out.
#[must_use]
pub fn verify(file: &[u8], trust: &Trust, at: OffsetDateTime) -> FileReport {
    verify_file(file, trust, &Policy::default(), Reading::Strict, at)
}

/// Do these steps of the verification hold? A step that had nothing to check does not hold either,
/// unless it is in `optional`.
///
/// # Errors
/// `WRONG_VALUE` with the step, the reason and the place.
pub fn check_steps(report: &FileReport, steps: &[StepId], optional: &[StepId]) -> Judgement {
    ablatable!("check_steps");
    for step in report.steps.iter().filter(|step| steps.contains(&step.id)) {
        let skipped = step.outcome == Outcome::Skipped && !optional.contains(&step.id);
        if step.outcome == Outcome::Pass || (step.outcome == Outcome::Skipped && !skipped) {
            continue;
        }
        let (title_en, title_zh) = step.id.title();
        let reason = step.reasons.first();
        let told =
            reason.map_or_else(|| "SKIPPED".to_owned(), |reason| format!("{}: {}", reason.text(), reason.detail));
        return fail(
            FindingClass::WrongValue,
            format!("file, step {}", step.id.id()),
            Text::new(format!("{title_en}: PASS"), format!("{title_zh}：PASS")),
            Text::same(told),
        );
    }
    Ok(())
}

/// The step that looks for a reason, for those that cases ask about.
fn looked_for_by(code: &str) -> Option<StepId> {
    Some(match code {
        "ACTIVE_CONTENT" => StepId::P2,
        "WEAK_OR_UNKNOWN_DIGEST" => StepId::P5,
        "SIG_METHOD" => StepId::S2,
        "KEY_BAD" => StepId::S3,
        "META_MISSING" | "META_DUPLICATE" | "LICENCE_ID_BAD" | "TYPE_CODE" | "COPY_FIELDS" => StepId::M1,
        _ => return None,
    })
}

/// Is none of these reasons given by the verification? A step that did not run frees a file of nothing.
///
/// # Errors
/// `WRONG_VALUE` with the reason and the place, `MISSING` with the step that had nothing to check.
pub fn check_free_of(report: &FileReport, codes: &[&str]) -> Judgement {
    ablatable!("check_free_of");
    if let Some((step, reason)) = report.reasons().find(|(_, reason)| codes.contains(&reason.code)) {
        return fail(
            FindingClass::WrongValue,
            format!("file, step {}", step.id()),
            Text::new(format!("no {}", reason.code), format!("无 {}", reason.code)),
            Text::same(reason.detail.clone()),
        );
    }
    let idle = |id: &StepId| report.steps.iter().any(|step| step.id == *id && step.outcome == Outcome::Skipped);
    match codes.iter().find(|code| looked_for_by(code).is_none_or(|id| idle(&id))) {
        None => Ok(()),
        Some(code) => fail(
            FindingClass::Missing,
            format!("file, step {}", looked_for_by(code).map_or("-", StepId::id)),
            Text::new(format!("a file that can be searched for {code}"), format!("可检查 {code} 的文件")),
            Text::new("nothing to check", "无可检查内容"),
        ),
    }
}

/// Do the metadata in the file equal those of the interface, and the page those of the holder?
///
/// # Errors
/// `WRONG_VALUE` with the item; values of persons are not repeated.
pub fn check_three_ways(report: &FileReport, licence: &LicenceRecord) -> Judgement {
    ablatable!("check_three_ways");
    let Some(fields) = &report.fields else {
        return fail(
            FindingClass::Missing,
            "file",
            Text::new("metadata in the file", "文件内元数据"),
            Text::new("a file that cannot be read", "文件无法读取"),
        );
    };
    let day = |text: &Option<String>| text.as_deref().map(|text| text.replace('-', ""));
    let rows: [(&str, Option<String>); 12] = [
        ("证照名称", licence.certificate_name.clone()),
        ("证照类型代码", licence.certificate_type_code.clone()),
        ("证照编号", licence.certificate_number.clone()),
        ("证照标识", Some(licence.certificate_identifier.clone())),
        ("证照版本号", licence.certificate_version.clone()),
        ("证照颁发机构", licence.certificate_issuing_authority_name.clone()),
        ("证照颁发机构代码", licence.certificate_issuing_authority_code.clone()),
        ("证照颁发日期", day(&licence.certificate_issued_date)),
        ("持证主体", licence.certificate_holder_name.clone()),
        ("持证主体代码", licence.certificate_holder_code.clone()),
        ("证照有效期起始日期", day(&licence.certificate_effective_date)),
        ("证照有效期截止日期", day(&licence.certificate_expiring_date)),
    ];
    for (name, wanted) in rows {
        if fields.item(name) != wanted.as_deref() {
            return differs(name);
        }
    }
    let holder = licence.holder.clone().unwrap_or_default();
    for (key, wanted) in [
        ("holder.name", &holder.name),
        ("holder.address", &holder.address),
        ("holder.idNumber", &holder.id_number),
        ("holder.issuingAuthority", &holder.issuing_authority),
    ] {
        let shown = fields.indexed(key).map(|object| object.text.as_str());
        if shown != wanted.as_deref() {
            return differs(key);
        }
    }
    Ok(())
}

fn differs(what: &str) -> Judgement {
    fail(
        FindingClass::WrongValue,
        what,
        Text::new("the same in file, page and interface", "文件、版面与接口一致"),
        Text::new("they differ", "不一致"),
    )
}

/// Is the copy annotated: times, creator, cause as text and visibly, its original named?
///
/// # Errors
/// `WRONG_VALUE` or `MISSING` with the item.
pub fn check_annotated(report: &FileReport, cause: &str, with_expiry: bool) -> Judgement {
    ablatable!("check_annotated");
    let Some(fields) = &report.fields else { return differs("file") };
    let item = |name: &str| fields.item(name).unwrap_or_default();
    equal("加注件制作事由", cause, item("加注件制作事由"))?;
    for name in ["加注件制作时间", "加注件制作者"] {
        crate::present(name, fields.item(name))?;
    }
    if with_expiry {
        crate::present("加注件有效期截止时间", fields.item("加注件有效期截止时间"))?;
    }
    Ok(())
}

/// Does a visible watermark show the cause?
///
/// # Errors
/// `MISSING`.
pub fn check_watermark(report: &FileReport, cause: &str) -> Judgement {
    ablatable!("check_watermark");
    let texts = report.fields.as_ref().and_then(|fields| fields.watermark.as_ref());
    if texts.is_some_and(|texts| texts.iter().any(|text| text.contains(cause))) {
        return Ok(());
    }
    fail(
        FindingClass::Missing,
        "watermark",
        Text::new("a visible watermark with the cause", "含事由的可见水印"),
        Text::new("none", "无"),
    )
}

/// Are two files the same bytes?
///
/// # Errors
/// `WRONG_VALUE` with both digests.
pub fn check_same_bytes(first: &[u8], second: &[u8]) -> Judgement {
    ablatable!("check_same_bytes");
    equal("file", hex(&sm3::digest(first)).as_str(), hex(&sm3::digest(second)).as_str())
}

/// Are two ids of links long enough and without a common beginning: 128 random bits each?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_unguessable(first: &str, second: &str) -> Judgement {
    ablatable!("check_unguessable");
    let common = first.chars().zip(second.chars()).take_while(|(a, b)| a == b).count();
    if first.len() >= 22 && second.len() >= 22 && common < 6 {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "content",
        Text::new("ids of at least 128 random bits", "标识不少于128位随机数"),
        Text::new(
            format!("{} and {} characters, the first {common} the same", first.len(), second.len()),
            format!("{} 与 {} 个字符，前 {common} 个相同", first.len(), second.len()),
        ),
    )
}

/// Does a verification without status check say so?
///
/// # Errors
/// `WRONG_VALUE`.
pub fn check_status_not_asked(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_status_not_asked");
    check_accepted(seen)?;
    let answer: VerifyResult = message(seen)?;
    equal("statusSource", "NONE", answer.status_source.code())?;
    let told = answer.checks.get("licenceStatus").map_or("-", |outcome| outcome.code());
    if ["SKIPPED", "UNKNOWN"].contains(&told) {
        return Ok(());
    }
    fail(FindingClass::WrongValue, "checks.licenceStatus", Text::same("SKIPPED / UNKNOWN"), Text::same(told.to_owned()))
}

/// Does the verdict's source of the status fit the number of questions that the issuer saw: none for NONE, LIST
/// and CACHE, at least one for LIVE?
///
/// # Errors
/// Those of [`check_accepted`], `LEAK` for a question that the verdict does not rest on, `WRONG_VALUE`.
pub fn check_source_told(seen: &Seen<'_>, questions: usize) -> Judgement {
    ablatable!("check_source_told");
    check_accepted(seen)?;
    let answer: VerifyResult = message(seen)?;
    let source = answer.status_source;
    let told = Text::new(
        format!("{} with {questions} questions", source.code()),
        format!("{}，查询{questions}次", source.code()),
    );
    match (source, questions) {
        (StatusSource::Live, 0) => fail(
            FindingClass::WrongValue,
            "statusSource",
            Text::new("LIVE only with a question to the issuer", "仅在查询签发方时为LIVE"),
            told,
        ),
        (StatusSource::Live, _) | (_, 0) => Ok(()),
        _ => fail(
            FindingClass::Leak,
            "statusSource",
            Text::new("no question to the issuer unless LIVE", "除LIVE外不得查询签发方"),
            told,
        ),
    }
}

/// Under BEST_EFFORT, with a status that cannot be had: VALID only with `licenceStatus` UNKNOWN, not
/// called live, and the code among the warnings; INDETERMINATE is careful and right too (binding v1, 6.5).
///
/// # Errors
/// `WRONG_VALUE` or `MISSING`.
pub fn check_best_effort(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_best_effort");
    check_accepted(seen)?;
    let answer: VerifyResult = message(seen)?;
    let code = "LICENCE_STATUS_UNKNOWN";
    match answer.result {
        VerifyOutcome::Invalid => {
            return fail(
                FindingClass::WrongValue,
                "result",
                Text::same("VALID / INDETERMINATE"),
                Text::same("INVALID"),
            );
        }
        VerifyOutcome::Indeterminate => return Ok(()),
        VerifyOutcome::Valid => {}
    }
    let source = answer.status_source.code();
    if !["NONE", "CACHE"].contains(&source) {
        return fail(
            FindingClass::WrongValue,
            "statusSource",
            Text::same("NONE / CACHE"),
            Text::same(source.to_owned()),
        );
    }
    let told = answer.checks.get("licenceStatus").map_or("-", |outcome| outcome.code());
    equal("checks.licenceStatus", "UNKNOWN", told)?;
    // A coarse word of a dialect is several classes joined by bars.
    if answer.warnings.iter().any(|found| found.split('|').any(|one| one == code)) {
        return Ok(());
    }
    fail(FindingClass::Missing, "warnings", Text::same(code), Text::same(answer.warnings.join(", ")))
}

/// Does the answer of a verification hold every check key, whatever its outcome?
///
/// # Errors
/// `MISSING`.
pub fn check_every_key(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_every_key");
    check_accepted(seen)?;
    let answer: VerifyResult = message(seen)?;
    match ecric_model::binding::CHECK_KEYS.iter().find(|key| !answer.checks.contains_key(**key)) {
        None => Ok(()),
        Some(key) => fail(
            FindingClass::Missing,
            format!("checks.{key}"),
            Text::new("every key of the list", "列表中的每一项"),
            Text::new("nothing", "缺失"),
        ),
    }
}

/// Does the answer repeat nothing of the file that was sent?
///
/// # Errors
/// `LEAK` as a wrong value.
pub fn check_not_echoed(seen: &Seen<'_>, content: &str) -> Judgement {
    ablatable!("check_not_echoed");
    check_accepted(seen)?;
    let part = content.get(..200).unwrap_or(content);
    if part.is_empty() || !seen.text.contains(part) {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "body",
        Text::new("no part of the file", "不含文件内容"),
        Text::new("the file that was sent", "回显了所提交的文件"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::test_seen;
    use serde_json::json;

    fn answer(result: &str, reasons: &[&str]) -> Value {
        json!({"result": result, "reasons": reasons, "warnings": [], "checks": {"licenceStatus": "SKIPPED"},
            "statusSource": "NONE", "evaluatedAt": "2026-06-01T09:00:00+08:00"})
    }

    #[test]
    fn each_reason_has_a_failed_check() {
        let judge = |result: &str, reasons: &[&str], checks: Value| {
            let mut body = answer(result, reasons);
            body["checks"] = checks;
            check_failed_step(&test_seen(200, body).view()).map_err(|found| found.class)
        };
        let signature = || json!({"format": "PASS", "signature": "FAIL"});
        assert_eq!(judge("INVALID", &["DATAHASH_MISMATCH", "SIG_INVALID"], signature()), Ok(()));
        assert_eq!(judge("INVALID", &["META_MISMATCH|SIG_INVALID"], signature()), Ok(()));
        for (result, reasons, checks, class) in [
            ("VALID", &[][..], signature(), FindingClass::FalseAccept),
            ("INDETERMINATE", &["CERT_STATUS_UNKNOWN"], signature(), FindingClass::WrongValue),
            ("INVALID", &[], signature(), FindingClass::Missing),
            ("INVALID", &["SIG_INVALID"], json!({}), FindingClass::Missing),
            ("INVALID", &["SIG_INVALID"], json!({"format": "FAIL", "signature": "PASS"}), FindingClass::Missing),
            ("INVALID", &["SIG_INVALID", "META_MISSING"], signature(), FindingClass::Missing),
            ("INVALID", &["META_MISMATCH|CERT_CHAIN"], signature(), FindingClass::Missing),
        ] {
            assert_eq!(judge(result, reasons, checks), Err(class), "{result} {reasons:?}");
        }
    }

    #[test]
    fn a_file_is_stopped_for_its_reason_and_no_other() {
        let expected =
            Expected { outcome: VerifyOutcome::Invalid, codes: &["UNCOVERED_FILE"], knock_on: &["META_MISMATCH"] };
        let judge = |body: Value, grain| {
            check_stopped(&test_seen(200, body).view(), &expected, grain).map_err(|found| found.class)
        };
        assert_eq!(judge(answer("INVALID", &["SIG_COVERAGE"]), Grain::Reason), Ok(()));
        assert_eq!(judge(answer("INVALID", &["UNCOVERED_ROOT", "INDEX_BROKEN"]), Grain::Reason), Ok(()));
        for (body, class) in [
            (answer("VALID", &[]), FindingClass::FalseAccept),
            (answer("INDETERMINATE", &["UNCOVERED_FILE"]), FindingClass::WrongValue),
            (answer("INVALID", &["META_MISMATCH"]), FindingClass::WrongReason),
            (answer("INVALID", &["UNCOVERED_FILE", "SM2_BAD"]), FindingClass::WrongReason),
            (answer("INVALID", &[]), FindingClass::WrongReason),
        ] {
            assert_eq!(judge(body, Grain::Reason), Err(class));
        }
        assert_eq!(judge(answer("INVALID", &["SM2_BAD"]), Grain::Outcome), Ok(()));
        assert_eq!(judge(answer("VALID", &[]), Grain::Outcome), Err(FindingClass::FalseAccept));
    }

    #[test]
    fn nonsense_is_refused_one_way_or_the_other() {
        let judge = |status, body| check_not_a_file(&test_seen(status, body).view()).map_err(|found| found.class);
        assert_eq!(judge(400, json!({"code": "INVALID_REQUEST"})), Ok(()));
        assert_eq!(judge(200, answer("INVALID", &["ZIP_MALFORMED"])), Ok(()));
        assert_eq!(judge(200, answer("VALID", &[])), Err(FindingClass::FalseAccept));
        assert_eq!(judge(500, json!({})), Err(FindingClass::ServerError));
    }

    #[test]
    fn what_is_announced_is_compared() {
        let body = |size: usize, digest: &str, mime: &str| json!({"content": "YWJj", "size": size, "sm3": digest, "mime": mime});
        let right = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
        let seen = test_seen(200, body(3, right, MIME));
        assert_eq!(inline_file(&seen.view()).unwrap(), b"abc");
        assert!(check_announced(&seen.view(), b"abc").is_ok());
        for wrong in [body(4, right, MIME), body(3, "00", MIME), body(3, right, "application/pdf")] {
            assert!(check_announced(&test_seen(200, wrong).view(), b"abc").is_err());
        }
        assert!(inline_file(&test_seen(200, json!({"content": "%"})).view()).is_err());
    }

    #[test]
    fn the_source_of_a_status_is_true() {
        let judge = |source: &str, questions: usize| {
            let mut body = answer("VALID", &[]);
            body["statusSource"] = json!(source);
            check_source_told(&test_seen(200, body).view(), questions).map_err(|found| found.class)
        };
        for (source, questions) in [("LIVE", 1), ("LIVE", 2), ("NONE", 0), ("LIST", 0), ("CACHE", 0)] {
            assert_eq!(judge(source, questions), Ok(()), "{source}");
        }
        assert_eq!(judge("LIVE", 0), Err(FindingClass::WrongValue));
        for source in ["NONE", "LIST", "CACHE"] {
            assert_eq!(judge(source, 1), Err(FindingClass::Leak), "{source}");
        }
    }

    #[test]
    fn small_questions() {
        let seen = test_seen(200, answer("VALID", &[]));
        assert!(check_status_not_asked(&seen.view()).is_ok());
        assert!(check_every_key(&seen.view()).is_err());
        let mut live = answer("VALID", &[]);
        live["statusSource"] = json!("LIVE");
        assert!(check_status_not_asked(&test_seen(200, live).view()).is_err());
        let mut passed = answer("VALID", &[]);
        passed["checks"]["licenceStatus"] = json!("PASS");
        assert!(check_status_not_asked(&test_seen(200, passed).view()).is_err());
        assert!(check_unguessable(&"a".repeat(32), &"b".repeat(32)).is_ok());
        assert!(check_unguessable(&format!("{:032}", 1), &format!("{:032}", 2)).is_err());
        assert!(check_unguessable("abc", "def").is_err());
        assert!(check_same_bytes(b"a", b"b").is_err() && check_same_bytes(b"a", b"a").is_ok());
        let echo = test_seen(200, json!({"content": "QUJDRA=="}));
        assert!(check_not_echoed(&echo.view(), "QUJDRA==").is_err());
        assert!(check_not_echoed(&echo.view(), "WFla").is_ok());
    }

    #[test]
    fn best_effort_must_admit_what_it_did_not_find() {
        let judge = |body: Value| check_best_effort(&test_seen(200, body).view()).map_err(|found| found.place);
        let with = |outcome: &str, source: &str, warnings: &[&str]| {
            let mut body = answer("VALID", &[]);
            body["checks"]["licenceStatus"] = json!(outcome);
            body["statusSource"] = json!(source);
            body["warnings"] = json!(warnings);
            body
        };
        let code = &["LICENCE_STATUS_UNKNOWN"];
        assert_eq!(judge(with("UNKNOWN", "CACHE", code)), Ok(()));
        assert_eq!(judge(answer("INDETERMINATE", code)), Ok(()));
        assert_eq!(judge(answer("INVALID", code)), Err("result".to_owned()));
        assert_eq!(judge(with("PASS", "NONE", code)), Err("checks.licenceStatus".to_owned()));
        assert_eq!(judge(with("UNKNOWN", "LIVE", code)), Err("statusSource".to_owned()));
        assert_eq!(judge(with("UNKNOWN", "NONE", &["TS_MISSING|LICENCE_STATUS_UNKNOWN"])), Ok(()));
        assert_eq!(judge(with("UNKNOWN", "NONE", &["TS_MISSING"])), Err("warnings".to_owned()));
        assert_eq!(judge(with("UNKNOWN", "NONE", &[])), Err("warnings".to_owned()));
    }

    #[test]
    fn files_that_cannot_be_read_hold_in_no_step() {
        let report = verify(b"x", &Trust::default(), OffsetDateTime::UNIX_EPOCH);
        assert!(check_steps(&report, &[StepId::P1], &[]).is_err());
        assert!(check_steps(&report, &[StepId::S2], &[]).is_err());
        for code in ["ACTIVE_CONTENT", "SIG_METHOD", "META_MISSING", "no such code"] {
            assert_eq!(check_free_of(&report, &[code]).unwrap_err().class, FindingClass::Missing, "{code}");
        }
        assert!(check_steps(&report, &[StepId::D2], &[StepId::D2]).is_ok());
        assert!(check_free_of(&report, &["ZIP_MALFORMED"]).is_err());
        assert!(check_three_ways(&report, &LicenceRecord::default()).is_err());
        assert!(check_watermark(&report, "x").is_err());
        assert!(check_annotated(&report, "x", false).is_err());
    }
}

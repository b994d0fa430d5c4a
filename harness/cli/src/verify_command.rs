//! `ecric verify`: an evidence package, an attestation or a tool-confirmation record, offline. The plan is made again
//! from ICS and registers.

use std::path::{Path, PathBuf};

use ecric_model::messages::Msg;
use ecric_model::requirement::Requirement;
use ecric_model::{Lang, Text};
use ecric_reports::package::{
    Contents, Fault, PACKAGE, PACKAGE_LIMIT_BYTES, Report, SignerRole, Trust, check_attestation, check_confirmation,
    check_signatures, examine, is_confirmation, signature_json, signature_line, subject_of,
};
use ecric_runner::{Plan, PlanInputs, Suite, make_plan};
use serde_json::{Value, json};

use crate::args::VerifyArgs;
use crate::exit;
use crate::plan_command::{complain, load_suite};

/// Runs the command.
pub(crate) fn execute(arguments: &VerifyArgs, lang: Lang) -> u8 {
    match verify(arguments, lang) {
        Ok(code) => code,
        Err(text) => {
            complain(lang, &text);
            exit::USAGE
        }
    }
}

/// Reads a file that is evidence; a folder stands for the package in it.
pub(crate) fn read(path: &Path) -> Result<(PathBuf, Vec<u8>), Text> {
    let path = if path.is_dir() { path.join(PACKAGE) } else { path.to_path_buf() };
    let failed = |error: &dyn std::fmt::Display| Msg::CannotRead.text(&[&path.display(), error]);
    let size = std::fs::metadata(&path).map_err(|error| failed(&error))?.len();
    if size > PACKAGE_LIMIT_BYTES as u64 {
        // Larger than any package: what is read is enough to say so.
        return Ok((path, Vec::new()));
    }
    let bytes = std::fs::read(&path).map_err(|error| failed(&error))?;
    Ok((path, bytes))
}

/// Reads the certificates that are trusted.
pub(crate) fn trust(path: Option<&Path>) -> Result<Option<Trust>, Text> {
    let Some(path) = path else { return Ok(None) };
    let failed = |error: &dyn std::fmt::Display| Msg::CannotRead.text(&[&path.display(), error]);
    let text = std::fs::read_to_string(path).map_err(|error| failed(&error))?;
    Trust::parse(&text).map(Some).map_err(|error| failed(&error))
}

fn verify(arguments: &VerifyArgs, lang: Lang) -> Result<u8, Text> {
    let trust = trust(arguments.trust.as_deref())?;
    let required: Vec<SignerRole> = arguments.require_signature.iter().map(|role| (*role).into()).collect();
    let (_, bytes) = read(&arguments.file)?;
    if is_confirmation(&bytes) {
        return Ok(confirmation(&bytes, trust.as_ref(), !required.is_empty(), arguments.json, lang));
    }
    if bytes.first() == Some(&0x30) {
        return Ok(attestation(&bytes, trust.as_ref(), &required, arguments.json, lang));
    }
    let suite = load_suite(arguments.features.as_deref())?;
    let examined = examine(&bytes);
    let mut faults = examined.faults.clone();
    let mut signatures = Vec::new();
    let mut plan = Text::new("not made again: the package cannot be read", "未重新制定：证据包无法读取");
    if let Some(contents) = &examined.contents {
        signatures = check_signatures(contents, trust.as_ref(), &required, &mut faults);
        plan = check_plan(contents, &suite, arguments.features.is_some(), &mut faults);
    }
    let report = Report { examined: &examined, faults, signatures, plan };
    if arguments.json {
        say!("{:#}", report.to_json());
    } else {
        print!("{}", report.render(lang));
    }
    Ok(report.outcome().exit_code())
}

/// Makes the plan again and holds it against the one in the package; says what was done.
pub(crate) fn check_plan(contents: &Contents, suite: &Suite, given: bool, faults: &mut Vec<Fault>) -> Text {
    let environment = &contents.environment;
    let own = env!("CARGO_PKG_VERSION");
    if suite.sm3 != environment.suite_sm3 {
        if environment.suite.version == own || given {
            faults.push(Fault::new(
                "environment.json",
                Text::new(
                    format!(
                        "the run used registers and features {}, this suite has {}; give those of the run with --features DIR",
                        environment.suite_sm3, suite.sm3
                    ),
                    format!(
                        "运行使用的登记册与特性为 {}，当前套件为 {}；请用 --features 目录给出运行所用的内容",
                        environment.suite_sm3, suite.sm3
                    ),
                ),
            ));
        }
        let found = &environment.suite.version;
        return Text::new(
            format!("not made again: the run is of suite {found}, this is {own}; verify with that version"),
            format!("未重新制定：运行所用套件为 {found}，当前为 {own}；请用该版本校验"),
        );
    }
    match plan_again(contents, suite) {
        Ok(plan) => {
            compare(contents, &plan, faults);
            Text::new(
                format!("made again from ICS and registers: {} cases", plan.cases.len()),
                format!("已由声明与登记册重新制定：{}个用例", plan.cases.len()),
            )
        }
        Err(text) => {
            faults.push(Fault::new("plan.json", text));
            Text::new("cannot be made again", "无法重新制定")
        }
    }
}

/// The plan from the inputs that the package names.
pub(crate) fn plan_again(contents: &Contents, suite: &Suite) -> Result<Plan, Text> {
    let inputs: PlanInputs = serde_json::from_value(contents.plan_json["inputs"].clone())
        .map_err(|error| Text::new(format!("inputs: {error}"), format!("inputs：{error}")))?;
    make_plan(suite, &contents.ics, inputs.file_profiles.as_deref(), inputs.permissions, &inputs.selection)
}

fn compare(contents: &Contents, plan: &Plan, faults: &mut Vec<Fault>) {
    let wanted = plan.to_json();
    let found = &contents.plan_json;
    if *found != wanted {
        let ids = |plan: &Value| -> Vec<String> {
            let cases = plan["cases"].as_array().cloned().unwrap_or_default();
            cases.iter().filter_map(|case| case["id"].as_str().map(str::to_owned)).collect()
        };
        let (wanted_ids, found_ids) = (ids(&wanted), ids(found));
        let mut said = false;
        for id in wanted_ids.iter().filter(|id| !found_ids.contains(id)).take(10) {
            said = true;
            faults.push(Fault::new(
                format!("plan.json ({id})"),
                Text::new(
                    "this case belongs into the plan and was taken out: the plan was shortened",
                    "该用例应在计划中却被移除：计划被缩短",
                ),
            ));
        }
        for id in found_ids.iter().filter(|id| !wanted_ids.contains(id)).take(10) {
            said = true;
            let text = Text::new("this case does not belong into the plan", "该用例不应在计划中");
            faults.push(Fault::new(format!("plan.json ({id})"), text));
        }
        if !said {
            let text = Text::new("not the plan that ICS and registers give", "与声明、登记册得出的计划不符");
            faults.push(Fault::new("plan.json", text));
        }
    }
    let Some(run) = &contents.run else { return };
    let by_id: std::collections::BTreeMap<_, _> = plan.cases.iter().map(|case| (&case.id, case)).collect();
    for case in &run.cases {
        let fits = by_id.get(&case.id).is_some_and(|planned| {
            planned.twin == case.twin && planned.negative == case.negative && planned.requirement == case.requirement
        });
        if !fits {
            let text = Text::new("its twin or requirement is not that of the suite", "其正例或所属要求与套件不符");
            faults.push(Fault::new(format!("run.json ({})", case.id), text));
        }
    }
    let told = run.requirements.iter().map(|one| (&one.id, one.level, one.confidence, one.decides, &one.cases));
    let planned = plan.requirements.iter().map(|one| {
        let Requirement { id, level, confidence, .. } = &one.requirement;
        (id, *level, *confidence, one.requirement.decides(), &one.cases)
    });
    if !told.eq(planned) {
        faults.push(Fault::new(
            "run.json",
            Text::new("its requirements are not those of the registers", "其要求与登记册不符"),
        ));
    }
}

fn attestation(bytes: &[u8], trust: Option<&Trust>, required: &[SignerRole], as_json: bool, lang: Lang) -> u8 {
    let checked = check_attestation(bytes, trust).and_then(|fact| {
        if required.iter().any(|role| *role != fact.role) {
            return Err(Fault::new("", Text::new("a signature of another role is required", "要求其他角色的签名")));
        }
        Ok(fact)
    });
    match checked {
        Ok(fact) => {
            if as_json {
                let mut json = signature_json(&fact);
                json["result"] = json!("holds");
                say!("{json:#}");
            } else {
                say!("{}", signature_line(&fact, lang));
                let text = Text::new("about the package", "所针对的证据包");
                say!("{}: {}", text.in_lang(lang), subject_of(&fact.statement));
                say!("{}", Text::new("the attestation holds", "签名声明有效").in_lang(lang));
            }
            exit::OK
        }
        Err(fault) => told_broken(&fault, as_json, lang),
    }
}

fn confirmation(bytes: &[u8], trust: Option<&Trust>, required: bool, as_json: bool, lang: Lang) -> u8 {
    let checked = check_confirmation(bytes, trust).and_then(|(record, signed)| match signed {
        None if required => Err(Fault::new("", Text::new("it is not signed", "未签名"))),
        signed => Ok((record, signed)),
    });
    let (record, signed) = match checked {
        Ok(found) => found,
        Err(fault) => return told_broken(&fault, as_json, lang),
    };
    let signer = signed.as_ref().map(|signed| signed.signer());
    if as_json {
        say!("{:#}", json!({"result": "holds", "signer": signer, "verdict": record["verdict"]}));
        return exit::OK;
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    say!("{}: {}", Text::new("binary", "程序").in_lang(lang), text(&record["binary"]["sm3"]));
    say!("{}: {}", Msg::Verdict.fill(lang, &[]), text(&record["verdict"]));
    let words = match signer {
        Some(signer) => Text::new(
            format!("the tool-confirmation record holds; signed by {signer}"),
            format!("工具确认记录有效；签名者：{signer}"),
        ),
        None => Text::new(
            "the tool-confirmation record can be read; it is unsigned, nobody answers for it",
            "工具确认记录可读；未签名，无人担保",
        ),
    };
    say!("{}", words.in_lang(lang));
    exit::OK
}

fn told_broken(fault: &Fault, as_json: bool, lang: Lang) -> u8 {
    if as_json {
        say!("{:#}", json!({"result": "broken", "faults": [{"place": fault.place, "text": fault.text}]}));
    } else {
        say!("✗ {}", fault.render(lang));
    }
    exit::INVALID
}

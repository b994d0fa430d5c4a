//! `ecric inspect`: what an artefact is, and step by step what is right and wrong with it.

use std::io::Read as _;
use std::path::Path;

use ecric_gm::encoding::hex;
use ecric_gm::x509::Certificate;
use ecric_licence::file::{FileReport, Policy, Reading, Trust, Verdict, verify_file};
use ecric_licence::instant::{parse_instant, write_instant};
use ecric_licence::metadata::{mask_name, mask_number};
use ecric_model::{Lang, Text};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::args::InspectArgs;
use crate::exit;
use crate::inspect_code;
use crate::inspect_text::{Explained, explain_der, explain_text};
use crate::plan_command::complain;
use crate::trust_folder;

/// Largest file that is read, bytes.
const FILE_MAX: u64 = 16 << 20;

/// Runs the command.
pub(crate) fn execute(arguments: &InspectArgs, lang: Lang) -> u8 {
    match inspect(arguments, lang) {
        Ok(code) => code,
        Err(text) => {
            complain(lang, &text);
            exit::USAGE
        }
    }
}

fn inspect(arguments: &InspectArgs, lang: Lang) -> Result<u8, Text> {
    let path = Path::new(&arguments.subject);
    let mut policy = Policy::default();
    for switch in &arguments.switch {
        let (name, value) = switch.split_once('=').unwrap_or((switch, ""));
        policy
            .set(name, value)
            .map_err(|error| Text::new(format!("--switch: {error}"), format!("--switch：{error}")))?;
    }
    let at = match &arguments.at {
        None => OffsetDateTime::now_utc(),
        Some(text) => parse_instant(text)
            .map_err(|error| Text::new(format!("--at {text:?}: {error}"), format!("--at {text:?}：{error}")))?,
    };
    let trust = arguments.trust.as_deref().map(trust_folder::read).transpose()?.unwrap_or_default();
    if path.is_file() || arguments.subject == "-" {
        let bytes = if path.is_file() { read(path)? } else { read_input()? };
        if let Some(text) = inspect_code::text_of(&bytes) {
            let text = text.map_err(|error| {
                Text::new(format!("{}: {}", path.display(), error.en), format!("{}：{}", path.display(), error.zh))
            })?;
            return inspect_code::inspect(arguments, &text, &trust, at, lang);
        }
        if bytes.starts_with(b"PK") || bytes.windows(4).take(4096).any(|window| window == b"PK\x03\x04") {
            return Ok(inspect_file(arguments, &bytes, &trust, &policy, at, lang));
        }
        return Ok(match explain_der(&bytes, &trust, at) {
            Some(explained) => show(arguments, &explained, lang),
            // No package and no DER: the staged verification says so.
            None => inspect_file(arguments, &bytes, &trust, &policy, at, lang),
        });
    }
    if inspect_code::is_code(&arguments.subject) {
        return inspect_code::inspect(arguments, &arguments.subject, &trust, at, lang);
    }
    match explain_text(&arguments.subject) {
        Some(explained) => Ok(show(arguments, &explained, lang)),
        None => Err(Text::new(
            format!(
                "{:?} is neither a file nor a text known here (presentation code, licence identifier, citizen number, USCI)",
                arguments.subject
            ),
            format!(
                "{:?} 既不是文件，也不是可识别的文本（亮证码、证照标识、公民身份号码、统一社会信用代码）",
                arguments.subject
            ),
        )),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Text> {
    let problem = |what: &dyn std::fmt::Display| {
        Text::new(format!("cannot read {}: {what}", path.display()), format!("无法读取 {}：{what}", path.display()))
    };
    let size = std::fs::metadata(path).map_err(|error| problem(&error))?.len();
    if size > FILE_MAX {
        return Err(problem(&format!("{size} bytes, at most {FILE_MAX}")));
    }
    std::fs::read(path).map_err(|error| problem(&error))
}

/// Standard input, as far as a file may be long.
fn read_input() -> Result<Vec<u8>, Text> {
    let mut bytes = Vec::new();
    let done = std::io::stdin().take(FILE_MAX).read_to_end(&mut bytes);
    done.map(|_| bytes).map_err(|error| {
        Text::new(format!("cannot read standard input: {error}"), format!("无法读取标准输入：{error}"))
    })
}

pub(crate) fn code_of(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Valid => exit::OK,
        Verdict::Invalid => exit::SHORT,
        Verdict::Indeterminate => exit::SUITE,
    }
}

fn show(arguments: &InspectArgs, explained: &Explained, lang: Lang) -> u8 {
    if arguments.json {
        say!("{:#}", explained.to_json());
    } else {
        explained.print(lang);
    }
    if explained.valid { exit::OK } else { exit::SHORT }
}

fn inspect_file(
    arguments: &InspectArgs,
    bytes: &[u8],
    trust: &Trust,
    policy: &Policy,
    at: OffsetDateTime,
    lang: Lang,
) -> u8 {
    let strict = verify_file(bytes, trust, policy, Reading::Strict, at);
    let lenient = verify_file(bytes, trust, policy, Reading::Lenient, at);
    let chosen = if arguments.lenient { &lenient } else { &strict };
    if arguments.json {
        let mut value = to_json(chosen);
        value["reading"] = json!(if arguments.lenient { "lenient" } else { "strict" });
        value["core_result"] = json!(lenient.verdict.word());
        value["profile_result"] = json!(strict.verdict.word());
        value["size"] = json!(bytes.len());
        value["sm3"] = json!(ecric_gm::sm3::digest_hex(bytes));
        say!("{value:#}");
    } else {
        print_report(chosen, lang);
        let both = Text::new(
            format!("strict profile: {}; lenient reading: {}", strict.verdict.word(), lenient.verdict.word()),
            format!("严格规范：{}；宽松读取：{}", strict.verdict.word(), lenient.verdict.word()),
        );
        say!("{}", both.in_lang(lang));
    }
    code_of(chosen.verdict)
}

/// The report as JSON; personal values are masked.
fn to_json(report: &FileReport) -> Value {
    let steps: Vec<Value> = report
        .steps
        .iter()
        .map(|step| {
            let mut value = json!({"id": step.id.id(), "outcome": step.outcome.word()});
            if let Some(first) = step.reasons.first() {
                value["reason"] = json!(first.text());
                value["where"] = json!(first.detail);
                value["reasons"] =
                    step.reasons.iter().map(|reason| json!({"code": reason.text(), "where": reason.detail})).collect();
            }
            if !step.warnings.is_empty() {
                value["warnings"] =
                    step.warnings.iter().map(|reason| json!({"code": reason.text(), "where": reason.detail})).collect();
            }
            value
        })
        .collect();
    let checks: serde_json::Map<String, Value> =
        report.checks().into_iter().map(|(key, outcome)| (key.to_owned(), json!(outcome.word()))).collect();
    json!({
        "kind": "licence-file",
        "result": report.verdict.word(),
        "primary": report.primary().map(|(step, reason)| json!({"step": step.id(), "reason": reason.text()})),
        "evaluatedAt": write_instant(report.evaluated_at),
        "artefact": report.artefact.map(|artefact| artefact.word()),
        "steps": steps,
        "checks": checks,
        "signer": report.signer.as_ref().map(certificate_json),
        "seal": report.seal_name,
        "signedAt": report.signed_at.map(write_instant),
        "stampedAt": report.stamped_at.map(write_instant),
        "metadata": report.fields.as_ref().map(|fields| {
            fields.custom.iter().map(|(name, value)| json!({"name": name, "value": masked(name, value)})).collect::<Vec<_>>()
        }),
    })
}

pub(crate) fn certificate_json(certificate: &Certificate) -> Value {
    json!({
        "subject": certificate.subject.to_string(),
        "issuer": certificate.issuer.to_string(),
        "serial": hex(&certificate.serial),
        "notBefore": write_instant(certificate.not_before),
        "notAfter": write_instant(certificate.not_after),
        "sm3": hex(&certificate.fingerprint()),
    })
}

/// Names and citizen numbers are shown masked: what is printed may end in a log.
fn masked(name: &str, value: &str) -> String {
    match name {
        "证照编号" | "持证主体代码" | "ZZBH" | "CZZTDM" => mask_number(value),
        "持证主体" | "CZZT" => mask_name(value),
        _ => value.chars().take(300).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect(),
    }
}

fn print_report(report: &FileReport, lang: Lang) {
    for step in &report.steps {
        let (en, zh) = step.id.title();
        let title = if lang == Lang::ZhCn { zh } else { en };
        say!("{:3} {:8} {title}", step.id.id(), step.outcome.word());
        for reason in &step.reasons {
            say!("             {}: {}", reason.text(), clean(&reason.detail));
        }
        for warning in &step.warnings {
            let word = Text::new("note", "提示");
            say!("             {} {}: {}", word.in_lang(lang), warning.text(), clean(&warning.detail));
        }
    }
    say!();
    let line = |en: &str, zh: &str, value: &str| {
        say!("{}: {}", if lang == Lang::ZhCn { zh } else { en }, clean(value));
    };
    if let Some(artefact) = report.artefact {
        line("artefact", "对象", artefact.word());
    }
    if let Some(signer) = &report.signer {
        line("signer", "签名者", &signer.subject.to_string());
        line("signer SM3", "签名者证书SM3", &hex(&signer.fingerprint()));
    }
    if let Some(seal) = &report.seal_name {
        line("seal", "印章", seal);
    }
    if let Some(time) = report.signed_at {
        line("signed at", "签名时间", &write_instant(time));
    }
    if let Some(time) = report.stamped_at {
        line("time stamp", "时间戳", &write_instant(time));
    }
    for (name, value) in report.fields.iter().flat_map(|fields| &fields.custom) {
        line(&clean(name), &clean(name), &masked(name, value));
    }
    line("evaluated at", "评估时刻", &write_instant(report.evaluated_at));
    match report.primary() {
        None => line("result", "结论", report.verdict.word()),
        Some((step, reason)) => {
            line("result", "结论", &format!("{} ({} {})", report.verdict.word(), step.id(), reason.text()));
        }
    }
}

/// Text from a file, made harmless for a terminal.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| {
            let bidi = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
            if c.is_control() || bidi { '\u{fffd}' } else { c }
        })
        .collect()
}

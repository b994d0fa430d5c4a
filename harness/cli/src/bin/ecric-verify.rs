//! `ecric-verify FILE`: the checks of `ecric verify` that need no suite, in a program of its own. It does not make
//! the plan again, and says so.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program prints")]

use std::process::ExitCode;

use ecric_model::{Lang, Text};
use ecric_reports::package::{
    Fault, PACKAGE_LIMIT_BYTES, Report, SignerRole, Trust, check_attestation, check_confirmation, check_signatures,
    examine, is_confirmation, signature_line,
};

const USAGE: &str = "usage: ecric-verify FILE [--trust FILE] [--require-signature ROLE,...] [--lang en|zh-CN] [--json]";

struct Asked {
    file: String,
    trust: Option<Trust>,
    required: Vec<SignerRole>,
    lang: Lang,
    json: bool,
}

fn asked() -> Result<Asked, String> {
    let mut words = std::env::args().skip(1);
    let mut out = Asked { file: String::new(), trust: None, required: Vec::new(), lang: Lang::En, json: false };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| USAGE.to_owned());
        match word.as_str() {
            "--trust" => {
                let path = value()?;
                let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
                out.trust = Some(Trust::parse(&text).map_err(|error| format!("{path}: {error}"))?);
            }
            "--require-signature" => {
                for name in value()?.split(',') {
                    out.required.push(SignerRole::parse(name).ok_or_else(|| USAGE.to_owned())?);
                }
            }
            "--lang" => out.lang = if value()?.starts_with("zh") { Lang::ZhCn } else { Lang::En },
            "--json" => out.json = true,
            _ if out.file.is_empty() && !word.starts_with("--") => out.file = word,
            _ => return Err(USAGE.to_owned()),
        }
    }
    if out.file.is_empty() { Err(USAGE.to_owned()) } else { Ok(out) }
}

fn main() -> ExitCode {
    let done = asked().and_then(|asked| {
        let failed = |error: std::io::Error| format!("{}: {error}", asked.file);
        let size = std::fs::metadata(&asked.file).map_err(failed)?.len();
        let large = size > PACKAGE_LIMIT_BYTES as u64;
        let bytes = if large { Vec::new() } else { std::fs::read(&asked.file).map_err(failed)? };
        Ok(check(&bytes, &asked))
    });
    match done {
        Ok(code) => ExitCode::from(code),
        Err(text) => {
            eprintln!("ecric-verify: {text}");
            ExitCode::from(2)
        }
    }
}

fn check(bytes: &[u8], asked: &Asked) -> u8 {
    let trust = asked.trust.as_ref();
    let broken = |fault: &Fault| {
        println!("✗ {}", fault.render(asked.lang));
        5
    };
    if is_confirmation(bytes) {
        return match check_confirmation(bytes, trust) {
            Ok((_, Some(signed))) => {
                println!("{}", signed.signer());
                0
            }
            Ok((_, None)) if asked.required.is_empty() => 0,
            Ok(_) => broken(&Fault::new("", Text::new("it is not signed", "未签名"))),
            Err(fault) => broken(&fault),
        };
    }
    if bytes.first() == Some(&0x30) {
        return match check_attestation(bytes, trust) {
            Ok(fact) if asked.required.iter().all(|role| *role == fact.role) => {
                println!("{}", signature_line(&fact, asked.lang));
                0
            }
            Ok(_) => {
                broken(&Fault::new("", Text::new("a signature of another role is required", "要求其他角色的签名")))
            }
            Err(fault) => broken(&fault),
        };
    }
    let examined = examine(bytes);
    let mut faults = examined.faults.clone();
    let signatures = match &examined.contents {
        Some(contents) => check_signatures(contents, trust, &asked.required, &mut faults),
        None => Vec::new(),
    };
    let plan = Text::new(
        "not made again: this program has no suite; `ecric verify` does it",
        "未重新制定：本程序不含套件，请用 `ecric verify`",
    );
    let report = Report { examined: &examined, faults, signatures, plan };
    if asked.json {
        println!("{:#}", report.to_json());
    } else {
        print!("{}", report.render(asked.lang));
    }
    report.outcome().exit_code()
}

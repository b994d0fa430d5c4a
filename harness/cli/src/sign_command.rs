//! `ecric key new`, `ecric sign`, `ecric redact`.

use std::path::Path;

use ecric_model::messages::Msg;
use ecric_model::{Lang, Text};
use ecric_reports::package::{
    Contents, Examined, Fault, NewKey, Signer, SignerRole, check_signatures, examine, redact, refusals, sign,
};
use time::OffsetDateTime;

use crate::args::{KeyArgs, KeyCommand, KeyNewArgs, PassphraseArgs, RedactArgs, SignArgs};
use crate::evidence_facts::random;
use crate::exit;
use crate::passphrase::{self, Purpose};
use crate::plan_command::{complain, load_suite};
use crate::verify_command::{check_plan, read};

/// Why a command ends early: its exit code and what it says.
pub(crate) struct Stop(pub(crate) u8, pub(crate) Vec<Text>);

impl From<Text> for Stop {
    fn from(text: Text) -> Self {
        Self(exit::USAGE, vec![text])
    }
}

/// A package that may not be used: exit 5.
pub(crate) fn refused(faults: &[Fault], path: &Path) -> Stop {
    let one = |fault: &Fault| {
        let path = path.display();
        Text::new(format!("{path}: {}", fault.render(Lang::En)), format!("{path}：{}", fault.render(Lang::ZhCn)))
    };
    Stop(exit::INVALID, faults.iter().map(one).collect())
}

pub(crate) fn end(done: Result<u8, Stop>, lang: Lang) -> u8 {
    match done {
        Ok(code) => code,
        Err(Stop(code, texts)) => {
            texts.iter().for_each(|text| complain(lang, text));
            code
        }
    }
}

/// Runs `ecric key`.
pub(crate) fn key(arguments: &KeyArgs, lang: Lang) -> u8 {
    match &arguments.command {
        KeyCommand::New(arguments) => end(new_key(arguments, lang).map_err(Stop::from), lang),
    }
}

fn new_key(arguments: &KeyNewArgs, lang: Lang) -> Result<u8, Text> {
    let certificate = arguments.out.with_extension("crt");
    for path in [&arguments.out, &certificate] {
        if path.exists() {
            return Err(Text::new(
                format!("{} is there already; give another --out", path.display()),
                format!("{} 已存在；请更换 --out", path.display()),
            ));
        }
    }
    let passphrase = passphrase::ask(&arguments.passphrase, Purpose::New, lang)?;
    let failed = |error: ecric_reports::ReportError| Text::same(error.to_string());
    let random = NewKey { secret: random()?, salt: random()?, iv: random()?, serial: random()? };
    let role: Option<SignerRole> = arguments.role.map(Into::into);
    let signer = Signer::new(&random, &arguments.name, role, OffsetDateTime::now_utc()).map_err(failed)?;
    let file = signer.to_key_file(passphrase.as_bytes(), &random).map_err(failed)?;
    write_private(&arguments.out, file.as_bytes())?;
    write(&certificate, signer.certificate_pem().as_bytes())?;
    say!("{}: {}", Text::new("key, encrypted", "密钥（已加密）").in_lang(lang), arguments.out.display());
    say!("{}: {}", Text::new("certificate", "证书").in_lang(lang), certificate.display());
    Ok(exit::OK)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Text> {
    std::fs::write(path, bytes).map_err(|error| Msg::CannotWrite.text(&[&path.display(), &error]))
}

/// Writes a file that only its owner can read.
fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Text> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let written = options.open(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| Msg::CannotWrite.text(&[&path.display(), &error]))
}

/// Reads a key file.
pub(crate) fn load_signer(path: &Path, passphrase: &PassphraseArgs, lang: Lang) -> Result<Signer, Text> {
    let failed = |error: &dyn std::fmt::Display| Msg::CannotRead.text(&[&path.display(), error]);
    let text = std::fs::read_to_string(path).map_err(|error| failed(&error))?;
    let passphrase = passphrase::ask(passphrase, Purpose::Open, lang)?;
    Signer::from_key_file(&text, passphrase.as_bytes()).map_err(|error| failed(&error))
}

/// Opens a package that holds, its plan and its signatures included.
pub(crate) fn open_package(path: &Path) -> Result<(Examined, Contents), Stop> {
    let (path, bytes) = read(path)?;
    let mut examined = examine(&bytes);
    let Some(contents) = examined.contents.clone() else { return Err(refused(&examined.faults, &path)) };
    check_signatures(&contents, None, &[], &mut examined.faults);
    if examined.faults.is_empty() { Ok((examined, contents)) } else { Err(refused(&examined.faults, &path)) }
}

/// Runs `ecric sign`.
pub(crate) fn sign_package(arguments: &SignArgs, lang: Lang) -> u8 {
    end(add_signature(arguments, lang), lang)
}

fn add_signature(arguments: &SignArgs, lang: Lang) -> Result<u8, Stop> {
    let role: SignerRole = arguments.role.into();
    let (mut examined, contents) = open_package(&arguments.package)?;
    let (path, _) = read(&arguments.package)?;
    if contents.environment.features == "embedded" {
        check_plan(&contents, &load_suite(None)?, false, &mut examined.faults);
    }
    let refusals = refusals(&examined, role);
    if !refusals.is_empty() {
        return Err(refused(&refusals, &path));
    }
    let signer = load_signer(&arguments.key, &arguments.passphrase, lang)?;
    if let Some(bound) = signer.role().filter(|bound| *bound != role) {
        let (bound, role) = (bound.name(), role.name());
        return Err(Text::new(
            format!("the key is bound to the role {bound}, not {role}"),
            format!("该密钥限定于角色 {bound}，不能用于 {role}"),
        )
        .into());
    }
    let made = sign(&contents, role, &signer, OffsetDateTime::now_utc());
    let (package, signature) = made.map_err(|error| Text::same(error.to_string()))?;
    let out = arguments.out.as_deref().unwrap_or(&path);
    let part = out.with_extension("ecric.part");
    write(&part, &package)?;
    std::fs::rename(&part, out).map_err(|error| Msg::CannotWrite.text(&[&out.display(), &error]))?;
    if let Some(path) = &arguments.attestation {
        write(path, &signature)?;
    }
    let text = Text::new(
        format!("signed as {} by {}", role.name(), signer.name()),
        format!("已以角色 {} 签名：{}", role.name(), signer.name()),
    );
    say!("{}: {}", text.in_lang(lang), out.display());
    Ok(exit::OK)
}

/// Runs `ecric redact`.
pub(crate) fn redact_package(arguments: &RedactArgs, lang: Lang) -> u8 {
    end(take_raw_out(arguments, lang), lang)
}

fn take_raw_out(arguments: &RedactArgs, lang: Lang) -> Result<u8, Stop> {
    let (_, contents) = open_package(&arguments.package)?;
    let bytes = redact(&contents).map_err(|error| Text::same(error.to_string()))?;
    let after = examine(&bytes);
    if !after.faults.is_empty() {
        return Err(Stop(exit::SUITE, vec![Text::new("the redacted package does not hold", "脱敏后的包无效")]));
    }
    write(&arguments.out, &bytes)?;
    let text = match contents.raw {
        Some(_) => Text::new("raw bodies taken out", "已移除原始报文"),
        None => Text::new("there were no raw bodies; copied as it is", "不含原始报文，原样复制"),
    };
    say!("{}: {}", text.in_lang(lang), arguments.out.display());
    Ok(exit::OK)
}

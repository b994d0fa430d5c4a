//! `ecric make`: test artefacts, good or broken, the same bytes for the same seed.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use ecric_gm::sm3;
use ecric_licence::identifier::{IDENTITY_CARD_TYPE, variant_check_character, write_identifier};
use ecric_licence::instant::parse_date;
use ecric_licence::layout::Face;
use ecric_model::messages::Msg;
use ecric_model::{Lang, Text};
use ecric_vectors::code::code_defects;
use ecric_vectors::licence_file::{BASES, LicencePerson, attacks, default_person, find_attack, make_base};
use ecric_vectors::pki::{AUTHORITY_A, TestPki, export};

use crate::args::{MakeArgs, MakeCodeArgs, MakeCommand, MakeIdentifierArgs, MakeLicenceArgs, MakePkiArgs, PkiKeys};
use crate::exit;
use crate::make_code;
use crate::plan_command::complain;

/// Runs the command.
pub(crate) fn execute(arguments: &MakeArgs, lang: Lang) -> u8 {
    if arguments.list_defects {
        return list_defects(lang);
    }
    let made = match &arguments.command {
        None => Err(Fault::from(Text::new(
            "say what to make: licence, pki, identifier, code; --list-defects lists the defects",
            "请指明要生成的内容：licence、pki、identifier、code；--list-defects 列出缺陷",
        ))),
        Some(MakeCommand::Licence(arguments)) => make_licence(arguments),
        Some(MakeCommand::Pki(arguments)) => make_pki(arguments, lang),
        Some(MakeCommand::Identifier(arguments)) => make_identifier(arguments),
        Some(MakeCommand::Code(arguments)) => make_presentation_code(arguments, lang),
    };
    match made {
        Ok(()) => exit::OK,
        Err(fault) => {
            complain(lang, &fault.text);
            fault.code
        }
    }
}

fn list_defects(lang: Lang) -> u8 {
    let title = |en: &'static str, zh: &'static str| if lang == Lang::ZhCn { zh } else { en };
    say!("{}", title("make licence --base NAME", "make licence --base 名称"));
    for base in BASES {
        say!("  {:24} {}", base.name, base.comment);
    }
    say!("{}", title("make licence --defect NAME", "make licence --defect 名称"));
    for attack in attacks() {
        say!("  {:6} {:16} {}  {}", attack.id, attack.base, attack.step.id(), attack.comment);
    }
    say!("{}", title("make identifier --defect NAME", "make identifier --defect 名称"));
    for (name, comment) in IDENTIFIER_DEFECTS {
        say!("  {name:24} {comment}");
    }
    say!("{}", title("make code --defect NAME", "make code --defect 名称"));
    for defect in code_defects() {
        say!("  {:18} {:8} {}  {}", defect.name, defect.base, defect.step.id(), defect.comment);
    }
    exit::OK
}

fn make_presentation_code(arguments: &MakeCodeArgs, lang: Lang) -> Result<(), Fault> {
    let pki = pki_of(arguments.seed.as_deref(), arguments.pki)?;
    let made = make_code::make(arguments, &pki);
    let text = made.map_err(|error| error.map_or_else(|ours| suite_fault(&ours), Fault::from))?;
    if let Some(path) = &arguments.qr {
        make_code::write_qr(&text, path)?;
    }
    say!("{text}");
    if arguments.at.is_none() {
        eprintln!("{}", make_code::note().in_lang(lang));
    }
    Ok(())
}

/// Why nothing was made, and the exit code for it.
struct Fault {
    code: u8,
    text: Text,
}

impl From<Text> for Fault {
    fn from(text: Text) -> Self {
        Self { code: exit::USAGE, text }
    }
}

fn suite_fault(error: &dyn std::fmt::Display) -> Fault {
    let text = Text::new(format!("a fault of the suite: {error}"), format!("套件自身错误：{error}"));
    Fault { code: exit::SUITE, text }
}

fn pki_of(seed: Option<&str>, keys: PkiKeys) -> Result<TestPki, Fault> {
    let made = match (seed, keys) {
        (Some(seed), PkiKeys::Seed) => TestPki::of_seed(seed),
        _ => TestPki::published(),
    };
    made.map_err(|error| suite_fault(&error))
}

/// A serial that belongs to the seed.
fn serial_of(seed: &str) -> String {
    format!("20260601{}", sm3::digest_hex(seed.as_bytes())[..12].to_ascii_uppercase())
}

fn read_holder(path: &Path, person: &mut LicencePerson) -> Result<(), Text> {
    let wrong = |what: &dyn std::fmt::Display| {
        Text::new(format!("{}: {what}", path.display()), format!("{}：{what}", path.display()))
    };
    let bytes = std::fs::read(path).map_err(|error| wrong(&error))?;
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|error| wrong(&error))?;
    let text = |name: &'static str| {
        value[name]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| wrong(&format!("member {name} is missing / 缺少成员 {name}")))
    };
    let birth = parse_date(&text("birthDate")?).map_err(|error| wrong(&format!("birthDate: {error}")))?;
    person.face = Face {
        name: text("name")?,
        sex: text("sex")?,
        ethnicity: text("ethnicity")?,
        birth,
        address: text("address")?,
        id_number: text("idNumber")?,
        issuing_authority: text("issuingAuthority")?,
    };
    Ok(())
}

fn make_licence(arguments: &MakeLicenceArgs) -> Result<(), Fault> {
    let pki = pki_of(arguments.seed.as_deref(), arguments.pki)?;
    let mut person = default_person();
    if let Some(seed) = &arguments.seed {
        person.serial = serial_of(seed);
    }
    if let Some(path) = &arguments.holder {
        read_holder(path, &mut person)?;
    }
    let unknown = |name: &str| {
        Text::new(
            format!("no such file or defect: {name:?}; ecric make --list-defects lists them"),
            format!("没有该文件或缺陷：{name:?}；用 ecric make --list-defects 查看"),
        )
    };
    // What the user says of the holder may not fit into a licence.
    let refused = |error: &dyn std::fmt::Display| match &arguments.holder {
        Some(path) => {
            Fault::from(Text::new(format!("{}: {error}", path.display()), format!("{}：{error}", path.display())))
        }
        None => suite_fault(error),
    };
    let bytes = match &arguments.defect {
        Some(name) => {
            let attack = find_attack(name).ok_or_else(|| unknown(name))?;
            attack.make(&pki, &person).map_err(|error| refused(&error))?
        }
        None => {
            let made = make_base(&pki, &arguments.base, &person).map_err(|error| refused(&error))?;
            made.ok_or_else(|| unknown(&arguments.base))?
        }
    };
    write(&arguments.out, &bytes).map_err(Fault::from)
}

fn make_pki(arguments: &MakePkiArgs, lang: Lang) -> Result<(), Fault> {
    let pki = pki_of(arguments.seed.as_deref(), arguments.pki)?;
    let files: BTreeMap<String, Vec<u8>> = export(&pki).map_err(|error| suite_fault(&error))?;
    for (name, bytes) in &files {
        let path = arguments.out.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
        }
        write(&path, bytes)?;
    }
    let text = Text::new(
        format!("{} files in {}; all keys are public test keys", files.len(), arguments.out.display()),
        format!("已在 {} 写入 {} 个文件；全部密钥均为公开的测试密钥", arguments.out.display(), files.len()),
    );
    say!("{}", text.in_lang(lang));
    Ok(())
}

/// Writes to a file, or to standard output for `-`.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Text> {
    let done = if path == Path::new("-") { std::io::stdout().write_all(bytes) } else { std::fs::write(path, bytes) };
    done.map_err(|error| cannot_write(path, &error))
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Text {
    let arguments: [&dyn std::fmt::Display; 2] = [&path.display(), error];
    Text::new(Msg::CannotWrite.fill(Lang::En, &arguments), Msg::CannotWrite.fill(Lang::ZhCn, &arguments))
}

const IDENTIFIER_DEFECTS: &[(&str, &str)] = &[
    ("check-character", "another check character"),
    ("variant-check", "the check character of the circulating wrong rule"),
    ("lower-case", "lower-case letters"),
    ("full-width", "full-width digits"),
    ("segment-shift", "a character moved over a border"),
    ("version-zero", "version 000"),
];

fn make_identifier(arguments: &MakeIdentifierArgs) -> Result<(), Fault> {
    let serial = arguments.seed.as_deref().map_or_else(|| default_person().serial, serial_of);
    let identifier =
        write_identifier(IDENTITY_CARD_TYPE, AUTHORITY_A.1, &serial, 1).map_err(|error| suite_fault(&error))?;
    let good = identifier.as_str();
    let (head, check) = good.split_at(good.len() - 1);
    let other = if check == "0" { "1" } else { "0" };
    let text = match arguments.defect.as_deref() {
        None => good.to_owned(),
        Some("check-character") => format!("{head}{other}"),
        Some("variant-check") => {
            let body = format!("{IDENTITY_CARD_TYPE}{}{serial}001", AUTHORITY_A.1);
            let variant = variant_check_character(&body).unwrap_or('0');
            // Where both rules agree, there is nothing wrong to show.
            if check.starts_with(variant) { format!("{head}{other}") } else { format!("{head}{variant}") }
        }
        Some("lower-case") => good.to_lowercase(),
        Some("full-width") => good.replacen('1', "１", 1),
        Some("segment-shift") => good.replacen(".1", "1.", 2),
        Some("version-zero") => good.replace(".001.", ".000."),
        Some(name) => {
            return Err(Fault::from(Text::new(
                format!("no such defect: {name:?}; ecric make --list-defects lists them"),
                format!("没有该缺陷：{name:?}；用 ecric make --list-defects 查看"),
            )));
        }
    };
    say!("{text}");
    Ok(())
}

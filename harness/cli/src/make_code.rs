//! `ecric make code`: presentation codes, good or broken, as text and as QR code.

use std::path::Path;

use ecric_gm::encoding::from_hex;
use ecric_licence::code::picture::{Correction, write_symbol};
use ecric_licence::code::{Scene, Scope};
use ecric_licence::instant::{parse_instant, write_instant};
use ecric_model::Text;
use ecric_model::binding::SCOPE_NAMES;
use ecric_vectors::code::{CODE_TIME, CodeSpec, find_code_defect, make_code, make_request};
use ecric_vectors::pki::TestPki;

use crate::args::{CodeMode, MakeCodeArgs};

/// Pixels of a module.
const MODULE: u32 = 8;

/// Reads the name of a scene.
pub(crate) fn read_scene(text: &str) -> Result<Scene, Text> {
    Scene::of_word(text).ok_or_else(|| {
        let known: Vec<&str> = Scene::ALL.iter().map(|scene| scene.word()).collect();
        let known = known.join(", ");
        Text::new(format!("--scene {text:?} is none of {known}"), format!("--scene {text:?} 不在以下范围：{known}"))
    })
}

/// Reads a challenge.
pub(crate) fn read_nonce(text: &str) -> Result<Vec<u8>, Text> {
    match from_hex(text) {
        Ok(bytes) if (8..=16).contains(&bytes.len()) => Ok(bytes),
        Ok(bytes) => Err(Text::new(
            format!("--nonce has {} bytes, wanted 8 to 16", bytes.len()),
            format!("--nonce 为 {} 字节，应为8至16字节", bytes.len()),
        )),
        Err(error) => Err(Text::new(format!("--nonce: {error}"), format!("--nonce：{error}"))),
    }
}

fn scope_of(names: &[String]) -> Result<Scope, Text> {
    Scope::of_names(names.iter().map(String::as_str)).map_err(|name| {
        let known = SCOPE_NAMES.join(", ");
        Text::new(format!("--scope: {name:?} is none of {known}"), format!("--scope：{name:?} 不在以下范围：{known}"))
    })
}

/// The base of a mode; an offline one is the smallest view that holds the scope.
fn base_of(mode: CodeMode, scope: Option<Scope>) -> Result<&'static str, Text> {
    let base = match mode {
        CodeMode::Online | CodeMode::Request => "online",
        CodeMode::Bearer => "bearer",
        CodeMode::Offline => {
            let Some(scope) = scope else { return Ok("offline") };
            let views = ["offline-adult", "offline-basic", "offline"];
            let holds =
                |base: &str| CodeSpec::of_base(base, CODE_TIME, b"").is_some_and(|spec| scope.is_within(spec.scope));
            return views.into_iter().find(|base| holds(base)).ok_or_else(|| {
                Text::new(
                    "--scope: no view holds all of it; views: ageOver18 · nameMasked,idNumberMasked · name,sex,birthDate,idNumber,validityPeriod",
                    "--scope：没有包含全部属性的视图；视图有：ageOver18 · nameMasked,idNumberMasked · name,sex,birthDate,idNumber,validityPeriod",
                )
            });
        }
    };
    Ok(base)
}

fn unknown_defect(name: &str) -> Text {
    Text::new(
        format!("no such defect: {name:?}; ecric make --list-defects lists them"),
        format!("没有该缺陷：{name:?}；用 ecric make --list-defects 查看"),
    )
}

/// Makes the text of a code; `Err(Ok)` is the user's mistake, `Err(Err)` ours.
pub(crate) fn make(arguments: &MakeCodeArgs, pki: &TestPki) -> Result<String, Result<Text, String>> {
    let scope = if arguments.scope.is_empty() { None } else { Some(scope_of(&arguments.scope).map_err(Ok)?) };
    let defect = match &arguments.defect {
        None => None,
        Some(name) => Some(find_code_defect(name).ok_or_else(|| Ok(unknown_defect(name)))?),
    };
    let base = match defect {
        Some(defect) => defect.base,
        None => base_of(arguments.mode, scope).map_err(Ok)?,
    };
    let at = match &arguments.at {
        None => CODE_TIME,
        Some(text) => parse_instant(text)
            .map_err(|error| Ok(Text::new(format!("--at {text:?}: {error}"), format!("--at {text:?}：{error}"))))?,
    };
    let material = arguments.seed.as_deref().unwrap_or(base).as_bytes();
    let Some(mut spec) = CodeSpec::of_base(base, at, material) else { return Err(Err(format!("no base {base}"))) };
    spec.scene = read_scene(&arguments.scene).map_err(Ok)?;
    if let Some(scope) = scope {
        spec.scope = scope;
    }
    if let Some(audience) = &arguments.audience {
        spec.audience = Some(audience.clone());
    }
    if let Some(nonce) = &arguments.nonce {
        spec.nonce = Some(read_nonce(nonce).map_err(Ok)?);
    }
    let made = if arguments.mode == CodeMode::Request && defect.is_none() {
        make_request(pki, &spec)
    } else {
        make_code(pki, &spec, defect.as_ref()).map(|code| code.text)
    };
    made.map_err(|error| Err(error.to_string()))
}

/// Writes the QR code of a text.
pub(crate) fn write_qr(text: &str, path: &Path) -> Result<(), Text> {
    let symbol = write_symbol(text, Correction::Screen, MODULE)
        .map_err(|error| Text::new(format!("--qr: {error}"), format!("--qr：{error}")))?;
    std::fs::write(path, symbol.png).map_err(|error| {
        Text::new(format!("cannot write {}: {error}", path.display()), format!("无法写入 {}：{error}", path.display()))
    })
}

/// What is said beside the code where no instant was given.
pub(crate) fn note() -> Text {
    let at = write_instant(CODE_TIME);
    Text::new(
        format!("issued at {at}, the fixed instant of the suite; --at names another"),
        format!("签发时刻为套件固定时刻 {at}；可用 --at 指定其他时刻"),
    )
}

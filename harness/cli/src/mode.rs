//! `--mode`: what a run may leave open. `dev` anything; `pretest` the full plan; `official` nothing: no filter, no
//! seed of one's own, a binary whose digest is known, an issuer whose root is pinned.

use std::path::Path;

use clap::ValueEnum;
use ecric_model::Text;
use ecric_model::requirement::Role;
use ecric_target::LoadedTarget;

use crate::args::{DepthArg, RunArgs};

/// How binding a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    Dev,
    Pretest,
    Official,
}

impl Mode {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Pretest => "pretest",
            Self::Official => "official",
        }
    }
}

/// Refuses what the mode does not leave open.
pub(crate) fn check(arguments: &RunArgs) -> Result<(), Text> {
    let select = &arguments.select;
    let filters = [
        ("--only", !select.only.is_empty()),
        ("--tags", select.tags.is_some()),
        ("--features", select.features.is_some()),
        ("--fail-fast", arguments.fail_fast),
    ];
    let locked = [
        ("--seed", arguments.seed.is_some()),
        ("--level", select.level.is_some()),
        ("--profile", !select.profile.is_empty()),
        ("--depth", select.depth != DepthArg::Standard),
        ("--mutant", arguments.mutant.is_some()),
        ("--variant", arguments.variant.is_some()),
        ("--brief", arguments.brief),
    ];
    let refused: &[&[(&str, bool)]] = match arguments.mode {
        Mode::Dev => &[],
        Mode::Pretest => &[&filters],
        Mode::Official => &[&filters, &locked],
    };
    if let Some((flag, _)) = refused.iter().flat_map(|list| list.iter()).find(|(_, given)| *given) {
        let mode = arguments.mode.name();
        return Err(Text::new(
            format!("--mode {mode} locks {flag}: leave it away, or run in mode dev"),
            format!("--mode {mode} 不允许 {flag}：请去掉该选项，或使用 dev 模式"),
        ));
    }
    Ok(())
}

/// Official runs: the binary is the one that was confirmed, and the issuer's root is pinned.
pub(crate) fn check_official(
    arguments: &RunArgs,
    target: &LoadedTarget,
    binary_sm3: &str,
    confirmation: Option<&[u8]>,
) -> Result<(), Text> {
    let confirmed = confirmation
        .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(bytes).ok())
        .and_then(|json| json["binary"]["sm3"].as_str().map(str::to_owned));
    for (flag, wanted) in [("--binary-sm3", arguments.binary_sm3.clone()), ("--tool-confirmation", confirmed.clone())] {
        if let Some(wanted) = wanted.filter(|wanted| !wanted.eq_ignore_ascii_case(binary_sm3)) {
            return Err(Text::new(
                format!("{flag} names the binary {wanted}, this one is {binary_sm3}"),
                format!("{flag} 指明的程序为 {wanted}，当前程序为 {binary_sm3}"),
            ));
        }
    }
    if arguments.mode != Mode::Official {
        return Ok(());
    }
    if arguments.binary_sm3.is_none() && confirmed.is_none() {
        return Err(Text::new(
            format!(
                "--mode official needs the digest of the confirmed binary: --binary-sm3 HEX, or --tool-confirmation FILE from `ecric selftest` (this binary: {binary_sm3})"
            ),
            format!(
                "--mode official 需要经确认程序的摘要：--binary-sm3 HEX，或 `ecric selftest` 产生的 --tool-confirmation FILE（当前程序：{binary_sm3}）"
            ),
        ));
    }
    let issuer = target.file.roles.contains(&Role::Issuer);
    if arguments.select.target.is_some() && issuer && target.pinned_root().is_none() {
        return Err(Text::new(
            "--mode official does not trust an issuer on first use: pin its root with trust.issuer_anchors.pin_sm3 in the target file",
            "--mode official 不允许首次使用即信任签发方：请在目标文件 trust.issuer_anchors.pin_sm3 中固定其根证书",
        ));
    }
    Ok(())
}

/// Reads the tool-confirmation record that goes into the package.
pub(crate) fn read_confirmation(path: Option<&Path>) -> Result<Option<Vec<u8>>, Text> {
    let Some(path) = path else { return Ok(None) };
    let bytes =
        std::fs::read(path).map_err(|error| ecric_model::messages::Msg::CannotRead.text(&[&path.display(), &error]))?;
    let schema = serde_json::from_slice::<serde_json::Value>(&bytes).ok();
    let named = schema.as_ref().and_then(|json| json["schema"].as_str());
    if named.is_none_or(|schema| !schema.starts_with("ecric.tool-confirmation/")) {
        return Err(Text::new(
            format!("{}: no tool-confirmation record", path.display()),
            format!("{}：不是工具确认记录", path.display()),
        ));
    }
    Ok(Some(bytes))
}

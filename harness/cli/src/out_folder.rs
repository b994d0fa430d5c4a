//! The folder of a run. Two runs never share one.

use std::path::{Path, PathBuf};

use ecric_model::Text;
use ecric_model::messages::Msg;
use time::OffsetDateTime;
use time::macros::format_description;

/// Makes the folder: the one asked for, or a new one below `target/ecric`.
pub(crate) fn make(asked: Option<&Path>, started: OffsetDateTime, seed: &str) -> Result<PathBuf, Text> {
    let failed = |path: &Path, error: &std::io::Error| Msg::CannotWrite.text(&[&path.display(), error]);
    if let Some(path) = asked {
        std::fs::create_dir_all(path).map_err(|error| failed(path, &error))?;
        if path.join("run.json").exists() || path.join("plan.json").exists() {
            return Err(Text::new(
                format!("{} holds a run already; give another --out", path.display()),
                format!("{} 已有一次运行的结果；请更换 --out", path.display()),
            ));
        }
        return Ok(path.to_path_buf());
    }
    let base = Path::new("target").join("ecric");
    std::fs::create_dir_all(&base).map_err(|error| failed(&base, &error))?;
    let stamp = started.format(format_description!("[year][month][day]T[hour][minute][second]Z")).unwrap_or_default();
    let short: String = seed.chars().take(8).collect();
    for attempt in 1..1_000 {
        let tail = if attempt == 1 { String::new() } else { format!("-{attempt}") };
        let path = base.join(format!("{stamp}-{short}{tail}"));
        match std::fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(&path, &error)),
        }
    }
    Err(Text::new("no free folder below target/ecric", "target/ecric 下没有可用目录"))
}

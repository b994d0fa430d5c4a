//! `ecric vectors generate`.

use ecric_model::{Lang, Text};
use ecric_vectors::generate::generated_files;

use super::{Stop, write};
use crate::args::VectorsGenerateArgs;
use crate::exit;

/// Writes the files that differ, or only names them.
pub(super) fn execute(arguments: &VectorsGenerateArgs, lang: Lang) -> Result<u8, Stop> {
    if !arguments.data.is_dir() {
        let place = arguments.data.display();
        return Err(Stop(
            exit::USAGE,
            Text::new(
                format!("{place}: no such folder; start in the repository or give --data"),
                format!("{place}：目录不存在；请在仓库中运行或给出 --data"),
            ),
        ));
    }
    let files = generated_files();
    let mut different = 0;
    for file in &files {
        let path = arguments.data.join(&file.path);
        if std::fs::read(&path).is_ok_and(|found| found == file.text.as_bytes()) {
            continue;
        }
        different += 1;
        say!("{}", path.display());
        if !arguments.check {
            write(&path, &file.text)?;
        }
    }
    let said = match lang {
        Lang::En => format!("{} generated files, {different} different", files.len()),
        Lang::ZhCn => format!("{} 个生成文件，{different} 个有差异", files.len()),
    };
    say!("{said}");
    Ok(if arguments.check && different > 0 { exit::SHORT } else { exit::OK })
}

//! Passphrases of key files: from a file, the environment, or the terminal. Never from the command line.

use std::io::IsTerminal as _;
use std::process::{Command, Stdio};

use ecric_model::messages::Msg;
use ecric_model::{Lang, Text};

use crate::args::PassphraseArgs;

/// Variable of the environment.
const VARIABLE: &str = "ECRIC_PASSPHRASE";
/// Shortest passphrase for a new key, characters.
const SHORTEST: usize = 8;

/// Whether a passphrase is chosen or given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    New,
    Open,
}

/// Gets the passphrase.
pub(crate) fn ask(arguments: &PassphraseArgs, purpose: Purpose, lang: Lang) -> Result<String, Text> {
    let found = match (&arguments.passphrase_file, std::env::var(VARIABLE)) {
        (Some(path), _) => {
            let text =
                std::fs::read_to_string(path).map_err(|error| Msg::CannotRead.text(&[&path.display(), &error]))?;
            text.lines().next().unwrap_or_default().to_owned()
        }
        (None, Ok(text)) => text,
        (None, Err(_)) if std::io::stdin().is_terminal() => from_terminal(purpose, lang)?,
        (None, Err(_)) => {
            return Err(Text::new(
                format!("no passphrase: set {VARIABLE}, or give --passphrase-file FILE"),
                format!("没有口令：请设置 {VARIABLE} 或使用 --passphrase-file 文件"),
            ));
        }
    };
    if purpose == Purpose::New && found.chars().count() < SHORTEST {
        return Err(Text::new(
            format!("a passphrase has at least {SHORTEST} characters"),
            format!("口令至少{SHORTEST}个字符"),
        ));
    }
    Ok(found)
}

fn from_terminal(purpose: Purpose, lang: Lang) -> Result<String, Text> {
    let prompt = Text::new("passphrase: ", "口令：");
    let first = hidden_line(prompt.in_lang(lang))?;
    if purpose == Purpose::New && hidden_line(Text::new("once more: ", "再次输入：").in_lang(lang))? != first {
        return Err(Text::new("the passphrases differ", "两次输入的口令不同"));
    }
    Ok(first)
}

/// Reads a line without showing it, where the terminal allows that.
fn hidden_line(prompt: &str) -> Result<String, Text> {
    let echo = |word: &str| Command::new("stty").arg(word).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
    eprint!("{prompt}");
    let hidden = echo("-echo").is_ok_and(|status| status.success());
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    if hidden {
        let _ = echo("echo");
        eprintln!();
    }
    read.map_err(|error| Text::same(error.to_string()))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

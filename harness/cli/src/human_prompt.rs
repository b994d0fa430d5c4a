//! The person at the terminal, who does what a holder does in an app that has no interface: a question, what may
//! be typed, and the picture of a code in place of its text.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use ecric_licence::code::picture::{draw_symbol, is_picture, read_symbol};
use ecric_licence::code::{CODE_PREFIX, parse_code};
use ecric_model::{Lang, Text};
use ecric_target::{HumanPort, HumanQuestion};

/// Largest picture read, bytes.
const PICTURE_MAX: u64 = 32 * 1024 * 1024;

/// The person, if standard input and standard error are a terminal.
pub(crate) fn at_terminal(lang: Lang) -> Option<HumanPort> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return None;
    }
    let turn = Mutex::new(());
    Some(HumanPort::new(Arc::new(move |question: &HumanQuestion| {
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        ask(question, lang)
    })))
}

fn ask(question: &HumanQuestion, lang: Lang) -> Option<String> {
    eprintln!("\n── {} ──", question.case);
    eprintln!("{}", question.text.in_lang(lang));
    if let Some(scan) = &question.scan {
        let words = Text::new("Let the app scan this:", "请用应用扫描：");
        eprintln!("{}", words.in_lang(lang));
        if let Ok(drawn) = draw_symbol(scan) {
            eprintln!("{drawn}");
        }
        eprintln!("{scan}");
    }
    loop {
        eprintln!("[{}]", question.wanted.in_lang(lang));
        let mut line = String::new();
        if std::io::stdin().lock().read_line(&mut line).ok()? == 0 {
            return None;
        }
        match taken(question, line.trim_end_matches(['\r', '\n'])) {
            Ok(answer) => return Some(answer),
            Err(text) => eprintln!("{}", text.in_lang(lang)),
        }
    }
}

/// The answer, if it is one; a picture is read as its text.
fn taken(question: &HumanQuestion, line: &str) -> Result<String, Text> {
    let word = line.trim();
    if !question.choices.is_empty() {
        let known = question.choices.contains(&word);
        return if known { Ok(word.to_owned()) } else { Err(not_an_answer(word)) };
    }
    if word == "n" || word == "r" {
        return Ok(word.to_owned());
    }
    let text = if line.starts_with(CODE_PREFIX) { line.to_owned() } else { from_picture(Path::new(word))? };
    match parse_code(&text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Text::new(
            format!("this is no presentation code: {error}; copy it whole, spaces included"),
            format!("不是出示码：{error}；请完整复制，包括空格"),
        )),
    }
}

fn not_an_answer(word: &str) -> Text {
    Text::new(format!("{word:?} is none of the answers"), format!("{word:?} 不在可选答案之内"))
}

fn from_picture(path: &Path) -> Result<String, Text> {
    let failed = |reason: String| {
        Text::new(
            format!("{}: {reason}; wanted a code or the path of a picture", path.display()),
            format!("{}：{reason}；请输入出示码或图片路径", path.display()),
        )
    };
    let size = std::fs::metadata(path).map_err(|error| failed(error.to_string()))?.len();
    if size > PICTURE_MAX {
        return Err(failed(format!("{size} bytes, at most {PICTURE_MAX}")));
    }
    let bytes = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    if !is_picture(&bytes) {
        return Err(failed("not a PNG or JPEG picture".to_owned()));
    }
    read_symbol(&bytes).map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_taken_or_explained() {
        let question = HumanQuestion::yes_or_no(Text::new("q", "问"));
        assert_eq!(taken(&question, " y ").unwrap(), "y");
        assert!(taken(&question, "maybe").unwrap_err().zh.contains("不在可选答案之内"));
        let open = HumanQuestion { choices: Vec::new(), ..question };
        assert_eq!(taken(&open, "n").unwrap(), "n");
        assert!(taken(&open, "ECR1:x").unwrap_err().en.contains("no presentation code"));
        assert!(taken(&open, "/nowhere.png").unwrap_err().en.contains("wanted a code or the path"));
    }
}

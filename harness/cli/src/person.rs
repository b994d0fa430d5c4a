//! A person at the terminal, who answers hooks of kind `human`.

use std::io::{IsTerminal as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use ecric_model::{Lang, Text};
use ecric_target::{Person, Question, Wants};

/// Most that a person may paste, bytes.
const PASTED_CAP: usize = 16 << 20;

/// The person, if there is a terminal to ask at.
pub(crate) fn at_the_terminal(lang: Lang) -> Option<Person> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return None;
    }
    // One question at a time, whatever runs at once.
    let turn = Mutex::new(());
    Some(Person(Arc::new(move |question: &Question| {
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        ask(question, lang)
    })))
}

fn ask(question: &Question, lang: Lang) -> Result<String, Text> {
    eprint!("{}", render(question, lang));
    let _ = std::io::stderr().flush();
    read(&mut std::io::stdin().lock(), question.wants)
}

/// The question as shown.
fn render(question: &Question, lang: Lang) -> String {
    let wanted = match question.wants {
        Wants::Done => Text::new("press Enter when it is done", "完成后按回车"),
        Wants::Text => Text::new("type or paste the text, then Enter", "输入或粘贴文本后按回车"),
        Wants::Json => Text::new("paste the JSON, then an empty line", "粘贴 JSON，以空行结束"),
        Wants::File => Text::new("type the path of the file, then Enter", "输入文件路径后按回车"),
    };
    let Question { hook, instruction, request, .. } = question;
    format!("\n[{hook}] {}\n{request}\n{}: ", instruction.in_lang(lang), wanted.in_lang(lang))
}

fn read(input: &mut impl std::io::BufRead, wants: Wants) -> Result<String, Text> {
    let mut out = String::new();
    loop {
        let before = out.len();
        let read = input.read_line(&mut out).map_err(|error| Text::same(error.to_string()))?;
        if read == 0 && out.is_empty() {
            return Err(Text::new("the person left without an answer", "未作答复即离开"));
        }
        if out.len() > PASTED_CAP {
            return Err(Text::new("the pasted text is too long", "粘贴内容过长"));
        }
        if read == 0 || wants != Wants::Json || out[before..].trim().is_empty() {
            return Ok(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_end_where_they_should() {
        let typed = |text: &str, wants| read(&mut text.as_bytes(), wants).map_err(|error| error.en);
        assert_eq!(typed("a\nb\n", Wants::Text), Ok("a\n".to_owned()));
        assert_eq!(typed("\n", Wants::Done), Ok("\n".to_owned()));
        assert_eq!(typed("{\n\"a\": 1}\n\nrest\n", Wants::Json), Ok("{\n\"a\": 1}\n\n".to_owned()));
        assert!(typed("", Wants::Done).is_err());
    }

    #[test]
    fn questions_are_asked_in_both_languages() {
        let question = Question {
            hook: "root".into(),
            instruction: Text::new("install the root", "安装根证书"),
            request: "{}".into(),
            wants: Wants::Done,
        };
        assert!(render(&question, Lang::En).contains("install the root"));
        assert!(render(&question, Lang::ZhCn).contains("安装根证书") && render(&question, Lang::ZhCn).contains("回车"));
    }
}

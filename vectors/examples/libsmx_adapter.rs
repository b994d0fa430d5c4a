//! The adapter of libsmx: answers questions on standard input until it ends.

#![allow(clippy::print_stdout, reason = "the protocol is spoken on standard output")]

use std::io::{BufRead as _, Write as _};

use ecric_vectors::set::{Answer, Question, Verdict};

#[path = "../tests/libsmx/mod.rs"]
mod libsmx_opinion;

/// Of the dev-dependency.
const VERSION: &str = "libsmx 0.3.0";

fn main() -> std::io::Result<()> {
    for line in std::io::stdin().lock().lines() {
        let question: Question = serde_json::from_str(&line?)?;
        let said = match question.operation.as_str() {
            "about" => {
                Answer { id: question.id, result: Verdict::Valid, output: Some(VERSION.to_owned()), reason: None }
            }
            _ => libsmx_opinion::answer(&question),
        };
        println!("{}", serde_json::to_string(&said)?);
        std::io::stdout().flush()?;
    }
    Ok(())
}

//! One implementation, all vectors: questions out, answers in, outcomes.

use std::collections::BTreeMap;

use ecric_vectors::builtin;
use ecric_vectors::options::Options;
use ecric_vectors::set::{Outcome, Question, Vector};

use super::process::{Complaints, Limits, ProcessError, Program, Reply, ask_all};

/// What became of one vector.
#[derive(Debug, Clone)]
pub struct Checked<'a> {
    /// The vector.
    pub vector: &'a Vector,
    /// The outcome.
    pub outcome: Outcome,
    /// Output of the answer, if there was one.
    pub output: Option<String>,
    /// Reason of the answer, if it gave one.
    pub reason: Option<String>,
}

/// Asks the built-in implementation, in process; it takes every reading that a vector belongs to.
#[must_use]
pub fn check_builtin(vectors: &[Vector]) -> Vec<Checked<'_>> {
    vectors.iter().map(ask_builtin).collect()
}

fn ask_builtin(vector: &Vector) -> Checked<'_> {
    let options = match &vector.option {
        Some((name, reading)) => Options::profile().with(name, *reading).unwrap_or_default(),
        None => Options::profile(),
    };
    judged(vector, Reply::Answered(builtin::answer(&vector.question(), &options)))
}

/// Asks an implementation in a process of its own; vectors of other readings than its own are left out.
///
/// # Errors
/// When it does not start or never answers.
pub fn check_command<'a>(
    words: &[String],
    vectors: &'a [Vector],
    options: &Options,
    limits: Limits,
) -> Result<Vec<Checked<'a>>, ProcessError> {
    let program = Program { words: words.to_vec(), folder: None, complaints: Complaints::Shown };
    let asked: Vec<&Vector> = vectors.iter().filter(|vector| vector.applies(options)).collect();
    ask_program(&program, &asked, limits)
}

/// Asks a program about these vectors. Vectors with the same question are asked once.
pub(super) fn ask_program<'a>(
    program: &Program,
    vectors: &[&'a Vector],
    limits: Limits,
) -> Result<Vec<Checked<'a>>, ProcessError> {
    let mut places = BTreeMap::new();
    let mut questions: Vec<Question> = Vec::new();
    let place_of: Vec<usize> = vectors
        .iter()
        .map(|vector| {
            let question = vector.question();
            let key = (question.operation.clone(), question.input.clone(), question.option.clone());
            *places.entry(key).or_insert_with(|| {
                questions.push(question);
                questions.len() - 1
            })
        })
        .collect();
    let replies = ask_all(program, &questions, limits)?;
    Ok(vectors.iter().zip(place_of).map(|(vector, place)| judged(vector, replies[place].clone())).collect())
}

fn judged(vector: &Vector, reply: Reply) -> Checked<'_> {
    match reply {
        Reply::Answered(answer) => Checked {
            vector,
            outcome: vector.judge(answer.result, answer.output.as_deref()),
            output: answer.output,
            reason: answer.reason,
        },
        Reply::Failed(outcome) => Checked { vector, outcome, output: None, reason: None },
    }
}

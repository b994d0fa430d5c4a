//! Every adapter of a folder against every vector.

use ecric_vectors::builtin;
use ecric_vectors::set::{Outcome, Question, Vector};

use super::adapters::Adapter;
use super::agreement::{AGREEMENT_SCHEMA, Agreed, Agreement, Implementation};
use super::check::{Checked, ask_program, check_builtin};
use super::process::{Complaints, Limits, Program, ask_one};

/// One implementation and what became of each vector.
#[derive(Debug)]
pub struct Column<'a> {
    /// The adapter.
    pub adapter: Adapter,
    /// Version, as the implementation says itself.
    pub version: String,
    /// One for each vector, in their order.
    pub outcomes: Vec<Checked<'a>>,
}

/// All implementations that were found.
#[derive(Debug)]
pub struct Table<'a> {
    /// The vectors, in order.
    pub vectors: &'a [Vector],
    /// The implementations that answered.
    pub columns: Vec<Column<'a>>,
    /// Adapters whose library is not installed, with what they say.
    pub missing: Vec<(Adapter, String)>,
}

/// Asks every adapter that works on this machine about every vector, both readings of grey zones too.
#[must_use]
pub fn measure<'a>(adapters: Vec<Adapter>, vectors: &'a [Vector], limits: Limits) -> Table<'a> {
    let mut table = Table { vectors, columns: Vec::new(), missing: Vec::new() };
    for adapter in adapters {
        match column(&adapter, vectors, limits) {
            Ok((version, outcomes)) => table.columns.push(Column { adapter, version, outcomes }),
            Err(problem) => table.missing.push((adapter, problem)),
        }
    }
    table
}

fn column<'a>(adapter: &Adapter, vectors: &'a [Vector], limits: Limits) -> Result<(String, Vec<Checked<'a>>), String> {
    if adapter.command.is_empty() {
        return Ok((builtin::VERSION.to_owned(), check_builtin(vectors)));
    }
    let program = Program {
        words: adapter.command.clone(),
        folder: Some(adapter.folder.clone()),
        complaints: Complaints::Dropped,
    };
    let about = Question {
        id: "about".to_owned(),
        operation: "about".to_owned(),
        input: std::collections::BTreeMap::new(),
        option: None,
    };
    let said = ask_one(&program, &about, limits).map_err(|error| error.to_string())?;
    let version = said.and_then(|answer| answer.output).ok_or("it does not say its version")?;
    let all: Vec<&Vector> = vectors.iter().collect();
    let outcomes = ask_program(&program, &all, limits).map_err(|error| error.to_string())?;
    Ok((version, outcomes))
}

impl Table<'_> {
    /// The record of agreement on the cryptographic vectors.
    #[must_use]
    pub fn agreement(&self) -> Agreement {
        let implementations = self.columns.iter().map(|column| Implementation {
            name: column.adapter.name.clone(),
            version: column.version.clone(),
            family: column.adapter.family.clone(),
        });
        let agreed = |at: usize| {
            let right = self.columns.iter().filter(move |column| column.outcomes[at].outcome == Outcome::Right);
            right.map(|column| column.adapter.name.clone()).collect()
        };
        let vectors = self.vectors.iter().enumerate().filter(|(_, vector)| vector.is_cryptographic());
        Agreement {
            schema: AGREEMENT_SCHEMA.to_owned(),
            implementations: implementations.collect(),
            vectors: vectors
                .map(|(at, vector)| (vector.item.id.clone(), Agreed { content: vector.fingerprint(), by: agreed(at) }))
                .collect(),
        }
    }
}

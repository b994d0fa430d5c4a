//! Stored walks as steps, and a failing walk as a stored one.

use ecric_model::Text;
use ecric_vectors::regression::{StoredWalk, stored_walks, write_regressions};

use super::step::{Step, StepError};
use super::{Alphabet, Failure};

/// Why stored walks cannot be used: a fault of ours.
#[derive(Debug, thiserror::Error)]
pub enum RegressionError {
    /// The file.
    #[error("{0}")]
    File(#[from] ecric_vectors::file::LoadError),
    /// A line of it.
    #[error("vectors/regressions: {id}: {problem}")]
    Step {
        /// The walk.
        id: String,
        /// Its line.
        problem: StepError,
    },
}

/// The stored walks that a product with this alphabet can be asked: those with days, or those without. A look that
/// the product does not offer is left out; a walk with a change that it does not offer is.
///
/// # Errors
/// When a file or a line of it cannot be read.
pub fn load_stored(alphabet: Alphabet) -> Result<Vec<Vec<Step>>, RegressionError> {
    let mut out = Vec::new();
    for StoredWalk { id, steps, .. } in stored_walks()? {
        let read: Result<Vec<Step>, StepError> = steps.iter().map(|line| line.parse()).collect();
        let steps = read.map_err(|problem| RegressionError::Step { id, problem })?;
        let days = steps.contains(&Step::Day);
        let (offered, missing): (Vec<Step>, Vec<Step>) = steps.into_iter().partition(|step| alphabet.offers(*step));
        if days == alphabet.clock && missing.iter().all(|step| !step.changes() && *step != Step::Repeat) {
            out.push(offered);
        }
    }
    Ok(out)
}

/// A failing walk as a file of stored walks.
#[must_use]
pub fn render_regression(failure: &Failure, seed: &str) -> String {
    let finding = &failure.finding;
    let told = |expected: &str, actual: &str| format!("{}: {actual}", finding.place) + " != " + expected;
    write_regressions(&[StoredWalk {
        id: "walk.0000".to_owned(),
        finds: Text::new(
            told(&finding.expected.en, &finding.actual.en),
            told(&finding.expected.zh, &finding.actual.zh),
        ),
        source: format!("seed {seed}, walk {}", failure.walk),
        steps: failure.steps.iter().map(Step::to_string).collect(),
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stored_walk_is_read_by_one_alphabet() {
        let all = Alphabet::everything();
        let without = load_stored(Alphabet { clock: false, ..all }).unwrap();
        let with = load_stored(all).unwrap();
        assert_eq!(without.len() + with.len(), stored_walks().unwrap().len());
        let few = load_stored(Alphabet::default()).unwrap();
        assert!(few.len() < without.len());
        let no_metadata = load_stored(Alphabet { clock: false, metadata: false, ..all }).unwrap();
        let mut looks = no_metadata.iter().flatten();
        assert!(no_metadata.len() == without.len() && looks.all(|step| !matches!(step, Step::Metadata { .. })));
    }
}

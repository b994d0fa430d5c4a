//! Random walks through the life cycle: a sequence of calls for one holder, each answer and the state
//! after it compared with a model; many holders at once; a failing walk is shrunk with new holders.
//!
//! The loops know no product: what they need of one is [`Ground`].

mod drive;
mod generate;
mod regression;
mod requests;
mod script;
mod shrink;
mod step;

pub use drive::{Ground, Played, Trace, play};
pub(crate) use drive::{play_on, view};
pub(crate) use generate::request_of;
pub use generate::{Alphabet, generate};
pub use regression::{RegressionError, load_stored, render_regression};
pub(crate) use requests::{Asked, asked, audit};
pub use script::{Form, render_script};
pub use step::{Step, StepError, Use};

use ecric_model::finding::Finding;
use futures::future::join_all;

/// How far walks go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Walks.
    pub walks: u32,
    /// Steps of each.
    pub steps: u32,
    /// Walks at once.
    pub at_once: u32,
    /// Most replays spent on shrinking.
    pub replays: u32,
}

/// What became of the walks.
#[derive(Debug, Clone)]
pub struct Walked {
    /// Walks made.
    pub walks: u32,
    /// Replays spent on shrinking.
    pub replays: u32,
    /// The shortest failing walk, if one failed.
    pub failure: Option<Failure>,
}

/// A failing walk after shrinking.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Number of the walk, from 0: with the seed it gives the walk back.
    pub walk: u32,
    /// Its steps; the last one shows the fault.
    pub steps: Vec<Step>,
    /// What the last step showed.
    pub finding: Box<Finding>,
    /// What was sent and expected, step by step.
    pub trace: Vec<Trace>,
}

/// Walks until one fails, then shrinks it. Walks go `at_once` by `at_once`; of those that fail together the
/// one with the lowest number counts, so that a seed always tells the same story.
///
/// # Errors
/// When the ground cannot be walked on: never a fault of the product.
pub async fn run_walks<G: Ground>(
    ground: &G,
    alphabet: Alphabet,
    seed: &[u8; 32],
    size: Size,
) -> Result<Walked, G::Error> {
    let mut done = 0;
    while done < size.walks && (done == 0 || ground.has_time()) {
        let until = (done + size.at_once.max(1)).min(size.walks);
        let walks: Vec<Vec<Step>> = (done..until).map(|walk| generate(seed, walk, size.steps, alphabet)).collect();
        let played = join_all(walks.iter().map(|steps| play(ground, steps))).await;
        for ((walk, steps), played) in (done..until).zip(&walks).zip(played) {
            if let Some(failure) = failure_of(walk, steps, played?) {
                let (failure, replays) = shrink::shrink(ground, failure, size.replays).await?;
                return Ok(Walked { walks: walk + 1, replays, failure: Some(failure) });
            }
        }
        done = until;
    }
    Ok(Walked { walks: done, replays: 0, failure: None })
}

/// Plays stored walks, the ones that found faults before, each with a new holder.
///
/// # Errors
/// When the ground cannot be walked on.
pub async fn run_regressions<G: Ground>(ground: &G, stored: &[Vec<Step>], replays: u32) -> Result<Walked, G::Error> {
    let played = join_all(stored.iter().map(|steps| play(ground, steps))).await;
    for ((walk, steps), played) in (0..).zip(stored).zip(played) {
        if let Some(failure) = failure_of(walk, steps, played?) {
            let (failure, replays) = shrink::shrink(ground, failure, replays).await?;
            return Ok(Walked { walks: walk + 1, replays, failure: Some(failure) });
        }
    }
    Ok(Walked { walks: u32::try_from(stored.len()).unwrap_or(u32::MAX), replays: 0, failure: None })
}

fn failure_of(walk: u32, steps: &[Step], played: Played) -> Option<Failure> {
    let (at, finding) = played.failure?;
    Some(Failure { walk, steps: steps[..=at].to_vec(), finding, trace: played.trace })
}

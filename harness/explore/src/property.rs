//! One property: values until one fails, then the smallest failing value within the budget.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How much a property may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Values tried.
    pub values: u32,
    /// Calls of the test spent on shrinking.
    pub shrinks: u32,
}

/// What became of a property. `F` is the finding type of the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome<V, F> {
    /// Values tried.
    pub values: u32,
    /// Calls spent on shrinking.
    pub shrinks: u32,
    /// The smallest failing value and its finding, if one failed.
    pub failure: Option<(V, F)>,
}

/// Why a property could not be run: a fault of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PropertyError<E> {
    /// The strategy gave no value.
    NoValue(String),
    /// The test itself could not be run.
    Test(E),
}

impl<E: std::fmt::Display> std::fmt::Display for PropertyError<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoValue(reason) => write!(f, "the generator gave no value: {reason}"),
            Self::Test(error) => write!(f, "{error}"),
        }
    }
}

/// What is tried for each value.
pub trait Property<V> {
    /// What a failing value leaves behind.
    type Finding;
    /// Why the test could not be run.
    type Error;

    /// Tries one value: `Ok(None)` holds, `Ok(Some(..))` fails.
    ///
    /// # Errors
    /// When the test could not be run.
    fn test(&mut self, value: &V) -> impl Future<Output = Result<Option<Self::Finding>, Self::Error>>;
}

/// Runs a property from a seed of 32 bytes.
///
/// # Errors
/// When the strategy gives no value or the test cannot be run.
pub async fn run<S, P>(
    strategy: &S,
    seed: &[u8; 32],
    budget: Budget,
    property: &mut P,
) -> Result<Outcome<S::Value, P::Finding>, PropertyError<P::Error>>
where
    S: Strategy,
    S::Value: Clone,
    P: Property<S::Value>,
{
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, seed));
    for done in 0..budget.values {
        let mut tree =
            strategy.new_tree(&mut runner).map_err(|reason| PropertyError::NoValue(reason.message().to_owned()))?;
        if let Some(finding) = property.test(&tree.current()).await.map_err(PropertyError::Test)? {
            let (value, finding, shrinks) = shrink(&mut tree, finding, budget.shrinks, property).await?;
            return Ok(Outcome { values: done + 1, shrinks, failure: Some((value, finding)) });
        }
    }
    Ok(Outcome { values: budget.values, shrinks: 0, failure: None })
}

async fn shrink<T, P>(
    tree: &mut T,
    first: P::Finding,
    most: u32,
    property: &mut P,
) -> Result<(T::Value, P::Finding, u32), PropertyError<P::Error>>
where
    T: ValueTree,
    T::Value: Clone,
    P: Property<T::Value>,
{
    let mut best = (tree.current(), first);
    let mut spent = 0;
    let mut moved = tree.simplify();
    while moved && spent < most {
        spent += 1;
        let value = tree.current();
        match property.test(&value).await.map_err(PropertyError::Test)? {
            Some(finding) => {
                best = (value, finding);
                moved = tree.simplify();
            }
            None => moved = tree.complicate(),
        }
    }
    Ok((best.0, best.1, spent))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Below(u32);

    impl Property<u32> for Below {
        type Finding = u32;
        type Error = String;
        async fn test(&mut self, value: &u32) -> Result<Option<u32>, String> {
            Ok((*value >= self.0).then_some(*value))
        }
    }

    const BUDGET: Budget = Budget { values: 64, shrinks: 200 };

    #[tokio::test]
    async fn a_law_that_holds_tries_every_value() {
        let outcome = run(&(0_u32..100), &[1; 32], BUDGET, &mut Below(100)).await.unwrap();
        assert_eq!(outcome, Outcome { values: 64, shrinks: 0, failure: None });
    }

    #[tokio::test]
    async fn a_failing_value_is_shrunk_to_the_smallest() {
        let outcome = run(&(0_u32..1_000_000), &[1; 32], BUDGET, &mut Below(1_000)).await.unwrap();
        assert_eq!(outcome.failure, Some((1_000, 1_000)));
        assert!(outcome.shrinks > 0);
    }

    #[tokio::test]
    async fn the_same_seed_gives_the_same_run() {
        let first = run(&(0_u32..1_000_000), &[7; 32], BUDGET, &mut Below(900_000)).await.unwrap();
        let second = run(&(0_u32..1_000_000), &[7; 32], BUDGET, &mut Below(900_000)).await.unwrap();
        assert_eq!(first, second);
    }

    #[tokio::test]
    async fn shrinking_stays_within_its_budget() {
        let budget = Budget { values: 64, shrinks: 3 };
        let outcome = run(&(0_u32..1_000_000), &[1; 32], budget, &mut Below(10)).await.unwrap();
        assert!(outcome.shrinks <= 3 && outcome.failure.is_some());
    }
}

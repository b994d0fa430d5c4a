//! Loads. Open loop: the time at which each call should begin is fixed in advance from the rate, and a call's time
//! runs from that moment, so that a product that keeps later calls waiting cannot hide it. The closed loop, where
//! each call waits for the one before, is for comparing one thing with another only.
//!
//! Must never: judge, or leave a call out because it was slow.

use std::future::Future;
use std::time::Duration;

use ecric_model::load::LoadRecord;
use futures::stream::{FuturesUnordered, StreamExt as _};
use hdrhistogram::Histogram;
use tokio::time::{Instant, sleep_until};

/// How a call of a load ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// With a success.
    Answered,
    /// With 429 or 503.
    Refused,
    /// With any other answer.
    Failed,
    /// Without an answer.
    Unanswered,
}

/// How a load is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Time between two intended starts.
    pub every: Duration,
    /// Calls.
    pub calls: u64,
    /// Most calls under way at once; a call beyond waits, and its time runs.
    pub in_flight: usize,
    /// Time after which no further call begins: those left count as unanswered, with the time they waited.
    pub most: Duration,
}

impl Pace {
    /// A rate over a time: the nearest whole number of calls, at least one.
    #[must_use]
    pub fn of_rate(a_second: f64, span: Duration, in_flight: usize) -> Self {
        let every = Duration::from_secs_f64(1.0 / a_second.clamp(0.001, 1_000_000.0));
        let half = every / 2;
        let calls = u64::try_from((span + half).as_nanos() / every.as_nanos().max(1)).unwrap_or(u64::MAX).max(1);
        Self { every, calls, in_flight: in_flight.max(1), most: span * 2 + Duration::from_secs(30) }
    }

    /// Time over which starts are intended.
    #[must_use]
    pub fn span(&self) -> Duration {
        self.every.saturating_mul(u32::try_from(self.calls).unwrap_or(u32::MAX))
    }
}

/// Longest time told apart: a day.
const LONGEST_US: u64 = 86_400_000_000;

/// Times of calls, microseconds.
#[derive(Debug, Clone)]
struct Times(Histogram<u64>);

impl Times {
    #[allow(clippy::expect_used, reason = "bounds and figures are constants that a histogram can have")]
    fn new() -> Self {
        Self(Histogram::new_with_bounds(1, LONGEST_US, 3).expect("bounds of a histogram"))
    }

    fn note(&mut self, time: Duration) {
        self.0.saturating_record(micros(time).max(1));
    }

    fn at(&self, quantile: f64) -> u64 {
        if self.0.is_empty() { 0 } else { self.0.value_at_quantile(quantile) }
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// What a load came to. Calls refused count, their times do not.
#[derive(Debug, Clone)]
pub struct Tally {
    pace: Pace,
    open: bool,
    times: Times,
    late: Times,
    ended: [u64; 4],
    held_back: u64,
    elapsed: Duration,
}

impl Tally {
    fn new(pace: Pace, open: bool) -> Self {
        let none = Times::new();
        Self { pace, open, times: none.clone(), late: none, ended: [0; 4], held_back: 0, elapsed: Duration::ZERO }
    }

    fn note(&mut self, time: Duration, ended: Ended) {
        self.ended[ended as usize] += 1;
        if ended != Ended::Refused {
            self.times.note(time);
        }
    }

    /// The figures.
    #[must_use]
    pub fn figures(&self) -> LoadRecord {
        let times = &self.times;
        let [answered, refused, failed, unanswered] = self.ended;
        let span = if self.open { self.pace.span() } else { Duration::ZERO };
        LoadRecord {
            every_us: if self.open { micros(self.pace.every) } else { 0 },
            span_ms: u64::try_from(span.as_millis()).unwrap_or(u64::MAX),
            calls: self.pace.calls,
            answered,
            refused,
            failed,
            unanswered,
            held_back: self.held_back,
            in_flight: if self.open { self.pace.in_flight as u64 } else { 1 },
            p50_us: times.at(0.5),
            p95_us: times.at(0.95),
            p99_us: times.at(0.99),
            max_us: times.at(1.0),
            late_p95_us: self.late.at(0.95),
            elapsed_ms: u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX),
            ..LoadRecord::default()
        }
    }
}

/// Runs an open loop: `act` gets the number of each call, from 0.
///
/// # Errors
/// The first error of `act`: a fault of ours that ends the load.
pub async fn run_open<A, F, E>(pace: Pace, act: A) -> Result<Tally, E>
where
    A: Fn(u64) -> F,
    F: Future<Output = Result<Ended, E>>,
{
    let mut tally = Tally::new(pace, true);
    let begin = Instant::now();
    let due_of = |number: u64| begin + pace.every.saturating_mul(u32::try_from(number).unwrap_or(u32::MAX));
    let mut under_way = FuturesUnordered::new();
    let (mut next, mut freed) = (0, begin);
    let in_flight = pace.in_flight.max(1);
    loop {
        let open = next < pace.calls && begin.elapsed() < pace.most;
        let due = due_of(next);
        tokio::select! {
            biased;
            Some((number, ended)) = under_way.next(), if !under_way.is_empty() => {
                let now = Instant::now();
                if under_way.len() + 1 == in_flight {
                    freed = now;
                }
                tally.note(now - due_of(number), ended?);
            }
            () = sleep_until(due), if open && under_way.len() < in_flight => {
                if freed > due {
                    tally.held_back += 1;
                } else {
                    tally.late.note(due.elapsed());
                }
                let call = act(next);
                let number = next;
                under_way.push(async move { (number, call.await) });
                next += 1;
            }
            else => break,
        }
    }
    for number in next..pace.calls {
        tally.held_back += 1;
        tally.note(due_of(number).elapsed(), Ended::Unanswered);
    }
    tally.elapsed = begin.elapsed();
    Ok(tally)
}

/// Runs a closed loop: each call begins when the one before has ended, and its time runs from then.
///
/// # Errors
/// As [`run_open`].
pub async fn run_closed<A, F, E>(calls: u64, act: A) -> Result<Tally, E>
where
    A: Fn(u64) -> F,
    F: Future<Output = Result<Ended, E>>,
{
    let pace = Pace { every: Duration::ZERO, calls, in_flight: 1, most: Duration::MAX };
    let mut tally = Tally::new(pace, false);
    let begin = Instant::now();
    for number in 0..calls {
        let start = Instant::now();
        let ended = act(number).await?;
        tally.note(start.elapsed(), ended);
    }
    tally.elapsed = begin.elapsed();
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::convert::Infallible;
    use std::rc::Rc;
    use std::sync::Arc;

    use tokio::sync::Mutex;

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// A server that answers in 2 ms, one call at a time, and once stands still for 500 ms.
    #[derive(Clone, Default)]
    struct Stub {
        turn: Arc<Mutex<u64>>,
    }

    impl Stub {
        async fn answer(self) -> Result<Ended, Infallible> {
            let mut served = self.turn.lock().await;
            *served += 1;
            tokio::time::sleep(if *served == 20 { 500 * MS } else { 2 * MS }).await;
            Ok(Ended::Answered)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stall_shows_in_the_open_loop_and_hides_in_the_closed_one() {
        let pace = Pace { every: 10 * MS, calls: 200, in_flight: 100, most: Duration::from_secs(60) };
        let stub = Stub::default();
        let open = run_open(pace, |_| stub.clone().answer()).await.unwrap().figures();
        let stub = Stub::default();
        let closed = run_closed(200, |_| stub.clone().answer()).await.unwrap().figures();
        // One call of 200 stalled: the closed loop sees that call, and nothing up to the 99th of a hundred.
        assert!(closed.p99_us < 4_000 && closed.max_us >= 500_000, "{closed:?}");
        // In the open one, those that came meanwhile waited: some 60 calls, over a quarter of all.
        assert!(open.p99_us > 400_000 && open.p95_us > 300_000, "{open:?}");
        assert_eq!((open.answered, closed.answered, open.held_back), (200, 200, 0));
        assert!(open.p50_us < 4_000, "{open:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_on_our_side_counts_as_waiting() {
        let most = Rc::new(Cell::new((0_usize, 0_usize)));
        let act = |_| {
            let seen = Rc::clone(&most);
            async move {
                let (now, top) = seen.get();
                seen.set((now + 1, top.max(now + 1)));
                tokio::time::sleep(100 * MS).await;
                seen.set((seen.get().0 - 1, seen.get().1));
                Ok::<_, Infallible>(Ended::Answered)
            }
        };
        // 100 a second of 100 ms each need ten at once; two are permitted.
        let pace = Pace { every: 10 * MS, calls: 20, in_flight: 2, most: Duration::from_secs(60) };
        let load = run_open(pace, act).await.unwrap().figures();
        assert_eq!(most.get().1, 2);
        assert_eq!(load.held_back, 18);
        assert!(load.max_us > 800_000 && load.elapsed_ms >= 1_000, "{load:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn every_end_is_counted_and_refusals_have_no_time() {
        let act = |number: u64| async move {
            tokio::time::sleep(if number % 4 == 1 { 900 * MS } else { 5 * MS }).await;
            Ok::<_, Infallible>(
                [Ended::Answered, Ended::Refused, Ended::Failed, Ended::Unanswered][number as usize % 4],
            )
        };
        let pace = Pace { every: 10 * MS, calls: 40, in_flight: 100, most: Duration::from_secs(60) };
        let load = run_open(pace, act).await.unwrap().figures();
        assert_eq!((load.answered, load.refused, load.failed, load.unanswered), (10, 10, 10, 10));
        assert!(load.max_us < 10_000, "{load:?}");
        assert_eq!((load.span_ms, load.every_us, load.calls), (400, 10_000, 40));
    }

    #[tokio::test(start_paused = true)]
    async fn a_product_that_never_answers_ends_the_load_with_every_call_counted() {
        let act = |_| async {
            tokio::time::sleep(10_000 * MS).await;
            Ok::<_, Infallible>(Ended::Unanswered)
        };
        let pace = Pace { every: 10 * MS, calls: 1_000, in_flight: 4, most: Duration::from_secs(15) };
        let load = run_open(pace, act).await.unwrap().figures();
        assert_eq!(load.unanswered, 1_000);
        assert!(load.p50_us > 10_000_000 && load.elapsed_ms <= 21_000, "{load:?}");
    }

    #[tokio::test]
    async fn a_fault_of_ours_ends_the_load() {
        let pace = Pace { every: Duration::ZERO, calls: 3, in_flight: 1, most: Duration::from_secs(60) };
        let act = |number| async move { if number == 1 { Err("ours") } else { Ok(Ended::Answered) } };
        assert_eq!(run_open(pace, act).await.unwrap_err(), "ours");
    }

    #[test]
    fn a_rate_over_a_time_is_a_number_of_calls() {
        for (rate, span_ms, calls) in [(40.0, 500, 20), (0.5, 1_000, 1), (5.3, 2_000, 11), (60.0, 1_000, 60)] {
            let pace = Pace::of_rate(rate, MS * span_ms, 8);
            assert_eq!(pace.calls, calls, "{rate}");
        }
        assert_eq!(Pace::of_rate(20.0, MS * 1_000, 0).in_flight, 1);
    }
}

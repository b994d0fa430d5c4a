//! Questions about what was measured under a load, asked of the product's own declaration.

use ecric_model::Text;
use ecric_model::finding::{FindingClass, Judgement, fail};
use ecric_model::ics::ServiceLevel;
use ecric_model::load::{LoadRecord, with_decimal};

use crate::ablation::ablatable;

/// Time after an overload in which the product has to answer as before, milliseconds.
pub const RECOVERY_MS: u64 = 30_000;
/// Calls in a row that have to be answered for a product to count as recovered.
pub const CALM_CALLS: u64 = 5;
/// Of a thousand calls at the declared rate, so many may be lost.
const LOST_OF_THOUSAND: u64 = 1;
/// Of a hundred calls under an overload, so many may end otherwise than with an answer, 429 or 503.
const BROKEN_OF_HUNDRED: u64 = 1;
/// Milliseconds that a call may take where the product declares no time.
const UNDECLARED_MS: u64 = 1_000;

/// Why a load says nothing about the product, though it looks as if a level were missed: our own share of the
/// times, our own limits, or a rate that it never promised. `None` where the load can be judged.
#[must_use]
pub fn doubt(level: &ServiceLevel, load: &LoadRecord) -> Option<Text> {
    let rate_is_declared = level.rps.is_some_and(|rps| load.every_us.saturating_mul(rps) >= 1_000_000);
    if load.refused > 0 && !rate_is_declared {
        return Some(Text::new(
            format!(
                "{} of {} calls were refused at a rate that the product does not promise",
                load.refused, load.calls
            ),
            format!("{} 次请求中有 {} 次被拒绝，而该速率并非产品所承诺", load.calls, load.refused),
        ));
    }
    let own = load.overhead_p95_us.max(load.late_p95_us);
    let missed: Vec<_> = level.times().filter(|(_, share, ms)| load.share_us(*share) > ms * 1_000).collect();
    if !missed.is_empty() && missed.iter().all(|(_, share, ms)| load.share_us(*share) <= ms * 1_000 + own) {
        return Some(Text::new(
            format!("this machine was too busy to tell: our own share of the times was {} ms", with_decimal(own)),
            format!("本机过于繁忙，无法判定：本方开销为 {} 毫秒", with_decimal(own)),
        ));
    }
    if let Some(rps) = level.rps.filter(|_| load.held_back > 0) {
        let needed = (rps * level.p95_ms.unwrap_or(UNDECLARED_MS)).div_ceil(1_000);
        if load.in_flight < needed {
            return Some(Text::new(
                format!(
                    "limits.concurrency permits {} calls at once; {rps} a second need up to {needed}",
                    load.in_flight
                ),
                format!("limits.concurrency 仅允许 {} 个并发请求；每秒 {rps} 次最多需要 {needed} 个", load.in_flight),
            ));
        }
    }
    None
}

/// Are the declared times kept, and is every call answered?
///
/// # Errors
/// `WRONG_VALUE` that names the declared time.
pub fn check_times(level: &ServiceLevel, load: &LoadRecord) -> Judgement {
    ablatable!("check_times");
    check_lost(load)?;
    for (name, share, ms) in level.times() {
        let measured = load.share_us(share);
        if measured > ms * 1_000 {
            return fail(
                FindingClass::WrongValue,
                format!("slo.{}.{name}", load.operation),
                Text::new(format!("at most {ms} ms"), format!("至多 {ms} 毫秒")),
                Text::new(
                    format!("{} ms of {} calls: {}", with_decimal(measured), load.calls, load.told().en),
                    format!("{} 毫秒（{} 次请求）：{}", with_decimal(measured), load.calls, load.told().zh),
                ),
            );
        }
    }
    Ok(())
}

/// Are no more calls lost than one of a thousand?
fn check_lost(load: &LoadRecord) -> Judgement {
    if load.lost() * 1_000 <= load.calls * LOST_OF_THOUSAND {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        format!("{} under load", load.operation),
        Text::new("of 1,000 calls at most one without success", "每千次请求至多一次不成功"),
        load.told(),
    )
}

/// Are the declared answers a second kept up?
///
/// # Errors
/// `WRONG_VALUE` with the answers a second that were measured.
pub fn check_rate(level: &ServiceLevel, load: &LoadRecord) -> Judgement {
    ablatable!("check_rate");
    check_lost(load)?;
    let Some(rps) = level.rps else { return Ok(()) };
    // The last calls may take their time.
    let grace = level.p95_ms.unwrap_or(UNDECLARED_MS);
    let took_ms = load.elapsed_ms.saturating_sub(grace).max(load.span_ms).max(1);
    if load.answered * 1_000 >= rps * took_ms * 999 / 1_000 {
        return Ok(());
    }
    let measured = with_decimal(load.answered * 1_000_000 / took_ms);
    fail(
        FindingClass::WrongValue,
        format!("slo.{}.rps", load.operation),
        Text::new(format!("{rps} answers a second"), format!("每秒 {rps} 个应答")),
        Text::new(
            format!("{measured} a second: {}", load.told().en),
            format!("每秒 {measured} 个：{}", load.told().zh),
        ),
    )
}

/// Does the product bear more than it promises: answers or refuses with 429 or 503, and goes on working?
///
/// # Errors
/// `WRONG_VALUE` where calls end otherwise, or where less than half of the declared rate is left.
pub fn check_overload(level: &ServiceLevel, load: &LoadRecord) -> Judgement {
    ablatable!("check_overload");
    let place = format!("{} under overload", load.operation);
    if (load.failed + load.unanswered) * 100 > load.calls * BROKEN_OF_HUNDRED {
        let expected = Text::new("every call answered, or refused with 429 or 503", "每个请求得到应答或以429、503拒绝");
        return fail(FindingClass::WrongValue, &place, expected, load.told());
    }
    let half = level.rps.unwrap_or(0) * load.span_ms / 2;
    if load.answered * 1_000 < half {
        let expected = Text::new("at least half of the declared rate", "至少为声明速率的一半");
        return fail(FindingClass::WrongValue, &place, expected, load.told());
    }
    Ok(())
}

/// Does the product answer as before soon after an overload?
///
/// # Errors
/// `WRONG_STATE`.
pub fn check_recovery(load: &LoadRecord) -> Judgement {
    ablatable!("check_recovery");
    if load.answered >= CALM_CALLS && load.elapsed_ms <= RECOVERY_MS {
        return Ok(());
    }
    fail(
        FindingClass::WrongState,
        format!("{} after overload", load.operation),
        Text::new(
            format!("{CALM_CALLS} calls in a row answered in time within {} s", RECOVERY_MS / 1_000),
            format!("{} 秒内连续 {CALM_CALLS} 次按时应答", RECOVERY_MS / 1_000),
        ),
        load.told(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecric_model::load::LoadPart;

    const LEVEL: ServiceLevel = ServiceLevel { p50_ms: None, p95_ms: Some(300), p99_ms: None, rps: Some(60) };

    /// 60 calls at 60 a second, each within 10 ms.
    fn good() -> LoadRecord {
        LoadRecord {
            operation: "issuer.status".to_owned(),
            every_us: 16_667,
            span_ms: 1_000,
            calls: 60,
            answered: 60,
            in_flight: 20,
            p50_us: 3_000,
            p95_us: 10_000,
            p99_us: 10_000,
            max_us: 10_000,
            overhead_p95_us: 1_000,
            elapsed_ms: 1_004,
            ..LoadRecord::default()
        }
    }

    type Change = fn(&mut LoadRecord);

    fn with(change: Change) -> LoadRecord {
        let mut load = good();
        change(&mut load);
        load
    }

    #[test]
    fn times() {
        let rows: [(Change, bool); 6] = [
            (|_| {}, true),
            (|l| l.p95_us = 300_000, true),
            (|l| l.p99_us = 900_000, true),
            (|l| l.p95_us = 300_001, false),
            (|l| (l.answered, l.failed) = (59, 1), false),
            (|l| (l.answered, l.unanswered) = (59, 1), false),
        ];
        for (row, (change, right)) in rows.into_iter().enumerate() {
            assert_eq!(check_times(&LEVEL, &with(change)).is_ok(), right, "row {row}");
        }
        let finding = check_times(&LEVEL, &with(|l| l.p95_us = 412_340)).unwrap_err();
        assert_eq!(finding.place, "slo.issuer.status.p95_ms");
        assert!(finding.actual.en.starts_with("412.3 ms of 60 calls"), "{}", finding.actual.en);
        let all = ServiceLevel { p50_ms: Some(3), p95_ms: Some(10), p99_ms: Some(9), rps: None };
        assert_eq!(check_times(&all, &good()).unwrap_err().place, "slo.issuer.status.p99_ms");
    }

    #[test]
    fn what_says_nothing_about_the_product_is_no_finding() {
        let rows: [(Change, bool); 7] = [
            (|_| {}, false),
            // Slow, and not for our own share.
            (|l| l.p95_us = 500_000, false),
            (|l| (l.p95_us, l.overhead_p95_us) = (500_000, 250_000), true),
            (|l| (l.p95_us, l.late_p95_us) = (500_000, 250_000), true),
            // Refused at the promised rate is the product's, beyond it is not.
            (|l| (l.answered, l.refused) = (50, 10), false),
            (|l| (l.answered, l.refused, l.every_us) = (50, 10, 8_000), true),
            // 60 a second with up to 300 ms each need 18 at once.
            (|l| (l.held_back, l.in_flight) = (10, 17), true),
        ];
        for (row, (change, doubtful)) in rows.into_iter().enumerate() {
            assert_eq!(doubt(&LEVEL, &with(change)).is_some(), doubtful, "row {row}");
        }
        assert!(doubt(&LEVEL, &with(|l| (l.held_back, l.in_flight) = (10, 18))).is_none());
    }

    #[test]
    fn rates() {
        let rows: [(Change, bool); 5] = [
            (|_| {}, true),
            (|l| l.elapsed_ms = 1_299, true),
            (|l| l.elapsed_ms = 1_800, false),
            (|l| (l.answered, l.refused) = (59, 1), false),
            (|l| (l.calls, l.answered, l.failed, l.span_ms, l.elapsed_ms) = (6_000, 5_994, 6, 100_000, 100_001), true),
        ];
        for (row, (change, right)) in rows.into_iter().enumerate() {
            assert_eq!(check_rate(&LEVEL, &with(change)).is_ok(), right, "row {row}");
        }
        assert_eq!(check_rate(&LEVEL, &with(|l| l.elapsed_ms = 2_300)).unwrap_err().place, "slo.issuer.status.rps");
    }

    #[test]
    fn overload_and_what_comes_after() {
        let rows: [(Change, bool); 5] = [
            (|_| {}, true),
            (|l| (l.calls, l.answered, l.refused) = (120, 40, 80), true),
            (|l| (l.calls, l.answered, l.refused) = (120, 29, 91), false),
            (|l| (l.calls, l.answered, l.failed) = (120, 118, 2), false),
            (|l| (l.calls, l.answered, l.unanswered) = (120, 118, 2), false),
        ];
        for (row, (change, right)) in rows.into_iter().enumerate() {
            assert_eq!(check_overload(&LEVEL, &with(change)).is_ok(), right, "row {row}");
        }
        let after = |answered, elapsed_ms| LoadRecord { answered, elapsed_ms, part: LoadPart::Recovery, ..good() };
        assert!(check_recovery(&after(5, 30_000)).is_ok());
        assert!(check_recovery(&after(4, 30_000)).is_err() && check_recovery(&after(5, 30_001)).is_err());
    }
}

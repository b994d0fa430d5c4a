//! What was measured under a load, and its words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Text;

/// What a load was run for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LoadPart {
    /// Times of one operation.
    #[default]
    Times,
    /// The declared answers a second.
    Rate,
    /// More than the declared answers a second.
    Overload,
    /// After an overload, until the product answers as before.
    Recovery,
}

impl LoadPart {
    /// The part in words.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Times => ("times", "时延"),
            Self::Rate => ("declared rate", "声明速率"),
            Self::Overload => ("overload", "过载"),
            Self::Recovery => ("recovery", "恢复"),
        }
    }
}

/// One load on one operation. Times of calls run from the intended start of each call, so that waiting behind
/// others counts, and leave refused calls out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LoadRecord {
    /// Operation.
    pub operation: String,
    /// What it was for.
    pub part: LoadPart,
    /// Microseconds between two intended starts; 0 where each call follows the one before.
    pub every_us: u64,
    /// Milliseconds over which starts were intended.
    pub span_ms: u64,
    /// Milliseconds that the requirement speaks of, where the load was shorter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted_ms: Option<u64>,
    /// Calls sent.
    pub calls: u64,
    /// Calls answered with a success.
    pub answered: u64,
    /// Calls refused with 429 or 503.
    pub refused: u64,
    /// Calls with any other answer.
    pub failed: u64,
    /// Calls without an answer: timeouts, broken connections.
    pub unanswered: u64,
    /// Calls that waited on our side, because as many as permitted were under way.
    pub held_back: u64,
    /// Most calls that may be under way at once.
    pub in_flight: u64,
    /// Bytes of the largest request body.
    pub body_bytes: u64,
    /// Half of the calls took at most this, microseconds.
    pub p50_us: u64,
    /// 95 of 100 calls.
    pub p95_us: u64,
    /// 99 of 100 calls.
    pub p99_us: u64,
    /// The slowest call.
    pub max_us: u64,
    /// The same loop with an action that makes the request and sends nothing, 95 of 100: our own share.
    pub overhead_p95_us: u64,
    /// How late the loop itself began a call that was not held back, 95 of 100.
    pub late_p95_us: u64,
    /// Milliseconds from the first intended start to the end of the last call.
    pub elapsed_ms: u64,
    /// Exchanges kept as evidence: the first, the last and some that failed.
    pub kept: u64,
}

/// Thousandths of a unit with one decimal of the unit: microseconds as milliseconds.
#[must_use]
pub fn with_decimal(thousandths: u64) -> String {
    let tenths = thousandths.saturating_add(50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

impl LoadRecord {
    /// Time that a share of the calls, in per cent, did not exceed: 50, 95 or 99.
    #[must_use]
    pub const fn share_us(&self, per_cent: u8) -> u64 {
        match per_cent {
            50 => self.p50_us,
            95 => self.p95_us,
            99 => self.p99_us,
            _ => self.max_us,
        }
    }

    /// Calls that brought nothing, refusals among them.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.refused + self.failed + self.unanswered
    }

    /// What was run and measured, in one line.
    #[must_use]
    pub fn told(&self) -> Text {
        let (part, part_zh) = self.part.words();
        let took = self.elapsed_ms;
        let (rate, rate_zh) = match 60_000_000_u64.checked_div(self.every_us) {
            None => ("one after the other".to_owned(), "逐个发送".to_owned()),
            Some(a_minute) => {
                let (a_second, span) = (with_decimal(a_minute.saturating_mul(1_000) / 60), with_decimal(self.span_ms));
                (format!("{a_second} a second due over {span} s"), format!("每秒 {a_second} 次，持续 {span} 秒"))
            }
        };
        let (wanted, wanted_zh) = match self.wanted_ms {
            Some(ms) => (format!(" of {} s wanted", with_decimal(ms)), format!("（应为 {} 秒）", with_decimal(ms))),
            None => (String::new(), String::new()),
        };
        let ms = [self.p50_us, self.p95_us, self.p99_us, self.max_us, self.overhead_p95_us].map(with_decimal);
        let counts = [self.calls, self.answered, self.refused, self.failed, self.unanswered, self.held_back];
        let (c, kept, most) = (counts, self.kept, self.in_flight);
        Text::new(
            format!(
                "{} ({part}): {rate}{wanted}, at most {most} under way; {} calls, {} answered, {} refused, {} failed, {} without an answer, {} held back; p50 {} ms, p95 {} ms, p99 {} ms, longest {} ms, our own share p95 {} ms; done after {took} ms; {kept} exchanges kept",
                self.operation, c[0], c[1], c[2], c[3], c[4], c[5], ms[0], ms[1], ms[2], ms[3], ms[4]
            ),
            format!(
                "{}（{part_zh}）：{rate_zh}{wanted_zh}，最多并发 {most}；请求 {}，成功 {}，拒绝 {}，失败 {}，无应答 {}，本方排队 {}；p50 {} 毫秒，p95 {} 毫秒，p99 {} 毫秒，最长 {} 毫秒，本方开销 p95 {} 毫秒；{took} 毫秒后完成；保留报文 {kept} 条",
                self.operation, c[0], c[1], c[2], c[3], c[4], c[5], ms[0], ms[1], ms[2], ms[3], ms[4]
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_is_told_in_one_line() {
        let load = LoadRecord {
            operation: "issuer.status".to_owned(),
            every_us: 25_000,
            span_ms: 500,
            wanted_ms: Some(300_000),
            calls: 20,
            answered: 19,
            refused: 1,
            in_flight: 16,
            p95_us: 12_340,
            elapsed_ms: 512,
            kept: 6,
            ..LoadRecord::default()
        };
        let told = load.told();
        assert!(
            told.en.starts_with("issuer.status (times): 40.0 a second due over 0.5 s of 300.0 s wanted"),
            "{}",
            told.en
        );
        assert!(told.en.contains("20 calls, 19 answered, 1 refused") && told.en.contains("p95 12.3 ms"), "{}", told.en);
        assert!(told.zh.contains("每秒 40.0 次，持续 0.5 秒（应为 300.0 秒）"), "{}", told.zh);
        let series = LoadRecord { every_us: 0, ..load };
        assert!(series.told().en.contains("one after the other"));
        assert_eq!((series.lost(), series.share_us(95)), (1, 12_340));
    }
}

//! Test control T2: the clock of the server.

use ecric_licence::instant::write_instant_ms;
use serde_json::{Value, json};

use crate::clock::Setting;
use crate::errors::ApiError;
use crate::operation::{Reply, Work};
use crate::reader::{Faults, Reader};

/// Largest offset, milliseconds: a thousand years.
const OFFSET_MAX: i64 = 1_000 * 366 * 86_400 * 1_000;

/// Runs the operation.
pub(crate) fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    let faults = Faults::default();
    let reader = Reader::root(&work.body, &faults);
    let given = ["offsetMs", "fixed", "reset"].into_iter().filter(|name| reader.value(name).is_some()).count();
    if given != 1 {
        reader.fault("offsetMs", "wanted exactly one of offsetMs, fixed, reset");
    }
    let offset = reader.int_opt("offsetMs");
    if offset.is_some_and(|ms| ms.abs() > OFFSET_MAX) {
        reader.fault("offsetMs", "out of range");
    }
    let fixed = reader.instant_opt("fixed");
    if reader.value("reset").is_some_and(|value| *value != Value::Bool(true)) {
        reader.fault("reset", "not true");
    }
    faults.finish()?;
    let setting = match (offset, fixed) {
        (Some(ms), _) => Setting::Offset(ms),
        (None, Some(instant)) => Setting::Fixed(instant),
        (None, None) => Setting::Offset(0),
    };
    work.shared.clock.set(setting);
    Ok(Reply::ok(json!({"now": write_instant_ms(work.shared.clock.now())})))
}

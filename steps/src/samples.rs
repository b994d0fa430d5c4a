//! One right but harmless request per operation: it speaks about a licence and a person that nobody
//! knows, so that nothing of the product changes.

use ecric_licence::instant::write_instant;
use ecric_model::binding::Operation;
use ecric_target::{Body, Call};
use ecric_vectors::person::{Slot, generate_person};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::requests;

/// An identifier that no register holds: the right form, a serial of zeros.
pub const NOBODY: &str = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.000000000000000001.001.I";

/// The request, or `None` for operations without a harmless one (test controls, the loading end).
#[must_use]
pub fn harmless_call(operation: Operation, seed: [u8; 32], now: OffsetDateTime) -> Option<Call> {
    let slot = Slot { seed, case_ordinal: 0, index: 0 };
    let person = generate_person("adult", &slot, ecric_licence::validity::china_date(now)).ok()?;
    let about = |body: Value| (Some(NOBODY), Body::Json(body));
    let plain = |body: Value| (None, Body::Json(body));
    let (id, body) = match operation {
        Operation::Capabilities | Operation::TrustAnchors => (None, Body::None),
        Operation::Status => (Some(NOBODY), Body::None),
        Operation::StatusList => (Some("0"), Body::None),
        Operation::Metadata => about(requests::metadata()),
        Operation::File => about(requests::file(true)),
        Operation::Transition => about(requests::transition("SUSPEND", 1)),
        Operation::Reissue => about(requests::reissue(1)),
        Operation::Issue => {
            // A citizen number with a wrong check character: no licence can come of it.
            let mut body = requests::issue(&person);
            let number = body["holder"]["idNumber"].as_str().unwrap_or_default().to_owned();
            let wrong = if number.ends_with('0') { "1" } else { "0" };
            body["holder"]["idNumber"] = json!(format!("{}{wrong}", number.get(..17).unwrap_or_default()));
            plain(body)
        }
        Operation::Search => plain(requests::search(&person)),
        Operation::Audit => {
            let from = write_instant(now - Duration::hours(1));
            plain(requests::audit(NOBODY, &from, &write_instant(now)))
        }
        Operation::VerifyFile => plain(json!({"content": "bm90IGEgZmlsZQ==", "mime": "application/ofd"})),
        Operation::VerifyAttributes => plain(requests::verification(NOBODY, &person)),
        Operation::VerifyBatch => plain(requests::batch(NOBODY, &person)),
        Operation::VerifyPresentation => {
            plain(json!({"code": "ECR1:", "audience": "11440300099999917Q", "scene": "OTHER",
            "wanted": [], "use": requests::stated_use(), "offline": true}))
        }
        // The loading end changes something with every call.
        Operation::Load
        | Operation::Present
        | Operation::Redeem
        | Operation::Uses
        | Operation::Withdraw
        | Operation::DeleteUse
        | Operation::Unload
        | Operation::TestTrustAnchors
        | Operation::TestClock
        | Operation::TestPersonas
        | Operation::TestFaults => return None,
    };
    Some(Call::new(operation, id, body))
}

//! Operation 6: the status list. One list; a licence stands at a random place.

use ecric_gm::encoding::hex;
use ecric_licence::signed_json::{LIST, sign};
use ecric_licence::status_list::{Listed, write_list};
use ecric_model::binding::{ErrorCode, LicenceStatus};
use serde_json::{Map, Value, json};

use crate::errors::ApiError;
use crate::life::current;
use crate::operation::{Reply, Work};
use crate::shared::Shared;

/// Id of the one list.
const LIST_ID: &str = "1";
/// Entries: far more than licences, so that places stay apart.
pub(crate) const LIST_SIZE: usize = 1 << 17;
/// Life of an answer, seconds.
const TTL: i64 = 300;

/// The place of a licence: a keyed digest, so that neighbours say nothing about one another.
fn place_of(shared: &Shared, identifier: &str) -> usize {
    let digest = shared.seal(&format!("status list {identifier}"));
    digest[..4].iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte)) % LIST_SIZE
}

/// `statusRef` of a licence: the list and the place in it.
pub(crate) fn status_ref(shared: &Shared, identifier: &str) -> Value {
    json!({"listId": LIST_ID, "index": place_of(shared, identifier)})
}

const fn listed(status: LicenceStatus) -> Listed {
    match status {
        LicenceStatus::Valid | LicenceStatus::Expired => Listed::Good,
        LicenceStatus::NotActive => Listed::NotActive,
        LicenceStatus::Suspended => Listed::Suspended,
        LicenceStatus::Superseded | LicenceStatus::Revoked | LicenceStatus::Destroyed => Listed::Ended,
    }
}

/// Runs the operation.
pub(crate) async fn run(work: &mut Work<'_>) -> Result<Reply, ApiError> {
    if work.id != LIST_ID {
        return Err(ApiError::new(ErrorCode::NotFound, "no such list"));
    }
    let mut entries = vec![Listed::Good; LIST_SIZE];
    for row in work.tx.all_licences().await? {
        let status = listed(current(&row, work.now, work.behaviour()).status);
        if status != Listed::Good && !(work.behaviour().list_without_suspended() && status == Listed::Suspended) {
            entries[place_of(work.shared, &row.identifier)] = status;
        }
    }
    let age = if work.behaviour().list_outdated() { 2 * TTL } else { 0 };
    let issued = work.now.unix_timestamp() - age;
    let mut answer = Map::new();
    let mut put = |name: &str, value: Value| drop(answer.insert(name.to_owned(), value));
    put("listId", json!(LIST_ID));
    put("bits", json!(2));
    put("size", json!(LIST_SIZE));
    put("lst", json!(write_list(&entries)));
    put("iat", json!(issued));
    put("exp", json!(issued + TTL));
    put("ttl", json!(TTL));
    let status = &work.shared.pki.status;
    let kid = if work.behaviour().list_signed_by_other() { hex(&[0; 8]) } else { status.certificate.kid() };
    sign(LIST, &mut answer, &kid, &status.key).map_err(|_| ApiError::new(ErrorCode::Internal, "internal error"))?;
    Ok(Reply::ok(Value::Object(answer)))
}

//! Operation 6: the status lists. A licence stands at a place of its own that says nothing about its neighbours.

use ecric_gm::encoding::hex;
use ecric_licence::signed_json::{LIST, sign};
use ecric_licence::status_list::{Listed, write_list};
use ecric_model::binding::{ErrorCode, LicenceStatus};
use serde_json::{Map, Value, json};

use crate::errors::ApiError;
use crate::life::current;
use crate::operation::{Reply, Work};
use crate::shared::Shared;
use crate::store::licences::LicenceRow;

/// Entries of a list.
pub(crate) const LIST_SIZE: usize = 1 << (2 * HALF);
/// Bits of half a place.
const HALF: u32 = 8;
/// Rounds of the permutation; four make it look random.
const ROUNDS: u32 = 4;
/// Life of an answer, seconds.
const TTL: i64 = 300;

/// List and place of the `seq`th licence: lists are filled one after another, the places of each in the order of a
/// keyed permutation (a Feistel network), so that no two licences share one.
fn place(seq: i64, seal: impl Fn(&str) -> [u8; 16]) -> (usize, usize) {
    let seq = usize::try_from(seq).unwrap_or_default();
    let (list, place) = (seq / LIST_SIZE + 1, seq % LIST_SIZE);
    let (mut left, mut right) = (place >> HALF, place & ((1 << HALF) - 1));
    for round in 0..ROUNDS {
        let mixed = seal(&format!("status list {list} {round} {right}"))[0];
        (left, right) = (right, left ^ usize::from(mixed));
    }
    (list, left << HALF | right)
}

fn place_of(shared: &Shared, seq: i64) -> (usize, usize) {
    place(seq, |text| shared.seal(text))
}

/// `statusRef` of a licence: the list and the place in it.
pub(crate) fn status_ref(shared: &Shared, row: &LicenceRow) -> Value {
    let (list, index) = place_of(shared, row.seq);
    json!({"listId": list.to_string(), "index": index})
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
    let rows = work.tx.all_licences().await?;
    let last = rows.last().map_or(1, |row| place_of(work.shared, row.seq).0);
    let Some(list) = (1..=last).find(|list| list.to_string() == work.id) else {
        return Err(ApiError::new(ErrorCode::NotFound, "no such list"));
    };
    let mut entries = vec![Listed::Good; LIST_SIZE];
    for row in rows {
        let status = listed(current(&row, work.now, work.behaviour()).status);
        if status != Listed::Good && !(work.behaviour().list_without_suspended() && status == Listed::Suspended) {
            let (own, index) = place_of(work.shared, row.seq);
            if own == list {
                entries[index] = status;
            }
        }
    }
    let age = if work.behaviour().list_outdated() { 2 * TTL } else { 0 };
    let issued = work.now.unix_timestamp() - age;
    let mut answer = Map::new();
    let mut put = |name: &str, value: Value| drop(answer.insert(name.to_owned(), value));
    put("listId", json!(work.id));
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_licences_share_a_place() {
        let seal = |text: &str| ecric_gm::sm3::digest(text.as_bytes())[..16].try_into().unwrap();
        let size = i64::try_from(LIST_SIZE).unwrap();
        for list in 0..2 {
            let first = list * size;
            let places: Vec<(usize, usize)> = (first..first + size).map(|seq| place(seq, seal)).collect();
            assert!(places.iter().all(|(number, _)| i64::try_from(*number).unwrap() == list + 1));
            assert_eq!(places.iter().map(|(_, index)| *index).collect::<BTreeSet<_>>(), (0..LIST_SIZE).collect());
            let neighbours = places.windows(2).filter(|two| two[0].1.abs_diff(two[1].1) < 64).count();
            assert!(neighbours < LIST_SIZE / 100, "{neighbours} of {LIST_SIZE} stand near the licence issued before");
        }
    }
}

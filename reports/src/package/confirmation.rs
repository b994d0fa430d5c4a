//! The signature on a tool-confirmation record: a member of the record itself, over the SM3 of all else.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::fault::Fault;
use super::ledger::sm3_of;
use super::sign::{Opened, open_signed, sign_bytes};
use super::signer::{Signer, Trust};
use crate::ReportError;

/// Beginning of the schema name of a record.
pub const CONFIRMATION_SCHEMA: &str = "ecric.tool-confirmation/";
const MEMBER: &str = "signature";

/// The one form in which a record is written.
fn bytes_of(record: &Value) -> Vec<u8> {
    format!("{record:#}\n").into_bytes()
}

fn payload(record: &Value) -> Vec<u8> {
    format!("ecric.tool-confirmation sm3:{}", sm3_of(&bytes_of(record))).into_bytes()
}

/// Writes a record, signed if there is a signer.
///
/// # Errors
/// When no signature can be made.
pub fn write_confirmation(
    mut record: Value,
    signer: Option<&Signer>,
    now: OffsetDateTime,
) -> Result<Vec<u8>, ReportError> {
    if let Some(signer) = signer {
        let signed = sign_bytes(&payload(&record), signer, now)?;
        record[MEMBER] = json!({"format": "GB/T 35275 SignedData", "signed_data": ecric_gm::encoding::b64(&signed)});
    }
    Ok(bytes_of(&record))
}

/// True if bytes are a tool-confirmation record.
#[must_use]
pub fn is_confirmation(bytes: &[u8]) -> bool {
    let json: Option<Value> = serde_json::from_slice(bytes).ok();
    json.is_some_and(|json| json["schema"].as_str().is_some_and(|name| name.starts_with(CONFIRMATION_SCHEMA)))
}

/// Checks a record; returns it, and who signed it, if anybody did.
///
/// # Errors
/// What does not hold.
pub fn check_confirmation(bytes: &[u8], trust: Option<&Trust>) -> Result<(Value, Option<Opened>), Fault> {
    let fault = |en: &str, zh: &str| Fault::said("", en, zh);
    let mut record: Value =
        serde_json::from_slice(bytes).map_err(|error| Fault::said("", error.to_string(), error.to_string()))?;
    if bytes_of(&record) != bytes {
        return Err(fault("not written as tool-confirmation records are: it was altered", "书写形式不符：记录被改动"));
    }
    let signature = record.as_object_mut().and_then(|members| members.shift_remove(MEMBER));
    let claims = record["signed"].as_bool().unwrap_or_default();
    let Some(signature) = signature else {
        return if claims {
            Err(fault("it says that it is signed, and there is no signature", "声称已签名，但没有签名"))
        } else {
            Ok((record, None))
        };
    };
    if !claims {
        return Err(fault("it says that it is not signed, and there is a signature", "声称未签名，但存在签名"));
    }
    let der = signature["signed_data"].as_str().and_then(|text| ecric_gm::encoding::from_b64(text).ok());
    let opened = open_signed(&der.unwrap_or_default(), trust)
        .map_err(|why| Fault::said("", format!("the signature does not hold: {why}"), format!("签名无效：{why}")))?;
    if opened.payload != payload(&record) {
        return Err(fault("the record is not the one that was signed", "记录与所签内容不符"));
    }
    if opened.standing == super::sign::Standing::Untrusted {
        return Err(fault("the signer is not trusted", "签名者不受信任"));
    }
    Ok((record, Some(opened)))
}

//! Who holds the device: PIN or, in test mode, the token of the test control. A transaction is bound to
//! one holder and used once; the lock follows the holder, not the device.

use ecric_model::binding::{ErrorCode, HolderMethod};

use crate::errors::ApiError;
use crate::loader::HOLDER_AUTH_TRIES;
use crate::operation::Work;
use crate::reader::Reader;

/// `holderAuth` of a request.
#[derive(Debug, Clone)]
pub(crate) struct HolderAuth {
    method: Option<HolderMethod>,
    transaction: String,
    evidence: String,
    pin: String,
}

/// True for the text of a UUID.
fn is_uuid(text: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    text.len() == 36
        && text.char_indices().all(|(at, c)| if dashes.contains(&at) { c == '-' } else { c.is_ascii_hexdigit() })
}

/// Reads `holderAuth`; `None` where it is absent.
pub(crate) fn read(reader: &Reader<'_>) -> Option<HolderAuth> {
    let auth = reader.object_opt("holderAuth")?;
    let word = auth.text("method").unwrap_or_default();
    let method = HolderMethod::parse(word);
    if method.is_none() && !word.is_empty() {
        auth.fault("method", "not a method");
    }
    let transaction = auth.text("transactionId").unwrap_or_default().to_owned();
    if !is_uuid(&transaction) && !transaction.is_empty() {
        auth.fault("transactionId", "not a UUID");
    }
    let evidence = auth.text_opt("evidence").unwrap_or_default().to_owned();
    let pin = auth.text_within_opt("pin", 32).unwrap_or_default().to_owned();
    Some(HolderAuth { method, transaction, evidence, pin })
}

/// The refusal where there is no authentication at all.
pub(crate) fn required() -> ApiError {
    ApiError::new(ErrorCode::HolderAuthRequired, "the holder has to authenticate")
}

fn failed() -> ApiError {
    ApiError::new(ErrorCode::HolderAuthFailed, "the holder did not authenticate")
}

/// Checks that it is the holder.
pub(crate) async fn authenticate(
    work: &mut Work<'_>,
    auth: Option<&HolderAuth>,
    digest: &str,
    device_id: &str,
) -> Result<(), ApiError> {
    let behaviour = work.shared.behaviour.loading.clone();
    let Some(auth) = auth else { return if behaviour.pin_optional() { Ok(()) } else { Err(required()) } };
    let known = work.tx.holder_secrets(digest).await?;
    let counter = format!("wrong {digest} {device_id}");
    let locked = match &known {
        Some(_) if behaviour.never_locks() => false,
        Some(_) if behaviour.lock_by_device() => {
            let within = std::time::Duration::from_secs(60);
            work.shared.guesses.wait(&counter, usize::try_from(HOLDER_AUTH_TRIES).unwrap_or(5), within).is_some()
        }
        Some(secrets) => secrets.wrong >= HOLDER_AUTH_TRIES,
        None => false,
    };
    if locked {
        return Err(ApiError::new(ErrorCode::HolderAuthLocked, "too many wrong attempts"));
    }
    if !work.tx.spend_transaction(&auth.transaction, digest).await? && !behaviour.transactions_reusable() {
        return Err(failed());
    }
    let Some(secrets) = known else { return Err(failed()) };
    let right = match auth.method {
        Some(HolderMethod::Pin) => behaviour.pin_not_checked() || (!auth.pin.is_empty() && auth.pin == secrets.pin),
        Some(HolderMethod::Test) => {
            let anybodys = behaviour.any_token_accepted() && work.tx.is_anybodys_token(&auth.evidence).await?;
            let own = !auth.evidence.is_empty() && auth.evidence == secrets.token;
            work.shared.test_mode && (own || anybodys || behaviour.any_evidence_accepted())
        }
        _ => false,
    };
    work.tx.set_wrong(digest, if right { 0 } else { secrets.wrong + 1 }).await?;
    if right {
        return Ok(());
    }
    work.shared.guesses.count(counter, std::time::Duration::from_secs(60));
    Err(failed())
}

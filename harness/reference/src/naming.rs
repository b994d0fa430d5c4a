//! Makes licence identifiers (GB/T 36904 shape) and finds licences by them. Serials come from the seed
//! of the server and a counter of the database: never given twice.

use ecric_gm::encoding::hex;
use ecric_licence::identifier::{
    LicenceIdentifier, ROOT, check_character, parse_identifier, variant_check_character, write_identifier,
};
use ecric_licence::instant::write_date_basic;
use ecric_model::binding::ErrorCode;
use ecric_model::published::{ID_CARD_TYPE_CODE, ISSUING_AUTHORITY_CODE};
use time::Date;

use crate::behaviour::Behaviour;
use crate::errors::ApiError;
use crate::planted::Planted;
use crate::shared::Shared;
use crate::store::Tx;
use crate::store::licences::{LicenceRow, joined};

/// How long a faulty issuer gives the same serial.
const SAME_SERIAL_MS: i64 = 500;

/// The right identifier and the one that is shown.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) canonical: LicenceIdentifier,
    pub(crate) shown: String,
}

fn internal() -> ApiError {
    ApiError::new(ErrorCode::Internal, "internal error")
}

/// A fresh identifier.
pub(crate) async fn first_identifier(shared: &Shared, tx: &mut Tx, today: Date) -> Result<Named, ApiError> {
    loop {
        let count = if tx.is_awaited() && shared.behaviour.plants(Planted::SerialDrawnTwice) {
            let seen = tx.peek("serials").await?;
            tx.window().await?;
            tx.next("serials").await?;
            seen + 1
        } else {
            tx.next("serials").await?
        };
        let bytes = shared.serial_key.mac(&count.to_be_bytes());
        let mut serial = format!("{}{}", write_date_basic(today), hex(&bytes[..6]).to_ascii_uppercase());
        if shared.behaviour.serials_repeat() {
            serial = format!("{}{:012}", write_date_basic(today), shared.clock.monotonic_ms() / SAME_SERIAL_MS);
        }
        let canonical =
            write_identifier(ID_CARD_TYPE_CODE, ISSUING_AUTHORITY_CODE, &serial, 1).map_err(|_| internal())?;
        if let Some(shown) = disguise(&canonical, &shared.behaviour) {
            return Ok(Named { canonical, shown });
        }
    }
}

/// The identifier of a re-issue: same type, authority and serial, next version.
pub(crate) async fn next_identifier(
    shared: &Shared,
    tx: &mut Tx,
    row: &LicenceRow,
    today: Date,
) -> Result<Named, ApiError> {
    let old = parse_identifier(&row.canonical).map_err(|_| internal())?;
    let spent = |_| ApiError::new(ErrorCode::StateConflict, "version 999 cannot be re-issued");
    let canonical = if shared.behaviour.reissue_draws_serial() {
        let fresh = first_identifier(shared, tx, today).await?.canonical;
        write_identifier(old.type_code(), old.authority(), fresh.serial(), old.version() + 1).map_err(spent)?
    } else {
        old.next_version().map_err(spent)?
    };
    let mut shown = canonical.to_string();
    if shared.behaviour.reissue_keeps_check() {
        shown.pop();
        shown.push(if old.check_character() == canonical.check_character() {
            other_letter(&shown)
        } else {
            old.check_character()
        });
    }
    Ok(Named { canonical, shown })
}

fn other_letter(head: &str) -> char {
    if head.ends_with('0') { 'Q' } else { '7' }
}

/// What a faulty issuer shows instead; `None` asks for another serial.
fn disguise(right: &LicenceIdentifier, behaviour: &Behaviour) -> Option<String> {
    let written = |type_code: &str, authority: &str, serial: &str, version: &str| {
        let body = format!("{type_code}{authority}{serial}{version}").to_ascii_uppercase();
        let check = check_character(&body).unwrap_or('0');
        Some(format!("{ROOT}.{type_code}.{authority}.{serial}.{version}.{check}"))
    };
    let (type_code, authority) = (right.type_code(), right.authority());
    let (serial, version) = (right.serial(), right.version_text());
    if behaviour.version_and_check_glued() {
        Some(format!("{ROOT}.{type_code}.{authority}.{serial}.{version}{}", right.check_character()))
    } else if behaviour.type_of_22_characters() {
        written(&format!("{}0{}", &type_code[..18], &type_code[18..]), authority, serial, version)
    } else if behaviour.type_of_driving_licence() {
        written("11100000000013127D002", authority, serial, version)
    } else if behaviour.authority_check_wrong() {
        written(type_code, &format!("{}A", &authority[..17]), serial, version)
    } else if behaviour.serial_in_lower_case() {
        let lower = serial.to_ascii_lowercase();
        if lower == serial { None } else { written(type_code, authority, &lower, version) }
    } else if behaviour.versions_start_at_000() {
        written(type_code, authority, serial, &format!("{:03}", right.version() - 1))
    } else if behaviour.check_by_variant() {
        let variant = variant_check_character(&format!("{type_code}{authority}{serial}{version}"))?;
        let head = right.as_str().strip_suffix(right.check_character())?;
        (variant != right.check_character()).then(|| format!("{head}{variant}"))
    } else {
        Some(right.to_string())
    }
}

/// A segment of a shown identifier, counted after the root.
pub(crate) fn segment(identifier: &str, index: usize) -> &str {
    identifier.get(ROOT.len() + 1..).unwrap_or_default().split('.').nth(index).unwrap_or_default()
}

/// What an identifier points at.
#[derive(Debug)]
pub(crate) enum Located {
    Malformed,
    OtherType,
    Unknown,
    Found(Box<LicenceRow>),
}

/// Looks a licence up as the path of a request names it.
pub(crate) async fn locate(tx: &mut Tx, text: &str, behaviour: &Behaviour) -> Result<Located, sqlx::Error> {
    let located = match parse_identifier(text) {
        Err(_) => Located::Malformed,
        Ok(identifier) if identifier.type_code() != ID_CARD_TYPE_CODE => Located::OtherType,
        Ok(identifier) => {
            tx.licence(identifier.as_str()).await?.map_or(Located::Unknown, |row| Located::Found(Box::new(row)))
        }
    };
    if !matches!(located, Located::Found(_))
        && behaviour.shows_malformed_identifiers()
        && let Some(row) = tx.licence(text).await?
    {
        return Ok(Located::Found(Box::new(row)));
    }
    Ok(located)
}

/// Looks a licence up as the verifier does.
pub(crate) async fn locate_for_verifier(
    tx: &mut Tx,
    text: &str,
    behaviour: &Behaviour,
) -> Result<Located, sqlx::Error> {
    let tidied;
    let text = match (behaviour.identifier_case_folded(), behaviour.identifier_trimmed()) {
        (true, _) => {
            tidied = text.to_ascii_uppercase();
            &tidied
        }
        (_, true) => text.trim(),
        _ if behaviour.identifier_width_folded() => {
            tidied = crate::verify::folded_width(text);
            &tidied
        }
        _ if behaviour.foreign_roots_accepted() => {
            let segments: Vec<&str> = text.split('.').collect();
            tidied =
                format!("{ROOT}.{}", segments.get(segments.len().saturating_sub(5)..).unwrap_or_default().join("."));
            &tidied
        }
        _ => text,
    };
    if behaviour.segment_borders_ignored()
        && text.split('.').count() == ROOT.split('.').count() + 5
        && let Some(row) = tx.licence_by_joined(&joined(text)).await?
    {
        return Ok(Located::Found(Box::new(row)));
    }
    if let Some(row) = forgiven_check(tx, text, behaviour).await? {
        return Ok(Located::Found(Box::new(row)));
    }
    let located = locate(tx, text, behaviour).await?;
    let serial_length = segment(text, 2).len();
    Ok(match located {
        Located::Malformed
            if behaviour.missing_segment_is_unknown() && text.split('.').count() < ROOT.split('.').count() + 5 =>
        {
            Located::Unknown
        }
        Located::OtherType if behaviour.other_type_not_told() => Located::Unknown,
        Located::Unknown if behaviour.short_serials_refused() && serial_length < 7 => Located::Malformed,
        Located::Unknown if behaviour.long_serials_refused() && serial_length > 32 => Located::Malformed,
        other => other,
    })
}

/// The licence that a verifier finds although the check character is wrong.
async fn forgiven_check(tx: &mut Tx, text: &str, behaviour: &Behaviour) -> Result<Option<LicenceRow>, sqlx::Error> {
    if !(behaviour.identifier_check_ignored() || behaviour.variant_check_accepted()) || !text.is_ascii() {
        return Ok(None);
    }
    let Some((head, check)) = text.rsplit_once('.') else { return Ok(None) };
    let body: String = head.strip_prefix(ROOT).unwrap_or_default().split('.').collect();
    let variant = variant_check_character(&body).is_some_and(|variant| check == variant.to_string());
    if check.len() != 1
        || (variant && !behaviour.variant_check_accepted())
        || (!variant && !behaviour.identifier_check_ignored())
    {
        return Ok(None);
    }
    tx.licence_by_head(&format!("{head}.")).await
}

//! Writers of codes, views and reverse-scan requests. What they are given is not checked: they also
//! write what a reader must refuse.

use ecric_gm::sm2::{self, DEFAULT_ID, SecretKey, SignError};

use super::base45::write_base45;
use super::cbor::{Item, sorted, write_item};
use super::envelope::{ALGORITHM, Domain, Kid, message};
use super::payload::{AttributeValue, Payload, Request, View};

/// Writes a code: text with prefix.
///
/// # Errors
/// When the one deterministic nonce gives no signature.
pub fn write_code(payload: &Payload, kid: Kid, key: &SecretKey) -> Result<String, SignError> {
    Ok(encode(Domain::Code, &seal(Domain::Code, kid, &write_item(&sorted(code_payload(payload))), key)?))
}

/// Writes a view: the bytes of its envelope.
///
/// # Errors
/// As [`write_code`].
pub fn write_view(view: &View, kid: Kid, key: &SecretKey) -> Result<Vec<u8>, SignError> {
    seal(Domain::View, kid, &write_item(&sorted(view_payload(view))), key)
}

/// Writes a reverse-scan request: text with prefix.
///
/// # Errors
/// As [`write_code`].
pub fn write_request(request: &Request, kid: Kid, key: &SecretKey) -> Result<String, SignError> {
    Ok(encode(Domain::Request, &seal(Domain::Request, kid, &write_item(&sorted(request_payload(request))), key)?))
}

/// The text of an envelope's bytes.
#[must_use]
pub fn encode(domain: Domain, envelope: &[u8]) -> String {
    format!("{}{}", domain.prefix(), write_base45(envelope))
}

/// Signs payload bytes and writes the envelope.
///
/// # Errors
/// As [`write_code`].
pub fn seal(domain: Domain, kid: Kid, payload: &[u8], key: &SecretKey) -> Result<Vec<u8>, SignError> {
    let header =
        Item::Map(vec![(Item::Unsigned(1), Item::int(ALGORITHM)), (Item::Unsigned(4), Item::Bytes(kid.to_vec()))]);
    let protected = write_item(&header);
    let signature = sm2::sign(key, DEFAULT_ID, &message(domain, &protected, payload))?;
    Ok(write_item(&Item::Array(vec![
        Item::Bytes(protected),
        Item::Map(Vec::new()),
        Item::Bytes(payload.to_vec()),
        Item::Bytes(signature.as_raw().to_vec()),
    ])))
}

/// Keys and values of a code, not sorted.
#[must_use]
pub fn code_payload(payload: &Payload) -> Vec<(Item, Item)> {
    let mut entries = vec![
        member(1, Item::Text(payload.loader.clone())),
        member(4, Item::Unsigned(payload.expires_at)),
        member(6, Item::Unsigned(payload.issued_at)),
        member(7, Item::Bytes(payload.code_id.to_vec())),
        member(-1, Item::Bytes(payload.handle.to_vec())),
        member(-2, Item::Unsigned(payload.scope.bits().into())),
        member(-4, Item::Text(payload.scene.word().to_owned())),
    ];
    entries.extend(payload.audience.map(|tag| member(-3, Item::Bytes(tag.to_vec()))));
    entries.extend(payload.nonce.clone().map(|nonce| member(-5, Item::Bytes(nonce))));
    entries.extend(payload.view.clone().map(|view| member(-6, Item::Bytes(view))));
    entries
}

/// Keys and values of a view, not sorted.
#[must_use]
pub fn view_payload(view: &View) -> Vec<(Item, Item)> {
    let number = View::STATUSES.iter().position(|status| *status == view.status.status).unwrap_or_default();
    let attributes = view.attributes.iter().map(|(bit, value)| (Item::Unsigned((*bit).into()), attribute(value)));
    vec![
        member(1, Item::Text(view.issuer.clone())),
        member(4, Item::Unsigned(view.expires_at)),
        member(6, Item::Unsigned(view.issued_at)),
        member(-2, Item::Unsigned(view.scope.bits().into())),
        member(-7, Item::Bytes(view.device_key.to_vec())),
        member(-8, sorted(attributes.collect())),
        member(
            -9,
            Item::Array(vec![
                Item::Unsigned(number as u64),
                Item::Unsigned(view.status.version),
                Item::Unsigned(view.status.changed_at),
            ]),
        ),
    ]
}

/// Keys and values of a reverse-scan request, not sorted.
#[must_use]
pub fn request_payload(request: &Request) -> Vec<(Item, Item)> {
    let mut entries = vec![
        member(1, Item::Text(request.relying_party.clone())),
        member(4, Item::Unsigned(request.expires_at)),
        member(6, Item::Unsigned(request.issued_at)),
        member(7, Item::Bytes(request.request_id.to_vec())),
        member(-2, Item::Unsigned(request.scope.bits().into())),
        member(-4, Item::Text(request.scene.word().to_owned())),
        member(-5, Item::Bytes(request.nonce.to_vec())),
        member(-10, Item::Text(request.audience_name.clone())),
        member(-11, Item::Text(request.cause.clone())),
    ];
    entries.extend(request.response_uri.clone().map(|uri| member(-12, Item::Text(uri))));
    entries
}

fn member(key: i64, value: Item) -> (Item, Item) {
    (Item::int(key), value)
}

fn attribute(value: &AttributeValue) -> Item {
    match value {
        AttributeValue::Text(text) => Item::Text(text.clone()),
        AttributeValue::Number(number) => Item::Unsigned(*number),
        AttributeValue::Flag(flag) => Item::Bool(*flag),
        AttributeValue::Period(from, to) => {
            let to = to.clone().map_or(Item::Null, Item::Text);
            Item::Array(vec![Item::Text(from.clone()), to])
        }
    }
}

//! Strict readers of codes, views and reverse-scan requests. They check the form only: neither
//! signatures nor times (see the verification).

use std::collections::BTreeMap;

use super::base45::parse_base45;
use super::cbor::{Item, parse_item};
use super::envelope::{Domain, Envelope};
use super::fault::{CodeError, CodeFault};
use super::payload::{AttributeValue, Payload, Request, View, ViewStatus};
use super::scope::{Scene, Scope};
use super::{DECODED_MAX, OFFLINE_TEXT_MAX, ONLINE_TEXT_MAX, REQUEST_PREFIX};

/// Last second that has a date in China with four digits of year.
const SECOND_MAX: u64 = 253_402_271_999;

/// A code as received, its signature not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCode {
    /// What it says.
    pub payload: Payload,
    /// What is signed and by whom.
    pub envelope: Envelope,
}

/// A view as received, its signature not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedView {
    /// What it says.
    pub view: View,
    /// What is signed and by whom.
    pub envelope: Envelope,
}

/// A reverse-scan request as received, its signature not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRequest {
    /// What it asks.
    pub request: Request,
    /// What is signed and by whom.
    pub envelope: Envelope,
}

/// Parses a code. The view inside is bytes here; [`parse_view`] reads it.
///
/// # Errors
/// With the first thing that is wrong; every one of them is `CODE_MALFORMED`.
pub fn parse_code(text: &str) -> Result<SignedCode, CodeError> {
    let envelope = open(text, Domain::Code, OFFLINE_TEXT_MAX)?;
    let mut members = Members::read(&envelope.payload)?;
    let payload = Payload {
        loader: members.need(1, |item| text_of(item, 18, "1 to 18 characters"))?,
        expires_at: members.need(4, second)?,
        issued_at: members.need(6, second)?,
        code_id: members.need(7, fixed)?,
        handle: members.need(-1, fixed)?,
        scope: members.need(-2, scope)?,
        audience: members.may(-3, fixed)?,
        scene: members.need(-4, scene)?,
        nonce: members.may(-5, |item| bytes(item, 8..=16, "8 to 16 bytes"))?,
        view: members.may(-6, |item| bytes(item, 1..=DECODED_MAX, "1 to 1024 bytes"))?,
    };
    members.end()?;
    if payload.view.is_none() && text.len() > ONLINE_TEXT_MAX {
        return Err(CodeFault::Length { found: text.len(), most: ONLINE_TEXT_MAX }.at("text"));
    }
    Ok(SignedCode { payload, envelope })
}

/// Parses a view.
///
/// # Errors
/// As [`parse_code`].
pub fn parse_view(view: &[u8]) -> Result<SignedView, CodeError> {
    let envelope = Envelope::parse(Domain::View, view)?;
    let mut members = Members::read(&envelope.payload)?;
    let view = View {
        issuer: members.need(1, |item| text_of(item, 18, "1 to 18 characters"))?,
        expires_at: members.need(4, second)?,
        issued_at: members.need(6, second)?,
        scope: members.need(-2, scope)?,
        device_key: members.need(-7, fixed)?,
        attributes: members.need(-8, attributes)?,
        status: members.need(-9, status)?,
    };
    members.end()?;
    let held = view.attributes.keys().fold(Scope::default(), |scope, bit| scope.with(*bit));
    if !(held.is_within(view.scope) && view.scope.is_within(held)) {
        return Err(CodeFault::Limit { wanted: "one value for every bit of the scope" }.at("payload key -8"));
    }
    Ok(SignedView { view, envelope })
}

/// Parses a reverse-scan request.
///
/// # Errors
/// As [`parse_code`].
pub fn parse_request(text: &str) -> Result<SignedRequest, CodeError> {
    let envelope = open(text, Domain::Request, REQUEST_PREFIX.len() + DECODED_MAX / 2 * 3)?;
    let mut members = Members::read(&envelope.payload)?;
    let request = Request {
        relying_party: members.need(1, |item| text_of(item, 32, "1 to 32 characters"))?,
        expires_at: members.need(4, second)?,
        issued_at: members.need(6, second)?,
        request_id: members.need(7, fixed)?,
        scope: members.need(-2, scope)?,
        scene: members.need(-4, scene)?,
        nonce: members.need(-5, fixed)?,
        audience_name: members.need(-10, |item| text_of(item, 40, "1 to 40 characters"))?,
        cause: members.need(-11, |item| text_of(item, 200, "1 to 200 characters"))?,
        response_uri: members.may(-12, |item| text_of(item, 128, "1 to 128 characters"))?,
    };
    members.end()?;
    Ok(SignedRequest { request, envelope })
}

fn open(text: &str, domain: Domain, most: usize) -> Result<Envelope, CodeError> {
    let wanted = domain.prefix();
    let Some(body) = text.strip_prefix(wanted) else { return Err(CodeFault::Prefix { wanted }.at("text")) };
    if text.len() > most {
        return Err(CodeFault::Length { found: text.len(), most }.at("text"));
    }
    let bytes = parse_base45(body).map_err(|error| CodeFault::from(error).at("text"))?;
    Envelope::parse(domain, &bytes)
}

/// Members of a payload, taken out one by one.
struct Members(BTreeMap<i64, Item>);

impl Members {
    fn read(bytes: &[u8]) -> Result<Self, CodeError> {
        let item = parse_item(bytes).map_err(|error| CodeFault::from(error).at("payload"))?;
        let Item::Map(entries) = item else { return Err(CodeFault::Map.at("payload")) };
        let numbered = entries.into_iter().map(|(key, value)| Some((key.as_int()?, value)));
        numbered.collect::<Option<_>>().map(Self).ok_or_else(|| CodeFault::Map.at("payload"))
    }

    fn may<T>(&mut self, key: i64, read: impl Fn(Item) -> Result<T, CodeFault>) -> Result<Option<T>, CodeError> {
        self.0.remove(&key).map(read).transpose().map_err(|fault| fault.at(place(key)))
    }

    fn need<T>(&mut self, key: i64, read: impl Fn(Item) -> Result<T, CodeFault>) -> Result<T, CodeError> {
        self.may(key, read)?.ok_or_else(|| CodeFault::Missing.at(place(key)))
    }

    fn end(self) -> Result<(), CodeError> {
        self.0.first_key_value().map_or(Ok(()), |(key, _)| Err(CodeFault::UnknownKey.at(place(*key))))
    }
}

fn place(key: i64) -> String {
    format!("payload key {key}")
}

fn text_of(item: Item, most: usize, wanted: &'static str) -> Result<String, CodeFault> {
    let Item::Text(text) = item else { return Err(CodeFault::Type { wanted: "text" }) };
    let fits = (1..=most).contains(&text.chars().count());
    if fits { Ok(text) } else { Err(CodeFault::Limit { wanted }) }
}

fn bytes(item: Item, lengths: std::ops::RangeInclusive<usize>, wanted: &'static str) -> Result<Vec<u8>, CodeFault> {
    let Item::Bytes(bytes) = item else { return Err(CodeFault::Type { wanted: "byte string" }) };
    if lengths.contains(&bytes.len()) { Ok(bytes) } else { Err(CodeFault::Limit { wanted }) }
}

fn fixed<const N: usize>(item: Item) -> Result<[u8; N], CodeFault> {
    let found = bytes(
        item,
        N..=N,
        if N == 8 {
            "8 bytes"
        } else if N == 16 {
            "16 bytes"
        } else {
            "33 bytes"
        },
    )?;
    <[u8; N]>::try_from(&found[..]).map_err(|_| CodeFault::Limit { wanted: "fixed length" })
}

fn unsigned(item: &Item) -> Result<u64, CodeFault> {
    if let Item::Unsigned(value) = item { Ok(*value) } else { Err(CodeFault::Type { wanted: "number from 0 on" }) }
}

fn second(item: Item) -> Result<u64, CodeFault> {
    let value = unsigned(&item)?;
    if value <= SECOND_MAX {
        Ok(value)
    } else {
        Err(CodeFault::Limit { wanted: "seconds since 1970, before the year 10000" })
    }
}

fn scope(item: Item) -> Result<Scope, CodeFault> {
    Scope::of_bits(unsigned(&item)?).ok_or(CodeFault::Limit { wanted: "bits 0 to 16" })
}

fn scene(item: Item) -> Result<Scene, CodeFault> {
    let word = text_of(item, 8, "1 to 8 characters")?;
    Scene::of_word(&word).ok_or(CodeFault::Limit { wanted: "HOTEL, GOV, BANK, RAIL, EXPRESS, NET or OTHER" })
}

fn status(item: Item) -> Result<ViewStatus, CodeFault> {
    let wanted = CodeFault::Type { wanted: "array of status number, version and seconds" };
    let Item::Array(parts) = item else { return Err(wanted) };
    let [number, version, changed_at] = <[Item; 3]>::try_from(parts).map_err(|_| wanted)?;
    let number = usize::try_from(unsigned(&number)?).unwrap_or(usize::MAX);
    let status = View::STATUSES.get(number).copied().ok_or(CodeFault::Limit { wanted: "status number 0 to 6" })?;
    Ok(ViewStatus { status, version: unsigned(&version)?, changed_at: second(changed_at)? })
}

fn attributes(item: Item) -> Result<BTreeMap<u8, AttributeValue>, CodeFault> {
    let Item::Map(entries) = item else { return Err(CodeFault::Type { wanted: "map of bits to values" }) };
    let mut values = BTreeMap::new();
    for (key, value) in entries {
        let known = CodeFault::Limit { wanted: "bits 1 to 16, no portrait" };
        let bit = u8::try_from(unsigned(&key)?).ok().filter(|bit| Scope::name_of(*bit).is_some());
        let bit = bit.filter(|bit| !matches!(*bit, 0 | Scope::PHOTO_BIT)).ok_or(known)?;
        values.insert(bit, attribute(bit, value)?);
    }
    Ok(values)
}

fn attribute(bit: u8, value: Item) -> Result<AttributeValue, CodeFault> {
    const TEXT: &str = "1 to 128 characters";
    match (bit, value) {
        (2, Item::Unsigned(number)) if number <= 9 => Ok(AttributeValue::Number(number)),
        (2, _) => Err(CodeFault::Type { wanted: "number from 0 to 9" }),
        (12 | 13, Item::Bool(flag)) => Ok(AttributeValue::Flag(flag)),
        (12 | 13, _) => Err(CodeFault::Type { wanted: "true or false" }),
        (9, Item::Array(parts)) => {
            let wanted = CodeFault::Type { wanted: "array of two dates" };
            let [from, to] = <[Item; 2]>::try_from(parts).map_err(|_| wanted)?;
            let to = if to == Item::Null { None } else { Some(text_of(to, 10, "10 characters")?) };
            Ok(AttributeValue::Period(text_of(from, 10, "10 characters")?, to))
        }
        (9, _) => Err(CodeFault::Type { wanted: "array of two dates" }),
        (_, item) => text_of(item, 128, TEXT).map(AttributeValue::Text),
    }
}

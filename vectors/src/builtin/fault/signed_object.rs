//! Faults of certificates: read as BER, or with r and s reduced modulo n.

use ecric_gm::craft::join;
use ecric_gm::der::{check_canonical, write};
use ecric_gm::encoding::{from_hex, hex};
use ecric_gm::sm2::Signature;

use super::{element, lenient_pair, strict_pair};
use crate::set::Question;

/// A certificate in three parts; the first two with tag and length.
struct Object<'a> {
    body: &'a [u8],
    algorithm: &'a [u8],
    value: &'a [u8],
}

/// The member that holds the certificate, if the question is about one.
fn member(question: &Question) -> Option<&'static str> {
    match question.operation.as_str() {
        "x509.certificate" => Some("certificate"),
        "x509.signature" if question.input.get("kind")? == "certificate" => Some("object"),
        _ => None,
    }
}

/// The first element with tag and length, and what follows it.
fn whole(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (_, rest) = element(bytes, tag)?;
    Some((&bytes[..bytes.len() - rest.len()], rest))
}

fn take_apart(bytes: &[u8]) -> Option<Object<'_>> {
    let (content, _) = element(bytes, 0x30)?;
    let (body, rest) = whole(content, 0x30)?;
    let (algorithm, rest) = whole(rest, 0x30)?;
    let (bits, _) = element(rest, 3)?;
    let value = bits.strip_prefix(&[0])?;
    Some(Object { body, algorithm, value })
}

fn changed(question: &Question, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Option<Question> {
    let member = member(question)?;
    let bytes = from_hex(question.input.get(member)?).ok()?;
    let object = take_apart(&bytes)?;
    let value = change(object.value);
    let made = write::sequence(&[object.body, object.algorithm, &write::bits(&value)]);
    let mut question = question.clone();
    question.input.insert(member.to_owned(), hex(&made));
    Some(question)
}

/// The certificate and its signature value read as BER and written again, without what follows.
pub(super) fn as_strict(question: &Question) -> Option<Question> {
    changed(question, |value| {
        let raw = lenient_pair(value).and_then(|raw| Signature::from_raw(&raw).ok());
        raw.map_or_else(|| value.to_vec(), |raw| raw.to_der())
    })
}

/// r and s modulo n, where they are strict DER.
pub(super) fn in_range(question: &Question) -> Option<Question> {
    let bytes = from_hex(question.input.get(member(question)?)?).ok()?;
    check_canonical(&bytes).ok()?;
    changed(question, |value| {
        let reduced = strict_pair(value).and_then(|(r, s)| Signature::from_raw(&join(r, s)).ok());
        reduced.map_or_else(|| value.to_vec(), |reduced| reduced.to_der())
    })
}

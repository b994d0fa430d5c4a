//! Turns the bytes of an answer into the document that extractions see. Everything is bounded by the
//! size of the answer; XML with a DTD is refused.

use ecric_gm::encoding::{b64, from_b64, from_b64url, from_hex};
use serde_json::{Map, Value, json};

use crate::charset::Charset;

use super::crypto::{self, Mode};
use super::spec::{DecodeKind, DecodeSpec, ResponseAs, ResponseKind};

/// Depth of elements that is read.
const DEPTH: usize = 64;

/// Reads a body; texts are in the charset of the file.
pub(crate) fn document(how: Option<&ResponseAs>, body: &[u8], charset: Charset) -> Result<Value, String> {
    let (kind, always_array) = match how {
        None => (ResponseKind::Json, &[][..]),
        Some(ResponseAs::Kind(kind)) => (*kind, &[][..]),
        Some(ResponseAs::Xml { xml }) => (ResponseKind::Xml, xml.always_array.as_slice()),
    };
    let text = || charset.decode(body).ok_or_else(|| "the answer is not in the charset of the file".to_owned());
    match kind {
        ResponseKind::Json if body.is_empty() => Ok(json!({})),
        ResponseKind::Json if charset.is_utf8() => {
            serde_json::from_slice(body).map_err(|error| format!("the answer is not JSON: {error}"))
        }
        ResponseKind::Json => {
            serde_json::from_str(&text()?).map_err(|error| format!("the answer is not JSON: {error}"))
        }
        ResponseKind::Xml => xml(&text()?, always_array),
        ResponseKind::Form => Ok(form(&text()?, charset)),
        ResponseKind::Text => Ok(json!({"text": text()?})),
        ResponseKind::Bytes => {
            Ok(json!({"b64": b64(body), "size": body.len(), "sm3": ecric_gm::sm3::digest_hex(body)}))
        }
    }
}

/// XML as JSON: elements are members, repeats are lists, attributes `@name`, text `#` beside either.
pub(crate) fn xml(text: &str, always_array: &[String]) -> Result<Value, String> {
    let options = roxmltree::ParsingOptions { allow_dtd: false, nodes_limit: 200_000, ..Default::default() };
    let parsed = roxmltree::Document::parse_with_options(text, options)
        .map_err(|error| format!("the answer is not XML: {error}"))?;
    let root = parsed.root_element();
    let mut out = Map::new();
    out.insert(root.tag_name().name().to_owned(), element(root, always_array, 0)?);
    Ok(Value::Object(out))
}

fn element(node: roxmltree::Node<'_, '_>, always_array: &[String], depth: usize) -> Result<Value, String> {
    if depth > DEPTH {
        return Err(format!("the answer nests deeper than {DEPTH} elements"));
    }
    let mut out = Map::new();
    for attribute in node.attributes() {
        out.insert(format!("@{}", attribute.name()), json!(attribute.value()));
    }
    let mut text = String::new();
    for child in node.children() {
        if child.is_text() {
            text.push_str(child.text().unwrap_or_default());
        } else if child.is_element() {
            let name = child.tag_name().name().to_owned();
            let value = element(child, always_array, depth + 1)?;
            match out.get_mut(&name) {
                Some(Value::Array(items)) => items.push(value),
                Some(first) => *first = json!([first.take(), value]),
                None if always_array.contains(&name) => {
                    out.insert(name, json!([value]));
                }
                None => {
                    out.insert(name, value);
                }
            }
        }
    }
    if out.is_empty() {
        return Ok(json!(text));
    }
    if !text.trim().is_empty() {
        out.insert("#".to_owned(), json!(text.trim()));
    }
    Ok(Value::Object(out))
}

fn form(text: &str, charset: Charset) -> Value {
    let decoded = |part: &str| {
        let mut out = Vec::with_capacity(part.len());
        let bytes = part.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let hex = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
            match (bytes[at], hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
                (b'%', Some(byte)) => {
                    out.push(byte);
                    at += 2;
                }
                (b'+', _) => out.push(b' '),
                (byte, _) => out.push(byte),
            }
            at += 1;
        }
        charset.lossy(&out).into_owned()
    };
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    Value::Object(
        pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(key, value)| (decoded(key), json!(decoded(value))))
            .collect(),
    )
}

/// A value on its way through a pipeline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    Json(Value),
    Bytes(Vec<u8>),
}

impl Piece {
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, String> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.clone()),
            Self::Json(Value::String(text)) => Ok(text.clone().into_bytes()),
            Self::Json(_) => Err("wanted a text".to_owned()),
        }
    }

    fn text(&self) -> Result<String, String> {
        String::from_utf8(self.bytes()?).map_err(|_| "not UTF-8".to_owned())
    }

    pub(crate) fn into_json(self) -> Value {
        match self {
            Self::Json(value) => value,
            Self::Bytes(bytes) => {
                String::from_utf8(bytes).map_or_else(|error| json!(b64(error.as_bytes())), |text| json!(text))
            }
        }
    }
}

/// One step but `sm2_verify`; `key` is the value of the secret that it names.
pub(crate) fn step(spec: &DecodeSpec, piece: &Piece, key: Option<&str>) -> Result<Piece, String> {
    let key = || key.ok_or_else(|| "the step needs a key".to_owned());
    let mode = |mode| block(mode, spec, piece, key()?);
    Ok(match spec.kind {
        DecodeKind::Hex => Piece::Bytes(from_hex(&piece.text()?.to_ascii_lowercase()).map_err(|_| "not hex")?),
        DecodeKind::B64 => Piece::Bytes(from_b64(piece.text()?.trim()).map_err(|_| "not base64")?),
        DecodeKind::B64url => Piece::Bytes(from_b64url(piece.text()?.trim()).map_err(|_| "not base64url")?),
        DecodeKind::Utf8 => Piece::Json(json!(piece.text()?)),
        DecodeKind::Gb18030 => {
            let bytes = piece.bytes()?;
            let (text, _, lost) = encoding_rs::GB18030.decode(&bytes);
            if lost {
                return Err("not GB18030".to_owned());
            }
            Piece::Json(json!(text))
        }
        DecodeKind::Json => {
            Piece::Json(serde_json::from_slice(&piece.bytes()?).map_err(|error| format!("not JSON: {error}"))?)
        }
        DecodeKind::Xml => Piece::Json(xml(&piece.text()?, &spec.always_array)?),
        DecodeKind::Form => Piece::Json(form(&piece.text()?, Charset::default())),
        DecodeKind::Sm2Decrypt => {
            Piece::Bytes(crypto::sm2_decrypt(key()?, &piece.bytes()?, spec.order.as_deref(), spec.prefix)?)
        }
        DecodeKind::Sm4Ecb => mode(Mode::Sm4Ecb)?,
        DecodeKind::Sm4Cbc => mode(Mode::Sm4Cbc)?,
        DecodeKind::AesEcb => mode(Mode::AesEcb)?,
        DecodeKind::AesCbc => mode(Mode::AesCbc)?,
        DecodeKind::Sm2Verify => piece.clone(),
    })
}

fn block(mode: Mode, spec: &DecodeSpec, piece: &Piece, key: &str) -> Result<Piece, String> {
    crypto::block(mode, key, spec.iv.as_deref(), true, &piece.bytes()?).map(Piece::Bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_becomes_json() {
        let text = "<r a='1'>\n <!-- c --><i><v><![CDATA[<&>]]></v></i><n/><m>x</m><m>y</m></r>";
        let wanted = json!({"r": {"@a": "1", "i": [{"v": "<&>"}], "n": "", "m": ["x", "y"]}});
        assert_eq!(xml(text, &["i".to_owned()]), Ok(wanted));
        for bad in ["<!DOCTYPE r [<!ENTITY e 'x'>]><r>&e;</r>", "<r>", ""] {
            assert!(xml(bad, &[]).is_err(), "{bad}");
        }
        let deep = format!("{}{}", "<a>".repeat(80), "</a>".repeat(80));
        assert!(xml(&deep, &[]).unwrap_err().contains("deeper"));
    }

    #[test]
    fn forms_and_bytes() {
        assert_eq!(form("a=1&b=%E6%B5%8B+x&c", Charset::default()), json!({"a": "1", "b": "测 x", "c": ""}));
        let how = ResponseAs::Kind(ResponseKind::Bytes);
        assert_eq!(document(Some(&how), b"abc", Charset::default()).unwrap()["size"], 3);
    }
}

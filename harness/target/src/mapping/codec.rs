//! Codecs: how the dialect writes one value, and the names of its members. Both ways.

use std::collections::BTreeMap;

use ecric_gm::encoding::{b64, from_b64, from_hex, hex};
use ecric_licence::instant::{
    parse_date, parse_date_basic, parse_instant, write_date, write_date_basic, write_instant, write_instant_ms,
};
use serde_json::{Map, Value, json};
use time::macros::{format_description, offset};
use time::{OffsetDateTime, PrimitiveDateTime};

use super::spec::FieldSpec;

/// One codec.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Codec {
    Yyyymmdd,
    Compact,
    Spaced,
    Instant,
    EpochS,
    EpochMs,
    Int,
    Text,
    Boolean(&'static str, &'static str),
    Enum(BTreeMap<String, Value>),
    LongTerm(Vec<Value>),
    ListSep(String),
    KvList { key: String, value: String },
    B64,
    Hex,
    Lookup(String),
}

/// Reads one codec or a list of them.
pub(crate) fn parse(spec: &Value) -> Result<Vec<Codec>, String> {
    match spec {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => items.iter().map(one).collect(),
        single => one(single).map(|codec| vec![codec]),
    }
}

const KNOWN: &str = "yyyymmdd, yyyymmddhhmmss, \"yyyy-mm-dd hh:mm:ss\", instant, epoch_s, epoch_ms, int, text, bool_yn, bool_01, b64, hex, {enum}, {long_term}, {list_sep}, {kv_list}, {lookup}";

fn one(spec: &Value) -> Result<Codec, String> {
    if let Some(word) = spec.as_str() {
        return Ok(match word {
            "yyyymmdd" => Codec::Yyyymmdd,
            "yyyymmddhhmmss" => Codec::Compact,
            "yyyy-mm-dd hh:mm:ss" => Codec::Spaced,
            "instant" => Codec::Instant,
            "epoch_s" => Codec::EpochS,
            "epoch_ms" => Codec::EpochMs,
            "int" => Codec::Int,
            "text" => Codec::Text,
            "bool_yn" => Codec::Boolean("Y", "N"),
            "bool_01" => Codec::Boolean("1", "0"),
            "b64" => Codec::B64,
            "hex" => Codec::Hex,
            other => return Err(format!("no codec is called {other:?}; there are {KNOWN}")),
        });
    }
    let members = spec.as_object().filter(|members| members.len() == 1);
    let Some((name, value)) = members.and_then(|members| members.iter().next()) else {
        return Err(format!("a codec is one of {KNOWN}"));
    };
    let text = |member: &str| value.get(member).and_then(Value::as_str).map(str::to_owned);
    match (name.as_str(), value) {
        ("enum", Value::Object(words)) => {
            Ok(Codec::Enum(words.iter().map(|(key, value)| (key.clone(), value.clone())).collect()))
        }
        ("long_term", Value::Array(values)) => Ok(Codec::LongTerm(values.clone())),
        ("list_sep", Value::String(separator)) => Ok(Codec::ListSep(separator.clone())),
        ("lookup", Value::String(table)) => Ok(Codec::Lookup(table.clone())),
        ("kv_list", Value::Object(_)) => match (text("key"), text("value")) {
            (Some(key), Some(value)) => Ok(Codec::KvList { key, value }),
            _ => Err("kv_list wants {key: …, value: …}".to_owned()),
        },
        _ => Err(format!("no codec is called {name:?} with that value; there are {KNOWN}")),
    }
}

/// A scalar of an answer as text.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn local(text: &str, spaced: bool) -> Result<OffsetDateTime, String> {
    let parsed = if spaced {
        PrimitiveDateTime::parse(text, format_description!("[year]-[month]-[day] [hour]:[minute]:[second]"))
    } else {
        PrimitiveDateTime::parse(text, format_description!("[year][month][day][hour][minute][second]"))
    };
    parsed.map(|at| at.assume_offset(offset!(+8))).map_err(|_| "not a time in the form of the codec".to_owned())
}

/// From the dialect to binding v1. `null` stays.
pub(crate) fn inward(
    codecs: &[Codec],
    value: Value,
    tables: &BTreeMap<String, BTreeMap<String, Value>>,
) -> Result<Value, String> {
    codecs
        .iter()
        .try_fold(value, |value, codec| if value.is_null() { Ok(value) } else { inward_one(codec, value, tables) })
}

fn inward_one(
    codec: &Codec,
    value: Value,
    tables: &BTreeMap<String, BTreeMap<String, Value>>,
) -> Result<Value, String> {
    let text = || scalar(&value).ok_or_else(|| format!("{codec:?} wants a text"));
    Ok(match codec {
        Codec::Yyyymmdd => parse_date_basic(&text()?).map(|date| json!(write_date(date))).map_err(|e| e.to_string())?,
        Codec::Compact => json!(write_instant(local(&text()?, false)?)),
        Codec::Spaced => json!(write_instant(local(&text()?, true)?)),
        Codec::Instant => {
            let at = parse_instant(&text()?).map_err(|error| error.to_string())?;
            json!(if at.millisecond() == 0 { write_instant(at) } else { write_instant_ms(at) })
        }
        Codec::EpochS | Codec::EpochMs => {
            let number: i128 = text()?.parse().map_err(|_| "not a number of seconds or milliseconds".to_owned())?;
            let nanos = number.checked_mul(if *codec == Codec::EpochS { 1_000_000_000 } else { 1_000_000 });
            let at = nanos.and_then(|nanos| OffsetDateTime::from_unix_timestamp_nanos(nanos).ok());
            let at = at.ok_or("a time out of range")?.to_offset(offset!(+8));
            json!(if at.millisecond() == 0 { write_instant(at) } else { write_instant_ms(at) })
        }
        Codec::Int => json!(text()?.parse::<i64>().map_err(|_| "not an integer".to_owned())?),
        Codec::Text => json!(text()?),
        Codec::Boolean(yes, no) => {
            let word = text()?;
            if word == *yes {
                json!(true)
            } else if word == *no {
                json!(false)
            } else {
                return Err(format!("wanted {yes} or {no}"));
            }
        }
        Codec::Enum(words) => words.get(&text()?).cloned().ok_or("a word that the enum does not list")?,
        Codec::LongTerm(values) => {
            if values.iter().any(|one| *one == value || scalar(one) == scalar(&value)) {
                Value::Null
            } else {
                value
            }
        }
        Codec::ListSep(separator) => {
            json!(text()?.split(separator.as_str()).filter(|part| !part.is_empty()).collect::<Vec<_>>())
        }
        Codec::KvList { key, value: member } => {
            let items = match &value {
                Value::Array(items) => items.clone(),
                single => vec![single.clone()],
            };
            let mut out = Map::new();
            for item in items {
                let name = item.get(key).and_then(scalar).ok_or_else(|| format!("an entry without {key}"))?;
                out.insert(name, item.get(member).cloned().unwrap_or(Value::Null));
            }
            Value::Object(out)
        }
        Codec::B64 => json!(b64(&from_b64(&text()?).map_err(|_| "not base64".to_owned())?)),
        Codec::Hex => json!(b64(&from_hex(&text()?.to_ascii_lowercase()).map_err(|_| "not hex".to_owned())?)),
        Codec::Lookup(table) => {
            let words = tables.get(table).ok_or_else(|| format!("no table is called {table:?}"))?;
            words.get(&text()?).cloned().ok_or_else(|| format!("the table {table} has no entry for this value"))?
        }
    })
}

/// From binding v1 to the dialect: the codecs in reverse. Values that are not of the canonical form go
/// through unchanged, so that deliberate defects reach the product.
fn outward_value(codecs: &[Codec], value: &Value) -> Value {
    codecs.iter().rev().fold(value.clone(), |value, codec| outward_one(codec, &value).unwrap_or(value))
}

fn outward_one(codec: &Codec, value: &Value) -> Option<Value> {
    let text = value.as_str();
    let instant = || text.and_then(|text| parse_instant(text).ok()).map(|at| at.to_offset(offset!(+8)));
    Some(match codec {
        Codec::Yyyymmdd => json!(write_date_basic(parse_date(text?).ok()?)),
        Codec::Compact => {
            json!(instant()?.format(format_description!("[year][month][day][hour][minute][second]")).ok()?)
        }
        Codec::Spaced => {
            json!(instant()?.format(format_description!("[year]-[month]-[day] [hour]:[minute]:[second]")).ok()?)
        }
        Codec::EpochS => json!(instant()?.unix_timestamp()),
        Codec::EpochMs => json!(i64::try_from(instant()?.unix_timestamp_nanos() / 1_000_000).ok()?),
        Codec::Boolean(yes, no) => json!(if value.as_bool()? { yes } else { no }),
        Codec::Enum(words) => json!(words.iter().find(|(_, canonical)| *canonical == value)?.0),
        Codec::LongTerm(values) if value.is_null() => values.first()?.clone(),
        Codec::ListSep(separator) => {
            json!(value.as_array()?.iter().map(|item| item.as_str()).collect::<Option<Vec<_>>>()?.join(separator))
        }
        Codec::KvList { key, value: member } => {
            let list = value.as_object()?.iter().map(|(name, value)| json!({key: name, member: value}));
            Value::Array(list.collect())
        }
        Codec::Hex => json!(hex(&from_b64(text?).ok()?)),
        _ => return None,
    })
}

/// Names and codecs of members, both ways.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Codecs {
    by_canonical: BTreeMap<String, (String, Vec<Codec>)>,
    by_vendor: BTreeMap<String, (String, Vec<Codec>)>,
    tables: BTreeMap<String, BTreeMap<String, Value>>,
}

impl Codecs {
    /// Reads `fields`. A name `holder.birthDate` is that of the member `birthDate`.
    pub(crate) fn new(
        fields: &BTreeMap<String, FieldSpec>,
        tables: &BTreeMap<String, BTreeMap<String, Value>>,
    ) -> Result<Self, (String, String)> {
        let mut out = Self { tables: tables.clone(), ..Self::default() };
        for (name, field) in fields {
            let codecs = parse(field.codec.as_ref().unwrap_or(&Value::Null)).map_err(|error| (name.clone(), error))?;
            let canonical = name.rsplit('.').next().unwrap_or(name).to_owned();
            out.by_canonical.insert(canonical.clone(), (field.vendor.clone(), codecs.clone()));
            out.by_vendor.insert(field.vendor.clone(), (canonical, codecs));
        }
        Ok(out)
    }

    /// Canonical names to the vendor's: an object with its values, or a list of names. What `fields` does
    /// not know keeps its name.
    pub(crate) fn outward(&self, value: &Value) -> Result<Value, String> {
        match value {
            Value::Object(members) => Ok(Value::Object(
                members
                    .iter()
                    .map(|(name, value)| match self.by_canonical.get(name) {
                        Some((vendor, codecs)) => (vendor.clone(), outward_value(codecs, value)),
                        None => (name.clone(), value.clone()),
                    })
                    .collect(),
            )),
            Value::Array(names) => Ok(Value::Array(
                names
                    .iter()
                    .map(|name| {
                        let vendor = name.as_str().and_then(|name| self.by_canonical.get(name));
                        vendor.map_or_else(|| name.clone(), |(vendor, _)| json!(vendor))
                    })
                    .collect(),
            )),
            _ => Err("map_names wants an object or a list of names".to_owned()),
        }
    }

    /// The vendor's names back to canonical ones, with their values.
    pub(crate) fn inward(&self, value: &Value) -> Result<Value, String> {
        match value {
            Value::Object(members) => {
                let mut out = Map::new();
                for (name, value) in members {
                    match self.by_vendor.get(name) {
                        Some((canonical, codecs)) => {
                            let value = inward(codecs, value.clone(), &self.tables)
                                .map_err(|reason| format!("{canonical}: {reason}"))?;
                            out.insert(canonical.clone(), value);
                        }
                        None => {
                            out.insert(name.clone(), value.clone());
                        }
                    }
                }
                Ok(Value::Object(out))
            }
            Value::Array(names) => Ok(Value::Array(
                names
                    .iter()
                    .map(|name| {
                        let known = name.as_str().and_then(|name| self.by_vendor.get(name));
                        known.map_or_else(|| name.clone(), |(canonical, _)| json!(canonical))
                    })
                    .collect(),
            )),
            other => Ok(other.clone()),
        }
    }

    /// Tables of the file.
    pub(crate) const fn tables(&self) -> &BTreeMap<String, BTreeMap<String, Value>> {
        &self.tables
    }
}

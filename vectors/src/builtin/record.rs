//! Metadata records: JSON text in, the first problem out.

use std::fmt;

use ecric_licence::instant::parse_instant;
use ecric_licence::metadata::{RecordKind, check_record};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{Input, Refusal, Reply, refused};

const TWICE: &str = "a member stands twice";

/// The members of a JSON object, none of them twice.
struct Members(Map<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Map::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.insert(name, value).is_some() {
                        return Err(A::Error::custom(TWICE));
                    }
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(Object)
    }
}

pub(super) fn ask(input: &Input<'_>) -> Reply {
    let at = parse_instant(input.text("at")?).map_err(|error| Refusal::Malformed(format!("at: {error}")))?;
    let kind = match input.text("kind")? {
        "original" => RecordKind::Original,
        "copy" => RecordKind::Copy,
        other => return Err(Refusal::Malformed(format!("kind {other:?} is not known"))),
    };
    let Members(members) = serde_json::from_str(input.text("record")?).map_err(|error| {
        let twice = error.to_string().starts_with(TWICE);
        refused(if twice { "META_DUPLICATE" } else { "META_MISMATCH" }, error)
    })?;
    match check_record(&members, kind, at).first() {
        None => Ok(None),
        Some(problem) => Err(refused(problem.code, format!("{} {}", problem.member, problem.detail))),
    }
}

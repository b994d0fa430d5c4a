//! A target file that starts from a shipped dialect: the file is laid over the preset, member by member.

use ecric_model::Text;
use serde_yaml::Value;

use crate::target_check::Problem;
use crate::template::{PRESETS, preset_text};

/// The whole file as a value, if it names a preset; `None` for a file that stands by itself.
///
/// # Errors
/// A preset that does not exist. A text that is no YAML is left to the reader of the file.
#[allow(clippy::result_large_err, reason = "a file is read once")]
pub(crate) fn laid_over(text: &str) -> Result<Option<Value>, Problem> {
    if !text.lines().any(|line| line.starts_with("preset:")) {
        return Ok(None);
    }
    let Ok(own) = serde_yaml::from_str::<Value>(text) else { return Ok(None) };
    let Some(name) = own.get("preset").and_then(Value::as_str).map(str::to_owned) else { return Ok(None) };
    let Some(Ok(mut base)) = preset_text(&name, "", "").map(|text| serde_yaml::from_str::<Value>(&text)) else {
        let known = PRESETS.join(", ");
        let text = Text::new(format!("preset {name:?}: wanted {known}"), format!("preset {name:?}：可用 {known}"));
        return Err(Problem::new(text, Text::default()).under(&["preset"]));
    };
    lay(&mut base, own);
    Ok(Some(base))
}

/// Objects are joined, everything else is replaced, `null` takes away.
fn lay(base: &mut Value, own: Value) {
    match (base, own) {
        (Value::Mapping(base), Value::Mapping(own)) => {
            for (key, value) in own {
                match base.get_mut(&key) {
                    _ if value.is_null() => {
                        base.remove(&key);
                    }
                    Some(old) => lay(old, value),
                    None => {
                        base.insert(key, value);
                    }
                }
            }
        }
        (base, own) => *base = own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_laid_over_presets() {
        let text = "preset: alpha\nname: mine\nbase: \"http://127.0.0.1:1\"\nerrors: {\"78\": NOT_FOUND, \"10\": null}\nroles: [issuer]\n";
        let whole = laid_over(text).ok().flatten().unwrap_or(Value::Null);
        assert_eq!(whole["name"], Value::from("mine"));
        assert_eq!(whole["rung"], Value::from("mapped"));
        assert_eq!((&whole["errors"]["78"], &whole["errors"]["11"]), (&"NOT_FOUND".into(), &"UNAUTHENTICATED".into()));
        assert!(whole["errors"].get("10").is_none());
        assert_eq!(whole["roles"], serde_yaml::from_str::<Value>("[issuer]").unwrap_or(Value::Null));
        assert!(laid_over("preset: nobody\n").is_err());
        assert!(matches!(laid_over("name: x\n"), Ok(None)) && matches!(laid_over("preset: [\n"), Ok(None)));
    }
}

//! Writes a vector file in the one style that is committed: every scalar that is data is quoted,
//! members of an item stand in one line. Reads nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::file::{Expect, Item, VectorFile};

/// The file as YAML.
pub(super) fn render(file: &VectorFile) -> String {
    let mut out = String::new();
    let q = quoted;
    let _ = writeln!(out, "schema: {}\narea: {}\ntopic: {}", q(&file.schema), q(&file.area), q(&file.topic));
    let _ = writeln!(out, "title: {{en: {}, zh: {}}}", q(&file.title.en), q(&file.title.zh));
    let source = &file.source;
    let _ = writeln!(out, "source:\n  name: {}\n  version: {}", q(&source.name), q(&source.version));
    let _ = writeln!(out, "  clause: {}\n  licence: {}", q(&source.clause), q(&source.licence));
    if let Some(generator) = &file.generator {
        let (name, version, seed) = (q(&generator.name), q(&generator.version), q(&generator.seed));
        let _ = writeln!(out, "generator: {{name: {name}, version: {version}, seed: {seed}}}");
    }
    if let Some(by_hand) = &file.by_hand {
        let _ = writeln!(out, "by_hand: {}", q(by_hand));
    }
    out.push_str("notes:\n");
    for (flag, note) in &file.notes {
        let _ = writeln!(out, "  {flag}: {}", q(note));
    }
    out.push_str("groups:\n");
    for group in &file.groups {
        let _ = writeln!(out, "  - params: {}\n    items:", flow(&group.params));
        group.items.iter().for_each(|item| render_item(&mut out, item));
    }
    out
}

fn render_item(out: &mut String, item: &Item) {
    let flags: Vec<String> = item.flags.iter().map(|flag| quoted(flag)).collect();
    let _ = writeln!(out, "      - id: {}\n        comment: {}", quoted(&item.id), quoted(&item.comment));
    let _ = writeln!(out, "        flags: [{}]\n        input: {}", flags.join(", "), flow(&item.input));
    let expect = if item.expect == Expect::Valid { "valid" } else { "invalid" };
    let _ = writeln!(out, "        expect: {expect}");
    for (name, value) in [("stage", &item.stage), ("reason", &item.reason)] {
        if let Some(value) = value {
            let _ = writeln!(out, "        {name}: {}", quoted(value));
        }
    }
    if let Some(output) = &item.output {
        let _ = writeln!(out, "        output: {}", flow(output));
    }
}

fn flow(members: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = members.iter().map(|(name, value)| format!("{name}: {}", quoted(value))).collect();
    format!("{{{}}}", pairs.join(", "))
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            control if control.is_control() || "\u{feff}\u{2028}\u{2029}".contains(control) => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::load_yaml;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_again(text in "\\PC{0,40}|[\\x00-\\x7f\u{85}\u{a0}\u{2028}\u{feff}测]{0,20}") {
            let members = BTreeMap::from([("a".to_owned(), text)]);
            let read: BTreeMap<String, String> = load_yaml("x", flow(&members).as_bytes()).unwrap();
            prop_assert_eq!(read, members);
        }
    }
}

//! Expands Scenario Outlines. The engine's own expansion is quadratic in rows; this one is linear,
//! and it fills placeholders in tags too, so that each row has a case id of its own.

use cucumber::gherkin::{LineCol, Scenario, Step, Table};

/// One scenario per Examples row, or the scenario itself where it has none.
///
/// # Errors
/// A text with the line, where a placeholder has no column.
pub(crate) fn expand(scenario: &Scenario) -> Result<Vec<Scenario>, String> {
    if scenario.examples.is_empty() {
        return Ok(vec![scenario.clone()]);
    }
    let mut out = Vec::new();
    for examples in &scenario.examples {
        let Some(Table { rows, position, .. }) = &examples.table else { continue };
        let Some((header, body)) = rows.split_first() else { continue };
        for (index, row) in body.iter().enumerate() {
            let line = position.line + index + 1;
            let fill = |text: &str| fill(text, header, row).map_err(|name| format!("line {line}: no column <{name}>"));
            let mut tags = scenario.tags.iter().map(|tag| fill(tag)).collect::<Result<Vec<_>, _>>()?;
            tags.extend(examples.tags.iter().cloned());
            out.push(Scenario {
                keyword: scenario.keyword.clone(),
                name: fill(&scenario.name)?,
                description: scenario.description.clone(),
                steps: scenario.steps.iter().map(|step| fill_step(step, &fill)).collect::<Result<_, _>>()?,
                examples: Vec::new(),
                tags,
                span: scenario.span,
                position: LineCol { line, col: position.col },
            });
        }
    }
    Ok(out)
}

fn fill_step(step: &Step, fill: &impl Fn(&str) -> Result<String, String>) -> Result<Step, String> {
    let table = match &step.table {
        None => None,
        Some(table) => {
            let rows = table.rows.iter().map(|row| row.iter().map(|cell| fill(cell)).collect());
            Some(Table { rows: rows.collect::<Result<_, _>>()?, ..table.clone() })
        }
    };
    Ok(Step {
        value: fill(&step.value)?,
        docstring: step.docstring.as_deref().map(fill).transpose()?,
        table,
        ..step.clone()
    })
}

/// Fills `<name>`; the error is the name that has no column.
fn fill(text: &str, header: &[String], row: &[String]) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let Some(length) = rest[start..].find('>') else { break };
        let name = &rest[start + 1..start + length];
        let column = header.iter().position(|title| title == name).ok_or_else(|| name.to_owned())?;
        out.push_str(&rest[..start]);
        out.push_str(row.get(column).map_or("", String::as_str));
        rest = &rest[start + length + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cucumber::gherkin::{Feature, GherkinEnv};

    fn scenarios(text: &str) -> Result<Vec<Scenario>, String> {
        let feature = Feature::parse(text, GherkinEnv::default()).unwrap();
        expand(&feature.scenarios[0])
    }

    #[test]
    fn rows_become_scenarios_with_their_own_tags_and_lines() {
        let text = "Feature: f\n  @A-<nn> @x\n  Scenario Outline: the <what>\n    When <what> is done\n\n    Examples:\n      | nn | what |\n      | 01 | tea |\n      | 02 | rice |\n";
        let out = scenarios(text).unwrap();
        let told: Vec<_> = out
            .iter()
            .map(|s| (s.tags[0].as_str(), s.name.as_str(), s.steps[0].value.as_str(), s.position.line))
            .collect();
        assert_eq!(told, [("A-01", "the tea", "tea is done", 8), ("A-02", "the rice", "rice is done", 9)]);
    }

    #[test]
    fn a_placeholder_without_column_is_named() {
        let text = "Feature: f\n  Scenario Outline: o\n    When <this> is done\n\n    Examples:\n      | that |\n      | 1 |\n";
        assert!(scenarios(text).unwrap_err().contains("<this>"));
    }

    #[test]
    fn many_rows_stay_linear_in_memory() {
        use std::fmt::Write as _;
        let mut text =
            String::from("Feature: f\n  Scenario Outline: o\n    When <a> is done\n\n    Examples:\n      | a |\n");
        for row in 0..8_000 {
            let _ = writeln!(text, "      | {row} |");
        }
        let out = scenarios(&text).unwrap();
        assert_eq!(out.len(), 8_000);
        assert!(out.iter().all(|scenario| scenario.examples.is_empty()));
    }
}

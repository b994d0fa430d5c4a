//! `expected.yaml`: reads the waivers of a user and names everything that is wrong with them, with line
//! and column. Applies nothing.

use std::collections::BTreeMap;
use std::fmt;

use ecric_model::Text;
use ecric_model::ids::{CaseId, RequirementId};
use ecric_model::waiver::{SCHEMA, Waiver};
use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use time::Date;
use time::macros::format_description;

use crate::suite::{Suite, SuiteProblem};

/// Largest file read: 256 KiB.
pub const EXPECTED_LIMIT_BYTES: usize = 256 * 1024;
/// Most entries.
const ENTRIES: usize = 1_000;
/// Longest value of one member, characters.
const VALUE_LIMIT: usize = 2_000;

/// A waiver and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedWaiver {
    /// The entry.
    pub waiver: Waiver,
    /// Its line, from 1.
    pub line: usize,
    /// Its last day.
    pub last_day: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    schema: String,
    #[serde(default)]
    waivers: Vec<RawWaiver>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWaiver {
    requirement: String,
    case: String,
    target_version: String,
    reason: String,
    owner: String,
    expires: String,
    evidence: String,
}

/// Reads the text of a file. `path` is used in messages only.
///
/// # Errors
/// Every problem of the file: what was found, what is wanted, where.
pub fn read_expected(path: &str, text: &str, suite: &Suite) -> Result<Vec<PlacedWaiver>, Vec<SuiteProblem>> {
    if text.len() > EXPECTED_LIMIT_BYTES {
        return Err(vec![SuiteProblem::new(
            path,
            0,
            format!(
                "{} bytes are more than the limit of {EXPECTED_LIMIT_BYTES}; split the waivers by product",
                text.len()
            ),
            format!("{} 字节，超过上限 {EXPECTED_LIMIT_BYTES}；请按产品拆分", text.len()),
        )]);
    }
    let raw: Raw = serde_yaml::from_str(text).map_err(|error| vec![shape_problem(path, &error)])?;
    let mut reader = Reader { path, text, suite, problems: Vec::new() };
    if raw.schema != SCHEMA {
        reader.add(
            None,
            "schema",
            Text::new(
                format!("schema is {:?}, wanted {SCHEMA:?}", raw.schema),
                format!("schema 为 {:?}，应为 {SCHEMA:?}", raw.schema),
            ),
        );
    }
    if raw.waivers.len() > ENTRIES {
        let count = raw.waivers.len();
        reader.add(
            None,
            "waivers",
            Text::new(format!("{count} waivers, at most {ENTRIES} are read"), format!("{count} 条，至多 {ENTRIES} 条")),
        );
        return Err(reader.problems);
    }
    let placed: Vec<PlacedWaiver> =
        raw.waivers.iter().enumerate().filter_map(|(index, one)| reader.entry(index, one)).collect();
    reader.repeated(&placed);
    if reader.problems.is_empty() { Ok(placed) } else { Err(reader.problems) }
}

/// The file has not the shape of a list of waivers, or is no YAML.
fn shape_problem(path: &str, error: &serde_yaml::Error) -> SuiteProblem {
    let help = "an entry has: requirement, case, target_version, reason, owner, expires, evidence";
    let help_zh = "每条须含 requirement、case、target_version、reason、owner、expires、evidence";
    let mut problem = SuiteProblem::new(
        path,
        error.location().map_or(0, |place| place.line()),
        format!("not a file of waivers: {error}; {help}"),
        format!("不是有效的豁免文件：{error}；{help_zh}"),
    );
    problem.column = error.location().map_or(0, |place| place.column());
    problem
}

struct Reader<'a> {
    path: &'a str,
    text: &'a str,
    suite: &'a Suite,
    problems: Vec<SuiteProblem>,
}

impl Reader<'_> {
    fn add(&mut self, entry: Option<usize>, member: &'static str, message: Text) {
        let (line, column) = place_of(self.text, Spot { entry, member: Some(member) });
        let mut problem = SuiteProblem::new(self.path, line, message.en, message.zh);
        problem.column = column;
        self.problems.push(problem);
    }

    fn entry(&mut self, index: usize, raw: &RawWaiver) -> Option<PlacedWaiver> {
        let before = self.problems.len();
        for (member, value) in [("target_version", &raw.target_version), ("reason", &raw.reason), ("owner", &raw.owner)]
        {
            let length = value.chars().count();
            if value.trim().is_empty() || length > VALUE_LIMIT {
                self.add(
                    Some(index),
                    member,
                    Text::new(
                        format!("{member} has {length} characters, wanted 1 to {VALUE_LIMIT}"),
                        format!("{member} 有 {length} 个字符，应为 1 至 {VALUE_LIMIT}"),
                    ),
                );
            }
        }
        let requirement = self.requirement(index, &raw.requirement);
        if let Some(requirement) = &requirement {
            self.case(index, requirement, &raw.case);
        }
        let last_day = parse_day(&raw.expires);
        if last_day.is_none() {
            self.add(
                Some(index),
                "expires",
                Text::new(
                    format!("expires is {:?}, wanted a day such as 2027-03-31", raw.expires),
                    format!("expires 为 {:?}，应为日期，例如 2027-03-31", raw.expires),
                ),
            );
        }
        if raw.evidence.len() != 64 || !raw.evidence.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            self.add(
                Some(index),
                "evidence",
                Text::new(
                    format!(
                        "evidence is {:?}, wanted failure_sm3 of the case in run.json: 64 hex digits in lower case",
                        short(&raw.evidence)
                    ),
                    format!(
                        "evidence 为 {:?}，应为 run.json 中该用例的 failure_sm3：64位小写十六进制",
                        short(&raw.evidence)
                    ),
                ),
            );
        }
        let (line, _) = place_of(self.text, Spot { entry: Some(index), member: None });
        (self.problems.len() == before).then_some(())?;
        Some(PlacedWaiver {
            waiver: Waiver {
                requirement: requirement?,
                case: raw.case.clone(),
                target_version: raw.target_version.clone(),
                reason: raw.reason.clone(),
                owner: raw.owner.clone(),
                expires: raw.expires.clone(),
                evidence: raw.evidence.clone(),
            },
            line,
            last_day: last_day?,
        })
    }

    fn requirement(&mut self, index: usize, name: &str) -> Option<RequirementId> {
        let id = RequirementId::parse(name).ok().filter(|id| self.suite.requirement(id).is_some());
        if id.is_none() {
            self.add(
                Some(index),
                "requirement",
                Text::new(
                    format!("requirement {:?} is in no register", short(name)),
                    format!("登记册中没有要求 {:?}", short(name)),
                ),
            );
        }
        id
    }

    /// A case of the requirement, or a star: that is judged as too broad, so that the report names it.
    fn case(&mut self, index: usize, requirement: &RequirementId, name: &str) {
        if name.contains('*') {
            return;
        }
        let known = self.suite.cases.iter().filter(|case| case.requirement == *requirement);
        let known: Vec<&str> = known.map(|case| case.id.as_str()).collect();
        if !CaseId::parse(name).is_ok_and(|id| known.contains(&id.as_str())) {
            let some = known.iter().take(8).copied().collect::<Vec<_>>().join(", ");
            self.add(
                Some(index),
                "case",
                Text::new(
                    format!("{:?} is no case of {requirement}; it has: {some}", short(name)),
                    format!("{:?} 不是 {requirement} 的用例；现有：{some}", short(name)),
                ),
            );
        }
    }

    /// One failure is waived once.
    fn repeated(&mut self, placed: &[PlacedWaiver]) {
        let mut first: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut problems = Vec::new();
        for one in placed {
            let key = (one.waiver.case.as_str(), one.waiver.target_version.as_str());
            if let Some(line) = first.insert(key, one.line) {
                problems.push(SuiteProblem::new(
                    self.path,
                    one.line,
                    format!("{} of version {} is waived already in line {line}; keep one entry", key.0, key.1),
                    format!("{}（版本 {}）已在第 {line} 行豁免；请只保留一条", key.0, key.1),
                ));
            }
        }
        self.problems.append(&mut problems);
    }
}

/// Reads `YYYY-MM-DD`.
pub(crate) fn parse_day(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

/// A place in the file: the file, one of its members, an entry, a member of an entry.
#[derive(Clone, Copy)]
struct Spot {
    entry: Option<usize>,
    member: Option<&'static str>,
}

/// Line and column of a place, from 1; 0 if it is not there. The reader of YAML tells places in errors
/// only, so it is sent over the text once more and stopped at the place.
fn place_of(text: &str, spot: Spot) -> (usize, usize) {
    let stopped = Stop { spot, inside: false }.deserialize(serde_yaml::Deserializer::from_str(text));
    let place = stopped.err().and_then(|error| error.location());
    place.map_or((0, 0), |place| (place.line(), place.column()))
}

/// Walks to a place and ends there with an error.
#[derive(Clone, Copy)]
struct Stop {
    spot: Spot,
    /// True within the entry looked for.
    inside: bool,
}

impl<'de> DeserializeSeed<'de> for Stop {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Stop {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a file of waivers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let here = self.inside || self.spot.entry.is_none();
        if here && self.spot.member.is_none() {
            return Err(de::Error::custom("here"));
        }
        while let Some(key) = map.next_key::<String>()? {
            if here && self.spot.member == Some(key.as_str()) {
                map.next_value_seed(Here)?;
            } else if !here && key == "waivers" {
                map.next_value_seed(self)?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        for _ in 0..self.spot.entry.unwrap_or(0) {
            seq.next_element::<IgnoredAny>()?;
        }
        seq.next_element_seed(Self { inside: true, ..self })?;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// Ends with an error at whatever value stands there.
struct Here;

impl<'de> DeserializeSeed<'de> for Here {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Here {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Any value at all ends here: the reader says that this is not what it found, and where.
        f.write_str("the place looked for")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    const GOOD: &str = "schema: ecric.expected/1\nwaivers:\n  - requirement: IDN-008\n    case: IDN-008/01\n    target_version: \"3.2.1\"\n    reason: fixed in 3.3\n    owner: issuing team\n    expires: 2027-03-31\n    evidence: 0000000000000000000000000000000000000000000000000000000000000000\n";

    fn suite() -> Suite {
        Suite::load(&Source::embedded()).0
    }

    #[test]
    fn an_entry_is_read_with_its_line() {
        let read = read_expected("expected.yaml", GOOD, &suite()).unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!((read[0].line, read[0].waiver.case.as_str()), (3, "IDN-008/01"));
        let empty = read_expected("expected.yaml", "schema: ecric.expected/1\nwaivers: []\n", &suite()).unwrap();
        assert!(empty.is_empty());
    }

    #[test]
    fn each_problem_has_its_place() {
        let twice = format!("{GOOD}{}", GOOD.split_once("waivers:\n").unwrap().1);
        for (from, to, place, want) in [
            ("ecric.expected/1", "ecric.expected/2", (1, 9), "wanted \"ecric.expected/1\""),
            ("requirement: IDN-008", "requirement: IDN-998", (3, 18), "\"IDN-998\" is in no register"),
            ("requirement: IDN-008", "requirement: nonsense", (3, 18), "\"nonsense\" is in no register"),
            ("case: IDN-008/01", "case: IDN-001/01", (4, 11), "is no case of IDN-008; it has: IDN-008/01"),
            ("\"3.2.1\"", "\"\"", (5, 21), "target_version has 0 characters"),
            ("fixed in 3.3", "\" \"", (6, 13), "reason has 1 characters"),
            ("2027-03-31", "2027-02-30", (8, 14), "wanted a day such as"),
            ("2027-03-31", "soon", (8, 14), "wanted a day such as"),
            ("evidence: 00", "evidence: AA", (9, 15), "64 hex digits in lower case"),
            ("    owner: issuing team\n", "", (3, 5), "missing field `owner`"),
            ("owner: issuing team", "owner: a\n    colour: red", (8, 5), "unknown field `colour`"),
            ("waivers:\n", "waivers:\n  [", (0, 0), "not a file of waivers"),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let problems = read_expected("expected.yaml", &GOOD.replacen(from, to, 1), &suite()).unwrap_err();
            let first = &problems[0];
            assert!(first.en.contains(want), "{want}: {}", first.en);
            if place != (0, 0) {
                assert_eq!((first.line, first.column), place, "{}", first.en);
            }
            assert!(!first.zh.is_empty() && first.zh != first.en);
        }
        let problems = read_expected("expected.yaml", &twice, &suite()).unwrap_err();
        assert!(problems[0].en.contains("waived already in line 3"), "{problems:?}");
        assert_eq!(problems[0].line, 10);
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let text = GOOD.replace("2027-03-31", "never").replace("\"3.2.1\"", "\"\"").replace("IDN-008/01", "IDN-008/99");
        assert_eq!(read_expected("expected.yaml", &text, &suite()).unwrap_err().len(), 3);
        let large = "#".repeat(EXPECTED_LIMIT_BYTES + 1);
        assert!(read_expected("expected.yaml", &large, &suite()).unwrap_err()[0].en.contains("more than the limit"));
    }
}

//! Test persons that a product has already: what the target file lists, checked and complete.

use std::collections::BTreeMap;

use ecric_licence::citizen_number::parse_citizen_number;
use ecric_licence::identifier::parse_identifier;
use ecric_licence::instant::write_date;
use ecric_model::Text;
use ecric_model::binding::LicenceStatus;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::target_check::Problem;

/// How persons get into the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PersonaMode {
    /// By test control T3.
    #[default]
    Api,
    /// They are there already: the vendor lists which.
    Preprovisioned,
    /// By the hook `personas`.
    Hook,
}

/// Test persons.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Personas {
    /// How they are provisioned.
    pub mode: PersonaMode,
    /// First digits of the citizen numbers of listed persons; default `110199`, a division that does not exist.
    pub id_prefix: Option<String>,
    /// Mode `preprovisioned`: the persons by a name of the file's own.
    pub map: BTreeMap<String, ProvisionedPerson>,
}

/// A person that a product has already. Never a real one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProvisionedPerson {
    /// The product's name for the person; default the name in the file.
    pub vendor_ref: Option<String>,
    /// Kinds of person that it stands for beyond its age, for example `extension-b`.
    pub kinds: Vec<String>,
    /// Status of the licence: a word of binding v1, or `NONE` for a registered person without one. Default `VALID`.
    pub state: Option<String>,
    /// Identifier of the licence; missing for `NONE`.
    pub certificate_identifier: Option<String>,
    /// Members of binding v1, section 6.2: name, idNumber, ethnicity, address, issuingAuthority; sex and birthDate
    /// follow from the number.
    pub holder: BTreeMap<String, String>,
}

/// A listed person, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPerson {
    /// Name in the file.
    pub name: String,
    /// The product's name.
    pub reference: String,
    /// Kinds beyond the age.
    pub kinds: Vec<String>,
    /// Status, or `NONE`.
    pub state: String,
    /// Identifier of the licence, if there is one.
    pub identifier: Option<String>,
    /// Members of binding v1 with `sex` and `birthDate`.
    pub holder: BTreeMap<String, String>,
}

/// Prefix of generated citizen numbers.
const PREFIX: &str = "110199";
/// Members that cannot be derived.
const NEEDED: [&str; 5] = ["name", "idNumber", "ethnicity", "address", "issuingAuthority"];
/// Members that may be there besides.
const OPTIONAL: [&str; 4] = ["sex", "birthDate", "minorityName", "minorityAddress"];

/// Reads the listed persons; what is wrong with them is noted.
pub(crate) fn read(personas: &Personas, problems: &mut Vec<Problem>) -> Vec<ListedPerson> {
    let listed = personas.mode == PersonaMode::Preprovisioned;
    let mut note = |path: &[&str], en: String, zh: String| {
        problems.push(Problem::new(Text::new(en, zh), Text::default()).under(path));
    };
    // Without any listed person the cases that need one are INCONCLUSIVE: presets begin so.
    if !listed && !personas.map.is_empty() {
        note(
            &["personas", "map"],
            "personas.map is for mode preprovisioned".into(),
            "personas.map 仅用于 mode preprovisioned".into(),
        );
    }
    let prefix = personas.id_prefix.as_deref().unwrap_or(PREFIX);
    if prefix.len() < 2 || prefix.len() > 6 || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        note(
            &["personas", "id_prefix"],
            format!("personas.id_prefix {prefix:?}: wanted two to six digits"),
            format!("personas.id_prefix {prefix:?}：应为2至6位数字"),
        );
    }
    let mut out = Vec::new();
    for (name, person) in &personas.map {
        match complete(name, person, prefix) {
            Ok(person) => out.push(person),
            Err(wrongs) => {
                for Text { en, zh } in wrongs {
                    note(
                        &["personas", "map", name],
                        format!("personas.map.{name}: {en}"),
                        format!("personas.map.{name}：{zh}"),
                    );
                }
            }
        }
    }
    out
}

fn complete(name: &str, person: &ProvisionedPerson, prefix: &str) -> Result<ListedPerson, Vec<Text>> {
    let mut wrongs = Vec::new();
    let mut wrong = |en: String, zh: String| wrongs.push(Text::new(en, zh));
    let state = person.state.clone().unwrap_or_else(|| LicenceStatus::Valid.code().to_owned());
    if state != "NONE" && LicenceStatus::parse(&state).is_none() {
        wrong(
            format!("state {state:?} is no status of binding v1 and not NONE"),
            format!("state {state:?} 不是绑定v1的状态，也不是 NONE"),
        );
    }
    match (&person.certificate_identifier, state == "NONE") {
        (None, false) => wrong(
            format!("certificate_identifier is missing: a person in the state {state} has a licence"),
            format!("缺少 certificate_identifier：状态为 {state} 的人员应有证照"),
        ),
        (Some(_), true) => wrong(
            "certificate_identifier stands beside the state NONE".into(),
            "状态 NONE 不应有 certificate_identifier".into(),
        ),
        (Some(identifier), false) => {
            if let Err(error) = parse_identifier(identifier) {
                wrong(format!("certificate_identifier: {error}"), format!("certificate_identifier：{error}"));
            }
        }
        (None, true) => {}
    }
    for member in NEEDED.iter().filter(|member| person.holder.get(**member).is_none_or(|text| text.trim().is_empty())) {
        wrong(format!("holder.{member} is missing"), format!("缺少 holder.{member}"));
    }
    for member in
        person.holder.keys().filter(|name| !NEEDED.contains(&name.as_str()) && !OPTIONAL.contains(&name.as_str()))
    {
        wrong(
            format!("holder.{member} is no member of a holder in binding v1"),
            format!("holder.{member} 不是绑定v1持证人的成员"),
        );
    }
    let mut holder = person.holder.clone();
    if let Some(number) = person.holder.get("idNumber") {
        match parse_citizen_number(number) {
            Err(error) => wrong(format!("holder.idNumber: {error}"), format!("holder.idNumber：{error}")),
            Ok(_) if !number.starts_with(prefix) => wrong(
                format!("holder.idNumber does not begin with {prefix}: only made-up persons are tested"),
                format!("holder.idNumber 不以 {prefix} 开头：仅可使用虚构人员"),
            ),
            Ok(parsed) => {
                for (member, derived) in
                    [("sex", parsed.sex().code().to_owned()), ("birthDate", write_date(parsed.birth_date()))]
                {
                    let given = holder.entry(member.to_owned()).or_insert_with(|| derived.clone());
                    if *given != derived {
                        wrong(
                            format!("holder.{member} differs from what the number says"),
                            format!("holder.{member} 与公民身份号码不一致"),
                        );
                    }
                }
            }
        }
    }
    if !wrongs.is_empty() {
        return Err(wrongs);
    }
    Ok(ListedPerson {
        name: name.to_owned(),
        reference: person.vendor_ref.clone().unwrap_or_else(|| name.to_owned()),
        kinds: person.kinds.clone(),
        state,
        identifier: person.certificate_identifier.clone(),
        holder,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.000000000000000001.001.I";

    fn person(change: impl FnOnce(&mut ProvisionedPerson)) -> ProvisionedPerson {
        let mut person = ProvisionedPerson {
            certificate_identifier: Some(ID.to_owned()),
            holder: [
                ("name", "测试甲"),
                ("idNumber", "110199199003070017"),
                ("ethnicity", "01"),
                ("address", "测试路1号"),
                ("issuingAuthority", "测试市公安局"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
            ..ProvisionedPerson::default()
        };
        change(&mut person);
        person
    }

    #[test]
    fn a_person_is_completed_from_the_number() {
        let listed = complete("P001", &person(|_| {}), PREFIX).unwrap();
        assert_eq!((listed.state.as_str(), listed.reference.as_str()), ("VALID", "P001"));
        assert_eq!((listed.holder["sex"].as_str(), listed.holder["birthDate"].as_str()), ("1", "1990-03-07"));
    }

    #[test]
    fn wrong_persons_are_told() {
        let told = |change: fn(&mut ProvisionedPerson)| {
            let wrongs = complete("x", &person(change), PREFIX).err().unwrap_or_default();
            wrongs.into_iter().map(|text| text.en).collect::<Vec<_>>().join("; ")
        };
        let put = |p: &mut ProvisionedPerson, name: &str, value: &str| drop(p.holder.insert(name.into(), value.into()));
        assert!(told(|p| p.state = Some("GONE".into())).contains("no status"));
        assert!(told(|p| p.state = Some("NONE".into())).contains("beside the state NONE"));
        assert!(told(|p| p.certificate_identifier = None).contains("is missing"));
        assert!(told(|p| p.certificate_identifier = Some("1.2.3".into())).contains("certificate_identifier"));
        assert!(told(|p| drop(p.holder.remove("address"))).contains("holder.address is missing"));
        for (member, value, wanted) in [
            ("shoeSize", "44", "no member"),
            ("idNumber", "110199199003070018", "holder.idNumber"),
            ("idNumber", "110101199003070038", "holder.idNumber"),
            ("sex", "2", "differs"),
            ("birthDate", "1990-03-08", "differs"),
        ] {
            let mut other = person(|_| {});
            put(&mut other, member, value);
            let wrongs = complete("x", &other, PREFIX).unwrap_err();
            assert!(wrongs.iter().any(|text| text.en.contains(wanted)), "{member}: {wrongs:?}");
        }
    }
}

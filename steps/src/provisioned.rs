//! Persons that a product has already: a case takes one that fits and gives it back when it ends.
//!
//! Where the product under test changes licences, a case has its persons to itself, and a person whose licence
//! no longer reads as listed serves cases that want what it reads now. A product that only reads shares them
//! among all cases.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ecric_licence::citizen_number::parse_citizen_number;
use ecric_model::Text;
use ecric_model::binding::{Operation, StatusAnswer};
use ecric_model::requirement::Role;
use ecric_model::verdict::Cause;
use ecric_target::{Body, Call, ListedPerson};
use ecric_vectors::person::Person;
use serde_json::{Value, json};
use time::Date;

use crate::world::{EcricWorld, StepResult};

/// Longest wait for a person that another case has; shorter for a case that holds one already.
const WAIT: Duration = Duration::from_secs(15);
const WAIT_HOLDING: Duration = Duration::from_secs(2);
/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(20);
/// Name of the observation who was taken.
const LISTED: &str = "listed person";

/// The listed persons of a run.
#[derive(Debug, Default)]
pub struct ListedPersons {
    entries: Mutex<Vec<Entry>>,
    turn: AtomicUsize,
}

#[derive(Debug)]
struct Entry {
    listed: ListedPerson,
    busy: bool,
    /// What the licence reads as far as known; none once a person without one may have got one.
    state: Option<String>,
}

/// A person in the hands of a case.
#[derive(Debug)]
pub(crate) struct Lease {
    pool: Arc<ListedPersons>,
    index: usize,
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.pool.change(self.index, |entry| entry.busy = false);
    }
}

/// What a look for a person found.
enum Found {
    Person(usize, Box<ListedPerson>),
    /// All that fit are in use.
    Busy,
    /// Some fitted once and are used up.
    UsedUp,
    None,
}

impl Found {
    /// Nobody, by the word of a record.
    fn nobody(word: &str) -> Option<Self> {
        match word {
            "busy" => Some(Self::Busy),
            "used up" => Some(Self::UsedUp),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}

impl ListedPersons {
    /// The persons of a target file.
    #[must_use]
    pub fn new(listed: Vec<ListedPerson>) -> Self {
        let entry = |listed: ListedPerson| Entry { state: Some(listed.state.clone()), listed, busy: false };
        Self { entries: Mutex::new(listed.into_iter().map(entry).collect()), turn: AtomicUsize::new(0) }
    }

    fn change(&self, index: usize, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.entries.lock().unwrap_or_else(PoisonError::into_inner).get_mut(index) {
            change(entry);
        }
    }

    /// Takes a person of a kind in a state; `held` are citizen numbers that the case has already.
    fn take(&self, kind: &str, state: &str, today: Date, held: &[String], alone: bool) -> Found {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let count = entries.len();
        let first = self.turn.fetch_add(1, Ordering::Relaxed);
        let mut found = Found::None;
        for step in 0..count {
            let index = (first + step) % count;
            let entry = &mut entries[index];
            let number = entry.listed.holder.get("idNumber").cloned().unwrap_or_default();
            if held.contains(&number) || !fits(&entry.listed, kind, today) {
                continue;
            }
            match (entry.state.as_deref() == Some(state), entry.busy) {
                (true, false) => {
                    entry.busy = alone;
                    return Found::Person(index, Box::new(entry.listed.clone()));
                }
                (true, true) => found = Found::Busy,
                (false, _) if entry.listed.state == state && !matches!(found, Found::Busy) => found = Found::UsedUp,
                (false, _) => {}
            }
        }
        found
    }

    /// The person of a name.
    fn named(&self, name: &str) -> Option<Found> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let index = entries.iter().position(|entry| entry.listed.name == name)?;
        Some(Found::Person(index, Box::new(entries[index].listed.clone())))
    }
}

/// Does a listed person stand for a kind: named so, or of its age?
fn fits(person: &ListedPerson, kind: &str, today: Date) -> bool {
    if person.kinds.iter().any(|own| own == kind) {
        return true;
    }
    let Some(number) = person.holder.get("idNumber").and_then(|number| parse_citizen_number(number).ok()) else {
        return false;
    };
    let birth = number.birth_date();
    let passed = (today.month(), today.day()) >= (birth.month(), birth.day());
    let age = today.year() - birth.year() - i32::from(!passed);
    match kind {
        "adult" => (26..46).contains(&age),
        "child" => (3..14).contains(&age),
        "young-adult" => (17..25).contains(&age),
        "senior" => age >= 47,
        _ => false,
    }
}

fn person_of(listed: &ListedPerson) -> Option<Person> {
    let member = |name: &str| listed.holder.get(name).cloned();
    let number = parse_citizen_number(listed.holder.get("idNumber")?).ok()?;
    Some(Person {
        reference: listed.reference.clone(),
        name: member("name")?,
        sex: number.sex().code().to_owned(),
        ethnicity: member("ethnicity")?,
        birth_date: number.birth_date(),
        address: member("address")?,
        id_number: number.as_str().to_owned(),
        issuing_authority: member("issuingAuthority")?,
        minority_name: member("minorityName"),
        minority_address: member("minorityAddress"),
    })
}

impl EcricWorld {
    /// Ends the case where it needs a person made for it and the product takes none.
    pub(crate) fn may_make_persons(&self) -> StepResult {
        match &self.case()?.run.persons {
            None => Ok(()),
            Some(_) => Err(self.inconclusive(
                Cause::Persona,
                Text::new(
                    "the case needs a person made for it; the target file lists persons that are there already",
                    "该用例需要专门建立的人员；目标文件仅列出已有人员",
                ),
            )),
        }
    }

    /// Takes a listed person with a licence in a state, or `NONE`.
    pub(crate) async fn take_listed(&mut self, pool: &Arc<ListedPersons>, kind: &str, state: &str) -> StepResult {
        let case = self.case()?;
        let alone = case.run.ics.plays(Role::Issuer);
        let knows_status = alone || case.run.ics.plays(Role::SharingService);
        let began = Instant::now();
        loop {
            let (index, listed) = match self.find_listed(pool, kind, state, alone, began).await? {
                Found::Person(index, listed) => (index, listed),
                other => return Err(self.nobody(&other, kind, state)),
            };
            let lease = alone.then(|| Lease { pool: Arc::clone(pool), index });
            if let (Some(identifier), true) = (&listed.identifier, knows_status)
                && let Some(other) = self.reads_otherwise(identifier, state, &listed.name).await?
            {
                pool.change(index, |entry| entry.state = Some(other));
                continue;
            }
            let Some(person) = person_of(&listed) else {
                return Err(self.suite_error(format!("the listed person {:?} is incomplete", listed.name)));
            };
            if alone && state == "NONE" {
                // Whoever gets a licence now has one afterwards.
                pool.change(index, |entry| entry.state = None);
            }
            case.connection.add_shared(person.secrets());
            self.people.push(person);
            self.leases.extend(lease);
            if let Some(identifier) = &listed.identifier {
                self.hold(identifier, self.people.len() - 1);
            }
            return Ok(());
        }
    }

    /// Waits for a person that fits and notes who it was: a case judged again gets the same one.
    async fn find_listed(
        &self,
        pool: &ListedPersons,
        kind: &str,
        state: &str,
        alone: bool,
        began: Instant,
    ) -> StepResult<Found> {
        let connection = &self.case()?.connection;
        let today = self.today()?;
        if connection.target().tape().is_some() {
            let seen = connection.observe(LISTED, || Value::Null);
            let found = seen["name"].as_str().and_then(|name| pool.named(name));
            let found = found.or_else(|| seen["nobody"].as_str().and_then(Found::nobody));
            return found.ok_or_else(|| self.ours(connection.missing(LISTED)));
        }
        let most = if self.leases.is_empty() { WAIT } else { WAIT_HOLDING };
        let held: Vec<String> = self.people.iter().map(|person| person.id_number.clone()).collect();
        let found = loop {
            match pool.take(kind, state, today, &held, alone) {
                Found::Busy if began.elapsed() < most => connection.pause(PAUSE).await,
                found => break found,
            }
        };
        connection.observe(LISTED, || match &found {
            Found::Person(_, listed) => json!({"name": listed.name}),
            Found::Busy => json!({"nobody": "busy"}),
            Found::UsedUp => json!({"nobody": "used up"}),
            Found::None => json!({"nobody": "none"}),
        });
        Ok(found)
    }

    fn nobody(&self, found: &Found, kind: &str, state: &str) -> crate::world::StepEnd {
        let (en, zh) = match found {
            Found::Busy => ("every one that fits is in use by another case", "符合条件者均被其他用例占用"),
            Found::UsedUp => ("those that fitted are used up", "符合条件者均已用尽"),
            _ => ("personas.map of the target file lists none", "目标文件的 personas.map 未列出"),
        };
        let text = Text::new(
            format!("no test person of the kind {kind} in the state {state}: {en}"),
            format!("没有类型为 {kind}、状态为 {state} 的测试人员：{zh}"),
        );
        self.inconclusive(Cause::Persona, text)
    }

    /// What the licence of a listed person reads, where that is not the state wanted.
    async fn reads_otherwise(&self, identifier: &str, state: &str, name: &str) -> StepResult<Option<String>> {
        let answer = self.call(Call::new(Operation::Status, Some(identifier), Body::None)).await?;
        if answer.code() == Some("NOT_SUPPORTED") {
            return Ok(None);
        }
        match answer.message::<StatusAnswer>() {
            Ok(status) if answer.is_success() => {
                Ok(Some(status.certificate_status.code().to_owned()).filter(|read| read != state))
            }
            _ => {
                let (status, evidence) = (answer.status, &answer.evidence);
                let text = Text::new(
                    format!("the licence of the test person {name} cannot be read: HTTP {status} ({evidence})"),
                    format!("无法读取测试人员 {name} 的证照：HTTP {status}（{evidence}）"),
                );
                Err(self.inconclusive(Cause::Persona, text))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn listed(name: &str, number: &str, state: &str, kinds: &[&str]) -> ListedPerson {
        let members = [
            ("name", "测试甲"),
            ("idNumber", number),
            ("ethnicity", "01"),
            ("address", "测试路"),
            ("issuingAuthority", "测试市公安局"),
        ];
        ListedPerson {
            name: name.into(),
            reference: name.into(),
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            state: state.into(),
            identifier: None,
            holder: members.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        }
    }

    fn name(found: &Found) -> &str {
        match found {
            Found::Person(_, person) => &person.name,
            Found::Busy => "busy",
            Found::UsedUp => "used up",
            Found::None => "none",
        }
    }

    #[test]
    fn persons_are_taken_once_and_come_back() {
        let today = date!(2026 - 06 - 01);
        let pool = Arc::new(ListedPersons::new(vec![
            listed("a", "110199199003070017", "VALID", &["extension-b"]),
            listed("b", "110199199101010114", "NOT_ACTIVE", &[]),
            listed("c", "110199201306020068", "VALID", &[]),
        ]));
        let take = |kind: &str, state: &str, held: &[String], alone| pool.take(kind, state, today, held, alone);
        assert_eq!(name(&take("adult", "REVOKED", &[], true)), "none");
        assert_eq!(name(&take("adult", "NOT_ACTIVE", &[], false)), "b");
        assert_eq!(name(&take("child", "VALID", &[], false)), "c");
        assert_eq!(name(&take("extension-b", "VALID", &[], false)), "a");
        assert_eq!(name(&take("check-x", "VALID", &[], false)), "none");
        let Found::Person(index, _) = take("adult", "VALID", &[], true) else { panic!("nobody") };
        let lease = Lease { pool: Arc::clone(&pool), index };
        assert_eq!(name(&take("adult", "VALID", &[], true)), "busy");
        assert_eq!(name(&take("adult", "VALID", &["110199199003070017".into()], true)), "none");
        drop(lease);
        assert_eq!(name(&take("adult", "VALID", &[], false)), "a");
        pool.change(index, |entry| entry.state = Some("REVOKED".into()));
        assert_eq!(name(&take("adult", "VALID", &[], true)), "used up");
        assert_eq!(name(&take("adult", "REVOKED", &[], true)), "a");
    }
}

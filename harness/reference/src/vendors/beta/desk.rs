//! What beta answers later: jobs and renewals, by the name in their `Location`.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// Most notes that are kept; the oldest go first.
const NOTES_MAX: usize = 5_000;

/// Notes by name.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    inner: Mutex<(HashMap<String, Note>, VecDeque<String>)>,
}

#[derive(Debug)]
struct Note {
    body: Value,
    asked: u32,
}

impl Desk {
    /// Keeps a note; one of the same name is replaced.
    pub(super) fn put(&self, name: &str, body: Value) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (notes, order) = &mut *inner;
        if notes.insert(name.to_owned(), Note { body, asked: 0 }).is_none() {
            order.push_back(name.to_owned());
        }
        if order.len() > NOTES_MAX
            && let Some(oldest) = order.pop_front()
        {
            notes.remove(&oldest);
        }
    }

    /// A note, and how often it was asked for before.
    pub(super) fn get(&self, name: &str) -> Option<(Value, u32)> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let note = inner.0.get_mut(name)?;
        note.asked = note.asked.saturating_add(1);
        Some((note.body.clone(), note.asked - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn notes_are_replaced_and_the_oldest_goes() {
        let desk = Desk::default();
        desk.put("a", json!(1));
        desk.put("a", json!(2));
        assert_eq!(desk.get("a"), Some((json!(2), 0)));
        assert_eq!(desk.get("a"), Some((json!(2), 1)));
        for number in 0..NOTES_MAX {
            desk.put(&number.to_string(), json!(number));
        }
        assert_eq!(desk.get("a"), None);
        assert_eq!(desk.get("0"), Some((json!(0), 0)));
    }
}

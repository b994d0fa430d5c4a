//! The record of agreement is complete, and an unrelated library agrees again on all that it can
//! express, but for the faults that are known of it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]

mod libsmx;

use std::collections::BTreeSet;

use ecric_vectors::options::Reading;
use ecric_vectors::set::{Outcome, load_set};

/// Known faults of libsmx 0.3.0: BER in signatures. Everything else has to agree.
const KNOWN_FLAGS: [&str; 3] = ["der-form", "der-integer", "der-trailing"];

#[test]
fn libsmx_agrees_on_all_that_it_can_express() {
    let (mut asked, mut known, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for vector in load_set().unwrap().iter().filter(|vector| vector.is_cryptographic()) {
        let said = libsmx::answer(&vector.question());
        let outcome = vector.judge(said.result, said.output.as_deref());
        if outcome == Outcome::Unsupported {
            continue;
        }
        asked += 1;
        let flags = &vector.item.flags;
        let excused = flags.iter().find(|flag| KNOWN_FLAGS.contains(&flag.as_str()));
        match (outcome, &vector.option, excused) {
            (Outcome::Right, ..) => {}
            (_, Some((name, _)), _) if name == "key_minus_g" => {}
            (_, Some((_, Reading::Accept)), _) => {}
            (Outcome::WrongAccept, _, Some(flag)) => {
                known.insert(flag.as_str().to_owned());
            }
            (outcome, ..) => wrong.push(format!("{}: {}", vector.item.id, outcome.word())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked > 900, "{asked}");
    assert_eq!(known.len(), KNOWN_FLAGS.len(), "a known fault is gone: {known:?}");
}

//! Metadata elements and the status machine: rules of the profile, tabled out.

use ecric_licence::metadata::{ADDRESS_MAX, COPY_MEMBERS, MANDATORY, NAME_MAX};

use super::draft::{Draft, Refused, schema};

/// `metadata/elements`.
pub(super) fn metadata() -> Draft {
    let mut draft = Draft::new(
        "metadata/elements",
        ["Elements of licence metadata", "证照元数据要素"],
        [
            "GB/T 36903-2018; ecric binding v1",
            "2018; 1",
            "elements (observed, likely); limits and masks of the profile",
        ],
    );
    draft
        .note("text-length", "Names and addresses are counted in Unicode scalar values, not in bytes or UTF-16 units.");
    draft.note("mask", "Masked names do not tell how long the name is.");
    draft.note("mandatory", "A mandatory element is missing.");
    draft.note("copy-element", "An element that only an annotated copy carries stands in an original.");
    draft.note("complete", "All mandatory elements; others do no harm.");
    draft.group("metadata.name");
    for (name, masked, comment) in [
        ("测试", "*试", "two characters"),
        ("测试甲", "*甲", "three characters"),
        ("测", "*测", "one character"),
        ("欧阳测试", "*试", "compound surname"),
        ("阿卜杜·测试", "*试", "middle dot"),
        ("测试𠮷", "*𠮷", "character outside the basic plane"),
        ("测试㐂", "*㐂", "character of extension A"),
        ("测e\u{301}", "*\u{301}", "combining accent: scalar values are counted, not what is seen"),
        ("Test Person", "*n", "Latin letters"),
    ] {
        draft.valid("md.name", &["mask"], comment, &[("name", name.to_owned())], &[("masked", masked.to_owned())]);
    }
    for (unit, what) in [("测", "ideographs"), ("𠮷", "characters outside the basic plane"), ("a", "letters")] {
        let longest = unit.repeat(NAME_MAX);
        let comment = format!("{NAME_MAX} {what}");
        draft.valid(
            "md.name-length",
            &["text-length"],
            &comment,
            &[("name", longest.clone())],
            &[("masked", format!("*{unit}"))],
        );
        let comment = format!("{} {what}", NAME_MAX + 1);
        draft.invalid("md.name-length", &["text-length"], &comment, &[("name", longest + unit)], schema("length"));
    }
    draft.invalid("md.name-length", &["text-length"], "nothing", &[("name", String::new())], schema("length"));
    draft.group("metadata.address");
    for (unit, what) in [("址", "ideographs"), ("𠮷", "characters outside the basic plane"), ("1", "digits")] {
        let longest = unit.repeat(ADDRESS_MAX);
        draft.valid(
            "md.address",
            &["text-length"],
            &format!("{ADDRESS_MAX} {what}"),
            &[("address", longest.clone())],
            &[],
        );
        let comment = format!("{} {what}", ADDRESS_MAX + 1);
        draft.invalid("md.address", &["text-length"], &comment, &[("address", longest + unit)], schema("length"));
    }
    draft.invalid("md.address", &["text-length"], "nothing", &[("address", String::new())], schema("length"));
    draft.group("metadata.mask-number");
    for number in ["110199200002290080", "11019920000229003X"] {
        let masked = format!("1{}{}", "*".repeat(16), &number[17..]);
        draft.valid("md.number", &["mask"], "citizen number", &[("number", number.to_owned())], &[("masked", masked)]);
    }
    originals(&mut draft);
    draft
}

fn originals(draft: &mut Draft) {
    draft.group("metadata.original");
    let members = |names: &[&str]| [("members", names.join(" "))];
    draft.valid("md.original", &["complete"], "all mandatory elements", &members(MANDATORY), &[]);
    let reversed: Vec<&str> = MANDATORY.iter().rev().copied().collect();
    draft.valid("md.original", &["complete"], "in another order", &members(&reversed), &[]);
    let more = [MANDATORY, &["certificateRemark"]].concat();
    draft.valid("md.original", &["complete"], "an optional element more", &members(&more), &[]);
    for missing in MANDATORY {
        let rest: Vec<&str> = MANDATORY.iter().filter(|name| *name != missing).copied().collect();
        let comment = format!("{missing} is missing");
        draft.invalid("md.original", &["mandatory"], &comment, &members(&rest), schema("mandatory"));
    }
    for extra in COPY_MEMBERS {
        let names = [MANDATORY, &[*extra]].concat();
        let comment = format!("{extra} in an original");
        draft.invalid("md.original", &["copy-element"], &comment, &members(&names), schema("copy"));
    }
}

const STATUSES: [&str; 7] = ["NOT_ACTIVE", "VALID", "SUSPENDED", "EXPIRED", "SUPERSEDED", "REVOKED", "DESTROYED"];
const EVENTS: [&str; 7] = ["ACTIVATE", "SUSPEND", "RESTORE", "REVOKE", "DESTROY", "REISSUE", "EXPIRE"];
const CHANGES: [(&str, &str, &str); 12] = [
    ("NOT_ACTIVE", "ACTIVATE", "VALID"),
    ("SUSPENDED", "RESTORE", "VALID"),
    ("VALID", "SUSPEND", "SUSPENDED"),
    ("VALID", "REVOKE", "REVOKED"),
    ("SUSPENDED", "REVOKE", "REVOKED"),
    ("VALID", "REISSUE", "SUPERSEDED"),
    ("EXPIRED", "DESTROY", "DESTROYED"),
    ("SUPERSEDED", "DESTROY", "DESTROYED"),
    ("REVOKED", "DESTROY", "DESTROYED"),
    ("NOT_ACTIVE", "EXPIRE", "EXPIRED"),
    ("VALID", "EXPIRE", "EXPIRED"),
    ("SUSPENDED", "EXPIRE", "EXPIRED"),
];
/// Weakest first.
const PRECEDENCE: [&str; 7] = ["VALID", "NOT_ACTIVE", "SUSPENDED", "EXPIRED", "SUPERSEDED", "REVOKED", "DESTROYED"];

/// `validity/status`.
pub(super) fn status() -> Draft {
    let mut draft = Draft::new(
        "validity/status",
        ["Status machine of a licence", "证照状态机"],
        ["ecric binding v1", "1", "section 7"],
    );
    draft.note("change", "A change of status that exists.");
    draft.note("no-change", "A change of status that does not exist.");
    draft.note("precedence", "The status that is shown when several hold.");
    draft.group("status.next");
    let conflict = Refused { stage: "status", reason: "STATE_CONFLICT", step: "transition" };
    for from in STATUSES {
        for event in EVENTS {
            let input = [("from", from.to_owned()), ("event", event.to_owned())];
            let comment = format!("{event} on {from}");
            match CHANGES.iter().find(|(before, what, _)| (*before, *what) == (from, event)) {
                Some((_, _, to)) => {
                    draft.valid("st.next", &["change"], &comment, &input, &[("to", (*to).to_owned())]);
                }
                None => draft.invalid("st.next", &["no-change"], &comment, &input, conflict),
            }
        }
    }
    draft.group("status.shown");
    for (at, weak) in PRECEDENCE.iter().enumerate() {
        for strong in &PRECEDENCE[at..] {
            let comment = format!("{weak} with {strong}");
            let input = [("holding", format!("{strong} {weak}"))];
            draft.valid("st.shown", &["precedence"], &comment, &input, &[("status", (*strong).to_owned())]);
        }
    }
    draft
}

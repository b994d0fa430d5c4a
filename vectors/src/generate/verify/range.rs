//! r and s outside [1, n-1], other representatives of the right values, and no twins.

use super::super::draft::{Draft, signature};
use super::super::numbers::Whole;
use super::{Signed, pair};

pub(super) fn add(draft: &mut Draft) {
    draft.group("sm2.verify");
    let signed = Signed::new("range", b"range");
    let (n, p) = (Whole::order(), Whole::prime());
    let one = Whole::small(1);
    let values: [(&str, Whole); 9] = [
        ("0", Whole::small(0)),
        ("1", one.clone()),
        ("-1", one.clone().negated()),
        ("n", n.clone()),
        ("n-1", n.minus(&one)),
        ("n+1", n.plus(&one)),
        ("p", p.clone()),
        ("p+1", p.plus(&one)),
        ("2^256", Whole::power_of_256(32)),
    ];
    for (r_name, r) in &values {
        for (s_name, s) in &values {
            refuse(draft, &signed, &format!("r = {r_name}, s = {s_name}"), r, s);
        }
    }
    let (r, s) = (signed.r(), signed.s());
    let shifts: [(&str, Whole); 8] = [
        ("+ n", n.clone()),
        ("- n", n.clone().negated()),
        ("+ 256 n", Whole::new(&[&ecric_gm::craft::ORDER[..], &[0]].concat())),
        ("- 256 n", Whole::new(&[&ecric_gm::craft::ORDER[..], &[0]].concat()).negated()),
        ("+ 2^256", Whole::power_of_256(32)),
        ("+ 2^320", Whole::power_of_256(40)),
        ("+ p", p.clone()),
        ("- p", p.negated()),
    ];
    for (name, shift) in &shifts {
        refuse(draft, &signed, &format!("r {name}"), &r.plus(shift), &s);
        refuse(draft, &signed, &format!("s {name}"), &r, &s.plus(shift));
    }
    refuse(draft, &signed, "r and s both + n", &r.plus(&n), &s.plus(&n));
    refuse(draft, &signed, "-r", &r.clone().negated(), &s);
    refuse(draft, &signed, "-s", &r, &s.clone().negated());
    for (comment, r, s) in [
        ("n - r", n.minus(&r), s.clone()),
        ("n - s, the twin of ECDSA", r.clone(), n.minus(&s)),
        ("n - r and n - s", n.minus(&r), n.minus(&s)),
        ("r and s swapped", s.clone(), r.clone()),
        ("s = r", r.clone(), r.clone()),
        ("r = s", s.clone(), s.clone()),
        ("s = n - r: t is zero", r.clone(), n.minus(&r)),
        ("r = n - s: t is zero", n.minus(&s), s.clone()),
        ("s + 1", r.clone(), s.plus(&one)),
        ("r + 1", r.plus(&one), s.clone()),
    ] {
        draft.invalid("sm2.v-twin", &["no-twin"], comment, &signed.ask("der", &pair(&r, &s)), signature("equation"));
    }
    raw(draft, &signed);
    for at in (0..64).step_by(5) {
        let mut bytes = signed.raw;
        bytes[at] ^= 1 << (at % 8);
        let comment = format!("bit {} of byte {at}", at % 8);
        let step = if Whole::new(&bytes[..32]).is_in_range() { "equation" } else { "range" };
        draft.invalid("sm2.v-flip", &["bit-flip"], &comment, &signed.ask("raw", &bytes), signature(step));
    }
}

/// Where reading in order stops: negative INTEGERs in the encoding, then the range, then the equation.
fn refuse(draft: &mut Draft, signed: &Signed, comment: &str, r: &Whole, s: &Whole) {
    let (step, flag) = match (r.is_negative() || s.is_negative(), r.is_in_range() && s.is_in_range()) {
        (true, _) => ("encoding", "value-range"),
        (false, false) => ("range", "value-range"),
        (false, true) => ("equation", "no-twin"),
    };
    draft.invalid("sm2.v-range", &[flag], comment, &signed.ask("der", &pair(r, s)), signature(step));
}

fn raw(draft: &mut Draft, signed: &Signed) {
    let n = Whole::order();
    let edge: [(&str, [u8; 32]); 5] = [
        ("0", [0; 32]),
        ("n", ecric_gm::craft::ORDER),
        ("n+1", n.plus(&Whole::small(1)).to_32().unwrap_or_default()),
        ("p", ecric_gm::craft::PRIME),
        ("2^256-1", [0xff; 32]),
    ];
    for (name, value) in edge {
        for (half, from) in [("r", 0), ("s", 32)] {
            let mut bytes = signed.raw;
            bytes[from..from + 32].copy_from_slice(&value);
            let comment = format!("{half} = {name}, raw");
            draft.invalid("sm2.v-range", &["value-range"], &comment, &signed.ask("raw", &bytes), signature("range"));
        }
    }
}

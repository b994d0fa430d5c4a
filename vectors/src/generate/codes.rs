//! Presentation codes: Base45, codes that are read or not, codes that hold or not.

use ecric_gm::encoding::hex;
use ecric_licence::code::base45::write_base45;
use ecric_licence::code::{CodeStep, Scene};
use ecric_licence::instant::write_instant;
use time::Duration;

use super::artefact::{der, joined, list, made};
use super::draft::{Draft, Refused};
use crate::code::{CODE_BASES, CodeSpec, code_defects, make_code, make_request};
use crate::pki::{RELYING_PARTY, TestPki};

const SOURCE: [&str; 3] = ["ecric binding v1", "1", "section 12, presentation code ECR1 (our proposal)"];

fn refusal(defect: &crate::code::CodeDefect) -> Refused {
    Refused { stage: defect.step.stage(), reason: defect.codes[0], step: defect.step.id() }
}

/// `code/base45`.
pub(super) fn base45() -> Draft {
    let source = ["RFC 9285; ecric binding v1", "2022; 1", "Base45; presentation code"];
    let mut draft = Draft::new("code/base45", ["Base45", "Base45 编码"], source);
    draft.note("published", "Examples of the RFC.");
    draft.note("length", "Every length has one text.");
    draft.note("character", "A character outside the alphabet.");
    draft.note("left-over", "One character too few or too many.");
    draft.note("overflow", "A group above what its bytes can hold: several texts would mean the same bytes.");
    draft.group("base45.decode");
    for (bytes, text) in
        [(&b"AB"[..], "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0")]
    {
        draft.valid("b45.good", &["published"], "example", &[("text", text.to_owned())], &[("bytes", hex(bytes))]);
    }
    for length in 0_u8..8 {
        for fill in [0_u8, 0xff] {
            let bytes = vec![fill; length.into()];
            let comment = format!("{length} bytes {fill:02x}");
            let input = [("text", write_base45(&bytes))];
            draft.valid("b45.length", &["length"], &comment, &input, &[("bytes", hex(&bytes))]);
        }
    }
    let wrong = |step| Refused { stage: "container", reason: "CODE_MALFORMED", step };
    for (text, flag, comment) in [
        ("bb8", "character", "lower case"),
        ("BB,", "character", "a comma"),
        ("BB8A\u{ff11}", "character", "a full-width digit"),
        ("BB\n", "character", "a line feed"),
        ("B", "left-over", "one character"),
        ("BB8B", "left-over", "one character behind a group"),
        ("GGW", "overflow", "65536"),
        (":::", "overflow", "the largest group of three"),
        ("V5", "overflow", "256 in a last group of two"),
        ("::", "overflow", "the largest group of two"),
        ("BB8::", "overflow", "the largest last group of two"),
    ] {
        draft.invalid("b45.bad", &[flag], comment, &[("text", text.to_owned())], wrong("C1"));
    }
    draft
}

/// `code/parse`.
pub(super) fn parse(pki: &TestPki) -> Draft {
    let mut draft = Draft::new("code/parse", ["Presentation codes: form", "亮证码：形式"], SOURCE);
    draft.name_twins();
    draft.note("good", "The form is right; nothing is said about signature and time.");
    draft.note("form", "Another prefix, Base45, CBOR that is not deterministic, another shape, keys, values.");
    draft.note("request", "Reverse-scan requests of a relying party.");
    draft.group("code.parse");
    for (name, what) in CODE_BASES {
        let Some(spec) = CodeSpec::fixed(name) else { continue };
        let code = made(make_code(pki, &spec, None));
        let output = [("code_id", hex(&code.payload.code_id))];
        let comment = format!("{name}: {what}");
        draft.valid("code.form", &["good"], &comment, &[("code", code.text)], &output);
    }
    for scene in Scene::ALL {
        let Some(mut spec) = CodeSpec::fixed("online") else { continue };
        spec.scene = scene;
        let code = made(make_code(pki, &spec, None));
        let output = [("code_id", hex(&code.payload.code_id))];
        let comment = format!("scene {}", scene.word());
        draft.valid("code.form", &["good"], &comment, &[("code", code.text)], &output);
    }
    // The latest good one is the twin of what follows.
    for base in ["online", "offline"] {
        let Some(spec) = CodeSpec::fixed(base) else { continue };
        let code = made(make_code(pki, &spec, None));
        let output = [("code_id", hex(&code.payload.code_id))];
        let comment = format!("{base}: the twin of what follows");
        draft.valid("code.form", &["good"], &comment, &[("code", code.text)], &output);
        for defect in code_defects().into_iter().filter(|row| row.base == base && row.step == CodeStep::C1) {
            let code = made(make_code(pki, &spec, Some(&defect)));
            let comment = format!("{}: {}", defect.name, defect.comment);
            draft.invalid("code.malformed", &["form"], &comment, &[("code", code.text)], refusal(&defect));
        }
    }
    draft.group("code.request");
    if let Some(spec) = CodeSpec::fixed("online") {
        let text = made(make_request(pki, &spec));
        let id = made(ecric_licence::code::parse_request(&text)).request.request_id;
        let input = |text: &str| [("code", text.to_owned())];
        draft.valid("code.request", &["request"], "a request", &input(&text), &[("request_id", hex(&id))]);
        let wrong = Refused { stage: "container", reason: "CODE_MALFORMED", step: "C1" };
        let other = text.replacen("ECRR1:", "ECR1:", 1);
        draft.invalid("code.request", &["request"], "under the prefix of a code", &input(&other), wrong);
        let cut = &text[..text.len() - 3];
        draft.invalid("code.request", &["request"], "cut short", &input(cut), wrong);
        let code = made(make_code(pki, &spec, None)).text.replacen("ECR1:", "ECRR1:", 1);
        let wrong = Refused { stage: "schema", ..wrong };
        draft.invalid("code.request", &["request"], "a code under its prefix", &input(&code), wrong);
    }
    draft
}

struct Asked<'a> {
    pki: &'a TestPki,
    spec: CodeSpec,
    after_s: i64,
}

impl Asked<'_> {
    fn input(&self, text: &str) -> Vec<(&'static str, String)> {
        let pki = self.pki;
        let audience = self.spec.audience.clone().unwrap_or_else(|| RELYING_PARTY.1.to_owned());
        let mut input = vec![
            ("code", text.to_owned()),
            ("audience", audience),
            ("scene", self.spec.scene.word().to_owned()),
            ("roots", joined(&[der(pki, "XG01")])),
            ("intermediates", joined(&[der(pki, "XG03")])),
            ("signers", joined(&["XG04", "XG09", "XG18", "XG19"].map(|label| der(pki, label)))),
            ("lists", joined(&[&list(pki, "root-a"), &list(pki, "intermediate-a1")])),
            ("at", write_instant(self.spec.at + Duration::seconds(self.after_s))),
        ];
        input.extend(self.spec.nonce.as_ref().map(|nonce| ("nonce", hex(nonce))));
        input
    }
}

/// `code/verify`.
pub(super) fn verify(pki: &TestPki) -> Draft {
    let mut draft = Draft::new("code/verify", ["Presentation codes: verification", "亮证码：核验"], SOURCE);
    draft.name_twins();
    draft.note("good", "Everything that needs neither memory nor a redemption is right.");
    draft.note("edge", "The edges of life and clock skew.");
    draft.note("signature", "The signature does not hold, or nobody who is listed made it.");
    draft.note("chain", "Its signer may not sign it.");
    draft.note("time", "Expired, not yet issued, or with too long a life.");
    draft.note("policy", "For another relying party, scene or challenge; wider than it may be; another device.");
    draft.note("status", "The view speaks of a licence that is not valid.");
    draft.group("code.verify");
    for (name, what) in CODE_BASES {
        let Some(spec) = CodeSpec::fixed(name) else { continue };
        let text = made(make_code(pki, &spec, None)).text;
        let asked = Asked { pki, spec, after_s: 10 };
        draft.valid("code.good", &["good"], &format!("{name}: {what}"), &asked.input(&text), &[]);
    }
    for base in ["online", "bearer", "offline"] {
        let Some(spec) = CodeSpec::fixed(base) else { continue };
        let text = made(make_code(pki, &spec, None)).text;
        let mut asked = Asked { pki, spec, after_s: 0 };
        let comment = format!("{base}: the twin of what follows");
        draft.valid("code.good", &["good"], &comment, &asked.input(&text), &[]);
        for defect in code_defects().into_iter().filter(|row| row.base == base && row.step != CodeStep::C1) {
            let code = made(make_code(pki, &asked.spec, Some(&defect)));
            let comment = format!("{}: {}", defect.name, defect.comment);
            let refused = refusal(&defect);
            draft.invalid("code.bad", &[refused.stage], &comment, &asked.input(&code.text), refused);
        }
        if base != "online" {
            continue;
        }
        for after_s in [-30, 90] {
            asked.after_s = after_s;
            draft.valid("code.edge", &["edge"], &format!("{after_s} s after issue"), &asked.input(&text), &[]);
        }
        for (after_s, reason) in [(-31, "CODE_FUTURE"), (91, "CODE_EXPIRED")] {
            asked.after_s = after_s;
            let refused = Refused { stage: "time", reason, step: "C4" };
            let comment = format!("{after_s} s after issue");
            draft.invalid("code.edge", &["edge"], &comment, &asked.input(&text), refused);
        }
    }
    draft
}

//! The defects of codes: one row each.

use ecric_gm::sm2::{self, DEFAULT_ID, SecretKey};
use ecric_licence::code::cbor::{Item, parse_item, write_item};
use ecric_licence::code::{
    AttributeValue, CodeStep, Domain, Scene, Scope, audience_tag, base45, encode, kid_of_certificate, kid_of_key,
};
use ecric_model::binding::LicenceStatus;

use super::{Making, Stage};

type Edit = fn(&mut Making<'_>);

/// One defect of a code.
#[derive(Clone, Copy)]
pub struct CodeDefect {
    /// Its name.
    pub name: &'static str,
    /// The base, which is also its twin.
    pub base: &'static str,
    /// The step that must stop it.
    pub step: CodeStep,
    /// Codes of which one must be the primary reason.
    pub codes: &'static [&'static str],
    /// Codes that may follow.
    pub knock_on: &'static [&'static str],
    /// What it is.
    pub comment: &'static str,
    pub(super) stage: Stage,
    pub(super) edit: Edit,
}

impl std::fmt::Debug for CodeDefect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CodeDefect").field("name", &self.name).field("base", &self.base).finish_non_exhaustive()
    }
}

impl CodeDefect {
    const fn knock_on(mut self, codes: &'static [&'static str]) -> Self {
        self.knock_on = codes;
        self
    }

    const fn offline(mut self) -> Self {
        self.base = "offline";
        // Whether a view alone is enough is left to the verifier.
        self.knock_on = &["LICENCE_STATUS_UNKNOWN"];
        self
    }
}

const fn row(
    name: &'static str,
    step: CodeStep,
    codes: &'static [&'static str],
    comment: &'static str,
    stage: Stage,
    edit: Edit,
) -> CodeDefect {
    CodeDefect { name, base: "online", step, codes, knock_on: &[], comment, stage, edit }
}

const MALFORMED: &[&str] = &["CODE_MALFORMED"];

/// A defect of the form.
const fn form(name: &'static str, comment: &'static str, stage: Stage, edit: Edit) -> CodeDefect {
    row(name, CodeStep::C1, MALFORMED, comment, stage, edit)
}

/// The defect of a name.
#[must_use]
pub fn find_code_defect(name: &str) -> Option<CodeDefect> {
    code_defects().into_iter().find(|defect| defect.name == name)
}

/// All defects in the order of the steps.
#[must_use]
pub fn code_defects() -> Vec<CodeDefect> {
    [text(), envelope(), bytes(), entries(), signature(), times(), binding(), view()].concat()
}

fn text() -> Vec<CodeDefect> {
    use Stage::Text;
    vec![
        form("prefix-ecr0", "an older prefix", Text, |m| m.text = m.text.replacen("ECR1:", "ECR0:", 1)),
        form("prefix-ecr2", "a newer prefix", Text, |m| m.text = m.text.replacen("ECR1:", "ECR2:", 1)),
        form("prefix-lower", "the prefix in lower case", Text, |m| m.text = m.text.replacen("ECR1:", "ecr1:", 1)),
        form("prefix-none", "no prefix", Text, |m| m.text = m.text.replacen("ECR1:", "", 1)),
        form("base45-character", "a lower-case letter in the Base45", Text, |m| {
            m.text.replace_range(40..41, "a");
        }),
        form("base45-length", "one character too few", Text, |m| {
            m.text.pop();
        }),
        form("base45-overflow", "a group of three above 65535", Text, |m| m.text.replace_range(8..11, ":::")),
        form("line-feed", "a line feed behind the code", Text, |m| m.text.push('\n')),
        form("empty", "nothing behind the prefix", Text, |m| m.text.truncate(5)),
        form("too-long", "4096 characters", Text, |m| {
            while m.text.len() < 4096 {
                m.text.push('0');
            }
        }),
    ]
}

fn members(envelope: &[u8]) -> Vec<Item> {
    match parse_item(envelope) {
        Ok(Item::Array(parts)) => parts,
        _ => Vec::new(),
    }
}

fn rewrite(making: &mut Making<'_>, change: impl Fn(&mut Vec<Item>)) {
    let mut parts = members(&making.envelope);
    change(&mut parts);
    making.envelope = write_item(&Item::Array(parts));
}

/// A header of its own, rightly signed.
fn with_header(making: &mut Making<'_>, entries: Vec<(Item, Item)>) {
    let protected = write_item(&Item::Map(entries));
    resign(making, protected, making.domain.external().to_vec());
}

fn resign(making: &mut Making<'_>, protected: Vec<u8>, external: Vec<u8>) {
    let signed = Item::Array(vec![
        Item::Text("Signature1".to_owned()),
        Item::Bytes(protected.clone()),
        Item::Bytes(external),
        Item::Bytes(making.bytes.clone()),
    ]);
    let Ok(value) = sm2::sign(&making.key, DEFAULT_ID, &write_item(&signed)) else { return };
    rewrite(making, |parts| {
        if let [head, _, _, signature] = parts.as_mut_slice() {
            *head = Item::Bytes(protected.clone());
            *signature = Item::Bytes(value.as_raw().to_vec());
        }
    });
}

fn envelope() -> Vec<CodeDefect> {
    use Stage::Envelope;
    const ALG: fn() -> (Item, Item) = || (Item::Unsigned(1), Item::int(-65537));
    vec![
        form("tagged", "the tag of COSE_Sign1 before the array", Envelope, |m| m.envelope.insert(0, 0xd2)),
        form("trailing", "a byte behind the array", Envelope, |m| m.envelope.push(0)),
        form("open-header", "something in the header that is not signed", Envelope, |m| {
            rewrite(m, |parts| parts[1] = Item::Map(vec![(Item::Unsigned(4), Item::Bytes(vec![1; 8]))]));
        }),
        form("five-members", "an array of five", Envelope, |m| rewrite(m, |parts| parts.push(Item::Null))),
        form("short-signature", "a signature of 63 bytes", Envelope, |m| {
            rewrite(m, |parts| {
                if let Some(Item::Bytes(value)) = parts.last_mut() {
                    value.pop();
                }
            });
        }),
        form("algorithm-es256", "algorithm -7, rightly signed", Envelope, |m| {
            let kid = Item::Bytes(m.kid.to_vec());
            with_header(m, vec![(Item::Unsigned(1), Item::int(-7)), (Item::Unsigned(4), kid)]);
        }),
        form("no-algorithm", "no algorithm, rightly signed", Envelope, |m| {
            let kid = Item::Bytes(m.kid.to_vec());
            with_header(m, vec![(Item::Unsigned(4), kid)]);
        }),
        form("critical-header", "a header that must be understood", Envelope, |m| {
            let kid = Item::Bytes(m.kid.to_vec());
            let critical = (Item::Unsigned(2), Item::Array(vec![Item::Unsigned(99)]));
            with_header(m, vec![ALG(), critical, (Item::Unsigned(4), kid)]);
        }),
        form("short-kid", "a kid of seven bytes", Envelope, |m| {
            let kid = Item::Bytes(m.kid[..7].to_vec());
            with_header(m, vec![ALG(), (Item::Unsigned(4), kid)]);
        }),
    ]
}

/// Puts a raw pair behind the others and counts it; `place` is where its key belongs.
fn add_raw(making: &mut Making<'_>, pair: &[u8]) {
    making.bytes[0] += 1;
    making.bytes.extend_from_slice(pair);
}

fn bytes() -> Vec<CodeDefect> {
    use Stage::Bytes;
    vec![
        form("long-number", "a number with more bytes than it needs", Bytes, |m| {
            // Key 4 and its number of four bytes: written with eight.
            let at = m.bytes.windows(2).position(|two| two == [0x04, 0x1a]).unwrap_or_default();
            m.bytes.splice(at + 1..at + 2, [0x1b, 0, 0, 0, 0]);
        }),
        form("key-order", "two keys in the wrong order", Bytes, |m| {
            let Ok(Item::Map(mut entries)) = parse_item(&m.bytes) else { return };
            entries.swap(0, 1);
            m.bytes = write_item(&Item::Map(entries));
        }),
        form("duplicate-key", "the scope stands twice", Bytes, |m| {
            let Ok(Item::Map(mut entries)) = parse_item(&m.bytes) else { return };
            if let Some(at) = entries.iter().position(|(key, _)| key.as_int() == Some(-2)) {
                entries.insert(at + 1, (Item::int(-2), Item::Unsigned(0x1_ffff)));
            }
            m.bytes = write_item(&Item::Map(entries));
        }),
        form("indefinite-map", "a map without a length", Bytes, |m| {
            m.bytes[0] = 0xbf;
            m.bytes.push(0xff);
        }),
        form("tag-inside", "a tag before a number", Bytes, |m| {
            let at = m.bytes.windows(2).position(|two| two == [0x06, 0x1a]).unwrap_or_default();
            m.bytes.insert(at + 1, 0xc1);
        }),
        form("float", "a floating point number", Bytes, |m| add_raw(m, &[0x2c, 0xf9, 0x3c, 0x00])),
        form("simple-value", "undefined", Bytes, |m| add_raw(m, &[0x2c, 0xf7])),
        form("depth-five", "an array nested five deep", Bytes, |m| add_raw(m, &[0x2c, 0x81, 0x81, 0x81, 0x81, 0x01])),
        form("trailing-inside", "a byte behind the payload's map", Bytes, |m| m.bytes.push(0)),
        form("not-utf8", "a text that is not UTF-8", Bytes, |m| {
            if let Some(byte) = m.bytes.get_mut(3) {
                *byte = 0xff;
            }
        }),
        form("payload-array", "an array instead of a map", Bytes, |m| {
            let Ok(Item::Map(entries)) = parse_item(&m.bytes) else { return };
            m.bytes = write_item(&Item::Array(entries.into_iter().map(|(_, value)| value).collect()));
        }),
    ]
}

fn put(making: &mut Making<'_>, key: i64, value: Item) {
    take(making, key);
    making.entries.push((Item::int(key), value));
}

fn take(making: &mut Making<'_>, key: i64) {
    making.entries.retain(|(found, _)| found.as_int() != Some(key));
}

fn entries() -> Vec<CodeDefect> {
    use Stage::Entries;
    vec![
        form("unknown-key", "a key that is not known", Entries, |m| put(m, -13, Item::Bool(true))),
        form("url-inside", "a key with an address", Entries, |m| {
            put(m, -12, Item::Text("http://127.0.0.1:9/ecric".to_owned()));
        }),
        form("text-key", "a text as key", Entries, |m| {
            m.entries.push((Item::Text("scope".to_owned()), Item::Unsigned(1)));
        }),
        form("no-cti", "no code id", Entries, |m| take(m, 7)),
        form("no-ref", "no handle", Entries, |m| take(m, -1)),
        form("no-scope", "no scope", Entries, |m| take(m, -2)),
        form("no-scene", "no scene", Entries, |m| take(m, -4)),
        form("no-iat", "no time of issue", Entries, |m| take(m, 6)),
        form("no-exp", "no time of expiry", Entries, |m| take(m, 4)),
        form("short-cti", "a code id of eight bytes", Entries, |m| put(m, 7, Item::Bytes(vec![7; 8]))),
        form("unknown-bit", "a scope bit that is not known", Entries, |m| put(m, -2, Item::Unsigned(1 << 17 | 1))),
        form("unknown-scene", "a scene that is not in the list", Entries, |m| {
            put(m, -4, Item::Text("CASINO".to_owned()));
        }),
        form("long-nonce", "a challenge of 17 bytes", Entries, |m| put(m, -5, Item::Bytes(vec![5; 17]))),
        form("long-iss", "a loading end of 19 characters", Entries, |m| put(m, 1, Item::Text("1".repeat(19)))),
        form("text-time", "a time as text", Entries, |m| put(m, 6, Item::Text("2026-06-01".to_owned()))),
        form("negative-time", "a time before 1970", Entries, |m| put(m, 6, Item::Negative(0))),
    ]
}

const SIG: &[&str] = &["CODE_SIG"];

fn signature() -> Vec<CodeDefect> {
    use CodeStep::{C2, C3};
    use Stage::{Content, Envelope};
    vec![
        row("signature-bit", C2, SIG, "one bit of the signature", Envelope, |m| {
            if let Some(byte) = m.envelope.last_mut() {
                *byte ^= 1;
            }
        }),
        row("scope-widened", C2, SIG, "a scope bit added, the old signature kept", Envelope, |m| {
            let mut entries = m.entries.clone();
            let wider = m.payload.scope.with(6).bits();
            for (key, value) in &mut entries {
                if key.as_int() == Some(-2) {
                    *value = Item::Unsigned(wider.into());
                }
            }
            let payload = write_item(&ecric_licence::code::cbor::sorted(entries));
            rewrite(m, |parts| parts[2] = Item::Bytes(payload.clone()));
        }),
        row("other-domain", C2, SIG, "signed as a view", Content, |m| m.domain = Domain::View),
        row("no-domain", C2, SIG, "signed without its domain", Envelope, |m| {
            if let Some(Item::Bytes(protected)) = members(&m.envelope).into_iter().next() {
                resign(m, protected, Vec::new());
            }
        }),
        row("signer-id", C2, SIG, "signed under another signer identifier", Envelope, |m| {
            let Some(Item::Bytes(protected)) = members(&m.envelope).into_iter().next() else { return };
            let signed = Item::Array(vec![
                Item::Text("Signature1".to_owned()),
                Item::Bytes(protected),
                Item::Bytes(m.domain.external().to_vec()),
                Item::Bytes(m.bytes.clone()),
            ]);
            let Ok(value) = sm2::sign(&m.key, b"", &write_item(&signed)) else { return };
            rewrite(m, |parts| parts[3] = Item::Bytes(value.as_raw().to_vec()));
        }),
        row("unknown-kid", C2, SIG, "a kid that nobody has", Content, |m| m.kid = [0xee; 8]),
        row("unlisted-signer", C2, SIG, "signed by a device key alone", Content, |m| {
            m.key = m.pki.key("XG10");
            m.kid = kid_of_key(m.key.public_key());
        }),
        row("other-key", C2, SIG, "signed by another key under the right kid", Content, |m| m.key = m.pki.key("XG11")),
        row("signer-role", C3, &["CERT_USAGE"], "signed by a listed signer of status", Content, |m| {
            let signer = m.pki.get("XG18");
            m.key = signer.key.clone();
            m.kid = kid_of_certificate(&signer.certificate);
        })
        .knock_on(&["BINDING_INVALID"]),
        row("other-loader", C3, &["BINDING_INVALID"], "in the name of another loading end", Content, |m| {
            m.payload.loader = "11110102099999901P".to_owned();
        }),
    ]
}

fn times() -> Vec<CodeDefect> {
    use CodeStep::C4;
    use Stage::Content;
    vec![
        row("life-61", C4, &["CODE_LIFETIME"], "a life of 61 s", Content, |m| m.payload.expires_at += 1),
        row("life-hour", C4, &["CODE_LIFETIME"], "a life of an hour", Content, |m| m.payload.expires_at += 3540),
        row("backwards", C4, &["CODE_LIFETIME"], "expires before it is issued", Content, |m| {
            m.payload.expires_at = m.payload.issued_at - 1;
        }),
        row("expired", C4, &["CODE_EXPIRED"], "expired 31 s ago", Content, |m| {
            m.payload.issued_at -= 91;
            m.payload.expires_at -= 91;
        }),
        row("long-expired", C4, &["CODE_EXPIRED"], "expired a day ago", Content, |m| {
            m.payload.issued_at -= 86_460;
            m.payload.expires_at -= 86_460;
        }),
        row("future", C4, &["CODE_FUTURE"], "issued 40 s ahead", Content, |m| {
            m.payload.issued_at += 40;
            m.payload.expires_at += 40;
        }),
        row("edge-future", C4, &["CODE_FUTURE"], "issued 31 s ahead", Content, |m| {
            m.payload.issued_at += 31;
            m.payload.expires_at += 31;
        }),
    ]
}

fn binding() -> Vec<CodeDefect> {
    use CodeStep::{C5, C6};
    use Stage::Content;
    vec![
        row("other-audience", C5, &["CODE_AUDIENCE"], "made for another relying party", Content, |m| {
            m.payload.audience = Some(audience_tag("11440300099999925K"));
        }),
        row("other-scene", C5, &["CODE_SCENE"], "made for another scene", Content, |m| {
            m.payload.scene = if m.payload.scene == Scene::Bank { Scene::Gov } else { Scene::Bank };
        }),
        row("other-nonce", C5, &["CODE_NONCE"], "another challenge", Content, |m| {
            m.payload.nonce = Some(b"another nonce".to_vec());
        }),
        row("no-nonce", C5, &["CODE_NONCE"], "no challenge", Content, |m| m.payload.nonce = None),
        CodeDefect {
            base: "bearer",
            ..row("bearer-number", C6, &["CODE_SCOPE"], "the citizen number in a bearer code", Content, |m| {
                m.payload.scope = m.payload.scope.with(6);
            })
        }
        .knock_on(&["CODE_AUDIENCE", "CODE_NONCE"]),
        CodeDefect {
            base: "bearer",
            ..row("bearer-name", C6, &["CODE_SCOPE"], "the full name in a bearer code", Content, |m| {
                m.payload.scope = m.payload.scope.with(1);
            })
        }
        .knock_on(&["CODE_AUDIENCE", "CODE_NONCE"]),
    ]
}

fn of_view(making: &mut Making<'_>, change: impl Fn(&mut ecric_licence::code::View)) {
    if let Some((view, _, _)) = &mut making.view {
        change(view);
    }
}

fn view_signer(making: &mut Making<'_>, label: &str) {
    let signer = making.pki.get(label);
    if let Some((_, kid, key)) = &mut making.view {
        *kid = kid_of_certificate(&signer.certificate);
        *key = signer.key.clone();
    }
}

fn view() -> Vec<CodeDefect> {
    use CodeStep::{C1, C2, R3, V1};
    use Stage::{Content, Envelope, View};
    let rows = vec![
        row("view-old", V1, &["VIEW_EXPIRED"], "a view older than 24 hours", Content, |m| {
            of_view(m, |view| {
                view.issued_at -= 24 * 3600;
                view.expires_at -= 24 * 3600;
            });
        }),
        row("view-long-life", V1, &["VIEW_EXPIRED"], "a view that lives for a week", Content, |m| {
            of_view(m, |view| view.expires_at += 6 * 24 * 3600);
        }),
        row("view-future", V1, &["CODE_FUTURE"], "a view of tomorrow", Content, |m| {
            of_view(m, |view| {
                view.issued_at += 26 * 3600;
                view.expires_at += 26 * 3600;
            });
        }),
        row("view-signature", V1, SIG, "one bit of the issuer's signature", View, |m| {
            if let Some(byte) = m.view_bytes.as_mut().and_then(|bytes| bytes.last_mut()) {
                *byte ^= 1;
            }
        }),
        row("view-unknown-kid", V1, SIG, "a view signed by nobody who is listed", Content, |m| {
            if let Some((_, kid, _)) = &mut m.view {
                *kid = [0xee; 8];
            }
        }),
        row("view-self-made", V1, SIG, "a view signed by the device itself", Content, |m| {
            let key = m.key.clone();
            if let Some((_, kid, signer)) = &mut m.view {
                *kid = kid_of_key(key.public_key());
                *signer = key;
            }
        }),
        row("view-signer-role", V1, &["CERT_USAGE"], "a view signed by a signer of licences", Content, |m| {
            view_signer(m, "XG04");
        }),
        row("view-other-issuer", V1, &["ISSUER_MISMATCH"], "a view in the name of another authority", Content, |m| {
            of_view(m, |view| view.issuer = crate::pki::AUTHORITY_B.1.to_owned());
        }),
        row("view-suspended", R3, &["LICENCE_SUSPENDED"], "a view of a suspended licence", Content, |m| {
            of_view(m, |view| view.status.status = LicenceStatus::Suspended);
        }),
        row("view-revoked", R3, &["LICENCE_REVOKED"], "a view of a revoked licence", Content, |m| {
            of_view(m, |view| view.status.status = LicenceStatus::Revoked);
        }),
        row("wider-than-view", V1, &["CODE_SCOPE"], "a code wider than its view", Content, |m| {
            m.payload.scope = m.payload.scope.with(5);
        }),
        row("other-device", C2, &["BINDING_INVALID"], "signed by another device than the view names", Content, |m| {
            let key: SecretKey = m.pki.key("device-2");
            m.kid = kid_of_key(key.public_key());
            m.key = key;
        }),
        row("device-signature", C2, SIG, "one bit of the device's signature", Envelope, |m| {
            if let Some(byte) = m.envelope.last_mut() {
                *byte ^= 1;
            }
        }),
        row("view-portrait", C1, MALFORMED, "a portrait inside the view", Content, |m| {
            of_view(m, |view| {
                view.scope = view.scope.with(Scope::PHOTO_BIT);
                view.attributes.insert(Scope::PHOTO_BIT, AttributeValue::Text("/9j/4AAQ".to_owned()));
            });
        }),
        row("view-garbage", C1, MALFORMED, "bytes that are no view", View, |m| m.view_bytes = Some(vec![0xff; 40])),
    ];
    rows.into_iter().map(CodeDefect::offline).collect()
}

/// A code text with one bit of its bytes changed, for samples over all bits.
#[must_use]
pub fn flip_bit(text: &str, bit: usize) -> Option<String> {
    let mut bytes = base45::parse_base45(text.strip_prefix(Domain::Code.prefix())?).ok()?;
    let place = bit / 8 % bytes.len().max(1);
    *bytes.get_mut(place)? ^= 1 << (bit % 8);
    Some(encode(Domain::Code, &bytes))
}

//! P3 to P6: the list of signatures, their descriptions, digests and coverage.

use std::collections::{BTreeMap, BTreeSet};

use ecric_gm::der::{DerError, Reader, tag};
use ecric_gm::signed_data::SignedData;
use ecric_gm::x509::Certificate;
use ecric_gm::{encoding, sm3};

use super::container::shorten;
use super::fields::{Fields, read_area};
use super::policy::Role;
use super::report::{Artefact, Outcome, StepId};
use super::run::Run;
use crate::ofd::links::{Closure, Kind};
use crate::ofd::location::{absolute, folder_of, resolve};
use crate::ofd::signature::{self as file, SignatureFile, SignatureType};
use crate::ofd::zip::Package;
use crate::seal::{self, SesSignature};

/// The object identifier of SM3 as a CheckMethod.
const SM3_OID: &str = "1.2.156.10197.1.401";
/// SM2 with SM3 as a SignatureMethod.
const METHOD_OID: &str = "1.2.156.10197.1.501";

/// SM3 of entries by their names: each entry is digested once, however many references name it.
#[derive(Default)]
pub(super) struct Digests(BTreeMap<String, [u8; 32]>);

impl Digests {
    fn of(&mut self, name: &str, content: &[u8]) -> [u8; 32] {
        if let Some(digest) = self.0.get(name) {
            return *digest;
        }
        let digest = sm3::digest(content);
        self.0.insert(name.to_owned(), digest);
        digest
    }
}

/// A signature value by its structure.
pub(super) enum Value<'p> {
    Ses(Result<SesSignature<'p>, DerError>),
    Signed(Result<SignedData<'p>, DerError>),
    /// A bare r and s.
    Raw,
    /// Neither; the type of the record says what was meant.
    Unreadable(DerError),
    Missing,
}

/// One signature with everything that belongs to it.
pub(super) struct Signature<'p> {
    pub(super) record: file::Record,
    /// Entry name and bytes of `Signature.xml`.
    pub(super) name: String,
    pub(super) bytes: &'p [u8],
    pub(super) file: Option<SignatureFile>,
    pub(super) fault: Option<crate::ofd::xml::XmlError>,
    pub(super) value_name: Option<String>,
    pub(super) value_bytes: &'p [u8],
    pub(super) value: Value<'p>,
    pub(super) seal_name: Option<String>,
    pub(super) signer: Option<Result<Certificate, DerError>>,
    /// Entry names whose digests are right.
    pub(super) covered: BTreeSet<String>,
    /// Whether a step of this very signature failed.
    pub(super) broken: bool,
}

pub(super) struct Records<'p> {
    pub(super) list: Vec<Signature<'p>>,
    list_name: Option<String>,
    max_id: Option<u32>,
    /// A record without a file.
    incomplete: bool,
}

impl Signature<'_> {
    /// The certificate of the signer, where it could be read.
    pub(super) fn signer(&self) -> Option<&Certificate> {
        self.signer.as_ref()?.as_ref().ok()
    }
}

/// Reads the list and what it points at. Reports what P3 can say about the list itself.
pub(super) fn read<'p>(run: &mut Run<'_>, package: &'p Package<'_>, closure: &Closure<'p>) -> Records<'p> {
    let mut records = Records { list: Vec::new(), list_name: None, max_id: None, incomplete: false };
    let Some(root) = closure.members.get("OFD.xml").and_then(|member| member.tree.as_ref()) else { return records };
    run.begin(StepId::P3);
    let place = root.descendants().find(|node| node.tag_name().name() == "Signatures").and_then(|node| node.text());
    let Some(place) = place.map(str::trim) else {
        run.fail(StepId::P3, "NO_SIGNATURE", "OFD.xml names no list of signatures");
        return records;
    };
    let name = resolve("", place);
    let Some((name, bytes)) = name.and_then(|name| package.get(&name).map(|bytes| (name, bytes))) else {
        run.fail(StepId::P3, "SIGNATURE_LIST_BROKEN", "the list of signatures is missing");
        return records;
    };
    let list = match file::read_list(bytes, run.lenient) {
        Ok(list) => list,
        Err(error) => {
            let forgiven = run.ignores(error.fault.code());
            run.fail(StepId::P3, error.fault.code(), format!("{name}: {}", error.detail));
            match file::read_list(bytes, true) {
                Ok(list) if forgiven => list,
                _ => {
                    records.list_name = Some(name);
                    return records;
                }
            }
        }
    };
    if list.records.is_empty() {
        run.fail(StepId::P3, "NO_SIGNATURE", "the list of signatures is empty");
    }
    check_ids(run, &list);
    records.max_id = list.max_sign_id.as_deref().and_then(number_of);
    for record in &list.records {
        let strict = absolute(&record.base_loc).map(str::to_owned);
        let found = if let Some(found) = strict {
            Some(found)
        } else {
            let relative = resolve(folder_of(&name), &record.base_loc);
            if run.lenient {
                run.warn(StepId::P3, "LINT_RELATIVE", shorten(&record.base_loc));
                relative
            } else {
                run.fail(StepId::P3, "BAD_PATH", format!("BaseLoc {:?} is not absolute", shorten(&record.base_loc)));
                relative
            }
        };
        match found.and_then(|found| package.get(&found).map(|bytes| (found, bytes))) {
            Some((found, bytes)) => records.list.push(read_one(run, package, record.clone(), found, bytes)),
            None => {
                records.incomplete = true;
                let id = shorten(&record.id);
                run.fail(StepId::P3, "SIGNATURE_LIST_BROKEN", format!("the signature {id:?} has no file"));
            }
        }
    }
    records.list_name = Some(name);
    records
}

fn read_one<'p>(
    run: &Run<'_>,
    package: &'p Package<'_>,
    record: file::Record,
    name: String,
    bytes: &'p [u8],
) -> Signature<'p> {
    let (file, fault) = match file::read_signature(bytes, run.lenient) {
        Ok(file) => (Some(file), None),
        // For finding the value nevertheless; the fault itself is reported by P4.
        Err(error) => (file::read_signature(bytes, true).ok(), Some(error)),
    };
    let place = |loc: &str| resolve(folder_of(&name), loc.trim());
    let value_name = file.as_ref().and_then(|file| place(&file.signed_value));
    let value_bytes = value_name.as_deref().and_then(|found| package.get(found));
    let value = value_bytes.map_or(Value::Missing, classify);
    let seal_name = file.as_ref().and_then(|file| place(file.seal.as_deref()?));
    let signer = signer_of_value(&value, run.lenient);
    Signature {
        record,
        name,
        bytes,
        file,
        fault,
        value_name,
        value_bytes: value_bytes.unwrap_or_default(),
        value,
        seal_name,
        signer,
        covered: BTreeSet::new(),
        broken: false,
    }
}

/// The certificate of who signed a value; leniently any that came along where the named one did not.
pub(super) fn signer_of_value(value: &Value<'_>, lenient: bool) -> Option<Result<Certificate, DerError>> {
    match value {
        Value::Ses(Ok(ses)) => Some(Certificate::read(ses.certificate)),
        Value::Signed(Ok(signed)) => signer_of(signed, lenient),
        _ => None,
    }
}

/// The certificate that the first signer names by issuer and serial number.
fn signer_of(signed: &SignedData<'_>, lenient: bool) -> Option<Result<Certificate, DerError>> {
    let info = signed.signers.first()?;
    let mut certificates = signed.certificates.iter().map(|der| Certificate::read(der));
    let fits = |found: &Result<Certificate, DerError>| {
        found.as_ref().is_ok_and(|found| found.issuer.der() == info.issuer && found.serial == info.serial)
    };
    let other = signed.certificates.first().filter(|_| lenient);
    certificates.find(fits).or_else(|| other.map(|der| Certificate::read(der)))
}

pub(super) fn classify(bytes: &[u8]) -> Value<'_> {
    let inner = Reader::tolerant(bytes).sequence();
    match inner.map(|inner| inner.peek()) {
        Ok(Some(tag::SEQUENCE)) => Value::Ses(seal::read_signature(bytes)),
        Ok(Some(tag::OID)) => Value::Signed(SignedData::read(bytes)),
        Ok(Some(tag::INTEGER)) => Value::Raw,
        _ if bytes.len() == 64 => Value::Raw,
        Err(error) => Value::Unreadable(error),
        Ok(_) => Value::Unreadable(DerError { fault: ecric_gm::der::DerFault::Empty, position: 0 }),
    }
}

fn number_of(id: &str) -> Option<u32> {
    let digits = id.strip_prefix('s')?;
    (digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}

fn check_ids(run: &mut Run<'_>, list: &file::SignatureList) {
    let mut seen = BTreeSet::new();
    for record in &list.records {
        if !seen.insert(record.id.as_str()) {
            run.fail(StepId::P3, "SIGNATURE_ID", format!("the id {:?} stands twice", shorten(&record.id)));
        } else if !run.lenient && number_of(&record.id).is_none() || record.id.is_empty() {
            run.fail(StepId::P3, "SIGNATURE_ID", format!("the id {:?} is not of the form sNNN", shorten(&record.id)));
        }
        if !record.kind_written && !run.lenient {
            run.fail(StepId::P3, "XML_STRUCTURE", "a signature without Type");
        }
    }
    let max = list.max_sign_id.as_deref().and_then(number_of);
    if max.is_none() && !run.lenient {
        run.fail(StepId::P3, "SIGNATURE_ID", "MaxSignId is missing or not of the form sNNN");
    }
}

/// P3: types, roles, and the number of signatures.
pub(super) fn check_list(run: &mut Run<'_>, records: &Records<'_>, fields: &Fields) {
    let copied =
        ["加注件制作时间", "加注件制作者", "加注件制作事由"].iter().filter(|name| fields.item(name).is_some()).count();
    let is_copy = copied >= 2;
    run.artefact = (!records.list.is_empty()).then_some(if is_copy { Artefact::Copy } else { Artefact::Original });
    for signature in &records.list {
        let mismatch = matches!(
            (&signature.value, signature.record.kind),
            (Value::Ses(_), SignatureType::Sign) | (Value::Signed(_) | Value::Raw, SignatureType::Seal)
        );
        if mismatch {
            let id = shorten(&signature.record.id);
            run.fail(StepId::P3, "TYPE_MISMATCH", format!("the type of {id:?} does not fit its value"));
        }
    }
    check_max_id(run, records);
    let Some(main) = records.list.first() else { return };
    check_role(run, main, is_copy, fields);
    for extra in &records.list[1..] {
        let role = extra.signer().and_then(|signer| run.trust.role_of(signer));
        let permitted = matches!(extra.value, Value::Signed(_))
            && role.is_some_and(|role| run.policy.extra_records.contains(&role));
        if !permitted && !run.lenient {
            let id = shorten(&extra.record.id);
            run.fail(StepId::P3, "EXTRA_SIGNER", format!("the signature {id:?} is not expected"));
        }
    }
}

/// MaxSignId is the highest id used; the stamps draw from the same series.
fn check_max_id(run: &mut Run<'_>, records: &Records<'_>) {
    // Only where everything that draws from the series could be read.
    if records.list.is_empty() || records.incomplete || records.list.iter().any(|signature| signature.fault.is_some()) {
        return;
    }
    let own = records.list.iter().map(|signature| signature.record.id.as_str());
    let stamps = records.list.iter().flat_map(|signature| &signature.file).flat_map(|file| &file.stamps);
    let highest = own.chain(stamps.map(|stamp| stamp.id.as_str())).filter_map(number_of).max();
    if !run.lenient && records.max_id.is_some() && records.max_id != highest {
        run.fail(StepId::P3, "SIGNATURE_ID", "MaxSignId is not the highest id used");
    }
}

fn check_role(run: &mut Run<'_>, main: &Signature<'_>, is_copy: bool, fields: &Fields) {
    if run.lenient && !fields.has_layout() {
        return;
    }
    let sealed = match main.value {
        Value::Ses(_) => true,
        Value::Signed(_) | Value::Raw => false,
        Value::Unreadable(_) | Value::Missing => return,
    };
    let expected = if is_copy { Role::Copy } else { Role::Issuer };
    let fits_kind = if is_copy { !sealed || run.policy.copy_seal } else { sealed };
    let role = main.signer().and_then(|signer| run.trust.role_of(signer));
    if role.is_some_and(|role| role != expected) {
        let found = role.map_or("unknown", Role::word);
        let text = format!("the signer has the role {found}, wanted {}", expected.word());
        run.fail(StepId::P3, "SIGNER_ROLE", text);
    } else if !fits_kind {
        let text = if is_copy { "a copy that carries a seal" } else { "an original without the issuer's seal" };
        run.fail(StepId::P3, "SIGNER_ROLE", text);
    }
}

/// P4: one `Signature.xml`.
pub(super) fn check_file(
    run: &mut Run<'_>,
    signature: &mut Signature<'_>,
    package: &Package<'_>,
    closure: &Closure<'_>,
) {
    run.begin(StepId::P4);
    let before = run.reasons_of(StepId::P4);
    if let Some(error) = &signature.fault {
        run.fail(StepId::P4, error.fault.code(), format!("{}: {}", signature.name, error.detail));
    }
    let Some(file) = &signature.file else { return };
    for note in &file.notes {
        run.warn(StepId::P4, note, signature.name.clone());
    }
    if file.method.as_deref().map(str::trim) != Some(METHOD_OID) && !(run.lenient && file.method.is_none()) {
        let found = file.method.as_deref().map(shorten);
        run.fail(StepId::P4, "SIG_METHOD", format!("SignatureMethod is {found:?}"));
    }
    match file.check_method.as_deref() {
        Some(SM3_OID) => {}
        Some("SM3") if run.lenient => run.warn(StepId::P4, "LINT_DIGEST_NAME", "CheckMethod SM3"),
        found => {
            let found = found.map(shorten);
            run.fail(StepId::P4, "WEAK_OR_UNKNOWN_DIGEST", format!("CheckMethod is {found:?}"));
        }
    }
    let mut seen = BTreeSet::new();
    for reference in &file.references {
        let shown = shorten(&reference.file_ref);
        let name = match absolute(&reference.file_ref) {
            Some(name) => Some(name.to_owned()),
            None if run.lenient => {
                run.warn(StepId::P4, "LINT_RELATIVE", shown.clone());
                resolve(folder_of(&signature.name), &reference.file_ref)
            }
            None => {
                run.fail(StepId::P4, "BAD_PATH", format!("FileRef {shown:?} is not absolute or badly spelt"));
                None
            }
        };
        let Some(name) = name else { continue };
        if package.get(&name).is_none() {
            run.fail(StepId::P4, "MISSING_REF", format!("FileRef {shown:?} is not in the package"));
        }
        if !seen.insert(name) {
            run.fail(StepId::P4, "DUPLICATE_REF", format!("FileRef {shown:?} stands twice"));
        }
        if encoding::from_b64(&reference.check_value).is_err() {
            run.fail(StepId::P4, "BASE64_FORM", format!("the CheckValue of {shown:?} is not base64"));
        }
    }
    let covered = seen.iter().filter(|name| closure.members.contains_key(*name)).count();
    if covered <= 1 {
        let text = format!("{covered} files of the document are covered");
        run.fail(StepId::P4, "EMPTY_OR_PARTIAL_RANGE", text);
    }
    check_stamps(run, file, closure);
    signature.broken |= run.reasons_of(StepId::P4) > before;
}

/// A stamp stands on a page of the document, inside it, and is not clipped away.
fn check_stamps(run: &mut Run<'_>, file: &SignatureFile, closure: &Closure<'_>) {
    let mut pages = BTreeSet::new();
    let mut page_box = None;
    for (_, tree) in closure.trees(Kind::Document) {
        for node in tree.descendants() {
            let parent = node.parent_element().map_or("", |parent| parent.tag_name().name());
            match (parent, node.tag_name().name()) {
                ("Pages", "Page") => pages.extend(node.attribute("ID")),
                ("PageArea", "PhysicalBox") => page_box = node.text().and_then(read_area),
                _ => {}
            }
        }
    }
    for stamp in &file.stamps {
        let place = |run: &mut Run<'_>, text: &str| run.fail(StepId::P4, "STAMP_PLACE", format!("the stamp {text}"));
        if !pages.contains(stamp.page_ref.as_str()) {
            place(run, "stands on a page that does not exist");
            continue;
        }
        let Some([x, y, w, h]) = read_area(&stamp.boundary) else {
            place(run, "has no readable place");
            continue;
        };
        let inside = page_box.is_none_or(|[px, py, pw, ph]| {
            x >= px - 0.01 && y >= py - 0.01 && x + w <= px + pw + 0.01 && y + h <= py + ph + 0.01
        });
        if w <= 0.0 || h <= 0.0 || (!inside && !run.lenient) {
            place(run, "has no size or lies outside the page");
        }
        if let Some(clip) = &stamp.clip {
            let shown = read_area(clip).is_some_and(|[cx, cy, cw, ch]| {
                cw > 0.0 && ch > 0.0 && cx < w && cy < h && cx + cw > 0.0 && cy + ch > 0.0
            });
            if !shown {
                place(run, "is clipped to nothing");
            }
        }
    }
}

/// P5: recomputes every digest.
pub(super) fn check_digests(
    run: &mut Run<'_>,
    signature: &mut Signature<'_>,
    package: &Package<'_>,
    digests: &mut Digests,
) {
    let Some(file) = &signature.file else { return };
    let known = matches!(file.check_method.as_deref(), Some(SM3_OID | "SM3")) || run.ignores("WEAK_OR_UNKNOWN_DIGEST");
    if !known {
        return;
    }
    run.begin(StepId::P5);
    for reference in &file.references {
        let name = absolute(&reference.file_ref)
            .map(str::to_owned)
            .or_else(|| resolve(folder_of(&signature.name), &reference.file_ref));
        let Some((name, content)) = name.and_then(|name| package.get(&name).map(|content| (name, content))) else {
            continue;
        };
        let Ok(wanted) = encoding::from_b64(&reference.check_value) else { continue };
        if wanted == digests.of(&name, content) {
            signature.covered.insert(name);
        } else {
            run.fail(StepId::P5, "DIGEST_MISMATCH", format!("{name}: the digest differs"));
            if run.ignores("DIGEST_MISMATCH") {
                signature.covered.insert(name);
            }
            signature.broken = true;
        }
    }
}

/// P3: a signature that builds on another one needs that one to hold.
pub(super) fn check_bases(run: &mut Run<'_>, records: &Records<'_>) {
    for signature in &records.list {
        let Some(base) = &signature.record.relative else { continue };
        let found = records.list.iter().find(|other| other.record.id == *base);
        if found.is_none_or(|found| found.broken) {
            let text = format!("the base signature {:?} is missing or does not hold", shorten(base));
            run.fail(StepId::P3, "BASE_SIGNATURE", text);
        }
    }
}

/// P6: everything that is reachable is covered, and nothing else is there.
pub(super) fn check_coverage(run: &mut Run<'_>, records: &Records<'_>, package: &Package<'_>, closure: &Closure<'_>) {
    if closure.members.is_empty() {
        return;
    }
    run.begin(StepId::P6);
    let mut own: BTreeSet<&str> = BTreeSet::new();
    let mut seals: BTreeSet<&str> = BTreeSet::new();
    for signature in &records.list {
        own.insert(&signature.name);
        own.extend(signature.value_name.as_deref());
        seals.extend(signature.seal_name.as_deref());
    }
    if let Some(main) = records.list.first().filter(|main| main.file.is_some()) {
        let union: BTreeSet<String>;
        let covered = if run.lenient {
            union = records.list.iter().flat_map(|signature| signature.covered.iter().cloned()).collect();
            &union
        } else {
            &main.covered
        };
        // A digest that is wrong is reported by P5; what counts here is whether the file is in the range.
        let listed: BTreeSet<String> = main
            .file
            .iter()
            .flat_map(|file| &file.references)
            .filter_map(|reference| absolute(&reference.file_ref).map(str::to_owned))
            .collect();
        let list_covered = run.policy.list_covered || run.artefact == Some(Artefact::Copy) && !run.lenient;
        let main_seal = main.seal_name.as_deref().filter(|name| package.get(name).is_some());
        let members = closure.members.iter().filter(|(_, member)| member.kind != Kind::SignatureList || list_covered);
        for name in members.map(|(name, _)| name.as_str()).chain(main_seal) {
            if covered.contains(name) || listed.contains(name) {
                continue;
            }
            if name == "OFD.xml" {
                run.fail(StepId::P6, "UNCOVERED_ROOT", "OFD.xml is not covered");
            } else {
                run.fail(StepId::P6, "UNCOVERED_FILE", format!("{name} is not covered"));
            }
        }
    }
    for (name, _) in package.entries() {
        let known = closure.members.contains_key(name)
            || own.contains(name)
            || seals.contains(name)
            || records.list_name.as_deref() == Some(name)
            || records.list.iter().any(|signature| signature.covered.contains(name));
        if !known {
            if run.lenient {
                run.warn(StepId::P6, "STRAY_ENTRY", name.to_owned());
            } else {
                run.fail(StepId::P6, "STRAY_ENTRY", format!("{name} belongs to nothing"));
            }
        }
    }
}

/// Marks a signature as not holding, for what builds on it.
pub(super) fn mark(run: &Run<'_>, signature: &mut Signature<'_>, steps: &[StepId], before: usize) {
    let failed = steps.iter().any(|step| run.outcome(*step) == Outcome::Fail);
    let now: usize = steps.iter().map(|step| run.reasons_of(*step)).sum();
    signature.broken |= failed && now > before;
}

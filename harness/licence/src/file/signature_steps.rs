//! S1 to S5, D1 and D2: the signature value, its signer, its times.

use ecric_gm::der::{DerError, check_canonical};
use ecric_gm::oid::SM2_WITH_SM3;
use ecric_gm::signed_data::{Flavour, Misfit, SignedData, detect, find_misfit, verify_profile};
use ecric_gm::sm2::{self, DEFAULT_ID, Signature as Sm2Signature, SignatureError};
use ecric_gm::sm3;
use ecric_gm::x509::path::Store;
use ecric_gm::x509::time_stamp::Token;
use ecric_gm::x509::{Certificate, SubjectKey};
use time::{Duration, OffsetDateTime};

use super::certificates::{Question, judge, outlives};
use super::container::shorten;
use super::policy::{TimeSource, purpose};
use super::records::{Signature, Value, mark};
use super::report::{Artefact, Outcome, StepId};
use super::run::Run;
use crate::ofd::location::resolve;
use crate::ofd::signature::SignatureType;
use crate::seal::{self, Seal, SesSignature, SesVersion, TimeText};

/// Clocks may differ by so much.
const SKEW: Duration = Duration::minutes(5);
/// SignatureDateTime and timeInfo may differ by so much.
const AGREE: Duration = Duration::seconds(5);
const STEPS: &[StepId] = &[StepId::S1, StepId::S2, StepId::S5];

/// The seal of a seal signature, for the steps E1 to E6.
pub(super) struct SealAt<'p> {
    pub(super) seal: Result<Seal<'p>, DerError>,
    pub(super) bytes: &'p [u8],
    pub(super) signed_at: Option<OffsetDateTime>,
    pub(super) stamped: Option<OffsetDateTime>,
}

/// Runs the steps over one signature.
pub(super) fn check<'p>(run: &mut Run<'_>, signature: &mut Signature<'p>) -> Option<SealAt<'p>> {
    let before = STEPS.iter().map(|step| run.reasons_of(*step)).sum();
    let value = std::mem::replace(&mut signature.value, Value::Missing);
    let seal = match &value {
        Value::Missing => {
            if signature.file.is_some() {
                run.fail(StepId::S1, "SES_MALFORMED", "the signature value is missing");
            }
            None
        }
        Value::Unreadable(error) => {
            fail_structure(run, signature.record.kind == SignatureType::Seal, *error);
            None
        }
        Value::Raw => {
            run.begin(StepId::S1);
            run.warn(StepId::S1, "LINT_RAW_SIG", "a bare signature without certificate");
            run.unknown(StepId::S2, "CERT_UNTRUSTED", "the signature brings no certificate");
            None
        }
        Value::Ses(Err(error)) => {
            fail_structure(run, true, *error);
            None
        }
        Value::Signed(Err(error)) => {
            fail_structure(run, false, *error);
            None
        }
        Value::Ses(Ok(ses)) => Some(check_ses(run, signature, ses)),
        Value::Signed(Ok(data)) => {
            check_signed_data(run, signature, data);
            None
        }
    };
    signature.value = value;
    mark(run, signature, STEPS, before);
    if run.signer.is_none() {
        run.signer = signature.signer().cloned();
    }
    seal
}

fn fail_structure(run: &mut Run<'_>, seal: bool, error: DerError) {
    let code = match (error.fault.is_form(), seal) {
        (true, _) => "DER_NON_CANONICAL",
        (false, true) => "SES_MALFORMED",
        (false, false) => "CMS_MALFORMED",
    };
    run.fail(StepId::S1, code, error.to_string());
}

fn check_ses<'p>(run: &mut Run<'_>, signature: &Signature<'p>, ses: &SesSignature<'p>) -> SealAt<'p> {
    run.begin(StepId::S1);
    if let Err(error) = check_canonical(signature.value_bytes) {
        fail_structure(run, true, error);
    }
    if let Err(SignatureError::Der(error)) = Sm2Signature::from_der(ses.signature)
        && ses.signature.len() != 64
    {
        run.fail(StepId::S1, "DER_NON_CANONICAL", format!("r and s: {error}"));
    }
    if ses.certificate.len() > ecric_gm::x509::SIZE_MAX {
        run.fail(StepId::S1, "SES_MALFORMED", "the certificate is above 16 KiB");
    }
    let seal = seal::read_seal(ses.seal);
    check_version(run, ses, seal.as_ref().ok());

    // S2
    run.begin(StepId::S2);
    if ses.algorithm != SM2_WITH_SM3 {
        run.fail(StepId::S2, "SIG_METHOD", format!("the signature algorithm is {}", ses.algorithm));
    }
    match &signature.signer {
        Some(Ok(signer)) => check_value(run, signer, ses),
        _ => run.warn(StepId::S2, "CERT_MALFORMED", "the signer's certificate cannot be read"),
    }

    let signed_at = signing_time(run, &ses.time);
    run.signed_at = run.signed_at.or(signed_at);
    let stamped = check_token(run, ses.time_stamp, ses.signature, signed_at);
    check_signer(run, signature, &[], signed_at, stamped);

    // S5
    run.begin(StepId::S5);
    if ses.data_hash != sm3::digest(signature.bytes) {
        run.fail(
            StepId::S5,
            "DATAHASH_MISMATCH",
            format!("{}: the digest in the seal signature differs", signature.name),
        );
    }
    let strict = ses.property_info.strip_prefix('/') == Some(signature.name.as_str());
    let forgiven = run.lenient && resolve("", &ses.property_info).as_deref() == Some(&signature.name);
    if !strict && !forgiven {
        let found = shorten(&ses.property_info);
        run.fail(StepId::S5, "PROPERTY_MISMATCH", format!("the seal signature speaks about {found:?}"));
    }
    check_agreement(run, signature, signed_at);
    SealAt { seal, bytes: ses.seal, signed_at, stamped }
}

/// The version by structure, in the signed part and in the seal's header must be one, and accepted.
fn check_version(run: &mut Run<'_>, ses: &SesSignature<'_>, seal: Option<&Seal<'_>>) {
    let header = seal.map_or(ses.version, |seal| seal.header_version);
    let shapes = seal.is_none_or(|seal| seal.shape == ses.shape || seal.header_version != ses.version);
    let mixed = ses.version != header || SesVersion::of(ses.version) != Some(ses.shape) || !shapes;
    if mixed {
        let text = format!("shape {:?}, version {} signed, {header} in the seal", ses.shape, ses.version);
        run.fail(StepId::S1, "VERSION_MIX", text);
        return;
    }
    check_accepted(run, StepId::S1, ses.shape);
}

/// Whether the policy takes seals of this shape.
pub(super) fn check_accepted(run: &mut Run<'_>, step: StepId, shape: SesVersion) {
    let accepted = match shape {
        SesVersion::V4 => return,
        SesVersion::V1 => run.policy.ses_v1 || run.lenient,
        SesVersion::V5 => run.policy.ses_v5 || run.lenient,
    };
    let text = format!("a seal of version {}", shape.number());
    if accepted { run.warn(step, "VERSION_REFUSED", text) } else { run.fail(step, "VERSION_REFUSED", text) }
}

/// The signer's SM2 key; reports why there is none.
pub(super) fn key_of<'c>(run: &mut Run<'_>, signer: &'c Certificate) -> Option<&'c sm2::PublicKey> {
    match &signer.key {
        SubjectKey::Sm2(key) => return Some(key),
        SubjectKey::OtherAlgorithm(oid) => {
            run.fail(StepId::S2, "SIG_METHOD", format!("the signer's key is of the algorithm {oid}"));
        }
        SubjectKey::OtherCurve(curve) => {
            let curve = curve.map(|curve| curve.to_string());
            run.fail(StepId::S2, "KEY_BAD", format!("the signer's key is on the curve {curve:?}"));
        }
        SubjectKey::BadPoint(error) => run.fail(StepId::S2, "KEY_BAD", format!("the signer's key: {error}")),
        SubjectKey::BadLength(found) => {
            run.fail(StepId::S2, "KEY_BAD", format!("the signer's key has {found} bytes, wanted 65"));
        }
    }
    None
}

fn check_value(run: &mut Run<'_>, signer: &Certificate, ses: &SesSignature<'_>) {
    let Some(key) = key_of(run, signer) else { return };
    let value = match Sm2Signature::from_der(ses.signature) {
        Ok(value) => value,
        Err(SignatureError::RangeR | SignatureError::RangeS) => {
            return run.fail(StepId::S2, "SM2_BAD", "r or s is out of range");
        }
        Err(SignatureError::Der { .. }) => {
            let Ok(raw) = <&[u8; 64]>::try_from(ses.signature) else { return };
            if run.lenient {
                run.warn(StepId::S2, "LINT_RAW_SIG", "the signature is raw r and s");
            } else {
                run.fail(StepId::S2, "SM2_ENCODING", "the signature is raw r and s, wanted DER");
            }
            match Sm2Signature::from_raw(raw) {
                Ok(value) => value,
                Err(_) => return run.fail(StepId::S2, "SM2_BAD", "r or s is out of range"),
            }
        }
    };
    if sm2::verify(key, DEFAULT_ID, ses.signed, &value).is_ok() {
        return;
    }
    let hash = sm3::digest(ses.signed);
    let other = [
        (sm2::verify(key, b"", ses.signed, &value).is_ok(), "; it verifies under the empty signer identifier"),
        (sm2::verify_digest(key, &hash, &value).is_ok(), "; it verifies without Z"),
        (sm2::verify(key, DEFAULT_ID, &hash, &value).is_ok(), "; it verifies over the hash of what it should sign"),
    ];
    let why = other.into_iter().find(|(holds, _)| *holds).map_or("", |(_, why)| why);
    run.fail(StepId::S2, "SM2_BAD", format!("the signature does not verify{why}"));
}

fn check_signed_data(run: &mut Run<'_>, signature: &Signature<'_>, data: &SignedData<'_>) {
    run.begin(StepId::S1);
    if let Err(error) = check_canonical(signature.value_bytes) {
        fail_structure(run, false, error);
    }
    if data.signers.len() != 1 {
        run.fail(StepId::S1, "CMS_MALFORMED", format!("{} signers, wanted one", data.signers.len()));
    }
    if let Some(misfit) = find_misfit(data) {
        let (step, code) = match misfit {
            Misfit::Version(_) | Misfit::ContentType => (StepId::S1, "CMS_MALFORMED"),
            Misfit::DigestAlgorithm(_) => (StepId::S2, "WEAK_OR_UNKNOWN_DIGEST"),
            Misfit::SignatureAlgorithm(_) => (StepId::S2, "SIG_METHOD"),
        };
        if run.lenient {
            run.warn(step, code, misfit.to_string());
        } else {
            run.fail(step, code, misfit.to_string());
        }
    }
    let Some(info) = data.signers.first() else { return };
    run.begin(StepId::S2);
    let mut digest_fits = false;
    match &signature.signer {
        Some(Ok(signer)) => {
            if let Some(key) = key_of(run, signer) {
                let found = if verify_profile(data, key) {
                    Some((Flavour::AttrZ, false))
                } else {
                    detect(data, key, signature.bytes).map(|found| (found.flavour, found.raw))
                };
                check_flavour(run, found);
                if let Some((Flavour::PlainDoubleHash, _)) = found {
                    digest_fits = data.content.is_none_or(|content| content == sm3::digest(signature.bytes));
                }
            }
        }
        _ => run.warn(StepId::S2, "CERT_MALFORMED", "the signer's certificate is missing or cannot be read"),
    }

    let attributes = info.attributes.as_ref();
    let signed_at = match attributes {
        Some(attributes) => {
            let time = attributes.signing_time();
            if time.is_none() {
                run.fail(StepId::S4, "TIME_FORM", "signingTime is missing or of another form");
            }
            time
        }
        None => signature.file.as_ref().and_then(|file| date_time(file.date_time.as_deref()?, true)),
    };
    run.signed_at = run.signed_at.or(signed_at);
    let stamped = check_token(run, None, info.signature, signed_at);
    let delivered: Vec<Certificate> = data.certificates.iter().filter_map(|der| Certificate::read(der).ok()).collect();
    check_signer(run, signature, &delivered, signed_at, stamped);

    run.begin(StepId::S5);
    let hash = sm3::digest(signature.bytes);
    let detached_fits = data.content.is_none_or(|content| content == signature.bytes);
    let fits = match attributes {
        Some(attributes) => attributes.message_digest() == Some(&hash) && detached_fits,
        None => digest_fits || data.content == Some(&hash) || data.content == Some(signature.bytes),
    };
    if !fits {
        run.fail(StepId::S5, "DATAHASH_MISMATCH", format!("{}: the signed digest differs", signature.name));
    }
    check_agreement(run, signature, signed_at);
}

fn check_flavour(run: &mut Run<'_>, found: Option<(Flavour, bool)>) {
    match found {
        None => run.fail(StepId::S2, "SM2_BAD", "the signature does not verify in any known flavour"),
        Some((Flavour::AttrZ, false)) => {}
        Some((Flavour::AttrZ, true)) if run.lenient => {
            run.warn(StepId::S2, "LINT_RAW_SIG", "the signature is raw r and s");
        }
        Some((Flavour::AttrZ, true)) => {
            run.fail(StepId::S2, "SM2_ENCODING", "the signature is raw r and s, wanted DER");
        }
        Some((Flavour::PlainDoubleHash, _)) => {
            run.warn(StepId::S2, "LINT_RAW_SIG", "no signed attributes; the hash itself is signed (plain-doublehash)");
        }
        Some((flavour, _)) if run.lenient => {
            run.warn(StepId::S2, "LINT_RAW_SIG", format!("flavour {}", flavour.id()));
        }
        Some((Flavour::AttrZEmpty, _)) => {
            run.fail(StepId::S2, "SIG_SIGNER_ID", "verifies under the empty signer identifier");
        }
        Some((flavour, _)) => run.fail(StepId::S2, "SM2_BAD", format!("verifies only in the flavour {}", flavour.id())),
    }
}

fn signing_time(run: &mut Run<'_>, time: &TimeText<'_>) -> Option<OffsetDateTime> {
    run.begin(StepId::S4);
    if let Some(instant) = time.instant() {
        return Some(instant);
    }
    let lenient = time.lenient_instant();
    if run.lenient && lenient.is_some() {
        run.warn(StepId::S4, "LINT_DATE_FORM", "timeInfo");
    } else {
        run.fail(StepId::S4, "TIME_FORM", "timeInfo is not of the form YYYYMMDDHHMMSSZ");
    }
    lenient
}

/// D2. Gives the time that a valid token proves.
fn check_token(
    run: &mut Run<'_>,
    token: Option<&[u8]>,
    value: &[u8],
    signed_at: Option<OffsetDateTime>,
) -> Option<OffsetDateTime> {
    let Some(bytes) = token else {
        if run.policy.timestamp_required {
            run.unknown(StepId::D2, "TS_MISSING", "a time stamp is required and there is none");
        }
        return None;
    };
    run.begin(StepId::D2);
    let trust = run.trust;
    let store = Store { roots: &trust.roots, intermediates: &trust.intermediates, delivered: &[] };
    let read = Token::read(bytes).map_err(|error| error.to_string());
    let checked = read.and_then(|token| {
        token.verify(value, &store).map_err(|fault| fault.to_string())?;
        Ok(token.time)
    });
    match checked {
        Ok(time) if signed_at.is_some_and(|signed| time < signed) => {
            run.fail(StepId::D2, "TS_INVALID", "the time stamp is earlier than the signature");
            None
        }
        Ok(time) => {
            run.stamped_at = Some(time);
            Some(time)
        }
        Err(text) => {
            run.fail(StepId::D2, "TS_INVALID", format!("the time stamp: {text}"));
            None
        }
    }
}

/// S3 and S4.
pub(super) fn check_signer(
    run: &mut Run<'_>,
    signature: &Signature<'_>,
    delivered: &[Certificate],
    signed_at: Option<OffsetDateTime>,
    stamped: Option<OffsetDateTime>,
) {
    let signer = match &signature.signer {
        Some(Ok(signer)) => signer,
        Some(Err(error)) => {
            let code = if error.fault.is_form() { "DER_NON_CANONICAL" } else { "CERT_MALFORMED" };
            let text = format!("the signer's certificate: {error}");
            return run.add(StepId::S3, Outcome::Fail, code, Some("signer"), text);
        }
        None => {
            let text = "the signer's certificate is missing".to_owned();
            return run.add(StepId::S3, Outcome::Fail, "CERT_CHAIN", Some("signer"), text);
        }
    };
    let wanted = if run.artefact == Some(Artefact::Copy) { purpose::COPY } else { purpose::SEALING };
    let role = run.trust.role_of(signer);
    let other = [purpose::SEALING, purpose::COPY, purpose::STATUS, purpose::VIEW];
    // A further signature has a role of its own.
    let extra = role.is_some_and(|role| run.policy.extra_records.contains(&role));
    let purposes: &[_] = if extra { &other } else { &[wanted] };
    let foreign = signer.extensions.extended_usage.is_none() || run.lenient;
    let question = Question {
        step: StepId::S3,
        who: "signer",
        at: signed_at.unwrap_or(run.at),
        purposes: if foreign { &[] } else { purposes },
        delivered,
        stamped,
    };
    let revoked = judge(run, signer, &question);
    if foreign && !run.lenient && signer.extensions.key_usage.is_none() {
        run.add(StepId::S3, Outcome::Fail, "CERT_USAGE", Some("signer"), "names no key usage".to_owned());
    }

    let Some(signed_at) = signed_at else { return };
    run.begin(StepId::S4);
    let mut fail = |code, text: &str| run.add(StepId::S4, Outcome::Fail, code, Some("signer"), text.to_owned());
    if signed_at < signer.not_before {
        fail("CERT_NOT_YET_VALID", "signed before the signer's certificate was valid");
    } else if signed_at > signer.not_after {
        fail("CERT_EXPIRED", "signed after the signer's certificate had expired");
    }
    if signed_at > run.at + SKEW {
        run.fail(StepId::S4, "TIME_FUTURE", "the signing time lies in the future");
    } else if run.at > signer.not_after
        && signed_at <= signer.not_after
        && run.policy.time_source == TimeSource::Token
        && stamped.is_none_or(|stamped| stamped > signer.not_after)
    {
        run.unknown(StepId::S4, "TS_MISSING", "the signer's certificate has expired and no time stamp proves the time");
    }
    if let Some(revocation) = revoked
        && !outlives(run, signed_at, revocation.at, stamped)
    {
        let before = revocation.at <= signed_at;
        let text =
            if before { "revoked before signing" } else { "revoked after signing, and no time stamp proves the time" };
        run.add(StepId::S4, Outcome::Fail, "CERT_REVOKED", Some("signer"), text.to_owned());
    }
}

/// Reads SignatureDateTime: the one strict form, or the forms of the field.
pub(super) fn date_time(text: &str, lenient: bool) -> Option<OffsetDateTime> {
    let strict = ecric_gm::der::read_generalized_time(text.as_bytes());
    if strict.is_some() || !lenient {
        return strict;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).take(14).collect();
    let base = ecric_gm::der::read_generalized_time(format!("{digits}Z").as_bytes())?;
    // Without a zone, China time is meant.
    Some(if text.ends_with('Z') { base } else { base - Duration::hours(8) })
}

/// D1: both times say the same; timeInfo governs.
fn check_agreement(run: &mut Run<'_>, signature: &Signature<'_>, signed_at: Option<OffsetDateTime>) {
    let (Some(file), Some(signed_at)) = (&signature.file, signed_at) else { return };
    run.begin(StepId::D1);
    let Some(text) = file.date_time.as_deref() else {
        if !run.lenient {
            run.fail(StepId::D1, "TIME_DISAGREES", "SignatureDateTime is missing");
        }
        return;
    };
    match date_time(text, run.lenient) {
        Some(found) if (found - signed_at).abs() > AGREE => {
            let seconds = (found - signed_at).whole_seconds();
            run.fail(StepId::D1, "TIME_DISAGREES", format!("SignatureDateTime is {seconds} s off the signing time"));
        }
        Some(_) if date_time(text, false).is_none() => {
            run.warn(StepId::D1, "LINT_DATE_FORM", "SignatureDateTime");
        }
        Some(_) => {}
        None => run.fail(StepId::D1, "TIME_FORM", "SignatureDateTime is not of the form YYYYMMDDHHMMSSZ"),
    }
}

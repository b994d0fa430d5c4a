//! E1 to E6: the seal, its maker, its validity, and whether this signer may use it.

use ecric_gm::der::{check_canonical, tag};
use ecric_gm::oid::SM2_WITH_SM3;
use ecric_gm::sm2::{self, DEFAULT_ID, Signature as Sm2Signature};
use ecric_gm::sm3;
use ecric_gm::x509::Certificate;

use super::certificates::{Question, judge, outlives};
use super::records::Signature;
use super::report::{Outcome, StepId};
use super::run::Run;
use super::signature_steps::SealAt;
use crate::ofd::zip::Package;
use crate::seal::{CertList, PictureFault, Seal, SesVersion, check_picture};

pub(super) fn check(run: &mut Run<'_>, signature: &Signature<'_>, at: &SealAt<'_>, package: &Package<'_>) {
    run.begin(StepId::E1);
    check_file(run, signature, at.bytes, package);
    check_seal(run, signature.signer(), at);
}

/// E1 to E5, without the file of the seal.
pub(super) fn check_seal(run: &mut Run<'_>, signer: Option<&Certificate>, at: &SealAt<'_>) {
    run.begin(StepId::E1);
    let seal = match &at.seal {
        Ok(seal) => seal,
        Err(error) => {
            let code = if error.fault.is_form() { "DER_NON_CANONICAL" } else { "SEAL_MALFORMED" };
            return run.fail(StepId::E1, code, error.to_string());
        }
    };
    run.seal_name = run.seal_name.take().or_else(|| Some(seal.name.clone()));
    check_structure(run, seal, at.bytes);
    check_maker(run, seal, at);
    check_validity(run, seal, at);
    if let Some(signer) = signer {
        check_listed(run, signer, seal);
    }
}

/// E6.
fn check_file(run: &mut Run<'_>, signature: &Signature<'_>, seal: &[u8], package: &Package<'_>) {
    match signature.seal_name.as_deref().and_then(|name| package.get(name)) {
        Some(bytes) => {
            run.begin(StepId::E6);
            if bytes != seal {
                run.fail(StepId::E6, "SEAL_FILE_MISMATCH", "the seal file differs from the seal that was signed");
            }
        }
        None if run.lenient => {}
        None => run.fail(StepId::E6, "SEAL_FILE_MISMATCH", "the seal file is missing"),
    }
}

fn check_structure(run: &mut Run<'_>, seal: &Seal<'_>, bytes: &[u8]) {
    if let Err(error) = check_canonical(bytes) {
        let code = if error.fault.is_form() { "DER_NON_CANONICAL" } else { "SEAL_MALFORMED" };
        run.fail(StepId::E1, code, error.to_string());
    }
    if seal.header_id != "ES" {
        run.fail(StepId::E1, "SEAL_MALFORMED", "the header does not begin with ES");
    }
    if SesVersion::of(seal.header_version) != Some(seal.shape) {
        let text = format!("shape {:?}, version {} in the header", seal.shape, seal.header_version);
        run.fail(StepId::E1, "VERSION_MIX", text);
    }
    match check_picture(&seal.picture) {
        Ok(()) => {}
        Err(PictureFault::Limit) => run.fail(StepId::E1, "PICTURE_LIMIT", "the picture of the seal is too large"),
        Err(PictureFault::Nested) => {
            run.fail(StepId::E1, "NESTED_LIMIT", "the picture of the seal is a package that may not be there");
        }
    }
}

/// E2 and E3.
fn check_maker(run: &mut Run<'_>, seal: &Seal<'_>, at: &SealAt<'_>) {
    run.begin(StepId::E2);
    let maker = match Certificate::read(seal.maker) {
        Ok(maker) => maker,
        Err(error) => {
            let text = format!("the maker's certificate: {error}");
            return run.add(StepId::E3, Outcome::Fail, "CERT_MALFORMED", Some("maker"), text);
        }
    };
    let value = Sm2Signature::from_der(seal.signature).or_else(|error| {
        let raw = <&[u8; 64]>::try_from(seal.signature).ok().filter(|_| run.lenient);
        raw.map_or(Err(error), Sm2Signature::from_raw)
    });
    let holds = seal.algorithm == SM2_WITH_SM3
        && matches!((maker.key.sm2(), value), (Some(key), Ok(value))
            if sm2::verify(key, DEFAULT_ID, &seal.signed, &value).is_ok());
    if !holds {
        run.fail(StepId::E2, "SEAL_SIGNATURE_BAD", "the maker's signature over the seal does not verify");
    }
    let created = seal.created.instant().or_else(|| seal.created.lenient_instant());
    let question = Question {
        step: StepId::E3,
        who: "maker",
        at: created.unwrap_or(run.at),
        purposes: &[],
        delivered: &[],
        stamped: at.stamped,
    };
    let revoked = judge(run, &maker, &question);
    if maker.extensions.key_usage.is_none() && !run.lenient {
        run.add(StepId::E3, Outcome::Fail, "CERT_USAGE", Some("maker"), "names no key usage".to_owned());
    }
    let Some(created) = created else { return };
    if created < maker.not_before {
        run.warn(StepId::E3, "SEAL_OLDER_THAN_MAKER", "the seal is older than its maker's certificate");
    } else if created > maker.not_after {
        let text = "the seal was made after its maker's certificate had expired".to_owned();
        run.add(StepId::E3, Outcome::Fail, "CERT_EXPIRED", Some("maker"), text);
    }
    if let Some(revocation) = revoked
        && !outlives(run, created, revocation.at, at.stamped)
    {
        run.add(StepId::E3, Outcome::Fail, "CERT_REVOKED", Some("maker"), "the maker is revoked".to_owned());
    }
}

/// E4.
fn check_validity(run: &mut Run<'_>, seal: &Seal<'_>, at: &SealAt<'_>) {
    run.begin(StepId::E4);
    let times = [&seal.created, &seal.valid_start, &seal.valid_end];
    let wanted = if seal.shape == SesVersion::V1 { tag::UTC_TIME } else { tag::GENERALIZED_TIME };
    if !run.lenient && times.iter().any(|time| time.tag != wanted || time.instant().is_none()) {
        return run.fail(StepId::E4, "SEAL_TIME_FORM", "a time of the seal is of another form");
    }
    let [_, start, end] = times.map(|time| time.instant().or_else(|| time.lenient_instant()));
    let (Some(start), Some(end)) = (start, end) else {
        return run.fail(StepId::E4, "SEAL_TIME_FORM", "a time of the seal cannot be read");
    };
    if start > end {
        return run.fail(StepId::E4, "SEAL_TIME_FORM", "the seal's validity ends before it begins");
    }
    if let Some(signed) = at.signed_at {
        if signed < start {
            run.fail(StepId::E4, "SEAL_NOT_YET_VALID", "signed before the seal was valid");
        } else if signed > end {
            run.fail(StepId::E4, "SEAL_EXPIRED", "signed after the seal had expired");
        }
    }
    if run.policy.seal_expired_now && run.at > end {
        run.fail(StepId::E4, "SEAL_EXPIRED_NOW", "the seal has expired since");
    }
}

/// E5.
fn check_listed(run: &mut Run<'_>, signer: &Certificate, seal: &Seal<'_>) {
    run.begin(StepId::E5);
    let listed = match &seal.certificates {
        CertList::Certificates(list) => list.contains(&signer.der()),
        CertList::Digests(list) => {
            let digest = sm3::digest(signer.der());
            list.iter().any(|(kind, found)| *found == digest && kind.eq_ignore_ascii_case("SM3"))
                || list.iter().any(|(kind, found)| *found == digest && kind == "1.2.156.10197.1.401")
        }
    };
    if !listed {
        run.fail(StepId::E5, "CERT_NOT_IN_SEAL", "the signer is not in the list of the seal");
    }
}

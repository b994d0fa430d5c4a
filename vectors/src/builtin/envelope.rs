//! Signatures inside structures: certificates, lists, OCSP answers, SignedData, seals. Whether somebody
//! may be trusted is no question here.

use ecric_gm::der::check_canonical;
use ecric_gm::oid::PKCS7_SIGNED_DATA;
use ecric_gm::signed_data::{Detected, Flavour, Misfit, SignedData, detect, find_misfit, verify_profile};
use ecric_gm::sm2::PublicKey;
use ecric_gm::sm3;
use ecric_gm::x509::crl::Crl;
use ecric_gm::x509::ocsp::OcspResponse;
use ecric_gm::x509::{Certificate, CertificateFault, LinkFault, verify_link};
use ecric_licence::seal::{read_seal, read_signature};

use super::{Input, Refusal, Reply, refused, unreadable};
use crate::options::Options;

pub(super) fn ask(name: &str, input: &Input<'_>, options: &Options) -> Reply {
    match name {
        "x509.signature" => link(input),
        "signed_data.verify" => signed_data(input, options),
        "ses.signature" => seal_value(input),
        _ => Err(Refusal::Unsupported),
    }
}

fn link(input: &Input<'_>) -> Reply {
    let object = input.bytes("object")?;
    let issuer = certificate(&input.bytes("issuer")?)?;
    check_canonical(&object).map_err(|error| unreadable("CERT_MALFORMED", error))?;
    let bad = |error| unreadable("CERT_MALFORMED", error);
    let said = match input.text("kind")? {
        "certificate" => {
            let read = Certificate::read(&object).map_err(bad)?;
            strict(&read.faults)?;
            read.verify_by(&issuer)
        }
        "crl" => {
            let read = Crl::read(&object).map_err(bad)?;
            strict(&read.faults)?;
            read.verify_by(&issuer)
        }
        "ocsp" => match OcspResponse::read(&object).map_err(bad)? {
            Some(read) => read.verify_by(&issuer),
            None => return Err(refused("CERT_STATUS_UNKNOWN", "the responder refuses")),
        },
        other => return Err(Refusal::Malformed(format!("kind {other:?} is not known"))),
    };
    said.map(|()| None).map_err(|fault| refused(code_of(fault), fault))
}

/// A certificate as read, whatever is merely wrong with it.
fn certificate(der: &[u8]) -> Result<Certificate, Refusal> {
    Certificate::read(der).map_err(|error| unreadable("CERT_MALFORMED", error))
}

/// Faults of the encoding alone.
fn strict(faults: &[CertificateFault]) -> Result<(), Refusal> {
    let form =
        faults.iter().find_map(|fault| if let CertificateFault::Der(error) = fault { Some(*error) } else { None });
    form.map_or(Ok(()), |error| Err(unreadable("CERT_MALFORMED", error)))
}

const fn code_of(fault: LinkFault) -> &'static str {
    match fault {
        LinkFault::Algorithm => "SIG_METHOD",
        LinkFault::Encoding => "SM2_ENCODING",
        LinkFault::Range | LinkFault::Mismatch => "SM2_BAD",
        LinkFault::OtherSignerId => "SIG_SIGNER_ID",
        LinkFault::IssuerKey => "KEY_BAD",
    }
}

fn seal_value(input: &Input<'_>) -> Reply {
    let object = input.bytes("object")?;
    check_canonical(&object).map_err(|error| unreadable("SES_MALFORMED", error))?;
    let bad = |error| unreadable("SES_MALFORMED", error);
    let check = |der: &[u8], algorithm, signed: &[u8], value: &[u8]| {
        let holder = certificate(der)?;
        let key = holder.key.sm2().ok_or_else(|| refused("KEY_BAD", "no SM2 key"))?;
        verify_link(algorithm, signed, value, key).map_err(|fault| refused(code_of(fault), fault))
    };
    match input.text("kind")? {
        "seal" => {
            let read = read_seal(&object).map_err(bad)?;
            check(read.maker, &read.algorithm, &read.signed, read.signature)?;
        }
        "seal-signature" => {
            let read = read_signature(&object).map_err(bad)?;
            check(read.certificate, &read.algorithm, read.signed, read.signature)?;
        }
        other => return Err(Refusal::Malformed(format!("kind {other:?} is not known"))),
    }
    Ok(None)
}

fn signed_data(input: &Input<'_>, options: &Options) -> Reply {
    let bytes = input.bytes("signed_data")?;
    let given = input.find("content").map(|_| input.bytes("content")).transpose()?;
    check_canonical(&bytes).map_err(|error| unreadable("CMS_MALFORMED", error))?;
    let data = SignedData::read(&bytes).map_err(|error| unreadable("CMS_MALFORMED", error))?;
    if data.outer == PKCS7_SIGNED_DATA && !options.accepts("cms_pkcs7_type") {
        return Err(refused("CMS_MALFORMED", "outer content type of PKCS#7"));
    }
    if let Some(misfit) = find_misfit(&data) {
        let code = match misfit {
            Misfit::Version(_) | Misfit::ContentType => "CMS_MALFORMED",
            Misfit::DigestAlgorithm(_) => "WEAK_OR_UNKNOWN_DIGEST",
            Misfit::SignatureAlgorithm(_) => "SIG_METHOD",
        };
        return Err(refused(code, misfit));
    }
    let [signer] = &data.signers[..] else {
        return Err(refused("CMS_MALFORMED", format!("{} signers, wanted one", data.signers.len())));
    };
    let document =
        given.as_deref().or(data.content).ok_or_else(|| refused("CMS_MALFORMED", "neither embedded nor given"))?;
    let named = data.certificates.iter().filter_map(|der| Certificate::read(der).ok());
    let named = named.into_iter().find(|found| found.issuer.der() == signer.issuer && found.serial == signer.serial);
    let named = named.ok_or_else(|| refused("CERT_CHAIN", "the certificate of the signer is missing"))?;
    let key = named.key.sm2().ok_or_else(|| refused("KEY_BAD", "no SM2 key"))?;
    let found = flavour(&data, key, document)?;
    check_flavour(found, options)?;
    let hashed = matches!(found.flavour, Flavour::PlainDoubleHash | Flavour::B64Hash);
    let differs = data.content.is_some_and(|content| content != document) && !hashed;
    let digest = signer.attributes.as_ref().map(|attributes| attributes.message_digest());
    if differs || digest.is_some_and(|digest| digest != Some(&sm3::digest(document))) {
        return Err(refused("DATAHASH_MISMATCH", "another content was signed"));
    }
    Ok(None)
}

fn flavour(data: &SignedData<'_>, key: &PublicKey, document: &[u8]) -> Result<Detected, Refusal> {
    if verify_profile(data, key) {
        return Ok(Detected { flavour: Flavour::AttrZ, raw: false });
    }
    detect(data, key, document).ok_or_else(|| refused("SM2_BAD", "verifies in no known flavour"))
}

fn check_flavour(found: Detected, options: &Options) -> Result<(), Refusal> {
    if found.raw && !options.accepts("cms_raw_value") {
        return Err(refused("SM2_ENCODING", "r and s are raw"));
    }
    let (option, code) = match found.flavour {
        Flavour::AttrZ => return Ok(()),
        Flavour::AttrZEmpty => ("cms_empty_id", "SIG_SIGNER_ID"),
        Flavour::AttrNoZAll | Flavour::PlainNoZ | Flavour::PlainNoZTlv => ("cms_without_z", "SM2_BAD"),
        Flavour::PlainZ => ("cms_plain", "SM2_BAD"),
        Flavour::PlainDoubleHash => ("cms_double_hash", "SM2_BAD"),
        Flavour::B64Hash => ("cms_base64_hash", "SM2_BAD"),
    };
    if options.accepts(option) { Ok(()) } else { Err(refused(code, format!("flavour {}", found.flavour.id()))) }
}

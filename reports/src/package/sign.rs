//! Signatures on a package: GB/T 35275 SignedData with signed attributes over a statement. Made, and checked.

use ecric_gm::oid;
use ecric_gm::signed_data::{Flavour, SignedData, SignerSpec, find_misfit, verify_profile, write_signed_data};
use ecric_gm::x509::Certificate;
use ecric_gm::x509::path::{Store, find_path};
use ecric_model::verdict::RunVerdict;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::assemble::write_package;
use super::contents::Contents;
use super::fault::Fault;
use super::ledger::sm3_of;
use super::manifest::SIGNATURES;
use super::signer::{Signer, Trust, role_of};
use super::statement::{PREDICATE_TYPE, Resource, STATEMENT_TYPE, SignerRole, Statement};
use super::verify::Examined;
use crate::ReportError;

/// Most signatures on a package.
const SIGNATURES_MAX: usize = 64;

/// Whether a signer is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Among the trusted certificates, or under one of them.
    Trusted,
    /// Nobody said whom to trust.
    Unchecked,
    /// Not trusted.
    Untrusted,
}

/// A signature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureFact {
    /// File in the package; empty for an attestation of its own.
    pub file: String,
    /// Role.
    pub role: SignerRole,
    /// Name in the certificate.
    pub signer: String,
    /// SM3 of the certificate, hex.
    pub certificate_sm3: String,
    /// When it was signed, RFC 3339.
    pub signed_at: String,
    /// Whether the signer is known.
    pub standing: Standing,
    /// What is stated.
    pub statement: Statement,
}

/// Why a package may not be signed in a role; empty if it may.
#[must_use]
pub fn refusals(examined: &Examined, role: SignerRole) -> Vec<Fault> {
    let mut out = examined.faults.clone();
    let Some(run) = examined.contents.as_ref().and_then(|contents| contents.run.as_ref()) else {
        out.push(Fault::said(
            "",
            "the run was interrupted: nothing can be claimed",
            "运行被中断，不能据此作出任何声明",
        ));
        return out;
    };
    if role == SignerRole::Vendor {
        return out;
    }
    if examined.is_incomplete() {
        out.push(Fault::said("run.json", "planned cases were never closed", "存在未关闭的计划用例"));
    }
    if run.partial {
        out.push(Fault::said("run.json", "the run is partial: cases were left out", "部分测试：有用例未执行"));
    }
    let passed = run.cases.iter().filter(|case| case.verdict == ecric_model::verdict::Verdict::Pass).count();
    if passed == 0 {
        out.push(Fault::said("run.json", "0 passed: nothing was shown", "0个通过：未证明任何事项"));
    }
    if role == SignerRole::Body && run.verdict != RunVerdict::Conformant {
        out.push(Fault::said("run.json", "the run is not conformant", "运行结论不是“符合”"));
    }
    out
}

/// Adds a signature to a package that holds; returns the new package and the signature by itself.
///
/// # Errors
/// When the statement cannot be encoded or signed, or there are too many signatures already.
pub fn sign(
    contents: &Contents,
    role: SignerRole,
    signer: &Signer,
    now: OffsetDateTime,
) -> Result<(Vec<u8>, Vec<u8>), ReportError> {
    let failed = |found: String| ReportError::Sign { found };
    let Some(run) = &contents.run else { return Err(failed("the run is open".to_owned())) };
    if contents.signatures.len() >= SIGNATURES_MAX {
        return Err(failed(format!("{SIGNATURES_MAX} signatures are there already")));
    }
    let manifest = contents.manifest.to_bytes().map_err(|source| ReportError::Encode { source })?;
    let rests_on = match role {
        SignerRole::Body => contents.signatures.iter().map(|(name, bytes)| Resource::of(name, bytes)).collect(),
        _ => Vec::new(),
    };
    let now = now.replace_nanosecond(0).unwrap_or(now);
    let at = now.to_offset(time::UtcOffset::UTC).format(&Rfc3339).unwrap_or_default();
    let statement = Statement::about(contents, run, &manifest, role, &at, rests_on);
    let payload = serde_json::to_vec(&statement).map_err(|source| ReportError::Encode { source })?;
    let signature = sign_bytes(&payload, signer, now)?;
    let mut signatures = contents.signatures.clone();
    signatures.push((format!("{SIGNATURES}{:02}-{}.p7s", signatures.len() + 1, role.name()), signature.clone()));
    Ok((write_package(&manifest, &contents.files, &signatures)?, signature))
}

/// Signs bytes, which are embedded.
///
/// # Errors
/// When the one deterministic nonce gives no signature, which is as good as never.
pub fn sign_bytes(payload: &[u8], signer: &Signer, now: OffsetDateTime) -> Result<Vec<u8>, ReportError> {
    let spec = SignerSpec {
        certificate: &signer.certificate,
        key: &signer.key,
        flavour: Flavour::AttrZ,
        raw: false,
        signing_time: Some(now),
        message_digest: None,
    };
    let certificates = [&signer.certificate];
    write_signed_data(&oid::GM_SIGNED_DATA, &oid::GM_DATA, payload, Some(payload), &certificates, false, &[spec])
        .map_err(|error| ReportError::Sign { found: error.to_string() })
}

/// A SignedData that holds.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What is signed.
    pub payload: Vec<u8>,
    /// The signer's certificate.
    pub certificate: Certificate,
    /// signingTime.
    pub signed_at: OffsetDateTime,
    /// Whether the signer is known.
    pub standing: Standing,
}

impl Opened {
    /// SM3 of the certificate, hex.
    #[must_use]
    pub fn certificate_sm3(&self) -> String {
        ecric_gm::encoding::hex(&self.certificate.fingerprint())
    }

    /// Name in the certificate.
    #[must_use]
    pub fn signer(&self) -> String {
        self.certificate.subject.to_string()
    }
}

/// Checks a SignedData with embedded content: form, one signer, its certificate, digest, signature, time, trust.
///
/// # Errors
/// What does not hold, in words.
pub fn open_signed(bytes: &[u8], trust: Option<&Trust>) -> Result<Opened, String> {
    let data = SignedData::read(bytes).map_err(|error| format!("not SignedData of GB/T 35275: {error}"))?;
    if let Some(misfit) = find_misfit(&data) {
        return Err(misfit.to_string());
    }
    let ([info], [der], Some(payload)) = (&data.signers[..], &data.certificates[..], data.content) else {
        return Err("not one signer, one certificate and embedded content".to_owned());
    };
    if data.outer != oid::GM_SIGNED_DATA || data.content_type != oid::GM_DATA {
        return Err("the content types are not those of GB/T 35275".to_owned());
    }
    let certificate = Certificate::read(der).map_err(|error| format!("certificate: {error}"))?;
    if let Some(fault) = certificate.faults.first() {
        return Err(format!("certificate: {fault:?}"));
    }
    if info.issuer != certificate.issuer.der() || info.serial != certificate.serial {
        return Err("the signer is not the one of the certificate".to_owned());
    }
    let attributes = info.attributes.as_ref().ok_or("there are no signed attributes")?;
    if attributes.message_digest() != Some(&ecric_gm::sm3::digest(payload)[..]) {
        return Err("the content is not the one that was signed".to_owned());
    }
    let key = certificate.key.sm2().ok_or("the certificate has no SM2 key")?;
    if !verify_profile(&data, key) {
        return Err("the signature does not verify".to_owned());
    }
    if certificate.is_self_issued() && certificate.verify_by(&certificate).is_err() {
        return Err("the certificate was altered".to_owned());
    }
    let signed_at = attributes.signing_time().ok_or("there is no signing time")?;
    if signed_at < certificate.not_before || signed_at > certificate.not_after {
        return Err("signed outside the validity of the certificate".to_owned());
    }
    let standing = standing(&certificate, trust, signed_at);
    Ok(Opened { payload: payload.to_vec(), certificate, signed_at, standing })
}

fn standing(certificate: &Certificate, trust: Option<&Trust>, at: OffsetDateTime) -> Standing {
    let Some(trust) = trust else { return Standing::Unchecked };
    let known = trust.certificates.iter().any(|one| one.der() == certificate.der());
    let store = Store { roots: &trust.certificates, intermediates: &[], delivered: &[] };
    let under = || {
        let path = find_path(certificate, &store, at);
        path.problems.is_empty() && path.certificates.len() > 1
    };
    if known || under() { Standing::Trusted } else { Standing::Untrusted }
}

/// Checks every signature of a package; `required` roles must be among those that hold and, where trust was
/// given, are trusted.
pub fn check_signatures(
    contents: &Contents,
    trust: Option<&Trust>,
    required: &[SignerRole],
    faults: &mut Vec<Fault>,
) -> Vec<SignatureFact> {
    let manifest = contents.manifest.to_bytes().unwrap_or_default();
    let mut out: Vec<SignatureFact> = Vec::new();
    for (index, (name, bytes)) in contents.signatures.iter().enumerate() {
        if index >= SIGNATURES_MAX {
            faults.push(Fault::said(name.as_str(), "too many signatures", "签名过多"));
            break;
        }
        match check_one(contents, &manifest, index, name, bytes, trust) {
            Ok(fact) => out.push(fact),
            Err((en, zh)) => faults.push(Fault::said(name.as_str(), en, zh)),
        }
    }
    for role in required {
        if !out.iter().any(|fact| fact.role == *role && fact.standing != Standing::Untrusted) {
            let role = role.name();
            faults.push(Fault::said(
                "signatures",
                format!("a signature of the role {role} is required and there is none that holds"),
                format!("要求具有角色 {role} 的签名，但没有有效的此类签名"),
            ));
        }
    }
    if !required.is_empty() && contents.run.as_ref().is_none_or(|run| run.partial) {
        faults.push(Fault::said(
            "run.json",
            "signatures are required, and the run is partial or has not ended",
            "要求签名，但该运行为部分测试或尚未结束",
        ));
    }
    out
}

type Wrong = (String, String);

fn check_one(
    contents: &Contents,
    manifest: &[u8],
    index: usize,
    name: &str,
    bytes: &[u8],
    trust: Option<&Trust>,
) -> Result<SignatureFact, Wrong> {
    let wrong = |en: &str, zh: &str| Err((en.to_owned(), zh.to_owned()));
    let opened = open_signed(bytes, trust)
        .map_err(|why| (format!("the signature does not hold: {why}"), format!("签名无效：{why}")))?;
    let statement = read_statement(&opened.payload)?;
    let role = statement.predicate.ecric.role;
    if name != format!("{SIGNATURES}{:02}-{}.p7s", index + 1, role.name()) {
        return wrong("the file is not named for its place and role", "文件名与其序号和角色不符");
    }
    if role_of(&opened.certificate).is_some_and(|bound| bound != role) {
        return wrong("the certificate is bound to another role", "证书限定于其他角色");
    }
    if opened.standing == Standing::Untrusted {
        let signer = opened.signer();
        return Err((format!("the signer is not trusted: {signer}"), format!("签名者不受信任：{signer}")));
    }
    let Some(run) = &contents.run else {
        return wrong("an open package cannot be signed", "未封存的包不能签名");
    };
    let rests_on = match role {
        SignerRole::Body => {
            contents.signatures[..index].iter().map(|(name, bytes)| Resource::of(name, bytes)).collect()
        }
        _ => Vec::new(),
    };
    let at = opened.signed_at.to_offset(time::UtcOffset::UTC).format(&Rfc3339).unwrap_or_default();
    if statement != Statement::about(contents, run, manifest, role, &at, rests_on) {
        return wrong("it was made for another package", "该签名针对另一个包");
    }
    Ok(SignatureFact {
        file: name.to_owned(),
        role,
        signer: opened.signer(),
        certificate_sm3: opened.certificate_sm3(),
        signed_at: at,
        standing: opened.standing,
        statement,
    })
}

fn read_statement(payload: &[u8]) -> Result<Statement, Wrong> {
    let read = serde_json::from_slice::<Statement>(payload).ok().filter(|statement| {
        statement.kind == STATEMENT_TYPE
            && statement.predicate_type == PREDICATE_TYPE
            && serde_json::to_vec(statement).ok().as_deref() == Some(payload)
    });
    read.ok_or_else(|| ("it holds no statement as they are written here".to_owned(), "不含本格式的声明".to_owned()))
}

/// Checks an attestation that stands by itself.
///
/// # Errors
/// What does not hold.
pub fn check_attestation(bytes: &[u8], trust: Option<&Trust>) -> Result<SignatureFact, Fault> {
    let fault = |(en, zh): Wrong| Fault::said("", en, zh);
    let opened = open_signed(bytes, trust)
        .map_err(|why| Fault::said("", format!("the signature does not hold: {why}"), format!("签名无效：{why}")))?;
    let statement = read_statement(&opened.payload).map_err(fault)?;
    let role = statement.predicate.ecric.role;
    if role_of(&opened.certificate).is_some_and(|bound| bound != role) {
        return Err(Fault::said("", "the certificate is bound to another role", "证书限定于其他角色"));
    }
    if opened.standing == Standing::Untrusted {
        return Err(Fault::said("", "the signer is not trusted", "签名者不受信任"));
    }
    Ok(SignatureFact {
        file: String::new(),
        role,
        signer: opened.signer(),
        certificate_sm3: opened.certificate_sm3(),
        signed_at: opened.signed_at.format(&Rfc3339).unwrap_or_default(),
        standing: opened.standing,
        statement,
    })
}

/// SM3 of the manifest that an attestation is about.
#[must_use]
pub fn subject_of(statement: &Statement) -> String {
    statement.subject.first().map(|first| first.digest.sm3.clone()).unwrap_or_default()
}

/// Takes the raw bodies out of a package. Manifest and signatures stay as they are, and it still verifies.
///
/// # Errors
/// When the archive cannot be written.
pub fn redact(contents: &Contents) -> Result<Vec<u8>, ReportError> {
    let manifest = contents.manifest.to_bytes().map_err(|source| ReportError::Encode { source })?;
    let mut files = contents.files.clone();
    files.remove(super::manifest::RAW);
    write_package(&manifest, &files, &contents.signatures)
}

/// Digest that names a package: SM3 of its manifest, hex.
#[must_use]
pub fn digest_of_manifest(contents: &Contents) -> String {
    contents.manifest.to_bytes().map(|bytes| sm3_of(&bytes)).unwrap_or_default()
}

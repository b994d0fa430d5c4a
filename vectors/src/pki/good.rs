//! The good certificates, XG01 to XG19.

use std::collections::BTreeMap;

use ecric_gm::oid::{EKU_OCSP_SIGNING, EKU_TIME_STAMPING};
use ecric_gm::sm2::SignError;
use ecric_gm::x509::Certificate;
use ecric_licence::authority::{Entity, Profile, entity, issue, specify};
use ecric_licence::file::purpose;
use time::macros::datetime;

/// Issuing authority of the test licences: name and code (USCI).
pub const AUTHORITY_A: (&str, &str) = ("测试证照颁发机构", "11110199099999028C");
/// A second issuing authority.
pub const AUTHORITY_B: (&str, &str) = ("测试第二颁发机构", "111101990999990367");
/// Who makes annotated copies.
pub const COPY_MAKER: (&str, &str) = ("测试共享服务机构", "1111019909999901XC");
/// A provider of loading ends.
pub const LOADER: (&str, &str) = ("测试装载端机构", "11110101099999909H");
/// A relying party.
pub const RELYING_PARTY: (&str, &str) = ("测试依赖方", "11440300099999917Q");

pub(super) type Made = (BTreeMap<&'static str, Entity>, Vec<Certificate>);

pub(super) fn make(seed: &[u8]) -> Result<Made, SignError> {
    let mut made: BTreeMap<&'static str, Entity> = BTreeMap::new();
    let mut put = |profile: Profile<'static>, issuer: Option<&str>| -> Result<(), SignError> {
        let issuer = issuer.and_then(|label| made.get(label)).cloned();
        let entity = issue(seed, &profile, issuer.as_ref())?;
        made.insert(profile.label, entity);
        Ok(())
    };
    put(Profile::authority("XG01", "root A", Some(1)), None)?;
    put(Profile::authority("XG02", "root B", Some(1)), None)?;
    put(Profile::authority("XG03", "intermediate A1", Some(0)), Some("XG01"))?;
    put(Profile::leaf("XG04", "signer S1", AUTHORITY_A, &[purpose::SEALING]), Some("XG03"))?;
    put(Profile::leaf("XG05", "signer S2", AUTHORITY_A, &[purpose::SEALING]), Some("XG03"))?;
    put(Profile::leaf("XG06", "signer under root A", AUTHORITY_A, &[purpose::SEALING]), Some("XG01"))?;
    let stamping =
        Profile { critical: true, ..Profile::leaf("XG07", "time-stamp authority", AUTHORITY_A, &[EKU_TIME_STAMPING]) };
    put(stamping, Some("XG01"))?;
    put(Profile::leaf("XG08", "OCSP responder", AUTHORITY_A, &[EKU_OCSP_SIGNING]), Some("XG03"))?;
    put(Profile::leaf("XG09", "loading-end provider W1", LOADER, &[purpose::PRESENTATION]), Some("XG03"))?;
    put(Profile::leaf("XG10", "device D1", LOADER, &[purpose::DEVICE]), Some("XG09"))?;
    put(Profile::leaf("XG11", "relying-party request signer", RELYING_PARTY, &[purpose::RELYING_PARTY]), Some("XG03"))?;
    put(
        Profile::leaf(
            "XG13",
            "测试签名者：名称很长的证照签发业务专用服务器证书（含扩展区汉字𠮷）",
            AUTHORITY_A,
            &[purpose::SEALING],
        ),
        Some("XG03"),
    )?;
    put(Profile::authority("XG15", "new root A", Some(1)), None)?;
    put(Profile::leaf("XG16", "copy signer C1", COPY_MAKER, &[purpose::COPY]), Some("XG03"))?;
    put(Profile::leaf("XG17", "seal maker M1", AUTHORITY_A, &[]), Some("XG03"))?;
    put(Profile::leaf("XG18", "status signer", AUTHORITY_A, &[purpose::STATUS]), Some("XG03"))?;
    put(Profile::leaf("XG19", "view signer", AUTHORITY_A, &[purpose::VIEW]), Some("XG03"))?;

    // XG12: root B's name and key, signed by root A.
    let cross = cross_certificate(&made["XG01"], &made["XG02"], "XG12")?;
    made.insert("XG12", entity("XG12", made["XG02"].key.clone(), &cross)?);
    // XG14: its validity ended a month after the fixed instant.
    let profile = Profile::leaf("XG14", "signer that has expired since", AUTHORITY_A, &[purpose::SEALING]);
    let (key, mut spec) = specify(seed, &profile, Some(&made["XG03"].certificate));
    spec.not_after = datetime!(2026-07-01 0:00 +8);
    let der = spec.sign(&made["XG03"].key)?;
    made.insert("XG14", entity("XG14", key, &der)?);
    // XG15: roll-over of root A.
    let links = [("XG01", "XG15", "XG15-new-by-old"), ("XG15", "XG01", "XG15-old-by-new")]
        .into_iter()
        .map(|(by, of, label)| {
            let der = cross_certificate(&made[by], &made[of], label)?;
            Ok(entity(label, made[of].key.clone(), &der)?.certificate)
        })
        .collect::<Result<Vec<_>, SignError>>()?;
    Ok((made, links))
}

/// The subject and key of `of`, signed by `by`.
fn cross_certificate(by: &Entity, of: &Entity, label: &str) -> Result<Vec<u8>, SignError> {
    let profile = Profile::authority("", "", Some(1));
    let (_, mut spec) = specify(b"", &profile, Some(&by.certificate));
    spec.subject = of.certificate.subject.clone();
    spec.serial = ecric_licence::authority::serial(label);
    spec.spki.clone_from(&of.certificate.spki);
    let own_id = of.certificate.extensions.subject_key_id.clone().unwrap_or_default();
    spec.extensions[3] = ecric_gm::x509::build::subject_key_id(&own_id);
    spec.sign(&by.key)
}

//! What `inspect` says about texts, seals, certificates and signature values.

use ecric_gm::encoding::hex;
use ecric_gm::signed_data::SignedData;
use ecric_gm::x509::Certificate;
use ecric_gm::x509::crl::Crl;
use ecric_gm::x509::path::{Store, find_path};
use ecric_licence::citizen_number::parse_citizen_number;
use ecric_licence::file::Trust;
use ecric_licence::identifier::parse_identifier;
use ecric_licence::instant::write_instant;
use ecric_licence::seal::{CertList, Seal, SesSignature, read_seal, read_signature};
use ecric_licence::usci::parse_usci;
use ecric_model::{Lang, Text};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::trust_folder::ders;

/// What an artefact is and says.
pub(crate) struct Explained {
    kind: &'static str,
    title: Text,
    pub(crate) valid: bool,
    /// Why it is not valid.
    reason: Option<String>,
    /// Name, Chinese name, value.
    facts: Vec<(&'static str, &'static str, String)>,
}

impl Explained {
    fn new(kind: &'static str, en: &str, zh: &str) -> Self {
        Self { kind, title: Text::new(en, zh), valid: true, reason: None, facts: Vec::new() }
    }

    fn fact(&mut self, en: &'static str, zh: &'static str, value: impl Into<String>) {
        self.facts.push((en, zh, value.into()));
    }

    fn wrong(&mut self, reason: impl Into<String>) {
        self.valid = false;
        self.reason.get_or_insert(reason.into());
    }

    /// The result as JSON.
    pub(crate) fn to_json(&self) -> Value {
        let facts: serde_json::Map<String, Value> =
            self.facts.iter().map(|(name, _, value)| ((*name).to_owned(), json!(value))).collect();
        json!({
            "kind": self.kind,
            "result": if self.valid { "VALID" } else { "INVALID" },
            "reason": self.reason,
            "facts": facts,
            "steps": [],
        })
    }

    /// Prints for people.
    pub(crate) fn print(&self, lang: Lang) {
        say!("{}", self.title.in_lang(lang));
        for (en, zh, value) in &self.facts {
            let name = if lang == Lang::ZhCn { zh } else { en };
            let safe: String = value.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
            say!("  {name}: {safe}");
        }
        let result = Text::new("result", "结论");
        match &self.reason {
            None => say!("{}: VALID", result.in_lang(lang)),
            Some(reason) => say!("{}: INVALID ({reason})", result.in_lang(lang)),
        }
    }
}

/// Explains a text; `None` when it looks like nothing known.
pub(crate) fn explain_text(text: &str) -> Option<Explained> {
    let text = text.trim();
    if text.contains('.') && text.chars().filter(char::is_ascii_digit).count() >= 8 {
        return Some(identifier(text));
    }
    let length = text.chars().count();
    if !(15..=20).contains(&length) {
        return None;
    }
    // A USCI has a letter somewhere, a citizen number at most one X at its end.
    let digits = text.chars().take(17).all(|c| c.is_ascii_digit());
    Some(if digits && parse_usci(text).is_err() { citizen_number(text) } else { usci(text) })
}

fn identifier(text: &str) -> Explained {
    let mut found = Explained::new("licence-identifier", "licence identifier (GB/T 36904)", "证照标识（GB/T 36904）");
    match parse_identifier(text) {
        Ok(identifier) => {
            found.fact("type code", "证照类型代码", identifier.type_code());
            found.fact("issuing authority", "证照颁发机构代码", identifier.authority());
            found.fact("serial", "流水号", identifier.serial());
            found.fact("version", "版本号", identifier.version_text());
            found.fact("check character", "校验位", identifier.check_character().to_string());
        }
        Err(error) => found.wrong(format!("LICENCE_ID_BAD {}: {error}", error.kind.word())),
    }
    found
}

fn citizen_number(text: &str) -> Explained {
    let mut found = Explained::new("citizen-number", "citizen number (GB 11643)", "公民身份号码（GB 11643）");
    match parse_citizen_number(text) {
        Ok(number) => {
            found.fact("area code", "行政区划代码", number.area_code());
            found.fact("birth date", "出生日期", ecric_licence::instant::write_date(number.birth_date()));
            found.fact("sex", "性别", number.sex().code());
        }
        Err(error) => found.wrong(error.to_string()),
    }
    found
}

fn usci(text: &str) -> Explained {
    let mut found = Explained::new("usci", "unified social credit code (GB 32100)", "统一社会信用代码（GB 32100）");
    match parse_usci(text) {
        Ok(code) => {
            found.fact("division", "行政区划代码", code.division_code());
            found.fact("organisation", "组织机构代码", code.organisation_code());
        }
        Err(error) => found.wrong(error.to_string()),
    }
    found
}

/// Explains DER or PEM; `None` when it is neither.
pub(crate) fn explain_der(bytes: &[u8], trust: &Trust, at: OffsetDateTime) -> Option<Explained> {
    let all = ders(bytes);
    let der = all.first()?;
    if der.first() != Some(&0x30) {
        return None;
    }
    // The shapes exclude one another.
    if let Ok(seal) = read_seal(der) {
        return Some(explain_seal(&seal));
    }
    if let Ok(signature) = read_signature(der) {
        return Some(explain_signature(&signature));
    }
    if let Ok(signed) = SignedData::read(der) {
        return Some(explain_signed(&signed));
    }
    if let Ok(certificate) = Certificate::read(der) {
        return Some(explain_certificate(&certificate, trust, at));
    }
    if let Ok(list) = Crl::read(der) {
        return Some(explain_crl(&list, at));
    }
    let mut found = Explained::new("der", "DER of an unknown structure", "未知结构的DER");
    match ecric_gm::der::check_canonical(der) {
        Ok(()) => found.wrong("no seal, seal signature, SignedData, certificate or revocation list"),
        Err(error) => found.wrong(error.to_string()),
    }
    Some(found)
}

fn explain_seal(seal: &Seal<'_>) -> Explained {
    let mut found = Explained::new("seal", "electronic seal", "电子印章");
    found.fact("structure", "结构", format!("{:?}", seal.shape));
    found.fact("header version", "头版本", seal.header_version.to_string());
    found.fact("vendor", "厂商", seal.vendor.clone());
    found.fact("seal id", "印章标识", seal.es_id.clone());
    found.fact("name", "印章名称", seal.name.clone());
    let (kind, count) = match &seal.certificates {
        CertList::Certificates(list) => ("certificates", list.len()),
        CertList::Digests(list) => ("digests", list.len()),
    };
    found.fact("signers listed", "签名者列表", format!("{count} {kind}"));
    for (en, zh, time) in [
        ("created", "制章时间", &seal.created),
        ("valid from", "有效期起", &seal.valid_start),
        ("valid to", "有效期止", &seal.valid_end),
    ] {
        found.fact(en, zh, String::from_utf8_lossy(time.text));
    }
    let picture = format!(
        "{} {} bytes, {} x {} mm",
        seal.picture.kind,
        seal.picture.data.len(),
        seal.picture.width,
        seal.picture.height
    );
    found.fact("picture", "印章图片", picture);
    match Certificate::read(seal.maker) {
        Ok(maker) => {
            found.fact("maker", "制章者", maker.subject.to_string());
            let value = ecric_gm::sm2::Signature::from_der(seal.signature);
            let holds = matches!((maker.key.sm2(), value), (Some(key), Ok(value))
                if ecric_gm::sm2::verify(key, ecric_gm::sm2::DEFAULT_ID, &seal.signed, &value).is_ok());
            if !holds {
                found.wrong("SEAL_SIGNATURE_BAD");
            }
        }
        Err(error) => found.wrong(format!("CERT_MALFORMED@maker: {error}")),
    }
    found
}

fn explain_signature(signature: &SesSignature<'_>) -> Explained {
    let mut found = Explained::new("seal-signature", "seal signature (SES_Signature)", "电子签章数据");
    found.fact("structure", "结构", format!("{:?}", signature.shape));
    found.fact("version", "版本", signature.version.to_string());
    found.fact("time", "签名时间", String::from_utf8_lossy(signature.time.text));
    found.fact("data hash", "原文杂凑", hex(signature.data_hash));
    found.fact("speaks about", "原文属性", signature.property_info.clone());
    match Certificate::read(signature.certificate) {
        Ok(signer) => {
            found.fact("signer", "签名者", signer.subject.to_string());
            let value = ecric_gm::sm2::Signature::from_der(signature.signature);
            let holds = matches!((signer.key.sm2(), value), (Some(key), Ok(value))
                if ecric_gm::sm2::verify(key, ecric_gm::sm2::DEFAULT_ID, signature.signed, &value).is_ok());
            if !holds {
                found.wrong("SM2_BAD");
            }
        }
        Err(error) => found.wrong(format!("CERT_MALFORMED@signer: {error}")),
    }
    found
}

fn explain_signed(signed: &SignedData<'_>) -> Explained {
    let mut found = Explained::new("signed-data", "SignedData (GB/T 35275)", "签名数据（GB/T 35275）");
    found.fact("outer type", "外层类型", signed.outer.to_string());
    found.fact("content type", "内容类型", signed.content_type.to_string());
    found.fact(
        "content",
        "内容",
        signed.content.map_or("detached".to_owned(), |content| format!("{} bytes", content.len())),
    );
    found.fact("certificates", "证书数", signed.certificates.len().to_string());
    found.fact("signers", "签名者数", signed.signers.len().to_string());
    let time = signed.signers.first().and_then(|signer| signer.attributes.as_ref()?.signing_time());
    if let Some(time) = time {
        found.fact("signing time", "签名时间", write_instant(time));
    }
    if signed.signers.is_empty() {
        found.fact("use", "用途", "certificates only");
    }
    found
}

fn explain_certificate(certificate: &Certificate, trust: &Trust, at: OffsetDateTime) -> Explained {
    let mut found = Explained::new("certificate", "X.509 certificate", "X.509证书");
    found.fact("subject", "主体", certificate.subject.to_string());
    found.fact("issuer", "颁发者", certificate.issuer.to_string());
    found.fact("serial", "序列号", hex(&certificate.serial));
    found.fact("valid from", "有效期起", write_instant(certificate.not_before));
    found.fact("valid to", "有效期止", write_instant(certificate.not_after));
    found.fact("SM3", "SM3", hex(&certificate.fingerprint()));
    found.fact(
        "key",
        "公钥",
        if certificate.key.sm2().is_some() { "SM2".to_owned() } else { format!("{:?}", certificate.key) },
    );
    if let Some(fault) = certificate.faults.first() {
        found.wrong(format!("CERT_MALFORMED: {fault}"));
    }
    if !trust.roots.is_empty() {
        let store = Store { roots: &trust.roots, intermediates: &trust.intermediates, delivered: &[] };
        let path = find_path(certificate, &store, at);
        found.fact("path", "证书链", path.certificates.len().to_string());
        if let Some(problem) = path.problems.first() {
            found.wrong(format!("{:?}: {}", problem.fault, problem.detail));
        }
    }
    found
}

fn explain_crl(list: &Crl, at: OffsetDateTime) -> Explained {
    let mut found = Explained::new("crl", "certificate revocation list", "证书撤销列表");
    found.fact("issuer", "颁发者", list.issuer.to_string());
    found.fact("made", "本次更新", write_instant(list.this_update));
    found.fact("next", "下次更新", list.next_update.map_or("-".to_owned(), write_instant));
    found.fact("entries", "条目数", list.entries.len().to_string());
    if list.next_update.is_some_and(|next| next < at) {
        found.wrong("CERT_STATUS_UNKNOWN: past its next update");
    }
    found
}

//! Questions about trust: anchors, signed status, status lists.

use ecric_gm::oid::SM2_WITH_SM3;
use ecric_gm::x509::Certificate;
use ecric_licence::file::{Role, Trust};
use ecric_licence::instant::parse_instant;
use ecric_licence::signed_json;
use ecric_licence::status_list::{Listed, read_list};
use ecric_model::Text;
use ecric_model::finding::{Finding, FindingClass, Judgement, fail};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::Seen;
use crate::ablation::ablatable;
use crate::answers::check_accepted;
use crate::equal;

/// The trust list in an answer of operation 10.
///
/// # Errors
/// `MALFORMED` with the member, or those of an answer that is none.
pub fn anchors(seen: &Seen<'_>) -> Result<Trust, Box<Finding>> {
    check_accepted(seen)?;
    let empty = Value::Null;
    Trust::from_list(seen.json.unwrap_or(&empty)).map_err(|error| {
        Box::new(Finding::new(
            FindingClass::Malformed,
            error.member,
            Text::new("certificates in DER and base64, roles of the list", "DER/base64证书与列表内角色"),
            Text::same(error.problem),
        ))
    })
}

fn object<'a>(seen: &Seen<'a>) -> Result<&'a Map<String, Value>, Box<Finding>> {
    seen.json.and_then(Value::as_object).ok_or_else(|| {
        Box::new(Finding::new(
            FindingClass::Malformed,
            "body",
            Text::new("a JSON object", "JSON对象"),
            Text::new("something else", "其他内容"),
        ))
    })
}

fn check_signed(object: &Map<String, Value>, domain: &str, signers: &[&Certificate]) -> Judgement {
    let wanted = Text::new(
        format!("a signature of the domain {domain} by a listed signer"),
        format!("列表内签名者的 {domain} 签名"),
    );
    let Some(kid) = signed_json::kid_of(object) else {
        return fail(FindingClass::Missing, "sig", wanted, Text::new("none", "无"));
    };
    let signer = signers.iter().find(|signer| signer.kid() == kid);
    let Some(key) = signer.and_then(|signer| signer.key.sm2()) else {
        return fail(FindingClass::WrongValue, "sig.kid", wanted, Text::same(kid.to_owned()));
    };
    match signed_json::verify(domain, object, kid, key) {
        Ok(()) => Ok(()),
        Err(fault) => fail(FindingClass::WrongValue, "sig", wanted, Text::same(fault.to_string())),
    }
}

/// Is the trust list signed by one of its roots or a signer under it?
///
/// # Errors
/// `MISSING` or `WRONG_VALUE`.
pub fn check_anchors_signed(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_anchors_signed");
    let trust = anchors(seen)?;
    let signers: Vec<&Certificate> = trust.roots.iter().chain(&trust.listed).collect();
    check_signed(object(seen)?, signed_json::ANCHORS, &signers)
}

/// Is the trust list still current at `now`?
///
/// # Errors
/// `MISSING`, `MALFORMED` or `WRONG_VALUE`.
pub fn check_anchors_current(seen: &Seen<'_>, now: OffsetDateTime) -> Judgement {
    ablatable!("check_anchors_current");
    anchors(seen)?;
    let text = object(seen)?.get("validUntil").and_then(Value::as_str);
    let text = crate::present("validUntil", text)?;
    let wanted = Text::new("an instant in the future", "将来的时刻");
    match parse_instant(text) {
        Ok(until) if until > now => Ok(()),
        Ok(_) => fail(FindingClass::WrongValue, "validUntil", wanted, Text::same(text.to_owned())),
        Err(_) => fail(FindingClass::Malformed, "validUntil", wanted, Text::same(text.to_owned())),
    }
}

/// Does the trust list name the signer of a file, with the role that the file needs?
///
/// # Errors
/// `MISSING` or `WRONG_VALUE`.
pub fn check_signer_listed(seen: &Seen<'_>, signer: &Certificate, role: Role) -> Judgement {
    ablatable!("check_signer_listed");
    let trust = anchors(seen)?;
    let fingerprint = signer.fingerprint();
    match trust.signers.iter().find(|(found, _)| *found == fingerprint) {
        Some((_, found)) if *found == role => Ok(()),
        Some((_, found)) => {
            fail(FindingClass::WrongValue, "signers[].role", Text::same(role.word()), Text::same(found.word()))
        }
        None => fail(
            FindingClass::Missing,
            "signers[]",
            Text::new("the signer of the file", "文件的签名者"),
            Text::new("not listed", "未列出"),
        ),
    }
}

/// Is the status signed by a signer with the role `status`?
///
/// # Errors
/// `MISSING` or `WRONG_VALUE`.
pub fn check_status_signed(seen: &Seen<'_>, trust: &Trust) -> Judgement {
    ablatable!("check_status_signed");
    check_accepted(seen)?;
    check_signed(object(seen)?, signed_json::STATUS, &with_role(trust, Role::Status))
}

/// Have all certificates of the trust list SM2 keys and signatures of SM2 with SM3?
///
/// # Errors
/// `WRONG_VALUE` with the subject, or those of [`anchors`].
pub fn check_anchor_algorithms(seen: &Seen<'_>) -> Judgement {
    ablatable!("check_anchor_algorithms");
    let trust = anchors(seen)?;
    for certificate in trust.roots.iter().chain(&trust.intermediates).chain(&trust.listed) {
        if certificate.key.sm2().is_none() || certificate.algorithm != SM2_WITH_SM3 {
            return fail(
                FindingClass::WrongValue,
                "certificates",
                Text::new("SM2 keys, signed by SM2 with SM3", "SM2密钥，SM2/SM3签名"),
                Text::same(certificate.algorithm.to_string()),
            );
        }
    }
    Ok(())
}

fn with_role(trust: &Trust, role: Role) -> Vec<&Certificate> {
    trust.listed.iter().filter(|signer| trust.role_of(signer) == Some(role)).collect()
}

/// A place in a status list, and what the list must be.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Id of the list.
    pub list: &'a str,
    /// Index of the licence.
    pub index: usize,
    /// Fewest entries.
    pub population: u64,
    /// Time of the target.
    pub now: OffsetDateTime,
}

/// Is the status list well formed, current, signed and of the declared population, and what does it say at a place?
///
/// # Errors
/// `MISSING`, `MALFORMED` or `WRONG_VALUE`.
pub fn check_listed(seen: &Seen<'_>, trust: &Trust, place: &Place<'_>, wanted: Listed) -> Judgement {
    ablatable!("check_listed");
    let (index, population) = (place.index, place.population);
    check_accepted(seen)?;
    let list = object(seen)?;
    check_signed(list, signed_json::LIST, &with_role(trust, Role::Status))?;
    let size = list.get("size").and_then(Value::as_u64).unwrap_or(0);
    if size < population {
        return fail(
            FindingClass::WrongValue,
            "size",
            Text::same(format!(">= {population}")),
            Text::same(size.to_string()),
        );
    }
    equal("listId", place.list, list.get("listId").and_then(Value::as_str).unwrap_or("-"))?;
    equal("bits", "2", list.get("bits").map_or_else(|| "-".to_owned(), Value::to_string).as_str())?;
    let moment = |name: &str| list.get(name).and_then(Value::as_i64);
    let now = place.now.unix_timestamp();
    if moment("exp").is_none_or(|end| end <= now) {
        return fail(
            FindingClass::WrongValue,
            "exp",
            Text::new("an instant in the future, seconds", "将来的时刻（秒）"),
            Text::same(moment("exp").map_or_else(|| "-".to_owned(), |end| end.to_string())),
        );
    }
    let lst = list.get("lst").and_then(Value::as_str).unwrap_or_default();
    match read_list(lst, usize::try_from(size).unwrap_or(usize::MAX)) {
        Err(error) => fail(
            FindingClass::Malformed,
            "lst",
            Text::new("size entries of two bits, zlib, base64url", "size个两位条目，zlib，base64url"),
            Text::same(error.to_string()),
        ),
        Ok(entries) => {
            let found = entries.get(index).copied();
            if found == Some(wanted) {
                return Ok(());
            }
            let text =
                |listed: Option<Listed>| listed.map_or_else(|| "-".to_owned(), |listed| listed.bits().to_string());
            fail(
                FindingClass::WrongValue,
                format!("lst[{index}]"),
                Text::same(text(Some(wanted))),
                Text::same(text(found)),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::test_seen;
    use ecric_licence::authority::{Profile, issue};
    use ecric_licence::file::purpose;
    use ecric_licence::status_list::write_list;
    use serde_json::json;
    use time::macros::datetime;

    #[test]
    fn anchors_and_what_they_sign() {
        let root = issue(b"checks", &Profile::authority("R", "root", None), None).unwrap();
        let leaf = Profile::leaf("S", "status", ("机构", "11100000000013127D"), &[purpose::STATUS]);
        let status = issue(b"checks", &leaf, Some(&root)).unwrap();
        let der = |certificate: &Certificate| ecric_gm::encoding::b64(certificate.der());
        let mut list = json!({"version": 1, "validUntil": "2026-07-01T00:00:00+08:00", "roots": [{"der": der(&root.certificate)}],
            "signers": [{"der": der(&status.certificate), "role": "status"}]});
        let now = datetime!(2026-06-01 0:00 +8);
        assert_eq!(
            check_anchors_signed(&test_seen(200, list.clone()).view()).unwrap_err().class,
            FindingClass::Missing
        );
        signed_json::sign(signed_json::ANCHORS, list.as_object_mut().unwrap(), &root.certificate.kid(), &root.key)
            .unwrap();
        let seen = test_seen(200, list.clone());
        assert!(check_anchors_signed(&seen.view()).is_ok());
        assert!(check_anchors_current(&seen.view(), now).is_ok());
        assert!(check_anchors_current(&seen.view(), now + time::Duration::days(90)).is_err());
        assert!(check_signer_listed(&seen.view(), &status.certificate, Role::Status).is_ok());
        assert!(check_signer_listed(&seen.view(), &status.certificate, Role::Issuer).is_err());
        assert!(check_signer_listed(&seen.view(), &root.certificate, Role::Issuer).is_err());
        list["version"] = json!(2);
        assert!(check_anchors_signed(&test_seen(200, list).view()).is_err());

        let trust = anchors(&seen.view()).unwrap();
        let mut answer = json!({"certificateStatus": "VALID"});
        assert!(check_status_signed(&test_seen(200, answer.clone()).view(), &trust).is_err());
        signed_json::sign(signed_json::STATUS, answer.as_object_mut().unwrap(), &status.certificate.kid(), &status.key)
            .unwrap();
        assert!(check_status_signed(&test_seen(200, answer).view(), &trust).is_ok());

        let mut bits = json!({"listId": "1", "bits": 2, "exp": now.unix_timestamp() + 60, "size": 8, "lst": write_list(&[Listed::Good, Listed::Suspended, Listed::Good, Listed::Good,
            Listed::Good, Listed::Good, Listed::Good, Listed::Good])});
        signed_json::sign(signed_json::LIST, bits.as_object_mut().unwrap(), &status.certificate.kid(), &status.key)
            .unwrap();
        let seen = test_seen(200, bits);
        let place = Place { list: "1", index: 1, population: 8, now };
        let judge =
            |place: Place<'_>| check_listed(&seen.view(), &trust, &place, Listed::Suspended).map_err(|f| f.place);
        assert_eq!(judge(place), Ok(()));
        let later = now + time::Duration::minutes(1);
        for (wrong, at) in [
            (Place { index: 0, ..place }, "lst[0]"),
            (Place { population: 9, ..place }, "size"),
            (Place { list: "2", ..place }, "listId"),
            (Place { now: later, ..place }, "exp"),
        ] {
            assert_eq!(judge(wrong), Err(at.to_owned()));
        }
    }
}

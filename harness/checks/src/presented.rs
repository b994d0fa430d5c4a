//! Questions about presentation codes (亮证码) as a loading end gives them: shape, life, scope, silence, unlinkability.

use std::collections::{BTreeSet, HashMap};

use ecric_gm::encoding::{b64, b64url, from_b64url, hex};
use ecric_gm::sm2::PublicKey;
use ecric_gm::sm2::spki::parse_spki;
use ecric_gm::sm3;
use ecric_gm::x509::Certificate;
use ecric_licence::code::base45::parse_base45;
use ecric_licence::code::{
    CODE_PREFIX, LIFE_MAX_S, ONLINE_TEXT_MAX, SignedCode, VIEW_LIFE_MAX_S, audience_tag, kid_of_certificate,
    parse_code, parse_view,
};
use ecric_licence::instant::parse_instant;
use ecric_model::Text;
use ecric_model::binding::PresentAnswer;
use ecric_model::finding::{Finding, FindingClass, Judgement, fail};

use crate::ablation::ablatable;
use crate::answers::{check_accepted, quoted};
use crate::{Seen, equal, message};

/// Bytes in a row that two codes may not share.
const WINDOW: usize = 8;

/// What a code has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedCode<'a> {
    /// Scope names granted.
    pub scopes: &'a [&'a str],
    /// Relying party; `None` for a bearer code.
    pub audience: Option<&'a str>,
    /// Scene.
    pub scene: &'a str,
    /// The challenge of the relying party.
    pub nonce: Option<&'a [u8]>,
}

fn read(seen: &Seen<'_>) -> Result<(PresentAnswer, SignedCode), Box<Finding>> {
    check_accepted(seen)?;
    let answer: PresentAnswer = message(seen)?;
    let code = parse_code(&answer.code).map_err(|error| {
        Box::new(Finding::new(
            FindingClass::Malformed,
            "code",
            Text::new("a presentation code ECR1", "ECR1出示码"),
            Text::same(error.to_string()),
        ))
    })?;
    Ok((answer, code))
}

/// Is the code of the form ECR1, within its size, and does it say who it is for and when?
///
/// # Errors
/// Those of [`check_accepted`], `MALFORMED`, `WRONG_VALUE`.
pub fn check_code(seen: &Seen<'_>, wanted: &WantedCode<'_>) -> Judgement {
    ablatable!("check_code");
    let (answer, code) = read(seen)?;
    let length = answer.code.chars().count();
    if length > ONLINE_TEXT_MAX {
        return fail(
            FindingClass::WrongValue,
            "code",
            Text::new(format!("at most {ONLINE_TEXT_MAX} characters"), format!("不超过{ONLINE_TEXT_MAX}个字符")),
            Text::new(format!("{length} characters"), format!("{length}个字符")),
        );
    }
    if !from_b64url(&answer.code_id).is_ok_and(|id| id == code.payload.code_id) {
        let wanted = Text::new("the cti of the code", "出示码中的cti");
        return fail(FindingClass::WrongValue, "codeId", wanted, quoted(&answer.code_id));
    }
    for (place, text, seconds) in [
        ("issuedAt", &answer.issued_at, code.payload.issued_at),
        ("expiresAt", &answer.expires_at, code.payload.expires_at),
    ] {
        let told = parse_instant(text).ok().and_then(|at| u64::try_from(at.unix_timestamp()).ok());
        if told != Some(seconds) {
            let wanted = Text::new("the instant of the code", "出示码中的时刻");
            return fail(FindingClass::WrongValue, place, wanted, quoted(text));
        }
    }
    equal("code.scn", wanted.scene, code.payload.scene.word())?;
    let tag = wanted.audience.map(audience_tag);
    if code.payload.audience != tag {
        return fail(
            FindingClass::WrongValue,
            "code.aud",
            Text::new("the tag of the relying party", "依赖方标签"),
            code.payload.audience.map_or_else(|| quoted(""), |found| Text::same(hex(&found))),
        );
    }
    if code.payload.nonce.as_deref() != wanted.nonce {
        return fail(
            FindingClass::WrongValue,
            "code.nonce",
            Text::new("the challenge of the relying party", "依赖方的挑战值"),
            code.payload.nonce.as_deref().map_or_else(|| quoted(""), |found| Text::same(hex(found))),
        );
    }
    Ok(())
}

/// Does the code live no longer than 60 s, and begin close to `now` (seconds since 1970)?
///
/// # Errors
/// Those of [`check_accepted`], `MALFORMED`, `WRONG_VALUE`.
pub fn check_life(seen: &Seen<'_>, now: i64, skew_s: i64) -> Judgement {
    ablatable!("check_life");
    let (_, code) = read(seen)?;
    let (from, to) = (code.payload.issued_at, code.payload.expires_at);
    if to < from || to - from > LIFE_MAX_S {
        let life = i64::try_from(to).unwrap_or(i64::MAX) - i64::try_from(from).unwrap_or(0);
        return fail(
            FindingClass::WrongValue,
            "code.exp",
            Text::new(format!("at most {LIFE_MAX_S} s after iat"), format!("不晚于iat之后{LIFE_MAX_S}秒")),
            Text::new(format!("{life} s"), format!("{life}秒")),
        );
    }
    let off = i64::try_from(from).unwrap_or(i64::MAX) - now;
    if off.abs() <= skew_s {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "code.iat",
        Text::new(format!("within {skew_s} s of the server's clock"), format!("与服务器时钟相差不超过{skew_s}秒")),
        Text::new(format!("{off} s away"), format!("相差{off}秒")),
    )
}

/// Does a code shown without the network rest on a view of the last 24 hours that its device may use at `now`
/// (seconds since 1970), and is it signed by that device?
///
/// # Errors
/// Those of [`check_life`], `MISSING`, `MALFORMED`, `WRONG_VALUE`.
pub fn check_view_fresh(seen: &Seen<'_>, now: i64, skew_s: i64) -> Judgement {
    ablatable!("check_view_fresh");
    check_life(seen, now, skew_s)?;
    let (_, code) = read(seen)?;
    let Some(bytes) = &code.payload.view else {
        let wanted = Text::new("a view signed by the issuer", "签发方签名的视图");
        return fail(FindingClass::Missing, "code.view", wanted, quoted(""));
    };
    let view = match parse_view(bytes) {
        Ok(signed) => signed.view,
        Err(error) => {
            let wanted = Text::new("a view", "视图");
            return fail(FindingClass::Malformed, "code.view", wanted, Text::same(error.to_string()));
        }
    };
    let at = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
    let (from, to) = (at(view.issued_at), at(view.expires_at));
    let day = at(VIEW_LIFE_MAX_S);
    if from > now + skew_s || to < now - skew_s || now - from > day + skew_s || to - from > day {
        return fail(
            FindingClass::WrongValue,
            "code.view",
            Text::new("issued within 24 hours and not expired", "24小时内签发且未过期"),
            Text::new(
                format!("issued {} s ago, expires in {} s", now - from, to - now),
                format!("{}秒前签发，{}秒后过期", now - from, to - now),
            ),
        );
    }
    if PublicKey::from_compressed(&view.device_key).is_ok_and(|key| code.envelope.holds_with(&key)) {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "code.signature",
        Text::new("a signature of the device that the view names", "视图所绑定设备的签名"),
        Text::new("none that verifies", "没有可验证的签名"),
    )
}

/// Does the code grant exactly these scopes, in its bits as in the answer?
///
/// # Errors
/// Those of [`check_accepted`], `MALFORMED`, `LEAK` for more, `MISSING` for less.
pub fn check_scope(seen: &Seen<'_>, scopes: &[&str]) -> Judgement {
    ablatable!("check_scope");
    let (answer, code) = read(seen)?;
    let wanted: BTreeSet<&str> = scopes.iter().copied().filter(|scope| *scope != "validity").collect();
    let list = |set: &BTreeSet<&str>| set.iter().copied().collect::<Vec<_>>().join(", ");
    let told: BTreeSet<&str> =
        answer.granted_attributes.iter().map(String::as_str).filter(|scope| *scope != "validity").collect();
    let bits: BTreeSet<&str> = code.payload.scope.names().into_iter().collect();
    for (place, found) in [("code.scope", &bits), ("grantedAttributes", &told)] {
        if found == &wanted {
            continue;
        }
        let class = if found.is_subset(&wanted) { FindingClass::Missing } else { FindingClass::Leak };
        return fail(class, place, Text::same(list(&wanted)), Text::same(list(found)));
    }
    Ok(())
}

/// Is the code signed by a listed signer of presentation codes whose organisation it names?
///
/// # Errors
/// Those of [`check_accepted`], `MALFORMED`, `WRONG_VALUE`.
pub fn check_code_signature(seen: &Seen<'_>, signers: &[Certificate]) -> Judgement {
    ablatable!("check_code_signature");
    let (_, code) = read(seen)?;
    let fits = signers.iter().filter(|signer| kid_of_certificate(signer) == code.envelope.kid);
    let mut signed = fits.filter(|signer| parse_spki(&signer.spki).is_ok_and(|key| code.envelope.holds_with(&key)));
    if signed.next().is_some() {
        return Ok(());
    }
    fail(
        FindingClass::WrongValue,
        "code.signature",
        Text::new("a signature of a listed signer", "由所列签名者签名"),
        Text::new("none that verifies", "没有可验证的签名"),
    )
}

/// Holds the code nothing of the person, in any encoding, nor a digest that stands for the person?
///
/// `secrets` are the values to look for; they are never repeated in the finding.
///
/// # Errors
/// Those of [`check_accepted`], `LEAK`.
pub fn check_code_silent(seen: &Seen<'_>, secrets: &[String]) -> Judgement {
    ablatable!("check_code_silent");
    let (answer, code) = read(seen)?;
    let text = answer.code.strip_prefix(CODE_PREFIX).unwrap_or_default();
    let bytes = parse_base45(text).unwrap_or_default();
    for (index, secret) in secrets.iter().enumerate() {
        for (form, needle) in needles(secret) {
            let inside = |bytes: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
            if inside(&bytes) || inside(answer.code.as_bytes()) || inside(&code.envelope.payload) {
                return fail(
                    FindingClass::Leak,
                    "code",
                    Text::new("nothing of the person", "不含该人员的任何信息"),
                    Text::new(
                        format!("value {} of the person, {form}", index + 1),
                        format!("含该人员第{}项信息（{form}）", index + 1),
                    ),
                );
            }
        }
    }
    Ok(())
}

/// A value as it could hide in bytes; texts of fewer than six bytes would be found by chance.
fn needles(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = secret.as_bytes();
    let digest = sm3::digest(bytes);
    let units = || secret.encode_utf16();
    let mut out = vec![
        ("UTF-8", bytes.to_vec()),
        ("UTF-16, big end first", units().flat_map(u16::to_be_bytes).collect()),
        ("UTF-16, little end first", units().flat_map(u16::to_le_bytes).collect()),
        ("reversed", bytes.iter().rev().copied().collect()),
        ("base64", b64(bytes).into_bytes()),
        ("base64url", b64url(bytes).into_bytes()),
        ("hex", hex(bytes).into_bytes()),
        ("SM3, first 8 bytes", digest[..8].to_vec()),
    ];
    if secret.len() >= 8 && secret.is_ascii() && secret.len().is_multiple_of(2) {
        let digits: Option<Vec<u8>> = bytes
            .chunks(2)
            .map(|pair| Some(char::from(pair[0]).to_digit(10)? as u8 * 16 + char::from(pair[1]).to_digit(10)? as u8))
            .collect();
        out.extend(digits.map(|digits| ("packed digits", digits)));
    }
    out.retain(|(_, needle)| needle.len() >= 6);
    out
}

/// Are all codes unlinkable: every cti and handle fresh, and no 8 bytes in a row of cti, handle or
/// signature the same in two of them?
///
/// # Errors
/// `MALFORMED`, `LEAK`.
pub fn check_unlinkable(codes: &[String]) -> Judgement {
    ablatable!("check_unlinkable");
    let mut seen: HashMap<Vec<u8>, usize> = HashMap::new();
    for (index, text) in codes.iter().enumerate() {
        let Ok(code) = parse_code(text) else {
            let wanted = Text::new("a presentation code ECR1", "ECR1出示码");
            return fail(FindingClass::Malformed, "code", wanted, Text::new("something else", "其他内容"));
        };
        for (name, part) in [
            ("cti", &code.payload.code_id[..]),
            ("ref", &code.payload.handle[..]),
            ("signature", &code.envelope.signature[..]),
        ] {
            for window in part.windows(WINDOW) {
                let earlier = *seen.entry(window.to_vec()).or_insert(index);
                if earlier != index {
                    return fail(
                        FindingClass::Leak,
                        format!("code.{name}"),
                        Text::new("nothing that two codes share", "任意两个出示码无共同部分"),
                        Text::new(
                            format!("{WINDOW} bytes that codes {} and {} share", earlier + 1, index + 1),
                            format!("第{}个与第{}个出示码有{WINDOW}个相同字节", earlier + 1, index + 1),
                        ),
                    );
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::{TestSeen, test_seen};
    use ecric_gm::sm2::SecretKey;
    use ecric_licence::code::{Payload, Scene, Scope, write_code};
    use ecric_licence::instant::write_instant;
    use serde_json::json;
    use time::OffsetDateTime;

    const NOW: u64 = 1_780_275_600;
    const PARTY: &str = "11440300099999917Q";

    fn payload(id: u8, handle: [u8; 16]) -> Payload {
        Payload {
            loader: "11110101099999909H".to_owned(),
            issued_at: NOW,
            expires_at: NOW + 60,
            code_id: std::array::from_fn(|at| id.wrapping_mul(31).wrapping_add(u8::try_from(at * 7).unwrap())),
            handle,
            scope: Scope::of_names(["name", "ageOver18"]).unwrap(),
            audience: Some(audience_tag(PARTY)),
            scene: Scene::Hotel,
            nonce: Some(vec![9; 16]),
            view: None,
        }
    }

    fn written(payload: &Payload) -> String {
        write_code(payload, [1; 8], &SecretKey::derive(b"test", "code")).unwrap()
    }

    fn answer(payload: &Payload) -> TestSeen {
        let at =
            |seconds: u64| write_instant(OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).unwrap()).unwrap());
        test_seen(
            201,
            json!({"code": written(payload), "codeId": b64url(&payload.code_id), "issuedAt": at(payload.issued_at),
                "expiresAt": at(payload.expires_at), "grantedAttributes": payload.scope.names()}),
        )
    }

    #[test]
    fn a_code_says_who_it_is_for() {
        let good = answer(&payload(1, [2; 16]));
        let nonce = [9; 16];
        let wanted = WantedCode { scopes: &["name"], audience: Some(PARTY), scene: "HOTEL", nonce: Some(&nonce) };
        assert!(check_code(&good.view(), &wanted).is_ok());
        for other in [
            WantedCode { audience: None, ..wanted.clone() },
            WantedCode { audience: Some("x"), ..wanted.clone() },
            WantedCode { scene: "GOV", ..wanted.clone() },
            WantedCode { nonce: None, ..wanted.clone() },
        ] {
            assert!(check_code(&good.view(), &other).is_err());
        }
        for (member, value) in [
            ("codeId", json!("AA")),
            ("issuedAt", json!("2026-06-01T08:00:00+08:00")),
            ("expiresAt", json!("x")),
            ("code", json!("ECR0:X")),
        ] {
            let mut bad = answer(&payload(1, [2; 16]));
            bad.json[member] = value;
            assert!(check_code(&bad.view(), &wanted).is_err(), "{member}");
        }
    }

    #[test]
    fn a_code_lives_a_minute() {
        let now = i64::try_from(NOW).unwrap();
        let mut long = payload(1, [2; 16]);
        assert!(check_life(&answer(&long).view(), now + 2, 5).is_ok());
        assert!(check_life(&answer(&long).view(), now + 60, 5).is_err());
        long.expires_at = NOW + 61;
        assert!(check_life(&answer(&long).view(), now, 5).is_err());
        long.expires_at = NOW - 1;
        assert!(check_life(&answer(&long).view(), now, 5).is_err());
    }

    #[test]
    fn a_view_is_of_the_last_day() {
        use ecric_licence::code::{AttributeValue, View, ViewStatus, write_view};
        use ecric_model::binding::LicenceStatus;
        let now = i64::try_from(NOW).unwrap();
        let device = SecretKey::derive(b"test", "code");
        let judge = |issued_at: u64, expires_at: u64, key: &SecretKey| {
            let view = View {
                issuer: "11110199099999028C".to_owned(),
                issued_at,
                expires_at,
                scope: Scope::of_names(["name"]).unwrap(),
                device_key: key.public_key().to_compressed(),
                attributes: [(1, AttributeValue::Text("测试甲".to_owned()))].into(),
                status: ViewStatus { status: LicenceStatus::Valid, version: 1, changed_at: issued_at },
            };
            let bytes = write_view(&view, [7; 8], &SecretKey::derive(b"test", "issuer")).unwrap();
            let payload = Payload {
                view: Some(bytes),
                scope: Scope::of_names(["name"]).unwrap(),
                audience: None,
                nonce: None,
                ..payload(1, [2; 16])
            };
            check_view_fresh(&answer(&payload).view(), now, 30).map_err(|found| found.class)
        };
        assert_eq!(judge(NOW - 3_600, NOW + 3_600, &device), Ok(()));
        for (from, to) in [(NOW - 90_000, NOW - 3_600), (NOW - 90_000, NOW + 3_600), (NOW + 3_600, NOW + 7_200)] {
            assert_eq!(judge(from, to, &device), Err(FindingClass::WrongValue), "{from} {to}");
        }
        let other = SecretKey::derive(b"test", "other");
        assert_eq!(judge(NOW - 3_600, NOW + 3_600, &other), Err(FindingClass::WrongValue));
        let online = check_view_fresh(&answer(&payload(1, [2; 16])).view(), now, 30);
        assert_eq!(online.map_err(|found| found.class), Err(FindingClass::Missing));
    }

    #[test]
    fn scopes_are_exact() {
        let seen = answer(&payload(1, [2; 16]));
        let class = |scopes: &[&str]| check_scope(&seen.view(), scopes).map_err(|found| found.class);
        assert_eq!(class(&["ageOver18", "name", "validity"]), Ok(()));
        assert_eq!(class(&["name"]), Err(FindingClass::Leak));
        assert_eq!(class(&["name", "ageOver18", "sex"]), Err(FindingClass::Missing));
        assert!(check_code_signature(&seen.view(), &[]).is_err());
    }

    #[test]
    fn a_code_is_silent() {
        let secrets = ["测试甲乙".to_owned(), "110199199003070017".to_owned()];
        assert!(check_code_silent(&answer(&payload(1, [2; 16])).view(), &secrets).is_ok());
        let mut hidden: Vec<[u8; 16]> = Vec::new();
        for bytes in [
            "测试甲乙".as_bytes().to_vec(),
            sm3::digest(secrets[1].as_bytes())[..8].to_vec(),
            "测试甲乙".encode_utf16().flat_map(u16::to_be_bytes).collect(),
            vec![0x11, 0x01, 0x99, 0x19, 0x90, 0x03, 0x07, 0x00, 0x17],
        ] {
            let mut handle = [0; 16];
            handle[..bytes.len()].copy_from_slice(&bytes);
            hidden.push(handle);
        }
        for handle in hidden {
            let found = check_code_silent(&answer(&payload(1, handle)).view(), &secrets).unwrap_err();
            assert!(found.class == FindingClass::Leak && !found.actual.en.contains("1101"));
        }
    }

    #[test]
    fn codes_share_nothing() {
        let fresh = |byte: u8| std::array::from_fn(|at| byte ^ u8::try_from(at * 11).unwrap());
        let codes: Vec<String> = (1..4).map(|n| written(&payload(n, fresh(n * 16)))).collect();
        assert!(check_unlinkable(&codes).is_ok());
        let mut linked = codes.clone();
        linked.push(written(&payload(9, fresh(16))));
        assert!(check_unlinkable(&linked).is_err());
        assert!(check_unlinkable(&["x".to_owned()]).is_err());
    }
}

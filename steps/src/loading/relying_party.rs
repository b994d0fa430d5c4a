//! The relying party (用证方) that the suite plays: a hotel that asks, signed by a certificate of the test PKI.

use ecric_gm::encoding::{b64, b64url, from_b64url};
use ecric_gm::sm2::SignError;
use ecric_licence::authority::{Entity, Profile, issue};
use ecric_licence::code::{Request, Scene, Scope, kid_of_certificate, write_request};
use ecric_licence::file::purpose;
use ecric_licence::instant::write_instant;
use ecric_licence::signed_json::{RELYING_PARTY_REQUEST, sign};
use ecric_model::published;
use ecric_vectors::pki::{RELYING_PARTY, TestPki};
use serde_json::{Value, json};
use time::Duration;

use super::{EcricWorld, StepResult};
use crate::requests;

/// Seed of the second party's key: a public test key.
const SECOND_SEED: &[u8] = b"ecric-second-relying-party";
/// Host that the parties registered for answers.
const RESPONSE_HOST: &str = "hotel.ecric.test";
/// Name that the hotel shows.
pub(super) const HOTEL: &str = "测试酒店";
/// Scene of every request.
pub(super) const SCENE: &str = "HOTEL";
/// Attributes that the hotel asks for.
pub(super) const ASKED: [&str; 4] = ["name", "sex", "birthDate", "ageOver18"];
/// The two of them that the holder approves.
pub(super) const APPROVED: [&str; 2] = ["name", "ageOver18"];

/// Which party asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Party {
    /// The organisation of the first caller.
    #[default]
    First,
    /// The organisation of the second caller.
    Second,
}

/// What is wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Flaw {
    /// Nothing.
    #[default]
    None,
    /// No signature.
    Unsigned,
    /// Signed, and changed afterwards.
    Altered,
    /// Past its end.
    Expired,
    /// In the name of one party, signed by another.
    Misdirected,
    /// Wants the answer at an address that the party did not register.
    ForeignResponse,
}

/// Id of a party: the organisation behind the caller.
pub(super) fn id_of(party: Party) -> &'static str {
    match party {
        Party::First => RELYING_PARTY.1,
        Party::Second => published::REFERENCE_OTHER.organisation,
    }
}

/// Key and certificate of a party.
fn signer(pki: &TestPki, party: Party) -> Result<Entity, SignError> {
    match party {
        Party::First => Ok(pki.get("XG11").clone()),
        Party::Second => {
            let organisation = ("测试第二依赖方", published::REFERENCE_OTHER.organisation);
            let profile =
                Profile::leaf("second", "relying-party request signer", organisation, &[purpose::RELYING_PARTY]);
            issue(SECOND_SEED, &profile, Some(pki.get("XG03")))
        }
    }
}

/// `relyingParties` of the trust list.
pub(crate) fn listed_parties(pki: &TestPki) -> Value {
    let of = |party| {
        let entity = signer(pki, party).ok()?;
        Some(json!({"id": id_of(party), "name": HOTEL, "der": b64(entity.certificate.der()),
            "responseHosts": [RESPONSE_HOST]}))
    };
    json!([Party::First, Party::Second].into_iter().filter_map(of).collect::<Vec<_>>())
}

impl EcricWorld {
    /// The request as a code of the reverse scan.
    pub(super) fn request_code(&self, party: Party, request: &Value) -> StepResult<String> {
        let case = self.case()?;
        let failed = |error: String| self.suite_error(error);
        let text = |name: &str| request[name].as_str().unwrap_or_default();
        let names = request["attributes"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let nonce = from_b64url(text("nonce")).ok().and_then(|bytes| <[u8; 16]>::try_from(&bytes[..]).ok());
        let random = case.connection.bytes("request");
        let mut request_id = [0; 16];
        request_id.copy_from_slice(&random[..16]);
        let issued_at = u64::try_from(self.now()?.unix_timestamp()).unwrap_or(0);
        let written = Request {
            relying_party: text("audience").to_owned(),
            issued_at,
            expires_at: issued_at + 120,
            request_id,
            scope: Scope::of_names(names).map_err(|name| failed(name.to_owned()))?,
            scene: Scene::of_word(text("scene")).unwrap_or(Scene::Other),
            nonce: nonce.unwrap_or_default(),
            audience_name: text("audienceName").to_owned(),
            cause: requests::CAUSE.to_owned(),
            response_uri: None,
        };
        let entity = signer(&case.run.trust.pki, party).map_err(|error| failed(error.to_string()))?;
        write_request(&written, kid_of_certificate(&entity.certificate), &entity.key)
            .map_err(|error| failed(error.to_string()))
    }

    /// A request for attributes; `sink` is the address of a request that wants its answer elsewhere.
    pub(super) fn ask(&self, party: Party, attributes: &[&str], flaw: Flaw, sink: &str) -> StepResult<Value> {
        let case = self.case()?;
        let life = if flaw == Flaw::Expired { -60 } else { 120 };
        let exp = self.now()?.saturating_add(Duration::seconds(life));
        let mut request = json!({
            "audience": id_of(party), "audienceName": HOTEL, "scene": SCENE, "use": requests::stated_use(),
            "attributes": attributes, "nonce": b64url(&case.connection.bytes("challenge of the hotel")[..16]),
            "exp": write_instant(exp),
        });
        if flaw == Flaw::ForeignResponse {
            request["responseUri"] = json!(sink);
        }
        let Value::Object(mut members) = request else { return Err(self.suite_error("the request is no object")) };
        let by = match (flaw, party) {
            (Flaw::Misdirected, Party::First) => Party::Second,
            (Flaw::Misdirected, Party::Second) => Party::First,
            _ => party,
        };
        let entity = signer(&case.run.trust.pki, by).map_err(|error| self.suite_error(error.to_string()))?;
        if flaw != Flaw::Unsigned {
            sign(RELYING_PARTY_REQUEST, &mut members, &entity.certificate.kid(), &entity.key)
                .map_err(|error| self.suite_error(error.to_string()))?;
        }
        if flaw == Flaw::Altered {
            members.insert("attributes".to_owned(), json!([attributes, &["address"]].concat()));
        }
        Ok(Value::Object(members))
    }
}

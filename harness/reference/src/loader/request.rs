//! The request of a relying party (用证方): signed by a party of the trust list, addressed, not expired. Refused
//! before the holder is asked anything.

use ecric_gm::x509::Certificate;
use ecric_licence::code::Scene;
use ecric_licence::file::purpose;
use ecric_licence::signed_json::{RELYING_PARTY_REQUEST, verify};
use time::OffsetDateTime;

use crate::loader::read_scopes;
use crate::operation::Work;
use crate::reader::Reader;
use crate::stated_use::read_use;

/// Longest life of a request, seconds ahead of now.
const LIFE_MAX_S: i64 = 600;

/// A relying party of the trust list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RelyingParty {
    pub(crate) id: String,
    pub(crate) certificate: Certificate,
    /// Hosts that answers may be pushed to.
    pub(crate) hosts: Vec<String>,
}

/// What a relying party asks for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) audience: String,
    pub(crate) audience_name: String,
    pub(crate) scene: Scene,
    /// Stated use as JSON.
    pub(crate) stated_use: String,
    pub(crate) scopes: Vec<&'static str>,
    /// base64url, 8 to 16 bytes.
    pub(crate) nonce: String,
    pub(crate) response_uri: Option<String>,
}

/// Reads and checks `request`; `None` where it is absent or at fault.
pub(crate) fn read(reader: &Reader<'_>, work: &Work<'_>) -> Option<Asked> {
    let request = reader.object_opt("request")?;
    let behaviour = &work.shared.behaviour;
    let audience = request.text_within("audience", 64)?;
    let audience_name = request.text_within("audienceName", 40)?;
    let scene = request.text("scene").and_then(|word| {
        let scene = Scene::of_word(word);
        if scene.is_none() {
            request.fault("scene", "not a scene");
        }
        scene
    })?;
    let stated_use = read_use(&request, behaviour)?;
    let scopes = read_scopes(&request, "attributes");
    let nonce = request.text("nonce").filter(|text| {
        let fits = ecric_gm::encoding::from_b64url(text).is_ok_and(|bytes| (8..=16).contains(&bytes.len()));
        if !fits {
            request.fault("nonce", "not 8 to 16 bytes in base64url");
        }
        fits
    })?;
    let exp = request.instant_opt("exp");
    if request.value("exp").is_none() {
        request.fault("exp", "missing");
    }
    check_time(&request, exp?, work.now, behaviour.loading.request_expiry_ignored());
    let (trust, sources) = work.shared.trust.get();
    drop(trust);
    let party = sources.relying_parties.iter().find(|party| party.id == audience);
    let response_uri = request.text_within_opt("responseUri", 128).map(str::to_owned);
    check_signature(&request, party, &sources.relying_parties, work);
    if let Some(uri) = &response_uri
        && !party.is_some_and(|party| is_registered(uri, party))
        && !behaviour.loading.response_uri_called()
    {
        request.fault("responseUri", "not https to a registered host");
    }
    Some(Asked {
        audience: audience.to_owned(),
        audience_name: audience_name.to_owned(),
        scene,
        stated_use,
        scopes,
        nonce: nonce.to_owned(),
        response_uri,
    })
}

fn check_time(request: &Reader<'_>, exp: OffsetDateTime, now: OffsetDateTime, ignored: bool) {
    let ahead = (exp - now).whole_seconds();
    if ahead < 0 && !ignored {
        request.fault("exp", "expired");
    } else if ahead > LIFE_MAX_S {
        request.fault("exp", "too far ahead");
    }
}

fn check_signature(request: &Reader<'_>, party: Option<&RelyingParty>, all: &[RelyingParty], work: &Work<'_>) {
    let behaviour = &work.shared.behaviour.loading;
    if behaviour.request_signature_ignored() {
        return;
    }
    let holds = |party: &RelyingParty| {
        let certificate = &party.certificate;
        let of_a_party = certificate.extensions.has_purpose(&purpose::RELYING_PARTY);
        let key = ecric_gm::sm2::spki::parse_spki(&certificate.spki);
        of_a_party
            && key.is_ok_and(|key| verify(RELYING_PARTY_REQUEST, request.members(), &certificate.kid(), &key).is_ok())
    };
    let good = if behaviour.request_of_any_party() { all.iter().any(holds) } else { party.is_some_and(holds) };
    if !good {
        request.fault("sig", "not signed by the audience");
    }
}

/// Https, and a host that the relying party registered.
fn is_registered(uri: &str, party: &RelyingParty) -> bool {
    let Some(rest) = uri.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !host.contains('@') && party.hosts.iter().any(|known| known == host)
}

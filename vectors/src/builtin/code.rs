//! Presentation codes: Base45, the strict reader, the verification as far as it needs no memory.

use std::collections::BTreeSet;

use ecric_gm::x509::Certificate;
use ecric_gm::x509::crl::Crl;
use ecric_licence::code::base45::parse_base45;
use ecric_licence::code::{CodeError, Expected, Inquiry, Scene, check_code, parse_code, parse_request, parse_view};
use ecric_licence::file::{Trust, Verdict};

use super::judgement::{instant, list};
use super::{Input, Refusal, Reply, invalid, out, refused};

pub(super) fn ask(name: &str, input: &Input<'_>) -> Reply {
    let malformed = |error: CodeError| refused("CODE_MALFORMED", format!("{}: {error}", error.fault.word()));
    match name {
        "base45.decode" => out(&parse_base45(input.text("text")?).map_err(invalid)?),
        "code.parse" => {
            let code = parse_code(input.text("code")?).map_err(malformed)?;
            if let Some(view) = &code.payload.view {
                parse_view(view).map_err(malformed)?;
            }
            out(&code.payload.code_id)
        }
        "code.request" => out(&parse_request(input.text("code")?).map_err(malformed)?.request.request_id),
        "code.verify" => verify(input),
        _ => Err(Refusal::Unsupported),
    }
}

fn verify(input: &Input<'_>) -> Reply {
    let scene = input.text("scene")?;
    let scene = Scene::of_word(scene).ok_or_else(|| Refusal::Malformed(format!("scene {scene:?} is not known")))?;
    let nonce = input.find("nonce").map(|_| input.bytes("nonce")).transpose()?;
    let expected = Expected { audience: input.text("audience")?, scene, nonce: nonce.as_deref() };
    let trust = trust(input)?;
    let inquiry =
        Inquiry { trust: &trust, expected: Some(expected), at: instant(input, "at")?, ignore: &BTreeSet::new() };
    let report = check_code(input.text("code")?, &inquiry);
    let first = report.reasons().next().map(|(_, reason)| (reason.code, reason.detail.clone()));
    match (report.verdict(), first) {
        (Verdict::Valid, _) => Ok(None),
        (_, Some((code, detail))) => Err(refused(code, detail)),
        (_, None) => Err(Refusal::Malformed("no verdict and no reason".to_owned())),
    }
}

fn trust(input: &Input<'_>) -> Result<Trust, Refusal> {
    let certificates = |name: &str| -> Result<Vec<Certificate>, Refusal> {
        let ders = list(input, name)?;
        let read = ders.iter().map(|der| Certificate::read(der));
        read.collect::<Result<_, _>>().map_err(|error| Refusal::Malformed(format!("{name}: {error}")))
    };
    let mut trust = Trust {
        roots: certificates("roots")?,
        intermediates: certificates("intermediates")?,
        listed: certificates("signers")?,
        ..Trust::default()
    };
    trust.evidence.lists = list(input, "lists")?.iter().filter_map(|der| Crl::read(der).ok()).collect();
    Ok(trust)
}

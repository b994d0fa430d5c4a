//! Certificates, alone and as their own issuer.
#![no_main]

use ecric_gm::x509::Certificate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = ecric_gm::der::check_canonical(bytes);
    if let Ok(certificate) = Certificate::read(bytes) {
        let _ = certificate.verify_by(&certificate);
        let _ = (certificate.subject.to_string(), certificate.issuer.is_within(&certificate.subject));
    }
});

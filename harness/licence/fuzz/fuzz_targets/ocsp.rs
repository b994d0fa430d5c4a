//! OCSP requests and answers.
#![no_main]

use ecric_gm::x509::ocsp::{OcspResponse, read_request};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = OcspResponse::read(bytes);
    let _ = read_request(bytes);
});

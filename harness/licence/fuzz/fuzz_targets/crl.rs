//! Revocation lists.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = ecric_gm::x509::crl::Crl::read(bytes);
});

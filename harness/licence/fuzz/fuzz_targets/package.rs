//! Container, document and the whole verification, strict and lenient, without anything trusted.
#![no_main]

use ecric_licence::file::{Policy, Reading, Trust, verify_file};
use ecric_licence::ofd::{links, zip};
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;

fuzz_target!(|bytes: &[u8]| {
    let _ = zip::read_naive(bytes);
    if let Ok(package) = zip::audit(bytes) {
        let _ = links::walk(&package, false);
    }
    for reading in [Reading::Strict, Reading::Lenient] {
        let _ = verify_file(bytes, &Trust::default(), &Policy::default(), reading, OffsetDateTime::UNIX_EPOCH);
    }
});

//! Seals and seal signatures.
#![no_main]

use ecric_licence::seal;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(seal) = seal::read_seal(bytes) {
        let _ = seal::check_picture(&seal.picture);
        let _ = seal.created.lenient_instant();
    }
    if let Ok(signature) = seal::read_signature(bytes) {
        let _ = (signature.time.instant(), signature.time.lenient_instant());
    }
});

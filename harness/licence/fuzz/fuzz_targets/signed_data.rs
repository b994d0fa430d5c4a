//! SignedData and time-stamp tokens.
#![no_main]

use ecric_gm::signed_data::{SignedData, detect, verify_profile};
use ecric_gm::sm2::SecretKey;
use ecric_gm::x509::time_stamp::Token;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Token::read(bytes);
    if let Ok(data) = SignedData::read(bytes) {
        let key = SecretKey::derive(b"fuzz", "signer");
        let _ = verify_profile(&data, key.public_key());
        let _ = detect(&data, key.public_key(), bytes);
    }
});

//! A licence file whose `OFD.xml` is the input: past the container, which random bytes rarely pass.
#![no_main]

use std::collections::BTreeMap;

use ecric_licence::file::{Policy, Reading, Trust, verify_file};
use ecric_licence::ofd::zip::write_package;
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;

fuzz_target!(|bytes: &[u8]| {
    let names = ["OFD.xml", "Doc_0/Document.xml", "Doc_0/Signs/Signatures.xml", "Doc_0/Signs/Sign_0/Signature.xml"];
    let parts = bytes.split(|byte| *byte == 0);
    let entries: BTreeMap<String, Vec<u8>> =
        names.into_iter().zip(parts).map(|(name, part)| (name.to_owned(), part.to_vec())).collect();
    let file = write_package(&entries);
    let _ = verify_file(&file, &Trust::default(), &Policy::default(), Reading::Lenient, OffsetDateTime::UNIX_EPOCH);
});

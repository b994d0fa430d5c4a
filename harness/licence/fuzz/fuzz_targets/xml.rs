//! XML files of the package.
#![no_main]

use ecric_licence::ofd::{signature, xml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = xml::parse(bytes);
    for lenient in [false, true] {
        let _ = signature::read_list(bytes, lenient);
        let _ = signature::read_signature(bytes, lenient);
    }
});

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use proptest::prelude::*;
use time::macros::datetime;

use super::*;
use crate::encoding::from_hex;

fn fault(hex: &str) -> Option<DerFault> {
    check_canonical(&from_hex(hex).unwrap()).err().map(|error| error.fault)
}

#[test]
fn the_walk_names_the_deviation() {
    let cases = [
        ("020101", None),
        ("0200", Some(DerFault::Empty)),
        ("02020001", Some(DerFault::Padded)),
        ("0202ff80", Some(DerFault::Padded)),
        ("02810101", Some(DerFault::LengthForm)),
        ("0282000101", Some(DerFault::LengthForm)),
        ("30800000", Some(DerFault::Indefinite)),
        ("0102", Some(DerFault::Truncated)),
        ("010101", Some(DerFault::Boolean)),
        ("0101ff", None),
        ("0101ff00", Some(DerFault::Trailing)),
        ("03020101", Some(DerFault::UnusedBits)),
        ("03020102", None),
        ("030108", Some(DerFault::UnusedBits)),
        ("0300", Some(DerFault::Empty)),
        ("3106020102020101", Some(DerFault::SetOrder)),
        ("3106020101020102", None),
        ("06028001", Some(DerFault::Oid)),
        ("0601ff", Some(DerFault::Oid)),
        ("1f8100", Some(DerFault::LongTag)),
        ("3003020102", None),
        ("30030201", Some(DerFault::Truncated)),
        ("a0040282000101", Some(DerFault::LengthForm)),
    ];
    for (hex, wanted) in cases {
        assert_eq!(fault(hex), wanted, "{hex}");
    }
    let mut deep = vec![5, 0];
    for _ in 0..40 {
        deep = write::tlv(tag::SEQUENCE, &deep);
    }
    assert_eq!(check_canonical(&deep).unwrap_err().fault, DerFault::Depth);
}

#[test]
fn positions_count_from_the_outermost_byte() {
    let bytes = from_hex("3006020101020200ff").unwrap();
    assert_eq!(check_canonical(&bytes).unwrap_err(), DerError { fault: DerFault::Truncated, position: 5 });
    let bytes = from_hex("300702010102020001").unwrap();
    let error = check_canonical(&bytes).unwrap_err();
    assert_eq!((error.fault, error.position), (DerFault::Padded, 5));
}

#[test]
fn times_have_one_form() {
    let instant = datetime!(2026-05-31 16:00:00 UTC);
    assert_eq!(write_generalized_time(datetime!(2026-06-01 00:00:00 +8)), "20260531160000Z");
    assert_eq!(read_generalized_time(b"20260531160000Z"), Some(instant));
    assert_eq!(read_utc_time(b"260531160000Z"), Some(instant));
    assert_eq!(read_utc_time(b"500101000000Z").unwrap().year(), 1950);
    for bad in ["20260531160000", "20260531160000.0Z", "20260531160000+0800", "20260231160000Z", "20260531240000Z"] {
        assert_eq!(read_generalized_time(bad.as_bytes()), None, "{bad}");
    }
}

#[test]
fn named_bits_are_minimal() {
    for (flags, hex) in [(0_u16, "030100"), (1, "03020780"), (0b110_0000, "03020106"), (1 << 8, "0303070080")] {
        let made = write::named_bits(flags);
        assert_eq!(crate::encoding::hex(&made), hex);
        let element = Reader::new(&made).any().unwrap();
        assert_eq!(element.named_bits().unwrap(), flags);
    }
    let padded = from_hex("03020080").unwrap();
    assert!(Reader::new(&padded).any().unwrap().named_bits().is_err());
}

proptest! {
    #[test]
    fn what_is_written_is_canonical(numbers in proptest::collection::vec(any::<u32>(), 0..20), bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let members: Vec<Vec<u8>> = numbers.iter().map(|n| write::small(*n)).collect();
        let set = write::set_of(members);
        let value = write::sequence(&[&set, &write::octets(&bytes), &write::bits(&bytes)]);
        prop_assert!(check_canonical(&value).is_ok());
        let mut outer = Reader::new(&value);
        let mut inner = outer.sequence().unwrap();
        outer.finish_input().unwrap();
        let _ = inner.element(tag::SET).unwrap();
        prop_assert_eq!(inner.element(tag::OCTET_STRING).unwrap().content, &bytes[..]);
        prop_assert_eq!(inner.element(tag::BIT_STRING).unwrap().bytes_of_bits().unwrap(), &bytes[..]);
        inner.finish().unwrap();
    }

    #[test]
    fn hostile_bytes_end_in_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = check_canonical(&bytes);
    }
}

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use ecric_gm::oid::SM2_WITH_SM3;
use ecric_gm::sm2::{self, DEFAULT_ID, SecretKey, Signature};
use proptest::prelude::*;
use time::macros::datetime;

use super::*;

fn key() -> SecretKey {
    SecretKey::derive(b"seal tests", "maker")
}

fn seal_spec(shape: SesVersion) -> SealSpec<'static> {
    SealSpec {
        shape,
        header_version: None,
        es_id: "ECRIC-SEAL-0001".into(),
        name: "测试居民身份证电子证照专用章".into(),
        certificates: CertList::Certificates(vec![b"certificate"]),
        created: datetime!(2026-01-01 0:00 UTC),
        valid: (datetime!(2026-01-01 0:00 UTC), datetime!(2035-12-31 23:59:59 UTC)),
        utc_times: false,
        picture: PictureSpec { kind: "PNG".into(), data: vec![1, 2, 3], size: (42, 42) },
        maker: b"maker",
    }
}

#[test]
fn what_is_written_is_read_and_verifies() {
    for shape in [SesVersion::V1, SesVersion::V4, SesVersion::V5] {
        let bytes = sign_seal(&seal_spec(shape), &key()).unwrap();
        ecric_gm::der::check_canonical(&bytes).unwrap();
        let seal = read_seal(&bytes).unwrap();
        assert_eq!((seal.shape, seal.header_version, seal.header_id.as_str()), (shape, shape.number(), "ES"));
        assert_eq!(seal.certificates, CertList::Certificates(vec![b"certificate"]));
        assert_eq!(seal.valid_end.instant(), Some(datetime!(2035-12-31 23:59:59 UTC)));
        assert_eq!((seal.picture.width, seal.picture.data), (42, &[1, 2, 3][..]));
        let value = Signature::from_der(seal.signature).unwrap();
        sm2::verify(key().public_key(), DEFAULT_ID, &seal.signed, &value).unwrap();

        let spec = SignatureSpec {
            shape,
            version: None,
            seal: &bytes,
            time: "20260531160000Z".into(),
            data_hash: [7; 32],
            property_info: "/Doc_0/Signs/Sign_0/Signature.xml".into(),
            certificate: b"signer",
            algorithm: SM2_WITH_SM3,
        };
        let bytes = sign_signature(&spec, &key()).unwrap();
        let read = read_signature(&bytes).unwrap();
        assert_eq!((read.shape, read.version, read.certificate), (shape, shape.number(), &b"signer"[..]));
        assert_eq!(read.time.instant(), Some(datetime!(2026-06-01 0:00 +8)));
        assert_eq!((read.data_hash, read.seal), (&[7; 32][..], spec.seal));
        let value = Signature::from_der(read.signature).unwrap();
        sm2::verify(key().public_key(), DEFAULT_ID, read.signed, &value).unwrap();
        let with_token = with_value(&spec, read.signature, Some(b"token"));
        let token = read_signature(&with_token).unwrap().time_stamp;
        assert_eq!(token, (shape != SesVersion::V1).then_some(&b"token"[..]));
    }
    let mut digests = seal_spec(SesVersion::V4);
    digests.certificates = CertList::Digests(vec![("SM3".into(), &[5; 32])]);
    let bytes = sign_seal(&digests, &key()).unwrap();
    assert_eq!(read_seal(&bytes).unwrap().certificates, digests.certificates);
}

#[test]
fn times_of_the_field_are_understood_leniently() {
    let read = |text: &'static str| TimeText { tag: tag::GENERALIZED_TIME, text: text.as_bytes() };
    let wanted = Some(datetime!(2026-05-31 16:00:00 UTC));
    for text in ["20260531160000Z", "20260531160000.123Z", "20260601000000+0800", "20260531160000"] {
        assert_eq!(read(text).lenient_instant(), wanted, "{text}");
    }
    assert_eq!(read("20260531160000.0Z").instant(), None);
    for text in ["", "x", "20260531160000+", "20260531160000+08", "2026"] {
        assert_eq!(read(text).lenient_instant(), None, "{text}");
    }
}

#[test]
fn heads_of_pictures_are_read() {
    let png = [b"\x89PNG\r\n\x1a\n".as_slice(), &[0, 0, 0, 13], b"IHDR", &[0, 0, 1, 0, 0, 0, 2, 0]].concat();
    assert_eq!(picture_size(&png), Some((256, 512)));
    let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 1, 185, 1, 102];
    assert_eq!(picture_size(&jpeg), Some((358, 441)));
    assert_eq!(picture_size(b"GIF89a\x02\x00\x03\x00"), Some((2, 3)));
    assert_eq!(picture_size(b"abc"), None);
    let huge = [b"\x89PNG\r\n\x1a\n".as_slice(), &[0, 0, 0, 13], b"IHDR", &[0, 1, 0, 0, 0, 1, 0, 0]].concat();
    let picture = |kind: &str, data| Picture { kind: kind.into(), data, width: 42, height: 42 };
    assert_eq!(check_picture(&picture("PNG", &huge)), Err(PictureFault::Limit));
    assert_eq!(check_picture(&picture("PNG", &png)), Ok(()));
    assert_eq!(check_picture(&picture("ofd", b"PK")), Err(PictureFault::Nested));
}

proptest! {
    #[test]
    fn hostile_bytes_end_in_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..300), at in any::<prop::sample::Index>(), xor in 1_u8..) {
        let _ = read_seal(&bytes);
        let _ = read_signature(&bytes);
        let mut seal = sign_seal(&seal_spec(SesVersion::V4), &key()).unwrap();
        let at = at.index(seal.len());
        seal[at] ^= xor;
        if let Ok(read) = read_seal(&seal) {
            let _ = check_picture(&read.picture);
        }
    }
}

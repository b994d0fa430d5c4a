#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]
//! Known answers: computed by two programs that share no code with this one.

use ecric_gm::sm3;
use time::macros::{date, datetime};

use super::*;
use crate::ofd::zip::write_package;

pub(crate) fn first() -> LicenceContent {
    LicenceContent {
        name: "中华人民共和国居民身份证".into(),
        type_name: "中华人民共和国居民身份证".into(),
        type_code: "11100000000013127D001".into(),
        identifier: "1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.001.R".into(),
        version: "001".into(),
        authority_name: "测试证照颁发机构".into(),
        authority_code: "11100000000013127D".into(),
        issued: date!(2026 - 06 - 01),
        effective: date!(2026 - 06 - 01),
        expiring: Some(date!(2046 - 06 - 01)),
        area_code: "110199".into(),
        previous: None,
        face: Face {
            name: "测试甲".into(),
            sex: "1".into(),
            ethnicity: "01".into(),
            birth: date!(2000 - 02 - 29),
            address: "测试省测试市测试区测试路1号".into(),
            id_number: "110199200002290013".into(),
            issuing_authority: "测试市公安局测试分局".into(),
        },
        photo: b"abc".to_vec(),
        photo_size: (358, 441),
    }
}

fn second() -> LicenceContent {
    let mut content = first();
    content.previous = Some(content.identifier.clone());
    content.identifier = "1.2.156.3005.2.11100000000013127D001.11100000000013127D.20260101A1B2C3D4E5F6.002.P".into();
    content.version = "002".into();
    content.expiring = None;
    content.face.name = "\u{963F}\u{4E0D}\u{90FD}\u{B7}\u{20BB7}\u{7532}".into();
    content.face.id_number = "110199197003010015".into();
    content.face.birth = date!(1970 - 03 - 01);
    content.face.address = "测试省测试市测试区测试街道测试路一百二十三号测试小区甲座1单元1201室".into();
    content
}

fn copy() -> CopyContent {
    CopyContent {
        created: datetime!(2026-06-02 09:00:00 +8),
        creator: "测试共享服务机构".into(),
        cause: "办理测试事项".into(),
        expiring: Some(datetime!(2026-07-02 23:59:59 +8)),
        origin_sm3: sm3::digest(b"abc"),
    }
}

fn signature_list(max: &str, kind: &str) -> Vec<u8> {
    use crate::ofd::signature::{Record, SignatureList, SignatureType, write_list};
    write_list(&SignatureList {
        max_sign_id: Some(max.into()),
        records: vec![Record {
            id: "s001".into(),
            kind: if kind == "Seal" { SignatureType::Seal } else { SignatureType::Sign },
            kind_written: true,
            base_loc: "/Doc_0/Signs/Sign_0/Signature.xml".into(),
            relative: None,
        }],
    })
}

fn check(entries: &std::collections::BTreeMap<String, Vec<u8>>, wanted: &[(&str, usize, &str)]) {
    for (name, size, digest) in wanted {
        let bytes = &entries[*name];
        assert_eq!(
            (bytes.len(), sm3::digest_hex(bytes).as_str()),
            (*size, *digest),
            "{name}: {}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn an_original_has_the_known_bytes() {
    let mut entries = original_entries(&first(), &Variant::default()).unwrap();
    entries.insert("Doc_0/Signs/Signatures.xml".into(), signature_list("s002", "Seal"));
    check(
        &entries,
        &[
            ("OFD.xml", 1985, "c0121cc29cfcf89db6e952696f36e5242110e848af59cfbb73cdb339b38438c5"),
            ("Doc_0/Attachs/Attachments.xml", 289, "d774a8f104bd999704fe86bb52007b1ea90be02bcd2ffe85837a22129a0ebfb4"),
            (
                "Doc_0/Attachs/certificate.json",
                1186,
                "162fb9c144a8762761522ea3153e3168b444ba19e558f4f419913b2082c1c23f",
            ),
            ("Doc_0/Document.xml", 564, "51c6cf555cd0f0ed64a0007949178c0e247e8c058dd37310b9baf89ae683ea5c"),
            ("Doc_0/DocumentRes.xml", 255, "921753fe8be530c7878d9cf6ab61bf994b42e248603d206b19eb9c7bd11b4b9e"),
            (
                "Doc_0/Pages/Page_0/Content.xml",
                4030,
                "2207428bcf30fafb540b2692bfbdaf427c6350f4c91d2de46e36d2602af0a443",
            ),
            ("Doc_0/PublicRes.xml", 192, "1619c6e6649d58081f7cc101a7e39cd342304877a63b14fa8cdd9c4e4625ce83"),
            ("Doc_0/Signs/Signatures.xml", 229, "f13674c875d183ff8f1a1e4746c44f4209813f07dda9184038bc4c54acf68d07"),
            ("Doc_0/Tags/CustomTags.xml", 247, "cb9e7c2c88dbea55eb1c35a70a44428c825c0037c3dfc0a84718748b13e37aa9"),
            (
                "Doc_0/Tags/Tag_Certificate.xml",
                1303,
                "0de57b4d49f1f185a3e57569fdcb33d07e91a56b933bf07e3c048d02e61047ac",
            ),
        ],
    );
    let package = write_package(&entries);
    assert_eq!(package.len(), 11_649);
    assert_eq!(sm3::digest_hex(&package), "9d305a569f8441f25f388cb099334a179a538f6ee46589322f67ad7a63721de3");
}

#[test]
fn a_copy_has_the_known_bytes() {
    let mut entries = copy_entries(&first(), &copy()).unwrap();
    entries.insert("Doc_0/Signs/Signatures.xml".into(), signature_list("s001", "Sign"));
    check(
        &entries,
        &[
            ("OFD.xml", 2309, "a96f8bc0cd11c11545ae3a4f9efc7467431e5a9cc03f5efe3d4ae3953a1f5936"),
            ("Doc_0/Annots/Annotations.xml", 208, "8771311045ed9c1f771f49a09b3f9907121213afac6abc86996b2a7828bbcb0e"),
            (
                "Doc_0/Annots/Page_0/Annotation.xml",
                1138,
                "3b8d0f68b6c84b878ba1383bd863dfc3102b6535e10f46d01c1b912e818871c6",
            ),
            (
                "Doc_0/Attachs/certificate.json",
                1481,
                "3b981404fe01fdc2ed94cd3f9a471f6b7e0572d9b0c3ad7c2aee5e36c3616598",
            ),
            ("Doc_0/Document.xml", 628, "8148f58486739163285ecd0426a2ed6a76412205188d500bd703900fb6054c19"),
            ("Doc_0/Signs/Signatures.xml", 229, "d57bd797fd43b762da89c00c2881051d5fc9f96bd0bf4abc677bbd5bb34a3395"),
        ],
    );
    let package = write_package(&entries);
    assert_eq!(package.len(), 13_954);
    assert_eq!(sm3::digest_hex(&package), "c9aec3c3ccf7c22fa691f3493f09f076d0aa5ce2f62b85acc87da5b4c44a95e8");
}

#[test]
fn a_long_term_replaced_rare_name_has_the_known_bytes() {
    let mut entries = original_entries(&second(), &Variant::default()).unwrap();
    entries.insert("Doc_0/Signs/Signatures.xml".into(), signature_list("s002", "Seal"));
    check(
        &entries,
        &[
            ("OFD.xml", 2059, "4032aec2a4d96aec1894b8dd522aba904d26ec533146dd021118daf46d72b976"),
            (
                "Doc_0/Pages/Page_0/Content.xml",
                4175,
                "e9d46e13e82e52181d54233a1bb21299dd5bd9e5cbd3b6346a4b578f7d8f2da9",
            ),
            (
                "Doc_0/Attachs/certificate.json",
                1363,
                "036b36e45b29866eb3031c709bbde8deeb73ff9ee736bf11fcfd92ba067048f2",
            ),
        ],
    );
    let package = write_package(&entries);
    assert_eq!(package.len(), 12_045);
    assert_eq!(sm3::digest_hex(&package), "7ebd5e2bee896d9890c6983a2b88d59146c21e6cce6c0a920ea7db9ef04856de");
}

#[test]
fn descriptions_have_the_known_bytes() {
    let entries = original_entries(&first(), &Variant::default()).unwrap();
    let draft = Draft::original(entries, b"abc", datetime!(2026-06-01 00:00:00 +8));
    let sealed = draft.with_value(vec![]);
    let copied = copy_entries(&first(), &copy()).unwrap();
    let signed = Draft::copy(copied, datetime!(2026-06-02 09:00:00 +8)).with_value(vec![]);
    check(&sealed, &[(draft::DESCRIPTION, 2204, "9c14e8efe6d128f2722324f652bc0b6ca8cbe2f3e799d3c7861c420007c3c5e7")]);
    check(&signed, &[(draft::DESCRIPTION, 2366, "caffdcea0dfc9d6e835fd88c7c9292a2ef172b4329e0f51f178023dbac088644")]);
    assert_eq!((sealed.len(), signed.len()), (14, 15));
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut content = first();
    content.face.name = "测".repeat(53);
    assert_eq!(
        original_entries(&content, &Variant::default()),
        Err(WriteError::Lines { member: "holder.name", found: 3, wanted: 2 })
    );
    content.face.name = "测\u{7}试".into();
    assert_eq!(original_entries(&content, &Variant::default()), Err(WriteError::Character { member: "holder.name" }));
    let mut copied = copy();
    copied.cause = "由".repeat(201);
    assert!(matches!(copy_entries(&first(), &copied), Err(WriteError::Length { found: 201, .. })));
    copied.cause = "由".repeat(200);
    assert!(copy_entries(&first(), &copied).is_ok());
}

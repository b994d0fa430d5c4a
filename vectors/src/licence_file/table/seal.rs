//! E: the seal.

use ecric_gm::sm3;
use ecric_licence::file::StepId::{E1, E2, E3, E4, E5, E6, M1, P4, S1, S3, S4, S5};
use ecric_licence::file::Verdict;
use ecric_licence::layout::draft::DESCRIPTION;
use ecric_licence::ofd::zip::write_package;
use time::macros::datetime;

use super::{Made, after, draft};
use crate::licence_file::attack::{
    Attack,
    Redo::{Key, Nothing, References, Seal},
    attack,
};
use crate::licence_file::bases::good_stamp;
use crate::licence_file::edit::replace_in;
use crate::licence_file::recipe::{OTHER_PICTURE, Recipe, SEAL_FILE};

fn digests(recipe: &mut Recipe<'_>, kind: &str, right: bool) -> Made {
    let digest = if right { sm3::digest(&recipe.signer.der) } else { [7; 32] };
    recipe.digest_list = Some(vec![(kind.to_owned(), digest.to_vec())]);
    Ok(())
}

fn stamp(recipe: &mut Recipe<'_>, page: &'static str, boundary: &'static str, clip: Option<&'static str>) -> Made {
    draft(recipe, move |draft| {
        for stamp in &mut draft.file.stamps {
            stamp.page_ref = page.to_owned();
            stamp.boundary = boundary.to_owned();
            stamp.clip = clip.map(str::to_owned);
        }
        Ok(())
    })
}

/// An OFD package inside an OFD package inside the picture.
fn nested_picture(recipe: &mut Recipe<'_>) -> Made {
    let mut package = b"innermost".to_vec();
    for _ in 0..3 {
        let entries = [("OFD.xml".to_owned(), b"<OFD/>".to_vec()), ("inner.ofd".to_owned(), package)];
        package = write_package(&entries.into_iter().collect());
    }
    recipe.picture.kind = "ofd".to_owned();
    recipe.picture.data = package;
    Ok(())
}

/// The head of a PNG of 65,535 x 65,535 pixels.
fn huge_picture(recipe: &mut Recipe<'_>) -> Made {
    let head: &[&[u8]] =
        &[b"\x89PNG\r\n\x1a\n", &[0, 0, 0, 13], b"IHDR", &[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff, 8, 2, 0, 0, 0]];
    recipe.picture.data = head.concat();
    Ok(())
}

#[allow(clippy::too_many_lines, reason = "one table")]
pub(super) fn attacks() -> Vec<Attack> {
    vec![
        attack("E01", "orig", Key, E5, &["CERT_NOT_IN_SEAL"], "seal of another unit", |r| {
            r.listed = vec![r.pki.get("XG05").certificate.der().to_vec()];
            Ok(())
        }),
        attack("E02a", "orig-digestlist", Seal, E5, &["CERT_NOT_IN_SEAL"], "wrong digest in the list", |r| {
            digests(r, "SM3", false)
        }),
        attack(
            "E02b",
            "orig-digestlist",
            Seal,
            E5,
            &["CERT_NOT_IN_SEAL"],
            "digest under another algorithm's name",
            |r| digests(r, "SHA1", true),
        ),
        attack("E03", "orig", Seal, E5, &["CERT_NOT_IN_SEAL"], "empty list", |r| {
            r.listed.clear();
            Ok(())
        }),
        attack(
            "E04",
            "orig",
            References,
            E2,
            &["SEAL_SIGNATURE_BAD"],
            "picture replaced, maker's signature kept",
            |r| {
                r.seal_bytes = Some(Box::new(|bytes| replace_in(bytes, "seal", "ECRIC-SEAL-0001", "ECRIC-SEAL-0002")));
                Ok(())
            },
        ),
        attack("E05", "orig", References, E6, &["SEAL_FILE_MISMATCH"], "seal file differs from the seal signed", |r| {
            draft(r, |d| {
                if let Some(seal) = d.entries.get_mut(SEAL_FILE) {
                    replace_in(seal, "seal", "ECRIC-SEAL-0001", "ECRIC-SEAL-0002")?;
                }
                d.cover();
                Ok(())
            })
        }),
        attack("E05m", "orig", References, E6, &["SEAL_FILE_MISMATCH"], "seal file missing", |r| {
            draft(r, |d| {
                d.entries.remove(SEAL_FILE);
                d.cover();
                Ok(())
            })
        }),
        attack("E07a", "orig", Seal, E4, &["SEAL_EXPIRED"], "seal expired at signing", |r| {
            r.seal_times[2] = datetime!(2026-05-01 0:00 UTC);
            Ok(())
        }),
        attack("E07b", "orig", Seal, E4, &["SEAL_NOT_YET_VALID"], "seal not yet valid at signing", |r| {
            r.seal_times[1] = datetime!(2026-06-02 0:00 UTC);
            Ok(())
        }),
        attack("E08", "orig", Seal, E4, &[], "seal expired since, valid at signing", |r| {
            r.seal_times[2] = datetime!(2026-06-02 0:00 UTC);
            Ok(())
        })
        .ends(Verdict::Valid),
        attack("E08f", "orig", Seal, E4, &["SEAL_EXPIRED_NOW"], "seal expired since, which the switch forbids", |r| {
            r.seal_times[2] = datetime!(2026-06-02 0:00 UTC);
            Ok(())
        })
        .when(&[("seal_expired_now", "fail")]),
        attack("E09a", "orig", Seal, E4, &["SEAL_TIME_FORM"], "validity ends before it begins", |r| {
            r.seal_times.swap(1, 2);
            Ok(())
        }),
        attack("E09b", "orig", Seal, E4, &["SEAL_TIME_FORM"], "UTCTime in a seal of 2020", |r| {
            r.utc_times = true;
            Ok(())
        }),
        attack("E10", "orig", Seal, E3, &[], "seal older than its maker's certificate: a warning", |r| {
            r.make_seal_as_bad("XB14")
        })
        .ends(Verdict::Valid),
        attack("E11a", "orig", Key, E3, &["CERT_EXPIRED"], "maker's certificate had expired", |r| {
            r.make_seal_as_bad("XB13")
        }),
        attack("E11b", "orig", Key, E3, &["CERT_REVOKED"], "maker's certificate revoked", |r| {
            r.make_seal_as_bad("XB18")
        }),
        attack("E11c", "orig", Key, E3, &["CERT_UNTRUSTED"], "maker under an unknown root", |r| {
            r.make_seal_as_bad("XB01")
        }),
        attack("E11d", "orig", Key, E3, &["CERT_UNTRUSTED"], "self-made maker", |r| r.make_seal_as_bad("XB04")),
        attack("E12", "orig", Key, E3, &["CERT_USAGE"], "maker may not sign", |r| r.make_seal_as_bad("XB44")),
        attack("E13a", "orig", Key, S3, &["CERT_USAGE"], "signer is a CA", |r| {
            let ca = r.pki.get("XG03");
            r.sign_as(ca.certificate.der().to_vec(), ca.key.clone());
            Ok(())
        })
        .knock_on(&["ISSUER_MISMATCH"]),
        attack("E13b", "orig", Key, S3, &["CERT_USAGE"], "signer's key is for encryption", |r| r.sign_as_bad("XB44")),
        attack("E14a", "orig", Key, S4, &["CERT_REVOKED"], "signer revoked before signing", |r| r.sign_as_bad("XB18")),
        attack("E14b", "orig", Key, S4, &["CERT_REVOKED"], "signer revoked after signing, no time stamp", |r| {
            r.sign_as_bad("XB19")
        }),
        attack("E14t", "orig", Key, S4, &[], "signer revoked after signing, with a time stamp", |r| {
            r.stamp = Some(good_stamp(r.pki));
            r.sign_as_bad("XB19")
        })
        .ends(Verdict::Valid),
        attack("E14c", "orig", Key, S3, &["CERT_STATUS_UNKNOWN"], "no revocation data", |r| r.sign_as_bad("XB25"))
            .ends(Verdict::Indeterminate),
        attack("E14d", "orig", Key, S3, &["CERT_STATUS_UNKNOWN"], "revocation list stale", |r| r.sign_as_bad("XB22"))
            .ends(Verdict::Indeterminate),
        attack("E14e", "orig", Key, S4, &["TS_MISSING"], "signer expired since, no time stamp", |r| {
            let signer = r.pki.get("XG14");
            r.sign_as(signer.certificate.der().to_vec(), signer.key.clone());
            Ok(())
        })
        .ends(Verdict::Indeterminate),
        attack("E15a", "orig", Seal, E1, &["NESTED_LIMIT"], "packages nested in the picture", nested_picture),
        attack("E15b", "orig", Seal, E1, &["PICTURE_LIMIT"], "picture of 4 gigapixels", huge_picture),
        attack("E15c", "orig", Seal, E1, &["PICTURE_LIMIT"], "picture of 300 mm", |r| {
            r.picture.size = (300, 42);
            Ok(())
        }),
        attack("E16a", "orig", References, P4, &["STAMP_PLACE"], "stamp on a page that does not exist", |r| {
            stamp(r, "9", "150 76 42 42", None)
        }),
        attack("E16b", "orig", References, P4, &["STAMP_PLACE"], "stamp outside the page", |r| {
            stamp(r, "1", "190 140 42 42", None)
        }),
        attack("E16c", "orig", References, P4, &["STAMP_PLACE"], "stamp clipped to nothing", |r| {
            stamp(r, "1", "150 76 42 42", Some("0 0 0 0"))
        }),
        attack("E16d", "orig", Nothing, S5, &["DATAHASH_MISMATCH"], "stamp moved after sealing", |r| {
            after(r, |e| e.replace(DESCRIPTION, "150 76 42 42", "10 76 42 42"))
        }),
        attack("E17", "orig", Key, M1, &["ISSUER_MISMATCH"], "signer of another issuing authority", |r| {
            r.sign_as_bad("XB48")
        }),
        attack(
            "E18",
            "orig",
            Seal,
            S1,
            &["VERSION_MIX", "SEAL_MALFORMED"],
            "seal labelled with an unknown version",
            |r| {
                r.seal_header = Some(9);
                r.sign_version = Some(9);
                Ok(())
            },
        )
        .knock_on(&["VERSION_MIX"]),
        attack("E19", "orig", Seal, E2, &["SEAL_SIGNATURE_BAD"], "picture exchanged in the sealed seal", |r| {
            let other = OTHER_PICTURE;
            r.seal_bytes = Some(Box::new(move |bytes| {
                let from = b"IHDR";
                if let Some(at) = bytes.windows(4).position(|window| window == from) {
                    bytes[at + 4 + 8] ^= other[24] | 1;
                }
                Ok(())
            }));
            Ok(())
        }),
    ]
}

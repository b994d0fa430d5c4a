//! G: the signature value.

use ecric_gm::oid::{ECDSA_SHA256, RSA_SHA256, SM2_SIGN};
use ecric_licence::file::StepId::{D1, D2, P3, P4, P5, S1, S2, S4, S5};
use ecric_licence::file::Verdict;
use ecric_licence::layout::draft::{DESCRIPTION, VALUE};
use ecric_licence::ofd::signature::SignatureType;
use ecric_licence::ofd::zip;
use time::Duration;
use time::macros::datetime;

use super::{Made, after, draft};
use crate::licence_file::attack::{
    Attack,
    Redo::{Key, Nothing, References, Signature},
    attack,
};
use crate::licence_file::bases::{default_recipe, good_stamp};
use crate::licence_file::recipe::{DigestForm, FILE_TIME, Recipe, SignedForm, ValueForm, pair};

/// Order of the group, and one above it.
const N: [u8; 33] = n(0x23);
const N_PLUS_1: [u8; 33] = n(0x24);

const fn n(last: u8) -> [u8; 33] {
    [
        0, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x72, 0x03,
        0xdf, 0x6b, 0x21, 0xc6, 0x05, 0x2b, 0x53, 0xbb, 0xf4, 0x09, 0x39, 0xd5, 0x41, last,
    ]
}

fn value(recipe: &mut Recipe<'_>, bytes: Vec<u8>) -> Made {
    recipe.value = ValueForm::Bytes(bytes);
    Ok(())
}

fn value_bytes(recipe: &mut Recipe<'_>, edit: fn(&mut Vec<u8>)) -> Made {
    recipe.value_bytes = Some(Box::new(move |bytes| {
        edit(bytes);
        Ok(())
    }));
    Ok(())
}

/// Entries of another original: description and value moved into this one.
fn transplanted(recipe: &mut Recipe<'_>, with_description: bool) -> Made {
    let Some(other) = default_recipe(recipe.pki, "orig-rare-name")? else { return Ok(()) };
    let package = other.make()?;
    let parts: Vec<(&str, Vec<u8>)> = zip::audit(&package)
        .map(|read| {
            [DESCRIPTION, VALUE].into_iter().filter_map(|name| Some((name, read.get(name)?.to_vec()))).collect()
        })
        .unwrap_or_default();
    after(recipe, move |entries| {
        for (name, bytes) in parts {
            if with_description || name == VALUE {
                entries.put(name, bytes);
            }
        }
        Ok(())
    })
}

/// Signs at another time, everywhere alike.
fn signed_at(recipe: &mut Recipe<'_>, time: time::OffsetDateTime) -> Made {
    recipe.time = time;
    Ok(())
}

fn stated(recipe: &mut Recipe<'_>, offset: Duration) -> Made {
    let text = ecric_gm::der::write_generalized_time(FILE_TIME + offset);
    draft(recipe, move |draft| {
        draft.file.date_time = Some(text);
        Ok(())
    })
}

fn stamped(recipe: &mut Recipe<'_>, change: impl FnOnce(&mut crate::licence_file::recipe::Stamp)) -> Made {
    let mut stamp = good_stamp(recipe.pki);
    change(&mut stamp);
    recipe.stamp = Some(stamp);
    Ok(())
}

fn stamped_by_bad(recipe: &mut Recipe<'_>, id: &str) -> Made {
    let Some(bad) = recipe.pki.bad(id)? else { return Ok(()) };
    stamped(recipe, |stamp| {
        if let Ok(authority) = ecric_gm::x509::Certificate::read(&bad.der) {
            stamp.authority = authority;
            stamp.key = bad.key;
        }
    })
}

fn signed(recipe: &mut Recipe<'_>, form: SignedForm) -> Made {
    recipe.signed_value = Some(form);
    Ok(())
}

#[allow(clippy::too_many_lines, reason = "one table")]
pub(super) fn attacks() -> Vec<Attack> {
    vec![
        attack("G01", "orig", Signature, S5, &["DATAHASH_MISMATCH"], "dataHash differs", |r| {
            r.data_hash = Some([7; 32]);
            Ok(())
        }),
        attack("G02a", "orig", Signature, S5, &["PROPERTY_MISMATCH"], "propertyInfo names another file", |r| {
            r.property_info = Some("/Doc_0/Signs/Sign_1/Signature.xml".to_owned());
            Ok(())
        }),
        attack("G02b", "orig", Nothing, S5, &["DATAHASH_MISMATCH"], "seal signature of another file", |r| {
            transplanted(r, false)
        }),
        attack(
            "G03",
            "orig",
            Nothing,
            P5,
            &["DIGEST_MISMATCH"],
            "description and seal signature of another file",
            |r| transplanted(r, true),
        ),
        attack("G04a", "orig", Nothing, S2, &["SM2_BAD"], "r is 0", |r| value(r, pair(&[0], &[1]))),
        attack("G04b", "orig", Nothing, S2, &["SM2_BAD"], "s is 0", |r| value(r, pair(&[1], &[0]))),
        attack("G04c", "orig", Nothing, S2, &["SM2_BAD"], "r is n", |r| value(r, pair(&N, &[1]))),
        attack("G04d", "orig", Nothing, S2, &["SM2_BAD"], "s is above n", |r| value(r, pair(&[1], &N_PLUS_1))),
        attack("G04e", "orig", Nothing, S2, &["SM2_BAD"], "r and s of something else", |r| {
            value(r, pair(&[0x11; 32], &[0x22; 32]))
        }),
        attack("G05", "orig", Nothing, S2, &["SM2_ENCODING"], "raw r and s", |r| {
            r.value = ValueForm::Raw;
            Ok(())
        }),
        attack("G06a", "orig", Nothing, S1, &["DER_NON_CANONICAL"], "r is negative", |r| {
            value(r, pair(&[0x80; 32], &[1]))
        })
        .knock_on(&["SM2_BAD"]),
        attack("G06b", "orig", Nothing, S1, &["DER_NON_CANONICAL"], "r is padded", |r| {
            value(r, pair(&[0, 0, 1], &[1]))
        })
        .knock_on(&["SM2_BAD"]),
        attack("G06c", "orig", Nothing, S1, &["DER_NON_CANONICAL"], "length in a longer form", |r| {
            value_bytes(r, |bytes| {
                // SEQUENCE, 0x82, two bytes: one more byte of length.
                bytes.splice(1..2, [0x83, 0]);
            })
        }),
        attack("G06d", "orig", Nothing, S1, &["DER_NON_CANONICAL"], "indefinite length", |r| {
            value_bytes(r, |bytes| {
                bytes.splice(1..4, [0x80]);
                bytes.extend([0, 0]);
            })
        }),
        attack("G06e", "orig", Nothing, S1, &["DER_NON_CANONICAL"], "trailing bytes", |r| {
            value_bytes(r, |bytes| bytes.extend([0, 0]))
        }),
        attack("G06f", "orig", Nothing, S1, &["DER_NON_CANONICAL"], "unused bits in the signature", |r| {
            value_bytes(r, |bytes| {
                // The signature is the last element: BIT STRING, length, unused bits, r and s.
                let at = bytes.windows(3).rposition(|window| window[0] == 3 && window[2] == 0);
                if let Some(at) = at {
                    bytes[at + 2] = 1;
                }
            })
        }),
        attack("G07", "orig", Key, S2, &["SM2_BAD"], "signed without Z", |r| {
            r.value = ValueForm::Digest(DigestForm::WithoutZ);
            Ok(())
        }),
        attack("G08", "orig", Key, S2, &["SM2_BAD", "SIG_SIGNER_ID"], "signed under another signer identifier", |r| {
            r.value = ValueForm::Digest(DigestForm::OtherId(b"ALICE123@YAHOO.COM"));
            Ok(())
        }),
        attack(
            "G08e",
            "orig",
            Key,
            S2,
            &["SM2_BAD", "SIG_SIGNER_ID"],
            "signed under the empty signer identifier",
            |r| {
                r.value = ValueForm::Digest(DigestForm::OtherId(b""));
                Ok(())
            },
        ),
        attack("G09", "orig", Key, S2, &["SM2_BAD"], "hash signed instead of what is hashed", |r| {
            r.value = ValueForm::Digest(DigestForm::OfHash);
            Ok(())
        }),
        attack("G10a", "orig", Signature, S2, &["SIG_METHOD"], "algorithm RSA named", |r| {
            r.algorithm = Some(RSA_SHA256);
            Ok(())
        }),
        attack("G10b", "orig", Signature, S2, &["SIG_METHOD"], "algorithm ECDSA named", |r| {
            r.algorithm = Some(ECDSA_SHA256);
            Ok(())
        }),
        attack("G10c", "orig", Signature, S2, &["SIG_METHOD"], "algorithm SM2 without digest named", |r| {
            r.algorithm = Some(SM2_SIGN);
            Ok(())
        }),
        attack("G10d", "orig", References, P4, &["SIG_METHOD"], "SignatureMethod RSA", |r| {
            draft(r, |d| {
                d.file.method = Some(RSA_SHA256.to_string());
                Ok(())
            })
        }),
        attack("G11", "orig", Key, S2, &["KEY_BAD"], "signer's key with the curve P-256", |r| r.sign_as_bad("XB31"))
            .knock_on(&["CERT_MALFORMED"]),
        attack("G12a", "orig", Key, S2, &["KEY_BAD"], "signer's point off the curve", |r| r.sign_as_bad("XB34"))
            .knock_on(&["CERT_MALFORMED"]),
        attack("G12b", "orig", Key, S2, &["KEY_BAD"], "signer's point at infinity", |r| r.sign_as_bad("XB35"))
            .knock_on(&["CERT_MALFORMED"]),
        attack(
            "G13a",
            "orig",
            Signature,
            S1,
            &["VERSION_MIX"],
            "version of the signature differs from the seal's",
            |r| {
                r.sign_version = Some(5);
                Ok(())
            },
        ),
        attack("G13b", "orig-v1", Signature, S1, &["VERSION_MIX"], "structure of 2014 labelled 4", |r| {
            r.sign_version = Some(4);
            Ok(())
        })
        .when(&[("ses_v1", "flag")]),
        attack("G13c", "orig-v5", Signature, S1, &["VERSION_MIX"], "seal of 2025 signed as 4", |r| {
            r.sign_version = Some(4);
            Ok(())
        })
        .when(&[("ses_v5", "on")]),
        attack("G14a", "copy", Signature, S5, &["DATAHASH_MISMATCH"], "messageDigest wrong, signature right", |r| {
            signed(r, SignedForm::WrongDigest)
        }),
        attack("G14b", "copy", Signature, S1, &["CMS_MALFORMED"], "two signers", |r| signed(r, SignedForm::TwoSigners))
            .knock_on(&["SM2_BAD"]),
        attack("G14c", "copy", Signature, S5, &["DATAHASH_MISMATCH"], "embedded content differs", |r| {
            signed(r, SignedForm::OtherContent)
        }),
        attack("G14d", "copy", Signature, S2, &[], "certificates in another order", |r| {
            signed(r, SignedForm::LeafLast)
        })
        .ends(Verdict::Valid),
        attack("G15a", "orig", References, S4, &["TIME_FUTURE"], "signed in the future", |r| {
            signed_at(r, datetime!(2034-01-01 0:00 +8))
        }),
        attack("G15b", "orig", Key, S4, &["CERT_NOT_YET_VALID"], "signed before the certificate was valid", |r| {
            r.sign_as_bad("XB14")
        }),
        attack("G15c", "orig", Key, S4, &["CERT_EXPIRED"], "signed after the certificate had expired", |r| {
            r.sign_as_bad("XB13")
        }),
        attack("G15d", "orig", Signature, S4, &["TIME_FORM"], "timeInfo with a fraction", |r| {
            r.time_text = Some("20260531160000.5Z".to_owned());
            Ok(())
        }),
        attack("G15o", "orig", Signature, S4, &["TIME_FORM"], "timeInfo with an offset", |r| {
            r.time_text = Some("20260601000000+0800".to_owned());
            Ok(())
        }),
        attack("G15e", "orig", References, D1, &["TIME_DISAGREES"], "SignatureDateTime 6 s off", |r| {
            stated(r, Duration::seconds(6))
        }),
        attack("G15f", "orig", References, D1, &["TIME_DISAGREES"], "SignatureDateTime 8 h off", |r| {
            stated(r, Duration::hours(8))
        }),
        attack("G16a", "orig-ts", Nothing, D2, &["TS_INVALID"], "time stamp over another value", |r| {
            stamped(r, |s| s.over = Some(b"other".to_vec()))
        }),
        attack("G16b", "orig-ts", Key, D2, &["TS_INVALID"], "time stamp by an authority that is not trusted", |r| {
            stamped_by_bad(r, "XB01")
        }),
        attack("G16c", "orig-ts", Nothing, D2, &["TS_INVALID"], "dummy bytes for a time stamp", |r| {
            stamped(r, |s| s.bytes = Some(b"dummy".to_vec()))
        }),
        attack("G16d", "orig-ts", Nothing, D2, &["TS_INVALID"], "time stamp earlier than the signature", |r| {
            stamped(r, |s| s.time = FILE_TIME - Duration::HOUR)
        }),
        attack(
            "G16e",
            "orig-ts",
            Key,
            D2,
            &["TS_INVALID", "CERT_USAGE"],
            "time stamp by an authority without critical purpose",
            |r| stamped_by_bad(r, "XB46"),
        ),
        attack(
            "G17a",
            "orig-v1",
            Signature,
            S1,
            &["VERSION_REFUSED"],
            "seal of 2014 under the default switches",
            |_| Ok(()),
        ),
        attack(
            "G17b",
            "orig-v5",
            Signature,
            S1,
            &["VERSION_REFUSED"],
            "seal of 2025 under the default switches",
            |_| Ok(()),
        ),
        attack("G18", "copy", Nothing, P3, &["TYPE_MISMATCH"], "Sign turned into Seal", |r| {
            draft(r, |d| {
                d.list.records.iter_mut().for_each(|record| record.kind = SignatureType::Seal);
                d.cover();
                Ok(())
            })
        }),
        attack("G19", "sign-raw", Nothing, S2, &["CERT_UNTRUSTED"], "bare signature without certificate", |_| Ok(()))
            .ends(Verdict::Indeterminate),
        attack("G20", "orig-ts", Signature, D2, &["TS_MISSING"], "time stamp required, none there", |r| {
            r.stamp = None;
            Ok(())
        })
        .when(&[("timestamp", "required")])
        .ends(Verdict::Indeterminate),
    ]
}

//! C: coverage and structure of the signatures.

use std::collections::BTreeMap;

use ecric_licence::file::StepId::{P2, P3, P4, P6};
use ecric_licence::layout::Draft;
use ecric_licence::layout::draft::{DESCRIPTION, LIST, SEAL, VALUE, reference};
use ecric_licence::ofd::signature::write_signature;
use ecric_licence::seal::sign_signature;

use super::{DOCUMENT, JSON, Made, PAGE, PHOTO_FILE, ROOT, TAGS, after, before, draft, uncover};
use crate::licence_file::attack::{
    Attack,
    Redo::{Container, Key, Nothing, References, Signature},
    attack,
};
use crate::licence_file::edit::Entries;
use crate::licence_file::recipe::{FILE_TIME, OTHER_PHOTO, Recipe, append_signature};

/// Leaves `name` out of the references; `n` also changes it after sealing.
fn uncovered(recipe: &mut Recipe<'_>, name: &'static str, change: Option<fn(&mut Entries) -> Made>) -> Made {
    if let Some(change) = change {
        after(recipe, change)?;
    }
    draft(recipe, move |draft| {
        uncover(draft, name);
        Ok(())
    })
}

const TEMPLATE: &str = "Doc_0/Tpls/Tpl_0/Content.xml";
const ANNOTATION: &str = "Doc_0/Annots/Page_0/Annotation.xml";
const OVERLAY: &str = "<ofd:TextObject ID=\"90\" Boundary=\"42 34 104 12\" Font=\"10\" Size=\"4\">\
    <ofd:TextCode X=\"0\" Y=\"3.52\">测试乙</ofd:TextCode></ofd:TextObject>";

fn second_body(entries: &mut Entries) -> Made {
    let document = entries.get(DOCUMENT)?;
    entries.put("Doc_1/Document.xml", document);
    entries.replace(
        ROOT,
        "</ofd:OFD>",
        "<ofd:DocBody><ofd:DocInfo><ofd:DocID>00000000000080008000000000000000</ofd:DocID></ofd:DocInfo>\
         <ofd:DocRoot>/Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
    )
}

fn version(entries: &mut Entries) -> Made {
    let document = entries.get(DOCUMENT)?;
    entries.put("Doc_0/Document_1.xml", document);
    entries.put(
        "Doc_0/Version_1.xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ofd:DocVersion xmlns:ofd=\"http://www.ofdspec.org/2016\" \
         ID=\"1\" Version=\"2\"><ofd:DocRoot>/Doc_0/Document_1.xml</ofd:DocRoot></ofd:DocVersion>",
    );
    entries.replace(
        ROOT,
        "<ofd:Signatures>",
        "<ofd:Versions><ofd:Version ID=\"1\" Index=\"0\" Current=\"true\" BaseLoc=\"/Doc_0/Version_1.xml\"/>\
         </ofd:Versions><ofd:Signatures>",
    )
}

/// Writes a reference to the photo in another form.
fn photo_ref(recipe: &mut Recipe<'_>, form: &'static str) -> Made {
    draft(recipe, move |draft| {
        let place = format!("/{PHOTO_FILE}");
        for reference in draft.file.references.iter_mut().filter(|reference| reference.file_ref == place) {
            reference.file_ref = form.to_owned();
        }
        Ok(())
    })
}

fn action(recipe: &mut Recipe<'_>, inner: &'static str) -> Made {
    let inner = inner.replace("SINK", &recipe.sink);
    before(recipe, move |entries| {
        let text = format!("<ofd:Actions><ofd:Action Event=\"DO\">{inner}</ofd:Action></ofd:Actions><ofd:CustomTags>");
        entries.replace(DOCUMENT, "<ofd:CustomTags>", &text)
    })
}

/// A signature `Sign_1` by a copy maker over everything, entered in the list as `s003`.
fn appended(recipe: &mut Recipe<'_>) -> Made {
    let signer = recipe.pki.get("XG16").clone();
    after(recipe, move |entries| {
        let all: Vec<String> = entries.0.keys().cloned().collect();
        append_signature(&mut entries.0, &signer, &all, FILE_TIME)?;
        entries.replace(LIST, "<ofd:MaxSignId>s002", "<ofd:MaxSignId>s003")?;
        entries.replace(
            LIST,
            "</ofd:Signatures>",
            "<ofd:Signature ID=\"s003\" Type=\"Sign\" BaseLoc=\"/Doc_0/Signs/Sign_1/Signature.xml\"/></ofd:Signatures>",
        )
    })
}

/// Points the record at `Sign_1`, a seal signature of the good issuer over the photo alone.
fn retargeted(recipe: &mut Recipe<'_>) -> Made {
    let (signer, key) = (recipe.signer.der.clone(), recipe.signer.key.clone());
    after(recipe, move |entries| {
        let seal = entries.get(SEAL)?;
        let photo = entries.get(PHOTO_FILE)?;
        let mut draft = Draft::original(BTreeMap::new(), &seal, FILE_TIME);
        draft.file.references = vec![reference(PHOTO_FILE, &photo)];
        draft.file.signed_value = format!("/{}", VALUE.replace("Sign_0", "Sign_1"));
        let mut spec = draft.signature_spec(&seal, &signer);
        spec.property_info = format!("/{}", DESCRIPTION.replace("Sign_0", "Sign_1"));
        let value = sign_signature(&spec, &key)?;
        entries.put(&DESCRIPTION.replace("Sign_0", "Sign_1"), write_signature(&draft.file));
        entries.put(&VALUE.replace("Sign_0", "Sign_1"), value);
        entries.replace(LIST, "Sign_0/Signature.xml", "Sign_1/Signature.xml")
    })
}

#[allow(clippy::too_many_lines, reason = "one table")]
pub(super) fn attacks() -> Vec<Attack> {
    let covers = &["UNCOVERED_FILE", "STRAY_ENTRY"];
    vec![
        attack("C01r", "orig", References, P6, &["UNCOVERED_ROOT"], "OFD.xml left out of the references", |r| {
            before(r, |e| {
                let document = e.get(DOCUMENT)?;
                e.put("Doc_9/Document.xml", document);
                e.replace(ROOT, "/Doc_0/Document.xml", "/Doc_9/Document.xml")
            })?;
            uncovered(r, ROOT, None)
        }),
        attack(
            "C01n",
            "orig",
            Nothing,
            P6,
            &["UNCOVERED_FILE", "UNCOVERED_ROOT"],
            "OFD.xml uncovered and repointed after sealing",
            |r| {
                uncovered(
                    r,
                    ROOT,
                    Some(|e| {
                        let document = e.get(DOCUMENT)?;
                        e.put("Doc_9/Document.xml", document);
                        e.replace(ROOT, "/Doc_0/Document.xml", "/Doc_9/Document.xml")
                    }),
                )
            },
        )
        .knock_on(covers),
        attack("C02r", "orig-template", References, P6, &["UNCOVERED_FILE"], "page template uncovered", |r| {
            uncovered(r, TEMPLATE, None)
        }),
        attack("C02n", "orig-template", Nothing, P6, &["UNCOVERED_FILE"], "page template uncovered and changed", |r| {
            uncovered(r, TEMPLATE, Some(|e| e.replace(TEMPLATE, "M 0 0", "M 9 9")))
        }),
        attack("C03r", "orig-font", References, P6, &["UNCOVERED_FILE"], "font uncovered", |r| {
            uncovered(r, "Doc_0/Res/font.ttf", None)
        }),
        attack("C03n", "orig-font", Nothing, P6, &["UNCOVERED_FILE"], "font uncovered and swapped", |r| {
            uncovered(
                r,
                "Doc_0/Res/font.ttf",
                Some(|e| {
                    e.put("Doc_0/Res/font.ttf", vec![0xa5; 2048]);
                    Ok(())
                }),
            )
        }),
        attack("C03p", "orig", Nothing, P6, &["UNCOVERED_FILE"], "photo uncovered and swapped", |r| {
            uncovered(
                r,
                PHOTO_FILE,
                Some(|e| {
                    e.put(PHOTO_FILE, OTHER_PHOTO);
                    Ok(())
                }),
            )
        })
        .knock_on(&["META_MISMATCH"]),
        attack("C04r", "orig-annot", References, P6, &["UNCOVERED_FILE"], "annotation uncovered", |r| {
            uncovered(r, ANNOTATION, None)
        }),
        attack("C04n", "orig-annot", Nothing, P6, &["UNCOVERED_FILE"], "annotation uncovered and changed", |r| {
            uncovered(r, ANNOTATION, Some(|e| e.replace(ANNOTATION, "M 0 6", "M 0 3")))
        }),
        attack("C05r", "orig", References, P6, &["UNCOVERED_FILE"], "index uncovered", |r| uncovered(r, TAGS, None)),
        attack("C05n", "orig", Nothing, P6, &["UNCOVERED_FILE"], "index uncovered and changed", |r| {
            uncovered(r, TAGS, Some(|e| e.replace(TAGS, ">40<", ">44<")))
        })
        .knock_on(&["META_MISMATCH"]),
        attack("C06r", "orig", References, P6, &["UNCOVERED_FILE"], "attachment uncovered", |r| {
            uncovered(r, JSON, None)
        }),
        attack("C06n", "orig", Nothing, P6, &["UNCOVERED_FILE"], "attachment uncovered and changed", |r| {
            uncovered(r, JSON, Some(|e| e.replace(JSON, "\"sex\":\"男\"", "\"sex\":\"女\"")))
        })
        .knock_on(&["META_MISMATCH"]),
        attack("C07", "orig", Container, P6, &["STRAY_ENTRY"], "entry that nothing reaches", |r| {
            after(r, |e| {
                e.put("Doc_0/extra.xml", "<x/>");
                Ok(())
            })
        }),
        attack("C08r", "orig", References, P2, &["MULTI_DOC"], "second document", |r| before(r, second_body)),
        attack(
            "C08n",
            "orig",
            Nothing,
            P2,
            &["MULTI_DOC", "DIGEST_MISMATCH"],
            "second document added after sealing",
            |r| after(r, second_body),
        )
        .knock_on(&["DIGEST_MISMATCH", "UNCOVERED_FILE"]),
        attack("C09r", "orig", References, P2, &["VERSION_AFTER_SIGN"], "version of the document", |r| {
            before(r, version)
        }),
        attack(
            "C09n",
            "orig",
            Nothing,
            P2,
            &["VERSION_AFTER_SIGN", "DIGEST_MISMATCH"],
            "version added after sealing",
            |r| after(r, version),
        )
        .knock_on(&["DIGEST_MISMATCH", "UNCOVERED_FILE"]),
        attack("C10a", "orig", References, P4, &["EMPTY_OR_PARTIAL_RANGE"], "reference list emptied", |r| {
            draft(r, |d| {
                d.file.references.clear();
                Ok(())
            })
        })
        .knock_on(&["UNCOVERED_ROOT", "UNCOVERED_FILE"]),
        attack("C10b", "orig", References, P4, &["EMPTY_OR_PARTIAL_RANGE"], "one harmless file covered", |r| {
            draft(r, |d| {
                d.file.references.retain(|f| f.file_ref.ends_with("photo.jpg"));
                Ok(())
            })
        })
        .knock_on(&["UNCOVERED_ROOT", "UNCOVERED_FILE"]),
        attack("C11", "orig", References, P4, &["WEAK_OR_UNKNOWN_DIGEST"], "CheckMethod absent", |r| {
            draft(r, |d| {
                d.file.check_method = None;
                Ok(())
            })
        }),
        attack("C12a", "orig", References, P4, &["WEAK_OR_UNKNOWN_DIGEST"], "CheckMethod MD5", |r| {
            draft(r, |d| {
                d.file.check_method = Some("1.2.840.113549.2.5".to_owned());
                Ok(())
            })
        }),
        attack("C12b", "orig", References, P4, &["WEAK_OR_UNKNOWN_DIGEST"], "CheckMethod SHA-1", |r| {
            draft(r, |d| {
                d.file.check_method = Some("1.3.14.3.2.26".to_owned());
                Ok(())
            })
        }),
        attack("C13", "orig", References, P4, &["WEAK_OR_UNKNOWN_DIGEST"], "CheckMethod keyed SM3", |r| {
            draft(r, |d| {
                d.file.check_method = Some("1.2.156.10197.1.401.2".to_owned());
                Ok(())
            })
        }),
        attack("C14", "orig", Nothing, P3, &["NO_SIGNATURE"], "record taken out of the list", |r| {
            after(r, |e| {
                let list = e.get(LIST)?;
                let record = crate::licence_file::edit::between(&list, "</ofd:MaxSignId>", "</ofd:Signatures>")?;
                e.replace(LIST, &record, "")
            })
        })
        .knock_on(&["STRAY_ENTRY"]),
        attack(
            "C15",
            "orig",
            Nothing,
            P4,
            &["EMPTY_OR_PARTIAL_RANGE"],
            "record retargeted to a valid signature over a harmless file",
            retargeted,
        )
        .knock_on(&["STRAY_ENTRY", "UNCOVERED_ROOT", "UNCOVERED_FILE", "EMPTY_OR_PARTIAL_RANGE"]),
        attack("C16", "orig", Nothing, P3, &["SIGNATURE_ID"], "two records with one id", |r| {
            after(r, |e| {
                let list = e.get(LIST)?;
                let record = crate::licence_file::edit::between(&list, "</ofd:MaxSignId>", "</ofd:Signatures>")?;
                e.replace(LIST, "</ofd:Signatures>", &format!("{record}</ofd:Signatures>"))
            })
        })
        .knock_on(&["EXTRA_SIGNER"]),
        attack("C17", "orig", Nothing, P3, &["TYPE_MISMATCH"], "Seal turned into Sign", |r| {
            after(r, |e| e.replace(LIST, "Type=\"Seal\"", "Type=\"Sign\""))
        }),
        attack("C18", "orig", Nothing, P3, &["EXTRA_SIGNER"], "signature appended by somebody else", appended)
            .knock_on(&["CERT_USAGE"]),
        attack("C19", "orig", Key, P3, &["SIGNER_ROLE"], "original signed by a copy maker", |r| {
            let maker = r.pki.get("XG16");
            r.sign_as(maker.certificate.der().to_vec(), maker.key.clone());
            r.sign_original = true;
            Ok(())
        })
        .knock_on(&["CERT_USAGE", "ISSUER_MISMATCH"]),
        attack(
            "C20r",
            "orig-annot",
            References,
            P6,
            &["UNCOVERED_FILE"],
            "annotation over a text, in an uncovered file",
            |r| {
                before(r, |e| e.replace(ANNOTATION, "<ofd:PathObject", &format!("{OVERLAY}<ofd:PathObject")))?;
                uncovered(r, ANNOTATION, None)
            },
        ),
        attack(
            "C20n",
            "orig-annot",
            Nothing,
            P6,
            &["UNCOVERED_FILE"],
            "annotation over a text, added after sealing",
            |r| {
                uncovered(
                    r,
                    ANNOTATION,
                    Some(|e| e.replace(ANNOTATION, "<ofd:PathObject", &format!("{OVERLAY}<ofd:PathObject"))),
                )
            },
        ),
        attack(
            "C21",
            "orig-template",
            Nothing,
            P6,
            &["UNCOVERED_FILE"],
            "hidden object shown by an uncovered file",
            |r| {
                before(r, |e| e.replace(TEMPLATE, "LineWidth", "Visible=\"false\" LineWidth"))?;
                uncovered(r, TEMPLATE, Some(|e| e.replace(TEMPLATE, "Visible=\"false\"", "Visible=\"true\"")))
            },
        ),
        attack(
            "C22",
            "orig",
            References,
            P4,
            &["DUPLICATE_REF"],
            "two references for one file, one value right",
            |r| {
                draft(r, |d| {
                    d.file.references.push(reference(PHOTO_FILE, OTHER_PHOTO));
                    Ok(())
                })
            },
        )
        .knock_on(&["DIGEST_MISMATCH"]),
        attack("C23a", "orig", References, P4, &["BAD_PATH"], "FileRef relative", |r| {
            photo_ref(r, "../../Res/photo.jpg")
        })
        .knock_on(&["UNCOVERED_FILE"]),
        attack("C23b", "orig", References, P4, &["BAD_PATH"], "FileRef with ..", |r| {
            photo_ref(r, "/Doc_0/Pages/../Res/photo.jpg")
        })
        .knock_on(&["UNCOVERED_FILE"]),
        attack("C23c", "orig", References, P4, &["BAD_PATH", "MISSING_REF"], "FileRef in other case", |r| {
            photo_ref(r, "/doc_0/res/photo.jpg")
        })
        .knock_on(&["UNCOVERED_FILE", "MISSING_REF"]),
        attack("C23d", "orig", References, P4, &["BAD_PATH", "MISSING_REF"], "FileRef percent-encoded", |r| {
            photo_ref(r, "/Doc_0/Res/photo%2Ejpg")
        })
        .knock_on(&["UNCOVERED_FILE"]),
        attack("C23e", "orig", References, P4, &["BAD_PATH"], "FileRef with backslashes", |r| {
            photo_ref(r, "\\Doc_0\\Res\\photo.jpg")
        })
        .knock_on(&["UNCOVERED_FILE"]),
        attack("C24", "orig-relative", Signature, P3, &["BASE_SIGNATURE"], "base signature does not hold", |r| {
            r.data_hash = Some([7; 32]);
            Ok(())
        })
        .when(&[("extra_records", "status")])
        .knock_on(&["DATAHASH_MISMATCH"]),
        attack("C25a", "orig", References, P4, &["MISSING_REF"], "reference to a file that is not there", |r| {
            draft(r, |d| {
                d.file.references.push(reference("Doc_0/Res/none.jpg", b""));
                Ok(())
            })
        }),
        attack("C25b", "orig", Nothing, P3, &["SIGNATURE_LIST_BROKEN"], "list of signatures missing", |r| {
            after(r, |e| {
                e.0.remove(LIST);
                Ok(())
            })
        })
        .knock_on(&["STRAY_ENTRY"]),
        attack("C25c", "orig", Nothing, P3, &["SIGNATURE_LIST_BROKEN"], "description missing", |r| {
            after(r, |e| {
                e.0.remove(DESCRIPTION);
                Ok(())
            })
        })
        .knock_on(&["STRAY_ENTRY", "NO_SIGNATURE"]),
        attack("C25d", "orig", References, P3, &["NO_SIGNATURE"], "OFD.xml names no list of signatures", |r| {
            before(r, |e| e.replace(ROOT, "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>", ""))
        })
        .knock_on(&["STRAY_ENTRY"]),
        attack("C26a", "orig", References, P2, &["ACTIVE_CONTENT"], "action that opens an address", |r| {
            action(r, "<ofd:URI URI=\"SINK/action\"/>")
        }),
        attack("C26b", "orig", References, P2, &["ACTIVE_CONTENT"], "action that opens an attachment", |r| {
            action(r, "<ofd:GotoA AttachID=\"a1\"/>")
        }),
        attack("C26c", "orig", References, P2, &["ACTIVE_CONTENT"], "action that plays a sound", |r| {
            action(r, "<ofd:Sound ResourceID=\"11\"/>")
        }),
        attack("C26d", "orig", References, P2, &["ACTIVE_CONTENT"], "action that plays a film", |r| {
            action(r, "<ofd:Movie ResourceID=\"11\"/>")
        }),
        attack("C27", "orig", References, P2, &["DOC_TYPE"], "archival document type", |r| {
            before(r, |e| e.replace(ROOT, "DocType=\"OFD\"", "DocType=\"OFD-A\""))
        }),
        attack("C28", "orig", References, P2, &["OFD_ENTRY"], "page that is not there", |r| {
            before(r, |e| {
                e.0.remove(PAGE);
                Ok(())
            })
        })
        .knock_on(&["INDEX_BROKEN"]),
        attack("C29", "orig", Nothing, P3, &["SIGNATURE_ID"], "highest id is not the highest", |r| {
            after(r, |e| e.replace(LIST, "<ofd:MaxSignId>s002", "<ofd:MaxSignId>s001"))
        }),
        attack("C30", "orig", Nothing, P3, &["BAD_PATH"], "BaseLoc relative", |r| {
            after(r, |e| e.replace(LIST, "\"/Doc_0/Signs/Sign_0/", "\"Sign_0/"))
        }),
        attack(
            "C31",
            "orig",
            Nothing,
            ecric_licence::file::StepId::S1,
            &["SES_MALFORMED"],
            "signature value missing",
            |r| {
                after(r, |e| {
                    e.0.remove(VALUE);
                    Ok(())
                })
            },
        ),
    ]
}

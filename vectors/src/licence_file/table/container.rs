//! Z: the container. All made again from good, sealed files.

use ecric_licence::file::StepId::P1;
use ecric_licence::ofd::zip::{Entry, Method, write_package};

use super::{JSON, Made, PAGE, before, package, zip};
use crate::licence_file::attack::{
    Attack,
    Redo::{Container, References},
    attack,
};
use crate::licence_file::recipe::Recipe;

/// The forged page that a duplicate carries.
fn forged(list: &[Entry]) -> Entry {
    let page = list.iter().find(|entry| entry.name == PAGE.as_bytes());
    let text =
        page.map(|entry| String::from_utf8_lossy(&entry.content).replace("测试甲", "测试乙")).unwrap_or_default();
    Entry::stored(PAGE, text.into_bytes())
}

fn add(recipe: &mut Recipe<'_>, name: &'static str) -> Made {
    zip(recipe, move |list| list.push(Entry::stored(name, b"x".to_vec())))
}

/// Changes the entry of the page.
fn page(recipe: &mut Recipe<'_>, change: fn(&mut Entry)) -> Made {
    zip(recipe, move |list| list.iter_mut().filter(|entry| entry.name == PAGE.as_bytes()).for_each(change))
}

/// Overwrites bytes of the first local header, which is the one of OFD.xml.
fn first_header(recipe: &mut Recipe<'_>, at: usize, bytes: &'static [u8]) -> Made {
    package(recipe, move |file| file[at..at + bytes.len()].copy_from_slice(bytes))
}

#[allow(clippy::too_many_lines, reason = "one table")]
pub(super) fn attacks() -> Vec<Attack> {
    let z = |id, codes, comment, edit| attack(id, "orig", Container, P1, codes, comment, edit);
    vec![
        z("Z01a", &["ZIP_DUPLICATE_NAME"], "a forged page first, the genuine one last", |r| {
            zip(r, |list| list.insert(1, forged(list)))
        }),
        z("Z01b", &["ZIP_DUPLICATE_NAME"], "the genuine page first, a forged one last", |r| {
            zip(r, |list| list.push(forged(list)))
        }),
        z("Z02a", &["ZIP_NAME_COLLISION"], "names that differ in case", |r| add(r, "doc_0/DOCUMENT.XML")),
        z("Z02b", &["ZIP_NAME_COLLISION"], "names that differ in normalisation", |r| {
            zip(r, |list| {
                list.push(Entry::stored("Doc_0/Res/\u{e9}.jpg", vec![]));
                list.push(Entry::stored("Doc_0/Res/e\u{301}.jpg", vec![]));
            })
        }),
        z("Z03a", &["ZIP_BAD_NAME"], "backslash in a name", |r| add(r, "Doc_0\\x.xml")),
        z("Z03b", &["ZIP_BAD_NAME", "ZIP_PATH_ESCAPE"], "name with a leading slash", |r| add(r, "/Doc_0/x.xml")),
        z("Z03c", &["ZIP_BAD_NAME"], "name with ./", |r| add(r, "./Doc_0/x.xml")),
        z("Z03d", &["ZIP_BAD_NAME"], "name with //", |r| add(r, "Doc_0//x.xml")),
        z("Z03e", &["ZIP_BAD_NAME"], "control character in a name", |r| add(r, "Doc_0/x\u{1}.xml")),
        z("Z04a", &["ZIP_PATH_ESCAPE"], "name with ../", |r| add(r, "../ecric-canary.txt")),
        z("Z04b", &["ZIP_PATH_ESCAPE"], "name with a drive", |r| add(r, "C:/ecric-canary.txt")),
        z("Z04c", &["ZIP_PATH_ESCAPE"], "symbolic link", |r| {
            zip(r, |list| {
                let mut link = Entry::stored("Doc_0/link", b"/etc/hostname".to_vec());
                link.attributes = 0o120_777 << 16;
                list.push(link);
            })
        }),
        z("Z05a", &["ZIP_HEADER_MISMATCH"], "another name in the local header", |r| {
            page(r, |entry| entry.local_name = Some(b"Doc_0/Pages/Page_1/Content.xml".to_vec()))
        }),
        z("Z05b", &["ZIP_HEADER_MISMATCH"], "another size in the local header", |r| first_header(r, 22, &[1, 0, 0, 0])),
        z("Z05c", &["ZIP_HEADER_MISMATCH"], "another checksum in the local header", |r| {
            page(r, |entry| entry.local_crc = Some(1))
        }),
        z("Z05d", &["ZIP_HEADER_MISMATCH"], "another method in the local header", |r| first_header(r, 8, &[8, 0])),
        z("Z05e", &["ZIP_HEADER_MISMATCH", "ZIP_DESCRIPTOR"], "another flag in the local header", |r| {
            first_header(r, 6, &[8, 0])
        }),
        z("Z06a", &["ZIP_SLACK_BYTES"], "bytes before the first entry", |r| {
            package(r, |file| {
                file.splice(0..0, *b"MZ");
            })
        }),
        z("Z06b", &["ZIP_SLACK_BYTES"], "bytes between entries", |r| page(r, |entry| entry.gap = b"slack".to_vec())),
        z("Z06c", &["ZIP_SLACK_BYTES"], "bytes behind the end record", |r| package(r, |file| file.extend(b"slack"))),
        z("Z06d", &["ZIP_SLACK_BYTES"], "two end records", |r| {
            package(r, |file| {
                let end = file[file.len() - 22..].to_vec();
                file.extend(end);
            })
        }),
        z("Z06e", &["ZIP_SLACK_BYTES"], "a comment that holds an end record", |r| {
            package(r, |file| {
                let end = file.len() - 22;
                let fake = file[end..].to_vec();
                file[end + 20] = 22;
                file.extend(fake);
            })
        }),
        z("Z07", &["ZIP_OVERLAP"], "two entries share their bytes", |r| {
            zip(r, |list| {
                let mut alias = Entry::stored("OFD2.xml", list[0].content.clone());
                alias.local_name = Some(list[0].name.clone());
                alias.alias_of = Some(0);
                list.push(alias);
            })
        }),
        z("Z08a", &["ZIP_LIMIT"], "entry that unpacks to a thousand times its size", |r| {
            zip(r, |list| {
                let mut bomb = Entry::stored("Doc_0/bomb", vec![0; 4 << 20]);
                bomb.method = Method::Deflated;
                list.push(bomb);
            })
        }),
        z("Z08b", &["ZIP_LIMIT"], "entries that unpack to more than 32 MiB", |r| {
            zip(r, |list| {
                for i in 0..5 {
                    let mut bomb = Entry::stored(&format!("Doc_0/bomb{i}"), vec![i; 7 << 20]);
                    bomb.method = Method::Deflated;
                    list.push(bomb);
                }
            })
        }),
        z("Z08c", &["ZIP_LIMIT"], "600 entries", |r| {
            zip(r, |list| list.extend((0..600).map(|i| Entry::stored(&format!("f{i}"), vec![]))))
        }),
        attack("Z09", "orig", References, P1, &["ZIP_NESTED"], "package as an attachment", |r| {
            before(r, |entries| {
                let inner = [("OFD.xml".to_owned(), b"<OFD/>".to_vec())];
                entries.put(JSON, write_package(&inner.into_iter().collect()));
                Ok(())
            })
        }),
        z("Z10a", &["ZIP_DESCRIPTOR"], "data descriptor that disagrees", |r| {
            page(r, |entry| {
                entry.descriptor = true;
                entry.descriptor_crc = Some(1);
            })
        }),
        z("Z10b", &["ZIP_CRC"], "checksum zero", |r| page(r, |entry| entry.crc = Some(0))),
        z("Z11a", &["ZIP_UNSUPPORTED"], "entry said to be encrypted", |r| page(r, |entry| entry.flags = 1)),
        z("Z11b", &["ZIP_UNSUPPORTED"], "unknown method", |r| page(r, |entry| entry.claimed_method = Some(99))),
        z("Z11c", &["ZIP_UNSUPPORTED"], "ZIP64 field", |r| {
            page(r, |entry| entry.extra = vec![1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        }),
        z("Z12", &["ZIP_HIDDEN_ENTRY"], "entry that the directory does not name", |r| {
            zip(r, |list| {
                let mut hidden = forged(list);
                hidden.hidden = true;
                list.push(hidden);
            })
        }),
        z("Z13", &["ZIP_COUNT"], "number of entries wrong", |r| {
            r.count = Some(3);
            Ok(())
        }),
        z("Z14", &["ZIP_DIR_DATA"], "folder with content", |r| add(r, "Doc_0/Folder/")),
        z("Z15", &["ZIP_MALFORMED"], "package cut in the middle", |r| package(r, |file| file.truncate(file.len() / 2))),
    ]
}

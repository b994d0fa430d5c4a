#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

fn entries() -> Vec<Entry> {
    vec![
        Entry::stored("OFD.xml", b"<a/>".to_vec()),
        Entry::stored("Doc_0/a.xml", vec![b'x'; 100]),
        Entry::stored("Doc_0/b.xml", b"third".to_vec()),
    ]
}

fn fault(entries: &[Entry]) -> Option<ZipFault> {
    audit(&write_with(entries, None)).err().map(|error| error.fault)
}

/// Changes one entry and gives the fault.
fn changed(change: impl FnOnce(&mut Vec<Entry>)) -> Option<ZipFault> {
    let mut list = entries();
    change(&mut list);
    fault(&list)
}

#[test]
fn good_packages_are_read_whatever_the_writer_chose() {
    assert_eq!(fault(&entries()), None);
    assert_eq!(changed(|list| list[1].method = Method::Deflated), None);
    assert_eq!(changed(|list| list[1].descriptor = true), None);
    assert_eq!(changed(|list| list[1].flags = 1 << 11), None);
    assert_eq!(changed(|list| list.push(Entry::stored("Doc_0/", vec![]))), None);
    assert_eq!(changed(|list| list[1].name = "Doc_0/证.xml".as_bytes().to_vec()), None);
    let file = write_with(&entries(), None);
    let package = audit(&file).unwrap();
    assert_eq!(package.get("Doc_0/b.xml"), Some(&b"third"[..]));
    assert_eq!(package.entries().count(), 3);
}

#[test]
fn each_defect_has_its_fault() {
    let name = |name: &str| changed(|list| list[1].name = name.as_bytes().to_vec());
    for (text, wanted) in [
        ("OFD.xml", ZipFault::DuplicateName),
        ("ofd.XML", ZipFault::NameCollision),
        ("Doc_0\\a.xml", ZipFault::BadName),
        ("/Doc_0/a.xml", ZipFault::BadName),
        ("./a.xml", ZipFault::BadName),
        ("Doc_0//a.xml", ZipFault::BadName),
        ("a\u{1}b", ZipFault::BadName),
        ("", ZipFault::BadName),
        ("../a.xml", ZipFault::PathEscape),
        ("Doc_0/../../a.xml", ZipFault::PathEscape),
        ("C:/a.xml", ZipFault::PathEscape),
    ] {
        assert_eq!(name(text), Some(wanted), "{text}");
    }
    assert_eq!(name(&"a/".repeat(9)), Some(ZipFault::BadName));
    let collide = changed(|list| {
        list[1].name = "e\u{301}.xml".as_bytes().to_vec();
        list[2].name = "\u{e9}.xml".as_bytes().to_vec();
    });
    assert_eq!(collide, Some(ZipFault::NameCollision));
    assert_eq!(changed(|list| list[1].attributes = 0o120_777 << 16), Some(ZipFault::PathEscape));
    assert_eq!(changed(|list| list[1].local_name = Some(b"Doc_0/z.xml".to_vec())), Some(ZipFault::HeaderMismatch));
    assert_eq!(changed(|list| list[1].local_crc = Some(1)), Some(ZipFault::HeaderMismatch));
    assert_eq!(changed(|list| list[1].gap = vec![0]), Some(ZipFault::SlackBytes));
    assert_eq!(changed(|list| list[1].hidden = true), Some(ZipFault::HiddenEntry));
    assert_eq!(changed(|list| list[0].hidden = true), Some(ZipFault::HiddenEntry));
    assert_eq!(changed(|list| list[2].hidden = true), Some(ZipFault::HiddenEntry));
    assert_eq!(changed(|list| list[1].crc = Some(7)), Some(ZipFault::Crc));
    assert_eq!(changed(|list| list[1].claimed_method = Some(99)), Some(ZipFault::Unsupported));
    assert_eq!(changed(|list| list[1].flags = 1), Some(ZipFault::Unsupported));
    assert_eq!(changed(|list| list[1].extra = vec![1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]), Some(ZipFault::Unsupported));
    assert_eq!(changed(|list| list[1].content = b"PK\x03\x04....".to_vec()), Some(ZipFault::Nested));
    assert_eq!(changed(|list| list.push(Entry::stored("d/", vec![1]))), Some(ZipFault::DirData));
    let descriptor = changed(|list| {
        list[1].descriptor = true;
        list[1].descriptor_crc = Some(3);
    });
    assert_eq!(descriptor, Some(ZipFault::Descriptor));
    let overlap = changed(|list| {
        list[2].name = b"Doc_0/a2.xml".to_vec();
        list[2].local_name = Some(b"Doc_0/a.xml".to_vec());
        list[2].alias_of = Some(1);
    });
    assert_eq!(overlap, Some(ZipFault::Overlap));
    let shorter = changed(|list| {
        list[1].method = Method::Deflated;
        list[1].size = Some(50);
    });
    assert_eq!(shorter, Some(ZipFault::HeaderMismatch));
}

#[test]
fn limits_hold() {
    let bomb = changed(|list| {
        list[1].content = vec![0; 1 << 20];
        list[1].method = Method::Deflated;
    });
    assert_eq!(bomb, Some(ZipFault::Limit));
    let lying = changed(|list| {
        list[1].content = vec![0; 60 << 10];
        list[1].method = Method::Deflated;
        list[1].size = Some(100);
    });
    assert_eq!(lying, Some(ZipFault::HeaderMismatch), "the declared size is never trusted");
    let many: Vec<Entry> = (0..600).map(|i| Entry::stored(&format!("f{i}"), vec![])).collect();
    assert_eq!(fault(&many), Some(ZipFault::Limit));
    let at_limit: Vec<Entry> = (0..512).map(|i| Entry::stored(&format!("f{i}"), vec![])).collect();
    assert_eq!(fault(&at_limit), None);
    assert_eq!(fault(&[Entry::stored("a", vec![1; PACKAGE_MAX])]), Some(ZipFault::Limit));
}

#[test]
fn the_frame_is_accounted_for() {
    let file = write_with(&entries(), None);
    let with = |bytes: Vec<u8>| audit(&bytes).err().map(|error| error.fault);
    assert_eq!(with(write_with(&entries(), Some(2))), Some(ZipFault::Count));
    assert_eq!(with([&file[..], &[0]].concat()), Some(ZipFault::SlackBytes));
    assert_eq!(with([&file[..], &file[file.len() - 22..]].concat()), Some(ZipFault::SlackBytes));
    assert_eq!(with([&[0; 3], &file[..]].concat()), Some(ZipFault::SlackBytes));
    assert_eq!(with(vec![]), Some(ZipFault::Malformed));
    assert_eq!(with(vec![0; 100]), Some(ZipFault::Malformed));
    for cut in [1, 10, 21, 22, 60, file.len() / 2] {
        assert!(audit(&file[..file.len() - cut]).is_err(), "{cut}");
    }
    let prefixed = [&[0; 3], &file[..]].concat();
    let package = audit_lenient(&prefixed).unwrap();
    assert_eq!(package.notes(), ["LINT_PREFIX"]);
    assert_eq!(package.get("Doc_0/b.xml"), Some(&b"third"[..]));
    assert_eq!(audit_lenient(&file).unwrap().notes(), [""; 0]);
}

proptest! {
    #[test]
    fn what_is_written_is_read(contents in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 1..8), deflated in any::<bool>(), descriptor in any::<bool>()) {
        let list: Vec<Entry> = contents.iter().enumerate().map(|(i, content)| {
            let mut entry = Entry::stored(&format!("e{i}"), [b"_", &content[..]].concat());
            entry.method = if deflated { Method::Deflated } else { Method::Stored };
            entry.descriptor = descriptor;
            entry
        }).collect();
        let file = write_with(&list, None);
        let package = audit(&file).unwrap();
        for (i, content) in contents.iter().enumerate() {
            prop_assert_eq!(&package.get(&format!("e{i}")).unwrap()[1..], &content[..]);
        }
    }

    #[test]
    fn one_changed_byte_never_changes_a_content_unseen(at in any::<prop::sample::Index>(), xor in 1_u8..) {
        let file = write_with(&entries(), None);
        let mut changed = file.clone();
        let at = at.index(changed.len());
        changed[at] ^= xor;
        let read = |bytes: &[u8]| audit(bytes).ok().map(|p| p.entries().map(|(n, c)| (n.to_owned(), c.to_vec())).collect::<Vec<_>>());
        if let Some(found) = read(&changed) {
            prop_assert_eq!(Some(found), read(&file));
        }
    }

    #[test]
    fn hostile_bytes_end_in_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = audit(&bytes);
        let _ = audit_lenient(&bytes);
    }
}

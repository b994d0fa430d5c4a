//! The reader on good and bad files, and the committed vectors against the rules of their format.

use serde::Deserialize;

use super::*;

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    a: String,
    b: Option<u8>,
}

#[test]
fn files_of_the_form_are_read() {
    let read = |text: &str| load_yaml::<Sample>("x.yaml", text.as_bytes()).unwrap();
    assert_eq!(read("a: \"1e10\"\n"), Sample { a: "1e10".to_owned(), b: None });
    assert_eq!(read("{\"a\": \"测试𠮷\", \"b\": 7}"), Sample { a: "测试𠮷".to_owned(), b: Some(7) });
}

#[test]
fn every_fault_says_where_it_is() {
    let rows: [(&[u8], &str); 7] = [
        (b"a: \"x\"\nc: 1\n", "x.yaml:2:1: unknown field `c`, expected `a` or `b`"),
        (b"a: \"x\"\nb: 300\n", "x.yaml:2:4: b: "),
        (b"b: 1\n", "x.yaml:1:1: missing field `a`"),
        (b"a: \"x\"\na: \"y\"\n", "x.yaml:"),
        (b"a: [\n", "x.yaml:"),
        (b"", "x.yaml:"),
        (b"a: \"\xff\"\n", "x.yaml: no UTF-8 from byte 4 on"),
    ];
    for (bytes, wanted) in rows {
        let error = load_yaml::<Sample>("x.yaml", bytes).unwrap_err().to_string();
        assert!(error.starts_with(wanted), "{error:?}, wanted {wanted:?}");
    }
    let large = vec![b' '; SIZE_MAX + 1];
    let error = load_yaml::<Sample>("x.yaml", &large).unwrap_err().to_string();
    assert_eq!(error, "x.yaml: 16777217 bytes, wanted at most 16777216");
    assert!(load_vectors("x.yaml", b"schema: \"ecric.vectors/2\"\n").is_err());
}

#[test]
fn every_committed_vector_file_keeps_the_rules() {
    let (items, problems) = check_committed();
    assert!(problems.is_empty(), "{problems:#?}");
    assert!(items >= 700, "{items}");
}

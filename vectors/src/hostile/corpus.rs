//! Texts that databases, directories, shells, templates, pages and logs have acted on. Written for this
//! suite; each is at most 50 characters, so that it fits the shortest free text of a request.

/// The texts, with the name of what would act on them.
pub const CORPUS: &[(&str, &str)] = &[
    ("SQL comment", "测试'--"),
    ("SQL condition", "测试' OR '1'='1"),
    ("SQL stacked", "测试'; DROP TABLE licences;--"),
    ("SQL delay", "测试'||(SELECT pg_sleep(9))||'"),
    ("SQL double quote", "测试\" OR \"\"=\""),
    ("SQL wildcard", "测%试_"),
    ("LDAP filter", "测试*)(uid=*))(|(uid=*"),
    ("XPath", "测试' or count(//*)>0 or 'a'='b"),
    ("shell", "测试; sleep 9 & `sleep 9` $(sleep 9)"),
    ("template double braces", "测试{{7*7}}"),
    ("template dollar", "测试${7*7}"),
    ("template hash", "测试#{7*7}<%= 7*7 %>"),
    ("lookup", "测试${jndi:ldap://127.0.0.1/a}"),
    ("script", "测试<script>alert(1)</script>"),
    ("attribute", "测试\" onload=\"alert(1)"),
    ("entity", "测试&lt;&#x6d4b;&xxe;"),
    ("CDATA", "测试]]><a/>"),
    ("path", "测试../../../../etc/passwd"),
    ("path with backslashes", "测试..\\..\\windows\\win"),
    ("format", "测试%s%n%x%p"),
    ("escape", "测试\\u0027\\x27\\"),
    ("percent", "测试%27%00%2e%2e%2f"),
    ("spreadsheet", "=cmd|' /C calc'!A0"),
    ("JSON", "测试\",\"admin\":true,\"a\":\""),
    ("quotes", "测试'\"`´’”"),
    ("line break", "测试\r\nSet-Cookie: ecric=1"),
    ("NUL", "测试\u{0}丙"),
    ("control", "测试\u{1b}[31m\u{7}\u{8}"),
    ("decomposed", "e\u{301}测试"),
    ("emoji", "测试👨‍👩‍👧"),
    ("spaces", " 测  试 "),
    ("word null", "null"),
    ("word true", "true"),
    ("number", "1e309"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_short_and_named_once() {
        for (at, (name, text)) in CORPUS.iter().enumerate() {
            assert!((1..=50).contains(&text.chars().count()), "{name}");
            assert!(CORPUS[..at].iter().all(|(other, same)| other != name && same != text), "{name}");
        }
    }
}

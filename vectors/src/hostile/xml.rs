//! One change of the text of an XML entry. Works on bytes as they stand: the result need not be XML.

/// Kinds of change.
pub(super) const KINDS: u8 = 10;

/// Changes the nth place that the kind speaks of; the text comes back as it is where there is none.
pub(super) fn edit(text: &[u8], kind: u8, nth: usize) -> Vec<u8> {
    let tags: Vec<(usize, usize)> = tags(text);
    let Some((start, end)) = (!tags.is_empty()).then(|| tags[nth % tags.len()]) else { return text.to_vec() };
    let (before, tag, after) = (&text[..start], &text[start..end], &text[end..]);
    match kind % KINDS {
        0 => [before, after].concat(),
        1 => [before, tag, tag, after].concat(),
        2 => [before, &renamed(tag), after].concat(),
        3 => [before, tag, b"&ecric;", after].concat(),
        4 => [b"<!DOCTYPE a [<!ENTITY ecric \"a\">]>", text].concat(),
        5 => [before, &without_attribute(tag), after].concat(),
        6 => [before, &with_digit_changed(tag), after].concat(),
        7 => [before, tag, "测试".as_bytes(), after].concat(),
        8 => [before, tag, b"\xff\xfe", after].concat(),
        _ => [before, tag, "<a>".repeat(2_000).as_bytes(), after].concat(),
    }
}

fn tags(text: &[u8]) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].iter().position(|byte| *byte == b'<').map(|found| at + found) {
        let Some(length) = text[start..].iter().position(|byte| *byte == b'>') else { break };
        at = start + length + 1;
        if !text[start..].starts_with(b"<?") {
            out.push((start, at));
        }
    }
    out
}

fn renamed(tag: &[u8]) -> Vec<u8> {
    let place = tag.iter().position(u8::is_ascii_alphabetic);
    let mut tag = tag.to_vec();
    if let Some(byte) = place.and_then(|at| tag.get_mut(at)) {
        *byte ^= 0x20;
    }
    tag
}

fn without_attribute(tag: &[u8]) -> Vec<u8> {
    let space = tag.iter().position(|byte| *byte == b' ');
    let end = tag.iter().rposition(|byte| *byte == b'"');
    match (space, end) {
        (Some(space), Some(end)) if space < end => [&tag[..space], &tag[end + 1..]].concat(),
        _ => tag.to_vec(),
    }
}

fn with_digit_changed(tag: &[u8]) -> Vec<u8> {
    let mut tag = tag.to_vec();
    if let Some(byte) = tag.iter_mut().find(|byte| byte.is_ascii_digit()) {
        *byte = if *byte == b'9' { b'0' } else { *byte + 1 };
    }
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_changes_a_tag() {
        let text = br#"<?xml version="1.0"?><ofd:A ID="1"><ofd:B/></ofd:A>"#;
        for kind in 0..KINDS {
            assert_ne!(edit(text, kind, 0), text, "{kind}");
            assert_eq!(edit(b"no tag", kind, 3), b"no tag");
        }
        assert_eq!(edit(text, 0, 1), br#"<?xml version="1.0"?><ofd:A ID="1"></ofd:A>"#);
        assert_eq!(edit(text, 5, 0), br#"<?xml version="1.0"?><ofd:A><ofd:B/></ofd:A>"#);
    }
}

//! One change of the structure of a DER value, certificates inside octet strings included. The lengths of
//! everything around it are made right again, so that only the change itself is wrong.

/// Kinds of change.
pub(super) const KINDS: u8 = 14;
/// Deepest nesting read; deeper values count as bytes.
const DEPTH: u32 = 24;

#[derive(Debug, Clone)]
struct Node {
    tag: Vec<u8>,
    content: Content,
    /// Bytes to write instead of the right length.
    length: Option<Vec<u8>>,
}

#[derive(Debug, Clone)]
enum Content {
    Bytes(Vec<u8>),
    /// Nodes behind a prefix: the unused bits of a bit string.
    Nodes(Vec<u8>, Vec<Node>),
}

/// Changes the nth value, counted as written; bytes that are no DER come back as they are.
pub(super) fn edit(bytes: &[u8], kind: u8, nth: usize) -> Vec<u8> {
    let Some(mut nodes) = read_all(bytes, 0) else { return bytes.to_vec() };
    let count: usize = nodes.iter().map(count_of).sum();
    if count == 0 {
        return bytes.to_vec();
    }
    let mut left = nth % count;
    change(&mut nodes, &mut left, kind % KINDS);
    let mut out = Vec::new();
    nodes.iter().for_each(|node| write(node, &mut out));
    out
}

fn count_of(node: &Node) -> usize {
    match &node.content {
        Content::Bytes(_) => 1,
        Content::Nodes(_, nodes) => 1 + nodes.iter().map(count_of).sum::<usize>(),
    }
}

/// The values that fill the bytes exactly, at least one.
fn read_all(bytes: &[u8], depth: u32) -> Option<Vec<Node>> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (node, length) = read_one(rest, depth)?;
        out.push(node);
        rest = &rest[length..];
    }
    (!out.is_empty()).then_some(out)
}

fn read_one(bytes: &[u8], depth: u32) -> Option<(Node, usize)> {
    let tag = *bytes.first()?;
    if tag & 0x1f == 0x1f || depth > DEPTH {
        return None;
    }
    let first = usize::from(*bytes.get(1)?);
    let (start, length) = match first {
        0..=0x7f => (2, first),
        0x81..=0x84 => {
            let count = first - 0x80;
            let digits = bytes.get(2..2 + count)?;
            (2 + count, digits.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
        }
        _ => return None,
    };
    let content = bytes.get(start..start.checked_add(length)?)?;
    let inner = match tag {
        _ if tag & 0x20 != 0 => Some(Content::Nodes(Vec::new(), read_all(content, depth + 1).unwrap_or_default())),
        0x04 => read_all(content, depth + 1).map(|nodes| Content::Nodes(Vec::new(), nodes)),
        0x03 if content.first() == Some(&0) => {
            read_all(&content[1..], depth + 1).map(|nodes| Content::Nodes(vec![0], nodes))
        }
        _ => None,
    };
    // What would not be written back as it was counts as bytes.
    let node = Node { tag: vec![tag], content: inner.unwrap_or(Content::Bytes(Vec::new())), length: None };
    let mut again = Vec::new();
    write(&node, &mut again);
    if again == bytes[..start + length] {
        return Some((node, start + length));
    }
    Some((Node { content: Content::Bytes(content.to_vec()), ..node }, start + length))
}

fn write(node: &Node, out: &mut Vec<u8>) {
    let mut content = Vec::new();
    match &node.content {
        Content::Bytes(bytes) => content.extend_from_slice(bytes),
        Content::Nodes(prefix, nodes) => {
            content.extend_from_slice(prefix);
            nodes.iter().for_each(|inner| write(inner, &mut content));
        }
    }
    out.extend_from_slice(&node.tag);
    match &node.length {
        Some(length) => out.extend_from_slice(length),
        None => out.extend_from_slice(&length_of(content.len())),
    }
    out.extend_from_slice(&content);
}

fn length_of(length: usize) -> Vec<u8> {
    if length < 0x80 {
        return vec![u8::try_from(length).unwrap_or_default()];
    }
    let bytes = length.to_be_bytes();
    let significant: Vec<u8> = bytes.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut out = vec![0x80 | u8::try_from(significant.len()).unwrap_or(8)];
    out.extend(significant);
    out
}

/// Walks to the value `left` counts down to and changes it there; true once it is done.
fn change(nodes: &mut Vec<Node>, left: &mut usize, kind: u8) -> bool {
    let mut at = 0;
    while at < nodes.len() {
        if *left == 0 {
            change_at(nodes, at, kind);
            return true;
        }
        *left -= 1;
        if let Content::Nodes(_, inner) = &mut nodes[at].content
            && change(inner, left, kind)
        {
            return true;
        }
        at += 1;
    }
    false
}

fn change_at(nodes: &mut Vec<Node>, at: usize, kind: u8) {
    let last = nodes.len() - 1;
    let node = &mut nodes[at];
    let mut own = Vec::new();
    write(node, &mut own);
    let length = own.len() - 1 - length_of_written(&own);
    match kind {
        0 => drop(nodes.remove(at)),
        1 => {
            let twin = node.clone();
            nodes.insert(at, twin);
        }
        2 => nodes.swap(at, if at == last { 0 } else { at + 1 }),
        3 => node.tag[0] ^= 0x01,
        4 => node.tag[0] ^= 0x20,
        5 => node.tag = vec![0x1f | node.tag[0], 0x81, 0x01],
        6 => node.content = Content::Bytes(Vec::new()),
        7 => node.length = Some([vec![0x84], u32::try_from(length).unwrap_or(0).to_be_bytes().to_vec()].concat()),
        8 => node.length = Some(vec![0x80]),
        9 => node.length = Some(vec![0x84, 0x7f, 0xff, 0xff, 0xff]),
        10 => node.content = Content::Bytes([vec![0], content_of(&own)].concat()),
        11 => {
            let mut bytes = content_of(&own);
            if let Some(byte) = bytes.first_mut() {
                *byte ^= 0x80;
            }
            node.content = Content::Bytes(bytes);
        }
        12 => {
            let mut bytes = content_of(&own);
            bytes.pop();
            node.content = Content::Bytes(bytes);
        }
        _ => node.content = Content::Bytes(b"\x30\x80".repeat(200)),
    }
}

/// Bytes of the length field of a value as we write it.
fn length_of_written(own: &[u8]) -> usize {
    match own.get(1) {
        Some(first) if *first > 0x80 => 1 + usize::from(*first & 0x7f),
        _ => 1,
    }
}

fn content_of(own: &[u8]) -> Vec<u8> {
    own.get(1 + length_of_written(own)..).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SEQUENCE { INTEGER 5, OCTET STRING { SEQUENCE { NULL } }, BIT STRING 0 { INTEGER 1 } }
    const VALUE: &[u8] = &[0x30, 0x0f, 2, 1, 5, 4, 4, 0x30, 2, 5, 0, 3, 4, 0, 2, 1, 1];

    #[test]
    fn values_are_read_through_strings_and_written_back() {
        let nodes = read_all(VALUE, 0).unwrap();
        assert_eq!(nodes.iter().map(count_of).sum::<usize>(), 7);
        let mut out = Vec::new();
        nodes.iter().for_each(|node| write(node, &mut out));
        assert_eq!(out, VALUE);
        assert_eq!(edit(b"no DER", 0, 0), b"no DER");
    }

    #[test]
    fn lengths_around_a_change_are_right() {
        assert_eq!(edit(VALUE, 0, 1), [0x30, 0x0c, 4, 4, 0x30, 2, 5, 0, 3, 4, 0, 2, 1, 1]);
        assert_eq!(edit(VALUE, 1, 4), [0x30, 0x11, 2, 1, 5, 4, 6, 0x30, 4, 5, 0, 5, 0, 3, 4, 0, 2, 1, 1]);
        assert_eq!(edit(VALUE, 10, 1), [0x30, 0x10, 2, 2, 0, 5, 4, 4, 0x30, 2, 5, 0, 3, 4, 0, 2, 1, 1]);
        for kind in 0..KINDS {
            for nth in 0..7 {
                let same = [2_u8, 12].contains(&kind);
                assert!(
                    edit(VALUE, kind, nth) != VALUE || same || kind == 6 || (kind == 11 && nth == 4),
                    "{kind} {nth}"
                );
            }
        }
    }
}

//! What faulty servers make of the bytes of a request before HTTP is read: they mend what has to be refused. The
//! length stays, so that the bytes can be changed where they lie. Only requests that arrive in one piece are mended.

use crate::behaviour::Behaviour;

const LENGTH: &[u8] = b"\r\nContent-Length";
/// Between two of the headers that a probe sends by the thousand; a number follows.
const FILLER: &[u8] = b": a\r\nX-Ecric-";
const CODING: &[u8] = b"\r\nTransfer-Encoding: ";

/// Mends what was read, if the server is one of these.
pub(super) fn mend(read: &mut [u8], behaviour: &Behaviour) {
    if let Some(first) = find(read, FILLER, 0)
        && behaviour.header_count_off()
    {
        join_headers(read, first);
    }
    let Some(end) = find(read, b"\r\n\r\n", 0) else { return };
    let (head, body) = read.split_at_mut(end + 2);
    if find(head, LENGTH, 0).is_some() || find(head, CODING, 0).is_some() {
        mend_framing(head, &mut body[2..], behaviour);
    }
    if let Some(at) = find(head, b"\r\n ", 0)
        && behaviour.headers_mended()
    {
        head[at..at + 2].fill(b' ');
    }
    if let Some(at) = head.iter().position(|byte| *byte == 0)
        && behaviour.headers_mended()
    {
        head[at] = b'0';
    }
}

/// One long header for HTTP, which limits their number.
fn join_headers(read: &mut [u8], first: usize) {
    let mut next = Some(first);
    while let Some(at) = next {
        let name = at + FILLER.len();
        if read.get(name).is_some_and(u8::is_ascii_digit) {
            read[at + 3..at + 5].fill(b' ');
        }
        next = find(read, FILLER, name);
    }
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(what.len()).position(|window| window == what).map(|at| at + from)
}

/// The value of the header that begins at `at`, up to the end of its line.
fn value(head: &[u8], at: usize, name: &[u8]) -> std::ops::Range<usize> {
    let start = at + name.len();
    start..find(head, b"\r\n", start).unwrap_or(head.len())
}

fn write(bytes: &mut [u8], range: std::ops::Range<usize>, text: &str) {
    let mut written = text.bytes().chain(std::iter::repeat(b' '));
    bytes[range].iter_mut().zip(&mut written).for_each(|(byte, new)| *byte = new);
}

fn mend_framing(head: &mut [u8], body: &mut [u8], behaviour: &Behaviour) {
    let coding = find(head, CODING, 0);
    let length = find(head, LENGTH, 0);
    if let (Some(_), Some(at)) = (coding, length)
        && behaviour.length_beside_chunks_ignored()
    {
        head[at + 2] = b'X';
        return;
    }
    if let Some(at) = coding {
        let value = value(head, at, CODING);
        let right = &head[value.clone()] == b"chunked";
        if !right && behaviour.framing_mended() {
            if head[value.clone()].starts_with(b"chunked") {
                write(head, value, "chunked");
            } else {
                head[at + 2] = b'X';
            }
        }
        if let Some(line) = find(body, b"\r\n", 0).filter(|line| *line > 16)
            && let Some(last) = find(body, b"\r\n0\r\n\r\n", line + 2)
            && behaviour.framing_mended()
        {
            let size = format!("{:0line$x}", last - line - 2);
            write(body, 0..line, &size);
        }
        return;
    }
    let Some(at) = length else { return };
    let mut name = LENGTH.to_vec();
    name.extend_from_slice(b": ");
    if !head[at..].starts_with(&name) {
        // A space before the colon, or another name.
        if head[at + LENGTH.len()..].starts_with(b" :") && behaviour.framing_mended() {
            head[at + LENGTH.len()..at + LENGTH.len() + 2].copy_from_slice(b": ");
        }
        return;
    }
    if let Some(second) = find(head, &name, at + 1)
        && behaviour.framing_mended()
    {
        head[second + 2] = b'X';
        return;
    }
    let value = value(head, at, &name);
    let text = String::from_utf8_lossy(&head[value.clone()]).into_owned();
    let mended = if text.len() > 18 {
        body.len().to_string()
    } else {
        text.trim_start_matches('+').split(',').next().unwrap_or_default().to_owned()
    };
    if mended != text && behaviour.framing_mended() {
        write(head, value, &mended);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behaviour::ON;

    #[test]
    fn framings_are_mended_where_they_lie() {
        let rows = [
            ("Content-Length: +3\r\n\r\nabc", "Content-Length: 3 \r\n\r\nabc"),
            ("Content-Length: 3, 31\r\n\r\nabc", "Content-Length: 3    \r\n\r\nabc"),
            ("Content-Length: 99999999999999999999\r\n\r\nabc", "Content-Length: 3                   \r\n\r\nabc"),
            ("Content-Length : 3\r\n\r\nabc", "Content-Length:  3\r\n\r\nabc"),
            ("Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", "Content-Length: 3\r\nXontent-Length: 4\r\n\r\nabc"),
            (
                "Transfer-Encoding: xchunked\r\nContent-Length: 3\r\n\r\nabc",
                "Xransfer-Encoding: xchunked\r\nContent-Length: 3\r\n\r\nabc",
            ),
            (
                "Transfer-Encoding: chunked, identity\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked          \r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            ),
            (
                "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n000000000000000003\r\nabc\r\n0\r\n\r\n",
            ),
            ("Content-Length: 3\r\n\r\nabc", "Content-Length: 3\r\n\r\nabc"),
            (
                "X-Ecric-0: a\r\nX-Ecric-1: a\r\nX-Ecric-App: a\r\n\r\n",
                "X-Ecric-0: a  X-Ecric-1: a\r\nX-Ecric-App: a\r\n\r\n",
            ),
        ];
        let faulty = Behaviour { framing_mended: ON, headers_mended: ON, header_count_off: ON, ..Behaviour::default() };
        for (wrong, mended) in rows {
            let whole = |text: &str| format!("POST / HTTP/1.1\r\n{text}").into_bytes();
            let mut bytes = whole(wrong);
            mend(&mut bytes, &Behaviour::default());
            assert_eq!(bytes, whole(wrong));
            mend(&mut bytes, &faulty);
            assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&whole(mended)));
        }
    }
}

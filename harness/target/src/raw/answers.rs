//! Reads HTTP/1.1 answers off a byte stream: status line, headers, body by length, chunks or close.

use bytes::Bytes;

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawResponse {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body, unchunked.
    pub body: Bytes,
}

/// The complete answers at the start of the bytes, and whether something follows that is none.
/// `closed` says that nothing more will come: an answer without length then ends here.
pub(super) fn read_answers(bytes: &[u8], closed: bool) -> (Vec<RawResponse>, bool) {
    let mut answers = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        match read_one(rest, closed) {
            Step::One(answer, length) => {
                // 1xx answers announce another one.
                if answer.status >= 200 {
                    answers.push(answer);
                }
                rest = &rest[length..];
            }
            Step::More => return (answers, false),
            Step::Garbage => return (answers, true),
        }
    }
    (answers, false)
}

enum Step {
    One(RawResponse, usize),
    More,
    Garbage,
}

fn read_one(bytes: &[u8], closed: bool) -> Step {
    if !b"HTTP/1.".starts_with(&bytes[..bytes.len().min(7)]) {
        return Step::Garbage;
    }
    let Some(head) = find(bytes, b"\r\n\r\n") else { return Step::More };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse::<u16>().ok());
    let Some(status) = status.filter(|status| (100..600).contains(status)) else { return Step::Garbage };
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let value = |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    let start = head + 4;
    let rest = &bytes[start..];
    let chunked = value("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
    let length = value("content-length").and_then(|value| value.parse::<usize>().ok());
    let (body, used) = match (status, chunked, length) {
        (100..=199 | 204 | 304, ..) => (Vec::new(), 0),
        (_, true, _) => match unchunk(rest) {
            Some(Ok(found)) => found,
            Some(Err(())) => return Step::Garbage,
            None => return Step::More,
        },
        (_, false, Some(length)) if rest.len() >= length => (rest[..length].to_vec(), length),
        (_, false, None) if closed => (rest.to_vec(), rest.len()),
        _ => return Step::More,
    };
    Step::One(RawResponse { status, headers, body: body.into() }, start + used)
}

/// Body and length of a chunked body; `None` if it is not complete.
fn unchunk(bytes: &[u8]) -> Option<Result<(Vec<u8>, usize), ()>> {
    let mut body = Vec::new();
    let mut at = 0;
    loop {
        let line = find(&bytes[at..], b"\r\n")?;
        let text = String::from_utf8_lossy(&bytes[at..at + line]).into_owned();
        let Ok(size) = usize::from_str_radix(text.split(';').next().unwrap_or_default().trim(), 16) else {
            return Some(Err(()));
        };
        at += line + 2;
        let end = at.checked_add(size)?.checked_add(2)?;
        if bytes.len() < end {
            return None;
        }
        body.extend_from_slice(&bytes[at..at + size]);
        at = end;
        if size == 0 {
            return Some(Ok((body, at)));
        }
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_whatever_their_framing() {
        let two = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabHTTP/1.1 400 Bad\r\ntransfer-encoding: chunked\r\n\r\n3\r\nxyz\r\n0\r\n\r\n";
        let (answers, garbage) = read_answers(two, false);
        assert_eq!(
            answers.iter().map(|a| (a.status, a.body.to_vec())).collect::<Vec<_>>(),
            [(200, b"ab".to_vec()), (400, b"xyz".to_vec())]
        );
        assert!(!garbage);
        for (bytes, closed, count, garbage) in [
            (b"HTTP/1.1 200 OK\r\n\r\nuntil close".as_slice(), true, 1, false),
            (b"HTTP/1.1 200 OK\r\n\r\nuntil close", false, 0, false),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", true, 0, false),
            (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n", false, 1, false),
            (b"HTTP/1.1 204 No\r\n\r\nhello", false, 1, true),
            (b"SSH-2.0", false, 0, true),
            (b"HTTP/1.1 999 x\r\n\r\n", false, 0, true),
            (b"HTT", false, 0, false),
        ] {
            let (found, junk) = read_answers(bytes, closed);
            assert_eq!((found.len(), junk), (count, garbage), "{}", String::from_utf8_lossy(bytes));
        }
    }
}

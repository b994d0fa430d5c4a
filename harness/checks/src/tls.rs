//! Questions about the first bytes that a server sends below TLS.

use ecric_model::Text;
use ecric_model::finding::{FindingClass, Judgement, fail};

use crate::ablation::ablatable;

/// What a server made of a ClientHello.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hello {
    /// It went on with this version and cipher suite.
    Accepted {
        /// As on the wire.
        version: u16,
        /// As on the wire.
        suite: u16,
    },
    /// An alert, or the end of the connection.
    Refused,
    /// Something that is no TLS.
    Garbage,
    /// Nothing within the time.
    Silence,
}

/// Reads the first record of a server; `closed` says that the connection ended.
#[must_use]
pub fn read_hello(bytes: &[u8], closed: bool) -> Hello {
    match bytes {
        [] if closed => Hello::Refused,
        [] => Hello::Silence,
        [0x15, 3, ..] => Hello::Refused,
        [0x16, 3, _, _, _, 2, _, _, _, rest @ ..] => {
            // version 2, random 32, session id 1 and its length, suite 2
            let session = rest.get(34).copied().map_or(0, usize::from);
            match (rest.get(..2), rest.get(35 + session..37 + session)) {
                (Some(version), Some(suite)) => Hello::Accepted {
                    version: u16::from_be_bytes([version[0], version[1]]),
                    suite: u16::from_be_bytes([suite[0], suite[1]]),
                },
                _ => Hello::Garbage,
            }
        }
        _ => Hello::Garbage,
    }
}

/// Was an offer of something broken refused: by an alert, or by the end of the connection?
///
/// # Errors
/// `FALSE_ACCEPT` with version and suite, `BROKEN_ANSWER`, `NO_ANSWER`.
pub fn check_offer_refused(hello: &Hello) -> Judgement {
    ablatable!("check_offer_refused");
    let wanted = Text::new("an alert, or the end of the connection", "告警或断开连接");
    match hello {
        Hello::Refused => Ok(()),
        Hello::Accepted { version, suite } => fail(
            FindingClass::FalseAccept,
            "tls",
            wanted,
            Text::new(
                format!("a ServerHello of version {version:#06x}, cipher suite {suite:#06x}"),
                format!("ServerHello：版本 {version:#06x}，密码套件 {suite:#06x}"),
            ),
        ),
        Hello::Garbage => fail(FindingClass::BrokenAnswer, "tls", wanted, Text::new("no TLS", "不是TLS")),
        Hello::Silence => fail(FindingClass::NoAnswer, "tls", wanted, Text::new("nothing in time", "超时无应答")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server_hello(version: u16, session: u8, suite: u16) -> Vec<u8> {
        let body = [
            version.to_be_bytes().to_vec(),
            vec![7; 32],
            vec![session],
            vec![9; usize::from(session)],
            suite.to_be_bytes().to_vec(),
            vec![0],
        ]
        .concat();
        let length = u8::try_from(body.len()).unwrap();
        [vec![0x16, 3, 1, 0, length + 4, 2, 0, 0, length], body].concat()
    }

    #[test]
    fn accepted_or_refused() {
        let class = |bytes: &[u8], closed| check_offer_refused(&read_hello(bytes, closed)).map_err(|found| found.class);
        assert_eq!(class(&[0x15, 3, 1, 0, 2, 2, 70], false), Ok(()));
        assert_eq!(class(&[], true), Ok(()));
        assert_eq!(class(&[], false), Err(FindingClass::NoAnswer));
        assert_eq!(class(b"HTTP/1.1 400", true), Err(FindingClass::BrokenAnswer));
        assert_eq!(class(&server_hello(0x0301, 32, 0x002f)[..20], true), Err(FindingClass::BrokenAnswer));
        for session in [0, 32] {
            let hello = read_hello(&server_hello(0x0303, session, 0x0005), false);
            assert_eq!(hello, Hello::Accepted { version: 0x0303, suite: 5 });
            let found = check_offer_refused(&hello).unwrap_err();
            assert!(found.class == FindingClass::FalseAccept && found.actual.en.contains("0x0005"));
        }
    }
}

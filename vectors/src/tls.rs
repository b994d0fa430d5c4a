//! The first message of a TLS client, written by hand: versions and cipher suites that no library offers any more.
//! Knows what it offers, never what the product has to answer.

/// What a client offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Name in features.
    pub name: &'static str,
    /// Highest version offered, as on the wire.
    pub version: u16,
    /// Cipher suites, as on the wire.
    pub suites: &'static [u16],
}

/// Suites of TLS 1.0 and 1.1 that every server of their time knew.
const OF_OLD: &[u16] = &[0xc013, 0xc014, 0xc009, 0xc00a, 0x002f, 0x0035, 0x0033, 0x0039];

/// Every offer that has to be refused.
pub const OFFERS: &[Offer] = &[
    Offer { name: "TLS 1.0", version: 0x0301, suites: OF_OLD },
    Offer { name: "TLS 1.1", version: 0x0302, suites: OF_OLD },
    Offer { name: "RC4", version: 0x0303, suites: &[0xc011, 0xc007, 0x0005, 0x0004] },
    Offer { name: "3DES", version: 0x0303, suites: &[0xc012, 0xc008, 0x000a, 0x0016] },
    Offer { name: "NULL", version: 0x0303, suites: &[0xc010, 0xc006, 0x003b, 0x0002, 0x0001] },
];

/// The offer of a name.
#[must_use]
pub fn find_offer(name: &str) -> Option<&'static Offer> {
    OFFERS.iter().find(|offer| offer.name == name)
}

fn with_length(bytes: &[u8], width: usize) -> Vec<u8> {
    let length = (bytes.len() as u64).to_be_bytes();
    [&length[8 - width..], bytes].concat()
}

fn of_words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
    [kind.to_be_bytes().to_vec(), with_length(content, 2)].concat()
}

impl Offer {
    /// The record with the ClientHello; `host` goes into it unless it is an address.
    #[must_use]
    pub fn client_hello(&self, random: &[u8; 32], host: &str) -> Vec<u8> {
        let mut extensions = Vec::new();
        if host.parse::<std::net::IpAddr>().is_err() {
            let name = [vec![0], with_length(host.as_bytes(), 2)].concat();
            extensions.extend(extension(0, &with_length(&name, 2)));
        }
        // P-256, P-384, P-521, X25519; uncompressed points; RSA and ECDSA with SHA-256 and SHA-1; renegotiation info.
        extensions.extend(extension(10, &with_length(&of_words(&[0x0017, 0x0018, 0x0019, 0x001d]), 2)));
        extensions.extend(extension(11, &[1, 0]));
        if self.version >= 0x0303 {
            let algorithms = of_words(&[0x0401, 0x0403, 0x0501, 0x0601, 0x0804, 0x0201, 0x0203]);
            extensions.extend(extension(13, &with_length(&algorithms, 2)));
        }
        extensions.extend(extension(0xff01, &[0]));
        let body = [
            self.version.to_be_bytes().to_vec(),
            random.to_vec(),
            vec![0],
            with_length(&of_words(self.suites), 2),
            vec![1, 0],
            with_length(&extensions, 2),
        ]
        .concat();
        let message = [vec![1], with_length(&body, 3)].concat();
        [vec![0x16, 3, 1], with_length(&message, 2)].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_fit() {
        for offer in OFFERS {
            for host in ["127.0.0.1", "example.test"] {
                let hello = offer.client_hello(&[7; 32], host);
                assert_eq!(hello[..3], [0x16, 3, 1]);
                assert_eq!(usize::from(u16::from_be_bytes([hello[3], hello[4]])) + 5, hello.len());
                let inner = usize::from(hello[6]) << 16 | usize::from(hello[7]) << 8 | usize::from(hello[8]);
                assert_eq!((hello[5], inner + 9), (1, hello.len()));
                assert_eq!(hello[9..11], offer.version.to_be_bytes());
                let named = hello.windows(4).any(|four| four == b"exam");
                assert_eq!(named, host.starts_with('e'));
            }
        }
        assert!(find_offer("RC4").is_some() && find_offer("TLS 1.2").is_none());
    }
}

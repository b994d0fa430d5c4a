//! HKDF (RFC 5869) with HMAC-SM3: deterministic test keys and other values made from one seed.
//! Never a password hash.

use zeroize::Zeroizing;

use crate::hmac_sm3::Key;

/// Longest output: 255 blocks of 32 bytes (RFC 5869, section 2.3).
pub const LENGTH_MAX: usize = 255 * 32;

/// Extracts from `ikm` with `salt` and expands to `length` bytes bound to `info`.
/// An absent salt is 32 zero bytes. `None` above [`LENGTH_MAX`].
#[must_use]
pub fn derive(ikm: &[u8], salt: &[u8], info: &[u8], length: usize) -> Option<Zeroizing<Vec<u8>>> {
    if length > LENGTH_MAX {
        return None;
    }
    let pseudo_random_key = Zeroizing::new(Key::from_bytes(salt).mac(ikm));
    let expander = Key::from_bytes(&*pseudo_random_key);
    let mut output = Zeroizing::new(Vec::with_capacity(length + 32));
    let mut block = Zeroizing::new(Vec::with_capacity(32 + info.len() + 1));
    for counter in 1..=u8::MAX {
        if output.len() >= length {
            break;
        }
        block.extend_from_slice(info);
        block.push(counter);
        let next = Zeroizing::new(expander.mac(&block));
        output.extend_from_slice(&*next);
        block.clear();
        block.extend_from_slice(&*next);
    }
    output.truncate(length);
    Some(output)
}

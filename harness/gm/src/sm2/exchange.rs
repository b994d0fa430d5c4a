//! SM2 key exchange (GB/T 32918.3-2016). Both sides in one function; who starts is an argument.

use zeroize::Zeroizing;

use super::{IdError, PublicKey, SecretKey, kdf, za};
use crate::craft::{Number, Point};
use crate::sm3::Hasher;

/// Why no key was agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    /// An identifier is too long.
    #[error(transparent)]
    Id(#[from] IdError),
    /// The shared point is infinity.
    #[error("the shared point is infinity")]
    Infinity,
    /// A key of no length, or longer than the counter of the derivation reaches.
    #[error("no key of {found} bytes can be agreed")]
    Length {
        /// The length asked for, bytes.
        found: usize,
    },
}

/// Who sends first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// User A, who starts.
    Initiator,
    /// User B, who answers.
    Responder,
}

/// What one side holds.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// Its private key.
    pub secret: &'a SecretKey,
    /// Its identifier.
    pub id: &'a [u8],
    /// Its private value r for this exchange only.
    pub ephemeral: &'a SecretKey,
}

/// What it knows of the other side.
#[derive(Debug, Clone, Copy)]
pub struct Peer<'a> {
    /// Its public key.
    pub key: &'a PublicKey,
    /// Its identifier.
    pub id: &'a [u8],
    /// The point R that it sent.
    pub ephemeral: &'a PublicKey,
}

/// What both sides have afterwards.
#[derive(Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The key.
    pub key: Zeroizing<Vec<u8>>,
    /// S_B = S1, which the responder sends: 32 bytes.
    pub from_responder: [u8; 32],
    /// S_A = S2, which the initiator sends: 32 bytes.
    pub from_initiator: [u8; 32],
}

impl std::fmt::Debug for Agreed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Agreed(hidden)")
    }
}

/// Agrees on a key of `length` bytes, at least 1.
///
/// # Errors
/// When an identifier is too long, the shared point is infinity, or no such key exists.
pub fn agree(role: Role, own: &Own<'_>, peer: &Peer<'_>, length: usize) -> Result<Agreed, ExchangeError> {
    let own_point = own.ephemeral.public_key();
    let t = Number::of_secret(own.secret).plus(folded(own_point).times(Number::of_secret(own.ephemeral)));
    let other = Point::of_key(peer.ephemeral).times(folded(peer.ephemeral)).plus(Point::of_key(peer.key));
    let shared = other.times(t);
    if shared.is_infinity() {
        return Err(ExchangeError::Infinity);
    }
    let (own_z, peer_z) = (za(own.id, own.secret.public_key())?, za(peer.id, peer.key)?);
    let ((z_a, r_a), (z_b, r_b)) = match role {
        Role::Initiator => ((own_z, own_point), (peer_z, peer.ephemeral)),
        Role::Responder => ((peer_z, peer.ephemeral), (own_z, own_point)),
    };
    let (x, y) = (shared.x(), shared.y());
    let key = Some(length).filter(|length| *length > 0).and_then(|length| kdf::derive(&[&x, &y, &z_a, &z_b], length));
    let key = Zeroizing::new(key.ok_or(ExchangeError::Length { found: length })?);
    let inner = hash(&[&x, &z_a, &z_b, &r_a.to_uncompressed()[1..], &r_b.to_uncompressed()[1..]]);
    Ok(Agreed { key, from_responder: hash(&[&[2], &y, &inner]), from_initiator: hash(&[&[3], &y, &inner]) })
}

/// x~ = 2^127 + (x mod 2^127).
fn folded(point: &PublicKey) -> Number {
    let x = point.to_uncompressed();
    let mut low = [0; 32];
    low[16..].copy_from_slice(&x[17..33]);
    low[16] |= 0x80;
    Number::reduce(&low)
}

fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Hasher::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_agree() {
        let key = |label: &str| SecretKey::derive(b"ecric-test-pki-v1", label);
        let (a, b, ra, rb) = (key("A"), key("B"), key("RA"), key("RB"));
        for length in [1, 16, 32, 33, 100] {
            let own = Own { secret: &a, id: b"alice", ephemeral: &ra };
            let peer = Peer { key: b.public_key(), id: b"bob", ephemeral: rb.public_key() };
            let initiator = agree(Role::Initiator, &own, &peer, length).unwrap();
            let own = Own { secret: &b, id: b"bob", ephemeral: &rb };
            let peer = Peer { key: a.public_key(), id: b"alice", ephemeral: ra.public_key() };
            assert_eq!(agree(Role::Responder, &own, &peer, length).unwrap(), initiator);
            assert_eq!(initiator.key.len(), length);
        }
        let own = Own { secret: &a, id: &[0; 8192], ephemeral: &ra };
        let peer = Peer { key: b.public_key(), id: b"bob", ephemeral: rb.public_key() };
        assert_eq!(agree(Role::Initiator, &own, &peer, 16), Err(ExchangeError::Id(IdError { found: 8192 })));
        let own = Own { secret: &a, id: b"alice", ephemeral: &ra };
        assert_eq!(agree(Role::Initiator, &own, &peer, 0), Err(ExchangeError::Length { found: 0 }));
    }
}

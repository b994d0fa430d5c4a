//! Arithmetic of the SM2 curve with nothing forbidden, for generators of vectors that are wrong on
//! purpose or right by a hair: chosen nonces, chosen digests, points of unknown private key.
//!
//! Never part of a verdict: verification goes through [`crate::sm2`].

use ::sm2::elliptic_curve::ops::Reduce;
use ::sm2::elliptic_curve::sec1::ToSec1Point;
use ::sm2::elliptic_curve::{Group, PrimeField};
use ::sm2::{FieldBytes, ProjectivePoint, Scalar};

use crate::sm2::curve;
use crate::sm2::{PublicKey, SecretKey};

/// Order n of the base point, 32 bytes, big endian.
pub const ORDER: [u8; 32] = curve::N;
/// Prime p of the field, 32 bytes, big endian.
pub const PRIME: [u8; 32] = curve::P;
/// Coefficient a of the curve, 32 bytes, big endian.
pub const CURVE_A: [u8; 32] = curve::A;
/// Coefficient b of the curve, 32 bytes, big endian.
pub const CURVE_B: [u8; 32] = curve::B;

/// A number modulo n.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number(Scalar);

impl Number {
    /// Zero.
    pub const ZERO: Self = Self(Scalar::ZERO);
    /// One.
    pub const ONE: Self = Self(Scalar::ONE);

    /// Reduces 32 bytes, big endian, modulo n.
    #[must_use]
    pub fn reduce(bytes: &[u8; 32]) -> Self {
        Self(Scalar::reduce(&FieldBytes::from(*bytes)))
    }

    /// A small number.
    #[must_use]
    pub fn small(value: u64) -> Self {
        Self(Scalar::from(value))
    }

    /// Takes the private key d.
    #[must_use]
    pub fn of_secret(key: &SecretKey) -> Self {
        Self::reduce(&key.to_bytes())
    }

    /// 32 bytes, big endian, below n.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 32] {
        self.0.to_repr().into()
    }

    /// Sum modulo n.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// Difference modulo n.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }

    /// Product modulo n.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }

    /// n - self, or zero.
    #[must_use]
    pub fn negated(self) -> Self {
        Self(-self.0)
    }

    /// The inverse modulo n; `None` for zero.
    #[must_use]
    pub fn inverse(self) -> Option<Self> {
        Option::from(self.0.invert()).map(Self)
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }
}

/// A point of the curve, infinity included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point(ProjectivePoint);

impl Point {
    /// The base point G.
    #[must_use]
    pub fn generator() -> Self {
        Self(ProjectivePoint::generator())
    }

    /// The point of a public key.
    #[must_use]
    pub fn of_key(key: &PublicKey) -> Self {
        Self(key.inner().to_projective())
    }

    pub(crate) fn of_inner(key: &::sm2::PublicKey) -> Self {
        Self(key.to_projective())
    }

    /// Reads a SEC1 point on the curve: 04, 02, 03; anything else, and infinity, is `None`.
    #[must_use]
    pub fn from_sec1(bytes: &[u8]) -> Option<Self> {
        ::sm2::PublicKey::from_sec1_bytes(bytes).ok().map(|key| Self(key.to_projective()))
    }

    /// The point with this x and the parity of y (2 even, 3 odd), if there is one.
    #[must_use]
    pub fn from_x(x: &[u8; 32], parity: u8) -> Option<Self> {
        Self::from_sec1(&[&[parity], &x[..]].concat())
    }

    /// self multiplied by a number.
    #[must_use]
    pub fn times(self, number: Number) -> Self {
        Self(self.0 * number.0)
    }

    /// Sum of two points.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// The point with the other y.
    #[must_use]
    pub fn negated(self) -> Self {
        Self(-self.0)
    }

    /// Whether it is the point at infinity.
    #[must_use]
    pub fn is_infinity(self) -> bool {
        self.0.is_identity().into()
    }

    /// 04 ‖ x ‖ y; 65 zero bytes for infinity, which has no such form.
    #[must_use]
    pub fn to_uncompressed(self) -> [u8; 65] {
        let point = self.0.to_affine().to_sec1_point(false);
        point.as_bytes().try_into().unwrap_or([0; 65])
    }

    /// x, 32 bytes, big endian; zero for infinity.
    #[must_use]
    pub fn x(self) -> [u8; 32] {
        self.half(1)
    }

    /// y, 32 bytes, big endian; zero for infinity.
    #[must_use]
    pub fn y(self) -> [u8; 32] {
        self.half(33)
    }

    fn half(self, from: usize) -> [u8; 32] {
        let bytes = self.to_uncompressed();
        std::array::from_fn(|at| bytes[from + at])
    }
}

/// Signs the digest e with a nonce of the caller's choice (GB/T 32918.2-2016, 6.1): r ‖ s.
/// `None` where the standard takes another nonce: r = 0, s = 0, r + k = n, or d = n - 1.
#[must_use]
pub fn sign_with_nonce(secret: Number, digest: &[u8; 32], nonce: Number) -> Option<[u8; 64]> {
    let x1 = Number::reduce(&Point::generator().times(nonce).x());
    let r = Number::reduce(digest).plus(x1);
    let s = Number::ONE.plus(secret).inverse()?.times(nonce.minus(r.times(secret)));
    if r.is_zero() || s.is_zero() || r.plus(nonce).is_zero() {
        return None;
    }
    Some(join(r, s))
}

/// r ‖ s, 64 bytes.
#[must_use]
pub fn join(r: Number, s: Number) -> [u8; 64] {
    let (r, s) = (r.to_bytes(), s.to_bytes());
    std::array::from_fn(|at| if at < 32 { r[at] } else { s[at - 32] })
}

/// The public key for which r ‖ s with the nonce point `point` verifies: P = t⁻¹ (point - sG).
/// Nobody knows its private key. `None` where r + s = 0.
#[must_use]
pub fn key_for(point: Point, r: Number, s: Number) -> Option<Point> {
    let inverse = r.plus(s).inverse()?;
    Some(point.plus(Point::generator().times(s).negated()).times(inverse))
}

/// The digest that makes r fit the point sG + tP: e = r - x1 mod n.
#[must_use]
pub fn digest_for(key: Point, r: Number, s: Number) -> [u8; 32] {
    let point = Point::generator().times(s).plus(key.times(r.plus(s)));
    r.minus(Number::reduce(&point.x())).to_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sm2::{Signature, verify_digest};

    #[test]
    fn crafted_signatures_verify() {
        let key = SecretKey::derive(b"ecric-test-pki-v1", "craft");
        let raw = sign_with_nonce(Number::of_secret(&key), &[7; 32], Number::small(5)).unwrap();
        let signature = Signature::from_raw(&raw).unwrap();
        assert_eq!(verify_digest(key.public_key(), &[7; 32], &signature), Ok(()));
        let (r, s) = (Number::small(9), Number::small(11));
        let point = Point::generator().times(Number::small(77));
        let made = key_for(point, r, s).unwrap();
        let digest = digest_for(made, r, s);
        let public = PublicKey::from_uncompressed(&made.to_uncompressed()).unwrap();
        assert_eq!(verify_digest(&public, &digest, &Signature::from_raw(&join(r, s)).unwrap()), Ok(()));
    }

    #[test]
    fn points_and_numbers_keep_their_rules() {
        let g = Point::generator();
        assert!(g.plus(g.negated()).is_infinity());
        assert_eq!(g.plus(g.negated()).to_uncompressed(), [0; 65]);
        assert_eq!(g.x(), curve::GX);
        assert_eq!(g.y(), curve::GY);
        assert_eq!(Point::from_x(&g.x(), 2).map(Point::to_uncompressed), Some(g.to_uncompressed()));
        assert_eq!(Number::reduce(&ORDER), Number::ZERO);
        assert_eq!(Number::ZERO.inverse(), None);
        assert!(Number::small(3).times(Number::small(3).inverse().unwrap()) == Number::ONE);
    }
}

//! Constants of the recommended curve (GB/T 32918.5-2017). Nothing is computed here.

/// Coefficient a, 32 bytes, big endian.
pub const A: [u8; 32] = bytes(b"fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc");
/// Coefficient b, 32 bytes, big endian.
pub const B: [u8; 32] = bytes(b"28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93");
/// x of the base point, 32 bytes, big endian.
pub const GX: [u8; 32] = bytes(b"32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7");
/// y of the base point, 32 bytes, big endian.
pub const GY: [u8; 32] = bytes(b"bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0");
/// Order n of the base point, 32 bytes, big endian.
pub const N: [u8; 32] = bytes(b"fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123");
/// Prime p of the field, 32 bytes, big endian.
pub const P: [u8; 32] = bytes(b"fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff");

const fn bytes(text: &[u8; 64]) -> [u8; 32] {
    let mut out = [0; 32];
    let mut at = 0;
    while at < 32 {
        out[at] = (digit(text[2 * at]) << 4) | digit(text[2 * at + 1]);
        at += 1;
    }
    out
}

const fn digit(byte: u8) -> u8 {
    if byte.is_ascii_digit() { byte - b'0' } else { byte - b'a' + 10 }
}

//! Foreign algorithms that interfaces of vendors still use: MD5, HMAC-SHA-256, AES. For reaching products
//! only; nothing of a licence is protected with them.

use aes::{Aes128, Aes192, Aes256};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit};
use hmac::{Hmac, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;

/// Bytes of an AES block.
const BLOCK: usize = 16;

/// Why AES could not be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AesError {
    /// The key has another length than 16, 24 or 32 bytes.
    #[error("an AES key has 16, 24 or 32 bytes, found {0}")]
    KeyLength(usize),
    /// The ciphertext is no whole number of blocks or its padding is wrong.
    #[error("the ciphertext is no AES ciphertext under this key")]
    Ciphertext,
}

/// MD5, 16 bytes.
#[must_use]
pub fn md5(data: &[u8]) -> [u8; 16] {
    Md5::digest(data).into()
}

/// HMAC-SHA-256, 32 bytes; the key has any length.
#[must_use]
pub fn hmac_sha256(key: &[u8], data: &[u8]) -> [u8; 32] {
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mut mac) => {
            mac.update(data);
            mac.finalize().into_bytes().into()
        }
        // HMAC takes keys of any length.
        Err(_) => [0; 32],
    }
}

/// AES in CBC mode with PKCS #7 padding; the key decides between AES-128, -192 and -256.
///
/// # Errors
/// A key of another length.
pub fn aes_cbc_encrypt(key: &[u8], iv: &[u8; BLOCK], data: &[u8]) -> Result<Vec<u8>, AesError> {
    let wrong = |_| AesError::KeyLength(key.len());
    Ok(match key.len() {
        16 => cbc::Encryptor::<Aes128>::new_from_slices(key, iv).map_err(wrong)?.encrypt_padded_vec::<Pkcs7>(data),
        24 => cbc::Encryptor::<Aes192>::new_from_slices(key, iv).map_err(wrong)?.encrypt_padded_vec::<Pkcs7>(data),
        32 => cbc::Encryptor::<Aes256>::new_from_slices(key, iv).map_err(wrong)?.encrypt_padded_vec::<Pkcs7>(data),
        length => return Err(AesError::KeyLength(length)),
    })
}

/// The way back of [`aes_cbc_encrypt`].
///
/// # Errors
/// A key of another length, a ciphertext that is none.
pub fn aes_cbc_decrypt(key: &[u8], iv: &[u8; BLOCK], data: &[u8]) -> Result<Vec<u8>, AesError> {
    let wrong = |_| AesError::KeyLength(key.len());
    match key.len() {
        16 => cbc::Decryptor::<Aes128>::new_from_slices(key, iv).map_err(wrong)?.decrypt_padded_vec::<Pkcs7>(data),
        24 => cbc::Decryptor::<Aes192>::new_from_slices(key, iv).map_err(wrong)?.decrypt_padded_vec::<Pkcs7>(data),
        32 => cbc::Decryptor::<Aes256>::new_from_slices(key, iv).map_err(wrong)?.decrypt_padded_vec::<Pkcs7>(data),
        length => return Err(AesError::KeyLength(length)),
    }
    .map_err(|_| AesError::Ciphertext)
}

/// AES in ECB mode with PKCS #7 padding.
///
/// # Errors
/// A key of another length.
pub fn aes_ecb_encrypt(key: &[u8], data: &[u8]) -> Result<Vec<u8>, AesError> {
    let pad = BLOCK - data.len() % BLOCK;
    let mut out = data.to_vec();
    out.extend(std::iter::repeat_n(u8::try_from(pad).unwrap_or(16), pad));
    each_block(key, &mut out, true)?;
    Ok(out)
}

/// The way back of [`aes_ecb_encrypt`].
///
/// # Errors
/// A key of another length, a ciphertext that is none.
pub fn aes_ecb_decrypt(key: &[u8], data: &[u8]) -> Result<Vec<u8>, AesError> {
    if data.is_empty() || !data.len().is_multiple_of(BLOCK) {
        return Err(AesError::Ciphertext);
    }
    let mut out = data.to_vec();
    each_block(key, &mut out, false)?;
    let pad = usize::from(*out.last().unwrap_or(&0));
    let padded = (1..=BLOCK).contains(&pad) && out[out.len() - pad..].iter().all(|byte| usize::from(*byte) == pad);
    if !padded {
        return Err(AesError::Ciphertext);
    }
    out.truncate(out.len() - pad);
    Ok(out)
}

fn each_block(key: &[u8], data: &mut [u8], encrypt: bool) -> Result<(), AesError> {
    fn apply<C: BlockCipherEncrypt + BlockCipherDecrypt>(cipher: &C, data: &mut [u8], encrypt: bool) {
        for chunk in data.chunks_exact_mut(C::block_size()) {
            if let Ok(block) = chunk.try_into() {
                if encrypt { cipher.encrypt_block(block) } else { cipher.decrypt_block(block) }
            }
        }
    }
    let wrong = |_| AesError::KeyLength(key.len());
    match key.len() {
        16 => apply(&Aes128::new_from_slice(key).map_err(wrong)?, data, encrypt),
        24 => apply(&Aes192::new_from_slice(key).map_err(wrong)?, data, encrypt),
        32 => apply(&Aes256::new_from_slice(key).map_err(wrong)?, data, encrypt),
        length => return Err(AesError::KeyLength(length)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::{from_hex, hex};

    #[test]
    fn published_values() {
        // RFC 1321 A.5, RFC 4231 test case 2.
        assert_eq!(hex(&md5(b"abc")), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(
            hex(&hmac_sha256(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        // NIST SP 800-38A, F.1.1 and F.2.1, first block.
        let key = from_hex("2b7e151628aed2a6abf7158809cf4f3c").unwrap();
        let text = from_hex("6bc1bee22e409f96e93d7e117393172a").unwrap();
        assert_eq!(hex(&aes_ecb_encrypt(&key, &text).unwrap()[..16]), "3ad77bb40d7a3660a89ecaf32466ef97");
        let iv: [u8; 16] = from_hex("000102030405060708090a0b0c0d0e0f").unwrap().try_into().unwrap();
        assert_eq!(hex(&aes_cbc_encrypt(&key, &iv, &text).unwrap()[..16]), "7649abac8119b246cee98e9b12e9197d");
    }

    #[test]
    fn there_and_back_and_nothing_else() {
        for key in [vec![7_u8; 16], vec![7; 24], vec![7; 32]] {
            for length in [0, 1, 15, 16, 17, 100] {
                let text = vec![0x5a; length];
                let sealed = aes_ecb_encrypt(&key, &text).unwrap();
                assert_eq!(aes_ecb_decrypt(&key, &sealed).unwrap(), text);
                let sealed = aes_cbc_encrypt(&key, &[9; 16], &text).unwrap();
                assert_eq!(aes_cbc_decrypt(&key, &[9; 16], &sealed).unwrap(), text);
                assert_eq!(aes_cbc_decrypt(&key, &[9; 16], &sealed[1..]), Err(AesError::Ciphertext));
            }
        }
        assert_eq!(aes_ecb_encrypt(&[0; 5], b""), Err(AesError::KeyLength(5)));
        assert_eq!(aes_ecb_decrypt(&[7; 16], &[0; 16]), Err(AesError::Ciphertext));
    }
}

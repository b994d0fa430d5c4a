//! SM4 (GB/T 32907-2016) as single blocks, ECB, CBC, GCM and CCM; nonces of 12 and tags of 16 bytes
//! as in RFC 8998. No streaming, no other sizes, no choice of a mode for the caller.

use ::ccm::Ccm;
use ::ccm::consts::{U12, U16};
use aes_gcm::AesGcm;
use aes_gcm::aead::{Aead, Payload};
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit};
use zeroize::Zeroizing;

type Gcm = AesGcm<::sm4::Sm4, U12>;
type CcmMode = Ccm<::sm4::Sm4, U16, U12>;

/// Bytes of a block and of a key.
pub const BLOCK: usize = 16;

/// Why SM4 refuses data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Sm4Error {
    /// Not whole blocks where whole blocks are wanted.
    #[error("{found} bytes, wanted a multiple of {BLOCK}")]
    Blocks {
        /// Bytes found.
        found: usize,
    },
    /// The padding is not that of PKCS #7.
    #[error("padding is broken")]
    Padding,
    /// The tag does not fit, or stands not there at all.
    #[error("tag does not fit")]
    Tag,
    /// More bytes than the mode can count.
    #[error("more bytes than the mode can count")]
    TooLong,
}

/// How a text that is no multiple of the block is filled up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    /// Not at all: whole blocks only.
    None,
    /// PKCS #7: 1 to 16 bytes that say how many they are.
    Pkcs7,
}

/// What authenticated encryption covers.
#[derive(Debug, Clone, Copy)]
pub struct Sealed<'a> {
    /// Nonce, never used twice with one key.
    pub nonce: &'a [u8; 12],
    /// Additional data, authenticated and not encrypted.
    pub aad: &'a [u8],
    /// Plaintext to seal, or ciphertext and 16-byte tag to open.
    pub text: &'a [u8],
}

/// A key of 16 bytes. Wiped on drop, never shown.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; BLOCK]>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(hidden)")
    }
}

impl Key {
    /// Takes a copy of the key.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; BLOCK]) -> Self {
        Self(Zeroizing::new(*bytes))
    }

    /// Encrypts one block `rounds` times over (GB/T 32907 Annex A.2 does it a million times).
    #[must_use]
    pub fn encrypt_block(&self, block: &[u8; BLOCK], rounds: u32) -> [u8; BLOCK] {
        let (cipher, mut block) = (self.cipher(), (*block).into());
        for _ in 0..rounds {
            cipher.encrypt_block(&mut block);
        }
        block.into()
    }

    /// Encrypts whole blocks, each by itself.
    ///
    /// # Errors
    /// For anything but whole blocks.
    pub fn encrypt_ecb(&self, data: &[u8]) -> Result<Vec<u8>, Sm4Error> {
        let cipher = self.cipher();
        self.each_block(data, |block| cipher.encrypt_block(block.into()))
    }

    /// Decrypts whole blocks, each by itself.
    ///
    /// # Errors
    /// For anything but whole blocks.
    pub fn decrypt_ecb(&self, data: &[u8]) -> Result<Vec<u8>, Sm4Error> {
        let cipher = self.cipher();
        self.each_block(data, |block| cipher.decrypt_block(block.into()))
    }

    /// Encrypts in CBC mode.
    ///
    /// # Errors
    /// Without padding: for anything but whole blocks.
    pub fn encrypt_cbc(&self, iv: &[u8; BLOCK], data: &[u8], padding: Padding) -> Result<Vec<u8>, Sm4Error> {
        let mode = cbc::Encryptor::<::sm4::Sm4>::new((&*self.0).into(), iv.into());
        match padding {
            Padding::None => whole(data).map(|data| mode.encrypt_padded_vec::<NoPadding>(data)),
            Padding::Pkcs7 => Ok(mode.encrypt_padded_vec::<Pkcs7>(data)),
        }
    }

    /// Decrypts in CBC mode.
    ///
    /// # Errors
    /// For anything but whole blocks, and for a broken padding.
    pub fn decrypt_cbc(&self, iv: &[u8; BLOCK], data: &[u8], padding: Padding) -> Result<Vec<u8>, Sm4Error> {
        let mode = cbc::Decryptor::<::sm4::Sm4>::new((&*self.0).into(), iv.into());
        let data = whole(data)?;
        match padding {
            Padding::None => mode.decrypt_padded_vec::<NoPadding>(data),
            Padding::Pkcs7 => mode.decrypt_padded_vec::<Pkcs7>(data),
        }
        .map_err(|_| Sm4Error::Padding)
    }

    /// Seals in GCM mode (RFC 8998, 3.1): ciphertext ‖ tag.
    ///
    /// # Errors
    /// When the text is longer than the mode can count.
    pub fn seal_gcm(&self, parts: &Sealed<'_>) -> Result<Vec<u8>, Sm4Error> {
        let payload = Payload { msg: parts.text, aad: parts.aad };
        Gcm::new((&*self.0).into()).encrypt(parts.nonce.into(), payload).map_err(|_| Sm4Error::TooLong)
    }

    /// Opens ciphertext ‖ tag in GCM mode.
    ///
    /// # Errors
    /// When the tag does not fit.
    pub fn open_gcm(&self, parts: &Sealed<'_>) -> Result<Vec<u8>, Sm4Error> {
        let payload = Payload { msg: parts.text, aad: parts.aad };
        Gcm::new((&*self.0).into()).decrypt(parts.nonce.into(), payload).map_err(|_| Sm4Error::Tag)
    }

    /// Seals in CCM mode (RFC 8998, 3.2): ciphertext ‖ tag.
    ///
    /// # Errors
    /// When the text is longer than the mode can count (16 MiB less one byte).
    pub fn seal_ccm(&self, parts: &Sealed<'_>) -> Result<Vec<u8>, Sm4Error> {
        let payload = Payload { msg: parts.text, aad: parts.aad };
        CcmMode::new((&*self.0).into()).encrypt(parts.nonce.into(), payload).map_err(|_| Sm4Error::TooLong)
    }

    /// Opens ciphertext ‖ tag in CCM mode.
    ///
    /// # Errors
    /// When the tag does not fit.
    pub fn open_ccm(&self, parts: &Sealed<'_>) -> Result<Vec<u8>, Sm4Error> {
        let payload = Payload { msg: parts.text, aad: parts.aad };
        CcmMode::new((&*self.0).into()).decrypt(parts.nonce.into(), payload).map_err(|_| Sm4Error::Tag)
    }

    fn cipher(&self) -> ::sm4::Sm4 {
        ::sm4::Sm4::new((&*self.0).into())
    }

    fn each_block(&self, data: &[u8], step: impl Fn(&mut [u8; BLOCK])) -> Result<Vec<u8>, Sm4Error> {
        let mut out = whole(data)?.to_vec();
        let (blocks, _) = out.as_chunks_mut::<BLOCK>();
        blocks.iter_mut().for_each(step);
        Ok(out)
    }
}

const fn whole(data: &[u8]) -> Result<&[u8], Sm4Error> {
    if data.len().is_multiple_of(BLOCK) { Ok(data) } else { Err(Sm4Error::Blocks { found: data.len() }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NONCE: [u8; 12] = [7; 12];

    fn key() -> Key {
        Key::from_bytes(&[3; 16])
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(key().encrypt_ecb(&[0; 17]), Err(Sm4Error::Blocks { found: 17 }));
        assert_eq!(key().encrypt_cbc(&[0; 16], &[0; 15], Padding::None), Err(Sm4Error::Blocks { found: 15 }));
        assert_eq!(key().decrypt_cbc(&[0; 16], &[0; 15], Padding::Pkcs7), Err(Sm4Error::Blocks { found: 15 }));
        assert_eq!(key().decrypt_cbc(&[0; 16], &[], Padding::Pkcs7), Err(Sm4Error::Padding));
        let parts = Sealed { nonce: &NONCE, aad: b"", text: &[0; 15] };
        assert_eq!(key().open_gcm(&parts), Err(Sm4Error::Tag));
        assert_eq!(key().open_ccm(&parts), Err(Sm4Error::Tag));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn what_is_encrypted_is_decrypted(text in prop::collection::vec(any::<u8>(), 0..80), aad in prop::collection::vec(any::<u8>(), 0..40)) {
            let padded = key().encrypt_cbc(&[9; 16], &text, Padding::Pkcs7).unwrap();
            prop_assert_eq!(&key().decrypt_cbc(&[9; 16], &padded, Padding::Pkcs7).unwrap(), &text);
            let whole = &padded[..];
            prop_assert_eq!(key().decrypt_ecb(&key().encrypt_ecb(whole).unwrap()).unwrap(), whole);
            let open = key().encrypt_cbc(&[9; 16], whole, Padding::None).unwrap();
            prop_assert_eq!(key().decrypt_cbc(&[9; 16], &open, Padding::None).unwrap(), whole);
            let parts = Sealed { nonce: &NONCE, aad: &aad, text: &text };
            let (gcm, ccm) = (key().seal_gcm(&parts).unwrap(), key().seal_ccm(&parts).unwrap());
            prop_assert_eq!(&key().open_gcm(&Sealed { text: &gcm, ..parts }).unwrap(), &text);
            prop_assert_eq!(&key().open_ccm(&Sealed { text: &ccm, ..parts }).unwrap(), &text);
        }

        #[test]
        fn a_changed_byte_is_noticed(text in prop::collection::vec(any::<u8>(), 0..40), at: prop::sample::Index, bit in 0_u8..8) {
            let parts = Sealed { nonce: &NONCE, aad: b"aad", text: &text };
            for (mut sealed, ccm) in [(key().seal_gcm(&parts).unwrap(), false), (key().seal_ccm(&parts).unwrap(), true)] {
                let at = at.index(sealed.len());
                sealed[at] ^= 1 << bit;
                let parts = Sealed { text: &sealed, ..parts };
                let opened = if ccm { key().open_ccm(&parts) } else { key().open_gcm(&parts) };
                prop_assert_eq!(opened, Err(Sm4Error::Tag));
            }
        }
    }
}

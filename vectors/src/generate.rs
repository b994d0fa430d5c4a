//! Makes the generated vector files again, byte for byte, from one published seed.
//!
//! Expectations follow from how a vector is made, never from asking the built-in implementation;
//! a test compares both. No clock, no randomness, no file is written here.

mod artefact;
mod chains;
mod codes;
mod draft;
mod encryption;
mod exchange;
mod hashes;
mod keys;
mod licence;
mod numbers;
mod records;
mod revocation;
mod seals;
mod signed_data;
mod sm4;
mod spki;
mod verify;
mod x509;
mod yaml;

use ecric_gm::sm2::SecretKey;

/// Seed of every generated file; whoever knows it has all keys, which are test keys only.
pub const SEED: &str = "ecric-vectors-1";

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// Path relative to `vectors/data`.
    pub path: String,
    /// Its content.
    pub text: String,
}

/// Every generated file, in the order of their paths.
#[must_use]
pub fn generated_files() -> Vec<Generated> {
    let pki = artefact::pki();
    let drafts = [
        hashes::sm3(),
        hashes::hmac(),
        encryption::file(),
        exchange::file(),
        keys::file(),
        spki::file(),
        verify::file(),
        sm4::file(),
        licence::metadata(),
        licence::status(),
        x509::file(&pki),
        chains::file(&pki),
        revocation::file(&pki),
        signed_data::file(&pki),
        seals::seals(&pki),
        seals::signatures(&pki),
        records::file(),
        codes::base45(),
        codes::parse(&pki),
        codes::verify(&pki),
    ];
    let mut files: Vec<_> = drafts.into_iter().map(draft::Draft::finish).collect();
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
}

/// The generated files that differ from the embedded ones, by path.
#[must_use]
pub fn differing_files() -> Vec<String> {
    let committed = |path: &str| crate::data_dir().get_file(path).map(include_dir::File::contents);
    let differs = |file: &Generated| committed(&file.path) != Some(file.text.as_bytes());
    generated_files().into_iter().filter(differs).map(|file| file.path).collect()
}

fn key(label: &str) -> SecretKey {
    SecretKey::derive(SEED.as_bytes(), label)
}

/// Bytes that look random and depend on the label alone.
fn filler(label: &str, length: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(length + 32);
    for counter in 0_u32.. {
        if out.len() >= length {
            break;
        }
        let block = [SEED.as_bytes(), label.as_bytes(), &counter.to_be_bytes()].concat();
        out.extend_from_slice(&ecric_gm::sm3::digest(&block));
    }
    out.truncate(length);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_files_are_those_of_the_generator() {
        if std::env::var_os("ECRIC_UPDATE").is_some_and(|value| value == "1") {
            let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
            for file in generated_files() {
                let path = data.join(&file.path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, file.text).unwrap();
            }
            return;
        }
        assert_eq!(differing_files(), Vec::<String>::new(), "ecric vectors generate writes them");
    }

    #[test]
    fn filler_depends_on_its_label_alone() {
        assert_eq!(filler("a", 100), filler("a", 100));
        assert_eq!(filler("a", 100)[..40], filler("a", 40));
        assert_ne!(filler("a", 40), filler("b", 40));
    }
}

//! The adapters of a folder: one sub-folder each with an `adapter.yaml`.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Longest `adapter.yaml`: 64 KiB.
const SIZE_MAX: u64 = 64 * 1024;

/// How an implementation is started and named.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adapter {
    /// Name in tables: `openssl`.
    pub name: String,
    /// What it is: `OpenSSL 3 (libcrypto through ctypes)`.
    pub title: String,
    /// Implementations of one family share code, so their agreement counts once.
    pub family: String,
    /// Program and arguments, started in the folder of the adapter; none: built in, in process.
    #[serde(default)]
    pub command: Vec<String>,
    /// The folder.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AdapterError {
    /// It cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// Folder or file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file of it is not of the form.
    #[error(transparent)]
    Form(#[from] ecric_vectors::file::LoadError),
}

/// Loads every adapter of the folder, by name.
///
/// # Errors
/// When the folder or an `adapter.yaml` in it cannot be read.
pub fn load_adapters(folder: &Path) -> Result<Vec<Adapter>, AdapterError> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |source| AdapterError::Read { path, source }
    };
    let mut adapters = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let inside = entry.map_err(failed(folder))?.path();
        let file = inside.join("adapter.yaml");
        if !file.is_file() {
            continue;
        }
        let length = std::fs::metadata(&file).map_err(failed(&file))?.len();
        if length > SIZE_MAX {
            return Err(failed(&file)(std::io::ErrorKind::FileTooLarge.into()));
        }
        let bytes = std::fs::read(&file).map_err(failed(&file))?;
        let mut adapter: Adapter = ecric_vectors::file::load_yaml(&file.display().to_string(), &bytes)?;
        adapter.folder = inside;
        adapters.push(adapter);
    }
    adapters.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(adapters)
}

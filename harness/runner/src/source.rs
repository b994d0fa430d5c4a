//! Where features and registers come from: embedded in the binary, or a folder.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../features");

/// Largest file read, bytes.
const SIZE_CAP: u64 = 4 * 1024 * 1024;
/// Most files read.
const FILES_CAP: usize = 4_096;

/// The files of a suite, by path with forward slashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// Path to text.
    pub files: BTreeMap<String, String>,
}

impl Source {
    /// The files embedded in the binary.
    #[must_use]
    pub fn embedded() -> Self {
        let mut files = BTreeMap::new();
        collect(&EMBEDDED, &mut files);
        Self { files }
    }

    /// Reads `*.feature`, `*.yaml` of a folder and its folders.
    ///
    /// # Errors
    /// A text that names the file and the reason.
    pub fn folder(path: &Path) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        walk(path, path, &mut files)?;
        if files.is_empty() {
            return Err(format!("{}: no .feature or .yaml file in it", path.display()));
        }
        Ok(Self { files })
    }
}

fn wanted(name: &str) -> bool {
    name.ends_with(".feature") || name.ends_with(".yaml")
}

fn collect(dir: &Dir<'static>, files: &mut BTreeMap<String, String>) {
    for file in dir.files() {
        let name = file.path().to_string_lossy().replace('\\', "/");
        if let Some(text) = file.contents_utf8().filter(|_| wanted(&name)) {
            files.insert(name, text.to_owned());
        }
    }
    for inner in dir.dirs() {
        collect(inner, files);
    }
}

fn walk(root: &Path, at: &Path, files: &mut BTreeMap<String, String>) -> Result<(), String> {
    let failed = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let entries = std::fs::read_dir(at).map_err(|error| failed(at, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| failed(at, &error))?;
        let path = entry.path();
        let kind = entry.file_type().map_err(|error| failed(&path, &error))?;
        if kind.is_dir() {
            walk(root, &path, files)?;
        } else if kind.is_file() && wanted(&entry.file_name().to_string_lossy()) {
            let size = entry.metadata().map_err(|error| failed(&path, &error))?.len();
            if size > SIZE_CAP || files.len() >= FILES_CAP {
                return Err(failed(&path, &format!("{size} bytes; at most {SIZE_CAP} bytes and {FILES_CAP} files")));
            }
            let text = std::fs::read_to_string(&path).map_err(|error| failed(&path, &error))?;
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.insert(name, text);
        }
    }
    Ok(())
}

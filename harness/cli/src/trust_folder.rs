//! `--trust DIR`: certificates and revocation lists of a folder.

use std::path::{Path, PathBuf};

use ecric_gm::encoding::from_b64;
use ecric_gm::x509::Certificate;
use ecric_gm::x509::crl::Crl;
use ecric_licence::file::Trust;
use ecric_model::Text;

/// Largest file that is read, bytes.
const FILE_MAX: u64 = 8 << 20;
/// Most files that are looked at.
const FILES_MAX: usize = 2000;

/// Reads a folder: `trust-anchors.json` as `make pki` writes it, or any certificates (self-signed
/// ones are roots), and all revocation lists.
pub(crate) fn read(folder: &Path) -> Result<Trust, Text> {
    let problem = |path: &Path, what: &dyn std::fmt::Display| {
        Text::new(format!("cannot use {}: {what}", path.display()), format!("无法使用 {}：{what}", path.display()))
    };
    let mut files = Vec::new();
    collect(folder, &mut files).map_err(|error| problem(folder, &error))?;
    files.sort();
    let list = folder.join("trust-anchors.json");
    let mut trust = match std::fs::read(&list) {
        Ok(bytes) => {
            let value = serde_json::from_slice(&bytes).map_err(|error| problem(&list, &error))?;
            Trust::from_list(&value).map_err(|error| problem(&list, &error))?
        }
        Err(_) => Trust::default(),
    };
    let with_list = list.is_file();
    for path in files {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        let certificate =
            matches!(ending.as_str(), "der" | "cer" | "crt" | "pem") && !path.to_string_lossy().contains("keys");
        if ending != "crl" && !certificate {
            continue;
        }
        let bytes = std::fs::read(&path).map_err(|error| problem(&path, &error))?;
        for der in ders(&bytes) {
            if ending == "crl" {
                trust.evidence.lists.push(Crl::read(&der).map_err(|error| problem(&path, &error))?);
            } else if let Ok(found) = Certificate::read(&der) {
                // With a list, everything else may only stand between.
                if found.is_self_issued() && !with_list {
                    trust.roots.push(found);
                } else if !found.is_self_issued() {
                    trust.intermediates.push(found);
                }
            }
        }
    }
    if trust.roots.is_empty() {
        return Err(problem(folder, &"no root certificate / 没有根证书"));
    }
    Ok(trust)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if files.len() >= FILES_MAX {
            break;
        }
        if kind.is_dir() {
            collect(&entry.path(), files)?;
        } else if kind.is_file() && entry.metadata()?.len() <= FILE_MAX {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// DER as it is, or every block of a PEM text.
pub(crate) fn ders(bytes: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(bytes);
    if !text.contains("-----BEGIN ") {
        return vec![bytes.to_vec()];
    }
    let blocks = text.split("-----BEGIN ").skip(1);
    blocks
        .filter_map(|block| {
            let body = block.split_once("-----")?.1.split("-----END").next()?;
            from_b64(&body.split_whitespace().collect::<String>()).ok()
        })
        .collect()
}

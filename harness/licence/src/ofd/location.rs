//! Places inside a package (ST_Loc): absolute from its root, or relative to the file that names them.

/// Resolves `location` as found in a file of `folder` (`""` for the root, no slashes at the ends).
///
/// Returns the entry name without leading slash; `None` when it leads out of the package or is
/// spelt in a way that readers understand differently (backslash, percent, colon, empty segment).
#[must_use]
pub fn resolve(folder: &str, location: &str) -> Option<String> {
    if location.contains(['\\', '%', ':', '\0']) || location.is_empty() {
        return None;
    }
    let (base, relative) = match location.strip_prefix('/') {
        Some(absolute) => ("", absolute),
        None => (folder, location),
    };
    let mut segments: Vec<&str> = base.split('/').filter(|segment| !segment.is_empty()).collect();
    for segment in relative.split('/') {
        match segment {
            "" => return None,
            "." => {}
            ".." => {
                segments.pop()?;
            }
            name => segments.push(name),
        }
    }
    if segments.is_empty() { None } else { Some(segments.join("/")) }
}

/// The entry name of a location in the one spelling of the profile: absolute, no `.` and `..`.
#[must_use]
pub fn absolute(location: &str) -> Option<&str> {
    let name = location.strip_prefix('/')?;
    let plain = !name.split('/').any(|segment| matches!(segment, "" | "." | ".."));
    (plain && !name.contains(['\\', '%', ':', '\0'])).then_some(name)
}

/// The folder of an entry name.
#[must_use]
pub fn folder_of(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_resolve_as_the_standard_says() {
        for (folder, location, wanted) in [
            ("", "Doc_0/Document.xml", Some("Doc_0/Document.xml")),
            ("Doc_0", "/Doc_0/Document.xml", Some("Doc_0/Document.xml")),
            ("Doc_0/Signs", "Sign_0/Signature.xml", Some("Doc_0/Signs/Sign_0/Signature.xml")),
            ("Doc_0", "./Res/a.png", Some("Doc_0/Res/a.png")),
            ("Doc_0/Pages", "../Res/a.png", Some("Doc_0/Res/a.png")),
            ("Doc_0", "../../x", None),
            ("", "..", None),
            ("", "", None),
            ("", "/", None),
            ("", "a//b", None),
            ("", "a\\b", None),
            ("", "%2e%2e/x", None),
            ("", "http://x/y", None),
        ] {
            assert_eq!(resolve(folder, location).as_deref(), wanted, "{folder} {location}");
        }
        assert_eq!(absolute("/Doc_0/a"), Some("Doc_0/a"));
        for bad in ["Doc_0/a", "/Doc_0/../a", "/./a", "//a", "/a%20b", "/a\\b"] {
            assert_eq!(absolute(bad), None, "{bad}");
        }
        assert_eq!(folder_of("OFD.xml"), "");
        assert_eq!(folder_of("Doc_0/Signs/Signatures.xml"), "Doc_0/Signs");
    }
}

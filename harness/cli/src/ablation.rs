//! Test only (feature `ablation`): which check always passes, and which checks were called.

/// `ECRIC_ABLATE` names the check, for example `answers::check_accepted`.
pub(crate) fn begin() {
    if let Ok(name) = std::env::var("ECRIC_ABLATE") {
        ecric_checks::ablation::set(name);
    }
}

/// Writes the calls, one a line, to the file that `ECRIC_ABLATE_CALLS` names.
pub(crate) fn end() {
    let Ok(path) = std::env::var("ECRIC_ABLATE_CALLS") else { return };
    if let Err(error) = std::fs::write(&path, ecric_checks::ablation::called().join("\n")) {
        eprintln!("ecric: {path}: {error}");
    }
}

//! Test only: with the feature `ablation`, one named check always passes, to see whether the selftest
//! notices. Without the feature, which is what everybody builds, [`ablatable!`] expands to nothing.

#[cfg(all(feature = "ablation", not(debug_assertions)))]
compile_error!("the feature `ablation` makes checks pass that should fail; it is for debug builds of tests only");

/// First line of every check: where it can be made to pass.
#[cfg(not(feature = "ablation"))]
macro_rules! ablatable {
    ($name:literal) => {};
}

/// First line of every check: where it can be made to pass.
#[cfg(feature = "ablation")]
macro_rules! ablatable {
    ($name:literal) => {
        if $crate::ablation::passes(concat!(module_path!(), "::", $name)) {
            return Ok(());
        }
    };
}

pub(crate) use ablatable;

#[cfg(feature = "ablation")]
mod switch {
    use std::sync::{Mutex, OnceLock, PoisonError};

    static ABLATED: OnceLock<String> = OnceLock::new();
    static CALLED: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());

    /// Makes one check pass, for the life of the process: `answers::check_accepted`.
    pub fn set(name: String) {
        ABLATED.get_or_init(|| name);
    }

    /// Every call of a check so far, in order.
    #[must_use]
    pub fn called() -> Vec<&'static str> {
        CALLED.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes the call; true if the check is the one that passes.
    #[must_use]
    pub fn passes(path: &'static str) -> bool {
        let name = path.strip_prefix("ecric_checks::").unwrap_or(path);
        CALLED.lock().unwrap_or_else(PoisonError::into_inner).push(name);
        ABLATED.get().is_some_and(|ablated| ablated == name)
    }
}

#[cfg(feature = "ablation")]
pub use switch::{called, passes, set};

#[cfg(test)]
mod tests {
    /// A check that could not be taken out would never be missed.
    #[test]
    fn every_check_can_be_ablated_under_its_own_name() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut found = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for item in text.split("\npub fn ").skip(1) {
                let (head, body) = item.split_once("{\n").unwrap();
                if !head.contains("-> Judgement") {
                    continue;
                }
                let name = head.split(['(', '<']).next().unwrap_or_default();
                assert_eq!(body.lines().next().unwrap_or_default().trim(), format!("ablatable!(\"{name}\");"));
                found += 1;
            }
        }
        assert!(found > 90, "{found}");
    }
}

//! Which language to speak: `--lang`, else the locale of the environment, else English.

use std::ffi::OsString;

use ecric_model::Lang;

/// Chooses before the arguments are parsed, so that help speaks the language too.
pub(crate) fn choose(arguments: &[OsString]) -> Lang {
    from_arguments(arguments).or_else(from_environment).unwrap_or_default()
}

fn from_arguments(arguments: &[OsString]) -> Option<Lang> {
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    words
        .iter()
        .find_map(|word| word.strip_prefix("--lang="))
        .or_else(|| words.windows(2).find(|pair| pair[0] == "--lang").map(|pair| pair[1]))
        .and_then(Lang::parse_tag)
}

fn from_environment() -> Option<Lang> {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .and_then(|value| Lang::parse_tag(&value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_wins_in_both_forms() {
        let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(from_arguments(&words("ecric run --lang zh-CN")), Some(Lang::ZhCn));
        assert_eq!(from_arguments(&words("ecric --lang=en run")), Some(Lang::En));
        assert_eq!(from_arguments(&words("ecric run")), None);
    }
}

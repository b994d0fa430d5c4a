use ecric_model::Lang;

use super::sample;
use crate::render_markdown;

#[test]
fn summary_in_both_languages() {
    insta::assert_snapshot!("summary_en", render_markdown(&sample::record(), Lang::En));
    insta::assert_snapshot!("summary_zh", render_markdown(&sample::record(), Lang::ZhCn));
}

#[test]
fn hostile_texts_stay_text() {
    let markdown = render_markdown(&sample::record(), Lang::En);
    for tag in ["<img", "<script", "</script", "@team", "`code`", "\u{1b}", "\u{202e}"] {
        assert!(!markdown.contains(tag), "{tag} got through");
    }
    let rows: Vec<_> = markdown.lines().filter(|line| line.starts_with("| ") && line.contains("EVL-666")).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows.first().map(|row| row.matches('|').count()), Some(6), "a cell was broken: {rows:?}");
}

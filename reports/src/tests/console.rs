use ecric_model::Lang;

use super::sample;
use crate::columns::columns;
use crate::{Style, render_console};

#[test]
fn summary_in_english() {
    insta::assert_snapshot!(render_console(&sample::record(), Lang::En, Style::Plain, 100));
}

#[test]
fn summary_in_chinese() {
    insta::assert_snapshot!(render_console(&sample::record(), Lang::ZhCn, Style::Plain, 100));
}

#[test]
fn summary_of_a_conformant_run() {
    insta::assert_snapshot!(render_console(&sample::conformant(), Lang::En, Style::Plain, 80));
}

#[test]
fn summary_of_a_stopped_run_folds_equal_causes() {
    insta::assert_snapshot!(render_console(&sample::stopped(40), Lang::ZhCn, Style::Plain, 80));
}

#[test]
fn lines_fit_every_width() {
    for lang in [Lang::En, Lang::ZhCn] {
        for width in [40, 60, 80, 132] {
            for line in render_console(&sample::record(), lang, Style::Plain, width).lines() {
                // A name that is wider than the terminal itself is not broken.
                assert!(columns(line) <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn hostile_texts_cannot_steer_the_terminal() {
    let plain = render_console(&sample::record(), Lang::En, Style::Plain, 100);
    assert!(!plain.chars().any(|c| c.is_control() && c != '\n'), "control character in plain output");
    assert!(!plain.contains('\u{202e}'));
    let colour = render_console(&sample::record(), Lang::En, Style::Colour, 100);
    assert!(!colour.contains("\u{1b}[31mred"), "the product's own colours got through");
    assert!(colour.starts_with("\u{1b}[1;31mNON-CONFORMANT"));
}

use ecric_model::Lang;
use ecric_model::text::Text;
use ecric_model::verdict::Verdict;

use super::sample::{self, HOSTILE};
use crate::render_html;

fn page(lang: Lang) -> String {
    render_html(&sample::record(), lang).unwrap()
}

#[test]
fn nothing_is_loaded_from_anywhere() {
    let page = page(Lang::En);
    assert!(page.contains(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:;"
    ));
    for load in
        ["src=\"", "href=\"http", "href=\"//", "url(", "@import", "<link", "<iframe", "<object", "fetch(", "XMLHttp"]
    {
        assert!(!page.contains(load), "{load}");
    }
    for (index, _) in page.match_indices("href=\"") {
        assert!(page[index..].starts_with("href=\"#"), "a link leaves the page");
    }
}

#[test]
fn both_languages_are_in_the_page() {
    let (english, chinese) = (page(Lang::En), page(Lang::ZhCn));
    assert!(english.contains("<html lang=\"en\">") && chinese.contains("<html lang=\"zh-CN\">"));
    assert!(english.contains("<title data-en=\"ecric: non-conformant"));
    for page in [&english, &chinese] {
        for Text { en, zh } in [
            Text::new("To fix", "需要修改"),
            Text::new("check character Q, MOD 37,36 over 67 characters", "校验位为Q，按MOD 37,36对67个字符计算"),
            Text::new(
                "pre-conformance evidence: the text of the standard is not public",
                "预符合性证据：标准文本尚未公开",
            ),
            Text::new("our rules, not the standard’s", "本项目规则，非国家标准"),
        ] {
            let spans =
                format!("<span class=\"le\" lang=\"en\">{en}</span><span class=\"lz\" lang=\"zh-CN\">{zh}</span>");
            assert!(page.contains(&spans), "{en}");
        }
        let (english, chinese) = (page.matches("class=\"le\"").count(), page.matches("class=\"lz\"").count());
        // The legend shows the code words beside the Chinese ones only; in English they are the same.
        assert_eq!(english + Verdict::ROLL_UP.len(), chinese, "a text in one language only");
    }
}

#[test]
fn hostile_texts_stay_text() {
    let page = page(Lang::En);
    assert!(!page.contains(HOSTILE));
    for text in ["<img", "onerror=alert(1)>", "\u{1b}", "\u{202e}", "49"] {
        let hits = page.matches(text).count();
        assert_eq!(hits, 0, "{text} got through");
    }
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(page.matches("</script>").count(), 1);
    assert!(page.contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; ]]&gt; [U+001B][31mred"));
}

#[test]
fn every_verdict_is_explained_and_every_case_is_there() {
    let record = sample::record();
    let page = page(Lang::En);
    for verdict in Verdict::ROLL_UP {
        assert!(page.contains(&format!("<code class=\"lz\">{}</code>", verdict.name())), "{}", verdict.name());
    }
    for requirement in &record.requirements {
        assert!(page.contains(&format!("id=\"row-{}\"", requirement.id)), "{}", requirement.id);
    }
    for case in &record.cases {
        assert!(page.contains(case.id.as_str()), "{}", case.id);
        if case.verdict != Verdict::Pass {
            let anchor = format!("id=\"case-{}\"", case.id.as_str().replace('/', "-"));
            assert_eq!(page.matches(&anchor).count(), 1, "{anchor}");
        }
    }
    for text in
        ["5eed0000000000000000000000000001", "LIF-004/01", "4 cases left out", "The target&#39;s clock is moved"]
    {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn links_lead_somewhere_and_ids_are_unique() {
    for record in [sample::record(), sample::conformant(), sample::stopped(40), sample::large(30)] {
        let page = render_html(&record, Lang::ZhCn).unwrap();
        let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        ids.sort_unstable();
        let total = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), total, "an id occurs twice");
        for link in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.binary_search(&link).is_ok(), "#{link} leads nowhere");
        }
    }
}

#[test]
fn a_large_run_stays_small() {
    let page = render_html(&sample::large(200), Lang::En).unwrap();
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
    assert!(page.contains("Cut here; the whole is in the folder evidence/."));
}

#[test]
fn elements_are_balanced() {
    let page = page(Lang::En);
    for element in
        ["details", "summary", "section", "article", "div", "span", "table", "tr", "td", "ul", "li", "dl", "p"]
    {
        let open = page.matches(&format!("<{element}>")).count() + page.matches(&format!("<{element} ")).count();
        let close = page.matches(&format!("</{element}>")).count();
        assert_eq!(open, close, "<{element}>");
    }
}

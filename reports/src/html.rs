//! The HTML report: one file, both languages in it, no network. Builds plain data from the record and
//! hands it to the template; every value is escaped by the template's formatter unless this crate
//! built it as markup itself.

mod case;
mod escape;
mod exchange;
mod fold;
mod page;
mod requirement;

use ecric_model::Lang;
use ecric_model::run_record::RunRecord;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use crate::ReportError;
use crate::bounded::bounded;
use escape::escaped;
pub(crate) use page::{Fact, china_time, facts};

const CSS: &str = include_str!("../templates/report.css");
const JS: &str = include_str!("../templates/report.js");
const TEMPLATES: [(&str, &str); 4] = [
    ("report.html", include_str!("../templates/report.html")),
    ("requirement.html", include_str!("../templates/requirement.html")),
    ("case.html", include_str!("../templates/case.html")),
    ("exchange.html", include_str!("../templates/exchange.html")),
];

/// Renders the report. `lang` is the language it opens in; the reader can switch.
///
/// # Errors
/// When the template fails, which is a fault of ours.
pub fn render_html(record: &RunRecord, lang: Lang) -> Result<String, ReportError> {
    let record = &*bounded(record);
    let environment = environment(lang)?;
    let page = Value::from(Serde(page::page(record)));
    let context = minijinja::context! {
        page => page,
        lang => lang.tag(),
        css => Value::from_safe_string(CSS.to_owned()),
        js => Value::from_safe_string(JS.to_owned()),
    };
    Ok(environment.get_template("report.html")?.render(context)?)
}

/// Renders a page of another room with the style sheet, the escaping and the two languages of the report.
/// The template gets `page`, `lang` and `css`, which ends with `style`.
///
/// # Errors
/// When the template fails, which is a fault of ours.
pub fn render_page<T: serde::Serialize>(
    template: &str,
    style: &str,
    page: &T,
    lang: Lang,
) -> Result<String, ReportError> {
    let environment = environment(lang)?;
    let context = minijinja::context! {
        page => Value::from(Serde(page)),
        lang => lang.tag(),
        css => Value::from_safe_string(format!("{CSS}{style}")),
    };
    Ok(environment.template_from_named_str("page.html", template)?.render(context)?)
}

pub(crate) fn environment(lang: Lang) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    environment.set_formatter(|out, _, value| {
        match value.as_str() {
            Some(text) if value.is_safe() => out.write_str(text),
            Some(text) => out.write_str(&escaped(text)),
            None => out.write_str(&escaped(&value.to_string())),
        }
        .map_err(|_| Error::new(ErrorKind::WriteFailure, "the output could not be written"))
    });
    // Markup that this crate has built and escaped itself: see `fold`.
    environment.add_filter("markup", |text: &str| Value::from_safe_string(text.to_owned()));
    environment.add_function("t", |en: &str, zh: &str| Value::from_safe_string(spans(en, zh)));
    environment.add_function("text", |value: &Value| {
        let (en, zh) = languages(value)?;
        Ok::<_, Error>(Value::from_safe_string(spans(&en, &zh)))
    });
    environment.add_function("pick", move |value: &Value| {
        let (en, zh) = languages(value)?;
        Ok::<_, Error>(if lang == Lang::En { en } else { zh })
    });
    environment.add_function("label", move |name: &str, en: &str, zh: &str| {
        Value::from_safe_string(attribute(lang, name, en, zh))
    });
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// Both languages of a `Text`.
fn languages(value: &Value) -> Result<(String, String), Error> {
    let one = |name: &str| {
        let text = value.get_attr(name)?;
        text.as_str()
            .map(str::to_owned)
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("text without {name}: {value}")))
    };
    Ok((one("en")?, one("zh")?))
}

/// A text in both languages, of which the style sheet shows one.
fn spans(en: &str, zh: &str) -> String {
    if en == zh {
        return escaped(en);
    }
    format!(
        "<span class=\"le\" lang=\"en\">{}</span><span class=\"lz\" lang=\"zh-CN\">{}</span>",
        escaped(en),
        escaped(zh)
    )
}

/// An attribute in the opening language, with both languages beside it for the switch.
fn attribute(lang: Lang, name: &str, en: &str, zh: &str) -> String {
    let now = if lang == Lang::En { en } else { zh };
    format!("{name}=\"{}\" data-attr=\"{name}\" data-en=\"{}\" data-zh=\"{}\"", escaped(now), escaped(en), escaped(zh))
}

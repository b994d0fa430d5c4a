//! What checking a package came to, in words and as JSON. One text for `ecric verify` and `ecric-verify`.

use std::fmt::Write as _;

use ecric_model::{Lang, Text};
use serde_json::{Value, json};

use super::fault::Fault;
use super::sign::{SignatureFact, Standing};
use super::verify::{Examined, Raw};
use crate::clean::visible_line;

/// What checking a file came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything holds.
    Holds,
    /// It holds as far as it goes: the run was interrupted, or a planned case was never closed.
    Incomplete,
    /// Something does not hold.
    Broken,
}

impl Outcome {
    /// Exit code: 0, 4 or 5.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Holds => 0,
            Self::Incomplete => 4,
            Self::Broken => 5,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Incomplete => "incomplete",
            Self::Broken => "broken",
        }
    }
}

/// A package with everything that was found out about it.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    /// The package.
    pub examined: &'a Examined,
    /// Faults of the package, of its signatures, of its plan.
    pub faults: Vec<Fault>,
    /// Signatures that hold.
    pub signatures: Vec<SignatureFact>,
    /// What was done about the plan.
    pub plan: Text,
}

impl Report<'_> {
    /// What it comes to.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if !self.faults.is_empty() {
            Outcome::Broken
        } else if self.examined.is_incomplete() {
            Outcome::Incomplete
        } else {
            Outcome::Holds
        }
    }

    /// The result in words.
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        let mut out = String::new();
        let t = |en: &str, zh: &str| Text::new(en, zh).in_lang(lang).to_owned();
        for fault in &self.faults {
            let _ = writeln!(out, "✗ {}", fault.render(lang));
        }
        let mut line = |name: String, value: String| {
            let _ = writeln!(out, "{name}: {}", visible_line(&value));
        };
        if let Some(contents) = &self.examined.contents {
            let manifest = &contents.manifest;
            line(t("package", "证据包"), self.examined.digest.clone());
            let suite = &manifest.suite;
            line(t("suite", "套件"), format!("{} {} ({})", suite.name, suite.version, suite.commit));
            line(t("target", "目标"), manifest.target.clone());
            line(t("mode", "模式"), manifest.mode.clone());
            if let Some(run) = &contents.run {
                line(
                    t("product", "产品"),
                    format!("{} {} {}", run.target.vendor, run.target.product, run.target.version),
                );
                let passed = manifest.claim.as_ref().map_or(0, |claim| claim.passed);
                let partial = if run.partial { t(", partial", "，部分测试") } else { String::new() };
                let verdict = run.verdict.text().in_lang(lang).to_owned();
                let counts = match lang {
                    Lang::En => format!("{verdict}{partial}; {passed} of {} cases passed", manifest.merkle.cases),
                    Lang::ZhCn => format!("{verdict}{partial}；{}个用例中{passed}个通过", manifest.merkle.cases),
                };
                line(t("claim", "结论"), counts);
            }
            line(t("parts", "段"), contents.parts.len().to_string());
            line(t("plan", "计划"), self.plan.in_lang(lang).to_owned());
            line(
                t("evidence", "证据"),
                match self.examined.raw() {
                    Raw::None => t("redacted when written", "写入时已脱敏"),
                    Raw::Kept => t("with raw bodies of generated persons", "含所生成人员的原始报文"),
                    Raw::Redacted => t("raw bodies taken out; commitments remain", "原始报文已移除，承诺保留"),
                },
            );
            for fact in &self.signatures {
                line(t("signature", "签名"), signature_line(fact, lang));
            }
            if self.signatures.is_empty() {
                line(
                    t("signature", "签名"),
                    t("unsigned: integrity only, nobody answers for it", "未签名：仅校验完整性，无人担保"),
                );
            }
        }
        out.push_str(&self.verdict(lang));
        out.push('\n');
        out
    }

    fn verdict(&self, lang: Lang) -> String {
        let text = match self.outcome() {
            Outcome::Holds => Text::new("the package holds", "证据包有效"),
            Outcome::Broken => Text::new("the package does not hold", "证据包无效"),
            Outcome::Incomplete if self.examined.is_interrupted() => Text::new(
                "interrupted: the run was cut off, nothing is claimed; finish it with `ecric run --resume DIR`, or run again",
                "已中断：运行中途终止，不作任何声明；可用 `ecric run --resume 目录` 继续，或重新运行",
            ),
            Outcome::Incomplete => Text::new(
                "incomplete: planned cases were never closed, nothing is claimed",
                "未完成：存在未关闭的计划用例，不作任何声明",
            ),
        };
        text.in_lang(lang).to_owned()
    }

    /// The result as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let contents = self.examined.contents.as_ref();
        let faults: Vec<Value> =
            self.faults.iter().map(|fault| json!({"place": fault.place, "text": fault.text})).collect();
        json!({
            "result": self.outcome().word(),
            "exit_code": self.outcome().exit_code(),
            "interrupted": self.examined.is_interrupted(),
            "digest": self.examined.digest,
            "faults": faults,
            "manifest": contents.map(|contents| &contents.manifest),
            "plan": self.plan,
            "raw": match self.examined.raw() { Raw::None => "none", Raw::Kept => "kept", Raw::Redacted => "redacted" },
            "signatures": self.signatures.iter().map(signature_json).collect::<Vec<_>>(),
        })
    }
}

fn standing(fact: &SignatureFact) -> Text {
    match fact.standing {
        Standing::Trusted => Text::new("trusted", "受信任"),
        Standing::Unchecked => Text::new(
            "the signature holds; who signed was not checked (--trust)",
            "签名有效；未核对签名者身份（--trust）",
        ),
        Standing::Untrusted => Text::new("not trusted", "不受信任"),
    }
}

/// One signature in a line.
#[must_use]
pub fn signature_line(fact: &SignatureFact, lang: Lang) -> String {
    let stated = &fact.statement.predicate;
    format!(
        "{} · {} · {} · {} · {} · {}",
        fact.role.name(),
        fact.signer,
        &fact.certificate_sm3.get(..16).unwrap_or_default(),
        fact.signed_at,
        stated.result,
        standing(fact).in_lang(lang)
    )
}

/// One signature as JSON.
#[must_use]
pub fn signature_json(fact: &SignatureFact) -> Value {
    json!({
        "file": fact.file,
        "role": fact.role,
        "signer": fact.signer,
        "certificate_sm3": fact.certificate_sm3,
        "signed_at": fact.signed_at,
        "trusted": match fact.standing {
            Standing::Trusted => json!(true),
            Standing::Unchecked => Value::Null,
            Standing::Untrusted => json!(false),
        },
        "statement": fact.statement,
    })
}

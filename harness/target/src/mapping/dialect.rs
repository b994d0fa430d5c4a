//! A dialect, read and compiled once: every template and every path of the file is known to be well
//! formed before anything is sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::Value as Jinja;
use serde_json::Value;
use serde_json_path::JsonPath;

use super::callers::Caller;
use super::codec::Codecs;
use super::extract::{Extraction, Tools};
use super::filters::Tables;
use super::source::Source;
use super::spec::{DialectSpec, EnvelopeSpec, Matches, PlanSpec, SuccessSpec};
use super::templates::{Fault, Templates};

/// Something in the file that cannot be used: where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// Keys that lead there.
    pub(crate) path: Vec<String>,
    /// The text at fault.
    pub(crate) at: String,
    /// Why.
    pub(crate) reason: String,
}

/// A compiled dialect.
pub(crate) struct Dialect {
    pub(crate) spec: DialectSpec,
    pub(crate) templates: Templates,
    pub(crate) codecs: Arc<Codecs>,
    pub(crate) plans: BTreeMap<String, Plan>,
    pub(crate) source: Source,
    /// Resolved secrets by name.
    pub(crate) secrets: BTreeMap<String, String>,
    pub(crate) callers: BTreeMap<String, Caller>,
    pub(crate) envelope: Envelope,
}

impl std::fmt::Debug for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Secrets stay out.
        f.debug_struct("Dialect").field("operations", &self.plans.keys()).finish_non_exhaustive()
    }
}

/// How one operation is done.
#[derive(Debug)]
pub(crate) enum Plan {
    Native { auth: String },
    NotSupported,
    Hook(String),
    Variants(Vec<(Option<String>, Plan)>),
    Calls(Box<Calls>),
}

/// Calls in order, and what becomes of the last answer.
#[derive(Debug)]
pub(crate) struct Calls {
    pub(crate) spec: PlanSpec,
    pub(crate) steps: Vec<CallPlan>,
    pub(crate) poll: Option<PollPlan>,
    pub(crate) extract: Vec<(String, Extraction)>,
}

/// A call that is repeated.
#[derive(Debug)]
pub(crate) struct PollPlan {
    pub(crate) call: CallPlan,
    pub(crate) until: (Extraction, Vec<Value>),
    pub(crate) fail: Option<(Extraction, Vec<Value>)>,
}

/// One HTTP call.
#[derive(Debug)]
pub(crate) struct CallPlan {
    pub(crate) spec: PlanSpec,
    pub(crate) decode: Vec<DecodePaths>,
    pub(crate) extract: Vec<(String, Extraction)>,
    pub(crate) envelope: Envelope,
}

/// Where the value of a decode step stands, what a signature is over, what the step hangs on.
#[derive(Debug)]
pub(crate) struct DecodePaths {
    pub(crate) value: Option<JsonPath>,
    pub(crate) over: Option<JsonPath>,
    pub(crate) only_if: Option<JsonPath>,
}

/// What tells success, code and words.
#[derive(Debug, Default)]
pub(crate) struct Envelope {
    pub(crate) success: Option<Success>,
    pub(crate) code: Option<Extraction>,
    pub(crate) text: Option<Extraction>,
    pub(crate) field: Option<Extraction>,
}

/// When a call succeeded.
#[derive(Debug)]
pub(crate) struct Success {
    pub(crate) member: Option<(Extraction, Vec<Value>)>,
    pub(crate) http: Vec<u16>,
    pub(crate) when: Option<String>,
}

/// Operation names that a file may map beside those of binding v1.
pub(crate) const END_FAULT: &str = "test.end_fault";

/// Compiles a dialect; every fault is told.
pub(crate) fn compile(
    spec: DialectSpec,
    source: Source,
    secrets: BTreeMap<String, String>,
    callers: BTreeMap<String, Caller>,
) -> Result<Dialect, Vec<Wrong>> {
    let mut wrongs = Vec::new();
    let codecs = Codecs::new(&spec.fields, &spec.tables).unwrap_or_else(|(field, reason)| {
        wrongs.push(Wrong { path: vec!["fields".to_owned(), field.clone()], at: field, reason });
        Codecs::default()
    });
    let codecs = Arc::new(codecs);
    let tables = Tables { tables: Arc::new(spec.tables.clone()), codecs: Arc::clone(&codecs) };
    let mut compiler = Compiler { templates: Templates::new(tables), wrongs, path: Vec::new() };
    compiler.path = vec!["envelope".to_owned()];
    let EnvelopeSpec { success, error_code, error_text, error_field } = spec.envelope.clone();
    let envelope = compiler.envelope(success.as_ref(), error_code.as_ref(), error_text.as_ref(), error_field.as_ref());
    let mut plans = BTreeMap::new();
    for (name, plan) in &spec.operations {
        compiler.path = vec!["operations".to_owned(), name.clone()];
        if let Some(plan) = compiler.plan(plan, &callers, &spec) {
            plans.insert(name.clone(), plan);
        }
    }
    for (name, caller) in &callers {
        compiler.path = vec!["auth".to_owned(), name.clone()];
        compiler.templates_of(caller.structures());
    }
    let Compiler { templates, wrongs, .. } = compiler;
    if !wrongs.is_empty() {
        return Err(wrongs);
    }
    Ok(Dialect { spec, templates, codecs, plans, source, secrets, callers, envelope })
}

impl Dialect {
    /// True if an operation is spoken as binding v1 itself.
    pub(crate) fn is_native(&self, name: &str) -> bool {
        matches!(self.plans.get(name), Some(Plan::Native { .. }))
    }

    pub(crate) fn tools(&self) -> Tools<'_> {
        Tools { templates: &self.templates, codecs: &self.codecs }
    }
}

struct Compiler {
    templates: Templates,
    wrongs: Vec<Wrong>,
    path: Vec<String>,
}

impl Compiler {
    fn wrong(&mut self, member: &str, at: String, reason: String) {
        let mut path = self.path.clone();
        if !member.is_empty() {
            path.push(member.to_owned());
        }
        self.wrongs.push(Wrong { path, at, reason });
    }

    fn templates_of(&mut self, structures: Vec<(&'static str, Value)>) {
        for (member, structure) in structures {
            if let Err((at, reason)) = self.templates.add(&structure) {
                self.wrong(member, at, reason);
            }
        }
    }

    fn extraction(&mut self, member: &str, spec: &Value) -> Option<Extraction> {
        match Extraction::read(spec, &mut self.templates) {
            Ok(extraction) => Some(extraction),
            Err((at, reason)) => {
                self.wrong(member, at, reason);
                None
            }
        }
    }

    fn extractions(&mut self, spec: &serde_json::Map<String, Value>) -> Vec<(String, Extraction)> {
        spec.iter().filter_map(|(name, spec)| Some((name.clone(), self.extraction(name, spec)?))).collect()
    }

    fn expression(&mut self, member: &str, expression: &str) {
        if let Err((at, reason)) = self.templates.add_expression(expression) {
            self.wrong(member, at, reason);
        }
    }

    fn plan(&mut self, spec: &PlanSpec, callers: &BTreeMap<String, Caller>, file: &DialectSpec) -> Option<Plan> {
        let kinds = [
            spec.native.is_some(),
            spec.not_supported,
            spec.hook.is_some(),
            !spec.variants.is_empty(),
            spec.path.is_some(),
            !spec.steps.is_empty(),
        ];
        if kinds.iter().filter(|kind| **kind).count() != 1 {
            let wanted = "wanted exactly one of native, not_supported, hook, variants, steps, path";
            self.wrong("", String::new(), wanted.to_owned());
            return None;
        }
        if let Some(native) = &spec.native {
            let auth = native.auth.clone().unwrap_or_else(|| "main".to_owned());
            if !callers.get(&auth).is_some_and(Caller::signs_binding) {
                self.wrong("native", auth.clone(), format!("auth.{auth} is no caller of type hmac-sm3"));
            }
            return Some(Plan::Native { auth });
        }
        if spec.not_supported {
            return Some(Plan::NotSupported);
        }
        if let Some(hook) = &spec.hook {
            return Some(Plan::Hook(hook.clone()));
        }
        if !spec.variants.is_empty() {
            let mut variants = Vec::new();
            for (index, variant) in spec.variants.iter().enumerate() {
                if !variant.variants.is_empty() {
                    self.wrong("variants", String::new(), "a variant has no variants".to_owned());
                    continue;
                }
                if let Some(when) = &variant.when {
                    self.expression("when", when);
                } else if index + 1 < spec.variants.len() {
                    self.wrong("variants", String::new(), "only the last variant may lack when".to_owned());
                }
                if let Some(plan) = self.plan(variant, callers, file) {
                    variants.push((variant.when.clone(), plan));
                }
            }
            return Some(Plan::Variants(variants));
        }
        Some(Plan::Calls(Box::new(self.calls(spec, callers, file))))
    }

    fn calls(&mut self, spec: &PlanSpec, callers: &BTreeMap<String, Caller>, file: &DialectSpec) -> Calls {
        let steps = if spec.steps.is_empty() {
            vec![self.call(&PlanSpec { extract: serde_json::Map::new(), ..spec.clone() }, spec, callers)]
        } else {
            let timed = |step: &PlanSpec| PlanSpec { timeout_ms: step.timeout_ms.or(spec.timeout_ms), ..step.clone() };
            spec.steps.iter().map(|step| self.call(&timed(step), spec, callers)).collect()
        };
        let poll = spec.poll.as_ref().and_then(|poll| {
            let call = self.call(poll, spec, callers);
            let Some(until) = &poll.until else {
                self.wrong("poll", String::new(), "a poll needs until".to_owned());
                return None;
            };
            let until = self.matches("until", until)?;
            let fail = poll.fail.as_ref().and_then(|fail| self.matches("fail", fail));
            Some(PollPlan { call, until, fail })
        });
        if let Err((at, reason)) = self.templates.add(&Value::Object(spec.constants.clone())) {
            self.wrong("const", at, reason);
        }
        for (code, error) in spec.errors.iter().chain(&file.errors) {
            if let Some(reason) = super::answer::unknown_code(error) {
                let known = self.wrongs.iter().any(|wrong| wrong.at == *code);
                if !known {
                    self.wrongs.push(Wrong { path: vec!["errors".to_owned(), code.clone()], at: code.clone(), reason });
                }
            }
        }
        Calls { extract: self.extractions(&spec.extract), spec: spec.clone(), steps, poll }
    }

    fn matches(&mut self, member: &str, spec: &Matches) -> Option<(Extraction, Vec<Value>)> {
        Some((self.extraction(member, &spec.path)?, spec.eq.clone()))
    }

    fn call(&mut self, spec: &PlanSpec, plan: &PlanSpec, callers: &BTreeMap<String, Caller>) -> CallPlan {
        if let Some(auth) = spec.auth.as_ref().or(plan.auth.as_ref())
            && auth != "none"
            && !callers.contains_key(auth)
        {
            self.wrong("auth", auth.clone(), format!("no caller is called {auth:?}"));
        }
        match &spec.path {
            None => self.wrong("", String::new(), "a call needs a path".to_owned()),
            Some(path) if !path.starts_with('/') && !path.contains("{{") => {
                self.wrong("path", path.clone(), "a path starts with /".to_owned());
            }
            Some(_) => {}
        }
        if let Some(ms) = spec.timeout_ms.filter(|ms| !(1..=600_000).contains(ms)) {
            self.wrong("timeout_ms", String::new(), format!("timeout_ms is {ms}, wanted 1 to 600000"));
        }
        let text = |member: &'static str, text: &Option<String>| {
            text.as_ref().map(|text| (member, Value::String(text.clone())))
        };
        let structures: Vec<(&'static str, Value)> = [
            text("path", &spec.path),
            text("body", &spec.body),
            text("method", &spec.method),
            Some(("vars", Value::Object(spec.vars.clone()))),
            Some(("query", Value::Object(spec.query.clone()))),
            Some(("headers", Value::Object(spec.headers.clone()))),
        ]
        .into_iter()
        .flatten()
        .collect();
        self.templates_of(structures);
        if let Some(when) = &spec.when {
            self.expression("when", when);
        }
        let mut decode = Vec::new();
        for step in &spec.decode {
            let mut read = |member: &str, text: &Option<String>| {
                text.as_ref().and_then(|text| match JsonPath::parse(text) {
                    Ok(path) => Some(path),
                    Err(error) => {
                        self.wrong(member, text.clone(), format!("not a JSONPath: {error}"));
                        None
                    }
                })
            };
            let only_if = step.only_if.as_ref().map(|only_if| only_if.path.clone());
            decode.push(DecodePaths {
                value: read("decode", &step.path),
                over: read("decode", &step.over),
                only_if: read("decode", &only_if),
            });
        }
        let envelope = self.envelope(
            spec.success.as_ref(),
            spec.error_code.as_ref(),
            spec.error_text.as_ref(),
            spec.error_field.as_ref(),
        );
        CallPlan { decode, extract: self.extractions(&spec.extract), envelope, spec: spec.clone() }
    }

    fn envelope(
        &mut self,
        success: Option<&SuccessSpec>,
        code: Option<&Value>,
        text: Option<&Value>,
        field: Option<&Value>,
    ) -> Envelope {
        let success = success.map(|spec| {
            if let Some(when) = &spec.when {
                self.expression("success", when);
            }
            let member = spec.path.as_ref().and_then(|path| self.extraction("success", path));
            Success {
                member: member.map(|member| (member, spec.eq.clone())),
                http: spec.http.clone(),
                when: spec.when.clone(),
            }
        });
        Envelope {
            success,
            code: code.and_then(|spec| self.extraction("error_code", spec)),
            text: text.and_then(|spec| self.extraction("error_text", spec)),
            field: field.and_then(|spec| self.extraction("error_field", spec)),
        }
    }
}

/// True if an extraction gives one of some values; a number and its text are one.
pub(crate) fn is_one_of(
    tools: &Tools<'_>,
    matches: &(Extraction, Vec<Value>),
    context: &Jinja,
    doc: &Value,
) -> Result<bool, Fault> {
    let found = matches.0.evaluate(tools, context, doc)?.unwrap_or(Value::Null);
    let text = super::codec::scalar(&found);
    Ok(matches.1.iter().any(|wanted| *wanted == found || (text.is_some() && super::codec::scalar(wanted) == text)))
}

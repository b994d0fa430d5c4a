//! Reads and checks a target file: every problem at once, with its place and how to fix it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ecric_model::binding::Operation;
use ecric_model::ics::Ics;
use ecric_model::requirement::Role;
use ecric_model::{Lang, Text};

use crate::adapter::Adapter;
use crate::base::Bases;
use crate::charset::Charset;
use crate::client::TargetSettings;
use crate::hooks::Person;
use crate::mapping::callers::{AuthType, Caller};
use crate::mapping::dialect::{self, Dialect};
use crate::mapping::source::Source;
use crate::mapping::spec::DialectSpec;
use crate::persons::{self, ListedPerson, PersonaMode};
use crate::secrets::{self, Credential};
use crate::target_file::{Base, Rung, TargetFile};

/// Largest target file read, bytes.
const SIZE_CAP: u64 = 16 * 1024 * 1024;

/// One thing wrong with a user's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line, from 1, where known.
    pub line: Option<usize>,
    /// Column, from 1, where known.
    pub column: Option<usize>,
    /// What was found and what was wanted.
    pub message: Text,
    /// How to fix it.
    pub fix: Text,
    /// Keys that lead to it.
    pub(crate) path: Vec<String>,
}

impl Problem {
    pub(crate) fn new(message: Text, fix: Text) -> Self {
        Self { line: None, column: None, message, fix, path: Vec::new() }
    }

    /// The same with the keys that lead to it.
    pub(crate) fn under(mut self, path: &[&str]) -> Self {
        self.path = path.iter().map(|key| (*key).to_owned()).collect();
        self
    }

    fn locate(&mut self, source: &Source) {
        if self.line.is_none() && !self.path.is_empty() {
            let (line, column) = source.find(&self.path, "");
            (self.line, self.column) = (Some(line), Some(column));
        }
    }

    /// `line:column: message; fix` in one language.
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        let place = match (self.line, self.column) {
            (Some(line), Some(column)) => format!("{line}:{column}: "),
            _ => String::new(),
        };
        let help = match lang {
            Lang::En => "help",
            Lang::ZhCn => "建议",
        };
        let fix = self.fix.in_lang(lang);
        let tail = if fix.is_empty() { String::new() } else { format!("\n  {help}: {fix}") };
        format!("{place}{}{tail}", self.message.in_lang(lang))
    }
}

/// A target file that was read, checked and resolved.
#[derive(Debug, Clone)]
pub struct LoadedTarget {
    /// The file.
    pub file: TargetFile,
    /// Its ICS.
    pub ics: Ics,
    /// Settings for the client, credentials resolved.
    pub settings: TargetSettings,
    /// True if every base is on loopback.
    pub loopback: bool,
    /// True if a second caller is configured.
    pub second_caller: bool,
    /// SM3 of the file, hex.
    pub sm3: String,
    /// The file as written; secrets are references.
    pub text: String,
    /// Persons that the product has already.
    pub persons: Vec<ListedPerson>,
}

impl LoadedTarget {
    /// Starts the adapter of the file, if it has one, and takes its address.
    ///
    /// # Errors
    /// Those of [`Adapter::start`].
    pub fn start_adapter(&mut self) -> Result<Option<Adapter>, Text> {
        let Some(settings) = self.file.adapter.as_ref().filter(|_| self.file.rung == Rung::Adapter) else {
            return Ok(None);
        };
        let adapter = Adapter::start(settings, &self.settings.folder)?;
        self.settings.rebase(adapter.url());
        Ok(Some(adapter))
    }

    /// Permits the hooks of the file; `person` answers those that ask somebody.
    pub fn allow_hooks(&mut self, person: Option<Person>) {
        self.settings.hooks = self.file.hooks.clone();
        self.settings.person = person;
    }

    /// The file without secrets and without the persons that it names.
    #[must_use]
    pub fn public_text(&self) -> String {
        let mut masker = crate::redact::Masker::default();
        self.settings.hidden.iter().for_each(|secret| masker.add_secret(secret));
        for person in self.file.personas.map.values() {
            person.holder.values().for_each(|value| masker.add_personal(value, ""));
        }
        masker.mask(&self.text, "").text
    }

    /// SM3 of the root that the issuer must list, if the file pins one.
    #[must_use]
    pub fn pinned_root(&self) -> Option<&str> {
        self.file.trust.issuer_anchors.as_ref()?.pin_sm3.as_deref()
    }

    /// True if the suite's root was installed by hand before the run.
    #[must_use]
    pub fn trust_by_hand(&self) -> bool {
        self.file.trust.suite_root.as_ref().is_some_and(|root| root.install == "manual")
    }

    /// True if the danger may be brought upon the product.
    #[must_use]
    pub fn allows(&self, danger: &str) -> bool {
        match &self.file.limits.allow {
            Some(list) => list.contains(danger),
            None => self.loopback && danger != "load",
        }
    }
}

/// Reads and checks a target file.
///
/// # Errors
/// Every problem found; a file that cannot be read or parsed gives one.
pub fn load_target(path: &Path) -> Result<LoadedTarget, Vec<Problem>> {
    let unreadable = |reason: String| {
        vec![Problem::new(
            Text::new(
                format!("cannot read {}: {reason}", path.display()),
                format!("无法读取 {}：{reason}", path.display()),
            ),
            Text::new("write one with `ecric target new`", "可用 `ecric target new` 生成"),
        )]
    };
    let size = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if size > SIZE_CAP {
        return Err(unreadable(format!("{size} bytes, at most {SIZE_CAP}")));
    }
    let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|error| unreadable(format!("not UTF-8: {error}")))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    parse_named(&text, &folder, &path.display().to_string())
}

/// Checks the text of a target file; `folder` is where `${file:…}` starts from.
///
/// # Errors
/// Every problem found.
pub fn parse_target(text: &str, folder: &Path) -> Result<LoadedTarget, Vec<Problem>> {
    parse_named(text, folder, "target.yaml")
}

pub(crate) fn parse_named(text: &str, folder: &Path, name: &str) -> Result<LoadedTarget, Vec<Problem>> {
    parse(text, folder, name, false)
}

/// Reads a file; one out of a record may list persons whose members are masked: they are left out.
pub(crate) fn parse(text: &str, folder: &Path, name: &str, recorded: bool) -> Result<LoadedTarget, Vec<Problem>> {
    if let Some(problem) = too_deep(text) {
        return Err(vec![problem]);
    }
    let source = Source { name: name.to_owned(), text: text.to_owned() };
    let whole = crate::preset::laid_over(text).map_err(|mut problem| {
        problem.locate(&source);
        vec![*problem]
    })?;
    let read = whole.map_or_else(|| serde_yaml::from_str(text), serde_yaml::from_value);
    let file: TargetFile = read.map_err(|error| vec![yaml_problem(&error)])?;
    let mut problems = Vec::new();
    check_words(&file, &mut problems);
    crate::ics_check::check(&file, &mut problems);
    let bases = check_bases(&file, &mut problems);
    let secrets = check_secrets(&file, folder, &mut problems);
    let callers = check_callers(&file, &secrets, &mut problems);
    let credential = |name: &str, problems: &mut Vec<Problem>| {
        let caller = callers.get(name).filter(|caller| caller.signs_binding())?;
        let reference = caller.entry.key.as_ref().and_then(|key| file.secrets.get(key)).cloned().unwrap_or_default();
        credential_of(name, caller, &reference, problems)
    };
    let main = credential("main", &mut problems);
    let other = credential("other", &mut problems);
    let mut of_persons = Vec::new();
    let persons = persons::read(&file.personas, &mut of_persons);
    problems.extend(of_persons.into_iter().filter(|_| !recorded));
    let roots = check_roots(&file, folder, &mut problems);
    let (proxy, charset) = check_transport(&file, &mut problems);
    let anchors = check_anchors(&file, folder, &mut problems);
    let identity = check_identity(&callers, folder, &mut problems);
    for problem in &mut problems {
        problem.locate(&source);
    }
    let dialect = check_dialect(&file, source, &secrets, &callers, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let loopback = bases.distinct().iter().all(|base| host_of(base).is_some_and(|host| is_loopback(&host)));
    let ics = Ics { roles: file.roles.clone(), capabilities: file.capabilities.clone(), slo: file.slo.clone() };
    let apps: Vec<&String> = callers.values().filter_map(|caller| caller.app.as_ref()).collect();
    let hidden = secrets.into_values().filter(|value| !apps.contains(&value)).collect();
    let settings = TargetSettings {
        bases,
        transport: file.transport.clone(),
        main,
        other,
        clock: file.clock.clone(),
        dialect,
        roots,
        identity,
        hooks: BTreeMap::new(),
        person: None,
        authorised: file.environment.authorised_hosts.clone(),
        proxy,
        charset,
        anchors,
        daily_issue: file.limits.daily_issue,
        counterpart: file.counterpart.clone(),
        hooked: hooked(&file),
        folder: folder.to_path_buf(),
        hidden,
        rps: file.limits.rps,
        declared: declared(&file),
        loader: file.loader.clone(),
        human: None,
    };
    let second_caller = callers.contains_key("other");
    let sm3 = ecric_gm::sm3::digest_hex(text.as_bytes());
    Ok(LoadedTarget { ics, settings, loopback, second_caller, sm3, text: text.to_owned(), persons, file })
}

/// Test controls that hooks answer: persons, clock, trust.
fn hooked(file: &TargetFile) -> BTreeMap<Operation, String> {
    let mut out = BTreeMap::new();
    if file.personas.mode == PersonaMode::Hook {
        out.insert(Operation::TestPersonas, "personas".to_owned());
    }
    if file.hooks.contains_key("advance_clock") {
        out.insert(Operation::TestClock, "advance_clock".to_owned());
    }
    if let Some(root) = file.trust.suite_root.as_ref().filter(|root| root.install == "hook")
        && let Some(hook) = &root.hook
    {
        out.insert(Operation::TestTrustAnchors, hook.clone());
    }
    out
}

/// Answer of operation 1 for products that do not tell.
fn declared(file: &TargetFile) -> serde_json::Value {
    let features: Vec<&str> = file.capabilities.features.iter().map(|feature| feature.name()).collect();
    let mut limits = serde_json::json!({});
    if let Some(batch) = file.capabilities.batch_max {
        limits["batch"] = serde_json::json!(batch);
    }
    serde_json::json!({
        "binding": "1", "product": file.vendor.product, "version": file.vendor.version, "roles": file.roles,
        "features": features, "limits": limits, "authProfiles": [], "serverTime": "", "testMode": true,
    })
}

fn check_secrets(file: &TargetFile, folder: &Path, problems: &mut Vec<Problem>) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for (name, reference) in &file.secrets {
        match secrets::resolve(name, reference, folder) {
            Ok(value) => {
                out.insert(name.clone(), value);
            }
            Err(error) => problems.push(
                Problem::new(
                    Text::new(format!("secrets.{name}: {error}"), format!("secrets.{name}：{error}")),
                    Text::default(),
                )
                .under(&["secrets", name]),
            ),
        }
    }
    out
}

fn check_callers(
    file: &TargetFile,
    secrets: &BTreeMap<String, String>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Caller> {
    if !file.auth.contains_key("main") {
        problems.push(
            Problem::new(
                Text::new("auth.main is missing", "缺少 auth.main"),
                Text::new(
                    "`main: {type: none}` for a sandbox without authentication",
                    "无鉴别的沙箱可写 `main: {type: none}`",
                ),
            )
            .under(&["auth"]),
        );
    }
    let mut out = BTreeMap::new();
    for (name, entry) in &file.auth {
        let mut wrong = |member: &str, en: String, zh: String| {
            problems.push(
                Problem::new(
                    Text::new(format!("auth.{name}.{member}: {en}"), format!("auth.{name}.{member}：{zh}")),
                    Text::default(),
                )
                .under(&["auth", name]),
            );
        };
        let mut look_up = |member: &str, secret: &Option<String>, needed: bool| -> Option<String> {
            let Some(secret) = secret else {
                if needed {
                    wrong(member, "missing; name an entry of secrets".into(), "缺失；填写 secrets 中的条目名".into());
                }
                return None;
            };
            if !file.secrets.contains_key(secret) {
                wrong(
                    member,
                    format!("no secret is called {secret:?}; add `{secret}: \"${{env:…}}\"` to secrets"),
                    format!("没有名为 {secret:?} 的 secret；在 secrets 中加入 `{secret}: \"${{env:…}}\"`"),
                );
            }
            secrets.get(secret).cloned()
        };
        let expired = look_up("expired_token", &entry.expired_token, false);
        let foreign = look_up("foreign_token", &entry.foreign_token, false);
        let both = matches!(entry.kind, AuthType::HmacSm3 | AuthType::OAuth2);
        let app = look_up("app", &entry.app, both);
        let key = look_up("key", &entry.key, both || matches!(entry.kind, AuthType::ApiKey | AuthType::Mtls));
        if matches!(entry.kind, AuthType::Login | AuthType::OAuth2) && entry.request.is_none() {
            wrong("request", "missing: {path: …}".into(), "缺失：{path: …}".into());
        }
        if entry.kind == AuthType::Login && entry.place.is_none() {
            wrong("place", "missing: where the token goes".into(), "缺失：令牌放置位置".into());
        }
        if let Some(token) = &entry.token
            && let Err(error) = serde_json_path::JsonPath::parse(token)
        {
            wrong("token", format!("not a JSONPath: {error}"), format!("不是 JSONPath：{error}"));
        }
        if entry.kind == AuthType::Mtls && entry.cert.is_none() {
            wrong("cert", "missing: the certificate, PEM".into(), "缺失：证书文件（PEM）".into());
        }
        out.insert(name.clone(), Caller { entry: entry.clone(), app, key, expired, foreign });
    }
    out
}

/// Proxy with its variables put in, and charset.
fn check_transport(file: &TargetFile, problems: &mut Vec<Problem>) -> (Option<String>, Charset) {
    let mut wrong = |member: &str, en: String, zh: String| {
        let text = Text::new(format!("transport.{member}: {en}"), format!("transport.{member}：{zh}"));
        problems.push(Problem::new(text, Text::default()).under(&["transport", member]));
    };
    let charset = match file.transport.charset.as_deref() {
        None => Charset::default(),
        Some(word) => Charset::parse(word).unwrap_or_else(|| {
            let known = Charset::known();
            wrong("charset", format!("{word:?}: wanted {known}"), format!("{word:?}：可用 {known}"));
            Charset::default()
        }),
    };
    if !charset.is_utf8() && file.rung != Rung::Mapped {
        wrong("charset", "binding v1 is written in UTF-8".into(), "绑定v1使用 UTF-8".into());
    }
    let proxy = file.transport.proxy.as_deref().and_then(|text| match secrets::expand_environment(text) {
        Err(error) => {
            wrong("proxy", error.to_string(), error.to_string());
            None
        }
        Ok(url) => {
            let plain =
                reqwest::Url::parse(&url).is_ok_and(|url| url.username().is_empty() && url.password().is_none());
            // What came in by a variable is a secret by reference.
            let inline = url == text && !plain;
            if host_of(&url).is_none() || inline || crate::transport::proxy_of(&url).is_err() {
                wrong(
                    "proxy",
                    "wanted http://host:port; a name and password only by ${env:NAME}".into(),
                    "应为 http://主机:端口；用户名与口令只能用 ${env:NAME}".into(),
                );
            }
            Some(url)
        }
    });
    (proxy, charset)
}

/// Largest file of trust anchors, bytes.
const ANCHORS_CAP: u64 = 1 << 20;

/// The answer of operation 10 from a file.
fn check_anchors(file: &TargetFile, folder: &Path, problems: &mut Vec<Problem>) -> Option<serde_json::Value> {
    let name = file.trust.issuer_anchors.as_ref()?.file.as_ref()?;
    let path = folder.join(name);
    let read = || -> Result<serde_json::Value, String> {
        let size = std::fs::metadata(&path).map_err(|error| error.to_string())?.len();
        if size > ANCHORS_CAP {
            return Err(format!("{size} bytes, at most {ANCHORS_CAP}"));
        }
        let bytes = std::fs::read(&path).map_err(|error| error.to_string())?;
        let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        if value.get("roots").is_some_and(serde_json::Value::is_array) { Ok(value) } else { Err("no roots[]".into()) }
    };
    read()
        .map_err(|reason| {
            let text = Text::new(
                format!("trust.issuer_anchors.file: {name}: {reason}"),
                format!("trust.issuer_anchors.file：{name}：{reason}"),
            );
            problems.push(Problem::new(text, Text::default()).under(&["trust", "issuer_anchors", "file"]));
        })
        .ok()
}

/// Further root certificates.
fn check_roots(file: &TargetFile, folder: &Path, problems: &mut Vec<Problem>) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    for name in &file.transport.extra_ca {
        let read = std::fs::read(folder.join(name)).map_err(|error| error.to_string());
        let checked = read.and_then(|pem| match crate::transport::roots_of(&pem) {
            Ok(_) => Ok(pem),
            Err(error) => Err(error.to_string()),
        });
        match checked {
            Ok(pem) => out.push(pem),
            Err(reason) => problems.push(
                Problem::new(
                    Text::new(
                        format!("transport.extra_ca: {name}: {reason}"),
                        format!("transport.extra_ca：{name}：{reason}"),
                    ),
                    Text::default(),
                )
                .under(&["transport", "extra_ca"]),
            ),
        }
    }
    out
}

/// The client certificate of the first caller that has one: a connection shows one certificate only.
fn check_identity(callers: &BTreeMap<String, Caller>, folder: &Path, problems: &mut Vec<Problem>) -> Option<Vec<u8>> {
    let (name, caller) = callers.iter().find(|(_, caller)| caller.entry.kind == AuthType::Mtls)?;
    let (cert, key) = (caller.entry.cert.as_ref()?, caller.key.as_ref()?);
    let read = std::fs::read(folder.join(cert)).map_err(|error| format!("{cert}: {error}"));
    let pem = read.map(|cert| [cert.as_slice(), b"\n", key.as_bytes()].concat());
    let checked = pem.and_then(|pem| match crate::transport::identity_of(&pem) {
        Ok(_) => Ok(pem),
        Err(error) => Err(error.to_string()),
    });
    checked
        .map_err(|reason| {
            let text = Text::new(format!("auth.{name}.cert: {reason}"), format!("auth.{name}.cert：{reason}"));
            problems.push(Problem::new(text, Text::default()).under(&["auth", name]));
        })
        .ok()
}

fn credential_of(name: &str, caller: &Caller, reference: &str, problems: &mut Vec<Problem>) -> Option<Credential> {
    let (app, key) = (caller.app.clone()?, caller.key.clone()?);
    secrets::credential(app, &key, name, reference)
        .map_err(|error| {
            let text = Text::new(format!("auth.{name}: {error}"), format!("auth.{name}：{error}"));
            problems.push(Problem::new(text, Text::default()).under(&["auth", name]));
        })
        .ok()
}

fn check_dialect(
    file: &TargetFile,
    source: Source,
    secrets: &BTreeMap<String, String>,
    callers: &BTreeMap<String, Caller>,
    problems: &mut Vec<Problem>,
) -> Option<Arc<Dialect>> {
    if file.rung != Rung::Mapped {
        if !file.operations.is_empty() {
            problems.push(Problem::new(
                Text::new(
                    format!("operations are for rung mapped, this file says {}", file.rung.name()),
                    format!("operations 仅用于 rung mapped，本文件为 {}", file.rung.name()),
                ),
                Text::new("write `rung: mapped`, or remove operations", "改为 `rung: mapped`，或删除 operations"),
            ));
        }
        return None;
    }
    let spec = DialectSpec {
        cfg: file.cfg.clone(),
        envelope: file.envelope.clone(),
        operations: file.operations.clone(),
        errors: file.errors.clone(),
        status_values: file.status_values.clone(),
        results: file.results.clone(),
        reasons: file.reasons.clone(),
        fields: file.fields.clone(),
        tables: file.tables.clone(),
    };
    let named = source.clone();
    let place = |wrong: &dialect::Wrong| {
        let (line, column) = named.find(&wrong.path, &wrong.at);
        let path = wrong.path.join(".");
        let at: String = wrong.at.chars().take(120).collect();
        let at = if at.is_empty() { at } else { format!(" ({at})") };
        Problem {
            line: Some(line),
            column: Some(column),
            message: Text::new(
                format!("{path}: {}{at}", wrong.reason),
                format!("{path}：{}{at}", crate::mapping::words::chinese(&wrong.reason)),
            ),
            fix: Text::default(),
            path: Vec::new(),
        }
    };
    match dialect::compile(spec, source, secrets.clone(), callers.clone()) {
        Ok(dialect) => Some(Arc::new(dialect)),
        Err(wrongs) => {
            problems.extend(wrongs.iter().map(place));
            None
        }
    }
}

/// JSON Schema of the target file.
#[must_use]
pub fn target_schema() -> serde_json::Value {
    schemars::schema_for!(TargetFile).to_value()
}

/// Nesting that is read; deeper text costs YAML readers quadratic time.
const DEPTH_CAP: usize = 128;

/// A text that nests deeper than any target file needs to, by brackets or by indentation.
fn too_deep(text: &str) -> Option<Problem> {
    let mut depth = 0_usize;
    for (index, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        for byte in line.bytes() {
            match byte {
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEPTH_CAP || indent > 4 * DEPTH_CAP {
                let mut problem = Problem::new(
                    Text::new(
                        format!("not a target file: it nests deeper than {DEPTH_CAP} levels"),
                        format!("不是有效的目标文件：嵌套超过 {DEPTH_CAP} 层"),
                    ),
                    Text::default(),
                );
                (problem.line, problem.column) = (Some(index + 1), Some(1));
                return Some(problem);
            }
        }
    }
    None
}

fn yaml_problem(error: &serde_yaml::Error) -> Problem {
    let place = error.location();
    Problem {
        line: place.as_ref().map(serde_yaml::Location::line),
        column: place.as_ref().map(serde_yaml::Location::column),
        message: Text::new(format!("not a target file: {error}"), format!("不是有效的目标文件：{error}")),
        fix: Text::new(
            "compare with `ecric target new --from native`",
            "可与 `ecric target new --from native` 的输出对照",
        ),
        path: Vec::new(),
    }
}

fn check_words(file: &TargetFile, problems: &mut Vec<Problem>) {
    if file.ecric_target != 1 {
        problems.push(Problem::new(
            Text::new(
                format!("ecric_target is {}, this suite reads 1", file.ecric_target),
                format!("ecric_target 为 {}，本套件仅支持 1", file.ecric_target),
            ),
            Text::new("write `ecric_target: 1`", "请写作 `ecric_target: 1`"),
        ));
    }
    if file.roles.is_empty() {
        problems.push(Problem::new(
            Text::new("roles is empty", "roles 为空"),
            Text::new(
                "name at least one of issuer, sharing_service, verifier, loader",
                "至少填写 issuer、sharing_service、verifier、loader 之一",
            ),
        ));
    }
    for role in &file.roles {
        if !matches!(role, Role::Issuer | Role::SharingService | Role::Verifier | Role::Loader) {
            problems.push(Problem::new(
                Text::new(
                    format!("role {role:?} cannot be tested by this version"),
                    format!("本版本尚不能测试角色 {role:?}"),
                ),
                Text::new(
                    "use issuer, sharing_service, verifier, loader, all, second_node, no_test_mode",
                    "可用：issuer、sharing_service、verifier、loader、all、second_node、no_test_mode",
                ),
            ));
        }
    }
    let transport = &file.transport;
    for (name, value, low, high) in [
        ("transport.connect_ms", transport.connect_ms, 1, 600_000),
        ("transport.read_ms", transport.read_ms, 1, 600_000),
        ("transport.max_response_bytes", transport.max_response_bytes, 1_024, 1 << 30),
    ] {
        if !(low..=high).contains(&value) {
            problems.push(Problem::new(
                Text::new(
                    format!("{name} is {value}, wanted {low} to {high}"),
                    format!("{name} 为 {value}，应在 {low} 至 {high} 之间"),
                ),
                Text::default(),
            ));
        }
    }
}

/// A problem of `base`, with its place.
fn base_problem(message: Text, fix: Text) -> Problem {
    Problem::new(message, fix).under(&["base"])
}

fn check_bases(file: &TargetFile, problems: &mut Vec<Problem>) -> Bases {
    let placeholder = Base::One("http://127.0.0.1:0".to_owned());
    let base = match &file.base {
        Some(base) => base,
        None if file.rung == Rung::Adapter => &placeholder,
        None => {
            problems.push(base_problem(
                Text::new("base is missing", "缺少 base"),
                Text::new("for example base: \"http://127.0.0.1:8080\"", "例如 base: \"http://127.0.0.1:8080\""),
            ));
            return Bases::default();
        }
    };
    let given: BTreeMap<String, String> = match base {
        Base::One(url) => file.roles.iter().map(|role| (role_word(*role).to_owned(), url.clone())).collect(),
        Base::PerRole(map) => spread(map, &file.roles),
    };
    let mut bases = BTreeMap::new();
    for (role, url) in given {
        if !["issuer", "sharing_service", "verifier", "loader", "second_node", "no_test_mode"].contains(&role.as_str())
        {
            problems.push(base_problem(
                Text::new(format!("base.{role}: no such role"), format!("base.{role}：没有该角色")),
                Text::new(
                    "use issuer, sharing_service, verifier, loader",
                    "可用角色：issuer、sharing_service、verifier、loader",
                ),
            ));
            continue;
        }
        match secrets::expand_environment(&url) {
            Err(error) => problems.push(base_problem(
                Text::new(format!("base.{role}: {error}"), format!("base.{role}：{error}")),
                Text::new("set the variable and run again", "请设置该环境变量后重试"),
            )),
            Ok(url) => {
                check_url(&role, &url, file, problems);
                bases.insert(role, url.trim_end_matches('/').to_owned());
            }
        }
    }
    for role in &file.roles {
        let word = role_word(*role);
        let of_roles = bases.keys().filter(|key| !["second_node", "no_test_mode"].contains(&key.as_str())).count();
        if of_roles == 0 && problems.is_empty() {
            problems.push(base_problem(
                Text::new(format!("base has no URL for {word}"), format!("base 缺少 {word} 的地址")),
                Text::default(),
            ));
        }
    }
    Bases(bases)
}

/// `all` stands for every role that has no base of its own.
fn spread(map: &BTreeMap<String, String>, roles: &BTreeSet<Role>) -> BTreeMap<String, String> {
    let mut out = map.clone();
    if let Some(url) = out.remove("all") {
        for role in roles {
            out.entry(role_word(*role).to_owned()).or_insert_with(|| url.clone());
        }
    }
    out
}

fn check_url(role: &str, url: &str, file: &TargetFile, problems: &mut Vec<Problem>) {
    let Some(host) = host_of(url) else {
        problems.push(base_problem(
            Text::new(
                format!("base.{role}: {url:?} is not an http or https URL"),
                format!("base.{role}：{url:?} 不是 http 或 https 地址"),
            ),
            Text::new("for example http://127.0.0.1:8080", "例如 http://127.0.0.1:8080"),
        ));
        return;
    };
    if is_loopback(&host) {
        return;
    }
    if url.starts_with("http://") {
        problems.push(base_problem(
            Text::new(
                format!("base.{role}: plain HTTP is refused outside loopback"),
                format!("base.{role}：环回以外拒绝明文HTTP"),
            ),
            Text::new("use https", "请使用 https"),
        ));
    }
    if never_tested(&host) {
        problems.push(base_problem(
            Text::new(
                format!("base.{role}: {host} is no address of a product"),
                format!("base.{role}：{host} 不是产品地址"),
            ),
            Text::default(),
        ));
    }
    let dangers = file.limits.allow.iter().flatten().any(|word| word == "security" || word == "load");
    let letter = file.environment.authorisation_ref.as_deref().unwrap_or_default();
    if dangers && letter.trim().is_empty() && !problems.iter().any(|problem| problem.path == ["environment"]) {
        let text = Text::new(
            "environment.authorisation_ref is missing: security and load tests beyond loopback need the letter that allows them",
            "缺少 environment.authorisation_ref：环回以外的安全与负载测试需注明授权文件",
        );
        problems.push(Problem::new(text, Text::default()).under(&["environment"]));
    }
    if !file.environment.authorised_hosts.contains(&host) {
        problems.push(base_problem(
            Text::new(
                format!("base.{role}: the host {host} is not in environment.authorised_hosts"),
                format!("base.{role}：主机 {host} 不在 environment.authorised_hosts 中"),
            ),
            Text::new("add it once its owner has agreed to the test", "征得其所有者同意后加入"),
        ));
    }
}

const fn role_word(role: Role) -> &'static str {
    match role {
        Role::SharingService => "sharing_service",
        Role::Loader => "loader",
        Role::Verifier => "verifier",
        _ => "issuer",
    }
}

/// Host of an http or https URL, brackets of IPv6 removed.
pub(crate) fn host_of(url: &str) -> Option<String> {
    let parsed = reqwest::Url::parse(url).ok()?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return None;
    }
    parsed.host_str().map(|host| host.trim_matches(['[', ']']).to_owned())
}

/// Addresses that no product has: link-local (where clouds keep their secrets), multicast, unspecified.
fn never_tested(host: &str) -> bool {
    match host.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(address)) => {
            address.is_link_local() || address.is_multicast() || address.is_unspecified() || address.is_broadcast()
        }
        Ok(std::net::IpAddr::V6(address)) => {
            address.is_unicast_link_local() || address.is_multicast() || address.is_unspecified()
        }
        Err(_) => false,
    }
}

pub(crate) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::native_template;

    fn problems_of(text: &str) -> String {
        match parse_target(text, Path::new(".")) {
            Ok(_) => String::new(),
            Err(problems) => problems.iter().map(|p| p.render(Lang::En)).collect::<Vec<_>>().join("\n"),
        }
    }

    #[test]
    fn the_native_template_loads() {
        let text = native_template("acme", "http://127.0.0.1:8080");
        let loaded = parse_target(&text, Path::new(".")).unwrap();
        assert!(loaded.loopback);
        assert!(loaded.allows("destructive") && loaded.allows("security") && !loaded.allows("load"));
        assert!(loaded.settings.main.is_some() && loaded.settings.other.is_some());
    }

    #[test]
    fn wrong_files_say_what_is_wrong() {
        let good = native_template("acme", "http://127.0.0.1:8080");
        for (from, to, want) in [
            ("ecric_target: 1", "ecric_target: 2", "this suite reads 1"),
            ("rung: native", "rung: mapped", "operations is empty"),
            ("rung: native", "rung: adapter", "adapter is missing"),
            ("rung: native", "rung: magic", "not a target file"),
            ("name: \"acme\"", "nane: \"acme\"", "unknown field `nane`"),
            ("http://127.0.0.1:8080", "ftp://127.0.0.1", "not an http or https URL"),
            ("http://127.0.0.1:8080", "http://acme.test", "plain HTTP is refused"),
            ("http://127.0.0.1:8080", "https://acme.test", "authorised_hosts"),
            ("http://127.0.0.1:8080", "${env:ECRIC_TEST_SURELY_NOT_SET}", "is not set"),
            ("${public:reference.key}", "0011", "must be a reference"),
            ("${public:reference.key}", "${public:nobody.key}", "no published credential"),
            ("read_ms: 10000", "read_ms: 0", "transport.read_ms is 0"),
            ("[issuer, sharing_service, verifier, loader]", "[]", "roles is empty"),
            ("[issuer, sharing_service, verifier, loader]", "[relying_party]", "cannot be tested"),
            ("key: main_key", "key: nothing", "no secret is called"),
        ] {
            assert!(good.contains(from), "{from}");
            let told = problems_of(&good.replacen(from, to, 1));
            assert!(told.contains(want), "{to}: {told}");
        }
    }

    #[test]
    fn positions_are_told() {
        let told = problems_of("ecric_target: 1\nname: [");
        assert!(told.starts_with("2:") || told.starts_with("3:"), "{told}");
    }
}

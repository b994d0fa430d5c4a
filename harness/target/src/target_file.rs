//! The target description file: what the user writes about a product. Unknown keys are refused.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ecric_model::ics::{Capabilities, Ics};
use ecric_model::requirement::{Profile, Role};
use ecric_model::{Lang, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::Bases;
use crate::client::TargetSettings;
use crate::secrets::{self, Credential};

/// Largest target file read, bytes.
const SIZE_CAP: u64 = 16 * 1024 * 1024;

/// How a product is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// Speaks binding v1 itself.
    Native,
    /// Has its own HTTP interface, described by templates.
    Mapped,
    /// Has a process in front of it that speaks binding v1.
    Adapter,
}

impl Rung {
    /// The word in files and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Mapped => "mapped",
            Self::Adapter => "adapter",
        }
    }
}

/// Whose product it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Vendor {
    /// Organisation.
    pub org: String,
    /// Product.
    pub product: String,
    /// Product version.
    pub version: String,
    /// Whom to write to.
    pub contact: Option<String>,
    /// Number of the certified cryptographic module, if any.
    pub crypto_module: Option<String>,
}

/// Where the product runs and who allowed the test.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Environment {
    /// `sandbox`, `pretest`, `production` …
    pub kind: String,
    /// Hosts that may be tested; needed for anything but loopback.
    pub authorised_hosts: Vec<String>,
    /// The letter or ticket that allows it.
    pub authorisation_ref: Option<String>,
}

/// One base for everything, or one per role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Base {
    /// One URL for every role.
    One(String),
    /// URL by role: `issuer`, `sharing_service`, `verifier`.
    PerRole(BTreeMap<String, String>),
}

/// Limits of the transport.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TransportSettings {
    /// Time to connect, milliseconds.
    pub connect_ms: u64,
    /// Time from the first byte sent to the last byte received, milliseconds.
    pub read_ms: u64,
    /// Speak HTTP/2 with prior knowledge.
    pub http2: bool,
    /// Largest answer read, bytes.
    pub max_response_bytes: u64,
}

impl Default for TransportSettings {
    fn default() -> Self {
        Self { connect_ms: 3_000, read_ms: 10_000, http2: false, max_response_bytes: 4 * 1024 * 1024 }
    }
}

/// How requests are authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum AuthType {
    /// No authentication: sandboxes only.
    #[serde(rename = "none")]
    None,
    /// HMAC-SM3 over the string to sign.
    #[serde(rename = "hmac-sm3")]
    HmacSm3,
}

/// One caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthEntry {
    /// Kind.
    #[serde(rename = "type")]
    pub kind: AuthType,
    /// Name of the secret that holds the application id.
    #[serde(default)]
    pub app: Option<String>,
    /// Name of the secret that holds the key, hex.
    #[serde(default)]
    pub key: Option<String>,
}

/// The callers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Auths {
    /// The caller with every right, `test` included.
    pub main: AuthEntry,
    /// A second caller without the rights `original` and `test`.
    #[serde(default)]
    pub other: Option<AuthEntry>,
}

/// Clock of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClockSettings {
    /// Allowed difference between its clock and ours, seconds.
    pub max_skew_s: u32,
    /// Request window, seconds either side.
    pub window_s: u32,
}

impl Default for ClockSettings {
    fn default() -> Self {
        Self { max_skew_s: 5, window_s: 300 }
    }
}

/// How persons get into the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PersonaMode {
    /// By test control T3.
    #[default]
    Api,
}

/// Test persons.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Personas {
    /// How they are provisioned.
    pub mode: PersonaMode,
}

/// What the suite may do to the product.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Most calls at once; the flag `--jobs` cannot exceed it.
    pub concurrency: Option<u32>,
    /// `destructive`, `security`, `load`. On loopback the first two are allowed unless the list is given.
    pub allow: Option<BTreeSet<String>>,
}

/// A target description file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetFile {
    /// Version of the format: 1.
    pub ecric_target: u32,
    /// Short name.
    pub name: String,
    /// Whose product it is.
    #[serde(default)]
    pub vendor: Vendor,
    /// Roles under test.
    pub roles: BTreeSet<Role>,
    /// How it is reached.
    pub rung: Rung,
    /// Rule books that apply; default core, binding, loader as the roles need them.
    #[serde(default)]
    pub profiles: Option<Vec<Profile>>,
    /// Where it runs.
    #[serde(default)]
    pub environment: Environment,
    /// Base URLs without `/v1`.
    pub base: Base,
    /// Limits of the transport.
    #[serde(default)]
    pub transport: TransportSettings,
    /// Secrets by reference.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
    /// Callers.
    pub auth: Auths,
    /// Clock.
    #[serde(default)]
    pub clock: ClockSettings,
    /// The ICS.
    #[serde(default)]
    pub capabilities: Capabilities,
    /// Test persons.
    #[serde(default)]
    pub personas: Personas,
    /// Permissions.
    #[serde(default)]
    pub limits: Limits,
}

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
}

impl Problem {
    fn new(message: Text, fix: Text) -> Self {
        Self { line: None, column: None, message, fix }
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
    /// SM3 of the file, hex.
    pub sm3: String,
}

impl LoadedTarget {
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
    let folder = path.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    parse_target(&text, &folder)
}

/// Checks the text of a target file; `folder` is where `${file:…}` starts from.
///
/// # Errors
/// Every problem found.
pub fn parse_target(text: &str, folder: &Path) -> Result<LoadedTarget, Vec<Problem>> {
    let file: TargetFile = serde_yaml::from_str(text).map_err(|error| vec![yaml_problem(&error)])?;
    let mut problems = Vec::new();
    check_words(&file, &mut problems);
    let bases = check_bases(&file, &mut problems);
    let main = check_auth("main", &file.auth.main, &file, folder, &mut problems);
    let other = file.auth.other.as_ref().and_then(|entry| check_auth("other", entry, &file, folder, &mut problems));
    if !problems.is_empty() {
        return Err(problems);
    }
    let loopback = bases.distinct().iter().all(|base| host_of(base).is_some_and(|host| is_loopback(&host)));
    let ics = Ics { roles: file.roles.clone(), capabilities: file.capabilities.clone() };
    let settings = TargetSettings { bases, transport: file.transport.clone(), main, other, clock: file.clock.clone() };
    Ok(LoadedTarget { ics, settings, loopback, sm3: ecric_gm::sm3::digest_hex(text.as_bytes()), file })
}

/// JSON Schema of the target file.
#[must_use]
pub fn target_schema() -> serde_json::Value {
    schemars::schema_for!(TargetFile).to_value()
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
    if file.rung != Rung::Native {
        problems.push(Problem::new(
            Text::new(
                format!("rung {} is not supported by this version", file.rung.name()),
                format!("本版本尚不支持 rung {}", file.rung.name()),
            ),
            Text::new(
                "put a process that speaks binding v1 in front of the product and use `rung: native`",
                "可在产品前置一个支持绑定v1的进程并使用 `rung: native`",
            ),
        ));
    }
    if file.roles.is_empty() {
        problems.push(Problem::new(
            Text::new("roles is empty", "roles 为空"),
            Text::new(
                "name at least one of issuer, sharing_service, verifier",
                "至少填写 issuer、sharing_service、verifier 之一",
            ),
        ));
    }
    for role in &file.roles {
        if !matches!(role, Role::Issuer | Role::SharingService | Role::Verifier) {
            problems.push(Problem::new(
                Text::new(
                    format!("role {role:?} cannot be tested by this version"),
                    format!("本版本尚不能测试角色 {role:?}"),
                ),
                Text::new("use issuer, sharing_service, verifier", "可用角色：issuer、sharing_service、verifier"),
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

fn check_bases(file: &TargetFile, problems: &mut Vec<Problem>) -> Bases {
    let given: BTreeMap<String, String> = match &file.base {
        Base::One(url) => file.roles.iter().map(|role| (role_word(*role).to_owned(), url.clone())).collect(),
        Base::PerRole(map) => map.clone(),
    };
    let mut bases = BTreeMap::new();
    for (role, url) in given {
        if !["issuer", "sharing_service", "verifier"].contains(&role.as_str()) {
            problems.push(Problem::new(
                Text::new(format!("base.{role}: no such role"), format!("base.{role}：没有该角色")),
                Text::new("use issuer, sharing_service, verifier", "可用角色：issuer、sharing_service、verifier"),
            ));
            continue;
        }
        match secrets::expand_environment(&url) {
            Err(error) => problems.push(Problem::new(
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
        if bases.is_empty() && problems.is_empty() {
            problems.push(Problem::new(
                Text::new(format!("base has no URL for {word}"), format!("base 缺少 {word} 的地址")),
                Text::default(),
            ));
        }
    }
    Bases(bases)
}

fn check_url(role: &str, url: &str, file: &TargetFile, problems: &mut Vec<Problem>) {
    let Some(host) = host_of(url) else {
        problems.push(Problem::new(
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
        problems.push(Problem::new(
            Text::new(
                format!("base.{role}: plain HTTP is refused outside loopback"),
                format!("base.{role}：环回以外拒绝明文HTTP"),
            ),
            Text::new("use https", "请使用 https"),
        ));
    }
    if !file.environment.authorised_hosts.contains(&host) {
        problems.push(Problem::new(
            Text::new(
                format!("base.{role}: the host {host} is not in environment.authorised_hosts"),
                format!("base.{role}：主机 {host} 不在 environment.authorised_hosts 中"),
            ),
            Text::new("add it once its owner has agreed to the test", "征得其所有者同意后加入"),
        ));
    }
}

fn check_auth(
    name: &str,
    entry: &AuthEntry,
    file: &TargetFile,
    folder: &Path,
    problems: &mut Vec<Problem>,
) -> Option<Credential> {
    if entry.kind == AuthType::None {
        return None;
    }
    let mut lookup = |member: &str, secret: &Option<String>| -> Option<(String, String)> {
        let Some(secret) = secret else {
            problems.push(Problem::new(
                Text::new(format!("auth.{name}.{member} is missing"), format!("缺少 auth.{name}.{member}")),
                Text::new("name an entry of secrets", "填写 secrets 中的条目名"),
            ));
            return None;
        };
        let Some(reference) = file.secrets.get(secret) else {
            problems.push(Problem::new(
                Text::new(
                    format!("auth.{name}.{member}: no secret is called {secret:?}"),
                    format!("auth.{name}.{member}：没有名为 {secret:?} 的 secret"),
                ),
                Text::new(
                    format!("add `{secret}: \"${{env:…}}\"` to secrets"),
                    format!("在 secrets 中加入 `{secret}: \"${{env:…}}\"`"),
                ),
            ));
            return None;
        };
        match secrets::resolve(secret, reference, folder) {
            Ok(value) => Some((value, reference.clone())),
            Err(error) => {
                problems.push(Problem::new(
                    Text::new(format!("secrets.{secret}: {error}"), format!("secrets.{secret}：{error}")),
                    Text::default(),
                ));
                None
            }
        }
    };
    let app = lookup("app", &entry.app);
    let key = lookup("key", &entry.key);
    let ((app, _), (key, reference)) = (app?, key?);
    match secrets::credential(app, &key, name, &reference) {
        Ok(credential) => Some(credential),
        Err(error) => {
            problems.push(Problem::new(
                Text::new(format!("auth.{name}: {error}"), format!("auth.{name}：{error}")),
                Text::default(),
            ));
            None
        }
    }
}

const fn role_word(role: Role) -> &'static str {
    match role {
        Role::SharingService => "sharing_service",
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

fn is_loopback(host: &str) -> bool {
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
            ("rung: native", "rung: mapped", "not supported by this version"),
            ("rung: native", "rung: magic", "not a target file"),
            ("name: \"acme\"", "nane: \"acme\"", "unknown field `nane`"),
            ("http://127.0.0.1:8080", "ftp://127.0.0.1", "not an http or https URL"),
            ("http://127.0.0.1:8080", "http://acme.test", "plain HTTP is refused"),
            ("http://127.0.0.1:8080", "https://acme.test", "authorised_hosts"),
            ("http://127.0.0.1:8080", "${env:ECRIC_TEST_SURELY_NOT_SET}", "is not set"),
            ("${public:reference.key}", "0011", "must be a reference"),
            ("${public:reference.key}", "${public:nobody.key}", "no published credential"),
            ("read_ms: 10000", "read_ms: 0", "transport.read_ms is 0"),
            ("[issuer, sharing_service, verifier]", "[]", "roles is empty"),
            ("[issuer, sharing_service, verifier]", "[loader]", "cannot be tested"),
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

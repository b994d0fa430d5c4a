//! What a target file says about hooks: programs, calls, persons. Shape and checks; nothing runs here.

use std::collections::BTreeMap;

use ecric_model::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::target_check::{Problem, host_of, is_loopback};

/// Something that does what the interface of the product cannot: exactly one of `exec`, `http`, `human`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Hook {
    /// Program and arguments; a path is relative to the folder of the target file.
    pub exec: Vec<String>,
    /// One HTTP call.
    pub http: Option<HttpHook>,
    /// A person at the terminal.
    pub human: Option<HumanHook>,
    /// Most time, seconds; default 60, for a person 600.
    pub timeout_s: Option<u64>,
    /// What comes back: `json` (default), or `text`, which is given on as `{"text": …}`.
    pub produces: Produces,
}

/// What comes back from a hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Produces {
    /// JSON, or nothing.
    #[default]
    Json,
    /// Text.
    Text,
}

/// One call: the canonical request as JSON, the canonical answer as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HttpHook {
    /// HTTP method; default POST. GET and DELETE send no body.
    pub method: Option<String>,
    /// Address on loopback, or https on a host of `environment.authorised_hosts`; `${env:NAME}` is put in.
    pub url: String,
    /// Headers; `${env:NAME}` is put in.
    pub headers: BTreeMap<String, String>,
}

/// A question to a person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HumanHook {
    /// What to do, English.
    pub en: String,
    /// The same in Chinese; each stands for the other where it is missing.
    pub zh: String,
    /// What the person gives back.
    pub wants: Wants,
}

/// What a person gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wants {
    /// Word that it is done.
    #[default]
    Done,
    /// A line of text, given on as `{"text": …}`.
    Text,
    /// JSON, pasted.
    Json,
    /// The path of a file, such as a photo, given on as `{"b64": …, "size": …, "sm3": …}`.
    File,
}

impl HumanHook {
    /// The instruction in both languages.
    pub(crate) fn text(&self) -> Text {
        let or = |own: &str, other: &str| if own.is_empty() { other.to_owned() } else { own.to_owned() };
        Text::new(or(&self.en, &self.zh), or(&self.zh, &self.en))
    }
}

/// True if a hook may call an address: loopback, or https on a listed host.
pub(crate) fn may_call(url: &str, hosts: &[String]) -> bool {
    host_of(url).is_some_and(|host| is_loopback(&host) || (url.starts_with("https://") && hosts.contains(&host)))
}

/// Notes what is wrong with a hook.
pub(crate) fn check(name: &str, hook: &Hook, hosts: &[String], problems: &mut Vec<Problem>) {
    let mut note = |en: &str, zh: &str| {
        let text = Text::new(format!("hooks.{name}: {en}"), format!("hooks.{name}：{zh}"));
        problems.push(Problem::new(text, Text::default()).under(&["hooks", name]));
    };
    let kinds = [!hook.exec.is_empty(), hook.http.is_some(), hook.human.is_some()];
    if kinds.into_iter().filter(|kind| *kind).count() != 1 {
        note("wanted exactly one of exec, http, human", "exec、http、human 应恰有一项");
    }
    if hook.timeout_s.is_some_and(|seconds| !(1..=3_600).contains(&seconds)) {
        note("timeout_s: wanted 1 to 3600", "timeout_s 应在 1 至 3600 之间");
    }
    if let Some(http) = &hook.http {
        if !http.url.contains("${env:") && !may_call(&http.url, hosts) {
            note(
                "http.url: wanted loopback, or https on a host of environment.authorised_hosts",
                "http.url：应为环回地址，或 environment.authorised_hosts 中主机的 https 地址",
            );
        }
        let method = http.method.as_deref().unwrap_or("POST");
        if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) {
            note("http.method: wanted a word such as POST", "http.method 应为 POST 等方法名");
        }
        for (header, value) in &http.headers {
            let right = reqwest::header::HeaderName::from_bytes(header.as_bytes()).is_ok()
                && reqwest::header::HeaderValue::from_str(value).is_ok();
            if !right {
                note(&format!("http.headers.{header}: no header"), &format!("http.headers.{header}：不是合法首部"));
            }
        }
    }
    if hook.human.as_ref().is_some_and(|human| human.en.trim().is_empty() && human.zh.trim().is_empty()) {
        note("human.en says what to do", "human.zh 应说明操作");
    }
}

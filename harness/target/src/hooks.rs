//! Hooks: a program, an HTTP call or a person does what a product's interface cannot. They run only with the
//! permission of the run. The canonical request goes in, the canonical answer comes out.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use ecric_gm::encoding::b64;
use ecric_model::Text;
use ecric_model::exchange::TransportOutcome;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::client::Target;
use crate::hook_spec::{Hook, HttpHook, HumanHook, Produces, Wants, may_call};
use crate::secrets::expand_environment;
use crate::target_file::TransportSettings;
use crate::transport;

/// Most that a hook may give back, bytes.
const OUTPUT_CAP: usize = 16 * 1024 * 1024;
/// Time for a program or a call, seconds.
const DEFAULT_S: u64 = 60;
/// Time for a person, seconds.
const HUMAN_S: u64 = 600;

/// What a person is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// Name of the hook.
    pub hook: String,
    /// What to do.
    pub instruction: Text,
    /// The canonical request, as JSON on several lines.
    pub request: String,
    /// What is wanted back.
    pub wants: Wants,
}

/// Asks the person at the terminal; the answer as typed.
pub type AskFn = dyn Fn(&Question) -> Result<String, Text> + Send + Sync;

/// Who can be asked.
#[derive(Clone)]
pub struct Person(pub Arc<AskFn>);

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person")
    }
}

fn told(name: &str, en: &dyn std::fmt::Display, zh: &dyn std::fmt::Display) -> Text {
    Text::new(format!("the hook {name:?} {en}"), format!("hook {name:?} {zh}"))
}

fn same(name: &str, reason: &dyn std::fmt::Display) -> Text {
    Text::new(format!("the hook {name:?}: {reason}"), format!("hook {name:?}：{reason}"))
}

impl Target {
    /// Runs a hook: the canonical request in, the canonical answer out.
    ///
    /// # Errors
    /// What went wrong, in words: no permission, no such program, its exit code, an HTTP status, nobody at the
    /// terminal, no JSON, too slow.
    pub async fn run_hook(&self, name: &str, input: &Value) -> Result<Value, Text> {
        if self.tape().is_some() {
            return Err(told(name, &"never runs over a record", &"对记录重新评判时不会运行"));
        }
        let hook = self.settings().hooks.get(name).ok_or_else(|| {
            told(name, &"may not run; --allow-hooks permits it", &"未获准运行；可用 --allow-hooks 允许")
        })?;
        let default = if hook.human.is_some() { HUMAN_S } else { DEFAULT_S };
        let limit = Duration::from_secs(hook.timeout_s.unwrap_or(default));
        if let Some(human) = &hook.human {
            return self.ask_person(name, human, input, limit).await;
        }
        let output = match &hook.http {
            Some(http) => self.call_for_hook(name, http, input, limit).await?,
            None => self.run_program(name, hook, input, limit).await?,
        };
        if output.len() > OUTPUT_CAP {
            return Err(told(
                name,
                &format!("gave more than {OUTPUT_CAP} bytes"),
                &format!("输出超过 {OUTPUT_CAP} 字节"),
            ));
        }
        read(name, hook.produces, &output)
    }

    /// True if a person does the work of a hook.
    pub(crate) fn is_human(&self, name: &str) -> bool {
        self.settings().hooks.get(name).is_some_and(|hook| hook.human.is_some())
    }

    async fn run_program(&self, name: &str, hook: &Hook, input: &Value, limit: Duration) -> Result<Vec<u8>, Text> {
        let Some((program, arguments)) = hook.exec.split_first() else {
            return Err(told(name, &"names no program", &"未指定程序"));
        };
        let mut child = tokio::process::Command::new(program)
            .args(arguments)
            .current_dir(&self.settings().folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| told(name, &format!("cannot be started: {error}"), &format!("无法启动：{error}")))?;
        let text = input.to_string();
        let stdin = child.stdin.take();
        let write = async move {
            if let Some(mut stdin) = stdin {
                // A hook that does not read its input has said what it wants to know.
                let _ = stdin.write_all(text.as_bytes()).await;
            }
        };
        let work = async {
            let ((), output) = tokio::join!(write, child.wait_with_output());
            output
        };
        let output = tokio::time::timeout(limit, work)
            .await
            .map_err(|_| too_slow(name, limit))?
            .map_err(|error| same(name, &error))?;
        if !output.status.success() {
            return Err(told(name, &format!("ended with {}", output.status), &format!("以 {} 结束", output.status)));
        }
        Ok(output.stdout)
    }

    async fn call_for_hook(
        &self,
        name: &str,
        http: &HttpHook,
        input: &Value,
        limit: Duration,
    ) -> Result<Vec<u8>, Text> {
        let url = expand_environment(&http.url).map_err(|error| same(name, &error))?;
        if !may_call(&url, &self.settings().authorised) {
            return Err(told(
                name,
                &"may not call its address: neither loopback nor https on an authorised host",
                &"不得访问其地址：既非环回，也非已授权主机的 https 地址",
            ));
        }
        let request = request_of(http, &url, input).map_err(|reason| same(name, &reason))?;
        let settings = TransportSettings {
            read_ms: u64::try_from(limit.as_millis()).unwrap_or(u64::MAX),
            max_response_bytes: OUTPUT_CAP as u64,
            ..self.settings().transport.clone()
        };
        let received = transport::send(self.http(), request, &settings, limit).await;
        match (received.outcome, received.status) {
            (TransportOutcome::Answer, 200..300) => Ok(received.body.to_vec()),
            (TransportOutcome::Answer, status) => {
                Err(told(name, &format!("was answered HTTP {status}"), &format!("得到应答 HTTP {status}")))
            }
            _ => Err(same(name, &received.error.unwrap_or_default())),
        }
    }

    async fn ask_person(&self, name: &str, human: &HumanHook, input: &Value, limit: Duration) -> Result<Value, Text> {
        let Some(person) = self.settings().person.clone() else {
            return Err(told(
                name,
                &"needs a person at a terminal, and there is none",
                &"需要有人在终端操作，而当前没有终端",
            ));
        };
        let question = Question {
            hook: name.to_owned(),
            instruction: human.text(),
            request: format!("{input:#}"),
            wants: human.wants,
        };
        // A thread of its own: a person who never answers must not hold up the end of the run.
        let (send, receive) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let _ = send.send((person.0)(&question));
        });
        let typed = tokio::time::timeout(limit, receive)
            .await
            .map_err(|_| too_slow(name, limit))?
            .map_err(|_| told(name, &"got no answer", &"未得到答复"))??;
        match human.wants {
            Wants::Done => Ok(json!({})),
            Wants::Text => Ok(json!({"text": typed.trim_end_matches(['\r', '\n'])})),
            Wants::Json => read(name, Produces::Json, typed.as_bytes()),
            Wants::File => {
                let path = self.settings().folder.join(typed.trim());
                let size = std::fs::metadata(&path).map_err(|error| same(name, &error))?.len();
                if size > OUTPUT_CAP as u64 {
                    return Err(told(
                        name,
                        &format!("named a file of {size} bytes"),
                        &format!("所给文件为 {size} 字节"),
                    ));
                }
                let bytes = std::fs::read(&path).map_err(|error| same(name, &error))?;
                Ok(json!({"b64": b64(&bytes), "size": bytes.len(), "sm3": ecric_gm::sm3::digest_hex(&bytes)}))
            }
        }
    }
}

fn too_slow(name: &str, limit: Duration) -> Text {
    let seconds = limit.as_secs();
    told(name, &format!("took longer than {seconds} s"), &format!("超过 {seconds} 秒"))
}

fn request_of(http: &HttpHook, url: &str, input: &Value) -> Result<reqwest::Request, String> {
    let method = http.method.as_deref().unwrap_or("POST");
    let parsed = reqwest::Url::parse(url).map_err(|error| error.to_string())?;
    let verb = reqwest::Method::from_bytes(method.as_bytes()).map_err(|error| error.to_string())?;
    let mut request = reqwest::Request::new(verb, parsed);
    for (header, value) in &http.headers {
        let value = expand_environment(value).map_err(|error| error.to_string())?;
        let header = reqwest::header::HeaderName::from_bytes(header.as_bytes()).map_err(|error| error.to_string())?;
        let value = reqwest::header::HeaderValue::from_str(&value).map_err(|error| error.to_string())?;
        request.headers_mut().insert(header, value);
    }
    if !matches!(method, "GET" | "DELETE") {
        let json = reqwest::header::HeaderValue::from_static("application/json");
        request.headers_mut().entry(reqwest::header::CONTENT_TYPE).or_insert(json);
        *request.body_mut() = Some(input.to_string().into());
    }
    Ok(request)
}

fn read(name: &str, produces: Produces, output: &[u8]) -> Result<Value, Text> {
    if produces == Produces::Text {
        return Ok(json!({"text": String::from_utf8_lossy(output)}));
    }
    if output.iter().all(u8::is_ascii_whitespace) {
        return Ok(json!({}));
    }
    serde_json::from_slice(output)
        .map_err(|error| told(name, &format!("gave no JSON: {error}"), &format!("输出不是 JSON：{error}")))
}

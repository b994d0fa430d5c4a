//! Who does what a holder does: the interface itself, a program of the user, or a person at a terminal.
//!
//! A program reads one JSON line per operation, `{"id": 1, "operation": "loader.load", "in": {…}}`, and
//! writes one back, `{"id": 1, "status": 201, "body": {…}}`; it plays the device. A person is asked step by
//! step; what they say is evidence for a review. Redeeming stays with the interface.

use std::fmt;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use ecric_model::Text;
use ecric_model::binding::Operation;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout};

/// Longest line that a program may write, bytes.
const LINE_MAX: usize = 1024 * 1024;
/// Time for one operation where the file says nothing, seconds.
const DEFAULT_TIMEOUT_S: u64 = 120;

/// Who does what a holder does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Driver {
    /// The interface: the suite plays the device.
    #[default]
    Api,
    /// A program that plays the device.
    Process,
    /// A person who is asked at the terminal.
    Human,
}

impl Driver {
    /// The word in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Process => "process",
            Self::Human => "human",
        }
    }
}

/// The program that plays the device.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DriverProcess {
    /// Program and arguments; a path is relative to the folder of the target file.
    pub exec: Vec<String>,
    /// Most time for one operation, seconds; default 120.
    pub timeout_s: Option<u64>,
}

/// How a loading end is driven.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LoaderSettings {
    /// Who does what a holder does.
    pub driver: Driver,
    /// The program, for `process`.
    pub process: Option<DriverProcess>,
}

/// A question to the person at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HumanQuestion {
    /// Case it belongs to.
    pub case: String,
    /// What to do, or what was seen.
    pub text: Text,
    /// A text that the app has to scan, if there is one.
    pub scan: Option<String>,
    /// What may be typed, in words.
    pub wanted: Text,
    /// Answers that are taken; empty for any text.
    pub choices: Vec<&'static str>,
}

impl HumanQuestion {
    /// A question that is answered `y` or `n`.
    #[must_use]
    pub fn yes_or_no(text: Text) -> Self {
        Self {
            case: String::new(),
            text,
            scan: None,
            wanted: Text::new("y for yes, n for no", "是请输入 y，否请输入 n"),
            choices: vec!["y", "n"],
        }
    }
}

/// Puts a question to a person and waits; `None` if nobody is there. Blocks.
pub type Ask = dyn Fn(&HumanQuestion) -> Option<String> + Send + Sync;

/// The person at the terminal, given by whoever owns it.
#[derive(Clone)]
pub struct HumanPort(Arc<Ask>);

impl HumanPort {
    /// Wraps the function that asks.
    #[must_use]
    pub fn new(ask: Arc<Ask>) -> Self {
        Self(ask)
    }

    /// Asks, away from the threads that answer others.
    pub(crate) async fn ask(&self, question: HumanQuestion) -> Option<String> {
        let ask = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || ask(&question)).await.ok().flatten()
    }
}

impl fmt::Debug for HumanPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HumanPort")
    }
}

/// What a driver answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DriverAnswer {
    /// As HTTP would say it.
    pub(crate) status: u16,
    /// Members of binding v1.
    pub(crate) body: Value,
}

/// A running program.
#[derive(Debug)]
pub(crate) struct Running {
    _child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: u64,
}

impl Running {
    /// Starts the program.
    pub(crate) fn start(process: &DriverProcess, folder: &Path) -> Result<Self, String> {
        let (program, arguments) =
            process.exec.split_first().ok_or_else(|| "loader.process.exec names no program".to_owned())?;
        let mut child = tokio::process::Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("cannot start the driver {program:?}: {error}"))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(format!("the driver {program:?} has no pipes"));
        };
        Ok(Self { _child: child, input, output: BufReader::new(output), next: 0 })
    }

    /// One operation: a line out, a line back.
    pub(crate) async fn perform(
        &mut self,
        process: &DriverProcess,
        operation: Operation,
        id: Option<&str>,
        input: &Value,
    ) -> Result<DriverAnswer, String> {
        self.next += 1;
        let number = self.next;
        let line = json!({"id": number, "operation": operation.name(), "path": id, "in": input}).to_string() + "\n";
        let limit = Duration::from_secs(process.timeout_s.unwrap_or(DEFAULT_TIMEOUT_S));
        let work = async {
            let sent = match self.input.write_all(line.as_bytes()).await {
                Ok(()) => self.input.flush().await,
                failed => failed,
            };
            match sent {
                // A program that is gone may have said something before.
                Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.to_string()),
                _ => self.read_line().await,
            }
        };
        let text = tokio::time::timeout(limit, work)
            .await
            .map_err(|_| format!("the driver did not answer {} within {} s", operation.name(), limit.as_secs()))?
            .map_err(|error| format!("the driver failed at {}: {error}", operation.name()))?;
        read_answer(&text, number).map_err(|error| format!("the driver answered {}: {error}", operation.name()))
    }

    async fn read_line(&mut self) -> Result<String, String> {
        let mut line = Vec::new();
        loop {
            let buffer = self.output.fill_buf().await.map_err(|error| error.to_string())?;
            if buffer.is_empty() {
                return Err("it ended".to_owned());
            }
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(buffer.len(), |at| at + 1);
            line.extend_from_slice(&buffer[..taken]);
            self.output.consume(taken);
            if line.len() > LINE_MAX {
                return Err(format!("a line of more than {LINE_MAX} bytes"));
            }
            if end.is_some() {
                return String::from_utf8(line).map_err(|error| error.to_string());
            }
        }
    }
}

/// Reads a line of a program.
fn read_answer(text: &str, number: u64) -> Result<DriverAnswer, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("no JSON line: {error}"))?;
    if value["id"].as_u64() != Some(number) {
        return Err(format!("id {}, wanted {number}", value["id"]));
    }
    let status = value["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    let status = status
        .filter(|status| (100..600).contains(status))
        .ok_or_else(|| format!("status {}, wanted a number as HTTP has it", value["status"]))?;
    Ok(DriverAnswer { status, body: value["body"].clone() })
}

/// What a person is asked to do for an operation; `None` for what a person cannot be asked.
pub(crate) fn question_for(operation: Operation, input: &Value) -> Option<HumanQuestion> {
    let text = |name: &str| input[name].as_str().unwrap_or_default();
    let done = |en: String, zh: String| HumanQuestion {
        case: String::new(),
        text: Text::new(en, zh),
        scan: None,
        wanted: Text::new("d when it is done, r if the app refused", "完成请输入 d，应用拒绝请输入 r"),
        choices: vec!["d", "r"],
    };
    match operation {
        Operation::Load => Some(done(
            format!(
                "Load the licence {} of {} in the app, as its holder.",
                text("certificateIdentifier"),
                text("holderHint")
            ),
            format!("请以持证人身份在应用中装载 {} 的证照 {}。", text("holderHint"), text("certificateIdentifier")),
        )),
        Operation::Unload if input["offline"] == true => Some(done(
            "Switch the device to aeroplane mode, remove the licence from the app, and switch aeroplane mode off."
                .to_owned(),
            "请将设备切换至飞行模式，在应用中卸载该证照，再关闭飞行模式。".to_owned(),
        )),
        Operation::Unload => {
            Some(done("Remove the licence from the app.".to_owned(), "请在应用中卸载该证照。".to_owned()))
        }
        Operation::Present => Some(present_question(input)),
        _ => None,
    }
}

fn present_question(input: &Value) -> HumanQuestion {
    let request = &input["request"];
    let list = |value: &Value| {
        let names = value.as_array().into_iter().flatten().filter_map(Value::as_str);
        names.collect::<Vec<_>>().join(", ")
    };
    let (who, asked) = (request["audienceName"].as_str().unwrap_or_default(), list(&request["attributes"]));
    let approved = list(&input["approvedAttributes"]);
    let deny = input["decision"] == "DENY";
    let (en, zh) = if input["mode"] == "OFFLINE" {
        (
            format!(
                "Switch the device to aeroplane mode. {who} asks for: {asked}. Approve only: {approved}, and leave aeroplane mode on."
            ),
            format!("请将设备切换至飞行模式。{who} 请求：{asked}。请仅同意：{approved}，并保持飞行模式。"),
        )
    } else if deny {
        (
            format!("{who} asks for: {asked}. Deny the request in the app."),
            format!("{who} 请求：{asked}。请在应用中拒绝该请求。"),
        )
    } else {
        (
            format!("{who} asks for: {asked}. Approve only: {approved}."),
            format!("{who} 请求：{asked}。请仅同意：{approved}。"),
        )
    };
    HumanQuestion {
        case: String::new(),
        text: Text::new(en, zh),
        scan: input["requestCode"].as_str().map(str::to_owned),
        wanted: Text::new(
            "the text of the code, or the path of a picture of it; n if the app shows no code because it was denied, r if the app refused",
            "请输入出示码文本或其图片路径；因拒绝授权而未显示出示码请输入 n，应用拒绝出示请输入 r",
        ),
        choices: Vec::new(),
    }
}

/// What a person's answer means in binding v1; the error says what was wrong with it.
pub(crate) fn meaning(operation: Operation, said: &str, uuid: &str) -> Result<DriverAnswer, String> {
    let text = said.trim_end_matches(['\r', '\n']);
    let said = said.trim();
    let refused = || DriverAnswer {
        status: 409,
        body: json!({"code": "REFUSED", "message": "the app refused, said the person"}),
    };
    match (operation, said) {
        (_, "r") => Ok(refused()),
        (Operation::Load, "d") => {
            Ok(DriverAnswer { status: 201, body: json!({"loadedLicenceId": uuid, "attributesAvailable": []}) })
        }
        (Operation::Unload, "d") => Ok(DriverAnswer { status: 204, body: Value::Null }),
        (Operation::Present, "n") => Ok(DriverAnswer { status: 200, body: json!({"denied": true}) }),
        // A space at the end can belong to the code.
        (Operation::Present, _) => shown_code(text),
        _ => Err(format!("{said:?} is no answer to this question")),
    }
}

/// The code that a person pasted.
fn shown_code(text: &str) -> Result<DriverAnswer, String> {
    use ecric_gm::encoding::b64url;
    use ecric_licence::instant::write_instant;
    let code = ecric_licence::code::parse_code(text).map_err(|error| error.to_string())?;
    let at = |seconds: u64| {
        let seconds = i64::try_from(seconds).unwrap_or(0);
        time::OffsetDateTime::from_unix_timestamp(seconds).map(write_instant).unwrap_or_default()
    };
    let body = json!({"code": text, "codeId": b64url(&code.payload.code_id), "issuedAt": at(code.payload.issued_at),
        "expiresAt": at(code.payload.expires_at), "grantedAttributes": code.payload.scope.names()});
    Ok(DriverAnswer { status: 201, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_program() {
        let good = read_answer(r#"{"id": 3, "status": 201, "body": {"a": 1}}"#, 3).unwrap();
        assert_eq!((good.status, good.body), (201, json!({"a": 1})));
        for (text, word) in [
            ("", "no JSON"),
            ("{}", "id null"),
            (r#"{"id": 4, "status": 201}"#, "wanted 3"),
            (r#"{"id": 3}"#, "status null"),
            (r#"{"id": 3, "status": 7}"#, "status 7"),
        ] {
            assert!(read_answer(text, 3).unwrap_err().contains(word), "{text}");
        }
    }

    #[test]
    fn words_of_a_person() {
        let mean = |operation, said: &str| meaning(operation, said, "u").map(|answer| answer.status);
        assert_eq!(mean(Operation::Load, " d "), Ok(201));
        assert_eq!(mean(Operation::Load, "r"), Ok(409));
        assert_eq!(mean(Operation::Unload, "d"), Ok(204));
        assert_eq!(mean(Operation::Present, "n"), Ok(200));
        assert!(mean(Operation::Present, "ECR0:X").is_err());
        assert!(mean(Operation::Load, "yes").is_err());
        assert!(question_for(Operation::Uses, &Value::Null).is_none());
        let input = json!({"decision": "APPROVE", "approvedAttributes": ["name"],
            "request": {"audienceName": "测试酒店", "attributes": ["name", "sex"]}});
        let question = question_for(Operation::Present, &input).unwrap();
        assert!(question.text.en.contains("Approve only: name.") && question.text.zh.contains("请仅同意：name"));
        let offline = json!({"mode": "OFFLINE", "approvedAttributes": ["name"], "request": {}});
        assert!(question_for(Operation::Present, &offline).unwrap().text.en.contains("aeroplane"));
        assert!(question_for(Operation::Unload, &json!({"offline": true})).unwrap().text.zh.contains("飞行模式"));
        assert!(!question_for(Operation::Unload, &json!({})).unwrap().text.zh.contains("飞行模式"));
    }
}

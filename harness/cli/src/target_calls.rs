//! `ecric target dry-run`, `probe`, `call`, `selftest`: a mapping tried out before a run.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ecric_licence::instant::parse_instant;
use ecric_model::binding::Operation;
use ecric_model::{Lang, Text};
use ecric_runner::harmless_call;
use ecric_target::{Answer, Body, Call, CaseConnection, Clock, Entropy, LoadedTarget, Rung, Target, TargetError};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::args::{TargetOpArgs, TargetProbeArgs};
use crate::exit;
use crate::plan_command::{complain, load};
use crate::seed::{self, Seed};

/// Most time for one operation.
const LIMIT: Duration = Duration::from_secs(60);
/// Largest request file read, bytes.
const INPUT_CAP: u64 = 16 * 1024 * 1024;

/// A target that is reached, and what must live as long as it is.
struct Reached {
    connection: CaseConnection,
    runtime: tokio::runtime::Runtime,
    seed: Seed,
    file: LoadedTarget,
    _adapter: Option<ecric_target::Adapter>,
}

impl Reached {
    /// The request of the user, signed at the time that it names.
    fn request(&self, arguments: &TargetOpArgs) -> Result<Call, Text> {
        let (call, now) = request(arguments, &self.seed)?;
        if let Some(now) = now {
            self.connection.target().set_target_now(now);
        }
        Ok(call)
    }
}

fn reach(path: &Path, lang: Lang, allow_hooks: bool, keep_raw: bool, start: bool) -> Result<Reached, Text> {
    let mut file = load(path)?;
    if allow_hooks {
        file.allow_hooks(crate::person::at_the_terminal(lang));
    }
    let adapter = if start { file.start_adapter()? } else { None };
    let clock: Clock = Arc::new(OffsetDateTime::now_utc);
    let seed = seed::draw();
    let now = i64::try_from(OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    let target = Target::new(file.settings.clone(), clock, Entropy::new(seed.bytes, now), keep_raw)
        .map_err(|error| Text::same(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Text::same(error.to_string()))?;
    let connection = CaseConnection::open(Arc::new(target), "target", LIMIT);
    Ok(Reached { connection, runtime, seed, file, _adapter: adapter })
}

fn operation(name: &str) -> Result<Operation, Text> {
    Operation::parse(name).ok_or_else(|| {
        let known = Operation::ALL.map(Operation::name).join(", ");
        Text::new(format!("--op {name:?}: wanted {known}"), format!("--op {name:?}：可用 {known}"))
    })
}

/// The request of the user, or the harmless sample.
///
/// Members of the file that are not of the body: `id`, `idempotencyKey`, `ifNoneMatch`, and `now`, the instant
/// at which the product believes to be, for products whose clock was moved.
fn request(arguments: &TargetOpArgs, seed: &Seed) -> Result<(Call, Option<OffsetDateTime>), Text> {
    let operation = operation(&arguments.op)?;
    let Some(path) = &arguments.input else {
        let sample = harmless_call(operation, seed.bytes, OffsetDateTime::now_utc());
        return sample.map(|call| (call, None)).ok_or_else(|| {
            Text::new(
                format!("{} has no harmless sample; give the request with --in", operation.name()),
                format!("{} 没有无害样例；请用 --in 给出请求", operation.name()),
            )
        });
    };
    let wrong = |reason: String| {
        Text::new(format!("--in {}: {reason}", path.display()), format!("--in {}：{reason}", path.display()))
    };
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().take(INPUT_CAP).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(INPUT_CAP).read_to_string(&mut text))
    };
    read.map_err(|error| wrong(error.to_string()))?;
    let mut value: Value = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let Some(members) = value.as_object_mut() else { return Err(wrong("wanted a JSON object".to_owned())) };
    let id = members.shift_remove("id").and_then(|id| id.as_str().map(str::to_owned));
    let mut text_of = |name: &str| members.shift_remove(name).and_then(|value| value.as_str().map(str::to_owned));
    let (key, tag, now) = (text_of("idempotencyKey"), text_of("ifNoneMatch"), text_of("now"));
    let body = if operation.method() == "GET" { Body::None } else { Body::Json(value) };
    let mut call = Call { idempotency_key: key, entity_tag: tag, ..Call::new(operation, id.as_deref(), body) };
    call.options.if_none_match = call.entity_tag.is_some();
    let signed_at = now.map(|now| parse_instant(&now).map_err(|error| wrong(format!("now: {error}")))).transpose()?;
    Ok((call, signed_at))
}

/// A gap is ours or the mapping's: told, exit 3.
fn told(error: &TargetError, lang: Lang) -> u8 {
    let text = match error {
        TargetError::Mapping(gap) => gap.text(),
        TargetError::Hook(text) | TargetError::Limit(text) => text.clone(),
        other => Text::same(other.to_string()),
    };
    complain(lang, &text);
    exit::SUITE
}

/// `ecric target dry-run`.
pub(crate) fn dry_run(arguments: &TargetOpArgs, lang: Lang) -> Result<u8, Text> {
    let reached = reach(&arguments.target, lang, false, true, false)?;
    let call = reached.request(arguments)?;
    let requests = match reached.runtime.block_on(reached.connection.dry_run(call)) {
        Ok(requests) => requests,
        Err(error) => return Ok(told(&error, lang)),
    };
    if requests.is_empty() {
        return Err(Text::new(
            format!("{} sends nothing: it is not mapped, or a hook does it", arguments.op),
            format!("{} 不发送请求：未映射，或由 hook 完成", arguments.op),
        ));
    }
    let shown = |text: &str| if arguments.show_secrets { text.to_owned() } else { reached.connection.redacted(text) };
    for (index, request) in requests.iter().enumerate() {
        if index > 0 {
            say!();
        }
        say!("{} {}", request.method, shown(&request.url));
        for (name, value) in &request.headers {
            say!("{name}: {}", shown(value));
        }
        say!();
        say!("{}", shown(&String::from_utf8_lossy(&request.body)));
    }
    Ok(exit::OK)
}

/// `ecric target call`.
pub(crate) fn call(arguments: &TargetOpArgs, lang: Lang) -> Result<u8, Text> {
    let reached = reach(&arguments.target, lang, arguments.allow_hooks, arguments.show_secrets, true)?;
    let call = reached.request(arguments)?;
    match reached.runtime.block_on(reached.connection.call(call)) {
        Err(error) => Ok(told(&error, lang)),
        Ok(answer) if answer.transport_error.is_some() => {
            let reason = answer.transport_error.unwrap_or_default();
            Err(Text::new(format!("no answer: {reason}"), format!("无应答：{reason}")))
        }
        Ok(answer) => {
            let mut shown = json!({"status": answer.status});
            if let Some(tag) = answer.header("etag") {
                shown["etag"] = json!(tag);
            }
            shown["body"] = json!(answer.json);
            say!("{shown:#}");
            Ok(exit::OK)
        }
    }
}

/// `ecric target probe`.
pub(crate) fn probe(arguments: &TargetProbeArgs, lang: Lang) -> Result<u8, Text> {
    let reached = reach(&arguments.target, lang, arguments.allow_hooks, false, true)?;
    let mapped = reached.file.settings.mapped_operations();
    let mut worst = exit::OK;
    for operation in Operation::ALL {
        let offered = mapped.as_ref().is_none_or(|names| names.iter().any(|name| name == operation.name()));
        let Some(call) = harmless_call(operation, reached.seed.bytes, OffsetDateTime::now_utc()) else { continue };
        let name = operation.name();
        if !offered {
            let words = Text::new("not mapped", "未映射");
            say!("{name:<24} {:>7}  {}", "-", words.in_lang(lang));
            continue;
        }
        match reached.runtime.block_on(reached.connection.call(call)) {
            Ok(answer) => {
                if answer.transport_error.is_some() {
                    worst = exit::SUITE;
                }
                let span = answer.span_ms.1.saturating_sub(answer.span_ms.0);
                say!("{name:<24} {span:>4} ms  {}", outcome(&answer));
            }
            Err(error) => {
                worst = exit::SUITE;
                let text = match &error {
                    TargetError::Mapping(gap) => gap.text(),
                    TargetError::Hook(text) | TargetError::Limit(text) => text.clone(),
                    other => Text::same(other.to_string()),
                };
                say!("{name:<24} {:>7}  {}", "-", text.in_lang(lang));
            }
        }
    }
    Ok(worst)
}

/// What came back, in a few words and without values.
fn outcome(answer: &Answer) -> String {
    if let Some(error) = &answer.transport_error {
        return error.clone();
    }
    let member = |name: &str| answer.json.as_ref().and_then(|json| json.get(name)?.as_str()).unwrap_or_default();
    let word = [member("code"), member("result"), member("certificateStatus")].concat();
    format!("{} {word}", answer.status)
}

/// The adapter of a file, for `ecric target selftest`.
pub(crate) fn adapter_of(path: &Path) -> Result<LoadedTarget, Text> {
    let file = load(path)?;
    if file.file.rung == Rung::Adapter {
        return Ok(file);
    }
    Err(Text::new(
        format!("{}: rung is {}, only an adapter has a self-test", path.display(), file.file.rung.name()),
        format!("{}：rung 为 {}，仅适配器有自检", path.display(), file.file.rung.name()),
    ))
}

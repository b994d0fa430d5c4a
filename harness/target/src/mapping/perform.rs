//! Does one operation over a dialect: templates to requests, answers to an answer of binding v1.

use std::time::{Duration, Instant};

use bytes::Bytes;
use ecric_gm::encoding::hex;
use ecric_licence::instant::write_instant_ms;
use ecric_model::binding::{ErrorCode, Operation};
use ecric_model::exchange::TransportOutcome;
use ecric_model::sending::{Credentials, KeyUse, SendOptions, SignatureForm};
use minijinja::value::{Serde, Value as Jinja};
use serde_json::{Map, Value, json};

use super::answer::{Canonical, Meaning, Told, meaning, refusal, success_status, translate};
use super::callers::Caller;
use super::codec::scalar;
use super::decode::{self, Piece};
use super::dialect::{CallPlan, Calls, Dialect, END_FAULT, Plan, PollPlan, is_one_of};
use super::extract::put;
use super::filters::percent;
use super::spec::DecodeKind;
use super::templates::{Fault, object, to_json};
use crate::answer::{Answer, Sent};
use crate::client::{Body, Call, CaseConnection, DryRequest, Prepared};
use crate::{MappingGap, TargetError};

/// Characters of a raw answer that a mapping error shows.
const SHOWN: usize = 400;

/// What is known while an operation is done.
struct Doing<'a> {
    connection: &'a CaseConnection,
    dialect: &'a Dialect,
    operation: Operation,
    name: &'static str,
    input: Value,
    vars: Map<String, Value>,
    /// Bodies received, for checks that search an answer.
    raw: Vec<u8>,
    last: Option<Answer>,
    other: bool,
    anonymous: bool,
    /// Whose token is sent.
    credentials: Credentials,
    /// What is wrong with SM2 signatures, on purpose.
    sm2_fault: Option<&'static str>,
    key: Option<String>,
    began: Option<u64>,
}

/// How one call ended.
enum Ended {
    /// It succeeded: the decoded answer.
    Done(Value),
    /// The product refused.
    Refused(Canonical),
    /// The transport gave no answer to speak of.
    Broken,
}

impl CaseConnection {
    /// Does an operation over the dialect of the target file.
    pub(crate) async fn call_mapped(&self, dialect: &Dialect, call: Call) -> Result<Answer, TargetError> {
        let ends_fault = call.operation == Operation::TestFaults && call.options.method.is_some();
        let name = if ends_fault && dialect.plans.contains_key(END_FAULT) { END_FAULT } else { call.operation.name() };
        let doing = Doing::new(self, dialect, &call, name)?;
        let Some(plan) = dialect.plans.get(name) else { return Ok(doing.not_offered()) };
        let plan = doing.choose(plan)?;
        match plan {
            Plan::Native { auth } => self.call_native(call, Some(auth)).await,
            Plan::NotSupported | Plan::Variants(_) => Ok(doing.not_offered()),
            Plan::Hook(hook) => {
                if self.target().is_human(hook) && !doing.name.starts_with("test.") {
                    self.note_person();
                }
                let json = self.hook_answer(hook, &doing.input).await?;
                let status = success_status(doing.operation);
                Ok(doing.finish(&Canonical { status, json: Some(json) }, Vec::new()))
            }
            Plan::Calls(calls) => doing.run(calls).await,
        }
    }
}

impl CaseConnection {
    /// The requests of an operation whose templates need no answer; the rest is left out.
    pub(crate) fn dry_run_mapped(&self, dialect: &Dialect, call: &Call) -> Result<Vec<DryRequest>, TargetError> {
        let mut doing = Doing::new(self, dialect, call, call.operation.name())?;
        let Some(plan) = dialect.plans.get(doing.name) else { return Ok(Vec::new()) };
        let Plan::Calls(calls) = doing.choose(plan)? else { return Ok(Vec::new()) };
        let base = self.base(call.operation)?;
        let mut out = Vec::new();
        for step in calls.steps.iter().chain(calls.poll.as_ref().map(|poll| &poll.call)) {
            let caller =
                dialect.callers.get(step.spec.auth.as_deref().or(calls.spec.auth.as_deref()).unwrap_or("main"));
            let uuid = self.uuid("uuid");
            let nonce = self.bytes("nonce")[..16].to_vec();
            // A step that needs the answer before it cannot be shown, nor what follows it.
            let token = caller.filter(|caller| caller.wants_token()).map(|_| "<token>");
            match doing.prepare(step, caller, token, &uuid, &nonce) {
                Ok(prepared) => out.push(DryRequest::new(&base, &prepared)),
                Err(fault) if out.is_empty() => return Err(doing.gap(&fault)),
                Err(_) => break,
            }
        }
        Ok(out)
    }
}

impl<'a> Doing<'a> {
    fn new(
        connection: &'a CaseConnection,
        dialect: &'a Dialect,
        call: &Call,
        name: &'static str,
    ) -> Result<Self, TargetError> {
        let body = match &call.body {
            Body::None => json!({}),
            Body::Json(value) => value.clone(),
            Body::Raw(bytes) => serde_json::from_slice(bytes).unwrap_or(Value::Null),
        };
        let options = &call.options;
        let sm2_fault = options.signature.sm2_fault();
        let plain = SendOptions {
            credentials: options.credentials,
            idempotency: options.idempotency,
            if_none_match: options.if_none_match,
            real_time: options.real_time,
            signature: if sm2_fault.is_some() { options.signature } else { SignatureForm::Whole },
            ..SendOptions::default()
        };
        let known = matches!(
            options.credentials,
            Credentials::Main
                | Credentials::Other
                | Credentials::None
                | Credentials::ExpiredToken
                | Credentials::ForeignToken
        );
        let fits = (plain == *options && known) || name == END_FAULT || dialect.is_native(name);
        let mut doing = Self {
            connection,
            dialect,
            operation: call.operation,
            name,
            input: body,
            vars: Map::new(),
            raw: Vec::new(),
            last: None,
            other: options.credentials == Credentials::Other,
            anonymous: options.credentials == Credentials::None,
            credentials: options.credentials,
            sm2_fault,
            key: None,
            began: None,
        };
        if !fits || !doing.input.is_object() {
            let reason = "this request needs the wire of binding v1, which a mapping cannot send".to_owned();
            return Err(doing.gap(&Fault { at: String::new(), reason }));
        }
        doing.key = match options.idempotency {
            KeyUse::Missing => None,
            KeyUse::Same => call.before.as_ref().and_then(|before| before.idempotency_key.clone()),
            KeyUse::Fresh => call
                .operation
                .changes_state()
                .then(|| call.idempotency_key.clone().unwrap_or_else(|| connection.uuid("idempotency"))),
        };
        let if_none_match = call.entity_tag.clone().filter(|_| options.if_none_match);
        if let Value::Object(members) = &mut doing.input {
            for (member, value) in
                [("id", call.id.clone()), ("idempotencyKey", doing.key.clone()), ("ifNoneMatch", if_none_match)]
            {
                if let Some(value) = value {
                    members.insert(member.to_owned(), json!(value));
                }
            }
        }
        Ok(doing)
    }

    fn choose<'p>(&self, plan: &'p Plan) -> Result<&'p Plan, TargetError> {
        let Plan::Variants(variants) = plan else { return Ok(plan) };
        let context = self.context(None, None);
        for (when, variant) in variants {
            let holds = match when {
                None => true,
                Some(when) => self.dialect.templates.holds(when, &context).map_err(|fault| self.gap(&fault))?,
            };
            if holds {
                return Ok(variant);
            }
        }
        Ok(plan)
    }

    /// An operation that the dialect does not have.
    fn not_offered(self) -> Answer {
        let told =
            Told { code: "not mapped".to_owned(), request_id: self.connection.uuid("request"), ..Told::default() };
        let canonical = if self.operation == Operation::Capabilities {
            Canonical { status: 200, json: Some(self.connection.target().settings().declared_capabilities()) }
        } else {
            refusal(ErrorCode::NotSupported, &told)
        };
        self.finish(&canonical, Vec::new())
    }

    async fn run(mut self, calls: &Calls) -> Result<Answer, TargetError> {
        let mut document = json!({});
        for step in &calls.steps {
            let auth = step.spec.auth.as_ref().or(calls.spec.auth.as_ref());
            if let Some(when) = &step.spec.when
                && calls.steps.len() > 1
            {
                let context = self.context(None, None);
                if !self.dialect.templates.holds(when, &context).map_err(|fault| self.gap(&fault))? {
                    continue;
                }
            }
            match self.call(step, calls, auth).await? {
                Ended::Done(doc) => {
                    self.extract_vars(step, &doc)?;
                    document = doc;
                }
                Ended::Refused(canonical) => return Ok(self.finish(&canonical, Vec::new())),
                Ended::Broken => return Ok(self.broken()),
            }
        }
        if let Some(poll) = &calls.poll {
            match self.poll(poll, calls).await? {
                Ended::Done(doc) => document = doc,
                Ended::Refused(canonical) => return Ok(self.finish(&canonical, Vec::new())),
                Ended::Broken => return Ok(self.broken()),
            }
        }
        self.conclude(calls, &document)
    }

    async fn poll(&mut self, poll: &PollPlan, calls: &Calls) -> Result<Ended, TargetError> {
        let auth = poll.call.spec.auth.as_ref().or(calls.spec.auth.as_ref());
        let began = Instant::now();
        let most = Duration::from_millis(poll.call.spec.max_ms.unwrap_or(30_000));
        // The first pauses are short: most products are done at once.
        let pause = Duration::from_millis(poll.call.spec.every_ms.unwrap_or(500));
        let mut wait = Duration::from_millis(5).min(pause);
        loop {
            let doc = match self.call(&poll.call, calls, auth).await? {
                Ended::Done(doc) => doc,
                other => return Ok(other),
            };
            self.extract_vars(&poll.call, &doc)?;
            let context = self.context(None, Some(&doc));
            let tools = self.dialect.tools();
            let gap = |fault: Fault| self.gap(&fault);
            if is_one_of(&tools, &poll.until, &context, &doc).map_err(gap)? {
                return Ok(Ended::Done(doc));
            }
            if let Some(fail) = &poll.fail
                && is_one_of(&tools, fail, &context, &doc).map_err(gap)?
            {
                return Ok(Ended::Refused(self.told(&poll.call, calls, &doc)?));
            }
            if began.elapsed() >= most {
                let last = self.last.take().map(|answer| Answer {
                    outcome: TransportOutcome::Timeout,
                    transport_error: Some(format!("the product was not done within {} ms", most.as_millis())),
                    ..answer
                });
                self.last = last;
                return Ok(Ended::Broken);
            }
            if self.connection.target().tape().is_none() {
                tokio::time::sleep(wait).await;
            }
            wait = (wait * 2).min(pause);
        }
    }

    fn extract_vars(&mut self, step: &CallPlan, doc: &Value) -> Result<(), TargetError> {
        let context = self.context(None, Some(doc));
        for (name, extraction) in &step.extract {
            let found = extraction.evaluate(&self.dialect.tools(), &context, doc).map_err(|fault| self.gap(&fault))?;
            if let Some(value) = found {
                self.vars.insert(name.clone(), value);
            }
        }
        Ok(())
    }

    async fn call(&mut self, step: &CallPlan, calls: &Calls, auth: Option<&String>) -> Result<Ended, TargetError> {
        let caller_name = match auth.map(String::as_str) {
            Some(name) => name,
            None if self.other => "other",
            None => "main",
        };
        let caller = if self.anonymous { None } else { self.dialect.callers.get(caller_name) };
        let given = caller.and_then(|caller| match self.credentials {
            Credentials::ExpiredToken => caller.expired.clone(),
            Credentials::ForeignToken => caller.foreign.clone(),
            _ => None,
        });
        // A token that was given is not exchanged for a better one.
        let mut refreshed = given.is_some();
        loop {
            let token = match caller {
                _ if given.is_some() => given.clone(),
                Some(caller) if caller.wants_token() => match self.token(caller_name, caller, refreshed).await? {
                    Ok(token) => Some(token),
                    Err(ended) => return Ok(ended),
                },
                _ => None,
            };
            let (doc, answer) = match self.send(step, caller, token.as_deref()).await? {
                Some(pair) => pair,
                None => return Ok(Ended::Broken),
            };
            let context = self.context_of(caller, token.as_deref(), Some((&doc, &answer)));
            if self.succeeded(step, &context, &doc, answer.status).map_err(|fault| self.gap(&fault))? {
                self.last = Some(answer);
                return Ok(Ended::Done(doc));
            }
            self.last = Some(answer);
            let told = self.read_told(step, &context, &doc)?;
            let canonical = match meaning(self.operation, &told, &calls.spec.errors, &self.dialect.spec) {
                Meaning::Ok => return Ok(Ended::Done(doc)),
                Meaning::Answer(canonical) => canonical,
                Meaning::Unmapped => {
                    let code: String = told.code.chars().take(60).collect();
                    let reason = format!("the code {code:?} is in no table of errors");
                    return Err(self.gap(&Fault { at: "errors".to_owned(), reason }));
                }
            };
            let code = canonical.json.as_ref().and_then(|json| json.get("code")?.as_str()).unwrap_or_default();
            let stale =
                caller.is_some_and(|caller| caller.wants_token() && caller.entry.refresh_on.iter().any(|c| c == code));
            if stale && !refreshed {
                refreshed = true;
                continue;
            }
            return Ok(Ended::Refused(canonical));
        }
    }

    /// Renders, sends and decodes one call. `None` if there was no answer to decode.
    async fn send(
        &mut self,
        step: &CallPlan,
        caller: Option<&Caller>,
        token: Option<&str>,
    ) -> Result<Option<(Value, Answer)>, TargetError> {
        let uuid = self.connection.uuid("uuid");
        let nonce = self.connection.bytes("nonce")[..16].to_vec();
        let prepared = self.prepare(step, caller, token, &uuid, &nonce).map_err(|fault| self.gap(&fault))?;
        let answer = self.connection.send_prepared(self.operation, prepared).await?;
        self.began.get_or_insert(answer.span_ms.0);
        if answer.outcome != TransportOutcome::Answer {
            self.last = Some(answer);
            return Ok(None);
        }
        let charset = self.connection.target().settings().charset;
        match charset.decode(&answer.body).filter(|_| !charset.is_utf8()) {
            Some(text) => self.raw.extend_from_slice(text.as_bytes()),
            None => self.raw.extend_from_slice(&answer.body),
        }
        let doc = match decode::document(step.spec.response_as.as_ref(), &answer.body, charset) {
            Ok(doc) => doc,
            // A refusal may come without the form of a success.
            Err(_) if !(200..300).contains(&answer.status) => json!({}),
            Err(reason) => {
                self.last =
                    Some(Answer { outcome: TransportOutcome::Malformed, transport_error: Some(reason), ..answer });
                return Ok(None);
            }
        };
        self.last = Some(answer.clone());
        match self.pipeline(step, caller, doc)? {
            Ok(doc) => {
                // Checks that search an answer for texts must see what encryption and escapes hide.
                if !step.spec.decode.is_empty() {
                    self.raw.extend_from_slice(doc.to_string().as_bytes());
                }
                Ok(Some((doc, answer)))
            }
            Err(reason) => {
                let malformed =
                    Answer { outcome: TransportOutcome::Malformed, transport_error: Some(reason), ..answer };
                self.last = Some(malformed);
                Ok(None)
            }
        }
    }

    fn prepare(
        &mut self,
        step: &CallPlan,
        caller: Option<&Caller>,
        token: Option<&str>,
        uuid: &str,
        nonce: &[u8],
    ) -> Result<Prepared, Fault> {
        let templates = &self.dialect.templates;
        let mut context = self.context_for(caller, token, None, uuid, nonce);
        for (name, structure) in &step.spec.vars {
            let value = templates.structure(structure, &context)?;
            let json = to_json(&value).map_err(|e| Fault { at: format!("vars.{name}"), reason: e.to_string() })?;
            self.vars.insert(name.clone(), json);
            context = self.context_for(caller, token, None, uuid, nonce);
        }
        let spec = &step.spec;
        let method = spec.method.as_deref().map_or(Ok("POST".to_owned()), |text| templates.text(text, &context))?;
        let path = templates.text(spec.path.as_deref().unwrap_or_default(), &context)?;
        let mut body = spec.body.as_deref().map(|body| templates.text(body, &context)).transpose()?.unwrap_or_default();
        let texts = |members: &Map<String, Value>| -> Result<Vec<(String, String)>, Fault> {
            let mut out = Vec::new();
            for (name, structure) in members {
                let value = templates.structure(structure, &context)?;
                if value.is_undefined() || value.is_none() {
                    continue;
                }
                let fault = |error: minijinja::Error| Fault { at: name.clone(), reason: error.to_string() };
                out.push((name.clone(), super::templates::text_of(&value).map_err(fault)?));
            }
            Ok(out)
        };
        let mut headers = texts(&spec.headers)?;
        let mut query = texts(&spec.query)?;
        let secret = token.map(str::to_owned).or_else(|| {
            caller.filter(|caller| caller.entry.kind == super::callers::AuthType::ApiKey).and_then(|c| c.key.clone())
        });
        if let (Some(secret), Some(place)) = (secret, caller.and_then(Caller::place)) {
            if let Some(name) = place.header {
                headers.push((name, format!("{}{secret}", place.prefix.unwrap_or_default())));
            } else if let Some(name) = place.query {
                query.push((name, secret));
            } else if let Some(name) = place.field {
                let mut json: Value = serde_json::from_str(&body)
                    .map_err(|_| Fault { at: "place".to_owned(), reason: "field wants a JSON body".to_owned() })?;
                put(json.as_object_mut().unwrap_or(&mut Map::new()), &name, json!(secret));
                body = json.to_string();
            }
        }
        if !body.is_empty() && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        headers.push(("X-Ecric-Test-Case".to_owned(), self.connection.case().to_owned()));
        let query: Vec<String> = query.iter().map(|(k, v)| format!("{}={}", percent(k), percent(v))).collect();
        let charset = self.connection.target().settings().charset;
        let wire_body = charset.encode(&body).ok_or_else(|| Fault {
            at: "charset".to_owned(),
            reason: "a character that the charset of the file does not have".to_owned(),
        })?;
        let sent = Sent {
            method,
            path,
            query: query.join("&"),
            body: wire_body.clone(),
            idempotency_key: self.key.clone(),
            ..Sent::default()
        };
        Ok(Prepared { sent, headers, wire_body, key_hint: None, read_ms: spec.timeout_ms })
    }

    /// The decode steps. The outer error is a gap of the mapping, the inner one a fault of the product.
    fn pipeline(
        &self,
        step: &CallPlan,
        caller: Option<&Caller>,
        mut doc: Value,
    ) -> Result<Result<Value, String>, TargetError> {
        let mut piece = Piece::Json(Value::Null);
        for (spec, paths) in step.spec.decode.iter().zip(&step.decode) {
            let gap = |reason: String| {
                let at = spec.path.clone().unwrap_or_else(|| format!("{:?}", spec.kind).to_lowercase());
                self.gap(&Fault { at, reason })
            };
            if let Some(path) = &paths.value {
                match path.query(&doc).all().first() {
                    Some(value) => piece = Piece::Json((*value).clone()),
                    None if spec.optional => break,
                    None => return Err(gap("nothing stands there".to_owned())),
                }
            }
            if let (Some(path), Some(only_if)) = (&paths.only_if, &spec.only_if) {
                let there = path.query(&doc).all().first().and_then(|value| scalar(value)).unwrap_or_default();
                if !only_if.eq.contains(&there) {
                    continue;
                }
            }
            let key = spec.key.as_ref().map(|name| {
                let own = caller.and_then(|caller| match name.as_str() {
                    "key" => caller.key.as_ref(),
                    "app" => caller.app.as_ref(),
                    _ => None,
                });
                own.or_else(|| self.dialect.secrets.get(name))
                    .ok_or_else(|| gap(format!("no secret is called {name:?}")))
            });
            let key = key.transpose()?.map(String::as_str);
            if spec.kind == DecodeKind::Sm2Verify {
                let over = paths.over.as_ref().and_then(|path| path.query(&doc).all().first().map(|v| (*v).clone()));
                let message = over.as_ref().and_then(scalar).unwrap_or_default();
                let signature = piece.bytes().map_err(gap)?;
                let decoded = ecric_gm::encoding::from_b64(&String::from_utf8_lossy(&signature)).unwrap_or(signature);
                let right = super::crypto::sm2_verify(
                    key.unwrap_or_default(),
                    spec.id.as_deref(),
                    message.as_bytes(),
                    &decoded,
                );
                if !right.map_err(gap)? {
                    return Ok(Err("the signature of the answer is wrong".to_owned()));
                }
                continue;
            }
            piece = decode::step(spec, &piece, key).map_err(gap)?;
            if let (Some(name), Value::Object(members)) = (&spec.into, &mut doc) {
                members.insert(name.clone(), piece.clone().into_json());
            }
        }
        Ok(Ok(doc))
    }

    fn succeeded(&self, step: &CallPlan, context: &Jinja, doc: &Value, status: u16) -> Result<bool, Fault> {
        let own = step.envelope.success.as_ref();
        let of_file = self.dialect.envelope.success.as_ref().filter(|_| own.is_none());
        let Some(success) = own.or(of_file) else { return Ok((200..300).contains(&status)) };
        let http = if success.http.is_empty() {
            own.is_some() && success.member.is_some() || (200..300).contains(&status)
        } else {
            success.http.contains(&status)
        };
        if !http {
            return Ok(false);
        }
        if let Some(member) = &success.member
            && !is_one_of(&self.dialect.tools(), member, context, doc)?
        {
            return Ok(false);
        }
        success.when.as_ref().map_or(Ok(true), |when| self.dialect.templates.holds(when, context))
    }

    fn read_told(&self, step: &CallPlan, context: &Jinja, doc: &Value) -> Result<Told, TargetError> {
        let envelope = &self.dialect.envelope;
        let tools = self.dialect.tools();
        let read = |own: &Option<super::extract::Extraction>, of_file: &Option<super::extract::Extraction>| {
            own.as_ref()
                .or(of_file.as_ref())
                .map_or(Ok(None), |one| one.evaluate(&tools, context, doc).map_err(|fault| self.gap(&fault)))
        };
        let status = self.last.as_ref().map_or(0, |answer| answer.status);
        let code = read(&step.envelope.code, &envelope.code)?.as_ref().and_then(scalar);
        let fields = match read(&step.envelope.field, &envelope.field)? {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items.iter().filter_map(scalar).collect(),
            Some(single) => scalar(&single).into_iter().collect(),
        };
        Ok(Told {
            code: code.unwrap_or_else(|| status.to_string()),
            text: read(&step.envelope.text, &envelope.text)?.as_ref().and_then(scalar),
            fields,
            retry_after: self.last.as_ref().and_then(|answer| answer.header("retry-after")?.parse().ok()),
            request_id: self.connection.uuid("request"),
        })
    }

    fn told(&self, step: &CallPlan, calls: &Calls, doc: &Value) -> Result<Canonical, TargetError> {
        let context = self.context(None, Some(doc));
        let told = self.read_told(step, &context, doc)?;
        match meaning(self.operation, &told, &calls.spec.errors, &self.dialect.spec) {
            Meaning::Answer(canonical) => Ok(canonical),
            _ => {
                let reason = format!("the code {:?} of a failed job is in no table of errors", told.code);
                Err(self.gap(&Fault { at: "errors".to_owned(), reason }))
            }
        }
    }

    /// The answer of binding v1 from the last answer of the product.
    fn conclude(self, calls: &Calls, doc: &Value) -> Result<Answer, TargetError> {
        let mut json = Map::new();
        let mut headers = Vec::new();
        let context = self.context(None, Some(doc));
        for (member, structure) in &calls.spec.constants {
            let value = self.dialect.templates.structure(structure, &context).and_then(|value| {
                to_json(&value).map_err(|error| Fault { at: member.clone(), reason: error.to_string() })
            });
            put(&mut json, member, value.map_err(|fault| self.gap(&fault))?);
        }
        for (member, extraction) in &calls.extract {
            let found = extraction.evaluate(&self.dialect.tools(), &context, doc).map_err(|fault| self.gap(&fault))?;
            let Some(value) = found else { continue };
            match member.strip_prefix("header.") {
                Some(name) => headers.extend(scalar(&value).map(|text| (name.to_owned(), text))),
                None => put(&mut json, member, value),
            }
        }
        let mut json = Value::Object(json);
        if let Err((at, reason)) = translate(self.operation, &mut json, &self.dialect.spec) {
            return Err(self.gap(&Fault { at, reason }));
        }
        if self.last.as_ref().is_some_and(|answer| answer.status == 304) {
            // A success of a plan that asks for it: nothing has changed, and there is no body.
            return Ok(self.finish(&Canonical { status: 304, json: None }, headers));
        }
        let status = calls.spec.status.unwrap_or_else(|| success_status(self.operation));
        Ok(self.finish(&Canonical { status, json: Some(json) }, headers))
    }

    fn broken(self) -> Answer {
        let operation = self.operation;
        match self.last {
            Some(answer) => Answer { operation, json: None, ..answer },
            None => self.finish(&Canonical { status: 0, json: None }, Vec::new()),
        }
    }

    fn finish(self, canonical: &Canonical, headers: Vec<(String, String)>) -> Answer {
        let now = self.connection.target().elapsed_ms();
        let mut all = headers;
        let last = self.last;
        if let Some(answer) = &last {
            let have: Vec<String> = all.iter().map(|(name, _)| name.clone()).collect();
            all.extend(answer.headers.iter().filter(|(name, _)| name == "date" && !have.contains(name)).cloned());
        }
        Answer {
            operation: self.operation,
            outcome: TransportOutcome::Answer,
            transport_error: None,
            unreachable: false,
            status: canonical.status,
            headers: all,
            body: Bytes::from(self.raw),
            json: canonical.json.clone(),
            evidence: last.as_ref().map(|answer| answer.evidence.clone()).unwrap_or_default(),
            sent: last
                .as_ref()
                .map(|answer| answer.sent.clone())
                .unwrap_or_else(|| Sent { idempotency_key: self.key.clone(), ..Sent::default() }),
            span_ms: last
                .as_ref()
                .map_or((now, now), |answer| (self.began.unwrap_or(answer.span_ms.0), answer.span_ms.1)),
            received_ms: last.as_ref().map_or(0, |answer| answer.received_ms),
        }
    }

    // ----- tokens

    async fn token(&mut self, name: &str, caller: &Caller, fresh: bool) -> Result<Result<String, Ended>, TargetError> {
        let target = self.connection.target();
        let mut tokens = target.tokens().lock().await;
        if fresh {
            tokens.remove(name);
        }
        if let Some((token, until)) = tokens.get(name)
            && *until > Instant::now()
        {
            return Ok(Ok(token.clone()));
        }
        let Some(request) = caller.entry.request.clone() else {
            return Err(self.gap(&Fault { at: name.to_owned(), reason: "request is missing".to_owned() }));
        };
        let uuid = self.connection.uuid("uuid");
        let nonce = self.connection.bytes("nonce")[..16].to_vec();
        let context = self.context_for(Some(caller), None, None, &uuid, &nonce);
        let templates = &self.dialect.templates;
        let gap = |fault: Fault| self.gap(&fault);
        let path = templates.text(&request.path, &context).map_err(gap)?;
        let oauth = caller.entry.kind == super::callers::AuthType::OAuth2;
        let body = match &request.body {
            Some(body) => templates.text(body, &context).map_err(gap)?,
            None if oauth => caller.oauth_body(),
            None => String::new(),
        };
        let mut headers = Vec::new();
        for (header, structure) in &request.headers {
            let value = templates.structure(structure, &context).map_err(gap)?;
            headers.push((header.clone(), value.to_string()));
        }
        if !headers.iter().any(|(header, _)| header.eq_ignore_ascii_case("content-type")) {
            let kind = if oauth { "application/x-www-form-urlencoded" } else { "application/json" };
            headers.push(("Content-Type".to_owned(), kind.to_owned()));
        }
        let sent = Sent {
            method: request.method.clone().unwrap_or_else(|| "POST".to_owned()),
            path,
            body: body.clone().into_bytes(),
            ..Sent::default()
        };
        let prepared = Prepared { sent, headers, wire_body: body.into_bytes(), key_hint: None, read_ms: None };
        if !self.connection.would_answer(self.operation, &prepared) {
            // Another case had logged in for this one when it was recorded.
            return Ok(Ok("<secret>".to_owned()));
        }
        let answer = self.connection.send_prepared(self.operation, prepared).await?;
        let document = serde_json::from_slice::<Value>(&answer.body).unwrap_or(Value::Null);
        let place = caller.entry.token.clone().unwrap_or_else(|| "$.access_token".to_owned());
        let token = serde_json_path::JsonPath::parse(&place)
            .ok()
            .and_then(|path| path.query(&document).all().first().and_then(|value| scalar(value)));
        let answered = answer.outcome == TransportOutcome::Answer;
        let status = answer.status;
        self.last = Some(answer);
        let Some(token) = token else {
            if !answered {
                return Ok(Err(Ended::Broken));
            }
            let told = Told {
                code: status.to_string(),
                text: Some("the product gave no token".to_owned()),
                request_id: self.connection.uuid("request"),
                ..Told::default()
            };
            return Ok(Err(Ended::Refused(refusal(ErrorCode::Unauthenticated, &told))));
        };
        let life = document.get("expires_in").and_then(Value::as_u64).or(caller.entry.ttl_s).unwrap_or(600);
        let until = Instant::now() + Duration::from_secs(life.saturating_sub(life / 10).max(1));
        tokens.insert(name.to_owned(), (token.clone(), until));
        target.keep_secret(&token);
        self.connection.hide_in_evidence(&token);
        Ok(Ok(token))
    }

    // ----- contexts

    fn context(&self, caller: Option<&Caller>, doc: Option<&Value>) -> Jinja {
        let answer = doc.zip(self.last.as_ref());
        self.context_of(caller, None, answer)
    }

    fn context_of(&self, caller: Option<&Caller>, token: Option<&str>, answer: Option<(&Value, &Answer)>) -> Jinja {
        let caller = caller.or_else(|| self.dialect.callers.get(if self.other { "other" } else { "main" }));
        self.context_for(caller, token, answer, "", &[])
    }

    fn context_for(
        &self,
        caller: Option<&Caller>,
        token: Option<&str>,
        answer: Option<(&Value, &Answer)>,
        uuid: &str,
        nonce: &[u8],
    ) -> Jinja {
        let mut secrets: Vec<(String, Jinja)> =
            self.dialect.secrets.iter().map(|(k, v)| (k.clone(), Jinja::from(v.as_str()))).collect();
        if let Some(caller) = caller {
            for (name, value) in [("app", &caller.app), ("key", &caller.key)] {
                if let Some(value) = value {
                    secrets.retain(|(have, _)| have != name);
                    secrets.push((name.to_owned(), Jinja::from(value.as_str())));
                }
            }
        }
        let secrets = object(secrets);
        let input = Jinja::from(Serde(&self.input));
        let now = write_instant_ms(self.connection.target().target_now());
        let mut members = vec![
            ("in", input.clone()),
            ("req", input),
            ("var", Jinja::from(Serde(&self.vars))),
            ("cfg", Jinja::from(Serde(&self.dialect.spec.cfg))),
            ("secret", secrets),
            ("now", Jinja::from(now)),
            ("uuid", Jinja::from(uuid)),
            ("nonce", Jinja::from_bytes(nonce.to_vec())),
            ("seed", Jinja::from(hex(&self.connection.target().entropy().seed()))),
        ];
        if let Some(fault) = self.sm2_fault {
            members.push(("sm2_fault", Jinja::from(fault)));
        }
        if let Some(token) = token {
            members.push(("token", Jinja::from(token)));
        }
        if let Some((doc, answer)) = answer {
            members.push(("doc", Jinja::from(Serde(doc))));
            members.push(("status", Jinja::from(answer.status)));
            let headers = answer.headers.iter().map(|(k, v)| (k.clone(), Jinja::from(v.as_str())));
            members.push(("header", object(headers)));
        }
        object(members.into_iter().map(|(name, value)| (name.to_owned(), value)))
    }

    /// A mapping error: file, line, reason, and what the product answered.
    fn gap(&self, fault: &Fault) -> TargetError {
        let path = ["operations", self.name];
        let tables = ["errors", "results", "reasons", "status_values"];
        let (line, column) = if tables.contains(&fault.at.as_str()) {
            self.dialect.source.find(&[fault.at.as_str()], "")
        } else {
            self.dialect.source.find(&path, &fault.at)
        };
        let raw = self.last.as_ref().map(|answer| {
            let charset = self.connection.target().settings().charset;
            let text: String = charset.lossy(&answer.body).chars().take(SHOWN).collect();
            self.connection.redacted(&text)
        });
        TargetError::Mapping(Box::new(MappingGap {
            operation: self.operation.name().to_owned(),
            file: self.dialect.source.name.clone(),
            line,
            column,
            at: fault.at.chars().take(120).collect(),
            reason: self.connection.redacted(&fault.reason),
            status: self.last.as_ref().map(|answer| answer.status),
            raw,
            evidence: self.last.as_ref().map(|answer| answer.evidence.clone()),
        }))
    }
}

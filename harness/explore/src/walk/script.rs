//! A walk as a shell script that anybody can run: with curl and openssl, or with `ecric target call`.
//!
//! The script knows what the model allows at each step and stops at the first answer that differs. Its
//! person is a generated one; it registers the person anew, so that it can be run again and again.

use std::fmt::Write as _;

use ecric_checks::lifecycle::{Allowed, Holder, Reply, Request};
use ecric_model::binding::{Action, Operation};
use ecric_vectors::person::Person;
use time::Date;

use super::generate::request_of;
use super::requests::{Asked, asked, audit, persona};
use super::step::Step;

/// How the script reaches the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// curl and openssl, for binding v1 over HTTP.
    Curl,
    /// `ecric target call`, for every target file.
    Ecric,
}

const COMMON: &str = r#"
miss() { printf 'step %s: wanted %s\nfound  %s %s\nREPRODUCED\n' "$N" "$1" "$S" "$B"; exit 1; }
begin() { N=$1; printf '%s. %s\n' "$1" "$2"; }
status() { case " $1 " in *" $S "*) ;; *) miss "HTTP $1" ;; esac; }
has() { case "$B" in *"$1"*) ;; *) miss "$1" ;; esac; }
lacks() { case "$B" in *"$1"*) miss "no $1" ;; esac; }
times() { C=$(printf %s "$B" | grep -oF -- "$1" | wc -l | tr -d ' '); [ "$C" = "$2" ] || miss "$2 times $1, not $C"; }
same() { [ "$S $1" = "$2" ] || miss "$2"; }
new() { I=$(printf %s "$B" | sed 's/.*"licence":{//' | grep -o '"certificateIdentifier":"[^"]*"' | head -1 | cut -d'"' -f4); }
key() { openssl rand -hex 16 | sed 's/\(.\{8\}\)\(.\{4\}\).\(.\{3\}\).\(.\{3\}\)\(.\{12\}\)/\1-\2-4\3-8\4-\5/'; }
"#;

const CURL: &str = r#"#!/usr/bin/env bash
# Run: ECRIC_URL=http://127.0.0.1:PORT ECRIC_KEY=<hex key of ECRIC_APP> bash this-file
set -eu; CLOCK=''
: "${ECRIC_URL:?base of the product, without /v1}"; : "${ECRIC_KEY:?hex key}"; ECRIC_APP=${ECRIC_APP:-suite-app-1}
# ask OPERATION METHOD PATH ID BODY KEY TAG: sets S (HTTP status), B (body without spaces), E (entity tag)
ask() {
  P=$(printf %s "$3" | sed "s|{id}|$4|")
  T=${CLOCK:+$(date -d "$CLOCK" +%s)}; T=${T:-$(date +%s)}000; X=$(openssl rand -base64 16 | tr '+/' '-_' | tr -d '=')
  H=$(printf %s "$5" | openssl dgst -sm3 -r | cut -d' ' -f1)
  G=$(printf '%s\n%s\n%s\n%s\n%s\n%s\n%s' "$2" "$P" '' "$ECRIC_APP" "$T" "$X" "$H" | openssl dgst -sm3 -mac HMAC -macopt hexkey:"$ECRIC_KEY" -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')
  set -- -sS -i -X "$2" "$ECRIC_URL$P" -H "X-Ecric-App: $ECRIC_APP" -H "X-Ecric-Timestamp: $T" -H "X-Ecric-Nonce: $X" -H "X-Ecric-Signature: $G" \
    ${5:+-H 'Content-Type: application/json' --data-binary "$5"} ${6:+-H "Idempotency-Key: $6"} ${7:+-H "If-None-Match: $7"}
  R=$(curl "$@" | tr -d '\r')
  S=$(printf '%s\n' "$R" | sed -n '1s/[^ ]* \([0-9]*\).*/\1/p')
  E=$(printf '%s\n' "$R" | sed -n '/^$/q;s/^[Ee][Tt][Aa][Gg]: *//p')
  B=$(printf '%s\n' "$R" | sed '1,/^$/d' | tr -d ' \n\t')
}
"#;

const ECRIC: &str = r#"#!/usr/bin/env bash
# Run: ECRIC_TARGET=target.yaml bash this-file
set -eu; CLOCK=''
: "${ECRIC_TARGET:?target file}"; ECRIC=${ECRIC:-ecric}
# ask OPERATION METHOD PATH ID BODY KEY TAG: sets S (HTTP status), B (body without spaces), E (entity tag)
ask() {
  J="${4:+\"id\":\"$4\",}${6:+\"idempotencyKey\":\"$6\",}${7:+\"ifNoneMatch\":\"$(printf %s "$7" | sed 's/"/\\"/g')\",}${CLOCK:+\"now\":\"$CLOCK\",}"
  M=${5#\{}; J="{$J$M"; case "$J" in *,) J="${J%,}}" ;; '{') J='{}' ;; esac
  R=$(printf %s "$J" | "$ECRIC" target call "$ECRIC_TARGET" --op "$1" --in - | tr -d ' \n\t')
  S=$(printf %s "$R" | sed 's/^{"status":\([0-9]*\),.*/\1/')
  E=$(printf %s "$R" | sed 's/^{"status":[0-9]*,"etag":"\(.*\)","body":.*/\1/;t;d' | sed 's/\\"/"/g')
  B=$(printf %s "$R" | sed 's/^{"status":[0-9]*,//; s/^"etag":"[^,]*",//; s/^"body"://; s/}$//')
}
"#;

/// The walk as a script. `first` is the date in China on which it starts; with days in the walk the script
/// moves the clock of the product and puts it back at its end.
#[must_use]
pub fn render_script(steps: &[Step], person: &Person, first: Date, form: Form) -> String {
    let mut writer = Writer {
        out: String::from(if form == Form::Curl { CURL } else { ECRIC }),
        holder: Holder::default(),
        person,
        first,
        trail: Vec::new(),
        last: None,
        tagged: Vec::new(),
    };
    writer.out.push_str(COMMON);
    writer.begin(0, "a person without a licence");
    if steps.contains(&Step::Day) {
        writer.out.push_str("trap 'ask test.clock PUT /v1/test/clock \"\" \"{\\\"reset\\\":true}\" \"\" \"\"' EXIT\n");
        writer.clock(0);
    }
    writer.ask(&Asked { operation: Operation::TestPersonas, id: None, body: persona(person) }, "", "");
    writer.line("status '200 201'");
    for (at, step) in steps.iter().enumerate() {
        writer.step(at + 1, *step);
    }
    writer.line("echo 'every answer was as it ought to be: not reproduced'");
    writer.out
}

struct Writer<'a> {
    out: String,
    /// The model; identifiers are the shell variables that hold them.
    holder: Holder,
    person: &'a Person,
    first: Date,
    trail: Vec<(String, Option<String>, &'static str, Option<Action>)>,
    last: Option<(Request, Asked)>,
    /// Licences whose entity tag a variable holds, with the version it stands for.
    tagged: Vec<(String, i64)>,
}

impl Writer<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn begin(&mut self, number: usize, words: &str) {
        let _ = writeln!(self.out, "\nbegin {number} {}", quote(words));
    }

    fn ask(&mut self, asked: &Asked, key: &str, tag: &str) {
        let Asked { operation, id, body } = asked;
        let body = if body.is_null() { "''".to_owned() } else { expanded(&body.to_string()) };
        let id = id.as_deref().map_or_else(|| "''".to_owned(), |id| format!("\"{id}\""));
        let word = |text: &str| if text.is_empty() { "''".to_owned() } else { format!("\"{text}\"") };
        let _ = writeln!(
            self.out,
            "ask {} {} {} {id} {body} {} {}",
            operation.name(),
            operation.method(),
            quote(operation.path()),
            word(key),
            word(tag),
        );
    }

    fn clock(&mut self, day: i64) {
        let date = ecric_licence::instant::write_date(super::requests::date_of(self.first, day));
        let body = serde_json::json!({"fixed": format!("{date}T12:00:00+08:00")});
        self.ask(&Asked { operation: Operation::TestClock, id: None, body }, "", "");
        let _ = writeln!(self.out, "status 200; CLOCK={date}T12:00:00+08:00");
    }

    fn step(&mut self, number: usize, step: Step) {
        self.begin(number, &step.to_string());
        match step {
            Step::Day => {
                self.holder.pass_day();
                self.clock(self.holder.day);
            }
            Step::Audit { on } => self.audit(on),
            Step::Repeat => {
                if let Some((_, asked)) = self.last.take() {
                    self.ask(&asked, "$K", "");
                    self.line("same \"$(printf %s \"$B\" | sed 's/\"requestId\":\"[^\"]*\",*//')\" \"$A\"");
                    self.last = None;
                }
            }
            _ => {
                if let Some(request) = request_of(&self.holder, step) {
                    self.request(step, request);
                }
            }
        }
    }

    fn request(&mut self, step: Step, mut request: Request) {
        let asked = asked(&request, self.person, self.first, self.holder.day);
        let mut tag = String::new();
        if let (Step::StatusIfChanged { .. }, Request::Status { licence, known }) = (step, &mut request)
            && let Some((_, version)) = self.tagged.iter().find(|(name, _)| name == licence)
        {
            *known = Some(*version);
            tag = format!("$E{}", &licence[2..]);
        }
        let key = if request.changes() { "$K" } else { "" };
        if request.changes() {
            self.line("K=$(key)");
        }
        self.ask(&asked, key, &tag);
        let allowed = self.holder.allowed(&request);
        self.expect(&request, &allowed);
        if request.changes() {
            self.line("A=\"$S $(printf %s \"$B\" | sed 's/\"requestId\":\"[^\"]*\",*//')\"");
            self.last = Some((request.clone(), asked));
        }
        if let (Request::Status { licence, .. }, Some(Allowed::Status { version, .. })) = (&request, allowed.last()) {
            let name = &licence[2..];
            let _ = writeln!(self.out, "E{name}=$E");
            self.tagged.retain(|(known, _)| known != licence);
            self.tagged.push((licence.clone(), *version));
        }
        self.accept(&request, &allowed);
    }

    fn accept(&mut self, request: &Request, allowed: &[Allowed]) {
        let reply = match allowed.first() {
            Some(Allowed::Issued { .. }) => {
                let made = format!("$L{}", self.holder.licences.len() + 1);
                let _ = writeln!(self.out, "new; {}=$I", &made[1..]);
                for licence in &self.holder.licences {
                    let _ = writeln!(self.out, "[ \"$I\" != \"{}\" ] || miss 'a new identifier'", licence.identifier);
                }
                match request {
                    Request::Reissue { licence, .. } => {
                        self.trail.push((licence.clone(), Some(made.clone()), "issuer.reissue", None));
                    }
                    _ => self.trail.push((made.clone(), None, "issuer.issue", None)),
                }
                Reply::Issued { identifier: made, status: None, previous: None, replaced: None }
            }
            Some(Allowed::Changed { status, version }) => {
                if let Request::Act { licence, action, .. } = request {
                    self.trail.push((licence.clone(), None, "issuer.transition", Some(*action)));
                }
                Reply::Changed { status: *status, version: *version }
            }
            _ => return,
        };
        self.holder = self.holder.after(request, &reply);
    }

    /// What the answer has to hold, as far as a shell can see it.
    fn expect(&mut self, request: &Request, allowed: &[Allowed]) {
        let codes: Vec<String> = allowed.iter().map(|one| http(request, one).to_owned()).collect();
        let _ = writeln!(self.out, "status {}", quote(&codes.join(" ")));
        if let [one] = allowed {
            return self.expect_one(one);
        }
        for (at, one) in allowed.iter().enumerate() {
            if codes.iter().filter(|code| **code == codes[at]).count() == 1 {
                let _ = writeln!(self.out, "if [ \"$S\" = {} ]; then :", codes[at]);
                self.expect_one(one);
                self.line("fi");
            }
        }
    }

    fn expect_one(&mut self, one: &Allowed) {
        match one {
            Allowed::Issued { status, replaces } => {
                self.has(&format!("\"certificateStatus\":\"{status}\""));
                if let Some(old) = replaces {
                    let _ = writeln!(self.out, "has \"\\\"previousCertificateIdentifier\\\":\\\"{old}\\\"\"");
                    self.has("\"certificateStatus\":\"SUPERSEDED\"");
                }
            }
            Allowed::Changed { status, version } | Allowed::Status { status, version } => {
                self.has(&format!("\"certificateStatus\":\"{status}\""));
                self.has(&format!("\"statusVersion\":{version}"));
            }
            Allowed::Verdict { result, reason } => {
                self.has(&format!("\"result\":\"{result}\""));
                if let Some(reason) = reason {
                    self.has(reason);
                }
            }
            Allowed::Metadata { status, previous } => {
                self.has(&format!("\"certificateStatus\":\"{status}\""));
                let name = self.person.name.replace([' ', '\t'], "");
                self.has(&format!("\"name\":\"{name}\""));
                if let Some(previous) = previous {
                    let _ = writeln!(self.out, "has \"\\\"previousCertificateIdentifier\\\":\\\"{previous}\\\"\"");
                }
            }
            Allowed::Items(items) => {
                let _ = writeln!(self.out, "times '\"certificateIdentifier\":' {}", items.len());
                for licence in self.holder.licences.clone() {
                    if items.contains_key(&licence.identifier) {
                        let _ = writeln!(self.out, "has \"\\\"{}\\\"\"", licence.identifier);
                    }
                }
                for status in ecric_model::binding::LicenceStatus::ALL {
                    let count = items.values().filter(|one| *one == status).count();
                    let _ = writeln!(self.out, "times '\"certificateStatus\":\"{status}\"' {count}");
                }
            }
            Allowed::Refused(code) => self.has(&format!("\"{code}\"")),
            Allowed::Unmodified | Allowed::File => {}
        }
    }

    fn has(&mut self, text: &str) {
        let _ = writeln!(self.out, "has {}", quote(text));
    }

    fn audit(&mut self, on: u8) {
        let Some(Request::Status { licence, .. }) = request_of(&self.holder, Step::Status { on }) else { return };
        if self.holder.day > 0 || self.out.contains("CLOCK=20") {
            let date = |day| ecric_licence::instant::write_date(super::requests::date_of(self.first, day));
            let _ = writeln!(self.out, "F={}T00:00:00+08:00; U={}T00:00:00+08:00", date(-1), date(self.holder.day + 2));
        } else {
            self.line("F=$(TZ=Asia/Shanghai date -d '-1 day' +%FT%T+08:00); U=$(TZ=Asia/Shanghai date -d '+1 day' +%FT%T+08:00)");
        }
        let mut asked = audit(&licence, "$F", "$U");
        asked.body["operations"] = serde_json::json!(ecric_checks::lifecycle::CHANGES);
        self.ask(&asked, "", "");
        self.line("status 200");
        let of_it = self.trail.iter().filter(|(of, made, ..)| *of == licence || made.as_ref() == Some(&licence));
        let mut lines = vec![format!("times '\"result\":\"OK\"' {}", of_it.clone().count())];
        for action in Action::ALL {
            if of_it.clone().any(|(.., done)| done.as_ref() == Some(action)) {
                lines.push(format!("has '\"action\":\"{action}\"'"));
            }
        }
        lines.iter().for_each(|line| self.line(line));
    }
}

const fn http(request: &Request, allowed: &Allowed) -> &'static str {
    match allowed {
        Allowed::Issued { .. } => "201",
        Allowed::Unmodified => "304",
        Allowed::Refused(code) => match code.http() {
            404 => "404",
            410 => "410",
            412 => "412",
            _ => "409",
        },
        _ => match request {
            Request::Issue { .. } | Request::Reissue { .. } => "201",
            _ => "200",
        },
    }
}

/// Single quotes for a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// JSON in double quotes of a shell: only the variables of the script stand for something.
fn expanded(json: &str) -> String {
    let escaped = json.replace('\\', r"\\").replace('"', "\\\"").replace('`', "\\`");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecric_vectors::person::{Slot, generate_person};

    #[test]
    fn scripts_are_good_shell_and_name_every_step() {
        let steps: Vec<Step> = [
            "issue",
            "suspend",
            "suspend",
            "repeat",
            "status",
            "status-if-changed",
            "restore",
            "reissue",
            "audit on 1",
            "search",
        ]
        .map(|line| line.parse().unwrap())
        .into();
        let first = Date::from_calendar_date(2026, time::Month::June, 1).unwrap();
        let person = generate_person("adult", &Slot { seed: [1; 32], case_ordinal: 0, index: 0 }, first).unwrap();
        for form in [Form::Curl, Form::Ecric] {
            let script = render_script(&steps, &person, first, form);
            for (at, step) in steps.iter().enumerate() {
                assert!(script.contains(&format!("begin {} '{step}'", at + 1)), "{script}");
            }
            assert!(script.contains("$L1") && script.contains("L2=$I"), "{script}");
            let file = std::env::temp_dir().join(format!("ecric-script-{form:?}-{}.sh", std::process::id()));
            std::fs::write(&file, &script).unwrap();
            let checked = std::process::Command::new("bash").arg("-n").arg(&file).output().unwrap();
            std::fs::remove_file(&file).unwrap();
            assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
        }
    }
}

//! A shell command that repeats one exchange with a fresh timestamp, nonce and signature.

use std::fmt::Write as _;

use crate::recorder::Observation;

/// Builds the command from the redacted request. The key is never part of it: it is read from `ECRIC_KEY`.
pub(crate) fn command(seen: &Observation<'_>, url: &str, headers: &[(String, String)], body: &str) -> String {
    let method = &seen.sent.method;
    let mut out = String::new();
    let signed = seen.key_hint.is_some() && !seen.plain_signature;
    if !body.is_empty() {
        let _ = writeln!(out, "B={}", quote(body));
    }
    if signed {
        let hint = seen.key_hint.unwrap_or_default();
        let _ = writeln!(out, ": \"${{ECRIC_KEY:?hex key of {} ({hint})}}\"", seen.sent.app);
        out.push_str("T=$(date +%s%3N); N=$(openssl rand -base64 16 | tr '+/' '-_' | tr -d '=')\n");
        let printed = if body.is_empty() { "printf ''" } else { "printf %s \"$B\"" };
        let _ = writeln!(out, "H=$({printed} | openssl dgst -sm3 -r | cut -d' ' -f1)");
        let _ = writeln!(
            out,
            "S=$(printf '%s\\n%s\\n%s\\n%s\\n%s\\n%s\\n%s' {method} {path} {query} {app} \"$T\" \"$N\" \"$H\" | openssl dgst -sm3 -mac HMAC -macopt hexkey:\"$ECRIC_KEY\" -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')",
            path = quote(&seen.sent.path),
            query = quote(&crate::signing::canonical_query(&seen.sent.query)),
            app = quote(&seen.sent.app),
        );
    }
    let _ = write!(out, "curl -sS -i -X {method} {}", quote(url));
    for (name, value) in headers {
        let fresh = match name.to_ascii_lowercase().as_str() {
            "x-ecric-timestamp" if signed => "\"X-Ecric-Timestamp: $T\"".to_owned(),
            "x-ecric-nonce" if signed => "\"X-Ecric-Nonce: $N\"".to_owned(),
            "x-ecric-signature" if signed => "\"X-Ecric-Signature: $S\"".to_owned(),
            _ => quote(&format!("{name}: {value}")),
        };
        let _ = write!(out, " \\\n  -H {fresh}");
    }
    if !body.is_empty() {
        out.push_str(" \\\n  --data-binary \"$B\"");
    }
    out
}

/// Single quotes for a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

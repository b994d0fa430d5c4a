//! Wrong target files: each has a precise message in both languages, no panic, and is done with quickly.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use ecric_model::Lang;
use ecric_target::{load_target, native_template};

const ALPHA: &str = include_str!("../examples/alpha.yaml");
const BETA: &str = include_str!("../examples/beta.yaml");

fn told(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("target.yaml");
    std::fs::write(&path, text).unwrap();
    let problems = load_target(&path).err().unwrap_or_default();
    for problem in &problems {
        let (en, zh) = (problem.render(Lang::En), problem.render(Lang::ZhCn));
        assert!(!en.is_empty() && !zh.is_empty());
    }
    problems.iter().map(|problem| problem.render(Lang::En)).collect::<Vec<_>>().join("\n")
}

/// Replacement in a right file, and what must be told.
const OF_ALPHA: &[(&str, &str, &str)] = &[
    ("ecric_target: 1", "ecric_target: 3", "this suite reads 1"),
    ("ecric_target: 1", "ecric_target: one", "not a target file"),
    ("ecric_target: 1", "ecric_targets: 1", "unknown field"),
    ("rung: mapped", "rung: magic", "not a target file"),
    ("rung: mapped", "rung: native", "operations are for rung mapped"),
    ("rung: mapped", "rung: adapter", "adapter is missing"),
    ("rung: mapped", "rung: mapped\nrung: mapped", "duplicate"),
    ("roles: [", "roles: [king, ", "unknown variant"),
    ("issuer.metadata:", "issuer.metadat:", "no operation of binding v1"),
    ("auth: control", "auth: nobody", "is no caller of type hmac-sm3"),
    ("auth: control", "auth: main", "is no caller of type hmac-sm3"),
    ("path: /service/queryCertInfo.do", "path: service/queryCertInfo.do", "a path starts with /"),
    ("path: /service/queryCertInfo.do", "variants: []", "wanted exactly one of"),
    ("{{ secret.app }}", "{{ secret.app }", "operations"),
    ("|sorted_kv", "|sorted_by_nobody", "no filter is called"),
    ("\"$.response.head.resultcode\"", "\"$.response[\"", "not a JSONPath"),
    ("codec: int", "codec: integer", "no codec is called"),
    ("path: /service/queryCertInfo.do", "path: /service/queryCertInfo.do\n    timeout_ms: 0", "timeout_ms is 0"),
    ("\"10\": NOT_FOUND", "\"10\": NOT_THERE", "no error code of binding v1"),
];

/// The same for a native file.
const OF_NATIVE: &[(&str, &str, &str)] = &[
    ("rung: native", "rung: mapped", "operations is empty"),
    ("${public:reference.key}", "000102030405060708090a0b0c0d0e0f", "a secret never stands in the file"),
    ("${public:reference.key}", "${public:nobody.key}", "no published credential"),
    ("${public:reference.key}", "${env:ECRIC_SURELY_NOT_SET}", "is not set"),
    ("${public:reference.key}", "${file:no-such-file}", "cannot read the secret file"),
    ("${public:reference.key}", "${vault:x}", "must be a reference"),
    ("${public:reference.key}", "${public:reference.app}", "lower-case hex"),
    ("key: main_key", "key: nothing", "no secret is called"),
    ("  main: {type: hmac-sm3", "  mine: {type: hmac-sm3", "auth.main is missing"),
    ("type: hmac-sm3, app: main_app", "type: hmac-sm4, app: main_app", "unknown variant"),
    ("type: hmac-sm3, app: main_app", "type: login, app: main_app", "auth.main.request"),
    ("type: hmac-sm3, app: main_app", "type: mtls, app: main_app", "auth.main.cert"),
    ("type: hmac-sm3, app: main_app", "type: mtls, cert: nowhere.pem", "auth.main.cert: nowhere.pem"),
    ("read_ms: 10000", "extra_ca: [nowhere.pem]", "transport.extra_ca: nowhere.pem"),
    ("http://127.0.0.1:8080", "ftp://127.0.0.1", "not an http or https URL"),
    ("http://127.0.0.1:8080", "http://acme.test", "plain HTTP is refused"),
    ("http://127.0.0.1:8080", "https://acme.test", "authorised_hosts"),
    ("http://127.0.0.1:8080", "http://", "not an http or https URL"),
    ("read_ms: 10000", "read_ms: -1", "not a target file"),
    ("read_ms: 10000", "read_ms: 99999999", "transport.read_ms"),
    ("features: [suspend", "features: [levitate, suspend", "unknown variant"),
    ("declared_absences: []", "declared_absences: [{id: audit, why: \"\"}]", "has no reason"),
    ("declared_absences: []", "declared_absences: [{id: audit, why: x}]", "declared and declared absent"),
    ("declared_absences: []", "declared_absences: [{id: issuer.issue, why: x}]", "is mandatory"),
    ("personas: {mode: api}", "personas: {mode: hook}", "needs hooks.personas"),
    ("personas: {mode: api}", "personas: {mode: none}", "unknown variant"),
    ("personas: {mode: api}", "trust: {suite_root: {install: magic}}", "trust.suite_root.install"),
    ("personas: {mode: api}", "trust: {issuer_anchors: {pin_sm3: ABC}}", "64 lower-case hex"),
    ("personas: {mode: api}", "rejection_style: http-4xx", "capabilities.level can only be core"),
    ("ecric_target: 1", "ecric_target: 1\npreset: nobody", "preset \"nobody\": wanted"),
    ("ecric_target: 1", "ecric_target: 1\npreset: alpha", "operations are for rung mapped"),
    ("personas: {mode: api}", "personas: {map: {P: {state: NONE}}}", "is for mode preprovisioned"),
    ("personas: {mode: api}", "personas: {mode: preprovisioned, map: {P: {}}}", "holder.idNumber is missing"),
    ("personas: {mode: api}", "personas: {mode: preprovisioned, map: {P: {shoe: 1}}}", "unknown field"),
    (
        "personas: {mode: api}",
        "personas: {mode: preprovisioned, map: {P: {state: NONE, holder: {idNumber: \"110101199003070038\"}}}}",
        "holder.idNumber",
    ),
    ("personas: {mode: api}", "personas: {id_prefix: \"11019X\"}", "two to six digits"),
    ("personas: {mode: api}", "hooks: {h: {}}", "exactly one of exec, http, human"),
    ("personas: {mode: api}", "hooks: {h: {exec: [x], human: {en: y}}}", "exactly one of exec, http, human"),
    ("personas: {mode: api}", "hooks: {h: {exec: [x], timeout_s: 0}}", "timeout_s"),
    ("personas: {mode: api}", "hooks: {h: {http: {url: \"https://ops.acme.test\"}}}", "authorised_hosts"),
    ("personas: {mode: api}", "hooks: {h: {http: {url: \"http://127.0.0.1\", method: post it}}}", "http.method"),
    ("personas: {mode: api}", "hooks: {h: {human: {en: \" \"}}}", "says what to do"),
    ("personas: {mode: api}", "hooks: {h: {human: {en: x, wants: money}}}", "unknown variant"),
    ("personas: {mode: api}", "slo: {issuer.fly: {p95_ms: 10}}", "no operation of binding v1"),
    ("personas: {mode: api}", "slo: {issuer.status: {p95_ms: 0}}", "slo.issuer.status: wanted"),
    ("personas: {mode: api}", "slo: {issuer.status: {p50_ms: 20, p95_ms: 10}}", "slo.issuer.status: wanted"),
    ("personas: {mode: api}", "slo: {issuer.status: {p96_ms: 10}}", "unknown field"),
    ("personas: {mode: api}", "evidence: {log_sources: [read_logs]}", "no hook is called"),
    ("personas: {mode: api}", "counterpart: {listen: everywhere}", "counterpart.listen"),
    ("personas: {mode: api}", "counterpart: {base: \"ftp://x\"}", "counterpart.base"),
    ("personas: {mode: api}", "trust: {issuer_anchors: {op: issuer.issue}}", "issuer_anchors.op is"),
    ("personas: {mode: api}", "trust: {issuer_anchors: {file: x.json}}", "for rungs mapped and adapter"),
    ("read_ms: 10000", "charset: latin-1", "transport.charset"),
    ("read_ms: 10000", "charset: gb18030", "binding v1 is written in UTF-8"),
    ("read_ms: 10000", "proxy: socks", "transport.proxy"),
    ("read_ms: 10000", "proxy: \"http://me:secret@127.0.0.1:1\"", "only by ${env:NAME}"),
    ("read_ms: 10000", "redirects: follow", "unknown variant"),
    ("window_s: 300", "source: sundial", "unknown variant"),
    ("concurrency: 16", "daily_issue: 0", "limits.daily_issue is 0"),
    ("concurrency: 16", "allow: [arson]", "limits.allow"),
    ("http://127.0.0.1:8080", "https://169.254.169.254", "no address of a product"),
    ("[issuer, sharing_service, verifier, loader]", "[]", "roles is empty"),
    ("[issuer, sharing_service, verifier, loader]", "[verifier]", "needs the role"),
];

#[test]
fn each_wrong_file_is_told_precisely() {
    let native = native_template("acme", "http://127.0.0.1:8080");
    let alpha = ALPHA.replace("${env:ECRIC_URL}", "http://127.0.0.1:8080");
    let (mut tried, mut wrong) = (0, Vec::new());
    for (base, rows) in [(&alpha, OF_ALPHA), (&native, OF_NATIVE)] {
        assert_eq!(told(base), "");
        for (from, to, want) in rows {
            let told = told(&base.replacen(from, to, 1));
            if !base.contains(from) || !told.contains(want) {
                wrong.push(format!("{from} -> {to}: {told}"));
            }
            tried += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let far = native
        .replace("http://127.0.0.1:8080", "https://sbx.acme.test")
        .replace("authorised_hosts: []", "authorised_hosts: [sbx.acme.test]")
        .replace("concurrency: 16", "allow: [security]");
    for (text, want) in [
        ("", "not a target file"),
        ("[]", "not a target file"),
        ("\u{0}", "not a target file"),
        ("a: &x [*x, *x]", "not a target file"),
        ("name: [", "not a target file"),
        (&far, "authorisation_ref is missing"),
    ] {
        let told = told(text);
        assert!(told.contains(want), "{text:?}: {told}");
        tried += 1;
    }
    assert!(tried >= 80, "{tried}");
}

#[test]
fn places_are_told() {
    let alpha = ALPHA.replace("${env:ECRIC_URL}", "http://127.0.0.1:8080");
    let wrong = alpha.replacen("codec: int", "codec: integer", 1);
    let line = wrong.lines().position(|line| line.contains("codec: integer")).unwrap() + 1;
    let told = told(&wrong);
    // The operation at least; flow collections keep their members in one line.
    let found: usize = told.split(':').next().unwrap().parse().unwrap();
    assert!(found.abs_diff(line) <= 12, "{line}: {told}");
}

#[test]
fn huge_and_deep_files_end_quickly() {
    let beta = BETA.replace("${env:ECRIC_URL}", "http://127.0.0.1:8080");
    let long = format!("{beta}\n# {}", "x".repeat(10 * 1024 * 1024));
    assert_eq!(told(&long), "");
    let deep = format!("cfg: {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(told(&deep).contains("not a target file"));
    let wide = format!("{beta}\ntables2: {{{}}}", "a: 1, ".repeat(200_000));
    assert!(told(&wide).contains("not a target file"));
    let bomb = format!("a: &a [x]\n{}", (0..40).map(|i| format!("b{i}: [*a, *a]\n")).collect::<String>());
    assert!(told(&bomb).contains("not a target file"));
    let huge = "x".repeat(17 * 1024 * 1024);
    assert!(told(&huge).contains("at most"));
}

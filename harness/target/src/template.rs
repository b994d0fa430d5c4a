//! Scaffolds of target files: the native one, and the shipped dialects.

/// A target file for a product that speaks binding v1, with the published test keys of the reference.
#[must_use]
pub fn native_template(name: &str, url: &str) -> String {
    let quote = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let (name, url) = (quote(name), quote(url));
    format!(
        r#"# ecric target file: how the suite reaches your product. 目标文件：测试套件如何访问被测产品。
ecric_target: 1
name: {name}
vendor: {{org: "", product: "", version: ""}}
# What the product is: 被测角色
roles: [issuer, sharing_service, verifier, loader]
# native = the product speaks binding v1 itself
rung: native
# Rule books; gov-share is for head/data dialects
profiles: [core, binding, loader]
# Anything but loopback must be listed here, with the letter that allows the test
environment: {{kind: "sandbox", authorised_hosts: [], authorisation_ref: null}}
# Base URL without /v1; one for all, or one per role: {{issuer: "…", verifier: "…"}}
base: {url}
transport: {{connect_ms: 3000, read_ms: 10000, http2: false, max_response_bytes: 4194304}}
# Secrets only by reference: ${{env:NAME}}, ${{file:PATH}}; ${{public:…}} are published test keys
secrets:
  main_app: "${{public:reference.app}}"
  main_key: "${{public:reference.key}}"
  other_app: "${{public:reference-other.app}}"
  other_key: "${{public:reference-other.key}}"
auth:
  main: {{type: hmac-sm3, app: main_app, key: main_key}}
  # A second caller without the rights `original` and `test`; remove it if you have none
  other: {{type: hmac-sm3, app: other_app, key: other_key}}
clock: {{max_skew_s: 5, window_s: 300}}
# What the product can do (ICS): 实现一致性声明
capabilities:
  level: full
  features: [suspend, reissue, attributes, batch, audit, copy, original, status_list,
             reverse_scan, pairwise_id, log_delete, consent_withdrawal,
             presentation, offline,
             clock_control, persona_control, trust_control, fault_injection]
  formats: [ofd]
  batch_max: 50
  declared_absences: []
personas: {{mode: api}}
# Dangers allowed beyond loopback: destructive, security, load
limits: {{concurrency: 16}}
"#
    )
}

/// Names of the presets of `ecric target new --from`.
pub const PRESETS: [&str; 10] = [
    "native",
    "gb36906-json",
    "gb36906-json-sm2enc",
    "login-token-rest",
    "gateway-hmac",
    "gateway-biz-content",
    "alpha",
    "beta",
    "gamma",
    "adapter",
];

/// Text of a preset with a name and a base URL put in; `None` for an unknown preset.
#[must_use]
pub fn preset_text(preset: &str, name: &str, url: &str) -> Option<String> {
    let text = match preset {
        "native" => return Some(native_template(name, url)),
        "gb36906-json" => include_str!("../examples/gb36906.yaml"),
        "gb36906-json-sm2enc" => include_str!("../examples/gb36906-sm2enc.yaml"),
        "alpha" => include_str!("../examples/alpha.yaml"),
        "beta" => include_str!("../examples/beta.yaml"),
        "gamma" => include_str!("../examples/gamma.yaml"),
        "adapter" => include_str!("../examples/adapter.yaml"),
        "login-token-rest" => include_str!("../presets/login-token-rest.yaml"),
        "gateway-hmac" => include_str!("../presets/gateway-hmac.yaml"),
        "gateway-biz-content" => include_str!("../presets/gateway-biz-content.yaml"),
        _ => return None,
    };
    let quote = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let lines = text.lines().map(|line| {
        if line.starts_with("name: ") {
            format!("name: {}", quote(name))
        } else if line.starts_with("base: ") {
            format!("base: {}", quote(url))
        } else {
            line.replace("${env:ECRIC_URL}", url)
        }
    });
    Some(lines.collect::<Vec<_>>().join("\n") + "\n")
}

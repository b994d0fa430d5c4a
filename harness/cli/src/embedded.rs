//! The embedded reference: a process of the same binary that serves on loopback and ends with us.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use ecric_model::Text;
use ecric_target::{LoadedTarget, native_template, parse_target, preset_text};

/// Which reference is started.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Kind<'a> {
    /// Wrong in one way.
    pub(crate) mutant: Option<&'a str>,
    /// Right in another way.
    pub(crate) variant: Option<&'a str>,
    /// Over the wire of this stand-in vendor.
    pub(crate) vendor: Option<&'a str>,
}

/// A running reference; dropping it ends the process.
pub(crate) struct Embedded {
    child: Child,
    said: BufReader<ChildStdout>,
    /// Where it listens.
    pub(crate) addresses: Addresses,
}

/// Where the embedded reference listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Addresses {
    /// The usual address.
    pub(crate) url: String,
    second_node: String,
    no_test_mode: String,
}

impl Addresses {
    /// Addresses for a plan that is made without a reference.
    pub(crate) fn nowhere() -> Self {
        let at = |port: u8| format!("http://127.0.0.1:{port}");
        Self { url: at(1), second_node: at(2), no_test_mode: at(3) }
    }

    /// Those of the line that the reference prints once it is ready.
    fn read(line: &str) -> Option<Self> {
        let ready: serde_json::Value = serde_json::from_str(line).ok()?;
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        Some(Self {
            url: text(&ready["url"])?,
            second_node: text(&ready["urls"][1])?,
            no_test_mode: text(&ready["control_free_url"])?,
        })
    }
}

impl Embedded {
    /// Starts the reference and waits until it is ready.
    pub(crate) fn start(kind: Kind<'_>) -> Result<Self, Text> {
        let failed = |reason: &dyn std::fmt::Display| {
            Text::new(
                format!("cannot start the embedded reference: {reason}"),
                format!("无法启动内嵌参考实现：{reason}"),
            )
        };
        let program = std::env::current_exe().map_err(|error| failed(&error))?;
        let mut command = Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--nodes", "2", "--control-free-node", "--exit-with-stdin"]);
        for (flag, name) in [("--mutant", kind.mutant), ("--variant", kind.variant), ("--vendor", kind.vendor)] {
            if let Some(name) = name {
                command.args([flag, name]);
            }
        }
        // An interrupt at the terminal is for us: the reference goes on until the cases in flight are closed.
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt as _;
            command.process_group(0);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|error| failed(&error))?;
        let mut line = String::new();
        let mut said = child.stdout.take().map(BufReader::new);
        if let Some(said) = &mut said {
            said.read_line(&mut line).map_err(|error| failed(&error))?;
        }
        match Addresses::read(&line).zip(said) {
            Some((addresses, said)) => Ok(Self { child, said, addresses }),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                Err(failed(&"it ended before it was ready"))
            }
        }
    }
}

impl Embedded {
    /// Decisions that the reference took since it was asked last; `None` if it does not say.
    pub(crate) fn decisions(&mut self) -> Option<BTreeSet<String>> {
        let input = self.child.stdin.as_mut()?;
        input.write_all(b"decisions\n").and_then(|()| input.flush()).ok()?;
        let mut line = String::new();
        self.said.read_line(&mut line).ok()?;
        serde_json::from_str(&line).ok()
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The target file of what was started. For a variant it is the usual one, but for the version of HTTP.
pub(crate) fn target_of(addresses: &Addresses, kind: Kind<'_>) -> Result<LoadedTarget, Text> {
    if let Some(vendor) = kind.vendor {
        return vendor_target(vendor, addresses);
    }
    let mut target = target(addresses)?;
    let found = ecric_reference::variants().iter().find(|one| Some(one.info.name) == kind.variant);
    if found.is_some_and(|found| found.info.http2) {
        target.settings.transport.http2 = true;
    }
    Ok(target)
}

/// What the embedded reference permits and declares: loads of it are short, and it is nobody else's.
const LEVELS: &str = r"limits: {concurrency: 16, allow: [destructive, security, load]}
slo: {issuer.status: {p95_ms: 300}, verifier.file: {p95_ms: 1500}, loader.redeem: {p95_ms: 800},
      issuer.issue: {p95_ms: 3000}, issuer.metadata: {p95_ms: 250, rps: 60}}
";

/// The target file of the embedded reference.
pub(crate) fn target(addresses: &Addresses) -> Result<LoadedTarget, Text> {
    let Addresses { url, second_node, no_test_mode } = addresses;
    let base = format!("base: {{all: \"{url}\", second_node: \"{second_node}\", no_test_mode: \"{no_test_mode}\"}}");
    let text = native_template("reference", url).replacen(&format!("base: \"{url}\""), &base, 1).replacen(
        r#"vendor: {org: "", product: "", version: ""}"#,
        concat!(r#"vendor: {org: "ecric", product: "ecric reference", version: ""#, env!("CARGO_PKG_VERSION"), r#""}"#),
        1,
    );
    let text = text.replacen("limits: {concurrency: 16}\n", LEVELS, 1);
    parsed(&text)
}

/// The target file of a stand-in vendor: the preset that describes its wire.
pub(crate) fn vendor_target(vendor: &str, addresses: &Addresses) -> Result<LoadedTarget, Text> {
    let preset = match vendor {
        "gb36906" => "gb36906-json",
        other => other,
    };
    let text = preset_text(preset, vendor, &addresses.url).ok_or_else(|| {
        Text::new(
            format!("--vendor {vendor:?}: no preset describes its wire"),
            format!("--vendor {vendor:?}：没有描述其接口的预置模板"),
        )
    })?;
    parsed(&text)
}

fn parsed(text: &str) -> Result<LoadedTarget, Text> {
    parse_target(text, std::path::Path::new(".")).map_err(|problems| {
        let all = |lang| problems.iter().map(|problem| problem.render(lang)).collect::<Vec<_>>().join("; ");
        Text::new(all(ecric_model::Lang::En), all(ecric_model::Lang::ZhCn))
    })
}

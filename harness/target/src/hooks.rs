//! Hooks: programs of the user that do what a product's interface cannot. They run only with the
//! permission of the run, in the folder of the target file, with JSON on stdin and stdout.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;

use crate::client::Target;

/// Most that a hook may print, bytes.
const OUTPUT_CAP: usize = 16 * 1024 * 1024;

impl Target {
    /// Runs a hook: the canonical request on stdin, the canonical answer on stdout.
    ///
    /// # Errors
    /// What went wrong, in words: no permission, no such program, its exit code, no JSON, too slow.
    pub async fn run_hook(&self, name: &str, input: &Value) -> Result<Value, String> {
        let hook = self
            .settings()
            .hooks
            .get(name)
            .ok_or_else(|| format!("the hook {name:?} may not run; --allow-hooks permits it"))?;
        let Some((program, arguments)) = hook.exec.split_first() else {
            return Err(format!("the hook {name:?} names no program"));
        };
        let limit = Duration::from_secs(hook.timeout_s.unwrap_or(60));
        let mut child = tokio::process::Command::new(program)
            .args(arguments)
            .current_dir(&self.settings().folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("cannot start the hook {name:?}: {error}"))?;
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
            .map_err(|_| format!("the hook {name:?} took longer than {} s", limit.as_secs()))?
            .map_err(|error| format!("the hook {name:?}: {error}"))?;
        if !output.status.success() {
            return Err(format!("the hook {name:?} ended with {}", output.status));
        }
        if output.stdout.len() > OUTPUT_CAP {
            return Err(format!("the hook {name:?} printed more than {OUTPUT_CAP} bytes"));
        }
        if output.stdout.iter().all(u8::is_ascii_whitespace) {
            return Ok(Value::Object(serde_json::Map::new()));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| format!("the hook {name:?} printed no JSON: {error}"))
    }
}

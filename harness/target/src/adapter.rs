//! Rung adapter: a process of the user that speaks binding v1 on loopback. It is started on a free port,
//! waited for, and ended by its process id, with everything it started where the system can do that.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ecric_model::Text;

use crate::secrets::expand_environment;
use crate::target_file::AdapterSettings;

/// Pause between two questions whether it is ready.
const PAUSE: Duration = Duration::from_millis(50);

/// A running adapter; dropping it ends the process.
#[derive(Debug)]
pub struct Adapter {
    child: Child,
    url: String,
}

fn failed(what: &str, zh: &str, reason: &dyn std::fmt::Display) -> Text {
    Text::new(format!("the adapter {what}: {reason}"), format!("适配器{zh}：{reason}"))
}

impl Adapter {
    /// Starts the process in a folder and waits until it is ready.
    ///
    /// # Errors
    /// No such program, a variable that is not set, an end before it was ready, or no answer in time.
    pub fn start(settings: &AdapterSettings, folder: &Path) -> Result<Self, Text> {
        let port = TcpListener::bind(("127.0.0.1", 0))
            .and_then(|listener| listener.local_addr())
            .map_err(|error| failed("cannot be started", "无法启动", &error))?
            .port();
        let fill = |text: &str| text.replace("{port}", &port.to_string());
        let Some((program, arguments)) = settings.exec.split_first() else {
            return Err(failed("cannot be started", "无法启动", &"adapter.exec is empty"));
        };
        let mut command = Command::new(program);
        command.args(arguments.iter().map(|argument| fill(argument))).current_dir(folder);
        for (name, value) in &settings.env {
            let value = expand_environment(value).map_err(|error| failed("cannot be started", "无法启动", &error))?;
            command.env(name, fill(&value));
        }
        // An interrupt at the terminal is for us: the adapter goes on until the cases in flight are closed.
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt as _;
            command.process_group(0);
        }
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(|error| failed(&format!("{program:?} cannot be started"), "无法启动", &error))?;
        let mut adapter = Self { child, url: format!("http://127.0.0.1:{port}") };
        adapter.wait(settings, port)?;
        Ok(adapter)
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    fn wait(&mut self, settings: &AdapterSettings, port: u16) -> Result<(), Text> {
        let ready = settings.ready.as_deref().unwrap_or("GET /v1/capabilities");
        let (method, path) = ready.split_once(' ').unwrap_or(("GET", ready));
        let limit = Duration::from_secs(settings.ready_s.unwrap_or(30));
        let began = Instant::now();
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(failed("ended before it was ready", "在就绪前退出", &status));
            }
            if answers(method, path, port) {
                return Ok(());
            }
            if began.elapsed() >= limit {
                let seconds = limit.as_secs();
                return Err(Text::new(
                    format!("the adapter did not answer {ready} with 200 within {seconds} s"),
                    format!("适配器在 {seconds} 秒内未以200应答 {ready}"),
                ));
            }
            std::thread::sleep(PAUSE);
        }
    }
}

/// True if a request is answered with 200. A plain socket: nothing of a run exists yet.
fn answers(method: &str, path: &str, port: u16) -> bool {
    use std::io::{Read as _, Write as _};
    let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", port)) else { return false };
    let time = Some(Duration::from_secs(5));
    let _ = (stream.set_read_timeout(time), stream.set_write_timeout(time));
    let request = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    if stream.write_all(request.as_bytes()).is_err() {
        return false;
    }
    let mut head = [0_u8; 12];
    stream.read_exact(&mut head).is_ok() && head.starts_with(b"HTTP/1.") && head.ends_with(b" 200")
}

impl Drop for Adapter {
    fn drop(&mut self) {
        // The group as a whole: an adapter behind a shell or a virtual environment has children of its own.
        #[cfg(unix)]
        {
            let group = format!("-{}", self.child.id());
            let ended = Command::new("kill").args(["-TERM", "--", &group]).stderr(Stdio::null()).status();
            if ended.is_ok_and(|status| status.success()) {
                let began = Instant::now();
                while began.elapsed() < Duration::from_secs(2) {
                    if matches!(self.child.try_wait(), Ok(Some(_))) {
                        return;
                    }
                    std::thread::sleep(Duration::from_millis(10));
                }
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

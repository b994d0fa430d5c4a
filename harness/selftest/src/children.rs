//! Starts the children, so many at a time, and reads their one line. Every child has a time limit; one
//! that crashes, hangs or says something else is an error of ours and never a kill.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use ecric_model::brief::{Brief, SCHEMA};

use crate::tasks::Task;

/// How often a child is looked at.
const LOOK: Duration = Duration::from_millis(5);
/// Tasks at once of those that mostly wait.
const WAITING: usize = 2;
/// Bytes of standard error that are kept for a message.
const COMPLAINT: usize = 600;

/// Why a child did not say what a run came to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChildError {
    /// It could not be started.
    #[error("cannot be started: {0}")]
    Start(String),
    /// It was ended at the limit.
    #[error("did not end within {0} s")]
    TimeLimit(u64),
    /// It ended without the line.
    #[error("ended ({status}) without a result: {said}")]
    NoResult {
        /// Exit code or signal.
        status: String,
        /// The end of its standard error.
        said: String,
    },
    /// What it said and its exit code differ.
    #[error("says exit code {said} and ended with {status}")]
    ExitCode {
        /// In the line.
        said: u8,
        /// Of the process.
        status: String,
    },
}

/// What became of a task.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The task.
    pub task: Task,
    /// What the run came to.
    pub result: Result<Brief, ChildError>,
    /// Time of the child.
    pub duration: Duration,
}

/// A task that ended.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// What became of it.
    pub outcome: &'a Outcome,
    /// Tasks done.
    pub done: usize,
    /// Tasks in all.
    pub total: usize,
}

/// How many children at a time, where, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Slots {
    /// Children at a time.
    pub jobs: usize,
    /// True to keep each child on one core, in turn: it and its reference hand each other every call, which costs least
    /// there. Where the system does not allow that, and if false, they run where the system puts them.
    pub bound: bool,
    /// Most time for a child.
    pub limit: Duration,
}

/// Runs the tasks, so many at a time and, unless that is one, beside them two of those that mostly wait. Outcomes come
/// back in the order of the tasks.
pub fn run_tasks(program: &Path, tasks: &[Task], slots: Slots, progress: &mut dyn FnMut(Progress<'_>)) -> Vec<Outcome> {
    let (waiting, busy): (Vec<usize>, Vec<usize>) =
        (0..tasks.len()).partition(|index| slots.jobs > 1 && tasks[*index].waits);
    let queues = [(busy, slots.jobs.max(1), AtomicUsize::new(0)), (waiting, WAITING, AtomicUsize::new(0))];
    let cores = slots.bound.then(core_affinity::get_core_ids).flatten().unwrap_or_default();
    let mut outcomes: Vec<Option<Outcome>> = vec![None; tasks.len()];
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        let workers =
            queues.iter().flat_map(|(queue, most, next)| std::iter::repeat_n((queue, next), (*most).min(queue.len())));
        for (place, (queue, next)) in workers.enumerate() {
            let sender = sender.clone();
            let core = cores.get(place % cores.len().max(1)).copied();
            scope.spawn(move || {
                // Children are bound as the thread that starts them.
                core.map(core_affinity::set_for_current);
                while let Some(index) = queue.get(next.fetch_add(1, Ordering::Relaxed)).copied() {
                    let task = &tasks[index];
                    let begin = Instant::now();
                    let result = run_child(program, task, slots.limit);
                    let outcome = Outcome { task: task.clone(), result, duration: begin.elapsed() };
                    if sender.send((index, outcome)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        for (done, (index, outcome)) in receiver.iter().enumerate() {
            progress(Progress { outcome: &outcome, done: done + 1, total: tasks.len() });
            outcomes[index] = Some(outcome);
        }
    });
    outcomes.into_iter().flatten().collect()
}

fn run_child(program: &Path, task: &Task, limit: Duration) -> Result<Brief, ChildError> {
    let started = Command::new(program)
        .args(&task.arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = started.map_err(|error| ChildError::Start(error.to_string()))?;
    let (out, err) = (drain(child.stdout.take()), drain(child.stderr.take()));
    let ended = wait(&mut child, limit);
    let (out, err) = (out.join().unwrap_or_default(), err.join().unwrap_or_default());
    let Some(status) = ended else { return Err(ChildError::TimeLimit(limit.as_secs())) };
    read(&out, &err, status)
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read before an error is all there is.
            let _ = pipe.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// `None` for a child that had to be ended.
fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let begin = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if begin.elapsed() < limit => thread::sleep(LOOK),
            Ok(None) | Err(_) => {
                // The reference of the child ends with the pipe to it.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}

fn read(out: &str, err: &str, status: ExitStatus) -> Result<Brief, ChildError> {
    let brief = out.lines().last().and_then(|line| serde_json::from_str::<Brief>(line).ok());
    let Some(brief) = brief.filter(|brief| brief.schema == SCHEMA) else {
        let start = err.char_indices().rev().nth(COMPLAINT).map_or(0, |(at, _)| at);
        let said = err.get(start..).unwrap_or_default().trim().to_owned();
        return Err(ChildError::NoResult { status: status.to_string(), said });
    };
    if status.code() != Some(i32::from(brief.exit_code)) {
        return Err(ChildError::ExitCode { said: brief.exit_code, status: status.to_string() });
    }
    Ok(brief)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::tasks::Subject;

    fn shell(script: &str) -> Task {
        let arguments = ["-c", script].map(str::to_owned).into();
        Task { subject: Subject::Honest, seed: "1".to_owned(), arguments, waits: false }
    }

    fn outcomes(scripts: &[&str], limit: Duration) -> Vec<Result<Brief, ChildError>> {
        let tasks: Vec<Task> = scripts.iter().map(|script| shell(script)).collect();
        let mut seen = 0;
        let slots = Slots { jobs: 3, bound: true, limit };
        let done = run_tasks(Path::new("/bin/sh"), &tasks, slots, &mut |progress| {
            seen += 1;
            assert_eq!((progress.done, progress.total), (seen, tasks.len()));
        });
        assert_eq!(seen, scripts.len());
        done.into_iter().map(|outcome| outcome.result).collect()
    }

    #[test]
    fn a_child_that_does_not_say_what_it_came_to_is_an_error_of_ours() {
        const LINE: &str = r#"{"schema":"ecric.brief/1","plan":"x","verdict":"conformant","exit_code":0,
            "duration_ms":1,"requirements":{},"cases":{},"why":{},"stopped":null}"#;
        let line = LINE.replace('\n', " ");
        let good = format!("echo noise; echo '{line}'");
        let liar = format!("echo '{line}'; exit 3");
        let scripts = [good.as_str(), liar.as_str(), "echo oops >&2; exit 7", "kill -9 $$", "echo {}"];
        let found = outcomes(&scripts, Duration::from_secs(60));
        assert_eq!(found[0].as_ref().unwrap().plan, "x");
        assert!(matches!(found[1], Err(ChildError::ExitCode { said: 0, .. })), "{:?}", found[1]);
        let Err(ChildError::NoResult { said, .. }) = &found[2] else { panic!("{:?}", found[2]) };
        assert_eq!(said, "oops");
        for index in [3, 4] {
            assert!(matches!(found[index], Err(ChildError::NoResult { .. })), "{:?}", found[index]);
        }
    }

    #[test]
    fn a_child_that_hangs_is_ended() {
        let found = outcomes(&["exec sleep 60"], Duration::from_millis(100));
        assert_eq!(found[0], Err(ChildError::TimeLimit(0)));
        let slots = Slots { jobs: 1, bound: false, limit: Duration::ZERO };
        let missing = run_tasks(Path::new("/no/such/program"), &[shell("")], slots, &mut |_| {});
        assert!(matches!(missing[0].result, Err(ChildError::Start(_))));
    }
}

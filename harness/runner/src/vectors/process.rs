//! One process that answers questions: started once, asked ahead, ended when it crashes or hangs.
//!
//! Which question is to blame is found out by asking again, one at a time, what was open when it
//! happened. Time, memory and the number of restarts are bounded whatever the process does.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use ecric_vectors::set::{Answer, Outcome, Question};

/// Questions that are open at one time.
const WINDOW: usize = 32;
/// Longest line that is read: 1 MiB.
const LINE_MAX: u64 = 1024 * 1024;
/// Faults in a row after which nothing more is asked.
const FAULTS_MAX: usize = 10;

/// How long is waited.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For one answer.
    pub answer: Duration,
    /// For the first answer after a start, which loads libraries and virtual machines.
    pub start: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { answer: Duration::from_secs(5), start: Duration::from_secs(30) }
    }
}

/// What is started.
#[derive(Debug, Clone)]
pub(super) struct Program {
    /// Program and arguments, at least one word.
    pub words: Vec<String>,
    /// Folder to start it in.
    pub folder: Option<PathBuf>,
    /// Whether its complaints are shown.
    pub complaints: Complaints,
}

/// What becomes of standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Complaints {
    /// Shown to the user.
    Shown,
    /// Dropped.
    Dropped,
}

/// Why nothing could be asked at all.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// The program does not start.
    #[error("{program} does not start: {source}")]
    Start {
        /// The program.
        program: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// It starts and gives no first answer.
    #[error("{program} gives no answer: {problem}")]
    Silent {
        /// The program.
        program: String,
        /// Ended, silent, or something that is no answer.
        problem: &'static str,
    },
}

/// What became of one question.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    /// An answer.
    Answered(Answer),
    /// None: crash, hang, garbage or not asked.
    Failed(Outcome),
}

/// Asks every question; one reply each, in their order.
pub(super) fn ask_all(program: &Program, questions: &[Question], limits: Limits) -> Result<Vec<Reply>, ProcessError> {
    let by_id = questions.iter().enumerate().map(|(at, question)| (question.id.as_str(), at)).collect();
    let mut session = Session {
        questions,
        by_id,
        replies: questions.iter().map(|_| None).collect(),
        waiting: (0..questions.len()).collect(),
        suspects: VecDeque::new(),
        faults: 0,
    };
    let mut running = Running::start(program, limits)?;
    while session.faults < FAULTS_MAX && !session.is_done() {
        if session.step(&mut running, limits) {
            continue;
        }
        drop(running);
        match Running::start(program, limits) {
            Ok(again) => running = again,
            Err(_) => return Ok(session.finish()),
        }
    }
    Ok(session.finish())
}

/// The answer to one question, or nothing; for questions about the implementation itself.
pub(super) fn ask_one(program: &Program, question: &Question, limits: Limits) -> Result<Option<Answer>, ProcessError> {
    let mut running = Running::start(program, limits)?;
    running.send(question);
    Ok(match running.next(limits.answer) {
        Heard::Answer(answer) if answer.id == question.id => Some(answer),
        _ => None,
    })
}

struct Session<'a> {
    questions: &'a [Question],
    by_id: BTreeMap<&'a str, usize>,
    replies: Vec<Option<Reply>>,
    waiting: VecDeque<usize>,
    suspects: VecDeque<usize>,
    faults: usize,
}

impl Session<'_> {
    fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.suspects.is_empty()
    }

    /// Whether the process can be used further.
    fn step(&mut self, running: &mut Running, limits: Limits) -> bool {
        match self.suspects.pop_front() {
            Some(suspect) => self.ask_alone(running, suspect, limits),
            None => self.ask_ahead(running, limits),
        }
    }

    fn ask_alone(&mut self, running: &mut Running, suspect: usize, limits: Limits) -> bool {
        running.send(&self.questions[suspect]);
        let outcome = match running.next(limits.answer) {
            Heard::Answer(answer) if answer.id == self.questions[suspect].id => {
                self.replies[suspect] = Some(Reply::Answered(answer));
                self.faults = 0;
                return true;
            }
            Heard::Answer(_) | Heard::Garbage => Outcome::Garbage,
            Heard::End => Outcome::Crash,
            Heard::Nothing => Outcome::Hang,
        };
        self.replies[suspect] = Some(Reply::Failed(outcome));
        self.faults += 1;
        false
    }

    fn ask_ahead(&mut self, running: &mut Running, limits: Limits) -> bool {
        let mut open = Vec::new();
        loop {
            while open.len() < WINDOW
                && let Some(next) = self.waiting.pop_front()
            {
                running.send(&self.questions[next]);
                open.push(next);
            }
            if open.is_empty() {
                return true;
            }
            let at = match running.next(limits.answer) {
                Heard::Answer(answer) => {
                    let known = self.by_id.get(answer.id.as_str()).copied();
                    let at = known.and_then(|known| open.iter().position(|asked| *asked == known));
                    at.map(|at| (at, answer))
                }
                Heard::Garbage | Heard::End | Heard::Nothing => None,
            };
            let Some((at, answer)) = at else {
                self.suspects.extend(open);
                return false;
            };
            self.replies[open.remove(at)] = Some(Reply::Answered(answer));
            self.faults = 0;
        }
    }

    fn finish(self) -> Vec<Reply> {
        self.replies.into_iter().map(|reply| reply.unwrap_or(Reply::Failed(Outcome::NotAsked))).collect()
    }
}

/// What came back.
enum Heard {
    Answer(Answer),
    /// A line that is no answer.
    Garbage,
    /// The output ended.
    End,
    /// Nothing within the time.
    Nothing,
}

struct Running {
    child: Child,
    questions: Option<SyncSender<String>>,
    lines: Receiver<String>,
}

impl Running {
    /// Starts the program and waits for the answer to a first question that does not count.
    fn start(program: &Program, limits: Limits) -> Result<Self, ProcessError> {
        let name = program.words.join(" ");
        let mut running =
            Self::spawn(program).map_err(|source| ProcessError::Start { program: name.clone(), source })?;
        let input = [("message", "616263"), ("repeat", "1")];
        running.send(&Question {
            id: "warm-up".to_owned(),
            operation: "sm3.digest".to_owned(),
            input: input.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            option: None,
        });
        let problem = match running.next(limits.start) {
            Heard::Answer(answer) if answer.id == "warm-up" => return Ok(running),
            Heard::Answer(_) => "the first answer belongs to another question",
            Heard::Garbage => "its first line is no answer",
            Heard::End => "it ended at once",
            Heard::Nothing => "it stays silent",
        };
        Err(ProcessError::Silent { program: name, problem })
    }

    fn spawn(program: &Program) -> std::io::Result<Self> {
        let (first, arguments) = program.words.split_first().ok_or(std::io::ErrorKind::InvalidInput)?;
        let mut command = Command::new(first);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        command.stderr(match program.complaints {
            Complaints::Shown => Stdio::inherit(),
            Complaints::Dropped => Stdio::null(),
        });
        if let Some(folder) = &program.folder {
            command.current_dir(folder);
        }
        let mut child = command.spawn()?;
        let (to_writer, from_us) = sync_channel::<String>(2 * WINDOW);
        let (to_us, lines) = sync_channel(2 * WINDOW);
        if let Some(mut stdin) = child.stdin.take() {
            std::thread::spawn(move || {
                for line in from_us {
                    if stdin.write_all(line.as_bytes()).and_then(|()| stdin.flush()).is_err() {
                        break;
                    }
                }
            });
        }
        if let Some(stdout) = child.stdout.take() {
            std::thread::spawn(move || read_lines(stdout, &to_us));
        }
        Ok(Self { child, questions: Some(to_writer), lines })
    }

    /// The writer never blocks us: at most a window of questions is open.
    fn send(&mut self, question: &Question) {
        if let (Some(sender), Ok(line)) = (&self.questions, serde_json::to_string(question)) {
            let _ = sender.try_send(line + "\n");
        }
    }

    fn next(&mut self, limit: Duration) -> Heard {
        let end = Instant::now() + limit;
        loop {
            match self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) if line.trim().is_empty() => {}
                Ok(line) => return serde_json::from_str(&line).map_or(Heard::Garbage, Heard::Answer),
                Err(RecvTimeoutError::Timeout) => return Heard::Nothing,
                Err(RecvTimeoutError::Disconnected) => return Heard::End,
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.questions = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Hands on one line after the other; a line that is too long ends it.
fn read_lines(stdout: ChildStdout, to_us: &SyncSender<String>) {
    let mut reader = BufReader::new(stdout);
    loop {
        let mut line = Vec::new();
        match reader.by_ref().take(LINE_MAX).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line).into_owned();
        if to_us.send(text).is_err() {
            return;
        }
    }
}

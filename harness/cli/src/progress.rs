//! Progress on standard error: a live bar on a terminal, plain lines when piped.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use ecric_model::Lang;
use ecric_model::messages::Msg;
use ecric_runner::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Seconds between plain lines.
const EVERY: Duration = Duration::from_secs(2);

/// Shows progress.
pub(crate) struct Shower {
    lang: Lang,
    state: RefCell<State>,
}

struct State {
    bar: Option<ProgressBar>,
    quiet: bool,
    running: BTreeSet<String>,
    last: Instant,
}

impl Shower {
    /// A shower for a run.
    pub(crate) fn new(lang: Lang, quiet: bool) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10));
            if let Ok(style) = ProgressStyle::with_template("[{elapsed_precise}] {bar:30} {pos}/{len} {msg}") {
                bar.set_style(style);
            }
            bar
        });
        let state = State { bar, quiet, running: BTreeSet::new(), last: Instant::now() };
        Self { lang, state: RefCell::new(state) }
    }

    /// Takes one event.
    pub(crate) fn show(&self, event: &Progress) {
        let mut state = self.state.borrow_mut();
        match event {
            Progress::Planned(total) => {
                if let Some(bar) = &state.bar {
                    bar.set_length(*total as u64);
                }
            }
            Progress::CaseOpened(id) => {
                state.running.insert(id.to_string());
            }
            Progress::CaseClosed(closed) => {
                state.running.remove(closed.id.as_str());
                let running = state.running.iter().next().cloned().unwrap_or_default();
                if let Some(bar) = &state.bar {
                    bar.set_position(closed.done as u64);
                    let failed = match self.lang {
                        Lang::En => "failed",
                        Lang::ZhCn => "失败",
                    };
                    bar.set_message(format!("{failed} {} · {running}", closed.failed));
                } else if !state.quiet && (state.last.elapsed() >= EVERY || closed.done == closed.total) {
                    state.last = Instant::now();
                    eprintln!(
                        "{}",
                        Msg::Progress.fill(self.lang, &[&closed.done, &closed.total, &closed.failed, &running])
                    );
                }
            }
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.state.borrow().bar {
            bar.finish_and_clear();
        }
    }
}

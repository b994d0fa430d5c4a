//! Plan, stages, run, verdicts and lint.

//! Everything that a user meets, through the binary: one program, so that a test that waits leaves its core to another.
//! `cargo test -p ecric --test whole evidence::` runs those of one file.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails")]
#![allow(clippy::print_stderr, reason = "a test that cannot run says so")]

#[path = "../support/mod.rs"]
mod support;

mod adapter;
mod arrows;
#[cfg(unix)]
mod ci_kit;
mod codes;
mod embedded_run;
mod evidence;
mod gate_and_waivers;
mod hostile_targets;
mod listed_persons;
mod mutants;
mod selftest;
mod trust_setup;
mod vectors;
mod vendor_alpha;
mod vendor_beta;
mod vendors;
mod walks;

//! Rebuilds when a file of the embedded features changes or appears.

fn main() {
    println!("cargo:rerun-if-changed=../../features");
}

//! Makes cargo embed the data again when a file of it changes. Reads and writes nothing.

fn main() {
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=regressions");
}

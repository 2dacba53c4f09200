//! Tells the program which version of Wasmtime it holds.

fn main() {
    let lock = std::fs::read_to_string("Cargo.lock").expect("the lock file lies beside this one");
    let version = lock
        .split_once("name = \"wasmtime\"\nversion = \"")
        .and_then(|(_, rest)| rest.split_once('"'));
    let (version, _) = version.expect("Wasmtime is locked");
    println!("cargo::rerun-if-changed=Cargo.lock");
    println!("cargo::rustc-env=WASMTIME_VERSION={version}");
}

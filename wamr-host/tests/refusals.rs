//! The runtime refuses what is not a module, and says so in its own words.

use wamr_host::{Error, Imports, Module};

fn refusal(file: &[u8]) -> String {
    match Module::load(file, &Imports::new()) {
        Err(Error::Load(message)) => message,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

/// The first bytes of every `.aot` file: magic and version.
const HEADER: [u8; 8] = [0, b'a', b'o', b't', 6, 0, 0, 0];

#[test]
fn too_short() {
    assert_eq!(refusal(b""), "WASM module load failed: unexpected end");
    assert_eq!(
        refusal(&HEADER[..3]),
        "WASM module load failed: unexpected end"
    );
}

#[test]
fn no_module() {
    assert_eq!(
        refusal(b"garbage"),
        "WASM module load failed: magic header not detected"
    );
}

#[test]
fn plain_webassembly() {
    // The interpreter is not built in.
    let module = *b"\0asm\x01\0\0\0";
    assert_eq!(
        refusal(&module),
        "WASM module load failed: magic header not detected"
    );
}

#[test]
fn unknown_version() {
    let mut file = HEADER;
    file[4] = 99;
    assert_eq!(
        refusal(&file),
        "AOT module load failed: unknown binary version"
    );
}

#[test]
fn truncated() {
    let mut file = HEADER.to_vec();
    file.extend([0, 0, 0]);
    assert_eq!(refusal(&file), "AOT module load failed: unexpected end");
}

#[test]
fn a_section_longer_than_the_file() {
    let mut file = HEADER.to_vec();
    file.extend(0_u32.to_le_bytes());
    file.extend(1_000_000_000_u32.to_le_bytes());
    assert_eq!(refusal(&file), "AOT module load failed: unexpected end");
}

#[test]
fn on_many_threads() {
    // Each thread is set up for the runtime and gives back what it took of its stack; the stacks
    // of the first threads are used again by the later ones.
    for _ in 0..8 {
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(no_module)).collect();
        for thread in threads {
            thread.join().expect("the thread ends well");
        }
    }
}

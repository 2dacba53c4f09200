//! Options that let the runtime see calls, on a runtime with all its switches for that: stacks of calls after
//! traps, profiles, the use of the native stack, and the map for Linux perf.
//!
//! A module marks places in its functions: `(;@name;)` stands in front of an instruction that a stack shows. In
//! the binary, a constant of its own marks the place, so that no offset is written down here.

use std::path::PathBuf;

use tempfile::TempDir;
use wamr_devices::Device;
use wamr_devices::tracer::Tracer;
use wamr_host::{Imports, Module};
use wasmelt::Options;
use wasmelt::options::{
    CallStackFeatures, DiagnosticsOptions, OptLevel, RuntimeOptions, TargetOptions,
};

const LEVELS: [OptLevel; 6] = [
    OptLevel::O0,
    OptLevel::O1,
    OptLevel::O2,
    OptLevel::O3,
    OptLevel::Os,
    OptLevel::Oz,
];

/// How a file is compiled and where it runs.
#[derive(Debug, Clone)]
struct Mode {
    device: Option<&'static Device>,
    level: OptLevel,
    software: bool,
    in_place: bool,
    diagnostics: DiagnosticsOptions,
}

const CALL_STACK: DiagnosticsOptions = DiagnosticsOptions {
    call_stack: true,
    call_stack_features: None,
    perf_profiling: false,
    memory_profiling: false,
    linux_perf: false,
};

impl Mode {
    fn new(diagnostics: DiagnosticsOptions) -> Self {
        Mode {
            device: None,
            level: OptLevel::O3,
            software: false,
            in_place: false,
            diagnostics,
        }
    }

    fn options(&self) -> Options {
        let target = self.device.map(|device| TargetOptions {
            arch: Some(device.arch.to_owned()),
            abi: device.abi.map(str::to_owned),
            cpu: device.cpu.map(str::to_owned),
            cpu_features: device.cpu_features.map(str::to_owned),
        });
        let mut options = Options {
            target: target.unwrap_or_default(),
            opt_level: self.level,
            bounds_checks: Some(self.software),
            runtime: RuntimeOptions {
                indirect_mode: self.in_place,
                disable_llvm_intrinsics: self.in_place,
                ..RuntimeOptions::default()
            },
            diagnostics: self.diagnostics,
            ..Options::default()
        };
        options.features.tail_call = true;
        options
    }
}

/// Every level, with both ways to check bounds, direct and in place.
fn all_modes(diagnostics: DiagnosticsOptions) -> Vec<Mode> {
    let mut modes = Vec::new();
    for level in LEVELS {
        for (software, in_place) in [(false, false), (true, false), (false, true), (true, true)] {
            modes.push(Mode {
                level,
                software,
                in_place,
                ..Mode::new(diagnostics)
            });
        }
    }
    modes
}

/// A module, and the offsets of the marked instructions in it.
struct Subject {
    wasm: Vec<u8>,
    marks: Vec<(String, u64)>,
}

impl Subject {
    /// Parses a module. `(;@name;)` marks the instruction behind it. The marked instruction must follow its
    /// operands, as in the linear form of the text.
    fn new(text: &str) -> Self {
        let mut names = Vec::new();
        let mut marked = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("(;@") {
            let (name, after) = after.split_once(";)").expect("a mark ends");
            marked += before;
            // No other module has this instruction sequence.
            marked += &format!("(drop (i64.const {})) ", MARK + names.len() as i64);
            names.push(name.to_owned());
            rest = after;
        }
        marked += rest;
        let wasm = wat::parse_str(&marked).unwrap_or_else(|error| panic!("{error}\n{marked}"));
        let mut marks = Vec::new();
        for payload in wasmparser_bodies(&wasm) {
            let mut pending = None;
            let mut operators = payload.get_operators_reader().unwrap();
            while !operators.eof() {
                let offset = operators.original_position();
                match operators.read().unwrap() {
                    wasmparser::Operator::I64Const { value } if value >= MARK => {
                        pending = Some((value - MARK) as usize);
                        operators.read().unwrap();
                    }
                    _ => {
                        if let Some(mark) = pending.take() {
                            marks.push((names[mark].clone(), offset));
                        }
                    }
                }
            }
        }
        assert_eq!(marks.len(), names.len(), "a mark got lost");
        Subject { wasm, marks }
    }

    fn compile(&self, mode: &Mode) -> Vec<u8> {
        let artifact = wasmelt::compile(&self.wasm, &mode.options());
        artifact
            .unwrap_or_else(|error| panic!("{mode:?}: {error}"))
            .bytes
    }

    /// Writes the `.aot` file, runs it, and returns what the runtime has printed.
    fn run(&self, mode: &Mode, options: &[&str], calls: &[&str]) -> String {
        let file = AotFile::new(&self.compile(mode));
        let tracer = Tracer::new(mode.device).unwrap();
        let output = tracer.run(options, &file.path, calls).unwrap();
        assert!(output.status.code().is_some(), "{mode:?}: {output:?}");
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert_eq!(complaints, "", "{mode:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Returns the frames in `printed` after its first line of a stack: functions, and the marks at which they
    /// stand. An offset without a mark is a number.
    fn frames(&self, printed: &str) -> Vec<String> {
        let frames = printed.lines().filter_map(|line| {
            let (_, rest) = line.strip_prefix('#')?.split_once(": 0x")?;
            let (offset, function) = rest.split_once(" - ")?;
            let offset = u64::from_str_radix(offset, 16).unwrap();
            let mark = self.marks.iter().find(|(_, at)| *at == offset);
            Some(match mark {
                Some((mark, _)) => format!("{function} {mark}"),
                None => format!("{function} {offset}"),
            })
        });
        frames.collect()
    }
}

/// Numbers that no module contains except as marks.
const MARK: i64 = 0x5a5a_0000_0000;

fn wasmparser_bodies(wasm: &[u8]) -> Vec<wasmparser::FunctionBody<'_>> {
    wasmparser::Parser::new(0)
        .parse_all(wasm)
        .filter_map(|payload| match payload.unwrap() {
            wasmparser::Payload::CodeSectionEntry(body) => Some(body),
            _ => None,
        })
        .collect()
}

/// A file in a folder of its own.
struct AotFile {
    _folder: TempDir,
    path: PathBuf,
}

impl AotFile {
    fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("module.aot");
        std::fs::write(&path, bytes).unwrap();
        AotFile {
            _folder: folder,
            path,
        }
    }
}

/// Functions that call each other in every way, and trap in every way. `leaf` is inlined.
const TRAPS: &str = r#"
    (module
      (import "host" "fail" (func $fail))
      (import "host" "call_back" (func $call_back (param i32) (result i32)))
      (memory 1)
      (type $unary (func (param i32) (result i32)))
      (type $other (func (param f64)))
      (table $changing (export "table") 8 funcref)
      (table $fixed 8 funcref)
      (elem (table $changing) (i32.const 1) func $divide $access $absent $fail)
      (elem (table $fixed) (i32.const 1) func $divide $access $absent)
      (func $divide (param i32) (result i32)
        i32.const 7 local.get 0 (;@divide;) i32.div_u)
      (func $access (param i32) (result i32)
        local.get 0 (;@access;) i32.load offset=65533)
      (func $absent (param f64))
      (func $inner (param i32) (result i32)
        local.get 0 (;@inner;) call $divide)
      (func $outer (param i32) (result i32)
        i32.const 1 local.get 0 (;@outer;) call $inner i32.add)
      (func (export "nested") (param i32) (result i32)
        local.get 0 (;@nested;) call $outer)
      (func $loads (param i32) (result i32)
        local.get 0 (;@loads;) call $access)
      (func (export "memory") (param i32) (result i32)
        i32.const 5 (;@before;) call $divide drop
        local.get 0 (;@memory;) call $loads)
      (func (export "indirect") (param i32 i32) (result i32)
        local.get 0 local.get 1 (;@indirect;) call_indirect $changing (type $unary))
      (func (export "through_fixed") (param i32 i32) (result i32)
        local.get 0 local.get 1 (;@fixed;) call_indirect $fixed (type $unary))
      (func (export "second") (param i32) (result i32)
        i32.const 1 i32.const 1 call_indirect $fixed (type $unary) drop
        local.get 0 local.get 0 (;@second;) call_indirect $fixed (type $unary))
      (func (export "only") (param i32)
        f64.const 0 local.get 0 (;@only;) call_indirect $fixed (type $other))
      (func $recursive (param i32) (result i32)
        local.get 0
        if (result i32)
          local.get 0 i32.const 1 i32.sub (;@again;) call $recursive
        else
          (;@end;) unreachable
        end)
      (func (export "recursion") (param i32) (result i32)
        local.get 0 (;@recursion;) call $recursive)
      (func $third (param i32) (result i32)
        i32.const 1 local.get 0 (;@third;) i32.rem_s)
      (func $second (param i32) (result i32)
        local.get 0 return_call $third)
      (func $first (param i32) (result i32)
        local.get 0 i32.const 3 call $nothing return_call $second)
      (func $nothing (param i32))
      (func (export "tail") (param i32) (result i32)
        local.get 0 (;@tail;) call $first)
      (func (export "tail_loop") (param i32) (result i32)
        local.get 0 (;@tail_loop;) call $countdown)
      (func $countdown (param i32) (result i32)
        local.get 0 i32.eqz
        if
          (;@done;) unreachable
        end
        local.get 0 i32.const 1 i32.sub return_call $countdown)
      (func (export "import") (;@import;) call $fail)
      (func (export "indirect_import") (param i32)
        local.get 0 (;@indirect_import;) call_indirect $changing (type $nothing_type))
      (type $nothing_type (func))
      (func (export "between") (param i32) (result i32)
        local.get 0 (;@between;) call $call_back)
      (func (export "callback") (param i32) (result i32)
        local.get 0 (;@callback;) call $inner)
      (func (export "truncate") (param i32) (result i32)
        f32.const nan (;@truncate;) i32.trunc_f32_s)
      (func (export "overflow") (param i32) (result i32)
        i32.const 0x80000000 local.get 0 (;@overflow;) i32.div_s)
      (tag $tag)
      (func $throws (param i32)
        local.get 0
        if
          (;@throw;) throw $tag
        end)
      (func $passes (param i32)
        local.get 0 (;@passes;) call $throws)
      (func (export "uncaught") (param i32)
        local.get 0 (;@uncaught;) call $passes)
      (func (export "caught") (param i32)
        block
          try_table (catch $tag 0)
            i32.const 1 call $passes
          end
        end
        local.get 0 (;@caught;) call $divide drop)
      (func (export "fill")
        i32.const 65535 i32.const 0 i32.const 2 (;@fill;) memory.fill)
      (func (export "set")
        i32.const 8 ref.null func (;@set;) table.set $changing)
      (func (export "copy")
        i32.const 8 i32.const 0 i32.const 1 (;@copy;) table.copy $changing $fixed)
    )"#;

/// What to call, and the frames after the exception, the innermost first.
const STACKS: &[(&[&str], &str, &[&str])] = &[
    (
        &["nested", "0"],
        "integer divide by zero",
        &[
            "divide divide",
            "inner inner",
            "outer outer",
            "nested nested",
        ],
    ),
    (
        &["memory", "0"],
        "out of bounds memory access",
        &["access access", "loads loads", "memory memory"],
    ),
    (
        &["indirect", "0", "1"],
        "integer divide by zero",
        &["divide divide", "indirect indirect"],
    ),
    (
        &["indirect", "0", "2"],
        "out of bounds memory access",
        &["access access", "indirect indirect"],
    ),
    (
        &["indirect", "0", "0"],
        "uninitialized element",
        &["indirect indirect"],
    ),
    (
        &["indirect", "0", "8"],
        "undefined element",
        &["indirect indirect"],
    ),
    (
        &["indirect", "0", "3"],
        "indirect call type mismatch",
        &["indirect indirect"],
    ),
    (
        &["through_fixed", "0", "1"],
        "integer divide by zero",
        &["divide divide", "through_fixed fixed"],
    ),
    (
        &["through_fixed", "0", "0"],
        "uninitialized element",
        &["through_fixed fixed"],
    ),
    (
        &["through_fixed", "0", "8"],
        "undefined element",
        &["through_fixed fixed"],
    ),
    (
        &["through_fixed", "0", "3"],
        "indirect call type mismatch",
        &["through_fixed fixed"],
    ),
    (
        &["second", "0"],
        "uninitialized element",
        &["second second"],
    ),
    (
        &["second", "3"],
        "indirect call type mismatch",
        &["second second"],
    ),
    (
        &["only", "1"],
        "indirect call type mismatch",
        &["only only"],
    ),
    (
        &["recursion", "3"],
        "unreachable",
        &[
            "recursive end",
            "recursive again",
            "recursive again",
            "recursive again",
            "recursion recursion",
        ],
    ),
    (
        &["tail", "0"],
        "integer divide by zero",
        &["third third", "tail tail"],
    ),
    (
        &["tail_loop", "100000"],
        "unreachable",
        &["countdown done", "tail_loop tail_loop"],
    ),
    (&["import"], "the host fails", &["fail 0", "import import"]),
    (
        &["indirect_import", "4"],
        "the host fails",
        &["fail 0", "indirect_import indirect_import"],
    ),
    (
        &["between", "0"],
        "integer divide by zero",
        // The runtime prints the stack of each call from the host, with everything below.
        &[
            "divide divide",
            "inner inner",
            "callback callback",
            "call_back 0",
            "between between",
            "call_back 0",
            "between between",
        ],
    ),
    (
        &["truncate", "0"],
        "invalid conversion to integer",
        &["truncate truncate"],
    ),
    (
        &["overflow", "-1"],
        "integer overflow",
        &["overflow overflow"],
    ),
    (
        &["uncaught", "1"],
        "uncaught exception of tag `tag`",
        &["throws throw", "passes passes", "uncaught uncaught"],
    ),
    (
        &["caught", "0"],
        "integer divide by zero",
        &["divide divide", "caught caught"],
    ),
    (&["fill"], "out of bounds memory access", &["fill fill"]),
    (&["set"], "out of bounds table access", &["set set"]),
    (&["copy"], "out of bounds table access", &["copy copy"]),
];

fn check_stacks(subject: &Subject, mode: &Mode) {
    // All in one run: what one call leaves behind would show in the next.
    let mut calls = Vec::new();
    for (call, ..) in STACKS {
        calls.extend(call.iter().copied());
        calls.push("+");
    }
    let printed = subject.run(mode, &[], &calls);
    let mut rest = printed.as_str();
    for (call, exception, expected) in STACKS {
        let line = format!("Exception: {exception}\n");
        let (before, after) = rest
            .split_once(&line)
            .unwrap_or_else(|| panic!("{mode:?}: {call:?}: no {exception} in\n{printed}"));
        assert_eq!(
            subject.frames(before),
            *expected,
            "{mode:?}: {call:?}\n{before}"
        );
        rest = after;
    }
    assert_eq!(rest, "", "{mode:?}");
}

#[test]
fn a_trap_shows_the_calls_that_led_to_it() {
    let subject = Subject::new(TRAPS);
    for mode in all_modes(CALL_STACK) {
        check_stacks(&subject, &mode);
    }
}

#[test]
fn a_trap_shows_them_on_emulated_devices() {
    let subject = Subject::new(TRAPS);
    for (name, in_place) in [("thumbv7", true), ("thumbv7", false), ("riscv64", true)] {
        let device = Device::find(name).unwrap();
        let mode = Mode {
            device: Some(device),
            in_place,
            software: !device.hardware_bounds,
            ..Mode::new(CALL_STACK)
        };
        check_stacks(&subject, &mode);
    }
}

/// A runtime without frames would never delete the frames of a trap.
#[test]
fn a_runtime_without_frames_refuses_the_file() {
    let subject = Subject::new(TRAPS);
    let profiles = DiagnosticsOptions {
        perf_profiling: true,
        ..DiagnosticsOptions::default()
    };
    for mode in all_modes(CALL_STACK).into_iter().chain(all_modes(profiles)) {
        let error = Module::load(&subject.compile(&mode), &Imports::new()).unwrap_err();
        assert!(error.to_string().contains("_frame"), "{mode:?}: {error}");
    }
    // Also a module without functions.
    let nothing = Subject::new("(module)").compile(&Mode::new(CALL_STACK));
    Module::load(&nothing, &Imports::new()).unwrap_err();
    let plain = Subject::new(TRAPS).compile(&Mode::new(DiagnosticsOptions::default()));
    Module::load(&plain, &Imports::new()).unwrap();
}

#[test]
fn features_choose_the_contents_of_frames() {
    let subject = Subject::new(TRAPS);
    let frames = |ip, trap_ip, func_idx| {
        let features = CallStackFeatures {
            ip,
            trap_ip,
            func_idx,
        };
        let mode = Mode::new(DiagnosticsOptions {
            call_stack_features: Some(features),
            ..CALL_STACK
        });
        subject.frames(&subject.run(&mode, &[], &["nested", "0"]))
    };
    let all = frames(true, true, true);
    let expected = [
        "divide divide",
        "inner inner",
        "outer outer",
        "nested nested",
    ];
    assert_eq!(all, expected);
    let ends = |frames: &[String]| -> Vec<bool> {
        std::iter::zip(frames, expected)
            .map(|(frame, expected)| frame.ends_with(expected.split_once(' ').unwrap().1))
            .collect()
    };
    assert_eq!(ends(&frames(true, false, true)), [false, true, true, true]);
    assert_eq!(
        ends(&frames(false, true, true)),
        [true, false, false, false]
    );
    assert_eq!(ends(&frames(false, false, true)), [false; 4]);
    let starts = |frame: &String| frame.starts_with("divide ");
    assert!(starts(&frames(false, false, true)[0]));
    assert!(!starts(&frames(true, true, false)[0]));
    assert_eq!(ends(&frames(true, true, false)), [true; 4]);
}

#[test]
fn a_full_frame_stack_is_an_exception() {
    let subject = Subject::new(TRAPS);
    for mode in all_modes(CALL_STACK) {
        let calls = [
            "recursion",
            "10",
            "+",
            "recursion",
            "100",
            "+",
            "recursion",
            "10",
        ];
        let printed = subject.run(&mode, &["--frames=40"], &calls);
        let exceptions: Vec<&str> = printed
            .lines()
            .filter(|line| line.starts_with("Exception"))
            .collect();
        let (fits, full) = (
            "Exception: unreachable",
            "Exception: wasm operand stack overflow",
        );
        assert_eq!(exceptions, [fits, full, fits], "{mode:?}");
        assert!(!printed.contains("frames are left"), "{mode:?}");
    }
}

/// Most functions of a chain do not check the end of the frame stack themselves.
#[test]
fn frames_never_pass_the_end_of_their_stack() {
    const LENGTH: usize = 40;
    let calls: String = (1..LENGTH)
        .map(|number| {
            let next = number + 1;
            // LLVM does not inline calls of a function that is called from many places.
            let twice = format!("call $f{next} call $nothing call $f{next}");
            format!(
                "(func $f{number} (param i32) (result i32) local.get 0
                   local.get 0 if (result i32) local.get 0 {twice} else local.get 0 call $f{next} end
                   i32.add)"
            )
        })
        .collect();
    let subject = Subject::new(&format!(
        r#"
        (module
          (import "host" "call_back" (func $call_back (param i32) (result i32)))
          (memory 1)
          (func (export "f") (param i32) (result i32) local.get 0 call $f1)
          {calls}
          (func $nothing (param i32) (result i32) local.get 0)
          (func $f{LENGTH} (param i32) (result i32) local.get 0 call $call_back)
          (func (export "callback") (param i32) (result i32)
            local.get 0 i32.load))"#
    ));
    for level in [OptLevel::O0, OptLevel::O3] {
        for software in [false, true] {
            let mode = Mode {
                level,
                software,
                ..Mode::new(CALL_STACK)
            };
            for frames in (1..LENGTH + 20).step_by(3) {
                let room = format!("--frames={frames}");
                let printed = subject.run(&mode, &[&room], &["f", "0"]);
                let full = printed.contains("wasm operand stack overflow");
                // The functions, the import and the function that it calls.
                let needed = LENGTH + 3;
                assert!(full || frames >= needed, "{mode:?}: {frames}\n{printed}");
                assert!(
                    !full || frames < needed + 16,
                    "{mode:?}: {frames}\n{printed}"
                );
            }
        }
    }
}

/// Frames of calls that have returned are gone, at every way out of a function.
#[test]
fn calls_that_return_leave_no_frames() {
    let subject = Subject::new(
        r#"
        (module
          (import "host" "dump" (func $dump))
          (func $early (param i32) (result i32)
            local.get 0
            if
              i32.const 1 return
            end
            local.get 0 i32.const 1 i32.add br 0)
          (func $pair (param i32) (result i32 i32) local.get 0 local.get 0)
          (func $switch (param i32) (result i32)
            i32.const 1 local.get 0 br_table 0 0)
          (func $tail (param i32) (result i32) local.get 0 return_call $early)
          (func (export "f") (param i32)
            local.get 0 call $early drop
            i32.const 0 call $early drop
            local.get 0 call $pair drop drop
            local.get 0 call $switch drop
            local.get 0 call $tail drop
            (;@dump;) call $dump))"#,
    );
    for mode in all_modes(CALL_STACK) {
        let printed = subject.run(&mode, &[], &["f", "1"]);
        assert_eq!(subject.frames(&printed), ["dump 0", "f dump"], "{mode:?}");
        assert!(!printed.contains("frames are left"), "{mode:?}");
    }
}

#[test]
fn profiles_count_calls() {
    let subject = Subject::new(
        r#"
        (module
          (import "host" "dump" (func $dump))
          (type $unary (func (param i32) (result i32)))
          (table 4 funcref)
          (elem (i32.const 1) $leaf $tail $leaf)
          (func $leaf (param i32) (result i32) local.get 0 i32.const 1 i32.add)
          (func $tail (param i32) (result i32) local.get 0 return_call $leaf)
          (func $fib (param i32) (result i32)
            local.get 0 i32.const 2 i32.lt_s
            if
              local.get 0 return
            end
            local.get 0 i32.const 1 i32.sub (;@first;) call $fib
            local.get 0 i32.const 2 i32.sub call $fib
            i32.add)
          (func $trap unreachable)
          (tag $tag)
          (func $throws throw $tag)
          (func $passes call $throws)
          (func $catches
            block
              try_table (catch $tag 0)
                call $passes
              end
            end)
          (func (export "f") (param i32) (result i32)
            i32.const 2 i32.const 1 call_indirect (type $unary) drop
            i32.const 2 i32.const 2 call_indirect (type $unary) drop
            i32.const 5 call $tail drop
            call $catches
            call $dump
            local.get 0 call $fib)
          (func (export "g") call $trap))"#,
    );
    let profile = DiagnosticsOptions {
        perf_profiling: true,
        ..DiagnosticsOptions::default()
    };
    let both = DiagnosticsOptions {
        call_stack: true,
        ..profile
    };
    for mode in all_modes(profile).into_iter().chain(all_modes(both)) {
        let calls = ["f", "6", "+", "g", "+", "f", "5"];
        let printed = subject.run(&mode, &["--profile"], &calls);
        let count = |function: &str| {
            let start = format!("  func {function}, ");
            let line = printed.lines().find_map(|line| line.strip_prefix(&start));
            let (_, count) = line?.split_once("execution count: ")?;
            Some(count.split_once(' ')?.0.parse::<u32>().unwrap())
        };
        for (function, expected) in [
            ("f", 2),
            ("dump", 2),
            // Twice directly, and at the end of the function behind it.
            ("leaf", 6),
            ("tail", 4),
            ("fib", 25 + 15),
            ("throws", 2),
            ("passes", 2),
            ("catches", 2),
            ("trap", 1),
            ("g", 1),
        ] {
            assert_eq!(
                count(function),
                Some(expected),
                "{mode:?}: {function}\n{printed}"
            );
        }
        assert!(!printed.contains("frames are left"), "{mode:?}");
        let frames = subject.frames(&printed);
        let names: Vec<&str> = frames
            .iter()
            .map(|frame| frame.split_once(' ').unwrap().0)
            .collect();
        assert_eq!(names, ["dump", "f", "trap", "g", "dump", "f"], "{mode:?}");
    }
}

#[test]
fn the_stack_is_measured() {
    // Each round of the recursion takes more stack than a few words.
    let subject = Subject::new(
        r#"
        (module
          (func $recursive (param i32) (result i32)
            local.get 0 i32.eqz
            if
              i32.const 0 return
            end
            local.get 0 local.get 0 i32.const 1 i32.sub call $recursive i32.add)
          (func (export "f") (param i32) (result i32) local.get 0 call $recursive)
          (func (export "twice") (param i32) (result i32)
            local.get 0 call $recursive drop
            i32.const 10 call $recursive))"#,
    );
    let measures = DiagnosticsOptions {
        memory_profiling: true,
        ..DiagnosticsOptions::default()
    };
    let left = |mode: &Mode, calls: &[&str]| -> Option<i64> {
        let printed = subject.run(mode, &["--stack"], calls);
        let line = printed.lines().last().unwrap();
        line.strip_prefix("native stack left: ")
            .unwrap()
            .parse()
            .ok()
    };
    let thumb = Mode {
        device: Device::find("thumbv7"),
        software: true,
        in_place: true,
        ..Mode::new(measures)
    };
    for mode in all_modes(measures).into_iter().chain([thumb]) {
        let at = |calls: &[&str]| left(&mode, calls).unwrap_or_else(|| panic!("{mode:?}"));
        let shallow = at(&["f", "10"]);
        let deep = at(&["f", "1010"]);
        // LLVM may inline a round into another.
        let each = (shallow - deep) / 1000;
        assert!((4..=200).contains(&each), "{mode:?}: {each} bytes each");
        // The lowest address of a call counts, not the last.
        assert!(at(&["twice", "1010"]) <= shallow - 4000, "{mode:?}");
        // The runtime alone sees where calls start.
        let without = Mode {
            diagnostics: DiagnosticsOptions::default(),
            ..mode.clone()
        };
        let at = |calls: &[&str]| left(&without, calls);
        assert_eq!(at(&["f", "10"]), at(&["f", "1010"]), "{mode:?}");
    }
}

#[test]
fn linux_perf_finds_the_functions() {
    // Functions call later ones, so that the order of their first uses is another than their own.
    let subject = Subject::new(
        r#"
        (module
          (import "host" "backtrace" (func $backtrace))
          (func (export "f") (param i32) (result i32)
            local.get 0 call $third i32.const 1 i32.add)
          (func $first (param i32) (result i32)
            call $backtrace local.get 0 i32.const 2 i32.mul)
          (func $second (param i32) (result i32)
            local.get 0 i32.const 0 call_indirect (param i32) (result i32) i32.const 3 i32.add)
          (func $third (param i32) (result i32)
            local.get 0 i32.const 1 call_indirect (param i32) (result i32) i32.const 4 i32.add)
          (table (export "table") funcref (elem $first $second))
          (func (export "last") (param i32) (result i32)
            local.get 0 call $first))"#,
    );
    let maps = DiagnosticsOptions {
        linux_perf: true,
        ..DiagnosticsOptions::default()
    };
    for mode in all_modes(maps) {
        let printed = subject.run(&mode, &["--linux-perf"], &["f", "1"]);
        let mut names: Vec<&str> = printed
            .lines()
            .filter(|it| it.starts_with("aot_func"))
            .collect();
        // The thunk of the import lies behind the last function, unless it is inlined.
        if names.first() == Some(&"aot_func#4") {
            names.remove(0);
        }
        // An entry of its own is a frame, too; an inlined function has none.
        names.dedup();
        let inlined = ["aot_func#1", "aot_func#2", "aot_func#0"];
        let all = ["aot_func#1", "aot_func#2", "aot_func#3", "aot_func#0"];
        assert!(names == all || names == inlined, "{mode:?}: {names:?}");
    }
}

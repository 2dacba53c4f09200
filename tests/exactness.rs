//! Corners of the semantics that the specification's scripts leave out and an optimiser takes for
//! free: each case here has gone wrong once.

use test_support::processors;
use wamr_host::{Error, Imports, Instance, InstanceOptions, Module, Val};
use wasmelt::Options;
use wasmelt::options::{Features, OptLevel, TargetOptions};

const LEVELS: [OptLevel; 5] = [
    OptLevel::O0,
    OptLevel::O1,
    OptLevel::O2,
    OptLevel::O3,
    OptLevel::Oz,
];

/// Compiles in each mode, for this machine's processor and for others, and shows the instances to
/// `check`.
#[track_caller]
fn in_every_mode(text: &str, check: impl Fn(&Instance, &str)) {
    let others = processors::others().into_iter().map(Some);
    for cpu in std::iter::once(None).chain(others) {
        for opt_level in LEVELS {
            in_mode(cpu, opt_level, text, &check);
        }
    }
}

/// Compiles with both kinds of bounds checks.
#[track_caller]
fn in_mode(cpu: Option<&str>, opt_level: OptLevel, text: &str, check: &impl Fn(&Instance, &str)) {
    let wasm = wat::parse_str(text).unwrap();
    for bounds_checks in [false, true] {
        let options = Options {
            target: TargetOptions {
                cpu: cpu.map(str::to_owned),
                ..TargetOptions::default()
            },
            opt_level,
            bounds_checks: Some(bounds_checks),
            features: Features {
                threads: true,
                tail_call: true,
                ..Features::default()
            },
            ..Options::default()
        };
        let cpu = cpu.unwrap_or("this processor");
        let mode = format!("{cpu}, {opt_level:?}, bounds checks {bounds_checks}");
        let artifact = wasmelt::compile(&wasm, &options).unwrap();
        let module = Module::load(&artifact.bytes, &Imports::new()).unwrap();
        let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
        check(&instance, &mode);
    }
}

const QUIET_F32: i32 = 0x7fe0_0000;

#[test]
fn signalling_constants_come_out_quiet() {
    let text = r#"(module
        (func (export "f32.add") (result i32)
          (i32.reinterpret_f32 (f32.add (f32.const nan:0x200000) (f32.const -0.0))))
        (func (export "f32.ceil") (result i32)
          (i32.reinterpret_f32 (f32.ceil (f32.const nan:0x200000))))
        (func (export "f32x4.add") (result i32)
          (i32x4.extract_lane 0
            (f32x4.add
              (v128.const i32x4 0x7fa00000 0 0 0)
              (v128.const i32x4 0x80000000 0 0 0))))
        (func (export "f32x4.ceil") (result i32)
          (i32x4.extract_lane 0 (f32x4.ceil (v128.const i32x4 0x7fa00000 0 0 0)))))"#;
    in_every_mode(text, |instance, mode| {
        for name in ["f32.add", "f32.ceil", "f32x4.add", "f32x4.ceil"] {
            let result = instance.call(name, &[]).unwrap();
            assert_eq!(result, [Val::I32(QUIET_F32)], "{name}, {mode}");
        }
    });
}

/// Any quiet NaN will do for a minimum, if one of its operands is a signalling one.
#[test]
fn minimum_of_a_signalling_constant_is_quiet() {
    let text = r#"(module
        (func (export "f32.min") (param f32) (result i32)
          (i32.reinterpret_f32 (f32.min (f32.const nan:0x200000) (local.get 0))))
        (func (export "f32x4.min") (param f32) (result i32)
          (i32x4.extract_lane 0
            (f32x4.min
              (v128.const i32x4 0x7fa00000 0 0 0)
              (f32x4.splat (local.get 0))))))"#;
    in_every_mode(text, |instance, mode| {
        for name in ["f32.min", "f32x4.min"] {
            let result = instance.call(name, &[Val::f32(1.0)]).unwrap();
            let [Val::I32(bits)] = result[..] else {
                panic!("{name} gives one i32, not {result:?}");
            };
            assert_eq!(bits & 0x7fc0_0000, 0x7fc0_0000, "{name}, {mode}: {bits:#x}");
        }
    });
}

/// The vectoriser makes one operation on two floats of these.
#[test]
fn neighbouring_floats_are_quieted() {
    let text = r#"(module (memory (export "memory") 1)
        (data (i32.const 0) "\00\00\a0\7f\00\00\a0\7f")
        (func (export "f") (param i32 i32)
          (f32.store (local.get 0)
            (f32.mul (f32.load (local.get 1)) (f32.const 1.0)))
          (f32.store offset=4 (local.get 0)
            (f32.mul (f32.load offset=4 (local.get 1)) (f32.const 1.0))))
        (func (export "g") (param i32 f32 f32)
          (f32.store (local.get 0) (f32.mul (local.get 1) (f32.const 1.0)))
          (f32.store offset=4 (local.get 0) (f32.mul (local.get 2) (f32.const 1.0)))))"#;
    let quiet = [0, 0, 0xe0, 0x7f, 0, 0, 0xe0, 0x7f];
    let signalling = Val::f32(f32::from_bits(0x7fa0_0000));
    in_every_mode(text, |instance, mode| {
        let memory = || instance.memory("memory").unwrap();
        instance.call("f", &[Val::I32(16), Val::I32(0)]).unwrap();
        assert_eq!(memory().read(16, 8).unwrap(), quiet, "{mode}");
        instance
            .call("g", &[Val::I32(32), signalling, signalling])
            .unwrap();
        assert_eq!(memory().read(32, 8).unwrap(), quiet, "{mode}");
    });
}

#[test]
fn atomics_out_of_bounds_trap_even_if_they_change_nothing() {
    let text = r#"(module (memory 1 1 shared)
        (func (export "load") (param i32) (drop (i32.atomic.load (local.get 0))))
        (func (export "or") (param i32)
          (drop (i32.atomic.rmw.or (local.get 0) (i32.const 0))))
        (func (export "add") (param i32)
          (drop (i64.atomic.rmw8.add_u (local.get 0) (i64.const 0))))
        (func (export "cmpxchg") (param i32)
          (drop (i32.atomic.rmw.cmpxchg (local.get 0) (i32.const 0) (i32.const 0))))
        (func (export "wait") (param i32)
          (drop (memory.atomic.wait32 (local.get 0) (i32.const 1) (i64.const 0))))
        (func (export "notify") (param i32)
          (drop (memory.atomic.notify (local.get 0) (i32.const 0)))))"#;
    in_every_mode(text, |instance, mode| {
        for name in ["load", "or", "add", "cmpxchg", "wait", "notify"] {
            instance.call(name, &[Val::I32(65532)]).unwrap();
            for address in [65536, -4] {
                let result = instance.call(name, &[Val::I32(address)]);
                let Err(Error::Trap(trap)) = &result else {
                    panic!("{name} at {address}, {mode}: {result:?}");
                };
                let exception = trap.exception();
                assert!(
                    exception.contains("out of bounds memory access"),
                    "{exception}"
                );
            }
        }
    });
}

/// A load of which only the low part is used still reads its last byte, or traps.
#[test]
fn a_load_that_crosses_the_end_traps_however_little_of_it_is_used() {
    // Name, body with the address in $a, bytes of the access.
    let cases = [
        ("wrap", "(i32.wrap_i64 (i64.load (local.get $a)))", 8),
        (
            "wrap of a sum",
            "(i32.wrap_i64 (i64.add (i64.load (local.get $a)) (i64.const 1)))",
            8,
        ),
        (
            "mask",
            "(i32.and (i32.const 0xff) (i32.load (local.get $a)))",
            4,
        ),
        (
            "shift left",
            "(i32.shl (i32.load (local.get $a)) (i32.const 24))",
            4,
        ),
        (
            "times 2^24",
            "(i32.mul (i32.load (local.get $a)) (i32.const 0x1000000))",
            4,
        ),
        (
            "modulo 256",
            "(i32.rem_u (i32.load (local.get $a)) (i32.const 256))",
            4,
        ),
        (
            "sign of a byte",
            "(i32.extend8_s (i32.load (local.get $a)))",
            4,
        ),
        (
            "rotated",
            "(i32.and (i32.const 0xff) (i32.rotr (i32.load (local.get $a)) (i32.const 8)))",
            4,
        ),
        (
            "first lane",
            "(i32x4.extract_lane 0 (v128.load (local.get $a)))",
            16,
        ),
        (
            "lane of a sum",
            "(i16x8.extract_lane_u 3
               (i16x8.add (v128.load (local.get $a)) (i16x8.splat (i32.const 1))))",
            16,
        ),
        (
            "low half",
            "(i16x8.extract_lane_u 0 (i16x8.extend_low_i8x16_s (v128.load (local.get $a))))",
            16,
        ),
        (
            "shuffled",
            "(i8x16.extract_lane_u 0
               (i8x16.shuffle 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
                 (v128.load (local.get $a)) (v128.load (i32.const 0))))",
            16,
        ),
        (
            "saturated lane",
            "(i8x16.extract_lane_u 0
               (i8x16.add_sat_u (v128.load (local.get $a)) (v128.load (i32.const 0))))",
            16,
        ),
        (
            "rotation stored in part",
            "(i32.store8 (i32.const 0) (i32.rotl (i32.load (local.get $a)) (i32.const 8)))
             (i32.const 0)",
            4,
        ),
        (
            "one lane stored",
            "(v128.store (i32.const 0)
               (v128.and (v128.load (local.get $a)) (v128.const i64x2 -1 0)))
             (i32.const 0)",
            16,
        ),
        (
            "lanes shifted and stored in part",
            "(v128.store64_lane 0 (i32.const 0)
               (i32x4.shr_u (v128.load (local.get $a)) (i32.const 16)))
             (i32.const 0)",
            16,
        ),
        (
            "low halves of lanes",
            "(i8x16.bitmask
               (i16x8.shl (v128.load (local.get $a)) (i32.const 8)))",
            16,
        ),
        (
            "sum of which a byte is used",
            "(local $i i32) (local $s i32)
             (loop $again
               (local.set $s (i32.add (local.get $s)
                 (i32.load8_u (local.get $i))))
               (local.set $s (i32.add (local.get $s)
                 (i32.load (i32.add (local.get $a) (i32.mul (local.get $i) (i32.const 0))))))
               (br_if $again (i32.lt_u
                 (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 9))))
             (i32.and (local.get $s) (i32.const 255))",
            4,
        ),
        (
            "sum on one way only",
            "(local $s i32)
             (local.set $s (i32.add (i32.load (local.get $a)) (i32.load (i32.const 4))))
             (if (result i32) (i32.load (i32.const 8))
               (then (local.get $s)) (else (i32.const 0)))",
            4,
        ),
    ];
    for (name, body, bytes) in cases {
        must_trap_past_the_end(name, body, bytes);
    }
}

/// Many conditions on one value are hidden from LLVM. A load whose value decides nothing stays all the same.
#[test]
fn a_load_behind_many_conditions_traps() {
    let conditions: String = (0..300)
        .map(|k| {
            format!(
                "(if (i32.eq (local.get $a) (i32.const {}))
                   (then (i32.store (i32.const {}) (local.get $a))))",
                7 * k + 3,
                4 * k
            )
        })
        .collect();
    for (name, load) in [
        ("table", "(block (br_table 0 0 (i32.load (local.get $a))))"),
        ("if", "(if (i32.load (local.get $a)) (then))"),
        ("branch", "(block (br_if 0 (i32.load (local.get $a))))"),
    ] {
        let body = format!("{conditions} {load} (i32.const 0)");
        must_trap_past_the_end(name, &body, 4);
    }
}

/// Calls a function with `body`, in every mode, with addresses of `bytes` bytes in memory and across its end.
///
/// # Panics
///
/// If a call in memory traps, or one across the end does not.
fn must_trap_past_the_end(name: &str, body: &str, bytes: i32) {
    let text =
        format!(r#"(module (memory 1) (func (export "f") (param $a i32) (result i32) {body}))"#);
    in_every_mode(&text, |instance, mode| {
        let last = 65536 - bytes;
        let inside = instance.call("f", &[Val::I32(last)]);
        assert!(inside.is_ok(), "{name}, {mode}: {inside:?}");
        for address in [last + 1, 65535] {
            let outside = instance.call("f", &[Val::I32(address)]);
            let trap = outside.as_ref().err().and_then(Error::trap);
            assert_eq!(
                trap.map(|trap| trap.message.as_str()),
                Some("out of bounds memory access"),
                "{name} at {address}, {mode}"
            );
        }
    });
}

/// Loads that lose their use late: when loops are unrolled, accesses of two widths become one, or code
/// is generated.
#[test]
fn loads_trap_whatever_becomes_of_their_use() {
    let text = r#"(module (memory 1)
        (func (export "amount of a rotation") (param $a i32) (result i32)
          (i32.rotl (i32.const 77) (i32.load (local.get $a))))
        (func (export "one lane of an and") (param $a i32) (result i32)
          (v128.store (i32.const 0)
            (i32x4.add (v128.const i32x4 1 2 3 4)
              (v128.and (v128.load (local.get $a)) (v128.const i32x4 -1 0 0 0))))
          (i32.const 0))
        (func (export "one lane of a product") (param $a i32) (result i32)
          (v128.store (i32.const 0)
            (i64x2.mul (v128.load (local.get $a)) (v128.const i64x2 1 0)))
          (i32.const 0))
        (func (export "selected bits") (param $a i32) (result i32)
          (v128.store (i32.const 0)
            (v128.bitselect (v128.load (local.get $a)) (v128.load (i32.const 64))
              (v128.const i32x4 255 0 0 0)))
          (i32.const 0))
        (func (export "low half by the other operand") (param $a i32) (result i32)
          (i32.wrap_i64
            (i64.and (i64.load (local.get $a)) (i64.load32_u (i32.const 8)))))
        (func (export "two widths") (param $a i32) (result i32)
          (drop (i64.load (local.get $a)))
          (i32.load (local.get $a)))
        (func (export "two widths on one way") (param $a i32) (result i32) (local $b i32)
          (drop (i64.load (local.get $a)))
          (local.set $b (i32.load (local.get $a)))
          (if (result i32) (i32.load (i32.const 8))
            (then (local.get $b)) (else (i32.const 0))))
        (func (export "sum on one way") (param $a i32) (result i32) (local $i i32) (local $s i32)
          (local.set $a (i32.sub (local.get $a) (i32.const 252)))
          (loop $again
            (local.set $s (i32.add (local.get $s) (i32.load (local.get $a))))
            (local.set $a (i32.add (local.get $a) (i32.const 4)))
            (br_if $again (i32.lt_u
              (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 64))))
          (if (result i32) (i32.load (i32.const 8))
            (then (local.get $s)) (else (i32.const 0))))
        (func (export "long sum on one way") (param $a i32) (result i32) (local $i i32) (local $s i32)
          (local.set $a (i32.sub (local.get $a) (i32.const 124)))
          (loop $again
            (local.set $s (i32.mul (i32.const 3)
              (i32.add (local.get $s) (i32.load (local.get $a)))))
            (local.set $s (i32.mul (i32.const 3)
              (i32.add (local.get $s) (i32.load offset=4 (local.get $a)))))
            (local.set $a (i32.add (local.get $a) (i32.const 8)))
            (br_if $again (i32.lt_u
              (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 16))))
          (if (result i32) (i32.load (i32.const 8))
            (then (local.get $s)) (else (i32.const 0))))
        (func (export "void in the first round") (param $a i32) (result i32) (local $i i32)
          (loop $again
            (i32.store (i32.shl (local.get $i) (i32.const 2))
              (i32.and (i32.sub (i32.const 0) (local.get $i)) (i32.load (local.get $a))))
            (local.set $a (i32.sub (local.get $a) (i32.const 4)))
            (br_if $again (i32.lt_u
              (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 16))))
          (i32.const 0))
        (func (export "sum that comes to nothing") (param $a i32) (result i32)
          (local $i i32) (local $s i64)
          (local.set $a (i32.sub (local.get $a) (i32.const 8)))
          (loop $again
            (local.set $s (i64.xor (i64.load (local.get $a))
              (i64.add (local.get $s) (i64.load (local.get $a)))))
            (local.set $a (i32.add (local.get $a) (i32.const 8)))
            (br_if $again (i32.lt_u
              (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 2))))
          (i32.wrap_i64 (local.get $s)))
        (func (export "condition of nothing") (param $a i32) (result i32) (local $b i32)
          (local.set $b (i32.load (i32.const 16)))
          (if (i32.load16_u (local.get $a)) (then (drop (i32.load (i32.const 16)))))
          (local.get $b))
        (func (export "search") (param $a i32) (result i32) (local $i i32)
          (block $found
            (loop $again
              (br_if $found (i32.load (local.get $a)))
              (local.set $a (i32.sub (local.get $a) (i32.const 4)))
              (br_if $again (i32.lt_u
                (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 16)))))
          (i32.const 0))
        (func (export "last value") (param $a i32) (result i32) (local $i i32) (local $v i32)
          (loop $again
            (local.set $v (i32.load (local.get $a)))
            (local.set $a (i32.sub (local.get $a) (i32.const 4)))
            (br_if $again (i32.lt_u
              (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 64))))
          (local.get $v))
        (func (export "last sum of two values") (param $a i32) (result i32)
          (local $i i32) (local $v i32) (local $s i32)
          (loop $again
            (local.set $s (i32.add (local.get $v) (i32.const 3)))
            (local.set $v (i32.load (local.get $a)))
            (local.set $a (i32.sub (local.get $a) (i32.const 4)))
            (br_if $again (i32.lt_u
              (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 64))))
          (i32.add (local.get $s) (local.get $v)))
        (func (export "sum void in the first round") (param $a i32) (result i32)
          (local $i i32) (local $s i32)
          (loop $again
            (local.set $s (i32.mul (local.get $i)
              (i32.add (local.get $s) (i32.load (local.get $a)))))
            (local.set $a (i32.sub (local.get $a) (i32.const 4)))
            (br_if $again (i32.lt_u
              (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 16))))
          (local.get $s)))"#;
    // Name, bytes of the access.
    let cases = [
        ("amount of a rotation", 4),
        ("one lane of an and", 16),
        ("one lane of a product", 16),
        ("selected bits", 16),
        ("low half by the other operand", 8),
        ("two widths", 8),
        ("two widths on one way", 8),
        ("sum on one way", 4),
        ("long sum on one way", 4),
        ("void in the first round", 4),
        ("sum that comes to nothing", 8),
        ("condition of nothing", 2),
        ("search", 4),
        ("last value", 4),
        ("last sum of two values", 4),
        ("sum void in the first round", 4),
    ];
    in_every_mode(text, |instance, mode| {
        for (name, bytes) in cases {
            let last = 65536 - bytes;
            let inside = instance.call(name, &[Val::I32(last)]);
            assert!(inside.is_ok(), "{name}, {mode}: {inside:?}");
            let outside = instance.call(name, &[Val::I32(last + 1)]);
            let trap = outside.as_ref().err().and_then(Error::trap);
            assert_eq!(
                trap.map(|trap| trap.message.as_str()),
                Some("out of bounds memory access"),
                "{name}, {mode}"
            );
        }
    });
}

/// What is loaded can be what was stored a moment ago: a constant that makes the operation an
/// identity.
#[test]
fn constants_that_pass_through_memory_do_not_unquiet() {
    let text = r#"(module (memory 1)
        (func (export "f") (param i32) (result i32)
          (f32.store (i32.const 0) (f32.const 1))
          (i32.store (i32.const 4) (local.get 0))
          (i32.reinterpret_f32
            (f32.mul (f32.load (i32.const 4)) (f32.load (i32.const 0))))))"#;
    in_every_mode(text, |instance, mode| {
        let result = instance.call("f", &[Val::I32(0x7fa0_0000)]).unwrap();
        assert_eq!(result, [Val::I32(QUIET_F32)], "{mode}");
    });
}

/// An offset beyond what any memory has is out of bounds at every index, even where the runtime's
/// guard pages end.
#[test]
fn offsets_beyond_the_guard_pages_trap() {
    let text = r#"(module (memory 1)
        (func (export "f") (param i32) (result i32)
          (i32x4.extract_lane 3 (v128.load offset=0xffffffff (local.get 0)))))"#;
    in_every_mode(text, |instance, mode| {
        for index in [0, -1] {
            let result = instance.call("f", &[Val::I32(index)]);
            let trap = result.as_ref().err().and_then(Error::trap);
            assert_eq!(
                trap.map(|trap| trap.message.as_str()),
                Some("out of bounds memory access"),
                "{index}, {mode}"
            );
        }
    });
}

/// Tail calls between functions with any number of parameters, some of them on the stack: values
/// arrive, and a million calls need no more stack than one.
#[test]
fn tail_calls_pass_parameters_on_the_stack() {
    for (from, to) in [(1, 6), (6, 20), (20, 6), (20, 20), (300, 1), (1, 300)] {
        let parameters = |count: usize| " i64".repeat(count);
        let sum = |count: usize| {
            (1..count).fold("(local.get 0)".to_owned(), |sum, index| {
                format!("(i64.add {sum} (i64.mul (local.get {index}) (i64.const {index})))")
            })
        };
        // Counts down in the first parameter; at the end, each gives a sum of all of its own.
        let function = |name: &str, own: usize, other: usize, element: usize| {
            let arguments: String = (1..other)
                .map(|index| format!(" (i64.const {index})"))
                .collect();
            format!(
                "(func ${name} (export \"{name}\") (param{}) (result i64)
                   (if (i64.eqz (local.get 0)) (then (return {})))
                   (return_call_indirect (param{}) (result i64)
                     (i64.sub (local.get 0) (i64.const 1)) {arguments} (i32.const {element})))",
                parameters(own),
                sum(own),
                parameters(other),
            )
        };
        let text = format!(
            "(module (table 2 funcref) (elem (i32.const 0) $a $b) {} {})",
            function("a", from, to, 1),
            function("b", to, from, 0),
        );
        let expected = |count: i64| Val::I64((1..count).map(|index| index * index).sum());
        in_every_mode(&text, |instance, mode| {
            for (steps, last) in [(1, to), (1_000_000, from), (1_000_001, to)] {
                let mut arguments = vec![Val::I64(steps)];
                arguments.extend((1..from as i64).map(Val::I64));
                let result = instance.call("a", &arguments);
                let expected = [expected(last as i64)];
                assert_eq!(
                    result.as_deref().ok(),
                    Some(&expected[..]),
                    "{from} to {to}, {steps} steps, {mode}: {result:?}"
                );
            }
        });
    }
}

/// A function with so many accesses is compiled without optimisation, whatever the level
/// (`wasmelt::partition`): dropped loads have to trap there as well.
#[test]
fn dropped_loads_trap_in_functions_too_large_to_optimise() {
    let stores = "(i32.store (i32.const 0) (i32.const 1))".repeat(20_000);
    let text = format!(
        r#"(module (memory 1)
            (func (export "run") (param i32) {stores} (drop (i32.load (local.get 0)))))"#
    );
    in_every_mode(&text, |instance, mode| {
        let result = instance.call("run", &[Val::I32(65_532)]);
        assert_eq!(result.unwrap(), [], "{mode}");
        let Err(Error::Trap(trap)) = instance.call("run", &[Val::I32(65_533)]) else {
            panic!("no trap, {mode}");
        };
        assert_eq!(trap.message, "out of bounds memory access", "{mode}");
    });
}

/// Raising an exception takes stack of its own, under a lock that the runtime's handler for stack
/// overflows wants too: where little is left, it must not end in waiting for ever.
#[test]
fn a_trap_on_a_nearly_full_stack_is_raised() {
    let text = r#"(module
        (func $down (export "down") (param i32) (result i32)
          (if (i32.eqz (local.get 0)) (then unreachable))
          (i32.add (call $down (i32.sub (local.get 0) (i32.const 1))) (local.get 0))))"#;
    let (done, waiting) = std::sync::mpsc::channel();
    // If it hangs, only the end of the process ends it.
    std::thread::spawn(move || {
        in_every_mode(text, |instance, mode| {
            let trap_at = |depth: i32| match instance.call("down", &[Val::I32(depth)]) {
                Err(Error::Trap(trap)) => trap.message,
                other => panic!("no trap but {other:?} in {depth} calls, {mode}"),
            };
            let is_deep = |depth| trap_at(depth) != "unreachable";
            let (mut shallow, mut deep) = (0, i32::MAX);
            while deep - shallow > 1 {
                let middle = shallow + (deep - shallow) / 2;
                *(if is_deep(middle) {
                    &mut deep
                } else {
                    &mut shallow
                }) = middle;
            }
            // The last calls before there is no room take less stack each than the runtime does.

            for depth in shallow - 600..deep + 10 {
                let message = trap_at(depth);
                let known = ["unreachable", "native stack overflow"].contains(&message.as_str());
                assert!(known, "{message} in {depth} calls, {mode}");
            }
        });
        done.send(()).unwrap();
    });
    waiting
        .recv_timeout(std::time::Duration::from_secs(300))
        .expect("every call ends, each with the right trap");
}

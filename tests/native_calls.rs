//! Direct calls of imported functions, on the real runtime: when they happen, and that nothing differs from
//! calls through `aot_invoke_native`.
//!
//! Tests see the way of a call by [`Module::spoil_invoke`]: from then on, `aot_invoke_native` fails for that
//! function, and only direct calls succeed.

use std::ffi::{CStr, CString, c_char, c_void};
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicU32, Ordering};

use wamr_host::{
    Error, FuncType, Imports, Instance, InstanceOptions, Module, Native, Val, ValType,
};
use wasmelt::Options;
use wasmelt::options::{NativeFunction, OptLevel, RuntimeOptions, TargetOptions};

#[repr(C)]
struct ExecEnv([u8; 0]);
#[repr(C)]
struct ModuleInstance([u8; 0]);

unsafe extern "C" {
    fn wasm_runtime_get_module_inst(exec_env: *mut ExecEnv) -> *mut ModuleInstance;
    fn wasm_runtime_get_function_attachment(exec_env: *mut ExecEnv) -> *mut c_void;
    fn wasm_runtime_set_exception(instance: *mut ModuleInstance, text: *const c_char);
    fn wasm_runtime_enlarge_memory(instance: *mut ModuleInstance, pages: u64) -> bool;
    fn wasm_runtime_addr_native_to_app(instance: *mut ModuleInstance, native: *const c_void)
    -> u64;
}

/// Every way to compile that changes how code calls.
fn modes() -> Vec<Options> {
    let mut modes = Vec::new();
    for bounds_checks in [false, true] {
        for opt_level in [OptLevel::O0, OptLevel::O3, OptLevel::Oz] {
            for in_place in [false, true] {
                modes.push(Options {
                    bounds_checks: Some(bounds_checks),
                    opt_level,
                    runtime: RuntimeOptions {
                        indirect_mode: in_place,
                        disable_llvm_intrinsics: in_place,
                        ..RuntimeOptions::default()
                    },
                    ..Options::default()
                });
            }
        }
    }
    // A host without the `wasm_c_api`.
    modes.push(Options {
        runtime: RuntimeOptions {
            c_api_imports: true,
            ..RuntimeOptions::default()
        },
        ..Options::default()
    });
    modes
}

struct Running {
    module: Module,
    instance: Instance,
}

impl Running {
    fn new(text: &str, imports: &Imports, options: &Options) -> Self {
        let wasm = wat::parse_str(text).unwrap();
        let artifact = wasmelt::compile(&wasm, options).unwrap();
        let module = Module::load(&artifact.bytes, imports).unwrap();
        let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
        Running { module, instance }
    }

    fn call(&self, name: &str, arguments: &[Val]) -> Result<Vec<Val>, String> {
        match self.instance.call(name, arguments) {
            Ok(results) => Ok(results),
            Err(Error::Trap(trap)) => Err(trap.message.clone()),
            Err(error) => panic!("{name}: {error}"),
        }
    }

    fn call_i32(&self, name: &str, arguments: &[i32]) -> Result<i32, String> {
        let arguments: Vec<Val> = arguments.iter().copied().map(Val::I32).collect();
        match self.call(name, &arguments)?.as_slice() {
            [Val::I32(value)] => Ok(*value),
            [] => Ok(0),
            other => panic!("{name} returned {other:?}"),
        }
    }
}

const UNLINKED: &str = "failed to call unlinked import function";

fn is_unlinked(result: &Result<i32, String>) -> bool {
    matches!(result, Err(message) if message.starts_with(UNLINKED))
}

/// A module that exports functions that call the built-in C library.
const C_LIBRARY: &str = r#"(module
    (import "env" "strcmp" (func $strcmp (param i32 i32) (result i32)))
    (import "env" "_strlen" (func $strlen (param i32) (result i32)))
    (import "env" "memcpy" (func $memcpy (param i32 i32 i32) (result i32)))
    (import "env" "abs" (func $unknown (param i32) (result i32)))
    (import "env" "clock" (func $clock (result i64)))
    (import "env" "exit" (func $exit (param i32)))
    (memory (export "memory") 1 1)
    (data (i32.const 16) "a string of more than thirty-two bytes\00")
    (data (i32.const 100) "a string of more than thirty-two bytez\00")
    (data (i32.const 65533) "end")
    (global $left (export "left") (mut i32) (i32.const 0))
    (func (export "strcmp") (param i32 i32) (result i32)
      (i32.sub (call $strcmp (local.get 0) (local.get 1)) (i32.const 0)))
    (func (export "strlen") (param i32) (result i32) (call $strlen (local.get 0)))
    (func (export "memcpy") (param i32 i32 i32) (result i32)
      (call $memcpy (local.get 0) (local.get 1) (local.get 2)))
    (func (export "unknown") (param i32) (result i32) (call $unknown (local.get 0)))
    (func (export "clock") (result i64) (call $clock))
    (func (export "exit") (param i32)
      (call $exit (local.get 0))
      (global.set $left (i32.const 1))))"#;

#[test]
fn the_built_in_c_library_is_called_directly() {
    for options in modes() {
        let running = Running::new(C_LIBRARY, &Imports::new(), &options);
        // All functions are decided on at the first call of any.
        assert_eq!(running.call_i32("strlen", &[16]), Ok(38), "{options:?}");
        for index in 0..6 {
            assert!(running.module.spoil_invoke(index));
        }
        assert_eq!(running.call_i32("strlen", &[16]), Ok(38), "{options:?}");
        assert_eq!(running.call_i32("strlen", &[54]), Ok(0));
        assert!(running.call_i32("strcmp", &[16, 100]).unwrap() < 0);
        assert!(running.call_i32("strcmp", &[100, 16]).unwrap() > 0);
        assert_eq!(running.call_i32("memcpy", &[200, 16, 39]), Ok(200));
        assert_eq!(running.call_i32("strcmp", &[16, 200]), Ok(0));
        assert!(matches!(running.call("clock", &[]).unwrap()[..], [Val::I64(time)] if time >= 0));
        // Everything that is not in memory as a whole goes the other way.
        for (name, arguments) in [
            ("strlen", &[65536][..]),
            ("strlen", &[-1]),
            ("strlen", &[65533]),
            ("strcmp", &[16, 65535]),
            ("strcmp", &[65535, 16]),
            ("memcpy", &[65536, 0, 1]),
            ("memcpy", &[0, 65530, 7]),
            ("memcpy", &[0, -1, 1]),
            ("memcpy", &[0, 1, -1]),
            ("unknown", &[1]),
        ] {
            let result = running.call_i32(name, arguments);
            assert!(
                is_unlinked(&result),
                "{options:?} {name} {arguments:?}: {result:?}"
            );
        }
    }
}

#[test]
fn the_runtime_s_own_traps_remain() {
    const OUTSIDE: &str = "out of bounds memory access";

    for options in modes() {
        let running = Running::new(C_LIBRARY, &Imports::new(), &options);
        for _ in 0..3 {
            for (name, arguments, expected) in [
                ("strlen", &[65536][..], Err(OUTSIDE)),
                ("strlen", &[65533], Err(OUTSIDE)),
                ("strcmp", &[65535, 16], Err(OUTSIDE)),
                ("memcpy", &[0, 65530, 6], Ok(0)),
                ("memcpy", &[0, 65530, 7], Err(OUTSIDE)),
                ("memcpy", &[65535, 0, 1], Ok(65535)),
                ("memcpy", &[0, -8, 7], Err(OUTSIDE)),
            ] {
                let result = running.call_i32(name, arguments);
                let result = result.as_ref().map(|value| *value).map_err(String::as_str);
                assert_eq!(result, expected, "{options:?} {name} {arguments:?}");
                // The end of memory keeps its byte that is not zero.
                running.call_i32("memcpy", &[65535, 16, 1]).unwrap();
            }
        }
    }
}

#[test]
fn exceptions_of_native_functions_unwind() {
    for options in modes() {
        let running = Running::new(C_LIBRARY, &Imports::new(), &options);
        for status in [3, 4, 5] {
            let result = running.call_i32("exit", &[status]);
            assert_eq!(result, Err(format!("env.exit({status})")), "{options:?}");
            assert_eq!(running.instance.global("left").unwrap(), Val::I32(0));
            running.module.spoil_invoke(5);
        }
        assert_eq!(running.call_i32("strlen", &[16]), Ok(38));
    }
}

/// A module that calls one function with the name and type of `strcmp`.
const STRCMP: &str = r#"(module
    (import "env" "strcmp" (func $strcmp (param i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "seven\00eight\00")
    (func (export "call") (param i32 i32) (result i32)
      (call $strcmp (local.get 0) (local.get 1))))"#;

/// Returns what the module gets from `native` in the first and the second call, and in the third after the
/// way through `aot_invoke_native` is spoilt.
fn three_calls(native: Native, options: &Options) -> [Result<i32, String>; 3] {
    let mut imports = Imports::new();
    // SAFETY: each test gives a function that fits.
    unsafe { imports.native("env", "strcmp", native) };
    let running = Running::new(STRCMP, &imports, options);
    let call = || running.call_i32("call", &[16, 22]);
    let first = [call(), call()];
    running.module.spoil_invoke(0);
    let [first, second] = first;
    [first, second, call()]
}

fn plain(function: *const c_void, signature: Option<&'static CStr>) -> Native {
    Native {
        function,
        signature,
        attachment: null_mut(),
        raw: false,
    }
}

/// Adds the first bytes of two strings and the attachment.
unsafe extern "C" fn first_bytes(env: *mut ExecEnv, left: *const u8, right: *const u8) -> i32 {
    // SAFETY: the runtime passes pointers to strings.
    unsafe {
        let attachment = wasm_runtime_get_function_attachment(env).addr() as i32;
        attachment + i32::from(*left) + i32::from(*right)
    }
}

const FIRST_BYTES: i32 = b's' as i32 + b'e' as i32;

#[test]
fn a_function_registered_anew_is_called_directly_if_it_takes_the_same() {
    for options in modes() {
        let results = three_calls(plain(first_bytes as *const _, Some(c"($$)i")), &options);
        assert_eq!(results, [const { Ok(FIRST_BYTES) }; 3], "{options:?}");
    }
}

#[test]
fn attachments_arrive() {
    for options in modes() {
        let mut native = plain(first_bytes as *const _, Some(c"($$)i"));
        native.attachment = std::ptr::without_provenance_mut(1000);
        let [first, second, third] = three_calls(native, &options);
        assert_eq!(first, Ok(FIRST_BYTES + 1000), "{options:?}");
        assert_eq!(second, Ok(FIRST_BYTES + 1000), "{options:?}");
        assert!(is_unlinked(&third), "{third:?}");
    }
}

/// The same in the raw convention, which passes addresses as they are.
unsafe extern "C" fn raw_sum(_: *mut ExecEnv, arguments: *mut u64) {
    // SAFETY: two arguments and a result.
    unsafe {
        let sum = *arguments.cast::<u32>() + *arguments.add(1).cast::<u32>();
        *arguments.cast() = sum;
    }
}

#[test]
fn raw_functions_get_their_array() {
    for options in modes() {
        // With a signature, the runtime converts addresses here, too.
        let native = Native {
            raw: true,
            ..plain(raw_sum as *const _, Some(c"(ii)i"))
        };
        let [first, second, third] = three_calls(native, &options);
        assert_eq!(first, Ok(38), "{options:?}");
        assert_eq!(second, Ok(38), "{options:?}");
        assert!(is_unlinked(&third), "{third:?}");

        let native = Native {
            raw: true,
            ..plain(raw_first_byte as *const _, Some(c"($$)i"))
        };
        let [first, second, third] = three_calls(native, &options);
        assert_eq!(first, Ok(i32::from(b's')), "{options:?}");
        assert_eq!(second, Ok(i32::from(b's')), "{options:?}");
        assert!(is_unlinked(&third), "{third:?}");
    }
}

/// Takes a string in the raw convention.
unsafe extern "C" fn raw_first_byte(_: *mut ExecEnv, arguments: *mut u64) {
    // SAFETY: the first argument is a pointer to a string.
    unsafe {
        let string = *arguments.cast::<*const u8>();
        *arguments.cast() = i32::from(*string);
    }
}

unsafe extern "C" fn sum(_: *mut ExecEnv, left: i32, right: i32) -> i32 {
    left + right
}

#[test]
fn another_signature_counts() {
    for options in modes() {
        for signature in [Some(c"(ii)i"), None] {
            let results = three_calls(plain(sum as *const _, signature), &options);
            let [first, second, third] = results;
            assert_eq!(first, Ok(38), "{options:?}");
            assert_eq!(second, Ok(38), "{options:?}");
            assert!(is_unlinked(&third), "{third:?}");
        }
        // Longer, shorter and of the same length.
        for signature in [c"(*$)i", c"($*)i", c"(**)i"] {
            let native = plain(first_bytes as *const _, Some(signature));
            let [first, second, third] = three_calls(native, &options);
            assert_eq!(first, Ok(FIRST_BYTES), "{options:?} {signature:?}");
            assert_eq!(second, Ok(FIRST_BYTES), "{options:?} {signature:?}");
            assert!(is_unlinked(&third), "{third:?}");
        }
    }
}

#[test]
fn several_results_arrive() {
    const TEXT: &str = r#"(module
        (import "env" "strcmp" (func $strcmp (param i32 i32) (result i32 i64)))
        (import "env" "strlen" (func $strlen (param i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "call") (param i32 i32) (result i32 i64)
          (drop (call $strlen (i32.const 0)))
          (call $strcmp (local.get 0) (local.get 1))))"#;
    let mut imports = Imports::new();
    let ty = FuncType {
        params: vec![ValType::I32; 2],
        results: vec![ValType::I32, ValType::I64],
    };
    imports.function("env", "strcmp", ty, |_, arguments| {
        let mut results = vec![arguments[1]];
        results.push(Val::I64(-7));
        Ok(results)
    });
    for options in modes() {
        let running = Running::new(TEXT, &imports, &options);
        for _ in 0..2 {
            let results = running.call("call", &[Val::I32(1), Val::I32(2)]).unwrap();
            assert_eq!(results, [Val::I32(2), Val::I64(-7)], "{options:?}");
        }
    }
}

#[test]
fn a_missing_function_traps_as_before() {
    // The runtime of the tests has no `pthread_self`.
    const TEXT: &str = r#"(module
        (import "env" "pthread_self" (func $self (result i32)))
        (import "env" "strlen" (func $strlen (param i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "strlen") (param i32) (result i32) (call $strlen (local.get 0)))
        (func (export "call") (result i32) (call $self)))"#;
    for options in modes() {
        let running = Running::new(TEXT, &Imports::new(), &options);
        for _ in 0..3 {
            let result = running.call_i32("call", &[]);
            assert!(is_unlinked(&result), "{options:?}: {result:?}");
        }
        assert_eq!(running.call_i32("strlen", &[0]), Ok(0));
        running.module.spoil_invoke(1);
        assert_eq!(running.call_i32("strlen", &[0]), Ok(0), "{options:?}");
    }
}

/// Makes memory grow, and with it move if code checks bounds.
unsafe extern "C" fn grow(env: *mut ExecEnv, pages: i32) -> i32 {
    // SAFETY: called with an environment.
    unsafe {
        let instance = wasm_runtime_get_module_inst(env);
        i32::from(wasm_runtime_enlarge_memory(instance, pages as u64))
    }
}

#[test]
fn memory_may_grow_in_a_native_function() {
    const TEXT: &str = r#"(module
        (import "env" "malloc" (func $grow (param i32) (result i32)))
        (import "env" "strlen" (func $strlen (param i32) (result i32)))
        (memory (export "memory") 1 400)
        (data (i32.const 8) "text\00")
        (func (export "call") (result i32)
          (local $at i32)
          (drop (call $grow (i32.const 1)))
          (drop (call $grow (i32.const 100)))
          (local.set $at (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)))
          (i32.store (local.get $at) (i32.const 0x6162))
          (drop (call $grow (i32.const 100)))
          (i32.add
            (i32.add (call $strlen (local.get $at)) (call $strlen (i32.const 8)))
            (i32.add (i32.load (local.get $at)) (i32.load8_u (i32.const 8))))))"#;
    let mut imports = Imports::new();
    // SAFETY: the function fits.
    unsafe { imports.native("env", "malloc", plain(grow as *const _, Some(c"(i)i"))) };
    for options in modes() {
        let running = Running::new(TEXT, &imports, &options);
        let result = running.call_i32("call", &[]);
        let expected = 2 + 4 + 0x6162 + i32::from(b't');
        assert_eq!(result, Ok(expected), "{options:?}");
    }
}

/// What the last call of `buffers` got, in 32-bit halves.
static SEEN: [AtomicU32; 6] = [const { AtomicU32::new(0) }; 6];

/// Notes addresses as the module sees them.
unsafe extern "C" fn buffers(
    env: *mut ExecEnv,
    buffer: *const u8,
    length: u32,
    byte: *const u8,
    string: *const c_char,
    number: i64,
) -> i64 {
    // SAFETY: called with an environment; the runtime has checked the pointers.
    unsafe {
        let instance = wasm_runtime_get_module_inst(env);
        let address = |pointer: *const c_void| match pointer.is_null() {
            true => u32::MAX,
            false => wasm_runtime_addr_native_to_app(instance, pointer) as u32,
        };
        let string_length = CStr::from_ptr(string).count_bytes() as u32;
        let seen = [
            address(buffer.cast()),
            length,
            address(byte.cast()),
            address(string.cast()),
            string_length,
            number as u32,
        ];
        for (place, value) in SEEN.iter().zip(seen) {
            place.store(value, Ordering::Relaxed);
        }
        if number == 13 {
            wasm_runtime_set_exception(instance, c"thirteen".as_ptr());
        }
    }
    number + 1
}

#[test]
fn every_argument_is_what_the_other_way_passes() {
    // The same function under two names, of which the compiler knows one.
    const TEXT: &str = r#"(module
        (import "host" "known" (func $known (param i32 i32 i32 i32 i64) (result i64)))
        (import "host" "unknown" (func $unknown (param i32 i32 i32 i32 i64) (result i64)))
        (memory (export "memory") 1 1)
        (data (i32.const 65520) "fifteen bytes..")
        (func (export "known") (param i32 i32 i32 i32 i64) (result i64)
          (call $known (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)))
        (func (export "unknown") (param i32 i32 i32 i32 i64) (result i64)
          (call $unknown (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4))))"#;
    let mut imports = Imports::new();
    for name in ["known", "unknown"] {
        let native = plain(buffers as *const _, Some(c"(*~*$I)I"));
        // SAFETY: the function fits.
        unsafe { imports.native("host", name, native) };
    }
    for mut options in modes() {
        options.native_functions.push(NativeFunction {
            module: "host".to_owned(),
            name: "known".to_owned(),
            signature: "(*~*$I)I".to_owned(),
        });
        let running = Running::new(TEXT, &imports, &options);
        let places = [
            0,
            1,
            4096,
            65519,
            65520,
            65534,
            65535,
            65536,
            65537,
            -1,
            i32::MIN,
        ];
        let lengths = [0, 1, 2, 16, 65535, 65536, -1];
        let mut direct = 0;
        for buffer in places {
            for length in lengths {
                for (byte, string, number) in [
                    (0, 0, 1),
                    (buffer, 65520, 13),
                    (65535, buffer, -5),
                    (length, length, i64::MAX - 1),
                ] {
                    let arguments = [
                        Val::I32(buffer),
                        Val::I32(length),
                        Val::I32(byte),
                        Val::I32(string),
                        Val::I64(number),
                    ];
                    let outcome = |name| {
                        for place in &SEEN {
                            place.store(0, Ordering::Relaxed);
                        }
                        let result = running.call(name, &arguments);
                        (result, SEEN.each_ref().map(|it| it.load(Ordering::Relaxed)))
                    };
                    let known = outcome("known");
                    direct += u32::from(known.0.is_ok());
                    assert_eq!(known, outcome("unknown"), "{options:?} {arguments:?}");
                }
            }
        }
        assert!(direct > 50, "only {direct} calls have succeeded");
        running.module.spoil_invoke(0);
        let arguments = [0, 1, 2, 3].map(Val::I32);
        let arguments = [&arguments[..], &[Val::I64(4)]].concat();
        assert_eq!(
            running.call("known", &arguments),
            Ok(vec![Val::I64(5)]),
            "{options:?}"
        );
    }
}

/// Numbers in registers of both kinds and on the stack.
unsafe extern "C" fn numbers(
    _: *mut ExecEnv,
    a: i32,
    b: i64,
    c: f32,
    d: f64,
    e: i64,
    f: i32,
    g: i64,
    h: i32,
    i: i64,
    j: i32,
) -> f64 {
    let integers = [i64::from(a), b, e, f.into(), g, h.into(), i, j.into()];
    let sum = integers.iter().fold(0, |sum, value| sum * 3 + value);
    sum as f64 + f64::from(c) * d
}

#[test]
fn numbers_of_all_types_arrive() {
    const TEXT: &str = r#"(module
        (import "host" "numbers"
          (func $f (param i32 i64 f32 f64 i64 i32 i64 i32 i64 i32) (result f64)))
        (func (export "call") (param i32) (result f64)
          (call $f (local.get 0) (i64.const -2) (f32.const 1.5) (f64.const 2.5) (i64.const 0x100000000)
            (i32.const -6) (i64.const 7) (i32.const 8) (i64.const -9) (i32.const 10))))"#;
    let signature = c"(iIfFIiIiIi)F";
    let mut imports = Imports::new();
    // SAFETY: the function fits.
    unsafe {
        imports.native(
            "host",
            "numbers",
            plain(numbers as *const _, Some(signature)),
        )
    };
    // SAFETY: a function of numbers only.
    let expected = unsafe {
        numbers(
            null::<ExecEnv>().cast_mut(),
            -1,
            -2,
            1.5,
            2.5,
            1 << 32,
            -6,
            7,
            8,
            -9,
            10,
        )
    };
    for mut options in modes() {
        options.native_functions.push(NativeFunction {
            module: "host".to_owned(),
            name: "numbers".to_owned(),
            signature: signature.to_str().unwrap().to_owned(),
        });
        let running = Running::new(TEXT, &imports, &options);
        for _ in 0..2 {
            let result = running.call("call", &[Val::I32(-1)]);
            assert_eq!(
                result,
                Ok(vec![Val::F64(expected.to_bits())]),
                "{options:?}"
            );
            running.module.spoil_invoke(0);
        }
    }
}

#[test]
fn every_function_has_its_own_answer() {
    // More functions than one hidden global has answers for, of which every third is another one.
    let names = [
        "strlen", "puts", "putchar", "isupper", "isalpha", "isspace", "isgraph", "isprint",
        "isdigit", "isxdigit", "tolower", "toupper", "isalnum", "atoi", "malloc", "free", "abort",
        "strdup",
    ];
    let mut text = "(module (memory (export \"memory\") 1)\n".to_owned();
    text.insert_str(
        8,
        &names
            .iter()
            .map(|name| {
                let result = if ["free", "abort"].contains(name) {
                    ""
                } else {
                    "(result i32)"
                };
                format!("(import \"env\" \"{name}\" (func ${name} (param i32) {result}))\n")
            })
            .collect::<String>(),
    );
    let called = [
        "isupper", "isalpha", "isdigit", "tolower", "toupper", "isalnum",
    ];
    for name in called {
        text += &format!(
            "(func (export \"{name}\") (param i32) (result i32) (call ${name} (local.get 0)))\n"
        );
    }
    text.push(')');
    let mut imports = Imports::new();
    for name in ["isalpha", "tolower", "isalnum"] {
        let name = CString::new(name).unwrap();
        let native = Native {
            attachment: std::ptr::without_provenance_mut(1),
            ..plain(attached as *const _, Some(c"(i)i"))
        };
        // SAFETY: the function fits.
        unsafe { imports.native("env", name.to_str().unwrap(), native) };
    }
    for options in modes() {
        let running = Running::new(&text, &imports, &options);
        let all = || called.map(|name| running.call_i32(name, &[i32::from(b'1')]));
        let first = all();
        for index in 0..names.len() {
            running.module.spoil_invoke(index as u32);
        }
        let second = all();
        for (position, (first, second)) in first.iter().zip(&second).enumerate() {
            if [1, 3, 5].contains(&position) {
                assert_eq!(*first, Ok(50), "{options:?} {}", called[position]);
                assert!(is_unlinked(second), "{options:?} {}", called[position]);
            } else {
                assert!(
                    first.is_ok() && first == second,
                    "{options:?} {}",
                    called[position]
                );
            }
        }
    }
}

unsafe extern "C" fn attached(env: *mut ExecEnv, value: i32) -> i32 {
    // SAFETY: called with an environment.
    value + unsafe { wasm_runtime_get_function_attachment(env) }.addr() as i32
}

/// The same on emulated devices, most of them with 32-bit pointers.
#[test]
fn devices_call_directly() {
    const TEXT: &str = r#"(module
        (import "agent" "spoil_invoke" (func $spoil (param i32)))
        (import "env" "strcmp" (func $strcmp (param i32 i32) (result i32)))
        (import "env" "snprintf" (func $snprintf (param i32 i32 i32 i32) (result i32)))
        (import "env" "clock_gettime" (func $clock (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "fd_seek"
          (func $seek (param i32 i64 i32 i32) (result i32)))
        (import "env" "clock" (func $time (result i64)))
        (memory (export "memory") 1)
        (data (i32.const 16) "a longer string than most\00")
        (data (i32.const 64) "a longer string than some\00")
        (data (i32.const 128) "%d\00")
        (data (i32.const 65533) "end")
        (func (export "spoil")
          (call $spoil (i32.const 1))
          (call $spoil (i32.const 2))
          (call $spoil (i32.const 3))
          (call $spoil (i32.const 4))
          (call $spoil (i32.const 5)))
        (func (export "strcmp") (param i32 i32) (result i32)
          (call $strcmp (local.get 0) (local.get 1)))
        (func (export "seek") (param i32 i64 i32 i32) (result i32)
          (call $seek (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
        (func (export "time") (result i64) (call $time))
        (func (export "print") (param i32 i32) (result i32)
          (i32.store (i32.const 256) (local.get 1))
          (call $snprintf (i32.const 1024) (local.get 0) (i32.const 128) (i32.const 256))))"#;
    let wasm = wat::parse_str(TEXT).unwrap();
    for device in wamr_devices::DEVICES {
        let program = wamr_devices::build::agent(device).unwrap();
        let agent = wamr_devices::Agent::start(device, &program).unwrap();
        for mut options in modes() {
            if options.bounds_checks != Some(true) && !device.hardware_bounds {
                continue;
            }
            options.target = TargetOptions {
                arch: Some(device.arch.to_owned()),
                abi: device.abi.map(str::to_owned),
                cpu: device.cpu.map(str::to_owned),
                cpu_features: device.cpu_features.map(str::to_owned),
            };
            let what = format!("{} {options:?}", device.name);
            let file = wasmelt::compile(&wasm, &options).unwrap().bytes;
            let imports = wamr_devices::Imports::default();
            let instance = agent.instantiate(&file, &imports).unwrap();
            let integers =
                |values: &[i32]| values.iter().copied().map(Val::I32).collect::<Vec<_>>();
            let call = |name: &str, arguments: &[i32]| instance.call(name, &integers(arguments));
            let both_ways = || {
                let equal = call("strcmp", &[16, 16]).unwrap();
                assert_eq!(equal, [Val::I32(0)], "{what}");
                let below = call("strcmp", &[16, 64]).unwrap();
                assert!(
                    matches!(below[..], [Val::I32(value)] if value < 0),
                    "{what}"
                );
                assert_eq!(
                    call("print", &[10, -1234]).unwrap(),
                    [Val::I32(5)],
                    "{what}"
                );
                assert_eq!(instance.read_memory(1024, 6).unwrap(), b"-1234\0", "{what}");
                let arguments = [Val::I32(77), Val::I64(-1), Val::I32(0), Val::I32(512)];
                // Bad file descriptor.
                assert_eq!(
                    instance.call("seek", &arguments).unwrap(),
                    [Val::I32(8)],
                    "{what}"
                );
                let time = instance.call("time", &[]).unwrap();
                assert!(matches!(time[..], [Val::I64(time)] if time >= 0), "{what}");
            };
            both_ways();
            for arguments in [[65533, 16], [16, 65533], [65536, 16], [16, -1]] {
                let trap = call("strcmp", &arguments).unwrap_err().to_string();
                assert!(
                    trap.contains("out of bounds memory access"),
                    "{what}: {trap}"
                );
            }
            call("spoil", &[]).unwrap();
            both_ways();
            let trap = call("strcmp", &[65533, 16]).unwrap_err().to_string();
            assert!(trap.contains(UNLINKED), "{what}: {trap}");
        }
    }
}

/// Code generators of every kind take the thunks, at every level.
#[test]
fn every_target_compiles_them() {
    let wasm = wat::parse_str(C_LIBRARY).unwrap();
    for arch in [
        "aarch64",
        "aarch64_be",
        "armv4",
        "armv7eb",
        "i386",
        "mips",
        "mipsel",
        "riscv32imac",
        "riscv64",
        "thumbv4t",
        "thumbv6m",
        "thumbv7em",
        "thumbv8m.main",
        "x86_64",
        "xtensa",
    ] {
        for opt_level in [OptLevel::O0, OptLevel::O3, OptLevel::Oz] {
            let options = Options {
                target: TargetOptions {
                    arch: Some(arch.to_owned()),
                    ..TargetOptions::default()
                },
                opt_level,
                runtime: RuntimeOptions {
                    indirect_mode: true,
                    disable_llvm_intrinsics: true,
                    ..RuntimeOptions::default()
                },
                ..Options::default()
            };
            if let Err(error) = wasmelt::compile(&wasm, &options) {
                panic!("{arch} {opt_level}: {error}");
            }
        }
    }
}

/// A native library as `iwasm` loads it. Its functions need the runtime, which the compiler has not.
const LIBRARY: &str = r#"
    #include <stdint.h>
    struct symbol { const char *symbol; void *function; const char *signature; void *attachment; };
    extern void *wasm_runtime_get_module_inst(void *exec_env);
    static int32_t twice(void *exec_env, int32_t value)
    { return wasm_runtime_get_module_inst(exec_env) ? 2 * value : 0; }
    static struct symbol symbols[] = {
        { "twice", twice, "(i)i", 0 },
        { "attached", twice, "(i)i", symbols },
        { "unsigned", twice, 0, 0 },
    };
    uint32_t get_native_lib(const char **module, struct symbol **out)
    { *module = "library"; *out = symbols; return COUNT; }
"#;

/// The function of the library that this process provides.
unsafe extern "C" fn twice(_: *mut ExecEnv, value: i32) -> i32 {
    2 * value
}

#[test]
fn native_libraries_are_asked_for_signatures() {
    const TEXT: &str = r#"(module
        (import "library" "twice" (func $twice (param i32) (result i32)))
        (import "library" "attached" (func $attached (param i32) (result i32)))
        (import "library" "unsigned" (func $unsigned (param i32) (result i32)))
        (func (export "twice") (param i32) (result i32) (call $twice (local.get 0)))
        (func (export "attached") (param i32) (result i32) (call $attached (local.get 0)))
        (func (export "unsigned") (param i32) (result i32) (call $unsigned (local.get 0))))"#;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("app.wasm"), wat::parse_str(TEXT).unwrap()).unwrap();
    std::fs::write(path("library.c"), LIBRARY).unwrap();
    std::fs::write(path("other.c"), "int other;").unwrap();
    std::fs::write(path("text.so"), "no library").unwrap();
    for (source, library, count) in [
        ("library.c", "library.so", "-DCOUNT=3"),
        ("library.c", "empty.so", "-DCOUNT=0"),
        ("other.c", "other.so", "-DCOUNT=0"),
    ] {
        let status = std::process::Command::new("cc")
            .args([
                "-shared",
                "-fPIC",
                "-Wl,-z,lazy",
                count,
                "-o",
                library,
                source,
            ])
            .current_dir(folder.path())
            .status();
        assert!(status.unwrap().success(), "{library}");
    }
    let compile = |options: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_wasmelt"))
            .args(options)
            .args(["-o", "app.aot", "app.wasm"])
            .current_dir(folder.path())
            .output()
            .unwrap()
    };
    let mut imports = Imports::new();
    for name in ["twice", "attached", "unsigned"] {
        let native = plain(twice as *const _, Some(c"(i)i"));
        // SAFETY: the function fits.
        unsafe { imports.native("library", name, native) };
    }
    for (options, direct) in [(&[][..], false), (&["--native-lib=./library.so"], true)] {
        let output = compile(options);
        assert!(output.status.success(), "{output:?}");
        let module = Module::load(&std::fs::read(path("app.aot")).unwrap(), &imports).unwrap();
        let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
        let running = Running { module, instance };
        for (index, name) in (0..).zip(["twice", "attached", "unsigned"]) {
            assert_eq!(running.call_i32(name, &[21]), Ok(42), "{name}");
            running.module.spoil_invoke(index);
            let is_direct = running.call_i32(name, &[21]) == Ok(42);
            assert_eq!(is_direct, direct && name == "twice", "{name}");
        }
    }
    std::fs::remove_file(path("app.aot")).unwrap();
    for (library, status, expected) in [
        (
            "./missing.so",
            1,
            "cannot load the native library ./missing.so: ",
        ),
        ("./text.so", 1, "cannot load the native library ./text.so: "),
        (
            "./other.so",
            1,
            "the native library ./other.so has no function `get_native_lib`",
        ),
        (
            "./empty.so",
            1,
            "`get_native_lib` of the native library ./empty.so returns no functions",
        ),
    ] {
        let output = compile(&[&format!("--native-lib={library}")]);
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{text}");
        assert!(text.contains(expected), "{text}");
        assert!(!path("app.aot").exists());
    }
    let nine = vec!["--native-lib=./library.so"; 9];
    assert!(compile(&nine[1..]).status.success());
    assert_eq!(compile(&nine).status.code(), Some(2));
}

/// Modules that import no function of a known name compile to the same code, without hidden globals.
#[test]
fn other_modules_do_not_pay() {
    const TEXT: &str = r#"(module
        (import "env" "unknown" (func $f (param i32) (result i32)))
        (import "env" "strlen" (func $strlen (param i64) (result i32)))
        (import "other" "strlen" (func $other (param i32) (result i32)))
        (import "env" "strcmp" (func $strcmp (param i32 i32) (result i32)))
        (global $g (mut i32) (i32.const 0))
        (func (export "call") (result i32)
          (i32.add
            (i32.add (call $f (i32.const 1)) (call $other (i32.const 2)))
            (i32.add (call $strlen (i64.const 3)) (call $strcmp (i32.const 4) (i32.const 5))))))"#;
    let wasm = wat::parse_str(TEXT).unwrap();
    let artifact = wasmelt::compile(&wasm, &Options::default()).unwrap();
    let file = wasmelt::aot::AotFile::parse(&artifact.bytes).unwrap();
    assert_eq!(file.init_data.globals.len(), 1);
}

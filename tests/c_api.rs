//! Calls of functions that a host links through the `wasm_c_api`, with and without
//! `RuntimeOptions::c_api_imports`, on the real runtime.
//!
//! With several results, only the fast calls return them all: so a test sees which way a call took.

use std::ffi::{CStr, c_void};
use std::ptr::null_mut;

use wasmelt::Options;
use wasmelt::options::{OptLevel, RuntimeOptions};

/// `wasm_byte_vec_t` and its like.
#[repr(C)]
struct Vector<T> {
    size: usize,
    data: *mut T,
    count: usize,
    element_size: usize,
    lock: *mut c_void,
}

impl<T> Vector<T> {
    fn of(values: &mut [T]) -> Self {
        Vector {
            size: values.len(),
            data: values.as_mut_ptr(),
            count: values.len(),
            element_size: size_of::<T>(),
            lock: null_mut(),
        }
    }
}

/// `wasm_val_t`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Value {
    kind: u8,
    padding: [u8; 7],
    bits: u64,
}

impl Value {
    fn new(kind: u8, bits: u64) -> Self {
        Value {
            kind,
            bits,
            ..Value::default()
        }
    }
}

const I32: u8 = 0;
const I64: u8 = 1;
const F32: u8 = 2;
const F64: u8 = 3;

type Pointer = *mut c_void;
type Callback = unsafe extern "C" fn(*const Vector<Value>, *mut Vector<Value>) -> Pointer;
type CallbackWithEnv =
    unsafe extern "C" fn(Pointer, *const Vector<Value>, *mut Vector<Value>) -> Pointer;

unsafe extern "C" {
    fn wasm_engine_new() -> Pointer;
    fn wasm_store_new(engine: Pointer) -> Pointer;
    fn wasm_module_new(store: Pointer, bytes: *const Vector<u8>) -> Pointer;
    fn wasm_module_delete(module: Pointer);
    fn wasm_valtype_new(kind: u8) -> Pointer;
    fn wasm_valtype_vec_new(out: *mut Vector<Pointer>, size: usize, data: *const Pointer);
    fn wasm_functype_new(params: *mut Vector<Pointer>, results: *mut Vector<Pointer>) -> Pointer;
    fn wasm_func_new(store: Pointer, ty: Pointer, callback: Callback) -> Pointer;
    fn wasm_func_new_with_env(
        store: Pointer,
        ty: Pointer,
        callback: CallbackWithEnv,
        env: Pointer,
        finalizer: Pointer,
    ) -> Pointer;
    fn wasm_func_as_extern(function: Pointer) -> Pointer;
    fn wasm_instance_new(
        store: Pointer,
        module: Pointer,
        imports: *const Vector<Pointer>,
        trap: *mut Pointer,
    ) -> Pointer;
    fn wasm_instance_exports(instance: Pointer, out: *mut Vector<Pointer>);
    fn wasm_instance_delete(instance: Pointer);
    fn wasm_extern_as_func(item: Pointer) -> Pointer;
    fn wasm_func_call(
        function: Pointer,
        arguments: *const Vector<Value>,
        results: *mut Vector<Value>,
    ) -> Pointer;
    fn wasm_trap_new(store: Pointer, message: *const Vector<u8>) -> Pointer;
    fn wasm_trap_message(trap: Pointer, out: *mut Vector<u8>);
}

/// Returns the sum of all parameters in each result; the n-th result has n added.
unsafe extern "C" fn sums(arguments: *const Vector<Value>, results: *mut Vector<Value>) -> Pointer {
    // SAFETY: the runtime passes as many values as the type has.
    unsafe {
        let arguments = std::slice::from_raw_parts((*arguments).data, (*arguments).count);
        let sum: i64 = arguments
            .iter()
            .map(|value| match value.kind {
                I32 => i64::from(value.bits as i32),
                I64 => value.bits as i64,
                F32 => f32::from_bits(value.bits as u32) as i64,
                _ => f64::from_bits(value.bits) as i64,
            })
            .sum();
        let results = std::slice::from_raw_parts_mut((*results).data, (*results).size);
        let kinds = [I32, I64, F32, F64];
        for (position, (result, kind)) in (0..).zip(results.iter_mut().zip(kinds)) {
            *result = value_of(kind, sum + position);
        }
    }
    null_mut()
}

fn value_of(kind: u8, number: i64) -> Value {
    let bits = match kind {
        I32 => u64::from(number as u32),
        I64 => number as u64,
        F32 => u64::from((number as f32).to_bits()),
        _ => (number as f64).to_bits(),
    };
    Value::new(kind, bits)
}

/// Returns its environment.
unsafe extern "C" fn environment(
    env: Pointer,
    _: *const Vector<Value>,
    results: *mut Vector<Value>,
) -> Pointer {
    // SAFETY: the type has one result.
    unsafe { *(*results).data = value_of(I32, env.addr() as i64) };
    null_mut()
}

/// Traps; its environment is the store.
unsafe extern "C" fn traps(
    store: Pointer,
    _: *const Vector<Value>,
    _: *mut Vector<Value>,
) -> Pointer {
    let mut message = *b"no more\0";
    // SAFETY: the runtime copies the message.
    unsafe { wasm_trap_new(store, &Vector::of(&mut message)) }
}

unsafe fn function_type(params: &[u8], results: &[u8]) -> Pointer {
    // SAFETY: the vectors take the types, and the function type takes the vectors.
    unsafe {
        let vector = |kinds: &[u8]| {
            let types: Vec<Pointer> = kinds.iter().map(|&kind| wasm_valtype_new(kind)).collect();
            let mut vector = Vector::of(&mut []);
            wasm_valtype_vec_new(&raw mut vector, types.len(), types.as_ptr());
            vector
        };
        let (mut params, mut results) = (vector(params), vector(results));
        wasm_functype_new(&raw mut params, &raw mut results)
    }
}

const TEXT: &str = r#"(module
    (import "env" "puts" (func $one (param i32) (result i32)))
    (import "host" "sums" (func $sums (param i32 i64 f32 f64) (result i32 i64 f32 f64)))
    (import "host" "environment" (func $environment (result i32)))
    (import "host" "traps" (func $traps (param i32)))
    (memory 1)
    (func (export "one") (param i32) (result i32) (call $one (local.get 0)))
    (func (export "sums") (param i32 i64 f32 f64) (result i32 i64 f32 f64)
      (call $sums (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
    (func (export "environment") (result i32) (call $environment))
    (func (export "traps") (result i32) (call $traps (i32.const 1)) (i32.const 1)))"#;

/// Calls export `index` and returns its results, or the message of its trap.
unsafe fn call(
    exports: &[Pointer],
    index: usize,
    arguments: &[Value],
    results: usize,
) -> Result<Vec<Value>, String> {
    let mut arguments = arguments.to_vec();
    let mut values = vec![Value::default(); results];
    // SAFETY: the caller has instances with these exports.
    unsafe {
        let function = wasm_extern_as_func(exports[index]);
        let trap = wasm_func_call(
            function,
            &Vector::of(&mut arguments),
            &mut Vector::of(&mut values),
        );
        if !trap.is_null() {
            let mut message = Vector::of(&mut []);
            wasm_trap_message(trap, &raw mut message);
            let text = CStr::from_ptr(message.data.cast()).to_string_lossy();
            return Err(text.into_owned());
        }
    }
    Ok(values)
}

#[test]
fn functions_of_the_c_api_are_called() {
    let wasm = wat::parse_str(TEXT).unwrap();
    // Prepares this thread for the runtime's signal handler.
    let _runtime = wamr_host::Runtime::get().unwrap();
    // SAFETY: one thread uses the C interface as its header says.
    unsafe {
        let engine = wasm_engine_new();
        let store = wasm_store_new(engine);
        for c_api_imports in [false, true] {
            for bounds_checks in [false, true] {
                for opt_level in [OptLevel::O0, OptLevel::O3] {
                    let options = Options {
                        bounds_checks: Some(bounds_checks),
                        opt_level,
                        runtime: RuntimeOptions {
                            c_api_imports,
                            ..RuntimeOptions::default()
                        },
                        ..Options::default()
                    };
                    check(store, &wasm, &options);
                }
            }
        }
    }
}

unsafe fn check(store: Pointer, wasm: &[u8], options: &Options) {
    let mut file = wasmelt::compile(wasm, options).unwrap().bytes;
    let fast = options.runtime.c_api_imports;
    // SAFETY: as the caller.
    unsafe {
        let module = wasm_module_new(store, &Vector::of(&mut file));
        assert!(!module.is_null());
        let env: Pointer = std::ptr::without_provenance_mut(4711);
        let one = function_type(&[I32], &[I32]);
        let all = function_type(&[I32, I64, F32, F64], &[I32, I64, F32, F64]);
        let environment_type = function_type(&[], &[I32]);
        let traps_type = function_type(&[I32], &[]);
        let functions = [
            wasm_func_new(store, one, sums),
            wasm_func_new(store, all, sums),
            wasm_func_new_with_env(store, environment_type, environment, env, null_mut()),
            wasm_func_new_with_env(store, traps_type, traps, store, null_mut()),
        ];
        let mut imports = functions.map(|function| wasm_func_as_extern(function));
        let mut trap = null_mut();
        let instance = wasm_instance_new(store, module, &Vector::of(&mut imports), &raw mut trap);
        assert!(!instance.is_null(), "{options:?}");
        let mut exports = Vector::of(&mut []);
        wasm_instance_exports(instance, &raw mut exports);
        let exports = std::slice::from_raw_parts(exports.data, exports.count);

        for _ in 0..2 {
            // A known name, but not the known function.
            let sum = call(exports, 0, &[value_of(I32, 70_000)], 1);
            assert_eq!(sum, Ok(vec![value_of(I32, 70_000)]), "{options:?}");
            let found = call(exports, 2, &[], 1);
            assert_eq!(found, Ok(vec![value_of(I32, 4711)]), "{options:?}");
            let trap = call(exports, 3, &[], 1).unwrap_err();
            assert!(trap.contains("no more"), "{options:?}: {trap}");
            let arguments = [
                value_of(I32, -1),
                value_of(I64, 1 << 33),
                value_of(F32, 100),
                value_of(F64, -1000),
            ];
            let sum = (1 << 33) - 901;
            let expected = [(I32, 0), (I64, 1), (F32, 2), (F64, 3)];
            let expected = expected.map(|(kind, more)| value_of(kind, sum + more));
            let found = call(exports, 1, &arguments, 4).unwrap();
            assert_eq!(found[0], expected[0], "{options:?}");
            assert_eq!(found[..] == expected, fast, "{options:?}: {found:?}");
        }
        wasm_instance_delete(instance);
        wasm_module_delete(module);
    }
}

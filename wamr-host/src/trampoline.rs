//! The machine code between a WebAssembly call and a [`HostFunction`].
//!
//! In: a call by the C calling convention as the runtime makes it for a native function without a
//! signature string (the execution environment first, then the parameters, then one pointer per
//! result beyond the first). Out: the first result in the register where that convention puts it,
//! the others through their pointers.
//!
//! The runtime has a second, "raw" convention that passes all arguments in an array, which would
//! need no machine code. It cannot serve: in 2.4.3 it copies no v128, reads the cells *after* an
//! external reference instead of the reference, and stores only the first of several results. The
//! ordinary convention passes everything, so one entry point here stores all argument registers
//! and lets Rust pick from them by the function's type.
//!
//! The pointers for further results come from the compiled code, through the runtime: whoever
//! calls `aot_invoke_native` for such a function appends them to the arguments, two cells each.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::ffi;
use crate::imports::{Caller, HostFunction};
use crate::value::{Val, ValType};

#[cfg(target_arch = "x86_64")]
const INTEGER_REGISTERS: usize = 6;
#[cfg(target_arch = "aarch64")]
const INTEGER_REGISTERS: usize = 8;
const VECTOR_REGISTERS: usize = 8;

/// What must be left of the stack for a host function to be called. An overflow inside of it would
/// be taken for one of compiled code, and the runtime's way out would leave Rust's frames behind.
const STACK_FOR_HOST: u32 = 32 * 1024;

/// What [`entry`] stores of a call. The machine code knows the offsets.
#[repr(C)]
struct Frame {
    /// Argument registers for floats and vectors; the first takes such a result.
    vectors: [[u8; 16]; VECTOR_REGISTERS],
    /// Argument registers for integers; the first takes such a result.
    integers: [u64; INTEGER_REGISTERS],
    /// The arguments beyond those, in slots of eight bytes, a v128 in two.
    stack: *const u64,
}

#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn entry() {
    std::arch::naked_asm!(
        "push rbp",
        "mov rbp, rsp",
        "sub rsp, 192",
        "movups [rsp], xmm0",
        "movups [rsp + 16], xmm1",
        "movups [rsp + 32], xmm2",
        "movups [rsp + 48], xmm3",
        "movups [rsp + 64], xmm4",
        "movups [rsp + 80], xmm5",
        "movups [rsp + 96], xmm6",
        "movups [rsp + 112], xmm7",
        "mov [rsp + 128], rdi",
        "mov [rsp + 136], rsi",
        "mov [rsp + 144], rdx",
        "mov [rsp + 152], rcx",
        "mov [rsp + 160], r8",
        "mov [rsp + 168], r9",
        "lea rax, [rbp + 16]",
        "mov [rsp + 176], rax",
        "mov rdi, rsp",
        "call {dispatch}",
        "mov rax, [rsp + 128]",
        "movups xmm0, [rsp]",
        "leave",
        "ret",
        dispatch = sym dispatch,
    )
}

#[cfg(target_arch = "aarch64")]
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn entry() {
    std::arch::naked_asm!(
        "stp x29, x30, [sp, #-16]!",
        "mov x29, sp",
        "sub sp, sp, #208",
        "stp q0, q1, [sp]",
        "stp q2, q3, [sp, #32]",
        "stp q4, q5, [sp, #64]",
        "stp q6, q7, [sp, #96]",
        "stp x0, x1, [sp, #128]",
        "stp x2, x3, [sp, #144]",
        "stp x4, x5, [sp, #160]",
        "stp x6, x7, [sp, #176]",
        "add x9, x29, #16",
        "str x9, [sp, #192]",
        "mov x0, sp",
        "bl {dispatch}",
        "ldr x0, [sp, #128]",
        "ldr q0, [sp]",
        "mov sp, x29",
        "ldp x29, x30, [sp], #16",
        "ret",
        dispatch = sym dispatch,
    )
}

/// The arguments of a call, in order.
struct Arguments<'a> {
    frame: &'a Frame,
    integers: usize,
    vectors: usize,
    stack: usize,
}

impl Arguments<'_> {
    /// # Safety
    /// The call has that many arguments.
    unsafe fn next_stack_slot(&mut self) -> u64 {
        // SAFETY: the caller of the native function has put the slot there.
        let slot = unsafe { self.frame.stack.add(self.stack).read() };
        self.stack += 1;
        slot
    }

    /// # Safety
    /// The next argument of the call is an integer, a reference or a pointer.
    unsafe fn next_integer(&mut self) -> u64 {
        if let Some(value) = self.frame.integers.get(self.integers) {
            self.integers += 1;
            return *value;
        }
        // SAFETY: past the registers, the argument is on the stack.
        unsafe { self.next_stack_slot() }
    }

    /// # Safety
    /// The next argument of the call is a float or a vector, in `slots` slots on the stack.
    unsafe fn next_vector(&mut self, slots: usize) -> [u8; 16] {
        if let Some(value) = self.frame.vectors.get(self.vectors) {
            self.vectors += 1;
            return *value;
        }
        let mut bytes = [0; 16];
        for half in bytes.chunks_exact_mut(8).take(slots) {
            // SAFETY: past the registers, the argument is on the stack.
            half.copy_from_slice(&unsafe { self.next_stack_slot() }.to_ne_bytes());
        }
        bytes
    }

    /// # Safety
    /// The next argument of the call is of type `ty`.
    unsafe fn next(&mut self, ty: ValType) -> Option<Val> {
        // SAFETY: passed on.
        let bytes = unsafe {
            match ty {
                ValType::F32 | ValType::F64 => self.next_vector(1),
                ValType::V128 => self.next_vector(2),
                ValType::I32 | ValType::I64 | ValType::FuncRef | ValType::ExternRef => {
                    let mut bytes = [0; 16];
                    bytes[..8].copy_from_slice(&self.next_integer().to_ne_bytes());
                    bytes
                }
            }
        };
        Val::from_bytes(ty, bytes)
    }
}

/// Calls the host function that the runtime has named as the attachment of the running call.
///
/// # Safety
/// `frame` describes a call the runtime makes of a function registered by this crate.
unsafe extern "C" fn dispatch(frame: *mut Frame) {
    // SAFETY: the frame lies in the stack frame of `entry`, which waits for this call. The first
    // argument is the execution environment, and its attachment is the `HostFunction` registered
    // with the import; the module that holds the import keeps it alive.
    unsafe {
        let frame = &mut *frame;
        let exec_env = frame.integers[0] as *mut ffi::ExecEnv;
        let function = &*ffi::wasm_runtime_get_function_attachment(exec_env).cast::<HostFunction>();
        let instance = ffi::wasm_runtime_get_module_inst(exec_env);
        if !ffi::wasm_runtime_detect_native_stack_overflow_size(exec_env, STACK_FOR_HOST) {
            // The exception is set.
            return;
        }
        // Neither a refused call nor a panic may unwind into compiled code.
        let outcome = catch_unwind(AssertUnwindSafe(|| call(frame, function, instance)))
            .unwrap_or_else(|_| Err(format!("native function {} panicked", function.name())));
        if let Err(message) = outcome {
            set_exception(instance, &message);
        }
    }
}

/// # Safety
/// As for [`dispatch`]; `function` is what the call is for, `instance` the one that calls.
unsafe fn call(
    frame: &mut Frame,
    function: &HostFunction,
    instance: *mut ffi::ModuleInstance,
) -> Result<(), String> {
    let ty = function.ty();
    let mut arguments = Arguments {
        frame,
        integers: 1,
        vectors: 0,
        stack: 0,
    };
    // SAFETY: the import has the function's type, or the module would not have been loaded.
    let args = ty
        .params
        .iter()
        .map(|ty| unsafe { arguments.next(*ty) })
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| {
            format!(
                "native function {} got a dangling reference",
                function.name()
            )
        })?;
    // SAFETY: after the parameters come the pointers for all results but the first.
    let pointers: Vec<_> = ty
        .results
        .iter()
        .skip(1)
        .map(|_| unsafe { arguments.next_integer() })
        .collect();

    // SAFETY: the instance is running, so it is alive.
    let mut caller = unsafe { Caller::new(instance) };
    let results = function.call(&mut caller, &args)?;

    let mut pointers = pointers.into_iter();
    for (i, result) in results.iter().enumerate() {
        // SAFETY: as above.
        let bytes = unsafe { result.to_bytes(instance) }
            .ok_or("the runtime has no index left for a reference")?;
        if i == 0 {
            frame.vectors[0] = bytes;
            frame.integers[0] = u64::from_ne_bytes(std::array::from_fn(|i| bytes[i]));
        } else if let Some(pointer) = pointers.next() {
            // SAFETY: the caller reserved room for a value of this type there, of any alignment.
            unsafe {
                std::ptr::copy_nonoverlapping(
                    bytes.as_ptr(),
                    pointer as *mut u8,
                    result.ty().size(),
                );
            }
        }
    }
    Ok(())
}

/// # Safety
/// `instance` is a live instance.
unsafe fn set_exception(instance: *mut ffi::ModuleInstance, message: &str) {
    let text: Vec<u8> = message
        .bytes()
        .filter(|byte| *byte != 0)
        .chain([0])
        .collect();
    // SAFETY: the text ends with a zero byte; the runtime copies what fits (about 115 bytes).
    unsafe { ffi::wasm_runtime_set_exception(instance, text.as_ptr().cast()) }
}

const _: () = {
    use std::mem::offset_of;
    assert!(offset_of!(Frame, vectors) == 0);
    assert!(offset_of!(Frame, integers) == 128);
    assert!(offset_of!(Frame, stack) == 128 + 8 * INTEGER_REGISTERS);
    assert!(
        size_of::<Frame>()
            <= if cfg!(target_arch = "x86_64") {
                192
            } else {
                208
            }
    );
};

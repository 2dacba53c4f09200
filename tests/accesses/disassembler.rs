//! LLVM's disassembler.

use std::ffi::{CStr, CString, c_char};

use inkwell::llvm_sys::disassembler::{
    LLVMCreateDisasmCPUFeatures, LLVMDisasmContextRef, LLVMDisasmDispose, LLVMDisasmInstruction,
    LLVMDisassembler_Option_AsmPrinterVariant, LLVMSetDisasmOptions,
};
use inkwell::targets::{InitializationConfig, Target};

/// A disassembler for one processor.
pub struct Disassembler(LLVMDisasmContextRef);

impl Disassembler {
    /// For a target of LLVM. x86 instructions come in Intel's syntax, which tells the width of an access.
    pub fn new(triple: &str, cpu: &str, features: &str) -> Disassembler {
        Target::initialize_all(&InitializationConfig::default());
        let [triple_text, cpu_text, features_text] =
            [triple, cpu, features].map(|text| CString::new(text).expect("no zero byte"));
        // SAFETY: three strings, and no callback.
        let context = unsafe {
            LLVMCreateDisasmCPUFeatures(
                triple_text.as_ptr(),
                cpu_text.as_ptr(),
                features_text.as_ptr(),
                std::ptr::null_mut(),
                0,
                None,
                None,
            )
        };
        assert!(!context.is_null(), "{triple} has a disassembler");
        if triple.starts_with("x86_64") {
            // SAFETY: the context lives.
            let done =
                unsafe { LLVMSetDisasmOptions(context, LLVMDisassembler_Option_AsmPrinterVariant) };
            assert_eq!(done, 1, "Intel's syntax is there");
        }
        Disassembler(context)
    }

    /// The first instruction of `code` and its size; `None` if there is none.
    pub fn instruction(&self, code: &[u8]) -> Option<(String, u64)> {
        let mut bytes = code[..code.len().min(32)].to_vec();
        let mut text = [0 as c_char; 256];
        // SAFETY: the buffers are as long as they are said to be; LLVM writes a string.
        unsafe {
            let size = LLVMDisasmInstruction(
                self.0,
                bytes.as_mut_ptr(),
                bytes.len() as u64,
                0,
                text.as_mut_ptr(),
                text.len(),
            );
            let text = CStr::from_ptr(text.as_ptr()).to_string_lossy();
            (size > 0).then(|| (text.trim().replace('\t', " "), size as u64))
        }
    }
}

impl Drop for Disassembler {
    fn drop(&mut self) {
        // SAFETY: nobody else has it.
        unsafe { LLVMDisasmDispose(self.0) }
    }
}

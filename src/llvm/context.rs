//! An LLVM context that collects LLVM's diagnostics.
//!
//! Frame sizes come as diagnostics: LLVM warns of every frame above a limit, which we set to zero. Collecting
//! errors also keeps LLVM from ending the process.

use std::ffi::{CStr, c_void};

use inkwell::context::{AsContextRef, Context};
use inkwell::llvm_sys::LLVMDiagnosticSeverity;
use inkwell::llvm_sys::core::{
    LLVMContextSetDiagnosticHandler, LLVMDisposeMessage, LLVMGetDiagInfoDescription,
    LLVMGetDiagInfoSeverity,
};
use inkwell::llvm_sys::prelude::LLVMDiagnosticInfoRef;
use inkwell::memory_buffer::MemoryBuffer;
use inkwell::module::Module as LlvmModule;

use super::objects::CodegenError;

/// An LLVM context that collects LLVM's diagnostics.
pub struct ReportingContext {
    // The context goes first, as its handler points to the reports.
    context: Context,
    reports: Box<Reports>,
}

/// The diagnostics so far.
#[derive(Default)]
struct Reports {
    frame_sizes: Vec<(String, u64)>,
    errors: Vec<String>,
}

impl Default for ReportingContext {
    fn default() -> Self {
        let context = Context::create();
        let mut reports = Box::<Reports>::default();
        let reports_pointer: *mut Reports = &mut *reports;
        // SAFETY: the box does not move and outlives the context; the handler is called on this
        // thread only, while code generation runs and nobody else looks at the reports.
        unsafe {
            LLVMContextSetDiagnosticHandler(
                (&context).as_ctx_ref(),
                Some(receive),
                reports_pointer.cast(),
            );
        }
        ReportingContext { context, reports }
    }
}

impl ReportingContext {
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Reads a module from bitcode that LLVM has written.
    pub fn read_bitcode(&self, bitcode: &[u8]) -> Result<LlvmModule<'_>, CodegenError> {
        let buffer = MemoryBuffer::create_from_memory_range_copy(bitcode, "partition");
        LlvmModule::parse_bitcode_from_buffer(&buffer, &self.context)
            .map_err(|message| CodegenError(message.to_string()))
    }

    /// Returns the errors that LLVM has reported.
    pub(super) fn errors(&self) -> &[String] {
        &self.reports.errors
    }

    /// Returns symbols of functions and the sizes of their frames in bytes, as LLVM has reported them.
    pub(super) fn frame_sizes(&self) -> &[(String, u64)] {
        &self.reports.frame_sizes
    }
}

/// Stores a diagnostic; LLVM calls this handler.
extern "C" fn receive(info: LLVMDiagnosticInfoRef, reports: *mut c_void) {
    // SAFETY: LLVM hands over the pointer that came with the handler, and a message to dispose of.
    let (reports, severity, text) = unsafe {
        let message = LLVMGetDiagInfoDescription(info);
        let text = CStr::from_ptr(message).to_string_lossy().into_owned();
        LLVMDisposeMessage(message);
        (
            &mut *reports.cast::<Reports>(),
            LLVMGetDiagInfoSeverity(info),
            text,
        )
    };
    match severity {
        LLVMDiagnosticSeverity::LLVMDSError => reports.errors.push(text),
        LLVMDiagnosticSeverity::LLVMDSWarning => reports.frame_sizes.extend(frame_size(&text)),
        LLVMDiagnosticSeverity::LLVMDSRemark | LLVMDiagnosticSeverity::LLVMDSNote => {}
    }
}

/// Reads `stack frame size (8) exceeds limit (0) in function 'aot_func#0'`.
fn frame_size(warning: &str) -> Option<(String, u64)> {
    let rest = warning.split_once("stack frame size (")?.1;
    let (size, rest) = rest.split_once(')')?;
    let name = rest.split_once("in function '")?.1.strip_suffix('\'')?;
    Some((name.to_owned(), size.parse().ok()?))
}

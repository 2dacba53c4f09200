//! Code generation: an optimised LLVM module in, a relocatable object out, with the size of each
//! function's frame.
//!
//! LLVM reports through a handler of ours. That is how frame sizes come (it warns of every frame
//! larger than a limit that we set to zero), and it keeps LLVM from ending the process at an error.

pub(crate) mod mips;
pub(crate) mod xtensa;

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
use inkwell::targets::{FileType, TargetMachine};

use crate::link::PartitionObject;
use crate::passes;
use crate::target::ObjectWriter;

/// LLVM could not generate code.
#[derive(Debug, thiserror::Error)]
#[error("LLVM cannot generate code: {0}")]
pub struct CodegenError(String);

/// An LLVM context whose diagnostics come to us.
pub struct ReportingContext {
    // The context goes first, as its handler points to the reports.
    context: Context,
    reports: Box<Reports>,
}

/// What LLVM has said so far.
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

    /// Reads a module that LLVM has written.
    pub fn read_bitcode(&self, bitcode: &[u8]) -> Result<LlvmModule<'_>, CodegenError> {
        let buffer = MemoryBuffer::create_from_memory_range_copy(bitcode, "partition");
        LlvmModule::parse_bitcode_from_buffer(&buffer, &self.context)
            .map_err(|message| CodegenError(message.to_string()))
    }

    /// Generates code for `module`, which belongs to this context.
    pub fn generate(
        &self,
        module: &LlvmModule,
        machine: &TargetMachine,
        objects: ObjectWriter,
    ) -> Result<PartitionObject, CodegenError> {
        if objects == ObjectWriter::WithoutPrivateFunctions {
            mips::reach_functions(module);
            passes::prepare_for_mips(module);
        }
        let object = match objects {
            ObjectWriter::Assembly => {
                passes::prepare_for_xtensa(module);
                xtensa::object(module, machine)
            }
            ObjectWriter::Direct | ObjectWriter::WithoutPrivateFunctions => machine
                .write_to_memory_buffer(module, FileType::Object)
                .map_err(|message| message.to_string()),
        };
        let buffer = object.map_err(|message| CodegenError(message.to_string()))?;
        if let Some(error) = self.reports.errors.first() {
            return Err(CodegenError(error.clone()));
        }
        // LLVM warns of frames larger than the limit: of an empty one it says nothing.
        let mut frame_sizes: Vec<_> = module
            .get_functions()
            .filter(|function| function.count_basic_blocks() > 0)
            .map(|function| (function.get_name().to_string_lossy().into_owned(), 0))
            .collect();
        frame_sizes.extend_from_slice(&self.reports.frame_sizes);
        Ok(PartitionObject {
            elf: buffer.as_slice().to_vec(),
            frame_sizes,
        })
    }
}

/// The handler that LLVM calls.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::{OptLevel, TargetOptions};
    use crate::target::Target;

    #[test]
    fn frame_sizes_are_reported() {
        let ir = r#"
            declare void @use(ptr)
            define void @"aot_func#0"() "warn-stack-size"="0" {
              %area = alloca [1000 x i8]
              call void @use(ptr %area)
              ret void
            }
            define i32 @"aot_func#1"(i32 %x) "warn-stack-size"="0" {
              ret i32 %x
            }
        "#;
        let reporting = ReportingContext::default();
        let buffer = MemoryBuffer::create_from_memory_range_copy(ir.as_bytes(), "test");
        let module = reporting
            .context()
            .create_module_from_ir(buffer)
            .expect("the IR is valid");
        let machine = Target::resolve(&TargetOptions::default())
            .and_then(|target| target.machine(OptLevel::O3))
            .expect("the host is a target");
        let object = reporting
            .generate(&module, &machine, ObjectWriter::Direct)
            .expect("the code is simple");
        let largest = |symbol: &str| {
            let sizes = object.frame_sizes.iter();
            sizes
                .filter_map(|(name, size)| (name == symbol).then_some(*size))
                .max()
        };
        let size = largest("aot_func#0").expect("its size is told");
        assert!((1000..1100).contains(&size), "{size}");
        assert_eq!(largest("aot_func#1"), Some(0), "an empty frame");
        assert_eq!(largest("use"), None, "defined elsewhere");
    }
}

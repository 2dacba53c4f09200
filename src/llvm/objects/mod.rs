//! Generates code: compiles optimised IR to a relocatable object, with the size of each function's frame.

mod external;
mod xtensa;

use inkwell::module::Module as LlvmModule;
use inkwell::targets::{FileType, TargetMachine};

#[cfg(test)]
pub use xtensa::object as xtensa_object;

use super::context::ReportingContext;
use crate::options::ExternalCompiler;

/// LLVM could not generate code.
#[derive(Debug, thiserror::Error)]
#[error("LLVM cannot generate code: {0}")]
pub struct CodegenError(pub(super) String);

/// How LLVM writes correct objects for a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ObjectWriter {
    /// LLVM writes the object directly.
    Direct,
    /// LLVM writes the object directly, of a module without private functions
    /// (`passes::workarounds::mips_functions` says why).
    WithoutPrivateFunctions,
    /// LLVM prints assembly, which is then assembled ([`xtensa`] says why).
    Assembly,
}

/// The result of code generation for a module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObjectFile {
    /// A relocatable ELF object.
    pub elf: Vec<u8>,
    /// Functions with code, by symbol, and the sizes of their frames in bytes as LLVM reports them. A
    /// function may occur more than once; the largest size counts.
    pub frame_sizes: Vec<(String, u64)>,
}

impl ReportingContext {
    /// Generates code for `module`. The module belongs to this context, and `passes::adapt_to_object_writer` has prepared it
    /// for `objects`. If an external compiler is given, it makes the object.
    pub fn generate(
        &self,
        module: &LlvmModule,
        machine: &TargetMachine,
        objects: ObjectWriter,
        external: Option<&ExternalCompiler>,
    ) -> Result<ObjectFile, CodegenError> {
        if let Some(compiler) = external {
            let mut object = external::object(module, machine, compiler)?;
            self.check()?;
            object.frame_sizes.extend(self.frame_sizes_of(module));
            return Ok(object);
        }
        let object = match objects {
            ObjectWriter::Assembly => xtensa::object(module, machine),
            ObjectWriter::Direct | ObjectWriter::WithoutPrivateFunctions => machine
                .write_to_memory_buffer(module, FileType::Object)
                .map_err(|message| message.to_string()),
        };
        let buffer = object.map_err(CodegenError)?;
        self.check()?;
        Ok(ObjectFile {
            elf: buffer.as_slice().to_vec(),
            frame_sizes: self.frame_sizes_of(module),
        })
    }

    /// Fails if LLVM has reported an error.
    fn check(&self) -> Result<(), CodegenError> {
        match self.errors().first() {
            Some(error) => Err(CodegenError(error.clone())),
            None => Ok(()),
        }
    }

    /// Returns the functions of `module` that have code, and the sizes of their frames that LLVM has reported.
    fn frame_sizes_of(&self, module: &LlvmModule) -> Vec<(String, u64)> {
        // LLVM warns of frames larger than the limit: of an empty one it says nothing.
        let mut frame_sizes: Vec<_> = module
            .get_functions()
            .filter(|function| function.count_basic_blocks() > 0)
            .map(|function| (function.get_name().to_string_lossy().into_owned(), 0))
            .collect();
        frame_sizes.extend_from_slice(self.frame_sizes());
        frame_sizes
    }
}

#[cfg(test)]
mod tests {
    use inkwell::memory_buffer::MemoryBuffer;

    use super::*;
    use crate::options::{OptLevel, TargetOptions};
    use crate::targets::Target;

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
            .and_then(|target| Ok(target.machine.create(OptLevel::O3)?))
            .expect("the host is a target");
        let object = reporting
            .generate(&module, &machine, ObjectWriter::Direct, None)
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

//! Keeps the base of the segment register GS equal to the base of linear memory, for accesses that use it
//! (`passes::segue` rewrites them).
//!
//! The register belongs to the thread: other code that runs on it may use it for another memory. Code therefore
//! compares it with the memory's base in every entry from the runtime, directly after every call that leaves
//! compiled code, and after the memory may have moved. So it is right whenever compiled code runs, also after an
//! import that ends with an exception. Reading the register takes a few cycles, writing takes dozens, so
//! code writes only what differs. A runtime that sets the register (`os_writegsbase` in `aot_runtime.c`) sets
//! the same value; no runtime has to.
//!
//! The instructions need a processor with FSGSBASE and a kernel that permits them: Linux 5.9 or later.

use inkwell::IntPredicate;
use inkwell::types::FunctionType;
use inkwell::values::{BasicMetadataValueEnum, CallSiteValue};

use super::error::Result;
use super::function::FunctionEmitter;

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Points GS at linear memory, if accesses use it and it points elsewhere. Nothing before this in the
    /// function may rely on the instance that the emitter has loaded.
    pub fn restore_segment(&mut self) -> Result<()> {
        if self.plan().memory.segue.is_none() {
            return Ok(());
        }
        if self.instance == self.exec_env {
            // A thunk does without the instance so far.
            self.load_instance()?;
        }
        let word = self.types().i64;
        let base = self.memory_base(self.first_memory())?;
        let base = self.builder().build_ptr_to_int(base, word, "")?;
        let read = word.fn_type(&[], false);
        let found = self
            .assembly(read, "rdgsbase $0", "=r", &[])?
            .try_as_basic_value()
            .expect_basic("the assembly has a result")
            .into_int_value();
        let [other, done] = ["other_segment", "segment"].map(|name| self.append_block(name));
        let differs = self
            .builder()
            .build_int_compare(IntPredicate::NE, found, base, "")?;
        self.unlikely_branch(differs, other, done)?;
        self.builder().position_at_end(other);
        let write = self
            .types()
            .context
            .void_type()
            .fn_type(&[word.into()], false);
        self.assembly(write, "wrgsbase $0", "r,~{memory}", &[base.into()])?;
        self.builder().build_unconditional_branch(done)?;
        self.builder().position_at_end(done);
        Ok(())
    }

    /// Emits a piece of assembly that LLVM neither deletes nor moves.
    fn assembly(
        &self,
        ty: FunctionType<'ctx>,
        code: &str,
        constraints: &str,
        arguments: &[BasicMetadataValueEnum<'ctx>],
    ) -> Result<CallSiteValue<'ctx>> {
        let context = self.types().context;
        let (code, constraints) = (code.to_owned(), constraints.to_owned());
        let assembly = context.create_inline_asm(ty, code, constraints, true, false, None, false);
        Ok(self
            .builder()
            .build_indirect_call(ty, assembly, arguments, "")?)
    }
}

//! Loads and stores hidden globals, by their purpose.
//!
//! Their alias tag is their own: no store to linear memory or to a global of the module reaches them.

use inkwell::values::{BasicValue, BasicValueEnum, InstructionValue, PointerValue};

use super::error::Result;
use super::function::FunctionEmitter;
use super::variable::GLOBAL_ALIGNMENT;
use crate::abi::{HiddenPurpose, layout};
use crate::plan::Signal;

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Returns the address of a hidden global, which the plan has.
    pub fn hidden_address(&self, purpose: HiddenPurpose) -> Result<PointerValue<'ctx>> {
        let offset = self.plan().layout.hidden(purpose);
        let offset =
            offset.unwrap_or_else(|| unreachable!("the plan has a global for {purpose:?}"));
        // Not the function's own copy of the address, which would take a register in the whole function.
        let field = layout::exec_env::module_inst(self.plan().target.pointer_width);
        let instance = self.load_runtime_pointer(self.exec_env, field, true)?;
        self.field(instance, offset)
    }

    /// Loads a value of type `ty` from the hidden global.
    pub fn load_hidden(
        &self,
        purpose: HiddenPurpose,
        ty: impl inkwell::types::BasicType<'ctx>,
    ) -> Result<BasicValueEnum<'ctx>> {
        let address = self.hidden_address(purpose)?;
        let value = self.builder().build_load(ty, address, "")?;
        if let Some(load) = value.as_instruction_value() {
            let _ = load.set_alignment(GLOBAL_ALIGNMENT);
            self.tag(load, self.tags().hidden);
        }
        Ok(value)
    }

    /// Stores `value` in the hidden global.
    pub fn store_hidden(&self, purpose: HiddenPurpose, value: impl BasicValue<'ctx>) -> Result<()> {
        let address = self.hidden_address(purpose)?;
        let store = self.builder().build_store(address, value)?;
        let _ = store.set_alignment(GLOBAL_ALIGNMENT);
        self.tag(store, self.tags().hidden);
        let keeps = match purpose {
            HiddenPurpose::PendingTag => self.plan().exceptions.signal != Signal::Flag,
            HiddenPurpose::MemoryBytes(_) | HiddenPurpose::DroppedSegment(_) => true,
            _ => false,
        };
        if keeps {
            self.keep_across_traps(store);
        }
        Ok(())
    }

    /// Keeps LLVM from deleting `store`, which a later one overwrites, or from moving it across an access that traps:
    /// with hardware bounds checks, LLVM does not see that the access can end the function, and the instance lives
    /// on.
    pub fn keep_across_traps(&self, store: InstructionValue<'ctx>) {
        if !self.plan().memory.software_bounds {
            let _ = store.set_volatile(true);
        }
    }
}

//! Traps: one cold block for each exception that a function raises, shared by all its causes.

use inkwell::IntPredicate;
use inkwell::basic_block::BasicBlock;
use inkwell::values::{BasicValue, BasicValueEnum, IntValue, PhiValue};

use super::error::Result;
use super::function::FunctionEmitter;
use super::raise_message::Message;
use super::types::split_results;
use crate::abi::{Exception, layout};

/// The block that returns the result and the flag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exit<'ctx> {
    block: BasicBlock<'ctx>,
    result: Option<PhiValue<'ctx>>,
    flag: PhiValue<'ctx>,
}

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Returns the block that raises `exception` and returns.
    pub fn trap_block(&mut self, exception: Exception) -> Result<BasicBlock<'ctx>> {
        if let Some(&block) = self.traps.get(&exception) {
            return Ok(block);
        }
        let here = self.current_block();
        let block = self.append_block("trap");
        self.builder().position_at_end(block);
        self.begin_trap_frame()?;
        let id = self.i32_const(exception.id());
        self.unit
            .call_raise(self.builder(), self.exec_env, self.instance, id)?;
        self.return_default()?;
        self.builder().position_at_end(here);
        self.traps.insert(exception, block);
        Ok(block)
    }

    /// Returns the block that returns because an exception has been raised elsewhere.
    pub fn unwind_block(&mut self) -> Result<BasicBlock<'ctx>> {
        if let Some(block) = self.unwind {
            return Ok(block);
        }
        let here = self.current_block();
        let block = self.append_block("unwind");
        self.builder().position_at_end(block);
        self.return_default()?;
        self.builder().position_at_end(here);
        self.unwind = Some(block);
        Ok(block)
    }

    /// Raises `exception` if `condition` holds; otherwise continues in a new block.
    pub fn trap_if(&mut self, condition: IntValue<'ctx>, exception: Exception) -> Result<()> {
        let trap = self.trap_site(exception)?;
        let next = self.append_block("next");
        self.builder()
            .build_conditional_branch(condition, trap, next)?;
        self.builder().position_at_end(next);
        Ok(())
    }

    /// Returns from the function if the preceding call has raised an exception.
    pub fn return_on_exception(&mut self) -> Result<()> {
        if !self.plan().memory.tests_exceptions() {
            return Ok(());
        }
        let raised = self.is_raised()?;
        self.unwind_if(raised)
    }

    /// Returns from the function if a call of the runtime has raised an exception in compiled code or the host: `ok`
    /// is then false. With hardware bounds checks, the runtime has unwound by itself.
    pub fn unwind_unless_ok(&mut self, ok: IntValue<'ctx>) -> Result<()> {
        if !self.plan().memory.tests_exceptions() {
            return Ok(());
        }
        let zero = ok.get_type().const_zero();
        let failed = self
            .builder()
            .build_int_compare(IntPredicate::EQ, ok, zero, "")?;
        self.unwind_if(failed)
    }

    /// Returns from the function if `condition` holds; otherwise continues in a new block.
    fn unwind_if(&mut self, condition: IntValue<'ctx>) -> Result<()> {
        let unwind = self.unwind_block()?;
        let next = self.append_block("next");
        self.builder()
            .build_conditional_branch(condition, unwind, next)?;
        self.builder().position_at_end(next);
        Ok(())
    }

    /// Reports whether the runtime's exception is set.
    pub fn is_raised(&self) -> Result<IntValue<'ctx>> {
        let first = self.load_runtime(
            self.types().i8,
            self.instance,
            layout::instance::CUR_EXCEPTION,
            false,
        )?;
        let zero = self.types().i8.const_zero();
        Ok(self
            .builder()
            .build_int_compare(IntPredicate::NE, first.into_int_value(), zero, "")?)
    }

    pub fn is_zero(&self, value: IntValue<'ctx>) -> Result<IntValue<'ctx>> {
        let zero = value.get_type().const_zero();
        Ok(self
            .builder()
            .build_int_compare(IntPredicate::EQ, value, zero, "")?)
    }

    /// Branches to `rare` if `condition` holds, which LLVM places out of the way, else to `usual`.
    pub fn unlikely_branch(
        &self,
        condition: IntValue<'ctx>,
        rare: BasicBlock<'ctx>,
        usual: BasicBlock<'ctx>,
    ) -> Result<()> {
        let branch = self
            .builder()
            .build_conditional_branch(condition, rare, usual)?;
        let context = self.types().context;
        let weight = |weight| self.i32_const(weight).into();
        let node = context.metadata_node(&[
            context.metadata_string("branch_weights").into(),
            weight(1),
            weight(2000),
        ]);
        let _ = branch.set_metadata(node, context.get_kind_id("prof"));
        Ok(())
    }

    /// Raises an exception with a message of ours and returns from the function.
    pub fn raise_message(&mut self, message: Message<'ctx>) -> Result<()> {
        self.unit
            .call_raise_message(self.builder(), self.exec_env, message)?;
        self.return_default()
    }

    /// Returns from the function if the preceding helper has set an exception: `ok` is then false.
    pub fn trap_unless_ok(&mut self, ok: IntValue<'ctx>) -> Result<()> {
        let zero = ok.get_type().const_zero();
        let failed = self
            .builder()
            .build_int_compare(IntPredicate::EQ, ok, zero, "")?;
        self.trap_if(failed, Exception::AlreadyThrown)
    }

    fn return_default(&mut self) -> Result<()> {
        let (returned, _) = split_results(self.ty);
        self.return_result(returned.map(|ty| self.types().default_value(ty)))
    }

    /// Returns `value` from the function, which no exception of the program leaves here.
    pub fn return_result(&mut self, value: Option<BasicValueEnum<'ctx>>) -> Result<()> {
        if self.returns_flag {
            return self.exit(value, false);
        }
        self.builder()
            .build_return(value.as_ref().map(|value| value as &dyn BasicValue))?;
        Ok(())
    }

    /// Returns `value` and the flag from a function that returns one. `left`: an exception of the program leaves the
    /// function.
    ///
    /// All returns share one block. LLVM would merge several by a phi of both values together, and would then
    /// not find, where the function is inlined, that the flag is a constant on each way.
    pub fn exit(&mut self, value: Option<BasicValueEnum<'ctx>>, left: bool) -> Result<()> {
        let exit = match self.exit {
            Some(exit) => exit,
            None => self.begin_exit()?,
        };
        let here = self.current_block();
        let flag = self.types().flag().const_int(u64::from(left), false);
        exit.flag.add_incoming(&[(&flag, here)]);
        if let (Some(result), Some(value)) = (exit.result, value) {
            result.add_incoming(&[(&value, here)]);
        }
        self.builder().build_unconditional_branch(exit.block)?;
        Ok(())
    }

    fn begin_exit(&mut self) -> Result<Exit<'ctx>> {
        let here = self.current_block();
        let block = self.append_block("exit");
        self.builder().position_at_end(block);
        let flag = self.builder().build_phi(self.types().flag(), "")?;
        let ty = split_results(self.ty).0.map(|ty| self.types().value(ty));
        let result = ty.map(|ty| self.builder().build_phi(ty, "")).transpose()?;
        let mut returned = flag.as_basic_value();
        if let Some(result) = result {
            let result = result.as_basic_value();
            let both = self.types().with_flag(result.get_type()).get_poison();
            let both = self.builder().build_insert_value(both, result, 0, "")?;
            let both = self.builder().build_insert_value(both, returned, 1, "")?;
            returned = both.as_basic_value_enum();
        }
        self.builder().build_return(Some(&returned))?;
        self.builder().position_at_end(here);
        let exit = Exit {
            block,
            result,
            flag,
        };
        self.exit = Some(exit);
        Ok(exit)
    }
}

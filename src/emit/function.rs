//! Emits one function: holds the operand stack and the control stack, and walks over the body.
//!
//! The body has been validated, so popping never fails. Code after an unconditional branch is not emitted:
//! nothing can jump to it.

use std::collections::{BTreeMap, HashMap};

use inkwell::basic_block::BasicBlock;
use inkwell::builder::Builder;
use inkwell::debug_info::DISubprogram;
use inkwell::types::{BasicType, IntType};
use inkwell::values::{
    BasicMetadataValueEnum, BasicValue, BasicValueEnum, FloatValue, FunctionValue,
    InstructionOpcode, InstructionValue, IntValue, PointerValue, ValueKind, VectorValue,
};
use wasmparser::{BinaryReader, Operator, OperatorsReader};

use super::call_indirect::Rejection;
use super::control::ControlFrame;
use super::debug_values::Described;
use super::error::{EmitError, Result};
use super::frames::Frame;
use super::trap::Exit;
use super::types::{AliasTags, Types};
use super::unit::Unit;
use super::{
    atomic, call, control, convert, exceptions, memory, numeric, reference, simd, table, variable,
};
use crate::abi::symbols::SymbolName;
use crate::abi::{Exception, Helper, layout};
use crate::plan::Plan;
use crate::wasm::{FuncIndex, FuncType, FunctionBody, TableIndex, ValType, branch_counters};

/// Parameters and locals. Their types are stored in runs, as the file declares them. Locals that occur have a
/// stack slot, which LLVM turns into values.
#[derive(Default)]
pub(super) struct Locals<'ctx> {
    /// For each run, the index after its last local.
    runs: Vec<(u32, ValType)>,
    slots: BTreeMap<u32, PointerValue<'ctx>>,
}

impl Locals<'_> {
    fn declare(&mut self, count: u32, ty: ValType) {
        let first = self.runs.last().map_or(0, |(end, _)| *end);
        self.runs.push((first + count, ty));
    }

    pub fn ty(&self, index: u32) -> ValType {
        let run = self.runs.partition_point(|(end, _)| *end <= index);
        self.runs[run].1
    }
}

/// The state of a function while it is emitted.
pub(super) struct FunctionEmitter<'p, 'ctx, 'e, 'w> {
    pub unit: &'p Unit<'ctx, 'e, 'w>,
    pub index: FuncIndex,
    pub ty: &'e FuncType,
    pub function: FunctionValue<'ctx>,
    /// The function returns a flag besides its result: whether an exception leaves it.
    pub returns_flag: bool,
    pub stack: Vec<BasicValueEnum<'ctx>>,
    pub control: Vec<ControlFrame<'ctx>>,
    pub locals: Locals<'ctx>,
    pub exec_env: PointerValue<'ctx>,
    pub instance: PointerValue<'ctx>,
    /// The base of linear memory, if it cannot change.
    pub fixed_base: Option<PointerValue<'ctx>>,
    /// Stack slots that the runtime fills when it looks up a shared heap (`shared_heap`).
    pub heap_slots: Option<[PointerValue<'ctx>; 3]>,
    /// The block that allocates all stack memory of the function.
    pub entry: BasicBlock<'ctx>,
    /// Memory for results and arguments that pass by pointer, and its size in 32-bit cells.
    pub scratch: Option<(PointerValue<'ctx>, u32)>,
    /// One block for each exception that the function raises.
    pub traps: HashMap<Exception, BasicBlock<'ctx>>,
    /// For each fixed table, the block for calls of elements that cannot be called.
    pub rejections: HashMap<TableIndex, Rejection<'ctx>>,
    /// The block that returns at once after a callee has raised an exception.
    pub unwind: Option<BasicBlock<'ctx>>,
    /// The block that returns because an exception of the program leaves the function.
    pub left: Option<BasicBlock<'ctx>>,
    /// The block that returns the result and the flag.
    pub exit: Option<Exit<'ctx>>,
    /// The frame by which the runtime sees the function.
    pub frame: Option<Frame<'ctx>>,
    /// Set if the function makes its frame where it raises an exception: the slot for the offset of the
    /// instruction that does.
    pub frame_at_traps: Option<PointerValue<'ctx>>,
    /// The frame already holds the offset of whatever raises an exception here.
    pub trap_noted: bool,
    /// Whether control can reach the current point, and the nesting depth of the skipped code.
    pub reachable: bool,
    pub skipped_blocks: usize,
    /// Hints for its branches, by their offsets from `body_start`.
    hints: &'e [(u32, bool)],
    /// Offset of the body in the file.
    body_start: u64,
    /// The function in the debug information, if there is any.
    pub debug_scope: Option<DISubprogram<'ctx>>,
    /// The values that the debug information describes, if there are any.
    pub described: Option<Described<'ctx, 'e>>,
    /// Offset of the current instruction in the file.
    pub offset: u64,
    /// The counters of the function, if code counts.
    pub counters: Option<PointerValue<'ctx>>,
    /// The counter of the first way that the current instruction can take, and of the next instruction.
    pub first_way: u32,
    next_way: u32,
}

impl<'p, 'ctx, 'e, 'w> FunctionEmitter<'p, 'ctx, 'e, 'w> {
    pub fn new(
        unit: &'p Unit<'ctx, 'e, 'w>,
        index: FuncIndex,
        function: FunctionValue<'ctx>,
    ) -> Self {
        let mut e = Self::behind_all(unit, function, unit.plan.module.function_type(index));
        e.debug_scope = unit.describe_function(index, function);
        e.index = index;
        e
    }

    /// Creates the emitter of a function of ours, which follows the module's functions.
    pub fn behind_all(
        unit: &'p Unit<'ctx, 'e, 'w>,
        function: FunctionValue<'ctx>,
        ty: &'e FuncType,
    ) -> Self {
        let exec_env = function
            .get_first_param()
            .expect("every function takes the execution environment")
            .into_pointer_value();
        let entry = unit.types.context.append_basic_block(function, "entry");
        // The origin of another function must not stay in force.
        unit.builder.unset_current_debug_location();
        FunctionEmitter {
            debug_scope: None,
            described: None,
            unit,
            index: FuncIndex::from_u32(unit.plan.module.functions.len() as u32),
            ty,
            function,
            returns_flag: unit.returns_flag(function, ty),
            stack: Vec::new(),
            control: Vec::new(),
            locals: Locals::default(),
            exec_env,
            instance: exec_env,
            fixed_base: None,
            heap_slots: None,
            entry,
            scratch: None,
            traps: HashMap::new(),
            rejections: HashMap::new(),
            unwind: None,
            left: None,
            exit: None,
            frame: None,
            frame_at_traps: None,
            trap_noted: false,
            reachable: true,
            skipped_blocks: 0,
            hints: &[],
            body_start: 0,
            offset: 0,
            counters: None,
            first_way: 1,
            // The first counter counts the calls of the function.
            next_way: 1,
        }
    }

    /// Emits the whole function.
    pub fn emit(mut self, body: FunctionBody<'_>) -> Result<()> {
        let mut reader =
            wasmparser::FunctionBody::new(BinaryReader::new(body.bytes, body.offset as u64));
        self.hints = self.plan().module.branch_hints.of(self.index);
        self.body_start = body.offset as u64;
        let body_block = self.append_block("body");
        self.builder().position_at_end(self.entry);
        self.load_instance()?;
        self.declare_locals(&mut reader)?;
        if self.plan().calls.passes_base {
            let base = self.function.get_last_param();
            let base = base.expect("bodies take the base of memory");
            self.fixed_base = Some(base.into_pointer_value());
        } else if self.plan().memory.has_fixed_base() {
            self.load_fixed_base()?;
        }
        self.describe_values();
        self.describe_environment();
        self.builder().build_unconditional_branch(body_block)?;
        for (&index, &slot) in &self.locals.slots {
            self.describe_slot(index, slot);
        }
        self.builder().position_at_end(body_block);
        self.begin_frame()?;
        self.begin_profile()?;

        control::begin_function(&mut self)?;
        let mut operators = OperatorsReader::new(reader.get_binary_reader_for_operators()?);
        while !operators.eof() {
            self.offset = operators.original_position();
            if let Some(scope) = self.debug_scope {
                self.unit.set_origin(scope, self.offset);
            }
            let operator = operators.read()?;
            let stored = self.before_operator(&operator);
            self.emit_operator(&operator)?;
            self.after_operator(&operator, stored);
        }
        Ok(())
    }

    /// Returns whether the program says that the branch at the current instruction is likely; `None` if it says
    /// nothing.
    pub fn likely(&self) -> Option<bool> {
        let offset = self.offset - self.body_start;
        let at = self
            .hints
            .binary_search_by_key(&offset, |(offset, _)| u64::from(*offset));
        at.ok().map(|at| self.hints[at].1)
    }

    /// Instructions come from the current one again, after another function has been emitted in between.
    pub fn resume_origin(&self) {
        if let Some(scope) = self.debug_scope {
            self.unit.set_origin(scope, self.offset);
        }
    }

    /// Loads the address of the instance.
    pub fn load_instance(&mut self) -> Result<()> {
        let field = layout::exec_env::module_inst(self.plan().target.pointer_width);
        self.instance = self.load_runtime_pointer(self.exec_env, field, true)?;
        Ok(())
    }

    /// Loads the base of linear memory, which cannot change.
    pub fn load_fixed_base(&mut self) -> Result<PointerValue<'ctx>> {
        let memory = self.memory_instance(self.first_memory())?;
        let base = self.load_runtime_pointer(memory, layout::memory::DATA, true)?;
        self.fixed_base = Some(base);
        Ok(base)
    }

    fn declare_locals(&mut self, body: &mut wasmparser::FunctionBody<'_>) -> Result<()> {
        for (position, &ty) in self.ty.params.iter().enumerate() {
            let slot = self.builder().build_alloca(self.types().value(ty), "")?;
            let value = self.parameter(position as u32 + 1)?;
            self.builder().build_store(slot, value)?;
            self.locals.declare(1, ty);
            self.locals.slots.insert(position as u32, slot);
        }
        for declaration in body.get_locals_reader()? {
            let (count, ty) = declaration?;
            let ty = ValType::try_from(ty).map_err(|()| self.unsupported("local"))?;
            self.locals.declare(count, ty);
        }
        Ok(())
    }

    /// Returns a parameter of the function; the execution environment has position zero.
    ///
    /// If the runtime passes an `f32` without NaN-boxing it, a function that the runtime calls first moves
    /// the lower half to an integer register, which takes it unchanged.
    pub fn parameter(&self, position: u32) -> Result<BasicValueEnum<'ctx>> {
        let value = self
            .function
            .get_nth_param(position)
            .expect("the signature has all parameters");
        let name = SymbolName::parse_bytes(self.function.get_name().to_bytes());
        let from_runtime = matches!(name, Some(SymbolName::Entry(_)));
        let BasicValueEnum::FloatValue(float) = value else {
            return Ok(value);
        };
        let t = self.types();
        let Some(to_integer) = self.plan().target.unboxed_f32 else {
            return Ok(value);
        };
        if !from_runtime || float.get_type() != t.f32 {
            return Ok(value);
        }
        let ty = t.i32.fn_type(&[t.f32.into()], false);
        let code = to_integer.to_owned();
        let constraints = "=r,f".to_owned();
        let lower = t
            .context
            .create_inline_asm(ty, code, constraints, false, false, None, false);
        let call = self
            .builder()
            .build_indirect_call(ty, lower, &[float.into()], "")?;
        let ValueKind::Basic(lower) = call.try_as_basic_value() else {
            unreachable!("the assembly has a result");
        };
        Ok(self.builder().build_bit_cast(lower, t.f32, "")?)
    }

    /// Creates a stack slot for an `i32`.
    pub fn word_slot(&self) -> Result<PointerValue<'ctx>> {
        self.entry_slot(self.types().i32)
    }

    /// Creates a stack slot for an integer of type `ty`.
    pub fn entry_slot(&self, ty: IntType<'ctx>) -> Result<PointerValue<'ctx>> {
        let here = self.current_block();
        self.position_at_entry();
        let slot = self.builder().build_alloca(ty, "")?;
        self.return_to(here);
        Ok(slot)
    }

    /// Returns the stack slot of a local and its type. The slot is created at the first use: a few bytes of
    /// input can declare fifty thousand locals.
    pub fn local(&mut self, index: u32) -> Result<(PointerValue<'ctx>, ValType)> {
        let ty = self.locals.ty(index);
        if let Some(&slot) = self.locals.slots.get(&index) {
            return Ok((slot, ty));
        }
        let here = self.current_block();
        self.position_at_entry();
        let slot = self.builder().build_alloca(self.types().value(ty), "")?;
        self.builder()
            .build_store(slot, self.types().default_value(ty))?;
        self.return_to(here);
        self.locals.slots.insert(index, slot);
        self.describe_slot(index, slot);
        Ok((slot, ty))
    }

    /// Moves the builder back from the start of the function: instructions come from the current one again.
    pub fn return_to(&self, block: BasicBlock<'ctx>) {
        self.builder().position_at_end(block);
        if self.offset != 0 {
            self.resume_origin();
        }
    }

    /// Moves the builder to the start of the function.
    pub fn position_at_entry(&self) {
        match self.entry.get_first_instruction() {
            Some(first) => self.builder().position_before(&first),
            None => self.builder().position_at_end(self.entry),
        }
    }

    fn emit_operator(&mut self, operator: &Operator<'_>) -> Result<()> {
        // Code that is not emitted has counters, too: their numbers depend on the module alone.
        self.first_way = self.next_way;
        self.next_way = self.first_way.saturating_add(branch_counters(operator));
        if !self.reachable && !control::resumes(self, operator) {
            return Ok(());
        }
        let handled = control::emit(self, operator)?
            || exceptions::emit(self, operator)?
            || variable::emit(self, operator)?
            || memory::emit(self, operator)?
            || numeric::emit(self, operator)?
            || convert::emit(self, operator)?
            || call::emit(self, operator)?
            || reference::emit(self, operator)?
            || table::emit(self, operator)?
            || memory::bulk::emit(self, operator)?
            || atomic::emit(self, operator)?
            || simd::emit(self, operator)?;
        if handled {
            Ok(())
        } else {
            Err(self.unsupported(&format!("{operator:?}")))
        }
    }

    pub fn unsupported(&self, name: &str) -> EmitError {
        EmitError::Unsupported {
            name: name.to_string(),
            offset: self.offset,
        }
    }

    // Shorthands.

    pub fn plan(&self) -> &'e Plan<'w> {
        self.unit.plan
    }

    pub fn types(&self) -> &'p Types<'ctx> {
        &self.unit.types
    }

    pub fn tags(&self) -> &'p AliasTags<'ctx> {
        &self.unit.tags
    }

    pub fn builder(&self) -> &'p Builder<'ctx> {
        &self.unit.builder
    }

    pub fn append_block(&self, name: &str) -> BasicBlock<'ctx> {
        self.types().context.append_basic_block(self.function, name)
    }

    /// Returns the block to which instructions are appended.
    pub fn current_block(&self) -> BasicBlock<'ctx> {
        self.builder()
            .get_insert_block()
            .expect("the builder always stands in a block")
    }

    // The operand stack.

    pub fn push(&mut self, value: impl BasicValue<'ctx>) {
        self.stack.push(value.as_basic_value_enum());
    }

    pub fn pop(&mut self) -> BasicValueEnum<'ctx> {
        self.stack
            .pop()
            .expect("validated code never pops an empty operand stack")
    }

    pub fn pop_int(&mut self) -> IntValue<'ctx> {
        self.pop().into_int_value()
    }

    pub fn pop_float(&mut self) -> FloatValue<'ctx> {
        self.pop().into_float_value()
    }

    /// Pops two operands of one type; the first was pushed first.
    pub fn pop_ints(&mut self) -> (IntValue<'ctx>, IntValue<'ctx>) {
        let right = self.pop_int();
        (self.pop_int(), right)
    }

    pub fn pop_floats(&mut self) -> (FloatValue<'ctx>, FloatValue<'ctx>) {
        let right = self.pop_float();
        (self.pop_float(), right)
    }

    /// Pops a v128 as lanes of type `lanes`. If it was pushed with these lanes, returns the original value:
    /// this shows how the lanes were made, and casts do not accumulate.
    pub fn pop_vector(
        &mut self,
        lanes: inkwell::types::VectorType<'ctx>,
    ) -> Result<VectorValue<'ctx>> {
        let value = self.pop();
        if let Some(before) = cast_operand(value)
            && before.get_type() == lanes.into()
        {
            return Ok(before.into_vector_value());
        }
        Ok(self
            .builder()
            .build_bit_cast(value, lanes, "")?
            .into_vector_value())
    }

    /// Pushes any 128-bit vector as a v128.
    pub fn push_vector(&mut self, value: VectorValue<'ctx>) -> Result<()> {
        let value = self
            .builder()
            .build_bit_cast(value, self.types().v128, "")?;
        self.stack.push(value);
        Ok(())
    }

    /// Pops the topmost `count` operands; returns them in the order in which they were pushed.
    pub fn pop_many(&mut self, count: usize) -> Vec<BasicValueEnum<'ctx>> {
        self.stack.split_off(self.stack.len() - count)
    }

    // Memory of the runtime.

    /// Returns the address of the field `offset` bytes into the structure at `base`.
    pub fn field(&self, base: PointerValue<'ctx>, offset: u64) -> Result<PointerValue<'ctx>> {
        let offset = self.types().i64.const_int(offset, false);
        // SAFETY: only forms the address; the structure behind `base` has that field.
        Ok(unsafe {
            self.builder()
                .build_in_bounds_gep(self.types().i8, base, &[offset], "")?
        })
    }

    /// Loads a field of one of the runtime's structures. `invariant`: it never changes while the
    /// function runs.
    pub fn load_runtime(
        &self,
        ty: impl BasicType<'ctx>,
        base: PointerValue<'ctx>,
        offset: u64,
        invariant: bool,
    ) -> Result<BasicValueEnum<'ctx>> {
        let address = self.field(base, offset)?;
        let value = self.builder().build_load(ty, address, "")?;
        let load = value
            .as_instruction_value()
            .expect("a load is an instruction");
        self.tag(load, self.tags().runtime);
        if invariant {
            let _ = load.set_metadata(self.tags().empty, self.tags().invariant_kind);
        }
        Ok(value)
    }

    pub fn load_runtime_pointer(
        &self,
        base: PointerValue<'ctx>,
        offset: u64,
        invariant: bool,
    ) -> Result<PointerValue<'ctx>> {
        Ok(self
            .load_runtime(self.types().ptr, base, offset, invariant)?
            .into_pointer_value())
    }

    /// Tags `access` with one of the disjoint kinds of memory.
    pub fn tag(&self, access: InstructionValue<'ctx>, tag: inkwell::values::MetadataValue<'ctx>) {
        // Fails only for a node of another context.
        let _ = access.set_metadata(tag, self.tags().tbaa_kind);
    }

    // Calls that several groups make.

    /// Calls a helper of the runtime; returns its result, if it has one.
    pub fn call_helper(
        &self,
        helper: Helper,
        arguments: &[BasicMetadataValueEnum<'ctx>],
    ) -> Result<Option<BasicValueEnum<'ctx>>> {
        let call = self
            .builder()
            .build_call(self.unit.helper(helper), arguments, "")?;
        Ok(match call.try_as_basic_value() {
            ValueKind::Basic(value) => Some(value),
            ValueKind::Instruction(_) => None,
        })
    }

    /// Calls an LLVM intrinsic by name, overloaded on `types`.
    pub fn call_intrinsic(
        &self,
        name: &str,
        types: &[inkwell::types::BasicTypeEnum<'ctx>],
        arguments: &[BasicValueEnum<'ctx>],
    ) -> Result<BasicValueEnum<'ctx>> {
        let function = inkwell::intrinsics::Intrinsic::find(name)
            .and_then(|intrinsic| intrinsic.get_declaration(&self.unit.llvm, types))
            .unwrap_or_else(|| unreachable!("LLVM 22 has the intrinsic {name}"));
        let arguments: Vec<BasicMetadataValueEnum> =
            arguments.iter().map(|&argument| argument.into()).collect();
        let call = self.builder().build_call(function, &arguments, "")?;
        Ok(call
            .try_as_basic_value()
            .expect_basic("the intrinsic returns a value"))
    }

    /// Returns an `i32` constant.
    pub fn i32_const(&self, value: u32) -> IntValue<'ctx> {
        self.types().i32.const_int(u64::from(value), false)
    }

    /// Returns stack memory of at least `cells` 32-bit cells for values that pass by pointer. All calls of
    /// the function share one area, because each call's values are read before the next call.
    pub fn scratch(&mut self, cells: u32) -> Result<PointerValue<'ctx>> {
        if let Some((area, size)) = self.scratch
            && size >= cells
        {
            return Ok(area);
        }
        let size = cells.next_power_of_two().max(16);
        let here = self.current_block();
        self.position_at_entry();
        let area = self
            .builder()
            .build_alloca(self.types().i32.array_type(size), "")?;
        if let Some(alloca) = area.as_instruction() {
            let _ = alloca.set_alignment(16);
        }
        self.return_to(here);
        self.scratch = Some((area, size));
        Ok(area)
    }
}

/// Returns the operand of the cast whose result is this vector.
pub(super) fn cast_operand(value: BasicValueEnum) -> Option<BasicValueEnum> {
    let BasicValueEnum::VectorValue(vector) = value else {
        return None;
    };
    let cast = vector
        .as_instruction()
        .filter(|instruction| instruction.get_opcode() == InstructionOpcode::BitCast)?;
    cast.get_operand(0)?.value()
}

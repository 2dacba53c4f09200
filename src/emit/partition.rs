//! One partition: an LLVM module with the bodies of some of the module's functions, and
//! declarations of whatever they refer to elsewhere.
//!
//! A function `#N` (position among the defined functions) can have three symbols:
//!
//! - `aot_func#N`: what the runtime calls, with the C calling convention;
//! - `aot_func_checked#N`: tests the native stack, then goes on to the body;
//! - `aot_func_internal#N`: the body.
//!
//! Each exists only where it differs from the next: without stack checks and tail calls the body
//! itself is `aot_func#N`, unless bodies take the base of linear memory
//! ([`Environment::passes_base`]) and the runtime may call the function.

use std::cell::RefCell;
use std::collections::HashMap;

use cranelift_entity::{EntityRef, PrimaryMap};
use inkwell::attributes::{Attribute, AttributeLoc};
use inkwell::builder::Builder;
use inkwell::context::Context;
use inkwell::module::{Linkage, Module as LlvmModule};
use inkwell::targets::TargetMachine;
use inkwell::types::{BasicMetadataTypeEnum, FunctionType};
use inkwell::values::{CallSiteValue, FunctionValue, GlobalValue};
use inkwell::{GlobalVisibility, types::BasicType};

#[cfg(debug_assertions)]
use super::error::EmitError;
use super::error::Result;
use super::fixed_table::FixedTable;
use super::function::FunctionEmitter;
use super::types::{AliasTags, Types};
use super::{call, call_indirect, stack_check};
use crate::abi::symbols::SymbolName;
use crate::abi::{Helper, HelperType, InstanceLayout};
use crate::options::OptLevel;
use crate::partition::Inlining;
use crate::targets::{Endianness, PointerWidth, Reach, TailCalls, VectorUnit};
use crate::wasm::{FuncIndex, FuncType, FunctionKind, Module, TableIndex, TypeIndex};

/// What every partition of one compilation has in common: plain data, shared between threads.
pub struct Environment<'a> {
    pub module: &'a Module<'a>,
    pub layout: InstanceLayout,
    pub width: PointerWidth,
    pub endianness: Endianness,
    pub reach: Reach,
    pub possible_tail_calls: TailCalls,
    /// The C ABI has callers and callees sign-extend an `i32` to the width of a register.
    pub extends_i32: bool,
    /// The instruction that takes an `f32` as the runtime passes it, where that does not fill the upper half
    /// of the register ([`crate::targets::Target::unboxed_f32`]).
    pub unboxed_f32: Option<&'static str>,
    /// The family of vector units.
    pub vectors: VectorUnit,
    /// A store that lies in memory in part only may have written that part when it traps, unless
    /// its last byte is touched first.
    pub touches_last_byte: bool,
    /// Memory accesses are checked by compare and branch; otherwise the runtime's guard pages
    /// catch what is out of bounds.
    pub software_bounds: bool,
    /// Function entries compare the native stack pointer with its boundary.
    pub stack_checks: bool,
    /// LLVM tells the size of every frame.
    pub reports_frames: bool,
    /// `br_table` may become a jump through a table of addresses.
    pub jump_tables: bool,
    /// `global.set` of the C stack pointer is checked against the C stack's limits.
    pub aux_stack_check: bool,
    /// Code holds the frame sizes that the linker finds out in instructions or literals.
    pub literal_frame_sizes: bool,
    /// Bodies use a calling convention in which any call can be a tail call.
    pub tail_calls: bool,
    /// Bodies, and thunks as their equals, take the base of linear memory in a register of its own,
    /// which no call changes. What the runtime calls has an entry that loads it.
    pub passes_base: bool,
    pub opt_level: OptLevel,
    /// How functions are inlined that are not all in one partition.
    pub inlining: Option<Inlining>,
    /// For each type the first structurally equal one, which the runtime's tables name as well.
    pub canonical_types: PrimaryMap<TypeIndex, TypeIndex>,
    /// Functions that a table or a reference can name, so that the function table lists them.
    pub escaping: Vec<bool>,
    /// The tables through which calls go and whose elements nothing can change.
    pub fixed_tables: PrimaryMap<TableIndex, Option<FixedTable>>,
    /// Functions that only their own partition calls: those that have been inlined wherever they are
    /// called need no code.
    pub local: Vec<bool>,
}

impl<'a> Environment<'a> {
    /// Whether the memory's base stays where it is while the instance lives: the runtime maps the
    /// whole range up front when it relies on guard pages (`full_size_mmaped` in
    /// `core/iwasm/common/wasm_memory.c`), and for shared memory always.
    pub fn fixed_memory_base(&self) -> bool {
        !self.software_bounds || self.module.memories.values().any(|memory| memory.shared)
    }

    /// Whether compiled code has to look for an exception after a call: with guard pages the
    /// runtime unwinds by itself.
    pub fn tests_exceptions(&self) -> bool {
        self.software_bounds
    }

    /// Whether the runtime may call function `index`.
    pub fn is_entered(&self, index: FuncIndex) -> bool {
        self.escaping[index.index()] || self.module.start == Some(index)
    }

    /// Whether a function whose body has that many bytes is emitted along with its callers in other
    /// partitions too, to be inlined.
    pub fn copies_to_callers(&self, bytes: usize) -> bool {
        matches!(self.opt_level, OptLevel::O2 | OptLevel::O3)
            && self.inlining.is_some_and(|it| bytes <= it.copied_bytes)
    }
}

/// LLVM's number for `tailcc`.
const TAIL_CALL_CONVENTION: u32 = 18;

/// Emits the bodies of `functions` into a new LLVM module of `context`.
///
/// `first` marks the partition that also holds what the module has once: the tables of functions.
pub fn emit_partition<'ctx>(
    context: &'ctx Context,
    machine: &TargetMachine,
    env: &Environment,
    functions: &[FuncIndex],
    first: bool,
) -> Result<LlvmModule<'ctx>> {
    let llvm = context.create_module("wasm");
    llvm.set_triple(&machine.get_triple());
    llvm.set_data_layout(&machine.get_target_data().get_data_layout());
    let partition = Partition {
        env,
        types: Types::new(context, env.width),
        tags: AliasTags::new(context),
        builder: context.create_builder(),
        llvm,
        functions: RefCell::default(),
        thunks: RefCell::default(),
    };
    for &index in functions {
        partition.emit_function(index)?;
    }
    partition.import_callees()?;
    if first {
        call_indirect::emit_tables(&partition);
        call::emit_imported_start(&partition)?;
        call::emit_stand_in(&partition)?;
    }
    call::emit_import_thunks(&partition)?;
    let Partition { llvm, .. } = partition;
    #[cfg(debug_assertions)]
    llvm.verify()
        .map_err(|message| EmitError::Verify(message.to_string()))?;
    Ok(llvm)
}

/// The LLVM module under construction and what its functions share.
pub(super) struct Partition<'ctx, 'e, 'w> {
    pub env: &'e Environment<'w>,
    pub types: Types<'ctx>,
    pub tags: AliasTags<'ctx>,
    pub builder: Builder<'ctx>,
    pub llvm: LlvmModule<'ctx>,
    functions: RefCell<HashMap<(Symbol, FuncIndex), FunctionValue<'ctx>>>,
    /// Imported functions whose thunk is referred to and not yet emitted, in order.
    pub thunks: RefCell<Vec<(FuncIndex, FunctionValue<'ctx>)>>,
}

/// Which of a function's symbols is meant; see the module's documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Symbol {
    Entry,
    Checked,
    Body,
    Thunk,
}

/// The attribute of a body that no other partition can come to call.
pub(crate) const PRIVATE_BODY: &str = "private-body";
/// The attribute of a function that only its own partition calls.
pub(crate) const LOCAL: &str = "local";

impl<'ctx> Partition<'ctx, '_, '_> {
    /// Emits a defined function with all its symbols.
    fn emit_function(&self, index: FuncIndex) -> Result<()> {
        let FunctionKind::Defined(body) = self.env.module.functions[index].kind else {
            return Ok(());
        };
        let function = self.declare_body(index);
        self.report_frame(function);
        if self.env.stack_checks && !self.env.copies_to_callers(body.bytes.len()) {
            let private = self.types.context.create_string_attribute(PRIVATE_BODY, "");
            function.add_attribute(AttributeLoc::Function, private);
        }
        if self.env.local[index.index()] {
            let local = self.types.context.create_string_attribute(LOCAL, "");
            function.add_attribute(AttributeLoc::Function, local);
        }
        // Where size counts, LLVM takes less by itself.
        if let Some(limit) = self.env.inlining.and_then(|it| it.threshold)
            && !self.env.opt_level.optimises_size()
        {
            let limit = self
                .types
                .context
                .create_string_attribute("function-inline-threshold", &limit.to_string());
            function.add_attribute(AttributeLoc::Function, limit);
        }
        FunctionEmitter::new(self, index, function).emit(body)?;
        stack_check::emit_entries(self, index)?;
        if self.env.tail_calls {
            self.set_linkage(index, Linkage::WeakODR);
        }
        Ok(())
    }

    /// Has LLVM report the size of the frame of `function`, if anything needs it.
    pub fn report_frame(&self, function: FunctionValue<'ctx>) {
        if !self.env.reports_frames {
            return;
        }
        // LLVM reports every frame that is larger.
        let limit = self
            .types
            .context
            .create_string_attribute("warn-stack-size", "0");
        function.add_attribute(AttributeLoc::Function, limit);
    }

    /// Sets the linkage of all symbols that function `index` has.
    ///
    /// Of a weak function LLVM inlines the body, but concludes nothing from it. It must not where
    /// functions end with tail calls: a result that is known is put in place of the call's, which no
    /// longer stands right before the return then, and is not a tail call any more.
    fn set_linkage(&self, index: FuncIndex, linkage: Linkage) {
        for symbol in [Symbol::Entry, Symbol::Checked, Symbol::Body] {
            if let Some(function) = self.functions.borrow().get(&(symbol, index)) {
                function.set_linkage(linkage);
            }
        }
    }

    /// Emits the small functions that are referred to and belong to other partitions, for
    /// inlining only: no code is generated for these copies.
    fn import_callees(&self) -> Result<()> {
        let mut callees: Vec<FuncIndex> = self
            .functions
            .borrow()
            .iter()
            .filter(|(_, function)| function.count_basic_blocks() == 0)
            .map(|((_, index), _)| *index)
            .collect();
        // The order of a hash table must not show in the output.
        callees.sort_unstable();
        callees.dedup();
        for index in callees {
            let FunctionKind::Defined(body) = self.env.module.functions[index].kind else {
                continue;
            };
            if !self.env.copies_to_callers(body.bytes.len()) {
                continue;
            }
            self.emit_function(index)?;
            self.set_linkage(index, Linkage::AvailableExternally);
        }
        Ok(())
    }

    /// The number of defined function `index`, by which its symbols are named.
    pub fn position(&self, index: FuncIndex) -> u32 {
        let position = self.env.module.defined_position(index);
        position.expect("only defined functions have bodies") as u32
    }

    /// The symbol that holds the body of defined function `index`.
    pub fn body_symbol(&self, index: FuncIndex) -> Symbol {
        let entry = self.env.passes_base && self.env.is_entered(index);
        if self.env.stack_checks || self.env.tail_calls || entry {
            Symbol::Body
        } else {
            Symbol::Entry
        }
    }

    /// What wasm code calls to call function `index`: its stack check or its body, or the thunk of
    /// an imported function.
    pub fn callee(&self, index: FuncIndex) -> FunctionValue<'ctx> {
        if self.env.module.defined_position(index).is_none() {
            return self.declare(Symbol::Thunk, index);
        }
        let symbol = match (self.env.stack_checks, self.env.tail_calls) {
            (true, true) => Symbol::Checked,
            (true, false) => Symbol::Entry,
            (false, _) => self.body_symbol(index),
        };
        self.declare(symbol, index)
    }

    pub fn declare_body(&self, index: FuncIndex) -> FunctionValue<'ctx> {
        self.declare(self.body_symbol(index), index)
    }

    /// The calling convention of what [`Self::callee`] returns.
    pub fn internal_convention(&self) -> u32 {
        if self.env.tail_calls && matches!(self.env.possible_tail_calls, TailCalls::Any { .. }) {
            TAIL_CALL_CONVENTION
        } else {
            0
        }
    }

    /// The signature of what [`Self::callee`] returns for a function of type `ty`.
    pub fn internal_type(&self, ty: &FuncType) -> FunctionType<'ctx> {
        let base = self.env.passes_base.then_some(self.types.ptr);
        self.types.function_with(ty, base)
    }

    /// Has the last argument of `call`, of which there are `arguments`, passed as [`Self::callee`] takes
    /// the base of linear memory.
    pub fn pass_base(&self, call: CallSiteValue<'ctx>, arguments: usize) {
        let last = AttributeLoc::Param(arguments as u32 - 1);
        call.add_attribute(last, self.kept_register());
    }

    /// The attribute of a parameter that has a register which callees leave as it is: what is passed on
    /// from function to function never moves.
    fn kept_register(&self) -> Attribute {
        self.enum_attribute("swiftself")
    }

    /// The function of that symbol, declared at its first use.
    pub fn declare(&self, symbol: Symbol, index: FuncIndex) -> FunctionValue<'ctx> {
        if let Some(&function) = self.functions.borrow().get(&(symbol, index)) {
            return function;
        }
        let name = match symbol {
            Symbol::Entry => SymbolName::Entry(self.position(index)),
            Symbol::Checked => SymbolName::Checked(self.position(index)),
            Symbol::Body => SymbolName::Body(self.position(index)),
            Symbol::Thunk => SymbolName::Thunk(index.as_u32()),
        };
        let ty = self.env.module.function_type(index);
        let called_from_code = symbol == Symbol::Thunk || symbol == self.body_symbol(index);
        let takes_base = self.env.passes_base && called_from_code;
        let ty = if takes_base {
            self.internal_type(ty)
        } else {
            self.types.function(ty)
        };
        let linkage = if symbol == Symbol::Thunk {
            Linkage::Internal
        } else {
            Linkage::External
        };
        let function = self.llvm.add_function(&name.to_string(), ty, Some(linkage));
        if symbol != Symbol::Thunk {
            function
                .as_global_value()
                .set_visibility(GlobalVisibility::Hidden);
        }
        if symbol != Symbol::Entry {
            function.set_call_conventions(self.internal_convention());
        }
        if self.env.extends_i32 && ty.get_return_type() == Some(self.types.i32.into()) {
            // The runtime may be the caller.
            function.add_attribute(AttributeLoc::Return, self.enum_attribute("signext"));
        }
        if takes_base {
            let last = AttributeLoc::Param(ty.count_param_types() - 1);
            function.add_attribute(last, self.kept_register());
        }
        self.set_attributes(function);
        self.functions
            .borrow_mut()
            .insert((symbol, index), function);
        if symbol == Symbol::Thunk {
            self.thunks.borrow_mut().push((index, function));
        }
        function
    }

    /// Attributes of every function we emit. Frames must not vanish: a call in tail position that
    /// is not a `return_call` keeps its frame, so that runaway recursion ends in a stack overflow.
    pub fn set_attributes(&self, function: FunctionValue<'ctx>) {
        let mut attributes = vec![
            self.enum_attribute("nounwind"),
            self.types
                .context
                .create_string_attribute("no-trapping-math", "true"),
        ];
        if !self.env.tail_calls {
            // With tail calls, each ordinary call says so for itself (`emit::call`).
            attributes.push(
                self.types
                    .context
                    .create_string_attribute("disable-tail-calls", "true"),
            );
        }
        if !self.env.stack_checks {
            // The guard pages catch an overflow only if no frame can step over them.
            attributes.push(
                self.types
                    .context
                    .create_string_attribute("probe-stack", "inline-asm"),
            );
        }
        if !self.env.jump_tables {
            attributes.push(
                self.types
                    .context
                    .create_string_attribute("no-jump-tables", "true"),
            );
        }
        if self.env.opt_level.optimises_size() {
            attributes.push(self.enum_attribute("optsize"));
        }
        if self.env.opt_level == OptLevel::Oz {
            attributes.push(self.enum_attribute("minsize"));
        }
        for attribute in attributes {
            function.add_attribute(AttributeLoc::Function, attribute);
        }
    }

    pub fn enum_attribute(&self, name: &str) -> Attribute {
        self.types
            .context
            .create_enum_attribute(Attribute::get_named_enum_kind_id(name), 0)
    }

    /// The runtime's helper, declared at its first use.
    pub fn helper(&self, helper: Helper) -> FunctionValue<'ctx> {
        if let Some(function) = self.llvm.get_function(helper.symbol()) {
            return function;
        }
        let params: Vec<BasicMetadataTypeEnum> = helper
            .params()
            .iter()
            .map(|&param| self.types.helper(param).into())
            .collect();
        let ty = match helper.result() {
            Some(result) => self.types.helper(result).fn_type(&params, false),
            None => self.types.context.void_type().fn_type(&params, false),
        };
        let function = self.llvm.add_function(helper.symbol(), ty, None);
        function.add_attribute(AttributeLoc::Function, self.enum_attribute("nounwind"));
        for (position, param) in (0..).zip(helper.params()) {
            let extension = match param {
                HelperType::I32 if self.env.extends_i32 => "signext",
                HelperType::Bool => "zeroext",
                _ => continue,
            };
            let extension = self.enum_attribute(extension);
            function.add_attribute(AttributeLoc::Param(position), extension);
        }
        if helper == Helper::SetExceptionWithId {
            function.add_attribute(AttributeLoc::Function, self.enum_attribute("cold"));
        }
        function
    }

    /// A symbol whose address is a number that the linker knows.
    pub fn number(&self, name: SymbolName) -> GlobalValue<'ctx> {
        let name = &name.to_string();
        self.llvm.get_global(name).unwrap_or_else(|| {
            // No constant: LLVM would take it for a part of the text and address it from there.
            let global = self.llvm.add_global(self.types.i8, None, name);
            global.set_visibility(GlobalVisibility::Hidden);
            global
        })
    }

    /// A constant table named `name` that the first partition defines.
    pub fn constant_table<T: BasicType<'ctx>>(&self, name: SymbolName, ty: T) -> GlobalValue<'ctx> {
        let name = &name.to_string();
        if let Some(global) = self.llvm.get_global(name) {
            return global;
        }
        let global = self.llvm.add_global(ty, None, name);
        global.set_constant(true);
        global.set_visibility(GlobalVisibility::Hidden);
        global
    }
}

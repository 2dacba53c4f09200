//! One unit: an LLVM module with the bodies of some of the module's functions, and declarations of the other
//! functions that they refer to.
//!
//! A function `#N` (position among the defined functions) can have three symbols:
//!
//! - `aot_func#N`: the entry; the runtime calls it, with the C calling convention;
//! - `aot_func_checked#N`: checks the native stack, then continues with the body;
//! - `aot_func_internal#N`: the body.
//!
//! Each exists only if it differs from the next. Without stack checks the body itself is `aot_func#N`, unless
//! the function has an entry of its own ([`Plan::has_own_entry`]).

use std::cell::RefCell;
use std::collections::HashMap;

use cranelift_entity::EntityRef;
use inkwell::attributes::{Attribute, AttributeLoc};
use inkwell::builder::Builder;
use inkwell::context::Context;
use inkwell::debug_info::DISubprogram;
use inkwell::module::{Linkage, Module as LlvmModule};
use inkwell::targets::TargetMachine;
use inkwell::types::{BasicMetadataTypeEnum, FunctionType};
use inkwell::values::{CallSiteValue, FunctionValue, GlobalValue};
use inkwell::{GlobalVisibility, types::BasicType};

use super::debug::DebugInfo;
#[cfg(debug_assertions)]
use super::error::EmitError;
use super::error::Result;
use super::function::FunctionEmitter;
use super::types::{AliasTags, Types};
use super::{call_indirect, frames, start, thunk};
use crate::abi::symbols::SymbolName;
use crate::abi::{Helper, HelperType};
use crate::llvm::marks::FunctionMark;
use crate::plan::{Plan, Signal};
use crate::targets::TailCalls;
use crate::wasm::{FuncIndex, FuncType, FunctionKind};

/// LLVM's number for `tailcc`.
const TAIL_CALL_CONVENTION: u32 = 18;

/// Emits the bodies of `functions`, a partition of `plan`, into a new LLVM module of `context`.
///
/// The `first` partition also holds the symbols that exist once per module: the tables of functions.
pub fn emit_unit<'ctx>(
    context: &'ctx Context,
    machine: &TargetMachine,
    plan: &Plan,
    functions: &[FuncIndex],
    first: bool,
) -> Result<LlvmModule<'ctx>> {
    let llvm = context.create_module("wasm");
    llvm.set_triple(&machine.get_triple());
    llvm.set_data_layout(&machine.get_target_data().get_data_layout());
    let mut unit = Unit {
        plan,
        types: Types::new(context, plan.target.pointer_width, plan.exceptions.cells),
        tags: AliasTags::new(context),
        builder: context.create_builder(),
        llvm,
        functions: RefCell::default(),
        thunks: RefCell::default(),
        debug: None,
    };
    if plan.linux_perf {
        for &index in functions {
            unit.declare_in_order(index);
        }
    }
    unit.debug = plan.debug_info.then(|| {
        let values = plan.debug_values.describes_values();
        DebugInfo::new(context, &unit.llvm, values)
    });
    for &index in functions {
        unit.emit_function(index)?;
    }
    unit.import_callees()?;
    unit.note_summary();
    if first {
        call_indirect::emit_tables(&unit);
        start::emit_start(&unit)?;
        thunk::emit_stand_in(&unit)?;
        frames::emit_guard(&unit)?;
    }
    thunk::emit_import_thunks(&unit)?;
    let Unit { llvm, debug, .. } = unit;
    if let Some(debug) = debug {
        debug.finish();
    }
    #[cfg(debug_assertions)]
    llvm.verify()
        .map_err(|message| EmitError::Verify(message.to_string()))?;
    Ok(llvm)
}

/// The LLVM module under construction, and the data that its functions share.
pub(super) struct Unit<'ctx, 'e, 'w> {
    pub plan: &'e Plan<'w>,
    pub types: Types<'ctx>,
    pub tags: AliasTags<'ctx>,
    pub builder: Builder<'ctx>,
    pub llvm: LlvmModule<'ctx>,
    functions: RefCell<HashMap<(Symbol, FuncIndex), FunctionValue<'ctx>>>,
    /// Imported functions whose thunk is declared but not yet emitted, in order.
    pub thunks: RefCell<Vec<(FuncIndex, FunctionValue<'ctx>)>>,
    /// Present if the plan asks for debug information.
    pub debug: Option<DebugInfo<'ctx>>,
}

/// One of a function's symbols; see the documentation of the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Symbol {
    Entry,
    Checked,
    Body,
    Thunk,
}

impl<'ctx> Unit<'ctx, '_, '_> {
    /// Emits a defined function with all its symbols.
    fn emit_function(&self, index: FuncIndex) -> Result<()> {
        let FunctionKind::Defined(body) = self.plan.module.functions[index].kind else {
            return Ok(());
        };
        let function = self.declare_body(index);
        self.report_frame(function);
        if self.plan.calls.has_prologues() && !self.plan.copies_to_callers(body.bytes.len()) {
            FunctionMark::PrivateBody.set(self.types.context, function);
        }
        if self.plan.calls.local[index.index()] {
            FunctionMark::Local.set(self.types.context, function);
        }
        // Where size counts, LLVM takes less by itself.
        if let Some(limit) = self.plan.calls.inlining.and_then(|it| it.threshold)
            && !self.plan.level.for_size
        {
            let limit = self
                .types
                .context
                .create_string_attribute("function-inline-threshold", &limit.to_string());
            function.add_attribute(AttributeLoc::Function, limit);
        }
        FunctionEmitter::new(self, index, function).emit(body)?;
        thunk::emit_entries(self, index)?;
        if self.plan.calls.tail_calls {
            self.set_linkage(index, Linkage::WeakODR);
        }
        Ok(())
    }

    /// Describes `function`, one of the symbols of function `index`, in the debug information. Instructions then come
    /// from the start of the body, until [`Self::set_origin`] says otherwise. `None` without debug information,
    /// and for imported functions.
    pub fn describe_function(
        &self,
        index: FuncIndex,
        function: FunctionValue<'ctx>,
    ) -> Option<DISubprogram<'ctx>> {
        let debug = self.debug.as_ref()?;
        // The origin of another function must not stay in force.
        self.builder.unset_current_debug_location();
        let FunctionKind::Defined(body) = self.plan.module.functions[index].kind else {
            return None;
        };
        let offset = body.offset as u64;
        let scope = debug.add_function(function, offset);
        debug.set_offset(&self.builder, scope, offset);
        Some(scope)
    }

    /// Instructions come from the one at `offset` of the file from now on.
    pub fn set_origin(&self, scope: DISubprogram<'ctx>, offset: u64) {
        if let Some(debug) = &self.debug {
            debug.set_offset(&self.builder, scope, offset);
        }
    }

    /// Makes LLVM report the frame size of `function`, if anything needs it.
    pub fn report_frame(&self, function: FunctionValue<'ctx>) {
        if !self.plan.calls.reports_frames {
            return;
        }
        // LLVM reports every frame that is larger.
        let limit = self
            .types
            .context
            .create_string_attribute("warn-stack-size", "0");
        function.add_attribute(AttributeLoc::Function, limit);
    }

    /// Sets the linkage of all symbols of function `index`.
    ///
    /// LLVM inlines the body of a weak function but derives no facts from it. If functions end with tail
    /// calls, LLVM must not: it would replace a known result of a call. The call would then no longer be
    /// right before the return, and so no tail call.
    fn set_linkage(&self, index: FuncIndex, linkage: Linkage) {
        for symbol in [Symbol::Entry, Symbol::Checked, Symbol::Body] {
            if let Some(function) = self.functions.borrow().get(&(symbol, index)) {
                function.set_linkage(linkage);
            }
        }
    }

    /// Emits the small functions of other partitions that this unit refers to, only for inlining: these
    /// copies get no code.
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
            let FunctionKind::Defined(body) = self.plan.module.functions[index].kind else {
                continue;
            };
            if !self.plan.copies_to_callers(body.bytes.len()) {
                continue;
            }
            self.emit_function(index)?;
            self.set_linkage(index, Linkage::AvailableExternally);
        }
        Ok(())
    }

    /// Declares all symbols of a defined function, in the order in which their code will lie.
    fn declare_in_order(&self, index: FuncIndex) {
        self.declare(Symbol::Entry, index);
        if self.body_symbol(index) == Symbol::Entry {
            return;
        }
        if self.plan.calls.has_prologues() && self.plan.has_own_entry(index) {
            self.declare(Symbol::Checked, index);
        }
        self.declare(Symbol::Body, index);
    }

    /// Returns the number of defined function `index`, which its symbols contain.
    pub fn position(&self, index: FuncIndex) -> u32 {
        let position = self.plan.module.defined_position(index);
        position.expect("only defined functions have bodies") as u32
    }

    /// Returns the symbol that holds the body of defined function `index`.
    pub fn body_symbol(&self, index: FuncIndex) -> Symbol {
        if self.plan.calls.has_prologues() || self.plan.has_own_entry(index) {
            Symbol::Body
        } else {
            Symbol::Entry
        }
    }

    /// Returns the function that wasm code calls for function `index`: its stack check, its body, or the
    /// thunk of an imported function.
    pub fn callee(&self, index: FuncIndex) -> FunctionValue<'ctx> {
        if self.plan.module.defined_position(index).is_none() {
            return self.declare(Symbol::Thunk, index);
        }
        let symbol = match (
            self.plan.calls.has_prologues(),
            self.plan.has_own_entry(index),
        ) {
            (true, true) => Symbol::Checked,
            (true, false) => Symbol::Entry,
            (false, _) => self.body_symbol(index),
        };
        self.declare(symbol, index)
    }

    pub fn declare_body(&self, index: FuncIndex) -> FunctionValue<'ctx> {
        self.declare(self.body_symbol(index), index)
    }

    /// Returns the calling convention of the functions that [`Self::callee`] returns.
    pub fn internal_convention(&self) -> u32 {
        if self.plan.calls.tail_calls
            && matches!(self.plan.target.tail_calls, TailCalls::Any { .. })
        {
            TAIL_CALL_CONVENTION
        } else {
            0
        }
    }

    /// Returns the signature of the functions that [`Self::callee`] returns for type `ty`.
    pub fn internal_type(&self, ty: &FuncType, returns_flag: bool) -> FunctionType<'ctx> {
        let base = self.plan.calls.passes_base.then_some(self.types.ptr);
        self.types.function_with(ty, base, returns_flag)
    }

    /// Reports whether `function`, of type `ty`, returns a flag besides its result.
    pub fn returns_flag(&self, function: FunctionValue<'ctx>, ty: &FuncType) -> bool {
        let without = self.types.function(ty).get_return_type();
        self.plan.exceptions.signal == Signal::Flag
            && function.get_type().get_return_type() != without
    }

    /// Passes the last of the `arguments` arguments of `call` in the register in which [`Self::callee`] takes
    /// the base of linear memory.
    pub fn pass_base(&self, call: CallSiteValue<'ctx>, arguments: usize) {
        let last = AttributeLoc::Param(arguments as u32 - 1);
        call.add_attribute(last, self.kept_register());
    }

    /// Returns the attribute of a parameter in a register that callees preserve: a value that every function
    /// passes on never moves.
    fn kept_register(&self) -> Attribute {
        self.enum_attribute("swiftself")
    }

    /// Returns the function of that symbol; declares it at its first use.
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
        let ty = self.plan.module.function_type(index);
        let called_from_code = symbol == Symbol::Thunk || symbol == self.body_symbol(index);
        let takes_base = self.plan.calls.passes_base && called_from_code;
        let from_runtime = symbol == Symbol::Entry && self.plan.has_own_entry(index);
        let returns_flag = !from_runtime && self.plan.exceptions.returns_flag(index);
        let ty = if takes_base {
            self.internal_type(ty, returns_flag)
        } else if from_runtime && ty.has_exnref() {
            self.types.function(&ty.for_runtime())
        } else {
            self.types.function_with(ty, None, returns_flag)
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
        if self.plan.target.facts.extends_i32 && ty.get_return_type() == Some(self.types.i32.into())
        {
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

    /// Sets the attributes of every emitted function. Frames must not vanish: a call in tail position that is
    /// not a `return_call` keeps its frame, so that infinite recursion ends in a stack overflow.
    pub fn set_attributes(&self, function: FunctionValue<'ctx>) {
        let mut attributes = vec![
            self.enum_attribute("nounwind"),
            self.types
                .context
                .create_string_attribute("no-trapping-math", "true"),
        ];
        if !self.plan.calls.tail_calls {
            // With tail calls, each ordinary call says so for itself (`emit::call`).
            attributes.push(
                self.types
                    .context
                    .create_string_attribute("disable-tail-calls", "true"),
            );
        }
        if !self.plan.calls.stack_checks {
            // The guard pages catch an overflow only if no frame can step over them.
            attributes.push(
                self.types
                    .context
                    .create_string_attribute("probe-stack", "inline-asm"),
            );
        }
        if !self.plan.jump_tables {
            attributes.push(
                self.types
                    .context
                    .create_string_attribute("no-jump-tables", "true"),
            );
        }
        if self.plan.linux_perf {
            attributes.push(
                self.types
                    .context
                    .create_string_attribute("frame-pointer", "all"),
            );
        }
        if self.plan.level.for_size {
            attributes.push(self.enum_attribute("optsize"));
        }
        if self.plan.level.for_least_size {
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

    /// Returns the runtime's helper; declares it at its first use.
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
                HelperType::I32 if self.plan.target.facts.extends_i32 => "signext",
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

    /// Returns a symbol whose address is a number that the linker knows.
    pub fn number(&self, name: SymbolName) -> GlobalValue<'ctx> {
        let name = &name.to_string();
        self.llvm.get_global(name).unwrap_or_else(|| {
            // No constant: LLVM would take it for a part of the text and address it from there.
            let global = self.llvm.add_global(self.types.i8, None, name);
            global.set_visibility(GlobalVisibility::Hidden);
            global
        })
    }

    /// Returns a constant table named `name`, which the first partition defines.
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

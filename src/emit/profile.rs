//! Counters in code, and the counts of a profile as facts for LLVM (`crate::profile`).
//!
//! The counters lie in a data section, whose place only the loader knows. A word in each partition holds it, or a
//! small function of assembly returns it where the loader has no relocation for a word (AArch64). The pipeline adds
//! the relocations.

use inkwell::attributes::AttributeLoc;
use inkwell::module::{FlagBehavior, Linkage};
use inkwell::values::BasicValue;
use inkwell::values::{
    BasicMetadataValueEnum, FunctionValue, InstructionValue, IntValue, PointerValue,
};

use super::error::Result;
use super::function::FunctionEmitter;
use super::unit::Unit;
use crate::abi::symbols::SymbolName;
use crate::targets::Arch;

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Counts the call of the function; tells LLVM how often it was called.
    pub fn begin_profile(&mut self) -> Result<()> {
        let profile = &self.plan().profile;
        if let Some(calls) = profile.calls_of(self.index) {
            self.unit.note_calls(self.function, calls);
        }
        if profile.is_cold(self.index) {
            let cold = self.unit.enum_attribute("cold");
            self.function.add_attribute(AttributeLoc::Function, cold);
        }
        if let Some(first) = profile.first_counter(self.index) {
            let all = counters(self.unit, self)?;
            let counters = self.field(all, u64::from(first) * 8)?;
            self.counters = Some(counters);
            self.count(self.types().intptr.const_zero())?;
        }
        Ok(())
    }

    /// Counts which way the current instruction goes by `condition`.
    pub fn count_choice(&self, condition: IntValue<'ctx>) -> Result<()> {
        if self.counters.is_none() {
            return Ok(());
        }
        let number = |offset: u32| {
            let number = u64::from(self.first_way + offset);
            self.types().intptr.const_int(number, false)
        };
        let way = self
            .builder()
            .build_select(condition, number(0), number(1), "")?;
        self.count(way.into_int_value())
    }

    /// Counts which of `targets` targets of a table, or its default, the current instruction goes to.
    pub fn count_target(&self, selector: IntValue<'ctx>, targets: u32) -> Result<()> {
        if self.counters.is_none() {
            return Ok(());
        }
        let i32 = self.types().i32;
        let default = self.i32_const(targets);
        let arguments = [selector.into(), default.into()];
        let target = self.call_intrinsic("llvm.umin", &[i32.into()], &arguments)?;
        let first = self.i32_const(self.first_way);
        let way = self
            .builder()
            .build_int_nuw_add(target.into_int_value(), first, "")?;
        let way = self
            .builder()
            .build_int_z_extend_or_bit_cast(way, self.types().intptr, "")?;
        self.count(way)
    }

    /// Returns how often the current instruction went its `count` ways, if it is known.
    pub fn ways(&self, count: u32) -> Option<&[u64]> {
        let counts = self.plan().profile.counts_of(self.index)?;
        let first = self.first_way as usize;
        counts.get(first..first + count as usize)
    }

    /// Tells LLVM how often the current instruction, `branch`, went its two ways.
    pub fn weigh_choice(&self, branch: Option<InstructionValue<'ctx>>) {
        if let (Some(branch), Some(ways)) = (branch, self.ways(2)) {
            self.weigh(branch, ways);
        }
    }

    /// Tells LLVM how often a branch, a switch or a select went its ways.
    pub fn weigh(&self, branch: InstructionValue<'ctx>, ways: &[u64]) {
        let largest = ways.iter().copied().max().unwrap_or_default();
        if largest == 0 {
            return;
        }
        let scale = largest / u64::from(u32::MAX) + 1;
        let context = self.types().context;
        let mut node: Vec<BasicMetadataValueEnum> =
            vec![context.metadata_string("branch_weights").into()];
        node.extend(ways.iter().map(|&way| {
            let weight = (way / scale) as u32;
            BasicMetadataValueEnum::from(self.i32_const(weight))
        }));
        let node = context.metadata_node(&node);
        // Fails only for a node of another context.
        let _ = branch.set_metadata(node, context.get_kind_id("prof"));
    }

    /// Increments the counter of the function with this number.
    fn count(&self, number: IntValue<'ctx>) -> Result<()> {
        let Some(counters) = self.counters else {
            return Ok(());
        };
        let i64 = self.types().i64;
        // SAFETY: only forms the address of a counter that the function has.
        let counter = unsafe {
            self.builder()
                .build_in_bounds_gep(i64, counters, &[number], "")?
        };
        let before = self.builder().build_load(i64, counter, "")?;
        let after =
            self.builder()
                .build_int_add(before.into_int_value(), i64.const_int(1, false), "")?;
        let store = self.builder().build_store(counter, after)?;
        // No other code reads or writes counters.
        let accesses = [before.as_instruction_value(), Some(store)];
        for access in accesses.into_iter().flatten() {
            self.tag(access, self.tags().hidden);
        }
        Ok(())
    }
}

impl<'ctx> Unit<'ctx, '_, '_> {
    fn note_calls(&self, function: FunctionValue<'ctx>, calls: u64) {
        let context = self.types.context;
        let node = context.metadata_node(&[
            context.metadata_string("function_entry_count").into(),
            self.types.i64.const_int(calls, false).into(),
        ]);
        let kind = context.get_kind_id("prof");
        function.as_global_value().set_metadata(node, kind);
    }

    /// Tells LLVM how the counts of the module are distributed: from which count on code is hot.
    pub fn note_summary(&self) {
        let Some(counts) = &self.plan.profile.counts else {
            return;
        };
        let summary = &counts.summary;
        if summary.total == 0 {
            return;
        }
        let context = self.types.context;
        let (i32, i64) = (self.types.i32, self.types.i64);
        let node = |fields: &[BasicMetadataValueEnum<'ctx>]| context.metadata_node(fields).into();
        let number = |name: &str, value: BasicMetadataValueEnum<'ctx>| {
            node(&[context.metadata_string(name).into(), value])
        };
        let long = |value| i64.const_int(value, false).into();
        let short = |value: u32| i32.const_int(value.into(), false).into();
        let detail: Vec<BasicMetadataValueEnum> = summary
            .detail
            .iter()
            .map(|&(cutoff, least, count)| node(&[short(cutoff), long(least), short(count)]))
            .collect();
        let fields = [
            number("ProfileFormat", context.metadata_string("InstrProf").into()),
            number("TotalCount", long(summary.total)),
            number("MaxCount", long(summary.largest)),
            number("MaxInternalCount", long(summary.largest_branch)),
            number("MaxFunctionCount", long(summary.largest_function)),
            number("NumCounts", long(summary.counters.into())),
            number("NumFunctions", long(summary.functions.into())),
            number("DetailedSummary", node(&detail)),
        ];
        let summary = context.metadata_node(&fields);
        self.llvm
            .add_metadata_flag("ProfileSummary", FlagBehavior::Error, summary);
    }
}

/// Returns the address of the first counter of the module.
fn counters<'ctx>(
    unit: &Unit<'ctx, '_, '_>,
    e: &FunctionEmitter<'_, 'ctx, '_, '_>,
) -> Result<PointerValue<'ctx>> {
    let name = SymbolName::ProfileCounters.to_string();
    if unit.plan.target.arch == Arch::Aarch64 {
        let here = e.current_block();
        let function = place_function(unit, &name)?;
        unit.builder.position_at_end(here);
        e.resume_origin();
        let call = unit.builder.build_call(function, &[], "")?;
        return Ok(call
            .try_as_basic_value()
            .expect_basic("the function returns an address")
            .into_pointer_value());
    }
    let intptr = unit.types.intptr;
    let word = unit.llvm.get_global(&name).unwrap_or_else(|| {
        let word = unit.llvm.add_global(intptr, None, &name);
        word.set_initializer(&intptr.const_zero());
        word.set_constant(true);
        word.set_linkage(Linkage::Internal);
        // The loader changes it.
        word.set_externally_initialized(true);
        word
    });
    e.load_runtime_pointer(word.as_pointer_value(), 0, true)
}

/// Returns the function that returns the address of the first counter: four instructions, each with sixteen bits of
/// the address, which the loader fills in.
fn place_function<'ctx>(unit: &Unit<'ctx, '_, '_>, name: &str) -> Result<FunctionValue<'ctx>> {
    const CODE: &str =
        "movz x0, #0, lsl #48\nmovk x0, #0, lsl #32\nmovk x0, #0, lsl #16\nmovk x0, #0\nret";

    if let Some(function) = unit.llvm.get_function(name) {
        return Ok(function);
    }
    let types = &unit.types;
    let ty = types.ptr.fn_type(&[], false);
    let function = unit.llvm.add_function(name, ty, Some(Linkage::Internal));
    for attribute in ["naked", "noinline", "nounwind", "willreturn", "memory"] {
        // No effect on memory: zero.
        function.add_attribute(AttributeLoc::Function, unit.enum_attribute(attribute));
    }
    let block = types.context.append_basic_block(function, "entry");
    unit.builder.position_at_end(block);
    unit.builder.unset_current_debug_location();
    let code = types.context.void_type().fn_type(&[], false);
    let assembly = types.context.create_inline_asm(
        code,
        CODE.to_owned(),
        String::new(),
        true,
        false,
        None,
        false,
    );
    unit.builder.build_indirect_call(code, assembly, &[], "")?;
    unit.builder.build_unreachable()?;
    Ok(function)
}

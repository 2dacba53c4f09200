//! Decides which imported functions code calls directly, in the runtime's own structures.
//!
//! A thunk that is about to call `aot_invoke_native` calls the decision. At its first call in an instance, the
//! decision answers for all functions. `aot_invoke_native` reads the same structures at each call. While an
//! instance lives, they only change if the host links the module anew: through the `wasm_c_api` for another
//! instance, or by resolving symbols again. Then the runtime itself treats the functions of existing instances
//! as those that it has just linked.
//!
//! A function can be called directly if the runtime has linked one, with the signature that the plan expects,
//! without attachment, in the plain convention, and not through the `wasm_c_api`. A function of another module
//! (`WAMR_BUILD_MULTI_MODULE`) has no signature in these structures. [`crate::abi::imports`] says how code
//! makes sure of their layout.

use inkwell::IntPredicate;
use inkwell::attributes::AttributeLoc;
use inkwell::basic_block::BasicBlock;
use inkwell::module::Linkage;
use inkwell::types::BasicType;
use inkwell::values::{BasicValue, FunctionValue, GlobalValue, IntValue, PhiValue, PointerValue};

use super::error::Result;
use super::function::FunctionEmitter;
use super::unit::Unit;
use crate::abi::imports::{self, ModuleLayout, imported_function};
use crate::abi::symbols::SymbolName;
use crate::abi::{HiddenPurpose, NativeAnswer, layout};

type Emitter<'p, 'ctx, 'e, 'w> = FunctionEmitter<'p, 'ctx, 'e, 'w>;

/// Functions that the compiler may add behind the module's own.
const MOST_ADDED_FUNCTIONS: u64 = 8;

/// Returns the address of the first answer.
pub(super) fn answers<'ctx>(e: &Emitter<'_, 'ctx, '_, '_>) -> Result<PointerValue<'ctx>> {
    e.hidden_address(HiddenPurpose::NativeAnswers(0))
}

/// Returns the function that decides; emits it at its first use, which moves the builder.
pub(super) fn function<'ctx>(e: &Emitter<'_, 'ctx, '_, '_>) -> Result<FunctionValue<'ctx>> {
    let unit = e.unit;
    let name = SymbolName::NativeDecision.to_string();
    if let Some(function) = unit.llvm.get_function(&name) {
        return Ok(function);
    }
    let void = unit.types.context.void_type();
    let function = unit.cold_function(&name, void.fn_type(&[unit.types.ptr.into()], false));
    for attribute in ["optsize", "minsize"] {
        function.add_attribute(AttributeLoc::Function, unit.enum_attribute(attribute));
    }
    let mut e = FunctionEmitter::new(unit, e.index, function);
    // Its type is its own.
    e.returns_flag = false;
    e.builder().position_at_end(e.entry);
    e.load_instance()?;
    Decision::new(&e)?.emit()?;
    Ok(function)
}

/// Returns the constants about imported functions, `u32` each. For each function: its type in the lower half;
/// in the upper half, how many words of its signature follow, four bytes in each, the first byte lowest, with
/// the final zero byte. No words follow if code never calls the function directly.
fn facts<'ctx>(unit: &Unit<'ctx, '_, '_>) -> GlobalValue<'ctx> {
    let mut words = Vec::new();
    let module = unit.plan.module;
    for (function, call) in module
        .functions
        .values()
        .zip(unit.plan.natives.direct_calls())
    {
        let ty = unit.plan.tables.canonical_types[function.type_index].as_u32();
        let mut signature = call.map_or(Vec::new(), |call| call.signature.clone().into_bytes());
        if call.is_some() {
            signature.push(0);
        }
        let signature: Vec<u32> = signature
            .chunks(4)
            .map(|bytes| {
                let shifted = (0..)
                    .zip(bytes)
                    .map(|(at, &byte)| u32::from(byte) << (8 * at));
                shifted.sum()
            })
            .collect();
        words.push(ty | (signature.len() as u32) << 16);
        words.extend(signature);
    }
    let i32 = unit.types.i32;
    let words: Vec<IntValue> = words
        .into_iter()
        .map(|word| i32.const_int(word.into(), false))
        .collect();
    let name = SymbolName::NativeFacts.to_string();
    let global = unit
        .llvm
        .add_global(i32.array_type(words.len() as u32), None, &name);
    global.set_initializer(&i32.const_array(&words));
    global.set_constant(true);
    global.set_linkage(Linkage::Internal);
    global
}

/// The function while it is emitted.
struct Decision<'a, 'p, 'ctx, 'e, 'w> {
    e: &'a Emitter<'p, 'ctx, 'e, 'w>,
    facts: PointerValue<'ctx>,
    /// Answers "invoke" for all functions.
    inconsistent: BasicBlock<'ctx>,
}

/// The position of the loop over the imported functions.
struct Cursor<'ctx> {
    /// The number of the function.
    index: PhiValue<'ctx>,
    /// The word of the facts.
    word: PhiValue<'ctx>,
    /// The next answer.
    answer: PhiValue<'ctx>,
}

impl<'a, 'p, 'ctx, 'e, 'w> Decision<'a, 'p, 'ctx, 'e, 'w> {
    fn new(e: &'a Emitter<'p, 'ctx, 'e, 'w>) -> Result<Self> {
        Ok(Decision {
            e,
            facts: facts(e.unit).as_pointer_value(),
            inconsistent: e.append_block("inconsistent"),
        })
    }

    fn emit(&self) -> Result<()> {
        let e = self.e;
        let (builder, types) = (e.builder(), e.types());
        let [undecided, done] = ["undecided", "done"].map(|name| e.append_block(name));
        let first = builder.build_load(types.i8, answers(e)?, "")?;
        if let Some(load) = first.as_instruction_value() {
            e.tag(load, e.tags().hidden);
        }
        let unknown = types.i8.const_int(NativeAnswer::Unknown as u64, false);
        let first = first.into_int_value();
        let is_unknown = builder.build_int_compare(IntPredicate::EQ, first, unknown, "")?;
        builder.build_conditional_branch(is_unknown, undecided, done)?;

        builder.position_at_end(undecided);
        let layout = ModuleLayout::of(e.plan().target.pointer_width);
        let module = e.load_runtime_pointer(e.instance, layout::instance::MODULE, false)?;
        self.require_counts(module, &layout)?;
        let module_types = e.load_runtime_pointer(module, layout.types, false)?;
        let functions = e.load_runtime_pointer(module, layout.imported_functions, false)?;
        let pointers = e.load_runtime_pointer(e.instance, layout::instance::FUNC_PTRS, false)?;

        let before = e.current_block();
        let [head, body] = ["head", "function"].map(|name| e.append_block(name));
        builder.build_unconditional_branch(head)?;
        builder.position_at_end(head);
        let zero = types.i32.const_zero();
        let cursor = Cursor {
            index: builder.build_phi(types.i32, "")?,
            word: builder.build_phi(types.i32, "")?,
            answer: builder.build_phi(types.i32, "")?,
        };
        for phi in [&cursor.index, &cursor.word, &cursor.answer] {
            phi.add_incoming(&[(&zero, before)]);
        }
        let index = cursor.index.as_basic_value().into_int_value();
        let count = e.i32_const(e.plan().module.imported_functions as u32);
        let more = builder.build_int_compare(IntPredicate::ULT, index, count, "")?;
        builder.build_conditional_branch(more, body, done)?;

        builder.position_at_end(body);
        let size = imported_function::SIZE * u64::from(e.plan().target.pointer_width.bytes());
        let function = self.element(functions, index, size)?;
        let fact = self.fact(cursor.word.as_basic_value().into_int_value())?;
        let linked = self.require_function(index, function, fact, module_types, pointers)?;
        self.answer(&cursor, head, function, fact, linked)?;

        builder.position_at_end(done);
        builder.build_return(None)?;
        self.emit_inconsistent()
    }

    /// Continues only if `condition` holds; the structures are not as expected otherwise.
    fn require(&self, condition: IntValue<'ctx>) -> Result<()> {
        let next = self.e.append_block("consistent");
        self.e
            .builder()
            .build_conditional_branch(condition, next, self.inconsistent)?;
        self.e.builder().position_at_end(next);
        Ok(())
    }

    fn require_equal(&self, left: IntValue<'ctx>, right: IntValue<'ctx>) -> Result<()> {
        let equal = self
            .e
            .builder()
            .build_int_compare(IntPredicate::EQ, left, right, "")?;
        self.require(equal)
    }

    fn require_counts(&self, module: PointerValue<'ctx>, layout: &ModuleLayout) -> Result<()> {
        let e = self.e;
        let word = |base, offset| -> Result<_> {
            Ok(e.load_runtime(e.types().i32, base, offset, false)?
                .into_int_value())
        };
        let exists = e.builder().build_is_not_null(module, "")?;
        self.require(exists)?;
        self.require_equal(
            word(module, imports::MODULE_TYPE)?,
            word(e.instance, imports::MODULE_TYPE)?,
        )?;
        let wasm = e.plan().module;
        let hidden = e.plan().hidden.iter().count();
        for (offset, expected) in [
            (layout.type_count, wasm.types.len()),
            (layout.imported_global_count, wasm.imported_globals),
            (
                layout.global_count,
                wasm.globals.len() - wasm.imported_globals + hidden,
            ),
            (layout.imported_function_count, wasm.imported_functions),
        ] {
            self.require_equal(word(module, offset)?, e.i32_const(expected as u32))?;
        }
        let defined = e.i32_const((wasm.functions.len() - wasm.imported_functions) as u32);
        let functions = word(module, layout.function_count)?;
        let added = e.builder().build_int_sub(functions, defined, "")?;
        let most = e.types().i32.const_int(MOST_ADDED_FUNCTIONS, false);
        let few = e
            .builder()
            .build_int_compare(IntPredicate::ULE, added, most, "")?;
        self.require(few)
    }

    /// Makes sure that `function` describes the imported function `index`. Returns the linked function.
    fn require_function(
        &self,
        index: IntValue<'ctx>,
        function: PointerValue<'ctx>,
        fact: IntValue<'ctx>,
        module_types: PointerValue<'ctx>,
        pointers: PointerValue<'ctx>,
    ) -> Result<PointerValue<'ctx>> {
        let e = self.e;
        let builder = e.builder();
        let ty = builder.build_and(fact, e.i32_const(0xffff), "")?;
        let field = self.pointers(imported_function::TYPE_INDEX);
        let found = e.load_runtime(e.types().i32, function, field, false)?;
        self.require_equal(found.into_int_value(), ty)?;

        let pointer = u64::from(e.plan().target.pointer_width.bytes());
        let expected = self.element(module_types, ty, pointer)?;
        let expected = e.load_runtime_pointer(expected, 0, false)?;
        let found = self.pointer_field(function, imported_function::TYPE)?;
        let equal = builder.build_int_compare(IntPredicate::EQ, found, expected, "")?;
        self.require(equal)?;

        // The instance has a function of the runtime in the place of a missing one.
        let linked = self.pointer_field(function, imported_function::LINKED)?;
        let of_instance = self.element(pointers, index, pointer)?;
        let of_instance = e.load_runtime_pointer(of_instance, 0, false)?;
        let equal = builder.build_int_compare(IntPredicate::EQ, linked, of_instance, "")?;
        let missing = builder.build_is_null(linked, "")?;
        let consistent = builder.build_or(equal, missing, "")?;
        self.require(consistent)?;
        Ok(linked)
    }

    /// Stores the answer for `function`, if code asks for it, and continues with the next at `head`.
    fn answer(
        &self,
        cursor: &Cursor<'ctx>,
        head: BasicBlock<'ctx>,
        function: PointerValue<'ctx>,
        fact: IntValue<'ctx>,
        linked: PointerValue<'ctx>,
    ) -> Result<()> {
        let e = self.e;
        let (builder, types) = (e.builder(), e.types());
        let [asked, compare, character, equal, store, next] =
            ["asked", "compare", "character", "equal", "store", "next"]
                .map(|name| e.append_block(name));
        let one = e.i32_const(1);
        let zero = types.i32.const_zero();
        let words = builder.build_right_shift(fact, e.i32_const(16), false, "")?;
        let is_asked = builder.build_int_compare(IntPredicate::NE, words, zero, "")?;
        let from = e.current_block();
        builder.build_conditional_branch(is_asked, asked, next)?;

        builder.position_at_end(asked);
        let signature = self.pointer_field(function, imported_function::SIGNATURE)?;
        let attachment = self.pointer_field(function, imported_function::ATTACHMENT)?;
        let conventions = self.pointers(imported_function::CONVENTIONS);
        let conventions = e.load_runtime(types.i16, function, conventions, false)?;
        let plain = builder.build_int_compare(
            IntPredicate::EQ,
            conventions.into_int_value(),
            types.i16.const_zero(),
            "",
        )?;
        let has_signature = builder.build_is_not_null(signature, "")?;
        let is_linked = builder.build_is_not_null(linked, "")?;
        let no_attachment = builder.build_is_null(attachment, "")?;
        let mut possible = plain;
        for condition in [has_signature, is_linked, no_attachment] {
            possible = builder.build_and(possible, condition, "")?;
        }
        builder.build_conditional_branch(possible, compare, store)?;

        // Both texts end with a zero byte, so that the comparison stays in both.
        builder.position_at_end(compare);
        let at = builder.build_phi(types.i32, "")?;
        let position = at.as_basic_value().into_int_value();
        let word = builder.build_right_shift(position, e.i32_const(2), false, "")?;
        let first = cursor.word.as_basic_value().into_int_value();
        let word = builder.build_int_add(word, first, "")?;
        let word = builder.build_int_add(word, one, "")?;
        let word = self.fact(word)?;
        let byte = builder.build_and(position, e.i32_const(3), "")?;
        let shift = builder.build_left_shift(byte, e.i32_const(3), "")?;
        let expected = builder.build_right_shift(word, shift, false, "")?;
        let expected = builder.build_and(expected, e.i32_const(0xff), "")?;
        let found = self.element(signature, position, 1)?;
        let found = e.load_runtime(types.i8, found, 0, false)?.into_int_value();
        let found = builder.build_int_z_extend(found, types.i32, "")?;
        let same = builder.build_int_compare(IntPredicate::EQ, found, expected, "")?;
        builder.build_conditional_branch(same, equal, store)?;

        builder.position_at_end(equal);
        let ends = builder.build_int_compare(IntPredicate::EQ, found, zero, "")?;
        builder.build_conditional_branch(ends, store, character)?;

        builder.position_at_end(character);
        let following = builder.build_int_add(position, one, "")?;
        builder.build_unconditional_branch(compare)?;
        at.add_incoming(&[(&zero, asked), (&following, character)]);

        builder.position_at_end(store);
        let answer = builder.build_phi(types.i32, "")?;
        let [invoke, direct] =
            [NativeAnswer::Invoke, NativeAnswer::Direct].map(|answer| e.i32_const(answer as u32));
        answer.add_incoming(&[(&invoke, asked), (&invoke, compare), (&direct, equal)]);
        let number = cursor.answer.as_basic_value().into_int_value();
        let place = self.element(answers(e)?, number, 1)?;
        let answer = answer.as_basic_value().into_int_value();
        let answer = builder.build_int_truncate(answer, types.i8, "")?;
        let stored = builder.build_store(place, answer)?;
        e.tag(stored, e.tags().hidden);
        let number_after = builder.build_int_add(number, one, "")?;
        builder.build_unconditional_branch(next)?;

        builder.position_at_end(next);
        let following = builder.build_phi(types.i32, "")?;
        following.add_incoming(&[(&number, from), (&number_after, store)]);
        let following = following.as_basic_value().into_int_value();
        let index = cursor.index.as_basic_value().into_int_value();
        let index = builder.build_int_add(index, one, "")?;
        let word = builder.build_int_add(first, words, "")?;
        let word = builder.build_int_add(word, one, "")?;
        builder.build_unconditional_branch(head)?;
        cursor.index.add_incoming(&[(&index, next)]);
        cursor.word.add_incoming(&[(&word, next)]);
        cursor.answer.add_incoming(&[(&following, next)]);
        Ok(())
    }

    fn emit_inconsistent(&self) -> Result<()> {
        let e = self.e;
        e.builder().position_at_end(self.inconsistent);
        let invoke = u64::from_ne_bytes([NativeAnswer::Invoke as u8; 8]);
        let invoke = e.types().i64.const_int(invoke, false);
        for number in 0..e.plan().natives.globals() {
            e.store_hidden(HiddenPurpose::NativeAnswers(number), invoke)?;
        }
        e.builder().build_return(None)?;
        Ok(())
    }

    /// Loads the word `index` of the facts.
    fn fact(&self, index: IntValue<'ctx>) -> Result<IntValue<'ctx>> {
        let address = self.element(self.facts, index, 4)?;
        let word = self.e.load_runtime(self.e.types().i32, address, 0, true)?;
        Ok(word.into_int_value())
    }

    fn pointer_field(
        &self,
        function: PointerValue<'ctx>,
        pointers: u64,
    ) -> Result<PointerValue<'ctx>> {
        self.e
            .load_runtime_pointer(function, self.pointers(pointers), false)
    }

    /// Returns the size of that many pointers.
    fn pointers(&self, count: u64) -> u64 {
        count * u64::from(self.e.plan().target.pointer_width.bytes())
    }

    /// Returns the address of the element `index` of an array with elements of `size` bytes.
    fn element(
        &self,
        array: PointerValue<'ctx>,
        index: IntValue<'ctx>,
        size: u64,
    ) -> Result<PointerValue<'ctx>> {
        let (builder, types) = (self.e.builder(), self.e.types());
        let index = builder.build_int_z_extend_or_bit_cast(index, types.intptr, "")?;
        let element = types.i8.array_type(size as u32);
        // SAFETY: forms an address; the callers know the array.
        Ok(unsafe { builder.build_gep(element.as_basic_type_enum(), array, &[index], "")? })
    }
}

//! The marks in IR by which the emitter and the passes communicate: the whole vocabulary.
//!
//! - [`LINEAR_MEMORY`] names the alias tag of linear-memory accesses;
//! - a [`FunctionMark`] is an attribute of a function;
//! - a range on the load of a word marks the word as the size of linear memory ([`is_memory_size`]);
//! - an opaque use in assembly or `llvm.fake.use` keeps a value alive (`Value::put_fake_use_in_front` and
//!   similar functions in [`super::ir`]);
//! - symbol names identify functions and constants (`crate::abi::symbols`);
//! - block names identify the blocks that LLVM's vectoriser makes ([`is_vector_test`]).

use inkwell::attributes::AttributeLoc;
use inkwell::context::Context;
use inkwell::module::Module as LlvmModule;
use inkwell::values::{FunctionValue, InstructionValue, IntValue};

use super::ir::{self, Block, Opcode, Value};

/// The name of linear memory's node in the alias metadata.
pub const LINEAR_MEMORY: &str = "linear memory";

/// Reports whether an access is of linear memory. If LLVM merges two accesses of different types, the result
/// has no alias tag. For an access that never had a tag, the address shows where it lies.
pub fn is_linear(access: Value) -> bool {
    match access.alias_tag_name() {
        Some(name) => name == LINEAR_MEMORY.as_bytes(),
        None => {
            let mut address = access.operand(0);
            while let Some(inner) = address
                && inner.opcode() == Some(Opcode::LLVMGetElementPtr)
                && !inner.is_constant()
            {
                address = inner.operand(0);
            }
            address.is_some_and(|base| {
                !base.is_constant() && base.opcode() != Some(Opcode::LLVMAlloca)
            })
        }
    }
}

/// Returns every load of linear memory.
pub fn linear_loads<'m>(module: &'m LlvmModule) -> Vec<Value<'m>> {
    ir::functions(module)
        .into_iter()
        .flat_map(Value::instructions)
        .filter(|it| it.opcode() == Some(Opcode::LLVMLoad) && is_linear(*it))
        .collect()
}

/// Marks `load` as a load of the size of linear memory in bytes (32 bits), which is at least `least`. LLVM
/// can then see that one check makes another redundant.
pub fn mark_memory_size(context: &Context, load: InstructionValue, least: u64) {
    let bounds =
        [least, 0].map(|bound: u64| -> IntValue { context.i32_type().const_int(bound, false) });
    let range = context.metadata_node(&bounds.map(Into::into));
    // Fails only for a node of another context.
    let _ = load.set_metadata(range, context.get_kind_id("range"));
}

/// Reports whether a value is the size of linear memory, in 32 bits. The emitter puts a range on no other
/// load.
pub fn is_memory_size(value: Value) -> bool {
    value.opcode() == Some(Opcode::LLVMLoad) && value.has_range() && value.is_integer(32)
}

/// A fact about a function, as an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionMark {
    /// The function is a body that no other partition can call.
    PrivateBody,
    /// The function is local: only its own partition calls it.
    Local,
    /// Only the runtime may call the entry: it does not do what calls from code need.
    OnlyForRuntime,
}

impl FunctionMark {
    fn attribute(self) -> &'static str {
        match self {
            FunctionMark::PrivateBody => "private-body",
            FunctionMark::Local => "local",
            FunctionMark::OnlyForRuntime => "only-for-runtime",
        }
    }

    /// Marks `function`, which belongs to `context`.
    pub fn set(self, context: &Context, function: FunctionValue) {
        let attribute = context.create_string_attribute(self.attribute(), "");
        function.add_attribute(AttributeLoc::Function, attribute);
    }

    /// Reports whether `function` is marked.
    pub fn is_set(self, function: FunctionValue) -> bool {
        function
            .get_string_attribute(AttributeLoc::Function, self.attribute())
            .is_some()
    }
}

/// Reports whether LLVM's vectoriser has made `block` for the tests in front of a vectorised loop.
pub fn is_vector_test(block: Block) -> bool {
    [&b"vector.scevcheck"[..], b"vector.memcheck"]
        .iter()
        .any(|name| block.name().starts_with(name))
}

//! Indirect mode: reaches functions and constants of the runtime through the table of native symbols.
//!
//! The loader fills the table by the names in a custom section; every execution environment holds the table's
//! address. A call of a runtime function becomes a load from the table and a call of the loaded address. A
//! load from a variable that is named like a constant becomes a load from the table. Calls inside the module
//! stay: the linker resolves them.
//!
//! Partitions are compiled separately but share the table. So each partition first counts its [uses](Uses).
//! Then [`NativeTable`] assigns places, and [`run`] rewrites each partition. The places depend only on the
//! uses: the most used symbols come first, within reach of the instructions of small processors.

use std::collections::{BTreeMap, HashMap, HashSet};

use inkwell::module::Module as LlvmModule;

use crate::abi::layout::exec_env;
use crate::llvm::ir::{self, Builder, Kind, Opcode as Op, Value};
use crate::passes::PassError;
use crate::targets::PointerWidth;

/// How often code uses each native symbol.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses(BTreeMap<String, u64>);

impl Uses {
    /// Counts the uses in `module` of `symbols` and of constants.
    pub fn of(module: &LlvmModule, symbols: &HashSet<&str>) -> Uses {
        let mut uses = Uses::default();
        for reference in references(module) {
            if reference.is_constant || symbols.contains(reference.name) {
                *uses.0.entry(reference.name.to_owned()).or_default() += 1;
            }
        }
        uses
    }

    /// Adds the uses of another partition.
    pub fn add(&mut self, other: Uses) {
        for (name, count) in other.0 {
            *self.0.entry(name).or_default() += count;
        }
    }
}

/// The table of native symbols, with the place of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NativeTable {
    names: Vec<String>,
    places: HashMap<String, u64>,
}

/// The name of an entry that the loader ignores.
const FILLER: &str = "__ignore";

impl NativeTable {
    pub fn new(uses: Uses, width: PointerWidth) -> NativeTable {
        let mut symbols: Vec<(String, u64)> = uses.0.into_iter().collect();
        // Constants that take two places go to the end, aligned; among equals the order is that
        // of the names.
        let is_wide = |name: &str| {
            width == PointerWidth::Bits32 && (name.starts_with("i64#") || name.starts_with("f64#"))
        };
        symbols.sort_by_key(|(name, count)| (is_wide(name), std::cmp::Reverse(*count)));
        let mut table = NativeTable::default();
        for (name, _) in symbols {
            let wide = is_wide(&name);
            if wide && table.names.len() % 2 == 1 {
                table.names.push(FILLER.to_owned());
            }
            table.places.insert(name.clone(), table.names.len() as u64);
            table.names.push(name);
            if wide {
                table.names.push(FILLER.to_owned());
            }
        }
        table
    }

    /// Returns the names in the order of the table.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

/// A use of a symbol outside the module.
struct Reference<'m> {
    name: &'m str,
    is_constant: bool,
    user: Value<'m>,
    /// The index of the operand in its user.
    operand: u32,
}

fn references<'m>(module: &'m LlvmModule) -> Vec<Reference<'m>> {
    let mut all = Vec::new();
    for function in ir::functions(module) {
        for user in function.instructions() {
            let (operand, is_constant) = match user.opcode() {
                // The callee is the last operand.
                Some(Op::LLVMCall) => (user.operands().len() as u32 - 1, false),
                Some(Op::LLVMLoad) => (0, true),
                _ => continue,
            };
            let Some(referent) = user.operand(operand) else {
                continue;
            };
            let outside = if is_constant {
                referent.is_external_global() && referent.name().get(3) == Some(&b'#')
            } else {
                referent.is_function() && !referent.is_defined()
            };
            if let (true, Ok(name)) = (outside, std::str::from_utf8(referent.name()))
                && !name.starts_with("llvm.")
            {
                all.push(Reference {
                    name,
                    is_constant,
                    user,
                    operand,
                });
            }
        }
    }
    all
}

/// Redirects every use in `module` of a symbol in `table` through the table.
pub fn run(module: &LlvmModule, table: &NativeTable, width: PointerWidth) -> Result<(), PassError> {
    let word = u64::from(width.bytes());
    for reference in references(module) {
        let Some(place) = table.places.get(reference.name) else {
            continue;
        };
        let user = reference.user;
        let function = user.function();
        // All code of ours has the execution environment as its first parameter.
        let environment = function
            .param(0)
            .filter(|environment| environment.kind() == Kind::Pointer)
            .ok_or_else(|| {
                let function = String::from_utf8_lossy(function.name()).into_owned();
                PassError(format!(
                    "function {function} uses {} but has no execution environment",
                    reference.name
                ))
            })?;
        if !reference.is_constant
            && let Some(callee) = user.operand(reference.operand)
        {
            user.take_attributes(callee);
        }
        let builder = Builder::before(user);
        let symbols = builder.field(environment, exec_env::native_symbol(width));
        let symbols = builder.load(Kind::Pointer, symbols, width.bytes());
        symbols.set_invariant();
        let mut value = builder.field(symbols, place * word);
        if !reference.is_constant {
            // Not said to be invariant: it would only be kept in a register for the next call.
            value = builder.load(Kind::Pointer, value, width.bytes());
        }
        user.set_operand(reference.operand, value);
    }
    Ok(())
}

//! Which functions are compiled together, and with how much effort.
//!
//! Functions are split into runs of some size, in function order. A function so large that LLVM's
//! full pipeline could take minutes over it is *heavy*: it gets a partition of its own, which is
//! compiled without optimisation. Several of LLVM's algorithms take time that grows with the square
//! of what is in one function or one block, each with something else, so there are several limits.
//!
//! All of this depends on the module alone, never on the machine that compiles: the same module
//! gives the same code everywhere.

use std::collections::HashSet;

use cranelift_entity::EntityRef;
use wasmparser::{BinaryReader, Operator, OperatorsReader};

use crate::wasm::{FuncIndex, FunctionBody, Module};

/// Functions that are compiled together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    pub functions: Vec<FuncIndex>,
    /// Bytes of their bodies.
    pub bytes: usize,
    pub effort: Effort,
}

impl Partition {
    /// All functions of the module in one partition.
    pub fn whole(module: &Module<'_>) -> Self {
        Partition {
            functions: module.defined_functions().map(|(index, _)| index).collect(),
            bytes: body_bytes(module),
            effort: Effort::Full,
        }
    }
}

pub(super) fn body_bytes(module: &Module<'_>) -> usize {
    let bodies = module.defined_functions();
    bodies.map(|(_, body)| body.bytes.len()).sum()
}

/// How hard to work on the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// As the optimisation level says.
    Full,
    /// A heavy function: take what comes, in time that is linear in its size.
    Least,
}

/// Bytes of function bodies that make a partition: small enough to keep many cores busy and to end
/// at about the same time on few, large enough that what a partition costs as such does not show.
const PARTITION_BYTES: usize = 24 << 10;

/// A module of so few bytes of function bodies is one partition: it does not take long, and all
/// functions can be inlined.
const SMALL_MODULE_BYTES: usize = 48 << 10;

/// Functions that make a partition, whatever their size: what LLVM does for the module as a whole
/// grows faster than their number.
const PARTITION_FUNCTIONS: usize = 1000;

/// A function costs two milliseconds with all optimisation and software checks, however small it
/// is. In a module of more than this many functions, partitions that have reached
/// [`PARTITION_FUNCTIONS`] first are compiled without: there, most functions are a few bytes long.
const MANY_FUNCTIONS: usize = 30_000;

/// Splits the defined functions. There is always a first partition: it also holds what the module
/// has once.
pub fn split(module: &Module<'_>) -> Vec<Partition> {
    let many = module.functions.len() > MANY_FUNCTIONS;
    let partition_bytes = if body_bytes(module) <= SMALL_MODULE_BYTES {
        SMALL_MODULE_BYTES
    } else {
        PARTITION_BYTES
    };
    let mut partitions = Vec::new();
    let mut functions = Vec::new();
    let mut bytes = 0;
    for (index, body) in module.defined_functions() {
        let heavy = is_heavy(index, body);
        let full = bytes >= partition_bytes || functions.len() >= PARTITION_FUNCTIONS;
        if (heavy || full) && !functions.is_empty() {
            let crowded = many && functions.len() >= PARTITION_FUNCTIONS;
            partitions.push(Partition {
                functions: std::mem::take(&mut functions),
                bytes: std::mem::take(&mut bytes),
                effort: if crowded { Effort::Least } else { Effort::Full },
            });
        }
        if heavy {
            partitions.push(Partition {
                functions: vec![index],
                bytes: body.bytes.len(),
                effort: Effort::Least,
            });
        } else {
            functions.push(index);
            bytes += body.bytes.len();
        }
    }
    if !functions.is_empty() || partitions.is_empty() {
        partitions.push(Partition {
            functions,
            bytes,
            effort: Effort::Full,
        });
    }
    partitions
}

/// What a function has much of, when LLVM takes long.
#[derive(Debug, Default)]
struct Weight {
    bytes: usize,
    /// Loads and stores. Instruction scheduling looks at pairs of them, as do the passes that
    /// simplify their bounds checks.
    accesses: usize,
    /// Each can be inlined, which multiplies everything else.
    calls: usize,
    /// Branches, and what they go to.
    branches: usize,
    /// Where the branches of tables go: values that meet there come from as many blocks.
    table_targets: usize,
    /// The deepest nesting of loops.
    loop_depth: usize,
    /// The deepest nesting of loops and conditions. Other blocks only say where branches go: large
    /// switches nest as many of them as they have cases.
    depth: usize,
    /// Locals that the code mentions.
    locals: usize,
}

impl Weight {
    /// Measured on `tests/stress`: a function at one of these limits takes about ten seconds with
    /// all optimisation; `docs/performance.md` has the figures.
    fn is_heavy(&self) -> bool {
        self.bytes > 256 << 10
            || self.accesses > 16_000
            || self.calls > 6_000
            || self.branches > 8_000
            || self.table_targets > 2_000
            || self.loop_depth > 200
            || self.depth > 1_000
            || self.locals > 4_000
            || self.locals * self.branches > 4_000_000
    }

    /// Counts. A body that does not decode cannot get this far; whatever is wrong with it, emission
    /// says.
    fn of(body: FunctionBody<'_>) -> Self {
        let mut weight = Weight {
            bytes: body.bytes.len(),
            ..Weight::default()
        };
        let reader =
            wasmparser::FunctionBody::new(BinaryReader::new(body.bytes, body.offset as u64));
        if let Ok(operators) = reader.get_operators_reader() {
            // The first error ends it.
            let _ = weight.count(operators, body);
        }
        weight
    }

    fn count(
        &mut self,
        mut operators: OperatorsReader<'_>,
        body: FunctionBody<'_>,
    ) -> wasmparser::Result<()> {
        let mut locals = HashSet::new();
        // How much each open block adds to the two depths.
        let mut open = Vec::new();
        let (mut depth, mut loop_depth) = (0, 0);
        while !operators.eof() {
            let at = operators.original_position() as usize - body.offset;
            self.accesses += usize::from(body.bytes.get(at..).is_some_and(is_access));
            match operators.read()? {
                Operator::Block { .. } => open.push((0, 0)),
                Operator::Loop { .. } => {
                    open.push((1, 1));
                    depth += 1;
                    loop_depth += 1;
                    self.depth = self.depth.max(depth);
                    self.loop_depth = self.loop_depth.max(loop_depth);
                }
                Operator::If { .. } => {
                    open.push((1, 0));
                    depth += 1;
                    self.depth = self.depth.max(depth);
                    self.branches += 1;
                }
                Operator::End => {
                    let (level, loop_level) = open.pop().unwrap_or_default();
                    depth -= level;
                    loop_depth -= loop_level;
                }
                Operator::Br { .. } | Operator::BrIf { .. } => self.branches += 1,
                Operator::BrTable { targets } => {
                    let mut different = targets.targets().collect::<Result<HashSet<_>, _>>()?;
                    different.insert(targets.default());
                    self.table_targets += different.len();
                    self.branches += different.len();
                }
                Operator::Call { .. }
                | Operator::CallIndirect { .. }
                | Operator::ReturnCall { .. }
                | Operator::ReturnCallIndirect { .. } => self.calls += 1,
                Operator::LocalGet { local_index }
                | Operator::LocalSet { local_index }
                | Operator::LocalTee { local_index } => {
                    locals.insert(local_index);
                }
                _ => {}
            }
        }
        self.locals = locals.len();
        Ok(())
    }
}

/// Whether the instruction that begins here loads or stores: one-byte opcodes, the vector
/// instructions with a memory operand, the atomics (specification 5.4.6, 5.4.8).
fn is_access(instruction: &[u8]) -> bool {
    match instruction {
        [0xfd, code, ..] => matches!(code, 0..=11 | 84..=93),
        [0x28..=0x3e | 0xfe, ..] => true,
        _ => false,
    }
}

/// Nothing below this size reaches any limit.
const LIGHT_BYTES: usize = 1 << 10;

fn is_heavy(index: FuncIndex, body: FunctionBody<'_>) -> bool {
    if body.bytes.len() < LIGHT_BYTES {
        return false;
    }
    let weight = Weight::of(body);
    let heavy = weight.is_heavy();
    if heavy {
        log::info!(
            "function {} is compiled without optimisation, as it would take too long: {weight:?}",
            index.index()
        );
    }
    heavy
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Features;

    /// For each partition its functions and whether it is optimised.
    fn split_text(functions: &str) -> Vec<(usize, Effort)> {
        let text = format!("(module (memory 1) {functions})");
        let wasm = wat::parse_str(text).expect("the text is valid");
        let module = crate::wasm::parse(&wasm, &Features::default()).expect("so is the module");
        split(&module)
            .into_iter()
            .map(|partition| (partition.functions.len(), partition.effort))
            .collect()
    }

    #[test]
    fn an_empty_module_has_one_partition() {
        assert_eq!(split_text(""), [(0, Effort::Full)]);
    }

    #[test]
    fn heavy_functions_stand_alone() {
        let light = "(func (result i32) (i32.const 1))";
        let stores = "(i32.store (i32.const 0) (i32.const 1))".repeat(16_001);
        let heavy = format!("(func {stores})");
        assert_eq!(
            split_text(&format!("{light}{light}{heavy}{heavy}{light}")),
            [
                (2, Effort::Full),
                (1, Effort::Least),
                (1, Effort::Least),
                (1, Effort::Full)
            ]
        );
    }

    #[test]
    fn functions_are_counted() {
        assert_eq!(
            split_text(&"(func)".repeat(1_001)),
            [(1_000, Effort::Full), (1, Effort::Full)]
        );
    }

    #[test]
    fn blocks_of_a_switch_are_no_depth() {
        let weight = |text: String| {
            let wasm = wat::parse_str(text).expect("the text is valid");
            let module = crate::wasm::parse(&wasm, &Features::default()).expect("so is the module");
            let (_, body) = module.defined_functions().next().expect("it has one");
            Weight::of(body)
        };
        let nested =
            |open: &str| format!("(module (func {} nop {}))", open.repeat(5), ")".repeat(5));
        assert_eq!(weight(nested("(block ")).depth, 0);
        let loops = weight(nested("(loop "));
        assert_eq!((loops.depth, loops.loop_depth), (5, 5));
        let conditions = weight(nested("(if (i32.const 1) (then ").replace("nop", "nop )))))"));
        assert_eq!((conditions.depth, conditions.loop_depth), (5, 0));
    }
}

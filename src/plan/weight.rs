//! What a function has much of, and how hard LLVM can work on it in reasonable time.
//!
//! Several of LLVM's algorithms take time that grows with the square of something in one function. Each
//! limit bounds one such number. Beyond [`LIGHT`] a function gets the passes of level 1; beyond [`LEAST`]
//! none.

use std::collections::HashSet;

use wasmparser::{BinaryReader, Operator, OperatorsReader};

use super::partitions::Effort;
use crate::wasm::FunctionBody;

/// What a function has much of, when LLVM takes long.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    bytes: usize,
    /// Loads and stores. Instruction scheduling looks at pairs of them, as do the passes that
    /// simplify their bounds checks.
    accesses: usize,
    /// Each can be inlined, which multiplies everything else.
    calls: usize,
    /// Branches and their targets. Divisions and conversions that trap branch, too.
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
    /// Branches to the label that most branches go to. The register coalescer looks through all the
    /// values that meet there for each of them.
    label_branches: usize,
}

/// The most that a function may have of each.
struct Limits {
    bytes: usize,
    accesses: usize,
    calls: usize,
    branches: usize,
    table_targets: usize,
    loop_depth: usize,
    depth: usize,
    locals: usize,
    label_branches: usize,
    /// Locals times branches: each local can have a value for each.
    values: usize,
}

/// Beyond these, all optimisation takes about ten seconds (`tests/stress`; `docs/performance.md` has the
/// figures).
const LIGHT: Limits = Limits {
    bytes: 256 << 10,
    accesses: 16_000,
    branches: 6_000,
    values: 4_000_000,
    ..LEAST
};

/// Beyond these, level 1 takes twenty seconds and more. Where it takes as long as level 3, the limit is that of
/// [`LIGHT`].
const LEAST: Limits = Limits {
    bytes: 512 << 10,
    accesses: 32_000,
    calls: 6_000,
    branches: 10_000,
    table_targets: 1_000,
    loop_depth: 200,
    depth: 1_000,
    locals: 4_000,
    label_branches: 2_000,
    values: 8_000_000,
};

impl Weight {
    /// How hard to work on a function of this weight.
    pub fn effort(&self) -> Effort {
        if self.exceeds(&LEAST) {
            Effort::Least
        } else if self.exceeds(&LIGHT) {
            Effort::Light
        } else {
            Effort::Full
        }
    }

    fn exceeds(&self, limits: &Limits) -> bool {
        self.bytes > limits.bytes
            || self.accesses > limits.accesses
            || self.calls > limits.calls
            || self.branches > limits.branches
            || self.table_targets > limits.table_targets
            || self.loop_depth > limits.loop_depth
            || self.depth > limits.depth
            || self.locals > limits.locals
            || self.label_branches > limits.label_branches
            || self.locals * self.branches > limits.values
    }

    /// Counts. A body that does not decode cannot get this far; whatever is wrong with it, emission
    /// says.
    pub fn of(body: FunctionBody<'_>) -> Self {
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
        // How many branches go to the label of each open block; the function's own comes first.
        let mut labels = vec![0];
        let mut most = 0;
        let mut branch = |labels: &mut Vec<usize>, relative_depth: u32| {
            let label = labels.len().checked_sub(1 + relative_depth as usize);
            if let Some(count) = label.and_then(|label| labels.get_mut(label)) {
                *count += 1;
                most = most.max(*count);
            }
        };
        while !operators.eof() {
            let at = operators.original_position() as usize - body.offset;
            self.accesses += usize::from(body.bytes.get(at..).is_some_and(is_access));
            match operators.read()? {
                Operator::Block { .. } => {
                    open.push((0, 0));
                    labels.push(0);
                }
                Operator::Loop { .. } => {
                    open.push((1, 1));
                    labels.push(0);
                    depth += 1;
                    loop_depth += 1;
                    self.depth = self.depth.max(depth);
                    self.loop_depth = self.loop_depth.max(loop_depth);
                }
                Operator::If { .. } => {
                    open.push((1, 0));
                    labels.push(0);
                    depth += 1;
                    self.depth = self.depth.max(depth);
                    self.branches += 1;
                }
                Operator::End => {
                    let (level, loop_level) = open.pop().unwrap_or_default();
                    labels.pop();
                    depth -= level;
                    loop_depth -= loop_level;
                }
                Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                    branch(&mut labels, relative_depth);
                    self.branches += 1;
                }
                Operator::Return => branch(&mut labels, open.len() as u32),
                Operator::BrTable { targets } => {
                    let mut different = targets.targets().collect::<Result<HashSet<_>, _>>()?;
                    different.insert(targets.default());
                    for &target in &different {
                        branch(&mut labels, target);
                    }
                    self.table_targets += different.len();
                    self.branches += different.len();
                }
                Operator::I32DivS | Operator::I64DivS => self.branches += 2,
                Operator::I32DivU
                | Operator::I64DivU
                | Operator::I32RemS
                | Operator::I64RemS
                | Operator::I32RemU
                | Operator::I64RemU
                | Operator::I32TruncF32S
                | Operator::I32TruncF32U
                | Operator::I32TruncF64S
                | Operator::I32TruncF64U
                | Operator::I64TruncF32S
                | Operator::I64TruncF32U
                | Operator::I64TruncF64S
                | Operator::I64TruncF64U => self.branches += 1,
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
        self.label_branches = most;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Features;

    /// The weight of the first function of a module.
    fn weight(text: String) -> Weight {
        let wasm = wat::parse_str(text).expect("the text is valid");
        let module = crate::wasm::parse(&wasm, &Features::default()).expect("so is the module");
        let (_, body) = module.defined_functions().next().expect("it has one");
        Weight::of(body)
    }

    #[test]
    fn traps_are_branches() {
        let divisions = "(local.get 0) i32.div_s (local.get 0) i32.rem_u i32.trunc_f32_s".repeat(3);
        let text = divisions.replace("i32.trunc_f32_s", "f32.convert_i32_s i32.trunc_f32_s");
        let text = format!("(module (func (param i32) (result i32) (local.get 0) {text}))");
        assert_eq!(weight(text).branches, 3 * 4);
    }

    #[test]
    fn branches_to_one_label_are_counted() {
        let text = "(module (func (loop (block (br_if 0 (i32.const 1)) (br_if 1 (i32.const 1))
            (br_table 1 1 0 (i32.const 2))) (br_if 1 (i32.const 1)) (return))))";
        let weight = weight(text.to_owned());
        assert_eq!((weight.branches, weight.label_branches), (5, 2));
    }

    #[test]
    fn there_is_a_middle_tier() {
        let of = |bytes| {
            Weight {
                bytes,
                ..Weight::default()
            }
            .effort()
        };
        assert_eq!(of(LIGHT.bytes), Effort::Full);
        assert_eq!(of(LIGHT.bytes + 1), Effort::Light);
        assert_eq!(of(LEAST.bytes + 1), Effort::Least);
    }

    #[test]
    fn blocks_of_a_switch_are_no_depth() {
        let nested =
            |open: &str| format!("(module (func {} nop {}))", open.repeat(5), ")".repeat(5));
        assert_eq!(weight(nested("(block ")).depth, 0);
        let loops = weight(nested("(loop "));
        assert_eq!((loops.depth, loops.loop_depth), (5, 5));
        let conditions = weight(nested("(if (i32.const 1) (then ").replace("nop", "nop )))))"));
        assert_eq!((conditions.depth, conditions.loop_depth), (5, 0));
    }
}

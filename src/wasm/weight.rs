//! What a function has much of, where LLVM takes time that grows faster than the function.
//!
//! Only counts; `plan::effort` draws the conclusions.

use std::collections::HashSet;

use wasmparser::Operator;

/// What a function has much of, when LLVM takes long.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// Bytes of the body.
    pub bytes: usize,
    /// Loads and stores. Instruction scheduling looks at pairs of them, as do the passes that
    /// simplify their bounds checks.
    pub accesses: usize,
    /// Each can be inlined, which multiplies everything else.
    pub calls: usize,
    /// Branches and their targets. Divisions and conversions that trap branch, too.
    pub branches: usize,
    /// Where the branches of tables go: values that meet there come from as many blocks.
    pub table_targets: usize,
    /// The deepest nesting of loops.
    pub loop_depth: usize,
    /// The deepest nesting of loops, conditions and handlers. Other blocks only say where branches go: large
    /// switches nest as many of them as they have cases.
    pub depth: usize,
    /// Locals that the code mentions.
    pub locals: usize,
    /// Branches to the label that most branches go to. The register coalescer looks through all the
    /// values that meet there for each of them.
    pub label_branches: usize,
}

/// Counts the operators of one body.
pub(super) struct Counter {
    weight: Weight,
    locals: HashSet<u32>,
    /// For each open block, the numbers it adds to the two depths.
    open: Vec<(usize, usize)>,
    depth: usize,
    loop_depth: usize,
    /// For each open block, the branches to its label; the function's own comes first.
    labels: Vec<usize>,
    /// The positions in `labels` of the open blocks with handlers.
    tries: Vec<usize>,
}

impl Counter {
    /// Starts with a body of that many bytes.
    pub fn new(bytes: usize) -> Self {
        Counter {
            weight: Weight {
                bytes,
                ..Weight::default()
            },
            locals: HashSet::new(),
            open: Vec::new(),
            depth: 0,
            loop_depth: 0,
            labels: vec![0],
            tries: Vec::new(),
        }
    }

    /// Counts `operator`, whose bytes begin at the start of `instruction`.
    pub fn note(&mut self, operator: &Operator<'_>, instruction: &[u8]) -> wasmparser::Result<()> {
        self.weight.accesses += usize::from(is_access(instruction));
        match *operator {
            Operator::Block { .. } => {
                self.open.push((0, 0));
                self.labels.push(0);
            }
            // Each call inside may branch to the handler, which branches for each clause and then to the next handler
            // outside.
            Operator::Try { .. } => self.begin_try(1),
            Operator::TryTable { ref try_table } => self.begin_try(1 + try_table.catches.len()),
            Operator::Catch { .. } | Operator::CatchAll => self.weight.branches += 1,
            Operator::Loop { .. } => {
                self.open.push((1, 1));
                self.labels.push(0);
                self.depth += 1;
                self.loop_depth += 1;
                self.weight.depth = self.weight.depth.max(self.depth);
                self.weight.loop_depth = self.weight.loop_depth.max(self.loop_depth);
            }
            Operator::If { .. } => {
                self.open.push((1, 0));
                self.labels.push(0);
                self.depth += 1;
                self.weight.depth = self.weight.depth.max(self.depth);
                self.weight.branches += 1;
            }
            Operator::End | Operator::Delegate { .. } => {
                if self.tries.last() == Some(&self.open.len()) {
                    self.tries.pop();
                }
                let (level, loop_level) = self.open.pop().unwrap_or_default();
                self.labels.pop();
                self.depth -= level;
                self.loop_depth -= loop_level;
            }
            Operator::Br { relative_depth }
            | Operator::BrIf { relative_depth }
            | Operator::BrOnNull { relative_depth }
            | Operator::BrOnNonNull { relative_depth } => {
                self.branch(relative_depth);
                self.weight.branches += 1;
            }
            Operator::Return => self.branch(self.open.len() as u32),
            Operator::BrTable { ref targets } => {
                let mut different = targets.targets().collect::<Result<HashSet<_>, _>>()?;
                different.insert(targets.default());
                for &target in &different {
                    self.branch(target);
                }
                self.weight.table_targets += different.len();
                self.weight.branches += different.len();
            }
            Operator::I32DivS | Operator::I64DivS => self.weight.branches += 2,
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
            | Operator::I64TruncF64U
            | Operator::RefAsNonNull => self.weight.branches += 1,
            Operator::Call { .. }
            | Operator::CallIndirect { .. }
            | Operator::CallRef { .. }
            | Operator::ReturnCallRef { .. }
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. } => {
                self.weight.calls += 1;
                self.branch_to_handler();
            }
            Operator::Throw { .. } | Operator::ThrowRef | Operator::Rethrow { .. } => {
                self.branch_to_handler();
            }
            Operator::LocalGet { local_index }
            | Operator::LocalSet { local_index }
            | Operator::LocalTee { local_index } => {
                self.locals.insert(local_index);
            }
            _ => {}
        }
        Ok(())
    }

    /// Begins a block with a handler of `branches` branches.
    fn begin_try(&mut self, branches: usize) {
        self.open.push((1, 0));
        self.labels.push(0);
        self.tries.push(self.labels.len() - 1);
        self.depth += 1;
        self.weight.depth = self.weight.depth.max(self.depth);
        self.weight.branches += branches;
    }

    fn branch_to_handler(&mut self) {
        if let Some(&label) = self.tries.last() {
            self.weight.branches += 1;
            self.branch((self.labels.len() - 1 - label) as u32);
        }
    }

    fn branch(&mut self, relative_depth: u32) {
        let label = self.labels.len().checked_sub(1 + relative_depth as usize);
        if let Some(count) = label.and_then(|label| self.labels.get_mut(label)) {
            *count += 1;
            self.weight.label_branches = self.weight.label_branches.max(*count);
        }
    }

    /// Returns the weight of the body.
    pub fn finish(mut self) -> Weight {
        self.weight.locals = self.locals.len();
        self.weight
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
        module.facts[0].weight
    }

    #[test]
    fn traps_are_branches() {
        let divisions = "(local.get 0) i32.div_s (local.get 0) i32.rem_u i32.trunc_f32_s".repeat(3);
        let text = divisions.replace("i32.trunc_f32_s", "f32.convert_i32_s i32.trunc_f32_s");
        let text = format!("(module (func (param i32) (result i32) (local.get 0) {text}))");
        assert_eq!(weight(text).branches, 3 * 4);
    }

    #[test]
    fn handlers_nest_and_branch() {
        let text = r#"(module (tag $t) (func
            (block $h
                (try_table (catch $t $h) (catch_all $h)
                    (try_table (catch $t $h) (throw $t) (call 0))))))"#;
        let weight = weight(text.to_owned());
        assert_eq!((weight.depth, weight.branches), (2, 3 + 2 + 2));
        assert_eq!(weight.label_branches, 2);
    }

    #[test]
    fn branches_to_one_label_are_counted() {
        let text = "(module (func (loop (block (br_if 0 (i32.const 1)) (br_if 1 (i32.const 1))
            (br_table 1 1 0 (i32.const 2))) (br_if 1 (i32.const 1)) (return))))";
        let weight = weight(text.to_owned());
        assert_eq!((weight.branches, weight.label_branches), (5, 2));
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

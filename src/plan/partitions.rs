//! Which functions are compiled together, and with how much effort.
//!
//! Functions are split into runs of some size, in function order. A function so large that LLVM's
//! full pipeline could take minutes over it is *heavy*: it gets a partition of its own, which is
//! compiled without optimisation. Several of LLVM's algorithms take time that grows with the square
//! of what is in one function or one block, each with something else, so there are several limits.
//!
//! All of this depends on the module alone, never on the machine that compiles: the same module
//! gives the same code everywhere.

use cranelift_entity::EntityRef;

use super::effort::Effort;
use crate::wasm::{FuncIndex, Module, Weight};

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
    for ((index, body), facts) in module.defined_functions().zip(&module.facts) {
        let effort = effort_of(index, &facts.weight);
        let heavy = effort != Effort::Full;
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
                effort,
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

fn effort_of(index: FuncIndex, weight: &Weight) -> Effort {
    let effort = Effort::of(weight);
    if effort != Effort::Full {
        let how = match effort {
            Effort::Light => "with few optimisations",
            _ => "without optimisation",
        };
        log::info!(
            "function {} is compiled {how}, as it would take too long: {weight:?}",
            index.index()
        );
    }
    effort
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
        let calls = "(drop (call 0))".repeat(6_001);
        let heavy = format!("(func {calls})");
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
}

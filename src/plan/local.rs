//! Finds the local functions: a local function needs no code once every call of it has been inlined.
//!
//! The host, tables, and the code of other partitions may call most functions, so these functions must exist.
//! All calls of the other functions are in their own partition.

use cranelift_entity::EntityRef;

use super::partitions::Partition;
use crate::wasm::{FuncIndex, FunctionBody, Module};

/// Returns for each function whether the function is local: only its own partition calls it.
///
/// `is_entered` says which functions the host or a table may call. `is_copied` says whether a body of that
/// many bytes is copied to the partitions of its callers: a copy calls the same functions as the body.
pub fn local_functions(
    module: &Module<'_>,
    partitions: &[Partition],
    is_entered: impl Fn(FuncIndex) -> bool,
    is_copied: impl Fn(usize) -> bool,
) -> Vec<bool> {
    let mut home = vec![None; module.functions.len()];
    for (number, partition) in partitions.iter().enumerate() {
        for function in &partition.functions {
            home[function.index()] = Some(number);
        }
    }
    let bodies: Vec<(FuncIndex, FunctionBody)> = module.defined_functions().collect();
    let callers = || {
        bodies
            .iter()
            .zip(module.facts.iter().map(|facts| &facts.callees))
    };

    let mut called_from_elsewhere = vec![false; module.functions.len()];
    for ((caller, _), callees) in callers() {
        for callee in callees {
            if home[caller.index()] != home[callee.index()] {
                called_from_elsewhere[callee.index()] = true;
            }
        }
    }
    let mut local: Vec<bool> = module
        .functions
        .keys()
        .map(|function| {
            home[function.index()].is_some()
                && !is_entered(function)
                && !called_from_elsewhere[function.index()]
        })
        .collect();
    // What other partitions call may be copied there, with its calls; and a call through a table may
    // turn out to be one of a function that the table holds.
    for ((caller, body), callees) in callers() {
        let exposed = called_from_elsewhere[caller.index()] || is_entered(*caller);
        if exposed && is_copied(body.bytes.len()) {
            for callee in callees {
                local[callee.index()] = false;
            }
        }
    }
    local
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Features;
    use crate::plan::Effort;
    use crate::wasm::parse;

    /// Returns which functions are local. The first three are one partition, the others another; the last
    /// function is entered; bodies of up to six bytes are copied.
    fn local(functions: &str) -> Vec<bool> {
        let bytes = wat::parse_str(format!("(module {functions})")).unwrap();
        let module = parse(&bytes, &Features::default()).unwrap();
        let all: Vec<FuncIndex> = module.functions.keys().collect();
        let partition = |functions: &[FuncIndex]| Partition {
            functions: functions.to_vec(),
            bytes: 0,
            effort: Effort::Full,
        };
        let partitions = [partition(&all[..3]), partition(&all[3..])];
        let last = all.last().copied();
        local_functions(
            &module,
            &partitions,
            |function| Some(function) == last,
            |bytes| bytes <= 6,
        )
    }

    const LARGE: &str = "(drop (i32.const 1)) (drop (i32.const 1))";

    #[test]
    fn what_only_its_own_partition_calls_is_local() {
        let functions = format!(
            "(func) (func {LARGE} call 0) (func {LARGE} call 1)
             (func) (func call 3) (func call 2)"
        );
        assert_eq!(local(&functions), [true, true, false, true, true, false]);
    }

    #[test]
    fn what_a_copy_calls_is_not() {
        let functions = "(func) (func call 0) (func) (func) (func) (func call 1)";
        assert_eq!(local(functions), [false, false, true, true, true, false]);
    }
}

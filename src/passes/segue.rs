//! Rewrites accesses of linear memory so that they take the memory's base from the segment register GS.
//!
//! The emitter forms addresses as `base + index` and keeps the register equal to the base (`emit::segment`).
//! Every pass knows such addresses, so this pass is the last: an access through a pointer that is computed from
//! the base alone becomes one through the same index in address space 256, which code generation takes from GS.
//! Address arithmetic has 64 bits in both forms, so an access reaches the same byte, and traps at the same
//! address, in and out of bounds.
//!
//! Whatever the pass does not understand stays as it is, which is right, too: the base is still in memory. That
//! includes every address that may lie in a shared heap of the host or in another memory: code would have to
//! compute its distance from the base at each access, because the memory may move.

use std::collections::{HashMap, HashSet};

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Builder, Kind, Opcode as Op, Value};
use crate::llvm::marks::LINEAR_MEMORY;
use crate::options::{AccessTypes, Segue};

/// The accesses to rewrite, and how code finds the base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentAccesses {
    pub accesses: Segue,
    /// The offsets of the loads that lead from a function's first parameter to the base
    /// ([`crate::plan::Plan::path_to_base`]).
    pub path_to_base: Vec<u64>,
}

/// Rewrites the accesses in all functions of `module`.
pub fn run(module: &LlvmModule, how: &SegmentAccesses) {
    for function in ir::functions(module) {
        let accesses: Vec<(Value, u32)> = function
            .instructions()
            .into_iter()
            .filter_map(|access| Some((access, address_operand(access, &how.accesses)?)))
            .collect();
        if accesses.is_empty() {
            continue;
        }
        let addresses = accesses
            .iter()
            .filter_map(|(access, position)| access.operand(*position));
        let mut addresses = Addresses::new(function, how, addresses);
        // LLVM's x86 code generator takes a load of the segment's first word for the address of thread-local
        // storage (`matchLoadInAddress` in `X86ISelDAGToDAG.cpp`). Where such a value is a summand of an address,
        // it drops the value and reads from the segment instead. This attribute forbids that.
        function.set_string_attribute("indirect-tls-seg-refs", "");
        for (access, position) in accesses {
            let address = access.operand(position).expect("accesses have addresses");
            if addresses.is_understood(address) {
                let index = addresses.in_segment(address);
                access.set_address(position, index);
            }
        }
    }
}

/// Returns the position of the address among the operands of `access`, if it is one of `accesses`. What has the
/// alias tag of something else is none: structures of the runtime, other memories. An access that LLVM has merged
/// has no tag; its address says where it lies.
fn address_operand(access: Value, accesses: &Segue) -> Option<u32> {
    let Segue { loads, stores } = accesses;
    let tag = access.alias_tag_name();
    if tag.is_some_and(|name| name != LINEAR_MEMORY.as_bytes()) {
        return None;
    }
    let (position, chosen) = match access.opcode()? {
        Op::LLVMLoad => (0, includes(loads, access)),
        Op::LLVMStore => (1, includes(stores, access.operand(0)?)),
        Op::LLVMAtomicRMW | Op::LLVMAtomicCmpXchg => {
            let value = access.operand(1)?;
            (0, includes(loads, value) && includes(stores, value))
        }
        _ => return None,
    };
    chosen.then_some(position)
}

/// Reports whether `types` has the type of `value`.
fn includes(types: &AccessTypes, value: Value) -> bool {
    match value.kind() {
        Kind::Int(0..=32) => types.i32,
        Kind::Int(33..=64) => types.i64,
        Kind::Int(_) | Kind::Vector(_) => types.v128,
        Kind::F32 => types.f32,
        Kind::F64 => types.f64,
        Kind::Pointer | Kind::Other => false,
    }
}

/// The addresses of accesses in one function.
struct Addresses<'m, 'h> {
    function: Value<'m>,
    how: &'h SegmentAccesses,
    /// Pointers that are not computed from the base alone.
    foreign: HashSet<Value<'m>>,
    /// Pointers, and the same addresses as places in the segment.
    in_segment: HashMap<Value<'m>, Value<'m>>,
}

impl<'m, 'h> Addresses<'m, 'h> {
    /// Examines everything that `addresses` are computed from.
    fn new(
        function: Value<'m>,
        how: &'h SegmentAccesses,
        addresses: impl Iterator<Item = Value<'m>>,
    ) -> Self {
        let mut this = Addresses {
            function,
            how,
            foreign: HashSet::new(),
            in_segment: HashMap::new(),
        };
        let mut users: HashMap<Value, Vec<Value>> = HashMap::new();
        let mut seen = HashSet::new();
        let mut foreign = Vec::new();
        let mut next: Vec<Value> = addresses.collect();
        while let Some(pointer) = next.pop() {
            if !seen.insert(pointer) {
                continue;
            }
            let origins = origins(pointer);
            if origins.is_empty() && !this.is_leaf(pointer) {
                foreign.push(pointer);
            }
            for origin in origins {
                users.entry(origin).or_default().push(pointer);
                next.push(origin);
            }
        }
        while let Some(pointer) = foreign.pop() {
            if this.foreign.insert(pointer) {
                foreign.extend(users.get(&pointer).into_iter().flatten());
            }
        }
        this
    }

    fn is_understood(&self, pointer: Value<'m>) -> bool {
        !self.foreign.contains(&pointer)
    }

    /// Reports whether [`Self::in_segment`] can begin with `pointer`.
    fn is_leaf(&self, pointer: Value<'m>) -> bool {
        pointer.is_poison() || self.is_base(pointer)
    }

    /// Reports whether `pointer` is the base of linear memory: the end of the path from the first parameter.
    fn is_base(&self, pointer: Value<'m>) -> bool {
        let mut value = pointer;
        for &offset in self.how.path_to_base.iter().rev() {
            let Some(address) = (value.opcode() == Some(Op::LLVMLoad))
                .then(|| value.operand(0))
                .flatten()
            else {
                return false;
            };
            let (start, found) = address.constant_distance();
            if found != offset as i64 {
                return false;
            }
            value = start;
        }
        self.function.param(0) == Some(value)
    }

    /// Returns `pointer`, which must be understood, as a place in the segment.
    fn in_segment(&mut self, pointer: Value<'m>) -> Value<'m> {
        if let Some(&place) = self.in_segment.get(&pointer) {
            return place;
        }
        let entry = self.function.first_instruction();
        let place = if pointer.is_poison() || self.is_base(pointer) {
            Builder::before(entry).start_of_segment()
        } else {
            match pointer.opcode() {
                Some(Op::LLVMGetElementPtr) => {
                    let start = self.operand_in_segment(pointer, 0);
                    Builder::before(pointer).element_of_segment(pointer, start)
                }
                Some(Op::LLVMSelect) => {
                    let yes = self.operand_in_segment(pointer, 1);
                    let no = self.operand_in_segment(pointer, 2);
                    let condition = pointer.operand(0).expect("a select has a condition");
                    Builder::before(pointer).select(condition, yes, no)
                }
                Some(Op::LLVMFreeze) => {
                    let operand = self.operand_in_segment(pointer, 0);
                    Builder::before(pointer).freeze(operand)
                }
                Some(Op::LLVMPHI) => {
                    let phi = Builder::before(pointer).phi_of_segment();
                    self.in_segment.insert(pointer, phi);
                    let incoming: Vec<Value> = (0..pointer.operands().len() as u32)
                        .map(|position| self.operand_in_segment(pointer, position))
                        .collect();
                    phi.add_incoming_like(pointer, &incoming);
                    return phi;
                }
                _ => unreachable!("an understood pointer is computed from the base"),
            }
        };
        self.in_segment.insert(pointer, place);
        place
    }

    fn operand_in_segment(&mut self, value: Value<'m>, position: u32) -> Value<'m> {
        self.in_segment(value.operand(position).expect("the operand is there"))
    }
}

/// Returns the pointers from which `pointer` is computed by arithmetic and choices.
fn origins(pointer: Value) -> Vec<Value> {
    if pointer.kind() != Kind::Pointer {
        return Vec::new();
    }
    let all: Vec<Value> = pointer.operands().collect();
    match pointer.opcode() {
        Some(Op::LLVMGetElementPtr | Op::LLVMFreeze) => vec![all[0]],
        Some(Op::LLVMSelect) => vec![all[1], all[2]],
        Some(Op::LLVMPHI) => all,
        _ => Vec::new(),
    }
}

//! Locations: where native code keeps a value, and where the module's DWARF finds a variable.

use std::ops::Range;

use gimli::write::{Expression, UnitEntryId};
use gimli::{DwOp, Operation, Reader, ReaderOffset, Register, constants as dw};

/// A list of addresses in the text, ordered, each with what is true there.
pub(super) type Located<T> = Vec<(Range<u64>, T)>;

/// One step of a location: an operation of DWARF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Pushes a register plus a number.
    Register(Register, i64),
    /// Pushes the frame base of the function plus a number.
    Frame(i64),
    Unsigned(u64),
    Signed(i64),
    /// Adds a number to the top.
    Add(u64),
    /// Replaces an address by the value of so many bytes behind it.
    Load(u8),
    Pick(u8),
    /// An operation without operands.
    Plain(DwOp),
    /// Pushes the base of linear memory.
    Base,
    /// Does the steps of another entry.
    Call(UnitEntryId),
    /// The value of so many bytes is complete.
    Piece(u64),
    /// The value is in a register.
    InRegister(Register),
    /// The value is these bytes.
    Bytes(Box<[u8]>),
}

/// Where native code keeps a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Register(Register),
    /// In memory: the steps push the address.
    Memory(Vec<Step>),
    /// Nowhere: the steps push the value.
    Value(Vec<Step>),
    /// In parts, or a constant of many bytes.
    Other(Vec<Step>),
}

impl Place {
    /// Reads a location in LLVM's debug information. `None` if it depends on the caller or is of another kind.
    pub fn read<R: Reader>(
        expression: gimli::Expression<R>,
        encoding: gimli::Encoding,
    ) -> Option<Self> {
        let mut steps = Vec::new();
        let mut operations = expression.operations(encoding);
        let mut is_value = false;
        let mut other = false;
        while let Some(operation) = operations.next().ok()? {
            if is_value && !matches!(operation, Operation::Piece { .. }) {
                return None;
            }
            match operation {
                Operation::Register { register } => {
                    steps.push(Step::InRegister(register));
                }
                Operation::RegisterOffset {
                    register,
                    offset,
                    base_type,
                } if base_type.0 == R::Offset::from_u8(0) => {
                    steps.push(Step::Register(register, offset));
                }
                Operation::FrameOffset { offset } => steps.push(Step::Frame(offset)),
                Operation::Piece {
                    size_in_bits,
                    bit_offset: None,
                } => {
                    if is_value {
                        steps.push(Step::Plain(dw::DW_OP_stack_value));
                        is_value = false;
                    }
                    steps.push(Step::Piece(size_in_bits / 8));
                    other = true;
                }
                Operation::ImplicitValue { data } => {
                    steps.push(Step::Bytes(data.to_slice().ok()?.into()));
                    other = true;
                }
                Operation::StackValue => is_value = true,
                operation => steps.push(plain(&operation)?),
            }
        }
        if other {
            return (!is_value).then_some(Place::Other(steps));
        }
        match (&*steps, is_value) {
            ([Step::InRegister(register)], false) => Some(Place::Register(*register)),
            ([], _) => None,
            (steps, _) if steps.iter().any(|it| matches!(it, Step::InRegister(_))) => None,
            (_, true) => Some(Place::Value(steps)),
            (_, false) => Some(Place::Memory(steps)),
        }
    }

    /// Returns the steps that push the value, an unsigned number of `bytes` bytes. `width`: the size of an
    /// address.
    pub fn value(&self, bytes: u8, width: u8) -> Option<Vec<Step>> {
        let mut steps = match self {
            Place::Register(register) => vec![Step::Register(*register, 0)],
            Place::Memory(address) => {
                let mut steps = address.clone();
                steps.push(Step::Load(bytes));
                return Some(steps);
            }
            Place::Value(steps) => steps.clone(),
            Place::Other(_) => return None,
        };
        if bytes < width {
            // Nothing is known about the other bits of a register.
            steps.push(Step::Unsigned((1 << (8 * bytes)) - 1));
            steps.push(Step::Plain(dw::DW_OP_and));
        }
        Some(steps)
    }

    /// Returns the location of the value.
    pub fn location(&self) -> Vec<Step> {
        match self {
            Place::Register(register) => vec![Step::InRegister(*register)],
            Place::Memory(steps) | Place::Other(steps) => steps.clone(),
            Place::Value(steps) => {
                let mut steps = steps.clone();
                steps.push(Step::Plain(dw::DW_OP_stack_value));
                steps
            }
        }
    }
}

/// Returns the step for an operation that works on numbers only.
fn plain<R: Reader>(operation: &Operation<R>) -> Option<Step> {
    Some(match operation {
        Operation::UnsignedConstant { value } => Step::Unsigned(*value),
        Operation::SignedConstant { value } => Step::Signed(*value),
        Operation::PlusConstant { value } => Step::Add(*value),
        Operation::Pick { index } => Step::Pick(*index),
        Operation::Deref {
            base_type,
            size,
            space: false,
        } if base_type.0 == R::Offset::from_u8(0) => Step::Load(*size),
        Operation::CallFrameCFA => Step::Plain(dw::DW_OP_call_frame_cfa),
        Operation::Drop => Step::Plain(dw::DW_OP_drop),
        Operation::Swap => Step::Plain(dw::DW_OP_swap),
        Operation::Rot => Step::Plain(dw::DW_OP_rot),
        Operation::And => Step::Plain(dw::DW_OP_and),
        Operation::Minus => Step::Plain(dw::DW_OP_minus),
        Operation::Mul => Step::Plain(dw::DW_OP_mul),
        Operation::Neg => Step::Plain(dw::DW_OP_neg),
        Operation::Not => Step::Plain(dw::DW_OP_not),
        Operation::Or => Step::Plain(dw::DW_OP_or),
        Operation::Plus => Step::Plain(dw::DW_OP_plus),
        Operation::Shl => Step::Plain(dw::DW_OP_shl),
        Operation::Shr => Step::Plain(dw::DW_OP_shr),
        Operation::Shra => Step::Plain(dw::DW_OP_shra),
        Operation::Xor => Step::Plain(dw::DW_OP_xor),
        _ => return None,
    })
}

/// The facts that a location in the module's DWARF depends on.
pub(super) struct Locals<'a> {
    /// The place of each local.
    pub place: &'a dyn Fn(u32) -> Option<Place>,
    /// Pushes the frame base of the source: an address in linear memory.
    pub frame: Option<&'a [Step]>,
    /// The size of an address in linear memory, in bytes.
    pub bytes: u8,
    /// The size of a native address, in bytes.
    pub width: u8,
}

/// Translates a location in the module's DWARF. `follows`: the variable is a reference, and the location is
/// that of the object behind it. `None` if native code has no such location.
pub(super) fn translate<R: Reader>(
    expression: gimli::Expression<R>,
    encoding: gimli::Encoding,
    locals: &Locals<'_>,
    follows: bool,
) -> Option<Vec<Step>> {
    let mut done: Vec<Step> = Vec::new();
    // The steps of the current piece. They compute with addresses in linear memory.
    let mut steps: Vec<Step> = Vec::new();
    let mut direct: Option<Place> = None;
    let mut is_value = false;
    let mut operations = expression.operations(encoding);
    let in_memory = |steps: &mut Vec<Step>| steps.extend([Step::Base, Step::Plain(dw::DW_OP_plus)]);
    loop {
        let operation = operations.next().ok()?;
        if let None | Some(Operation::Piece { .. }) = operation {
            let complete = match (steps.is_empty(), is_value, direct.take()) {
                (true, ..) => operation.is_some(),
                (false, true, Some(place)) if !follows => {
                    steps = place.location();
                    true
                }
                (false, true, _) if follows => {
                    in_memory(&mut steps);
                    true
                }
                (false, true, _) => {
                    steps.push(Step::Plain(dw::DW_OP_stack_value));
                    true
                }
                (false, false, _) => {
                    in_memory(&mut steps);
                    if follows {
                        steps.push(Step::Load(locals.bytes));
                        in_memory(&mut steps);
                    }
                    true
                }
            };
            if !complete {
                return None;
            }
            done.append(&mut steps);
            is_value = false;
        }
        let Some(operation) = operation else { break };
        if is_value {
            return None;
        }
        let is_first = steps.is_empty();
        match operation {
            Operation::Piece {
                size_in_bits,
                bit_offset: None,
            } if !follows => {
                done.push(Step::Piece(size_in_bits / 8));
                if operations.clone().next().ok()?.is_none() {
                    break;
                }
            }
            Operation::WasmLocal { index } => {
                let place = (locals.place)(index)?;
                steps.extend(place.value(locals.bytes, locals.width)?);
                direct = is_first.then_some(place);
            }
            Operation::FrameOffset { offset } => {
                steps.extend_from_slice(locals.frame?);
                match u64::try_from(offset) {
                    Ok(offset) => steps.push(Step::Add(offset)),
                    Err(_) => {
                        steps.push(Step::Signed(offset));
                        steps.push(Step::Plain(dw::DW_OP_plus));
                    }
                }
                direct = None;
            }
            Operation::Address { address } => {
                steps.push(Step::Unsigned(address));
                direct = None;
            }
            Operation::StackValue => is_value = true,
            Operation::CallFrameCFA => return None,
            operation => {
                match plain(&operation)? {
                    Step::Load(size) => {
                        in_memory(&mut steps);
                        steps.push(Step::Load(size));
                    }
                    step => steps.push(step),
                }
                direct = None;
            }
        }
    }
    Some(done)
}

/// Returns the expression of `steps`. `base`: the steps that push the base of linear memory.
pub(super) fn write(steps: &[Step], base: &[Step]) -> Expression {
    let mut expression = Expression::new();
    add(&mut expression, steps, base);
    expression
}

fn add(expression: &mut Expression, steps: &[Step], base: &[Step]) {
    for step in steps {
        match step {
            Step::Register(register, offset) => expression.op_breg(*register, *offset),
            Step::Frame(offset) => expression.op_fbreg(*offset),
            Step::Unsigned(value) => expression.op_constu(*value),
            Step::Signed(value) => expression.op_consts(*value),
            Step::Add(0) => {}
            Step::Add(value) => expression.op_plus_uconst(*value),
            Step::Load(size) => expression.op_deref_size(*size),
            Step::Pick(index) => expression.op_pick(*index),
            Step::Plain(operation) => expression.op(*operation),
            Step::Base => add(expression, base, &[]),
            Step::Call(entry) => expression.op_call(*entry),
            Step::Piece(bytes) => expression.op_piece(*bytes),
            Step::InRegister(register) => expression.op_reg(*register),
            Step::Bytes(bytes) => expression.op_implicit_value(bytes.clone()),
        }
    }
}

/// Reports whether `steps` need the base of linear memory.
pub(super) fn needs_base(steps: &[Step]) -> bool {
    steps.contains(&Step::Base)
}

/// Adds to `located` what `more` knows about other addresses.
pub(super) fn fill<T: Clone>(located: &mut Located<T>, more: &Located<T>) {
    let mut added = Vec::new();
    for (range, value) in more {
        let mut start = range.start;
        let first = located.partition_point(|(known, _)| known.end <= start);
        for (known, _) in &located[first..] {
            if known.start >= range.end {
                break;
            }
            if start < known.start {
                added.push((start..known.start, value.clone()));
            }
            start = start.max(known.end);
        }
        if start < range.end {
            added.push((start..range.end, value.clone()));
        }
    }
    located.append(&mut added);
    located.sort_by_key(|(range, _)| range.start);
}

/// Returns what is true in both.
pub(super) fn intersect<T: Clone>(located: &Located<T>, ranges: &[Range<u64>]) -> Located<T> {
    let mut both = Vec::new();
    for (range, value) in located {
        let first = ranges.partition_point(|other| other.end <= range.start);
        for other in &ranges[first..] {
            if other.start >= range.end {
                break;
            }
            let start = range.start.max(other.start);
            both.push((start..range.end.min(other.end), value.clone()));
        }
    }
    both
}

/// Returns the local whose value `expression` is. `None` if it is anything else.
pub(super) fn whole_local<R: Reader>(
    expression: gimli::Expression<R>,
    encoding: gimli::Encoding,
) -> Option<u32> {
    let mut operations = expression.operations(encoding);
    let first = operations.next().ok()??;
    let second = operations.next().ok()??;
    match (first, second, operations.next().ok()?) {
        (Operation::WasmLocal { index }, Operation::StackValue, None) => Some(index),
        _ => None,
    }
}

/// Returns the locals that `expression` depends on. `frame`: the local that is the frame base.
pub(super) fn locals<R: Reader>(
    expression: gimli::Expression<R>,
    encoding: gimli::Encoding,
    frame: Option<u32>,
) -> Vec<u32> {
    let mut locals = Vec::new();
    let mut operations = expression.operations(encoding);
    while let Ok(Some(operation)) = operations.next() {
        match operation {
            Operation::WasmLocal { index } => locals.push(index),
            Operation::FrameOffset { .. } => locals.extend(frame),
            _ => {}
        }
    }
    locals.sort_unstable();
    locals.dedup();
    locals
}

/// Returns what is true at `at`.
pub(super) fn at<T>(located: &Located<T>, at: u64) -> Option<&T> {
    let behind = located.partition_point(|(range, _)| range.start <= at);
    let (range, value) = located[..behind].last()?;
    (at < range.end).then_some(value)
}

/// Cuts `ranges`, so that nothing in `lists` changes inside one.
pub(super) fn cut<T>(ranges: Vec<Range<u64>>, lists: &[&Located<T>]) -> Vec<Range<u64>> {
    let mut pieces = Vec::new();
    let mut ends: Vec<u64> = Vec::new();
    for list in lists {
        ends.extend(list.iter().flat_map(|(range, _)| [range.start, range.end]));
    }
    ends.sort_unstable();
    ends.dedup();
    for range in ranges {
        let mut start = range.start;
        let first = ends.partition_point(|end| *end <= range.start);
        for &end in ends[first..].iter().take_while(|end| **end < range.end) {
            pieces.push(start..end);
            start = end;
        }
        pieces.push(start..range.end);
    }
    pieces
}

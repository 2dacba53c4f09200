//! The engines: each makes an instance, calls its functions, and shows the state it is in.
//!
//! [`trace`] works through the calls of a case with any of them. A trap ends the life of an
//! instance: its state is noted, and the calls after it go to a new one.

pub mod compiled;
pub mod device;
pub mod reference;
pub mod wasmtime;

use wamr_host::{Val, ValType};

use crate::case::{Call, Case};
use crate::random::Random;

/// Why a call, or the making of an instance, came to no end of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trap {
    Unreachable,
    Memory,
    /// An access outside a table; an indirect call of an element that is not there.
    Table,
    NullElement,
    Signature,
    DivideByZero,
    Overflow,
    NotAnInteger,
    Stack,
    /// `throw_ref` of a null reference.
    NullReference,
    /// An exception that nothing has caught.
    Uncaught,
    /// A refusal that is no trap, for reasons that engines have of their own.
    Refused,
    /// The machine that the code ran on has gone.
    Lost,
}

/// What can be seen of an instance from outside. References are null or not, no more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    pub memory: Vec<u8>,
    pub globals: Vec<(String, Val)>,
    pub tables: Vec<(String, Vec<bool>)>,
}

impl State {
    /// Forgets the memory if `exported` are several: the runtime shows the host only one.
    fn forget_several(&mut self, exported: usize) {
        if exported > 1 {
            self.memory.clear();
        }
    }

    /// Engines list exports in orders of their own.
    fn sort(&mut self) {
        self.globals.sort_by(|a, b| a.0.cmp(&b.0));
        self.tables.sort_by(|a, b| a.0.cmp(&b.0));
    }
}

pub trait Instance {
    fn call(&mut self, call: &Call) -> Result<Vec<Val>, Trap>;
    fn state(&mut self) -> State;
}

/// One call and what came of it.
#[derive(Debug)]
pub struct Step<'a> {
    /// None for the making of the instance.
    pub call: Option<&'a Call>,
    pub outcome: Result<Vec<Val>, Trap>,
    /// After a trap, and after the last call of all.
    pub state: Option<State>,
}

/// Works through the calls of `case` on instances that `instantiate` makes.
pub fn trace<I: Instance>(
    case: &Case,
    mut instantiate: impl FnMut() -> Result<I, Trap>,
) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut instance = None;
    for (number, call) in case.calls.iter().enumerate() {
        let current = match &mut instance {
            Some(current) => current,
            None => match instantiate() {
                Ok(new) => instance.insert(new),
                Err(trap) => {
                    steps.push(Step {
                        call: None,
                        outcome: Err(trap),
                        state: None,
                    });
                    return steps;
                }
            },
        };
        let outcome = current.call(call);
        let trapped = outcome.is_err();
        let state = (trapped || number + 1 == case.calls.len()).then(|| current.state());
        steps.push(Step {
            call: Some(call),
            outcome,
            state,
        });
        if trapped {
            instance = None;
        }
    }
    steps
}

/// The trap of WAMR's message.
fn trap_of(message: &str) -> Trap {
    const TRAPS: [(&str, Trap); 11] = [
        ("unreachable", Trap::Unreachable),
        ("out of bounds memory access", Trap::Memory),
        ("out of bounds table access", Trap::Table),
        ("undefined element", Trap::Table),
        ("uninitialized element", Trap::NullElement),
        ("indirect call type mismatch", Trap::Signature),
        ("integer divide by zero", Trap::DivideByZero),
        ("integer overflow", Trap::Overflow),
        ("invalid conversion to integer", Trap::NotAnInteger),
        ("native stack overflow", Trap::Stack),
        ("null exception reference", Trap::NullReference),
    ];
    if message.starts_with("uncaught exception") {
        return Trap::Uncaught;
    }
    TRAPS
        .iter()
        .find(|(known, _)| *known == message)
        .map_or_else(
            || {
                eprintln!("{message}");
                Trap::Refused
            },
            |(_, trap)| *trap,
        )
}

/// `value` without the identity of a function, which the other engine does not tell.
fn without_identity(value: Val) -> Val {
    match value {
        Val::FuncRef(Some(_)) => Val::FuncRef(Some(0)),
        other => other,
    }
}

/// The results of the host's functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// They follow from the function's name, its arguments and its type.
    Mixed,
    /// They are zero, as on devices.
    Zero,
}

/// What a host function gives: it follows from its name, its arguments and its type.
fn host_results(name: &str, args: &[Val], types: &[ValType]) -> Vec<Val> {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    name.bytes().for_each(&mut add);
    for arg in args {
        let bytes = match *arg {
            Val::I32(value) => i128::from(value).to_le_bytes(),
            Val::I64(value) => i128::from(value).to_le_bytes(),
            Val::F32(bits) => i128::from(bits).to_le_bytes(),
            Val::F64(bits) => i128::from(bits).to_le_bytes(),
            Val::V128(bytes) => bytes,
            Val::FuncRef(value) => i128::from(value.is_some()).to_le_bytes(),
            Val::ExternRef(value) => value.map_or(-1, i128::from).to_le_bytes(),
        };
        bytes.into_iter().for_each(&mut add);
    }
    let mut random = Random::new(hash);
    types.iter().map(|ty| random.value(*ty)).collect()
}

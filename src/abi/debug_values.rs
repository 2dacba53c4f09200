//! The names of the variables in LLVM's debug information, by which the emitter tells the room `debug` where
//! code keeps values. Debuggers never see them.

use std::fmt;

/// A value that the emitter describes in a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DebugValue {
    /// The base of linear memory, an address.
    MemoryBase,
    /// The address of the module instance.
    Instance,
    /// The address of the execution environment.
    Environment,
    /// A local of the function, wherever it lives.
    Local(u32),
    /// A variable of the source, by the offset of its entry in the module's `.debug_info`.
    Variable(u32),
}

impl fmt::Display for DebugValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DebugValue::MemoryBase => f.write_str("base"),
            DebugValue::Instance => f.write_str("instance"),
            DebugValue::Environment => f.write_str("environment"),
            DebugValue::Local(index) => write!(f, "local#{index}"),
            DebugValue::Variable(offset) => write!(f, "variable#{offset}"),
        }
    }
}

impl DebugValue {
    /// Parses a name; `None` if it is another variable.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "base" => Some(DebugValue::MemoryBase),
            "instance" => Some(DebugValue::Instance),
            "environment" => Some(DebugValue::Environment),
            _ => {
                let (kind, number) = name.split_once('#')?;
                let number = number.parse().ok()?;
                match kind {
                    "local" => Some(DebugValue::Local(number)),
                    "variable" => Some(DebugValue::Variable(number)),
                    _ => None,
                }
            }
        }
    }
}

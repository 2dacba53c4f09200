//! The runtime's exception ids (`WASMExceptionID` in `core/iwasm/common/wasm_runtime_common.h`).

/// An exception that compiled code raises through `aot_set_exception_with_id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u32)]
pub enum Exception {
    Unreachable = 0,
    OutOfBoundsMemory = 2,
    IntegerOverflow = 3,
    IntegerDivideByZero = 4,
    InvalidConversionToInteger = 5,
    IndirectCallTypeMismatch = 6,
    UndefinedElement = 8,
    UninitializedElement = 9,
    NativeStackOverflow = 11,
    UnalignedAtomic = 12,
    AuxStackOverflow = 13,
    AuxStackUnderflow = 14,
    OutOfBoundsTable = 15,
    /// The stack of frames is full.
    OperandStackOverflow = 16,
    /// `call_ref` of a null reference.
    NullFunctionReference = 18,
    /// `ref.as_non_null` of a null reference.
    NullReference = 22,
    /// A helper has already set the exception; compiled code only has to unwind.
    AlreadyThrown = 33,
}

impl Exception {
    /// Returns the runtime's number of the exception.
    pub fn id(self) -> u32 {
        self as u32
    }
}

//! WebAssembly values and types, and how the runtime holds them.
//!
//! The subtle part is external references. The runtime hands out an index for each host pointer,
//! counted over all instances, and compiled code sees the indices; but `wasm_runtime_call_wasm`
//! takes and gives the pointers (two cells each), where it reads the null reference as the pointer
//! -1 and writes it as 0. A host value is therefore made a pointer by adding one, so that no host
//! value is taken for null in either direction.

use std::ffi::c_void;
use std::fmt;

use crate::ffi;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValType {
    I32,
    I64,
    F32,
    F64,
    V128,
    FuncRef,
    ExternRef,
}

/// A value. Floats are their bits, so that every NaN survives; a reference to a function is its
/// index in the module, one to a host object any number the host chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Val {
    I32(i32),
    I64(i64),
    F32(u32),
    F64(u64),
    V128([u8; 16]),
    FuncRef(Option<u32>),
    ExternRef(Option<u32>),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct FuncType {
    pub params: Vec<ValType>,
    pub results: Vec<ValType>,
}

impl ValType {
    /// From the encoding in WebAssembly's binary format.
    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0x7f => Self::I32,
            0x7e => Self::I64,
            0x7d => Self::F32,
            0x7c => Self::F64,
            0x7b => Self::V128,
            0x70 => Self::FuncRef,
            0x6f => Self::ExternRef,
            _ => return None,
        })
    }

    /// From the encoding in the runtime's public interface.
    pub(crate) fn from_kind(kind: u8) -> Option<Self> {
        Some(match kind {
            ffi::VALKIND_I32 => Self::I32,
            ffi::VALKIND_I64 => Self::I64,
            ffi::VALKIND_F32 => Self::F32,
            ffi::VALKIND_F64 => Self::F64,
            ffi::VALKIND_V128 => Self::V128,
            ffi::VALKIND_FUNCREF => Self::FuncRef,
            ffi::VALKIND_EXTERNREF => Self::ExternRef,
            _ => return None,
        })
    }

    /// How many bytes compiled code uses for a value of this type.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::I32 | Self::F32 | Self::FuncRef | Self::ExternRef => 4,
            Self::I64 | Self::F64 => 8,
            Self::V128 => 16,
        }
    }

    /// How many 32-bit cells `wasm_runtime_call_wasm` uses for a value of this type.
    pub(crate) fn call_cells(self) -> usize {
        match self {
            Self::ExternRef => size_of::<usize>() / 4,
            other => other.size() / 4,
        }
    }
}

impl fmt::Display for ValType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::V128 => "v128",
            Self::FuncRef => "funcref",
            Self::ExternRef => "externref",
        })
    }
}

/// Types separated by commas, as messages name them.
pub(crate) fn type_list(types: impl IntoIterator<Item = ValType>) -> String {
    types
        .into_iter()
        .map(|ty| ty.to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

impl fmt::Display for FuncType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let params = type_list(self.params.iter().copied());
        let results = type_list(self.results.iter().copied());
        write!(f, "({params}) -> ({results})")
    }
}

impl FuncType {
    pub fn new(
        params: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
    ) -> Self {
        Self {
            params: params.into_iter().collect(),
            results: results.into_iter().collect(),
        }
    }

    /// # Safety
    /// `ty` points to a function type of a loaded module.
    pub(crate) unsafe fn from_raw(ty: *const ffi::FuncType) -> Option<Self> {
        let (mut params, mut results) = (0, 0);
        // SAFETY: the types of parameters and results follow each other.
        let codes = unsafe {
            let codes = ffi::host_function_type(ty, &raw mut params, &raw mut results);
            std::slice::from_raw_parts(codes, params as usize + results as usize)
        };
        let types = |codes: &[u8]| {
            codes
                .iter()
                .copied()
                .map(ValType::from_code)
                .collect::<Option<_>>()
        };
        let (params, results) = codes.split_at(params as usize);
        Some(Self {
            params: types(params)?,
            results: types(results)?,
        })
    }

    pub(crate) fn accepts(&self, args: &[Val]) -> bool {
        self.params.iter().copied().eq(args.iter().map(Val::ty))
    }

    pub(crate) fn yields(&self, results: &[Val]) -> bool {
        self.results.iter().copied().eq(results.iter().map(Val::ty))
    }
}

impl Val {
    #[must_use]
    pub fn ty(&self) -> ValType {
        match self {
            Self::I32(_) => ValType::I32,
            Self::I64(_) => ValType::I64,
            Self::F32(_) => ValType::F32,
            Self::F64(_) => ValType::F64,
            Self::V128(_) => ValType::V128,
            Self::FuncRef(_) => ValType::FuncRef,
            Self::ExternRef(_) => ValType::ExternRef,
        }
    }

    #[must_use]
    pub fn f32(value: f32) -> Self {
        Self::F32(value.to_bits())
    }

    #[must_use]
    pub fn f64(value: f64) -> Self {
        Self::F64(value.to_bits())
    }

    /// The value as compiled code holds it in globals, tables and its own calls: `ty().size()`
    /// bytes at the start, the rest zero. None if the runtime has no index left for a reference.
    ///
    /// # Safety
    /// `instance` is a live instance (needed to register a host value with it).
    pub(crate) unsafe fn to_bytes(self, instance: *mut ffi::ModuleInstance) -> Option<[u8; 16]> {
        let mut bytes = [0; 16];
        match self {
            Self::I32(value) => bytes[..4].copy_from_slice(&value.to_ne_bytes()),
            Self::F32(bits) => bytes[..4].copy_from_slice(&bits.to_ne_bytes()),
            Self::I64(value) => bytes[..8].copy_from_slice(&value.to_ne_bytes()),
            Self::F64(bits) => bytes[..8].copy_from_slice(&bits.to_ne_bytes()),
            Self::V128(value) => bytes = value,
            Self::FuncRef(index) => {
                bytes[..4].copy_from_slice(&index.unwrap_or(ffi::NULL_REF).to_ne_bytes());
            }
            Self::ExternRef(value) => {
                let mut index = ffi::NULL_REF;
                // SAFETY: the caller vouches for the instance; the object is never dereferenced.
                if let Some(value) = value
                    && !unsafe {
                        ffi::wasm_externref_obj2ref(instance, object(value), &raw mut index)
                    }
                {
                    return None;
                }
                bytes[..4].copy_from_slice(&index.to_ne_bytes());
            }
        }
        Some(bytes)
    }

    /// The inverse of [`Val::to_bytes`]. None if an external reference is not a known one.
    pub(crate) fn from_bytes(ty: ValType, bytes: [u8; 16]) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, ..] = bytes;
        let word = u32::from_ne_bytes([a, b, c, d]);
        let long = u64::from_ne_bytes([a, b, c, d, e, f, g, h]);
        Some(match ty {
            ValType::I32 => Self::I32(word.cast_signed()),
            ValType::F32 => Self::F32(word),
            ValType::I64 => Self::I64(long.cast_signed()),
            ValType::F64 => Self::F64(long),
            ValType::V128 => Self::V128(bytes),
            ValType::FuncRef => Self::FuncRef((word != ffi::NULL_REF).then_some(word)),
            ValType::ExternRef => {
                let mut pointer = std::ptr::null_mut();
                // SAFETY: the runtime looks the index up and writes the pointer.
                if !unsafe { ffi::wasm_externref_ref2obj(word, &raw mut pointer) } {
                    return None;
                }
                Self::ExternRef(host_value(pointer))
            }
        })
    }

    /// Appends the value as an argument of `wasm_runtime_call_wasm`.
    pub(crate) fn push_cells(self, cells: &mut Vec<u32>) {
        match self {
            Self::I64(value) => cells.extend(cells_of(value.to_ne_bytes())),
            Self::F64(bits) => cells.extend(cells_of(bits.to_ne_bytes())),
            Self::I32(value) => cells.push(value.cast_unsigned()),
            Self::F32(bits) => cells.push(bits),
            Self::FuncRef(index) => cells.push(index.unwrap_or(ffi::NULL_REF)),
            Self::V128(bytes) => cells.extend(cells_of(bytes)),
            Self::ExternRef(value) => {
                let pointer = value.map_or(usize::MAX, |value| object(value).addr());
                cells.extend(cells_of(pointer.to_ne_bytes()));
            }
        }
    }

    /// Reads a result of `wasm_runtime_call_wasm` from the first `ty.call_cells()` cells.
    pub(crate) fn from_cells(ty: ValType, cells: &[u32]) -> Option<Self> {
        let mut bytes = [0; 16];
        for (to, from) in bytes.chunks_exact_mut(4).zip(cells.get(..ty.call_cells())?) {
            to.copy_from_slice(&from.to_ne_bytes());
        }
        if ty != ValType::ExternRef {
            return Self::from_bytes(ty, bytes);
        }
        let (pointer, _) = bytes.split_first_chunk()?;
        let pointer = std::ptr::without_provenance_mut(usize::from_ne_bytes(*pointer));
        Some(Self::ExternRef(host_value(pointer)))
    }
}

/// Cuts a value's bytes into cells.
fn cells_of<const N: usize>(bytes: [u8; N]) -> impl Iterator<Item = u32> {
    (0..N / 4).map(move |i| u32::from_ne_bytes(std::array::from_fn(|j| bytes[4 * i + j])))
}

/// The pointer that stands for a host value (see the top of the file). Host machines have 64-bit
/// pointers, so the sum does not wrap.
fn object(value: u32) -> *mut c_void {
    std::ptr::without_provenance_mut(value as usize + 1)
}

fn host_value(pointer: *mut c_void) -> Option<u32> {
    pointer
        .addr()
        .checked_sub(1)
        .and_then(|value| u32::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_the_cells_of_a_call() {
        let values = [
            Val::I32(-2),
            Val::I64(i64::MIN + 7),
            Val::F32(0x7fa0_0001),
            Val::F64(0xfff4_0000_0000_0001),
            Val::V128(std::array::from_fn(|i| i as u8 * 17)),
            Val::FuncRef(None),
            Val::FuncRef(Some(3)),
            Val::ExternRef(Some(0)),
            Val::ExternRef(Some(u32::MAX)),
        ];
        for value in values {
            let mut cells = Vec::new();
            value.push_cells(&mut cells);
            assert_eq!(cells.len(), value.ty().call_cells());
            assert_eq!(Val::from_cells(value.ty(), &cells), Some(value));
            assert_eq!(Val::from_cells(value.ty(), &cells[1..]), None);
        }
    }

    #[test]
    fn a_null_external_reference_comes_back_as_the_null_pointer() {
        let cells = [0; size_of::<usize>() / 4];
        assert_eq!(
            Val::from_cells(ValType::ExternRef, &cells),
            Some(Val::ExternRef(None))
        );
    }
}

//! The bytes of the protocol (`PROTOCOL.md`): what a message consists of.

use wamr_host::{FuncType, Val, ValType};

/// A null reference.
const NO_REFERENCE: u32 = u32::MAX;

/// A message being written.
#[derive(Debug, Default)]
pub(crate) struct Message(Vec<u8>);

impl Message {
    pub(crate) fn new(request: u8) -> Self {
        Self(vec![request])
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn byte(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    pub(crate) fn number(&mut self, value: u32) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    /// A count of things, which fits: the things are in memory twice.
    pub(crate) fn count(&mut self, count: usize) -> &mut Self {
        self.number(u32::try_from(count).unwrap_or(u32::MAX))
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.count(bytes.len()).raw(bytes)
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    pub(crate) fn value(&mut self, value: Val) -> &mut Self {
        self.byte(code(value.ty()));
        match value {
            Val::I32(value) => self.raw(&value.to_le_bytes()),
            Val::I64(value) => self.raw(&value.to_le_bytes()),
            Val::F32(bits) => self.raw(&bits.to_le_bytes()),
            Val::F64(bits) => self.raw(&bits.to_le_bytes()),
            Val::V128(bytes) => self.raw(&bytes),
            Val::FuncRef(reference) | Val::ExternRef(reference) => {
                self.number(reference.unwrap_or(NO_REFERENCE))
            }
        }
    }

    pub(crate) fn signature(&mut self, ty: &FuncType) -> &mut Self {
        self.count(ty.params.len()).count(ty.results.len());
        for ty in ty.params.iter().chain(&ty.results) {
            self.byte(code(*ty));
        }
        self
    }
}

/// The unread part of a message. None: it ends early, or holds what it should not.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn raw(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.raw(N)?.try_into().ok()
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    pub(crate) fn number(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn long(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        let length = self.number()?;
        let bytes = self.raw(length as usize)?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }

    pub(crate) fn value(&mut self) -> Option<Val> {
        let ty = self.byte()?;
        Some(match ty {
            0x7f => Val::I32(self.number()?.cast_signed()),
            0x7e => Val::I64(self.long()?.cast_signed()),
            0x7d => Val::F32(self.number()?),
            0x7c => Val::F64(self.long()?),
            0x7b => Val::V128(self.array()?),
            0x70 => Val::FuncRef(reference(self.number()?)),
            0x6f => Val::ExternRef(reference(self.number()?)),
            _ => return None,
        })
    }

    pub(crate) fn values(&mut self) -> Option<Vec<Val>> {
        (0..self.number()?).map(|_| self.value()).collect()
    }
}

fn reference(number: u32) -> Option<u32> {
    (number != NO_REFERENCE).then_some(number)
}

/// As the binary format of WebAssembly encodes the type.
fn code(ty: ValType) -> u8 {
    match ty {
        ValType::I32 => 0x7f,
        ValType::I64 => 0x7e,
        ValType::F32 => 0x7d,
        ValType::F64 => 0x7c,
        ValType::V128 => 0x7b,
        ValType::FuncRef => 0x70,
        ValType::ExternRef => 0x6f,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_the_wire() {
        let values = [
            Val::I32(-2),
            Val::I64(i64::MIN + 7),
            Val::F32(0x7fa0_0001),
            Val::F64(0xfff4_0000_0000_0001),
            Val::V128(std::array::from_fn(|i| i as u8 * 17)),
            Val::FuncRef(None),
            Val::FuncRef(Some(3)),
            Val::ExternRef(Some(0)),
        ];
        let mut message = Message::default();
        message.count(values.len());
        for value in values {
            message.value(value);
        }
        let bytes = message.as_bytes();
        assert_eq!(Reader(bytes).values().as_deref(), Some(&values[..]));
        for length in 0..bytes.len() {
            assert_eq!(Reader(&bytes[..length]).values(), None);
        }
    }
}

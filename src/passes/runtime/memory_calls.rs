//! Replaces `llvm.memmove` and similar intrinsics, of the emitter and the optimiser, by calls of the
//! runtime's `memcpy`, `memmove` and `memset`, because LLVM would call functions of other names. Small ones
//! of known size become loads and stores.

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Builder, Effects, Kind, Value};

/// The largest number of words that are copied by loads and stores.
const WORDS_IN_PLACE: u64 = 8;

/// Replaces the intrinsics in every function of `module`, for pointers of `pointer_bits` bits.
pub fn run(module: &LlvmModule, pointer_bits: u32) {
    const NAMES: [(&[u8], &str); 3] = [
        (b"llvm.memcpy.", "memcpy"),
        (b"llvm.memmove.", "memmove"),
        (b"llvm.memset.", "memset"),
    ];
    for function in ir::functions(module) {
        let Some((_, name)) = NAMES
            .into_iter()
            .find(|(prefix, _)| function.name().starts_with(prefix))
        else {
            continue;
        };
        for call in function.users().collect::<Vec<_>>() {
            if !in_place(call, name, pointer_bits) {
                replace(call, name, pointer_bits);
            }
            call.erase();
        }
    }
}

fn replace(call: Value, name: &str, pointer_bits: u32) {
    let builder = Builder::before(call);
    let mut arguments = call.arguments();
    // The last one says whether the access is volatile: a call of a function always is.
    arguments.truncate(3);
    if let [_, value, length] = &mut arguments[..] {
        if value.kind() == Kind::Int(8) {
            *value = builder.resize(*value, Kind::Int(32), false);
        }
        *length = builder.resize(*length, Kind::Int(pointer_bits), false);
    }
    builder.call(name, Kind::Pointer, &arguments, Effects::Memory);
}

/// Replaces a small copy or fill by loads and stores; reports whether it did. All loads come before the
/// stores, so that the places may overlap.
fn in_place(call: Value, name: &str, pointer_bits: u32) -> bool {
    let [target, source, length, volatile] = call.arguments()[..] else {
        return false;
    };
    // Of such an access the loads and stores would have to be volatile (`exact_memory`).
    if volatile.int_constant() != Some(0) {
        return false;
    }
    let word = u64::from(pointer_bits / 8);
    let Some(length) = length
        .int_constant()
        .filter(|length| *length <= WORDS_IN_PLACE * word)
    else {
        return false;
    };
    let byte = source.int_constant();
    if name == "memset" && byte.is_none() {
        return false;
    }
    let builder = Builder::before(call);
    let alignments = [0, 1].map(|index| u64::from(call.argument_alignment(index)));
    let aligned = |alignment: u64, offset: u64| {
        let of_offset = 1 << offset.trailing_zeros().min(4);
        alignment.min(of_offset) as u32
    };
    let mut pieces = Vec::new();
    let mut offset = 0;
    while offset < length {
        let mut size = word;
        while size > length - offset {
            size /= 2;
        }
        let kind = Kind::Int(size as u32 * 8);
        let value = match byte {
            Some(byte) if name == "memset" => builder.int(
                kind,
                byte * (0x0101_0101_0101_0101 & (u64::MAX >> (64 - size * 8))),
            ),
            _ => builder.load(
                kind,
                builder.field(source, offset),
                aligned(alignments[1], offset),
            ),
        };
        pieces.push((offset, value));
        offset += size;
    }
    for (offset, value) in pieces {
        builder.store(
            value,
            builder.field(target, offset),
            aligned(alignments[0], offset),
        );
    }
    true
}

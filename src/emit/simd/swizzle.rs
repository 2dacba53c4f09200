//! `i8x16.swizzle`: selects bytes by indexes known only at run time; an index above 15 gives zero.
//!
//! LLVM IR has no instruction for it. x86-64's code generator recognises a byte shuffle (`pshufb`, if the
//! processor has it) in a vector built of one extracted lane per index. So this form needs no question about
//! features; on other targets it is merely correct. AArch64 always has an instruction with exactly these
//! semantics (`tbl`), so its intrinsic is used.

use inkwell::IntPredicate;
use inkwell::values::VectorValue;

use super::{Emitter, Shapes, splat_int};
use crate::emit::error::Result;
use crate::targets::VectorUnit;

/// Pops the bytes and their indexes; pushes the selected bytes.
pub(super) fn emit<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, s: &Shapes<'ctx>) -> Result<()> {
    let (bytes, indexes) = e.pop_vectors(s.i8x16)?;
    let result = match e.plan().target.facts.vectors {
        VectorUnit::Aarch64 => {
            e.call_vector("llvm.aarch64.neon.tbl1", &[bytes.into(), indexes.into()])?
        }
        VectorUnit::X86 | VectorUnit::Other => lanes(e, s, bytes, indexes)?,
    };
    e.push_vector(result)
}

fn lanes<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    s: &Shapes<'ctx>,
    bytes: VectorValue<'ctx>,
    indexes: VectorValue<'ctx>,
) -> Result<VectorValue<'ctx>> {
    // An index outside the vector would be poison.
    let inside = e.builder().build_and(indexes, splat_int(s.i8x16, 15), "")?;
    let mut picked = s.i8x16.get_poison();
    for number in 0..s.i8x16.get_size() {
        let lane = e.lane(number);
        let index = e.builder().build_extract_element(inside, lane, "")?;
        let byte = e
            .builder()
            .build_extract_element(bytes, index.into_int_value(), "")?;
        picked = e.builder().build_insert_element(picked, byte, lane, "")?;
    }
    let in_range =
        e.builder()
            .build_int_compare(IntPredicate::ULT, indexes, splat_int(s.i8x16, 16), "")?;
    e.select_vector(in_range, picked, s.i8x16.const_zero())
}

//! The 256 vector instructions (specification 4.3.5, 4.3.6, 4.4.3), one file per group.
//!
//! A v128 is two 64-bit lanes on the operand stack. Every group casts it to the lanes of its [`Shapes`] and
//! leaves the choice of machine instructions to LLVM. Each sequence here is an idiom of LLVM's targets or
//! plain lane-wise arithmetic.
//!
//! LLVM numbers the lanes of a vector in memory order, WebAssembly from the least significant byte. On a
//! little-endian target both are the same, and a cast between shapes costs nothing. A big-endian target has
//! to hold all vectors with their lanes reversed; then casts stay casts. So code that names lanes by number
//! has to use [`Emitter::lane`] and [`Emitter::pick`]. Code that turns lanes into the bits of an integer, or
//! moves vectors to and from memory, has to reverse them.

mod bitwise;
mod compare;
mod convert;
mod float;
mod integer;
mod lanes;
mod machine;
mod memory;
mod relaxed;
mod swizzle;
mod widen;

use inkwell::FloatPredicate;
use inkwell::builder::{Builder, BuilderError};
use inkwell::types::VectorType;
use inkwell::values::{BasicValue, BasicValueEnum, IntValue, VectorValue};
use wasmparser::Operator;

use super::error::Result;
use super::function::FunctionEmitter;
use super::types::Types;

type Emitter<'p, 'ctx, 'e, 'w> = FunctionEmitter<'p, 'ctx, 'e, 'w>;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit(e: &mut Emitter, operator: &Operator<'_>) -> Result<bool> {
    let shapes = Shapes::new(e.types());
    Ok(memory::emit(e, operator, &shapes)?
        || lanes::emit(e, operator, &shapes)?
        || bitwise::emit(e, operator, &shapes)?
        || compare::emit(e, operator, &shapes)?
        || integer::emit(e, operator, &shapes)?
        || widen::emit(e, operator, &shapes)?
        || float::emit(e, operator, &shapes)?
        || convert::emit(e, operator, &shapes)?
        || relaxed::emit(e, operator, &shapes)?)
}

/// The shapes of a v128 in WebAssembly.
struct Shapes<'ctx> {
    i8x16: VectorType<'ctx>,
    i16x8: VectorType<'ctx>,
    i32x4: VectorType<'ctx>,
    i64x2: VectorType<'ctx>,
    f32x4: VectorType<'ctx>,
    f64x2: VectorType<'ctx>,
}

impl<'ctx> Shapes<'ctx> {
    fn new(types: &Types<'ctx>) -> Self {
        Shapes {
            i8x16: types.i8.vec_type(16),
            i16x8: types.i16.vec_type(8),
            i32x4: types.i32.vec_type(4),
            i64x2: types.i64.vec_type(2),
            f32x4: types.f32.vec_type(4),
            f64x2: types.f64.vec_type(2),
        }
    }
}

/// How a narrow integer lane is extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signedness {
    Signed,
    Unsigned,
}

/// One of the builder's lane-wise binary instructions.
type BinaryInstruction<'ctx> = fn(
    &Builder<'ctx>,
    VectorValue<'ctx>,
    VectorValue<'ctx>,
    &str,
) -> Result<VectorValue<'ctx>, BuilderError>;

/// Pops two vectors; pushes the result of `instruction`.
fn binary<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    instruction: BinaryInstruction<'ctx>,
) -> Result<()> {
    let (left, right) = e.pop_vectors(shape)?;
    let result = instruction(e.builder(), left, right, "")?;
    e.push_vector(result)
}

/// Pops two vectors; pushes the result of an intrinsic overloaded on their type.
fn binary_intrinsic<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    intrinsic: &str,
) -> Result<()> {
    let (left, right) = e.pop_vectors(shape)?;
    let result = e.call_vector(intrinsic, &[left.into(), right.into()])?;
    e.push_vector(result)
}

/// Pops a vector; pushes the result of an intrinsic overloaded on its type.
fn unary_intrinsic<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    intrinsic: &str,
) -> Result<()> {
    let value = e.pop_vector(shape)?;
    let result = e.call_vector(intrinsic, &[value.into()])?;
    e.push_vector(result)
}

/// Returns a constant vector with `value` in each lane of `shape`, whose lanes are integers.
fn splat_int<'ctx>(shape: VectorType<'ctx>, value: u64) -> VectorValue<'ctx> {
    let lane = shape.get_element_type().into_int_type();
    let lane = lane.const_int(value, false);
    VectorType::const_vector(&vec![lane; shape.get_size() as usize])
}

/// Returns a constant vector with `value` in each lane of `shape`, whose lanes are floats.
fn splat_float<'ctx>(shape: VectorType<'ctx>, value: f64) -> VectorValue<'ctx> {
    let lane = shape.get_element_type().into_float_type();
    let lane = lane.const_float(value);
    VectorType::const_vector(&vec![lane; shape.get_size() as usize])
}

/// Vector helpers that all groups use.
impl<'ctx> Emitter<'_, 'ctx, '_, '_> {
    /// Pops two vectors of one shape; the first was pushed first.
    fn pop_vectors(
        &mut self,
        shape: VectorType<'ctx>,
    ) -> Result<(VectorValue<'ctx>, VectorValue<'ctx>)> {
        let right = self.pop_vector(shape)?;
        Ok((self.pop_vector(shape)?, right))
    }

    /// Returns LLVM's index of WebAssembly's lane `number`.
    fn lane(&self, number: u32) -> IntValue<'ctx> {
        self.i32_const(number)
    }

    /// Selects lanes of `left` and `right`, numbered consecutively, in the order of `numbers`.
    fn pick(
        &self,
        left: VectorValue<'ctx>,
        right: VectorValue<'ctx>,
        numbers: impl IntoIterator<Item = u32>,
    ) -> Result<VectorValue<'ctx>> {
        let numbers: Vec<_> = numbers
            .into_iter()
            .map(|number| self.lane(number))
            .collect();
        let mask = VectorType::const_vector(&numbers);
        Ok(self.builder().build_shuffle_vector(left, right, mask, "")?)
    }

    /// Returns a vector with `value` in every lane of `shape`.
    fn splat(
        &self,
        shape: VectorType<'ctx>,
        value: impl BasicValue<'ctx>,
    ) -> Result<VectorValue<'ctx>> {
        let poison = shape.get_poison();
        let first = self
            .builder()
            .build_insert_element(poison, value, self.i32_const(0), "")?;
        let mask = self.types().i32.vec_type(shape.get_size()).const_zero();
        Ok(self
            .builder()
            .build_shuffle_vector(first, poison, mask, "")?)
    }

    /// Calls an intrinsic overloaded on the type of its first argument, which it returns.
    fn call_vector(
        &self,
        intrinsic: &str,
        arguments: &[BasicValueEnum<'ctx>],
    ) -> Result<VectorValue<'ctx>> {
        let result = self.call_intrinsic(intrinsic, &[arguments[0].get_type()], arguments)?;
        Ok(result.into_vector_value())
    }

    /// Returns the lesser float in each lane; the second operand's if they are equal or one is a NaN.
    fn lesser(&self, a: VectorValue<'ctx>, b: VectorValue<'ctx>) -> Result<VectorValue<'ctx>> {
        self.choose(FloatPredicate::OLT, a, b)
    }

    /// Returns the greater float in each lane; the second operand's if they are equal or one is a NaN.
    fn greater(&self, a: VectorValue<'ctx>, b: VectorValue<'ctx>) -> Result<VectorValue<'ctx>> {
        self.choose(FloatPredicate::OGT, a, b)
    }

    /// Selects `a` in lanes where the comparison of `a` with `b` holds, `b` elsewhere.
    fn choose(
        &self,
        comparison: FloatPredicate,
        a: VectorValue<'ctx>,
        b: VectorValue<'ctx>,
    ) -> Result<VectorValue<'ctx>> {
        if let Some(instruction) = self
            .plan()
            .target
            .facts
            .vectors
            .choice(comparison, a.get_type().get_size())
        {
            // LLVM finds the instruction in a comparison only as long as it does not see the
            // floats as integers in between, which it likes to do.
            let result = self.call_intrinsic(instruction, &[], &[a.into(), b.into()])?;
            return Ok(result.into_vector_value());
        }
        let holds = self.builder().build_float_compare(comparison, a, b, "")?;
        self.select_vector(holds, a, b)
    }

    fn select_vector(
        &self,
        condition: VectorValue<'ctx>,
        then: VectorValue<'ctx>,
        otherwise: VectorValue<'ctx>,
    ) -> Result<VectorValue<'ctx>> {
        Ok(self
            .builder()
            .build_select(condition, then, otherwise, "")?
            .into_vector_value())
    }

    /// Extends integer lanes to the lanes of `shape`.
    fn extend(
        &self,
        value: VectorValue<'ctx>,
        shape: VectorType<'ctx>,
        signedness: Signedness,
    ) -> Result<VectorValue<'ctx>> {
        Ok(match signedness {
            Signedness::Signed => self.builder().build_int_s_extend(value, shape, "")?,
            Signedness::Unsigned => self.builder().build_int_z_extend(value, shape, "")?,
        })
    }
}

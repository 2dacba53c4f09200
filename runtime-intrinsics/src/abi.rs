//! What an intrinsic's C signature is made of, and how C's values become words for the arithmetic.

/// A C type as it stands in an intrinsic's prototype.
///
/// Signedness matters to callers: several ABIs want an argument narrower than a register extended,
/// by its sign or by zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CType {
    /// `int32_t`
    I32,
    /// `uint32_t`, and the enumeration [`FloatCondition`].
    U32,
    /// `int64_t`
    I64,
    /// `uint64_t`
    U64,
    /// `float`
    F32,
    /// `double`
    F64,
}

/// The first argument of `aot_intrinsic_f32_cmp` and `aot_intrinsic_f64_cmp`.
///
/// `<` and its like are false when an operand is a NaN, `!=` is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum FloatCondition {
    Equal = 0,
    NotEqual = 1,
    Less = 2,
    Greater = 3,
    LessOrEqual = 4,
    GreaterOrEqual = 5,
    /// One operand at least is a NaN.
    Unordered = 6,
}

impl FloatCondition {
    /// All of them, at the place of their number.
    pub const ALL: [Self; 7] = [
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::Greater,
        Self::LessOrEqual,
        Self::GreaterOrEqual,
        Self::Unordered,
    ];

    /// The condition with this number.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.get(number as usize).copied()
    }
}

/// A Rust type that stands for a C type in a prototype.
pub(crate) trait Value: Copy {
    const TYPE: CType;
    /// The unsigned word with the value's bits.
    type Word;
    fn into_word(self) -> Self::Word;
    fn from_word(word: Self::Word) -> Self;
}

macro_rules! values {
    ($($rust:ty, $word:ty, $c:ident, $into:expr, $from:expr;)*) => {$(
        impl Value for $rust {
            const TYPE: CType = CType::$c;
            type Word = $word;

            #[inline(always)]
            fn into_word(self) -> $word {
                $into(self)
            }

            #[inline(always)]
            fn from_word(word: $word) -> Self {
                $from(word)
            }
        }
    )*};
}

values! {
    i32, u32, I32, i32::cast_unsigned, u32::cast_signed;
    u32, u32, U32, core::convert::identity, core::convert::identity;
    i64, u64, I64, i64::cast_unsigned, u64::cast_signed;
    u64, u64, U64, core::convert::identity, core::convert::identity;
    f32, u32, F32, f32::to_bits, f32::from_bits;
    f64, u64, F64, f64::to_bits, f64::from_bits;
}

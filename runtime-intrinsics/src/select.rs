//! What `--enable-builtin-intrinsics=` asks for: names and groups, separated by commas, made into a
//! set of rows of the table.
//!
//! The groups hold what WAMR's documentation lists and what its compiler puts there. Where the two
//! differ, both: `copysign`, `f32_demote_f64` and `f64_promote_f32` are in the float groups of the
//! documentation alone, `i64.mul` and the shifts in the `i64.common` of the compiler alone. Names are matched whole: WAMR's compiler looks for each name anywhere in the text,
//! and so says nothing to one that it does not know.

use core::fmt;

use crate::table::{INTRINSICS, Intrinsic, find};

/// A name for several intrinsics at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Every row of the table.
    All,
    /// `i32` division.
    I32Common,
    /// `i64` division, multiplication, shifts, and the bitwise operations WAMR has functions for.
    I64Common,
    /// `f32` arithmetic and comparison.
    F32Common,
    /// `f64` arithmetic and comparison, and the conversions to and from `f32`.
    F64Common,
    /// Both of the two before.
    FpCommon,
    /// Conversions between `f32` and 32-bit integers.
    F32xI32,
    /// Conversions between `f64` and 32-bit integers.
    F64xI32,
    /// Conversions between `f32` and 64-bit integers.
    F32xI64,
    /// Conversions between `f64` and 64-bit integers.
    F64xI64,
    /// The four before.
    FpxInt,
    /// Constants.
    ConstOp,
}

/// Every group under the name the option uses.
pub const GROUPS: &[(&str, Group)] = &[
    ("all", Group::All),
    ("i32.common", Group::I32Common),
    ("i64.common", Group::I64Common),
    ("f32.common", Group::F32Common),
    ("f64.common", Group::F64Common),
    ("fp.common", Group::FpCommon),
    ("f32xi32", Group::F32xI32),
    ("f64xi32", Group::F64xI32),
    ("f32xi64", Group::F32xI64),
    ("f64xi64", Group::F64xI64),
    ("fpxint", Group::FpxInt),
    ("constop", Group::ConstOp),
];

/// A set of intrinsics: one bit for each row of the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection(u128);

const _: () = assert!(
    INTRINSICS.len() <= u128::BITS as usize,
    "a row without a bit"
);

impl Selection {
    /// No intrinsic.
    pub const NONE: Self = Self(0);

    /// Expands a list such as `i64.common,llvm.fabs.f32`. Blanks around a name and names left empty
    /// do no harm.
    pub fn parse(list: &str) -> Result<Self, UnknownIntrinsic<'_>> {
        let mut selection = Self::NONE;
        for name in list
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            if let Some(&(_, group)) = GROUPS.iter().find(|(group, _)| *group == name) {
                selection.insert_group(group);
            } else if let Some(intrinsic) = find(name) {
                selection.insert(intrinsic);
            } else {
                return Err(UnknownIntrinsic { name });
            }
        }
        Ok(selection)
    }

    /// Adds one intrinsic.
    pub fn insert(&mut self, intrinsic: &Intrinsic) {
        self.insert_where(|row| row.name == intrinsic.name);
    }

    /// Adds everything the group includes.
    pub fn insert_group(&mut self, group: Group) {
        self.insert_where(|row| row.groups.contains(&group));
    }

    fn insert_where(&mut self, wanted: impl Fn(&Intrinsic) -> bool) {
        for (index, _) in INTRINSICS.iter().enumerate().filter(|(_, row)| wanted(row)) {
            self.0 |= 1 << index;
        }
    }

    /// Whether the intrinsic of this name is in the set; never true of a name there is not.
    pub fn contains(&self, name: &str) -> bool {
        find(name).is_some_and(|wanted| self.iter().any(|row| row.name == wanted.name))
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::NONE
    }

    /// The intrinsics of the set in the table's order.
    pub fn iter(&self) -> impl Iterator<Item = &'static Intrinsic> {
        let bits = self.0;
        let rows = INTRINSICS.iter().enumerate();
        rows.filter(move |(index, _)| bits >> index & 1 != 0)
            .map(|(_, row)| row)
    }
}

/// A name in the list that is neither a group nor an intrinsic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownIntrinsic<'a> {
    pub name: &'a str,
}

impl fmt::Display for UnknownIntrinsic<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "unknown intrinsic `{}`; there are the groups ",
            self.name
        )?;
        write_list(f, GROUPS.iter().map(|(name, _)| *name))?;
        f.write_str(" and the intrinsics ")?;
        write_list(f, INTRINSICS.iter().map(|intrinsic| intrinsic.name))
    }
}

impl core::error::Error for UnknownIntrinsic<'_> {}

fn write_list<'a>(f: &mut fmt::Formatter<'_>, names: impl Iterator<Item = &'a str>) -> fmt::Result {
    for (index, name) in names.enumerate() {
        f.write_str(if index == 0 { "" } else { ", " })?;
        f.write_str(name)?;
    }
    Ok(())
}

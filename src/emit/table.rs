//! Table instructions (specification 4.4.6).

use inkwell::IntPredicate;
use inkwell::values::{BasicMetadataValueEnum, IntValue, PointerValue};
use wasmparser::Operator;

use super::error::Result;
use super::function::FunctionEmitter;
use crate::abi::{Exception, Helper, layout};
use crate::wasm::TableIndex;

type Emitter<'p, 'ctx, 'e, 'w> = FunctionEmitter<'p, 'ctx, 'e, 'w>;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit(e: &mut Emitter, operator: &Operator<'_>) -> Result<bool> {
    match *operator {
        Operator::TableGet { table } => {
            let index = e.pop_int();
            let index = e.narrow(index, Exception::OutOfBoundsTable)?;
            let value = e.load_table_element(
                TableIndex::from_u32(table),
                index,
                Exception::OutOfBoundsTable,
            )?;
            e.push(value);
        }
        Operator::TableSet { table } => set(e, TableIndex::from_u32(table))?,
        Operator::TableSize { table } => {
            let table = TableIndex::from_u32(table);
            let size = e.table_size(table)?;
            let size = match e.plan().module.tables[table].table64 {
                true => e.builder().build_int_z_extend(size, e.types().i64, "")?,
                false => size,
            };
            e.push(size);
        }
        Operator::TableGrow { table } => grow(e, table)?,
        Operator::TableFill { table } => {
            let count = pop_narrow(e)?;
            let value = pop_element(e)?;
            let start = pop_narrow(e)?;
            let table = e.i32_const(table);
            call(
                e,
                Helper::TableFill,
                &[table.into(), count.into(), value.into(), start.into()],
            )?;
        }
        Operator::TableCopy {
            dst_table,
            src_table,
        } => {
            let (length, source, destination) = pop_ranges(e)?;
            let (to, from) = (e.i32_const(dst_table), e.i32_const(src_table));
            call(
                e,
                Helper::TableCopy,
                &[
                    from.into(),
                    to.into(),
                    length.into(),
                    source.into(),
                    destination.into(),
                ],
            )?;
        }
        Operator::TableInit { elem_index, table } => {
            let (length, source, destination) = pop_ranges(e)?;
            let (table, segment) = (e.i32_const(table), segment_number(e, elem_index));
            call(
                e,
                Helper::TableInit,
                &[
                    table.into(),
                    segment.into(),
                    length.into(),
                    source.into(),
                    destination.into(),
                ],
            )?;
        }
        Operator::ElemDrop { elem_index } => {
            let segment = segment_number(e, elem_index);
            e.call_helper(Helper::ElemDrop, &[e.instance.into(), segment.into()])?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Returns the number that an element segment of the module has in the file.
fn segment_number<'ctx>(e: &Emitter<'_, 'ctx, '_, '_>, segment: u32) -> IntValue<'ctx> {
    e.i32_const(e.plan().tables.first_segment + segment)
}

/// Pops an index or a length. A table has fewer than 2^32 elements, so a larger number traps.
fn pop_narrow<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>) -> Result<IntValue<'ctx>> {
    let value = e.pop_int();
    e.narrow(value, Exception::OutOfBoundsTable)
}

/// Pops a length, the start of the source and the start of the destination.
fn pop_ranges<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
) -> Result<(IntValue<'ctx>, IntValue<'ctx>, IntValue<'ctx>)> {
    Ok((pop_narrow(e)?, pop_narrow(e)?, pop_narrow(e)?))
}

fn grow(e: &mut Emitter, table: u32) -> Result<()> {
    let t = *e.types();
    let count = e.pop_int();
    let value = pop_element(e)?;
    let wide = count.get_type() == t.i64;
    // The runtime fails to add so many elements.
    let most = u64::from(u32::MAX);
    let count = match wide {
        true => {
            let most = t.i64.const_int(most, false);
            let fits = e
                .builder()
                .build_int_compare(IntPredicate::ULE, count, most, "")?;
            let count = e.builder().build_select(fits, count, most, "")?;
            e.builder()
                .build_int_truncate(count.into_int_value(), t.i32, "")?
        }
        false => count,
    };
    let table = e.i32_const(table);
    let mut old = e
        .call_helper(
            Helper::TableGrow,
            &[e.instance.into(), table.into(), count.into(), value.into()],
        )?
        .expect("the helper returns the old size")
        .into_int_value();
    if wide {
        let failed = t.i32.const_all_ones();
        let failed = e
            .builder()
            .build_int_compare(IntPredicate::EQ, old, failed, "")?;
        old = e.builder().build_int_z_extend(old, t.i64, "")?;
        let minus_one = t.i64.const_all_ones();
        old = e
            .builder()
            .build_select(failed, minus_one, old, "")?
            .into_int_value();
    }
    e.push(old);
    Ok(())
}

/// Calls a helper on this instance that may raise an exception.
fn call<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    helper: Helper,
    arguments: &[BasicMetadataValueEnum<'ctx>],
) -> Result<()> {
    let mut all: Vec<BasicMetadataValueEnum> = vec![e.instance.into()];
    all.extend(arguments);
    e.note_helper()?;
    e.call_helper(helper, &all)?;
    e.return_on_exception()
}

/// Pops a reference as tables hold it: a `uintptr_t`; null has the 32-bit pattern.
fn pop_element<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>) -> Result<IntValue<'ctx>> {
    let value = e.pop_int();
    Ok(e.builder()
        .build_int_z_extend_or_bit_cast(value, e.types().intptr, "")?)
}

fn set(e: &mut Emitter, table: TableIndex) -> Result<()> {
    let value = pop_element(e)?;
    let index = pop_narrow(e)?;
    let address = e.table_element(table, index, Exception::OutOfBoundsTable)?;
    let store = e.builder().build_store(address, value)?;
    let _ = store.set_alignment(layout::table::ELEMENT_ALIGNMENT);
    e.tag(store, e.tags().table);
    Ok(())
}

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    fn table_size(&self, table: TableIndex) -> Result<IntValue<'ctx>> {
        let offset = self.plan().layout.table(table) + layout::table::CUR_SIZE;
        // A table that nothing grows keeps the size it starts with.
        let invariant = !self.plan().module.tables[table].usage.grows;
        let size = self.load_runtime(self.types().i32, self.instance, offset, invariant)?;
        Ok(size.into_int_value())
    }

    /// Returns the address of element `index` of a table; raises `exception` if the index is past the end.
    pub fn table_element(
        &mut self,
        table: TableIndex,
        index: IntValue<'ctx>,
        exception: Exception,
    ) -> Result<PointerValue<'ctx>> {
        let size = self.table_size(table)?;
        let outside = self
            .builder()
            .build_int_compare(IntPredicate::UGE, index, size, "")?;
        self.trap_if(outside, exception)?;
        let elements = self.field(
            self.instance,
            self.plan().layout.table(table) + layout::table::ELEMENTS,
        )?;
        let index =
            self.builder()
                .build_int_z_extend_or_bit_cast(index, self.types().intptr, "")?;
        // SAFETY: the index has just been checked against the table's size.
        Ok(unsafe {
            self.builder()
                .build_in_bounds_gep(self.types().intptr, elements, &[index], "")?
        })
    }
}

//! Copies the sections into the text and resolves every reference.
//!
//! Each partition writes its own part of the text, so all partitions work in parallel.

use object::{Endian as _, Endianness};

use super::arch::{Deferred, Jumps, Refusal, Site};
use super::error::{LinkError, Place};
use super::index::Index;
use super::partition::{Definition, ObjectRelocation, Partition, PlacedPool, Placement, Section};
use super::{LinkedText, Relocation, TEXT_SYMBOL, counters, in_parallel};
use crate::abi::symbols::SymbolName;
use crate::targets::Arch;

/// The compilers' name of the global offset table. The table does not exist; references relative to it are
/// resolved as if it started at the start of the text.
const GOT_SYMBOL: &str = "_GLOBAL_OFFSET_TABLE_";

/// The symbol for the distance to the global pointer in MIPS code.
const GLOBAL_POINTER_SYMBOL: &str = "_gp_disp";

pub(super) fn resolve(
    arch: Arch,
    index: Index<'_>,
    partitions: &[Partition<'_>],
) -> Result<LinkedText, LinkError> {
    let mut bytes = vec![0; index.size as usize];
    let jobs = stretches(&mut bytes, &index, partitions);
    let relocations = in_parallel(jobs, |_, (partition, stretch)| {
        Writer::new(&index, partition, stretch).write()
    })?;
    if let Some(start) = index.stack_sizes {
        let table = bytes[start as usize..].chunks_exact_mut(4);
        for (function, slot) in table.take(index.frame_sizes.len()).enumerate() {
            write_word(slot, index.endianness, index.frame_size(function)?);
        }
    }
    Ok(LinkedText {
        bytes,
        alignment: index.alignment,
        function_offsets: index.function_offsets,
        frame_sizes: index.frame_sizes,
        symbols: index.symbols,
        section_places: partitions
            .iter()
            .zip(&index.bases)
            .map(|(partition, base)| partition.section_places(*base))
            .collect(),
        relocations: relocations
            .into_iter()
            .flatten()
            .chain(
                index
                    .counter_places
                    .iter()
                    .flat_map(|&place| counters::relocations(arch, place)),
            )
            .collect(),
    })
}

/// Returns the part of the text of each partition.
fn stretches<'text, 'p, 'data>(
    mut text: &'text mut [u8],
    index: &Index<'_>,
    partitions: &'p [Partition<'data>],
) -> Vec<(&'p Partition<'data>, &'text mut [u8])> {
    let mut stretches = Vec::with_capacity(partitions.len());
    let mut start = 0;
    for (partition, &base) in partitions.iter().zip(&index.bases) {
        let (_, rest) = text.split_at_mut((base - start) as usize);
        let (stretch, rest) = rest.split_at_mut(partition.size as usize);
        stretches.push((partition, stretch));
        text = rest;
        start = base + partition.size;
    }
    stretches
}

struct Writer<'a, 'data> {
    index: &'a Index<'data>,
    partition: &'a Partition<'data>,
    stretch: &'a mut [u8],
    base: u64,
    /// The meaning of each symbol of the object, found at its first use.
    referents: Vec<Option<Referent>>,
    relocations: Vec<Relocation>,
}

/// The meaning of a symbol.
#[derive(Debug, Clone, Copy)]
enum Referent {
    /// A place in this partition.
    Here {
        section: u32,
        offset: u64,
        is_section: bool,
        is_thumb: bool,
    },
    /// An address in the text.
    Text(u64),
    /// A number that does not depend on the text's address.
    Number(u32),
    GlobalPointer,
    Helper,
}

impl<'a, 'data> Writer<'a, 'data> {
    fn new(
        index: &'a Index<'data>,
        partition: &'a Partition<'data>,
        stretch: &'a mut [u8],
    ) -> Self {
        Writer {
            index,
            partition,
            stretch,
            base: index.bases[partition.number],
            referents: vec![None; partition.symbols.len()],
            relocations: Vec::new(),
        }
    }

    fn write(mut self) -> Result<Vec<Relocation>, LinkError> {
        let partition = self.partition;
        let filler = self.index.machine.filler(self.index.endianness);
        let code = &mut self.stretch[..partition.island as usize];
        for (byte, filling) in code.iter_mut().zip(filler.iter().cycle()) {
            *byte = *filling;
        }
        for (number, section) in partition.sections.iter().enumerate() {
            let Placement::At(start) = section.placement else {
                continue;
            };
            let start = start as usize;
            self.stretch[start..][..section.data.len()].copy_from_slice(section.data);
            for relocation in &section.relocations {
                self.relocate(number, section, start, relocation)?;
            }
        }
        for PlacedPool { offset, pool } in &partition.pools {
            pool.write(&mut self.stretch[*offset as usize..][..pool.size() as usize]);
        }
        for &(function, offset) in &partition.stack_size_slots {
            let size = self.index.frame_size(function as usize)?;
            let slot = &mut self.stretch[offset as usize..][..4];
            write_word(slot, self.index.endianness, size);
        }
        self.relocations.sort_by_key(|relocation| relocation.offset);
        Ok(self.relocations)
    }

    fn relocate(
        &mut self,
        number: usize,
        section: &Section<'_>,
        start: usize,
        relocation: &ObjectRelocation,
    ) -> Result<(), LinkError> {
        let machine = self.index.machine;
        if machine.is_no_op(relocation.kind) {
            return Ok(());
        }
        let partition = self.partition;
        let place = || partition.place(number, relocation.offset);
        let referent = self.referent(relocation.symbol, place)?;
        let address = self.base + start as u64;
        // An offset that does not fit lies outside the section, as does the largest that does.
        let in_section = |offset| usize::try_from(offset).unwrap_or(usize::MAX);
        let mut site = Site {
            section: &mut self.stretch[start..][..section.data.len()],
            address,
            offset: in_section(relocation.offset),
            origin: in_section(relocation.origin),
            global_pointer: self.base + partition.island,
            endianness: self.index.endianness,
            long_branches: partition.long_branches,
            kind: relocation.kind,
            addend: relocation.addend,
        };
        let patch = |site: &mut Site<'_>, target| match machine.patch(site, target) {
            Err(Refusal::Absolute) => machine
                .defer_address(site, target)
                .map(|deferred| Some((deferred, TEXT_SYMBOL))),
            done => done.map(|()| None),
        };
        let done = match referent {
            Referent::Text(address) => patch(&mut site, address),
            Referent::Here {
                section,
                offset,
                is_section,
                is_thumb,
            } => match partition.target(section, offset, is_section, relocation.addend) {
                Some((target, addend)) => {
                    site.addend = addend;
                    patch(&mut site, (self.base + target) | u64::from(is_thumb))
                }
                None => Err(Refusal::Unsupported("points outside the text")),
            },
            Referent::Number(number) => machine.patch_number(&mut site, number).map(|()| None),
            Referent::GlobalPointer => machine.patch_global_pointer(&mut site).map(|()| None),
            Referent::Helper => defer(self.index, &mut site).map(|deferred| {
                Some((deferred, partition.symbols[relocation.symbol as usize].name))
            }),
        };
        let left = done.map_err(|refusal| self.refused(refusal, relocation, place()))?;
        self.relocations
            .extend(left.map(|(deferred, symbol)| Relocation {
                offset: address + deferred.offset as u64,
                addend: deferred.addend,
                kind: deferred.kind,
                symbol: symbol.to_owned(),
            }));
        Ok(())
    }

    fn referent(
        &mut self,
        number: u32,
        place: impl FnOnce() -> Place,
    ) -> Result<Referent, LinkError> {
        if let Some(referent) = self.referents[number as usize] {
            return Ok(referent);
        }
        let symbol = self.partition.symbols[number as usize];
        let found = match symbol.definition {
            Definition::In { section, offset } => Some(Referent::Here {
                section,
                offset,
                is_section: symbol.is_section,
                is_thumb: symbol.is_thumb,
            }),
            Definition::Undefined => self.undefined(symbol.name)?,
            Definition::Absolute => None,
        };
        let referent = found.ok_or_else(|| LinkError::UnknownSymbol {
            symbol: symbol.name.to_owned(),
            place: place(),
        })?;
        self.referents[number as usize] = Some(referent);
        Ok(referent)
    }

    fn undefined(&self, name: &str) -> Result<Option<Referent>, LinkError> {
        if let Some(address) = self.index.global(name) {
            return Ok(Some(Referent::Text(address)));
        }
        if self.index.is_helper(name) {
            return Ok(Some(Referent::Helper));
        }
        Ok(match SymbolName::parse(name) {
            Some(SymbolName::StackSizeValue(function)) => {
                let size = self.index.frame_size(function as usize)?;
                Some(Referent::Number(size))
            }
            Some(SymbolName::Distance { to, from }) => {
                let distance = self.address(to).zip(self.address(from));
                let distance = distance.map(|(to, from)| to.wrapping_sub(from));
                distance.map(|distance| Referent::Number(distance as u32))
            }
            Some(SymbolName::StackSizes) => self.index.stack_sizes.map(Referent::Text),
            Some(SymbolName::StackSize(function)) => {
                let slot = self.partition.stack_size_slot(function);
                slot.map(|slot| Referent::Text(self.base + slot))
            }
            _ => match name {
                GOT_SYMBOL => Some(Referent::Text(0)),
                GLOBAL_POINTER_SYMBOL => Some(Referent::GlobalPointer),
                _ => None,
            },
        })
    }

    /// Returns the address of a symbol, global or of this partition.
    fn address(&self, name: &str) -> Option<u64> {
        let here = || Some(self.base + self.partition.offset(name)?);
        self.index.global(name).or_else(here)
    }

    fn refused(&self, refusal: Refusal, relocation: &ObjectRelocation, place: Place) -> LinkError {
        let kind = relocation.kind;
        let symbol = self.partition.symbol_name(relocation.symbol).to_owned();
        match refusal {
            Refusal::Absolute => LinkError::AbsoluteReference {
                symbol,
                kind,
                place,
            },
            Refusal::OutOfReach { distance } => LinkError::OutOfReach {
                symbol,
                kind,
                distance,
                place,
            },
            Refusal::Unsupported(reason) => LinkError::UnsupportedRelocation {
                symbol,
                kind,
                reason,
                place,
            },
        }
    }
}

/// Leaves a reference to a helper to the loader, if the loader's jump is in reach.
fn defer(index: &Index<'_>, site: &mut Site<'_>) -> Result<Deferred, Refusal> {
    if let Some(Jumps { size, reach }) = index.machine.jumps() {
        let end = index.size + size * index.helper_count();
        let place = site.address.saturating_add(site.offset as u64);
        let distance = end - place.min(end);
        if distance > reach {
            let distance = distance as i64;
            return Err(Refusal::OutOfReach { distance });
        }
    }
    index.machine.defer(site)
}

fn write_word(slot: &mut [u8], endianness: Endianness, value: u32) {
    slot.copy_from_slice(&endianness.write_u32(value));
}

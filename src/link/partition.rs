//! Lays out one partition, starting at zero.
//!
//! Adds to the tables from `read` the offset, from the partition's start, of each section that goes into the
//! text. Code comes first, in the order of the object, with literals of Xtensa code in front of it. The
//! island of read-only data follows. Addresses depend on the sizes of the earlier partitions, so nothing has
//! one yet.

use std::collections::HashMap;

use super::error::{LinkError, Place};
use super::merge::Pool;
use super::stack_sizes::FrameSize;
use crate::abi::symbols::SymbolName;

pub(super) struct Partition<'data> {
    pub number: usize,
    /// By ELF section index.
    pub sections: Vec<Section<'data>>,
    /// By ELF symbol index.
    pub symbols: Vec<Symbol<'data>>,
    /// The symbols with an offset in this partition, by name.
    places: HashMap<&'data str, u32>,
    pub pools: Vec<PlacedPool<'data>>,
    /// Words of the island that hold the frame size of a function: (function, offset), in order.
    pub stack_size_slots: Vec<(u32, u64)>,
    /// The code reads the table of frame sizes of the whole text.
    pub reads_stack_sizes: bool,
    pub frame_sizes: Vec<FrameSize>,
    /// The result of `arch::Machine::has_long_branches`.
    pub long_branches: bool,
    /// The end of the code and the start of the constants.
    pub island: u64,
    pub size: u64,
    pub alignment: u64,
}

pub(super) struct PlacedPool<'data> {
    pub offset: u64,
    pub pool: Pool<'data>,
}

pub(super) struct Section<'data> {
    pub name: &'data str,
    pub placement: Placement,
    pub data: &'data [u8],
    pub relocations: Vec<ObjectRelocation>,
    pub alignment: u64,
    pub kind: SectionKind,
}

/// The offset of a section from the start of its partition.
#[derive(Debug)]
pub(super) enum Placement {
    Dropped,
    At(u64),
    /// The section's entries went into the pool of this number, at these offsets in the pool.
    Pooled {
        pool: usize,
        entries: Vec<u32>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SectionKind {
    Code,
    /// Words that Xtensa code loads, which must lie in front of the code.
    Literals,
    /// Read-only data. If there is an entry size, equal entries may share an address.
    Constants {
        entry_size: Option<u64>,
    },
    StackSizes,
    Ignored,
}

/// A relocation of the object.
#[derive(Debug, Clone, Copy)]
pub(super) struct ObjectRelocation {
    pub offset: u64,
    /// The offset from which a distance counts: mostly the field itself.
    pub origin: u64,
    pub addend: i64,
    pub kind: u32,
    pub symbol: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Symbol<'data> {
    pub name: &'data str,
    pub definition: Definition,
    pub size: u64,
    pub is_function: bool,
    /// Thumb code; its address has the lowest bit set for others.
    pub is_thumb: bool,
    /// The symbol of a section: an addend then gives the target's offset in the section.
    pub is_section: bool,
    /// Other partitions can refer to it.
    pub is_global: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Definition {
    Undefined,
    /// A number, not a place in the text.
    Absolute,
    In {
        section: u32,
        offset: u64,
    },
}

impl<'data> Partition<'data> {
    pub fn new(
        number: usize,
        sections: Vec<Section<'data>>,
        symbols: Vec<Symbol<'data>>,
    ) -> Result<Self, LinkError> {
        let places = (0..).zip(&symbols).filter_map(|(index, symbol)| {
            let is_here = matches!(symbol.definition, Definition::In { .. });
            (is_here && !symbol.is_section).then_some((symbol.name, index))
        });
        let mut partition = Partition {
            number,
            sections,
            places: places.collect(),
            symbols,
            pools: Vec::new(),
            stack_size_slots: Vec::new(),
            reads_stack_sizes: false,
            frame_sizes: Vec::new(),
            long_branches: true,
            island: 0,
            size: 0,
            alignment: 1,
        };
        partition.lay_out()?;
        Ok(partition)
    }

    /// Returns the place of symbol `index` with `addend`, from the start of the partition, and the part of
    /// the addend that is still to be added.
    pub fn target(
        &self,
        section: u32,
        offset: u64,
        is_section: bool,
        addend: i64,
    ) -> Option<(u64, i64)> {
        match &self.sections.get(section as usize)?.placement {
            Placement::Dropped => None,
            Placement::At(start) => Some((start.checked_add(offset)?, addend)),
            Placement::Pooled { pool, entries } => {
                // Entries have moved apart, so the one that is meant must be known before
                // anything is added. A section symbol alone cannot say it: the addend does.
                let (offset, addend) = if is_section {
                    (offset.checked_add_signed(addend)?, 0)
                } else {
                    (offset, addend)
                };
                let PlacedPool {
                    offset: start,
                    pool,
                } = &self.pools[*pool];
                let entry_size = pool.entry_size() as u64;
                let entry = entries.get(usize::try_from(offset / entry_size).ok()?)?;
                Some((start + u64::from(*entry) + offset % entry_size, addend))
            }
        }
    }

    /// Returns the offset in the text of each section, by ELF index, if the partition starts at `base`.
    pub fn section_places(&self, base: u64) -> Vec<Option<u64>> {
        let place = |section: &Section| match section.placement {
            Placement::At(offset) => Some(base + offset),
            Placement::Dropped | Placement::Pooled { .. } => None,
        };
        self.sections.iter().map(place).collect()
    }

    /// Returns the offset of the symbol of that name, from the start of the partition.
    pub fn offset(&self, name: &str) -> Option<u64> {
        let symbol = &self.symbols[*self.places.get(name)? as usize];
        let Definition::In { section, offset } = symbol.definition else {
            return None;
        };
        let (offset, _) = self.target(section, offset, symbol.is_section, 0)?;
        Some(offset)
    }

    /// Returns the word of the island that holds the frame size of defined function `function`, if the
    /// partition refers to it.
    pub fn stack_size_slot(&self, function: u32) -> Option<u64> {
        let at = self
            .stack_size_slots
            .binary_search_by_key(&function, |&(function, _)| function);
        at.ok().map(|at| self.stack_size_slots[at].1)
    }

    /// Returns the name of a symbol, or of its section for a section symbol.
    pub fn symbol_name(&self, symbol: u32) -> &'data str {
        let symbol = &self.symbols[symbol as usize];
        match symbol.definition {
            Definition::In { section, .. } if symbol.name.is_empty() => {
                self.sections[section as usize].name
            }
            _ => symbol.name,
        }
    }

    /// Returns a description of a place, for errors.
    pub fn place(&self, section: usize, offset: u64) -> Place {
        let function = self.symbols.iter().find(|symbol| {
            symbol.is_function
                && matches!(symbol.definition, Definition::In { section: at, offset: start }
                    if at as usize == section
                        && offset.checked_sub(start).is_some_and(|inside| inside < symbol.size))
        });
        Place {
            partition: self.number,
            function: function.map(|symbol| symbol.name.to_owned()),
            section: self.sections[section].name.to_owned(),
            offset,
        }
    }

    fn lay_out(&mut self) -> Result<(), LinkError> {
        let mut layout = Layout {
            size: 0,
            alignment: 1,
            overflow: false,
        };
        for index in self.code_order() {
            let section = &mut self.sections[index];
            section.placement =
                Placement::At(layout.add(section.data.len() as u64, section.alignment));
        }
        self.island = layout.size;
        self.fill_pools();
        for placed in &mut self.pools {
            placed.offset = layout.add(placed.pool.size(), placed.pool.alignment());
        }
        for section in &mut self.sections {
            if matches!(section.kind, SectionKind::Constants { .. })
                && matches!(section.placement, Placement::Dropped)
            {
                section.placement =
                    Placement::At(layout.add(section.data.len() as u64, section.alignment));
            }
        }
        let undefined = self
            .symbols
            .iter()
            .filter(|symbol| symbol.definition == Definition::Undefined);
        let mut wanted = Vec::new();
        for symbol in undefined {
            match SymbolName::parse(symbol.name) {
                Some(SymbolName::StackSizes) => self.reads_stack_sizes = true,
                Some(SymbolName::StackSize(function)) => wanted.push(function),
                _ => {}
            }
        }
        wanted.sort_unstable();
        self.stack_size_slots = wanted
            .into_iter()
            .map(|function| (function, layout.add(4, 4)))
            .collect();
        if layout.overflow {
            let reason = "sections too large".to_owned();
            return Err(LinkError::Object {
                partition: self.number,
                reason,
            });
        }
        (self.size, self.alignment) = (layout.size, layout.alignment);
        Ok(())
    }

    /// Returns the code sections in their order, each behind the literals that it is the first to use.
    fn code_order(&self) -> Vec<usize> {
        let sections = || self.sections.iter().enumerate();
        let has_literals = sections().any(|(_, section)| section.kind == SectionKind::Literals);
        let mut order = Vec::new();
        let mut ordered = vec![false; self.sections.len()];
        for (index, section) in sections().filter(|(_, section)| section.is_code()) {
            for relocation in section.relocations.iter().filter(|_| has_literals) {
                let symbol = self.symbols[relocation.symbol as usize];
                if let Definition::In { section, .. } = symbol.definition
                    && self.sections[section as usize].kind == SectionKind::Literals
                    && !std::mem::replace(&mut ordered[section as usize], true)
                {
                    order.push(section as usize);
                }
            }
            order.push(index);
        }
        order
    }

    /// Puts the mergeable constants into pools, the largest entries first: then no padding is necessary
    /// between the pools.
    fn fill_pools(&mut self) {
        let mut sizes: Vec<u64> = self
            .sections
            .iter()
            .filter_map(Section::pool_entry_size)
            .collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes.dedup();
        for size in sizes {
            let mut pool = Pool::new(size as usize);
            for section in &mut self.sections {
                if section.pool_entry_size() == Some(size) {
                    let entries = pool.add(section.data, section.alignment);
                    section.placement = Placement::Pooled {
                        pool: self.pools.len(),
                        entries,
                    };
                }
            }
            self.pools.push(PlacedPool { offset: 0, pool });
        }
    }
}

impl Section<'_> {
    pub fn is_code(&self) -> bool {
        self.kind == SectionKind::Code
    }

    fn pool_entry_size(&self) -> Option<u64> {
        let SectionKind::Constants {
            entry_size: Some(size),
        } = self.kind
        else {
            return None;
        };
        let fits =
            self.relocations.is_empty() && Pool::fits(self.data.len() as u64, size, self.alignment);
        fits.then_some(size)
    }
}

struct Layout {
    size: u64,
    alignment: u64,
    overflow: bool,
}

impl Layout {
    fn add(&mut self, size: u64, alignment: u64) -> u64 {
        self.alignment = self.alignment.max(alignment);
        let start = self.size.checked_next_multiple_of(alignment);
        match start.and_then(|start| Some((start, start.checked_add(size)?))) {
            Some((start, end)) => {
                self.size = end;
                start
            }
            None => {
                self.overflow = true;
                0
            }
        }
    }
}

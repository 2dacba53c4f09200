//! One partition's object: read, checked, and laid out from zero.
//!
//! In comes an ELF object, out come plain tables: the sections that go into the text with their
//! offset from the partition's start, the symbols, and the relocations still in ELF terms. Code
//! comes first, in the order of the object; the island of read-only data follows. Nothing has an
//! address yet: that needs the sizes of the partitions before this one.

use object::read::elf::{ElfFile, FileHeader, SectionHeader as _};
use object::{
    Endianness, FileKind, Object as _, ObjectKind, ObjectSection as _, ObjectSymbol as _,
    RelocationFlags, RelocationTarget, SymbolKind, SymbolSection, elf,
};

use super::arch::Machine;
use super::error::{LinkError, Place};
use super::index::numbered;
use super::merge::Pool;
use super::stack_sizes::{self, FrameSize};
use super::{PartitionObject, STACK_SIZE_PREFIX, STACK_SIZES_SYMBOL};

/// Read-only sections that only unwinders read; the emitted functions never unwind.
const UNWIND_SECTIONS: &[&str] = &[".eh_frame", ".gcc_except_table", ".ARM.exidx", ".ARM.extab"];

pub(super) struct Partition<'data> {
    pub number: usize,
    /// By ELF section index.
    pub sections: Vec<Section<'data>>,
    /// By ELF symbol index.
    pub symbols: Vec<Symbol<'data>>,
    pub pools: Vec<PlacedPool<'data>>,
    /// Words of the island that take the frame size of a function: (function, offset), in
    /// order.
    pub stack_size_slots: Vec<(u32, u64)>,
    /// The code reads the table that serves the whole text.
    pub reads_stack_sizes: bool,
    pub frame_sizes: Vec<FrameSize>,
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
    alignment: u64,
    kind: SectionKind,
}

/// Where a section went, from the start of its partition.
#[derive(Debug)]
pub(super) enum Placement {
    Dropped,
    At(u64),
    /// Its entries went into the pool of this number, at these offsets in the pool.
    Pooled {
        pool: usize,
        entries: Vec<u32>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SectionKind {
    Code,
    Constants { entry_size: Option<u64> },
    StackSizes,
    Ignored,
}

/// A relocation as the object has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ObjectRelocation {
    pub offset: u64,
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
    /// Stands for its section: an addend then says where in the section the target is.
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
    pub fn read(
        number: usize,
        object: &'data PartitionObject,
        machine: &dyn Machine,
        endianness: Endianness,
    ) -> Result<Self, LinkError> {
        let malformed = |reason: &str| malformed(number, reason);
        match FileKind::parse(&*object.elf) {
            Ok(FileKind::Elf32) => read_elf::<elf::FileHeader32<Endianness>>(number, object),
            Ok(FileKind::Elf64) => read_elf::<elf::FileHeader64<Endianness>>(number, object),
            Ok(_) => return Err(malformed("not an ELF file")),
            Err(error) => return Err(malformed(&error.to_string())),
        }
        .and_then(|(header, mut partition)| {
            if (header.machine, header.endianness) != (machine.elf_machine(), endianness) {
                return Err(malformed("made for another architecture than the text"));
            }
            partition.lay_out()?;
            Ok(partition)
        })
    }

    /// Where symbol `index` with `addend` points, from the start of the partition; the addend that
    /// is left is to be added afterwards.
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

    /// The word of the island that holds the frame size which `name` asks for.
    pub fn stack_size_slot(&self, name: &str) -> Option<u64> {
        let function = numbered(name, STACK_SIZE_PREFIX)?;
        let at = self
            .stack_size_slots
            .binary_search_by_key(&function, |&(function, _)| function);
        at.ok().map(|at| self.stack_size_slots[at].1)
    }

    /// The name of a symbol; a section's, where the symbol stands for one.
    pub fn symbol_name(&self, symbol: u32) -> &'data str {
        let symbol = &self.symbols[symbol as usize];
        match symbol.definition {
            Definition::In { section, .. } if symbol.name.is_empty() => {
                self.sections[section as usize].name
            }
            _ => symbol.name,
        }
    }

    /// A description of a place, for errors.
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
        for section in &mut self.sections {
            if section.kind == SectionKind::Code {
                section.placement =
                    Placement::At(layout.add(section.data.len() as u64, section.alignment));
            }
        }
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
            self.reads_stack_sizes |= symbol.name == STACK_SIZES_SYMBOL;
            wanted.extend(numbered(symbol.name, STACK_SIZE_PREFIX));
        }
        wanted.sort_unstable();
        self.stack_size_slots = wanted
            .into_iter()
            .map(|function| (function, layout.add(4, 4)))
            .collect();
        if layout.overflow {
            return Err(malformed(self.number, "sections too large"));
        }
        (self.size, self.alignment) = (layout.size, layout.alignment);
        Ok(())
    }

    /// Put the mergeable constants into pools, those of the largest entries first: no padding is
    /// needed between the pools then.
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

struct Header {
    machine: elf::Machine,
    endianness: Endianness,
}

fn malformed(partition: usize, reason: &str) -> LinkError {
    LinkError::Object {
        partition,
        reason: reason.to_owned(),
    }
}

fn read_elf<'data, Elf: FileHeader<Endian = Endianness>>(
    number: usize,
    object: &'data PartitionObject,
) -> Result<(Header, Partition<'data>), LinkError> {
    let in_object = |error: object::Error| malformed(number, &error.to_string());
    let file = ElfFile::<Elf>::parse(&*object.elf).map_err(in_object)?;
    if file.kind() != ObjectKind::Relocatable {
        return Err(malformed(number, "not a relocatable object"));
    }
    let header = Header {
        machine: file.elf_header().e_machine(file.endian()),
        endianness: file.endian(),
    };
    let sections = read_sections(number, &file)?;
    let symbols = read_symbols(number, &file, sections.len())?;
    let mut partition = Partition {
        number,
        sections,
        symbols,
        pools: Vec::new(),
        stack_size_slots: Vec::new(),
        reads_stack_sizes: false,
        frame_sizes: Vec::new(),
        size: 0,
        alignment: 1,
    };
    for section in &partition.sections {
        for relocation in &section.relocations {
            if relocation.symbol as usize >= partition.symbols.len() {
                return Err(malformed(number, "relocation with an invalid symbol index"));
            }
        }
    }
    let address_size = if file.is_64() { 8 } else { 4 };
    partition.frame_sizes = stack_sizes::read(&partition, address_size)
        .ok_or_else(|| malformed(number, "stack size section cannot be read"))?;
    let told = object.frame_sizes.iter();
    partition
        .frame_sizes
        .extend(told.filter_map(|(symbol, size)| FrameSize::of(symbol, *size)));
    Ok((header, partition))
}

fn read_sections<'data, Elf: FileHeader<Endian = Endianness>>(
    number: usize,
    file: &ElfFile<'data, Elf>,
) -> Result<Vec<Section<'data>>, LinkError> {
    let in_object = |error: object::Error| malformed(number, &error.to_string());
    // Section 0 has no content; the reader's iterator leaves it out.
    let nothing = Section {
        name: "",
        placement: Placement::Dropped,
        data: &[],
        relocations: Vec::new(),
        alignment: 1,
        kind: SectionKind::Ignored,
    };
    let mut sections = vec![nothing];
    for section in file.sections() {
        if section.index().0 != sections.len() {
            return Err(malformed(number, "section table cannot be read"));
        }
        let name = section.name().map_err(in_object)?;
        let kind = section_kind(number, file, &section, name)?;
        let mut read = Section {
            name,
            placement: Placement::Dropped,
            data: &[],
            relocations: Vec::new(),
            alignment: section.align().max(1),
            kind,
        };
        if kind != SectionKind::Ignored {
            if !read.alignment.is_power_of_two() {
                return Err(malformed(number, "section alignment is not a power of two"));
            }
            read.data = section.data().map_err(in_object)?;
            if read.data.len() as u64 != section.size() {
                return Err(malformed(number, "section without content"));
            }
            read.relocations = read_relocations(number, &section)?;
        }
        sections.push(read);
    }
    Ok(sections)
}

fn section_kind<'data, Elf: FileHeader<Endian = Endianness>>(
    number: usize,
    file: &ElfFile<'data, Elf>,
    section: &object::read::elf::ElfSection<'data, '_, Elf>,
    name: &str,
) -> Result<SectionKind, LinkError> {
    let header = section.elf_section_header();
    let flags = header.sh_flags(file.endian());
    if name == ".stack_sizes" {
        return Ok(SectionKind::StackSizes);
    }
    if !flags.contains(elf::SHF_ALLOC) || UNWIND_SECTIONS.contains(&name) {
        return Ok(SectionKind::Ignored);
    }
    // LLVM always makes an empty `.data` and `.bss` when it reads assembly.
    let forbidden = flags.contains(elf::SHF_TLS) || flags.contains(elf::SHF_WRITE);
    if forbidden && section.size() == 0 {
        return Ok(SectionKind::Ignored);
    }
    let refused = (number, name.to_owned(), section.size());
    if flags.contains(elf::SHF_TLS) {
        let (partition, section, size) = refused;
        return Err(LinkError::ThreadLocal {
            partition,
            section,
            size,
        });
    }
    if flags.contains(elf::SHF_WRITE) {
        let (partition, section, size) = refused;
        return Err(LinkError::WritableData {
            partition,
            section,
            size,
        });
    }
    if flags.contains(elf::SHF_EXECINSTR) {
        return Ok(SectionKind::Code);
    }
    let mergeable = flags.contains(elf::SHF_MERGE) && !flags.contains(elf::SHF_STRINGS);
    let entry_size: u64 = header.sh_entsize(file.endian()).into();
    Ok(SectionKind::Constants {
        entry_size: mergeable.then_some(entry_size),
    })
}

fn read_relocations<'data, Elf: FileHeader<Endian = Endianness>>(
    number: usize,
    section: &object::read::elf::ElfSection<'data, '_, Elf>,
) -> Result<Vec<ObjectRelocation>, LinkError> {
    section
        .relocations()
        .map(|(offset, relocation)| {
            let RelocationFlags::Elf { r_type } = relocation.flags() else {
                return Err(malformed(number, "relocation without an ELF type"));
            };
            let symbol = match relocation.target() {
                RelocationTarget::Symbol(index) => u32::try_from(index.0)
                    .map_err(|_| malformed(number, "relocation with an invalid symbol index"))?,
                // The null symbol; only relocations that do nothing have it.
                _ => 0,
            };
            if relocation.has_implicit_addend() {
                return Err(malformed(number, "relocation without an addend"));
            }
            Ok(ObjectRelocation {
                offset,
                addend: relocation.addend(),
                kind: r_type.0,
                symbol,
            })
        })
        .collect()
}

fn read_symbols<'data, Elf: FileHeader<Endian = Endianness>>(
    number: usize,
    file: &ElfFile<'data, Elf>,
    section_count: usize,
) -> Result<Vec<Symbol<'data>>, LinkError> {
    let in_object = |error: object::Error| malformed(number, &error.to_string());
    let unnamed = Symbol {
        name: "",
        definition: Definition::Undefined,
        size: 0,
        is_function: false,
        is_section: false,
        is_global: false,
    };
    let mut symbols = vec![unnamed; file.elf_symbol_table().len()];
    for symbol in file.symbols() {
        let name = symbol.name().map_err(in_object)?;
        let definition = match symbol.section() {
            SymbolSection::Undefined => Definition::Undefined,
            SymbolSection::Absolute | SymbolSection::None => Definition::Absolute,
            SymbolSection::Common => {
                let section = format!("of the common symbol {name}");
                let size = symbol.size();
                return Err(LinkError::WritableData {
                    partition: number,
                    section,
                    size,
                });
            }
            SymbolSection::Section(index) if index.0 < section_count => Definition::In {
                section: u32::try_from(index.0)
                    .map_err(|_| malformed(number, "too many sections"))?,
                offset: symbol.address(),
            },
            _ => return Err(malformed(number, "symbol in a section that is not there")),
        };
        symbols[symbol.index().0] = Symbol {
            name,
            definition,
            size: symbol.size(),
            is_function: symbol.kind() == SymbolKind::Text,
            is_section: symbol.kind() == SymbolKind::Section,
            is_global: symbol.is_global(),
        };
    }
    Ok(symbols)
}

//! Reads the object of one partition.
//!
//! Reads an ELF object of any class and byte order. Returns plain tables: the relevant sections, the symbols,
//! and the relocations in terms of ELF. Rejects everything that compiled code must not contain. The object
//! comes from LLVM, but the reader trusts nothing in it.

use object::read::elf::{ElfFile, ElfSection, FileHeader, SectionHeader as _};
use object::{
    Endianness, FileKind, Object as _, ObjectKind, ObjectSection as _, ObjectSymbol as _,
    RelocationFlags, RelocationTarget, SymbolKind, SymbolSection, elf,
};

use super::Object;
use super::arch::{Field, Machine};
use super::error::LinkError;
use super::partition::{
    Definition, ObjectRelocation, Partition, Placement, Section, SectionKind, Symbol,
};
use super::stack_sizes::{self, FrameSize};

/// Read-only sections that only unwinders read; the emitted functions never unwind.
const UNWIND_SECTIONS: &[&str] = &[".eh_frame", ".gcc_except_table", ".ARM.exidx", ".ARM.extab"];

/// The name of sections with literals of Xtensa code. The name of the surrounding section may follow or, if
/// it is not a code section, precede.
const LITERALS: &str = ".literal";

/// Reads the object of partition `number`, which must be for `machine`, and lays it out.
pub(super) fn partition<'data>(
    number: usize,
    object: &'data Object,
    machine: &dyn Machine,
    endianness: Endianness,
) -> Result<Partition<'data>, LinkError> {
    type Elf32 = elf::FileHeader32<Endianness>;
    type Elf64 = elf::FileHeader64<Endianness>;
    match FileKind::parse(&*object.elf) {
        Ok(FileKind::Elf32) => read_elf::<Elf32>(number, object, machine, endianness),
        Ok(FileKind::Elf64) => read_elf::<Elf64>(number, object, machine, endianness),
        Ok(_) => Err(malformed(number, "not an ELF file")),
        Err(error) => Err(malformed(number, &error.to_string())),
    }
}

fn malformed(partition: usize, reason: &str) -> LinkError {
    LinkError::Object {
        partition,
        reason: reason.to_owned(),
    }
}

fn read_elf<'data, Elf: FileHeader<Endian = Endianness>>(
    number: usize,
    object: &'data Object,
    machine: &dyn Machine,
    endianness: Endianness,
) -> Result<Partition<'data>, LinkError> {
    let in_object = |error: object::Error| malformed(number, &error.to_string());
    let file = ElfFile::<Elf>::parse(&*object.elf).map_err(in_object)?;
    if file.kind() != ObjectKind::Relocatable {
        return Err(malformed(number, "not a relocatable object"));
    }
    let elf_machine = file.elf_header().e_machine(file.endian());
    let made_for = (elf_machine, file.is_64(), file.endian());
    if made_for != (machine.elf_machine(), machine.is_64(), endianness) {
        return Err(malformed(
            number,
            "made for another architecture than the text",
        ));
    }
    let mut sections = read_sections(number, &file, machine)?;
    let symbols = read_symbols(number, &file, machine, sections.len())?;
    let relocations = sections.iter().flat_map(|section| &section.relocations);
    if relocations
        .map(|relocation| relocation.symbol as usize)
        .any(|index| index >= symbols.len())
    {
        return Err(malformed(number, "relocation with an invalid symbol index"));
    }
    for (index, section) in (0..).zip(&mut sections) {
        machine
            .pair(index, &mut section.relocations, &symbols)
            .map_err(|reason| malformed(number, reason))?;
    }
    let mut partition = Partition::new(number, sections, symbols)?;
    let attributes = file.section_by_name(".ARM.attributes");
    let attributes = attributes.and_then(|section| section.data().ok());
    partition.long_branches =
        machine.has_long_branches(attributes.unwrap_or_default(), file.endian());
    let address_size = if file.is_64() { 8 } else { 4 };
    partition.frame_sizes = stack_sizes::read(&partition, address_size)
        .ok_or_else(|| malformed(number, "stack size section cannot be read"))?;
    let told = object.frame_sizes.iter();
    partition
        .frame_sizes
        .extend(told.filter_map(|(symbol, size)| FrameSize::of(symbol, *size)));
    Ok(partition)
}

fn read_sections<'data, Elf: FileHeader<Endian = Endianness>>(
    number: usize,
    file: &ElfFile<'data, Elf>,
    machine: &dyn Machine,
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
        if kind == SectionKind::Literals {
            // LLVM forgets it.
            read.alignment = read.alignment.max(4);
        }
        if kind != SectionKind::Ignored {
            if !read.alignment.is_power_of_two() {
                return Err(malformed(number, "section alignment is not a power of two"));
            }
            read.data = section.data().map_err(in_object)?;
            if read.data.len() as u64 != section.size() {
                return Err(malformed(number, "section without content"));
            }
            read.relocations =
                read_relocations(number, &section, machine, read.data, file.endian())?;
        }
        sections.push(read);
    }
    Ok(sections)
}

fn section_kind<'data, Elf: FileHeader<Endian = Endianness>>(
    number: usize,
    file: &ElfFile<'data, Elf>,
    section: &ElfSection<'data, '_, Elf>,
    name: &str,
) -> Result<SectionKind, LinkError> {
    let header = section.elf_section_header();
    let flags = header.sh_flags(file.endian());
    if name == ".stack_sizes" {
        return Ok(SectionKind::StackSizes);
    }
    let is_note = header.sh_type(file.endian()) == elf::SHT_NOTE;
    if !flags.contains(elf::SHF_ALLOC) || is_note || UNWIND_SECTIONS.contains(&name) {
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
    if name.starts_with(LITERALS) || name.ends_with(LITERALS) {
        return Ok(SectionKind::Literals);
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
    section: &ElfSection<'data, '_, Elf>,
    machine: &dyn Machine,
    data: &[u8],
    endianness: Endianness,
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
            let addend = if relocation.has_implicit_addend() {
                let start = usize::try_from(offset).unwrap_or(usize::MAX);
                let field = Field {
                    bytes: data.get(start..).unwrap_or_default(),
                    endianness,
                };
                let addend = match machine.is_no_op(r_type.0) {
                    true => Some(0),
                    false => machine.addend(field, r_type.0),
                };
                addend.ok_or_else(|| malformed(number, "relocation outside its section"))?
            } else {
                relocation.addend()
            };
            Ok(ObjectRelocation {
                offset,
                origin: offset,
                addend,
                kind: r_type.0,
                symbol,
            })
        })
        .collect()
}

fn read_symbols<'data, Elf: FileHeader<Endian = Endianness>>(
    number: usize,
    file: &ElfFile<'data, Elf>,
    machine: &dyn Machine,
    section_count: usize,
) -> Result<Vec<Symbol<'data>>, LinkError> {
    let in_object = |error: object::Error| malformed(number, &error.to_string());
    let unnamed = Symbol {
        name: "",
        definition: Definition::Undefined,
        size: 0,
        is_function: false,
        is_thumb: false,
        is_section: false,
        is_global: false,
    };
    let mut symbols = vec![unnamed; file.elf_symbol_table().len()];
    for symbol in file.symbols() {
        let name = symbol.name().map_err(in_object)?;
        let is_function = symbol.kind() == SymbolKind::Text;
        // The lowest bit of the address of an ARM function tells its instruction set.
        let of_arm = is_function && machine.elf_machine() == elf::EM_ARM;
        let is_thumb = of_arm && symbol.address() & 1 != 0;
        if of_arm && !symbol.is_undefined() && is_thumb != machine.is_thumb() {
            return Err(malformed(
                number,
                "made for another instruction set than the text",
            ));
        }
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
                offset: symbol.address() - u64::from(is_thumb),
            },
            _ => return Err(malformed(number, "symbol in a section that is not there")),
        };
        symbols[symbol.index().0] = Symbol {
            name,
            definition,
            size: symbol.size(),
            is_function,
            is_thumb,
            is_section: symbol.kind() == SymbolKind::Section,
            is_global: symbol.is_global(),
        };
    }
    Ok(symbols)
}

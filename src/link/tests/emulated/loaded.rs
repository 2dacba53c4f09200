//! Turns linked text into a program that an emulator runs.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use object::write::elf::{FileHeader, ProgramHeader, Writer};
use object::{Endianness as ElfEndianness, elf};

use super::super::super::arch::{Field, Site};
use super::super::super::{arch, elf_endianness};
use super::super::*;
use super::machines::Machine;

/// The number of bytes that `run` can fill.
pub(super) const RESULTS: usize = 256;

/// Returns the contents of the memory that `run` has filled.
pub(super) fn results(machine: &Machine, text: &LinkedText, address: u64) -> Vec<u64> {
    let endianness = elf_endianness(machine.recipe.platform);
    let program = program(machine, text, address, endianness);
    let mut file = tempfile::Builder::new()
        .permissions(std::fs::Permissions::from_mode(0o700))
        .tempfile()
        .expect("a file");
    file.write_all(&program).expect("written");
    let path = file.into_temp_path();
    let [emulator, arguments @ ..] = machine.emulator else {
        unreachable!("every machine has one")
    };
    let output = Command::new(emulator)
        .args(arguments)
        .arg(&path)
        .output()
        .unwrap_or_else(|error| panic!("{emulator} (package qemu-user): {error}"));
    assert!(
        output.status.success() && output.stdout.len() == RESULTS,
        "{} at {address:#x}: {output:?}",
        machine.name
    );
    let words = output.stdout.chunks_exact(8);
    words
        .map(|word| match endianness {
            ElfEndianness::Little => u64::from_le_bytes(word.try_into().expect("8 bytes")),
            ElfEndianness::Big => u64::from_be_bytes(word.try_into().expect("8 bytes")),
        })
        .collect()
}

/// Returns an ELF program that contains only the text, a little behind `address`.
fn program(
    machine: &Machine,
    text: &LinkedText,
    address: u64,
    endianness: ElfEndianness,
) -> Vec<u8> {
    let start = address + 5 * text.alignment.max(4);
    let symbol = |name: &str| {
        let found = text.symbols.iter().find(|symbol| symbol.name == name);
        let offset = found
            .unwrap_or_else(|| panic!("{name} is in the text"))
            .offset;
        offset | u64::from(machine.recipe.platform.arch == Arch::Thumb)
    };
    let mut bytes = text.bytes.clone();
    load(machine, text, &mut bytes, start, || symbol("test_helper"));

    let mut program = Vec::new();
    let mut writer = Writer::new(endianness, machine.is_64(), &mut program);
    writer.reserve_file_header();
    writer.reserve_program_headers(1);
    writer.reserve_until(0x1000 + (start & 0xfff));
    writer.reserve(bytes.len() as u64, 1);
    writer
        .write_file_header(&FileHeader {
            os_abi: elf::ELFOSABI_NONE,
            abi_version: 0,
            e_type: elf::ET_EXEC,
            e_machine: arch::find(machine.recipe.platform.arch)
                .expect("known")
                .elf_machine(),
            e_entry: start + symbol("_start"),
            e_flags: machine.elf_flags,
        })
        .expect("a header");
    writer.write_align_program_headers();
    writer.write_program_header(&ProgramHeader {
        p_type: elf::PT_LOAD,
        p_flags: elf::PF_R | elf::PF_X,
        p_offset: 0x1000 + (start & 0xfff),
        p_vaddr: start,
        p_paddr: start,
        p_filesz: bytes.len() as u64,
        p_memsz: bytes.len() as u64,
        p_align: 0x1000,
    });
    writer.pad_until(0x1000 + (start & 0xfff));
    writer.write(&bytes);
    program
}

/// Resolves references like the loader: to helpers, all of which are `helper` here, and to the text itself.
fn load(
    machine: &Machine,
    text: &LinkedText,
    bytes: &mut [u8],
    start: u64,
    helper: impl Fn() -> u64,
) {
    let platform = machine.recipe.platform;
    let known = arch::find(platform.arch).expect("known");
    for relocation in &text.relocations {
        let offset = relocation.offset as usize;
        let target = match relocation.symbol.as_str() {
            ".text" => 0,
            _ => helper(),
        };
        if platform.arch == Arch::Xtensa {
            let field = &mut bytes[offset..][..4];
            assert_eq!(field, [0; 4], "the field waits for the loader");
            let address = (start + target).wrapping_add_signed(relocation.addend);
            field.copy_from_slice(&(address as u32).to_le_bytes());
            continue;
        }
        let field = Field {
            bytes: &bytes[offset..],
            endianness: elf_endianness(platform),
        };
        let in_field = known.addend(field, relocation.kind).expect("inside");
        let mut site = Site {
            section: bytes,
            address: 0,
            offset,
            origin: offset,
            global_pointer: 0,
            endianness: elf_endianness(platform),
            long_branches: false,
            kind: relocation.kind,
            addend: in_field + relocation.addend,
        };
        known.patch(&mut site, target).expect("the helper is near");
    }
}

//! The machines that programs run on: how LLVM generates code for each, and which emulator runs it.

use object::elf::{self, RelocationType};

use super::super::*;

pub(in super::super) struct Machine {
    pub name: &'static str,
    pub recipe: Recipe,
    /// The emulator and its arguments.
    pub emulator: &'static [&'static str],
    /// Arithmetic on `double` needs no helpers.
    pub hard_float: bool,
    /// Code refers to itself by absolute addresses, which the loader fills in.
    pub leaves_addresses: bool,
    pub elf_flags: elf::FileFlags,
    /// Relocation types of calls that the runtime's loader knows.
    pub loader_knows: &'static [RelocationType],
    /// Assembly of `_start` and of a helper that doubles its argument. `_start` calls `run` with the address
    /// of [`super::loaded::RESULTS`] bytes on the stack, writes these bytes to standard output, and ends the
    /// program.
    pub entry: &'static str,
}

impl Machine {
    pub fn is_64(&self) -> bool {
        matches!(
            self.recipe.platform.arch,
            Arch::Aarch64 | Arch::Riscv64 | Arch::X86_64
        )
    }
}

const fn recipe(arch: Arch, triple: &'static str, cpu: &'static str) -> Recipe {
    Recipe {
        platform: Platform {
            arch,
            endianness: Endianness::Little,
        },
        triple,
        cpu,
        features: "",
        relocation_mode: LLVMRelocMode::LLVMRelocPIC,
        code_model: LLVMCodeModel::LLVMCodeModelDefault,
        distances: None,
    }
}

const fn big(mut recipe: Recipe) -> Recipe {
    recipe.platform.endianness = Endianness::Big;
    recipe
}

const ARM_ENTRY: &str = r"
    .globl _start
    .type _start,%function
_start:
    sub sp, sp, #256
    mov r0, sp
    bl run
    mov r7, #4
    mov r0, #1
    mov r1, sp
    mov r2, #256
    svc #0
    mov r7, #1
    mov r0, #0
    svc #0
    .globl test_helper
    .type test_helper,%function
test_helper:
    add r0, r0, r0
    mov pc, lr
";

pub(in super::super) fn arm() -> impl Iterator<Item = Machine> {
    let machine = |name, triple, cpu, hard_float, emulator| Machine {
        name,
        recipe: Recipe {
            relocation_mode: LLVMRelocMode::LLVMRelocROPI,
            ..recipe(Arch::Arm, triple, cpu)
        },
        emulator,
        hard_float,
        leaves_addresses: false,
        elf_flags: elf::EF_ARM_EABI_VER5,
        loader_knows: &[elf::R_ARM_CALL, elf::R_ARM_JUMP24],
        entry: ARM_ENTRY,
    };
    let arm = &["qemu-arm"];
    [
        machine("armv4", "armv4-none-eabi", "", false, arm),
        machine("armv5te", "armv5te-none-eabi", "", false, arm),
        machine("armv6", "armv6kz-none-eabihf", "arm1176jzf-s", true, arm),
        machine("armv7", "armv7a-none-eabi", "", false, arm),
        machine("armv7 with floats", "armv7a-none-eabihf", "", true, arm),
        Machine {
            recipe: Recipe {
                relocation_mode: LLVMRelocMode::LLVMRelocROPI,
                ..big(recipe(Arch::Arm, "armebv5te-none-eabi", ""))
            },
            ..machine("armebv5te", "", "", false, &["qemu-armeb"])
        },
    ]
    .into_iter()
}

const THUMB_ENTRY: &str = r"
    .syntax unified
    .globl _start
    .type _start,%function
    .thumb_func
_start:
    sub sp, #256
    mov r0, sp
    bl run
    movs r7, #4
    movs r0, #1
    mov r1, sp
    movs r2, #255
    adds r2, #1
    svc #0
    movs r7, #1
    movs r0, #0
    svc #0
    .globl test_helper
    .type test_helper,%function
    .thumb_func
test_helper:
    adds r0, r0, r0
    bx lr
";

pub(in super::super) fn thumb() -> impl Iterator<Item = Machine> {
    let machine = |name, triple, cpu, hard_float, emulator| Machine {
        name,
        recipe: Recipe {
            relocation_mode: LLVMRelocMode::LLVMRelocROPI,
            ..recipe(Arch::Thumb, triple, cpu)
        },
        emulator,
        hard_float,
        leaves_addresses: false,
        elf_flags: elf::EF_ARM_EABI_VER5,
        loader_knows: &[elf::R_ARM_THM_PC22, elf::R_ARM_THM_JUMP24],
        entry: THUMB_ENTRY,
    };
    let arm = &["qemu-arm"];
    [
        machine("thumbv4t", "thumbv4t-none-eabi", "", false, arm),
        machine("thumbv5te", "thumbv5te-none-eabi", "", false, arm),
        machine("thumbv6m", "thumbv6m-none-eabi", "cortex-m0", false, arm),
        machine("thumbv7m", "thumbv7m-none-eabi", "cortex-m3", false, arm),
        machine("thumbv7em", "thumbv7em-none-eabihf", "cortex-m7", true, arm),
        machine("thumbv7", "thumbv7a-none-eabihf", "", true, arm),
        machine("thumbv8m.base", "thumbv8m.base-none-eabi", "", false, arm),
        machine("thumbv8m.main", "thumbv8m.main-none-eabi", "", false, arm),
        machine(
            "thumbv8.1m.main",
            "thumbv8.1m.main-none-eabihf",
            "cortex-m55",
            true,
            arm,
        ),
        Machine {
            recipe: Recipe {
                relocation_mode: LLVMRelocMode::LLVMRelocROPI,
                ..big(recipe(Arch::Thumb, "thumbebv5te-none-eabi", ""))
            },
            ..machine("thumbebv5te", "", "", false, &["qemu-armeb"])
        },
    ]
    .into_iter()
}

const RISCV_ENTRY: &str = r"
    .globl _start
    .type _start,%function
_start:
    addi sp, sp, -256
    mv a0, sp
    call run
    li a7, 64
    li a0, 1
    mv a1, sp
    li a2, 256
    ecall
    li a7, 93
    li a0, 0
    ecall
    .globl test_helper
    .type test_helper,%function
test_helper:
    add a0, a0, a0
    ret
";

pub(in super::super) fn riscv() -> impl Iterator<Item = Machine> {
    let machine = |name, arch, triple, features, hard_float, emulator| Machine {
        name,
        recipe: Recipe {
            features,
            code_model: LLVMCodeModel::LLVMCodeModelMedium,
            ..recipe(arch, triple, "")
        },
        emulator,
        hard_float,
        leaves_addresses: false,
        elf_flags: elf::FileFlags(0),
        loader_knows: &[elf::R_RISCV_CALL, elf::R_RISCV_CALL_PLT],
        entry: RISCV_ENTRY,
    };
    let (rv32, rv64) = (
        (Arch::Riscv32, "riscv32-unknown-none-elf"),
        (Arch::Riscv64, "riscv64-unknown-none-elf"),
    );
    let (qemu32, qemu64) = (&["qemu-riscv32"], &["qemu-riscv64"]);
    [
        machine("rv32i", rv32.0, rv32.1, "", false, qemu32),
        machine("rv32gc", rv32.0, rv32.1, "+m,+a,+f,+d,+c", true, qemu32),
        machine("rv64imac", rv64.0, rv64.1, "+m,+a,+c", false, qemu64),
        machine("rv64gc", rv64.0, rv64.1, "+m,+a,+f,+d,+c", true, qemu64),
    ]
    .into_iter()
}

const I386_ENTRY: &str = r"
    .globl _start
    .type _start,@function
_start:
    subl $272, %esp
    leal 8(%esp), %eax
    movl %eax, (%esp)
    call run
    movl $4, %eax
    movl $1, %ebx
    leal 8(%esp), %ecx
    movl $256, %edx
    int $0x80
    movl $1, %eax
    xorl %ebx, %ebx
    int $0x80
    .globl test_helper
    .type test_helper,@function
test_helper:
    movl 4(%esp), %eax
    addl %eax, %eax
    ret
";

pub(in super::super) fn i386() -> impl Iterator<Item = Machine> {
    let machine = |name, cpu| Machine {
        name,
        recipe: recipe(Arch::X86, "i386-pc-linux-gnu", cpu),
        emulator: &["qemu-i386"],
        hard_float: true,
        leaves_addresses: false,
        elf_flags: elf::FileFlags(0),
        loader_knows: &[elf::R_386_PC32, elf::R_386_PLT32],
        entry: I386_ENTRY,
    };
    [machine("i386", ""), machine("pentium4", "pentium4")].into_iter()
}

const AARCH64_ENTRY: &str = r"
    .globl _start
    .type _start,%function
_start:
    sub sp, sp, #256
    mov x0, sp
    bl run
    mov x8, #64
    mov x0, #1
    mov x1, sp
    mov x2, #256
    svc #0
    mov x8, #93
    mov x0, #0
    svc #0
    .globl test_helper
    .type test_helper,%function
test_helper:
    add w0, w0, w0
    ret
";

pub(in super::super) fn big_aarch64() -> impl Iterator<Item = Machine> {
    let machine = |name, recipe, emulator| Machine {
        name,
        recipe: Recipe {
            code_model: LLVMCodeModel::LLVMCodeModelTiny,
            ..recipe
        },
        emulator,
        hard_float: true,
        leaves_addresses: false,
        elf_flags: elf::FileFlags(0),
        loader_knows: &[elf::R_AARCH64_CALL26, elf::R_AARCH64_JUMP26],
        entry: AARCH64_ENTRY,
    };
    let little = recipe(Arch::Aarch64, "aarch64-unknown-linux-gnu", "");
    let big = big(recipe(Arch::Aarch64, "aarch64_be-unknown-linux-gnu", ""));
    [
        machine("aarch64", little, &["qemu-aarch64"]),
        machine("aarch64_be", big, &["qemu-aarch64_be"]),
    ]
    .into_iter()
}

const MIPS_ENTRY: &str = r"
    .globl _start
    .type _start,@function
    .set noreorder
_start:
    bal 1f
    nop
1:  addiu $25, $31, 4
    lui $28, %hi(_gp_disp)
    addiu $28, $28, %lo(_gp_disp)
    addu $28, $28, $25
    addiu $29, $29, -288
    addiu $4, $29, 32
    lui $25, %call_hi(run)
    addu $25, $25, $28
    lw $25, %call_lo(run)($25)
    jalr $25
    nop
    addiu $2, $0, 4004
    addiu $4, $0, 1
    addiu $5, $29, 32
    addiu $6, $0, 256
    syscall
    addiu $2, $0, 4001
    addiu $4, $0, 0
    syscall
";

pub(in super::super) fn mips() -> impl Iterator<Item = Machine> {
    let machine = |name, recipe, emulator| Machine {
        name,
        recipe: Recipe {
            features: "+xgot",
            ..recipe
        },
        emulator,
        hard_float: true,
        leaves_addresses: false,
        elf_flags: elf::EF_MIPS_ABI_O32,
        loader_knows: &[],
        entry: MIPS_ENTRY,
    };
    let recipe = |triple, cpu| recipe(Arch::Mips, triple, cpu);
    let mips = "mips-unknown-linux-gnu";
    let mipsel = "mipsel-unknown-linux-gnu";
    [
        machine("mips", big(recipe(mips, "")), &["qemu-mips"]),
        machine("mipsel", recipe(mipsel, ""), &["qemu-mipsel"]),
        machine("mips32", recipe(mipsel, "mips32"), &["qemu-mipsel"]),
    ]
    .into_iter()
}

/// Finds `run` as code that is executed in place does.
const XTENSA_ENTRY: &str = r"
    .literal .Lrun, \22aot_distance:run:aot_place#start\22
    .text
    .globl _start
    .type _start,@function
    .p2align 2
_start:
    movi a2, -512
    add a1, a1, a2
    or a10, a1, a1
    call0 .Lbehind
\22aot_place#start\22:
    .p2align 2
.Lbehind:
    l32r a8, .Lrun
    add a8, a8, a0
    callx8 a8
    movi a2, 13
    movi a6, 1
    or a3, a1, a1
    movi a4, 256
    syscall
    movi a2, 118
    movi a6, 0
    syscall
    .globl test_helper
    .type test_helper,@function
    .p2align 2
test_helper:
    entry a1, 32
    add a2, a2, a2
    retw
";

pub(in super::super) fn xtensa() -> impl Iterator<Item = Machine> {
    let machine = |name, distances: Option<Calls>| Machine {
        name,
        recipe: Recipe {
            features: "+windowed,+density,+exception,+mul32",
            relocation_mode: LLVMRelocMode::LLVMRelocDefault,
            distances,
            ..recipe(Arch::Xtensa, "xtensa-unknown-none-elf", "generic")
        },
        emulator: &["qemu-xtensa"],
        hard_float: false,
        leaves_addresses: distances.is_none(),
        elf_flags: elf::FileFlags(0),
        loader_knows: &[elf::R_XTENSA_32],
        entry: XTENSA_ENTRY,
    };
    [
        machine("xtensa", None),
        machine("xtensa in place", Some(Calls::Near)),
        machine("xtensa in place, far calls", Some(Calls::Far)),
    ]
    .into_iter()
}

/// Returns the machines of [`xtensa`] as processors with single precision.
pub(in super::super) fn xtensa_with_floats() -> impl Iterator<Item = Machine> {
    xtensa().map(|machine| Machine {
        recipe: Recipe {
            features: "+windowed,+density,+exception,+mul32,+bool,+fp",
            ..machine.recipe
        },
        emulator: &["qemu-xtensa", "-cpu", "de233_fpu"],
        hard_float: true,
        ..machine
    })
}

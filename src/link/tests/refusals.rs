//! The errors of the linker on other architectures than x86-64.

use object::elf::{self, RelocationType};

use super::super::relocatable;
use super::emulated::machines::{
    self, Machine, arm, big_aarch64, i386, mips, riscv, thumb, xtensa,
};
use super::*;

fn machines() -> impl Iterator<Item = Machine> {
    (arm().chain(thumb()))
        .chain(riscv())
        .chain(i386())
        .chain(mips())
        .chain(xtensa())
        .chain(big_aarch64())
}

fn first(mut machines: impl Iterator<Item = Machine>) -> Recipe {
    machines.next().expect("a machine").recipe
}

const ADDRESS: &str = r#"
    define hidden ptr @"aot_func#0"() nounwind { ret ptr @"aot_func#0" }"#;

#[test]
fn absolute_addresses() {
    let fixed = |recipe, code_model| Recipe {
        relocation_mode: LLVMRelocMode::LLVMRelocStatic,
        code_model,
        ..recipe
    };
    let model = LLVMCodeModel::LLVMCodeModelSmall;
    for (recipe, kind) in [
        (first(arm()), elf::R_ARM_ABS32),
        (first(thumb()), elf::R_ARM_ABS32),
        (first(thumb().skip(3)), elf::R_ARM_THM_MOVW_ABS_NC),
        (first(riscv()), elf::R_RISCV_HI20),
        (first(i386()), elf::R_386_32),
        (first(mips()), elf::R_MIPS_HI16),
    ] {
        let error = fixed(recipe, model).link(1, &[ADDRESS]).unwrap_err();
        let LinkError::AbsoluteReference {
            symbol,
            kind: found,
            place,
        } = &error
        else {
            panic!("{}: {error}", recipe.triple)
        };
        assert_eq!(RelocationType(*found), kind, "{}", recipe.triple);
        assert_eq!(symbol, "aot_func#0");
        assert_eq!(place.function.as_deref(), Some("aot_func#0"));
    }
}

#[test]
fn addresses_of_helpers() {
    for recipe in machines().map(|machine| machine.recipe) {
        if recipe.platform.arch == Arch::Xtensa {
            continue;
        }
        let error = recipe
            .link(
                1,
                &[r#"
                declare i32 @aot_set_exception_with_id(ptr, i32)
                define hidden ptr @"aot_func#0"() nounwind {
                    ret ptr @aot_set_exception_with_id
                }"#],
            )
            .unwrap_err();
        let LinkError::UnsupportedRelocation { symbol, place, .. } = &error else {
            panic!("{}: {error}", recipe.triple)
        };
        assert_eq!(symbol, "aot_set_exception_with_id");
        assert_eq!(place.function.as_deref(), Some("aot_func#0"));
    }
}

#[test]
fn helpers_on_mips() {
    let error = first(mips())
        .link(
            1,
            &[r#"
            declare i32 @aot_set_exception_with_id(ptr, i32)
            define hidden i32 @"aot_func#0"() nounwind {
                %x = call i32 @aot_set_exception_with_id(ptr null, i32 1)
                ret i32 %x
            }"#],
        )
        .unwrap_err();
    let message = error.to_string();
    assert!(message.contains("aot_set_exception_with_id"), "{message}");
    assert!(message.contains("indirect mode"), "{message}");
}

#[test]
fn the_other_instruction_set() {
    let plain = r#"define hidden i32 @"aot_func#0"(i32 %x) nounwind { ret i32 %x }"#;
    for (recipe, other) in [
        (first(arm()), first(thumb())),
        (first(thumb()), first(arm())),
    ] {
        let error = link(other.platform, 1, &[recipe.object(plain)]).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("another instruction set"), "{message}");
    }
    let error = link(
        first(machines::riscv().skip(2)).platform,
        1,
        &[first(riscv()).object(plain)],
    );
    let message = error.unwrap_err().to_string();
    assert!(message.contains("another architecture"), "{message}");
}

#[test]
fn halves_on_riscv() {
    let function = r#"define hidden i32 @"aot_func#0"(i32 %x) nounwind { ret i32 %x }"#;
    for (assembly, reason) in [
        (
            r#"
            module asm ".section .rodata,\22a\22,@progbits"
            module asm ".word 0"
            module asm ".reloc .-4, R_RISCV_ADD32, \22aot_func#0\22""#,
            "half of a difference",
        ),
        (
            r#"
            module asm ".section .rodata,\22a\22,@progbits"
            module asm ".word 0"
            module asm ".reloc .-4, R_RISCV_SUB32, \22aot_func#0\22""#,
            "half of a difference",
        ),
        (
            r#"
            module asm "other: nop"
            module asm "addi a0, a0, 0"
            module asm ".reloc .-4, R_RISCV_PCREL_LO12_I, other""#,
            "without the other half",
        ),
        (
            r#"
            module asm "addi a0, a0, 0"
            module asm ".reloc .-4, R_RISCV_PCREL_LO12_I, elsewhere""#,
            "without a label",
        ),
    ] {
        for recipe in riscv().map(|machine| machine.recipe) {
            let ir = format!("{function}\n{assembly}");
            let error = recipe.link(1, &[&ir]).unwrap_err();
            assert!(error.to_string().contains(reason), "{error}");
        }
    }
}

#[test]
fn relaxation_on_riscv() {
    let error = Recipe {
        features: "+relax,+c",
        ..first(riscv())
    }
    .link(
        1,
        &[r#"
        module asm ".text"
        module asm "callee: call callee"
        module asm ".p2align 4"
        define hidden i32 @"aot_func#0"(i32 %x) nounwind { ret i32 %x }"#],
    )
    .unwrap_err();
    assert!(error.to_string().contains("relaxation"), "{error}");
}

/// On Xtensa only literals that hold addresses remain, and each can be named.
#[test]
fn what_is_left_to_the_loader() {
    let recipe = first(xtensa());
    let callee = r#"
        declare hidden i32 @"aot_func#1"(i32)
        define hidden i32 @"aot_func#0"(i32 %x) nounwind {
            %y = call i32 @"aot_func#1"(i32 %x)
            ret i32 %y
        }"#;
    let constant = r#"define hidden i32 @"aot_func#1"(i32 %x) nounwind { ret i32 7654321 }"#;
    let text = recipe.link(2, &[callee, constant]).unwrap();
    let [left] = &text.relocations[..] else {
        panic!("{:?}", text.relocations)
    };
    assert_eq!(RelocationType(left.kind), elf::R_XTENSA_32);
    assert_eq!(left.symbol, ".text");
    assert_eq!(left.addend as u64, text.function_offsets[1]);
    let object = Object {
        elf: relocatable(&text, recipe.platform, 0).unwrap(),
        ..Default::default()
    };
    let mut again = link(recipe.platform, 2, &[object]).unwrap();
    // An object of our own has other sections.
    again.section_places.clone_from(&text.section_places);
    assert_eq!(again, text, "as an object like others");

    let recipe = first(thumb());
    let text = recipe
        .link(
            1,
            &[r#"
            declare i32 @aot_set_exception_with_id(ptr, i32)
            define hidden i32 @"aot_func#0"() nounwind {
                %x = call i32 @aot_set_exception_with_id(ptr null, i32 1)
                ret i32 %x
            }"#],
        )
        .unwrap();
    let [left] = &text.relocations[..] else {
        panic!("{:?}", text.relocations)
    };
    assert_eq!(left.symbol, "aot_set_exception_with_id");
    assert_eq!(RelocationType(left.kind), elf::R_ARM_THM_PC22);
    let function = text.function_at(left.offset);
    assert_eq!(function.map(|it| &*it.name), Some("aot_func#0"));
}

/// The frame size itself, in a literal.
#[test]
fn frame_sizes_on_xtensa() {
    let recipe = first(xtensa());
    let object = Object {
        frame_sizes: vec![("aot_func#0".to_owned(), 0x1234_5678)],
        ..recipe.object(
            r#"
            @"aot_stack_size_value#0" = external hidden global i8
            define hidden i32 @"aot_func#0"() nounwind {
                ret i32 ptrtoint (ptr @"aot_stack_size_value#0" to i32)
            }"#,
        )
    };
    let text = link(recipe.platform, 1, &[object]).unwrap();
    assert_eq!(text.relocations, []);
    let size = 0x1234_5678u32.to_le_bytes();
    assert_eq!(text.bytes[..4], size, "in front of the code");
    assert_eq!(text.function_offsets, [4]);
}

/// Linking any damaged object ends without a panic.
#[test]
fn damaged_objects() {
    for machine in machines() {
        let recipe = machine.recipe;
        let helper = match recipe.platform.arch {
            Arch::Mips => "ret i32 %l",
            _ => {
                "%r = call i32 @aot_set_exception_with_id(ptr null, i32 %l)
                ret i32 %r"
            }
        };
        let object = recipe.object(&format!(
            r#"
            declare i32 @aot_set_exception_with_id(ptr, i32)
            @table = private constant [4 x i32] [i32 10, i32 20, i32 30, i32 40]
            define hidden i32 @"aot_func#0"(i32 %i) nounwind {{
                %p = getelementptr i32, ptr @table, i32 %i
                %l = load i32, ptr %p
                {helper}
            }}"#
        ));
        link(recipe.platform, 1, std::slice::from_ref(&object)).unwrap();
        let elf = object.elf;
        let mut refusals = 0;
        for position in 0..elf.len() {
            for damage in [0x01, 0x80, 0xff] {
                let mut damaged = elf.clone();
                damaged[position] ^= damage;
                let damaged = Object {
                    elf: damaged,
                    frame_sizes: Vec::new(),
                };
                refusals += usize::from(link(recipe.platform, 1, &[damaged]).is_err());
            }
        }
        assert!(
            refusals > elf.len() / 10,
            "{refusals} refusals on {}",
            machine.name
        );
    }
}

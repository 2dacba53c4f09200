//! Tests of the reach of references, and of references beyond it.

use super::*;

const MIB: usize = 1 << 20;

/// Returns a call over `gap` bytes, there and back.
fn far_call(gap: usize) -> [String; 3] {
    [
        format!(
            r#"
            declare hidden i32 @"aot_func#1"(i32)
            define hidden i32 @"aot_func#0"(i32 %x) nounwind {{
                %y = mul i32 %x, 3
                ret i32 %y
            }}
            define hidden void @run(ptr %out) nounwind {{
                %a = call i32 @"aot_func#1"(i32 5)
                {}
                ret void
            }}"#,
            store(0, "i32", "%a")
        ),
        format!("@filling = hidden constant [{gap} x i8] zeroinitializer"),
        r#"
        declare hidden i32 @"aot_func#0"(i32)
        define hidden i32 @"aot_func#1"(i32 %x) nounwind {
            %y = add i32 %x, 1
            %z = call i32 @"aot_func#0"(i32 %y)
            %w = add i32 %z, 1
            ret i32 %w
        }"#
        .to_owned(),
    ]
}

#[track_caller]
fn calls_reach(machine: &Machine, gap: usize) {
    let partitions = far_call(gap);
    let partitions: Vec<&str> = partitions.iter().map(String::as_str).collect();
    machine.check(2, &partitions, &[("far", 19)]);
}

#[track_caller]
fn calls_do_not_reach(machine: &Machine, gap: usize) {
    let partitions = far_call(gap);
    let partitions: Vec<&str> = partitions.iter().map(String::as_str).collect();
    let error = machine.link(2, &partitions).unwrap_err();
    let LinkError::OutOfReach {
        symbol,
        distance,
        place,
        ..
    } = &error
    else {
        panic!("{}: {error}", machine.name)
    };
    assert_eq!(symbol, "aot_func#1");
    assert!(distance.unsigned_abs() >= gap as u64, "{distance}");
    assert_eq!(place.function.as_deref(), Some("run"));
}

fn named(machines: impl Iterator<Item = Machine>, name: &str) -> Machine {
    let mut machines = machines;
    let found = machines.find(|machine| machine.name == name);
    found.unwrap_or_else(|| panic!("{name} is among the machines"))
}

#[test]
fn thumb_calls() {
    for name in ["thumbv6m", "thumbv7m", "thumbv7"] {
        calls_reach(&named(thumb(), name), 5 * MIB);
    }
    calls_reach(&named(thumb(), "thumbv5te"), 3 * MIB);
    calls_do_not_reach(&named(thumb(), "thumbv5te"), 4 * MIB);
    calls_do_not_reach(&named(thumb(), "thumbebv5te"), 4 * MIB);
    calls_do_not_reach(&named(thumb(), "thumbv7m"), 16 * MIB);
}

#[test]
fn arm_calls() {
    let armv7 = named(arm(), "armv7");
    calls_reach(&armv7, 20 * MIB);
    calls_do_not_reach(&armv7, 32 * MIB);
}

#[test]
fn calls_elsewhere() {
    for machine in [
        named(riscv(), "rv32gc"),
        named(riscv(), "rv64gc"),
        named(mips(), "mipsel"),
        named(i386(), "i386"),
        named(big_aarch64(), "aarch64_be"),
    ] {
        calls_reach(&machine, 5 * MIB);
    }
}

#[test]
fn xtensa_calls() {
    let near = named(xtensa(), "xtensa in place");
    calls_reach(&near, MIB / 2 - 500);
    calls_do_not_reach(&near, MIB / 2);
    calls_reach(&named(xtensa(), "xtensa in place, far calls"), 5 * MIB);
}

/// Jumps over up to 200 KiB inside a function, there and back; literals reach 256 KiB.
#[test]
fn long_functions_on_xtensa() {
    let order = [0, 8, 1, 7, 2, 6, 3, 5, 4];
    let next = |n| order[(order.iter().position(|&other| other == n).unwrap() + 1) % 9];
    let blocks: String = (0..9)
        .map(|n| {
            format!(
                "b{n}:
                store volatile i32 {n}, ptr %p
                %skip{n} = icmp ne i32 %x, 1000{n}
                br i1 %skip{n}, label %done{n}, label %padding{n}
                padding{n}:
                call void asm sideeffect \".space 25000\", \"\"()
                br label %done{n}
                done{n}:
                %s{n} = load i32, ptr %sum
                %t{n} = mul i32 %s{n}, 3
                %u{n} = add i32 %t{n}, {n}
                store i32 %u{n}, ptr %sum
                %l{n} = load i32, ptr %left
                %m{n} = sub i32 %l{n}, 1
                store i32 %m{n}, ptr %left
                %end{n} = icmp eq i32 %m{n}, 0
                br i1 %end{n}, label %end, label %b{}\n",
                next(n)
            )
        })
        .collect();
    let partition = format!(
        r#"
        define hidden i32 @"aot_func#0"(i32 %x) nounwind {{
            %p = alloca i32
            %sum = alloca i32
            %left = alloca i32
            store i32 1, ptr %sum
            store i32 %x, ptr %left
            br label %b0
            {blocks}
        end:
            %result = load i32, ptr %sum
            ret i32 %result
        }}
        define hidden void @run(ptr %out) nounwind {{
            %a = call i32 @"aot_func#0"(i32 18)
            {}
            ret void
        }}"#,
        store(0, "i32", "%a")
    );
    let visited = order.iter().chain(&order);
    let sum = visited.fold(1u32, |sum, n| sum.wrapping_mul(3).wrapping_add(*n));
    for machine in xtensa() {
        let text = machine.check(1, &[&partition], &[("sum", sum.into())]);
        assert!(text.bytes.len() > 200_000, "{}", text.bytes.len());
        assert!(machine.leaves_addresses || text.relocations.is_empty());
    }
}

/// Calls of functions that only their partition knows, by a name that the other one also uses.
#[test]
fn private_calls_on_mips() {
    let partition = |n: usize, more: &str| {
        format!(
            r#"
            define internal i32 @private(i32 %x) noinline nounwind {{
                %y = add i32 %x, {n}
                ret i32 %y
            }}
            define hidden i32 @"aot_func#{n}"(i32 %x) nounwind {{
                %y = call i32 @private(i32 %x)
                %z = add i32 %y, 1
                ret i32 %z
            }}
            {more}
            define hidden void @padding{n}() nounwind {{
                call void asm sideeffect ".zero {MIB}", ""()
                ret void
            }}"#
        )
    };
    let run = format!(
        r#"
        declare hidden i32 @"aot_func#1"(i32)
        define hidden void @run(ptr %out) nounwind {{
            %a = call i32 @"aot_func#0"(i32 10)
            %b = call i32 @"aot_func#1"(i32 %a)
            {}
            ret void
        }}"#,
        store(0, "i32", "%b")
    );
    for machine in mips() {
        machine.check(
            2,
            &[&partition(0, &run), &partition(1, "")],
            &[("private", 13)],
        );
    }
}

/// The jumps to helpers come behind the text: a long text moves them out of reach.
#[test]
fn calls_of_helpers() {
    let partitions = |gap: usize| {
        format!(
            r#"
            declare i32 @aot_set_exception_with_id(i32)
            @filling = hidden constant [{gap} x i8] zeroinitializer
            define hidden i32 @"aot_func#0"(i32 %x) nounwind {{
                %y = call i32 @aot_set_exception_with_id(i32 %x)
                %z = add i32 %y, 1
                ret i32 %z
            }}
            define hidden void @run(ptr %out) nounwind {{ ret void }}"#
        )
    };
    for (machine, reach) in [
        (named(thumb(), "thumbv7m"), 4 * MIB),
        (named(arm(), "armv7"), 32 * MIB),
    ] {
        let text = machine.link(1, &[&partitions(reach - MIB)]).unwrap();
        assert_eq!(text.relocations.len(), 1);
        let error = machine.link(1, &[&partitions(reach)]).unwrap_err();
        let LinkError::OutOfReach { symbol, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!(symbol, "aot_set_exception_with_id");
    }
}

/// MIPS code reaches 64 KiB of constants.
#[test]
fn constants_on_mips() {
    let partitions = |gap: usize| {
        format!(
            r#"
            @filling = private constant [{gap} x i8] zeroinitializer
            @behind = private constant [4 x i32] [i32 1, i32 2, i32 3, i32 4], section ".rodata.z"
            define hidden i32 @"aot_func#0"(i32 %x) nounwind {{
                %f = getelementptr i8, ptr @filling, i32 %x
                %v = load i8, ptr %f
                %w = zext i8 %v to i32
                %p = getelementptr i32, ptr @behind, i32 %x
                %l = load i32, ptr %p
                %y = add i32 %w, %l
                ret i32 %y
            }}
            define hidden void @run(ptr %out) nounwind {{
                %a = call i32 @"aot_func#0"(i32 2)
                {}
                ret void
            }}"#,
            store(0, "i32", "%a")
        )
    };
    for machine in mips() {
        for gap in [0x100, 0x8000, 0xff00] {
            machine.check(1, &[&partitions(gap)], &[("behind", 3)]);
        }
        let error = machine.link(1, &[&partitions(0x1_0000)]).unwrap_err();
        assert!(matches!(error, LinkError::OutOfReach { .. }), "{error}");
    }
}

/// Literals lie in front of the code that loads them, as far as 256 KiB.
#[test]
fn literals_on_xtensa() {
    let machine = xtensa().next().expect("a machine");
    let partition = |gap: usize| {
        format!(
            r#"
            module asm ".section .text.filling,\22ax\22,@progbits"
            module asm ".zero {gap}"
            module asm ".text"
            define hidden i32 @"aot_func#0"() nounwind {{ ret i32 1234567 }}
            define hidden void @run(ptr %out) nounwind {{
                %a = call i32 @"aot_func#0"()
                {}
                ret void
            }}"#,
            store(0, "i32", "%a")
        )
    };
    // Each function's literals are in front of it, whatever lies between functions.
    machine.check(1, &[&partition(300_000)], &[("near", 1_234_567)]);
    let nops = r#"call void asm sideeffect ".zero 150000", ""()"#;
    let long = |n: usize, value: usize| {
        format!(
            r#"
            define hidden i32 @"aot_func#{n}"(i32 %x) nounwind {{
                %y = add i32 %x, {value}
                %stop = icmp ne i32 %x, 0
                br i1 %stop, label %done, label %padding
            padding:
                {nops}
                unreachable
            done:
                ret i32 %y
            }}"#
        )
    };
    // A jump table in front of two of them: both would have their literals beside its section.
    let cases: String = (0..10).map(|n| format!("i32 {n}, label %l{n}\n")).collect();
    let blocks: String = (0..10)
        .map(|n| format!("l{n}: store volatile i32 {n}, ptr %p\n ret i32 {n}5678\n"))
        .collect();
    let table = |name: &str| {
        format!(
            r#"
            define hidden i32 @{name}(i32 %x, ptr %p) nounwind {{
                switch i32 %x, label %other [ {cases} ]
                {blocks}
            other:
                ret i32 -1
            }}"#
        )
    };
    let several = format!(
        r#"
        {}{}{}{}{}
        define hidden void @run(ptr %out) nounwind {{
            %a = call i32 @"aot_func#2"(i32 1)
            {}
            ret void
        }}"#,
        table("first_table"),
        long(0, 1_000_000),
        long(1, 2_000_000),
        table("second_table"),
        long(2, 3_000_000),
        store(0, "i32", "%a")
    );
    machine.check(3, &[&several], &[("in the third", 3_000_001)]);
    let between = |gap: usize| {
        format!(
            r#"
            module asm ".text"
            module asm ".literal .Lconstant, 7654321"
            module asm ".zero {gap}"
            module asm ".globl \22aot_func#0\22"
            module asm ".type \22aot_func#0\22,@function"
            module asm ".p2align 2"
            module asm "\22aot_func#0\22:"
            module asm "entry a1, 32"
            module asm "l32r a2, .Lconstant"
            module asm "retw"
            module asm ".Lend: .size \22aot_func#0\22, .Lend-\22aot_func#0\22"
            declare i32 @"aot_func#0"()
            define hidden void @run(ptr %out) nounwind {{
                %a = call i32 @"aot_func#0"()
                {}
                ret void
            }}"#,
            store(0, "i32", "%a")
        )
    };
    machine.check(1, &[&between(260_000)], &[("far", 7_654_321)]);
    let error = machine.link(1, &[&between(262_144)]).unwrap_err();
    assert!(matches!(error, LinkError::OutOfReach { .. }), "{error}");
}

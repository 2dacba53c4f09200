//! Runs linked text of the other architectures under user-mode emulation.
//!
//! Each text becomes an ELF program at an address without special alignment. Its entry calls `run` and writes
//! the memory that `run` has filled to standard output. Each program is loaded at two addresses; the results
//! must be the same and correct.

mod constants;
mod loaded;
pub(super) mod machines;
mod reach;

use super::super::Relocation;
use super::*;
use loaded::results;
use machines::{Machine, arm, big_aarch64, i386, mips, riscv, thumb, xtensa};

/// The values that `run` has to write, in order, one `i64` each.
type Expected<'a> = &'a [(&'a str, u64)];

impl Machine {
    /// Adapts `ir` to this machine's pointers.
    fn adapt(&self, ir: &str) -> String {
        ir.replace("iptr", if self.is_64() { "i64" } else { "i32" })
    }

    fn objects(&self, partitions: &[&str]) -> Vec<Object> {
        let entry = self
            .entry
            .lines()
            .map(|line| format!("module asm \"{line}\"\n"));
        let entry: String = entry.collect();
        let partitions = partitions.iter().map(|ir| self.adapt(ir));
        partitions
            .chain([entry])
            .map(|ir| self.recipe.object(&ir))
            .collect()
    }

    fn link(&self, function_count: usize, partitions: &[&str]) -> Result<LinkedText, LinkError> {
        let objects = self.objects(partitions);
        link(self.recipe.platform, function_count, &objects)
    }

    /// Links, runs and compares; returns the text for further tests.
    #[track_caller]
    fn check(
        &self,
        function_count: usize,
        partitions: &[&str],
        expected: Expected<'_>,
    ) -> LinkedText {
        let text = self
            .link(function_count, partitions)
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        self.check_text(&text, expected);
        text
    }

    #[track_caller]
    fn check_text(&self, text: &LinkedText, expected: Expected<'_>) {
        for address in [0x1_0000, 0x0567_8000] {
            let found = results(self, text, address);
            for (&(what, value), found) in expected.iter().zip(found) {
                assert_eq!(
                    found, value,
                    "{what} on {} at {address:#x}: {found:#x} instead of {value:#x}",
                    self.name
                );
            }
        }
    }
}

/// Stores a result: `$number` of type `$type` to slot `$slot`.
fn store(slot: usize, ty: &str, value: &str) -> String {
    let at = format!("%at{slot} = getelementptr i64, ptr %out, i32 {slot}\n");
    match ty {
        "i64" => format!("{at}store i64 {value}, ptr %at{slot}, align 4\n"),
        "i32" => format!(
            "{at}%wide{slot} = zext i32 {value} to i64
            store i64 %wide{slot}, ptr %at{slot}, align 4\n"
        ),
        "double" => format!(
            "{at}%bits{slot} = bitcast double {value} to i64
            store i64 %bits{slot}, ptr %at{slot}, align 4\n"
        ),
        _ => unreachable!("no results of this type"),
    }
}

fn calls_between_partitions(machine: &Machine) {
    let store = [
        store(0, "i32", "%a"),
        store(1, "i32", "%b"),
        store(2, "i32", "%c"),
    ];
    let text = machine.check(
        4,
        &[
            &format!(
                r#"
                declare hidden i32 @"aot_func#2"(i32)
                declare hidden i32 @"aot_func#3"(i32)
                define hidden i32 @"aot_func#0"(i32 %x) nounwind {{
                    %y = call i32 @"aot_func#2"(i32 %x)
                    %z = call i32 @"aot_func#1"(i32 %y)
                    ret i32 %z
                }}
                define hidden i32 @"aot_func#1"(i32 %x) nounwind noinline {{
                    %y = mul i32 %x, 3
                    ret i32 %y
                }}
                define hidden void @run(ptr %out) nounwind {{
                    %a = call i32 @"aot_func#0"(i32 4)
                    %b = call i32 @"aot_func#2"(i32 -1)
                    %c = call i32 @"aot_func#3"(i32 7)
                    {}
                    ret void
                }}"#,
                store.concat()
            ),
            r#"
            declare hidden i32 @"aot_func#1"(i32)
            define hidden i32 @"aot_func#2"(i32 %x) nounwind {
                %y = add i32 %x, 1
                %z = tail call i32 @"aot_func#1"(i32 %y)
                ret i32 %z
            }
            define internal i32 @inner(i32 %x) nounwind noinline {
                %y = sub i32 %x, 100
                ret i32 %y
            }
            define hidden i32 @"aot_func#3"(i32 %x) nounwind {
                %y = call i32 @inner(i32 %x)
                %z = add i32 %y, 1000
                ret i32 %z
            }"#,
        ],
        &[("0", 45), ("2", 0), ("3", 907)],
    );
    assert!(text.function_offsets.iter().all(|offset| offset % 2 == 0));
}

fn constants(machine: &Machine) {
    let cases: String = (0..20)
        .map(|n| format!("i32 {n}, label %case{n}\n"))
        .collect();
    // Blocks that do something each, lest the switch become a table of values.
    let blocks: String = (0..20)
        .map(|n| {
            format!(
                "case{n}:\n store volatile i32 {n}, ptr %p\n ret i32 {}\n",
                n * n + 5
            )
        })
        .collect();
    let store = [
        store(0, "i64", "%a"),
        store(1, "i32", "%b"),
        store(2, "i32", "%c"),
        store(3, "i32", "%d"),
        store(4, "i32", "%e"),
        store(5, "i64", "%f"),
        if machine.hard_float {
            format!(
                "%g = call double @\"aot_func#4\"(double 2.0)\n{}",
                store(6, "double", "%g")
            )
        } else {
            String::new()
        },
    ];
    let pi = match machine.hard_float {
        true => "%y = fmul double %x, 0x400921FB54442D18\nret double %y",
        false => "ret double %x",
    };
    let mut expected = vec![
        ("a constant of 64 bits", 0x0123_4567_89ab_cdef ^ 3),
        ("a table of values", 40),
        ("a jump table", 17 * 17 + 5),
        ("a jump table's default", 0xffff_ffff),
        ("a table of bytes", 0x59),
        ("a table of 64-bit values", 0xfedc_ba98_7654_3210),
    ];
    if machine.hard_float {
        expected.push(("pi", (2.0 * std::f64::consts::PI).to_bits()));
    }
    let text = machine.check(
        5,
        &[
            r#"define hidden i64 @"aot_func#0"(i64 %x) nounwind {
                %y = xor i64 %x, 81985529216486895
                ret i64 %y
            }"#,
            &format!(
                r#"
                @values = private unnamed_addr constant [4 x i32] [i32 10, i32 20, i32 30, i32 40]
                @bytes = private unnamed_addr constant [5 x i8] [i8 1, i8 89, i8 3, i8 4, i8 5]
                @wide = private constant [3 x i64] [i64 1, i64 2, i64 -81985529216486896]
                define hidden i32 @"aot_func#1"(i32 %x) nounwind {{
                    %p = getelementptr i32, ptr @values, i32 %x
                    %v = load i32, ptr %p
                    ret i32 %v
                }}
                define hidden i32 @"aot_func#2"(i32 %x) nounwind {{
                    %p = alloca i32
                    switch i32 %x, label %other [ {cases} ]
                {blocks}
                other:
                    ret i32 -1
                }}
                define hidden i64 @"aot_func#3"(i32 %x) nounwind {{
                    %b = getelementptr i8, ptr @bytes, i32 %x
                    %v = load i8, ptr %b
                    %w = zext i8 %v to i64
                    ret i64 %w
                }}
                define hidden i64 @inner(i32 %x) nounwind {{
                    %b = getelementptr i64, ptr @wide, i32 %x
                    %v = load i64, ptr %b
                    ret i64 %v
                }}
                define hidden double @"aot_func#4"(double %x) nounwind {{
                    {pi}
                }}"#
            ),
            &format!(
                r#"
                declare hidden i64 @"aot_func#0"(i64)
                declare hidden i32 @"aot_func#1"(i32)
                declare hidden i32 @"aot_func#2"(i32)
                declare hidden i64 @"aot_func#3"(i32)
                declare hidden i64 @inner(i32)
                declare hidden double @"aot_func#4"(double)
                define hidden void @run(ptr %out) nounwind {{
                    %a = call i64 @"aot_func#0"(i64 3)
                    %b = call i32 @"aot_func#1"(i32 3)
                    %c = call i32 @"aot_func#2"(i32 17)
                    %d = call i32 @"aot_func#2"(i32 20)
                    %e64 = call i64 @"aot_func#3"(i32 1)
                    %e = trunc i64 %e64 to i32
                    %f = call i64 @inner(i32 2)
                    {}
                    ret void
                }}"#,
                store.concat()
            ),
        ],
        &expected,
    );
    if !machine.leaves_addresses {
        assert_eq!(text.relocations, []);
    }
}

fn tables_of_distances_to_functions(machine: &Machine) {
    let distance = |n: usize| {
        let difference = format!(
            r#"sub (iptr ptrtoint (ptr @"aot_func#{n}" to iptr), iptr ptrtoint (ptr @aot_func_table to iptr))"#
        );
        match machine.is_64() {
            true => format!("i32 trunc (iptr {difference} to i32)"),
            false => format!("i32 {difference}"),
        }
    };
    let store = [store(0, "i32", "%a"), store(1, "i32", "%b")];
    machine.check(
        3,
        &[
            &format!(
                r#"
                declare hidden i32 @"aot_func#1"(i32)
                declare hidden i32 @"aot_func#2"(i32)
                @aot_func_table = hidden constant [2 x {{ i32, i32 }}] [
                    {{ i32, i32 }} {{ i32 7, {} }}, {{ i32, i32 }} {{ i32 9, {} }} ]
                define hidden i32 @"aot_func#0"(i32 %x) nounwind {{ ret i32 %x }}"#,
                distance(1),
                distance(2)
            ),
            &format!(
                r#"
                @aot_func_table = external hidden constant [2 x {{ i32, i32 }}]
                define hidden i32 @"aot_func#1"(i32 %x) nounwind {{
                    %y = add i32 %x, 100
                    ret i32 %y
                }}
                define hidden i32 @"aot_func#2"(i32 %x) nounwind {{
                    %y = sub i32 %x, 100
                    ret i32 %y
                }}
                define hidden i32 @indirect(iptr %x) nounwind noinline {{
                    %entry = getelementptr {{ i32, i32 }}, ptr @aot_func_table, iptr %x
                    %type = load i32, ptr %entry
                    %field = getelementptr {{ i32, i32 }}, ptr @aot_func_table, iptr %x, i32 1
                    %distance = load i32, ptr %field
                    %code = getelementptr i8, ptr @aot_func_table, i32 %distance
                    %y = call i32 %code(i32 %type)
                    ret i32 %y
                }}
                define hidden void @run(ptr %out) nounwind {{
                    %a = call i32 @indirect(iptr 0)
                    %b = call i32 @indirect(iptr 1)
                    {}
                    ret void
                }}"#,
                store.concat()
            ),
        ],
        &[("first", 107), ("second", (9i32 - 100) as u32 as u64)],
    );
}

fn stack_sizes(machine: &Machine) {
    let store = [
        store(0, "i32", "%a"),
        store(1, "i32", "%b"),
        store(2, "i32", "%c"),
    ];
    let mut objects = machine.objects(&[
        r#"
        @"aot_stack_size#1" = external hidden constant i32
        define hidden i32 @"aot_func#0"() nounwind {
            %s = load i32, ptr @"aot_stack_size#1"
            ret i32 %s
        }"#,
        &format!(
            r#"
            @"aot_stack_size#0" = external hidden constant i32
            @aot_stack_sizes = external hidden constant [2 x i32]
            declare hidden i32 @"aot_func#0"()
            define hidden i32 @"aot_func#1"() nounwind {{
                %s = load i32, ptr @"aot_stack_size#0"
                ret i32 %s
            }}
            define hidden void @run(ptr %out) nounwind {{
                %a = call i32 @"aot_func#0"()
                %b = call i32 @"aot_func#1"()
                %p = getelementptr [2 x i32], ptr @aot_stack_sizes, i32 0, i32 1
                %c = load i32, ptr %p
                {}
                ret void
            }}"#,
            store.concat()
        ),
    ]);
    for (function, object) in objects.iter_mut().enumerate().take(2) {
        object.frame_sizes = vec![(format!("aot_func#{function}"), 70_000 + function as u64)];
    }
    let text = link(machine.recipe.platform, 2, &objects).unwrap();
    machine.check_text(
        &text,
        &[("near", 70_001), ("near", 70_000), ("all", 70_001)],
    );
}

/// Frame sizes as numbers in instructions and literals, where the machine has such.
fn literal_frame_sizes(machine: &Machine) {
    let mut objects = machine.objects(&[&format!(
        r#"
        @"aot_stack_size_value#0" = external hidden global i8
        define hidden i32 @"aot_func#0"(i32 %x) nounwind noinline {{
            %y = add i32 %x, ptrtoint (ptr @"aot_stack_size_value#0" to i32)
            ret i32 %y
        }}
        define hidden void @run(ptr %out) nounwind {{
            %a = call i32 @"aot_func#0"(i32 1)
            {}
            ret void
        }}"#,
        store(0, "i32", "%a")
    )]);
    objects[0].frame_sizes = vec![("aot_func#0".to_owned(), 0x0123_4567)];
    let text = link(machine.recipe.platform, 1, &objects).unwrap();
    let resolved = machine.leaves_addresses || text.relocations.is_empty();
    assert!(resolved, "{}: {:?}", machine.name, text.relocations);
    machine.check_text(&text, &[("size", 0x0123_4568)]);
}

/// References to helpers, with helpers behind the text in place of the loader's jumps.
fn helpers(machine: &Machine) {
    let store = [store(0, "i32", "%a"), store(1, "i32", "%b")];
    let text = machine
        .link(
            2,
            &[&format!(
                r#"
                declare i32 @aot_set_exception_with_id(i32)
                define hidden i32 @"aot_func#0"(i32 %x) nounwind {{
                    %y = call i32 @aot_set_exception_with_id(i32 %x)
                    %z = add i32 %y, 1
                    ret i32 %z
                }}
                define hidden i32 @"aot_func#1"(i32 %x) nounwind {{
                    %y = tail call i32 @aot_set_exception_with_id(i32 %x)
                    ret i32 %y
                }}
                define hidden void @run(ptr %out) nounwind {{
                    %a = call i32 @"aot_func#0"(i32 21)
                    %b = call i32 @"aot_func#1"(i32 4)
                    {}
                    ret void
                }}"#,
                store.concat()
            )],
        )
        .unwrap_or_else(|error| panic!("{}: {error}", machine.name));
    let left: Vec<_> = text
        .relocations
        .iter()
        .filter(|relocation| relocation.symbol != ".text")
        .collect();
    assert_eq!(left.len(), 2, "{}: {left:?}", machine.name);
    assert!(machine.leaves_addresses || text.relocations.len() == 2);
    for Relocation { symbol, kind, .. } in left {
        assert_eq!(symbol, "aot_set_exception_with_id");
        let known = machine.loader_knows.iter().any(|known| known.0 == *kind);
        assert!(known, "the loader knows type {kind} on {}", machine.name);
    }
    machine.check_text(&text, &[("call", 21 * 2 + 1), ("tail call", 8)]);
}

fn everything(machine: &Machine) {
    calls_between_partitions(machine);
    constants(machine);
    tables_of_distances_to_functions(machine);
    // The linker's own tables are found by the way that the machine has for all references.
    if machine.recipe.distances.is_none() {
        stack_sizes(machine);
    }
    helpers(machine);
}

#[test]
fn run_on_arm() {
    for machine in arm() {
        everything(&machine);
        literal_frame_sizes(&machine);
    }
}

#[test]
fn run_on_thumb() {
    for machine in thumb() {
        everything(&machine);
        literal_frame_sizes(&machine);
    }
}

#[test]
fn run_on_riscv() {
    riscv().for_each(|machine| everything(&machine));
}

#[test]
fn run_on_i386() {
    i386().for_each(|machine| everything(&machine));
}

#[test]
fn run_on_big_endian_aarch64() {
    big_aarch64().for_each(|machine| everything(&machine));
}

#[test]
fn run_on_mips() {
    for machine in mips() {
        calls_between_partitions(&machine);
        constants(&machine);
        tables_of_distances_to_functions(&machine);
        stack_sizes(&machine);
    }
}

#[test]
fn run_on_xtensa() {
    for machine in xtensa() {
        everything(&machine);
        literal_frame_sizes(&machine);
    }
}

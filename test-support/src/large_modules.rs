//! Makes simple modules that are large in one respect each.
//!
//! Every module exports a function `run` from an `i32` to an `i32`. It executes all or most of the
//! code.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, ElementSection, Elements, ExportKind, ExportSection,
    Function, FunctionSection, InstructionSink, MemArg, MemArgTarget, MemorySection, MemoryType,
    Module, RefType, TableSection, TableType, TypeSection, ValType,
};

/// A way to make a module of any size.
pub struct Stress {
    /// The name of the module's shape.
    pub name: &'static str,
    /// The unit of the size, such as `instructions`.
    pub unit: &'static str,
    /// A size that takes seconds to compile without optimisation.
    pub full: u32,
    /// The size for daily tests.
    pub reduced: u32,
    /// Takes the size, and returns the module in the binary format.
    pub make: fn(u32) -> Vec<u8>,
}

/// All shapes of modules.
pub const ALL: &[Stress] = &[
    stress(
        "straight-line",
        "instructions",
        100_000,
        6_000,
        straight_line,
    ),
    stress("loads-stores", "pairs", 20_000, 1_000, loads_and_stores),
    stress("locals", "locals", 49_999, 4_000, many_locals),
    stress("live-locals", "locals", 10_000, 1_000, live_locals),
    stress("br-table", "targets", 10_000, 2_000, br_table),
    stress(
        "nested-br-tables",
        "levels",
        10_000,
        1_000,
        nested_br_tables,
    ),
    stress("nested-loops", "levels", 10_000, 300, nested_loops),
    stress("nested-ifs", "levels", 10_000, 1_000, nested_ifs),
    stress(
        "tiny-functions",
        "functions",
        100_000,
        1_500,
        tiny_functions,
    ),
    stress("calls", "calls", 50_000, 2_000, calls),
    stress("floats", "operations", 50_000, 3_000, floats),
    stress("mixed", "bytes", 5_000_000, 40_000, mixed),
];

const fn stress(
    name: &'static str,
    unit: &'static str,
    full: u32,
    reduced: u32,
    make: fn(u32) -> Vec<u8>,
) -> Stress {
    Stress {
        name,
        unit,
        full,
        reduced,
        make,
    }
}

/// Numbers without a pattern that an optimiser could find.
fn scramble(number: u32) -> u32 {
    (number.wrapping_mul(0x9e37_79b1) ^ (number >> 3)).wrapping_mul(0x85eb_ca6b) >> 7
}

fn word(offset: u32) -> MemArg {
    MemArg {
        offset: u64::from(offset),
        align: 2,
        target: MemArgTarget::Memory(0),
        ordering: None,
    }
}

/// A module of `functions` in order, all from `i32` to `i32`, each with its number of further
/// locals; the last one is `run`. They stand in a table; there is a memory of 16 pages.
fn module(functions: impl IntoIterator<Item = Function>) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut declared = FunctionSection::new();
    let mut code = CodeSection::new();
    let mut count = 0;
    for function in functions {
        declared.function(0);
        code.function(&function);
        count += 1;
    }
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: u64::from(count),
        maximum: Some(u64::from(count)),
        shared: false,
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 16,
        maximum: Some(16),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export("run", ExportKind::Func, count - 1);
    let mut elements = ElementSection::new();
    let all: Vec<u32> = (0..count).collect();
    elements.active(
        None,
        &ConstExpr::i32_const(0),
        Elements::Functions(all.into()),
    );
    let mut module = Module::new();
    module
        .section(&types)
        .section(&declared)
        .section(&tables)
        .section(&memories)
        .section(&exports)
        .section(&elements)
        .section(&code);
    module.finish()
}

/// One function: local 0 is the parameter, those after it are `locals` further ones.
fn function(locals: u32, body: impl FnOnce(&mut InstructionSink<'_>)) -> Function {
    let mut function = Function::new([(locals, ValType::I32)]);
    body(&mut function.instructions());
    function.instructions().end();
    function
}

/// One block of computing.
fn straight_line(instructions: u32) -> Vec<u8> {
    module([function(1, |code| {
        code.local_get(0);
        for at in 0..instructions / 4 {
            code.i32_const(scramble(at).cast_signed()).i32_xor();
            if at % 2 == 0 {
                code.local_tee(1);
            } else {
                code.local_get(1);
                code.i32_add();
            }
        }
    })])
}

/// Loads and stores, next to each other at addresses that LLVM cannot tell apart.
fn loads_and_stores(pairs: u32) -> Vec<u8> {
    module([function(1, |code| {
        code.local_get(0).i32_const(0xfff).i32_and().local_set(1);
        for at in 0..pairs {
            code.local_get(if at % 3 == 0 { 1 } else { 0 });
            code.local_get(1).i32_load(word(scramble(at) % 0x8000 * 4));
            code.local_get(1)
                .i32_add()
                .i32_store(word(scramble(at + 7) % 0x8000 * 4));
        }
        code.local_get(1).i32_load(word(64));
    })])
}

/// Locals, each set under a condition.
fn many_locals(locals: u32) -> Vec<u8> {
    module([function(locals, |code| {
        for at in 1..=locals {
            code.local_get(at - 1)
                .i32_const(scramble(at).cast_signed())
                .i32_add();
            code.local_set(at);
            if at % 4 == 0 {
                code.local_get(0).i32_const(at.cast_signed()).i32_gt_s();
                code.if_(BlockType::Empty);
                code.local_get(at).local_get(at / 2).i32_xor().local_set(at);
                code.end();
            }
        }
        code.local_get(locals);
    })])
}

/// Locals that all live through a loop with as many branches.
fn live_locals(locals: u32) -> Vec<u8> {
    module([function(locals, |code| {
        code.local_get(0).i32_const(15).i32_and().local_set(0);
        code.loop_(BlockType::Empty);
        for at in 1..=locals {
            let other = scramble(at) % locals + 1;
            code.local_get(other).local_get(at).i32_add();
            code.i32_const(1).i32_add().local_set(at);
            if at % 4 == 0 {
                code.local_get(at).i32_const(1).i32_and();
                code.if_(BlockType::Empty);
                code.local_get(other)
                    .i32_const(3)
                    .i32_mul()
                    .local_set(other);
                code.end();
            }
        }
        code.local_get(0).i32_const(1).i32_sub().local_tee(0);
        code.i32_const(0).i32_gt_s().br_if(0);
        code.end();
        code.local_get(locals);
    })])
}

/// One switch.
fn br_table(targets: u32) -> Vec<u8> {
    module([function(1, |code| {
        for _ in 0..=targets {
            code.block(BlockType::Empty);
        }
        let table: Vec<u32> = (0..targets).collect();
        code.local_get(0).br_table(table, targets);
        for at in 0..=targets {
            code.end();
            code.local_get(1)
                .i32_const(scramble(at).cast_signed())
                .i32_xor();
            code.local_set(1);
        }
        code.local_get(1);
    })])
}

/// Blocks inside each other, with a switch on each level.
fn nested_br_tables(levels: u32) -> Vec<u8> {
    module([function(1, |code| {
        for at in 0..levels {
            code.block(BlockType::Empty);
            code.local_get(0).i32_const(at.cast_signed()).i32_xor();
            code.br_table([0, at / 2, at / 3, at], at);
            // Not reached: what comes next is.
            code.end();
            code.block(BlockType::Empty);
            code.local_get(1)
                .i32_const(scramble(at).cast_signed())
                .i32_add()
                .local_set(1);
        }
        for at in 0..levels {
            code.local_get(0)
                .i32_const(scramble(at).cast_signed())
                .i32_add()
                .local_set(0);
            code.local_get(0).i32_const(at.cast_signed()).i32_xor();
            code.br_table([0, (levels - at - 1) / 2], 0);
            code.end();
            code.local_get(1).local_get(0).i32_xor().local_set(1);
        }
        code.local_get(1);
    })])
}

/// Loops inside each other.
fn nested_loops(levels: u32) -> Vec<u8> {
    module([function(1, |code| {
        for at in 0..levels {
            code.loop_(BlockType::Empty);
            code.local_get(1)
                .i32_const(scramble(at).cast_signed())
                .i32_add()
                .local_set(1);
        }
        for _ in 0..levels {
            code.local_get(0).i32_const(1).i32_sub().local_tee(0);
            code.i32_const(0).i32_gt_s().br_if(0);
            code.end();
        }
        code.local_get(1);
    })])
}

/// Conditions inside each other, each with an alternative.
fn nested_ifs(levels: u32) -> Vec<u8> {
    module([function(1, |code| {
        for at in 0..levels {
            code.local_get(0)
                .i32_const(at.cast_signed())
                .i32_add()
                .local_tee(1);
            code.i32_const(scramble(at).cast_signed() & 0xff).i32_gt_s();
            code.if_(BlockType::Result(ValType::I32));
        }
        code.local_get(1);
        for at in 0..levels {
            code.else_();
            code.local_get(1)
                .i32_const(scramble(at).cast_signed())
                .i32_mul();
            code.end();
            code.local_get(1).i32_xor();
        }
    })])
}

/// Functions of three instructions, and one that calls any of them.
fn tiny_functions(count: u32) -> Vec<u8> {
    let tiny = (0..count).map(|at| {
        function(0, |code| {
            code.local_get(0)
                .i32_const(scramble(at).cast_signed())
                .i32_add();
            if at > 0 && at % 4 == 0 {
                code.call(scramble(at) % at);
            }
        })
    });
    let run = function(0, |code| {
        code.i32_const(1).local_get(0);
        code.i32_const(count.cast_signed()).i32_rem_u();
        code.call_indirect(0, 0);
    });
    module(tiny.chain([run]))
}

/// Calls in one block.
fn calls(count: u32) -> Vec<u8> {
    let callee = |constant: i32| {
        function(0, |code| {
            code.block(BlockType::Empty);
            code.local_get(0).i32_eqz().br_if(0);
            code.local_get(0)
                .local_get(0)
                .i32_load(word(0))
                .i32_store(word(4));
            code.end();
            code.local_get(0)
                .i32_const(constant)
                .i32_mul()
                .i32_const(0xffff)
                .i32_and();
        })
    };
    let run = function(0, |code| {
        code.local_get(0).i32_const(0xffff).i32_and();
        for at in 0..count {
            code.call(scramble(at) % 3);
        }
    });
    module([callee(3), callee(5), callee(7), run])
}

/// Floating-point operations, guarded against signalling NaNs, in one block.
fn floats(operations: u32) -> Vec<u8> {
    module([function(0, |code| {
        code.local_get(0).f64_convert_i32_s();
        for at in 0..operations {
            code.f64_const((f64::from(scramble(at) % 1000) / 1000.0 + 0.5).into());
            match at % 5 {
                0 | 2 => code.f64_add(),
                1 => code.f64_mul(),
                3 => code.f64_sub(),
                _ => code.f64_min(),
            };
        }
        code.i64_trunc_sat_f64_s().i32_wrap_i64();
    })])
}

/// What an interpreter's main function or a generated parser looks like: loops, conditions, calls,
/// accesses.
fn mixed(bytes: u32) -> Vec<u8> {
    const LOCALS: u32 = 40;
    let callee = function(0, |code| {
        code.local_get(0).i32_const(13).i32_rotl();
        code.local_get(0)
            .i32_const(0xfff)
            .i32_and()
            .i32_load(word(0))
            .i32_xor();
    });
    let run = function(LOCALS, |code| {
        code.local_get(0).i32_const(0xfff).i32_and().local_set(1);
        // A round takes about this many bytes.
        const ROUND: u32 = 74;
        for at in 0..bytes / ROUND {
            let random = scramble(at);
            let mut next = 0;
            let mut local = || {
                next += 1;
                2 + scramble(random + next) % (LOCALS - 2)
            };
            // Nothing else touches the counter of the loop.
            let (a, b, c) = (local(), LOCALS, local());
            code.block(BlockType::Empty);
            code.local_get(a)
                .i32_const(random.cast_signed())
                .i32_gt_s()
                .br_if(0);
            code.local_get(1).local_get(b).i32_const(0xffc).i32_and();
            code.i32_load(word(random % 0x8000))
                .i32_store(word(random % 0x4000));
            code.local_get(c).call(0).local_set(a);
            code.end();
            code.i32_const((random % 7).cast_signed()).local_set(b);
            code.loop_(BlockType::Empty);
            code.local_get(c)
                .local_get(a)
                .i32_add()
                .i32_const(random.cast_signed());
            code.i32_xor().local_set(c);
            code.local_get(b).i32_const(1).i32_sub().local_tee(b);
            code.i32_const(0).i32_gt_s().br_if(0);
            code.end();
        }
        code.local_get(2);
        for local in 3..=LOCALS {
            code.local_get(local).i32_xor();
        }
        code.local_get(1).i32_load(word(256)).i32_add();
    });
    module([callee, run])
}

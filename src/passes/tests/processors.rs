//! Checks that no processor's code calls a library: one function for each operation of optimised IR is
//! replaced as `--xip` alone does, then compiled.

use inkwell::targets::FileType;
use object::{Object, ObjectSection, ObjectSymbol, RelocationTarget};

use super::*;
use crate::llvm::ObjectWriter;
use crate::llvm::objects;

/// Triple, processor, features.
const PROCESSORS: &[(&str, &str, &str)] = &[
    ("x86_64-unknown-linux-gnu", "x86-64", ""),
    ("x86_64-unknown-linux-gnu", "haswell", ""),
    ("i386-unknown-linux-gnu", "i686", ""),
    ("i386-unknown-linux-gnu", "pentium4", ""),
    ("aarch64-unknown-linux-gnu", "cortex-a53", ""),
    ("thumbv6m-none-eabi", "cortex-m0", ""),
    ("thumbv7m-none-eabi", "cortex-m3", ""),
    ("thumbv7em-none-eabi", "cortex-m4", "-fpregs"),
    ("thumbv7em-none-eabihf", "cortex-m4", ""),
    ("thumbv7em-none-eabihf", "cortex-m7", ""),
    ("thumbv8m.base-none-eabi", "cortex-m23", ""),
    ("thumbv8m.main-none-eabihf", "cortex-m33", ""),
    ("thumbv8.1m.main-none-eabihf", "cortex-m55", ""),
    ("armv4t-none-eabi", "arm7tdmi", ""),
    ("armv5te-none-eabi", "arm926ej-s", ""),
    ("armv7a-unknown-linux-gnueabihf", "cortex-a9", ""),
    (
        "armv7a-unknown-linux-gnueabi",
        "cortex-a7",
        "+soft-float,-neon",
    ),
    ("riscv32-unknown-elf", "generic-rv32", ""),
    ("riscv32-unknown-elf", "generic-rv32", "+m,+a,+c"),
    ("riscv32-unknown-elf", "generic-rv32", "+m,+a,+c,+f"),
    ("riscv32-unknown-elf", "generic-rv32", "+m,+a,+f,+d,+zbb"),
    ("riscv64-unknown-elf", "generic-rv64", ""),
    ("riscv64-unknown-elf", "generic-rv64", "+m,+a,+c,+f,+d"),
    ("mips-unknown-linux-gnu", "mips32r2", "+soft-float"),
    ("mipsel-unknown-linux-gnu", "mips32r2", ""),
    ("xtensa-unknown-none-elf", "esp32", ""),
    (
        "xtensa-unknown-none-elf",
        "generic",
        "+windowed,+density,+mul32",
    ),
];

/// Returns how the table of targets says that LLVM writes objects.
fn objects(triple: &str) -> ObjectWriter {
    match triple.starts_with("xtensa") {
        true => ObjectWriter::Assembly,
        false => ObjectWriter::Direct,
    }
}

/// Returns every operation of optimised IR, each in its own function.
fn functions() -> Vec<String> {
    let mut all = Vec::new();
    let mut add = |result: &str, params: &str, body: &str| {
        all.push(format!(
            "define {result} @f{}(ptr %env, {params}) nounwind {{\n{body}\n ret {result} %r\n}}\n",
            all.len()
        ));
    };
    for ty in ["float", "double"] {
        let (name, other) = match ty {
            "float" => ("f32", "f64"),
            _ => ("f64", "f32"),
        };
        let two = format!("{ty} %a, {ty} %b");
        let one = format!("{ty} %a");
        for op in ["fadd", "fsub", "fmul", "fdiv"] {
            add(ty, &two, &format!("%r = {op} {ty} %a, %b"));
            add(ty, &one, &format!("%r = {op} {ty} %a, 1.5"));
        }
        add(ty, &one, &format!("%r = fneg {ty} %a"));
        for op in [
            "fabs",
            "ceil",
            "floor",
            "trunc",
            "rint",
            "sqrt",
            "canonicalize",
        ] {
            add(
                ty,
                &one,
                &format!("%r = call {ty} @llvm.{op}.{name}({ty} %a)"),
            );
        }
        for op in ["copysign", "minimum", "maximum"] {
            add(
                ty,
                &two,
                &format!("%r = call {ty} @llvm.{op}.{name}({ty} %a, {ty} %b)"),
            );
        }
        for predicate in [
            "false", "oeq", "ogt", "oge", "olt", "ole", "one", "ord", "ueq", "ugt", "uge", "ult",
            "ule", "une", "uno", "true",
        ] {
            add("i1", &two, &format!("%r = fcmp {predicate} {ty} %a, %b"));
            for constant in ["0.0", "-1.0", "2147483648.0"] {
                add(
                    "i1",
                    &one,
                    &format!("%r = fcmp {predicate} {ty} %a, {constant}"),
                );
            }
        }
        for int in ["i1", "i8", "i16", "i32", "i33", "i64"] {
            let from = format!("{int} %a");
            add(ty, &from, &format!("%r = sitofp {int} %a to {ty}"));
            add(ty, &from, &format!("%r = uitofp {int} %a to {ty}"));
            add(int, &one, &format!("%r = fptosi {ty} %a to {int}"));
            add(int, &one, &format!("%r = fptoui {ty} %a to {int}"));
        }
        for int in ["i32", "i64"] {
            for sign in ["s", "u"] {
                add(
                    int,
                    &one,
                    &format!("%r = call {int} @llvm.fpto{sign}i.sat.{int}.{name}({ty} %a)"),
                );
            }
        }
        let cast = if ty == "float" { "fpext" } else { "fptrunc" };
        let target = if other == "f64" { "double" } else { "float" };
        add(target, &one, &format!("%r = {cast} {ty} %a to {target}"));
        add(
            ty,
            &two,
            &format!("%c = fcmp olt {ty} %a, %b\n %r = select i1 %c, {ty} %a, {ty} %b"),
        );
    }
    for ty in ["i8", "i16", "i32", "i64"] {
        let two = format!("{ty} %a, {ty} %b");
        let one = format!("{ty} %a");
        for op in [
            "add", "sub", "mul", "sdiv", "udiv", "srem", "urem", "shl", "lshr", "ashr", "and",
            "or", "xor",
        ] {
            add(ty, &two, &format!("%r = {op} {ty} %a, %b"));
            for constant in ["3", "7", "64", "10"] {
                if !matches!(op, "shl" | "lshr" | "ashr") || constant == "7" || constant == "3" {
                    add(ty, &one, &format!("%r = {op} {ty} %a, {constant}"));
                }
            }
            for constant in ["1", "-1"] {
                add(ty, &one, &format!("%r = {op} {ty} {constant}, %a"));
            }
        }
        for op in [
            "smin", "smax", "umin", "umax", "uadd.sat", "usub.sat", "sadd.sat", "ssub.sat",
        ] {
            add(
                ty,
                &two,
                &format!("%r = call {ty} @llvm.{op}.{ty}({ty} %a, {ty} %b)"),
            );
        }
        for op in ["sadd", "uadd", "ssub", "usub", "smul", "umul"] {
            add(
                "i1",
                &two,
                &format!(
                    "%p = call {{{ty}, i1}} @llvm.{op}.with.overflow.{ty}({ty} %a, {ty} %b)\n \
                     %r = extractvalue {{{ty}, i1}} %p, 1"
                ),
            );
        }
        for op in ["ctlz", "cttz"] {
            add(
                ty,
                &one,
                &format!("%r = call {ty} @llvm.{op}.{ty}({ty} %a, i1 true)"),
            );
        }
        add(
            ty,
            &one,
            &format!("%r = call {ty} @llvm.ctpop.{ty}({ty} %a)"),
        );
        add(
            ty,
            &one,
            &format!("%r = call {ty} @llvm.abs.{ty}({ty} %a, i1 false)"),
        );
        add(
            ty,
            &one,
            &format!("%r = call {ty} @llvm.bitreverse.{ty}({ty} %a)"),
        );
        if ty != "i8" {
            add(
                ty,
                &one,
                &format!("%r = call {ty} @llvm.bswap.{ty}({ty} %a)"),
            );
        }
        for op in ["fshl", "fshr"] {
            add(
                ty,
                &two,
                &format!("%r = call {ty} @llvm.{op}.{ty}({ty} %a, {ty} %a, {ty} %b)"),
            );
        }
    }
    for (name, source) in [("memcpy", "ptr"), ("memmove", "ptr")] {
        for length in ["3", "16", "100", "%n"] {
            add(
                "i32",
                "ptr %p, ptr %q, i32 %n",
                &format!(
                    "call void @llvm.{name}.p0.p0.i32(ptr %p, {source} %q, i32 {length}, i1 false)\n \
                     %r = load i32, ptr %p, align 1"
                ),
            );
        }
    }
    for length in ["3", "16", "100", "%n"] {
        for value in ["0", "170", "%v"] {
            add(
                "i32",
                "ptr %p, i8 %v, i32 %n",
                &format!(
                    "call void @llvm.memset.p0.i32(ptr %p, i8 {value}, i32 {length}, i1 false)\n \
                     %r = load i32, ptr %p, align 1"
                ),
            );
        }
    }
    all
}

/// Returns the function and the symbol of each remaining reference.
fn references_left(elf: &[u8]) -> Vec<(String, String)> {
    let file = object::File::parse(elf).expect("an ELF object");
    let mut left = Vec::new();
    let code = file
        .sections()
        .filter(|section| section.kind() == object::SectionKind::Text);
    for section in code {
        for (offset, relocation) in section.relocations() {
            let RelocationTarget::Symbol(index) = relocation.target() else {
                continue;
            };
            let symbol = file.symbol_by_index(index).expect("a symbol");
            let name = symbol.name().unwrap_or_default();
            if !symbol.is_undefined() || ["", "_GLOBAL_OFFSET_TABLE_", "_gp_disp"].contains(&name) {
                continue;
            }
            let function = file
                .symbols()
                .filter(|symbol| symbol.section_index() == Some(section.index()))
                .filter(|symbol| symbol.name().is_ok_and(|name| name.starts_with('f')))
                .filter(|symbol| symbol.address() & !1 <= offset)
                .max_by_key(|symbol| symbol.address());
            let function = function.map_or("?", |symbol| symbol.name().unwrap_or_default());
            left.push((function.to_owned(), name.to_owned()));
        }
    }
    left
}

#[test]
fn nothing_is_left_to_a_library_on_any_processor() {
    let functions = functions();
    let mut failures = Vec::new();
    for (triple, cpu, features) in PROCESSORS {
        for level in [OptLevel::O0, OptLevel::O3] {
            let context = Context::create();
            let machine = machine(triple, cpu, features, level);
            let data = machine.get_target_data();
            let width = match data.get_pointer_byte_size(None) {
                4 => PointerWidth::Bits32,
                _ => PointerWidth::Bits64,
            };
            let module = read(&context, &functions.concat());
            module.set_triple(&machine.get_triple());
            module.set_data_layout(&data.get_data_layout());
            let hardware = Hardware::of(&machine, objects(triple), &symbols(), OptLevel::O3)
                .expect("LLVM can be asked");
            execute_in_place(&module, &machine, "", hardware, width);
            let object = match objects(triple) {
                ObjectWriter::Assembly => objects::xtensa_object(&module, &machine),
                ObjectWriter::Direct | ObjectWriter::WithoutPrivateFunctions => machine
                    .write_to_memory_buffer(&module, FileType::Object)
                    .map_err(|message| message.to_string()),
            };
            let object = object.expect("an object");
            for (function, symbol) in references_left(object.as_slice()) {
                let source = function
                    .strip_prefix('f')
                    .and_then(|number| number.parse::<usize>().ok())
                    .map_or("", |number| functions[number].lines().nth(1).unwrap_or(""));
                failures.push(format!(
                    "{triple} {cpu} {features} {level:?}: {symbol} by {source}"
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The examples of WAMR's documentation.
#[test]
fn hardware_is_what_the_processor_has() {
    let missing = |triple: &str, cpu| {
        let machine = machine(triple, cpu, "", OptLevel::O3);
        let hardware = Hardware::of(&machine, objects(triple), &symbols(), OptLevel::O3)
            .expect("LLVM can be asked");
        hardware.missing
    };
    // No floating-point unit, but a divide instruction.
    let m3 = missing("thumbv7m-none-eabi", "cortex-m3");
    for name in [
        "f32.add",
        "f64.mul",
        "f32.lt",
        "f64.promote_f32",
        "i32.trunc_f64_s",
        "i64.div_u",
    ] {
        assert!(m3.contains(name), "{name}");
    }
    for name in [
        "i32.div_s",
        "i64.mul",
        "i64.shl",
        "i64.and",
        "f32.abs",
        "i32.clz",
    ] {
        assert!(!m3.contains(name), "{name}");
    }
    // A unit for both widths, and no way between it and 64-bit integers.
    let m55 = missing("thumbv8.1m.main-none-eabihf", "cortex-m55");
    for name in ["f64.convert_i64_s", "i64.trunc_f64_u", "i64.div_s"] {
        assert!(m55.contains(name), "{name}");
    }
    for name in [
        "f32.add",
        "f64.mul",
        "f64.ceil",
        "f64.convert_i32_u",
        "f64.lt",
    ] {
        assert!(!m55.contains(name), "{name}");
    }
    // Single precision only.
    let m4 = missing("thumbv7em-none-eabihf", "cortex-m4");
    assert!(m4.contains("f64.add") && !m4.contains("f32.add"));
    // Neither multiplication of 64 bits nor division.
    let m0 = missing("thumbv6m-none-eabi", "cortex-m0");
    assert!(m0.contains("i32.div_u") && m0.contains("i64.mul"));
    let haswell = missing("x86_64-unknown-linux-gnu", "haswell");
    assert!(haswell.is_empty(), "{haswell:?}");
    let x86_64 = missing("x86_64-unknown-linux-gnu", "x86-64");
    assert!(x86_64.contains("f32.ceil") && !x86_64.contains("f32.sqrt"));
    // Single precision, without square roots.
    let esp32 = missing("xtensa-unknown-none-elf", "esp32");
    assert!(esp32.contains("f64.add") && esp32.contains("f32.sqrt") && !esp32.contains("f32.add"));
}

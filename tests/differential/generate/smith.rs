//! Modules of every shape, from wasm-smith.
//!
//! Everything is exported. Instructions whose outcome the specification leaves open are kept out:
//! NaNs are made canonical after each operation, memories and tables grow within what the runtime
//! can give, and functions have fuel, so that recursion and loops end.

use arbitrary::Unstructured;
use test_support::Outcome;
use wasm_smith::{Config, MemoryOffsetChoices, Module};
use wasmparser::{ElementItems, Parser, Payload, RefType, ValType};

use crate::case::{Case, EXCEPTIONS, Nans, Proposal};
use crate::random::Random;

const PAGE: u64 = 64 << 10;
const FUEL: u32 = 400;
const ATTEMPTS: usize = 50;

/// Functions of the host, of types that take different ways into it.
const IMPORTS: &str = r#"(module
  (import "host" "nothing" (func))
  (import "host" "i32" (func (param i32) (result i32)))
  (import "host" "i64" (func (param i64 i32) (result i64)))
  (import "host" "f32" (func (param f32 f64) (result f32)))
  (import "host" "f64" (func (param f64) (result f64)))
  (import "host" "v128" (func (param v128) (result v128)))
  (import "host" "ref" (func (param externref funcref) (result externref)))
  (import "host" "two" (func (param i32) (result i64 i32)))
  (import "host" "three" (func (param v128 i32) (result f64 v128 i32)))
  (import "host" "four" (func (result externref f32 i64 v128)))
  (import "host" "many" (func (param i32 i64 f32 f64 v128 i32 i64 f32 f64 v128 i32 i64) (result i32))))"#;

pub fn closed(seed: u64) -> Outcome<Case> {
    make(seed, None, &[], false)
}

/// With `try_table`, `throw` and references to exceptions.
pub fn with_exceptions(seed: u64) -> Outcome<Case> {
    make(seed, None, &[EXCEPTIONS], false)
}

/// Several memories, some with 64-bit addresses or pages of one byte.
pub fn with_memories(seed: u64) -> Outcome<Case> {
    make(seed, None, &[], true)
}

pub fn with_imports(seed: u64) -> Outcome<Case> {
    let imports = wat::parse_str(IMPORTS).map_err(|error| error.to_string())?;
    make(seed, Some(imports), &[], false)
}

/// `proposals`: those that Wasmtime has to judge.
fn make(
    seed: u64,
    imports: Option<Vec<u8>>,
    proposals: &'static [Proposal],
    memories: bool,
) -> Outcome<Case> {
    let mut random = Random::new(seed);
    // Some bytes make no module; others follow from the seed as well.
    let mut module = (0..ATTEMPTS)
        .find_map(|_| module(&mut random, imports.clone(), proposals, memories))
        .ok_or("wasm-smith makes no module")?;
    module
        .ensure_termination(FUEL)
        .map_err(|error| error.to_string())?;
    let wasm = module.to_bytes();
    let case = Case::new(wasm, String::new(), Nans::Exact, seed)?;
    Ok(Case { proposals, ..case })
}

fn module(
    random: &mut Random,
    imports: Option<Vec<u8>>,
    proposals: &[Proposal],
    memories: bool,
) -> Option<Module> {
    let mut bytes = vec![0; 4000 + random.below(20_000)];
    bytes
        .chunks_mut(8)
        .for_each(|chunk| chunk.copy_from_slice(&random.next().to_le_bytes()[..chunk.len()]));
    let mut config = config(random, imports);
    for proposal in proposals {
        (proposal.generate)(&mut config);
    }
    if memories {
        config.min_memories = 2;
        config.max_memories = 4;
        config.memory64_enabled = true;
        config.max_memory64_bytes = u128::from(8 * PAGE);
        config.custom_page_sizes_enabled = true;
    }
    let module = Module::new(config, &mut Unstructured::new(&bytes)).ok()?;
    let wasm = module.to_bytes();
    (has_findable_exports(&wasm) && shows_no_exceptions(&wasm)).then_some(module)
}

/// Whether the runtime can tell the exports apart: their names end with a zero byte to it.
fn has_findable_exports(wasm: &[u8]) -> bool {
    Parser::new(0).parse_all(wasm).all(|payload| match payload {
        Ok(Payload::ExportSection(exports)) => exports
            .into_iter()
            .all(|export| export.is_ok_and(|export| !export.name.contains('\0'))),
        other => other.is_ok(),
    })
}

/// Whether the host sees no reference to an exception, which the runtime does not have.
fn shows_no_exceptions(wasm: &[u8]) -> bool {
    let is_exception = |ty: ValType| match ty {
        ValType::Ref(ty) => ty == RefType::EXN || ty == RefType::EXNREF,
        _ => false,
    };
    Parser::new(0).parse_all(wasm).all(|payload| match payload {
        Ok(Payload::TypeSection(types)) => types.into_iter_err_on_gc_types().all(|ty| {
            ty.is_ok_and(|ty| {
                !ty.params()
                    .iter()
                    .chain(ty.results())
                    .any(|&ty| is_exception(ty))
            })
        }),
        Ok(Payload::GlobalSection(globals)) => globals
            .into_iter()
            .all(|global| global.is_ok_and(|global| !is_exception(global.ty.content_type))),
        Ok(Payload::ElementSection(segments)) => segments.into_iter().all(|segment| {
            segment.is_ok_and(|segment| match segment.items {
                ElementItems::Expressions(ty, _) => !is_exception(ValType::Ref(ty)),
                ElementItems::Functions(_) => true,
            })
        }),
        Ok(Payload::TableSection(tables)) => tables.into_iter().all(|table| {
            table.is_ok_and(|table| !is_exception(ValType::Ref(table.ty.element_type)))
        }),
        other => other.is_ok(),
    })
}

fn config(random: &mut Random, imports: Option<Vec<u8>>) -> Config {
    let count = imports.as_ref().map_or(0, |_| 11);
    Config {
        available_imports: imports,
        min_imports: count,
        max_imports: count,
        export_everything: true,
        canonicalize_nans: true,
        min_types: 4,
        min_funcs: count + 1,
        max_funcs: count + 6,
        max_instructions: 20 + random.below(400),
        min_memories: 1,
        max_memories: 1,
        max_memory32_bytes: 8 * PAGE,
        memory_max_size_required: true,
        // Mostly within the memory.
        memory_offset_choices: MemoryOffsetChoices(90, 9, 1),
        max_tables: 4,
        max_table_elements: 60,
        table_max_size_required: true,
        max_data_segments: 6,
        max_element_segments: 6,
        max_elements: 12,
        max_globals: 12,
        max_types: 20,
        tail_call_enabled: random.chance(30),
        simd_enabled: random.chance(70),
        allow_start_export: random.chance(20),
        compact_imports_enabled: false,
        exceptions_enabled: false,
        extended_const_enabled: false,
        gc_enabled: false,
        memory64_enabled: false,
        // The other engine multiplies and adds with one rounding, which the deterministic profile does not.
        relaxed_simd_enabled: false,
        shared_everything_threads_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: random.chance(50),
        custom_page_sizes_enabled: false,
        custom_descriptors_enabled: false,
        ..Config::default()
    }
}

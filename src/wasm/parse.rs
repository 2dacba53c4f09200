//! Reads the bytes of a file and returns a validated [`Module`], or an error.
//!
//! `wasmparser` validates everything, function bodies included, with the explicit feature set of
//! [`super::features`]. Bodies are validated in parallel once their section has been read. They stay in the
//! file; [`Module`] borrows them.
//!
//! The reported error must not depend on timing, so it is the first in file order. Bodies are validated late,
//! so an error in a body precedes an error in a later section. Counts in the file are only claims: the parser
//! never reserves memory because of a count.

use std::collections::HashMap;

use rayon::prelude::*;
use smallvec::SmallVec;
use wasmparser::types::TypesRef;
use wasmparser::{
    CompositeInnerType, DataKind, ElementItems, ElementKind, ExternalKind, FuncToValidate,
    FuncValidatorAllocations, FunctionBody as WasmBody, Parser, Payload, TableInit, TypeRef,
    ValidPayload, Validator, ValidatorResources, WasmFeatures,
};

use super::branch_hints::BranchHints;
use super::convert;
use super::error::{Error, FunctionLocation, Location};
use super::facts::note_facts;
use super::features::{Missing, missing_proposal, wasm_features};
use super::index::{FuncIndex, GlobalIndex, MemoryIndex, TableIndex, TagIndex, TypeIndex};
use super::module::*;
use super::{aux_stack, branch_hints, names, spectest, tags};
use crate::options::Features;

/// Reads and validates `bytes`, a whole file. Function bodies are validated on the threads of the
/// current rayon pool.
pub fn parse<'a>(bytes: &'a [u8], features: &Features) -> Result<Module<'a>, Error> {
    check_header(bytes)?;
    let wasm_features = wasm_features(features);
    let mut builder = Builder::default();
    match builder.read(bytes, wasm_features) {
        Ok(()) => {
            let mut module = builder.finish();
            note_facts(&mut module).map_err(|error| explain(error.into(), bytes, features))?;
            Ok(module)
        }
        Err(failure) => Err(explain(failure, bytes, features)),
    }
}

/// The reason why reading stopped, before it becomes an error message.
#[derive(Debug)]
pub(super) struct Failure {
    message: String,
    offset: u64,
    function: Option<FuncIndex>,
    /// The proposal that would allow the module, if the validator names it.
    missing: Option<WasmFeatures>,
}

impl Failure {
    pub(super) fn new(unsupported: impl Into<String>, offset: u64) -> Failure {
        Failure {
            message: format!("{} is not supported", unsupported.into()),
            offset,
            function: None,
            missing: None,
        }
    }

    fn in_function(self, index: FuncIndex) -> Failure {
        Failure {
            function: Some(index),
            ..self
        }
    }
}

impl From<wasmparser::Error> for Failure {
    fn from(error: wasmparser::Error) -> Failure {
        Failure {
            message: error.message().to_owned(),
            offset: error.offset(),
            function: None,
            missing: error.missing_wasm_feature(),
        }
    }
}

/// Checks the eight bytes that every module starts with, and recognises other files that users pass.
fn check_header(bytes: &[u8]) -> Result<(), Error> {
    const MAGIC: &[u8] = b"\0asm";
    const COMPONENT_LAYER: u32 = 1 << 16;

    let start = &bytes[..bytes.len().min(MAGIC.len())];
    if !MAGIC.starts_with(start) {
        return Err(Error::Magic {
            found: describe_start(bytes),
        });
    }
    let Some(version) = bytes
        .get(MAGIC.len()..)
        .and_then(|rest| rest.first_chunk::<4>())
    else {
        return Err(Error::TruncatedHeader { end: bytes.len() });
    };
    match u32::from_le_bytes(*version) {
        1 => Ok(()),
        version if version & 0xffff_0000 == COMPONENT_LAYER => Err(Error::Component),
        found => Err(Error::Version { found }),
    }
}

fn describe_start(bytes: &[u8]) -> String {
    let known: [(&[u8], &str); 4] = [
        (b"\0aot", "the file is an AOT file already"),
        (b"(", "the file looks like WebAssembly text"),
        (b"\x7fELF", "the file is an ELF file"),
        (b"!<arch>", "the file is an archive"),
    ];
    known
        .iter()
        .find(|(start, _)| bytes.starts_with(start))
        .map_or_else(
            || {
                format!(
                    "the file starts with `{}`",
                    bytes[..bytes.len().min(4)].escape_ascii()
                )
            },
            |(_, what)| (*what).to_owned(),
        )
}

/// Makes an error of `failure`: adds the missing proposal, if there is one, and the function's name.
fn explain(failure: Failure, bytes: &[u8], features: &Features) -> Error {
    let at = Location {
        offset: failure.offset,
        function: failure.function.map(|index| FunctionLocation {
            index,
            // The name section comes behind the code, so it has not been read yet.
            name: names::find_function_name(bytes, wasm_features(features), index),
        }),
    };
    let validate = |set| {
        Validator::new_with_features(set)
            .validate_all(bytes)
            .is_ok()
    };
    match missing_proposal(features, failure.missing, validate) {
        Some(Missing { proposal, remedy }) => Error::Proposal {
            proposal,
            remedy,
            at,
        },
        None => Error::Invalid {
            message: failure.message,
            at,
        },
    }
}

/// The part of the module that has been read.
#[derive(Default)]
struct Builder<'a> {
    module: Module<'a>,
    /// Types of the defined functions, from the function section; bodies come later.
    function_types: Vec<TypeIndex>,
    bodies: Vec<(FuncToValidate<ValidatorResources>, WasmBody<'a>)>,
    in_code_section: bool,
    name_section: Option<&'a [u8]>,
    has_branch_hints: bool,
}

impl<'a> Builder<'a> {
    fn read(&mut self, bytes: &'a [u8], features: WasmFeatures) -> Result<(), Failure> {
        let sections = self.read_sections(bytes, features);
        let bodies = self.validate_bodies();
        bodies.and(sections)
    }

    fn read_sections(&mut self, bytes: &'a [u8], features: WasmFeatures) -> Result<(), Failure> {
        let mut validator = Validator::new_with_features(features);
        let mut parser = Parser::new(0);
        parser.set_features(features);
        for payload in parser.parse_all(bytes) {
            let payload = payload.map_err(|error| self.in_current_body(error.into()))?;
            self.in_code_section = matches!(
                payload,
                Payload::CodeSectionStart { .. } | Payload::CodeSectionEntry(_)
            );
            let valid = validator
                .payload(&payload)
                .map_err(|error| self.in_current_body(error.into()))?;
            if let ValidPayload::Func(to_validate, body) = valid {
                self.body(to_validate, body);
            } else {
                let has_types = matches!(payload, Payload::TypeSection(_));
                self.section(payload)?;
                if has_types && let Some(types) = validator.types(0) {
                    self.note_canonical_types(types);
                }
            }
        }
        Ok(())
    }

    /// Notes which types are equal, references to functions of equal types included.
    fn note_canonical_types(&mut self, types: TypesRef<'_>) {
        let mut first = HashMap::new();
        for index in self.module.types.keys() {
            let id = types.core_type_at_in_module(index.as_u32());
            let canonical = *first.entry(id).or_insert(index);
            self.module.canonical_types.push(canonical);
        }
    }

    /// Adds the function that was about to be read to a failure inside the code section.
    fn in_current_body(&self, failure: Failure) -> Failure {
        if self.in_code_section && self.bodies.len() < self.function_types.len() {
            let index = self.module.imported_functions + self.bodies.len();
            failure.in_function(FuncIndex::from_u32(index as u32))
        } else {
            failure
        }
    }

    /// Reads a section that the validator has accepted.
    fn section(&mut self, payload: Payload<'a>) -> Result<(), Failure> {
        let module = &mut self.module;
        match payload {
            Payload::TypeSection(section) => {
                for group in section.into_iter_with_offsets() {
                    let (offset, group) = group?;
                    for ty in group.types() {
                        let CompositeInnerType::Func(ty) = &ty.composite_type.inner else {
                            return Err(Failure::new("a type other than a function's", offset));
                        };
                        module.types.push(convert::func_type(ty, offset)?);
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports_with_offsets() {
                    let (offset, import) = import?;
                    self.import(import, offset)?;
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.function_types.push(TypeIndex::from_u32(ty?));
                }
            }
            Payload::TableSection(section) => {
                for table in section.into_iter_with_offsets() {
                    let (offset, table) = table?;
                    module.tables.push(Table {
                        import: None,
                        element: tags::element(table.ty.element_type, offset)?,
                        limits: convert::table_limits(&table.ty),
                        table64: table.ty.table64,
                        offset,
                        init: match table.init {
                            TableInit::RefNull => None,
                            TableInit::Expr(expr) => {
                                let init = convert::const_expr(&expr)?;
                                // Tables come before the module's own globals. The file has segments for first
                                // values, and a segment cannot name a global.
                                if let [ConstInstruction::GlobalGet(_)] = init.instructions[..] {
                                    return Err(Failure::new(
                                        "a table that starts with the value of an imported global",
                                        offset,
                                    ));
                                }
                                let null =
                                    matches!(init.instructions[..], [ConstInstruction::RefNull(_)]);
                                (!null).then_some(init)
                            }
                        },
                        usage: TableUsage::default(),
                    });
                }
            }
            Payload::MemorySection(section) => {
                for ty in section.into_iter_with_offsets() {
                    let (offset, ty) = ty?;
                    module.memories.push(memory(None, &ty, offset));
                }
            }
            Payload::GlobalSection(section) => {
                for global in section.into_iter_with_offsets() {
                    let (offset, global) = global?;
                    module.globals.push(Global {
                        ty: convert::val_type(global.ty.content_type, offset)?,
                        mutable: global.ty.mutable,
                        kind: GlobalKind::Defined(convert::const_expr(&global.init_expr)?),
                    });
                }
            }
            Payload::TagSection(section) => {
                for tag in section.into_iter_with_offsets() {
                    let (offset, ty) = tag?;
                    tags::declare(module, None, &ty, offset)?;
                }
            }
            Payload::ExportSection(section) => {
                for export in section.into_iter_with_offsets() {
                    let (offset, export) = export?;
                    let item = export_item(export.kind, export.index, offset)?;
                    tags::check_export(module, item, offset)?;
                    module.exports.push(Export {
                        name: export.name,
                        item,
                    });
                }
            }
            Payload::StartSection { func, .. } => module.start = Some(FuncIndex::from_u32(func)),
            Payload::ElementSection(section) => {
                for element in section.into_iter_with_offsets() {
                    let (offset, element) = element?;
                    module.elements.push(element_segment(element, offset)?);
                }
            }
            Payload::DataSection(section) => {
                for data in section {
                    let data = data?;
                    module.data.push(DataSegment {
                        mode: match data.kind {
                            DataKind::Passive => DataMode::Passive,
                            DataKind::Active {
                                memory_index,
                                offset_expr,
                            } => DataMode::Active {
                                memory: MemoryIndex::from_u32(memory_index),
                                offset: convert::const_expr(&offset_expr)?,
                            },
                        },
                        bytes: data.data,
                        initialises: SmallVec::new(),
                        offset: data.range.start,
                    });
                }
            }
            Payload::CustomSection(section) => {
                // A second name section is against the specification; the first one counts.
                if section.name() == "name" && self.name_section.is_none() {
                    self.name_section = Some(section.data());
                }
                if section.name() == branch_hints::SECTION {
                    module.branch_hints = if self.has_branch_hints {
                        BranchHints::misplaced("the module has two such sections")
                    } else if module.code_offset != 0 {
                        BranchHints::misplaced("the section is behind the code")
                    } else {
                        BranchHints::read(section.data(), section.data_offset())
                    };
                    self.has_branch_hints = true;
                }
                module.custom_sections.push(CustomSection {
                    name: section.name(),
                    bytes: section.data(),
                });
            }
            Payload::CodeSectionStart {
                unchecked_range, ..
            } => module.code_offset = unchecked_range.start,
            // Headers and counts, which the validator has compared with what follows them.
            Payload::Version { .. } | Payload::DataCountSection { .. } | Payload::End(_) => {}
            other => {
                let offset = other.as_section().map_or(0, |(_, range)| range.start);
                return Err(Failure::new("this section", offset));
            }
        }
        Ok(())
    }

    fn import(&mut self, import: wasmparser::Import<'a>, offset: u64) -> Result<(), Failure> {
        let module = &mut self.module;
        let name = ImportName {
            module: import.module,
            field: import.name,
        };
        match import.ty {
            TypeRef::Func(ty) => {
                tags::check_import(module, TypeIndex::from_u32(ty), offset)?;
                module.functions.push(Function {
                    type_index: TypeIndex::from_u32(ty),
                    kind: FunctionKind::Imported(name),
                });
                module.imported_functions += 1;
            }
            TypeRef::Table(ty) => {
                module.tables.push(Table {
                    import: Some(name),
                    element: tags::element(ty.element_type, offset)?,
                    limits: spectest::limits(name, convert::table_limits(&ty)),
                    table64: ty.table64,
                    offset,
                    init: None,
                    usage: TableUsage::default(),
                });
                module.imported_tables += 1;
            }
            TypeRef::Memory(ty) => {
                let mut memory = memory(Some(name), &ty, offset);
                memory.limits = spectest::limits(name, memory.limits);
                module.memories.push(memory);
                module.imported_memories += 1;
            }
            TypeRef::Global(ty) => {
                module.globals.push(Global {
                    ty: tags::imported_global(ty.content_type, offset)?,
                    mutable: ty.mutable,
                    kind: GlobalKind::Imported(name),
                });
                module.imported_globals += 1;
            }
            TypeRef::Tag(ty) => tags::declare(module, Some(name), &ty, offset)?,
            TypeRef::FuncExact(_) => {
                return Err(Failure::new("this kind of import", offset));
            }
        }
        Ok(())
    }

    fn body(&mut self, to_validate: FuncToValidate<ValidatorResources>, body: WasmBody<'a>) {
        let type_index = TypeIndex::from_u32(to_validate.ty);
        self.module.functions.push(Function {
            type_index,
            kind: FunctionKind::Defined(FunctionBody {
                bytes: body.as_bytes(),
                // Fits: it is an offset into a slice.
                offset: body.range().start as usize,
            }),
        });
        self.bodies.push((to_validate, body));
    }

    /// Validates the bodies read so far; of several failures, returns the first in file order.
    fn validate_bodies(&mut self) -> Result<(), Failure> {
        std::mem::take(&mut self.bodies)
            .into_par_iter()
            .map_init(
                FuncValidatorAllocations::default,
                |allocations, (to_validate, body)| {
                    let index = FuncIndex::from_u32(to_validate.index);
                    let mut validator = to_validate.into_validator(std::mem::take(allocations));
                    let result = validator.validate(&body);
                    *allocations = validator.into_allocations();
                    result.map_err(|error| Failure::from(error).in_function(index))
                },
            )
            .find_map_first(Result::err)
            .map_or(Ok(()), Err)
    }

    /// Computes the facts that need the whole module.
    fn finish(mut self) -> Module<'a> {
        if let Some(contents) = self.name_section {
            self.module.function_names =
                names::function_names(contents, self.module.functions.len());
            self.module.tag_names = names::tag_names(contents, self.module.tags.len());
        }
        self.module.aux_stack = aux_stack::find(&self.module);
        self.module
    }
}

fn memory<'a>(
    import: Option<ImportName<'a>>,
    ty: &wasmparser::MemoryType,
    offset: u64,
) -> Memory<'a> {
    Memory {
        import,
        limits: convert::memory_limits(ty),
        // The validator allows exponents of 0 and 16.
        page_size: 1 << ty.page_size_log2.unwrap_or(PAGE_SIZE.ilog2()),
        shared: ty.shared,
        memory64: ty.memory64,
        usage: MemoryUsage::default(),
        offset,
    }
}

fn export_item(kind: ExternalKind, index: u32, offset: u64) -> Result<ExportItem, Failure> {
    Ok(match kind {
        ExternalKind::Func => ExportItem::Function(FuncIndex::from_u32(index)),
        ExternalKind::Table => ExportItem::Table(TableIndex::from_u32(index)),
        ExternalKind::Memory => ExportItem::Memory(MemoryIndex::from_u32(index)),
        ExternalKind::Global => ExportItem::Global(GlobalIndex::from_u32(index)),
        ExternalKind::Tag => ExportItem::Tag(TagIndex::from_u32(index)),
        ExternalKind::FuncExact => {
            return Err(Failure::new("this kind of export", offset));
        }
    })
}

fn element_segment(
    element: wasmparser::Element<'_>,
    offset: u64,
) -> Result<ElementSegment, Failure> {
    let mode = match element.kind {
        ElementKind::Passive => ElementMode::Passive,
        ElementKind::Declared => ElementMode::Declarative,
        ElementKind::Active {
            table_index,
            offset_expr,
        } => ElementMode::Active {
            table: TableIndex::from_u32(table_index.unwrap_or(0)),
            offset: convert::const_expr(&offset_expr)?,
        },
    };
    let (element, items) = match element.items {
        ElementItems::Functions(functions) => (
            RefType::Func,
            functions
                .into_iter()
                .map(|index| Ok(convert::ref_func(index?)))
                .collect::<Result<Vec<_>, Failure>>()?,
        ),
        ElementItems::Expressions(ty, expressions) => (
            tags::element(ty, offset)?,
            expressions
                .into_iter()
                .map(|expr| convert::const_expr(&expr?))
                .collect::<Result<Vec<_>, Failure>>()?,
        ),
    };
    Ok(ElementSegment {
        element,
        mode,
        items,
        offset,
    })
}

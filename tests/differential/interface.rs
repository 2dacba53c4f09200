//! Reads from a module's bytes what it exports, and which functions it imports.

use wamr_host::{FuncType, ValType};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef};

#[derive(Debug, Default)]
pub struct Interface {
    /// The exported functions: name and parameters.
    pub functions: Vec<(String, Vec<ValType>)>,
    /// Whether a memory is exported.
    pub memory: bool,
    /// Names of exported globals.
    pub globals: Vec<String>,
    /// Names of exported tables.
    pub tables: Vec<String>,
    /// Module, name and type of each imported function.
    pub imports: Vec<(String, String, FuncType)>,
}

impl Interface {
    pub fn of(wasm: &[u8]) -> wasmparser::Result<Self> {
        let mut interface = Interface::default();
        let mut types: Vec<FuncType> = Vec::new();
        // The type of each function, the imported ones first.
        let mut functions: Vec<u32> = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(section) => {
                    for ty in section.into_iter_err_on_gc_types() {
                        let ty = ty?;
                        types.push(FuncType {
                            params: ty.params().iter().copied().map(value_type).collect(),
                            results: ty.results().iter().copied().map(value_type).collect(),
                        });
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        if let TypeRef::Func(ty) = import.ty {
                            functions.push(ty);
                            interface.imports.push((
                                import.module.to_owned(),
                                import.name.to_owned(),
                                types[ty as usize].clone(),
                            ));
                        }
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        functions.push(ty?);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        let name = export.name.to_owned();
                        match export.kind {
                            ExternalKind::Func => {
                                let ty = &types[functions[export.index as usize] as usize];
                                interface.functions.push((name, ty.params.clone()));
                            }
                            ExternalKind::Memory => interface.memory = true,
                            ExternalKind::Global => interface.globals.push(name),
                            ExternalKind::Table => interface.tables.push(name),
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(interface)
    }
}

fn value_type(ty: wasmparser::ValType) -> ValType {
    match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::Ref(ty) if ty.is_extern_ref() => ValType::ExternRef,
        wasmparser::ValType::Ref(_) => ValType::FuncRef,
    }
}

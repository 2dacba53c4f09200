//! What a module imports and exports, as the runner needs it to link modules of a script.
//!
//! In: the bytes of a module. Out: its [`Interface`]. The module is validated on the way, with
//! every proposal allowed: what is valid for the compiler is the compiler's business, not ours.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::types::{EntityType, TypesRef};
use wasmparser::{
    FuncType, GlobalType, MemoryType, Operator, Parser, Payload, TableInit, TableType, Validator,
    WasmFeatures,
};

#[derive(Debug, thiserror::Error)]
#[error("the script's module cannot be read: {0}")]
pub struct InterfaceError(String);

impl From<wasmparser::BinaryReaderError> for InterfaceError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        InterfaceError(error.to_string())
    }
}

/// The type of an import or export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExternType {
    Function(FuncType),
    Global(GlobalType),
    Memory(MemoryType),
    Table(TableType),
    /// The parameters are the values that an exception carries.
    Tag(FuncType),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    pub module: String,
    pub name: String,
    pub ty: ExternType,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interface {
    pub imports: Vec<Import>,
    pub exports: BTreeMap<String, ExternType>,
    /// Whether it has types that the compiler does not know: recursive types, subtypes.
    pub later_types: bool,
    /// Whether elements of a table start with the value of a global, which is always an imported one.
    pub imported_first_value: bool,
}

impl Interface {
    pub fn of(module: &[u8]) -> Result<Self, InterfaceError> {
        let types = Validator::new_with_features(WasmFeatures::all()).validate_all(module)?;
        let types = types.as_ref();
        let without =
            Validator::new_with_features(WasmFeatures::all().difference(WasmFeatures::GC))
                .validate_all(module);
        let (Some(imports), Some(exports)) = (types.core_imports(), types.core_exports()) else {
            return Err(InterfaceError("it is a component".to_owned()));
        };
        Ok(Interface {
            later_types: without.is_err(),
            imported_first_value: has_imported_first_value(module)?,
            imports: imports
                .map(|(module, name, ty)| {
                    Ok(Import {
                        module: module.to_owned(),
                        name: name.to_owned(),
                        ty: extern_type(types, ty)?,
                    })
                })
                .collect::<Result<_, InterfaceError>>()?,
            exports: exports
                .map(|(name, ty)| Ok((name.to_owned(), extern_type(types, ty)?)))
                .collect::<Result<_, InterfaceError>>()?,
        })
    }

    /// Whether two exports have names that are the same up to a zero byte.
    pub fn clashing_names(&self) -> bool {
        let mut seen = BTreeSet::new();
        let mut beginnings = self.exports.keys().map(|name| name.split('\0').next());
        !beginnings.all(|beginning| seen.insert(beginning))
    }

    /// The interface of a module in text form.
    pub fn of_text(text: &str) -> Result<Self, InterfaceError> {
        let encode = || -> Result<Vec<u8>, wast::Error> {
            let buffer = wast::parser::ParseBuffer::new(text)?;
            wast::parser::parse::<wast::Wat<'_>>(&buffer)?.encode()
        };
        Self::of(&encode().map_err(|error| InterfaceError(error.to_string()))?)
    }
}

fn has_imported_first_value(module: &[u8]) -> Result<bool, InterfaceError> {
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::TableSection(tables) = payload? {
            for table in tables {
                let TableInit::Expr(init) = table?.init else {
                    continue;
                };
                for operator in init.get_operators_reader() {
                    if matches!(operator?, Operator::GlobalGet { .. }) {
                        return Ok(true);
                    }
                }
            }
        }
    }
    Ok(false)
}

fn extern_type(types: TypesRef<'_>, ty: EntityType) -> Result<ExternType, InterfaceError> {
    Ok(match ty {
        EntityType::Func(id) | EntityType::FuncExact(id) => {
            ExternType::Function(types[id].unwrap_func().clone())
        }
        EntityType::Global(ty) => ExternType::Global(ty),
        EntityType::Memory(ty) => ExternType::Memory(ty),
        EntityType::Table(ty) => ExternType::Table(ty),
        EntityType::Tag(id) => ExternType::Tag(types[id].unwrap_func().clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmparser::ValType;

    #[test]
    fn lists_imports_in_order_and_exports_by_name() {
        let interface = Interface::of_text(
            r#"(module
                 (import "a" "f" (func (param i32) (result f64)))
                 (import "b" "m" (memory 1 2))
                 (global (export "g") (mut i64) (i64.const 1))
                 (table (export "t") 3 funcref))"#,
        )
        .expect("the module is valid");
        assert_eq!(interface.imports.len(), 2);
        assert_eq!(
            interface.imports[0].ty,
            ExternType::Function(FuncType::new([ValType::I32], [ValType::F64]))
        );
        assert!(matches!(&interface.imports[1].ty, ExternType::Memory(m) if m.maximum == Some(2)));
        assert!(matches!(&interface.exports["g"], ExternType::Global(g) if g.mutable));
        assert!(matches!(&interface.exports["t"], ExternType::Table(t) if t.initial == 3));
    }

    #[test]
    fn names_clash_up_to_a_zero_byte() {
        let clashing = |text| {
            Interface::of_text(text)
                .expect("it is valid")
                .clashing_names()
        };
        assert!(clashing(
            r#"(module (func (export "a")) (func (export "a\00b")))"#
        ));
        assert!(clashing(
            r#"(module (func (export "")) (func (export "\00")))"#
        ));
        assert!(!clashing(
            r#"(module (func (export "a")) (func (export "b\00a")))"#
        ));
    }

    #[test]
    fn refuses_what_is_no_module() {
        assert!(Interface::of(b"\0asm").is_err());
    }
}

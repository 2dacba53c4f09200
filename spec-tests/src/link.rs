//! How a module of a script gets its imports, and what of that the runtime can do.
//!
//! In: the [`Interface`] of the module and, for each module name it imports from, the
//! [`Exporter`] that the script has registered under it. Out: a [`Plan`], which is data only; the
//! session carries it out.
//!
//! Functions of another instance are linked through a native function that calls it; immutable
//! globals are copied. Memories, tables and mutable globals of another instance cannot be shared:
//! these block the plan. The host module `spectest` is special: nobody looks at its memory and
//! table from outside, so the fresh ones that the runtime makes for an import serve as well. The compiler gives
//! them the host's size.

use std::collections::BTreeSet;

use wasmparser::RefType;

use crate::interface::{ExternType, Import, Interface};
use crate::skip::SkipReason;

/// The host module that every script may import from, as the specification describes it.
pub const SPECTEST: &str = r#"(module
  (func (export "print"))
  (func (export "print_i32") (param i32))
  (func (export "print_i64") (param i64))
  (func (export "print_f32") (param f32))
  (func (export "print_f64") (param f64))
  (func (export "print_i32_f32") (param i32 f32))
  (func (export "print_f64_f64") (param f64 f64))
  (global (export "global_i32") i32 (i32.const 666))
  (global (export "global_i64") i64 (i64.const 666))
  (global (export "global_f32") f32 (f32.const 666.6))
  (global (export "global_f64") f64 (f64.const 666.6))
  (table (export "table") 10 20 funcref)
  (table (export "table64") i64 10 20 funcref)
  (memory (export "memory") 1 2)
  (memory (export "shared_memory") 1 2 shared))"#;

/// Names an instance of the session.
pub type InstanceId = usize;

/// Who stands behind a module name.
#[derive(Debug, Clone, Copy)]
pub enum Exporter<'a> {
    Host(&'a Interface),
    Instance(InstanceId, &'a Interface),
    /// The instance could not be made for that reason.
    Skipped(SkipReason),
    /// The instance should be there but is not: an error already reported.
    Failed,
}

/// Where a function or a global comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Host,
    Instance(InstanceId),
}

/// One import with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub import: Import,
    pub source: Source,
}

/// What keeps a module from being linked, and whose state it would have shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocker {
    pub reason: SkipReason,
    pub exporter: Option<InstanceId>,
}

/// How to link a module.
#[derive(Debug, Default)]
pub struct Plan {
    /// Functions and globals to provide.
    pub links: Vec<Link>,
    /// What the runtime cannot do.
    pub blockers: Vec<Blocker>,
    /// Imports that nobody exports, or with another type.
    pub unresolved: Vec<Import>,
    /// An exporter that has failed.
    pub broken: bool,
    /// Instances whose state the module can observe.
    pub depends_on: BTreeSet<InstanceId>,
}

impl Plan {
    pub fn new<'a>(
        interface: &Interface,
        mut exporter: impl FnMut(&str) -> Option<Exporter<'a>>,
    ) -> Self {
        let mut plan = Plan::default();
        for import in &interface.imports {
            plan.add(import, exporter(&import.module));
        }
        plan
    }

    fn add(&mut self, import: &Import, exporter: Option<Exporter<'_>>) {
        let (source, exports) = match exporter {
            None => return self.unresolved.push(import.clone()),
            Some(Exporter::Failed) => return self.broken = true,
            Some(Exporter::Skipped(reason)) => {
                return self.blockers.push(Blocker {
                    reason,
                    exporter: None,
                });
            }
            Some(Exporter::Host(interface)) => (Source::Host, &interface.exports),
            Some(Exporter::Instance(id, interface)) => {
                self.depends_on.insert(id);
                (Source::Instance(id), &interface.exports)
            }
        };
        let Some(export) = exports.get(&import.name) else {
            return self.unresolved.push(import.clone());
        };
        match obstacle(&import.ty, export, source) {
            Obstacle::None => self.links.push(Link {
                import: import.clone(),
                source,
            }),
            Obstacle::OwnCopy => {}
            Obstacle::Mismatch => self.unresolved.push(import.clone()),
            Obstacle::Limit(reason) => self.blockers.push(Blocker {
                reason,
                exporter: match source {
                    Source::Host => None,
                    Source::Instance(id) => Some(id),
                },
            }),
        }
    }

    /// Why the runtime may accept a module that the script calls unlinkable, if there is a reason.
    pub fn unchecked(&self) -> Option<SkipReason> {
        let unresolved = self.unresolved.iter().find_map(|import| match import.ty {
            ExternType::Function(_) => Some(SkipReason::LateFunctionLinking),
            ExternType::Memory(_) => Some(SkipReason::UncheckedMemoryImport),
            ExternType::Table(_) => Some(SkipReason::UncheckedTableImport),
            ExternType::Tag(_) => Some(SkipReason::UncheckedTagImport),
            ExternType::Global(_) => None,
        });
        // A memory or table of another instance blocks before its limits are compared.
        let blocked = self
            .blockers
            .iter()
            .find_map(|blocker| match blocker.reason {
                SkipReason::SharedMemory => Some(SkipReason::UncheckedMemoryImport),
                SkipReason::SharedTable => Some(SkipReason::UncheckedTableImport),
                SkipReason::LaterTypes => Some(SkipReason::UncheckedTagImport),
                _ => None,
            });
        unresolved.or(blocked)
    }
}

enum Obstacle {
    /// The import can be provided.
    None,
    /// The memory or table that the runtime makes by itself does.
    OwnCopy,
    Mismatch,
    Limit(SkipReason),
}

fn obstacle(import: &ExternType, export: &ExternType, source: Source) -> Obstacle {
    match (import, export) {
        (ExternType::Function(import), ExternType::Function(export)) if import == export => {
            let mut types = import.params().iter().chain(import.results());
            if types.any(|ty| ty.as_reference_type() == Some(RefType::FUNCREF)) {
                Obstacle::Limit(SkipReason::ForeignReference)
            } else {
                Obstacle::None
            }
        }
        (ExternType::Global(import), ExternType::Global(export)) if import == export => {
            if import.mutable {
                Obstacle::Limit(SkipReason::SharedGlobal)
            } else if import.content_type.as_reference_type() == Some(RefType::FUNCREF) {
                Obstacle::Limit(SkipReason::ForeignReference)
            } else {
                Obstacle::None
            }
        }
        (ExternType::Memory(import), ExternType::Memory(export)) => {
            let same_kind = import.shared == export.shared
                && import.memory64 == export.memory64
                && import.page_size_log2.unwrap_or(16) == export.page_size_log2.unwrap_or(16);
            let fits = fits(
                import.initial,
                import.maximum,
                export.initial,
                export.maximum,
            );
            match source {
                // The memory may have grown into the import's limits: ask the kind alone.
                Source::Instance(_) if same_kind => Obstacle::Limit(SkipReason::SharedMemory),
                Source::Host if same_kind && fits => Obstacle::OwnCopy,
                _ => Obstacle::Mismatch,
            }
        }
        (ExternType::Table(import), ExternType::Table(export)) => {
            let same_kind =
                import.element_type == export.element_type && import.table64 == export.table64;
            let fits = fits(
                import.initial,
                import.maximum,
                export.initial,
                export.maximum,
            );
            match source {
                Source::Instance(_) if same_kind => Obstacle::Limit(SkipReason::SharedTable),
                Source::Host if same_kind && fits => Obstacle::OwnCopy,
                _ => Obstacle::Mismatch,
            }
        }
        // The compiler makes it a tag of the module.
        (ExternType::Tag(import), ExternType::Tag(export)) if import == export => Obstacle::OwnCopy,
        _ => Obstacle::Mismatch,
    }
}

/// Whether something with the exporter's limits may be imported under the importer's.
fn fits(
    import_initial: u64,
    import_maximum: Option<u64>,
    export_initial: u64,
    export_maximum: Option<u64>,
) -> bool {
    let maximum_fits = match (import_maximum, export_maximum) {
        (None, _) => true,
        (Some(import), Some(export)) => export <= import,
        (Some(_), None) => false,
    };
    export_initial >= import_initial && maximum_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(importer: &str, exporter: Exporter<'_>) -> Plan {
        let interface = Interface::of_text(importer).expect("the importer is valid");
        Plan::new(&interface, |module| (module == "x").then_some(exporter))
    }

    fn with_instance(importer: &str, exporter: &str) -> Plan {
        let exporter = Interface::of_text(exporter).expect("the exporter is valid");
        plan(importer, Exporter::Instance(3, &exporter))
    }

    fn with_host(importer: &str) -> Plan {
        let host = Interface::of_text(SPECTEST).expect("the host module is valid");
        plan(importer, Exporter::Host(&host))
    }

    fn reasons(plan: &Plan) -> Vec<SkipReason> {
        plan.blockers.iter().map(|blocker| blocker.reason).collect()
    }

    #[test]
    fn functions_and_constants_of_an_instance_link() {
        let plan = with_instance(
            r#"(module (import "x" "f" (func (param i32))) (import "x" "g" (global f32)))"#,
            r#"(module (func (export "f") (param i32)) (global (export "g") f32 (f32.const 1)))"#,
        );
        assert_eq!(plan.links.len(), 2);
        assert!(
            plan.links
                .iter()
                .all(|link| link.source == Source::Instance(3))
        );
        assert!(plan.blockers.is_empty() && plan.unresolved.is_empty());
        assert!(plan.depends_on.contains(&3));
    }

    #[test]
    fn what_is_missing_or_of_another_type_is_unresolved() {
        for (importer, reason) in [
            (
                r#"(module (import "x" "f" (func)))"#,
                Some(SkipReason::LateFunctionLinking),
            ),
            (
                r#"(module (import "x" "nothing" (func)))"#,
                Some(SkipReason::LateFunctionLinking),
            ),
            (
                r#"(module (import "y" "f" (func)))"#,
                Some(SkipReason::LateFunctionLinking),
            ),
            (
                r#"(module (import "x" "f" (memory 1)))"#,
                Some(SkipReason::UncheckedMemoryImport),
            ),
            (r#"(module (import "x" "f" (global i32)))"#, None),
        ] {
            let plan = with_instance(importer, r#"(module (func (export "f") (param i32)))"#);
            assert!(plan.links.is_empty(), "{importer}");
            assert_eq!(plan.unresolved.len(), 1, "{importer}");
            assert_eq!(plan.unchecked(), reason, "{importer}");
        }
    }

    #[test]
    fn shared_state_of_an_instance_blocks() {
        let exporter = r#"(module
            (memory (export "m") 1) (table (export "t") 1 externref)
            (global (export "g") (mut i32) (i32.const 0)) (func $f)
            (func (export "f") (result funcref) (ref.func $f))
            (global (export "r") funcref (ref.func $f)))"#;
        for (importer, reason) in [
            (
                r#"(module (import "x" "m" (memory 1)))"#,
                SkipReason::SharedMemory,
            ),
            (
                r#"(module (import "x" "m" (memory 2)))"#,
                SkipReason::SharedMemory,
            ),
            (
                r#"(module (import "x" "t" (table 1 externref)))"#,
                SkipReason::SharedTable,
            ),
            (
                r#"(module (import "x" "g" (global (mut i32))))"#,
                SkipReason::SharedGlobal,
            ),
            (
                r#"(module (import "x" "r" (global funcref)))"#,
                SkipReason::ForeignReference,
            ),
            (
                r#"(module (import "x" "f" (func (result funcref))))"#,
                SkipReason::ForeignReference,
            ),
        ] {
            let plan = with_instance(importer, exporter);
            assert_eq!(reasons(&plan), [reason], "{importer}");
            assert_eq!(plan.blockers[0].exporter, Some(3), "{importer}");
        }
    }

    #[test]
    fn the_reason_of_a_skipped_exporter_carries_over() {
        let importer = r#"(module (import "x" "f" (func)))"#;
        let plan_ = plan(importer, Exporter::Skipped(SkipReason::SharedTable));
        assert_eq!(reasons(&plan_), [SkipReason::SharedTable]);
        assert!(plan(importer, Exporter::Failed).broken);
    }

    #[test]
    fn memory_and_table_of_the_host_are_made_afresh() {
        for importer in [
            r#"(module (import "x" "memory" (memory 1)))"#,
            r#"(module (import "x" "memory" (memory 1 2)))"#,
            r#"(module (import "x" "memory" (memory 0 3)))"#,
            r#"(module (import "x" "table" (table 10 funcref)))"#,
            r#"(module (import "x" "table" (table 5 funcref)))"#,
        ] {
            let plan = with_host(importer);
            assert_eq!(reasons(&plan), [], "{importer}");
            assert!(plan.unresolved.is_empty(), "{importer}");
        }
        for importer in [
            r#"(module (import "x" "memory" (memory 3)))"#,
            r#"(module (import "x" "memory" (memory 1 1)))"#,
            r#"(module (import "x" "table" (table 10 externref)))"#,
            r#"(module (import "x" "memory" (memory 1 2 shared)))"#,
        ] {
            assert_eq!(with_host(importer).unresolved.len(), 1, "{importer}");
        }
    }
}

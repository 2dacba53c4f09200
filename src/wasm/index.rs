//! Defines one index type per index space of WebAssembly, so that no index is used in the wrong space.

use cranelift_entity::entity_impl;

macro_rules! index_type {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);
        entity_impl!($name, $prefix);
    };
}

index_type!(
    /// Index of a function type in the type section.
    TypeIndex,
    "type"
);
index_type!(
    /// Index of a function: the imported ones first, then the defined ones.
    FuncIndex,
    "func"
);
index_type!(
    /// Index of a table, imported ones first.
    TableIndex,
    "table"
);
index_type!(
    /// Index of a linear memory, imported ones first.
    MemoryIndex,
    "memory"
);
index_type!(
    /// Index of a global variable, imported ones first.
    GlobalIndex,
    "global"
);
index_type!(
    /// Index of a tag, imported ones first.
    TagIndex,
    "tag"
);
index_type!(
    /// Index of an element segment.
    ElemIndex,
    "elem"
);
index_type!(
    /// Index of a data segment.
    DataIndex,
    "data"
);

//! Functions that MIPS code can call from afar.
//!
//! Code reaches a function of internal linkage by 16 bits from the global pointer and 16 bits more,
//! 64 KiB in all (`link/arch/mips.rs`), and any other by 32 bits. A partition's code is longer than
//! that. So before code is generated, all functions become such others, hidden ones.
//!
//! Subtle: partitions have functions of one name, thunks and such, which must not meet now. The
//! number of a function that has its entry here tells them apart; the symbols of bodies have their
//! own, and the linker knows them by it.

use inkwell::GlobalVisibility;
use inkwell::module::{Linkage, Module as LlvmModule};

use crate::abi::symbols::SymbolName;

/// Makes every function of `module` one that code reaches by 32 bits.
pub fn reach_functions(module: &LlvmModule) {
    let defined = || {
        let functions = module.get_functions();
        functions.filter(|function| function.count_basic_blocks() > 0)
    };
    let own = defined()
        .filter(|function| function.get_linkage() == Linkage::External)
        .find_map(
            |function| match SymbolName::parse_bytes(function.get_name().to_bytes()) {
                Some(SymbolName::Entry(number)) => Some(number),
                _ => None,
            },
        );
    for function in defined().filter(|function| function.get_linkage() == Linkage::Internal) {
        let global = function.as_global_value();
        let name = function.get_name().to_string_lossy().into_owned();
        if !matches!(SymbolName::parse(&name), Some(SymbolName::Body(_)))
            && let Some(own) = own
        {
            global.set_name(&format!("{name}#{own}"));
        }
        function.set_linkage(Linkage::External);
        global.set_visibility(GlobalVisibility::Hidden);
    }
}

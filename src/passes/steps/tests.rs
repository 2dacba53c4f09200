//! The lists of steps, beside the lists in `src/passes/tests/steps/`; `WASMELT_BLESS=1` rewrites these.

use std::path::Path;

use super::{Optimisation, Pass, Step, steps};
use crate::options::OptLevel;
use crate::targets::Arch;

/// The steps of `how`, one on a line.
fn list(how: &Optimisation) -> String {
    let steps = steps(how, None);
    steps.iter().map(|step| format!("{step}\n")).collect()
}

/// LLVM deletes a load that nothing uses, and its trap with it. Only the promotion of slots comes first.
#[test]
fn loads_are_held_before_llvm_deletes_any() {
    for level in [
        OptLevel::O1,
        OptLevel::O2,
        OptLevel::O3,
        OptLevel::Os,
        OptLevel::Oz,
    ] {
        let how = Optimisation {
            level,
            arch: Arch::X86_64,
            loads_trap: true,
            in_order: false,
            top_unused: true,
            vectorise: true,
            keep_environment: true,
            stack_checks: true,
            small: false,
            aligned_doubles: false,
        };
        let steps = steps(&how, Some("function(dce)"));
        let held = steps
            .iter()
            .position(|step| *step == Pass::HoldLoads.into());
        let before = &steps[..held.expect("loads are held")];
        let of_llvm = before.iter().filter(|step| !matches!(step, Step::Own(_)));
        let of_llvm: Vec<String> = of_llvm.map(Step::to_string).collect();
        assert_eq!(of_llvm, ["function(mem2reg)"], "{level}");
    }
}

#[test]
fn the_order_of_passes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/passes/tests/steps");
    let mut wrong = Vec::new();
    for level in [
        OptLevel::O0,
        OptLevel::O1,
        OptLevel::O2,
        OptLevel::O3,
        OptLevel::Os,
        OptLevel::Oz,
    ] {
        let speed = matches!(level, OptLevel::O2 | OptLevel::O3);
        let hardware = Optimisation {
            level,
            arch: Arch::X86_64,
            loads_trap: true,
            in_order: level == OptLevel::O0,
            top_unused: true,
            vectorise: speed,
            keep_environment: false,
            stack_checks: false,
            small: !speed && level > OptLevel::O1,
            aligned_doubles: false,
        };
        let software_in_place = Optimisation {
            arch: Arch::Thumb,
            loads_trap: false,
            vectorise: false,
            keep_environment: true,
            stack_checks: true,
            small: true,
            aligned_doubles: true,
            ..hardware
        };
        let exact = Optimisation {
            in_order: true,
            ..hardware
        };
        for (mode, how) in [
            ("hardware-bounds", hardware),
            ("hardware-bounds-exact", exact),
            ("thumb-in-place", software_in_place),
        ] {
            let file = folder.join(format!("{mode}-{level}.txt"));
            let list = list(&how);
            if std::env::var_os("WASMELT_BLESS").is_some() {
                std::fs::write(&file, &list).expect("the folder is there");
            } else if std::fs::read_to_string(&file).ok().as_ref() != Some(&list) {
                wrong.push(format!("{}:\n{list}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

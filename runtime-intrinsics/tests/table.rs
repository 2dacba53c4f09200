//! The table as the compiler reads it: names, groups, lists of names, and what each row promises.

use std::collections::HashSet;

use runtime_intrinsics::{
    CType, FloatCondition, GROUPS, Group, INTRINSICS, Kind, Selection, UnknownIntrinsic, find,
    find_symbol,
};

fn names(list: &str) -> Vec<&'static str> {
    let selection = Selection::parse(list).expect("a list of known names");
    selection.iter().map(|intrinsic| intrinsic.name).collect()
}

fn set(list: &str) -> HashSet<&'static str> {
    names(list).into_iter().collect()
}

#[test]
fn holds_every_function_and_constant_once() {
    let symbols: HashSet<_> = INTRINSICS
        .iter()
        .filter_map(|i| i.signature())
        .map(|s| s.symbol)
        .collect();
    let constants = INTRINSICS
        .iter()
        .filter(|i| i.signature().is_none())
        .count();
    assert_eq!((symbols.len(), constants), (66, 4));
    assert_eq!(INTRINSICS.len(), 70);
    assert!(
        symbols
            .iter()
            .all(|symbol| symbol.starts_with("aot_intrinsic_"))
    );
}

#[test]
fn no_name_means_two_things() {
    let mut seen = HashSet::new();
    for (group, _) in GROUPS {
        assert!(seen.insert(*group), "{group}");
    }
    for intrinsic in INTRINSICS {
        assert!(seen.insert(intrinsic.name), "{}", intrinsic.name);
        for instruction in intrinsic
            .instructions
            .iter()
            .filter(|i| **i != intrinsic.name)
        {
            assert!(seen.insert(instruction), "{instruction}");
        }
    }
}

#[test]
fn finds_by_name_instruction_and_symbol() {
    let add = find("llvm.experimental.constrained.fadd.f32").expect("the name of the option");
    assert_eq!(find("f32.add"), Some(add));
    assert_eq!(find_symbol("aot_intrinsic_fadd_f32"), Some(add));
    assert_eq!(find("f64.lt").map(|i| i.name), Some("f64_cmp"));
    assert_eq!(
        find("i64.trunc_sat_f32_u").map(|i| i.name),
        Some("i64_trunc_f32_u")
    );
    assert_eq!(find("llvm.fabs"), None);
    assert_eq!(find_symbol("aot_intrinsic_fadd"), None);
}

#[test]
fn signatures_are_the_runtime_s() {
    use CType::*;
    let table: &[(&str, &[CType], CType)] = &[
        ("aot_intrinsic_fadd_f32", &[F32, F32], F32),
        ("aot_intrinsic_sqrt_f64", &[F64], F64),
        ("aot_intrinsic_clz_i32", &[U32], U32),
        ("aot_intrinsic_ctz_i64", &[U64], U64),
        ("aot_intrinsic_i32_to_f64", &[I32], F64),
        ("aot_intrinsic_u64_to_f32", &[U64], F32),
        ("aot_intrinsic_f32_to_i64", &[F32], I64),
        ("aot_intrinsic_f64_to_u32", &[F64], U32),
        ("aot_intrinsic_f32_to_f64", &[F32], F64),
        ("aot_intrinsic_f64_to_f32", &[F64], F32),
        ("aot_intrinsic_f32_cmp", &[U32, F32, F32], I32),
        ("aot_intrinsic_f64_cmp", &[U32, F64, F64], I32),
        ("aot_intrinsic_i32_rem_s", &[I32, I32], I32),
        ("aot_intrinsic_i64_div_u", &[U64, U64], U64),
        ("aot_intrinsic_i64_shr_s", &[U64, U64], U64),
    ];
    for (symbol, params, result) in table {
        let signature = find_symbol(symbol)
            .and_then(|i| i.signature())
            .expect("a known symbol");
        assert_eq!(
            (signature.params, signature.result),
            (*params, *result),
            "{symbol}"
        );
    }
    assert_eq!(find("f64.const").map(|i| i.kind), Some(Kind::Constant(F64)));
}

#[test]
fn groups_hold_what_the_documentation_lists() {
    let sizes = [
        ("all", 70),
        ("i32.common", 4),
        ("i64.common", 10),
        ("f32.common", 14),
        ("f64.common", 16),
        ("fp.common", 30),
        ("f32xi32", 4),
        ("f64xi32", 4),
        ("f32xi64", 4),
        ("f64xi64", 4),
        ("fpxint", 16),
        ("constop", 4),
    ];
    assert_eq!(sizes.len(), GROUPS.len());
    for (group, size) in sizes {
        assert_eq!(names(group).len(), size, "{group}");
    }
    assert_eq!(set("fp.common"), set("f32.common,f64.common"));
    assert_eq!(set("fpxint"), set("f32xi32,f64xi32,f32xi64,f64xi64"));
    assert_eq!(
        set("i32.common"),
        set("i32.div_s,i32.div_u,i32.rem_s,i32.rem_u")
    );
    assert_eq!(
        set("constop"),
        set("i32.const,i64.const,f32.const,f64.const")
    );
    assert_eq!(
        set("f64xi64"),
        set("i64_trunc_f64_s,i64_trunc_f64_u,f64_convert_i64_s,f64_convert_i64_u")
    );
    assert!(set("f32.common").contains("llvm.copysign.f32"));
    assert!(set("f64.common").is_superset(&set("f32_demote_f64,f64_promote_f32")));
    assert!(set("i64.common").is_superset(&set("i64.or,i64.and,i64.mul,i64.shl,i64.shr_u")));
    assert!(
        INTRINSICS
            .iter()
            .all(|intrinsic| intrinsic.groups.contains(&Group::All))
    );
}

#[test]
fn lists_are_taken_name_by_name() {
    assert_eq!(names(""), [""; 0]);
    assert_eq!(
        names(" llvm.fabs.f32 ,,i64.div_s,"),
        ["i64.div_s", "llvm.fabs.f32"]
    );
    assert_eq!(names("f32_cmp,f32_cmp,f32.eq"), ["f32_cmp"]);
    let selection = Selection::parse("i64.common,fp.common,fpxint").expect("a documented list");
    assert!(selection.contains("i64.rem_u") && selection.contains("f32.nearest"));
    assert!(!selection.contains("i32.div_s") && !selection.contains("no such thing"));
    assert!(!selection.is_empty() && Selection::NONE.is_empty());
}

#[test]
fn an_unknown_name_is_refused_with_the_known_ones() {
    // Each contains a known name, and is none.
    for name in [
        "small",
        "i32.common2",
        "llvm.fabs.f32x",
        "F32.common",
        "aot_intrinsic_fadd_f32",
    ] {
        let list = format!("i32.div_s, {name} ,f32_cmp");
        let error = Selection::parse(&list).expect_err("an unknown name");
        assert_eq!(error, UnknownIntrinsic { name });
        let message = error.to_string();
        assert!(message.contains(&format!("`{name}`")), "{message}");
        assert!(
            GROUPS.iter().all(|(group, _)| message.contains(group)),
            "{message}"
        );
        assert!(
            INTRINSICS.iter().all(|i| message.contains(i.name)),
            "{message}"
        );
    }
}

#[test]
fn conditions_are_at_their_numbers() {
    for (number, condition) in FloatCondition::ALL.into_iter().enumerate() {
        assert_eq!(condition as usize, number);
        assert_eq!(FloatCondition::from_number(number as u32), Some(condition));
    }
    assert_eq!(FloatCondition::from_number(7), None);
}

//! `throw`, `try_table`, `throw_ref`, exception references, and the border to the host.

use std::sync::{Arc, OnceLock};

use wamr_host::{FuncType, Imports, Instance, InstanceOptions, Module, Val, ValType};
use wasmelt::Options;

use super::{Returns, Traps, check, check_options, check_with, for_each_mode, i32s};

/// Functions of one type, some of which throw: called by name, through a table, and from the host; with results of
/// every kind, which come back beside the exception's flag; with and without checks of the stack.
#[test]
fn functions_of_one_type_may_differ() {
    let module = r#"(module
        (import "host" "half" (func $half (param i32) (result f64)))
        (tag $t (param i32))
        (type $f (func (param i32) (result f64)))
        (table 4 funcref) (elem (i32.const 0) $half $plain $throws $endless)
        (func $plain (export "plain") (type $f) (f64.convert_i32_s (local.get 0)))
        (func $throws (type $f)
          (if (i32.ge_s (local.get 0) (i32.const 10)) (then (throw $t (local.get 0))))
          (f64.mul (call $plain (local.get 0)) (f64.const 2)))
        (func $endless (type $f)
          (f64.add (call $endless (i32.add (local.get 0) (i32.const 1))) (f64.const 1)))
        (func $endless_throws (export "overflow") (type $f)
          (if (i32.eq (local.get 0) (i32.const -1)) (then (throw $t (local.get 0))))
          (f64.add (call $endless_throws (i32.or (local.get 0) (i32.const 1))) (f64.const 1)))
        (func $long (param i32) (result i64)
          (if (local.get 0) (then (throw $t (i32.const 5)))) (i64.const -9))
        (func $wide (param i32) (result v128)
          (if (local.get 0) (then (throw $t (i32.const 6)))) (v128.const i32x4 1 2 3 4))
        (func $single (param i32) (result f32)
          (if (local.get 0) (then (throw $t (i32.const 7)))) (f32.const 2.5))
        (func $two (param i32) (result i32 i64)
          (if (local.get 0) (then (throw $t (i32.const 8)))) (i32.const 3) (i64.const 4))
        (func (export "sum") (param i32) (result i32)
          (local $a i32) (local $b i64)
          (block $h (result i32)
            (try_table (catch $t $h)
              (call $two (i32.eq (local.get 0) (i32.const 4)))
              (local.set $b) (local.set $a)
              (return (i32.add (i32.add (local.get $a) (i32.wrap_i64 (local.get $b)))
                (i32.add (i32.add
                  (i32.wrap_i64 (call $long (i32.eq (local.get 0) (i32.const 1))))
                  (i32x4.extract_lane 3 (call $wide (i32.eq (local.get 0) (i32.const 2)))))
                  (i32.trunc_f32_s (call $single (i32.eq (local.get 0) (i32.const 3))))))))
            (unreachable)))
        (func (export "through") (param i32) (result i32)
          (block $h (result i32)
            (try_table (result i32) (catch $t $h)
              (i32.trunc_f64_s (f64.add
                (call_indirect (type $f) (local.get 0) (i32.and (local.get 0) (i32.const 3)))
                (call_indirect (type $f) (i32.const 9) (i32.const 2))))))))"#;
    let mut imports = Imports::new();
    let ty = FuncType::new([ValType::I32], [ValType::F64]);
    imports.function("host", "half", ty, |_, arguments| match arguments {
        [Val::I32(value)] => Ok(vec![Val::f64(f64::from(*value) / 2.0)]),
        _ => Err("arguments of another type".to_owned()),
    });
    let overflow = Traps("native stack overflow");
    let calls = [
        ("sum", Some(0), i32s(&[3 + 4 - 9 + 4 + 2])),
        ("sum", Some(1), i32s(&[5])),
        ("sum", Some(2), i32s(&[6])),
        ("sum", Some(3), i32s(&[7])),
        ("sum", Some(4), i32s(&[8])),
        ("through", Some(8), i32s(&[4 + 18])),
        ("through", Some(5), i32s(&[5 + 18])),
        ("through", Some(6), i32s(&[12 + 18])),
        ("through", Some(14), i32s(&[14])),
        ("through", Some(3), overflow.clone()),
        ("overflow", Some(0), overflow),
        ("overflow", Some(-1), Traps("uncaught exception of tag `t`")),
        ("plain", Some(3), Returns(vec![Val::f64(3.0)])),
    ];
    check_with(module, &imports, &calls);
    let options = Options {
        bounds_checks: Some(false),
        stack_bounds_checks: Some(true),
        ..Options::default()
    };
    check_options(module, &imports, &options, &calls);
}

/// Every type of value comes through, thrown by another function, in the right order.
#[test]
fn values_of_every_type_arrive() {
    let module = r#"(module
        (tag $t (param i32 i64 f32 f64 v128 funcref externref i32))
        (table 1 funcref) (elem (i32.const 0) $throw)
        (func $throw (export "throw") (param i32)
          (throw $t (local.get 0) (i64.const -5000000000) (f32.const 1.5) (f64.const -2.25)
            (v128.const i32x4 1 2 3 4) (ref.func $throw) (ref.null extern) (i32.const 77)))
        (func (export "catch") (param i32) (result i32 i64 f32 f64 i32 i32 i32 i32)
          (local $v v128) (local $f funcref) (local $e externref) (local $i i32)
          (local $a i32) (local $b i64) (local $c f32) (local $d f64)
          (block $h (result i32 i64 f32 f64 v128 funcref externref i32)
            (try_table (catch $t $h) (call $throw (local.get 0)))
            (unreachable))
          (local.set $i) (local.set $e) (local.set $f) (local.set $v)
          (local.set $d) (local.set $c) (local.set $b) (local.set $a)
          (local.get $a) (local.get $b) (local.get $c) (local.get $d)
          (i32x4.extract_lane 2 (local.get $v)) (ref.is_null (local.get $f))
          (ref.is_null (local.get $e)) (local.get $i)))"#;
    let values = vec![
        Val::I32(9),
        Val::I64(-5_000_000_000),
        Val::f32(1.5),
        Val::f64(-2.25),
        Val::I32(3),
        Val::I32(0),
        Val::I32(1),
        Val::I32(77),
    ];
    check(
        module,
        &[
            ("catch", Some(9), Returns(values)),
            ("throw", Some(1), Traps("uncaught exception of tag `t`")),
        ],
    );
}

/// The tag decides, then the order of the clauses; what no clause takes goes on outwards.
#[test]
fn the_first_clause_that_matches_takes_it() {
    let module = r#"(module
        (tag $a (param i32)) (tag $b (param i32)) (tag $c)
        (func $throw (param i32)
          (block $c (block $b (block $a (br_table $a $b $c (local.get 0)))
              (throw $a (i32.const 10)))
            (throw $b (i32.const 20)))
          (throw $c))
        (func (export "run") (param i32) (result i32)
          (block $all
            (block $outer (result i32)
              (try_table (result i32) (catch $b $outer) (catch_all $all)
                (block $inner (result i32)
                  (try_table (result i32) (catch $a $inner)
                    (call $throw (local.get 0))
                    (i32.const 1)))
                (i32.add (i32.const 100))))
            (return))
          (i32.const 3)))"#;
    check(
        module,
        &[
            ("run", Some(0), i32s(&[110])),
            ("run", Some(1), i32s(&[20])),
            ("run", Some(2), i32s(&[3])),
        ],
    );
}

/// A trap is no exception; nor is one that the runtime itself raises in a helper or a host function.
#[test]
fn traps_are_never_caught() {
    let module = r#"(module
        (import "host" "fail" (func $fail))
        (tag $t) (memory 1) (table $table 1 funcref)
        (func $throw (param i32) (if (local.get 0) (then (throw $t))))
        (func $inner (param i32)
          (call $throw (i32.eq (local.get 0) (i32.const 99)))
          (if (i32.eq (local.get 0) (i32.const 0)) (then (unreachable)))
          (if (i32.eq (local.get 0) (i32.const 1))
            (then (drop (i32.div_u (i32.const 1) (i32.const 0)))))
          (if (i32.eq (local.get 0) (i32.const 2))
            (then (drop (i32.load (i32.const 0x20000)))))
          (if (i32.eq (local.get 0) (i32.const 3)) (then (call_indirect (i32.const 0))))
          (if (i32.eq (local.get 0) (i32.const 4)) (then (call $fail)))
          (if (i32.eq (local.get 0) (i32.const 5)) (then
            (memory.fill (i32.const 0x20000) (i32.const 0) (i32.const 1)))))
        (func (export "run") (param i32) (result i32)
          (block $h
            (try_table (catch_all $h)
              (call $inner (local.get 0)))
            (return (i32.const 1)))
          (i32.const 2))
        (func (export "legacy") (param i32) (result i32)
          try (result i32) local.get 0 call $inner i32.const 1 catch_all i32.const 2 end))"#;
    let mut imports = Imports::new();
    let ty = FuncType::new([], []);
    imports.function(
        "host",
        "fail",
        ty,
        |_, _| Err("the host says no".to_owned()),
    );
    let mut calls = Vec::new();
    for name in ["run", "legacy"] {
        for (argument, exception) in [
            (0, "unreachable"),
            (1, "integer divide by zero"),
            (2, "out of bounds memory access"),
            (3, "uninitialized element"),
            (4, "the host says no"),
            (5, "out of bounds memory access"),
        ] {
            calls.push((name, Some(argument), Traps(exception)));
        }
        calls.push((name, Some(6), i32s(&[1])));
        calls.push((name, Some(99), i32s(&[2])));
    }
    check_with(module, &imports, &calls);
}

/// A function that catches, traps and would throw: the trap leaves no exception pending, which a later call would
/// catch. LLVM does not see that the access between two stores can end the function.
#[test]
fn a_trap_between_catch_and_throw_leaves_nothing_pending() {
    let module = r#"(module (memory 1) (tag $t)
        (func $throws (param i32)
          (if (i32.eqz (local.get 0)) (then (throw $t)))
          (call $throws (i32.sub (local.get 0) (i32.const 1)))
          (call $throws (i32.sub (local.get 0) (i32.const 1))))
        (func (export "load") (param i32)
          (block $h (try_table (catch_all $h) (call $throws (i32.const 3))))
          (drop (i32.load (local.get 0)))
          (throw $t))
        (func (export "store") (param i32)
          (block $h (try_table (catch_all $h) (call $throws (i32.const 3))))
          (i32.store (local.get 0) (i32.const 1))
          (throw $t))
        (func $maybe (param i32)
          (if (i32.gt_s (local.get 0) (i32.const 5)) (then (throw $t)))
          (if (local.get 0) (then
            (call $maybe (i32.sub (local.get 0) (i32.const 1)))
            (call $maybe (i32.sub (local.get 0) (i32.const 1))))))
        (func (export "later") (result i32)
          (block $h (try_table (catch_all $h) (call $maybe (i32.const 0)) (return (i32.const 1))))
          (i32.const 2)))"#;
    let out_of_bounds = || Traps("out of bounds memory access");
    check(
        module,
        &[
            ("later", None, i32s(&[1])),
            ("load", Some(65536), out_of_bounds()),
            ("later", None, i32s(&[1])),
            ("store", Some(65536), out_of_bounds()),
            ("later", None, i32s(&[1])),
            ("load", Some(0), Traps("uncaught exception of tag `t`")),
            ("later", None, i32s(&[1])),
        ],
    );
}

/// An exception that reaches the host becomes a trap, and leaves nothing behind.
#[test]
fn an_uncaught_exception_is_a_trap() {
    let module = r#"(module
        (tag (param i32)) (tag $named) (tag $t (export "exported") (param i64)) 
        (func (export "first") (throw 0 (i32.const 1)))
        (func $deep (throw $named))
        (func (export "second") (result f64) (call $deep) (f64.const 1))
        (func (export "third") (param i32) (result i32 i32)
          (throw $t (i64.const 1)))
        (func $plain (export "plain") (result i32) (i32.const 5))
        (func (export "caught") (result i32)
          (block $h (try_table (catch_all $h) (call $deep))) (call $plain)))"#;
    check(
        module,
        &[
            ("first", None, Traps("uncaught exception of tag 0")),
            ("plain", None, i32s(&[5])),
            ("second", None, Traps("uncaught exception of tag `named`")),
            ("caught", None, i32s(&[5])),
            ("third", Some(1), Traps("uncaught exception of tag `t`")),
            ("caught", None, i32s(&[5])),
            ("first", None, Traps("uncaught exception of tag 0")),
        ],
    );
}

/// The name of a tag is that of an export if there is no other.
#[test]
fn an_exported_tag_without_another_name_is_called_so() {
    let module = r#"(module (tag (export "of the export"))
        (func (export "run") (throw 0)))"#;
    let exception = "uncaught exception of tag `of the export`";
    check(module, &[("run", None, Traps(exception))]);
}

#[test]
fn a_start_function_may_throw() {
    let module = "(module (tag $t) (func $f (throw $t)) (func $start (call $f)) (start $start))";
    for_each_mode(module, |bytes, mode| {
        let module = Module::load(bytes, &Imports::new()).unwrap();
        let made = Instance::new(&module, &InstanceOptions::default());
        let text = made.err().expect("it throws").to_string();
        assert!(
            text.contains("uncaught exception of tag `t`"),
            "{mode}: {text}"
        );
    });
}

/// An exception inside a call from a host function is a trap of the outer call.
#[test]
fn the_host_lets_no_exception_through() {
    let module = r#"(module
        (import "host" "call" (func $call))
        (tag $t)
        (global $count (export "count") (mut i32) (i32.const 0))
        (func (export "throws") (throw $t))
        (func $maybe (param i32) (if (local.get 0) (then (throw $t))))
        (func (export "run") (result i32)
          (block $h
            (try_table (catch_all $h) (call $call) (call $maybe (i32.const 0)))
            (return (i32.const 1)))
          (i32.const 2))
        (func (export "after") (result i32)
          (block $h (try_table (catch_all $h) (call $maybe (i32.const 1))) (return (i32.const 1)))
          (i32.const 2)))"#;
    for_each_mode(module, |bytes, mode| {
        let instance = Arc::new(OnceLock::<Instance>::new());
        let inner = Arc::clone(&instance);
        let mut imports = Imports::new();
        imports.function("host", "call", FuncType::new([], []), move |_, _| {
            let instance = inner.get().expect("it calls after it was made");
            let error = instance.call("throws", &[]).unwrap_err();
            let trap = &error.trap().expect("the call traps").message;
            Err(format!("inside: {trap}"))
        });
        let module = Module::load(bytes, &imports).unwrap();
        let made = Instance::new(&module, &InstanceOptions::default()).unwrap();
        let instance = instance.get_or_init(|| made);
        let error = instance.call("run", &[]).unwrap_err();
        let trap = &error.trap().expect("the call traps").message;
        assert_eq!(trap, "inside: uncaught exception of tag `t`", "{mode}");
        assert_eq!(
            instance.call("after", &[]).unwrap(),
            [Val::I32(2)],
            "{mode}"
        );
    });
}

/// References to exceptions as locals, parameters, results, values of blocks and globals.
#[test]
fn references_go_everywhere_inside_the_module() {
    let module = r#"(module
        (tag $a (param i32 i64)) (tag $b)
        (global $kept (mut exnref) (ref.null exn))
        (func $throw (param i32)
          (if (local.get 0) (then (throw $a (local.get 0) (i64.const 7)))) (throw $b))
        (func $catch (param i32) (result i32 exnref)
          (i32.const 5)
          (block $h (result exnref)
            (try_table (catch_all_ref $h) (call $throw (local.get 0)))
            (unreachable)))
        (func $pass (param exnref i32 exnref) (result exnref i32)
          (select (result exnref) (local.get 0) (local.get 2) (local.get 1)) (local.get 1))
        (func (export "throw-again") (param i32) (result i32 i64)
          (local $first exnref) (local $second exnref)
          (call $catch (local.get 0)) (local.set $first) (drop)
          (call $catch (i32.const 0)) (local.set $second) (drop)
          (global.set $kept (local.get $second))
          (block $h (result i32 i64)
            (try_table (catch $a $h)
              (call $pass (local.get $first) (i32.const 1) (local.get $second))
              (drop)
              (global.set $kept)
              (throw_ref (global.get $kept)))
            (unreachable)))
        (func (export "kept") (result i32)
          (ref.is_null (global.get $kept)))
        (func (export "throw-kept") (throw_ref (global.get $kept)))
        (func (export "forget") (global.set $kept (ref.null exn)))
        (func $is-null (param exnref) (result i32) (ref.is_null (local.get 0)))
        (func (export "nulls") (result i32) (local exnref)
          (i32.add (call $is-null (local.get 0)) (call $is-null (ref.null exn))))
        (table 1 funcref) (elem (i32.const 0) $is-null)
        (func (export "indirect") (param i32) (result i32)
          (call $catch (local.get 0)) 
          (call_indirect (param exnref) (result i32) (i32.const 0)) (drop)))"#;
    check(
        module,
        &[
            ("kept", None, i32s(&[1])),
            (
                "throw-again",
                Some(3),
                Returns(vec![Val::I32(3), Val::I64(7)]),
            ),
            ("kept", None, i32s(&[0])),
            ("throw-kept", None, Traps("uncaught exception of tag `a`")),
            (
                "throw-again",
                Some(0),
                Traps("uncaught exception of tag `b`"),
            ),
            ("throw-kept", None, Traps("uncaught exception of tag `b`")),
            ("forget", None, i32s(&[])),
            ("throw-kept", None, Traps("null exception reference")),
            ("kept", None, i32s(&[1])),
            ("nulls", None, i32s(&[2])),
            ("indirect", Some(1), i32s(&[5])),
        ],
    );
}

/// The host has no references to exceptions: it cannot call a function with one in its type.
#[test]
fn references_stop_at_the_host() {
    let module = r#"(module (tag $t)
        (func (export "result") (result exnref) (ref.null exn))
        (func (export "second") (result i32 exnref) (i32.const 1) (ref.null exn))
        (func (export "inside") (result i32) (local $x exnref)
          (block $h (result exnref)
            (try_table (catch_all_ref $h) (throw $t)) (unreachable))
          (ref.is_null)))"#;
    let exception = "the host has no exception references";
    check(
        module,
        &[
            ("result", None, Traps(exception)),
            ("inside", None, i32s(&[0])),
        ],
    );
}

/// A call of a function that a table names finds its exceptions, whatever element holds it.
#[test]
fn exceptions_come_through_tables() {
    let module = r#"(module
        (tag $t (param i32))
        (type $f (func (param i32) (result i32)))
        (table $fixed 3 funcref) (elem (table $fixed) (i32.const 0) func $throw $double)
        (table $open (export "open") 3 funcref) (elem (table $open) (i32.const 0) func $double $throw)
        (func $throw (type $f) (throw $t (i32.add (local.get 0) (i32.const 1000))))
        (func $double (type $f) (i32.mul (local.get 0) (i32.const 2)))
        (func (export "fixed") (param i32) (result i32)
          (block $h (result i32)
            (try_table (result i32) (catch $t $h)
              (call_indirect $fixed (type $f) (local.get 0) (local.get 0)))))
        (func (export "open-table") (param i32) (result i32)
          (block $h (result i32)
            (try_table (result i32) (catch $t $h)
              (call_indirect $open (type $f) (local.get 0) (local.get 0)))))
        (func (export "tail") (param i32) (result i32)
          (block $h (result i32)
            (try_table (result i32) (catch $t $h)
              (return_call_indirect $open (type $f) (local.get 0) (local.get 0))))))"#;
    check(
        module,
        &[
            ("fixed", Some(0), i32s(&[1000])),
            ("fixed", Some(1), i32s(&[2])),
            ("fixed", Some(2), Traps("uninitialized element")),
            ("open-table", Some(0), i32s(&[0])),
            ("open-table", Some(1), i32s(&[1001])),
            ("open-table", Some(3), Traps("undefined element")),
            ("tail", Some(0), i32s(&[0])),
            ("tail", Some(1), Traps("uncaught exception of tag `t`")),
        ],
    );
}

/// Ten thousand frames between throw and catch; each has something to do on the way.
#[test]
fn exceptions_cross_many_frames() {
    let module = r#"(module
        (tag $t (param i32)) (memory 1)
        (global $unwound (mut i32) (i32.const 0))
        (func $down (param i32) (result i32)
          (local $e exnref)
          (if (i32.eqz (local.get 0)) (then (throw $t (i32.const 42))))
          (block $h (result exnref)
            (try_table (catch_all_ref $h)
              (return (i32.add (i32.const 1) (call $down (i32.sub (local.get 0) (i32.const 1))))))
            (unreachable))
          (local.set $e)
          (global.set $unwound (i32.add (global.get $unwound) (i32.const 1)))
          (throw_ref (local.get $e)))
        (func (export "run") (param i32) (result i32 i32)
          (block $h (result i32)
            (try_table (result i32) (catch $t $h) (call $down (local.get 0))))
          (global.get $unwound))
        (func $plain (param i32) (result i32)
          (if (i32.eqz (local.get 0)) (then (throw $t (i32.const 43))))
          (i32.add (i32.const 1) (call $plain (i32.sub (local.get 0) (i32.const 1)))))
        (func (export "plain") (param i32) (result i32)
          (block $h (result i32)
            (try_table (result i32) (catch $t $h) (call $plain (local.get 0))))))"#;
    check(
        module,
        &[
            ("run", Some(10_000), i32s(&[42, 10_000])),
            ("plain", Some(10_000), i32s(&[43])),
        ],
    );
}

/// A label of a loop, with values, as the target of a clause; locals keep what they had at the throw.
#[test]
fn a_clause_may_name_a_loop() {
    let module = r#"(module
        (tag $t (param i32))
        (func $throw (param i32) (throw $t (i32.mul (local.get 0) (i32.const 3))))
        (func (export "run") (param i32) (result i32 i32) (local $sum i32) (local $rounds i32)
          (local.get 0)
          (loop $again (param i32)
            (local.set $sum)
            (local.set $rounds (i32.add (local.get $rounds) (i32.const 1)))
            (if (i32.lt_u (local.get $sum) (i32.const 100)) (then
              (try_table (catch $t $again)
                (call $throw (local.get $sum))))))
          (local.get $sum) (local.get $rounds)))"#;
    check(module, &[("run", Some(5), i32s(&[135, 4]))]);
}

/// Two imports of one tag are one, two tags of equal type are two.
#[test]
fn imported_tags_are_told_apart_by_their_names() {
    let module = r#"(module
        (import "m" "a" (tag $a (param i32)))
        (import "m" "b" (tag $b (param i32)))
        (import "m" "a" (tag $again (param i32)))
        (func $throw (param i32)
          (if (local.get 0) (then (throw $again (i32.const 1)))) (throw $b (i32.const 2)))
        (func (export "run") (param i32) (result i32)
          (block $h (result i32)
            (try_table (catch $a $h) (call $throw (local.get 0))) (unreachable))))"#;
    check(
        module,
        &[
            ("run", Some(1), i32s(&[1])),
            ("run", Some(0), Traps("uncaught exception of tag `b`")),
        ],
    );
}

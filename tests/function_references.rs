//! References to functions of one type, on the real runtime: calls, tables with first values, and references
//! that the host gets wrong. A host passes an index; nothing keeps it from passing one of another type.

use wamr_host::{Error, Imports, Instance, InstanceOptions, Module, Val};
use wasmelt::Options;
use wasmelt::options::OptLevel;

/// Shows an instance for each level, each kind of bounds checks, and code in place.
#[track_caller]
fn in_every_mode(text: &str, check: impl Fn(&Instance, &str)) {
    let wasm = wat::parse_str(text).unwrap();
    for opt_level in [OptLevel::O0, OptLevel::O1, OptLevel::O3, OptLevel::Oz] {
        for bounds_checks in [false, true] {
            for in_place in [false, true] {
                let mut options = Options {
                    opt_level,
                    bounds_checks: Some(bounds_checks),
                    ..Options::default()
                };
                options.runtime.indirect_mode = in_place;
                let mode = format!("{opt_level:?}, checks {bounds_checks}, in place {in_place}");
                let artifact = wasmelt::compile(&wasm, &options).unwrap();
                let module = Module::load(&artifact.bytes, &Imports::new()).unwrap();
                let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
                check(&instance, &mode);
            }
        }
    }
}

#[track_caller]
fn traps(instance: &Instance, name: &str, arguments: &[Val], exception: &str, mode: &str) {
    match instance.call(name, arguments) {
        Err(Error::Trap(trap)) => {
            let found = trap.to_string();
            assert!(found.contains(exception), "{mode}: {found}");
        }
        other => panic!("{mode}: {name}: {other:?}"),
    }
}

#[test]
fn references_of_the_host_are_checked() {
    let text = r#"(module
        (type $f (func (param i32) (result i32)))
        (type $g (func (param i64) (result i64)))
        (func $twice (type $f) (i32.mul (local.get 0) (i32.const 2)))
        (func $other (type $g) (local.get 0))
        (func $hidden (type $f) (i32.const 99))
        (elem declare func $twice $other)
        (func (export "get") (result (ref $f)) (ref.func $twice))
        (func (export "call") (param (ref $f) i32) (result i32)
            (call_ref $f (local.get 1) (local.get 0)))
        (func (export "tail") (param (ref $f) i32) (result i32)
            (return_call_ref $f (local.get 1) (local.get 0)))
        (func (export "as_non_null") (param (ref null $f)) (result (ref $f))
            (ref.as_non_null (local.get 0))))"#;
    in_every_mode(text, |instance, mode| {
        let twice = Val::FuncRef(Some(0));
        assert_eq!(instance.call("get", &[]).unwrap(), [twice], "{mode}");
        for name in ["call", "tail"] {
            let call = |index| instance.call(name, &[Val::FuncRef(index), Val::I32(21)]);
            assert_eq!(call(Some(0)).unwrap(), [Val::I32(42)], "{mode}");
            for (index, exception) in [
                (None, "null function reference"),
                (Some(1), "indirect call type mismatch"),
                // No reference names it.
                (Some(2), "indirect call type mismatch"),
                (Some(7), "null function reference"),
                (Some(0x7fff_ffff), "null function reference"),
            ] {
                let arguments = [Val::FuncRef(index), Val::I32(0)];
                traps(instance, name, &arguments, exception, mode);
            }
        }
        let null = [Val::FuncRef(None)];
        traps(instance, "as_non_null", &null, "null reference", mode);
        assert_eq!(instance.call("as_non_null", &[twice]).unwrap(), [twice]);
    });
}

#[test]
fn tables_start_with_their_values() {
    let text = r#"(module
        (type $f (func (result i32)))
        (func $one (type $f) (i32.const 1))
        (func $two (type $f) (i32.const 2))
        (func $three (type $f) (i32.const 3))
        (table $a 5 (ref $f) (ref.func $one))
        (table $b 3 (ref null $f) (ref.func $two))
        (table $c 2 (ref null $f) (ref.null $f))
        (elem $three (ref $f) (ref.func $three) (ref.func $three))
        (elem (table $a) (i32.const 1) (ref $f) (ref.func $two))
        (elem declare func $one)
        (func (export "a") (param i32) (result i32) (call_ref $f (table.get $a (local.get 0))))
        (func (export "b") (param i32) (result i32)
            (call_indirect $b (type $f) (local.get 0)))
        (func (export "c") (param i32) (result i32) (call_ref $f (table.get $c (local.get 0))))
        (func (export "init") (table.init $b $three (i32.const 1) (i32.const 0) (i32.const 1)))
        (func (export "drop") (elem.drop $three)))"#;
    in_every_mode(text, |instance, mode| {
        let call = |name, index| instance.call(name, &[Val::I32(index)]).unwrap();
        for (index, expected) in [(0, 1), (1, 2), (2, 1), (4, 1)] {
            assert_eq!(call("a", index), [Val::I32(expected)], "{mode}");
        }
        assert_eq!(call("b", 1), [Val::I32(2)], "{mode}");
        traps(
            instance,
            "c",
            &[Val::I32(0)],
            "null function reference",
            mode,
        );
        instance.call("init", &[]).unwrap();
        assert_eq!(call("b", 1), [Val::I32(3)], "{mode}");
        assert_eq!(call("b", 2), [Val::I32(2)], "{mode}");
        instance.call("drop", &[]).unwrap();
        traps(instance, "init", &[], "out of bounds table access", mode);
    });
}

#[test]
fn exceptions_leave_calls_by_reference() {
    let text = r#"(module
        (tag $t (param i32))
        (type $f (func (param i32)))
        (func $throw (type $f) (throw $t (local.get 0)))
        (func $not (type $f))
        (elem declare func $throw $not)
        (func $through (param (ref $f) i32) (call_ref $f (local.get 1) (local.get 0)))
        (func $catch (param (ref $f)) (result i32)
            (block $caught (result i32)
                (try_table (catch $t $caught) (call $through (local.get 0) (i32.const 7)))
                (i32.const 0)))
        (func (export "throws") (result i32) (call $catch (ref.func $throw)))
        (func (export "returns") (result i32) (call $catch (ref.func $not))))"#;
    in_every_mode(text, |instance, mode| {
        assert_eq!(
            instance.call("throws", &[]).unwrap(),
            [Val::I32(7)],
            "{mode}"
        );
        assert_eq!(
            instance.call("returns", &[]).unwrap(),
            [Val::I32(0)],
            "{mode}"
        );
    });
}

#[test]
fn tail_calls_by_reference_take_no_stack() {
    let text = r#"(module
        (type $f (func (param i32 i32) (result i32)))
        (func $count (type $f)
            (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
            (return_call_ref $f (i32.sub (local.get 0) (i32.const 1))
                (i32.add (local.get 1) (i32.const 3)) (global.get $g)))
        (global $g (mut (ref $f)) (ref.func $count))
        (func (export "run") (result i32)
            (call_ref $f (i32.const 1000000) (i32.const 0) (global.get $g))))"#;
    in_every_mode(text, |instance, mode| {
        assert_eq!(
            instance.call("run", &[]).unwrap(),
            [Val::I32(3_000_000)],
            "{mode}"
        );
    });
}

/// Types that the runtime cannot tell apart are different types for `call_indirect`.
#[test]
fn types_with_references_to_different_types_differ() {
    let text = r#"(module
        (type $a (func)) (type $b (func (result i32)))
        (type $ra (func (param (ref null $a)))) (type $rb (func (param (ref null $b))))
        (table funcref (elem $f))
        (func $f (type $ra))
        (func (export "same") (call_indirect (type $ra) (ref.null $a) (i32.const 0)))
        (func (export "other") (call_indirect (type $rb) (ref.null $b) (i32.const 0))))"#;
    in_every_mode(text, |instance, mode| {
        assert_eq!(instance.call("same", &[]).unwrap(), [], "{mode}");
        traps(instance, "other", &[], "indirect call type mismatch", mode);
    });
}

#[test]
fn what_the_file_cannot_say_is_refused() {
    let refusal = |text: &str| {
        let wasm = wat::parse_str(text).unwrap();
        let error = wasmelt::compile(&wasm, &Options::default()).unwrap_err();
        error.to_string()
    };
    let message = refusal(
        r#"(module (type $f (func)) (import "m" "g" (global (ref $f)))
            (table 1 (ref $f) (global.get 0)))"#,
    );
    assert!(
        message
            .ends_with("a table that starts with the value of an imported global is not supported"),
        "{message}"
    );
    assert_eq!(
        refusal("(module (func $f) (table 2000000 funcref (ref.func $f)))"),
        "table 0 starts with 2000000 elements instead of null references, where at most 1048576 are \
         possible"
    );
}

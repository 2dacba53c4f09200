//! `try`, `catch`, `catch_all`, `rethrow` and `delegate`.

use super::{Traps, check, i32s};

/// A function that throws tag 0, 1 or 2, or returns 9, as its argument says.
const THROW: &str = "(tag $a (param i32)) (tag $b (param i32 i32)) (tag $c)
    (func $throw (param i32) (result i32)
      (block $none (block $c (block $b (block $a
              (br_table $a $b $c $none (local.get 0)))
            (throw $a (i32.const 10)))
          (throw $b (i32.const 20) (i32.const 21)))
        (throw $c))
      (i32.const 9))";

#[test]
fn clauses_are_tried_in_order() {
    let module = format!(
        r#"(module {THROW}
        (func (export "run") (param i32) (result i32)
          try (result i32)
            local.get 0 call $throw
          catch $a
            i32.const 100 i32.add
          catch $b
            i32.mul
          catch_all
            i32.const 5
          end))"#
    );
    check(
        &module,
        &[
            ("run", Some(0), i32s(&[110])),
            ("run", Some(1), i32s(&[420])),
            ("run", Some(2), i32s(&[5])),
            ("run", Some(3), i32s(&[9])),
        ],
    );
}

#[test]
fn what_no_clause_takes_goes_on() {
    let module = format!(
        r#"(module {THROW}
        (func (export "run") (param i32) (result i32)
          try (result i32)
            try (result i32)
              try (result i32)
                local.get 0 call $throw
              end
            catch $a
              i32.const 1 i32.add
            end
          catch $b
            i32.sub
          end))"#
    );
    check(
        &module,
        &[
            ("run", Some(0), i32s(&[11])),
            ("run", Some(1), i32s(&[-1])),
            ("run", Some(2), Traps("uncaught exception of tag `c`")),
            ("run", Some(3), i32s(&[9])),
        ],
    );
}

/// `rethrow` throws the exception of the clause that it names, with its values, also from `catch_all` and
/// after another exception has been caught.
#[test]
fn rethrow_names_a_clause() {
    let module = format!(
        r#"(module {THROW}
        (func $again (param i32) (result i32)
          try (result i32)
            local.get 0 call $throw
          catch_all
            try (result i32)
              i32.const 0 call $throw
            catch $a
              drop
              rethrow 1
            end
          end)
        (func (export "run") (param i32) (result i32)
          try (result i32)
            local.get 0 call $again
          catch $b
            i32.mul
          catch $a
          end)
        (func (export "inner") (param i32) (result i32)
          try (result i32)
            try (result i32)
              local.get 0 call $throw
            catch $b
              drop
              try (param i32) (result i32)
                i32.const 1 i32.add
                call $throw
              catch $b
                drop drop
                rethrow 0
              catch_all
                rethrow 1
              end
            end
          catch $a
            i32.const 1000 i32.add
          catch $b
            i32.add
          end))"#
    );
    check(
        &module,
        &[
            ("run", Some(1), i32s(&[420])),
            ("run", Some(0), i32s(&[10])),
            ("run", Some(2), Traps("uncaught exception of tag `c`")),
            ("run", Some(3), i32s(&[9])),
            ("inner", Some(0), i32s(&[1010])),
            ("inner", Some(1), i32s(&[9])),
            ("inner", Some(3), i32s(&[9])),
        ],
    );
}

/// `delegate` leaves out the clauses between, and those of a clause that it stands in.
#[test]
fn delegate_chooses_the_handler() {
    let module = format!(
        r#"(module {THROW}
        (func (export "skip") (param i32) (result i32)
          try $outer (result i32)
            try $middle (result i32)
              try (result i32)
                local.get 0 call $throw
              delegate $outer
            catch_all
              i32.const 1
            end
          catch_all
            i32.const 2
          end)
        (func (export "near") (param i32) (result i32)
          try $outer (result i32)
            try $middle (result i32)
              try (result i32)
                local.get 0 call $throw
              delegate $middle
            catch_all
              i32.const 1
            end
          catch_all
            i32.const 2
          end)
        (func (export "caller") (param i32) (result i32)
          try (result i32)
            block (result i32)
              try (result i32)
                local.get 0 call $throw
              delegate 2
            end
          catch_all
            i32.const 1
          end)
        (func (export "from-clause") (param i32) (result i32)
          try $outer (result i32)
            try $inner (result i32)
              local.get 0 call $throw
            catch_all
              try (result i32)
                i32.const 0 call $throw
              delegate $inner
            end
          catch $a
            i32.const 7 i32.add
          end)
        (func (export "throw-here") (result i32)
          try $outer (result i32)
            try (result i32)
              try
                i32.const 3 i32.const 4 throw $b
              delegate 1
              i32.const 0
            catch_all
              i32.const 1
            end
          catch $b
            i32.add
          end))"#
    );
    check(
        &module,
        &[
            ("skip", Some(0), i32s(&[2])),
            ("skip", Some(3), i32s(&[9])),
            ("near", Some(0), i32s(&[1])),
            ("caller", Some(2), Traps("uncaught exception of tag `c`")),
            ("caller", Some(3), i32s(&[9])),
            ("from-clause", Some(1), i32s(&[17])),
            ("from-clause", Some(3), i32s(&[9])),
            ("throw-here", None, i32s(&[7])),
        ],
    );
}

/// Code after a throw, clauses that nothing reaches, and a `try` that nothing throws in.
#[test]
fn unreachable_parts_are_left_out() {
    let module = format!(
        r#"(module {THROW}
        (func (export "quiet") (param i32) (result i32)
          try (result i32) local.get 0 catch $a catch_all i32.const 1 end)
        (func (export "thrown") (param i32) (result i32)
          try (result i32)
            throw $c
            try i32.const 1 drop catch $a drop catch_all end
            try nop delegate 0
            i32.const 4
          catch $a
          catch_all
            i32.const 8
          catch_all_is_last
          end))"#
    )
    .replace("          catch_all_is_last\n", "");
    check(
        &module,
        &[
            ("quiet", Some(6), i32s(&[6])),
            ("thrown", Some(0), i32s(&[8])),
        ],
    );
}

/// Both forms in one module catch each other's exceptions.
#[test]
fn both_forms_work_together() {
    let module = format!(
        r#"(module {THROW}
        (func $legacy (param i32) (result i32)
          try (result i32) local.get 0 call $throw catch $a rethrow 0 catch $c i32.const 3 end)
        (func (export "run") (param i32) (result i32)
          (block $h (result i32)
            (try_table (result i32) (catch $a $h) (call $legacy (local.get 0)))))
        (func (export "nested") (param i32) (result i32)
          try (result i32)
            (block $h (result i32)
              (try_table (result i32) (catch $a $h) (call $throw (local.get 0))))
          catch_all
            i32.const 4
          end))"#
    );
    check(
        &module,
        &[
            ("run", Some(0), i32s(&[10])),
            ("run", Some(1), Traps("uncaught exception of tag `b`")),
            ("run", Some(2), i32s(&[3])),
            ("nested", Some(0), i32s(&[10])),
            ("nested", Some(2), i32s(&[4])),
        ],
    );
}

/// `delegate` leads around a `try_table` that catches everything, out of the function.
#[test]
fn delegate_passes_a_try_table() {
    let module = r#"(module (tag $t)
        (func $throw (throw $t))
        (func $f (block $b (try_table (catch_all $b) try call $throw delegate 1)))
        (func (export "run") (result i32)
          (block $h (try_table (catch_all $h) (call $f) (return (i32.const 1))))
          (i32.const 2)))"#;
    check(
        module,
        &[("run", None, i32s(&[2])), ("run", None, i32s(&[2]))],
    );
}

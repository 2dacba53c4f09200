(module
  (type $binary (func (param i32 i32) (result i32)))
  (import "env" "log" (func $log (param i32 i64 f32 f64) (result f64)))
  (import "env" "pair" (func $pair (param i64) (result i32 i64)))
  (memory (export "memory") 1 4)
  (data (i32.const 16) "\01\02\03\04\05\06\07\08")
  (table 4 funcref)
  (elem (i32.const 0) $add $divide $pick)
  (global $counter (mut i64) (i64.const 7))
  (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
  (func $divide (type $binary) (i32.div_s (local.get 0) (local.get 1)))
  (func $pick (export "pick") (type $binary)
    (block (block (block (block (block
      (br_table 0 1 2 3 4 (local.get 0)))
      (return (i32.const 11)))
      (return (call $add (local.get 1) (i32.const 3))))
      (return (i32.const 13)))
      (return (i32.popcnt (local.get 1))))
    (i32.clz (local.get 1)))
  (func (export "indirect") (param i32 i32 i32) (result i32)
    (call_indirect (type $binary) (local.get 0) (local.get 1) (local.get 2)))
  (func (export "wide") (param i64 i64) (result i64)
    (global.set $counter (i64.add (global.get $counter) (i64.const 1)))
    (i64.xor
      (i64.div_s (local.get 0) (local.get 1))
      (i64.xor
        (i64.rem_u (local.get 0) (local.get 1))
        (i64.xor
          (i64.rotl (local.get 0) (local.get 1))
          (i64.xor
            (i64.shr_s (local.get 0) (local.get 1))
            (i64.mul (local.get 0) (global.get $counter)))))))
  (func (export "floats") (param f32 f64) (result f64)
    (f64.add
      (f64.promote_f32
        (f32.min (local.get 0) (f32.nearest (f32.sqrt (f32.mul (local.get 0) (f32.const 1.25))))))
      (f64.max
        (f64.floor (f64.div (local.get 1) (f64.const 3.7)))
        (f64.copysign (f64.ceil (local.get 1)) (f64.trunc (f64.neg (local.get 1)))))))
  (func (export "convert") (param f32 f64 i64 i32) (result i64)
    (i64.add
      (i64.add
        (i64.trunc_f64_s (f64.add (local.get 1) (f64.convert_i64_u (local.get 2))))
        (i64.trunc_sat_f32_u (f32.convert_i32_u (local.get 3))))
      (i64.add
        (i64.extend_i32_u (i32.trunc_f32_u (local.get 0)))
        (i64.extend_i32_s (i32.trunc_sat_f64_s (f64.convert_i32_s (local.get 3)))))))
  (func (export "bytes") (param i32 i64) (result i64)
    (i64.store offset=3 (local.get 0) (local.get 1))
    (i32.store16 (local.get 0) (i32.load8_s offset=16 (local.get 0)))
    (f64.store (local.get 0) (f64.load offset=1000 (local.get 0)))
    (memory.fill (local.get 0) (i32.const 3) (i32.const 40))
    (memory.copy (local.get 0) (i32.const 300) (local.get 0))
    (i64.add (i64.load32_s (local.get 0)) (i64.extend_i32_u (memory.grow (i32.const 1)))))
  (func (export "host") (param i32 i64 f32 f64) (result f64) (local i64)
    (call $pair (local.get 1))
    (local.set 4)
    (local.set 0)
    (call $log (local.get 0) (local.get 4) (local.get 2) (local.get 3)))
  (func $fibonacci (export "fibonacci") (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
      (then (local.get 0))
      (else
        (i32.add
          (call $fibonacci (i32.sub (local.get 0) (i32.const 1)))
          (call $fibonacci (i32.sub (local.get 0) (i32.const 2)))))))

  ;; Exceptions, in both forms.
  (tag $pair (param i64 f32 funcref))
  (tag $empty)
  (global $caught (mut exnref) (ref.null exn))
  (func $throw (export "throw") (param i32)
    (if (local.get 0) (then (throw $empty)))
    (throw $pair (i64.const 5) (f32.const 1.5) (ref.null func)))
  (func $catch (export "catch") (param i32) (result i64)
    (local $caught exnref)
    (block $all (result exnref)
      (block $pair (result i64 f32 funcref)
        (try_table (catch $pair $pair) (catch_all_ref $all)
          (call $throw (local.get 0)))
        (return (i64.const 0)))
      drop drop
      return)
    (local.tee $caught)
    (global.set $caught)
    (throw_ref (select (result exnref)
      (local.get $caught) (global.get $caught) (local.get 0))))
  (func $pass (param exnref i32) (result exnref i32)
    (local.get 0) (local.get 1))
  (func (export "legacy") (param i32) (result i64)
    try (result i64)
      try (result i64)
        local.get 0
        call $catch
      delegate 0
    catch $empty
      i64.const 1
    catch_all
      global.get $caught
      i32.const 1
      call $pass
      drop
      global.set $caught
      rethrow 0
    end))

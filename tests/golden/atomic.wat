;;! threads = 1
;; Atomics on shared memory: bounds and alignment first; the runtime waits and notifies.
(module
  (memory 1 2 shared)
  (func (param i32 i64) (result i64) (i64.atomic.rmw16.add_u (local.get 0) (local.get 1)))
  (func (param i32 i32 i32) (result i32)
    (i32.atomic.rmw.cmpxchg (local.get 0) (local.get 1) (local.get 2)))
  (func (param i32) (result i32) (atomic.fence) (i32.atomic.load offset=4 (local.get 0)))
  (func (param i32) (result i32)
    (i32.add
      (memory.atomic.wait32 (local.get 0) (i32.const 1) (i64.const -1))
      (memory.atomic.notify (local.get 0) (i32.const 1))))
  (func (loop $again (br $again))))

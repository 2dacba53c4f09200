;;! threads = 1
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

;; define hidden i64 @"aot_func#0"(ptr %0, i32 %1, i64 %2, ptr swiftself %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca i32, align 4
;;   store i32 %1, ptr %6, align 4
;;   %7 = alloca i64, align 8
;;   store i64 %2, ptr %7, align 8
;;   br label %body
;; body:
;;   %8 = load i32, ptr %6, align 4
;;   %9 = load i64, ptr %7, align 8
;;   %10 = trunc i64 %9 to i16
;;   %11 = zext i32 %8 to i64
;;   %12 = getelementptr i8, ptr %3, i64 %11
;;   %13 = and i64 %11, 1
;;   %14 = icmp ne i64 %13, 0
;;   br i1 %14, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 12)
;;   ret i64 0
;; next:
;;   %15 = atomicrmw volatile add ptr %12, i16 %10 seq_cst, align 2
;;   %16 = zext i16 %15 to i64
;;   br label %return
;; return:
;;   %17 = phi i64 [ %16, %next ]
;;   ret i64 %17
;; }
;; define internal void @aot_probe_stack() {
;; entry:
;;   %0 = alloca [16384 x i8], align 1
;;   call void asm sideeffect "", "r,~{memory}"(ptr %0)
;;   ret void
;; }
;; define internal void @aot_raise(ptr %0, i32 %1) {
;; entry:
;;   call void @aot_probe_stack()
;;   %2 = getelementptr i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   call void @aot_set_exception_with_id(ptr %3, i32 %1)
;;   ret void
;; }
;; define hidden i32 @"aot_func#1"(ptr %0, i32 %1, i32 %2, i32 %3, ptr swiftself %4) {
;; entry:
;;   %5 = getelementptr inbounds i8, ptr %0, i64 16
;;   %6 = load ptr, ptr %5, align 8
;;   %7 = alloca i32, align 4
;;   store i32 %1, ptr %7, align 4
;;   %8 = alloca i32, align 4
;;   store i32 %2, ptr %8, align 4
;;   %9 = alloca i32, align 4
;;   store i32 %3, ptr %9, align 4
;;   br label %body
;; body:
;;   %10 = load i32, ptr %7, align 4
;;   %11 = load i32, ptr %8, align 4
;;   %12 = load i32, ptr %9, align 4
;;   %13 = zext i32 %10 to i64
;;   %14 = getelementptr i8, ptr %4, i64 %13
;;   %15 = and i64 %13, 3
;;   %16 = icmp ne i64 %15, 0
;;   br i1 %16, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 12)
;;   ret i32 0
;; next:
;;   %17 = cmpxchg ptr %14, i32 %11, i32 %12 seq_cst seq_cst, align 4
;;   %18 = extractvalue { i32, i1 } %17, 0
;;   br label %return
;; return:
;;   %19 = phi i32 [ %18, %next ]
;;   ret i32 %19
;; }
;; define hidden i32 @"aot_func#2"(ptr %0, i32 %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   br label %body
;; body:
;;   fence seq_cst
;;   %6 = load i32, ptr %5, align 4
;;   %7 = zext i32 %6 to i64
;;   %8 = add nuw i64 %7, 4
;;   %9 = getelementptr i8, ptr %2, i64 %8
;;   %10 = and i64 %8, 3
;;   %11 = icmp ne i64 %10, 0
;;   br i1 %11, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 12)
;;   ret i32 0
;; next:
;;   %12 = load atomic i32, ptr %9 seq_cst, align 4
;;   br label %return
;; return:
;;   %13 = phi i32 [ %12, %next ]
;;   ret i32 %13
;; }
;; define hidden i32 @"aot_func#3"(ptr %0, i32 %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   br label %body
;; body:
;;   %6 = load i32, ptr %5, align 4
;;   %7 = zext i32 %6 to i64
;;   %8 = getelementptr i8, ptr %2, i64 %7
;;   %9 = and i64 %7, 3
;;   %10 = icmp ne i64 %9, 0
;;   br i1 %10, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 12)
;;   ret i32 0
;; next:
;;   %11 = call i32 @wasm_runtime_atomic_wait(ptr %4, ptr %8, i64 1, i64 -1, i8 0)
;;   %12 = icmp eq i32 %11, -1
;;   br i1 %12, label %trap1, label %next2
;; trap1:
;;   call void @aot_raise(ptr %0, i32 33)
;;   ret i32 0
;; next2:
;;   %13 = getelementptr inbounds i8, ptr %0, i64 40
;;   %14 = load volatile i32, ptr %13, align 4
;;   %15 = and i32 %14, 1
;;   %16 = icmp ne i32 %15, 0
;;   br i1 %16, label %unwind, label %next3
;; unwind:
;;   ret i32 0
;; next3:
;;   %17 = load i32, ptr %5, align 4
;;   %18 = zext i32 %17 to i64
;;   %19 = getelementptr i8, ptr %2, i64 %18
;;   %20 = and i64 %18, 3
;;   %21 = icmp ne i64 %20, 0
;;   br i1 %21, label %trap, label %next4
;; next4:
;;   %22 = call i32 @wasm_runtime_atomic_notify(ptr %4, ptr %19, i32 1)
;;   %23 = icmp eq i32 %22, -1
;;   br i1 %23, label %trap1, label %next5
;; next5:
;;   %24 = add i32 %11, %22
;;   br label %return
;; return:
;;   %25 = phi i32 [ %24, %next5 ]
;;   ret i32 %25
;; }
;; define hidden void @"aot_func#4"(ptr %0, ptr swiftself %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   br label %body
;; body:
;;   br label %loop
;; loop:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 40
;;   %5 = load volatile i32, ptr %4, align 4
;;   %6 = and i32 %5, 1
;;   %7 = icmp ne i32 %6, 0
;;   br i1 %7, label %unwind, label %next
;; unwind:
;;   ret void
;; next:
;;   br label %loop
;; }
;; define hidden i64 @aot_func_stand_in(ptr %0, i32 %1, i64 %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   br label %trap
;; trap:
;;   call void @aot_raise(ptr %0, i32 0)
;;   ret i64 0
;; }

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

;; define hidden i64 @"aot_func#0"(ptr %0, i32 %1, i64 %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   %6 = alloca i64, align 8
;;   store i64 %2, ptr %6, align 8
;;   %7 = getelementptr inbounds i8, ptr %4, i64 8
;;   %8 = load ptr, ptr %7, align 8
;;   %9 = getelementptr inbounds i8, ptr %8, i64 0
;;   %10 = load ptr, ptr %9, align 8
;;   %11 = getelementptr inbounds i8, ptr %10, i64 32
;;   %12 = load ptr, ptr %11, align 8
;;   br label %body
;; body:
;;   %13 = load i32, ptr %5, align 4
;;   %14 = load i64, ptr %6, align 8
;;   %15 = trunc i64 %14 to i16
;;   %16 = zext i32 %13 to i64
;;   %17 = getelementptr i8, ptr %12, i64 %16
;;   %18 = and i64 %16, 1
;;   %19 = icmp ne i64 %18, 0
;;   br i1 %19, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 12)
;;   ret i64 0
;; next:
;;   %20 = atomicrmw volatile add ptr %17, i16 %15 seq_cst, align 2
;;   %21 = zext i16 %20 to i64
;;   br label %return
;; return:
;;   %22 = phi i64 [ %21, %next ]
;;   ret i64 %22
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
;; define hidden i32 @"aot_func#1"(ptr %0, i32 %1, i32 %2, i32 %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca i32, align 4
;;   store i32 %1, ptr %6, align 4
;;   %7 = alloca i32, align 4
;;   store i32 %2, ptr %7, align 4
;;   %8 = alloca i32, align 4
;;   store i32 %3, ptr %8, align 4
;;   %9 = getelementptr inbounds i8, ptr %5, i64 8
;;   %10 = load ptr, ptr %9, align 8
;;   %11 = getelementptr inbounds i8, ptr %10, i64 0
;;   %12 = load ptr, ptr %11, align 8
;;   %13 = getelementptr inbounds i8, ptr %12, i64 32
;;   %14 = load ptr, ptr %13, align 8
;;   br label %body
;; body:
;;   %15 = load i32, ptr %6, align 4
;;   %16 = load i32, ptr %7, align 4
;;   %17 = load i32, ptr %8, align 4
;;   %18 = zext i32 %15 to i64
;;   %19 = getelementptr i8, ptr %14, i64 %18
;;   %20 = and i64 %18, 3
;;   %21 = icmp ne i64 %20, 0
;;   br i1 %21, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 12)
;;   ret i32 0
;; next:
;;   %22 = cmpxchg ptr %19, i32 %16, i32 %17 seq_cst seq_cst, align 4
;;   %23 = extractvalue { i32, i1 } %22, 0
;;   br label %return
;; return:
;;   %24 = phi i32 [ %23, %next ]
;;   ret i32 %24
;; }
;; define hidden i32 @"aot_func#2"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   %5 = getelementptr inbounds i8, ptr %3, i64 8
;;   %6 = load ptr, ptr %5, align 8
;;   %7 = getelementptr inbounds i8, ptr %6, i64 0
;;   %8 = load ptr, ptr %7, align 8
;;   %9 = getelementptr inbounds i8, ptr %8, i64 32
;;   %10 = load ptr, ptr %9, align 8
;;   br label %body
;; body:
;;   fence seq_cst
;;   %11 = load i32, ptr %4, align 4
;;   %12 = zext i32 %11 to i64
;;   %13 = add nuw i64 %12, 4
;;   %14 = getelementptr i8, ptr %10, i64 %13
;;   %15 = and i64 %13, 3
;;   %16 = icmp ne i64 %15, 0
;;   br i1 %16, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 12)
;;   ret i32 0
;; next:
;;   %17 = load atomic i32, ptr %14 seq_cst, align 4
;;   br label %return
;; return:
;;   %18 = phi i32 [ %17, %next ]
;;   ret i32 %18
;; }
;; define hidden i32 @"aot_func#3"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   %5 = getelementptr inbounds i8, ptr %3, i64 8
;;   %6 = load ptr, ptr %5, align 8
;;   %7 = getelementptr inbounds i8, ptr %6, i64 0
;;   %8 = load ptr, ptr %7, align 8
;;   %9 = getelementptr inbounds i8, ptr %8, i64 32
;;   %10 = load ptr, ptr %9, align 8
;;   br label %body
;; body:
;;   %11 = load i32, ptr %4, align 4
;;   %12 = zext i32 %11 to i64
;;   %13 = getelementptr i8, ptr %10, i64 %12
;;   %14 = and i64 %12, 3
;;   %15 = icmp ne i64 %14, 0
;;   br i1 %15, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 12)
;;   ret i32 0
;; next:
;;   %16 = call i32 @wasm_runtime_atomic_wait(ptr %3, ptr %13, i64 1, i64 -1, i8 0)
;;   %17 = icmp eq i32 %16, -1
;;   br i1 %17, label %trap1, label %next2
;; trap1:
;;   call void @aot_raise(ptr %0, i32 33)
;;   ret i32 0
;; next2:
;;   %18 = getelementptr inbounds i8, ptr %0, i64 40
;;   %19 = load volatile i32, ptr %18, align 4
;;   %20 = and i32 %19, 1
;;   %21 = icmp ne i32 %20, 0
;;   br i1 %21, label %unwind, label %next3
;; unwind:
;;   ret i32 0
;; next3:
;;   %22 = load i32, ptr %4, align 4
;;   %23 = zext i32 %22 to i64
;;   %24 = getelementptr i8, ptr %10, i64 %23
;;   %25 = and i64 %23, 3
;;   %26 = icmp ne i64 %25, 0
;;   br i1 %26, label %trap, label %next4
;; next4:
;;   %27 = call i32 @wasm_runtime_atomic_notify(ptr %3, ptr %24, i32 1)
;;   %28 = icmp eq i32 %27, -1
;;   br i1 %28, label %trap1, label %next5
;; next5:
;;   %29 = add i32 %16, %27
;;   br label %return
;; return:
;;   %30 = phi i32 [ %29, %next5 ]
;;   ret i32 %30
;; }
;; define hidden void @"aot_func#4"(ptr %0) {
;; entry:
;;   %1 = getelementptr inbounds i8, ptr %0, i64 16
;;   %2 = load ptr, ptr %1, align 8
;;   %3 = getelementptr inbounds i8, ptr %2, i64 8
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = getelementptr inbounds i8, ptr %4, i64 0
;;   %6 = load ptr, ptr %5, align 8
;;   %7 = getelementptr inbounds i8, ptr %6, i64 32
;;   %8 = load ptr, ptr %7, align 8
;;   br label %body
;; body:
;;   br label %loop
;; loop:
;;   %9 = getelementptr inbounds i8, ptr %0, i64 40
;;   %10 = load volatile i32, ptr %9, align 4
;;   %11 = and i32 %10, 1
;;   %12 = icmp ne i32 %11, 0
;;   br i1 %12, label %unwind, label %next
;; unwind:
;;   ret void
;; next:
;;   br label %loop
;; }

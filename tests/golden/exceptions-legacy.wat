;;! bounds-checks = 1
;;! stack-bounds-checks = 0
(module
  (tag $t (param i32))
  (func $throw (param i32) (throw $t (local.get 0)))
  (func $catch (param i32) (result i32)
    try (result i32)
      local.get 0
      call $throw
      i32.const 1
    catch $t
    catch_all
      rethrow 0
    end)
  (func $delegate
    try $outer
      try
        i32.const 2
        call $throw
      delegate $outer
    catch_all
    end))

;; define hidden void @"aot_func#0"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = getelementptr inbounds i8, ptr %3, i64 468
;;   store i32 %5, ptr %6, align 4
;;   %7 = getelementptr inbounds i8, ptr %3, i64 464
;;   store i32 1, ptr %7, align 4
;;   %8 = getelementptr inbounds i8, ptr %3, i64 104
;;   store i8 1, ptr %8, align 1
;;   br label %unwind
;; unwind:
;;   ret void
;; }
;; define hidden i32 @"aot_func#1"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   call void @"aot_func#0"(ptr %0, i32 %5)
;;   %6 = getelementptr inbounds i8, ptr %3, i64 104
;;   %7 = load i8, ptr %6, align 1
;;   %8 = icmp ne i8 %7, 0
;;   br i1 %8, label %handler, label %next
;; handler:
;;   %9 = getelementptr inbounds i8, ptr %3, i64 464
;;   %10 = load i32, ptr %9, align 4
;;   %11 = icmp eq i32 %10, 0
;;   br i1 %11, label %unwind, label %caught
;; next:
;;   br label %end
;; unwind:
;;   ret i32 0
;; caught:
;;   %12 = icmp eq i32 %10, 1
;;   br i1 %12, label %catch, label %next1
;; catch:
;;   %13 = getelementptr inbounds i8, ptr %3, i64 464
;;   %14 = load i32, ptr %13, align 4
;;   %15 = insertvalue { i32, i32 } poison, i32 %14, 0
;;   %16 = getelementptr inbounds i8, ptr %3, i64 468
;;   %17 = load i32, ptr %16, align 4
;;   %18 = insertvalue { i32, i32 } %15, i32 %17, 1
;;   %19 = getelementptr inbounds i8, ptr %3, i64 468
;;   %20 = load i32, ptr %19, align 4
;;   %21 = getelementptr inbounds i8, ptr %3, i64 464
;;   store i32 0, ptr %21, align 4
;;   %22 = getelementptr inbounds i8, ptr %3, i64 104
;;   store i8 0, ptr %22, align 1
;;   br label %end
;; next1:
;;   %23 = getelementptr inbounds i8, ptr %3, i64 464
;;   %24 = load i32, ptr %23, align 4
;;   %25 = insertvalue { i32, i32 } poison, i32 %24, 0
;;   %26 = getelementptr inbounds i8, ptr %3, i64 468
;;   %27 = load i32, ptr %26, align 4
;;   %28 = insertvalue { i32, i32 } %25, i32 %27, 1
;;   %29 = getelementptr inbounds i8, ptr %3, i64 464
;;   store i32 0, ptr %29, align 4
;;   %30 = getelementptr inbounds i8, ptr %3, i64 104
;;   store i8 0, ptr %30, align 1
;;   %31 = extractvalue { i32, i32 } %28, 0
;;   %32 = getelementptr inbounds i8, ptr %3, i64 464
;;   store i32 %31, ptr %32, align 4
;;   %33 = extractvalue { i32, i32 } %28, 1
;;   %34 = getelementptr inbounds i8, ptr %3, i64 468
;;   store i32 %33, ptr %34, align 4
;;   %35 = getelementptr inbounds i8, ptr %3, i64 104
;;   store i8 1, ptr %35, align 1
;;   br label %unwind
;; end:
;;   %36 = phi i32 [ 1, %next ], [ %20, %catch ]
;;   br label %return
;; return:
;;   %37 = phi i32 [ %36, %end ]
;;   ret i32 %37
;; }
;; define hidden void @"aot_func#2"(ptr %0) {
;; entry:
;;   %1 = getelementptr inbounds i8, ptr %0, i64 16
;;   %2 = load ptr, ptr %1, align 8
;;   br label %body
;; body:
;;   call void @"aot_func#0"(ptr %0, i32 2)
;;   %3 = getelementptr inbounds i8, ptr %2, i64 104
;;   %4 = load i8, ptr %3, align 1
;;   %5 = icmp ne i8 %4, 0
;;   br i1 %5, label %handler, label %next
;; handler:
;;   br label %handler2
;; next:
;;   br label %end1
;; handler2:
;;   %6 = getelementptr inbounds i8, ptr %2, i64 464
;;   %7 = load i32, ptr %6, align 4
;;   %8 = icmp eq i32 %7, 0
;;   br i1 %8, label %unwind, label %caught
;; end1:
;;   br label %end
;; unwind:
;;   ret void
;; caught:
;;   %9 = getelementptr inbounds i8, ptr %2, i64 464
;;   %10 = load i32, ptr %9, align 4
;;   %11 = insertvalue { i32, i32 } poison, i32 %10, 0
;;   %12 = getelementptr inbounds i8, ptr %2, i64 468
;;   %13 = load i32, ptr %12, align 4
;;   %14 = insertvalue { i32, i32 } %11, i32 %13, 1
;;   %15 = getelementptr inbounds i8, ptr %2, i64 464
;;   store i32 0, ptr %15, align 4
;;   %16 = getelementptr inbounds i8, ptr %2, i64 104
;;   store i8 0, ptr %16, align 1
;;   br label %end
;; end:
;;   br label %return
;; return:
;;   ret void
;; }
;; define hidden void @aot_func_stand_in(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   br label %trap
;; trap:
;;   call void @aot_raise(ptr %0, i32 0)
;;   ret void
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

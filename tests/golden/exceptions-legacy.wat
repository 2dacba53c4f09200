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
;;   %6 = getelementptr inbounds i8, ptr %0, i64 16
;;   %7 = load ptr, ptr %6, align 8
;;   %8 = getelementptr inbounds i8, ptr %7, i64 468
;;   store i32 %5, ptr %8, align 4
;;   %9 = getelementptr inbounds i8, ptr %0, i64 16
;;   %10 = load ptr, ptr %9, align 8
;;   %11 = getelementptr inbounds i8, ptr %10, i64 464
;;   store i32 1, ptr %11, align 4
;;   %12 = getelementptr inbounds i8, ptr %3, i64 104
;;   store i8 1, ptr %12, align 1
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
;;   %9 = getelementptr inbounds i8, ptr %0, i64 16
;;   %10 = load ptr, ptr %9, align 8
;;   %11 = getelementptr inbounds i8, ptr %10, i64 464
;;   %12 = load i32, ptr %11, align 4
;;   %13 = icmp eq i32 %12, 0
;;   br i1 %13, label %unwind, label %caught
;; next:
;;   br label %end
;; unwind:
;;   ret i32 0
;; caught:
;;   %14 = icmp eq i32 %12, 1
;;   br i1 %14, label %catch, label %next1
;; catch:
;;   %15 = getelementptr inbounds i8, ptr %0, i64 16
;;   %16 = load ptr, ptr %15, align 8
;;   %17 = getelementptr inbounds i8, ptr %16, i64 464
;;   %18 = load i32, ptr %17, align 4
;;   %19 = insertvalue { i32, i32 } poison, i32 %18, 0
;;   %20 = getelementptr inbounds i8, ptr %0, i64 16
;;   %21 = load ptr, ptr %20, align 8
;;   %22 = getelementptr inbounds i8, ptr %21, i64 468
;;   %23 = load i32, ptr %22, align 4
;;   %24 = insertvalue { i32, i32 } %19, i32 %23, 1
;;   %25 = getelementptr inbounds i8, ptr %0, i64 16
;;   %26 = load ptr, ptr %25, align 8
;;   %27 = getelementptr inbounds i8, ptr %26, i64 468
;;   %28 = load i32, ptr %27, align 4
;;   %29 = getelementptr inbounds i8, ptr %0, i64 16
;;   %30 = load ptr, ptr %29, align 8
;;   %31 = getelementptr inbounds i8, ptr %30, i64 464
;;   store i32 0, ptr %31, align 4
;;   %32 = getelementptr inbounds i8, ptr %3, i64 104
;;   store i8 0, ptr %32, align 1
;;   br label %end
;; next1:
;;   %33 = getelementptr inbounds i8, ptr %0, i64 16
;;   %34 = load ptr, ptr %33, align 8
;;   %35 = getelementptr inbounds i8, ptr %34, i64 464
;;   %36 = load i32, ptr %35, align 4
;;   %37 = insertvalue { i32, i32 } poison, i32 %36, 0
;;   %38 = getelementptr inbounds i8, ptr %0, i64 16
;;   %39 = load ptr, ptr %38, align 8
;;   %40 = getelementptr inbounds i8, ptr %39, i64 468
;;   %41 = load i32, ptr %40, align 4
;;   %42 = insertvalue { i32, i32 } %37, i32 %41, 1
;;   %43 = getelementptr inbounds i8, ptr %0, i64 16
;;   %44 = load ptr, ptr %43, align 8
;;   %45 = getelementptr inbounds i8, ptr %44, i64 464
;;   store i32 0, ptr %45, align 4
;;   %46 = getelementptr inbounds i8, ptr %3, i64 104
;;   store i8 0, ptr %46, align 1
;;   %47 = extractvalue { i32, i32 } %42, 0
;;   %48 = getelementptr inbounds i8, ptr %0, i64 16
;;   %49 = load ptr, ptr %48, align 8
;;   %50 = getelementptr inbounds i8, ptr %49, i64 464
;;   store i32 %47, ptr %50, align 4
;;   %51 = extractvalue { i32, i32 } %42, 1
;;   %52 = getelementptr inbounds i8, ptr %0, i64 16
;;   %53 = load ptr, ptr %52, align 8
;;   %54 = getelementptr inbounds i8, ptr %53, i64 468
;;   store i32 %51, ptr %54, align 4
;;   %55 = getelementptr inbounds i8, ptr %3, i64 104
;;   store i8 1, ptr %55, align 1
;;   br label %unwind
;; end:
;;   %56 = phi i32 [ 1, %next ], [ %28, %catch ]
;;   br label %return
;; return:
;;   %57 = phi i32 [ %56, %end ]
;;   ret i32 %57
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
;;   %6 = getelementptr inbounds i8, ptr %0, i64 16
;;   %7 = load ptr, ptr %6, align 8
;;   %8 = getelementptr inbounds i8, ptr %7, i64 464
;;   %9 = load i32, ptr %8, align 4
;;   %10 = icmp eq i32 %9, 0
;;   br i1 %10, label %unwind, label %caught
;; end1:
;;   br label %end
;; unwind:
;;   ret void
;; caught:
;;   %11 = getelementptr inbounds i8, ptr %0, i64 16
;;   %12 = load ptr, ptr %11, align 8
;;   %13 = getelementptr inbounds i8, ptr %12, i64 464
;;   %14 = load i32, ptr %13, align 4
;;   %15 = insertvalue { i32, i32 } poison, i32 %14, 0
;;   %16 = getelementptr inbounds i8, ptr %0, i64 16
;;   %17 = load ptr, ptr %16, align 8
;;   %18 = getelementptr inbounds i8, ptr %17, i64 468
;;   %19 = load i32, ptr %18, align 4
;;   %20 = insertvalue { i32, i32 } %15, i32 %19, 1
;;   %21 = getelementptr inbounds i8, ptr %0, i64 16
;;   %22 = load ptr, ptr %21, align 8
;;   %23 = getelementptr inbounds i8, ptr %22, i64 464
;;   store i32 0, ptr %23, align 4
;;   %24 = getelementptr inbounds i8, ptr %2, i64 104
;;   store i8 0, ptr %24, align 1
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

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
;;   %13 = load volatile i8, ptr %12, align 1
;;   %14 = icmp ugt i8 %13, 1
;;   %15 = select i1 %14, i8 %13, i8 1
;;   store i8 %15, ptr %12, align 1
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
;;   %33 = load volatile i8, ptr %32, align 1
;;   %34 = icmp ugt i8 %33, 1
;;   %35 = select i1 %34, i8 %33, i8 0
;;   store i8 %35, ptr %32, align 1
;;   br label %end
;; next1:
;;   %36 = getelementptr inbounds i8, ptr %0, i64 16
;;   %37 = load ptr, ptr %36, align 8
;;   %38 = getelementptr inbounds i8, ptr %37, i64 464
;;   %39 = load i32, ptr %38, align 4
;;   %40 = insertvalue { i32, i32 } poison, i32 %39, 0
;;   %41 = getelementptr inbounds i8, ptr %0, i64 16
;;   %42 = load ptr, ptr %41, align 8
;;   %43 = getelementptr inbounds i8, ptr %42, i64 468
;;   %44 = load i32, ptr %43, align 4
;;   %45 = insertvalue { i32, i32 } %40, i32 %44, 1
;;   %46 = getelementptr inbounds i8, ptr %0, i64 16
;;   %47 = load ptr, ptr %46, align 8
;;   %48 = getelementptr inbounds i8, ptr %47, i64 464
;;   store i32 0, ptr %48, align 4
;;   %49 = getelementptr inbounds i8, ptr %3, i64 104
;;   %50 = load volatile i8, ptr %49, align 1
;;   %51 = icmp ugt i8 %50, 1
;;   %52 = select i1 %51, i8 %50, i8 0
;;   store i8 %52, ptr %49, align 1
;;   %53 = extractvalue { i32, i32 } %45, 0
;;   %54 = getelementptr inbounds i8, ptr %0, i64 16
;;   %55 = load ptr, ptr %54, align 8
;;   %56 = getelementptr inbounds i8, ptr %55, i64 464
;;   store i32 %53, ptr %56, align 4
;;   %57 = extractvalue { i32, i32 } %45, 1
;;   %58 = getelementptr inbounds i8, ptr %0, i64 16
;;   %59 = load ptr, ptr %58, align 8
;;   %60 = getelementptr inbounds i8, ptr %59, i64 468
;;   store i32 %57, ptr %60, align 4
;;   %61 = getelementptr inbounds i8, ptr %3, i64 104
;;   %62 = load volatile i8, ptr %61, align 1
;;   %63 = icmp ugt i8 %62, 1
;;   %64 = select i1 %63, i8 %62, i8 1
;;   store i8 %64, ptr %61, align 1
;;   br label %unwind
;; end:
;;   %65 = phi i32 [ 1, %next ], [ %28, %catch ]
;;   br label %return
;; return:
;;   %66 = phi i32 [ %65, %end ]
;;   ret i32 %66
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
;;   %25 = load volatile i8, ptr %24, align 1
;;   %26 = icmp ugt i8 %25, 1
;;   %27 = select i1 %26, i8 %25, i8 0
;;   store i8 %27, ptr %24, align 1
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

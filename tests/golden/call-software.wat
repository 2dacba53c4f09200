;;! bounds-checks = 1
(module
  (import "env" "log" (func $log (param i32)))
  (func $f (result i32) (call $log (i32.const 1)) (call $f)))

;; @aot_stack_sizes = external hidden constant [1 x i32]
;; define hidden i32 @"aot_func_internal#0"(ptr %0) {
;; entry:
;;   %1 = getelementptr inbounds i8, ptr %0, i64 16
;;   %2 = load ptr, ptr %1, align 8
;;   br label %body
;; body:
;;   call void @"aot_import#0"(ptr %0, i32 1)
;;   %3 = getelementptr inbounds i8, ptr %2, i64 104
;;   %4 = load i8, ptr %3, align 1
;;   %5 = icmp ne i8 %4, 0
;;   br i1 %5, label %unwind, label %next
;; unwind:
;;   ret i32 0
;; next:
;;   %6 = call i32 @"aot_func#0"(ptr %0)
;;   %7 = getelementptr inbounds i8, ptr %2, i64 104
;;   %8 = load i8, ptr %7, align 1
;;   %9 = icmp ne i8 %8, 0
;;   br i1 %9, label %unwind, label %next1
;; next1:
;;   br label %return
;; return:
;;   %10 = phi i32 [ %6, %next1 ]
;;   ret i32 %10
;; }
;; define internal void @"aot_import#0"(ptr %0, i32 %1) {
;; entry:
;;   %2 = alloca [16 x i32], align 16
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   store i32 %1, ptr %3, align 4
;;   %4 = call i8 @aot_invoke_native(ptr %0, i32 0, i32 1, ptr %2)
;;   %5 = icmp eq i8 %4, 0
;;   br i1 %5, label %unwind, label %next
;; unwind:
;;   ret void
;; next:
;;   ret void
;; }
;; define hidden i32 @"aot_func#0"(ptr %0) {
;; entry:
;;   %1 = getelementptr inbounds i8, ptr %0, i64 16
;;   %2 = load ptr, ptr %1, align 8
;;   %3 = load i32, ptr @aot_stack_sizes, align 4
;;   %4 = zext i32 %3 to i64
;;   %5 = getelementptr inbounds i8, ptr %0, i64 32
;;   %6 = load i64, ptr %5, align 8
;;   %7 = add i64 %6, %4
;;   %8 = call ptr @llvm.stacksave.p0()
;;   %9 = ptrtoint ptr %8 to i64
;;   %10 = icmp ult i64 %9, %7
;;   br i1 %10, label %overflow, label %next
;; overflow:
;;   %11 = musttail call i32 @"aot_stack_overflow#1"(ptr %0)
;;   ret i32 %11
;; next:
;;   %12 = musttail call i32 @"aot_func_internal#0"(ptr %0)
;;   ret i32 %12
;; }
;; define internal i32 @"aot_stack_overflow#1"(ptr %0) {
;; entry:
;;   %1 = getelementptr inbounds i8, ptr %0, i64 16
;;   %2 = load ptr, ptr %1, align 8
;;   br label %trap
;; trap:
;;   call void @aot_raise(ptr %0, i32 11)
;;   ret i32 0
;; }
;; define internal void @aot_raise(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr i8, ptr %0, i64 32
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = call ptr @llvm.stacksave.p0()
;;   %5 = ptrtoint ptr %4 to i64
;;   %6 = ptrtoint ptr %3 to i64
;;   %7 = add i64 %6, 16384
;;   %8 = icmp ult i64 %5, %7
;;   br i1 %8, label %touch, label %raise
;; touch:
;;   %9 = load volatile i8, ptr %3, align 1
;;   br label %raise
;; raise:
;;   %10 = getelementptr i8, ptr %0, i64 16
;;   %11 = load ptr, ptr %10, align 8
;;   call void @aot_set_exception_with_id(ptr %11, i32 %1)
;;   ret void
;; }

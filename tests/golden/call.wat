(module
  (import "env" "log" (func $log (param i32 i64) (result f64)))
  (type $binary (func (param i32 i32) (result i32)))
  (table 4 funcref)
  (elem (i32.const 0) $add $log)
  (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
  (func $pair (result i32 i64) (i32.const 1) (i64.const 2))
  (func (result f64) (call $log (call $pair)))
  (func (param i32) (result i32)
    (call_indirect (type $binary) (i32.const 1) (i32.const 2) (local.get 0))))

;; @"aot_table#0" = hidden constant [4 x { i32, i32 }] [{ i32, i32 } { i32 0, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_func#0" to i64), i64 ptrtoint (ptr @"aot_table#0" to i64)) to i32) }, { i32, i32 } { i32 1, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_import#0" to i64), i64 ptrtoint (ptr @"aot_table#0" to i64)) to i32) }, { i32, i32 } { i32 -1, i32 0 }, { i32, i32 } { i32 -1, i32 0 }]
;; define hidden i32 @"aot_func#0"(ptr %0, i32 %1, i32 %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   %6 = alloca i32, align 4
;;   store i32 %2, ptr %6, align 4
;;   br label %body
;; body:
;;   %7 = load i32, ptr %5, align 4
;;   %8 = load i32, ptr %6, align 4
;;   %9 = add i32 %7, %8
;;   br label %return
;; return:
;;   %10 = phi i32 [ %9, %body ]
;;   ret i32 %10
;; }
;; define hidden i32 @"aot_func#1"(ptr %0, ptr %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   br label %body
;; body:
;;   br label %return
;; return:
;;   %4 = phi i32 [ 1, %body ]
;;   %5 = phi i64 [ 2, %body ]
;;   store i64 %5, ptr %1, align 4
;;   ret i32 %4
;; }
;; define hidden double @"aot_func#2"(ptr %0) {
;; entry:
;;   %1 = alloca [16 x i32], align 16
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   br label %body
;; body:
;;   %4 = getelementptr inbounds i8, ptr %1, i64 0
;;   %5 = call i32 @"aot_func#1"(ptr %0, ptr %4)
;;   %6 = load i64, ptr %4, align 4
;;   %7 = call double @"aot_import#0"(ptr %0, i32 %5, i64 %6)
;;   br label %return
;; return:
;;   %8 = phi double [ %7, %body ]
;;   ret double %8
;; }
;; define internal double @"aot_import#0"(ptr %0, i32 %1, i64 %2) {
;; entry:
;;   %3 = alloca [16 x i32], align 16
;;   %4 = getelementptr inbounds i8, ptr %3, i64 0
;;   store i32 %1, ptr %4, align 4
;;   %5 = getelementptr inbounds i8, ptr %3, i64 4
;;   store i64 %2, ptr %5, align 4
;;   %6 = call i8 @aot_invoke_native(ptr %0, i32 0, i32 3, ptr %3)
;;   %7 = load double, ptr %3, align 4
;;   ret double %7
;; }
;; define hidden i32 @"aot_func#3"(ptr %0, i32 %1) {
;; entry:
;;   %2 = alloca i32, align 4
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   br label %body
;; body:
;;   %6 = load i32, ptr %5, align 4
;;   %7 = icmp ne i32 %6, 0
;;   store i32 %6, ptr %2, align 4
;;   br i1 %7, label %rejection, label %next4
;; rejection:
;;   %8 = load i32, ptr %2, align 4
;;   %9 = icmp uge i32 %8, 4
;;   br i1 %9, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 8)
;;   ret i32 0
;; next:
;;   %10 = zext i32 %8 to i64
;;   %11 = getelementptr inbounds { i32, i32 }, ptr @"aot_table#0", i64 %10
;;   %12 = getelementptr inbounds i8, ptr %11, i64 0
;;   %13 = load i32, ptr %12, align 4
;;   %14 = icmp eq i32 %13, -1
;;   br i1 %14, label %trap1, label %next2
;; trap1:
;;   call void @aot_raise(ptr %0, i32 9)
;;   ret i32 0
;; next2:
;;   br label %trap3
;; trap3:
;;   call void @aot_raise(ptr %0, i32 6)
;;   ret i32 0
;; next4:
;;   %15 = call i32 @"aot_func#0"(ptr %0, i32 1, i32 2)
;;   br label %return
;; return:
;;   %16 = phi i32 [ %15, %next4 ]
;;   ret i32 %16
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
;; define hidden i32 @aot_func_stand_in(ptr %0, ptr %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   br label %trap
;; trap:
;;   call void @aot_raise(ptr %0, i32 0)
;;   ret i32 0
;; }

(module
  (type $unary (func (param i32) (result i32)))
  (table $open (export "table") 2 funcref)
  (table $fixed 3 funcref)
  (elem (table $open) (i32.const 0) func $half)
  (elem (table $fixed) (i32.const 1) func $half $double)
  (func $half (param i32) (result i32) (i32.shr_u (local.get 0) (i32.const 1)))
  (func $double (param i32) (result i32) (i32.shl (local.get 0) (i32.const 1)))
  (func (param i32) (result i32)
    (call_indirect $open (type $unary) (i32.const 5) (local.get 0)))
  (func (param i32) (result i32)
    (call_indirect $fixed (type $unary) (i32.const 5) (local.get 0))))

;; @aot_func_table = hidden constant [4 x { i32, i32 }] [{ i32, i32 } { i32 0, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_func#0" to i64), i64 ptrtoint (ptr @aot_func_table to i64)) to i32) }, { i32, i32 } { i32 0, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_func#1" to i64), i64 ptrtoint (ptr @aot_func_table to i64)) to i32) }, { i32, i32 } { i32 -1, i32 0 }, { i32, i32 } { i32 -1, i32 0 }]
;; @"aot_table#1" = hidden constant [3 x { i32, i32 }] [{ i32, i32 } { i32 -1, i32 0 }, { i32, i32 } { i32 0, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_func#0" to i64), i64 ptrtoint (ptr @"aot_table#1" to i64)) to i32) }, { i32, i32 } { i32 0, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_func#1" to i64), i64 ptrtoint (ptr @"aot_table#1" to i64)) to i32) }]
;; define hidden i32 @"aot_func#0"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = lshr i32 %5, 1
;;   br label %return
;; return:
;;   %7 = phi i32 [ %6, %body ]
;;   ret i32 %7
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
;;   %6 = shl i32 %5, 1
;;   br label %return
;; return:
;;   %7 = phi i32 [ %6, %body ]
;;   ret i32 %7
;; }
;; define hidden i32 @"aot_func#2"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = getelementptr inbounds i8, ptr %3, i64 480
;;   %7 = load i32, ptr %6, align 4
;;   %8 = icmp uge i32 %5, %7
;;   br i1 %8, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 8)
;;   ret i32 0
;; next:
;;   %9 = getelementptr inbounds i8, ptr %3, i64 488
;;   %10 = zext i32 %5 to i64
;;   %11 = getelementptr inbounds i64, ptr %9, i64 %10
;;   %12 = load i64, ptr %11, align 4
;;   %13 = trunc i64 %12 to i32
;;   %14 = icmp eq i32 %13, -1
;;   br i1 %14, label %trap1, label %next2
;; trap1:
;;   call void @aot_raise(ptr %0, i32 9)
;;   ret i32 0
;; next2:
;;   %15 = zext i32 %13 to i64
;;   %16 = getelementptr inbounds { i32, i32 }, ptr @aot_func_table, i64 %15
;;   %17 = getelementptr inbounds i8, ptr %16, i64 0
;;   %18 = load i32, ptr %17, align 4
;;   %19 = icmp ne i32 %18, 0
;;   br i1 %19, label %trap3, label %next4
;; trap3:
;;   call void @aot_raise(ptr %0, i32 6)
;;   ret i32 0
;; next4:
;;   %20 = getelementptr inbounds i8, ptr %16, i64 4
;;   %21 = load i32, ptr %20, align 4
;;   %22 = sext i32 %21 to i64
;;   %23 = getelementptr i8, ptr @aot_func_table, i64 %22
;;   %24 = call i32 %23(ptr %0, i32 5)
;;   br label %return
;; return:
;;   %25 = phi i32 [ %24, %next4 ]
;;   ret i32 %25
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
;;   %7 = icmp uge i32 %6, 3
;;   br i1 %7, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 8)
;;   ret i32 0
;; next:
;;   %8 = zext i32 %6 to i64
;;   %9 = getelementptr inbounds { i32, i32 }, ptr @"aot_table#1", i64 %8
;;   %10 = getelementptr inbounds i8, ptr %9, i64 0
;;   %11 = load i32, ptr %10, align 4
;;   %12 = icmp ne i32 %11, 0
;;   store i32 %6, ptr %2, align 4
;;   br i1 %12, label %rejection, label %next5
;; rejection:
;;   %13 = load i32, ptr %2, align 4
;;   %14 = icmp uge i32 %13, 3
;;   br i1 %14, label %trap, label %next1
;; next1:
;;   %15 = zext i32 %13 to i64
;;   %16 = getelementptr inbounds { i32, i32 }, ptr @"aot_table#1", i64 %15
;;   %17 = getelementptr inbounds i8, ptr %16, i64 0
;;   %18 = load i32, ptr %17, align 4
;;   %19 = icmp eq i32 %18, -1
;;   br i1 %19, label %trap2, label %next3
;; trap2:
;;   call void @aot_raise(ptr %0, i32 9)
;;   ret i32 0
;; next3:
;;   br label %trap4
;; trap4:
;;   call void @aot_raise(ptr %0, i32 6)
;;   ret i32 0
;; next5:
;;   %20 = getelementptr inbounds i8, ptr %9, i64 4
;;   %21 = load i32, ptr %20, align 4
;;   %22 = sext i32 %21 to i64
;;   %23 = getelementptr i8, ptr @"aot_table#1", i64 %22
;;   %24 = call i32 %23(ptr %0, i32 5)
;;   br label %return
;; return:
;;   %25 = phi i32 [ %24, %next5 ]
;;   ret i32 %25
;; }
;; define hidden i32 @aot_func_stand_in(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   br label %trap
;; trap:
;;   call void @aot_raise(ptr %0, i32 0)
;;   ret i32 0
;; }

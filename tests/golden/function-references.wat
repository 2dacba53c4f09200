
(module
  (type $f (func (param i32) (result i32)))
  (func $first (type $f) (local.get 0))
  (func $second (type $f) (i32.const 2))
  (table $t 2 (ref null $f))
  (elem (table $t) (i32.const 0) (ref null $f) (ref.func $first) (ref.func $second))
  (func (export "call") (param (ref null $f)) (result i32)
    (call_ref $f (i32.const 1) (local.get 0)))
  (func (export "known") (result i32)
    (call_ref $f (i32.const 1) (ref.func $first)))
  (func (export "tail") (param (ref $f)) (result i32)
    (return_call_ref $f (i32.const 1) (local.get 0)))
  (func (export "as_non_null") (param (ref null $f)) (result (ref $f))
    (ref.as_non_null (local.get 0)))
  (func (export "on_null") (param (ref null $f)) (result i32)
    (block $null
      (drop (br_on_null $null (local.get 0)))
      (return (i32.const 1)))
    (i32.const 0))
  (func (export "on_non_null") (param (ref null $f)) (result i32)
    (block $reference (result (ref $f))
      (br_on_non_null $reference (local.get 0))
      (return (i32.const 0)))
    (drop)
    (i32.const 1))
)

;; @aot_func_table = hidden constant [8 x { i32, i32 }] [{ i32, i32 } { i32 0, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_func_internal#0" to i64), i64 ptrtoint (ptr @aot_func_table to i64)) to i32) }, { i32, i32 } { i32 0, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_func_internal#1" to i64), i64 ptrtoint (ptr @aot_func_table to i64)) to i32) }, { i32, i32 } { i32 1, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_func_internal#2" to i64), i64 ptrtoint (ptr @aot_func_table to i64)) to i32) }, { i32, i32 } { i32 2, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_func_internal#3" to i64), i64 ptrtoint (ptr @aot_func_table to i64)) to i32) }, { i32, i32 } { i32 3, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_func_internal#4" to i64), i64 ptrtoint (ptr @aot_func_table to i64)) to i32) }, { i32, i32 } { i32 4, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_func_internal#5" to i64), i64 ptrtoint (ptr @aot_func_table to i64)) to i32) }, { i32, i32 } { i32 1, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_func_internal#6" to i64), i64 ptrtoint (ptr @aot_func_table to i64)) to i32) }, { i32, i32 } { i32 1, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_func_internal#7" to i64), i64 ptrtoint (ptr @aot_func_table to i64)) to i32) }]
;; define weak_odr hidden tailcc i32 @"aot_func_internal#0"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   br label %return
;; return:
;;   %6 = phi i32 [ %5, %body ]
;;   ret i32 %6
;; }
;; define weak_odr hidden i32 @"aot_func#0"(ptr %0, i32 %1) {
;; entry:
;;   %2 = call tailcc i32 @"aot_func_internal#0"(ptr %0, i32 %1)
;;   ret i32 %2
;; }
;; define weak_odr hidden tailcc i32 @"aot_func_internal#1"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   br label %return
;; return:
;;   %5 = phi i32 [ 2, %body ]
;;   ret i32 %5
;; }
;; define weak_odr hidden i32 @"aot_func#1"(ptr %0, i32 %1) {
;; entry:
;;   %2 = call tailcc i32 @"aot_func_internal#1"(ptr %0, i32 %1)
;;   ret i32 %2
;; }
;; define weak_odr hidden tailcc i32 @"aot_func_internal#2"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = icmp uge i32 %5, 8
;;   br i1 %6, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 18)
;;   ret i32 0
;; next:
;;   %7 = zext i32 %5 to i64
;;   %8 = getelementptr inbounds { i32, i32 }, ptr @aot_func_table, i64 %7
;;   %9 = getelementptr inbounds i8, ptr %8, i64 0
;;   %10 = load i32, ptr %9, align 4
;;   %11 = icmp ne i32 %10, 0
;;   br i1 %11, label %trap1, label %next2
;; trap1:
;;   call void @aot_raise(ptr %0, i32 6)
;;   ret i32 0
;; next2:
;;   %12 = getelementptr inbounds i8, ptr %8, i64 4
;;   %13 = load i32, ptr %12, align 4
;;   %14 = sext i32 %13 to i64
;;   %15 = getelementptr i8, ptr @aot_func_table, i64 %14
;;   %16 = notail call tailcc i32 %15(ptr %0, i32 1)
;;   br label %return
;; return:
;;   %17 = phi i32 [ %16, %next2 ]
;;   ret i32 %17
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
;; define weak_odr hidden i32 @"aot_func#2"(ptr %0, i32 %1) {
;; entry:
;;   %2 = call tailcc i32 @"aot_func_internal#2"(ptr %0, i32 %1)
;;   ret i32 %2
;; }
;; define weak_odr hidden tailcc i32 @"aot_func_internal#3"(ptr %0) {
;; entry:
;;   %1 = getelementptr inbounds i8, ptr %0, i64 16
;;   %2 = load ptr, ptr %1, align 8
;;   br label %body
;; body:
;;   %3 = notail call tailcc i32 @"aot_func_internal#0"(ptr %0, i32 1)
;;   br label %return
;; return:
;;   %4 = phi i32 [ %3, %body ]
;;   ret i32 %4
;; }
;; define weak_odr hidden i32 @"aot_func#3"(ptr %0) {
;; entry:
;;   %1 = call tailcc i32 @"aot_func_internal#3"(ptr %0)
;;   ret i32 %1
;; }
;; define weak_odr hidden tailcc i32 @"aot_func_internal#4"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = icmp uge i32 %5, 8
;;   br i1 %6, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 18)
;;   ret i32 0
;; next:
;;   %7 = zext i32 %5 to i64
;;   %8 = getelementptr inbounds { i32, i32 }, ptr @aot_func_table, i64 %7
;;   %9 = getelementptr inbounds i8, ptr %8, i64 0
;;   %10 = load i32, ptr %9, align 4
;;   %11 = icmp ne i32 %10, 0
;;   br i1 %11, label %trap1, label %next2
;; trap1:
;;   call void @aot_raise(ptr %0, i32 6)
;;   ret i32 0
;; next2:
;;   %12 = getelementptr inbounds i8, ptr %8, i64 4
;;   %13 = load i32, ptr %12, align 4
;;   %14 = sext i32 %13 to i64
;;   %15 = getelementptr i8, ptr @aot_func_table, i64 %14
;;   %16 = musttail call tailcc i32 %15(ptr %0, i32 1)
;;   ret i32 %16
;; }
;; define weak_odr hidden i32 @"aot_func#4"(ptr %0, i32 %1) {
;; entry:
;;   %2 = call tailcc i32 @"aot_func_internal#4"(ptr %0, i32 %1)
;;   ret i32 %2
;; }
;; define weak_odr hidden tailcc i32 @"aot_func_internal#5"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = icmp eq i32 %5, -1
;;   br i1 %6, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 22)
;;   ret i32 -1
;; next:
;;   br label %return
;; return:
;;   %7 = phi i32 [ %5, %next ]
;;   ret i32 %7
;; }
;; define weak_odr hidden i32 @"aot_func#5"(ptr %0, i32 %1) {
;; entry:
;;   %2 = call tailcc i32 @"aot_func_internal#5"(ptr %0, i32 %1)
;;   ret i32 %2
;; }
;; define weak_odr hidden tailcc i32 @"aot_func_internal#6"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = icmp eq i32 %5, -1
;;   br i1 %6, label %end, label %next
;; next:
;;   br label %return
;; end:
;;   br label %return
;; return:
;;   %7 = phi i32 [ 1, %next ], [ 0, %end ]
;;   ret i32 %7
;; }
;; define weak_odr hidden i32 @"aot_func#6"(ptr %0, i32 %1) {
;; entry:
;;   %2 = call tailcc i32 @"aot_func_internal#6"(ptr %0, i32 %1)
;;   ret i32 %2
;; }
;; define weak_odr hidden tailcc i32 @"aot_func_internal#7"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = icmp eq i32 %5, -1
;;   %7 = xor i1 %6, true
;;   br i1 %7, label %end, label %next
;; next:
;;   br label %return
;; end:
;;   %8 = phi i32 [ %5, %body ]
;;   br label %return
;; return:
;;   %9 = phi i32 [ 0, %next ], [ 1, %end ]
;;   ret i32 %9
;; }
;; define weak_odr hidden i32 @"aot_func#7"(ptr %0, i32 %1) {
;; entry:
;;   %2 = call tailcc i32 @"aot_func_internal#7"(ptr %0, i32 %1)
;;   ret i32 %2
;; }

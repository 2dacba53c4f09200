(module
  (table $t 4 funcref)
  (table $x 2 8 externref)
  (elem $e funcref (ref.func 0))
  (func (param i32) (result i32)
    (table.set $t (local.get 0) (ref.func 0))
    (ref.is_null (table.get $t (i32.const 1))))
  (func (param externref) (result i32)
    (i32.add (table.grow $x (local.get 0) (i32.const 2)) (table.size $x)))
  (func (param i32)
    (table.init $t $e (i32.const 0) (i32.const 0) (local.get 0))
    (table.copy $t $t (i32.const 0) (i32.const 1) (local.get 0))
    (table.fill $t (i32.const 0) (ref.null func) (local.get 0))
    (elem.drop $e)))

;; define hidden i32 @"aot_func#0"(ptr %0, i32 %1) {
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
;;   call void @aot_raise(ptr %0, i32 15)
;;   ret i32 0
;; next:
;;   %9 = getelementptr inbounds i8, ptr %3, i64 488
;;   %10 = zext i32 %5 to i64
;;   %11 = getelementptr inbounds i64, ptr %9, i64 %10
;;   store i64 0, ptr %11, align 4
;;   %12 = getelementptr inbounds i8, ptr %3, i64 480
;;   %13 = load i32, ptr %12, align 4
;;   %14 = icmp uge i32 1, %13
;;   br i1 %14, label %trap, label %next1
;; next1:
;;   %15 = getelementptr inbounds i8, ptr %3, i64 488
;;   %16 = getelementptr inbounds i64, ptr %15, i64 1
;;   %17 = load i64, ptr %16, align 4
;;   %18 = trunc i64 %17 to i32
;;   %19 = icmp eq i32 %18, -1
;;   %20 = zext i1 %19 to i32
;;   br label %return
;; return:
;;   %21 = phi i32 [ %20, %next1 ]
;;   ret i32 %21
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
;; define hidden i32 @"aot_func#1"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = zext i32 %5 to i64
;;   %7 = call i32 @aot_table_grow(ptr %3, i32 1, i32 2, i64 %6)
;;   %8 = getelementptr inbounds i8, ptr %3, i64 536
;;   %9 = load i32, ptr %8, align 4
;;   %10 = add i32 %7, %9
;;   br label %return
;; return:
;;   %11 = phi i32 [ %10, %body ]
;;   ret i32 %11
;; }
;; define hidden void @"aot_func#2"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   call void @aot_table_init(ptr %3, i32 0, i32 0, i32 %5, i32 0, i32 0)
;;   %6 = load i32, ptr %4, align 4
;;   call void @aot_table_copy(ptr %3, i32 0, i32 0, i32 %6, i32 1, i32 0)
;;   %7 = load i32, ptr %4, align 4
;;   call void @aot_table_fill(ptr %3, i32 0, i32 %7, i64 4294967295, i32 0)
;;   call void @aot_drop_table_seg(ptr %3, i32 0)
;;   br label %return
;; return:
;;   ret void
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

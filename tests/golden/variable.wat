(module
  (memory 2)
  (global $sp (mut i32) (i32.const 66560))
  (global $count (mut i64) (i64.const 0))
  (global (export "__heap_base") i32 (i32.const 66560))
  (global (export "__data_end") i32 (i32.const 1024))
  (export "memory" (memory 0))
  (func (param i32) (global.set $sp (i32.sub (global.get $sp) (local.get 0))))
  (func (result i64)
    (global.set $count (i64.add (global.get $count) (i64.const 1)))
    (global.get $count)))

;; define hidden void @"aot_func#0"(ptr %0, i32 %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   br label %body
;; body:
;;   %6 = getelementptr inbounds i8, ptr %4, i64 464
;;   %7 = load i32, ptr %6, align 4
;;   %8 = load i32, ptr %5, align 4
;;   %9 = sub i32 %7, %8
;;   %10 = zext i32 %9 to i64
;;   %11 = getelementptr inbounds i8, ptr %0, i64 48
;;   %12 = load i64, ptr %11, align 8
;;   %13 = icmp ule i64 %10, %12
;;   br i1 %13, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 13)
;;   ret void
;; next:
;;   %14 = getelementptr inbounds i8, ptr %0, i64 56
;;   %15 = load i64, ptr %14, align 8
;;   %16 = icmp ugt i64 %10, %15
;;   br i1 %16, label %trap1, label %next2
;; trap1:
;;   call void @aot_raise(ptr %0, i32 14)
;;   ret void
;; next2:
;;   %17 = getelementptr inbounds i8, ptr %4, i64 464
;;   store i32 %9, ptr %17, align 4
;;   br label %return
;; return:
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
;; define hidden i64 @"aot_func#1"(ptr %0, ptr swiftself %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   br label %body
;; body:
;;   %4 = getelementptr inbounds i8, ptr %3, i64 468
;;   %5 = load i64, ptr %4, align 4
;;   %6 = add i64 %5, 1
;;   %7 = getelementptr inbounds i8, ptr %3, i64 468
;;   store i64 %6, ptr %7, align 4
;;   %8 = getelementptr inbounds i8, ptr %3, i64 468
;;   %9 = load i64, ptr %8, align 4
;;   br label %return
;; return:
;;   %10 = phi i64 [ %9, %body ]
;;   ret i64 %10
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

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

;; define hidden void @"aot_func#0"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   %5 = getelementptr inbounds i8, ptr %3, i64 344
;;   %6 = getelementptr inbounds i8, ptr %5, i64 32
;;   %7 = load ptr, ptr %6, align 8
;;   br label %body
;; body:
;;   %8 = getelementptr inbounds i8, ptr %3, i64 464
;;   %9 = load i32, ptr %8, align 4
;;   %10 = load i32, ptr %4, align 4
;;   %11 = sub i32 %9, %10
;;   %12 = zext i32 %11 to i64
;;   %13 = getelementptr inbounds i8, ptr %0, i64 48
;;   %14 = load i64, ptr %13, align 8
;;   %15 = icmp ule i64 %12, %14
;;   br i1 %15, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 13)
;;   ret void
;; next:
;;   %16 = getelementptr inbounds i8, ptr %0, i64 56
;;   %17 = load i64, ptr %16, align 8
;;   %18 = icmp ugt i64 %12, %17
;;   br i1 %18, label %trap1, label %next2
;; trap1:
;;   call void @aot_raise(ptr %0, i32 14)
;;   ret void
;; next2:
;;   %19 = getelementptr inbounds i8, ptr %3, i64 464
;;   store i32 %11, ptr %19, align 4
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
;; define hidden i64 @"aot_func#1"(ptr %0) {
;; entry:
;;   %1 = getelementptr inbounds i8, ptr %0, i64 16
;;   %2 = load ptr, ptr %1, align 8
;;   %3 = getelementptr inbounds i8, ptr %2, i64 344
;;   %4 = getelementptr inbounds i8, ptr %3, i64 32
;;   %5 = load ptr, ptr %4, align 8
;;   br label %body
;; body:
;;   %6 = getelementptr inbounds i8, ptr %2, i64 468
;;   %7 = load i64, ptr %6, align 4
;;   %8 = add i64 %7, 1
;;   %9 = getelementptr inbounds i8, ptr %2, i64 468
;;   store i64 %8, ptr %9, align 4
;;   %10 = getelementptr inbounds i8, ptr %2, i64 468
;;   %11 = load i64, ptr %10, align 4
;;   br label %return
;; return:
;;   %12 = phi i64 [ %11, %body ]
;;   ret i64 %12
;; }

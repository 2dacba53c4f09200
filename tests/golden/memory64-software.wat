;;! bounds-checks = 1
;;! stack-bounds-checks = 0
(module
  (memory i64 1)
  (func (param i64) (result i32) (i32.load offset=4 (local.get 0)))
  (func (param i64) (result i32) (i32.load offset=70000 (local.get 0))))

;; define hidden i32 @"aot_func#0"(ptr %0, i64 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i64, align 8
;;   store i64 %1, ptr %4, align 8
;;   br label %body
;; body:
;;   %5 = load i64, ptr %4, align 8
;;   %6 = icmp ugt i64 %5, 4294967295
;;   br i1 %6, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret i32 0
;; next:
;;   %7 = add nuw i64 %5, 4
;;   %8 = trunc i64 %5 to i32
;;   %9 = getelementptr inbounds i8, ptr %3, i64 344
;;   %10 = getelementptr inbounds i8, ptr %9, i64 24
;;   %11 = load i32, ptr %10, align 4
;;   %12 = sub nuw i32 %11, 8
;;   %13 = icmp ugt i32 %8, %12
;;   br i1 %13, label %trap, label %next1
;; next1:
;;   %14 = getelementptr inbounds i8, ptr %3, i64 344
;;   %15 = getelementptr inbounds i8, ptr %14, i64 32
;;   %16 = load ptr, ptr %15, align 8
;;   %17 = getelementptr i8, ptr %16, i64 %7
;;   %18 = load i32, ptr %17, align 1
;;   br label %return
;; return:
;;   %19 = phi i32 [ %18, %next1 ]
;;   ret i32 %19
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
;; define hidden i32 @"aot_func#1"(ptr %0, i64 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i64, align 8
;;   store i64 %1, ptr %4, align 8
;;   br label %body
;; body:
;;   %5 = load i64, ptr %4, align 8
;;   %6 = icmp ugt i64 %5, 4294967295
;;   br i1 %6, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret i32 0
;; next:
;;   %7 = add nuw i64 %5, 70000
;;   %8 = getelementptr inbounds i8, ptr %3, i64 344
;;   %9 = getelementptr inbounds i8, ptr %8, i64 24
;;   %10 = load i64, ptr %9, align 8
;;   %11 = icmp ugt i64 4, %10
;;   %12 = sub i64 %10, 4
;;   %13 = icmp ugt i64 %7, %12
;;   %14 = or i1 %11, %13
;;   br i1 %14, label %trap, label %next1
;; next1:
;;   %15 = getelementptr inbounds i8, ptr %3, i64 344
;;   %16 = getelementptr inbounds i8, ptr %15, i64 32
;;   %17 = load ptr, ptr %16, align 8
;;   %18 = getelementptr i8, ptr %17, i64 %7
;;   %19 = load i32, ptr %18, align 1
;;   br label %return
;; return:
;;   %20 = phi i32 [ %19, %next1 ]
;;   ret i32 %20
;; }
;; define hidden i32 @aot_func_stand_in(ptr %0, i64 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   br label %trap
;; trap:
;;   call void @aot_raise(ptr %0, i32 0)
;;   ret i32 0
;; }

;;! bounds-checks = 1
;;! stack-bounds-checks = 0
(module
  (memory 1)
  (func (param i32) (result i32) (i32.load offset=4 (local.get 0)))
  (func (param i32 i64) (i64.store16 (local.get 0) (local.get 1)))
  (func (param i32) (result i32) (memory.grow (local.get 0)) (i32.load (i32.const 0)) (i32.add)))

;; define hidden i32 @"aot_func#0"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = zext i32 %5 to i64
;;   %7 = add nuw i64 %6, 4
;;   %8 = getelementptr inbounds i8, ptr %3, i64 344
;;   %9 = getelementptr inbounds i8, ptr %8, i64 24
;;   %10 = load i32, ptr %9, align 4
;;   %11 = sub nuw i32 %10, 8
;;   %12 = icmp ugt i32 %5, %11
;;   br i1 %12, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret i32 0
;; next:
;;   %13 = getelementptr inbounds i8, ptr %3, i64 344
;;   %14 = getelementptr inbounds i8, ptr %13, i64 32
;;   %15 = load ptr, ptr %14, align 8
;;   %16 = getelementptr i8, ptr %15, i64 %7
;;   %17 = load i32, ptr %16, align 1
;;   br label %return
;; return:
;;   %18 = phi i32 [ %17, %next ]
;;   ret i32 %18
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
;; define hidden void @"aot_func#1"(ptr %0, i32 %1, i64 %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   %6 = alloca i64, align 8
;;   store i64 %2, ptr %6, align 8
;;   br label %body
;; body:
;;   %7 = load i32, ptr %5, align 4
;;   %8 = load i64, ptr %6, align 8
;;   %9 = trunc i64 %8 to i16
;;   %10 = zext i32 %7 to i64
;;   %11 = getelementptr inbounds i8, ptr %4, i64 344
;;   %12 = getelementptr inbounds i8, ptr %11, i64 24
;;   %13 = load i32, ptr %12, align 4
;;   %14 = sub nuw i32 %13, 2
;;   %15 = icmp ugt i32 %7, %14
;;   br i1 %15, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret void
;; next:
;;   %16 = getelementptr inbounds i8, ptr %4, i64 344
;;   %17 = getelementptr inbounds i8, ptr %16, i64 32
;;   %18 = load ptr, ptr %17, align 8
;;   %19 = getelementptr i8, ptr %18, i64 %10
;;   store i16 %9, ptr %19, align 1
;;   br label %return
;; return:
;;   ret void
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
;;   %6 = getelementptr inbounds i8, ptr %3, i64 344
;;   %7 = getelementptr inbounds i8, ptr %6, i64 16
;;   %8 = load i32, ptr %7, align 4
;;   %9 = call i8 @aot_enlarge_memory(ptr %3, i32 %5)
;;   %10 = icmp ne i8 %9, 0
;;   %11 = select i1 %10, i32 %8, i32 -1
;;   %12 = getelementptr inbounds i8, ptr %3, i64 344
;;   %13 = getelementptr inbounds i8, ptr %12, i64 24
;;   %14 = load i32, ptr %13, align 4
;;   %15 = sub nuw i32 %14, 4
;;   %16 = icmp ugt i32 0, %15
;;   br i1 %16, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret i32 0
;; next:
;;   %17 = getelementptr inbounds i8, ptr %3, i64 344
;;   %18 = getelementptr inbounds i8, ptr %17, i64 32
;;   %19 = load ptr, ptr %18, align 8
;;   %20 = getelementptr i8, ptr %19, i64 0
;;   %21 = load i32, ptr %20, align 1
;;   %22 = add i32 %11, %21
;;   br label %return
;; return:
;;   %23 = phi i32 [ %22, %next ]
;;   ret i32 %23
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

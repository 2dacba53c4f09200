(module
  (memory 1)
  (func (param i32) (result i32) (i32.load offset=4 (local.get 0)))
  (func (param i32 i64) (i64.store16 (local.get 0) (local.get 1)))
  (func (param i32) (result i32) (memory.grow (local.get 0)) (i32.load (i32.const 0)) (i32.add)))

;; define hidden i32 @"aot_func#0"(ptr %0, i32 %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   br label %body
;; body:
;;   %6 = load i32, ptr %5, align 4
;;   %7 = zext i32 %6 to i64
;;   %8 = add nuw i64 %7, 4
;;   %9 = getelementptr i8, ptr %2, i64 %8
;;   %10 = load i32, ptr %9, align 1
;;   br label %return
;; return:
;;   %11 = phi i32 [ %10, %body ]
;;   ret i32 %11
;; }
;; define hidden void @"aot_func#1"(ptr %0, i32 %1, i64 %2, ptr swiftself %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca i32, align 4
;;   store i32 %1, ptr %6, align 4
;;   %7 = alloca i64, align 8
;;   store i64 %2, ptr %7, align 8
;;   br label %body
;; body:
;;   %8 = load i32, ptr %6, align 4
;;   %9 = load i64, ptr %7, align 8
;;   %10 = trunc i64 %9 to i16
;;   %11 = zext i32 %8 to i64
;;   %12 = getelementptr i8, ptr %3, i64 %11
;;   store i16 %10, ptr %12, align 1
;;   br label %return
;; return:
;;   ret void
;; }
;; define hidden i32 @"aot_func#2"(ptr %0, i32 %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   br label %body
;; body:
;;   %6 = load i32, ptr %5, align 4
;;   %7 = getelementptr inbounds i8, ptr %4, i64 344
;;   %8 = getelementptr inbounds i8, ptr %7, i64 16
;;   %9 = load i32, ptr %8, align 4
;;   %10 = call i8 @aot_enlarge_memory(ptr %4, i32 %6)
;;   %11 = icmp ne i8 %10, 0
;;   %12 = select i1 %11, i32 %9, i32 -1
;;   %13 = getelementptr i8, ptr %2, i64 0
;;   %14 = load i32, ptr %13, align 1
;;   %15 = add i32 %12, %14
;;   br label %return
;; return:
;;   %16 = phi i32 [ %15, %body ]
;;   ret i32 %16
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

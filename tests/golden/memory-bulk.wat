(module
  (memory 1)
  (data $d "abc")
  (func (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (param i32 i32 i32) (memory.init $d (local.get 0) (local.get 1) (local.get 2)) (data.drop $d)))

;; define hidden void @"aot_func#0"(ptr %0, i32 %1, i32 %2, i32 %3, ptr swiftself %4) {
;; entry:
;;   %5 = getelementptr inbounds i8, ptr %0, i64 16
;;   %6 = load ptr, ptr %5, align 8
;;   %7 = alloca i32, align 4
;;   store i32 %1, ptr %7, align 4
;;   %8 = alloca i32, align 4
;;   store i32 %2, ptr %8, align 4
;;   %9 = alloca i32, align 4
;;   store i32 %3, ptr %9, align 4
;;   br label %body
;; body:
;;   %10 = load i32, ptr %7, align 4
;;   %11 = load i32, ptr %8, align 4
;;   %12 = load i32, ptr %9, align 4
;;   %13 = zext i32 %12 to i64
;;   %14 = zext i32 %11 to i64
;;   %15 = zext i32 %10 to i64
;;   %16 = add i64 %14, %13
;;   %17 = getelementptr inbounds i8, ptr %6, i64 344
;;   %18 = getelementptr inbounds i8, ptr %17, i64 24
;;   %19 = load i64, ptr %18, align 8
;;   %20 = icmp ugt i64 %16, %19
;;   br i1 %20, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret void
;; next:
;;   %21 = add i64 %15, %13
;;   %22 = getelementptr inbounds i8, ptr %6, i64 344
;;   %23 = getelementptr inbounds i8, ptr %22, i64 24
;;   %24 = load i64, ptr %23, align 8
;;   %25 = icmp ugt i64 %21, %24
;;   br i1 %25, label %trap, label %next1
;; next1:
;;   %26 = getelementptr i8, ptr %4, i64 %14
;;   %27 = getelementptr i8, ptr %4, i64 %15
;;   call void @llvm.memmove.p0.p0.i64(ptr align 1 %27, ptr align 1 %26, i64 %13, i1 false)
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
;; define hidden void @"aot_func#1"(ptr %0, i32 %1, i32 %2, i32 %3, ptr swiftself %4) {
;; entry:
;;   %5 = getelementptr inbounds i8, ptr %0, i64 16
;;   %6 = load ptr, ptr %5, align 8
;;   %7 = alloca i32, align 4
;;   store i32 %1, ptr %7, align 4
;;   %8 = alloca i32, align 4
;;   store i32 %2, ptr %8, align 4
;;   %9 = alloca i32, align 4
;;   store i32 %3, ptr %9, align 4
;;   br label %body
;; body:
;;   %10 = load i32, ptr %7, align 4
;;   %11 = load i32, ptr %8, align 4
;;   %12 = load i32, ptr %9, align 4
;;   %13 = zext i32 %12 to i64
;;   %14 = zext i32 %10 to i64
;;   %15 = add i64 %14, %13
;;   %16 = getelementptr inbounds i8, ptr %6, i64 344
;;   %17 = getelementptr inbounds i8, ptr %16, i64 24
;;   %18 = load i64, ptr %17, align 8
;;   %19 = icmp ugt i64 %15, %18
;;   br i1 %19, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret void
;; next:
;;   %20 = getelementptr i8, ptr %4, i64 %14
;;   %21 = trunc i32 %11 to i8
;;   call void @llvm.memset.p0.i64(ptr align 1 %20, i8 %21, i64 %13, i1 false)
;;   br label %return
;; return:
;;   ret void
;; }
;; define hidden void @"aot_func#2"(ptr %0, i32 %1, i32 %2, i32 %3, ptr swiftself %4) {
;; entry:
;;   %5 = getelementptr inbounds i8, ptr %0, i64 16
;;   %6 = load ptr, ptr %5, align 8
;;   %7 = alloca i32, align 4
;;   store i32 %1, ptr %7, align 4
;;   %8 = alloca i32, align 4
;;   store i32 %2, ptr %8, align 4
;;   %9 = alloca i32, align 4
;;   store i32 %3, ptr %9, align 4
;;   br label %body
;; body:
;;   %10 = load i32, ptr %7, align 4
;;   %11 = load i32, ptr %8, align 4
;;   %12 = load i32, ptr %9, align 4
;;   %13 = zext i32 %10 to i64
;;   %14 = call i8 @aot_memory_init(ptr %6, i32 0, i32 %11, i32 %12, i64 %13)
;;   %15 = icmp eq i8 %14, 0
;;   br i1 %15, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 33)
;;   ret void
;; next:
;;   %16 = call i8 @aot_data_drop(ptr %6, i32 0)
;;   br label %return
;; return:
;;   ret void
;; }
;; define hidden void @aot_func_stand_in(ptr %0, i32 %1, i32 %2, i32 %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   br label %trap
;; trap:
;;   call void @aot_raise(ptr %0, i32 0)
;;   ret void
;; }

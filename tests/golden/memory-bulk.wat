(module
  (memory 1)
  (data $d "abc")
  (func (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (param i32 i32 i32) (memory.init $d (local.get 0) (local.get 1) (local.get 2)) (data.drop $d)))

;; define hidden void @"aot_func#0"(ptr %0, i32 %1, i32 %2, i32 %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca i32, align 4
;;   store i32 %1, ptr %6, align 4
;;   %7 = alloca i32, align 4
;;   store i32 %2, ptr %7, align 4
;;   %8 = alloca i32, align 4
;;   store i32 %3, ptr %8, align 4
;;   %9 = getelementptr inbounds i8, ptr %5, i64 344
;;   %10 = getelementptr inbounds i8, ptr %9, i64 32
;;   %11 = load ptr, ptr %10, align 8
;;   br label %body
;; body:
;;   %12 = load i32, ptr %6, align 4
;;   %13 = load i32, ptr %7, align 4
;;   %14 = load i32, ptr %8, align 4
;;   %15 = zext i32 %14 to i64
;;   %16 = zext i32 %13 to i64
;;   %17 = zext i32 %12 to i64
;;   %18 = add i64 %16, %15
;;   %19 = getelementptr inbounds i8, ptr %5, i64 344
;;   %20 = getelementptr inbounds i8, ptr %19, i64 24
;;   %21 = load i64, ptr %20, align 8
;;   %22 = icmp ugt i64 %18, %21
;;   br i1 %22, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret void
;; next:
;;   %23 = add i64 %17, %15
;;   %24 = getelementptr inbounds i8, ptr %5, i64 344
;;   %25 = getelementptr inbounds i8, ptr %24, i64 24
;;   %26 = load i64, ptr %25, align 8
;;   %27 = icmp ugt i64 %23, %26
;;   br i1 %27, label %trap, label %next1
;; next1:
;;   %28 = getelementptr i8, ptr %11, i64 %16
;;   %29 = getelementptr i8, ptr %11, i64 %17
;;   call void @llvm.memmove.p0.p0.i64(ptr align 1 %29, ptr align 1 %28, i64 %15, i1 false)
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
;; define hidden void @"aot_func#1"(ptr %0, i32 %1, i32 %2, i32 %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca i32, align 4
;;   store i32 %1, ptr %6, align 4
;;   %7 = alloca i32, align 4
;;   store i32 %2, ptr %7, align 4
;;   %8 = alloca i32, align 4
;;   store i32 %3, ptr %8, align 4
;;   %9 = getelementptr inbounds i8, ptr %5, i64 344
;;   %10 = getelementptr inbounds i8, ptr %9, i64 32
;;   %11 = load ptr, ptr %10, align 8
;;   br label %body
;; body:
;;   %12 = load i32, ptr %6, align 4
;;   %13 = load i32, ptr %7, align 4
;;   %14 = load i32, ptr %8, align 4
;;   %15 = zext i32 %14 to i64
;;   %16 = zext i32 %12 to i64
;;   %17 = add i64 %16, %15
;;   %18 = getelementptr inbounds i8, ptr %5, i64 344
;;   %19 = getelementptr inbounds i8, ptr %18, i64 24
;;   %20 = load i64, ptr %19, align 8
;;   %21 = icmp ugt i64 %17, %20
;;   br i1 %21, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret void
;; next:
;;   %22 = getelementptr i8, ptr %11, i64 %16
;;   %23 = trunc i32 %13 to i8
;;   call void @llvm.memset.p0.i64(ptr align 1 %22, i8 %23, i64 %15, i1 false)
;;   br label %return
;; return:
;;   ret void
;; }
;; define hidden void @"aot_func#2"(ptr %0, i32 %1, i32 %2, i32 %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca i32, align 4
;;   store i32 %1, ptr %6, align 4
;;   %7 = alloca i32, align 4
;;   store i32 %2, ptr %7, align 4
;;   %8 = alloca i32, align 4
;;   store i32 %3, ptr %8, align 4
;;   %9 = getelementptr inbounds i8, ptr %5, i64 344
;;   %10 = getelementptr inbounds i8, ptr %9, i64 32
;;   %11 = load ptr, ptr %10, align 8
;;   br label %body
;; body:
;;   %12 = load i32, ptr %6, align 4
;;   %13 = load i32, ptr %7, align 4
;;   %14 = load i32, ptr %8, align 4
;;   %15 = zext i32 %12 to i64
;;   %16 = call i8 @aot_memory_init(ptr %5, i32 0, i32 %13, i32 %14, i64 %15)
;;   %17 = icmp eq i8 %16, 0
;;   br i1 %17, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 33)
;;   ret void
;; next:
;;   %18 = call i8 @aot_data_drop(ptr %5, i32 0)
;;   br label %return
;; return:
;;   ret void
;; }

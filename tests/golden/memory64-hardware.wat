(module
  (memory i64 1)
  (table i64 2 funcref)
  (func (param i64) (result i32) (i32.load offset=4 (local.get 0)))
  (func (param i64) (result i32) (i32.load offset=0x100000000 (local.get 0)))
  (func (param i64) (result i64) (memory.grow (local.get 0)))
  (func (param i64 i64 i64) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (param i64) (result funcref) (table.get (local.get 0))))

;; define hidden i32 @"aot_func#0"(ptr %0, i64 %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i64, align 8
;;   store i64 %1, ptr %5, align 8
;;   br label %body
;; body:
;;   %6 = load i64, ptr %5, align 8
;;   %7 = icmp ugt i64 %6, 4294967295
;;   br i1 %7, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret i32 0
;; next:
;;   %8 = add nuw i64 %6, 4
;;   %9 = getelementptr i8, ptr %2, i64 %8
;;   %10 = load i32, ptr %9, align 1
;;   br label %return
;; return:
;;   %11 = phi i32 [ %10, %next ]
;;   ret i32 %11
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
;; define hidden i32 @"aot_func#1"(ptr %0, i64 %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i64, align 8
;;   store i64 %1, ptr %5, align 8
;;   br label %body
;; body:
;;   %6 = load i64, ptr %5, align 8
;;   %7 = icmp ugt i64 %6, 4294967295
;;   br i1 %7, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret i32 0
;; next:
;;   br i1 true, label %trap, label %next1
;; next1:
;;   %8 = add nuw i64 %6, 4294967296
;;   %9 = getelementptr i8, ptr %2, i64 %8
;;   %10 = load i32, ptr %9, align 1
;;   br label %return
;; return:
;;   %11 = phi i32 [ %10, %next1 ]
;;   ret i32 %11
;; }
;; define hidden i64 @"aot_func#2"(ptr %0, i64 %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i64, align 8
;;   store i64 %1, ptr %5, align 8
;;   br label %body
;; body:
;;   %6 = load i64, ptr %5, align 8
;;   %7 = getelementptr inbounds i8, ptr %4, i64 344
;;   %8 = getelementptr inbounds i8, ptr %7, i64 16
;;   %9 = load i32, ptr %8, align 4
;;   %10 = icmp ule i64 %6, 4294967295
;;   %11 = trunc i64 %6 to i32
;;   %12 = select i1 %10, i32 %11, i32 -1
;;   %13 = call i8 @aot_enlarge_memory(ptr %4, i32 %12)
;;   %14 = icmp ne i8 %13, 0
;;   %15 = and i1 %14, %10
;;   %16 = zext i32 %9 to i64
;;   %17 = select i1 %15, i64 %16, i64 -1
;;   br label %return
;; return:
;;   %18 = phi i64 [ %17, %body ]
;;   ret i64 %18
;; }
;; define hidden void @"aot_func#3"(ptr %0, i64 %1, i64 %2, i64 %3, ptr swiftself %4) {
;; entry:
;;   %5 = getelementptr inbounds i8, ptr %0, i64 16
;;   %6 = load ptr, ptr %5, align 8
;;   %7 = alloca i64, align 8
;;   store i64 %1, ptr %7, align 8
;;   %8 = alloca i64, align 8
;;   store i64 %2, ptr %8, align 8
;;   %9 = alloca i64, align 8
;;   store i64 %3, ptr %9, align 8
;;   br label %body
;; body:
;;   %10 = load i64, ptr %7, align 8
;;   %11 = load i64, ptr %8, align 8
;;   %12 = load i64, ptr %9, align 8
;;   %13 = getelementptr inbounds i8, ptr %6, i64 344
;;   %14 = getelementptr inbounds i8, ptr %13, i64 24
;;   %15 = load i64, ptr %14, align 8
;;   %16 = icmp ugt i64 %12, %15
;;   %17 = sub i64 %15, %12
;;   %18 = icmp ugt i64 %11, %17
;;   %19 = or i1 %16, %18
;;   br i1 %19, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret void
;; next:
;;   %20 = getelementptr inbounds i8, ptr %6, i64 344
;;   %21 = getelementptr inbounds i8, ptr %20, i64 24
;;   %22 = load i64, ptr %21, align 8
;;   %23 = icmp ugt i64 %12, %22
;;   %24 = sub i64 %22, %12
;;   %25 = icmp ugt i64 %10, %24
;;   %26 = or i1 %23, %25
;;   br i1 %26, label %trap, label %next1
;; next1:
;;   %27 = getelementptr i8, ptr %4, i64 %11
;;   %28 = getelementptr i8, ptr %4, i64 %10
;;   call void @llvm.memmove.p0.p0.i64(ptr align 1 %28, ptr align 1 %27, i64 %12, i1 false)
;;   br label %return
;; return:
;;   ret void
;; }
;; define hidden i32 @"aot_func#4"(ptr %0, i64 %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i64, align 8
;;   store i64 %1, ptr %5, align 8
;;   br label %body
;; body:
;;   %6 = load i64, ptr %5, align 8
;;   %7 = icmp ugt i64 %6, 4294967295
;;   br i1 %7, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 15)
;;   ret i32 -1
;; next:
;;   %8 = trunc i64 %6 to i32
;;   %9 = getelementptr inbounds i8, ptr %4, i64 480
;;   %10 = load i32, ptr %9, align 4
;;   %11 = icmp uge i32 %8, %10
;;   br i1 %11, label %trap, label %next1
;; next1:
;;   %12 = getelementptr inbounds i8, ptr %4, i64 488
;;   %13 = zext i32 %8 to i64
;;   %14 = getelementptr inbounds i64, ptr %12, i64 %13
;;   %15 = load i64, ptr %14, align 4
;;   %16 = trunc i64 %15 to i32
;;   br label %return
;; return:
;;   %17 = phi i32 [ %16, %next1 ]
;;   ret i32 %17
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

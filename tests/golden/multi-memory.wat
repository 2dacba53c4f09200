(module
  (memory 1)
  (memory $constant 1)
  (memory $grows 1)
  (memory $bytes 5 (pagesize 1))
  (data (memory $constant) (i32.const 8) "data")
  (data $passive "passive")
  (func (param i32) (result i32) (i32.load $constant offset=4 (local.get 0)))
  (func (param i32) (result i32) (i32.load $grows offset=4 (local.get 0)))
  (func (param i32) (result i32) (i32.load16_u $bytes (local.get 0)))
  (func (param i32) (result i32) (memory.grow $grows (local.get 0)))
  (func (param i32 i32 i32) (memory.copy $grows 0 (local.get 0) (local.get 1) (local.get 2)))
  (func (memory.init $constant $passive (i32.const 0) (i32.const 0) (i32.const 4)))
  (func (data.drop $passive)))

;; @"aot_data#1" = hidden constant [8 x i8] c"passive\00", align 4
;; @"aot_data#0" = hidden constant [4 x i8] c"data", align 4
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
;;   %8 = icmp ugt i32 %6, 65528
;;   br i1 %8, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret i32 0
;; next:
;;   %9 = add nuw i64 %7, 4
;;   %10 = getelementptr inbounds i8, ptr %4, i64 464
;;   %11 = getelementptr inbounds i8, ptr %10, i64 32
;;   %12 = load ptr, ptr %11, align 8
;;   %13 = getelementptr i8, ptr %12, i64 %9
;;   %14 = load i32, ptr %13, align 1
;;   br label %return
;; return:
;;   %15 = phi i32 [ %14, %next ]
;;   ret i32 %15
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
;; define hidden i32 @"aot_func#1"(ptr %0, i32 %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   br label %body
;; body:
;;   %6 = load i32, ptr %5, align 4
;;   %7 = zext i32 %6 to i64
;;   %8 = getelementptr inbounds i8, ptr %0, i64 16
;;   %9 = load ptr, ptr %8, align 8
;;   %10 = getelementptr inbounds i8, ptr %9, i64 824
;;   %11 = load i32, ptr %10, align 4
;;   %12 = sub nuw i32 %11, 8
;;   %13 = icmp ugt i32 %6, %12
;;   br i1 %13, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret i32 0
;; next:
;;   %14 = add nuw i64 %7, 4
;;   %15 = getelementptr inbounds i8, ptr %4, i64 584
;;   %16 = getelementptr inbounds i8, ptr %15, i64 32
;;   %17 = load ptr, ptr %16, align 8
;;   %18 = getelementptr i8, ptr %17, i64 %14
;;   %19 = load i32, ptr %18, align 1
;;   br label %return
;; return:
;;   %20 = phi i32 [ %19, %next ]
;;   ret i32 %20
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
;;   %7 = zext i32 %6 to i64
;;   %8 = icmp ugt i32 %6, 3
;;   br i1 %8, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret i32 0
;; next:
;;   %9 = getelementptr inbounds i8, ptr %4, i64 704
;;   %10 = getelementptr inbounds i8, ptr %9, i64 32
;;   %11 = load ptr, ptr %10, align 8
;;   %12 = getelementptr i8, ptr %11, i64 %7
;;   %13 = load i16, ptr %12, align 1
;;   %14 = zext i16 %13 to i32
;;   br label %return
;; return:
;;   %15 = phi i32 [ %14, %next ]
;;   ret i32 %15
;; }
;; define hidden i32 @"aot_func#3"(ptr %0, i32 %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   br label %body
;; body:
;;   %6 = load i32, ptr %5, align 4
;;   %7 = getelementptr inbounds i8, ptr %0, i64 16
;;   %8 = load ptr, ptr %7, align 8
;;   %9 = getelementptr inbounds i8, ptr %8, i64 824
;;   %10 = load i32, ptr %9, align 4
;;   %11 = sub nuw i32 268435456, %10
;;   %12 = lshr i32 %11, 16
;;   %13 = icmp ule i32 %6, %12
;;   %14 = mul i32 %6, 65536
;;   %15 = add i32 %10, %14
;;   %16 = select i1 %13, i32 %15, i32 %10
;;   %17 = getelementptr inbounds i8, ptr %0, i64 16
;;   %18 = load ptr, ptr %17, align 8
;;   %19 = getelementptr inbounds i8, ptr %18, i64 824
;;   store volatile i32 %16, ptr %19, align 4
;;   %20 = lshr i32 %10, 16
;;   %21 = select i1 %13, i32 %20, i32 -1
;;   br label %return
;; return:
;;   %22 = phi i32 [ %21, %body ]
;;   ret i32 %22
;; }
;; define hidden void @"aot_func#4"(ptr %0, i32 %1, i32 %2, i32 %3, ptr swiftself %4) {
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
;;   %22 = getelementptr inbounds i8, ptr %0, i64 16
;;   %23 = load ptr, ptr %22, align 8
;;   %24 = getelementptr inbounds i8, ptr %23, i64 824
;;   %25 = load i32, ptr %24, align 4
;;   %26 = zext i32 %25 to i64
;;   %27 = icmp ugt i64 %21, %26
;;   br i1 %27, label %trap, label %next1
;; next1:
;;   %28 = getelementptr i8, ptr %4, i64 %14
;;   %29 = getelementptr inbounds i8, ptr %6, i64 584
;;   %30 = getelementptr inbounds i8, ptr %29, i64 32
;;   %31 = load ptr, ptr %30, align 8
;;   %32 = getelementptr i8, ptr %31, i64 %15
;;   call void @llvm.memmove.p0.p0.i64(ptr align 1 %32, ptr align 1 %28, i64 %13, i1 false)
;;   br label %return
;; return:
;;   ret void
;; }
;; define hidden void @"aot_func#5"(ptr %0, ptr swiftself %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   br label %body
;; body:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = getelementptr inbounds i8, ptr %5, i64 828
;;   %7 = load i32, ptr %6, align 4
;;   %8 = icmp eq i32 %7, 0
;;   %9 = select i1 %8, i64 7, i64 0
;;   %10 = icmp ugt i64 4, %9
;;   br i1 %10, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret void
;; next:
;;   br i1 false, label %trap, label %next1
;; next1:
;;   %11 = getelementptr inbounds i8, ptr %3, i64 464
;;   %12 = getelementptr inbounds i8, ptr %11, i64 32
;;   %13 = load ptr, ptr %12, align 8
;;   %14 = getelementptr i8, ptr %13, i64 0
;;   call void @llvm.memmove.p0.p0.i64(ptr align 1 %14, ptr align 1 @"aot_data#1", i64 4, i1 false)
;;   br label %return
;; return:
;;   ret void
;; }
;; define hidden void @"aot_func#6"(ptr %0, ptr swiftself %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   br label %body
;; body:
;;   %4 = call i8 @aot_data_drop(ptr %3, i32 1)
;;   %5 = getelementptr inbounds i8, ptr %0, i64 16
;;   %6 = load ptr, ptr %5, align 8
;;   %7 = getelementptr inbounds i8, ptr %6, i64 828
;;   store volatile i32 1, ptr %7, align 4
;;   br label %return
;; return:
;;   ret void
;; }
;; define void @"aot_func#7"(ptr %0) {
;; entry:
;;   %1 = getelementptr inbounds i8, ptr %0, i64 16
;;   %2 = load ptr, ptr %1, align 8
;;   %3 = getelementptr inbounds i8, ptr %2, i64 344
;;   %4 = getelementptr inbounds i8, ptr %3, i64 32
;;   %5 = load ptr, ptr %4, align 8
;;   br i1 false, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 2)
;;   ret void
;; next:
;;   %6 = getelementptr inbounds i8, ptr %2, i64 464
;;   %7 = getelementptr inbounds i8, ptr %6, i64 32
;;   %8 = load ptr, ptr %7, align 8
;;   %9 = getelementptr i8, ptr %8, i64 8
;;   call void @llvm.memmove.p0.p0.i64(ptr align 1 %9, ptr align 1 @"aot_data#0", i64 4, i1 false)
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

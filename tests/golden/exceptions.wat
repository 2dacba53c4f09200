(module
  (tag $t (param i32))
  (func $throw (param i32) (throw $t (local.get 0)))
  (func (export "catch") (param i32) (result i32)
    (block $h (result i32)
      (try_table (result i32) (catch $t $h) (call $throw (local.get 0)) (i32.const 1))))
  (func $again
    (block $h (result exnref)
      (try_table (catch_all_ref $h) (call $throw (i32.const 2)) (return))
      (unreachable))
    (throw_ref))
  (func $plain-branch (result i32)
    (block $h (result i32)
      (try_table (result i32) (catch $t $h) (throw $t (i32.const 3))))))

;; define hidden void @"aot_func#0"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   fence syncscope("singlethread") release
;;   %6 = getelementptr inbounds i8, ptr %0, i64 16
;;   %7 = load ptr, ptr %6, align 8
;;   %8 = getelementptr inbounds i8, ptr %7, i64 468
;;   store i32 %5, ptr %8, align 4
;;   %9 = getelementptr inbounds i8, ptr %0, i64 16
;;   %10 = load ptr, ptr %9, align 8
;;   %11 = getelementptr inbounds i8, ptr %10, i64 464
;;   store volatile i32 1, ptr %11, align 4
;;   %12 = getelementptr inbounds i8, ptr %0, i64 44
;;   store volatile i32 1, ptr %12, align 4
;;   br label %unwind
;; unwind:
;;   ret void
;; }
;; define hidden i32 @"aot_func_internal#1"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   call void @"aot_func#0"(ptr %0, i32 %5)
;;   %6 = getelementptr inbounds i8, ptr %0, i64 44
;;   %7 = load i32, ptr %6, align 4
;;   %8 = icmp ne i32 %7, 0
;;   br i1 %8, label %handler, label %next2
;; unwind:
;;   ret i32 0
;; handler:
;;   %9 = getelementptr inbounds i8, ptr %0, i64 16
;;   %10 = load ptr, ptr %9, align 8
;;   %11 = getelementptr inbounds i8, ptr %10, i64 464
;;   %12 = load i32, ptr %11, align 4
;;   %13 = icmp eq i32 %12, 1
;;   br i1 %13, label %catch, label %next
;; catch:
;;   %14 = getelementptr inbounds i8, ptr %0, i64 16
;;   %15 = load ptr, ptr %14, align 8
;;   %16 = getelementptr inbounds i8, ptr %15, i64 468
;;   %17 = load i32, ptr %16, align 4
;;   %18 = getelementptr inbounds i8, ptr %0, i64 16
;;   %19 = load ptr, ptr %18, align 8
;;   %20 = getelementptr inbounds i8, ptr %19, i64 464
;;   store volatile i32 0, ptr %20, align 4
;;   %21 = getelementptr inbounds i8, ptr %0, i64 44
;;   store volatile i32 0, ptr %21, align 4
;;   br label %end
;; next:
;;   br label %unwind
;; next2:
;;   br label %end1
;; end1:
;;   %22 = phi i32 [ 1, %next2 ]
;;   br label %end
;; end:
;;   %23 = phi i32 [ %17, %catch ], [ %22, %end1 ]
;;   br label %return
;; return:
;;   %24 = phi i32 [ %23, %end ]
;;   ret i32 %24
;; }
;; define hidden i32 @"aot_func#1"(ptr %0, i32 %1) {
;; entry:
;;   %2 = call i32 @"aot_func_internal#1"(ptr %0, i32 %1)
;;   %3 = getelementptr inbounds i8, ptr %0, i64 44
;;   %4 = load i32, ptr %3, align 4
;;   %5 = icmp ne i32 %4, 0
;;   br i1 %5, label %uncaught, label %returned
;; uncaught:
;;   %6 = getelementptr inbounds i8, ptr %0, i64 16
;;   %7 = load ptr, ptr %6, align 8
;;   %8 = getelementptr inbounds i8, ptr %7, i64 464
;;   %9 = load i32, ptr %8, align 4
;;   %10 = getelementptr inbounds i8, ptr %0, i64 16
;;   %11 = load ptr, ptr %10, align 8
;;   %12 = getelementptr inbounds i8, ptr %0, i64 16
;;   %13 = load ptr, ptr %12, align 8
;;   %14 = getelementptr inbounds i8, ptr %13, i64 464
;;   store volatile i32 0, ptr %14, align 4
;;   %15 = getelementptr inbounds i8, ptr %0, i64 44
;;   store volatile i32 0, ptr %15, align 4
;;   call void @aot_raise_message(ptr %0, i32 %9)
;;   ret i32 0
;; returned:
;;   ret i32 %2
;; }
;; define internal void @aot_raise_message(ptr %0, i32 %1) {
;; entry:
;;   %2 = alloca [28 x i32], align 4
;;   call void @aot_probe_stack()
;;   %3 = getelementptr i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   switch i32 %1, label %uncaught [
;;     i32 0, label %message
;;     i32 1, label %message1
;;     i32 -1, label %message2
;;   ]
;; uncaught:
;;   %5 = getelementptr i8, ptr %2, i64 0
;;   store i32 1633906293, ptr %5, align 4
;;   %6 = getelementptr i8, ptr %2, i64 4
;;   store i32 1952999285, ptr %6, align 4
;;   %7 = getelementptr i8, ptr %2, i64 8
;;   store i32 1668834592, ptr %7, align 4
;;   %8 = getelementptr i8, ptr %2, i64 12
;;   store i32 1769238629, ptr %8, align 4
;;   %9 = getelementptr i8, ptr %2, i64 16
;;   store i32 28271, ptr %9, align 4
;;   br label %raise
;; raise:
;;   call void @aot_set_exception(ptr %4, ptr %2)
;;   call void @aot_set_exception_with_id(ptr %4, i32 33)
;;   ret void
;; message:
;;   %10 = getelementptr i8, ptr %2, i64 0
;;   store i32 1819047278, ptr %10, align 4
;;   %11 = getelementptr i8, ptr %2, i64 4
;;   store i32 1668834592, ptr %11, align 4
;;   %12 = getelementptr i8, ptr %2, i64 8
;;   store i32 1769238629, ptr %12, align 4
;;   %13 = getelementptr i8, ptr %2, i64 12
;;   store i32 1914728047, ptr %13, align 4
;;   %14 = getelementptr i8, ptr %2, i64 16
;;   store i32 1919247973, ptr %14, align 4
;;   %15 = getelementptr i8, ptr %2, i64 20
;;   store i32 1701015141, ptr %15, align 4
;;   %16 = getelementptr i8, ptr %2, i64 24
;;   store i32 0, ptr %16, align 4
;;   br label %raise
;; message1:
;;   %17 = getelementptr i8, ptr %2, i64 0
;;   store i32 1633906293, ptr %17, align 4
;;   %18 = getelementptr i8, ptr %2, i64 4
;;   store i32 1952999285, ptr %18, align 4
;;   %19 = getelementptr i8, ptr %2, i64 8
;;   store i32 1668834592, ptr %19, align 4
;;   %20 = getelementptr i8, ptr %2, i64 12
;;   store i32 1769238629, ptr %20, align 4
;;   %21 = getelementptr i8, ptr %2, i64 16
;;   store i32 1864396399, ptr %21, align 4
;;   %22 = getelementptr i8, ptr %2, i64 20
;;   store i32 1635000422, ptr %22, align 4
;;   %23 = getelementptr i8, ptr %2, i64 24
;;   store i32 1952456807, ptr %23, align 4
;;   %24 = getelementptr i8, ptr %2, i64 28
;;   store i32 96, ptr %24, align 4
;;   br label %raise
;; message2:
;;   %25 = getelementptr i8, ptr %2, i64 0
;;   store i32 543516788, ptr %25, align 4
;;   %26 = getelementptr i8, ptr %2, i64 4
;;   store i32 1953722216, ptr %26, align 4
;;   %27 = getelementptr i8, ptr %2, i64 8
;;   store i32 1935763488, ptr %27, align 4
;;   %28 = getelementptr i8, ptr %2, i64 12
;;   store i32 544173600, ptr %28, align 4
;;   %29 = getelementptr i8, ptr %2, i64 16
;;   store i32 1701017701, ptr %29, align 4
;;   %30 = getelementptr i8, ptr %2, i64 20
;;   store i32 1869182064, ptr %30, align 4
;;   %31 = getelementptr i8, ptr %2, i64 24
;;   store i32 1701978222, ptr %31, align 4
;;   %32 = getelementptr i8, ptr %2, i64 28
;;   store i32 1701995878, ptr %32, align 4
;;   %33 = getelementptr i8, ptr %2, i64 32
;;   store i32 1936024430, ptr %33, align 4
;;   %34 = getelementptr i8, ptr %2, i64 36
;;   store i32 0, ptr %34, align 4
;;   br label %raise
;; }
;; define internal void @aot_probe_stack() {
;; entry:
;;   %0 = alloca [16384 x i8], align 1
;;   call void asm sideeffect "", "r,~{memory}"(ptr %0)
;;   ret void
;; }
;; define hidden void @"aot_func#2"(ptr %0) {
;; entry:
;;   %1 = getelementptr inbounds i8, ptr %0, i64 16
;;   %2 = load ptr, ptr %1, align 8
;;   br label %body
;; body:
;;   call void @"aot_func#0"(ptr %0, i32 2)
;;   %3 = getelementptr inbounds i8, ptr %0, i64 44
;;   %4 = load i32, ptr %3, align 4
;;   %5 = icmp ne i32 %4, 0
;;   br i1 %5, label %handler, label %next
;; handler:
;;   %6 = getelementptr inbounds i8, ptr %0, i64 16
;;   %7 = load ptr, ptr %6, align 8
;;   %8 = getelementptr inbounds i8, ptr %7, i64 464
;;   %9 = load i32, ptr %8, align 4
;;   %10 = getelementptr inbounds i8, ptr %0, i64 16
;;   %11 = load ptr, ptr %10, align 8
;;   %12 = getelementptr inbounds i8, ptr %11, i64 464
;;   %13 = load i32, ptr %12, align 4
;;   %14 = insertvalue { i32, i32 } poison, i32 %13, 0
;;   %15 = getelementptr inbounds i8, ptr %0, i64 16
;;   %16 = load ptr, ptr %15, align 8
;;   %17 = getelementptr inbounds i8, ptr %16, i64 468
;;   %18 = load i32, ptr %17, align 4
;;   %19 = insertvalue { i32, i32 } %14, i32 %18, 1
;;   %20 = getelementptr inbounds i8, ptr %0, i64 16
;;   %21 = load ptr, ptr %20, align 8
;;   %22 = getelementptr inbounds i8, ptr %21, i64 464
;;   store volatile i32 0, ptr %22, align 4
;;   %23 = getelementptr inbounds i8, ptr %0, i64 44
;;   store volatile i32 0, ptr %23, align 4
;;   br label %end
;; next:
;;   br label %return
;; end:
;;   %24 = phi { i32, i32 } [ %19, %handler ]
;;   %25 = extractvalue { i32, i32 } %24, 0
;;   %26 = icmp eq i32 %25, 0
;;   br i1 %26, label %null, label %next2
;; null:
;;   call void @aot_raise_message(ptr %0, i32 0)
;;   ret void
;; next2:
;;   fence syncscope("singlethread") release
;;   %27 = extractvalue { i32, i32 } %24, 0
;;   %28 = getelementptr inbounds i8, ptr %0, i64 16
;;   %29 = load ptr, ptr %28, align 8
;;   %30 = getelementptr inbounds i8, ptr %29, i64 464
;;   store volatile i32 %27, ptr %30, align 4
;;   %31 = extractvalue { i32, i32 } %24, 1
;;   %32 = getelementptr inbounds i8, ptr %0, i64 16
;;   %33 = load ptr, ptr %32, align 8
;;   %34 = getelementptr inbounds i8, ptr %33, i64 468
;;   store i32 %31, ptr %34, align 4
;;   %35 = getelementptr inbounds i8, ptr %0, i64 44
;;   store volatile i32 1, ptr %35, align 4
;;   br label %unwind
;; unwind:
;;   ret void
;; return:
;;   ret void
;; }
;; define hidden i32 @"aot_func#3"(ptr %0) {
;; entry:
;;   %1 = getelementptr inbounds i8, ptr %0, i64 16
;;   %2 = load ptr, ptr %1, align 8
;;   br label %body
;; body:
;;   br label %end
;; end:
;;   %3 = phi i32 [ 3, %body ]
;;   br label %return
;; return:
;;   %4 = phi i32 [ %3, %end ]
;;   ret i32 %4
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
;; define internal void @aot_raise(ptr %0, i32 %1) {
;; entry:
;;   call void @aot_probe_stack()
;;   %2 = getelementptr i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   call void @aot_set_exception_with_id(ptr %3, i32 %1)
;;   ret void
;; }

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

;; define hidden i64 @"aot_func#0"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = getelementptr inbounds i8, ptr %0, i64 16
;;   %7 = load ptr, ptr %6, align 8
;;   %8 = getelementptr inbounds i8, ptr %7, i64 468
;;   store i32 %5, ptr %8, align 4
;;   %9 = getelementptr inbounds i8, ptr %0, i64 16
;;   %10 = load ptr, ptr %9, align 8
;;   %11 = getelementptr inbounds i8, ptr %10, i64 464
;;   store i32 1, ptr %11, align 4
;;   br label %left
;; left:
;;   br label %exit
;; exit:
;;   %12 = phi i64 [ 1, %left ]
;;   ret i64 %12
;; }
;; define hidden { i32, i64 } @"aot_func_internal#1"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = call i64 @"aot_func#0"(ptr %0, i32 %5)
;;   %7 = icmp ne i64 %6, 0
;;   br i1 %7, label %handler, label %next2
;; left:
;;   br label %exit
;; exit:
;;   %8 = phi i64 [ 1, %left ], [ 0, %return ]
;;   %9 = phi i32 [ poison, %left ], [ %23, %return ]
;;   %10 = insertvalue { i32, i64 } poison, i32 %9, 0
;;   %11 = insertvalue { i32, i64 } %10, i64 %8, 1
;;   ret { i32, i64 } %11
;; handler:
;;   %12 = getelementptr inbounds i8, ptr %0, i64 16
;;   %13 = load ptr, ptr %12, align 8
;;   %14 = getelementptr inbounds i8, ptr %13, i64 464
;;   %15 = load i32, ptr %14, align 4
;;   %16 = icmp eq i32 %15, 1
;;   br i1 %16, label %catch, label %next
;; catch:
;;   %17 = getelementptr inbounds i8, ptr %0, i64 16
;;   %18 = load ptr, ptr %17, align 8
;;   %19 = getelementptr inbounds i8, ptr %18, i64 468
;;   %20 = load i32, ptr %19, align 4
;;   br label %end
;; next:
;;   br label %left
;; next2:
;;   br label %end1
;; end1:
;;   %21 = phi i32 [ 1, %next2 ]
;;   br label %end
;; end:
;;   %22 = phi i32 [ %20, %catch ], [ %21, %end1 ]
;;   br label %return
;; return:
;;   %23 = phi i32 [ %22, %end ]
;;   br label %exit
;; }
;; define hidden i32 @"aot_func#1"(ptr %0, i32 %1) {
;; entry:
;;   %2 = call { i32, i64 } @"aot_func_internal#1"(ptr %0, i32 %1)
;;   %3 = extractvalue { i32, i64 } %2, 0
;;   %4 = extractvalue { i32, i64 } %2, 1
;;   %5 = icmp ne i64 %4, 0
;;   br i1 %5, label %uncaught, label %returned
;; uncaught:
;;   %6 = getelementptr inbounds i8, ptr %0, i64 16
;;   %7 = load ptr, ptr %6, align 8
;;   %8 = getelementptr inbounds i8, ptr %7, i64 464
;;   %9 = load i32, ptr %8, align 4
;;   %10 = getelementptr inbounds i8, ptr %0, i64 16
;;   %11 = load ptr, ptr %10, align 8
;;   call void @aot_raise_message(ptr %0, i32 %9)
;;   ret i32 0
;; returned:
;;   ret i32 %3
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
;; define hidden i64 @"aot_func#2"(ptr %0) {
;; entry:
;;   %1 = getelementptr inbounds i8, ptr %0, i64 16
;;   %2 = load ptr, ptr %1, align 8
;;   br label %body
;; body:
;;   %3 = call i64 @"aot_func#0"(ptr %0, i32 2)
;;   %4 = icmp ne i64 %3, 0
;;   br i1 %4, label %handler, label %next
;; handler:
;;   %5 = getelementptr inbounds i8, ptr %0, i64 16
;;   %6 = load ptr, ptr %5, align 8
;;   %7 = getelementptr inbounds i8, ptr %6, i64 464
;;   %8 = load i32, ptr %7, align 4
;;   %9 = getelementptr inbounds i8, ptr %0, i64 16
;;   %10 = load ptr, ptr %9, align 8
;;   %11 = getelementptr inbounds i8, ptr %10, i64 464
;;   %12 = load i32, ptr %11, align 4
;;   %13 = insertvalue { i32, i32 } poison, i32 %12, 0
;;   %14 = getelementptr inbounds i8, ptr %0, i64 16
;;   %15 = load ptr, ptr %14, align 8
;;   %16 = getelementptr inbounds i8, ptr %15, i64 468
;;   %17 = load i32, ptr %16, align 4
;;   %18 = insertvalue { i32, i32 } %13, i32 %17, 1
;;   br label %end
;; next:
;;   br label %return
;; end:
;;   %19 = phi { i32, i32 } [ %18, %handler ]
;;   %20 = extractvalue { i32, i32 } %19, 0
;;   %21 = icmp eq i32 %20, 0
;;   br i1 %21, label %null, label %next2
;; null:
;;   call void @aot_raise_message(ptr %0, i32 0)
;;   br label %exit
;; next2:
;;   %22 = extractvalue { i32, i32 } %19, 0
;;   %23 = getelementptr inbounds i8, ptr %0, i64 16
;;   %24 = load ptr, ptr %23, align 8
;;   %25 = getelementptr inbounds i8, ptr %24, i64 464
;;   store i32 %22, ptr %25, align 4
;;   %26 = extractvalue { i32, i32 } %19, 1
;;   %27 = getelementptr inbounds i8, ptr %0, i64 16
;;   %28 = load ptr, ptr %27, align 8
;;   %29 = getelementptr inbounds i8, ptr %28, i64 468
;;   store i32 %26, ptr %29, align 4
;;   br label %left
;; exit:
;;   %30 = phi i64 [ 0, %null ], [ 1, %left ], [ 0, %return ]
;;   ret i64 %30
;; left:
;;   br label %exit
;; return:
;;   br label %exit
;; }
;; define hidden { i32, i64 } @"aot_func#3"(ptr %0) {
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
;;   br label %exit
;; exit:
;;   %5 = phi i64 [ 0, %return ]
;;   %6 = phi i32 [ %4, %return ]
;;   %7 = insertvalue { i32, i64 } poison, i32 %6, 0
;;   %8 = insertvalue { i32, i64 } %7, i64 %5, 1
;;   ret { i32, i64 } %8
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

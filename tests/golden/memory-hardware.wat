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
;;   %5 = getelementptr inbounds i8, ptr %3, i64 344
;;   %6 = getelementptr inbounds i8, ptr %5, i64 32
;;   %7 = load ptr, ptr %6, align 8
;;   br label %body
;; body:
;;   %8 = load i32, ptr %4, align 4
;;   %9 = zext i32 %8 to i64
;;   %10 = add nuw i64 %9, 4
;;   %11 = getelementptr i8, ptr %7, i64 %10
;;   %12 = load i32, ptr %11, align 1
;;   br label %return
;; return:
;;   %13 = phi i32 [ %12, %body ]
;;   ret i32 %13
;; }
;; define hidden void @"aot_func#1"(ptr %0, i32 %1, i64 %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   %6 = alloca i64, align 8
;;   store i64 %2, ptr %6, align 8
;;   %7 = getelementptr inbounds i8, ptr %4, i64 344
;;   %8 = getelementptr inbounds i8, ptr %7, i64 32
;;   %9 = load ptr, ptr %8, align 8
;;   br label %body
;; body:
;;   %10 = load i32, ptr %5, align 4
;;   %11 = load i64, ptr %6, align 8
;;   %12 = trunc i64 %11 to i16
;;   %13 = zext i32 %10 to i64
;;   %14 = getelementptr i8, ptr %9, i64 %13
;;   store i16 %12, ptr %14, align 1
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
;;   %5 = getelementptr inbounds i8, ptr %3, i64 344
;;   %6 = getelementptr inbounds i8, ptr %5, i64 32
;;   %7 = load ptr, ptr %6, align 8
;;   br label %body
;; body:
;;   %8 = load i32, ptr %4, align 4
;;   %9 = getelementptr inbounds i8, ptr %3, i64 344
;;   %10 = getelementptr inbounds i8, ptr %9, i64 16
;;   %11 = load i32, ptr %10, align 4
;;   %12 = call i8 @aot_enlarge_memory(ptr %3, i32 %8)
;;   %13 = icmp ne i8 %12, 0
;;   %14 = select i1 %13, i32 %11, i32 -1
;;   %15 = getelementptr i8, ptr %7, i64 0
;;   %16 = load i32, ptr %15, align 1
;;   %17 = add i32 %14, %16
;;   br label %return
;; return:
;;   %18 = phi i32 [ %17, %body ]
;;   ret i32 %18
;; }

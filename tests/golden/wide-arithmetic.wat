
(module
  (func (export "add128") (param i64 i64 i64 i64) (result i64 i64)
    (i64.add128 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  (func (export "sub128") (param i64 i64 i64 i64) (result i64 i64)
    (i64.sub128 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  (func (export "mul_wide_s") (param i64 i64) (result i64 i64)
    (i64.mul_wide_s (local.get 0) (local.get 1)))
  (func (export "mul_wide_u") (param i64 i64) (result i64 i64)
    (i64.mul_wide_u (local.get 0) (local.get 1)))
)

;; define hidden i64 @"aot_func#0"(ptr %0, i64 %1, i64 %2, i64 %3, i64 %4, ptr %5) {
;; entry:
;;   %6 = getelementptr inbounds i8, ptr %0, i64 16
;;   %7 = load ptr, ptr %6, align 8
;;   %8 = alloca i64, align 8
;;   store i64 %1, ptr %8, align 8
;;   %9 = alloca i64, align 8
;;   store i64 %2, ptr %9, align 8
;;   %10 = alloca i64, align 8
;;   store i64 %3, ptr %10, align 8
;;   %11 = alloca i64, align 8
;;   store i64 %4, ptr %11, align 8
;;   br label %body
;; body:
;;   %12 = load i64, ptr %8, align 8
;;   %13 = load i64, ptr %9, align 8
;;   %14 = load i64, ptr %10, align 8
;;   %15 = load i64, ptr %11, align 8
;;   %16 = zext i64 %14 to i128
;;   %17 = zext i64 %15 to i128
;;   %18 = shl i128 %17, 64
;;   %19 = or i128 %16, %18
;;   %20 = zext i64 %12 to i128
;;   %21 = zext i64 %13 to i128
;;   %22 = shl i128 %21, 64
;;   %23 = or i128 %20, %22
;;   %24 = add i128 %23, %19
;;   %25 = trunc i128 %24 to i64
;;   %26 = lshr i128 %24, 64
;;   %27 = trunc i128 %26 to i64
;;   br label %return
;; return:
;;   %28 = phi i64 [ %25, %body ]
;;   %29 = phi i64 [ %27, %body ]
;;   store i64 %29, ptr %5, align 4
;;   ret i64 %28
;; }
;; define hidden i64 @"aot_func#1"(ptr %0, i64 %1, i64 %2, i64 %3, i64 %4, ptr %5) {
;; entry:
;;   %6 = getelementptr inbounds i8, ptr %0, i64 16
;;   %7 = load ptr, ptr %6, align 8
;;   %8 = alloca i64, align 8
;;   store i64 %1, ptr %8, align 8
;;   %9 = alloca i64, align 8
;;   store i64 %2, ptr %9, align 8
;;   %10 = alloca i64, align 8
;;   store i64 %3, ptr %10, align 8
;;   %11 = alloca i64, align 8
;;   store i64 %4, ptr %11, align 8
;;   br label %body
;; body:
;;   %12 = load i64, ptr %8, align 8
;;   %13 = load i64, ptr %9, align 8
;;   %14 = load i64, ptr %10, align 8
;;   %15 = load i64, ptr %11, align 8
;;   %16 = zext i64 %14 to i128
;;   %17 = zext i64 %15 to i128
;;   %18 = shl i128 %17, 64
;;   %19 = or i128 %16, %18
;;   %20 = zext i64 %12 to i128
;;   %21 = zext i64 %13 to i128
;;   %22 = shl i128 %21, 64
;;   %23 = or i128 %20, %22
;;   %24 = sub i128 %23, %19
;;   %25 = trunc i128 %24 to i64
;;   %26 = lshr i128 %24, 64
;;   %27 = trunc i128 %26 to i64
;;   br label %return
;; return:
;;   %28 = phi i64 [ %25, %body ]
;;   %29 = phi i64 [ %27, %body ]
;;   store i64 %29, ptr %5, align 4
;;   ret i64 %28
;; }
;; define hidden i64 @"aot_func#2"(ptr %0, i64 %1, i64 %2, ptr %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca i64, align 8
;;   store i64 %1, ptr %6, align 8
;;   %7 = alloca i64, align 8
;;   store i64 %2, ptr %7, align 8
;;   br label %body
;; body:
;;   %8 = load i64, ptr %6, align 8
;;   %9 = load i64, ptr %7, align 8
;;   %10 = sext i64 %8 to i128
;;   %11 = sext i64 %9 to i128
;;   %12 = mul i128 %10, %11
;;   %13 = trunc i128 %12 to i64
;;   %14 = lshr i128 %12, 64
;;   %15 = trunc i128 %14 to i64
;;   br label %return
;; return:
;;   %16 = phi i64 [ %13, %body ]
;;   %17 = phi i64 [ %15, %body ]
;;   store i64 %17, ptr %3, align 4
;;   ret i64 %16
;; }
;; define hidden i64 @"aot_func#3"(ptr %0, i64 %1, i64 %2, ptr %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca i64, align 8
;;   store i64 %1, ptr %6, align 8
;;   %7 = alloca i64, align 8
;;   store i64 %2, ptr %7, align 8
;;   br label %body
;; body:
;;   %8 = load i64, ptr %6, align 8
;;   %9 = load i64, ptr %7, align 8
;;   %10 = zext i64 %8 to i128
;;   %11 = zext i64 %9 to i128
;;   %12 = mul i128 %10, %11
;;   %13 = trunc i128 %12 to i64
;;   %14 = lshr i128 %12, 64
;;   %15 = trunc i128 %14 to i64
;;   br label %return
;; return:
;;   %16 = phi i64 [ %13, %body ]
;;   %17 = phi i64 [ %15, %body ]
;;   store i64 %17, ptr %3, align 4
;;   ret i64 %16
;; }

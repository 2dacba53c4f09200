(module
  (memory 1)
  ;; x * 1.0 must quiet x.
  (func (param f32) (result f32)
    (f32.mul (local.get 0) (f32.const 1)))
  ;; Both may turn out to be what was stored a moment ago.
  (func (param i32) (result f64)
    (f64.mul (f64.load (local.get 0)) (f64.load offset=8 (local.get 0))))
  ;; A minimum returns a NaN operand as it is.
  (func (param f64 f64) (result f64)
    (f64.min (local.get 0) (f64.add (local.get 1) (local.get 1)))))

;; define hidden float @"aot_func#0"(ptr %0, float %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca float, align 4
;;   store float %1, ptr %4, align 4
;;   %5 = getelementptr inbounds i8, ptr %3, i64 344
;;   %6 = getelementptr inbounds i8, ptr %5, i64 32
;;   %7 = load ptr, ptr %6, align 8
;;   br label %body
;; body:
;;   %8 = load float, ptr %4, align 4
;;   %9 = call float @llvm.canonicalize.f32(float %8)
;;   %10 = fmul float %9, 1.000000e+00
;;   br label %return
;; return:
;;   %11 = phi float [ %10, %body ]
;;   ret float %11
;; }
;; define hidden double @"aot_func#1"(ptr %0, i32 %1) {
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
;;   %10 = getelementptr i8, ptr %7, i64 %9
;;   %11 = load double, ptr %10, align 1
;;   %12 = load i32, ptr %4, align 4
;;   %13 = zext i32 %12 to i64
;;   %14 = add nuw i64 %13, 8
;;   %15 = getelementptr i8, ptr %7, i64 %14
;;   %16 = load double, ptr %15, align 1
;;   %17 = call double @llvm.canonicalize.f64(double %11)
;;   %18 = call double @llvm.canonicalize.f64(double %16)
;;   %19 = fmul double %17, %18
;;   br label %return
;; return:
;;   %20 = phi double [ %19, %body ]
;;   ret double %20
;; }
;; define hidden double @"aot_func#2"(ptr %0, double %1, double %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca double, align 8
;;   store double %1, ptr %5, align 8
;;   %6 = alloca double, align 8
;;   store double %2, ptr %6, align 8
;;   %7 = getelementptr inbounds i8, ptr %4, i64 344
;;   %8 = getelementptr inbounds i8, ptr %7, i64 32
;;   %9 = load ptr, ptr %8, align 8
;;   br label %body
;; body:
;;   %10 = load double, ptr %5, align 8
;;   %11 = load double, ptr %6, align 8
;;   %12 = load double, ptr %6, align 8
;;   %13 = call double @llvm.canonicalize.f64(double %11)
;;   %14 = call double @llvm.canonicalize.f64(double %12)
;;   %15 = fadd double %13, %14
;;   %16 = call double @llvm.canonicalize.f64(double %10)
;;   %17 = call double @llvm.minimum.f64(double %16, double %15)
;;   br label %return
;; return:
;;   %18 = phi double [ %17, %body ]
;;   ret double %18
;; }

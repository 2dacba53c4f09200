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

;; define hidden float @"aot_func#0"(ptr %0, float %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca float, align 4
;;   store float %1, ptr %5, align 4
;;   br label %body
;; body:
;;   %6 = load float, ptr %5, align 4
;;   %7 = call float @llvm.canonicalize.f32(float %6)
;;   %8 = fmul float %7, 1.000000e+00
;;   br label %return
;; return:
;;   %9 = phi float [ %8, %body ]
;;   ret float %9
;; }
;; define hidden double @"aot_func#1"(ptr %0, i32 %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   br label %body
;; body:
;;   %6 = load i32, ptr %5, align 4
;;   %7 = zext i32 %6 to i64
;;   %8 = getelementptr i8, ptr %2, i64 %7
;;   %9 = load double, ptr %8, align 1
;;   %10 = load i32, ptr %5, align 4
;;   %11 = zext i32 %10 to i64
;;   %12 = add nuw i64 %11, 8
;;   %13 = getelementptr i8, ptr %2, i64 %12
;;   %14 = load double, ptr %13, align 1
;;   %15 = call double @llvm.canonicalize.f64(double %9)
;;   %16 = call double @llvm.canonicalize.f64(double %14)
;;   %17 = fmul double %15, %16
;;   br label %return
;; return:
;;   %18 = phi double [ %17, %body ]
;;   ret double %18
;; }
;; define hidden double @"aot_func#2"(ptr %0, double %1, double %2, ptr swiftself %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca double, align 8
;;   store double %1, ptr %6, align 8
;;   %7 = alloca double, align 8
;;   store double %2, ptr %7, align 8
;;   br label %body
;; body:
;;   %8 = load double, ptr %6, align 8
;;   %9 = load double, ptr %7, align 8
;;   %10 = load double, ptr %7, align 8
;;   %11 = call double @llvm.canonicalize.f64(double %9)
;;   %12 = call double @llvm.canonicalize.f64(double %10)
;;   %13 = fadd double %11, %12
;;   %14 = call double @llvm.canonicalize.f64(double %8)
;;   %15 = call double @llvm.minimum.f64(double %14, double %13)
;;   br label %return
;; return:
;;   %16 = phi double [ %15, %body ]
;;   ret double %16
;; }
;; define hidden float @aot_func_stand_in(ptr %0, float %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   br label %trap
;; trap:
;;   call void @aot_raise(ptr %0, i32 0)
;;   ret float 0.000000e+00
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

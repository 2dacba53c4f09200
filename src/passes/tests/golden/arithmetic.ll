; Floating-point arithmetic and roundings of a processor without a unit for them; signs stay.
; intrinsics:
; missing: fp.common
target datalayout = "e-m:e-p:32:32-Fi8-i64:64-v128:64:128-a:0:32-n32-S64"

define float @arithmetic(ptr %env, float %a, float %b) {
  %sum = fadd float %a, %b
  %difference = fsub float %sum, %b
  %product = fmul float %difference, 2.5
  %quotient = fdiv float %product, %b
  %negated = fneg float %quotient
  ret float %negated
}

define double @rounding(ptr %env, double %a, double %b) {
  %up = call double @llvm.ceil.f64(double %a)
  %down = call double @llvm.floor.f64(double %up)
  %cut = call double @llvm.trunc.f64(double %down)
  %near = call double @llvm.rint.f64(double %cut)
  %root = call double @llvm.sqrt.f64(double %near)
  %least = call double @llvm.minimum.f64(double %root, double %b)
  %most = call double @llvm.maximum.f64(double %least, double %b)
  %magnitude = call double @llvm.fabs.f64(double %most)
  %signed = call double @llvm.copysign.f64(double %magnitude, double %b)
  ret double %signed
}

define float @quiet(ptr %env, float %a) {
  %r = call float @llvm.canonicalize.f32(float %a)
  ret float %r
}

;; 0: aot_intrinsic_ceil_f64
;; 1: aot_intrinsic_fadd_f32
;; 2: aot_intrinsic_fdiv_f32
;; 3: aot_intrinsic_floor_f64
;; 4: aot_intrinsic_fmax_f64
;; 5: aot_intrinsic_fmin_f64
;; 6: aot_intrinsic_fmul_f32
;; 7: aot_intrinsic_fsub_f32
;; 8: aot_intrinsic_rint_f64
;; 9: aot_intrinsic_sqrt_f64
;; 10: aot_intrinsic_trunc_f64
;; define float @arithmetic(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 4
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call float %4(float %a, float %b) #1
;;   %6 = getelementptr inbounds i8, ptr %env, i64 32
;;   %7 = load ptr, ptr %6, align 4, !invariant.load !0
;;   %8 = getelementptr inbounds i8, ptr %7, i64 28
;;   %9 = load ptr, ptr %8, align 4
;;   %10 = call float %9(float %5, float %b) #1
;;   %11 = getelementptr inbounds i8, ptr %env, i64 32
;;   %12 = load ptr, ptr %11, align 4, !invariant.load !0
;;   %13 = getelementptr inbounds i8, ptr %12, i64 24
;;   %14 = load ptr, ptr %13, align 4
;;   %15 = call float %14(float %10, float 2.500000e+00) #1
;;   %16 = getelementptr inbounds i8, ptr %env, i64 32
;;   %17 = load ptr, ptr %16, align 4, !invariant.load !0
;;   %18 = getelementptr inbounds i8, ptr %17, i64 8
;;   %19 = load ptr, ptr %18, align 4
;;   %20 = call float %19(float %15, float %b) #1
;;   %negated = fneg float %20
;;   ret float %negated
;; }
;; define double @rounding(ptr %env, double %a, double %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call double %4(double %a) #1
;;   %6 = getelementptr inbounds i8, ptr %env, i64 32
;;   %7 = load ptr, ptr %6, align 4, !invariant.load !0
;;   %8 = getelementptr inbounds i8, ptr %7, i64 12
;;   %9 = load ptr, ptr %8, align 4
;;   %10 = call double %9(double %5) #1
;;   %11 = getelementptr inbounds i8, ptr %env, i64 32
;;   %12 = load ptr, ptr %11, align 4, !invariant.load !0
;;   %13 = getelementptr inbounds i8, ptr %12, i64 40
;;   %14 = load ptr, ptr %13, align 4
;;   %15 = call double %14(double %10) #1
;;   %16 = getelementptr inbounds i8, ptr %env, i64 32
;;   %17 = load ptr, ptr %16, align 4, !invariant.load !0
;;   %18 = getelementptr inbounds i8, ptr %17, i64 32
;;   %19 = load ptr, ptr %18, align 4
;;   %20 = call double %19(double %15) #1
;;   %21 = getelementptr inbounds i8, ptr %env, i64 32
;;   %22 = load ptr, ptr %21, align 4, !invariant.load !0
;;   %23 = getelementptr inbounds i8, ptr %22, i64 36
;;   %24 = load ptr, ptr %23, align 4
;;   %25 = call double %24(double %20) #1
;;   %26 = getelementptr inbounds i8, ptr %env, i64 32
;;   %27 = load ptr, ptr %26, align 4, !invariant.load !0
;;   %28 = getelementptr inbounds i8, ptr %27, i64 20
;;   %29 = load ptr, ptr %28, align 4
;;   %30 = call double %29(double %25, double %b) #1
;;   %31 = getelementptr inbounds i8, ptr %env, i64 32
;;   %32 = load ptr, ptr %31, align 4, !invariant.load !0
;;   %33 = getelementptr inbounds i8, ptr %32, i64 16
;;   %34 = load ptr, ptr %33, align 4
;;   %35 = call double %34(double %30, double %b) #1
;;   %magnitude = call double @llvm.fabs.f64(double %35)
;;   %signed = call double @llvm.copysign.f64(double %magnitude, double %b)
;;   ret double %signed
;; }
;; define float @quiet(ptr %env, float %a) {
;;   %1 = bitcast float %a to i32
;;   %2 = and i32 %1, 2147483647
;;   %3 = icmp ugt i32 %2, 2139095040
;;   %4 = or i32 %1, 4194304
;;   %5 = select i1 %3, i32 %4, i32 %1
;;   %6 = bitcast i32 %5 to float
;;   ret float %6
;; }

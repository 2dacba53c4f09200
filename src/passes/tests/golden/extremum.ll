; Minimum and maximum of double, which LLVM cannot generate for 32-bit targets.
; intrinsics:
; missing:
target datalayout = "e-m:e-p:32:32-Fi8-i64:64-v128:64:128-a:0:32-n32-S64"

define double @least(ptr %env, double %a, double %b) {
  %r = call double @llvm.minimum.f64(double %a, double %b)
  ret double %r
}

define double @most(ptr %env, double %a, double %b) {
  %r = call double @llvm.maximum.f64(double %a, double %b)
  ret double %r
}

define float @narrow(ptr %env, float %a, float %b) {
  %r = call float @llvm.minimum.f32(float %a, float %b)
  ret float %r
}

;; define double @least(ptr %env, double %a, double %b) {
;;   %1 = bitcast double %a to i64
;;   %2 = bitcast double %b to i64
;;   %3 = or i64 %1, %2
;;   %4 = bitcast i64 %3 to double
;;   %5 = fadd double %a, %b
;;   %6 = fcmp uno double %a, %b
;;   %7 = fcmp ogt double %a, %b
;;   %8 = fcmp olt double %a, %b
;;   %9 = select i1 %6, double %5, double %4
;;   %10 = select i1 %7, double %b, double %9
;;   %11 = select i1 %8, double %a, double %10
;;   ret double %11
;; }
;; define double @most(ptr %env, double %a, double %b) {
;;   %1 = bitcast double %a to i64
;;   %2 = bitcast double %b to i64
;;   %3 = and i64 %1, %2
;;   %4 = bitcast i64 %3 to double
;;   %5 = fadd double %a, %b
;;   %6 = fcmp uno double %a, %b
;;   %7 = fcmp olt double %a, %b
;;   %8 = fcmp ogt double %a, %b
;;   %9 = select i1 %6, double %5, double %4
;;   %10 = select i1 %7, double %b, double %9
;;   %11 = select i1 %8, double %a, double %10
;;   ret double %11
;; }
;; define float @narrow(ptr %env, float %a, float %b) {
;;   %r = call float @llvm.minimum.f32(float %a, float %b)
;;   ret float %r
;; }

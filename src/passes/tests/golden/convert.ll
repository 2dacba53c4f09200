; Conversions, of odd widths and saturating ones, too.
; intrinsics: fpxint,f64_promote_f32,f32_demote_f64
; missing:
target datalayout = "e-m:e-p:32:32-Fi8-i64:64-v128:64:128-a:0:32-n32-S64"

define i32 @trapping(ptr %env, double %a) {
  %r = fptosi double %a to i32
  ret i32 %r
}

define i8 @narrow(ptr %env, float %a) {
  %r = fptoui float %a to i8
  ret i8 %r
}

define double @from_narrow(ptr %env, i16 %a, i1 %b) {
  %x = uitofp i16 %a to double
  %y = sitofp i1 %b to double
  %r = fadd double %x, %y
  ret double %r
}

define float @from_wide(ptr %env, i64 %a) {
  %r = uitofp i64 %a to float
  ret float %r
}

define i32 @saturating_signed(ptr %env, double %a) {
  %r = call i32 @llvm.fptosi.sat.i32.f64(double %a)
  ret i32 %r
}

define i64 @saturating_unsigned(ptr %env, float %a) {
  %r = call i64 @llvm.fptoui.sat.i64.f32(float %a)
  ret i64 %r
}

define double @there_and_back(ptr %env, float %a) {
  %wide = fpext float %a to double
  %narrow = fptrunc double %wide to float
  %r = fpext float %narrow to double
  ret double %r
}

;; 0: aot_intrinsic_f32_to_f64
;; 1: aot_intrinsic_f64_to_i32
;; 2: aot_intrinsic_i32_to_f64
;; 3: aot_intrinsic_f32_to_i32
;; 4: aot_intrinsic_f32_to_u64
;; 5: aot_intrinsic_f64_to_f32
;; 6: aot_intrinsic_u64_to_f32
;; define i32 @trapping(ptr %env, double %a) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 4
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call i32 %4(double %a) #1
;;   ret i32 %5
;; }
;; define i8 @narrow(ptr %env, float %a) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 12
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call i32 %4(float %a) #1
;;   %6 = trunc i32 %5 to i8
;;   ret i8 %6
;; }
;; define double @from_narrow(ptr %env, i16 %a, i1 %b) {
;;   %1 = zext i16 %a to i32
;;   %2 = getelementptr inbounds i8, ptr %env, i64 32
;;   %3 = load ptr, ptr %2, align 4, !invariant.load !0
;;   %4 = getelementptr inbounds i8, ptr %3, i64 8
;;   %5 = load ptr, ptr %4, align 4
;;   %6 = call double %5(i32 %1) #1
;;   %7 = sext i1 %b to i32
;;   %8 = getelementptr inbounds i8, ptr %env, i64 32
;;   %9 = load ptr, ptr %8, align 4, !invariant.load !0
;;   %10 = getelementptr inbounds i8, ptr %9, i64 8
;;   %11 = load ptr, ptr %10, align 4
;;   %12 = call double %11(i32 %7) #1
;;   %r = fadd double %6, %12
;;   ret double %r
;; }
;; define float @from_wide(ptr %env, i64 %a) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 24
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call float %4(i64 %a) #1
;;   ret float %5
;; }
;; define i32 @saturating_signed(ptr %env, double %a) {
;;   %1 = fcmp olt double %a, 0x41E0000000000000
;;   %2 = fcmp ogt double %a, 0xC1E0000000200000
;;   %3 = and i1 %1, %2
;;   %4 = select i1 %3, double %a, double 0.000000e+00
;;   %5 = getelementptr inbounds i8, ptr %env, i64 32
;;   %6 = load ptr, ptr %5, align 4, !invariant.load !0
;;   %7 = getelementptr inbounds i8, ptr %6, i64 4
;;   %8 = load ptr, ptr %7, align 4
;;   %9 = call i32 %8(double %4) #1
;;   %10 = fcmp oge double %a, 0x41E0000000000000
;;   %11 = select i1 %1, i32 -2147483648, i32 0
;;   %12 = select i1 %10, i32 2147483647, i32 %11
;;   %13 = select i1 %3, i32 %9, i32 %12
;;   ret i32 %13
;; }
;; define i64 @saturating_unsigned(ptr %env, float %a) {
;;   %1 = fcmp olt float %a, 0x43F0000000000000
;;   %2 = fcmp ogt float %a, -1.000000e+00
;;   %3 = and i1 %1, %2
;;   %4 = select i1 %3, float %a, float 0.000000e+00
;;   %5 = getelementptr inbounds i8, ptr %env, i64 32
;;   %6 = load ptr, ptr %5, align 4, !invariant.load !0
;;   %7 = getelementptr inbounds i8, ptr %6, i64 16
;;   %8 = load ptr, ptr %7, align 4
;;   %9 = call i64 %8(float %4) #1
;;   %10 = fcmp oge float %a, 0x43F0000000000000
;;   %11 = select i1 %1, i64 0, i64 0
;;   %12 = select i1 %10, i64 -1, i64 %11
;;   %13 = select i1 %3, i64 %9, i64 %12
;;   ret i64 %13
;; }
;; define double @there_and_back(ptr %env, float %a) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call double %4(float %a) #1
;;   %6 = getelementptr inbounds i8, ptr %env, i64 32
;;   %7 = load ptr, ptr %6, align 4, !invariant.load !0
;;   %8 = getelementptr inbounds i8, ptr %7, i64 20
;;   %9 = load ptr, ptr %8, align 4
;;   %10 = call float %9(double %5) #1
;;   %11 = getelementptr inbounds i8, ptr %env, i64 32
;;   %12 = load ptr, ptr %11, align 4, !invariant.load !0
;;   %13 = getelementptr inbounds i8, ptr %12, i64 0
;;   %14 = load ptr, ptr %13, align 4
;;   %15 = call double %14(float %10) #1
;;   ret double %15
;; }

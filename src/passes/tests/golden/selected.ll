; What the user asks for, on a processor that could do it; vectors are no concern of the list.
; intrinsics: llvm.fabs.f32,llvm.experimental.constrained.fadd.f32,f64_cmp,i64.common,llvm.ctlz.i32
; missing:
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"

define float @selected(ptr %env, float %a, float %b) {
  %x = call float @llvm.fabs.f32(float %a)
  %y = fadd float %x, %b
  %z = fsub float %y, %b
  ret float %z
}

define <4 x float> @vector(ptr %env, <4 x float> %a, <4 x float> %b) {
  %r = fadd <4 x float> %a, %b
  ret <4 x float> %r
}

define i64 @integers(ptr %env, i64 %a, i64 %b) {
  %and = and i64 %a, %b
  %mask = and i64 %and, 255
  %product = mul i64 %mask, %b
  %count = and i64 %b, 63
  %left = shl i64 %product, %count
  %right = ashr i64 %left, %count
  %logical = lshr i64 %right, 3
  %quotient = udiv i64 %logical, %b
  %remainder = srem i64 %quotient, %a
  %easy = udiv i64 %remainder, 10
  ret i64 %easy
}

define i32 @zeros(ptr %env, i32 %a) {
  %r = call i32 @llvm.ctlz.i32(i32 %a, i1 true)
  ret i32 %r
}

;; 0: aot_intrinsic_clz_i32
;; 1: aot_intrinsic_fabs_f32
;; 2: aot_intrinsic_fadd_f32
;; 3: aot_intrinsic_i64_bit_and
;; 4: aot_intrinsic_i64_div_u
;; 5: aot_intrinsic_i64_mul
;; 6: aot_intrinsic_i64_rem_s
;; 7: aot_intrinsic_i64_shl
;; 8: aot_intrinsic_i64_shr_s
;; define float @selected(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 64
;;   %2 = load ptr, ptr %1, align 8, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 8
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = call float %4(float %a) #2
;;   %6 = getelementptr inbounds i8, ptr %env, i64 64
;;   %7 = load ptr, ptr %6, align 8, !invariant.load !0
;;   %8 = getelementptr inbounds i8, ptr %7, i64 16
;;   %9 = load ptr, ptr %8, align 8
;;   %10 = call float %9(float %5, float %b) #2
;;   %z = fsub float %10, %b
;;   ret float %z
;; }
;; define <4 x float> @vector(ptr %env, <4 x float> %a, <4 x float> %b) {
;;   %r = fadd <4 x float> %a, %b
;;   ret <4 x float> %r
;; }
;; define i64 @integers(ptr %env, i64 %a, i64 %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 64
;;   %2 = load ptr, ptr %1, align 8, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 24
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = call i64 %4(i64 %a, i64 %b) #2
;;   %mask = and i64 %5, 255
;;   %6 = getelementptr inbounds i8, ptr %env, i64 64
;;   %7 = load ptr, ptr %6, align 8, !invariant.load !0
;;   %8 = getelementptr inbounds i8, ptr %7, i64 40
;;   %9 = load ptr, ptr %8, align 8
;;   %10 = call i64 %9(i64 %mask, i64 %b) #2
;;   %count = and i64 %b, 63
;;   %11 = getelementptr inbounds i8, ptr %env, i64 64
;;   %12 = load ptr, ptr %11, align 8, !invariant.load !0
;;   %13 = getelementptr inbounds i8, ptr %12, i64 56
;;   %14 = load ptr, ptr %13, align 8
;;   %15 = call i64 %14(i64 %10, i64 %count) #2
;;   %16 = getelementptr inbounds i8, ptr %env, i64 64
;;   %17 = load ptr, ptr %16, align 8, !invariant.load !0
;;   %18 = getelementptr inbounds i8, ptr %17, i64 64
;;   %19 = load ptr, ptr %18, align 8
;;   %20 = call i64 %19(i64 %15, i64 %count) #2
;;   %logical = lshr i64 %20, 3
;;   %21 = getelementptr inbounds i8, ptr %env, i64 64
;;   %22 = load ptr, ptr %21, align 8, !invariant.load !0
;;   %23 = getelementptr inbounds i8, ptr %22, i64 32
;;   %24 = load ptr, ptr %23, align 8
;;   %25 = call i64 %24(i64 %logical, i64 %b) #2
;;   %26 = getelementptr inbounds i8, ptr %env, i64 64
;;   %27 = load ptr, ptr %26, align 8, !invariant.load !0
;;   %28 = getelementptr inbounds i8, ptr %27, i64 48
;;   %29 = load ptr, ptr %28, align 8
;;   %30 = call i64 %29(i64 %25, i64 %a) #2
;;   %easy = udiv i64 %30, 10
;;   ret i64 %easy
;; }
;; define i32 @zeros(ptr %env, i32 %a) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 64
;;   %2 = load ptr, ptr %1, align 8, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = call i32 %4(i32 %a) #2
;;   ret i32 %5
;; }

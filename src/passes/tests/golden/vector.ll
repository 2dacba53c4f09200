; Vectors of what the processor lacks, lane by lane; the rest stays together.
; intrinsics:
; missing: llvm.ceil.f32,f64_convert_i64_s
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"

define <4 x float> @ceil(ptr %env, <4 x float> %a) {
  %up = call <4 x float> @llvm.ceil.v4f32(<4 x float> %a)
  %r = fadd <4 x float> %up, %a
  ret <4 x float> %r
}

define <2 x double> @convert(ptr %env, <2 x i64> %a) {
  %r = sitofp <2 x i64> %a to <2 x double>
  ret <2 x double> %r
}

;; 0: aot_intrinsic_ceil_f32
;; 1: aot_intrinsic_i64_to_f64
;; define <4 x float> @ceil(ptr %env, <4 x float> %a) {
;;   %1 = extractelement <4 x float> %a, i32 0
;;   %2 = getelementptr inbounds i8, ptr %env, i64 64
;;   %3 = load ptr, ptr %2, align 8, !invariant.load !0
;;   %4 = getelementptr inbounds i8, ptr %3, i64 0
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = call float %5(float %1) #1
;;   %7 = extractelement <4 x float> %a, i32 1
;;   %8 = getelementptr inbounds i8, ptr %env, i64 64
;;   %9 = load ptr, ptr %8, align 8, !invariant.load !0
;;   %10 = getelementptr inbounds i8, ptr %9, i64 0
;;   %11 = load ptr, ptr %10, align 8
;;   %12 = call float %11(float %7) #1
;;   %13 = extractelement <4 x float> %a, i32 2
;;   %14 = getelementptr inbounds i8, ptr %env, i64 64
;;   %15 = load ptr, ptr %14, align 8, !invariant.load !0
;;   %16 = getelementptr inbounds i8, ptr %15, i64 0
;;   %17 = load ptr, ptr %16, align 8
;;   %18 = call float %17(float %13) #1
;;   %19 = extractelement <4 x float> %a, i32 3
;;   %20 = getelementptr inbounds i8, ptr %env, i64 64
;;   %21 = load ptr, ptr %20, align 8, !invariant.load !0
;;   %22 = getelementptr inbounds i8, ptr %21, i64 0
;;   %23 = load ptr, ptr %22, align 8
;;   %24 = call float %23(float %19) #1
;;   %25 = insertelement <4 x float> poison, float %6, i32 0
;;   %26 = insertelement <4 x float> %25, float %12, i32 1
;;   %27 = insertelement <4 x float> %26, float %18, i32 2
;;   %28 = insertelement <4 x float> %27, float %24, i32 3
;;   %r = fadd <4 x float> %28, %a
;;   ret <4 x float> %r
;; }
;; define <2 x double> @convert(ptr %env, <2 x i64> %a) {
;;   %1 = extractelement <2 x i64> %a, i32 0
;;   %2 = getelementptr inbounds i8, ptr %env, i64 64
;;   %3 = load ptr, ptr %2, align 8, !invariant.load !0
;;   %4 = getelementptr inbounds i8, ptr %3, i64 8
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = call double %5(i64 %1) #1
;;   %7 = extractelement <2 x i64> %a, i32 1
;;   %8 = getelementptr inbounds i8, ptr %env, i64 64
;;   %9 = load ptr, ptr %8, align 8, !invariant.load !0
;;   %10 = getelementptr inbounds i8, ptr %9, i64 8
;;   %11 = load ptr, ptr %10, align 8
;;   %12 = call double %11(i64 %7) #1
;;   %13 = insertelement <2 x double> poison, double %6, i32 0
;;   %14 = insertelement <2 x double> %13, double %12, i32 1
;;   ret <2 x double> %14
;; }


(module
  (func (export "swizzle") (param v128 v128) (result v128)
    (i8x16.relaxed_swizzle (local.get 0) (local.get 1)))
  (func (export "trunc_f32x4_s") (param v128) (result v128)
    (i32x4.relaxed_trunc_f32x4_s (local.get 0)))
  (func (export "trunc_f32x4_u") (param v128) (result v128)
    (i32x4.relaxed_trunc_f32x4_u (local.get 0)))
  (func (export "trunc_f64x2_s_zero") (param v128) (result v128)
    (i32x4.relaxed_trunc_f64x2_s_zero (local.get 0)))
  (func (export "trunc_f64x2_u_zero") (param v128) (result v128)
    (i32x4.relaxed_trunc_f64x2_u_zero (local.get 0)))
  (func (export "madd") (param v128 v128 v128) (result v128)
    (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "nmadd") (param v128 v128 v128) (result v128)
    (f64x2.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "laneselect") (param v128 v128 v128) (result v128)
    (i16x8.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
  (func (export "min") (param v128 v128) (result v128)
    (f32x4.relaxed_min (local.get 0) (local.get 1)))
  (func (export "max") (param v128 v128) (result v128)
    (f64x2.relaxed_max (local.get 0) (local.get 1)))
  (func (export "q15mulr") (param v128 v128) (result v128)
    (i16x8.relaxed_q15mulr_s (local.get 0) (local.get 1)))
  (func (export "dot") (param v128 v128) (result v128)
    (i16x8.relaxed_dot_i8x16_i7x16_s (local.get 0) (local.get 1)))
  (func (export "dot_add") (param v128 v128 v128) (result v128)
    (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get 0) (local.get 1) (local.get 2)))
)

;; define hidden <2 x i64> @"aot_func#0"(ptr %0, <2 x i64> %1, <2 x i64> %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %5, align 16
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %6, align 16
;;   br label %body
;; body:
;;   %7 = load <2 x i64>, ptr %5, align 16
;;   %8 = load <2 x i64>, ptr %6, align 16
;;   %9 = bitcast <2 x i64> %8 to <16 x i8>
;;   %10 = bitcast <2 x i64> %7 to <16 x i8>
;;   %11 = call <16 x i8> @llvm.x86.ssse3.pshuf.b.128(<16 x i8> %10, <16 x i8> %9)
;;   %12 = bitcast <16 x i8> %11 to <2 x i64>
;;   br label %return
;; return:
;;   %13 = phi <2 x i64> [ %12, %body ]
;;   ret <2 x i64> %13
;; }
;; define hidden <2 x i64> @"aot_func#1"(ptr %0, <2 x i64> %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %4, align 16
;;   br label %body
;; body:
;;   %5 = load <2 x i64>, ptr %4, align 16
;;   %6 = bitcast <2 x i64> %5 to <4 x float>
;;   %7 = call <4 x i32> @llvm.x86.sse2.cvttps2dq(<4 x float> %6)
;;   %8 = bitcast <4 x i32> %7 to <2 x i64>
;;   br label %return
;; return:
;;   %9 = phi <2 x i64> [ %8, %body ]
;;   ret <2 x i64> %9
;; }
;; define hidden <2 x i64> @"aot_func#2"(ptr %0, <2 x i64> %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %4, align 16
;;   br label %body
;; body:
;;   %5 = load <2 x i64>, ptr %4, align 16
;;   %6 = bitcast <2 x i64> %5 to <4 x float>
;;   %7 = call <4 x i32> @llvm.x86.sse2.cvttps2dq(<4 x float> %6)
;;   %8 = fsub <4 x float> %6, splat (float 0x41E0000000000000)
;;   %9 = call <4 x i32> @llvm.x86.sse2.cvttps2dq(<4 x float> %8)
;;   %10 = ashr <4 x i32> %7, splat (i32 31)
;;   %11 = and <4 x i32> %9, %10
;;   %12 = or <4 x i32> %7, %11
;;   %13 = bitcast <4 x i32> %12 to <2 x i64>
;;   br label %return
;; return:
;;   %14 = phi <2 x i64> [ %13, %body ]
;;   ret <2 x i64> %14
;; }
;; define hidden <2 x i64> @"aot_func#3"(ptr %0, <2 x i64> %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %4, align 16
;;   br label %body
;; body:
;;   %5 = load <2 x i64>, ptr %4, align 16
;;   %6 = bitcast <2 x i64> %5 to <2 x double>
;;   %7 = call <4 x i32> @llvm.x86.sse2.cvttpd2dq(<2 x double> %6)
;;   %8 = bitcast <4 x i32> %7 to <2 x i64>
;;   br label %return
;; return:
;;   %9 = phi <2 x i64> [ %8, %body ]
;;   ret <2 x i64> %9
;; }
;; define hidden <2 x i64> @"aot_func#4"(ptr %0, <2 x i64> %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %4, align 16
;;   br label %body
;; body:
;;   %5 = load <2 x i64>, ptr %4, align 16
;;   %6 = bitcast <2 x i64> %5 to <2 x double>
;;   %7 = call <4 x i32> @llvm.x86.sse2.cvttpd2dq(<2 x double> %6)
;;   %8 = fsub <2 x double> %6, splat (double 0x41E0000000000000)
;;   %9 = call <4 x i32> @llvm.x86.sse2.cvttpd2dq(<2 x double> %8)
;;   %10 = ashr <4 x i32> %7, splat (i32 31)
;;   %11 = and <4 x i32> %9, %10
;;   %12 = or <4 x i32> %7, %11
;;   %13 = bitcast <4 x i32> %12 to <2 x i64>
;;   br label %return
;; return:
;;   %14 = phi <2 x i64> [ %13, %body ]
;;   ret <2 x i64> %14
;; }
;; define hidden <2 x i64> @"aot_func#5"(ptr %0, <2 x i64> %1, <2 x i64> %2, <2 x i64> %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %6, align 16
;;   %7 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %7, align 16
;;   %8 = alloca <2 x i64>, align 16
;;   store <2 x i64> %3, ptr %8, align 16
;;   br label %body
;; body:
;;   %9 = load <2 x i64>, ptr %6, align 16
;;   %10 = load <2 x i64>, ptr %7, align 16
;;   %11 = load <2 x i64>, ptr %8, align 16
;;   %12 = bitcast <2 x i64> %11 to <4 x float>
;;   %13 = bitcast <2 x i64> %10 to <4 x float>
;;   %14 = bitcast <2 x i64> %9 to <4 x float>
;;   %15 = call <4 x float> @llvm.canonicalize.v4f32(<4 x float> %14)
;;   %16 = call <4 x float> @llvm.canonicalize.v4f32(<4 x float> %13)
;;   %17 = call <4 x float> @llvm.canonicalize.v4f32(<4 x float> %12)
;;   %18 = call <4 x float> @llvm.fma.v4f32(<4 x float> %15, <4 x float> %16, <4 x float> %17)
;;   %19 = bitcast <4 x float> %18 to <2 x i64>
;;   br label %return
;; return:
;;   %20 = phi <2 x i64> [ %19, %body ]
;;   ret <2 x i64> %20
;; }
;; define hidden <2 x i64> @"aot_func#6"(ptr %0, <2 x i64> %1, <2 x i64> %2, <2 x i64> %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %6, align 16
;;   %7 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %7, align 16
;;   %8 = alloca <2 x i64>, align 16
;;   store <2 x i64> %3, ptr %8, align 16
;;   br label %body
;; body:
;;   %9 = load <2 x i64>, ptr %6, align 16
;;   %10 = load <2 x i64>, ptr %7, align 16
;;   %11 = load <2 x i64>, ptr %8, align 16
;;   %12 = bitcast <2 x i64> %11 to <2 x double>
;;   %13 = bitcast <2 x i64> %10 to <2 x double>
;;   %14 = bitcast <2 x i64> %9 to <2 x double>
;;   %15 = fneg <2 x double> %14
;;   %16 = call <2 x double> @llvm.canonicalize.v2f64(<2 x double> %15)
;;   %17 = call <2 x double> @llvm.canonicalize.v2f64(<2 x double> %13)
;;   %18 = call <2 x double> @llvm.canonicalize.v2f64(<2 x double> %12)
;;   %19 = call <2 x double> @llvm.fma.v2f64(<2 x double> %16, <2 x double> %17, <2 x double> %18)
;;   %20 = bitcast <2 x double> %19 to <2 x i64>
;;   br label %return
;; return:
;;   %21 = phi <2 x i64> [ %20, %body ]
;;   ret <2 x i64> %21
;; }
;; define hidden <2 x i64> @"aot_func#7"(ptr %0, <2 x i64> %1, <2 x i64> %2, <2 x i64> %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %6, align 16
;;   %7 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %7, align 16
;;   %8 = alloca <2 x i64>, align 16
;;   store <2 x i64> %3, ptr %8, align 16
;;   br label %body
;; body:
;;   %9 = load <2 x i64>, ptr %6, align 16
;;   %10 = load <2 x i64>, ptr %7, align 16
;;   %11 = load <2 x i64>, ptr %8, align 16
;;   %12 = bitcast <2 x i64> %11 to <8 x i16>
;;   %13 = bitcast <2 x i64> %10 to <8 x i16>
;;   %14 = bitcast <2 x i64> %9 to <8 x i16>
;;   %15 = icmp slt <8 x i16> %12, zeroinitializer
;;   %16 = select <8 x i1> %15, <8 x i16> %14, <8 x i16> %13
;;   %17 = bitcast <8 x i16> %16 to <2 x i64>
;;   br label %return
;; return:
;;   %18 = phi <2 x i64> [ %17, %body ]
;;   ret <2 x i64> %18
;; }
;; define hidden <2 x i64> @"aot_func#8"(ptr %0, <2 x i64> %1, <2 x i64> %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %5, align 16
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %6, align 16
;;   br label %body
;; body:
;;   %7 = load <2 x i64>, ptr %5, align 16
;;   %8 = load <2 x i64>, ptr %6, align 16
;;   %9 = bitcast <2 x i64> %8 to <4 x float>
;;   %10 = bitcast <2 x i64> %7 to <4 x float>
;;   %11 = call <4 x float> @llvm.x86.sse.min.ps(<4 x float> %10, <4 x float> %9)
;;   %12 = bitcast <4 x float> %11 to <2 x i64>
;;   br label %return
;; return:
;;   %13 = phi <2 x i64> [ %12, %body ]
;;   ret <2 x i64> %13
;; }
;; define hidden <2 x i64> @"aot_func#9"(ptr %0, <2 x i64> %1, <2 x i64> %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %5, align 16
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %6, align 16
;;   br label %body
;; body:
;;   %7 = load <2 x i64>, ptr %5, align 16
;;   %8 = load <2 x i64>, ptr %6, align 16
;;   %9 = bitcast <2 x i64> %8 to <2 x double>
;;   %10 = bitcast <2 x i64> %7 to <2 x double>
;;   %11 = call <2 x double> @llvm.x86.sse2.max.pd(<2 x double> %10, <2 x double> %9)
;;   %12 = bitcast <2 x double> %11 to <2 x i64>
;;   br label %return
;; return:
;;   %13 = phi <2 x i64> [ %12, %body ]
;;   ret <2 x i64> %13
;; }
;; define hidden <2 x i64> @"aot_func#10"(ptr %0, <2 x i64> %1, <2 x i64> %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %5, align 16
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %6, align 16
;;   br label %body
;; body:
;;   %7 = load <2 x i64>, ptr %5, align 16
;;   %8 = load <2 x i64>, ptr %6, align 16
;;   %9 = bitcast <2 x i64> %8 to <8 x i16>
;;   %10 = bitcast <2 x i64> %7 to <8 x i16>
;;   %11 = call <8 x i16> @llvm.x86.ssse3.pmul.hr.sw.128(<8 x i16> %10, <8 x i16> %9)
;;   %12 = bitcast <8 x i16> %11 to <2 x i64>
;;   br label %return
;; return:
;;   %13 = phi <2 x i64> [ %12, %body ]
;;   ret <2 x i64> %13
;; }
;; define hidden <2 x i64> @"aot_func#11"(ptr %0, <2 x i64> %1, <2 x i64> %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %5, align 16
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %6, align 16
;;   br label %body
;; body:
;;   %7 = load <2 x i64>, ptr %5, align 16
;;   %8 = load <2 x i64>, ptr %6, align 16
;;   %9 = bitcast <2 x i64> %8 to <16 x i8>
;;   %10 = bitcast <2 x i64> %7 to <16 x i8>
;;   %11 = call <8 x i16> @llvm.x86.ssse3.pmadd.ub.sw.128(<16 x i8> %9, <16 x i8> %10)
;;   %12 = bitcast <8 x i16> %11 to <2 x i64>
;;   br label %return
;; return:
;;   %13 = phi <2 x i64> [ %12, %body ]
;;   ret <2 x i64> %13
;; }
;; define hidden <2 x i64> @"aot_func#12"(ptr %0, <2 x i64> %1, <2 x i64> %2, <2 x i64> %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %6, align 16
;;   %7 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %7, align 16
;;   %8 = alloca <2 x i64>, align 16
;;   store <2 x i64> %3, ptr %8, align 16
;;   br label %body
;; body:
;;   %9 = load <2 x i64>, ptr %6, align 16
;;   %10 = load <2 x i64>, ptr %7, align 16
;;   %11 = load <2 x i64>, ptr %8, align 16
;;   %12 = bitcast <2 x i64> %11 to <4 x i32>
;;   %13 = bitcast <2 x i64> %10 to <16 x i8>
;;   %14 = bitcast <2 x i64> %9 to <16 x i8>
;;   %15 = call <8 x i16> @llvm.x86.ssse3.pmadd.ub.sw.128(<16 x i8> %13, <16 x i8> %14)
;;   %16 = call <4 x i32> @llvm.x86.sse2.pmadd.wd(<8 x i16> %15, <8 x i16> splat (i16 1))
;;   %17 = add <4 x i32> %16, %12
;;   %18 = bitcast <4 x i32> %17 to <2 x i64>
;;   br label %return
;; return:
;;   %19 = phi <2 x i64> [ %18, %body ]
;;   ret <2 x i64> %19
;; }

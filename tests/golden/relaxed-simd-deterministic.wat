;;! relaxed-simd-deterministic = 1

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
;;   %11 = and <16 x i8> %9, splat (i8 15)
;;   %12 = extractelement <16 x i8> %11, i32 0
;;   %13 = extractelement <16 x i8> %10, i8 %12
;;   %14 = insertelement <16 x i8> poison, i8 %13, i32 0
;;   %15 = extractelement <16 x i8> %11, i32 1
;;   %16 = extractelement <16 x i8> %10, i8 %15
;;   %17 = insertelement <16 x i8> %14, i8 %16, i32 1
;;   %18 = extractelement <16 x i8> %11, i32 2
;;   %19 = extractelement <16 x i8> %10, i8 %18
;;   %20 = insertelement <16 x i8> %17, i8 %19, i32 2
;;   %21 = extractelement <16 x i8> %11, i32 3
;;   %22 = extractelement <16 x i8> %10, i8 %21
;;   %23 = insertelement <16 x i8> %20, i8 %22, i32 3
;;   %24 = extractelement <16 x i8> %11, i32 4
;;   %25 = extractelement <16 x i8> %10, i8 %24
;;   %26 = insertelement <16 x i8> %23, i8 %25, i32 4
;;   %27 = extractelement <16 x i8> %11, i32 5
;;   %28 = extractelement <16 x i8> %10, i8 %27
;;   %29 = insertelement <16 x i8> %26, i8 %28, i32 5
;;   %30 = extractelement <16 x i8> %11, i32 6
;;   %31 = extractelement <16 x i8> %10, i8 %30
;;   %32 = insertelement <16 x i8> %29, i8 %31, i32 6
;;   %33 = extractelement <16 x i8> %11, i32 7
;;   %34 = extractelement <16 x i8> %10, i8 %33
;;   %35 = insertelement <16 x i8> %32, i8 %34, i32 7
;;   %36 = extractelement <16 x i8> %11, i32 8
;;   %37 = extractelement <16 x i8> %10, i8 %36
;;   %38 = insertelement <16 x i8> %35, i8 %37, i32 8
;;   %39 = extractelement <16 x i8> %11, i32 9
;;   %40 = extractelement <16 x i8> %10, i8 %39
;;   %41 = insertelement <16 x i8> %38, i8 %40, i32 9
;;   %42 = extractelement <16 x i8> %11, i32 10
;;   %43 = extractelement <16 x i8> %10, i8 %42
;;   %44 = insertelement <16 x i8> %41, i8 %43, i32 10
;;   %45 = extractelement <16 x i8> %11, i32 11
;;   %46 = extractelement <16 x i8> %10, i8 %45
;;   %47 = insertelement <16 x i8> %44, i8 %46, i32 11
;;   %48 = extractelement <16 x i8> %11, i32 12
;;   %49 = extractelement <16 x i8> %10, i8 %48
;;   %50 = insertelement <16 x i8> %47, i8 %49, i32 12
;;   %51 = extractelement <16 x i8> %11, i32 13
;;   %52 = extractelement <16 x i8> %10, i8 %51
;;   %53 = insertelement <16 x i8> %50, i8 %52, i32 13
;;   %54 = extractelement <16 x i8> %11, i32 14
;;   %55 = extractelement <16 x i8> %10, i8 %54
;;   %56 = insertelement <16 x i8> %53, i8 %55, i32 14
;;   %57 = extractelement <16 x i8> %11, i32 15
;;   %58 = extractelement <16 x i8> %10, i8 %57
;;   %59 = insertelement <16 x i8> %56, i8 %58, i32 15
;;   %60 = icmp ult <16 x i8> %9, splat (i8 16)
;;   %61 = select <16 x i1> %60, <16 x i8> %59, <16 x i8> zeroinitializer
;;   %62 = bitcast <16 x i8> %61 to <2 x i64>
;;   br label %return
;; return:
;;   %63 = phi <2 x i64> [ %62, %body ]
;;   ret <2 x i64> %63
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
;;   %7 = fcmp ord <4 x float> %6, %6
;;   %8 = select <4 x i1> %7, <4 x float> %6, <4 x float> zeroinitializer
;;   %9 = call <4 x float> @llvm.x86.sse.max.ps(<4 x float> %8, <4 x float> splat (float 0xC1E0000000000000))
;;   %10 = call <4 x float> @llvm.x86.sse.min.ps(<4 x float> %9, <4 x float> splat (float 0x41DFFFFFE0000000))
;;   %11 = fptosi <4 x float> %10 to <4 x i32>
;;   %12 = fcmp ogt <4 x float> %6, splat (float 0x41DFFFFFE0000000)
;;   %13 = select <4 x i1> %12, <4 x i32> splat (i32 2147483647), <4 x i32> %11
;;   %14 = bitcast <4 x i32> %13 to <2 x i64>
;;   br label %return
;; return:
;;   %15 = phi <2 x i64> [ %14, %body ]
;;   ret <2 x i64> %15
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
;;   %7 = call <4 x float> @llvm.x86.sse.max.ps(<4 x float> %6, <4 x float> zeroinitializer)
;;   %8 = call <4 x float> @llvm.x86.sse.min.ps(<4 x float> %7, <4 x float> splat (float 0x41EFFFFFE0000000))
;;   %9 = fptoui <4 x float> %8 to <4 x i32>
;;   %10 = fcmp ogt <4 x float> %6, splat (float 0x41EFFFFFE0000000)
;;   %11 = select <4 x i1> %10, <4 x i32> splat (i32 -1), <4 x i32> %9
;;   %12 = bitcast <4 x i32> %11 to <2 x i64>
;;   br label %return
;; return:
;;   %13 = phi <2 x i64> [ %12, %body ]
;;   ret <2 x i64> %13
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
;;   %7 = fcmp ord <2 x double> %6, %6
;;   %8 = select <2 x i1> %7, <2 x double> %6, <2 x double> zeroinitializer
;;   %9 = call <2 x double> @llvm.x86.sse2.max.pd(<2 x double> %8, <2 x double> splat (double 0xC1E0000000000000))
;;   %10 = call <2 x double> @llvm.x86.sse2.min.pd(<2 x double> %9, <2 x double> splat (double 0x41DFFFFFFFC00000))
;;   %11 = fptosi <2 x double> %10 to <2 x i32>
;;   %12 = shufflevector <2 x i32> %11, <2 x i32> zeroinitializer, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
;;   %13 = bitcast <4 x i32> %12 to <2 x i64>
;;   br label %return
;; return:
;;   %14 = phi <2 x i64> [ %13, %body ]
;;   ret <2 x i64> %14
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
;;   %7 = call <2 x double> @llvm.x86.sse2.max.pd(<2 x double> %6, <2 x double> zeroinitializer)
;;   %8 = call <2 x double> @llvm.x86.sse2.min.pd(<2 x double> %7, <2 x double> splat (double 0x41EFFFFFFFE00000))
;;   %9 = fptoui <2 x double> %8 to <2 x i32>
;;   %10 = shufflevector <2 x i32> %9, <2 x i32> zeroinitializer, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
;;   %11 = bitcast <4 x i32> %10 to <2 x i64>
;;   br label %return
;; return:
;;   %12 = phi <2 x i64> [ %11, %body ]
;;   ret <2 x i64> %12
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
;;   %18 = fmul <4 x float> %15, %16
;;   %19 = fadd <4 x float> %18, %17
;;   %20 = bitcast <4 x float> %19 to <2 x i64>
;;   br label %return
;; return:
;;   %21 = phi <2 x i64> [ %20, %body ]
;;   ret <2 x i64> %21
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
;;   %19 = fmul <2 x double> %16, %17
;;   %20 = fadd <2 x double> %19, %18
;;   %21 = bitcast <2 x double> %20 to <2 x i64>
;;   br label %return
;; return:
;;   %22 = phi <2 x i64> [ %21, %body ]
;;   ret <2 x i64> %22
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
;;   %12 = xor <2 x i64> %11, splat (i64 -1)
;;   %13 = and <2 x i64> %9, %11
;;   %14 = and <2 x i64> %10, %12
;;   %15 = or <2 x i64> %13, %14
;;   br label %return
;; return:
;;   %16 = phi <2 x i64> [ %15, %body ]
;;   ret <2 x i64> %16
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
;;   %12 = bitcast <4 x float> %11 to <4 x i32>
;;   %13 = call <4 x float> @llvm.x86.sse.min.ps(<4 x float> %9, <4 x float> %10)
;;   %14 = bitcast <4 x float> %13 to <4 x i32>
;;   %15 = or <4 x i32> %12, %14
;;   %16 = fcmp uno <4 x float> %10, %9
;;   %17 = select <4 x i1> %16, <4 x i32> splat (i32 2143289344), <4 x i32> %15
;;   %18 = bitcast <4 x i32> %17 to <2 x i64>
;;   br label %return
;; return:
;;   %19 = phi <2 x i64> [ %18, %body ]
;;   ret <2 x i64> %19
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
;;   %13 = call <2 x double> @llvm.x86.sse2.max.pd(<2 x double> %9, <2 x double> %10)
;;   %14 = bitcast <2 x double> %13 to <2 x i64>
;;   %15 = and <2 x i64> %12, %14
;;   %16 = fcmp uno <2 x double> %10, %9
;;   %17 = select <2 x i1> %16, <2 x i64> splat (i64 9221120237041090560), <2 x i64> %15
;;   br label %return
;; return:
;;   %18 = phi <2 x i64> [ %17, %body ]
;;   ret <2 x i64> %18
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
;;   %11 = sext <8 x i16> %10 to <8 x i32>
;;   %12 = sext <8 x i16> %9 to <8 x i32>
;;   %13 = mul <8 x i32> %11, %12
;;   %14 = lshr <8 x i32> %13, splat (i32 14)
;;   %15 = add <8 x i32> %14, splat (i32 1)
;;   %16 = lshr <8 x i32> %15, splat (i32 1)
;;   %17 = trunc <8 x i32> %16 to <8 x i16>
;;   %18 = icmp eq <8 x i16> %17, splat (i16 -32768)
;;   %19 = sext <8 x i1> %18 to <8 x i16>
;;   %20 = xor <8 x i16> %17, %19
;;   %21 = bitcast <8 x i16> %20 to <2 x i64>
;;   br label %return
;; return:
;;   %22 = phi <2 x i64> [ %21, %body ]
;;   ret <2 x i64> %22
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
;;   %11 = sext <16 x i8> %10 to <16 x i16>
;;   %12 = sext <16 x i8> %9 to <16 x i16>
;;   %13 = mul nsw <16 x i16> %11, %12
;;   %14 = shufflevector <16 x i16> %13, <16 x i16> poison, <8 x i32> <i32 0, i32 2, i32 4, i32 6, i32 8, i32 10, i32 12, i32 14>
;;   %15 = shufflevector <16 x i16> %13, <16 x i16> poison, <8 x i32> <i32 1, i32 3, i32 5, i32 7, i32 9, i32 11, i32 13, i32 15>
;;   %16 = call <8 x i16> @llvm.sadd.sat.v8i16(<8 x i16> %14, <8 x i16> %15)
;;   %17 = bitcast <8 x i16> %16 to <2 x i64>
;;   br label %return
;; return:
;;   %18 = phi <2 x i64> [ %17, %body ]
;;   ret <2 x i64> %18
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
;;   %15 = sext <16 x i8> %14 to <16 x i16>
;;   %16 = sext <16 x i8> %13 to <16 x i16>
;;   %17 = mul nsw <16 x i16> %15, %16
;;   %18 = shufflevector <16 x i16> %17, <16 x i16> poison, <8 x i32> <i32 0, i32 2, i32 4, i32 6, i32 8, i32 10, i32 12, i32 14>
;;   %19 = shufflevector <16 x i16> %17, <16 x i16> poison, <8 x i32> <i32 1, i32 3, i32 5, i32 7, i32 9, i32 11, i32 13, i32 15>
;;   %20 = call <8 x i16> @llvm.sadd.sat.v8i16(<8 x i16> %18, <8 x i16> %19)
;;   %21 = shufflevector <8 x i16> %20, <8 x i16> poison, <4 x i32> <i32 0, i32 2, i32 4, i32 6>
;;   %22 = shufflevector <8 x i16> %20, <8 x i16> poison, <4 x i32> <i32 1, i32 3, i32 5, i32 7>
;;   %23 = sext <4 x i16> %21 to <4 x i32>
;;   %24 = sext <4 x i16> %22 to <4 x i32>
;;   %25 = add <4 x i32> %23, %24
;;   %26 = add <4 x i32> %25, %12
;;   %27 = bitcast <4 x i32> %26 to <2 x i64>
;;   br label %return
;; return:
;;   %28 = phi <2 x i64> [ %27, %body ]
;;   ret <2 x i64> %28
;; }

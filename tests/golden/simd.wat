(module
  (memory 1)
  (func (param v128 v128) (result v128) (i16x8.add_sat_s (local.get 0) (local.get 1)))
  (func (param i32) (result v128) (v128.load8x8_u offset=2 (local.get 0)))
  (func (param v128) (result i32) (i8x16.bitmask (local.get 0)))
  (func (param v128 v128) (result v128) (f32x4.min (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128)
    (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 (local.get 0) (local.get 1)))
  (func (param v128) (result v128) (i32x4.trunc_sat_f64x2_u_zero (local.get 0))))

;; define hidden <2 x i64> @"aot_func#0"(ptr %0, <2 x i64> %1, <2 x i64> %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %5, align 16
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %6, align 16
;;   %7 = getelementptr inbounds i8, ptr %4, i64 344
;;   %8 = getelementptr inbounds i8, ptr %7, i64 32
;;   %9 = load ptr, ptr %8, align 8
;;   br label %body
;; body:
;;   %10 = load <2 x i64>, ptr %5, align 16
;;   %11 = load <2 x i64>, ptr %6, align 16
;;   %12 = bitcast <2 x i64> %11 to <8 x i16>
;;   %13 = bitcast <2 x i64> %10 to <8 x i16>
;;   %14 = call <8 x i16> @llvm.sadd.sat.v8i16(<8 x i16> %13, <8 x i16> %12)
;;   %15 = bitcast <8 x i16> %14 to <2 x i64>
;;   br label %return
;; return:
;;   %16 = phi <2 x i64> [ %15, %body ]
;;   ret <2 x i64> %16
;; }
;; define hidden <2 x i64> @"aot_func#1"(ptr %0, i32 %1) {
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
;;   %10 = add nuw i64 %9, 2
;;   %11 = getelementptr i8, ptr %7, i64 %10
;;   %12 = load i64, ptr %11, align 1
;;   %13 = bitcast i64 %12 to <8 x i8>
;;   %14 = zext <8 x i8> %13 to <8 x i16>
;;   %15 = bitcast <8 x i16> %14 to <2 x i64>
;;   br label %return
;; return:
;;   %16 = phi <2 x i64> [ %15, %body ]
;;   ret <2 x i64> %16
;; }
;; define hidden i32 @"aot_func#2"(ptr %0, <2 x i64> %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %4, align 16
;;   %5 = getelementptr inbounds i8, ptr %3, i64 344
;;   %6 = getelementptr inbounds i8, ptr %5, i64 32
;;   %7 = load ptr, ptr %6, align 8
;;   br label %body
;; body:
;;   %8 = load <2 x i64>, ptr %4, align 16
;;   %9 = bitcast <2 x i64> %8 to <16 x i8>
;;   %10 = icmp slt <16 x i8> %9, zeroinitializer
;;   %11 = bitcast <16 x i1> %10 to i16
;;   %12 = zext i16 %11 to i32
;;   br label %return
;; return:
;;   %13 = phi i32 [ %12, %body ]
;;   ret i32 %13
;; }
;; define hidden <2 x i64> @"aot_func#3"(ptr %0, <2 x i64> %1, <2 x i64> %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %5, align 16
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %6, align 16
;;   %7 = getelementptr inbounds i8, ptr %4, i64 344
;;   %8 = getelementptr inbounds i8, ptr %7, i64 32
;;   %9 = load ptr, ptr %8, align 8
;;   br label %body
;; body:
;;   %10 = load <2 x i64>, ptr %5, align 16
;;   %11 = load <2 x i64>, ptr %6, align 16
;;   %12 = bitcast <2 x i64> %11 to <4 x float>
;;   %13 = bitcast <2 x i64> %10 to <4 x float>
;;   %14 = call <4 x float> @llvm.x86.sse.min.ps(<4 x float> %13, <4 x float> %12)
;;   %15 = bitcast <4 x float> %14 to <4 x i32>
;;   %16 = call <4 x float> @llvm.x86.sse.min.ps(<4 x float> %12, <4 x float> %13)
;;   %17 = bitcast <4 x float> %16 to <4 x i32>
;;   %18 = or <4 x i32> %15, %17
;;   %19 = fcmp uno <4 x float> %13, %12
;;   %20 = select <4 x i1> %19, <4 x i32> splat (i32 2143289344), <4 x i32> %18
;;   %21 = bitcast <4 x i32> %20 to <2 x i64>
;;   br label %return
;; return:
;;   %22 = phi <2 x i64> [ %21, %body ]
;;   ret <2 x i64> %22
;; }
;; define hidden <2 x i64> @"aot_func#4"(ptr %0, <2 x i64> %1, <2 x i64> %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %5, align 16
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %6, align 16
;;   %7 = getelementptr inbounds i8, ptr %4, i64 344
;;   %8 = getelementptr inbounds i8, ptr %7, i64 32
;;   %9 = load ptr, ptr %8, align 8
;;   br label %body
;; body:
;;   %10 = load <2 x i64>, ptr %5, align 16
;;   %11 = load <2 x i64>, ptr %6, align 16
;;   %12 = bitcast <2 x i64> %11 to <16 x i8>
;;   %13 = bitcast <2 x i64> %10 to <16 x i8>
;;   %14 = shufflevector <16 x i8> %13, <16 x i8> %12, <16 x i32> <i32 0, i32 17, i32 2, i32 19, i32 4, i32 21, i32 6, i32 23, i32 8, i32 25, i32 10, i32 27, i32 12, i32 29, i32 14, i32 31>
;;   %15 = bitcast <16 x i8> %14 to <2 x i64>
;;   br label %return
;; return:
;;   %16 = phi <2 x i64> [ %15, %body ]
;;   ret <2 x i64> %16
;; }
;; define hidden <2 x i64> @"aot_func#5"(ptr %0, <2 x i64> %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %4, align 16
;;   %5 = getelementptr inbounds i8, ptr %3, i64 344
;;   %6 = getelementptr inbounds i8, ptr %5, i64 32
;;   %7 = load ptr, ptr %6, align 8
;;   br label %body
;; body:
;;   %8 = load <2 x i64>, ptr %4, align 16
;;   %9 = bitcast <2 x i64> %8 to <2 x double>
;;   %10 = call <2 x double> @llvm.x86.sse2.max.pd(<2 x double> %9, <2 x double> zeroinitializer)
;;   %11 = call <2 x double> @llvm.x86.sse2.min.pd(<2 x double> %10, <2 x double> splat (double 0x41EFFFFFFFE00000))
;;   %12 = fptoui <2 x double> %11 to <2 x i32>
;;   %13 = shufflevector <2 x i32> %12, <2 x i32> zeroinitializer, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
;;   %14 = bitcast <4 x i32> %13 to <2 x i64>
;;   br label %return
;; return:
;;   %15 = phi <2 x i64> [ %14, %body ]
;;   ret <2 x i64> %15
;; }

(module
  (memory 1)
  (func (param v128 v128) (result v128) (i16x8.add_sat_s (local.get 0) (local.get 1)))
  (func (param i32) (result v128) (v128.load8x8_u offset=2 (local.get 0)))
  (func (param v128) (result i32) (i8x16.bitmask (local.get 0)))
  (func (param v128 v128) (result v128) (f32x4.min (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128)
    (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 (local.get 0) (local.get 1)))
  (func (param v128) (result v128) (i32x4.trunc_sat_f64x2_u_zero (local.get 0))))

;; define hidden <2 x i64> @"aot_func#0"(ptr %0, <2 x i64> %1, <2 x i64> %2, ptr swiftself %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %6, align 16
;;   %7 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %7, align 16
;;   br label %body
;; body:
;;   %8 = load <2 x i64>, ptr %6, align 16
;;   %9 = load <2 x i64>, ptr %7, align 16
;;   %10 = bitcast <2 x i64> %9 to <8 x i16>
;;   %11 = bitcast <2 x i64> %8 to <8 x i16>
;;   %12 = call <8 x i16> @llvm.sadd.sat.v8i16(<8 x i16> %11, <8 x i16> %10)
;;   %13 = bitcast <8 x i16> %12 to <2 x i64>
;;   br label %return
;; return:
;;   %14 = phi <2 x i64> [ %13, %body ]
;;   ret <2 x i64> %14
;; }
;; define hidden <2 x i64> @"aot_func#1"(ptr %0, i32 %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   br label %body
;; body:
;;   %6 = load i32, ptr %5, align 4
;;   %7 = zext i32 %6 to i64
;;   %8 = add nuw i64 %7, 2
;;   %9 = getelementptr i8, ptr %2, i64 %8
;;   %10 = load i64, ptr %9, align 1
;;   %11 = bitcast i64 %10 to <8 x i8>
;;   %12 = zext <8 x i8> %11 to <8 x i16>
;;   %13 = bitcast <8 x i16> %12 to <2 x i64>
;;   br label %return
;; return:
;;   %14 = phi <2 x i64> [ %13, %body ]
;;   ret <2 x i64> %14
;; }
;; define hidden i32 @"aot_func#2"(ptr %0, <2 x i64> %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %5, align 16
;;   br label %body
;; body:
;;   %6 = load <2 x i64>, ptr %5, align 16
;;   %7 = bitcast <2 x i64> %6 to <16 x i8>
;;   %8 = icmp slt <16 x i8> %7, zeroinitializer
;;   %9 = bitcast <16 x i1> %8 to i16
;;   %10 = zext i16 %9 to i32
;;   br label %return
;; return:
;;   %11 = phi i32 [ %10, %body ]
;;   ret i32 %11
;; }
;; define hidden <2 x i64> @"aot_func#3"(ptr %0, <2 x i64> %1, <2 x i64> %2, ptr swiftself %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %6, align 16
;;   %7 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %7, align 16
;;   br label %body
;; body:
;;   %8 = load <2 x i64>, ptr %6, align 16
;;   %9 = load <2 x i64>, ptr %7, align 16
;;   %10 = bitcast <2 x i64> %9 to <4 x float>
;;   %11 = bitcast <2 x i64> %8 to <4 x float>
;;   %12 = call <4 x float> @llvm.x86.sse.min.ps(<4 x float> %11, <4 x float> %10)
;;   %13 = bitcast <4 x float> %12 to <4 x i32>
;;   %14 = call <4 x float> @llvm.x86.sse.min.ps(<4 x float> %10, <4 x float> %11)
;;   %15 = bitcast <4 x float> %14 to <4 x i32>
;;   %16 = or <4 x i32> %13, %15
;;   %17 = fcmp uno <4 x float> %11, %10
;;   %18 = select <4 x i1> %17, <4 x i32> splat (i32 2143289344), <4 x i32> %16
;;   %19 = bitcast <4 x i32> %18 to <2 x i64>
;;   br label %return
;; return:
;;   %20 = phi <2 x i64> [ %19, %body ]
;;   ret <2 x i64> %20
;; }
;; define hidden <2 x i64> @"aot_func#4"(ptr %0, <2 x i64> %1, <2 x i64> %2, ptr swiftself %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %6, align 16
;;   %7 = alloca <2 x i64>, align 16
;;   store <2 x i64> %2, ptr %7, align 16
;;   br label %body
;; body:
;;   %8 = load <2 x i64>, ptr %6, align 16
;;   %9 = load <2 x i64>, ptr %7, align 16
;;   %10 = bitcast <2 x i64> %9 to <16 x i8>
;;   %11 = bitcast <2 x i64> %8 to <16 x i8>
;;   %12 = shufflevector <16 x i8> %11, <16 x i8> %10, <16 x i32> <i32 0, i32 17, i32 2, i32 19, i32 4, i32 21, i32 6, i32 23, i32 8, i32 25, i32 10, i32 27, i32 12, i32 29, i32 14, i32 31>
;;   %13 = bitcast <16 x i8> %12 to <2 x i64>
;;   br label %return
;; return:
;;   %14 = phi <2 x i64> [ %13, %body ]
;;   ret <2 x i64> %14
;; }
;; define hidden <2 x i64> @"aot_func#5"(ptr %0, <2 x i64> %1, ptr swiftself %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca <2 x i64>, align 16
;;   store <2 x i64> %1, ptr %5, align 16
;;   br label %body
;; body:
;;   %6 = load <2 x i64>, ptr %5, align 16
;;   %7 = bitcast <2 x i64> %6 to <2 x double>
;;   %8 = call <2 x double> @llvm.x86.sse2.max.pd(<2 x double> %7, <2 x double> zeroinitializer)
;;   %9 = call <2 x double> @llvm.x86.sse2.min.pd(<2 x double> %8, <2 x double> splat (double 0x41EFFFFFFFE00000))
;;   %10 = fptoui <2 x double> %9 to <2 x i32>
;;   %11 = shufflevector <2 x i32> %10, <2 x i32> zeroinitializer, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
;;   %12 = bitcast <4 x i32> %11 to <2 x i64>
;;   br label %return
;; return:
;;   %13 = phi <2 x i64> [ %12, %body ]
;;   ret <2 x i64> %13
;; }
;; define hidden <2 x i64> @aot_func_stand_in(ptr %0, <2 x i64> %1, <2 x i64> %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   br label %trap
;; trap:
;;   call void @aot_raise(ptr %0, i32 0)
;;   ret <2 x i64> zeroinitializer
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

(module
  (func (param i32 i32) (result i32)
    (i32.div_s (i32.add (local.get 0) (i32.const 7)) (local.get 1)))
  (func (param i64 i64) (result i64)
    (i64.rem_s (local.get 0) (local.get 1)))
  (func (param i32 i32) (result i32)
    (i32.rotl (i32.shr_s (local.get 0) (local.get 1)) (i32.clz (local.get 1))))
  (func (param f64 f64) (result i32)
    (f64.lt (f64.sqrt (local.get 0)) (f64.nearest (local.get 1)))))

;; define hidden i32 @"aot_func#0"(ptr %0, i32 %1, i32 %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   %6 = alloca i32, align 4
;;   store i32 %2, ptr %6, align 4
;;   br label %body
;; body:
;;   %7 = load i32, ptr %5, align 4
;;   %8 = add i32 %7, 7
;;   %9 = load i32, ptr %6, align 4
;;   %10 = icmp eq i32 %9, 0
;;   br i1 %10, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 4)
;;   ret i32 0
;; next:
;;   %11 = icmp eq i32 %8, -2147483648
;;   %12 = icmp eq i32 %9, -1
;;   %13 = and i1 %11, %12
;;   br i1 %13, label %trap1, label %next2
;; trap1:
;;   call void @aot_raise(ptr %0, i32 3)
;;   ret i32 0
;; next2:
;;   %14 = sdiv i32 %8, %9
;;   br label %return
;; return:
;;   %15 = phi i32 [ %14, %next2 ]
;;   ret i32 %15
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
;; define hidden i64 @"aot_func#1"(ptr %0, i64 %1, i64 %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i64, align 8
;;   store i64 %1, ptr %5, align 8
;;   %6 = alloca i64, align 8
;;   store i64 %2, ptr %6, align 8
;;   br label %body
;; body:
;;   %7 = load i64, ptr %5, align 8
;;   %8 = load i64, ptr %6, align 8
;;   %9 = icmp eq i64 %8, 0
;;   br i1 %9, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 4)
;;   ret i64 0
;; next:
;;   %10 = icmp eq i64 %8, -1
;;   %11 = select i1 %10, i64 1, i64 %8
;;   %12 = srem i64 %7, %11
;;   br label %return
;; return:
;;   %13 = phi i64 [ %12, %next ]
;;   ret i64 %13
;; }
;; define hidden i32 @"aot_func#2"(ptr %0, i32 %1, i32 %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i32, align 4
;;   store i32 %1, ptr %5, align 4
;;   %6 = alloca i32, align 4
;;   store i32 %2, ptr %6, align 4
;;   br label %body
;; body:
;;   %7 = load i32, ptr %5, align 4
;;   %8 = load i32, ptr %6, align 4
;;   %9 = and i32 %8, 31
;;   %10 = ashr i32 %7, %9
;;   %11 = load i32, ptr %6, align 4
;;   %12 = call i32 @llvm.ctlz.i32(i32 %11, i1 false)
;;   %13 = call i32 @llvm.fshl.i32(i32 %10, i32 %10, i32 %12)
;;   br label %return
;; return:
;;   %14 = phi i32 [ %13, %body ]
;;   ret i32 %14
;; }
;; define hidden i32 @"aot_func#3"(ptr %0, double %1, double %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca double, align 8
;;   store double %1, ptr %5, align 8
;;   %6 = alloca double, align 8
;;   store double %2, ptr %6, align 8
;;   br label %body
;; body:
;;   %7 = load double, ptr %5, align 8
;;   %8 = call double @llvm.sqrt.f64(double %7)
;;   %9 = load double, ptr %6, align 8
;;   %10 = call double @llvm.canonicalize.f64(double %9)
;;   %11 = call double @llvm.rint.f64(double %10)
;;   %12 = fcmp olt double %8, %11
;;   %13 = zext i1 %12 to i32
;;   br label %return
;; return:
;;   %14 = phi i32 [ %13, %body ]
;;   ret i32 %14
;; }
;; define hidden i32 @aot_func_stand_in(ptr %0, i32 %1, i32 %2) {
;; entry:
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   br label %trap
;; trap:
;;   call void @aot_raise(ptr %0, i32 0)
;;   ret i32 0
;; }

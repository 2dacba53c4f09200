(module
  (func (param f32) (result i32) (i32.trunc_f32_s (local.get 0)))
  (func (param f64) (result i64) (i64.trunc_sat_f64_u (local.get 0)))
  (func (param i64) (result i64) (i64.extend16_s (local.get 0)))
  (func (param i32) (result f32)
    (f32.demote_f64 (f64.promote_f32 (f32.reinterpret_i32 (local.get 0))))))

;; define hidden i32 @"aot_func#0"(ptr %0, float %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca float, align 4
;;   store float %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load float, ptr %4, align 4
;;   %6 = fcmp uno float %5, %5
;;   br i1 %6, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 5)
;;   ret i32 0
;; next:
;;   %7 = fcmp ole float %5, 0xC1E0000020000000
;;   %8 = fcmp oge float %5, 0x41E0000000000000
;;   %9 = or i1 %7, %8
;;   br i1 %9, label %trap1, label %next2
;; trap1:
;;   call void @aot_raise(ptr %0, i32 3)
;;   ret i32 0
;; next2:
;;   %10 = fptosi float %5 to i32
;;   br label %return
;; return:
;;   %11 = phi i32 [ %10, %next2 ]
;;   ret i32 %11
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
;; define hidden i64 @"aot_func#1"(ptr %0, double %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca double, align 8
;;   store double %1, ptr %4, align 8
;;   br label %body
;; body:
;;   %5 = load double, ptr %4, align 8
;;   %6 = call i64 @llvm.fptoui.sat.i64.f64(double %5)
;;   br label %return
;; return:
;;   %7 = phi i64 [ %6, %body ]
;;   ret i64 %7
;; }
;; define hidden i64 @"aot_func#2"(ptr %0, i64 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i64, align 8
;;   store i64 %1, ptr %4, align 8
;;   br label %body
;; body:
;;   %5 = load i64, ptr %4, align 8
;;   %6 = trunc i64 %5 to i16
;;   %7 = sext i16 %6 to i64
;;   br label %return
;; return:
;;   %8 = phi i64 [ %7, %body ]
;;   ret i64 %8
;; }
;; define hidden float @"aot_func#3"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = bitcast i32 %5 to float
;;   %7 = call float @llvm.canonicalize.f32(float %6)
;;   %8 = fpext float %7 to double
;;   %9 = fptrunc double %8 to float
;;   br label %return
;; return:
;;   %10 = phi float [ %9, %body ]
;;   ret float %10
;; }
;; define hidden i32 @aot_func_stand_in(ptr %0, float %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   br label %trap
;; trap:
;;   call void @aot_raise(ptr %0, i32 0)
;;   ret i32 0
;; }

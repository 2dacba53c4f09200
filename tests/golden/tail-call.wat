;;! tail-call = 1
(module
  (type $t (func (param i64) (result i64)))
  (table 1 funcref)
  (elem (i32.const 0) $odd)
  (func $even (param i64) (result i64)
    (if (i64.eqz (local.get 0)) (then (return (i64.const 1))))
    (return_call $odd (i64.sub (local.get 0) (i64.const 1))))
  (func $odd (param i64) (result i64)
    (return_call_indirect (type $t) (i64.sub (local.get 0) (i64.const 1)) (i32.const 0))))

;; @"aot_table#0" = hidden constant [1 x { i32, i32 }] [{ i32, i32 } { i32 0, i32 trunc (i64 sub (i64 ptrtoint (ptr @"aot_func_internal#1" to i64), i64 ptrtoint (ptr @"aot_table#0" to i64)) to i32) }]
;; define weak_odr hidden tailcc i64 @"aot_func_internal#0"(ptr %0, i64 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i64, align 8
;;   store i64 %1, ptr %4, align 8
;;   br label %body
;; body:
;;   %5 = load i64, ptr %4, align 8
;;   %6 = icmp eq i64 %5, 0
;;   %7 = zext i1 %6 to i32
;;   br i1 %6, label %then, label %else
;; then:
;;   br label %return
;; else:
;;   br label %end
;; end:
;;   %8 = load i64, ptr %4, align 8
;;   %9 = sub i64 %8, 1
;;   %10 = musttail call tailcc i64 @"aot_func_internal#1"(ptr %0, i64 %9)
;;   ret i64 %10
;; return:
;;   %11 = phi i64 [ 1, %then ]
;;   ret i64 %11
;; }
;; define weak_odr hidden tailcc i64 @"aot_func_internal#1"(ptr %0, i64 %1) {
;; entry:
;;   %2 = alloca i32, align 4
;;   %3 = getelementptr inbounds i8, ptr %0, i64 16
;;   %4 = load ptr, ptr %3, align 8
;;   %5 = alloca i64, align 8
;;   store i64 %1, ptr %5, align 8
;;   br label %body
;; body:
;;   %6 = load i64, ptr %5, align 8
;;   %7 = sub i64 %6, 1
;;   store i32 0, ptr %2, align 4
;;   br i1 false, label %rejection, label %next2
;; rejection:
;;   %8 = load i32, ptr %2, align 4
;;   %9 = icmp uge i32 %8, 1
;;   br i1 %9, label %trap, label %next
;; trap:
;;   call void @aot_raise(ptr %0, i32 8)
;;   ret i64 0
;; next:
;;   br label %trap1
;; trap1:
;;   call void @aot_raise(ptr %0, i32 6)
;;   ret i64 0
;; next2:
;;   %10 = musttail call tailcc i64 @"aot_func_internal#1"(ptr %0, i64 %7)
;;   ret i64 %10
;; }
;; define weak_odr hidden i64 @"aot_func#0"(ptr %0, i64 %1) {
;; entry:
;;   %2 = call tailcc i64 @"aot_func_internal#0"(ptr %0, i64 %1)
;;   ret i64 %2
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
;; define weak_odr hidden i64 @"aot_func#1"(ptr %0, i64 %1) {
;; entry:
;;   %2 = call tailcc i64 @"aot_func_internal#1"(ptr %0, i64 %1)
;;   ret i64 %2
;; }
;; define hidden i64 @aot_func_stand_in(ptr %0, i64 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   br label %trap
;; trap:
;;   call void @aot_raise(ptr %0, i32 0)
;;   ret i64 0
;; }

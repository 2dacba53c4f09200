(module
  (func (param i32) (result i32)
    (block $out (result i32)
      (loop $again (result i32)
        (br_if $out (i32.const 1) (i32.eqz (local.get 0)))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br $again))))
  (func (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (return (i32.const 5)) (i32.add (unreachable)))
      (else (i32.const 6))))
  (func (param i32) (result i32)
    (block $a (result i32)
      (block $b (result i32)
        (br_table $a $b $a (i32.const 9) (local.get 0)))
      (i32.const 1)
      (i32.add)))
  (func (param i32 i64) (result i64 i32)
    (local.get 1)
    (if (param i64) (result i64) (local.get 0) (then (i64.const 1) (i64.add)))
    (local.get 0)))

;; define hidden i32 @"aot_func#0"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   br label %loop
;; loop:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = icmp eq i32 %5, 0
;;   %7 = zext i1 %6 to i32
;;   br i1 %6, label %end, label %next
;; next:
;;   %8 = load i32, ptr %4, align 4
;;   %9 = sub i32 %8, 1
;;   store i32 %9, ptr %4, align 4
;;   br label %loop
;; end:
;;   %10 = phi i32 [ 1, %loop ]
;;   br label %return
;; return:
;;   %11 = phi i32 [ %10, %end ]
;;   ret i32 %11
;; }
;; define hidden i32 @"aot_func#1"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = icmp ne i32 %5, 0
;;   br i1 %6, label %then, label %else
;; then:
;;   br label %return
;; else:
;;   br label %end
;; end:
;;   %7 = phi i32 [ 6, %else ]
;;   br label %return
;; return:
;;   %8 = phi i32 [ 5, %then ], [ %7, %end ]
;;   ret i32 %8
;; }
;; define hidden i32 @"aot_func#2"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   switch i32 %5, label %case [
;;     i32 1, label %case2
;;   ]
;; case:
;;   br label %end
;; case2:
;;   br label %end1
;; end1:
;;   %6 = phi i32 [ 9, %case2 ]
;;   %7 = add i32 %6, 1
;;   br label %end
;; end:
;;   %8 = phi i32 [ 9, %case ], [ %7, %end1 ]
;;   br label %return
;; return:
;;   %9 = phi i32 [ %8, %end ]
;;   ret i32 %9
;; }
;; define hidden i64 @"aot_func#3"(ptr %0, i32 %1, i64 %2, ptr %3) {
;; entry:
;;   %4 = getelementptr inbounds i8, ptr %0, i64 16
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = alloca i32, align 4
;;   store i32 %1, ptr %6, align 4
;;   %7 = alloca i64, align 8
;;   store i64 %2, ptr %7, align 8
;;   br label %body
;; body:
;;   %8 = load i64, ptr %7, align 8
;;   %9 = load i32, ptr %6, align 4
;;   %10 = icmp ne i32 %9, 0
;;   br i1 %10, label %then, label %else
;; then:
;;   %11 = add i64 %8, 1
;;   br label %end
;; else:
;;   br label %end
;; end:
;;   %12 = phi i64 [ %11, %then ], [ %8, %else ]
;;   %13 = load i32, ptr %6, align 4
;;   br label %return
;; return:
;;   %14 = phi i64 [ %12, %end ]
;;   %15 = phi i32 [ %13, %end ]
;;   store i32 %15, ptr %3, align 4
;;   ret i64 %14
;; }
;; define hidden i32 @aot_func_stand_in(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   br label %trap
;; trap:
;;   call void @aot_raise(ptr %0, i32 0)
;;   ret i32 0
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

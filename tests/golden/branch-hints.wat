;;! weights = 1

(module
  (func (export "likely") (param i32) (result i32)
    (@metadata.code.branch_hint "\01") (if (result i32) (local.get 0)
      (then (i32.const 1)) (else (i32.const 2))))
  (func (export "unlikely") (param i32) (result i32)
    (block $out
      (@metadata.code.branch_hint "\00") (br_if $out (local.get 0))
      (br_if $out (i32.eqz (local.get 0)))
      (return (i32.const 1)))
    (i32.const 2))
)

;; define hidden i32 @"aot_func#0"(ptr %0, i32 %1) {
;; entry:
;;   %2 = getelementptr inbounds i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = alloca i32, align 4
;;   store i32 %1, ptr %4, align 4
;;   br label %body
;; body:
;;   %5 = load i32, ptr %4, align 4
;;   %6 = icmp ne i32 %5, 0
;;   br i1 %6, label %then, label %else, weighted
;; then:
;;   br label %end
;; else:
;;   br label %end
;; end:
;;   %7 = phi i32 [ 1, %then ], [ 2, %else ]
;;   br label %return
;; return:
;;   %8 = phi i32 [ %7, %end ]
;;   ret i32 %8
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
;;   br i1 %6, label %end, label %next, weighted
;; next:
;;   %7 = load i32, ptr %4, align 4
;;   %8 = icmp eq i32 %7, 0
;;   %9 = zext i1 %8 to i32
;;   br i1 %8, label %end, label %next1
;; next1:
;;   br label %return
;; end:
;;   br label %return
;; return:
;;   %10 = phi i32 [ 1, %next1 ], [ 2, %end ]
;;   ret i32 %10
;; }

; Constants from the table; those of 64 bits take two places, aligned, where pointers have 32.
; intrinsics: constop
; missing:
target datalayout = "e-m:e-p:32:32-i64:64-n32-S128"

define float @floats(ptr %env, float %a) {
  %x = fadd float %a, 1.5
  %y = fmul float %x, 1.5
  %z = fadd float %y, 0.0
  ret float %z
}

define double @doubles(ptr %env, i1 %c, double %a) {
entry:
  br i1 %c, label %one, label %two
one:
  br label %two
two:
  %r = phi double [ -0.0, %entry ], [ 2.5, %one ]
  ret double %r
}

define i32 @integers(ptr %env, i32 %a, ptr %p) {
  %x = add i32 %a, 100
  %y = xor i32 %x, 305419896
  store i64 81985529216486895, ptr %p, align 4
  switch i32 %y, label %end [ i32 1000000, label %other ]
other:
  ret i32 -1
end:
  ret i32 70000
}

;; 0: f32#3FC00000
;; 1: i32#00011170
;; 2: i32#12345678
;; 3: __ignore
;; 4: f64#4004000000000000
;; 5: __ignore
;; 6: f64#8000000000000000
;; 7: __ignore
;; 8: i64#0123456789ABCDEF
;; 9: __ignore
;; define float @floats(ptr %env, float %a) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load float, ptr %3, align 4, !invariant.load !0
;;   %x = fadd float %a, %4
;;   %5 = getelementptr inbounds i8, ptr %env, i64 32
;;   %6 = load ptr, ptr %5, align 4, !invariant.load !0
;;   %7 = getelementptr inbounds i8, ptr %6, i64 0
;;   %8 = load float, ptr %7, align 4, !invariant.load !0
;;   %y = fmul float %x, %8
;;   %z = fadd float %y, 0.000000e+00
;;   ret float %z
;; }
;; define double @doubles(ptr %env, i1 %c, double %a) {
;; entry:
;;   %0 = getelementptr inbounds i8, ptr %env, i64 32
;;   %1 = load ptr, ptr %0, align 4, !invariant.load !0
;;   %2 = getelementptr inbounds i8, ptr %1, i64 24
;;   %3 = load double, ptr %2, align 4, !invariant.load !0
;;   br i1 %c, label %one, label %two
;; one:
;;   %4 = getelementptr inbounds i8, ptr %env, i64 32
;;   %5 = load ptr, ptr %4, align 4, !invariant.load !0
;;   %6 = getelementptr inbounds i8, ptr %5, i64 16
;;   %7 = load double, ptr %6, align 4, !invariant.load !0
;;   br label %two
;; two:
;;   %r = phi double [ %3, %entry ], [ %7, %one ]
;;   ret double %r
;; }
;; define i32 @integers(ptr %env, i32 %a, ptr %p) {
;;   %x = add i32 %a, 100
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 8
;;   %4 = load i32, ptr %3, align 4, !invariant.load !0
;;   %y = xor i32 %x, %4
;;   %5 = getelementptr inbounds i8, ptr %env, i64 32
;;   %6 = load ptr, ptr %5, align 4, !invariant.load !0
;;   %7 = getelementptr inbounds i8, ptr %6, i64 32
;;   %8 = load i64, ptr %7, align 4, !invariant.load !0
;;   store i64 %8, ptr %p, align 4
;;   switch i32 %y, label %end [
;;     i32 1000000, label %other
;;   ]
;; other:
;;   ret i32 -1
;; end:
;;   %9 = getelementptr inbounds i8, ptr %env, i64 32
;;   %10 = load ptr, ptr %9, align 4, !invariant.load !0
;;   %11 = getelementptr inbounds i8, ptr %10, i64 4
;;   %12 = load i32, ptr %11, align 4, !invariant.load !0
;;   ret i32 %12
;; }

; All predicates; with a constant away from zero the bits alone decide.
; intrinsics:
; missing: f32_cmp,f64_cmp
target datalayout = "e-m:e-p:32:32-i64:64-n32-S128"

define i1 @oeq(ptr %env, float %a, float %b) {
  %r = fcmp oeq float %a, %b
  ret i1 %r
}

define i1 @ogt(ptr %env, float %a, float %b) {
  %r = fcmp ogt float %a, %b
  ret i1 %r
}

define i1 @oge(ptr %env, float %a, float %b) {
  %r = fcmp oge float %a, %b
  ret i1 %r
}

define i1 @olt(ptr %env, float %a, float %b) {
  %r = fcmp olt float %a, %b
  ret i1 %r
}

define i1 @ole(ptr %env, float %a, float %b) {
  %r = fcmp ole float %a, %b
  ret i1 %r
}

define i1 @one(ptr %env, float %a, float %b) {
  %r = fcmp one float %a, %b
  ret i1 %r
}

define i1 @ord(ptr %env, float %a, float %b) {
  %r = fcmp ord float %a, %b
  ret i1 %r
}

define i1 @ueq(ptr %env, float %a, float %b) {
  %r = fcmp ueq float %a, %b
  ret i1 %r
}

define i1 @ugt(ptr %env, float %a, float %b) {
  %r = fcmp ugt float %a, %b
  ret i1 %r
}

define i1 @uge(ptr %env, float %a, float %b) {
  %r = fcmp uge float %a, %b
  ret i1 %r
}

define i1 @ult(ptr %env, float %a, float %b) {
  %r = fcmp ult float %a, %b
  ret i1 %r
}

define i1 @ule(ptr %env, float %a, float %b) {
  %r = fcmp ule float %a, %b
  ret i1 %r
}

define i1 @une(ptr %env, float %a, float %b) {
  %r = fcmp une float %a, %b
  ret i1 %r
}

define i1 @uno(ptr %env, float %a, float %b) {
  %r = fcmp uno float %a, %b
  ret i1 %r
}

define i1 @at_least(ptr %env, float %a) {
  %r = fcmp oge float %a, 2147483648.0
  ret i1 %r
}

define i1 @at_most(ptr %env, double %a) {
  %r = fcmp ole double %a, -1.0
  ret i1 %r
}

define i1 @not_above(ptr %env, double %a) {
  %r = fcmp ule double %a, 2.0
  ret i1 %r
}

define i1 @below(ptr %env, float %a) {
  %r = fcmp olt float %a, 2.0
  ret i1 %r
}

define i1 @nan(ptr %env, double %a) {
  %r = fcmp uno double %a, 0.0
  ret i1 %r
}

;; 0: aot_intrinsic_f32_cmp
;; define i1 @oeq(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 0, float %a, float %b) #0
;;   %6 = icmp ne i32 %5, 0
;;   ret i1 %6
;; }
;; define i1 @ogt(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 3, float %a, float %b) #0
;;   %6 = icmp ne i32 %5, 0
;;   ret i1 %6
;; }
;; define i1 @oge(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 5, float %a, float %b) #0
;;   %6 = icmp ne i32 %5, 0
;;   ret i1 %6
;; }
;; define i1 @olt(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 2, float %a, float %b) #0
;;   %6 = icmp ne i32 %5, 0
;;   ret i1 %6
;; }
;; define i1 @ole(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 4, float %a, float %b) #0
;;   %6 = icmp ne i32 %5, 0
;;   ret i1 %6
;; }
;; define i1 @one(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 2, float %a, float %b) #0
;;   %6 = getelementptr inbounds i8, ptr %env, i64 32
;;   %7 = load ptr, ptr %6, align 4, !invariant.load !0
;;   %8 = getelementptr inbounds i8, ptr %7, i64 0
;;   %9 = load ptr, ptr %8, align 4
;;   %10 = call range(i32 0, 2) i32 %9(i32 3, float %a, float %b) #0
;;   %11 = or i32 %5, %10
;;   %12 = icmp ne i32 %11, 0
;;   ret i1 %12
;; }
;; define i1 @ord(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 6, float %a, float %b) #0
;;   %6 = icmp eq i32 %5, 0
;;   ret i1 %6
;; }
;; define i1 @ueq(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 2, float %a, float %b) #0
;;   %6 = getelementptr inbounds i8, ptr %env, i64 32
;;   %7 = load ptr, ptr %6, align 4, !invariant.load !0
;;   %8 = getelementptr inbounds i8, ptr %7, i64 0
;;   %9 = load ptr, ptr %8, align 4
;;   %10 = call range(i32 0, 2) i32 %9(i32 3, float %a, float %b) #0
;;   %11 = or i32 %5, %10
;;   %12 = icmp eq i32 %11, 0
;;   ret i1 %12
;; }
;; define i1 @ugt(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 4, float %a, float %b) #0
;;   %6 = icmp eq i32 %5, 0
;;   ret i1 %6
;; }
;; define i1 @uge(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 2, float %a, float %b) #0
;;   %6 = icmp eq i32 %5, 0
;;   ret i1 %6
;; }
;; define i1 @ult(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 5, float %a, float %b) #0
;;   %6 = icmp eq i32 %5, 0
;;   ret i1 %6
;; }
;; define i1 @ule(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 3, float %a, float %b) #0
;;   %6 = icmp eq i32 %5, 0
;;   ret i1 %6
;; }
;; define i1 @une(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 1, float %a, float %b) #0
;;   %6 = icmp ne i32 %5, 0
;;   ret i1 %6
;; }
;; define i1 @uno(ptr %env, float %a, float %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 6, float %a, float %b) #0
;;   %6 = icmp ne i32 %5, 0
;;   ret i1 %6
;; }
;; define i1 @at_least(ptr %env, float %a) {
;;   %1 = bitcast float %a to i32
;;   %2 = sub i32 %1, 1325400064
;;   %3 = icmp ule i32 %2, 813694976
;;   ret i1 %3
;; }
;; define i1 @at_most(ptr %env, double %a) {
;;   %1 = bitcast double %a to i64
;;   %2 = sub i64 %1, -4616189618054758400
;;   %3 = icmp ule i64 %2, 4611686018427387904
;;   ret i1 %3
;; }
;; define i1 @not_above(ptr %env, double %a) {
;;   %1 = bitcast double %a to i64
;;   %2 = sub i64 %1, 4611686018427387905
;;   %3 = icmp ugt i64 %2, 4607182418800017407
;;   ret i1 %3
;; }
;; define i1 @below(ptr %env, float %a) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call range(i32 0, 2) i32 %4(i32 2, float %a, float 2.000000e+00) #0
;;   %6 = icmp ne i32 %5, 0
;;   ret i1 %6
;; }
;; define i1 @nan(ptr %env, double %a) {
;;   %1 = bitcast double %a to i64
;;   %2 = and i64 %1, 9223372036854775807
;;   %3 = icmp ugt i64 %2, 9218868437227405312
;;   ret i1 %3
;; }

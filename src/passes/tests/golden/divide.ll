; Division on a processor without it: narrow ones, too; by a constant a multiplication does.
; intrinsics: i32.common
; missing:
target datalayout = "e-m:e-p:32:32-Fi8-i64:64-v128:64:128-a:0:32-n32-S64"

define i32 @signed(ptr %env, i32 %a, i32 %b) {
  %q = sdiv i32 %a, %b
  %r = srem i32 %q, %b
  ret i32 %r
}

define i8 @narrow(ptr %env, i8 %a, i8 %b) {
  %q = udiv i8 %a, %b
  %r = srem i8 %q, %b
  ret i8 %r
}

define i32 @constant(ptr %env, i32 %a) {
  %r = udiv i32 %a, 10
  ret i32 %r
}

;; 0: aot_intrinsic_i32_rem_s
;; 1: aot_intrinsic_i32_div_s
;; 2: aot_intrinsic_i32_div_u
;; define i32 @signed(ptr %env, i32 %a, i32 %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 4
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call i32 %4(i32 %a, i32 %b) #0
;;   %6 = getelementptr inbounds i8, ptr %env, i64 32
;;   %7 = load ptr, ptr %6, align 4, !invariant.load !0
;;   %8 = getelementptr inbounds i8, ptr %7, i64 0
;;   %9 = load ptr, ptr %8, align 4
;;   %10 = call i32 %9(i32 %5, i32 %b) #0
;;   ret i32 %10
;; }
;; define i8 @narrow(ptr %env, i8 %a, i8 %b) {
;;   %1 = zext i8 %a to i32
;;   %2 = zext i8 %b to i32
;;   %3 = getelementptr inbounds i8, ptr %env, i64 32
;;   %4 = load ptr, ptr %3, align 4, !invariant.load !0
;;   %5 = getelementptr inbounds i8, ptr %4, i64 8
;;   %6 = load ptr, ptr %5, align 4
;;   %7 = call i32 %6(i32 %1, i32 %2) #0
;;   %8 = trunc i32 %7 to i8
;;   %9 = sext i8 %8 to i32
;;   %10 = sext i8 %b to i32
;;   %11 = getelementptr inbounds i8, ptr %env, i64 32
;;   %12 = load ptr, ptr %11, align 4, !invariant.load !0
;;   %13 = getelementptr inbounds i8, ptr %12, i64 0
;;   %14 = load ptr, ptr %13, align 4
;;   %15 = call i32 %14(i32 %9, i32 %10) #0
;;   %16 = trunc i32 %15 to i8
;;   ret i8 %16
;; }
;; define i32 @constant(ptr %env, i32 %a) {
;;   %r = udiv i32 %a, 10
;;   ret i32 %r
;; }

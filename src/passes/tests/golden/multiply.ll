; Products on a processor that cannot multiply.
; intrinsics: i64.common
; missing:
; lacks: mul
target datalayout = "e-m:e-p:32:32-i64:64-n32-S128"

declare { i32, i1 } @llvm.umul.with.overflow.i32(i32, i32)
declare { i64, i1 } @llvm.smul.with.overflow.i64(i64, i64)

define i32 @words(ptr %env, i32 %a, i32 %b) {
  %x = mul i32 %a, %b
  %r = mul i32 %x, 8
  ret i32 %r
}

define i1 @overflow(ptr %env, i32 %a, i32 %b) {
  %p = call { i32, i1 } @llvm.umul.with.overflow.i32(i32 %a, i32 %b)
  %r = extractvalue { i32, i1 } %p, 1
  ret i1 %r
}

define i1 @wide_overflow(ptr %env, i64 %a, i64 %b) {
  %p = call { i64, i1 } @llvm.smul.with.overflow.i64(i64 %a, i64 %b)
  %r = extractvalue { i64, i1 } %p, 1
  ret i1 %r
}

;; 0: aot_intrinsic_i64_mul
;; 1: aot_intrinsic_i64_div_s
;; define i32 @words(ptr %env, i32 %a, i32 %b) {
;;   %1 = zext i32 %a to i64
;;   %2 = zext i32 %b to i64
;;   %3 = getelementptr inbounds i8, ptr %env, i64 32
;;   %4 = load ptr, ptr %3, align 4, !invariant.load !0
;;   %5 = getelementptr inbounds i8, ptr %4, i64 0
;;   %6 = load ptr, ptr %5, align 4
;;   %7 = call i64 %6(i64 %1, i64 %2) #1
;;   %8 = trunc i64 %7 to i32
;;   %r = mul i32 %8, 8
;;   ret i32 %r
;; }
;; define i1 @overflow(ptr %env, i32 %a, i32 %b) {
;;   %1 = zext i32 %a to i64
;;   %2 = zext i32 %b to i64
;;   %3 = getelementptr inbounds i8, ptr %env, i64 32
;;   %4 = load ptr, ptr %3, align 4, !invariant.load !0
;;   %5 = getelementptr inbounds i8, ptr %4, i64 0
;;   %6 = load ptr, ptr %5, align 4
;;   %7 = call i64 %6(i64 %1, i64 %2) #1
;;   %8 = trunc i64 %7 to i32
;;   %9 = zext i32 %8 to i64
;;   %10 = icmp ne i64 %9, %7
;;   %11 = insertvalue { i32, i1 } poison, i32 %8, 0
;;   %12 = insertvalue { i32, i1 } %11, i1 %10, 1
;;   %r = extractvalue { i32, i1 } %12, 1
;;   ret i1 %r
;; }
;; define i1 @wide_overflow(ptr %env, i64 %a, i64 %b) {
;;   %1 = getelementptr inbounds i8, ptr %env, i64 32
;;   %2 = load ptr, ptr %1, align 4, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 0
;;   %4 = load ptr, ptr %3, align 4
;;   %5 = call i64 %4(i64 %a, i64 %b) #1
;;   %6 = icmp eq i64 %a, 0
;;   %7 = icmp eq i64 %a, -1
;;   %8 = icmp eq i64 %b, -9223372036854775808
;;   %9 = and i1 %7, %8
;;   %10 = or i1 %6, %7
;;   %11 = select i1 %10, i64 1, i64 %a
;;   %12 = getelementptr inbounds i8, ptr %env, i64 32
;;   %13 = load ptr, ptr %12, align 4, !invariant.load !0
;;   %14 = getelementptr inbounds i8, ptr %13, i64 4
;;   %15 = load ptr, ptr %14, align 4
;;   %16 = call i64 %15(i64 %5, i64 %11) #1
;;   %17 = icmp ne i64 %16, %b
;;   %18 = select i1 %10, i1 %9, i1 %17
;;   %19 = insertvalue { i64, i1 } poison, i64 %5, 0
;;   %20 = insertvalue { i64, i1 } %19, i1 %18, 1
;;   %r = extractvalue { i64, i1 } %20, 1
;;   ret i1 %r
;; }

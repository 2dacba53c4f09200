; Copies and fills: small ones in place, all loads before the stores; the others by name.
; intrinsics:
; missing:
target datalayout = "e-m:e-p:32:32-Fi8-i64:64-v128:64:128-a:0:32-n32-S64"

define void @small(ptr %env, ptr %p, ptr %q) {
  call void @llvm.memmove.p0.p0.i32(ptr align 4 %p, ptr align 2 %q, i32 7, i1 false)
  call void @llvm.memset.p0.i64(ptr %p, i8 170, i64 6, i1 false)
  ret void
}

define void @large(ptr %env, ptr %p, ptr %q, i64 %n, i8 %v) {
  call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %q, i64 %n, i1 false)
  call void @llvm.memmove.p0.p0.i32(ptr %p, ptr %q, i32 100, i1 false)
  call void @llvm.memset.p0.i64(ptr %p, i8 %v, i64 %n, i1 false)
  ret void
}

;; 0: memcpy
;; 1: memmove
;; 2: memset
;; define void @small(ptr %env, ptr %p, ptr %q) {
;;   %1 = getelementptr inbounds i8, ptr %q, i64 0
;;   %2 = load i32, ptr %1, align 2
;;   %3 = getelementptr inbounds i8, ptr %q, i64 4
;;   %4 = load i16, ptr %3, align 2
;;   %5 = getelementptr inbounds i8, ptr %q, i64 6
;;   %6 = load i8, ptr %5, align 2
;;   %7 = getelementptr inbounds i8, ptr %p, i64 0
;;   store i32 %2, ptr %7, align 4
;;   %8 = getelementptr inbounds i8, ptr %p, i64 4
;;   store i16 %4, ptr %8, align 4
;;   %9 = getelementptr inbounds i8, ptr %p, i64 6
;;   store i8 %6, ptr %9, align 2
;;   %10 = getelementptr inbounds i8, ptr %p, i64 0
;;   store i32 -1431655766, ptr %10, align 1
;;   %11 = getelementptr inbounds i8, ptr %p, i64 4
;;   store i16 -21846, ptr %11, align 1
;;   ret void
;; }
;; define void @large(ptr %env, ptr %p, ptr %q, i64 %n, i8 %v) {
;;   %1 = trunc i64 %n to i32
;;   %2 = getelementptr inbounds i8, ptr %env, i64 32
;;   %3 = load ptr, ptr %2, align 4, !invariant.load !0
;;   %4 = getelementptr inbounds i8, ptr %3, i64 0
;;   %5 = load ptr, ptr %4, align 4
;;   %6 = call ptr %5(ptr %p, ptr %q, i32 %1) #2
;;   %7 = getelementptr inbounds i8, ptr %env, i64 32
;;   %8 = load ptr, ptr %7, align 4, !invariant.load !0
;;   %9 = getelementptr inbounds i8, ptr %8, i64 4
;;   %10 = load ptr, ptr %9, align 4
;;   %11 = call ptr %10(ptr %p, ptr %q, i32 100) #2
;;   %12 = zext i8 %v to i32
;;   %13 = trunc i64 %n to i32
;;   %14 = getelementptr inbounds i8, ptr %env, i64 32
;;   %15 = load ptr, ptr %14, align 4, !invariant.load !0
;;   %16 = getelementptr inbounds i8, ptr %15, i64 8
;;   %17 = load ptr, ptr %16, align 4
;;   %18 = call ptr %17(ptr %p, i32 %12, i32 %13) #2
;;   ret void
;; }

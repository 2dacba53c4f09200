; Helpers through the table, those used most in front; functions of the module directly.
; intrinsics:
; missing:
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"

declare void @aot_set_exception_with_id(ptr, i32) cold nounwind
declare i8 @aot_enlarge_memory(ptr, i32) nounwind
declare hidden i32 @"aot_func#1"(ptr, i32)
declare i32 @unknown(ptr, i32)

define i32 @"aot_func#0"(ptr %env, i1 %c, ptr %instance) {
  br i1 %c, label %trap, label %next
trap:
  call void @aot_set_exception_with_id(ptr %instance, i32 2)
  ret i32 0
next:
  %ok = call zeroext i8 @aot_enlarge_memory(ptr %instance, i32 1)
  %again = call i8 @aot_enlarge_memory(ptr %instance, i32 2)
  %x = call i32 @"aot_func#1"(ptr %env, i32 5)
  %y = call i32 @unknown(ptr %env, i32 %x)
  ret i32 %y
}

;; 0: aot_enlarge_memory
;; 1: aot_set_exception_with_id
;; define i32 @"aot_func#0"(ptr %env, i1 %c, ptr %instance) {
;;   br i1 %c, label %trap, label %next
;; trap:
;;   %1 = getelementptr inbounds i8, ptr %env, i64 64
;;   %2 = load ptr, ptr %1, align 8, !invariant.load !0
;;   %3 = getelementptr inbounds i8, ptr %2, i64 8
;;   %4 = load ptr, ptr %3, align 8
;;   call void %4(ptr %instance, i32 2) #0
;;   ret i32 0
;; next:
;;   %5 = getelementptr inbounds i8, ptr %env, i64 64
;;   %6 = load ptr, ptr %5, align 8, !invariant.load !0
;;   %7 = getelementptr inbounds i8, ptr %6, i64 0
;;   %8 = load ptr, ptr %7, align 8
;;   %ok = call zeroext i8 %8(ptr %instance, i32 1) #1
;;   %9 = getelementptr inbounds i8, ptr %env, i64 64
;;   %10 = load ptr, ptr %9, align 8, !invariant.load !0
;;   %11 = getelementptr inbounds i8, ptr %10, i64 0
;;   %12 = load ptr, ptr %11, align 8
;;   %again = call i8 %12(ptr %instance, i32 2) #1
;;   %x = call i32 @"aot_func#1"(ptr %env, i32 5)
;;   %y = call i32 @unknown(ptr %env, i32 %x)
;;   ret i32 %y
;; }

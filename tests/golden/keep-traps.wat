;;! format = llvmir-opt
;;! opt-level = 3
(module
  (memory 1)
  (func (export "dropped") (param i32) (drop (i32.load (local.get 0))))
  (func (export "overwritten") (param i32) (result i32) (local i32)
    (local.set 1 (i32.load (local.get 0)))
    (local.set 1 (i32.const 3))
    (local.get 1))
  (func (export "annihilated") (param i32) (result i32)
    (i32.and (i32.load (local.get 0)) (i32.const 0)))
  (func (export "stored back") (param i32)
    (i32.store (local.get 0) (i32.load (local.get 0))))
  (func $ignores (param i32) (result i32) (i32.const 4))
  (func (export "ignored argument") (param i32) (result i32)
    (call $ignores (i32.load (local.get 0))))
  (func $loads (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "dropped result") (param i32) (drop (call $loads (local.get 0)))))

;; define hidden void @"aot_func_internal#0"(ptr readnone captures(none) %0, i32 %1, ptr readonly swiftself captures(none) %2) local_unnamed_addr {
;; entry:
;;   %3 = zext i32 %1 to i64
;;   %4 = getelementptr i8, ptr %2, i64 %3
;;   %5 = load volatile i32, ptr %4, align 1
;;   ret void
;; }
;; define hidden void @"aot_func#0"(ptr readonly captures(none) %0, i32 %1) local_unnamed_addr {
;; entry:
;;   %2 = getelementptr inbounds nuw i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = getelementptr inbounds nuw i8, ptr %3, i64 376
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = zext i32 %1 to i64
;;   %7 = getelementptr i8, ptr %5, i64 %6
;;   %8 = load volatile i32, ptr %7, align 1
;;   ret void
;; }
;; define hidden noundef i32 @"aot_func_internal#1"(ptr readnone captures(none) %0, i32 %1, ptr readonly swiftself captures(none) %2) local_unnamed_addr {
;; entry:
;;   %3 = zext i32 %1 to i64
;;   %4 = getelementptr i8, ptr %2, i64 %3
;;   %5 = load volatile i32, ptr %4, align 1
;;   ret i32 3
;; }
;; define hidden noundef i32 @"aot_func#1"(ptr readonly captures(none) %0, i32 %1) local_unnamed_addr {
;; entry:
;;   %2 = getelementptr inbounds nuw i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = getelementptr inbounds nuw i8, ptr %3, i64 376
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = zext i32 %1 to i64
;;   %7 = getelementptr i8, ptr %5, i64 %6
;;   %8 = load volatile i32, ptr %7, align 1
;;   ret i32 3
;; }
;; define hidden noundef i32 @"aot_func_internal#2"(ptr readnone captures(none) %0, i32 %1, ptr readonly swiftself captures(none) %2) local_unnamed_addr {
;; entry:
;;   %3 = zext i32 %1 to i64
;;   %4 = getelementptr i8, ptr %2, i64 %3
;;   %5 = load volatile i32, ptr %4, align 1
;;   ret i32 0
;; }
;; define hidden noundef i32 @"aot_func#2"(ptr readonly captures(none) %0, i32 %1) local_unnamed_addr {
;; entry:
;;   %2 = getelementptr inbounds nuw i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = getelementptr inbounds nuw i8, ptr %3, i64 376
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = zext i32 %1 to i64
;;   %7 = getelementptr i8, ptr %5, i64 %6
;;   %8 = load volatile i32, ptr %7, align 1
;;   ret i32 0
;; }
;; define hidden void @"aot_func_internal#3"(ptr readnone captures(none) %0, i32 %1, ptr readonly swiftself captures(none) %2) local_unnamed_addr {
;; entry:
;;   %3 = zext i32 %1 to i64
;;   %4 = getelementptr i8, ptr %2, i64 %3
;;   %5 = load volatile i32, ptr %4, align 1
;;   ret void
;; }
;; define hidden void @"aot_func#3"(ptr readonly captures(none) %0, i32 %1) local_unnamed_addr {
;; entry:
;;   %2 = getelementptr inbounds nuw i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = getelementptr inbounds nuw i8, ptr %3, i64 376
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = zext i32 %1 to i64
;;   %7 = getelementptr i8, ptr %5, i64 %6
;;   %8 = load volatile i32, ptr %7, align 1
;;   ret void
;; }
;; define hidden noundef i32 @"aot_func#4"(ptr readnone captures(none) %0, i32 %1, ptr readnone swiftself captures(none) %2) local_unnamed_addr {
;; entry:
;;   ret i32 4
;; }
;; define hidden noundef i32 @"aot_func_internal#5"(ptr readnone captures(none) %0, i32 %1, ptr readonly swiftself captures(none) %2) local_unnamed_addr {
;; entry:
;;   %3 = zext i32 %1 to i64
;;   %4 = getelementptr i8, ptr %2, i64 %3
;;   %5 = load volatile i32, ptr %4, align 1
;;   ret i32 4
;; }
;; define hidden noundef i32 @"aot_func#5"(ptr readonly captures(none) %0, i32 %1) local_unnamed_addr {
;; entry:
;;   %2 = getelementptr inbounds nuw i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = getelementptr inbounds nuw i8, ptr %3, i64 376
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = zext i32 %1 to i64
;;   %7 = getelementptr i8, ptr %5, i64 %6
;;   %8 = load volatile i32, ptr %7, align 1
;;   ret i32 4
;; }
;; define hidden i32 @"aot_func#6"(ptr readnone captures(none) %0, i32 %1, ptr readonly swiftself captures(none) %2) local_unnamed_addr {
;; entry:
;;   %3 = zext i32 %1 to i64
;;   %4 = getelementptr i8, ptr %2, i64 %3
;;   %5 = load volatile i32, ptr %4, align 1
;;   ret i32 %5
;; }
;; define hidden void @"aot_func_internal#7"(ptr readnone captures(none) %0, i32 %1, ptr readonly swiftself captures(none) %2) local_unnamed_addr {
;; entry:
;;   %3 = zext i32 %1 to i64
;;   %4 = getelementptr i8, ptr %2, i64 %3
;;   %5 = load volatile i32, ptr %4, align 1
;;   ret void
;; }
;; define hidden void @"aot_func#7"(ptr readonly captures(none) %0, i32 %1) local_unnamed_addr {
;; entry:
;;   %2 = getelementptr inbounds nuw i8, ptr %0, i64 16
;;   %3 = load ptr, ptr %2, align 8
;;   %4 = getelementptr inbounds nuw i8, ptr %3, i64 376
;;   %5 = load ptr, ptr %4, align 8
;;   %6 = zext i32 %1 to i64
;;   %7 = getelementptr i8, ptr %5, i64 %6
;;   %8 = load volatile i32, ptr %7, align 1
;;   ret void
;; }

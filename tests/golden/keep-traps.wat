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
;; define hidden noundef i32 @aot_func_stand_in(ptr readonly captures(none) %0, i32 %1) local_unnamed_addr {
;; entry:
;;   tail call fastcc void @aot_raise(ptr %0)
;;   ret i32 0
;; }
;; define internal fastcc void @aot_probe_stack() unnamed_addr {
;; entry:
;;   %0 = alloca [16384 x i8], align 1
;;   call void asm sideeffect "", "r,~{memory}"(ptr nonnull %0)
;;   ret void
;; }
;; define internal fastcc void @aot_raise(ptr readonly captures(none) %0) unnamed_addr {
;; entry:
;;   call fastcc void @aot_probe_stack()
;;   %1 = getelementptr i8, ptr %0, i64 16
;;   %2 = load volatile ptr, ptr %1, align 8
;;   call void @aot_set_exception_with_id(ptr %2, i32 0)
;;   ret void
;; }

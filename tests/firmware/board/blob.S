/* The .aot in read-only memory. BLOB is the path of the file. */
        .section .blob, "a"
        .balign 16
        .globl blob
blob:
        .incbin BLOB
blob_end:
        .balign 4
        .globl blob_size
blob_size:
        .word blob_end - blob

/*
 * "Semihosting for AArch32 and AArch64" (Arm) and "RISC-V Semihosting": an operation and a pointer
 * to its parameters in the first two argument registers, and an instruction that stops the machine.
 */
#include "semihosting.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define SYS_WRITE0 0x04
#define SYS_EXIT_EXTENDED 0x20
#define ADP_STOPPED_APPLICATION_EXIT 0x20026

static void
semihosting(uint32_t operation, const void *parameters)
{
#if defined(__arm__)
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = parameters;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
#else
    register uint32_t a0 __asm__("a0") = operation;
    register const void *a1 __asm__("a1") = parameters;
    /* The three instructions are recognised as they stand: uncompressed and in one page. */
    __asm__ volatile(".option push\n"
                     ".option norvc\n"
                     ".balign 16\n"
                     "slli x0, x0, 0x1f\n"
                     "ebreak\n"
                     "srai x0, x0, 7\n"
                     ".option pop\n"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
#endif
}

void
semihosting_print(const char *text)
{
    semihosting(SYS_WRITE0, text);
}

_Noreturn void
semihosting_exit(int status)
{
    const uint32_t parameters[2] = { ADP_STOPPED_APPLICATION_EXIT,
                                     (uint32_t)status };
    semihosting(SYS_EXIT_EXTENDED, parameters);
    for (;;) {
    }
}

_Noreturn void
report_fault(const char *what, uint32_t cause, uint32_t address)
{
    char text[96];
    snprintf(text, sizeof(text), "fault: %s, cause 0x%08lx, address 0x%08lx\n",
             what, (unsigned long)cause, (unsigned long)address);
    semihosting_print(text);
    semihosting_exit(STATUS_FAULT);
}

/* The heap of the C library: what the linker script leaves between data and stack. */
void *
_sbrk(ptrdiff_t more)
{
    extern uint8_t heap_start[], heap_end[];
    static uint8_t *end = heap_start;
    uint8_t *before = end;
    if (more > heap_end - end)
        return (void *)-1;
    end += more;
    return before;
}

void *
sbrk(ptrdiff_t more)
{
    return _sbrk(more);
}

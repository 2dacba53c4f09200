/*
 * Start of a RISC-V hart in machine mode: stack, data, the floating-point unit, and physical memory
 * protection, locked so that it binds machine mode too ("The RISC-V Instruction Set Manual, Volume
 * II", physical memory protection): what stands for flash cannot be written.
 */
#include <stdint.h>
#include <string.h>

#include "semihosting.h"

extern uint8_t flash_start[], flash_end[];
extern uint8_t data_start[], data_end[], data_image[];
extern uint8_t bss_start[], bss_end[];

extern int
firmware_main(void);

/* The compiler is not told of the control registers: nothing else uses them. */
__asm__(".option arch, +zicsr\n"
        ".section .vectors, \"ax\"\n"
        ".globl start\n"
        "start:\n"
        "    la sp, stack_top\n"
        "    .option push\n"
        "    .option norelax\n"
        "    la gp, __global_pointer$\n"
        "    .option pop\n"
        "    la t0, trap\n"
        "    csrw mtvec, t0\n"
        "    li t0, 0x6000\n" /* mstatus.FS: on */
        "    csrs mstatus, t0\n"
        "    j reset\n"
        ".text\n");

static void
protect_flash(void)
{
    /* NAPOT: the lowest zero of the address gives the size. Locked, executable, readable. */
    uint32_t size = (uint32_t)(flash_end - flash_start);
    uint32_t address = ((uint32_t)flash_start | (size / 2 - 1)) >> 2;
    __asm__ volatile("csrw pmpaddr0, %0" ::"r"(address));
    __asm__ volatile("csrw pmpcfg0, %0" ::"r"(0x80 | 0x18 | 0x04 | 0x01));
}

__attribute__((used)) static void
reset(void)
{
    memcpy(data_start, data_image, (size_t)(data_end - data_start));
    memset(bss_start, 0, (size_t)(bss_end - bss_start));
    protect_flash();
    semihosting_exit(firmware_main());
}

__attribute__((used, aligned(4))) static void
trap(void)
{
    uint32_t cause, address;
    __asm__ volatile("csrr %0, mcause" : "=r"(cause));
    __asm__ volatile("csrr %0, mtval" : "=r"(address));
    report_fault("the hart", cause, address);
}

/*
 * Start of a Cortex-M: vectors, data, the floating-point unit, and the memory protection unit, which
 * makes flash what it is: emulators would let a program write to it, or drop the write in silence.
 *
 * Registers: Armv7-M and Armv8-M Architecture Reference Manuals, chapters on the System Control Space.
 */
#include <stdint.h>
#include <string.h>

#include "semihosting.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define CFSR REGISTER(0xe000ed28)
#define MMFAR REGISTER(0xe000ed34)
#define BFAR REGISTER(0xe000ed38)
#define CPACR REGISTER(0xe000ed88)
#define MPU_CTRL REGISTER(0xe000ed94)
#define MPU_RNR REGISTER(0xe000ed98)
#define MPU_RBAR REGISTER(0xe000ed9c)
/* RASR in version 7, RLAR in version 8. */
#define MPU_RASR REGISTER(0xe000eda0)
#define MPU_MAIR0 REGISTER(0xe000edc0)

/* The linker script's: flash is one power of two, aligned to itself. */
extern uint8_t flash_start[], flash_end[];
extern uint8_t data_start[], data_end[], data_image[];
extern uint8_t bss_start[], bss_end[];
extern uint8_t stack_top[];

extern int
firmware_main(void);

static void
protect_flash(void)
{
    MPU_RNR = 0;
#if __ARM_ARCH >= 8
    MPU_MAIR0 = 0x44;                              /* normal memory, not cached */
    MPU_RBAR = (uint32_t)flash_start | (2 << 1);   /* read-only, privileged */
    MPU_RASR = (((uint32_t)flash_end - 1) & ~31u) | 1;
#else
    uint32_t size = (uint32_t)(flash_end - flash_start);
    uint32_t exponent = 31 - (uint32_t)__builtin_clz(size);
    MPU_RBAR = (uint32_t)flash_start;
    MPU_RASR = (6u << 24) | (2u << 16) | ((exponent - 1) << 1) | 1; /* read-only */
#endif
    MPU_CTRL = 5; /* on, the default map for privileged code elsewhere */
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

static void
reset(void)
{
    memcpy(data_start, data_image, (size_t)(data_end - data_start));
    memset(bss_start, 0, (size_t)(bss_end - bss_start));
#ifdef __ARM_FP
    CPACR |= 0xf << 20; /* code that uses the floating-point unit needs it on */
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
    protect_flash();
    semihosting_exit(firmware_main());
}

static void
fault(void)
{
    uint32_t cause = CFSR;
    report_fault("the processor", cause, cause & 0x80 ? MMFAR : BFAR);
}

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    stack_top, reset, fault, fault, fault, fault, fault, fault,
    fault,     fault, fault, fault, fault, fault, fault, fault,
};

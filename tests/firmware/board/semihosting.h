/* Output and the end of the run, through the debugger's interface that emulators offer. */
#ifndef FIRMWARE_SEMIHOSTING_H
#define FIRMWARE_SEMIHOSTING_H

#include <stdint.h>

void semihosting_print(const char *text);
_Noreturn void semihosting_exit(int status);

/* How a run ends; wamr-devices/src/firmware.rs reads these. */
enum {
    STATUS_FINISHED = 0,
    STATUS_EXCEPTION = 1,
    STATUS_NOT_LOADED = 2,
    STATUS_FAULT = 3,
};

/* A fault of the machine: tells which, and ends the run. */
_Noreturn void report_fault(const char *what, uint32_t cause, uint32_t address);

#endif

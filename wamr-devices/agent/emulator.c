/*
 * Where the emulator differs from the system it stands for.
 *
 * qemu-user 7.2 refuses to change the protection of nothing, which mprotect(2) allows; the runtime
 * does so for a memory of no pages. The linker leads calls here (--wrap).
 */
#include <stddef.h>

extern int
__real_mprotect(void *start, size_t length, int protection);

int
__wrap_mprotect(void *start, size_t length, int protection)
{
    return length == 0 ? 0 : __real_mprotect(start, length, protection);
}

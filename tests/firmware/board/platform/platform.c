/* WAMR's platform layer for a machine with one thread and no operating system. */
#include "platform_api_extension.h"
#include "platform_api_vmcore.h"

#include "../semihosting.h"

/* Where the linker script ends the stack. */
extern uint8_t stack_limit[];

int
bh_platform_init(void)
{
    return 0;
}

void
bh_platform_destroy(void)
{}

void *
os_malloc(unsigned size)
{
    return malloc(size);
}

void *
os_realloc(void *memory, unsigned size)
{
    return realloc(memory, size);
}

void
os_free(void *memory)
{
    free(memory);
}

int
os_vprintf(const char *format, va_list arguments)
{
    char text[256];
    int length = vsnprintf(text, sizeof(text), format, arguments);
    semihosting_print(text);
    return length;
}

int
os_printf(const char *format, ...)
{
    va_list arguments;
    int length;
    va_start(arguments, format);
    length = os_vprintf(format, arguments);
    va_end(arguments);
    return length;
}

uint64
os_time_get_boot_us(void)
{
    return 0;
}

uint64
os_time_thread_cputime_us(void)
{
    return 0;
}

korp_tid
os_self_thread(void)
{
    return 1;
}

uint8 *
os_thread_get_stack_boundary(void)
{
    return stack_limit;
}

void
os_thread_jit_write_protect_np(bool enabled)
{
    (void)enabled;
}

int
os_mutex_init(korp_mutex *mutex)
{
    *mutex = 0;
    return 0;
}

int
os_mutex_destroy(korp_mutex *mutex)
{
    (void)mutex;
    return 0;
}

int
os_mutex_lock(korp_mutex *mutex)
{
    (void)mutex;
    return 0;
}

int
os_mutex_unlock(korp_mutex *mutex)
{
    (void)mutex;
    return 0;
}

/* All memory can be executed unless the protection unit says otherwise; it protects flash alone. */
void *
os_mmap(void *hint, size_t size, int protection, int flags, os_file_handle file)
{
    (void)hint;
    (void)protection;
    (void)flags;
    (void)file;
    return calloc(1, size);
}

void
os_munmap(void *memory, size_t size)
{
    (void)size;
    free(memory);
}

int
os_mprotect(void *memory, size_t size, int protection)
{
    (void)memory;
    (void)size;
    (void)protection;
    return 0;
}

void *
os_mremap(void *old, size_t old_size, size_t new_size)
{
    return os_mremap_slow(old, old_size, new_size);
}

/* The caches of the emulated machines keep themselves coherent. */
void
os_dcache_flush(void)
{}

void
os_icache_flush(void *start, size_t size)
{
    (void)start;
    (void)size;
}

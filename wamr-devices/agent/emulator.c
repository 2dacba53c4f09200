/*
 * Where the emulator differs from the system it stands for. The linker leads calls here (--wrap).
 *
 * qemu-user 7.2 refuses to change the protection of nothing, which mprotect(2) allows; the runtime
 * does so for a memory of no pages.
 *
 * It also keeps a note on every page of the addresses in use, so that the 8 GiB which the runtime
 * reserves around a memory with guard pages take up to a second. Such reservations are kept when they
 * are given back, and found empty by whoever reserves next, as fresh ones are.
 */
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#include "platform_api_vmcore.h"

/* WAMR's reservation, `map_size` in wasm_memory.c. */
#define RESERVATION_SIZE (8 * 1024 * (uint64_t)1024 * 1024)
#define RESERVATIONS_MAX 256

struct reservation {
    char *start;
    /* Nothing behind this offset has ever been accessible. */
    size_t used;
    bool free;
};

static struct reservation reservations[RESERVATIONS_MAX];
static size_t reservation_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

extern int
__real_mprotect(void *start, size_t length, int protection);
extern void *
__real_os_mmap(void *hint, size_t size, int prot, int flags, os_file_handle file);
extern void
__real_os_munmap(void *addr, size_t size);

static struct reservation *
find(const char *address)
{
    for (size_t i = 0; i < reservation_count; i++) {
        struct reservation *reservation = &reservations[i];
        if (address >= reservation->start
            && (uint64_t)(address - reservation->start) < RESERVATION_SIZE)
            return reservation;
    }
    return NULL;
}

static void *
take(void)
{
    for (size_t i = 0; i < reservation_count; i++) {
        if (reservations[i].free) {
            reservations[i].free = false;
            return reservations[i].start;
        }
    }
    return NULL;
}

/* Makes a reservation like a fresh one. */
static bool
clear(struct reservation *reservation)
{
    if (reservation->used > 0
        && mmap(reservation->start, reservation->used, PROT_NONE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0)
               == MAP_FAILED)
        return false;
    reservation->used = 0;
    return true;
}

int
__wrap_mprotect(void *start, size_t length, int protection)
{
    struct reservation *reservation;

    if (length == 0)
        return 0;
    pthread_mutex_lock(&lock);
    reservation = find(start);
    if (reservation) {
        size_t end = (size_t)((char *)start - reservation->start) + length;
        if (end > reservation->used)
            reservation->used = end;
    }
    pthread_mutex_unlock(&lock);
    return __real_mprotect(start, length, protection);
}

void *
__wrap_os_mmap(void *hint, size_t size, int prot, int flags, os_file_handle file)
{
    void *start;

    if (size != RESERVATION_SIZE || prot != MMAP_PROT_NONE || hint)
        return __real_os_mmap(hint, size, prot, flags, file);
    pthread_mutex_lock(&lock);
    start = take();
    if (!start) {
        start = __real_os_mmap(hint, size, prot, flags, file);
        if (start && reservation_count < RESERVATIONS_MAX)
            reservations[reservation_count++] =
                (struct reservation){ .start = start };
    }
    pthread_mutex_unlock(&lock);
    return start;
}

void
__wrap_os_munmap(void *addr, size_t size)
{
    struct reservation *reservation;

    pthread_mutex_lock(&lock);
    reservation = size == RESERVATION_SIZE ? find(addr) : NULL;
    /* One that cannot be cleared is neither used again nor given back. */
    if (reservation)
        reservation->free = clear(reservation);
    pthread_mutex_unlock(&lock);
    if (!reservation)
        __real_os_munmap(addr, size);
}

/* What WAMR asks of a platform: types of threads and locks, where there is one thread and no lock. */
#ifndef FIRMWARE_PLATFORM_INTERNAL_H
#define FIRMWARE_PLATFORM_INTERNAL_H

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef BH_PLATFORM_FIRMWARE
#define BH_PLATFORM_FIRMWARE
#endif

#define BH_APPLET_PRESERVED_STACK_SIZE (2 * 1024)
#define BH_THREAD_DEFAULT_PRIORITY 0

typedef int korp_thread;
typedef int korp_tid;
typedef int korp_mutex;
typedef int korp_cond;
typedef int korp_rwlock;
typedef int korp_sem;

typedef int os_file_handle;
typedef int os_raw_file_handle;
typedef void *os_dir_stream;
typedef int os_poll_file_handle;
typedef unsigned os_nfds_t;
typedef int os_timespec;
typedef int bh_socket_t;

static inline os_file_handle
os_get_invalid_handle(void)
{
    return -1;
}

#define os_getpagesize() 4096

#endif

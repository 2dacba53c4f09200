/* Functions of the built-in C library with addresses, buffers and strings, called directly. */
#include "program.h"

#if defined(__wasm__)
#define IMPORT(name) __attribute__((import_module("env"), import_name(#name)))
IMPORT(strlen) u32 strlen(const char *string);
IMPORT(strcmp) i32 strcmp(const char *left, const char *right);
IMPORT(strncmp) i32 strncmp(const char *left, const char *right, u32 size);
IMPORT(memcmp) i32 memcmp(const void *left, const void *right, u32 size);
IMPORT(strstr) char *strstr(const char *string, const char *part);
IMPORT(atoi) i32 atoi(const char *string);
IMPORT(toupper) i32 toupper(i32 letter);
IMPORT(spoil_invoke) void spoil_invoke(void);
#else
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
static void
spoil_invoke(void)
{
}
#endif

static const char *const texts[] = { "", "4711", "-12 and more", "a longer text, of which a part",
                                     "a longer text, of which another part" };
#define COUNT (sizeof(texts) / sizeof(texts[0]))

static u64 state;

static void
mix(i32 value)
{
    state = state * 31 + (u64)(i64)value;
}

static i32
sign(i32 value)
{
    return (value > 0) - (value < 0);
}

static void
call_all(void)
{
    u32 i, j;
    for (i = 0; i < COUNT; i++) {
        mix((i32)strlen(texts[i]));
        mix(atoi(texts[i]));
        mix(toupper(texts[i][0]));
        for (j = 0; j < COUNT; j++) {
            const char *part = strstr(texts[i], texts[j]);
            mix(sign(strcmp(texts[i], texts[j])));
            mix(sign(strncmp(texts[i], texts[j], 4)));
            mix(memcmp(texts[i], texts[j], 1) != 0);
            mix(part ? (i32)(part - texts[i]) : -1);
        }
    }
    print(state);
}

RUN
{
    call_all();
    spoil_invoke();
    call_all();
}

/*
 * What the programs here share. Each runs the same on a board, as a module without a library, and on
 * this machine, as the reference.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int i32;
typedef long long i64;

#if defined(__wasm__)
__attribute__((import_module("env"), import_name("print"))) void print(u64 number);
#define RUN __attribute__((export_name("run"))) void run(void)
#else
#include <stdio.h>
static void
print(u64 number)
{
    printf("%016llx\n", number);
}
static void
run(void);
int
main(void)
{
    run();
    return 0;
}
#define RUN static void run(void)
#endif

/* Numbers without a pattern, the same on every machine. */
static u64 random_state = 88172645463325252ull;
__attribute__((unused)) static u64
next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

__attribute__((unused)) static u64
bits_of_double(double value)
{
    u64 bits;
    __builtin_memcpy(&bits, &value, sizeof(bits));
    return bits;
}

__attribute__((unused)) static u32
bits_of_float(float value)
{
    u32 bits;
    __builtin_memcpy(&bits, &value, sizeof(bits));
    return bits;
}

#endif

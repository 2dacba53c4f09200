/* 32- and 64-bit arithmetic, shifts, divisions, bit counts, sorting, indirect calls. */
#include "program.h"

static u32 numbers[256];

static void
sort(u32 *from, i32 low, i32 high)
{
    i32 i = low, j = high;
    u32 pivot = from[low + (high - low) / 2];
    while (i <= j) {
        while (from[i] < pivot)
            i++;
        while (from[j] > pivot)
            j--;
        if (i <= j) {
            u32 swap = from[i];
            from[i++] = from[j];
            from[j--] = swap;
        }
    }
    if (low < j)
        sort(from, low, j);
    if (i < high)
        sort(from, i, high);
}

static u64 add(u64 a, u64 b) { return a + b; }
static u64 multiply(u64 a, u64 b) { return a * b; }
static u64 divide(u64 a, u64 b) { return b ? a / b : ~0ull; }
static u64 divide_signed(u64 a, u64 b)
{
    return b ? (u64)((i64)(a >> 1) / (i64)(b | 1)) : 0;
}
static u64 remainder_of(u64 a, u64 b) { return b ? a % b : a; }
static u64 shift(u64 a, u64 b) { return (a << (b & 63)) ^ (a >> (b >> 58)); }
static u64 shift_signed(u64 a, u64 b) { return (u64)((i64)a >> (b & 63)); }
static u64 rotate(u64 a, u64 b) { return (a << (b & 63)) | (a >> (-b & 63)); }
static u64 count(u64 a, u64 b)
{
    return (u64)__builtin_popcountll(a) * 4096 + (u64)__builtin_clzll(a | 1) * 64
           + (u64)__builtin_ctz((u32)b | 0x80000000u);
}

static u64 (*const operations[])(u64, u64) = {
    add, multiply, divide, divide_signed, remainder_of, shift, shift_signed, rotate, count,
};

RUN
{
    u64 sum = 0;
    for (u32 i = 0; i < 256; i++)
        numbers[i] = (u32)next_random();
    sort(numbers, 0, 255);
    for (u32 i = 0; i < 256; i += 37)
        print(numbers[i]);
    for (u32 i = 0; i < 9; i++) {
        u64 value = next_random();
        for (u32 j = 0; j < 100; j++)
            value ^= operations[i](value, next_random() >> (j & 31));
        print(value);
        sum += value;
    }
    for (u32 i = 1; i < 200; i++) {
        u32 a = (u32)next_random(), b = (u32)next_random() >> (i & 15) | 1;
        sum += a / b + a % b + (u32)((i32)a / (i32)(b >> 1 | 1)) + (a << (b & 31));
    }
    print(sum);
}

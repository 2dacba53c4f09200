/* Bytes of a text sorted into classes sixteen at a time, by look-ups in vectors and masks of bits, as
 * fast readers of JSON and CSV do it; natively a byte at a time. */
#include <stdint.h>
#include <stdio.h>
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

enum { SIZE = 1 << 16, ROUNDS = 1500 };

static uint8_t text[SIZE];
static const uint8_t low[16] = { 16, 0, 1, 0, 0, 0, 0, 0, 0, 8, 12, 1, 2, 1, 0, 0 };
static const uint8_t high[16] = { 8, 0, 17, 4, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 };

/* A bit for each byte of a structure: brackets, commas, colons, quotes. */
static uint32_t classify(const uint8_t *at, uint32_t *upper)
{
    uint32_t mask = 0;
    *upper = 0;
#ifdef __wasm_simd128__
    v128_t bytes = wasm_v128_load(at), nibble = wasm_i8x16_const_splat(15);
    v128_t class = wasm_v128_and(
        wasm_i8x16_swizzle(wasm_v128_load(low), wasm_v128_and(bytes, nibble)),
        wasm_i8x16_swizzle(wasm_v128_load(high), wasm_u8x16_shr(bytes, 4)));
    mask = wasm_i8x16_bitmask(wasm_i8x16_ne(class, wasm_i8x16_const_splat(0)));
    v128_t capital = wasm_u8x16_lt(wasm_i8x16_sub(bytes, wasm_i8x16_const_splat('A')),
                                   wasm_i8x16_const_splat(26));
    *upper = wasm_i8x16_bitmask(capital);
#else
    for (int i = 0; i < 16; i++) {
        mask |= (uint32_t)((low[at[i] & 15] & high[at[i] >> 4]) != 0) << i;
        *upper |= (uint32_t)((uint8_t)(at[i] - 'A') < 26) << i;
    }
#endif
    return mask;
}

int main(void)
{
    uint32_t seed = 1, count = 0, sum = 0;
    for (int i = 0; i < SIZE; i++) {
        seed = seed * 1664525 + 1013904223;
        text[i] = (uint8_t)"{\"name\": [1, 2.5, true, \"Some Text, or other\"], \"Id\": 73}\n "[(seed >> 16) % 60];
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SIZE; i += 16) {
            uint32_t upper, mask = classify(text + i, &upper);
            count += (uint32_t)__builtin_popcount(upper);
            for (; mask; mask &= mask - 1)
                sum = sum * 31 + (uint32_t)(i + __builtin_ctz(mask));
        }
        text[round] ^= 2;
    }
    printf("%u %u\n", (unsigned)count, (unsigned)sum);
    return 0;
}

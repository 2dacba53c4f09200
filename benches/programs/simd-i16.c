/* Sums of products of 16-bit samples, and mixing of sounds with saturation, by the instructions for
 * them; natively the same in plain C. */
#include <stdint.h>
#include <stdio.h>
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

enum { SIZE = 1 << 14, TAPS = 32, ROUNDS = 1200 };

static int16_t sound[SIZE + TAPS], filtered[SIZE];

static int32_t clamp(int32_t x, int32_t low, int32_t high)
{
    return x < low ? low : x > high ? high : x;
}

static int32_t dot(const int16_t *x, const int16_t *y)
{
#ifdef __wasm_simd128__
    v128_t sum = wasm_i32x4_const_splat(0);
    for (int i = 0; i < TAPS; i += 8)
        sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(wasm_v128_load(x + i), wasm_v128_load(y + i)));
    return wasm_i32x4_extract_lane(sum, 0) + wasm_i32x4_extract_lane(sum, 1) +
           wasm_i32x4_extract_lane(sum, 2) + wasm_i32x4_extract_lane(sum, 3);
#else
    int32_t sum = 0;
    for (int i = 0; i < TAPS; i++)
        sum += x[i] * y[i];
    return sum;
#endif
}

static void mix(int16_t *to, const int16_t *from)
{
#ifdef __wasm_simd128__
    v128_t volume = wasm_i16x8_const_splat(0x4000);
    for (int i = 0; i < SIZE; i += 8) {
        v128_t scaled = wasm_i16x8_q15mulr_sat(wasm_v128_load(from + i), volume);
        wasm_v128_store(to + i, wasm_i16x8_add_sat(wasm_v128_load(to + i), scaled));
    }
#else
    for (int i = 0; i < SIZE; i++) {
        int32_t scaled = clamp((from[i] * 0x4000 + 0x4000) >> 15, INT16_MIN, INT16_MAX);
        to[i] = (int16_t)clamp(to[i] + scaled, INT16_MIN, INT16_MAX);
    }
#endif
}

int main(void)
{
    int16_t taps[TAPS];
    uint32_t seed = 1, sum = 0;
    for (int i = 0; i < TAPS; i++)
        taps[i] = (int16_t)((i < TAPS / 2 ? i : TAPS - i) * 64 - 300);
    for (int i = 0; i < SIZE + TAPS; i++)
        sound[i] = (int16_t)((seed = seed * 1664525 + 1013904223) >> 17);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SIZE; i++)
            filtered[i] = (int16_t)clamp(dot(sound + i, taps) >> 14, INT16_MIN, INT16_MAX);
        for (int i = 0; i < 40; i++)
            mix(i & 1 ? sound : filtered, i & 1 ? filtered : sound);
        sound[round % SIZE] ^= 0x55;
    }
    for (int i = 0; i < SIZE; i++)
        sum = sum * 31 + (uint16_t)sound[i];
    printf("%u\n", (unsigned)sum);
    return 0;
}

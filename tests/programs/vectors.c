/* Explicit 128-bit vectors through the compiler's vector types, so that the same source runs
 * natively: lane arithmetic at every width, comparisons, selects, shuffles, conversions, and the
 * loops that use them. Built with -msimd128 for wasm. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef int8_t i8x16 __attribute__((vector_size(16)));
typedef uint8_t u8x16 __attribute__((vector_size(16)));
typedef int16_t i16x8 __attribute__((vector_size(16)));
typedef int32_t i32x4 __attribute__((vector_size(16)));
typedef uint32_t u32x4 __attribute__((vector_size(16)));
typedef int64_t i64x2 __attribute__((vector_size(16)));
typedef float f32x4 __attribute__((vector_size(16)));
typedef double f64x2 __attribute__((vector_size(16)));

enum { N = 4096 };

static uint32_t seed = 3;

static uint32_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

static void print_bytes(const char *name, const void *vector)
{
    uint8_t bytes[16];
    memcpy(bytes, vector, sizeof bytes);
    printf("%-10s", name);
    for (int i = 0; i < 16; i++)
        printf("%02x", bytes[i]);
    putchar('\n');
}

/* The operators that every integer width shares. */
#define INTEGER_LANES(TYPE)                                                                         \
    static void lanes_##TYPE(void)                                                                  \
    {                                                                                               \
        TYPE a, b, r = { 0 };                                                                       \
        for (int round = 0; round < 200; round++) {                                                 \
            uint32_t words[8];                                                                      \
            for (int i = 0; i < 8; i++)                                                             \
                words[i] = next_random();                                                           \
            memcpy(&a, words, 16);                                                                  \
            memcpy(&b, words + 4, 16);                                                              \
            r ^= a + b;                                                                             \
            r += a * b;                                                                             \
            r ^= a - (b & ~a);                                                                      \
            r += (a << (int)(words[0] & 7)) | (b >> 3);                                             \
            r -= (TYPE)(a > b) & (a ^ b);                                                           \
            r ^= (TYPE)(a == b) + (TYPE)(a <= r);                                                   \
            r += -a;                                                                                \
        }                                                                                           \
        print_bytes(#TYPE, &r);                                                                     \
    }

INTEGER_LANES(i8x16)
INTEGER_LANES(u8x16)
INTEGER_LANES(i16x8)
INTEGER_LANES(i32x4)
INTEGER_LANES(u32x4)
INTEGER_LANES(i64x2)

static void shuffles(void)
{
    u8x16 bytes;
    for (int i = 0; i < 16; i++)
        bytes[i] = (uint8_t)(i * 17 + 3);
    u8x16 other = bytes * 5 + 1;
    u8x16 reversed = __builtin_shufflevector(bytes, bytes, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    u8x16 woven = __builtin_shufflevector(bytes, other, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    u8x16 odd = __builtin_shufflevector(bytes, other, 31, 1, 29, 3, 27, 5, 25, 7, 23, 9, 21, 11, 19, 13, 17, 15);
    print_bytes("reversed", &reversed);
    print_bytes("woven", &woven);
    print_bytes("odd", &odd);
    i32x4 wide = __builtin_convertvector(__builtin_shufflevector((i8x16)bytes, (i8x16)bytes, 0, 5, 10, 15), i32x4);
    print_bytes("widened", &wide);
    i32x4 words = { -1, 2, INT32_MIN, 4 };
    i16x8 halves = (i16x8)__builtin_shufflevector(words, words, 3, 3, 0, 2);
    print_bytes("halves", &halves);
}

static void reals(void)
{
    static float x[N], y[N];
    static double z[N];
    for (int i = 0; i < N; i++) {
        x[i] = (float)(int32_t)next_random() / 65536.0f;
        y[i] = (float)(next_random() % 1000 + 1) / 8.0f;
        z[i] = 0;
    }
    f32x4 sum = { 0 }, largest = { 0 };
    for (int i = 0; i < N; i += 4) {
        f32x4 a, b;
        memcpy(&a, x + i, sizeof a);
        memcpy(&b, y + i, sizeof b);
        f32x4 c = a / b - b * 0.25f;
        i32x4 above = c > largest;
        largest = (f32x4)((above & (i32x4)c) | (~above & (i32x4)largest));
        sum += c;
        i32x4 whole = __builtin_convertvector(c, i32x4);
        f64x2 low = __builtin_convertvector(__builtin_shufflevector(c, c, 0, 1), f64x2);
        f64x2 high = __builtin_convertvector(__builtin_shufflevector(whole, whole, 2, 3), f64x2);
        low = low * low + high;
        memcpy(z + i, &low, sizeof low);
        memcpy(z + i + 2, &high, sizeof high);
    }
    f64x2 total = { 0, 0 };
    for (int i = 0; i < N; i += 2) {
        f64x2 d;
        memcpy(&d, z + i, sizeof d);
        total += d;
    }
    print_bytes("sum", &sum);
    print_bytes("largest", &largest);
    print_bytes("total", &total);
}

/* Plain loops that the C compiler makes vectors of by itself. */
static void loops(void)
{
    static uint8_t a[N], b[N];
    static int16_t c[N];
    static int32_t d[N];
    for (int i = 0; i < N; i++) {
        a[i] = (uint8_t)next_random();
        b[i] = (uint8_t)next_random();
    }
    int32_t distance = 0, dot = 0;
    uint8_t most = 0;
    for (int i = 0; i < N; i++) {
        int difference = a[i] - b[i];
        distance += difference < 0 ? -difference : difference;
        dot += a[i] * (int8_t)b[i];
        most = a[i] > most ? a[i] : most;
        unsigned total = (unsigned)a[i] + b[i];
        a[i] = (uint8_t)(total > 255 ? 255 : total);
        c[i] = (int16_t)(difference * 129);
        d[i] = c[i] >> (i & 7);
    }
    int64_t sum = 0;
    for (int i = 0; i < N; i++)
        sum += (int64_t)d[i] * a[i];
    printf("loops %d %d %d %lld\n", distance, dot, most, (long long)sum);
}

int main(void)
{
    lanes_i8x16();
    lanes_u8x16();
    lanes_i16x8();
    lanes_i32x4();
    lanes_u32x4();
    lanes_i64x2();
    shuffles();
    reals();
    loops();
    return 0;
}

/* Single precision: arithmetic, square roots, rounding, comparisons, conversions. */
#include "program.h"

static float
random_float(void)
{
    return (float)(i32)(u32)next_random() / 65536.0f;
}

RUN
{
    u32 comparisons = 0;
    float sum = 0, product = 1;
    for (i32 i = 0; i < 200; i++) {
        float a = random_float(), b = random_float();
        sum += a * b - a / (b + 0.25f);
        product = product * (1.0f + a / 1e7f);
        comparisons = comparisons * 31 + (a < b) + 2 * (a <= b) + 4 * (a == a) + 8 * (a > 0.0f);
    }
    print(bits_of_float(sum));
    print(bits_of_float(product));
    print(comparisons);
    u64 mixed = 0;
    for (i32 i = 0; i < 200; i++) {
        float a = random_float();
        float root = __builtin_sqrtf(__builtin_fabsf(a));
        mixed = mixed * 1099511628211ull + bits_of_float(root);
        mixed = mixed * 1099511628211ull + bits_of_float(__builtin_floorf(a) + __builtin_ceilf(root) + __builtin_truncf(a * 3));
        mixed = mixed * 1099511628211ull + (u64)(i64)(a * 1e9f) + (u32)(i32)a + (u64)root;
        mixed = mixed * 1099511628211ull + bits_of_float((float)(i64)next_random()) + bits_of_float((float)next_random());
        mixed = mixed * 1099511628211ull + bits_of_float((float)(u32)next_random());
    }
    print(mixed);
    /* The logistic map, chaotic: any bit wrong shows at the end. */
    float x = 0.3f;
    for (i32 i = 0; i < 1000; i++)
        x = 3.9f * x * (1.0f - x);
    print(bits_of_float(x));
}

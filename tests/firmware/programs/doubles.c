/* Double precision: arithmetic, square roots, rounding, comparisons, conversions, promotions. */
#include "program.h"

static double
random_double(void)
{
    return (double)(i64)next_random() / 4294967296.0;
}

RUN
{
    u32 comparisons = 0;
    double sum = 0, product = 1;
    for (i32 i = 0; i < 200; i++) {
        double a = random_double(), b = random_double();
        sum += a * b - a / (b + 0.25);
        product = product * (1.0 + a / 1e13);
        comparisons = comparisons * 31 + (a < b) + 2 * (a <= b) + 4 * (a == a) + 8 * (a > 0.0);
    }
    print(bits_of_double(sum));
    print(bits_of_double(product));
    print(comparisons);
    u64 mixed = 0;
    for (i32 i = 0; i < 200; i++) {
        double a = random_double();
        double root = __builtin_sqrt(__builtin_fabs(a));
        mixed = mixed * 1099511628211ull + bits_of_double(root);
        mixed = mixed * 1099511628211ull + bits_of_double(__builtin_floor(a) + __builtin_ceil(root) + __builtin_trunc(a * 3));
        mixed = mixed * 1099511628211ull + (u64)(i64)(a * 1e6) + (u32)(i32)(a / 2) + (u64)root;
        mixed = mixed * 1099511628211ull + bits_of_double((double)(i64)next_random()) + bits_of_double((double)next_random());
        mixed = mixed * 1099511628211ull + bits_of_double((float)a) + bits_of_double((double)(i32)(u32)next_random());
    }
    print(mixed);
    double x = 0.3;
    for (i32 i = 0; i < 1000; i++)
        x = 3.9 * x * (1.0 - x);
    print(bits_of_double(x));
    /* pi by Machin's formula, each arc tangent as a series. */
    double pi = 0;
    for (i32 term = 20; term >= 0; term--) {
        double power5 = 1.0 / 5, power239 = 1.0 / 239;
        for (i32 i = 0; i < term; i++) {
            power5 /= 25;
            power239 /= 57121;
        }
        double part = (16 * power5 - 4 * power239) / (2 * term + 1);
        pi += term & 1 ? -part : part;
    }
    print(bits_of_double(pi));
}

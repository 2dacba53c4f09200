/* Calls through tables of function pointers: many signatures, callbacks, a table changed while it
 * is used, an object system with virtual methods, and comparison of function pointers. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef int32_t (*int_op)(int32_t, int32_t);
typedef int64_t (*long_op)(int64_t, int64_t);
typedef double (*real_op)(double);
typedef float (*mixed_op)(int32_t, int64_t, float, double);

static int32_t add(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); }
static int32_t sub(int32_t a, int32_t b) { return (int32_t)((uint32_t)a - (uint32_t)b); }
static int32_t mul(int32_t a, int32_t b) { return (int32_t)((uint32_t)a * (uint32_t)b); }
static int32_t quo(int32_t a, int32_t b) { return b == 0 || (a == INT32_MIN && b == -1) ? 0 : a / b; }
static int32_t rem_(int32_t a, int32_t b) { return b == 0 || b == -1 ? 0 : a % b; }
static int32_t mix(int32_t a, int32_t b) { return a ^ (int32_t)((uint32_t)b << 5 | (uint32_t)b >> 27); }

static int64_t wide_mul(int64_t a, int64_t b) { return (int64_t)((uint64_t)a * (uint64_t)b); }
static int64_t wide_max(int64_t a, int64_t b) { return a > b ? a : b; }

static double half(double x) { return x / 2; }
static double square(double x) { return x * x; }
static float blend(int32_t a, int64_t b, float c, double d) { return (float)a + (float)b * c + (float)d; }
static float other_blend(int32_t a, int64_t b, float c, double d) { return (float)(d - (double)b) * c / (float)(a + 1); }

static int_op int_ops[] = { add, sub, mul, quo, rem_, mix };
static const long_op long_ops[] = { wide_mul, wide_max };
static const real_op real_ops[] = { half, square, sqrt, fabs, floor, ceil, trunc };
static const mixed_op mixed_ops[] = { blend, other_blend };

/* Objects with methods. */
struct shape;
struct methods {
    const char *name;
    double (*area)(const struct shape *);
    void (*scale)(struct shape *, double);
    struct shape *(*clone)(const struct shape *);
};
struct shape {
    const struct methods *methods;
    double a, b;
};

static struct shape *copy(const struct shape *s)
{
    struct shape *c = malloc(sizeof *c);
    if (!c)
        abort();
    *c = *s;
    return c;
}
static double rectangle_area(const struct shape *s) { return s->a * s->b; }
static double ellipse_area(const struct shape *s) { return s->a * s->b * 3.141592653589793; }
static double triangle_area(const struct shape *s) { return s->a * s->b / 2; }
static void scale_both(struct shape *s, double f) { s->a *= f, s->b *= f; }
static void scale_one(struct shape *s, double f) { s->a *= f; }

static const struct methods rectangle = { "rectangle", rectangle_area, scale_both, copy };
static const struct methods ellipse = { "ellipse", ellipse_area, scale_both, copy };
static const struct methods triangle = { "triangle", triangle_area, scale_one, copy };

/* Mutual recursion through pointers, the next one chosen by data. */
typedef uint32_t (*step)(uint32_t, int);
static uint32_t even_step(uint32_t n, int depth);
static uint32_t odd_step(uint32_t n, int depth);
static step steps[2] = { even_step, odd_step };
static uint32_t even_step(uint32_t n, int depth)
{
    return depth == 0 || n <= 1 ? n + (uint32_t)depth : steps[n / 2 & 1](n / 2, depth - 1) + 1;
}
static uint32_t odd_step(uint32_t n, int depth)
{
    return depth == 0 || n <= 1 ? n + (uint32_t)depth : steps[(3 * n + 1) & 1](3 * n + 1, depth - 1) + 3;
}

int main(void)
{
    uint32_t seed = 2017;
    int32_t value = 1;
    for (int i = 0; i < 2000000; i++) {
        seed = seed * 1664525 + 1013904223;
        value = int_ops[(seed >> 24) % 6](value, (int32_t)seed);
        if (i % 100000 == 0) { /* rotate the table */
            int_op first = int_ops[0];
            for (int k = 0; k < 5; k++)
                int_ops[k] = int_ops[k + 1];
            int_ops[5] = first;
        }
    }
    printf("integers %d\n", value);
    int where = 0;
    while (int_ops[where] != mix)
        where++;
    printf("mix is at %d\n", where);

    int64_t wide = 3;
    for (int i = 0; i < 1000; i++)
        wide = long_ops[i % 7 == 0](wide, (int64_t)seed + i);
    printf("wide %lld\n", (long long)wide);

    double x = 1e6 + 0.7;
    for (int i = 0; i < 50; i++)
        x = real_ops[(i * 5 + 3) % 7](x) + 0.3;
    printf("reals %a\n", x);

    float f = 0.5f;
    for (int i = 0; i < 40; i++)
        f = mixed_ops[i & 1](i, (int64_t)i << 20, f / 1e6f, 1.0 / (i + 1));
    printf("mixed %a\n", (double)f);

    struct shape shapes[] = { { &rectangle, 3, 4 }, { &ellipse, 1, 2 }, { &triangle, 6, 5 } };
    struct shape *chain = copy(&shapes[0]);
    for (int i = 0; i < 30; i++) {
        const struct shape *model = &shapes[i * 7 % 3];
        struct shape *next = model->methods->clone(model);
        next->methods->scale(next, 1 + chain->methods->area(chain) / 1000);
        free(chain);
        chain = next;
        if (i % 7 == 0)
            printf("%s %.12g\n", chain->methods->name, chain->methods->area(chain));
    }
    free(chain);

    for (uint32_t n = 6; n < 60; n += 9)
        printf("%u ", (unsigned)steps[n & 1](n, 100));
    putchar('\n');
    return 0;
}

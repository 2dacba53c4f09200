/* Products of big integers by Karatsuba's method above the textbook's. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { WORDS = 1024, SMALL = 32, ROUNDS = 400 };

static uint32_t a[WORDS], b[WORDS], product[2 * WORDS], scratch[8 * WORDS];

static uint32_t add(uint32_t *to, const uint32_t *of, int n)
{
    uint64_t carry = 0;
    for (int i = 0; i < n; i++) {
        carry += (uint64_t)to[i] + of[i];
        to[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return (uint32_t)carry;
}

static uint32_t subtract(uint32_t *to, const uint32_t *of, int n)
{
    uint64_t borrow = 0;
    for (int i = 0; i < n; i++) {
        uint64_t difference = (uint64_t)to[i] - of[i] - borrow;
        to[i] = (uint32_t)difference;
        borrow = difference >> 63;
    }
    return (uint32_t)borrow;
}

static void carry_on(uint32_t *to, uint32_t carry)
{
    for (; carry; to++) {
        *to += carry;
        carry = *to < carry;
    }
}

/* |x - y|, and whether it is less than nothing. */
static int difference(uint32_t *out, const uint32_t *x, const uint32_t *y, int n)
{
    int i = n - 1;
    while (i > 0 && x[i] == y[i])
        i--;
    int less = x[i] < y[i];
    memcpy(out, less ? y : x, (size_t)n * 4);
    subtract(out, less ? x : y, n);
    return less;
}

static void multiply(uint32_t *out, const uint32_t *x, const uint32_t *y, int n, uint32_t *free)
{
    if (n <= SMALL) {
        memset(out, 0, (size_t)n * 8);
        for (int i = 0; i < n; i++) {
            uint64_t carry = 0;
            for (int j = 0; j < n; j++) {
                carry += (uint64_t)x[i] * y[j] + out[i + j];
                out[i + j] = (uint32_t)carry;
                carry >>= 32;
            }
            out[i + n] = (uint32_t)carry;
        }
        return;
    }
    int half = n / 2;
    uint32_t *dx = free, *dy = free + half, *middle = free + n, *sum = free + 2 * n;
    int negative = difference(dx, x + half, x, half) ^ difference(dy, y + half, y, half);
    multiply(out, x, y, half, sum);
    multiply(out + n, x + half, y + half, half, sum);
    multiply(middle, dx, dy, half, sum);
    memcpy(sum, out, (size_t)n * 4);
    uint32_t carry = add(sum, out + n, n);
    carry += negative ? add(sum, middle, n) : -subtract(sum, middle, n);
    carry_on(out + n + half, carry + add(out + half, sum, n));
}

int main(void)
{
    uint32_t seed = 4, sum = 0;
    for (int i = 0; i < WORDS; i++) {
        a[i] = seed = seed * 1664525 + 1013904223;
        b[i] = seed = seed * 1664525 + 1013904223;
    }
    for (int round = 0; round < ROUNDS; round++) {
        multiply(product, a, b, WORDS, scratch);
        memcpy(a, product + WORDS / 2, sizeof a);
        memcpy(b, product + WORDS, sizeof b);
    }
    for (int i = 0; i < 2 * WORDS; i++)
        sum = sum * 31 + product[i];
    printf("%u\n", (unsigned)sum);
    return 0;
}

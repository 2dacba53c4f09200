/* Arithmetic modulo 2^255 - 19, as elliptic curves need it: ten limbs, products of 64 bits. */
#include <stdint.h>
#include <stdio.h>

enum { LADDERS = 300 };

typedef struct {
    int64_t limb[10]; /* 26 and 25 bits in turns */
} field;

static field add(field a, field b)
{
    for (int i = 0; i < 10; i++)
        a.limb[i] += b.limb[i];
    return a;
}

static field subtract(field a, field b)
{
    for (int i = 0; i < 10; i++)
        a.limb[i] -= b.limb[i];
    return a;
}

static field carry(field a)
{
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < 10; i++) {
            int bits = i % 2 ? 25 : 26;
            int64_t over = a.limb[i] >> bits;
            a.limb[i] -= over * ((int64_t)1 << bits);
            a.limb[(i + 1) % 10] += i == 9 ? 19 * over : over;
        }
    return a;
}

static field multiply(field a, field b)
{
    field product = { 0 };
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < 10; j++) {
            int64_t term = a.limb[i] * b.limb[j] * (i % 2 && j % 2 ? 2 : 1);
            product.limb[(i + j) % 10] += i + j >= 10 ? 19 * term : term;
        }
    return carry(product);
}

static field scale(field a, int64_t factor)
{
    for (int i = 0; i < 10; i++)
        a.limb[i] *= factor;
    return carry(a);
}

static field invert(field a)
{
    /* To the power of 2^255 - 21: every bit of it is set but two. */
    field power = a;
    for (int bit = 253; bit >= 0; bit--) {
        power = multiply(power, power);
        if (bit != 2 && bit != 4)
            power = multiply(power, a);
    }
    return power;
}

/* The x coordinate of a multiple of a point of Curve25519. */
static field ladder(const uint8_t scalar[32], field point)
{
    field x[2] = { { { 1 } }, point }, z[2] = { { { 0 } }, { { 1 } } };
    for (int bit = 254; bit >= 0; bit--) {
        int one = scalar[bit / 8] >> bit % 8 & 1;
        field a = add(x[one], z[one]), b = subtract(x[one], z[one]);
        field c = add(x[!one], z[!one]), d = subtract(x[!one], z[!one]);
        field da = multiply(d, a), cb = multiply(c, b), aa = multiply(a, a), bb = multiply(b, b);
        field sum = add(da, cb), difference = subtract(da, cb), e = subtract(aa, bb);
        x[!one] = multiply(sum, sum);
        z[!one] = multiply(point, multiply(difference, difference));
        x[one] = multiply(aa, bb);
        z[one] = multiply(e, add(aa, scale(e, 121665)));
    }
    return multiply(x[0], invert(z[0]));
}

int main(void)
{
    field point = { { 9 } };
    uint8_t scalar[32];
    for (int i = 0; i < 32; i++)
        scalar[i] = (uint8_t)(i * 77 + 8);
    for (int i = 0; i < LADDERS; i++) {
        point = ladder(scalar, point);
        scalar[i % 31] ^= (uint8_t)point.limb[0];
    }
    for (int i = 0; i < 10; i++)
        printf("%lld ", (long long)point.limb[i]);
    putchar('\n');
    return 0;
}

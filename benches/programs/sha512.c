/* SHA-512, its constants taken from the roots of the first primes: rotations of 64 bits. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SIZE = 1 << 16, ROUNDS = 350 };

static uint64_t constants[80], state[8];
static uint8_t data[SIZE];

static uint64_t rotr(uint64_t x, int n)
{
    return x >> n | x << (64 - n);
}

/* The first 64 bits behind the point of a root of n, bit by bit: is (r / 2^64)^degree above n? */
static int above(const uint32_t root[3], int degree, uint32_t n)
{
    uint32_t power[9] = { 1 };
    for (int factor = 0; factor < degree; factor++) {
        uint32_t product[12] = { 0 };
        for (int i = 0; i < 9; i++) {
            uint64_t carry = 0;
            for (int j = 0; j < 3; j++) {
                carry += (uint64_t)power[i] * root[j] + product[i + j];
                product[i + j] = (uint32_t)carry;
                carry >>= 32;
            }
            for (int j = i + 3; carry && j < 12; j++) {
                carry += product[j];
                product[j] = (uint32_t)carry;
                carry >>= 32;
            }
        }
        memcpy(power, product, sizeof power);
    }
    return power[2 * degree] >= n; /* a root is never exact */
}

static uint64_t root_of(uint32_t n, int degree)
{
    uint32_t root[3] = { 0 };
    for (int bit = 68; bit >= 0; bit--) {
        root[bit / 32] |= (uint32_t)1 << bit % 32;
        if (above(root, degree, n))
            root[bit / 32] &= ~((uint32_t)1 << bit % 32);
    }
    return (uint64_t)root[1] << 32 | root[0];
}

static void make_constants(void)
{
    int found = 0;
    for (uint32_t n = 2; found < 80; n++) {
        int prime = 1;
        for (uint32_t d = 2; d * d <= n; d++)
            prime &= n % d != 0;
        if (!prime)
            continue;
        if (found < 8)
            state[found] = root_of(n, 2);
        constants[found++] = root_of(n, 3);
    }
}

static void add_block(const uint8_t *block)
{
    uint64_t w[80], s[8];
    for (int i = 0; i < 16; i++) {
        w[i] = 0;
        for (int k = 0; k < 8; k++)
            w[i] = w[i] << 8 | block[8 * i + k];
    }
    for (int i = 16; i < 80; i++)
        w[i] = w[i - 16] + w[i - 7] + (rotr(w[i - 15], 1) ^ rotr(w[i - 15], 8) ^ w[i - 15] >> 7) +
               (rotr(w[i - 2], 19) ^ rotr(w[i - 2], 61) ^ w[i - 2] >> 6);
    memcpy(s, state, sizeof s);
    for (int i = 0; i < 80; i++) {
        uint64_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
        uint64_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
        uint64_t t1 = s[7] + (rotr(s[4], 14) ^ rotr(s[4], 18) ^ rotr(s[4], 41)) + choice + constants[i] + w[i];
        uint64_t t2 = (rotr(s[0], 28) ^ rotr(s[0], 34) ^ rotr(s[0], 39)) + majority;
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        state[i] += s[i];
}

int main(void)
{
    make_constants();
    for (int i = 0; i < SIZE; i++)
        data[i] = (uint8_t)(i * 7 + (i >> 8));
    for (int round = 0; round < ROUNDS; round++)
        for (int at = 0; at < SIZE; at += 128)
            add_block(data + at);
    for (int i = 0; i < 8; i++)
        printf("%016llx", (unsigned long long)state[i]);
    putchar('\n');
    return 0;
}

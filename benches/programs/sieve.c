/* Primes by a sieve of bits in pieces, and tests of large numbers for being prime: remainders of
 * products of 64 bits. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { LIMIT = 40000000, PIECE = 1 << 17, ROOT = 6325, TESTS = 25000 };

static uint32_t bits[PIECE / 32], small[ROOT / 2], next[ROOT / 2];

static uint64_t power(uint64_t base, uint64_t exponent, uint64_t modulus)
{
    uint64_t result = 1;
    for (; exponent; exponent >>= 1, base = base * base % modulus)
        if (exponent & 1)
            result = result * base % modulus;
    return result;
}

static int probably_prime(uint32_t n)
{
    uint32_t odd = n - 1;
    int twos = __builtin_ctz(odd);
    odd >>= twos;
    for (uint32_t base = 2; base < 8; base += 1 + (base & 1)) {
        uint64_t x = power(base, odd, n);
        int passed = x == 1 || x == n - 1;
        for (int i = 1; i < twos && !passed; i++) {
            x = x * x % n;
            passed = x == n - 1;
        }
        if (!passed)
            return 0;
    }
    return 1;
}

int main(void)
{
    int count = 0;
    uint32_t primes = 0, last = 0, probable = 0;
    for (uint32_t n = 2; n < ROOT; n++) {
        int prime = 1;
        for (int i = 0; i < count && small[i] * small[i] <= n && prime; i++)
            prime = n % small[i] != 0;
        if (prime) {
            next[count] = n * n;
            small[count++] = n;
        }
    }
    for (uint32_t start = 0; start < LIMIT; start += PIECE) {
        memset(bits, 0xff, sizeof bits);
        if (start == 0)
            bits[0] = 0xfffffffc;
        for (int i = 0; i < count; i++) {
            uint32_t at = next[i];
            for (; at < start + PIECE; at += small[i])
                bits[(at - start) / 32] &= ~((uint32_t)1 << at % 32);
            next[i] = at;
        }
        for (uint32_t i = 0; i < PIECE / 32; i++)
            for (uint32_t left = bits[i]; left; left &= left - 1) {
                uint32_t n = start + i * 32 + (uint32_t)__builtin_ctz(left);
                if (n < LIMIT) {
                    primes++;
                    last = n;
                }
            }
    }
    for (uint32_t i = 0; i < TESTS; i++)
        probable += (uint32_t)probably_prime(4000000001 + 2 * i);
    printf("%u %u %u\n", (unsigned)primes, (unsigned)last, (unsigned)probable);
    return 0;
}

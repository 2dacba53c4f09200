/* Integer arithmetic at every width: division and remainder at the edges, shifts and rotations,
 * counting bits, sign extension, 64-bit and 128-bit products, modular powers, Montgomery steps. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

/* `volatile` keeps the compilers from folding the edges away. */
static volatile int32_t edges32[] = { 0, 1, -1, 2, -2, 7, -7, 255, -256, INT32_MAX, INT32_MIN, 0x55555555 };
static volatile int64_t edges64[] = { 0, 1, -1, 3, -3, 10, -10, INT64_MAX, INT64_MIN, 0x123456789abcdef, (int64_t)1 << 32, UINT32_MAX };

enum { N32 = sizeof edges32 / sizeof edges32[0], N64 = sizeof edges64 / sizeof edges64[0] };

static uint64_t fold(uint64_t hash, uint64_t value) { return (hash ^ value) * 1099511628211u; }

/* Not `%`, nor what a compiler turns into `%` again: Debian's __umodti3 for wasm wants a stack
 * protector that wasi-libc does not have. */
static uint64_t modulo(unsigned __int128 value, uint64_t modulus)
{
    volatile unsigned __int128 quotient = value / modulus;
    return (uint64_t)(value - quotient * modulus);
}

static void edges_32(void)
{
    for (int i = 0; i < N32; i++) {
        int32_t a = edges32[i];
        uint64_t hash = 14695981039346656037u;
        for (int j = 0; j < N32; j++) {
            int32_t b = edges32[j];
            uint32_t ua = (uint32_t)a, ub = (uint32_t)b;
            if (b != 0) {
                if (!(a == INT32_MIN && b == -1)) {
                    hash = fold(hash, (uint32_t)(a / b));
                    hash = fold(hash, (uint32_t)(a % b));
                }
                hash = fold(hash, ua / ub);
                hash = fold(hash, ua % ub);
            }
            hash = fold(hash, ua << (b & 31));
            hash = fold(hash, ua >> (b & 31));
            hash = fold(hash, (uint32_t)(a >> (b & 31)));
            hash = fold(hash, ua << (b & 31) | ua >> (-b & 31));
            hash = fold(hash, (uint64_t)((int64_t)a * b));
            hash = fold(hash, (uint64_t)ua * ub >> 32);
            hash = fold(hash, (uint32_t)(a < b) | (uint32_t)(ua < ub) << 1 | (uint32_t)(a == b) << 2);
        }
        printf("%08x %016" PRIx64 " clz %d ctz %d pop %d ext8 %d ext16 %d\n", (unsigned)a, hash, a ? __builtin_clz((unsigned)a) : 32,
               a ? __builtin_ctz((unsigned)a) : 32, __builtin_popcount((unsigned)a), (int8_t)a, (int16_t)a);
    }
}

static void edges_64(void)
{
    for (int i = 0; i < N64; i++) {
        int64_t a = edges64[i];
        uint64_t hash = 14695981039346656037u;
        for (int j = 0; j < N64; j++) {
            int64_t b = edges64[j];
            uint64_t ua = (uint64_t)a, ub = (uint64_t)b;
            if (b != 0) {
                if (!(a == INT64_MIN && b == -1)) {
                    hash = fold(hash, (uint64_t)(a / b));
                    hash = fold(hash, (uint64_t)(a % b));
                }
                hash = fold(hash, ua / ub);
                hash = fold(hash, ua % ub);
            }
            hash = fold(hash, ua << (b & 63));
            hash = fold(hash, ua >> (b & 63));
            hash = fold(hash, (uint64_t)(a >> (b & 63)));
            hash = fold(hash, ua << (b & 63) | ua >> (-b & 63));
            unsigned __int128 product = (unsigned __int128)ua * ub;
            hash = fold(hash, (uint64_t)(product >> 64));
            hash = fold(hash, (uint64_t)product);
            if (b != 0)
                hash = fold(hash, (uint64_t)(product / ub + 1));
            hash = fold(hash, (uint64_t)(a < b) | (uint64_t)(ua < ub) << 1 | (uint64_t)(a == b) << 2);
        }
        printf("%016" PRIx64 " %016" PRIx64 " clz %d ctz %d pop %d ext8 %d ext16 %d ext32 %d\n", (uint64_t)a, hash,
               a ? __builtin_clzll((uint64_t)a) : 64, a ? __builtin_ctzll((uint64_t)a) : 64,
               __builtin_popcountll((uint64_t)a), (int8_t)a, (int16_t)a, (int32_t)a);
    }
}

static uint64_t power_mod(uint64_t base, uint64_t exponent, uint64_t modulus)
{
    uint64_t result = 1;
    for (base %= modulus; exponent; exponent >>= 1) {
        if (exponent & 1)
            result = modulo((unsigned __int128)result * base, modulus);
        base = modulo((unsigned __int128)base * base, modulus);
    }
    return result;
}

static int is_prime(uint64_t n)
{
    static const uint64_t witnesses[] = { 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37 };
    for (int i = 0; i < 12; i++)
        if (n % witnesses[i] == 0)
            return n == witnesses[i];
    int twos = __builtin_ctzll(n - 1);
    for (int i = 0; i < 12; i++) {
        uint64_t x = power_mod(witnesses[i], (n - 1) >> twos, n);
        int passes = x == 1 || x == n - 1;
        for (int k = 1; k < twos && !passes; k++) {
            x = modulo((unsigned __int128)x * x, n);
            passes = x == n - 1;
        }
        if (!passes)
            return 0;
    }
    return 1;
}

static void generators(void)
{
    uint64_t xorshift = 88172645463325252u, sum = 0;
    uint64_t state = 42;
    uint32_t pcg = 0;
    for (int i = 0; i < 500000; i++) {
        xorshift ^= xorshift << 13;
        xorshift ^= xorshift >> 7;
        xorshift ^= xorshift << 17;
        uint64_t z = state += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        z ^= z >> 31;
        uint32_t turn = (uint32_t)(xorshift >> 59);
        uint32_t word = (uint32_t)((xorshift >> 18 ^ xorshift) >> 27);
        pcg += word >> turn | word << (-turn & 31);
        sum += (uint64_t)((unsigned __int128)z * xorshift >> 64) % 1000003;
    }
    printf("generators %016" PRIx64 " %016" PRIx64 " %08x %" PRIu64 "\n", xorshift, state, (unsigned)pcg, sum);
}

int main(void)
{
    edges_32();
    edges_64();
    generators();
    int primes = 0;
    for (uint64_t n = 1000000007; n < 1000000007 + 2000; n += 2)
        primes += is_prime(n);
    printf("%d primes, %d %d %d\n", primes, is_prime(18446744073709551557u), is_prime(18446744073709551556u + 3),
           is_prime((uint64_t)1000003 * 1000033));
    printf("%" PRIu64 "\n", power_mod(3, 0xffffffffffffffff, 18446744073709551557u));
    return 0;
}

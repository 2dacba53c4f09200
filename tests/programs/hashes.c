/* SHA-256, BLAKE2b and BLAKE2s, checked against their published test vectors and then run over a
 * longer stream. Rotations, 32-bit and 64-bit arithmetic, byte order. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint32_t rotr32(uint32_t x, int n) { return x >> n | x << (32 - n); }
static uint64_t rotr64(uint64_t x, int n) { return x >> n | x << (64 - n); }

/* ---- SHA-256 ---- */

struct sha256 {
    uint32_t state[8];
    uint64_t length;
    uint8_t block[64];
};

/* The constants are the first bits of the fractional parts of the roots of the first primes;
 * computing them keeps a table out of this file and exercises 64-bit arithmetic. */
static uint32_t round_constants[64], initial_state[8];

static uint32_t fraction_of_root(uint32_t n, int root)
{
    /* Looks for r, the root scaled by 2^32, by bisection with exact integer comparison. */
    uint64_t low = 0, high = (uint64_t)32 << 32;
    while (high - low > 1) {
        uint64_t mid = low + (high - low) / 2;
        unsigned __int128 power = (unsigned __int128)mid * mid;
        int above;
        if (root == 2) {
            above = power > (unsigned __int128)n << 64;
        } else {
            /* mid^3 needs more than 128 bits: compare mid^2 with n * 2^96 / mid instead. */
            unsigned __int128 limit = ((unsigned __int128)n << 96) / (mid ? mid : 1);
            above = power > limit;
        }
        if (above)
            high = mid;
        else
            low = mid;
    }
    return (uint32_t)low;
}

static void sha256_constants(void)
{
    int found = 0;
    for (uint32_t n = 2; found < 64; n++) {
        int prime = 1;
        for (uint32_t d = 2; d * d <= n; d++)
            prime &= n % d != 0;
        if (!prime)
            continue;
        if (found < 8)
            initial_state[found] = fraction_of_root(n, 2);
        round_constants[found++] = fraction_of_root(n, 3);
    }
}

static void sha256_block(uint32_t state[8], const uint8_t *block)
{
    uint32_t w[64];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t s0 = rotr32(w[i - 15], 7) ^ rotr32(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = rotr32(w[i - 2], 17) ^ rotr32(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    uint32_t v[8];
    memcpy(v, state, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t s1 = rotr32(v[4], 6) ^ rotr32(v[4], 11) ^ rotr32(v[4], 25);
        uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t t1 = v[7] + s1 + choice + round_constants[i] + w[i];
        uint32_t s0 = rotr32(v[0], 2) ^ rotr32(v[0], 13) ^ rotr32(v[0], 22);
        uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += t1;
        v[0] = t1 + s0 + majority;
    }
    for (int i = 0; i < 8; i++)
        state[i] += v[i];
}

static void sha256_update(struct sha256 *h, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        h->block[h->length++ % 64] = data[i];
        if (h->length % 64 == 0)
            sha256_block(h->state, h->block);
    }
}

static void sha256(const uint8_t *data, size_t size, uint8_t out[32])
{
    struct sha256 h = { .length = 0 };
    memcpy(h.state, initial_state, sizeof h.state);
    sha256_update(&h, data, size);
    uint64_t bits = h.length * 8;
    uint8_t end[8];
    for (int i = 0; i < 8; i++)
        end[i] = (uint8_t)(bits >> (56 - 8 * i));
    sha256_update(&h, (const uint8_t *)"\x80", 1);
    while (h.length % 64 != 56)
        sha256_update(&h, (const uint8_t *)"", 1);
    sha256_update(&h, end, sizeof end);
    for (int i = 0; i < 32; i++)
        out[i] = (uint8_t)(h.state[i / 4] >> (24 - i % 4 * 8));
}

/* ---- BLAKE2: the same construction over 32-bit words (s) and 64-bit words (b) ---- */

static const uint8_t sigma[10][16] = {
    { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
    { 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
    { 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 },
    { 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
    { 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 },
    { 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
    { 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 },
    { 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
    { 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 },
    { 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
};

#define BLAKE2(NAME, WORD, ROTR, ROUNDS, R1, R2, R3, R4, IV)                                       \
    static void NAME##_mix(WORD v[16], int a, int b, int c, int d, WORD x, WORD y)                 \
    {                                                                                              \
        v[a] += v[b] + x;                                                                          \
        v[d] = ROTR(v[d] ^ v[a], R1);                                                              \
        v[c] += v[d];                                                                              \
        v[b] = ROTR(v[b] ^ v[c], R2);                                                              \
        v[a] += v[b] + y;                                                                          \
        v[d] = ROTR(v[d] ^ v[a], R3);                                                              \
        v[c] += v[d];                                                                              \
        v[b] = ROTR(v[b] ^ v[c], R4);                                                              \
    }                                                                                              \
    static void NAME##_block(WORD h[8], const uint8_t *block, uint64_t count, int last)            \
    {                                                                                              \
        WORD v[16], m[16];                                                                         \
        memcpy(v, h, 8 * sizeof v[0]);                                                             \
        memcpy(v + 8, IV, 8 * sizeof v[0]);                                                        \
        v[12] ^= (WORD)count;                                                                      \
        if (sizeof(WORD) == 4)                                                                     \
            v[13] ^= (WORD)(count >> 32);                                                          \
        if (last)                                                                                  \
            v[14] = ~v[14];                                                                        \
        for (size_t i = 0; i < 16; i++) {                                                          \
            m[i] = 0;                                                                              \
            for (size_t k = 0; k < sizeof m[0]; k++)                                               \
                m[i] |= (WORD)block[i * sizeof m[0] + k] << 8 * k;                                 \
        }                                                                                          \
        for (int round = 0; round < ROUNDS; round++) {                                             \
            const uint8_t *s = sigma[round % 10];                                                  \
            for (int i = 0; i < 4; i++)                                                            \
                NAME##_mix(v, i, i + 4, i + 8, i + 12, m[s[2 * i]], m[s[2 * i + 1]]);              \
            for (int i = 0; i < 4; i++)                                                            \
                NAME##_mix(v, i, (i + 1) % 4 + 4, (i + 2) % 4 + 8, (i + 3) % 4 + 12,               \
                           m[s[2 * i + 8]], m[s[2 * i + 9]]);                                      \
        }                                                                                          \
        for (int i = 0; i < 8; i++)                                                                \
            h[i] ^= v[i] ^ v[i + 8];                                                               \
    }                                                                                              \
    static void NAME(const uint8_t *data, size_t size, uint8_t *out)                               \
    {                                                                                              \
        enum { BLOCK = 16 * sizeof(WORD), OUT = 8 * sizeof(WORD) };                                \
        WORD h[8];                                                                                 \
        memcpy(h, IV, sizeof h);                                                                   \
        h[0] ^= 0x01010000 ^ OUT;                                                                  \
        uint64_t count = 0;                                                                        \
        while (size - count > BLOCK) {                                                             \
            NAME##_block(h, data + count, count + BLOCK, 0);                                       \
            count += BLOCK;                                                                        \
        }                                                                                          \
        uint8_t rest[BLOCK] = { 0 };                                                               \
        memcpy(rest, data + count, size - count);                                                  \
        NAME##_block(h, rest, size, 1);                                                            \
        for (size_t i = 0; i < OUT; i++)                                                           \
            out[i] = (uint8_t)(h[i / sizeof(WORD)] >> i % sizeof(WORD) * 8);                       \
    }

static const uint64_t iv64[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

BLAKE2(blake2s, uint32_t, rotr32, 10, 16, 12, 8, 7, initial_state)
BLAKE2(blake2b, uint64_t, rotr64, 12, 32, 24, 16, 63, iv64)

/* ---- */

static void print_hash(const char *name, const uint8_t *hash, size_t size, const char *expected)
{
    char text[129];
    for (size_t i = 0; i < size; i++)
        snprintf(text + 2 * i, 3, "%02x", hash[i]);
    printf("%s %s%s\n", name, text, !expected ? "" : strcmp(text, expected) ? " WRONG" : " as published");
}

int main(void)
{
    uint8_t hash[64];
    const uint8_t *abc = (const uint8_t *)"abc";
    sha256_constants();
    sha256(abc, 3, hash);
    print_hash("sha256", hash, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256(abc, 0, hash);
    print_hash("sha256", hash, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    blake2s(abc, 3, hash);
    print_hash("blake2s", hash, 32, "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982");
    blake2b(abc, 3, hash);
    print_hash("blake2b", hash, 64,
               "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
               "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");

    static uint8_t stream[400000];
    uint32_t seed = 12345;
    for (size_t i = 0; i < sizeof stream; i++) {
        seed = seed * 1664525 + 1013904223;
        stream[i] = (uint8_t)(seed >> 24);
    }
    for (size_t size = 0; size <= 300; size += 37) {
        sha256(stream, size, hash);
        print_hash("sha256", hash, 32, NULL);
        blake2s(stream, size, hash);
        print_hash("blake2s", hash, 32, NULL);
        blake2b(stream, size, hash);
        print_hash("blake2b", hash, 64, NULL);
    }
    sha256(stream, sizeof stream, hash);
    print_hash("sha256", hash, 32, NULL);
    blake2s(stream, sizeof stream, hash);
    print_hash("blake2s", hash, 32, NULL);
    blake2b(stream, sizeof stream, hash);
    print_hash("blake2b", hash, 64, NULL);
    return 0;
}

/* Authenticated encryption: the stream cipher ChaCha20 and the authenticator Poly1305 over it. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SIZE = 1 << 16, ROUNDS = 500 };

static uint8_t data[SIZE];

static uint32_t rotl(uint32_t x, int n)
{
    return x << n | x >> (32 - n);
}

#define QUARTER(a, b, c, d)                                                                        \
    (a += b, d = rotl(d ^ a, 16), c += d, b = rotl(b ^ c, 12), a += b, d = rotl(d ^ a, 8), c += d, \
     b = rotl(b ^ c, 7))

static void chacha_block(const uint32_t in[16], uint32_t out[16])
{
    uint32_t x[16];
    memcpy(x, in, sizeof x);
    for (int i = 0; i < 10; i++) {
        QUARTER(x[0], x[4], x[8], x[12]);
        QUARTER(x[1], x[5], x[9], x[13]);
        QUARTER(x[2], x[6], x[10], x[14]);
        QUARTER(x[3], x[7], x[11], x[15]);
        QUARTER(x[0], x[5], x[10], x[15]);
        QUARTER(x[1], x[6], x[11], x[12]);
        QUARTER(x[2], x[7], x[8], x[13]);
        QUARTER(x[3], x[4], x[9], x[14]);
    }
    for (int i = 0; i < 16; i++)
        out[i] = x[i] + in[i];
}

static void encrypt(uint32_t state[16])
{
    for (int at = 0; at < SIZE; at += 64) {
        uint32_t stream[16], words[16];
        chacha_block(state, stream);
        state[12]++;
        memcpy(words, data + at, 64);
        for (int i = 0; i < 16; i++)
            words[i] ^= stream[i];
        memcpy(data + at, words, 64);
    }
}

/* Five limbs of 26 bits modulo 2^130 - 5. */
static void authenticate(const uint32_t key[4], uint64_t h[5])
{
    enum { MASK = (1 << 26) - 1 };
    const uint64_t r[5] = { key[0] & 0x3ffffff, (key[0] >> 26 | key[1] << 6) & 0x3ffff03,
                            (key[1] >> 20 | key[2] << 12) & 0x3ffc0ff,
                            (key[2] >> 14 | key[3] << 18) & 0x3f03fff, key[3] >> 8 & 0x00fffff };
    for (int at = 0; at < SIZE; at += 16) {
        uint32_t w[4];
        uint64_t d[5];
        memcpy(w, data + at, 16);
        h[0] += w[0] & MASK;
        h[1] += (w[0] >> 26 | w[1] << 6) & MASK;
        h[2] += (w[1] >> 20 | w[2] << 12) & MASK;
        h[3] += (w[2] >> 14 | w[3] << 18) & MASK;
        h[4] += w[3] >> 8 | 1 << 24;
        d[0] = h[0] * r[0] + 5 * (h[1] * r[4] + h[2] * r[3] + h[3] * r[2] + h[4] * r[1]);
        d[1] = h[0] * r[1] + h[1] * r[0] + 5 * (h[2] * r[4] + h[3] * r[3] + h[4] * r[2]);
        d[2] = h[0] * r[2] + h[1] * r[1] + h[2] * r[0] + 5 * (h[3] * r[4] + h[4] * r[3]);
        d[3] = h[0] * r[3] + h[1] * r[2] + h[2] * r[1] + h[3] * r[0] + 5 * (h[4] * r[4]);
        d[4] = h[0] * r[4] + h[1] * r[3] + h[2] * r[2] + h[3] * r[1] + h[4] * r[0];
        for (int i = 0; i < 4; i++) {
            d[i + 1] += d[i] >> 26;
            h[i] = d[i] & MASK;
        }
        h[0] += 5 * (d[4] >> 26);
        h[4] = d[4] & MASK;
    }
}

int main(void)
{
    uint32_t state[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
    uint64_t h[5] = { 0 };
    for (int round = 0; round < ROUNDS; round++) {
        for (uint32_t i = 4; i < 16; i++)
            state[i] = i * 0x01030507 + (uint32_t)h[i % 5];
        encrypt(state);
        authenticate(state + 4, h);
    }
    for (int i = 0; i < 5; i++)
        printf("%07llx ", (unsigned long long)h[i]);
    printf("%d\n", data[SIZE - 1]);
    return 0;
}

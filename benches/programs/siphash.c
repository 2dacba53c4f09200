/* SipHash-2-4 of many short keys: additions and rotations of 64 bits, ends that are not aligned. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { KEYS = 4000000, LONGEST = 40 };

static uint64_t rotl(uint64_t x, int n)
{
    return x << n | x >> (64 - n);
}

static void mix(uint64_t v[4], int rounds)
{
    for (int i = 0; i < rounds; i++) {
        v[0] += v[1], v[1] = rotl(v[1], 13) ^ v[0], v[0] = rotl(v[0], 32);
        v[2] += v[3], v[3] = rotl(v[3], 16) ^ v[2];
        v[0] += v[3], v[3] = rotl(v[3], 21) ^ v[0];
        v[2] += v[1], v[1] = rotl(v[1], 17) ^ v[2], v[2] = rotl(v[2], 32);
    }
}

static uint64_t hash(const uint8_t *key, size_t size, uint64_t k0, uint64_t k1)
{
    uint64_t v[4] = { k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261,
                      k1 ^ 0x7465646279746573 };
    uint64_t last = (uint64_t)size << 56;
    for (; size >= 8; size -= 8, key += 8) {
        uint64_t word;
        memcpy(&word, key, 8);
        v[3] ^= word;
        mix(v, 2);
        v[0] ^= word;
    }
    for (size_t i = 0; i < size; i++)
        last |= (uint64_t)key[i] << 8 * i;
    v[3] ^= last;
    mix(v, 2);
    v[0] ^= last;
    v[2] ^= 255;
    mix(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

int main(void)
{
    uint8_t text[256 + LONGEST];
    uint64_t sum = 0;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * i + 3);
    for (uint32_t i = 0; i < KEYS; i++)
        sum = rotl(sum, 5) ^ hash(text + (i * 7 & 255), i % LONGEST, i, sum);
    printf("%016llx\n", (unsigned long long)sum);
    return 0;
}

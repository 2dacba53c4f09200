/* Decompression of an LZ77 stream: short copies of literals and matches, often overlapping. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { TOKENS = 40000, LIMIT = 1 << 20, ROUNDS = 130 };

static uint8_t stream[TOKENS * 20], out[LIMIT + 300];

/* A token: count of literals (4 bits), length of the match less 3 (4 bits), the literals, the
 * distance less 1 (2 bytes). */
static size_t make_stream(void)
{
    uint32_t seed = 3;
    size_t size = 0, position = 0;
    for (int i = 0; i < TOKENS && position < LIMIT; i++) {
        seed = seed * 1664525 + 1013904223;
        uint32_t literals = (seed >> 28) & (seed >> 20 & 15), length = seed >> 24 & 15;
        literals += position == 0;
        stream[size++] = (uint8_t)(literals << 4 | length);
        for (uint32_t k = 0; k < literals; k++)
            stream[size++] = (uint8_t)(seed >> (k % 24));
        position += literals;
        uint32_t far = seed >> 8 & (seed & 0x10000 ? 0xffff : 0xf);
        uint32_t distance = (uint32_t)(far % position);
        stream[size++] = (uint8_t)distance;
        stream[size++] = (uint8_t)(distance >> 8);
        position += length + 3;
    }
    return size;
}

static size_t decode(size_t size)
{
    size_t at = 0, to = 0;
    while (at < size && to < LIMIT) {
        uint8_t token = stream[at++];
        for (int k = token >> 4; k > 0; k--)
            out[to++] = stream[at++];
        size_t from = to - 1 - stream[at] - (size_t)(stream[at + 1] << 8);
        at += 2;
        for (int k = (token & 15) + 3; k > 0; k--)
            out[to++] = out[from++];
    }
    return to;
}

int main(void)
{
    size_t size = make_stream();
    uint32_t sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        size_t made = decode(size);
        sum = sum * 31 + (uint32_t)made + out[made * (size_t)round / ROUNDS];
        stream[1] ^= (uint8_t)sum;
    }
    printf("%u\n", (unsigned)sum);
    return 0;
}

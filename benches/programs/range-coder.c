/* An adaptive binary range coder, as the strongest compressors have it: a chain of multiplications,
 * compares and carries with contexts in memory. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SIZE = 1 << 17, ROUNDS = 15, SCALE = 11, SPEED = 5 };

static uint8_t text[SIZE], packed[SIZE * 2], decoded[SIZE];
static uint16_t chances[256][256];

static void forget(void)
{
    for (int i = 0; i < 256; i++)
        for (int k = 0; k < 256; k++)
            chances[i][k] = 1 << (SCALE - 1);
}

static size_t encode(void)
{
    uint64_t low = 0;
    uint32_t range = 0xffffffff;
    size_t out = 0;
    forget();
    for (int i = 0; i < SIZE; i++) {
        uint16_t *context = chances[i > 0 ? text[i - 1] : 0];
        for (int bit = 7, node = 1; bit >= 0; bit--) {
            int one = text[i] >> bit & 1;
            uint32_t bound = (range >> SCALE) * context[node];
            if (one) {
                low += bound;
                range -= bound;
                context[node] -= context[node] >> SPEED;
            } else {
                range = bound;
                context[node] += ((1 << SCALE) - context[node]) >> SPEED;
            }
            node = node << 1 | one;
            if (low >> 32) { /* a carry into what is out already */
                for (size_t at = out; ++packed[--at] == 0;)
                    ;
                low = (uint32_t)low;
            }
            for (; range < 1 << 24; range <<= 8, low = (uint32_t)(low << 8))
                packed[out++] = (uint8_t)(low >> 24);
        }
    }
    for (int i = 0; i < 4; i++, low <<= 8)
        packed[out++] = (uint8_t)(low >> 24);
    return out;
}

static void decode(void)
{
    uint32_t code = 0, range = 0xffffffff;
    size_t in = 0;
    for (; in < 4; in++)
        code = code << 8 | packed[in];
    forget();
    for (int i = 0; i < SIZE; i++) {
        uint16_t *context = chances[i > 0 ? decoded[i - 1] : 0];
        int node = 1;
        while (node < 256) {
            uint32_t bound = (range >> SCALE) * context[node];
            if (code >= bound) {
                code -= bound;
                range -= bound;
                context[node] -= context[node] >> SPEED;
                node = node << 1 | 1;
            } else {
                range = bound;
                context[node] += ((1 << SCALE) - context[node]) >> SPEED;
                node <<= 1;
            }
            for (; range < 1 << 24; range <<= 8)
                code = code << 8 | packed[in++];
        }
        decoded[i] = (uint8_t)node;
    }
}

int main(void)
{
    uint32_t seed = 7, sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SIZE; i++) {
            seed = seed * 1664525 + 1013904223;
            text[i] = (uint8_t)(seed >> 30 ? "the range of a code "[(uint32_t)i % 20] : (seed >> 24 & 31) + 'a');
        }
        size_t size = encode();
        decode();
        sum = sum * 31 + (uint32_t)size + (memcmp(text, decoded, SIZE) != 0);
    }
    printf("%u\n", (unsigned)sum);
    return 0;
}

/* A checksum by table: every step waits for the load before it. */
#include <stdint.h>
#include <stdio.h>

enum { SIZE = 1 << 20, ROUNDS = 60 };

static uint32_t table[256];
static uint8_t data[SIZE];

int main(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++)
            c = c >> 1 ^ (c & 1 ? 0xedb88320 : 0);
        table[i] = c;
    }
    uint32_t seed = 1, crc = 0;
    for (int i = 0; i < SIZE; i++)
        data[i] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
    for (int round = 0; round < ROUNDS; round++) {
        crc = ~crc;
        for (int i = 0; i < SIZE; i++)
            crc = crc >> 8 ^ table[(crc ^ data[i]) & 255];
        crc = ~crc;
    }
    printf("%08x\n", (unsigned)crc);
    return 0;
}

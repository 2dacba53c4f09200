/* The game of life on a torus, a byte for each cell. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SIDE = 512, ROUNDS = 150 };

static uint8_t now[SIDE][SIDE], next[SIDE][SIDE];

static void step(void)
{
    for (int y = 0; y < SIDE; y++) {
        const uint8_t *above = now[(y + SIDE - 1) % SIDE], *at = now[y], *below = now[(y + 1) % SIDE];
        for (int x = 0; x < SIDE; x++) {
            int left = (x + SIDE - 1) % SIDE, right = (x + 1) % SIDE;
            int count = above[left] + above[x] + above[right] + at[left] + at[right] + below[left] + below[x] +
                        below[right];
            next[y][x] = count == 3 || (count == 2 && at[x]);
        }
    }
    memcpy(now, next, sizeof now);
}

int main(void)
{
    uint32_t seed = 3, alive = 0, sum = 0;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            now[y][x] = (seed = seed * 1664525 + 1013904223) >> 30 == 0;
    for (int round = 0; round < ROUNDS; round++)
        step();
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            alive += now[y][x];
            sum = sum * 3 + now[y][x];
        }
    printf("%u %u\n", (unsigned)alive, (unsigned)sum);
    return 0;
}

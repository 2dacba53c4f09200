/* Vectors of 128 bits written by hand: a dot product, a threshold by lane masks, byte shuffles. */
#include <stdint.h>
#include <stdio.h>

enum { SIZE = 1 << 15, ROUNDS = 9000 };

typedef float floats __attribute__((vector_size(16)));
typedef int32_t words __attribute__((vector_size(16)));
typedef uint8_t bytes __attribute__((vector_size(16)));

static floats x[SIZE / 4], y[SIZE / 4];
static words w[SIZE / 4];
static bytes b[SIZE / 16];

int main(void)
{
    for (int i = 0; i < SIZE; i++) {
        x[i / 4][i % 4] = (float)(i % 97) / 8;
        y[i / 4][i % 4] = (float)(i % 89) / 16;
        w[i / 4][i % 4] = (int32_t)((uint32_t)i * 2654435761);
        b[i / 16][i % 16] = (uint8_t)(i * i >> 3);
    }
    floats dot = { 0 };
    words above = { 0 };
    bytes sum = { 0 };
    for (int round = 0; round < ROUNDS; round++) {
        words limit = round * 200000 - (words){ 0, 1, 2, 3 };
        for (int i = 0; i < SIZE / 4; i++) {
            dot += x[i] * y[i];
            above ^= (w[i] > limit) & (w[i] >> 3);
        }
        for (int i = 0; i < SIZE / 16; i++) {
            bytes turned = __builtin_shufflevector(b[i], b[i], 15, 0, 14, 1, 13, 2, 12, 3, 11, 4, 10, 5, 9, 6, 8, 7);
            sum = (sum ^ turned) + b[i];
        }
        dot *= 0.5f;
    }
    printf("%a %a %a %a\n", (double)dot[0], (double)dot[1], (double)dot[2], (double)dot[3]);
    printf("%d %d %d %d\n", above[0], above[1], above[2], above[3]);
    for (int i = 0; i < 16; i++)
        printf("%d ", sum[i]);
    putchar('\n');
    return 0;
}

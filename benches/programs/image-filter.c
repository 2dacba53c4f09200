/* Filters of a grey image: a blur by a 5x5 kernel, edges by Sobel's operator, a histogram. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 640, HEIGHT = 480, ROUNDS = 250 };

static uint8_t image[HEIGHT][WIDTH], blurred[HEIGHT][WIDTH];
static const int kernel[5][5] = {
    { 1, 4, 6, 4, 1 }, { 4, 16, 24, 16, 4 }, { 6, 24, 36, 24, 6 }, { 4, 16, 24, 16, 4 }, { 1, 4, 6, 4, 1 },
};

static void blur(void)
{
    for (int y = 2; y < HEIGHT - 2; y++)
        for (int x = 2; x < WIDTH - 2; x++) {
            int sum = 0;
            for (int i = -2; i <= 2; i++)
                for (int j = -2; j <= 2; j++)
                    sum += kernel[i + 2][j + 2] * image[y + i][x + j];
            blurred[y][x] = (uint8_t)(sum >> 8);
        }
}

static void edges(int round)
{
    for (int y = 1; y < HEIGHT - 1; y++)
        for (int x = 1; x < WIDTH - 1; x++) {
            const uint8_t *above = &blurred[y - 1][x], *at = &blurred[y][x], *below = &blurred[y + 1][x];
            int gx = above[1] + 2 * at[1] + below[1] - above[-1] - 2 * at[-1] - below[-1];
            int gy = below[-1] + 2 * below[0] + below[1] - above[-1] - 2 * above[0] - above[1];
            int edge = abs(gx) + abs(gy);
            image[y][x] = (uint8_t)((edge > 255 ? 255 : edge) + (x ^ y) + round);
        }
}

int main(void)
{
    unsigned histogram[256] = { 0 }, sum = 0;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            image[y][x] = (uint8_t)(x * y >> 4);
    for (int round = 0; round < ROUNDS; round++) {
        blur();
        edges(round);
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++)
                histogram[image[y][x]]++;
    }
    for (int i = 0; i < 256; i++)
        sum = sum * 31 + histogram[i];
    printf("%u\n", sum);
    return 0;
}

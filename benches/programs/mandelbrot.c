/* How many points of a grid stay in the Mandelbrot set. */
#include <stdio.h>

enum { SIDE = 500, LIMIT = 200 };

int main(void)
{
    unsigned inside = 0, steps = 0;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            double ci = 2.0 * y / SIDE - 1, cr = 2.0 * x / SIDE - 1.5, zr = 0, zi = 0, r2 = 0, i2 = 0;
            int n = 0;
            for (; n < LIMIT && r2 + i2 <= 4; n++) {
                zi = 2 * zr * zi + ci;
                zr = r2 - i2 + cr;
                r2 = zr * zr;
                i2 = zi * zi;
            }
            inside += n == LIMIT;
            steps += (unsigned)n;
        }
    printf("%u %u\n", inside, steps);
    return 0;
}

/* Stencils in single and double precision: 1-D and 2-D Jacobi, 2-D wave propagation, 3-D heat, and
 * an integer blur: the loops a vectoriser likes, and must not change the results of. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 2000, SIDE = 130, CUBE = 32, STEPS = 40 };

#define STENCILS(REAL)                                                                             \
    static REAL line_##REAL[2][LINE], plane_##REAL[3][SIDE][SIDE];                                 \
    static REAL cube_##REAL[2][CUBE][CUBE][CUBE];                                                  \
                                                                                                   \
    static void jacobi_1d_##REAL(void)                                                             \
    {                                                                                              \
        REAL(*u)[LINE] = line_##REAL;                                                              \
        for (int i = 0; i < LINE; i++)                                                             \
            u[0][i] = u[1][i] = (REAL)(i % 37) / 7;                                                \
        for (int t = 0; t < STEPS; t++)                                                            \
            for (int i = 1; i < LINE - 1; i++)                                                     \
                u[~t & 1][i] = (REAL)0.33333 * (u[t & 1][i - 1] + u[t & 1][i] + u[t & 1][i + 1]);  \
        REAL sum = 0;                                                                              \
        for (int i = 0; i < LINE; i++)                                                             \
            sum += u[STEPS & 1][i];                                                                \
        printf(#REAL " jacobi-1d %a middle %a\n", (double)sum, (double)u[0][LINE / 2]);            \
    }                                                                                              \
                                                                                                   \
    static void jacobi_2d_##REAL(void)                                                             \
    {                                                                                              \
        REAL(*u)[SIDE][SIDE] = plane_##REAL;                                                       \
        for (int i = 0; i < SIDE; i++)                                                             \
            for (int j = 0; j < SIDE; j++)                                                         \
                u[0][i][j] = u[1][i][j] = (REAL)(i * (j + 2) % 29) / 13;                           \
        for (int t = 0; t < STEPS; t++) {                                                          \
            REAL(*from)[SIDE] = u[t & 1], (*to)[SIDE] = u[~t & 1];                                 \
            for (int i = 1; i < SIDE - 1; i++)                                                     \
                for (int j = 1; j < SIDE - 1; j++)                                                 \
                    to[i][j] = (REAL)0.2 * (from[i][j] + from[i][j - 1] + from[i][j + 1] +         \
                                            from[i - 1][j] + from[i + 1][j]);                      \
        }                                                                                          \
        REAL sum = 0;                                                                              \
        for (int i = 0; i < SIDE; i++)                                                             \
            for (int j = 0; j < SIDE; j++)                                                         \
                sum += u[STEPS & 1][i][j];                                                         \
        printf(#REAL " jacobi-2d %a middle %a\n", (double)sum, (double)u[0][SIDE / 2][SIDE / 2]);  \
    }                                                                                              \
                                                                                                   \
    static void wave_##REAL(void)                                                                  \
    {                                                                                              \
        REAL(*u)[SIDE][SIDE] = plane_##REAL;                                                       \
        memset(u, 0, sizeof plane_##REAL);                                                         \
        u[1][SIDE / 3][SIDE / 2] = 100;                                                            \
        for (int t = 0; t < 3 * STEPS; t++) {                                                      \
            REAL(*old)[SIDE] = u[t % 3], (*now)[SIDE] = u[(t + 1) % 3], (*new)[SIDE] = u[(t + 2) % 3]; \
            for (int i = 1; i < SIDE - 1; i++)                                                     \
                for (int j = 1; j < SIDE - 1; j++)                                                 \
                    new[i][j] = 2 * now[i][j] - old[i][j] +                                        \
                                (REAL)0.125 * (now[i - 1][j] + now[i + 1][j] + now[i][j - 1] +     \
                                               now[i][j + 1] - 4 * now[i][j]);                     \
        }                                                                                          \
        REAL low = 0, high = 0;                                                                    \
        for (int i = 0; i < SIDE; i++)                                                             \
            for (int j = 0; j < SIDE; j++) {                                                       \
                REAL value = u[1][i][j];                                                           \
                low = value < low ? value : low;                                                   \
                high = value > high ? value : high;                                                \
            }                                                                                      \
        printf(#REAL " wave from %a to %a at the source %a\n", (double)low, (double)high,          \
               (double)u[1][SIDE / 3][SIDE / 2]);                                                  \
    }                                                                                              \
                                                                                                   \
    static void heat_3d_##REAL(void)                                                               \
    {                                                                                              \
        REAL(*u)[CUBE][CUBE][CUBE] = cube_##REAL;                                                  \
        for (int i = 0; i < CUBE; i++)                                                             \
            for (int j = 0; j < CUBE; j++)                                                         \
                for (int k = 0; k < CUBE; k++)                                                     \
                    u[0][i][j][k] = u[1][i][j][k] = (REAL)(i + j + (CUBE - k)) * 10 / CUBE;        \
        for (int t = 0; t < STEPS; t++) {                                                          \
            REAL(*from)[CUBE][CUBE] = u[t & 1], (*to)[CUBE][CUBE] = u[~t & 1];                     \
            for (int i = 1; i < CUBE - 1; i++)                                                     \
                for (int j = 1; j < CUBE - 1; j++)                                                 \
                    for (int k = 1; k < CUBE - 1; k++) {                                           \
                        REAL here = 2 * from[i][j][k];                                             \
                        to[i][j][k] = (REAL)0.125 * (from[i + 1][j][k] - here + from[i - 1][j][k]) + \
                                      (REAL)0.125 * (from[i][j + 1][k] - here + from[i][j - 1][k]) + \
                                      (REAL)0.125 * (from[i][j][k + 1] - here + from[i][j][k - 1]) + \
                                      from[i][j][k];                                               \
                    }                                                                              \
        }                                                                                          \
        REAL sum = 0;                                                                              \
        for (int i = 0; i < CUBE; i++)                                                             \
            for (int j = 0; j < CUBE; j++)                                                         \
                for (int k = 0; k < CUBE; k++)                                                     \
                    sum += u[STEPS & 1][i][j][k] * (REAL)(i ^ j ^ k);                              \
        printf(#REAL " heat-3d %a\n", (double)sum);                                                \
    }

STENCILS(float)
STENCILS(double)

static void blur(void)
{
    static uint8_t image[2][SIDE][SIDE];
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++)
            image[0][i][j] = (uint8_t)(i * 7 ^ j * 13);
    for (int t = 0; t < STEPS; t++)
        for (int i = 1; i < SIDE - 1; i++)
            for (int j = 1; j < SIDE - 1; j++) {
                unsigned sum = 8;
                for (int y = -1; y <= 1; y++)
                    for (int x = -1; x <= 1; x++)
                        sum += (unsigned)image[t & 1][i + y][j + x] * (unsigned)((2 - y * y) * (2 - x * x));
                image[~t & 1][i][j] = (uint8_t)(sum / 16);
            }
    uint32_t hash = 2166136261u;
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++)
            hash = (hash ^ image[0][i][j]) * 16777619u;
    printf("blur %08x\n", (unsigned)hash);
}

int main(void)
{
    jacobi_1d_float();
    jacobi_1d_double();
    jacobi_2d_float();
    jacobi_2d_double();
    wave_float();
    wave_double();
    heat_3d_float();
    heat_3d_double();
    blur();
    return 0;
}

/* Dense linear algebra in single and in double precision: products in three loop orders, an LU
 * decomposition with pivoting and a solve. The two precisions are one macro, so that a miscompiled
 * width shows beside a right one. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { N = 120 };

static uint32_t seed;

static double next_value(void)
{
    seed = seed * 1664525 + 1013904223;
    return (double)(int32_t)seed / 2147483648.0;
}

#define ALGEBRA(REAL, ABS)                                                                         \
    static REAL a_##REAL[N][N], b_##REAL[N][N], c_##REAL[3][N][N], lu_##REAL[N][N];               \
                                                                                                   \
    static void multiply_##REAL(void)                                                              \
    {                                                                                              \
        memset(c_##REAL, 0, sizeof c_##REAL);                                                      \
        for (int i = 0; i < N; i++)                                                                \
            for (int j = 0; j < N; j++)                                                            \
                for (int k = 0; k < N; k++)                                                        \
                    c_##REAL[0][i][j] += a_##REAL[i][k] * b_##REAL[k][j];                          \
        for (int i = 0; i < N; i++)                                                                \
            for (int k = 0; k < N; k++)                                                            \
                for (int j = 0; j < N; j++)                                                        \
                    c_##REAL[1][i][j] += a_##REAL[i][k] * b_##REAL[k][j];                          \
        for (int k = 0; k < N; k++)                                                                \
            for (int j = 0; j < N; j++)                                                            \
                for (int i = 0; i < N; i++)                                                        \
                    c_##REAL[2][i][j] += a_##REAL[i][k] * b_##REAL[k][j];                          \
    }                                                                                              \
                                                                                                   \
    static void solve_##REAL(void)                                                                 \
    {                                                                                              \
        REAL x[N];                                                                                 \
        int swaps = 0;                                                                             \
        memcpy(lu_##REAL, a_##REAL, sizeof lu_##REAL);                                             \
        for (int i = 0; i < N; i++)                                                                \
            x[i] = (REAL)(i % 5);                                                                  \
        for (int k = 0; k < N; k++) {                                                              \
            int pivot = k;                                                                         \
            for (int i = k + 1; i < N; i++)                                                        \
                if (ABS(lu_##REAL[i][k]) > ABS(lu_##REAL[pivot][k]))                               \
                    pivot = i;                                                                     \
            if (pivot != k) {                                                                      \
                for (int j = 0; j < N; j++) {                                                      \
                    REAL t = lu_##REAL[k][j];                                                      \
                    lu_##REAL[k][j] = lu_##REAL[pivot][j];                                         \
                    lu_##REAL[pivot][j] = t;                                                       \
                }                                                                                  \
                REAL t = x[k];                                                                     \
                x[k] = x[pivot];                                                                   \
                x[pivot] = t;                                                                      \
                swaps++;                                                                           \
            }                                                                                      \
            for (int i = k + 1; i < N; i++) {                                                      \
                REAL factor = lu_##REAL[i][k] / lu_##REAL[k][k];                                   \
                lu_##REAL[i][k] = factor;                                                          \
                for (int j = k + 1; j < N; j++)                                                    \
                    lu_##REAL[i][j] -= factor * lu_##REAL[k][j];                                   \
                x[i] -= factor * x[k];                                                             \
            }                                                                                      \
        }                                                                                          \
        for (int i = N - 1; i >= 0; i--) {                                                         \
            for (int j = i + 1; j < N; j++)                                                        \
                x[i] -= lu_##REAL[i][j] * x[j];                                                    \
            x[i] /= lu_##REAL[i][i];                                                               \
        }                                                                                          \
        REAL worst = 0;                                                                            \
        for (int i = 0; i < N; i++) {                                                              \
            REAL sum = 0;                                                                          \
            for (int j = 0; j < N; j++)                                                            \
                sum += a_##REAL[i][j] * x[j];                                                      \
            REAL error = ABS(sum - (REAL)(i % 5));                                                 \
            worst = error > worst ? error : worst;                                                 \
        }                                                                                          \
        printf(#REAL " solve: %d swaps, x[0] %a, x[%d] %a, worst error %a\n", swaps, (double)x[0], \
               N - 1, (double)x[N - 1], (double)worst);                                            \
    }                                                                                              \
                                                                                                   \
    static void run_##REAL(void)                                                                   \
    {                                                                                              \
        seed = 42;                                                                                 \
        for (int i = 0; i < N; i++)                                                                \
            for (int j = 0; j < N; j++) {                                                          \
                a_##REAL[i][j] = (REAL)next_value();                                               \
                b_##REAL[i][j] = (REAL)next_value();                                               \
            }                                                                                      \
        multiply_##REAL();                                                                         \
        REAL trace = 0, sum = 0, norm = 0;                                                         \
        for (int i = 0; i < N; i++) {                                                              \
            trace += c_##REAL[0][i][i];                                                            \
            for (int j = 0; j < N; j++) {                                                          \
                sum += c_##REAL[1][i][j];                                                          \
                norm += c_##REAL[2][i][j] * c_##REAL[2][i][j];                                     \
            }                                                                                      \
        }                                                                                          \
        int same = !memcmp(c_##REAL[0], c_##REAL[1], sizeof c_##REAL[0]) &&                        \
                   !memcmp(c_##REAL[1], c_##REAL[2], sizeof c_##REAL[0]);                          \
        printf(#REAL " product: trace %a, sum %a, norm %a, loop orders %s\n", (double)trace,       \
               (double)sum, sqrt((double)norm), same ? "agree" : "DISAGREE");                      \
        solve_##REAL();                                                                            \
    }

ALGEBRA(float, fabsf)
ALGEBRA(double, fabs)

int main(void)
{
    run_float();
    run_double();
    return 0;
}

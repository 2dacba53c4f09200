/* Products of a matrix and vectors, in the precision REAL: A'Ax, and two at a time (mvt). */
#include <stdio.h>

enum { M = 900, N = 1000, ROUNDS = 60 };

static REAL a[M][N], x[N], y[N], t[M], x1[M], y1[M];

int main(void)
{
    for (int i = 0; i < M; i++)
        for (int j = 0; j < N; j++)
            a[i][j] = (REAL)((i + j) % N) / (5 * M);
    for (int j = 0; j < N; j++)
        x[j] = 1 + (REAL)j / N;
    for (int i = 0; i < M; i++)
        y1[i] = (REAL)(i % 7) / 8;
    for (int round = 0; round < ROUNDS; round++) {
        for (int j = 0; j < N; j++)
            y[j] = 0;
        for (int i = 0; i < M; i++) {
            t[i] = 0;
            for (int j = 0; j < N; j++)
                t[i] += a[i][j] * x[j];
            for (int j = 0; j < N; j++)
                y[j] += a[i][j] * t[i];
        }
        for (int i = 0; i < M; i++)
            for (int j = 0; j < N; j++)
                x1[i] += a[i][j] * y[j] / 4096;
        for (int j = 0; j < N; j++)
            x[j] = 1 + y[j] / 65536;
    }
    double sum = 0;
    for (int i = 0; i < M; i++)
        sum += (double)x1[i] + (double)t[i] * (double)y1[i];
    printf("%a\n", sum);
    return 0;
}

/* C = alpha * A * B + beta * C on heap memory, in the precision REAL. */
#include <stdio.h>
#include <stdlib.h>

enum { N = 320, ROUNDS = 10 };

static void gemm(REAL (*restrict c)[N], REAL (*restrict a)[N], REAL (*restrict b)[N], REAL alpha, REAL beta)
{
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++)
            c[i][j] *= beta;
        for (int k = 0; k < N; k++)
            for (int j = 0; j < N; j++)
                c[i][j] += alpha * a[i][k] * b[k][j];
    }
}

int main(void)
{
    REAL(*a)[N] = malloc(sizeof *a * N), (*b)[N] = malloc(sizeof *b * N), (*c)[N] = malloc(sizeof *c * N);
    if (!a || !b || !c)
        return 1;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (REAL)(i * (j + 1) % N) / N;
            b[i][j] = (REAL)(i * (j + 2) % N) / N;
            c[i][j] = (REAL)((i * j + 1) % N) / N;
        }
    for (int round = 0; round < ROUNDS; round++)
        gemm(c, a, b, (REAL)0.75, (REAL)0.5);
    double sum = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            sum += (double)c[i][j];
    printf("%a\n", sum);
    free(a);
    free(b);
    free(c);
    return 0;
}

/* Decompositions of a matrix, in the precision REAL: LU and Cholesky, in place. */
#include <math.h>
#include <stdio.h>

enum { N = 400, ROUNDS = 7 };

static REAL a[N][N], l[N][N];

static void fill(int round)
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = i == j ? (REAL)(N + round) : (REAL)((i * j + i + j) % 17) / 32;
            l[i][j] = i == j ? (REAL)(N + round) : (REAL)((i + j) % 13) / 16;
        }
}

static void lu(void)
{
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < i; j++) {
            for (int k = 0; k < j; k++)
                a[i][j] -= a[i][k] * a[k][j];
            a[i][j] /= a[j][j];
        }
        for (int j = i; j < N; j++)
            for (int k = 0; k < i; k++)
                a[i][j] -= a[i][k] * a[k][j];
    }
}

static void cholesky(void)
{
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < i; j++) {
            for (int k = 0; k < j; k++)
                l[i][j] -= l[i][k] * l[j][k];
            l[i][j] /= l[j][j];
        }
        for (int k = 0; k < i; k++)
            l[i][i] -= l[i][k] * l[i][k];
        l[i][i] = (REAL)sqrt((double)l[i][i]);
    }
}

int main(void)
{
    double sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        fill(round);
        lu();
        cholesky();
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++)
                sum += (double)a[i][j] + (double)l[i][j];
    }
    printf("%a\n", sum);
    return 0;
}

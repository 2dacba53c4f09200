/* Two products of matrices after another, D = A * B * C + D, in the precision REAL and in the order of
 * the textbook: the inner loop walks down a column. */
#include <stdio.h>

enum { N = 256, ROUNDS = 4 };

static REAL a[N][N], b[N][N], c[N][N], d[N][N], t[N][N];

int main(void)
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (REAL)((i * j + 1) % N) / N;
            b[i][j] = (REAL)(i * (j + 1) % N) / N;
            c[i][j] = (REAL)((i * (j + 3) + 1) % N) / N;
            d[i][j] = (REAL)(i * (j + 2) % N) / N;
        }
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                t[i][j] = 0;
                for (int k = 0; k < N; k++)
                    t[i][j] += (REAL)0.125 * a[i][k] * b[k][j];
            }
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                d[i][j] *= (REAL)0.5;
                for (int k = 0; k < N; k++)
                    d[i][j] += t[i][k] * c[k][j];
            }
    }
    double sum = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            sum += (double)d[i][j];
    printf("%a\n", sum);
    return 0;
}

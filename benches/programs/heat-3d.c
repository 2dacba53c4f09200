/* Heat spreading through a cube, in single precision. */
#include <stdio.h>

enum { N = 72, STEPS = 300 };

static float a[N][N][N], b[N][N][N];

static void step(float u[N][N][N], float v[N][N][N])
{
    for (int i = 1; i < N - 1; i++)
        for (int j = 1; j < N - 1; j++)
            for (int k = 1; k < N - 1; k++)
                v[i][j][k] = 0.125f * (u[i + 1][j][k] - 2 * u[i][j][k] + u[i - 1][j][k]) +
                             0.125f * (u[i][j + 1][k] - 2 * u[i][j][k] + u[i][j - 1][k]) +
                             0.125f * (u[i][j][k + 1] - 2 * u[i][j][k] + u[i][j][k - 1]) + u[i][j][k];
}

int main(void)
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            for (int k = 0; k < N; k++)
                a[i][j][k] = b[i][j][k] = (float)(i + j + (N - k)) * 10 / N;
    for (int t = 0; t < STEPS; t++) {
        step(a, b);
        step(b, a);
    }
    double sum = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            for (int k = 0; k < N; k++)
                sum += (double)a[i][j][k];
    printf("%a\n", sum);
    return 0;
}

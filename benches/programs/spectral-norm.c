/* The spectral norm of an infinite matrix, from a part of it: divisions and reductions. */
#include <math.h>
#include <stdio.h>

enum { N = 1500 };

static double u[N], v[N], w[N];

static double element(int i, int j)
{
    return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1);
}

static void multiply(const double *x, double *y)
{
    for (int i = 0; i < N; i++) {
        double sum = 0;
        for (int j = 0; j < N; j++)
            sum += element(i, j) * x[j];
        y[i] = sum;
    }
}

static void multiply_transposed(const double *x, double *y)
{
    for (int i = 0; i < N; i++) {
        double sum = 0;
        for (int j = 0; j < N; j++)
            sum += element(j, i) * x[j];
        y[i] = sum;
    }
}

int main(void)
{
    for (int i = 0; i < N; i++)
        u[i] = 1;
    for (int i = 0; i < 10; i++) {
        multiply(u, w);
        multiply_transposed(w, v);
        multiply(v, w);
        multiply_transposed(w, u);
    }
    double uv = 0, vv = 0;
    for (int i = 0; i < N; i++) {
        uv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    printf("%.9f\n", sqrt(uv / vv));
    return 0;
}

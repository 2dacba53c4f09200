/* The fast Fourier transform of complex numbers in f64, there and back, with roots of unity made by
 * halving angles: only square roots, which are the same everywhere. */
#include <math.h>
#include <stdio.h>

enum { BITS = 14, N = 1 << BITS, ROUNDS = 150 };

static double re[N], im[N], cosine[N / 2], sine[N / 2];

static void make_roots(void)
{
    double c = -1, s = 0; /* of the angle that is half a turn, a quarter, and so on */
    cosine[0] = 1;
    for (int step = N / 2; step > 0; step /= 2) {
        if (step < N / 2)
            for (int i = step; i < N / 2; i += 2 * step) {
                cosine[i] = cosine[i - step] * c - sine[i - step] * s;
                sine[i] = cosine[i - step] * s + sine[i - step] * c;
            }
        double half = sqrt((1 + c) / 2);
        s = step == N / 2 ? 1 : s / (2 * half);
        c = half;
    }
}

static void transform(double sign)
{
    for (int i = 0, j = 0; i < N; i++) {
        if (i < j) {
            double r = re[i], m = im[i];
            re[i] = re[j], im[i] = im[j];
            re[j] = r, im[j] = m;
        }
        int bit = N / 2;
        for (; j & bit; bit /= 2)
            j ^= bit;
        j |= bit;
    }
    for (int half = 1; half < N; half *= 2)
        for (int start = 0; start < N; start += 2 * half)
            for (int k = 0; k < half; k++) {
                double wr = cosine[k * (N / 2 / half)], wi = sign * sine[k * (N / 2 / half)];
                int a = start + k, b = a + half;
                double r = re[b] * wr - im[b] * wi, m = re[b] * wi + im[b] * wr;
                re[b] = re[a] - r, im[b] = im[a] - m;
                re[a] += r, im[a] += m;
            }
}

int main(void)
{
    make_roots();
    for (int i = 0; i < N; i++)
        re[i] = i * 37 % 101 - 50;
    for (int round = 0; round < ROUNDS; round++) {
        transform(1);
        re[round] += 1;
        transform(-1);
        for (int i = 0; i < N; i++) {
            re[i] /= N;
            im[i] /= N;
        }
    }
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += re[i] * i + im[i];
    printf("%a\n", sum);
    return 0;
}

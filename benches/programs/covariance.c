/* Means, deviations and correlations of columns of data in f32. */
#include <math.h>
#include <stdio.h>

enum { ROWS = 520, COLUMNS = 500 };

static float data[ROWS][COLUMNS], mean[COLUMNS], deviation[COLUMNS], correlation[COLUMNS][COLUMNS];

int main(void)
{
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++)
            data[i][j] = (float)(i * j % 31) / COLUMNS + (float)i / ROWS;
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++)
            mean[j] += data[i][j] / ROWS;
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++) {
            data[i][j] -= mean[j];
            deviation[j] += data[i][j] * data[i][j];
        }
    for (int j = 0; j < COLUMNS; j++)
        deviation[j] = deviation[j] > 0.1f ? sqrtf(deviation[j]) : 1;
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++)
            data[i][j] /= deviation[j];
    for (int i = 0; i < COLUMNS; i++)
        for (int j = i; j < COLUMNS; j++) {
            float sum = 0;
            for (int k = 0; k < ROWS; k++)
                sum += data[k][i] * data[k][j];
            correlation[i][j] = correlation[j][i] = sum;
        }
    double sum = 0;
    for (int i = 0; i < COLUMNS; i++)
        for (int j = 0; j < COLUMNS; j++)
            sum += (double)correlation[i][j] * (i - 2 * j);
    printf("%a %a\n", sum, (double)correlation[3][7]);
    return 0;
}

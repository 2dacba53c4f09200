/* The shortest paths between all pairs of points: minima of sums, in integers. */
#include <stdint.h>
#include <stdio.h>

enum { N = 560 };

static int32_t distance[N][N];

int main(void)
{
    uint32_t seed = 5, sum = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            seed = seed * 1664525 + 1013904223;
            distance[i][j] = i == j ? 0 : seed >> 28 ? 1 << 28 : (int32_t)(seed >> 8 & 0xffff);
        }
    for (int k = 0; k < N; k++)
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                int32_t by_way = distance[i][k] + distance[k][j];
                if (by_way < distance[i][j])
                    distance[i][j] = by_way;
            }
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            sum = sum * 31 + (uint32_t)distance[i][j];
    printf("%u\n", (unsigned)sum);
    return 0;
}

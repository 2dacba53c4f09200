/* In which order to multiply a chain of matrices: a table filled diagonal by diagonal. */
#include <stdint.h>
#include <stdio.h>

enum { N = 1000 };

static int64_t cost[N][N];
static int size[N + 1], split[N][N];

int main(void)
{
    uint32_t seed = 11, sum = 0;
    for (int i = 0; i <= N; i++)
        size[i] = (int)((seed = seed * 1664525 + 1013904223) >> 24) + 1;
    for (int length = 2; length <= N; length++)
        for (int i = 0; i + length <= N; i++) {
            int j = i + length - 1;
            cost[i][j] = INT64_MAX;
            for (int k = i; k < j; k++) {
                int64_t now = cost[i][k] + cost[k + 1][j] + (int64_t)size[i] * size[k + 1] * size[j + 1];
                if (now < cost[i][j]) {
                    cost[i][j] = now;
                    split[i][j] = k;
                }
            }
        }
    for (int i = 0; i < N; i++)
        for (int j = i; j < N; j++)
            sum = sum * 31 + (uint32_t)split[i][j];
    printf("%lld %u\n", (long long)cost[0][N - 1], (unsigned)sum);
    return 0;
}

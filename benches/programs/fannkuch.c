/* The most flips that a permutation needs: short loops over small arrays. */
#include <stdio.h>

enum { N = 10 };

int main(void)
{
    int start[N], p[N], count[N], checksum = 0, most = 0, level = N;
    for (int i = 0; i < N; i++)
        start[i] = i;
    for (unsigned number = 0;; number++) {
        for (; level > 1; level--)
            count[level - 1] = level;
        for (int i = 0; i < N; i++)
            p[i] = start[i];
        int flips = 0;
        for (int first = p[0]; first != 0; first = p[0]) {
            for (int i = 0, j = first; i < j; i++, j--) {
                int t = p[i];
                p[i] = p[j];
                p[j] = t;
            }
            flips++;
        }
        most = flips > most ? flips : most;
        checksum += number % 2 ? -flips : flips;
        for (;; level++) {
            if (level == N) {
                printf("%d %d\n", checksum, most);
                return 0;
            }
            int first = start[0];
            for (int i = 0; i < level; i++)
                start[i] = start[i + 1];
            start[level] = first;
            if (--count[level] > 0)
                break;
        }
    }
}

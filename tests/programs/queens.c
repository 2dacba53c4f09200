/* N-queens, counted twice: by recursion over bit sets and by backtracking over an array. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { LARGEST = 10 };

static unsigned count_by_bits(uint32_t all, uint32_t columns, uint32_t left, uint32_t right)
{
    if (columns == all)
        return 1;
    unsigned count = 0;
    for (uint32_t open = all & ~(columns | left | right); open; open &= open - 1) {
        uint32_t place = open & -open;
        count += count_by_bits(all, columns | place, (left | place) << 1, (right | place) >> 1);
    }
    return count;
}

static int fits(const int *column_of, int row)
{
    for (int above = 0; above < row; above++)
        if (column_of[above] == column_of[row] || abs(column_of[above] - column_of[row]) == row - above)
            return 0;
    return 1;
}

static unsigned count_by_search(int n, int *first)
{
    int column_of[LARGEST];
    unsigned count = 0;
    int row = 0;
    column_of[0] = -1;
    while (row >= 0) {
        if (++column_of[row] == n) {
            row--;
        } else if (fits(column_of, row)) {
            if (row + 1 < n) {
                column_of[++row] = -1;
            } else if (count++ == 0) {
                for (int i = 0; i < n; i++)
                    first[i] = column_of[i];
            }
        }
    }
    return count;
}

int main(void)
{
    for (int n = 1; n <= LARGEST; n++) {
        int first[LARGEST];
        unsigned a = count_by_bits((1u << n) - 1, 0, 0, 0);
        unsigned b = count_by_search(n, first);
        printf("%2d queens: %u %s", n, a, a == b ? "twice" : "BUT NOT TWICE");
        for (int i = 0; b && i < n; i++)
            printf("%s%d", i ? "," : ", first ", first[i]);
        putchar('\n');
    }
    return 0;
}

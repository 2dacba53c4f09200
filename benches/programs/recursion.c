/* Functions that do little but call: Ackermann's, Takeuchi's, Hofstadter's pair, Hanoi's towers. */
#include <stdio.h>

static unsigned ackermann(unsigned m, unsigned n)
{
    if (m == 0)
        return n + 1;
    return ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));
}

static int tak(int x, int y, int z)
{
    return y < x ? tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) : z;
}

static int male(int n);

static int female(int n)
{
    return n == 0 ? 1 : n - male(female(n - 1));
}

static int male(int n)
{
    return n == 0 ? 0 : n - female(male(n - 1));
}

static unsigned hanoi(int disks, int from, int to, unsigned moves)
{
    if (disks == 0)
        return moves * 3 + (unsigned)(from ^ to);
    int by = 3 - from - to;
    return hanoi(disks - 1, by, to, hanoi(disks - 1, from, by, moves) + 1);
}

int main(void)
{
    printf("%u\n", ackermann(2, 1500) + ackermann(3, 7));
    printf("%d\n", tak(22, 15, 8));
    printf("%d %d\n", female(150), male(140));
    printf("%u\n", hanoi(22, 0, 2, 0));
    return 0;
}

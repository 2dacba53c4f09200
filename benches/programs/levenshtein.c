/* The distance between words in edits: one row of a table, two compares for each cell. */
#include <stdint.h>
#include <stdio.h>

enum { WORDS = 26, LENGTH = 260 };

static char words[WORDS][LENGTH];
static int lengths[WORDS];

static int distance(int a, int b)
{
    int row[LENGTH + 1];
    for (int j = 0; j <= lengths[b]; j++)
        row[j] = j;
    for (int i = 0; i < lengths[a]; i++) {
        int corner = row[0];
        row[0] = i + 1;
        for (int j = 0; j < lengths[b]; j++) {
            int best = corner + (words[a][i] != words[b][j]);
            corner = row[j + 1];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            row[j + 1] = corner + 1 < best ? corner + 1 : best;
        }
    }
    return row[lengths[b]];
}

int main(void)
{
    uint32_t seed = 9, sum = 0;
    for (int i = 0; i < WORDS; i++) {
        seed = seed * 1664525 + 1013904223;
        lengths[i] = LENGTH - (int)(seed >> 27);
        for (int j = 0; j < lengths[i]; j++)
            words[i][j] = (char)('a' + ((seed = seed * 1664525 + 1013904223) >> 30));
    }
    for (int a = 0; a < WORDS; a++)
        for (int b = 0; b < WORDS; b++)
            sum = sum * 31 + (uint32_t)distance(a, b);
    printf("%u\n", (unsigned)sum);
    return 0;
}

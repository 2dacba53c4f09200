/* Sorting random integers: branches that nobody can predict. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 400000, ROUNDS = 8 };

static void sort(int32_t *low, int32_t *high)
{
    while (high - low > 12) {
        int32_t pivot = low[(high - low) / 2], *i = low, *j = high;
        while (i <= j) {
            while (*i < pivot)
                i++;
            while (*j > pivot)
                j--;
            if (i <= j) {
                int32_t t = *i;
                *i++ = *j;
                *j-- = t;
            }
        }
        sort(low, j);
        low = i;
    }
    for (int32_t *i = low + 1; i <= high; i++) {
        int32_t value = *i, *j = i;
        for (; j > low && j[-1] > value; j--)
            *j = j[-1];
        *j = value;
    }
}

int main(void)
{
    int32_t *values = malloc(COUNT * sizeof *values);
    if (!values)
        return 1;
    uint32_t seed = 1, mix = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < COUNT; i++)
            values[i] = (int32_t)(seed = seed * 1664525 + 1013904223);
        sort(values, values + COUNT - 1);
        for (int i = 1; i < COUNT; i++) {
            if (values[i - 1] > values[i])
                return 1;
            mix = mix * 31 + (uint32_t)values[i];
        }
    }
    printf("%08x\n", (unsigned)mix);
    free(values);
    return 0;
}

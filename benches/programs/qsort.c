/* Sorting with a function for comparisons: three orders of records, a merge sort and a heap sort. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { COUNT = 50000, ROUNDS = 12 };

struct record {
    int32_t number;
    float weight;
    char name[8];
};

typedef int compare(const void *, const void *);

static struct record records[COUNT], sorted[COUNT], spare[COUNT];

static int by_number(const void *a, const void *b)
{
    const struct record *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static int by_weight(const void *a, const void *b)
{
    const struct record *x = a, *y = b;
    return x->weight != y->weight ? (x->weight > y->weight) - (x->weight < y->weight) : by_number(a, b);
}

static int by_name(const void *a, const void *b)
{
    const struct record *x = a, *y = b;
    for (int i = 0; i < 8; i++)
        if (x->name[i] != y->name[i])
            return x->name[i] - y->name[i];
    return by_number(a, b);
}

static void merge_sort(struct record *of, int count, compare *order)
{
    if (count < 2)
        return;
    int half = count / 2, left = 0, right = half;
    merge_sort(of, half, order);
    merge_sort(of + half, count - half, order);
    memcpy(spare, of, (size_t)count * sizeof *of);
    for (int i = 0; i < count; i++)
        if (right == count || (left < half && order(&spare[left], &spare[right]) <= 0))
            of[i] = spare[left++];
        else
            of[i] = spare[right++];
}

static void sink(struct record *heap, int at, int count, compare *order)
{
    struct record sinking = heap[at];
    for (int child; (child = 2 * at + 1) < count; at = child) {
        child += child + 1 < count && order(&heap[child + 1], &heap[child]) > 0;
        if (order(&heap[child], &sinking) <= 0)
            break;
        heap[at] = heap[child];
    }
    heap[at] = sinking;
}

static void heap_sort(struct record *of, int count, compare *order)
{
    for (int i = count / 2; i-- > 0;)
        sink(of, i, count, order);
    while (--count > 0) {
        struct record last = of[count];
        of[count] = of[0];
        of[0] = last;
        sink(of, 0, count, order);
    }
}

int main(void)
{
    static compare *const orders[] = { by_number, by_weight, by_name };
    uint32_t seed = 1, sum = 0;
    for (int i = 0; i < COUNT; i++) {
        seed = seed * 1664525 + 1013904223;
        records[i].number = (int32_t)seed;
        records[i].weight = (float)(seed >> 20);
        for (int k = 0; k < 8; k++)
            records[i].name[k] = (char)('a' + (seed >> (3 * k + 4) & 3));
    }
    for (int round = 0; round < ROUNDS; round++) {
        memcpy(sorted, records, sizeof sorted);
        (round & 1 ? heap_sort : merge_sort)(sorted, COUNT, orders[round % 3]);
        for (int i = 0; i < COUNT; i++)
            sum = sum * 31 + (uint32_t)sorted[i].number;
    }
    printf("%u\n", (unsigned)sum);
    return 0;
}

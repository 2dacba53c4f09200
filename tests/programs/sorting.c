/* Sorting: five algorithms and qsort over integers, doubles, strings and structures; each result is
 * checked for order and for holding what it held before. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 20000, SLOW_N = 1200 };

static uint64_t seed;

static uint32_t next_random(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33);
}

static void insertion_sort(int32_t *a, int n)
{
    for (int i = 1; i < n; i++) {
        int32_t value = a[i];
        int j = i;
        for (; j > 0 && a[j - 1] > value; j--)
            a[j] = a[j - 1];
        a[j] = value;
    }
}

static void shell_sort(int32_t *a, int n)
{
    int gap = 1;
    while (gap < n / 3)
        gap = 3 * gap + 1;
    for (; gap > 0; gap /= 3)
        for (int i = gap; i < n; i++) {
            int32_t value = a[i];
            int j = i;
            for (; j >= gap && a[j - gap] > value; j -= gap)
                a[j] = a[j - gap];
            a[j] = value;
        }
}

static void sift_down(int32_t *a, int root, int n)
{
    int32_t value = a[root];
    for (int child; (child = 2 * root + 1) < n; root = child) {
        child += child + 1 < n && a[child + 1] > a[child];
        if (a[child] <= value)
            break;
        a[root] = a[child];
    }
    a[root] = value;
}

static void heap_sort(int32_t *a, int n)
{
    for (int i = n / 2 - 1; i >= 0; i--)
        sift_down(a, i, n);
    for (int end = n - 1; end > 0; end--) {
        int32_t top = a[0];
        a[0] = a[end];
        a[end] = top;
        sift_down(a, 0, end);
    }
}

static void quick_sort(int32_t *a, int n)
{
    while (n > 16) {
        int32_t x = a[0], y = a[n / 2], z = a[n - 1];
        int32_t pivot = x < y ? (y < z ? y : x < z ? z : x) : (x < z ? x : y < z ? z : y);
        int i = 0, j = n - 1;
        while (i <= j) {
            while (a[i] < pivot)
                i++;
            while (a[j] > pivot)
                j--;
            if (i <= j) {
                int32_t t = a[i];
                a[i++] = a[j];
                a[j--] = t;
            }
        }
        quick_sort(a, j + 1);
        a += i;
        n -= i;
    }
    insertion_sort(a, n);
}

static void merge_sort(int32_t *a, int n)
{
    int32_t *spare = malloc((size_t)n * sizeof *spare), *from = a, *to = spare;
    if (!spare)
        abort();
    for (int width = 1; width < n; width *= 2) {
        for (int start = 0; start < n; start += 2 * width) {
            int middle = start + width < n ? start + width : n;
            int end = start + 2 * width < n ? start + 2 * width : n;
            int left = start, right = middle;
            for (int k = start; k < end; k++)
                to[k] = left < middle && (right >= end || from[left] <= from[right]) ? from[left++] : from[right++];
        }
        int32_t *t = from;
        from = to;
        to = t;
    }
    if (from != a)
        memcpy(a, from, (size_t)n * sizeof *a);
    free(spare);
}

static int compare_ints(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void library_sort(int32_t *a, int n) { qsort(a, (size_t)n, sizeof *a, compare_ints); }

static const struct {
    const char *name;
    void (*sort)(int32_t *, int);
    int limit;
} algorithms[] = {
    { "insertion", insertion_sort, SLOW_N }, { "shell", shell_sort, N }, { "heap", heap_sort, N },
    { "quick", quick_sort, N },              { "merge", merge_sort, N }, { "qsort", library_sort, N },
};

static void fill(int32_t *a, int n, int kind)
{
    for (int i = 0; i < n; i++)
        switch (kind) {
        case 0: a[i] = (int32_t)(next_random() << 1); break;
        case 1: a[i] = i; break;
        case 2: a[i] = -i; break;
        case 3: a[i] = (int32_t)(next_random() % 10); break;
        default: a[i] = i % 2 ? INT32_MAX - i : INT32_MIN + i; break;
        }
}

static void integers(void)
{
    static int32_t a[N];
    for (size_t k = 0; k < sizeof algorithms / sizeof algorithms[0]; k++)
        for (int kind = 0; kind < 5; kind++) {
            int n = algorithms[k].limit;
            seed = 99;
            fill(a, n, kind);
            uint64_t before = 0, after = 0, places = 0;
            for (int i = 0; i < n; i++)
                before += (uint64_t)((int64_t)a[i] * a[i]);
            algorithms[k].sort(a, n);
            int ordered = 1;
            for (int i = 0; i < n; i++) {
                after += (uint64_t)((int64_t)a[i] * a[i]);
                places = places * 31 + (uint32_t)a[i];
                ordered &= i == 0 || a[i - 1] <= a[i];
            }
            printf("%-9s %d: %s %016llx\n", algorithms[k].name, kind, ordered && before == after ? "sorted" : "WRONG",
                   (unsigned long long)places);
        }
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int compare_strings(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct person {
    char name[12];
    uint16_t age;
    float height;
};

static int compare_people(const void *a, const void *b)
{
    const struct person *p = a, *q = b;
    if (p->age != q->age)
        return p->age < q->age ? -1 : 1;
    if (p->height != q->height)
        return p->height > q->height ? -1 : 1;
    return strcmp(p->name, q->name);
}

int main(void)
{
    integers();

    double values[12] = { 3.5, -0.25, 1e300, -1e-300, 0.0, 2.0 / 3, -7, 1e-10, 42, -42.5, 1e10, -1e300 };
    qsort(values, 12, sizeof values[0], compare_doubles);
    for (int i = 0; i < 12; i++)
        printf("%g ", values[i]);
    putchar('\n');

    const char *words[] = { "wasm", "aot", "zebra", "", "Aot", "module", "modules", "mod", "0", "~" };
    qsort(words, 10, sizeof words[0], compare_strings);
    for (int i = 0; i < 10; i++)
        printf("<%s> ", words[i]);
    putchar('\n');

    static struct person people[300];
    seed = 7;
    for (int i = 0; i < 300; i++) {
        snprintf(people[i].name, sizeof people[i].name, "p%03d", i);
        people[i].age = (uint16_t)(20 + next_random() % 40);
        people[i].height = 1.5f + (float)(next_random() % 50) / 100;
    }
    qsort(people, 300, sizeof people[0], compare_people);
    for (int i = 0; i < 300; i += 23)
        printf("%s %d %.2f; ", people[i].name, people[i].age, people[i].height);
    putchar('\n');
    struct person key = people[123], *found = bsearch(&key, people, 300, sizeof key, compare_people);
    printf("found at %d\n", found ? (int)(found - people) : -1);
    return 0;
}

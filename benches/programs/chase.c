/* Records on the heap behind an array of pointers, visited in no order and changed in place. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 1 << 12, VISITS = 15000000 };

struct record {
    struct record *next;
    uint32_t key, visits;
    uint8_t kind;
    int16_t weight;
};

int main(void)
{
    struct record **records = malloc(COUNT * sizeof *records);
    if (!records)
        return 1;
    for (uint32_t i = 0; i < COUNT; i++) {
        records[i] = calloc(1, sizeof **records);
        if (!records[i])
            return 1;
        records[i]->key = i * 2654435761;
        records[i]->kind = (uint8_t)(i % 5);
        records[i]->weight = (int16_t)(i * 31);
    }
    for (uint32_t i = 0; i < COUNT; i++)
        records[i]->next = records[(i * 1597 + 7) % COUNT];
    int64_t sum = 0;
    struct record *at = records[0];
    for (int i = 0; i < VISITS; i++) {
        at->visits++;
        sum += at->kind == 3 ? -at->weight : at->weight;
        at = (at->key ^ at->visits) & 1 ? at->next : records[at->key >> 20];
    }
    printf("%lld %u\n", (long long)sum, at->visits);
    return 0;
}

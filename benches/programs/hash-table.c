/* A hash table with open addresses that grows: insertions, hits, misses and removals. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEYS = 300000, ROUNDS = 4 };

struct slot {
    uint32_t key, value;
};

static struct slot *slots;
static uint32_t mask, used;

static uint32_t home(uint32_t key)
{
    key ^= key >> 16;
    key *= 0x7feb352d;
    key ^= key >> 15;
    return key & mask;
}

static struct slot *find(uint32_t key)
{
    uint32_t at = home(key);
    while (slots[at].key != 0 && slots[at].key != key)
        at = (at + 1) & mask;
    return &slots[at];
}

static void resize(uint32_t size)
{
    struct slot *old = slots;
    uint32_t old_size = old ? mask + 1 : 0;
    slots = calloc(size, sizeof *slots);
    if (!slots)
        abort();
    mask = size - 1;
    for (uint32_t i = 0; i < old_size; i++)
        if (old[i].key != 0)
            *find(old[i].key) = old[i];
    free(old);
}

static void add(uint32_t key, uint32_t value)
{
    if (used * 4 >= mask * 3)
        resize((mask + 1) * 2);
    struct slot *slot = find(key);
    used += slot->key == 0;
    slot->key = key;
    slot->value += value;
}

/* Moves back what had to go past the gap. */
static void take(uint32_t key)
{
    struct slot *slot = find(key);
    if (slot->key == 0)
        return;
    used--;
    uint32_t gap = (uint32_t)(slot - slots), at = gap;
    for (;;) {
        slots[gap] = (struct slot){ 0, 0 };
        do {
            at = (at + 1) & mask;
            if (slots[at].key == 0)
                return;
        } while (((at - home(slots[at].key)) & mask) < ((at - gap) & mask));
        slots[gap] = slots[at];
        gap = at;
    }
}

int main(void)
{
    uint32_t sum = 0;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        free(slots);
        slots = NULL;
        used = 0;
        resize(16);
        for (uint32_t i = 1; i <= KEYS; i++)
            add((i * 2654435761u ^ round) | 1, i);
        for (uint32_t i = 1; i <= KEYS; i += 3)
            take((i * 2654435761u ^ round) | 1);
        for (uint32_t i = 1; i <= 2 * KEYS; i++)
            sum = sum * 31 + find((i * 2654435761u ^ round) | 1)->value;
    }
    printf("%u %u\n", (unsigned)used, (unsigned)sum);
    return 0;
}

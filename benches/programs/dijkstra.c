/* Ways through a grid of costs: Dijkstra's algorithm with a binary heap. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SIDE = 320, PLACES = SIDE * SIDE, ROUNDS = 24 };

static uint8_t cost[PLACES];
static uint32_t distance[PLACES];
static struct entry {
    uint32_t distance, place;
} heap[PLACES * 4];
static int size;

static void push(uint32_t far, uint32_t place)
{
    int at = size++;
    for (; at > 0 && heap[(at - 1) / 2].distance > far; at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = (struct entry){ far, place };
}

static struct entry pop(void)
{
    struct entry top = heap[0], last = heap[--size];
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
        child += child + 1 < size && heap[child + 1].distance < heap[child].distance;
        if (heap[child].distance >= last.distance)
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return top;
}

static void reach(uint32_t far, int place)
{
    far += cost[place];
    if (far < distance[place]) {
        distance[place] = far;
        push(far, (uint32_t)place);
    }
}

int main(void)
{
    uint32_t seed = 2, sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < PLACES; i++)
            cost[i] = (uint8_t)(((seed = seed * 1664525 + 1013904223) >> 25) + 1);
        memset(distance, 0xff, sizeof distance);
        reach(0, 0);
        while (size > 0) {
            struct entry now = pop();
            int place = (int)now.place, x = place % SIDE, y = place / SIDE;
            if (now.distance != distance[place])
                continue;
            if (x > 0)
                reach(now.distance, place - 1);
            if (x < SIDE - 1)
                reach(now.distance, place + 1);
            if (y > 0)
                reach(now.distance, place - SIDE);
            if (y < SIDE - 1)
                reach(now.distance, place + SIDE);
        }
        sum = sum * 31 + distance[PLACES - 1];
    }
    printf("%u\n", (unsigned)sum);
    return 0;
}

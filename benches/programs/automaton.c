/* Elementary cellular automata, 64 cells to a word, and a two-dimensional one (Langton's ants). */
#include <stdint.h>
#include <stdio.h>

enum { WORDS = 1024, STEPS = 20000, SIDE = 256, ANTS = 8, MOVES = 1200000 };

static uint64_t row[WORDS], next[WORDS];
static uint8_t field[SIDE][SIDE];

static void rule(unsigned number)
{
    for (int i = 0; i < WORDS; i++) {
        uint64_t at = row[i], before = row[(i + WORDS - 1) % WORDS], after = row[(i + 1) % WORDS], made = 0;
        uint64_t left = at << 1 | before >> 63, right = at >> 1 | after << 63;
        for (unsigned k = 0; k < 8; k++)
            if (number >> k & 1)
                made |= (k & 4 ? left : ~left) & (k & 2 ? at : ~at) & (k & 1 ? right : ~right);
        next[i] = made;
    }
    for (int i = 0; i < WORDS; i++)
        row[i] = next[i];
}

static void ants(void)
{
    static const int8_t step[4][2] = { { 0, 1 }, { 1, 0 }, { 0, -1 }, { -1, 0 } };
    struct {
        uint8_t x, y, way;
    } all[ANTS];
    for (int i = 0; i < ANTS; i++) {
        all[i].x = (uint8_t)(i * 31 + 9);
        all[i].y = (uint8_t)(i * 57 + 5);
        all[i].way = i & 3;
    }
    for (int move = 0; move < MOVES; move++)
        for (int i = 0; i < ANTS; i++) {
            uint8_t *cell = &field[all[i].y][all[i].x];
            all[i].way = (all[i].way + (*cell ? 3 : 1)) & 3;
            *cell ^= 1;
            all[i].x = (uint8_t)(all[i].x + step[all[i].way][0]);
            all[i].y = (uint8_t)(all[i].y + step[all[i].way][1]);
        }
}

int main(void)
{
    uint32_t sum = 0;
    row[WORDS / 2] = 1;
    for (int i = 0; i < STEPS; i++)
        rule(i & 64 ? 110 : 30);
    ants();
    for (int i = 0; i < WORDS; i++)
        sum = sum * 31 + (uint32_t)(row[i] ^ row[i] >> 32);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            sum = sum * 3 + field[y][x];
    printf("%u\n", (unsigned)sum);
    return 0;
}

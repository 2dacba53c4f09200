/* Sudoku by backtracking: the cell with the fewest candidates first, sets of digits as bits. */
#include <stdint.h>
#include <stdio.h>

static const char *const puzzles[] = {
    "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4..",
    "..............3.85..1.2.......5.7.....4...1...9.......5......73..2.1........4...9",
    "1....7.9..3..2...8..96..5....53..9...1..8...26....4...3......1..4......7..7...3..",
};

static uint16_t rows[9], columns[9], boxes[9];
static uint8_t grid[81];
static unsigned tried;

static void flip(int cell, int digit)
{
    uint16_t bit = (uint16_t)(1 << digit);
    rows[cell / 9] ^= bit;
    columns[cell % 9] ^= bit;
    boxes[cell / 27 * 3 + cell % 9 / 3] ^= bit;
}

static int solve(void)
{
    int best = -1, fewest = 10;
    unsigned candidates = 0;
    for (int cell = 0; cell < 81 && fewest > 1; cell++) {
        if (grid[cell])
            continue;
        unsigned open = 0x3fe & ~(rows[cell / 9] | columns[cell % 9] | boxes[cell / 27 * 3 + cell % 9 / 3]);
        int count = __builtin_popcount(open);
        if (count < fewest) {
            fewest = count;
            best = cell;
            candidates = open;
        }
    }
    if (best < 0)
        return 1;
    for (; candidates; candidates &= candidates - 1) {
        int digit = __builtin_ctz(candidates);
        tried++;
        flip(best, digit);
        grid[best] = (uint8_t)digit;
        if (solve())
            return 1;
        flip(best, digit);
    }
    grid[best] = 0;
    return 0;
}

int main(void)
{
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 9; k++)
            rows[k] = columns[k] = boxes[k] = 0;
        for (int cell = 0; cell < 81; cell++) {
            grid[cell] = puzzles[i][cell] == '.' ? 0 : (uint8_t)(puzzles[i][cell] - '0');
            if (grid[cell])
                flip(cell, grid[cell]);
        }
        printf("%d ", solve());
        for (int cell = 0; cell < 81; cell++)
            putchar('0' + grid[cell]);
        printf(" %u\n", tried);
    }
    return 0;
}

/* Random numbers (xoshiro256**), and what is drawn with them: a quarter circle, walks, shuffles. */
#include <stdint.h>
#include <stdio.h>

enum { DRAWS = 18000000, CARDS = 52, SHUFFLES = 100000 };

static uint64_t state[4] = { 1, 2, 3, 4 };

static uint64_t rotl(uint64_t x, int n)
{
    return x << n | x >> (64 - n);
}

static uint64_t draw(void)
{
    uint64_t result = rotl(state[1] * 5, 7) * 9, shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotl(state[3], 45);
    return result;
}

static double draw_real(void)
{
    return (double)(draw() >> 11) / (double)((uint64_t)1 << 53);
}

static uint32_t draw_below(uint32_t limit)
{
    return (uint32_t)((draw() >> 32) * limit >> 32);
}

int main(void)
{
    uint32_t inside = 0, back = 0;
    int place = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = draw_real(), y = draw_real();
        inside += x * x + y * y < 1;
    }
    for (int i = 0; i < DRAWS; i++) {
        place += draw() & 1 ? 1 : -1;
        back += place == 0;
    }
    uint32_t places[CARDS] = { 0 };
    uint8_t cards[CARDS];
    for (uint8_t i = 0; i < CARDS; i++)
        cards[i] = i;
    for (int i = 0; i < SHUFFLES; i++) {
        for (uint32_t k = CARDS - 1; k > 0; k--) {
            uint32_t other = draw_below(k + 1);
            uint8_t card = cards[k];
            cards[k] = cards[other];
            cards[other] = card;
        }
        places[cards[0]]++;
    }
    printf("%u %d %u %u\n", (unsigned)inside, place, (unsigned)back, (unsigned)places[7]);
    return 0;
}

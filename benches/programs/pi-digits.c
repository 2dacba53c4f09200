/* Digits of pi by Machin's formula on big integers: divisions of 64 bits by 32. */
#include <stdint.h>
#include <stdio.h>

enum { DIGITS = 12000, WORDS = DIGITS * 10 / 96 + 8 };

static uint32_t pi[WORDS], power[WORDS], term[WORDS];

/* Numbers are fractions: the first word is whole. Words before `from` are zero. */
static int divide(uint32_t *out, const uint32_t *in, uint32_t by, int from)
{
    uint64_t rest = 0;
    for (int i = from; i < WORDS; i++) {
        rest = rest << 32 | in[i];
        out[i] = (uint32_t)(rest / by);
        rest %= by;
    }
    while (from < WORDS && out[from] == 0)
        from++;
    return from;
}

static void add(int negative, int from)
{
    uint64_t carry = 0;
    for (int i = WORDS - 1; i >= 0 && (i >= from || carry); i--) {
        uint64_t operand = (i >= from ? term[i] : 0) + carry;
        uint64_t result = negative ? (uint64_t)pi[i] - operand : pi[i] + operand;
        pi[i] = (uint32_t)result;
        carry = result >> 32 & 1;
    }
}

static void add_arctangent(uint32_t factor, uint32_t of, int negative)
{
    for (int i = 0; i < WORDS; i++)
        power[i] = term[i] = 0;
    power[0] = factor * of;
    int from = 0;
    for (uint32_t n = 1; from < WORDS; n += 2, negative ^= 1) {
        from = divide(power, power, of * of, from);
        for (int i = 0; i < from; i++)
            term[i] = 0;
        divide(term, power, n, from);
        add(negative, from);
    }
}

int main(void)
{
    add_arctangent(16, 5, 0);
    add_arctangent(4, 239, 1);
    uint32_t sum = 0;
    for (int i = 0; i < DIGITS / 6; i++) {
        uint64_t carry = 0;
        pi[0] = 0;
        for (int k = WORDS - 1; k > 0; k--) {
            carry += (uint64_t)pi[k] * 1000000;
            pi[k] = (uint32_t)carry;
            carry >>= 32;
        }
        if (i < 4)
            printf("%06u", (unsigned)carry);
        sum = sum * 31 + (uint32_t)carry;
    }
    printf(" %u\n", (unsigned)sum);
    return 0;
}

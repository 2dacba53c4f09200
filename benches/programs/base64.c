/* Base64 and hexadecimal, there and back, by tables. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SIZE = 3 << 15, ROUNDS = 600 };

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static uint8_t data[SIZE], back[SIZE], values[256];
static char text[SIZE * 2];

static void encode(void)
{
    char *out = text;
    for (int i = 0; i < SIZE; i += 3) {
        uint32_t bits = (uint32_t)(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
        for (int shift = 18; shift >= 0; shift -= 6)
            *out++ = digits[bits >> shift & 63];
    }
}

static int decode(void)
{
    uint8_t *out = back;
    for (int i = 0; i < SIZE / 3 * 4; i += 4) {
        uint32_t bits = 0;
        for (int k = 0; k < 4; k++) {
            uint8_t value = values[(uint8_t)text[i + k]];
            if (value > 63)
                return 0;
            bits = bits << 6 | value;
        }
        *out++ = (uint8_t)(bits >> 16);
        *out++ = (uint8_t)(bits >> 8);
        *out++ = (uint8_t)bits;
    }
    return 1;
}

static void hexadecimal(void)
{
    for (int i = 0; i < SIZE; i++) {
        text[2 * i] = "0123456789abcdef"[data[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[data[i] & 15];
    }
    for (int i = 0; i < SIZE; i++) {
        char high = text[2 * i], low = text[2 * i + 1];
        back[i] ^= (uint8_t)((high > '9' ? high - 'a' + 10 : high - '0') << 4 |
                             (low > '9' ? low - 'a' + 10 : low - '0'));
    }
}

int main(void)
{
    uint32_t sum = 0;
    memset(values, 255, sizeof values);
    for (uint8_t i = 0; i < 64; i++)
        values[(uint8_t)digits[i]] = i;
    for (int i = 0; i < SIZE; i++)
        data[i] = (uint8_t)(i * i >> 5);
    for (int round = 0; round < ROUNDS; round++) {
        encode();
        sum = sum * 31 + (uint8_t)text[round * 100] + (uint32_t)decode();
        hexadecimal();
        for (int i = 0; i < SIZE; i++)
            sum += back[i]; /* nothing */
        data[round] ^= (uint8_t)sum;
    }
    printf("%u\n", (unsigned)sum);
    return 0;
}

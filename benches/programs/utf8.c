/* Text as UTF-8: checked byte by byte, decoded, counted by kinds, and encoded again. */
#include <stdint.h>
#include <stdio.h>

enum { POINTS = 150000, ROUNDS = 30 };

static uint8_t text[POINTS * 4];
static uint32_t points[POINTS];

static size_t encode(uint8_t *out, uint32_t point)
{
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return 1;
    }
    size_t more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    static const uint8_t leads[4] = { 0, 0xc0, 0xe0, 0xf0 };
    out[0] = (uint8_t)(leads[more] | point >> 6 * more);
    for (size_t i = 1; i <= more; i++)
        out[i] = (uint8_t)(0x80 | (point >> 6 * (more - i) & 0x3f));
    return more + 1;
}

/* The next code point, or -1 if the bytes are none. */
static int32_t decode(const uint8_t *in, const uint8_t *end, size_t *used)
{
    uint32_t lead = *in, point;
    if (lead < 0x80) {
        *used = 1;
        return (int32_t)lead;
    }
    size_t more = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0;
    if (more == 0 || (size_t)(end - in) <= more)
        return -1;
    point = lead & (0x3f >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((in[i] & 0xc0) != 0x80)
            return -1;
        point = point << 6 | (in[i] & 0x3f);
    }
    static const uint32_t least[4] = { 0, 0x80, 0x800, 0x10000 };
    if (point < least[more] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
        return -1;
    *used = more + 1;
    return (int32_t)point;
}

int main(void)
{
    uint32_t seed = 8, sum = 0;
    for (int i = 0; i < POINTS; i++) {
        seed = seed * 1664525 + 1013904223;
        uint32_t kind = seed >> 29;
        points[i] = kind < 4 ? seed >> 8 & 0x7f : kind < 6 ? seed >> 8 & 0x7ff : seed >> 8 & 0xffff;
        if (kind == 7)
            points[i] += 0x10000;
        else if (points[i] >= 0xd800 && points[i] < 0xe000)
            points[i] = 0xfffd;
    }
    for (int round = 0; round < ROUNDS; round++) {
        size_t size = 0, used = 0;
        for (int i = 0; i < POINTS; i++)
            size += encode(text + size, points[i]);
        text[size / 31 * (size_t)round] ^= 0x80; /* perhaps wrong from now on */
        uint32_t wrong = 0;
        for (size_t at = 0; at < size; at += used) {
            int32_t point = decode(text + at, text + size, &used);
            if (point < 0) {
                wrong++;
                used = 1;
            }
            sum = sum * 31 + (uint32_t)point;
        }
        sum += wrong;
    }
    printf("%u\n", (unsigned)sum);
    return 0;
}

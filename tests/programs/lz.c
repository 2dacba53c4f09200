/* An LZ compressor with a hash-chain match finder, and its decompressor: round trips over several
 * kinds of data, with the sizes and checksums of what comes between. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WINDOW = 1 << 16,
    HASH_BITS = 14,
    MIN_MATCH = 4,
    MAX_CHAIN = 32,
    SIZE = 300000,
};

/* A token byte holds the literal count (high half) and the match length beyond MIN_MATCH (low
 * half); 15 continues in bytes of up to 255. Then the literals, then a two-byte distance. The
 * last token has no match. */

static uint8_t *put_length(uint8_t *out, size_t rest)
{
    for (; rest >= 255; rest -= 255)
        *out++ = 255;
    *out++ = (uint8_t)rest;
    return out;
}

static uint32_t hash4(const uint8_t *p)
{
    uint32_t word;
    memcpy(&word, p, sizeof word);
    return word * 2654435761u >> (32 - HASH_BITS);
}

static uint8_t *put_token(uint8_t *out, const uint8_t *literals, size_t count, size_t match, size_t distance)
{
    size_t extra = match ? match - MIN_MATCH : 0;
    *out++ = (uint8_t)((count < 15 ? count : 15) << 4 | (extra < 15 ? extra : 15));
    if (count >= 15)
        out = put_length(out, count - 15);
    memcpy(out, literals, count);
    out += count;
    if (match) {
        *out++ = (uint8_t)distance;
        *out++ = (uint8_t)(distance >> 8);
        if (extra >= 15)
            out = put_length(out, extra - 15);
    }
    return out;
}

static size_t compress(const uint8_t *in, size_t size, uint8_t *out)
{
    static int32_t head[1 << HASH_BITS], previous[WINDOW];
    memset(head, 0xff, sizeof head);
    uint8_t *start = out;
    size_t literals = 0, at = 0;
    while (at + MIN_MATCH <= size) {
        size_t best = 0, best_distance = 0;
        int32_t candidate = head[hash4(in + at)];
        for (int chain = 0; candidate >= 0 && at - (size_t)candidate < WINDOW && chain < MAX_CHAIN; chain++) {
            const uint8_t *a = in + candidate, *b = in + at;
            size_t length = 0;
            while (at + length < size && a[length] == b[length])
                length++;
            if (length > best) {
                best = length;
                best_distance = at - (size_t)candidate;
            }
            int32_t next = previous[candidate % WINDOW];
            if (next >= candidate)
                break;
            candidate = next;
        }
        size_t step = best >= MIN_MATCH ? best : 1;
        if (best >= MIN_MATCH) {
            out = put_token(out, in + literals, at - literals, best, best_distance);
            literals = at + best;
        }
        for (size_t i = 0; i < step && at + i + MIN_MATCH <= size; i++) {
            uint32_t h = hash4(in + at + i);
            previous[(at + i) % WINDOW] = head[h];
            head[h] = (int32_t)(at + i);
        }
        at += step;
    }
    return (size_t)(put_token(out, in + literals, size - literals, 0, 0) - start);
}

static const uint8_t *get_length(const uint8_t *in, size_t *length)
{
    uint8_t byte;
    do {
        byte = *in++;
        *length += byte;
    } while (byte == 255);
    return in;
}

static size_t decompress(const uint8_t *in, size_t size, uint8_t *out)
{
    const uint8_t *end = in + size;
    uint8_t *start = out;
    for (;;) {
        size_t literals = *in >> 4, match = *in & 15;
        in++;
        if (literals == 15)
            in = get_length(in, &literals);
        memcpy(out, in, literals);
        in += literals;
        out += literals;
        if (in >= end)
            return (size_t)(out - start);
        size_t distance = in[0] | (size_t)in[1] << 8;
        in += 2;
        if (match == 15)
            in = get_length(in, &match);
        for (match += MIN_MATCH; match > 0; match--, out++)
            *out = out[-(ptrdiff_t)distance]; /* may overlap: one byte at a time */
    }
}

static uint32_t adler(const uint8_t *data, size_t size)
{
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < size; i++) {
        a = (a + data[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

static uint32_t seed;

static uint32_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

static void fill(uint8_t *data, const char *kind)
{
    static const char *const words[] = { "runtime ", "module ",  "table ",  "memory ", "function ", "of ",
                                         "the ",     "section ", "offset ", "value ",  "is ",       "\n" };
    seed = 2463534242u;
    for (size_t i = 0; i < SIZE;) {
        if (!strcmp(kind, "words")) {
            for (const char *w = words[next_random() % 12]; *w && i < SIZE; w++)
                data[i++] = (uint8_t)*w;
        } else if (!strcmp(kind, "zeros")) {
            data[i++] = 0;
        } else if (!strcmp(kind, "noise")) {
            data[i++] = (uint8_t)next_random();
        } else if (!strcmp(kind, "ramp")) {
            data[i] = (uint8_t)(i / 7 + (i >> 9)), i++;
        } else {
            data[i++] = "AC"[next_random() >> 31] ^ (next_random() % 16 == 0 ? 4 : 0);
        }
    }
}

int main(void)
{
    static const char *const kinds[] = { "words", "zeros", "noise", "ramp", "bases" };
    uint8_t *plain = malloc(SIZE), *packed = malloc(SIZE + SIZE / 16 + 64), *back = malloc(SIZE);
    if (!plain || !packed || !back)
        return 1;
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        fill(plain, kinds[k]);
        for (size_t size = SIZE, round = 0; round < 3; size /= 97, round++) {
            size_t packed_size = compress(plain, size, packed);
            memset(back, 0x55, SIZE);
            size_t back_size = decompress(packed, packed_size, back);
            printf("%-6s %6u -> %6u (%08x) -> %6u %s\n", kinds[k], (unsigned)size, (unsigned)packed_size,
                   (unsigned)adler(packed, packed_size), (unsigned)back_size,
                   back_size == size && !memcmp(plain, back, size) ? "same" : "DIFFERENT");
        }
    }
    free(plain);
    free(packed);
    free(back);
    return 0;
}

/* Words looked for in a text in three ways: by skips (Horspool), by a table of prefixes (Knuth,
 * Morris, Pratt), and by sums that roll (Rabin, Karp). */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SIZE = 1 << 19, WORDS = 12, ROUNDS = 3 };

static uint8_t text[SIZE + 1];

static uint32_t by_skips(const uint8_t *word, size_t length)
{
    size_t skip[256];
    uint32_t found = 0;
    for (int c = 0; c < 256; c++)
        skip[c] = length;
    for (size_t i = 0; i + 1 < length; i++)
        skip[word[i]] = length - 1 - i;
    for (size_t at = 0; at + length <= SIZE; at += skip[text[at + length - 1]]) {
        size_t i = length;
        while (i > 0 && text[at + i - 1] == word[i - 1])
            i--;
        found += i == 0;
    }
    return found;
}

static uint32_t by_prefixes(const uint8_t *word, size_t length)
{
    size_t back[32] = { 0 };
    uint32_t found = 0;
    for (size_t i = 1, k = 0; i < length; i++) {
        while (k > 0 && word[i] != word[k])
            k = back[k - 1];
        k += word[i] == word[k];
        back[i] = k;
    }
    for (size_t at = 0, k = 0; at < SIZE; at++) {
        while (k > 0 && text[at] != word[k])
            k = back[k - 1];
        k += text[at] == word[k];
        if (k == length) {
            found++;
            k = back[k - 1];
        }
    }
    return found;
}

static uint32_t by_sums(const uint8_t *word, size_t length)
{
    const uint32_t base = 16777619;
    uint32_t sum = 0, wanted = 0, top = 1, found = 0;
    for (size_t i = 0; i < length; i++) {
        wanted = wanted * base + word[i];
        sum = sum * base + text[i];
        top *= base;
    }
    for (size_t at = 0; at + length <= SIZE; at++) {
        found += sum == wanted && memcmp(text + at, word, length) == 0;
        sum = sum * base + text[at + length] - top * text[at];
    }
    return found;
}

int main(void)
{
    uint32_t seed = 6, sum = 0;
    for (int i = 0; i < SIZE; i++) {
        seed = seed * 1664525 + 1013904223;
        text[i] = (uint8_t)"etaoinshrdlu    "[seed >> 28 & seed >> 24];
    }
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < WORDS; i++) {
            size_t length = 3 + (size_t)i;
            const uint8_t *word = text + SIZE / WORDS * i + 1000 * round;
            uint32_t skips = by_skips(word, length), prefixes = by_prefixes(word, length);
            uint32_t sums = by_sums(word, length);
            if (prefixes != sums || skips > sums)
                return 1;
            sum = sum * 31 + skips + prefixes;
        }
    printf("%u\n", (unsigned)sum);
    return 0;
}

/* AES-128 in counter mode, four tables of 1 KB made at the start. */
#include <stdint.h>
#include <stdio.h>

enum { BLOCKS = 1200000 };

static uint8_t box[256];
static uint32_t table[4][256], schedule[44];

static uint8_t twice(uint8_t x)
{
    return (uint8_t)(x << 1 ^ (x & 0x80 ? 0x1b : 0));
}

static uint32_t rotate(uint32_t x, int n)
{
    return x << n | x >> (32 - n);
}

static void make_tables(void)
{
    uint8_t p = 1, q = 1;
    do { /* q is the inverse of p: p is multiplied by 3 while q is divided by it */
        p ^= twice(p);
        q ^= (uint8_t)(q << 1);
        q ^= (uint8_t)(q << 2);
        q ^= (uint8_t)(q << 4);
        q ^= q & 0x80 ? 0x09 : 0;
        uint32_t q2 = q * 0x0101u;
        box[p] = (uint8_t)(q ^ q2 >> 7 ^ q2 >> 6 ^ q2 >> 5 ^ q2 >> 4 ^ 0x63);
    } while (p != 1);
    box[0] = 0x63;
    for (int i = 0; i < 256; i++) {
        uint32_t s = box[i], s2 = twice(box[i]);
        table[0][i] = s2 << 24 | s << 16 | s << 8 | (s2 ^ s);
        for (int k = 1; k < 4; k++)
            table[k][i] = rotate(table[0][i], 32 - 8 * k);
    }
}

static uint32_t substitute(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    return (uint32_t)box[a >> 24] << 24 | (uint32_t)box[b >> 16 & 255] << 16 |
           (uint32_t)box[c >> 8 & 255] << 8 | box[d & 255];
}

static void expand_key(void)
{
    uint8_t constant = 1;
    for (uint32_t i = 0; i < 44; i++) {
        uint32_t word = i < 4 ? 0x2b7e1516 * (i + 1) : schedule[i - 1];
        if (i >= 4 && i % 4 == 0) {
            word = rotate(word, 8);
            word = substitute(word, word, word, word) ^ (uint32_t)constant << 24;
            constant = twice(constant);
        }
        schedule[i] = i < 4 ? word : schedule[i - 4] ^ word;
    }
}

static void encrypt(uint32_t block[4])
{
    uint32_t s[4], t[4];
    for (int i = 0; i < 4; i++)
        s[i] = block[i] ^ schedule[i];
    for (int round = 1; round < 10; round++) {
        for (int i = 0; i < 4; i++)
            t[i] = table[0][s[i] >> 24] ^ table[1][s[(i + 1) % 4] >> 16 & 255] ^
                   table[2][s[(i + 2) % 4] >> 8 & 255] ^ table[3][s[(i + 3) % 4] & 255] ^
                   schedule[4 * round + i];
        for (int i = 0; i < 4; i++)
            s[i] = t[i];
    }
    for (int i = 0; i < 4; i++)
        block[i] = substitute(s[i], s[(i + 1) % 4], s[(i + 2) % 4], s[(i + 3) % 4]) ^ schedule[40 + i];
}

int main(void)
{
    uint32_t sum[4] = { 0 };
    make_tables();
    expand_key();
    for (uint32_t n = 0; n < BLOCKS; n++) {
        uint32_t block[4] = { 0x01020304, 0x05060708, 0x090a0b0c, n };
        encrypt(block);
        for (int i = 0; i < 4; i++)
            sum[i] = rotate(sum[i], 1) ^ block[i];
    }
    printf("%08x%08x%08x%08x\n", (unsigned)sum[0], (unsigned)sum[1], (unsigned)sum[2], (unsigned)sum[3]);
    return 0;
}

/* Huffman coding: counts, a tree by two queues, codes, a bit stream, and its decoding by a walk. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SIZE = 1 << 18, ROUNDS = 12 };

struct node {
    uint32_t weight;
    int child[2];
};

static struct node nodes[511];
static uint8_t text[SIZE], decoded[SIZE], packed[SIZE * 2];
static uint32_t codes[256];
static uint8_t lengths[256];

static int by_weight(int root, uint32_t *code, int length)
{
    if (root < 256) {
        codes[root] = *code;
        lengths[root] = (uint8_t)length;
        return length;
    }
    int deepest = 0;
    for (int side = 0; side < 2; side++) {
        uint32_t below = *code | (uint32_t)side << length;
        int depth = by_weight(nodes[root].child[side], &below, length + 1);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

static int make_tree(void)
{
    int leaves[256], count = 0, first = 0, made = 256, joined = 256;
    memset(nodes, 0, sizeof nodes);
    for (int i = 0; i < SIZE; i++)
        nodes[text[i]].weight++;
    for (int symbol = 0; symbol < 256; symbol++) {
        if (nodes[symbol].weight == 0)
            continue;
        int at = count++;
        for (; at > 0 && nodes[leaves[at - 1]].weight > nodes[symbol].weight; at--)
            leaves[at] = leaves[at - 1];
        leaves[at] = symbol;
    }
    while (count - first + made - joined > 1) {
        for (int side = 0; side < 2; side++) {
            int leaf = first < count && (joined == made || nodes[leaves[first]].weight <= nodes[joined].weight);
            nodes[made].child[side] = leaf ? leaves[first++] : joined++;
            nodes[made].weight += nodes[nodes[made].child[side]].weight;
        }
        made++;
    }
    return made - 1;
}

static size_t encode(void)
{
    uint64_t bits = 0;
    int have = 0;
    size_t out = 0;
    for (int i = 0; i < SIZE; i++) {
        bits |= (uint64_t)codes[text[i]] << have;
        for (have += lengths[text[i]]; have >= 8; have -= 8, bits >>= 8)
            packed[out++] = (uint8_t)bits;
    }
    packed[out++] = (uint8_t)bits;
    return out;
}

static void decode(int root)
{
    size_t bit = 0;
    for (int i = 0; i < SIZE; i++) {
        int at = root;
        for (; at >= 256; bit++)
            at = nodes[at].child[packed[bit / 8] >> bit % 8 & 1];
        decoded[i] = (uint8_t)at;
    }
}

int main(void)
{
    uint32_t seed = 1, sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SIZE; i++) {
            seed = seed * 1664525 + 1013904223;
            text[i] = (uint8_t)((seed >> 28) * (seed >> 24 & 15) + (seed >> 22 & 3));
        }
        int root = make_tree();
        uint32_t code = 0;
        int deepest = by_weight(root, &code, 0);
        size_t size = encode();
        decode(root);
        sum = sum * 31 + (uint32_t)size + (uint32_t)deepest + (uint32_t)memcmp(text, decoded, SIZE);
    }
    printf("%u\n", (unsigned)sum);
    return 0;
}

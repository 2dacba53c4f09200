/* A balanced tree of keys: insertions, removals and look-ups by recursion and rotation. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEYS = 60000, ROUNDS = 2 };

struct node {
    struct node *child[2];
    uint32_t key;
    int height;
};

static int height(const struct node *node)
{
    return node ? node->height : 0;
}

static void measure(struct node *node)
{
    int left = height(node->child[0]), right = height(node->child[1]);
    node->height = 1 + (left > right ? left : right);
}

static struct node *rotate(struct node *node, int up)
{
    struct node *top = node->child[up];
    node->child[up] = top->child[!up];
    top->child[!up] = node;
    measure(node);
    measure(top);
    return top;
}

static struct node *balance(struct node *node)
{
    measure(node);
    int lean = height(node->child[1]) - height(node->child[0]);
    if (lean >= -1 && lean <= 1)
        return node;
    int heavy = lean > 0;
    struct node *child = node->child[heavy];
    if (height(child->child[!heavy]) > height(child->child[heavy]))
        node->child[heavy] = rotate(child, !heavy);
    return rotate(node, heavy);
}

static struct node *insert(struct node *node, uint32_t key)
{
    if (!node) {
        node = calloc(1, sizeof *node);
        if (!node)
            abort();
        node->key = key;
        node->height = 1;
        return node;
    }
    if (key == node->key)
        return node;
    int side = key > node->key;
    node->child[side] = insert(node->child[side], key);
    return balance(node);
}

static struct node *take_least(struct node *node, struct node **least)
{
    if (!node->child[0]) {
        *least = node;
        return node->child[1];
    }
    node->child[0] = take_least(node->child[0], least);
    return balance(node);
}

static struct node *take(struct node *node, uint32_t key)
{
    if (!node)
        return NULL;
    if (key != node->key) {
        int side = key > node->key;
        node->child[side] = take(node->child[side], key);
        return balance(node);
    }
    struct node *left = node->child[0], *right = node->child[1], *least = left;
    free(node);
    if (!right)
        return left;
    right = take_least(right, &least);
    least->child[0] = left;
    least->child[1] = right;
    return balance(least);
}

static int has(const struct node *node, uint32_t key)
{
    while (node && node->key != key)
        node = node->child[key > node->key];
    return node != NULL;
}

int main(void)
{
    struct node *root = NULL;
    uint32_t seed = 1, found = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < KEYS; i++)
            root = insert(root, (seed = seed * 1664525 + 1013904223) >> 12);
        for (uint32_t key = 0; key < 1 << 20; key += 3)
            found += (uint32_t)has(root, key);
        for (int i = 0; i < KEYS; i++)
            root = take(root, (seed = seed * 22695477 + 1) >> 12);
        printf("%u %d %u\n", (unsigned)found, root->height, (unsigned)root->key);
    }
    return 0;
}

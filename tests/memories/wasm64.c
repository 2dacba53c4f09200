// A program with 64-bit pointers and without a C library: a tree, calls through a table, memory that grows, and
// bytes beyond the first megabytes. On this machine, it prints the result of the same computation.

#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(#name)))
#else
#include <stdio.h>
#include <stdlib.h>
#define EXPORT(name)
#endif

typedef unsigned char byte;
typedef unsigned long word;

_Static_assert(sizeof(void *) == 8, "pointers have 64 bits");

#ifdef __wasm__
extern byte __heap_base;

static byte *top;

static void *allocate(word bytes) {
    if (!top)
        top = &__heap_base;
    word start = ((word)top + 15) & ~15ul;
    word end = start + bytes;
    word size = __builtin_wasm_memory_size(0) << 16;
    if (end > size && __builtin_wasm_memory_grow(0, (end - size + 65535) >> 16) == ~0ul)
        __builtin_trap();
    top = (byte *)end;
    return (void *)start;
}
#else
static void *allocate(word bytes) {
    return malloc(bytes);
}
#endif

struct node {
    struct node *left, *right;
    word key;
};

static struct node *insert(struct node *tree, word key) {
    if (!tree) {
        tree = allocate(sizeof *tree);
        tree->left = tree->right = 0;
        tree->key = key;
    } else if (key < tree->key) {
        tree->left = insert(tree->left, key);
    } else {
        tree->right = insert(tree->right, key);
    }
    return tree;
}

static word walk(const struct node *tree, word depth) {
    if (!tree)
        return 0;
    return walk(tree->left, depth + 1) + tree->key * depth + walk(tree->right, depth + 1);
}

static word sum(word a, word b) {
    return a + b;
}

static word product(word a, word b) {
    return a * (b | 1);
}

static word difference(word a, word b) {
    return a ^ b;
}

typedef word operation(word, word);

static operation *const operations[] = {sum, product, difference};

#define BYTES 3000000ul

EXPORT(run)
word run(word count) {
    unsigned random = 12345;
    struct node *tree = 0;
    word mixed = 1;
    for (word i = 0; i < count; i++) {
        random = random * 1103515245u + 12345u;
        tree = insert(tree, random >> 8);
        mixed = operations[(random >> 16) % 3](mixed, i);
    }
    byte *bytes = allocate(BYTES);
    for (word i = 0; i < BYTES; i++)
        bytes[i] = (byte)(i * 7);
    for (word i = 0; i < BYTES / 3; i++)
        bytes[BYTES / 2 + i] += bytes[i];
    word hash = 0;
    for (word i = 0; i < BYTES; i++)
        hash = hash * 31 + bytes[i];
    return walk(tree, 1) ^ mixed ^ hash;
}

#ifndef __wasm__
int main(void) {
    printf("%ld\n", (long)run(2000));
    return 0;
}
#endif

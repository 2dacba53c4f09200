/* Words in a tree of letters, and a list of them that is cut up, joined and copied: an allocator with
 * blocks of many sizes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 60000, KEPT = 4096, ROUNDS = 2 };

struct node {
    struct node *next, *child;
    uint32_t count;
    char letter;
};

static char *kept[KEPT];

static void *need(void *block)
{
    if (!block)
        abort();
    return block;
}

static struct node *child_of(struct node *node, char letter)
{
    struct node *child = node->child;
    while (child && child->letter != letter)
        child = child->next;
    if (!child) {
        child = need(calloc(1, sizeof *child));
        child->letter = letter;
        child->next = node->child;
        node->child = child;
    }
    return child;
}

static uint32_t sum_up(const struct node *node, uint32_t depth)
{
    uint32_t sum = node->count * depth;
    for (const struct node *child = node->child; child; child = child->next)
        sum += sum_up(child, depth + 1);
    return sum;
}

static void cut_down(struct node *node)
{
    for (struct node *child = node->child, *next; child; child = next) {
        next = child->next;
        cut_down(child);
    }
    free(node);
}

int main(void)
{
    uint32_t seed = 1, sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct node *root = need(calloc(1, sizeof *root));
        for (int i = 0; i < WORDS; i++) {
            char word[16];
            size_t length = 0;
            do {
                seed = seed * 1664525 + 1013904223;
                word[length++] = (char)('a' + (seed >> 28) % 11);
            } while (length < 15 && seed >> 16 & 7);
            word[length] = 0;

            struct node *node = root;
            for (size_t k = 0; k < length; k++)
                node = child_of(node, word[k]);
            node->count++;

            char **place = &kept[(seed >> 8) % KEPT];
            size_t before = *place ? strlen(*place) : 0;
            if (before > 100) {
                sum = sum * 31 + (uint8_t)(*place)[before / 2];
                free(*place);
                *place = NULL;
                before = 0;
            }
            *place = need(realloc(*place, before + length + 1));
            memcpy(*place + before, word, length + 1);
        }
        sum = sum * 31 + sum_up(root, 0);
        cut_down(root);
    }
    for (int i = 0; i < KEPT; i++) {
        sum = sum * 31 + (kept[i] ? (uint32_t)strlen(kept[i]) : 0);
        free(kept[i]);
    }
    printf("%u\n", (unsigned)sum);
    return 0;
}

/* Many small trees made, walked and freed: an allocator at work, pointers, recursion. */
#include <stdio.h>
#include <stdlib.h>

enum { SHALLOW = 4, DEEP = 15 };

struct node {
    struct node *left, *right;
};

static struct node *make(int depth)
{
    struct node *node = malloc(sizeof *node);
    if (!node)
        abort();
    node->left = depth > 0 ? make(depth - 1) : NULL;
    node->right = depth > 0 ? make(depth - 1) : NULL;
    return node;
}

static unsigned count(const struct node *node)
{
    return node->left ? 1 + count(node->left) + count(node->right) : 1;
}

static void unmake(struct node *node)
{
    if (node->left) {
        unmake(node->left);
        unmake(node->right);
    }
    free(node);
}

int main(void)
{
    struct node *lasting = make(DEEP);
    for (int depth = SHALLOW; depth <= DEEP; depth += 2) {
        unsigned nodes = 0;
        for (int i = 0; i < 1 << (DEEP - depth + SHALLOW); i++) {
            struct node *tree = make(depth);
            nodes += count(tree);
            unmake(tree);
        }
        printf("%d: %u\n", depth, nodes);
    }
    printf("lasting: %u\n", count(lasting));
    unmake(lasting);
    return 0;
}

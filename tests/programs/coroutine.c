/* Coroutines without setjmp: each is a function that resumes at the line it left, by a switch whose
 * cases sit inside its loops. Wasm sees control flow that enters loops in the middle. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define BEGIN(c) switch ((c)->line) { case 0:
#define YIELD(c) do { (c)->line = __LINE__; return 1; case __LINE__:; } while (0)
#define END(c) } (c)->line = -1; return 0

struct counter {
    int line, i, j, value;
};

/* The pairs below the diagonal, row by row. */
static int pairs(struct counter *c, int limit)
{
    BEGIN(c);
    for (c->i = 0; c->i < limit; c->i++) {
        if (c->i % 3 == 1)
            continue;
        for (c->j = 0; c->j < c->i; c->j++) {
            c->value = c->i * 100 + c->j;
            YIELD(c);
        }
    }
    c->value = -1;
    YIELD(c);
    END(c);
}

struct collatz {
    int line;
    uint32_t n;
};

static int collatz(struct collatz *c)
{
    BEGIN(c);
    while (c->n != 1) {
        YIELD(c);
        if (c->n & 1) {
            c->n = 3 * c->n + 1;
            YIELD(c);
        }
        c->n /= 2;
    }
    END(c);
}

/* A tree walk that keeps its own stack between two resumptions. */
struct tree {
    struct tree *left, *right;
    int key;
};

struct walk {
    int line, depth;
    struct tree *stack[64], *at;
};

static int in_order(struct walk *w, int *key)
{
    BEGIN(w);
    while (w->at || w->depth) {
        while (w->at) {
            w->stack[w->depth++] = w->at;
            w->at = w->at->left;
        }
        w->at = w->stack[--w->depth];
        *key = w->at->key;
        YIELD(w);
        w->at = w->at->right;
    }
    END(w);
}

static struct tree *insert(struct tree *t, int key)
{
    if (!t) {
        t = calloc(1, sizeof *t);
        if (!t)
            abort();
        t->key = key;
    } else if (key < t->key) {
        t->left = insert(t->left, key);
    } else if (key > t->key) {
        t->right = insert(t->right, key);
    }
    return t;
}

static void release(struct tree *t)
{
    if (t) {
        release(t->left);
        release(t->right);
        free(t);
    }
}

/* Do the trees hold the same keys, whatever their shapes? */
static int same_fringe(struct tree *a, struct tree *b)
{
    struct walk wa = { .at = a }, wb = { .at = b };
    for (;;) {
        int ka = 0, kb = 0;
        int more_a = in_order(&wa, &ka), more_b = in_order(&wb, &kb);
        if (more_a != more_b || (more_a && ka != kb))
            return 0;
        if (!more_a)
            return 1;
    }
}

int main(void)
{
    struct counter c = { 0 };
    while (pairs(&c, 8))
        printf("%d ", c.value);
    putchar('\n');

    /* Round robin over several at once. */
    struct collatz all[6] = { { 0, 6 }, { 0, 7 }, { 0, 27 }, { 0, 97 }, { 0, 871 }, { 0, 1 } };
    int turns[6] = { 0 }, alive = 6;
    uint32_t largest[6] = { 0 };
    while (alive) {
        alive = 0;
        for (int i = 0; i < 6; i++) {
            if (all[i].line < 0)
                continue;
            largest[i] = all[i].n > largest[i] ? all[i].n : largest[i];
            int more = collatz(&all[i]);
            alive += more;
            turns[i] += more;
        }
    }
    for (int i = 0; i < 6; i++)
        printf("%d: %d turns, largest %u\n", i, turns[i], (unsigned)largest[i]);

    struct tree *up = NULL, *mixed = NULL, *other = NULL;
    for (int i = 0; i < 50; i++) {
        up = insert(up, i);
        mixed = insert(mixed, i * 37 % 50);
        other = insert(other, i * 37 % 50 + (i == 20));
    }
    printf("same fringe: %d, other fringe: %d\n", same_fringe(up, mixed), same_fringe(up, other));
    release(up);
    release(mixed);
    release(other);
    return 0;
}

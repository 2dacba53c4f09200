/* Regular expressions compiled to a machine whose states are followed all at once. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { STATES = 64, SIZE = 800000, ANY = 256, SPLIT, MATCH };

struct state {
    int what, next, other;
};

static struct state states[STATES];
static int made, marks[STATES], mark;
static char text[SIZE];
static const char *at;

struct piece {
    int start, end; /* what comes after is written to the end's `next` */
};

static int add(int what, int next, int other)
{
    states[made] = (struct state){ what, next, other };
    return made++;
}

static struct piece alternatives(void);

static struct piece item(void)
{
    struct piece piece;
    if (*at == '(') {
        at++;
        piece = alternatives();
        at++;
    } else {
        piece.start = piece.end = add(*at == '.' ? ANY : *at, -1, -1);
        at++;
    }
    for (; *at == '*' || *at == '+' || *at == '?'; at++) {
        int end = add(SPLIT, -1, -1), split = add(SPLIT, piece.start, end);
        states[piece.end].next = *at == '?' ? end : split;
        piece = (struct piece){ *at == '+' ? piece.start : split, end };
    }
    return piece;
}

static struct piece sequence(void)
{
    struct piece whole = item();
    while (*at && *at != '|' && *at != ')') {
        struct piece next = item();
        states[whole.end].next = next.start;
        whole.end = next.end;
    }
    return whole;
}

static struct piece alternatives(void)
{
    struct piece whole = sequence();
    while (*at == '|') {
        at++;
        struct piece other = sequence();
        int end = add(SPLIT, -1, -1);
        states[whole.end].next = states[other.end].next = end;
        whole = (struct piece){ add(SPLIT, whole.start, other.start), end };
    }
    return whole;
}

static int enter(int *list, int count, int state)
{
    if (state < 0 || marks[state] == mark)
        return count;
    marks[state] = mark;
    if (states[state].what == SPLIT)
        return enter(list, enter(list, count, states[state].next), states[state].other);
    list[count] = state;
    return count + 1;
}

/* How many places of the text a match ends at. */
static uint32_t matches(int start)
{
    int lists[2][STATES], count = 0;
    uint32_t found = 0;
    for (int i = 0; i < SIZE; i++) {
        int *now = lists[i & 1], *next = lists[~i & 1], next_count = 0;
        count = enter(now, count, start);
        mark++;
        for (int k = 0; k < count; k++) {
            const struct state *state = &states[now[k]];
            if (state->what == text[i] || state->what == ANY)
                next_count = enter(next, next_count, state->next);
            found += state->what == MATCH;
        }
        count = next_count;
    }
    return found;
}

int main(void)
{
    static const char *const patterns[] = {
        "(a|b)*c(d|e)+a", "a.*e.b", "(ab|cd|ea)+(b|c)?d", "((a?b)*(c|de)+)*e", "a?a?a?a?a?a?aaaaaa", "(.a|b.)*c",
    };
    uint32_t seed = 1, sum = 0;
    for (int i = 0; i < SIZE; i++)
        text[i] = "abcde"[(seed = seed * 1664525 + 1013904223) % 1000 / 200];
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        made = 0;
        mark++;
        memset(marks, 0, sizeof marks);
        at = patterns[i];
        struct piece whole = alternatives();
        states[whole.end].next = add(MATCH, -1, -1);
        uint32_t found = matches(whole.start);
        printf("%s: %u\n", patterns[i], (unsigned)found);
        sum = sum * 31 + found;
    }
    printf("%u\n", (unsigned)sum);
    return 0;
}

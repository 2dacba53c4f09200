/* Regular expressions matched by backtracking over their text: recursion on short strings. */
#include <stdio.h>
#include <string.h>

enum { SIZE = 3000, ROUNDS = 130 };

static char text[SIZE + 1];
static const char *const patterns[] = {
    "a*b*c*d", "[a-c]+d[^ab]+e", "^.*abc.*cba", "(ab|ba)+c", "d?e?d?e?(a|bc|cab)*ee", "(a|b|c)*ddd",
};

static const char *match_here(const char *re, const char *re_end, const char *s);

/* The end of the item at the start of an expression. */
static const char *item_end(const char *re)
{
    if (*re == '[')
        return strchr(re, ']') + 1;
    if (*re == '(')
        for (int depth = 0;;) {
            depth += (*re == '(') - (*re == ')');
            re++;
            if (depth == 0)
                return re;
        }
    return re + 1;
}

static int in_class(const char *re, char c)
{
    int negated = *++re == '^';
    int found = 0;
    for (re += negated; *re != ']'; re++) {
        if (re[1] == '-' && re[2] != ']') {
            found |= re[0] <= c && c <= re[2];
            re += 2;
        } else {
            found |= *re == c;
        }
    }
    return found != negated;
}

/* The end of what one item matches, or none; of alternatives the first. */
static const char *match_item(const char *re, const char *re_end, const char *s)
{
    if (*re == '(') {
        for (const char *start = re + 1; start < re_end;) {
            const char *end = start;
            while (end < re_end - 1 && *end != '|')
                end = item_end(end);
            const char *matched = match_here(start, end, s);
            if (matched)
                return matched;
            start = end + 1;
        }
        return NULL;
    }
    if (*s == 0 || (*re == '[' ? !in_class(re, *s) : *re != '.' && *re != *s))
        return NULL;
    return s + 1;
}

/* As many rounds of an item as can be, then fewer, until the rest matches, too. */
static const char *match_many(const char *re, const char *re_end, const char *s, int most, const char *rest,
                              const char *rest_end)
{
    const char *after = most > 0 ? match_item(re, re_end, s) : NULL;
    if (after && after > s) {
        const char *matched = match_many(re, re_end, after, most - 1, rest, rest_end);
        if (matched)
            return matched;
    }
    return match_here(rest, rest_end, s);
}

static const char *match_here(const char *re, const char *re_end, const char *s)
{
    if (re == re_end)
        return s;
    const char *end = item_end(re);
    char repeat = end < re_end ? *end : 0;
    if (repeat == '*' || repeat == '?')
        return match_many(re, end, s, repeat == '?' ? 1 : 60, end + 1, re_end);
    const char *after = match_item(re, end, s);
    if (!after)
        return NULL;
    if (repeat == '+')
        return match_many(re, end, after, 60, end + 1, re_end);
    return match_here(end, re_end, after);
}

int main(void)
{
    unsigned seed = 1, found = 0, length = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SIZE; i++)
            text[i] = "abcde"[(seed = seed * 1664525 + 1013904223) % 1000 / 200];
        for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
            const char *re = patterns[i];
            int anchored = *re == '^';
            re += anchored;
            for (const char *s = text; *s; s++) {
                const char *end = match_here(re, re + strlen(re), s);
                found += end != NULL;
                length += end ? (unsigned)(end - s) : 0;
                if (anchored && s - text > 200)
                    break;
            }
        }
    }
    printf("%u %u\n", found, length);
    return 0;
}

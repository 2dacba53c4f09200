/* A JSON parser and printer: recursive descent into a tree of heap nodes, printed back in two
 * layouts, with errors reported by offset. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct node {
    enum kind kind;
    bool truth;
    double number;
    char *text;         /* of a string */
    char *key;          /* of a member of an object */
    struct node *first; /* of an array or an object */
    struct node *next;
};

struct parser {
    const char *start, *at;
    const char *error;
    int depth;
};

enum { MAX_DEPTH = 200 };

static void *allocate(size_t size)
{
    void *p = calloc(1, size);
    if (!p)
        abort();
    return p;
}

static void release(struct node *n)
{
    while (n) {
        struct node *next = n->next;
        release(n->first);
        free(n->text);
        free(n->key);
        free(n);
        n = next;
    }
}

static void skip_space(struct parser *p)
{
    while (*p->at == ' ' || *p->at == '\n' || *p->at == '\t' || *p->at == '\r')
        p->at++;
}

static bool fail(struct parser *p, const char *error)
{
    if (!p->error)
        p->error = error;
    return false;
}

static int hex4(const char *s)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        char c = s[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static char *put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xc0 | c >> 6);
        *out++ = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        *out++ = (char)(0xe0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 63));
        *out++ = (char)(0x80 | (c & 63));
    } else {
        *out++ = (char)(0xf0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 63));
        *out++ = (char)(0x80 | (c >> 6 & 63));
        *out++ = (char)(0x80 | (c & 63));
    }
    return out;
}

static bool parse_string(struct parser *p, char **result)
{
    if (*p->at != '"')
        return fail(p, "a string was expected");
    p->at++;
    /* No escape is shorter than what it stands for. */
    const char *end = p->at;
    while (*end && *end != '"')
        end += end[0] == '\\' && end[1] ? 2 : 1;
    if (!*end)
        return fail(p, "the string does not end");
    char *text = allocate((size_t)(end - p->at) + 1), *out = text;
    *result = text;
    while (p->at < end) {
        char c = *p->at++;
        if ((unsigned char)c < 0x20)
            return fail(p, "a control character in a string");
        if (c != '\\') {
            *out++ = c;
            continue;
        }
        switch (c = *p->at++) {
        case '"':
        case '\\':
        case '/': *out++ = c; break;
        case 'b': *out++ = '\b'; break;
        case 'f': *out++ = '\f'; break;
        case 'n': *out++ = '\n'; break;
        case 'r': *out++ = '\r'; break;
        case 't': *out++ = '\t'; break;
        case 'u': {
            int unit = hex4(p->at);
            if (unit < 0)
                return fail(p, "four hexadecimal digits were expected");
            p->at += 4;
            uint32_t c32 = (uint32_t)unit;
            if (unit >= 0xd800 && unit < 0xdc00 && p->at[0] == '\\' && p->at[1] == 'u') {
                int low = hex4(p->at + 2);
                if (low >= 0xdc00 && low < 0xe000) {
                    c32 = 0x10000 + ((uint32_t)(unit - 0xd800) << 10) + (uint32_t)(low - 0xdc00);
                    p->at += 6;
                }
            }
            out = put_utf8(out, c32);
            break;
        }
        default: return fail(p, "an unknown escape");
        }
    }
    *out = '\0';
    p->at++;
    return true;
}

static bool parse_value(struct parser *p, struct node **result);

static bool parse_members(struct parser *p, struct node *parent, char close)
{
    p->at++;
    skip_space(p);
    if (*p->at == close) {
        p->at++;
        return true;
    }
    for (struct node **tail = &parent->first;;) {
        char *key = NULL;
        skip_space(p);
        if (parent->kind == JSON_OBJECT) {
            bool ok = parse_string(p, &key);
            if (ok) {
                skip_space(p);
                ok = *p->at == ':' || fail(p, "a colon was expected");
            }
            if (!ok) {
                free(key);
                return false;
            }
            p->at++;
        }
        bool ok = parse_value(p, tail);
        if (*tail)
            (*tail)->key = key;
        else
            free(key);
        if (!ok)
            return false;
        tail = &(*tail)->next;
        skip_space(p);
        if (*p->at == close) {
            p->at++;
            return true;
        }
        if (*p->at != ',')
            return fail(p, "a comma or the end was expected");
        p->at++;
    }
}

static bool parse_word(struct parser *p, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(p->at, word, length) != 0)
        return fail(p, "an unknown word");
    p->at += length;
    return true;
}

static bool parse_number(struct parser *p, double *number)
{
    const char *s = p->at + (*p->at == '-');
    if (*s < '0' || *s > '9' || (s[0] == '0' && s[1] >= '0' && s[1] <= '9'))
        return fail(p, "a number was expected");
    char *end;
    *number = strtod(p->at, &end);
    p->at = end;
    return true;
}

static bool parse_value(struct parser *p, struct node **result)
{
    skip_space(p);
    struct node *n = *result = allocate(sizeof *n);
    if (++p->depth > MAX_DEPTH)
        return fail(p, "nested too deep");
    bool ok;
    switch (*p->at) {
    case 'n': n->kind = JSON_NULL, ok = parse_word(p, "null"); break;
    case 't': n->kind = JSON_BOOL, n->truth = true, ok = parse_word(p, "true"); break;
    case 'f': n->kind = JSON_BOOL, ok = parse_word(p, "false"); break;
    case '"': n->kind = JSON_STRING, ok = parse_string(p, &n->text); break;
    case '[': n->kind = JSON_ARRAY, ok = parse_members(p, n, ']'); break;
    case '{': n->kind = JSON_OBJECT, ok = parse_members(p, n, '}'); break;
    default: n->kind = JSON_NUMBER, ok = parse_number(p, &n->number); break;
    }
    p->depth--;
    return ok;
}

static void print_string(const char *s)
{
    putchar('"');
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c == '\n')
            printf("\\n");
        else if (c < 0x20)
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

/* `indent` below zero prints everything on one line. */
static void print(const struct node *n, int indent)
{
    switch (n->kind) {
    case JSON_NULL: printf("null"); return;
    case JSON_BOOL: printf(n->truth ? "true" : "false"); return;
    case JSON_NUMBER: printf("%.17g", n->number); return;
    case JSON_STRING: print_string(n->text); return;
    case JSON_ARRAY:
    case JSON_OBJECT: break;
    }
    bool object = n->kind == JSON_OBJECT;
    putchar(object ? '{' : '[');
    for (const struct node *m = n->first; m; m = m->next) {
        if (indent >= 0)
            printf("\n%*s", 2 * (indent + 1), "");
        if (object) {
            print_string(m->key);
            printf(indent >= 0 ? ": " : ":");
        }
        print(m, indent >= 0 ? indent + 1 : -1);
        if (m->next)
            putchar(',');
    }
    if (indent >= 0 && n->first)
        printf("\n%*s", 2 * indent, "");
    putchar(object ? '}' : ']');
}

static double sum_of_numbers(const struct node *n)
{
    double sum = n->kind == JSON_NUMBER ? n->number : 0;
    for (const struct node *m = n->first; m; m = m->next)
        sum += sum_of_numbers(m);
    return sum;
}

static void show(const char *text, int indent)
{
    struct parser p = { .start = text, .at = text };
    struct node *root = NULL;
    bool ok = parse_value(&p, &root);
    if (ok) {
        skip_space(&p);
        if (*p.at)
            ok = fail(&p, "something follows the value");
    }
    if (ok) {
        print(root, indent);
        printf("\nnumbers add up to %.10g\n", sum_of_numbers(root));
    } else {
        printf("error at %d: %s\n", (int)(p.at - p.start), p.error);
    }
    release(root);
}

static void big_document(void)
{
    enum { ITEMS = 3000, CAPACITY = ITEMS * 100 };
    char *text = allocate(CAPACITY);
    size_t used = 0;
    text[used++] = '[';
    for (unsigned i = 0; i < ITEMS; i++)
        used += (size_t)snprintf(text + used, CAPACITY - used,
                                 "%s{\"id\":%u,\"name\":\"item %u\",\"weight\":%.3f,\"tags\":[%s]}",
                                 i ? "," : "", i, i * 7919 % 1000, i * 0.125 + 1e-3,
                                 i % 3 ? "\"odd\",null" : "true,false");
    text[used++] = ']';
    struct parser p = { .start = text, .at = text };
    struct node *root = NULL;
    if (parse_value(&p, &root))
        printf("%u bytes parsed, numbers add up to %.6f\n", (unsigned)used, sum_of_numbers(root));
    release(root);
    free(text);
}

int main(void)
{
    show("{\"name\": \"Wasm\\u00e9lt\", \"version\": [0, 1, -2.5e3, 1e-7, 0.1], \"ok\": true,"
         " \"nested\": {\"empty\": {}, \"list\": [], \"nothing\": null}, \"smile\": \"\\ud83d\\ude00\\n\"}",
         0);
    show("[1, [2, [3, [4, [5]]]], \"a\\\\b\\\"c\\/d\\u0001\"]", -1);
    static const char *const broken[] = { "[1, 2",          "{\"a\" 1}",  "\"no end", "[01]", "nul",
                                          "[\"\\x\"]",       "{\"a\":1} 2", "",         "[,]",
                                          "\"\\u12g4\"" };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        show(broken[i], -1);
    char deep[300];
    memset(deep, '[', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    show(deep, -1);
    big_document();
    return 0;
}

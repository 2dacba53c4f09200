/* An evaluator for a small Lisp: lists of pairs, environments as lists, and an allocator that marks
 * and sweeps. */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { FREE, NUMBER, SYMBOL, PAIR, LAMBDA };
enum { CELLS = 30000, ROOTS = 20000 };

typedef struct cell *value;
struct cell {
    uint8_t kind, marked;
    int32_t number;
    value head, tail, scope; /* a lambda's parameters, body and environment; a symbol's name is `number` */
};

static struct cell cells[CELLS], *free_list;
static value roots[ROOTS], global;
static int rooted;
static unsigned collections;
static char names[64][12];
static const char *at;

static void mark(value v)
{
    for (; v && !v->marked; v = v->tail) {
        v->marked = 1;
        mark(v->head);
        mark(v->scope);
    }
}

static void collect(void)
{
    collections++;
    free_list = NULL;
    mark(global);
    for (int i = 0; i < rooted; i++)
        mark(roots[i]);
    for (value v = cells; v < cells + CELLS; v++) {
        if (!v->marked) {
            *v = (struct cell){ .tail = free_list };
            free_list = v;
        }
        v->marked = 0;
    }
}

static value keep(value v)
{
    if (rooted == ROOTS)
        abort();
    return roots[rooted++] = v;
}

static value make(enum kind kind, int32_t number, value head, value tail, value scope)
{
    if (!free_list) {
        int before = rooted;
        keep(head), keep(tail), keep(scope);
        collect();
        rooted = before;
        if (!free_list)
            abort();
    }
    value v = free_list;
    free_list = v->tail;
    *v = (struct cell){ (uint8_t)kind, 0, number, head, tail, scope };
    return v;
}

static value read(void)
{
    while (isspace((unsigned char)*at))
        at++;
    if (*at == '(') {
        at++;
        value items[16], list = NULL;
        int count = 0;
        while ((items[count] = read()) != NULL)
            count++;
        while (count > 0)
            list = make(PAIR, 0, items[--count], list, NULL);
        return list;
    }
    if (*at == ')')
        return at++, NULL;
    if (isdigit((unsigned char)*at))
        return make(NUMBER, (int32_t)strtol(at, (char **)&at, 10), NULL, NULL, NULL);
    size_t length = strcspn(at, " ()\n");
    int name = 0;
    while (names[name][0] && (strlen(names[name]) != length || memcmp(names[name], at, length) != 0))
        name++;
    memcpy(names[name], at, length);
    at += length;
    return make(SYMBOL, name, NULL, NULL, NULL);
}

static value lookup(int32_t name, value scope)
{
    for (; scope; scope = scope->tail)
        if (scope->head->number == name)
            return scope->head->tail;
    for (value v = global; v; v = v->tail)
        if (v->head->number == name)
            return v->head->tail;
    return NULL;
}

static value bind(int32_t name, value v, value scope)
{
    value pair = keep(make(PAIR, name, NULL, v, NULL));
    value bound = make(PAIR, 0, pair, scope, NULL);
    rooted--;
    return bound;
}

static value evaluate(value v, value scope);

static value built_in(const char *name, value args, value scope)
{
    value a = keep(evaluate(args->head, scope)), b = args->tail ? evaluate(args->tail->head, scope) : NULL;
    switch (*name) {
    case '+': return make(NUMBER, a->number + b->number, NULL, NULL, NULL);
    case '-': return make(NUMBER, a->number - b->number, NULL, NULL, NULL);
    case '<': return a->number < b->number ? a : NULL;
    case 'c': return make(PAIR, 0, a, b, NULL);
    case 'h': return a->head;
    case 't': return a->tail;
    default: abort();
    }
}

static value evaluate(value v, value scope)
{
    int before = rooted;
    for (;;) {
        rooted = before;
        keep(v), keep(scope);
        if (!v || v->kind == NUMBER) {
            break;
        } else if (v->kind == SYMBOL) {
            v = lookup(v->number, scope);
            break;
        }
        const char *name = v->head->kind == SYMBOL ? names[v->head->number] : "";
        value args = v->tail;
        if (strcmp(name, "if") == 0) {
            v = evaluate(args->head, scope) ? args->tail->head : args->tail->tail->head;
        } else if (strcmp(name, "lambda") == 0) {
            v = make(LAMBDA, 0, args->head, args->tail->head, scope);
            break;
        } else if (strcmp(name, "define") == 0) {
            value defined = keep(evaluate(args->tail->head, scope));
            global = bind(args->head->number, defined, global);
            break;
        } else if (strlen(name) == 1 && strchr("+-<cht", *name)) {
            v = built_in(name, args, scope);
            break;
        } else {
            value function = keep(evaluate(v->head, scope)), inner = function->scope;
            int slot = rooted;
            keep(inner);
            for (value p = function->head; p; p = p->tail, args = args->tail) {
                value argument = keep(evaluate(args->head, scope));
                roots[slot] = inner = bind(p->head->number, argument, inner);
                rooted = slot + 1;
            }
            v = function->tail;
            scope = inner;
        }
    }
    rooted = before;
    return v;
}

int main(void)
{
    static const char *const program[] = {
        "(define fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))))",
        "(define range (lambda (n) (if (< 0 n) (c n (range (- n 1))) nil)))",
        "(define map (lambda (f l) (if l (c (f (h l)) (map f (t l))) nil)))",
        "(define fold (lambda (f s l) (if l (fold f (f s (h l)) (t l)) s)))",
        "(define sum (lambda (n s) (fold (lambda (a b) (+ a b)) s (map (lambda (x) (+ x n)) (range 100)))))",
        "(define loop (lambda (n s) (if (< n 1) s (loop (- n 1) (sum n s)))))",
        "(fib 23)",
        "(loop 2500 0)",
    };
    for (size_t i = 0; i < sizeof program / sizeof *program; i++) {
        at = program[i];
        rooted = 0;
        collect(); /* `read` keeps nothing */
        value v = evaluate(keep(read()), NULL);
        if (v && v->kind == NUMBER)
            printf("%d\n", (int)v->number);
    }
    printf("%u collections\n", collections);
    return 0;
}

/* Recursion until a stack runs out, which must end in the runtime's exception and never in an
 * endless loop, a crash, or a result. What to run out of is the first argument:
 *
 *     native    calls that keep everything in wasm locals: only the machine's stack fills
 *     mutual    the same through two functions that call each other
 *     indirect  the same through a function pointer
 *     auxiliary frames with an array whose address escapes: the C stack in linear memory fills
 *
 * A bounded depth is walked first, so that a runtime that refuses every recursion fails too. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The C compiler must leave the calls as they are; what is compiled from wasm has no such order. */
#define KEEP __attribute__((noinline, disable_tail_calls))

static volatile uint32_t limit, sink;

/* Not a tail call, but addition is associative: an optimiser may know how to make this a loop. */
KEEP static uint32_t native(uint32_t n) { return n == limit ? 0 : native(n + 1) + 1; }

KEEP static uint32_t mutual_b(uint32_t n);
KEEP static uint32_t mutual_a(uint32_t n) { return n == limit ? 0 : mutual_b(n + 1) + n; }
KEEP static uint32_t mutual_b(uint32_t n) { return n == limit ? 0 : mutual_a(n + 1) ^ n; }

KEEP static uint32_t indirect(uint32_t n);
static uint32_t (*volatile target)(uint32_t) = indirect;
KEEP static uint32_t indirect(uint32_t n) { return n == limit ? 0 : target(n + 1) * 3 + 1; }

KEEP static void escape(volatile uint8_t *p) { sink += p[sink & 7]; }

KEEP static uint32_t auxiliary(uint32_t n)
{
    volatile uint8_t frame[200] = { 0 };
    frame[n % sizeof frame] = (uint8_t)n;
    escape(frame);
    uint32_t below = n == limit ? 0 : auxiliary(n + 1);
    return below + frame[n % sizeof frame];
}

static const struct {
    const char *name;
    uint32_t (*run)(uint32_t);
} kinds[] = { { "native", native }, { "mutual", mutual_a }, { "indirect", indirect }, { "auxiliary", auxiliary } };

int main(int argc, char **argv)
{
    for (int k = 0; k < 4; k++) {
        if (argc < 2 || strcmp(argv[1], kinds[k].name) != 0)
            continue;
        limit = 50;
        printf("%s: bounded %u\n", kinds[k].name, (unsigned)kinds[k].run(0));
        fflush(stdout);
        limit = UINT32_MAX;
        printf("%s: unbounded %u\n", kinds[k].name, (unsigned)kinds[k].run(0));
        return 0;
    }
    puts("say what to exhaust");
    return 2;
}

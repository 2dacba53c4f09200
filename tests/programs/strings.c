/* Strings: formatting of integers and floating point in every style, parsing back, searching,
 * tokens, a word count over a hash table and a small template engine. */
#include <ctype.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void numbers(void)
{
    static const double values[] = { 0.0,      -0.0,    1.0,         -1.5,    0.1,      1.0 / 3,  2.5,
                                     3.5,      1e10,    123456789.0, 1e-5,    1e100,    DBL_MAX,  DBL_MIN,
                                     5e-300,   1e22,    1e23,        0.30000000000000004, 9007199254740993.0, 0.000123456 };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        double v = values[i];
        printf("%g|%e|%.3f|%.17g|%a|%+.0e|%12.4g|%-14.6g|%014.3e|%#.0f\n", v, v, fabs(v) < 1e30 ? v : 0.0, v, v, v, v, v, v,
               fabs(v) < 1e30 ? v : 0.0);
    }
    printf("%f %F %e %g %5.1f|\n", INFINITY, -INFINITY, INFINITY, -INFINITY, INFINITY);
    printf("%.20f\n%.50g\n", 0.1, 0.1);
    for (int precision = 0; precision < 10; precision++)
        printf("%.*f ", precision, 3.14159265358979);
    putchar('\n');
    printf("[%5d|%-5d|%05d|%+d|% d|%x|%#x|%X|%o|%#o|%c|%%|%.3s|%8s|%-8s|%*d]\n", 42, 42, 42, 42, 42, 48879, 48879,
           48879, 511, 511, 'w', "abcdef", "right", "left", 6, -42);
    printf("%" PRId64 " %" PRIu64 " %" PRIx64 " %hhd %hd %hhu\n", INT64_MIN, UINT64_MAX, (uint64_t)0x0123456789abcdef,
           (signed char)200, (short)40000, (unsigned char)300);
}

static void parsing(void)
{
    static const char *const texts[] = { "3.14",   "-2.5e-3",  "1e400",  "-1e400", "1e-400", "0x1.8p3", "  42abc",
                                         "nan(12", "infinity", "-inf",   ".5",     "5.",     "e5",      "1.7976931348623157e308",
                                         "2.2250738585072011e-308", "123456789012345678901234567890", "0.1e1e1" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char *end;
        double d = strtod(texts[i], &end);
        if (isnan(d))
            printf("%s -> nan, rest <%s>\n", texts[i], end);
        else
            printf("%s -> %.17g, as float %.9g, rest <%s>\n", texts[i], d, (double)strtof(texts[i], NULL), end);
    }
    printf("%" PRId64 " %" PRIu64 " %" PRId64 " %" PRId64 "\n", (int64_t)strtoll("-9223372036854775808", NULL, 10),
           (uint64_t)strtoull("ffffffffffffffff", NULL, 16), (int64_t)strtoll("z", NULL, 36),
           (int64_t)strtoll("0755", NULL, 0));
    int day, year, used;
    char month[16];
    float ratio;
    int fields = sscanf("17 March 2017, ratio=0.75;", "%d %15[A-Za-z] %d, ratio=%f%n", &day, month, &year, &ratio, &used);
    printf("%d fields: %d %s %d %.3f after %d\n", fields, day, month, year, (double)ratio, used);
}

static void searching(void)
{
    const char *text = "the quick brown fox jumps over the lazy dog";
    printf("%d %d %d %d %d\n", (int)(strstr(text, "the lazy") - text), (int)(strrchr(text, 'o') - text),
           (int)strcspn(text, "xyz"), (int)strspn(text, "the "), (int)(strpbrk(text, "jkl") - text));
    char copy[64];
    strcpy(copy, text);
    for (char *token = strtok(copy, " "); token; token = strtok(NULL, " ")) {
        for (char *a = token, *b = token + strlen(token) - 1; a < b; a++, b--) {
            char t = *a;
            *a = *b;
            *b = t;
        }
        token[0] = (char)toupper((unsigned char)token[0]);
        printf("%s ", token);
    }
    putchar('\n');
    char buffer[16];
    int wanted = snprintf(buffer, sizeof buffer, "%s and more of it", "cut here");
    printf("<%s> of %d; compare %d %d %d\n", buffer, wanted, strcmp("a", "b") < 0, memcmp("\x80", "\x7f", 1) > 0,
           strncmp("prefix-a", "prefix-b", 7));
    memmove(buffer + 2, buffer, 10);
    printf("<%.12s>\n", buffer);
}

struct entry {
    char word[16];
    int count;
};

static void word_count(void)
{
    static const char *const syllables[] = { "wa", "sm", "el", "t", "ra", "no", "ki" };
    enum { SLOTS = 4096 };
    static struct entry table[SLOTS];
    uint32_t seed = 1;
    int distinct = 0, longest = 0;
    for (int i = 0; i < 20000; i++) {
        char word[16] = "";
        do {
            seed = seed * 1103515245 + 12345;
            strcat(word, syllables[(seed >> 16) % 7]);
        } while (seed >> 30 && strlen(word) < 7);
        uint32_t hash = 5381;
        for (const char *p = word; *p; p++)
            hash = hash * 33 ^ (unsigned char)*p;
        uint32_t slot = hash % SLOTS;
        int probes = 0;
        while (table[slot].count && strcmp(table[slot].word, word) != 0 && probes < SLOTS) {
            slot = (slot + 1) % SLOTS;
            probes++;
        }
        if (probes == SLOTS)
            break;
        longest = probes > longest ? probes : longest;
        distinct += table[slot].count == 0;
        strcpy(table[slot].word, word);
        table[slot].count++;
    }
    int best = 0;
    for (int i = 1; i < SLOTS; i++)
        if (table[i].count > table[best].count ||
            (table[i].count == table[best].count && strcmp(table[i].word, table[best].word) < 0))
            best = i;
    printf("%d words, most often %s (%d), longest probe %d\n", distinct, table[best].word, table[best].count, longest);
}

static int append(char *out, size_t size, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    size_t used = strlen(out);
    if (length >= 0 && used + (size_t)length < size)
        vsnprintf(out + used, size - used, format, arguments);
    va_end(arguments);
    return length;
}

int main(void)
{
    numbers();
    parsing();
    searching();
    word_count();
    char out[100] = "";
    int total = append(out, sizeof out, "%s=%d;", "a", 1) + append(out, sizeof out, "%c%lld%g", 'x', 1LL << 40, 0.5) +
                append(out, sizeof out, "%.3f,%u", 2.0 / 3, 4000000000u);
    printf("%s (%d)\n", out, total);
    return 0;
}

/* Arguments, environment, standard input and exit status. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    printf("%d arguments\n", argc - 1);
    for (int i = 1; i < argc; i++) {
        char *end;
        long value = strtol(argv[i], &end, 0);
        if (*argv[i] && !*end)
            printf("  %d: number %ld\n", i, value);
        else
            printf("  %d: text of %u bytes <%s>\n", i, (unsigned)strlen(argv[i]), argv[i]);
    }
    printf("argv ends with %s\n", argv[argc] ? "something" : "null");

    static const char *const variables[] = { "GREETING", "EMPTY", "WITH_EQUALS", "NOT_SET" };
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *value = getenv(variables[i]);
        printf("%s is %s%s\n", variables[i], value ? "set to " : "not set", value ? value : "");
    }
    setenv("NOT_SET", "set by setenv", 1);
    printf("NOT_SET is now %s\n", getenv("NOT_SET"));

    int lines = 0, words = 0, bytes = 0, in_word = 0;
    for (int c; (c = getchar()) != EOF;) {
        bytes++;
        lines += c == '\n';
        if (isspace(c))
            in_word = 0;
        else if (!in_word)
            in_word = 1, words++;
    }
    printf("stdin: %d lines, %d words, %d bytes\n", lines, words, bytes);
    fprintf(stderr, "this goes to standard error\n");
    return 7;
}

/* A first program to compile with Wasmelt: it greets whoever its arguments name, computes a little
 * in integers and in floating point, and writes a file through WASI and reads it back.
 *
 *     hello [name ...]
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIEVE_SIZE = 100000, WIDTH = 64, HEIGHT = 20, MAX_STEPS = 200 };

static unsigned count_primes(void)
{
    char *composite = calloc(SIEVE_SIZE, 1);
    if (!composite)
        return 0;
    unsigned count = 0;
    for (unsigned n = 2; n < SIEVE_SIZE; n++) {
        if (composite[n])
            continue;
        count++;
        for (unsigned multiple = 2 * n; multiple < SIEVE_SIZE; multiple += n)
            composite[multiple] = 1;
    }
    free(composite);
    return count;
}

static int escape_time(double re, double im)
{
    double x = 0, y = 0;
    int step = 0;
    while (step < MAX_STEPS && x * x + y * y < 4.0) {
        double next = x * x - y * y + re;
        y = 2 * x * y + im;
        x = next;
        step++;
    }
    return step;
}

static void draw_mandelbrot(void)
{
    static const char shades[] = " .:-=+*#%@";
    for (int row = 0; row < HEIGHT; row++) {
        char line[WIDTH + 1];
        for (int column = 0; column < WIDTH; column++) {
            int steps = escape_time(-2.2 + 3.2 * column / WIDTH, -1.2 + 2.4 * row / (HEIGHT - 1));
            int shade = 0;
            while ((1 << shade) < steps && shade < 9)
                shade++;
            line[column] = shades[steps == MAX_STEPS ? 9 : shade];
        }
        int end = WIDTH;
        while (end > 0 && line[end - 1] == ' ')
            end--;
        line[end] = '\0';
        puts(line);
    }
}

/* Where no folder is open to the program (`wamr-run` opens those that --dir names), it says so. */
static void keep_a_note(const char *text)
{
    FILE *file = fopen("note.txt", "w");
    if (!file) {
        puts("No folder is open to me, so there is no note.");
        return;
    }
    fprintf(file, "%s\n", text);
    fclose(file);

    char line[80] = "";
    file = fopen("note.txt", "r");
    if (file && fgets(line, sizeof line, file))
        printf("The note reads: %s", line);
    if (file)
        fclose(file);
    remove("note.txt");
}

int main(int argc, char **argv)
{
    if (argc < 2)
        puts("Hello, world!");
    for (int i = 1; i < argc; i++)
        printf("Hello, %s!\n", argv[i]);
    printf("There are %u primes below %d.\n", count_primes(), SIEVE_SIZE);
    draw_mandelbrot();
    keep_a_note("compiled ahead of time");
    return 0;
}

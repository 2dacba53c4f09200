/* Files and directories through WASI: create, write, append, seek, read back, stat, rename, list,
 * remove, and the errors of files that are not there. Works in the folder it is started in. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECORDS = 500, MAX_ENTRIES = 32 };

struct record {
    uint32_t id;
    uint32_t square;
    char label[24];
};

static void fail(const char *what)
{
    printf("%s failed: %s\n", what, strerror(errno));
    exit(1);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The order of a directory is the file system's own, so the names are sorted before they print. */
static void list(const char *path)
{
    DIR *dir = opendir(path);
    if (!dir)
        fail("opendir");
    char *names[MAX_ENTRIES];
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] != '.' && count < MAX_ENTRIES)
            names[count++] = strdup(entry->d_name);
    }
    closedir(dir);
    qsort(names, count, sizeof names[0], by_name);
    printf("%s holds %u:", path, (unsigned)count);
    for (size_t i = 0; i < count; i++) {
        printf(" %s", names[i]);
        free(names[i]);
    }
    putchar('\n');
}

static void describe(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        printf("%s: %s\n", path, errno == ENOENT ? "not there" : "unreadable");
        return;
    }
    if (S_ISDIR(st.st_mode))
        printf("%s: directory\n", path);
    else
        printf("%s: file of %lld bytes\n", path, (long long)st.st_size);
}

static void write_text(const char *path, const char *mode, const char *text)
{
    FILE *file = fopen(path, mode);
    if (!file)
        fail(path);
    if (fputs(text, file) < 0 || fclose(file) != 0)
        fail("writing text");
}

static void print_text(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        fail(path);
    char line[128];
    for (int number = 1; fgets(line, sizeof line, file); number++)
        printf("%s:%d: %s", path, number, line);
    fclose(file);
}

static void records(const char *path)
{
    FILE *file = fopen(path, "wb+");
    if (!file)
        fail(path);
    for (uint32_t i = 0; i < RECORDS; i++) {
        struct record r = { .id = i, .square = i * i };
        snprintf(r.label, sizeof r.label, "record-%04u", (unsigned)i);
        if (fwrite(&r, sizeof r, 1, file) != 1)
            fail("fwrite");
    }
    uint64_t sum = 0;
    for (uint32_t i = 0; i < RECORDS; i += 7) {
        uint32_t position = (i * 131) % RECORDS;
        struct record r;
        if (fseek(file, (long)(position * sizeof r), SEEK_SET) != 0 || fread(&r, sizeof r, 1, file) != 1)
            fail("fseek or fread");
        if (r.id != position)
            printf("record %u has id %u\n", (unsigned)position, (unsigned)r.id);
        sum += r.square;
        if (i % 70 == 0)
            printf("%s ", r.label);
    }
    printf("\nsum of squares read: %llu\n", (unsigned long long)sum);
    fseek(file, 0, SEEK_END);
    printf("size by ftell: %ld\n", ftell(file));
    fclose(file);
}

static void descriptors(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (fd < 0)
        fail("open");
    const char text[] = "0123456789abcdefghij";
    if (write(fd, text, sizeof text - 1) != (ssize_t)(sizeof text - 1))
        fail("write");
    char buffer[8] = "";
    if (pread(fd, buffer, 5, 10) != 5)
        fail("pread");
    printf("pread at 10: %s\n", buffer);
    if (pwrite(fd, "XYZ", 3, 2) != 3)
        fail("pwrite");
    if (ftruncate(fd, 12) != 0)
        fail("ftruncate");
    printf("offset now: %lld\n", (long long)lseek(fd, 0, SEEK_CUR));
    lseek(fd, 0, SEEK_SET);
    char all[32] = "";
    ssize_t n = read(fd, all, sizeof all - 1);
    printf("read %d: %s\n", (int)n, all);
    close(fd);
    printf("read after close: %s\n", read(fd, all, 1) < 0 && errno == EBADF ? "bad descriptor" : "?");
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    printf("exclusive create: %s\n", fd < 0 && errno == EEXIST ? "already there" : "?");
}

int main(void)
{
    if (mkdir("work", 0755) != 0)
        fail("mkdir");
    if (mkdir("work/inner", 0755) != 0)
        fail("mkdir inner");
    describe("work");

    write_text("work/a.txt", "w", "first line\nsecond line\n");
    write_text("work/a.txt", "a", "appended line\n");
    print_text("work/a.txt");
    describe("work/a.txt");

    records("work/records.bin");
    describe("work/records.bin");
    descriptors("work/inner/raw");
    list("work");
    list("work/inner");

    if (rename("work/a.txt", "work/inner/b.txt") != 0)
        fail("rename");
    describe("work/a.txt");
    describe("work/inner/b.txt");
    printf("rmdir of a full folder: %s\n", rmdir("work/inner") != 0 && errno == ENOTEMPTY ? "refused" : "?");
    printf("open of nothing: %s\n", !fopen("work/none", "r") && errno == ENOENT ? "refused" : "?");

    if (unlink("work/inner/b.txt") || unlink("work/inner/raw") || unlink("work/records.bin"))
        fail("unlink");
    list("work");
    if (rmdir("work/inner") || rmdir("work"))
        fail("rmdir");
    describe("work");
    return 0;
}

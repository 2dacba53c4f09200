#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void
give_up(const char *why)
{
    fprintf(stderr, "agent: %s\n", why);
    exit(3);
}

void *
allocate(size_t size)
{
    void *memory = calloc(1, size == 0 ? 1 : size);
    if (!memory)
        give_up("out of memory");
    return memory;
}

const uint8_t *
read_raw(struct reader *reader, size_t length)
{
    const uint8_t *bytes = reader->next;
    if ((size_t)(reader->end - reader->next) < length)
        give_up("a message is too short");
    reader->next += length;
    return bytes;
}

uint8_t
read_u8(struct reader *reader)
{
    return *read_raw(reader, 1);
}

uint32_t
read_u32(struct reader *reader)
{
    uint32_t value;
    memcpy(&value, read_raw(reader, sizeof(value)), sizeof(value));
    return value;
}

const uint8_t *
read_bytes(struct reader *reader, uint32_t *length)
{
    *length = read_u32(reader);
    return read_raw(reader, *length);
}

char *
read_string(struct reader *reader)
{
    uint32_t length;
    const uint8_t *bytes = read_bytes(reader, &length);
    char *text = allocate((size_t)length + 1);
    memcpy(text, bytes, length);
    return text;
}

void
write_raw(struct writer *writer, const void *bytes, size_t length)
{
    if (writer->capacity - writer->length < length) {
        writer->capacity = 2 * writer->capacity + length;
        writer->bytes = realloc(writer->bytes, writer->capacity);
        if (!writer->bytes)
            give_up("out of memory");
    }
    if (length > 0)
        memcpy(writer->bytes + writer->length, bytes, length);
    writer->length += length;
}

void
write_u8(struct writer *writer, uint8_t value)
{
    write_raw(writer, &value, sizeof(value));
}

void
write_u32(struct writer *writer, uint32_t value)
{
    write_raw(writer, &value, sizeof(value));
}

void
write_u64(struct writer *writer, uint64_t value)
{
    write_raw(writer, &value, sizeof(value));
}

void
write_string(struct writer *writer, const char *text)
{
    write_u32(writer, (uint32_t)strlen(text));
    write_raw(writer, text, strlen(text));
}

static bool
read_fully(int stream, uint8_t *bytes, size_t length)
{
    size_t done = 0;
    while (done < length) {
        ssize_t count = read(stream, bytes + done, length - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            give_up("cannot read a message");
        if (count == 0 && done > 0)
            give_up("a message ends early");
        if (count == 0)
            return false;
        done += (size_t)count;
    }
    return true;
}

static void
write_fully(int stream, const uint8_t *bytes, size_t length)
{
    while (length > 0) {
        ssize_t count = write(stream, bytes, length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            give_up("cannot write a message");
        bytes += count;
        length -= (size_t)count;
    }
}

bool
receive_message(int stream, struct reader *message)
{
    static uint8_t *bytes;
    uint32_t length;

    free(bytes);
    bytes = NULL;
    if (!read_fully(stream, (uint8_t *)&length, sizeof(length)))
        return false;
    bytes = allocate(length);
    if (length > 0 && !read_fully(stream, bytes, length))
        give_up("a message ends early");
    message->next = bytes;
    message->end = bytes + length;
    return true;
}

void
send_message(int stream, struct writer *writer)
{
    uint32_t length = (uint32_t)writer->length;
    write_fully(stream, (const uint8_t *)&length, sizeof(length));
    write_fully(stream, writer->bytes, writer->length);
    writer->length = 0;
}

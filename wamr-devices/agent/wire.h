/*
 * Messages of the protocol (../PROTOCOL.md): a length of four bytes, then that many bytes. All
 * numbers are little-endian, as are all devices there are.
 */
#ifndef AGENT_WIRE_H
#define AGENT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The unread part of a message. Reading beyond its end ends the agent: the client is broken. */
struct reader {
    const uint8_t *next;
    const uint8_t *end;
};

uint8_t read_u8(struct reader *reader);
uint32_t read_u32(struct reader *reader);
/* A length of four bytes and the bytes; the pointer is into the message. */
const uint8_t *read_bytes(struct reader *reader, uint32_t *length);
/* As above, as a string of its own that ends with a zero byte. The protocol's names have none. */
char *read_string(struct reader *reader);
const uint8_t *read_raw(struct reader *reader, size_t length);

/* A message being written. */
struct writer {
    uint8_t *bytes;
    size_t length;
    size_t capacity;
};

void write_u8(struct writer *writer, uint8_t value);
void write_u32(struct writer *writer, uint32_t value);
void write_u64(struct writer *writer, uint64_t value);
void write_raw(struct writer *writer, const void *bytes, size_t length);
void write_string(struct writer *writer, const char *text);

/* The next message, false at the end of the stream. Its bytes stay valid until the next call. */
bool receive_message(int stream, struct reader *message);
/* Sends what was written and empties the writer. */
void send_message(int stream, struct writer *writer);

/* Ends the agent with a sentence on standard error. */
_Noreturn void give_up(const char *why);
void *allocate(size_t size);

#endif

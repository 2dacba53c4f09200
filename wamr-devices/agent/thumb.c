/*
 * Helpers in ARM code, made reachable for Thumb code.
 *
 * The runtime's Thumb loader reaches its helpers by moving their address to the program counter,
 * which does not change the instruction set (ARM ARM, "Interworking"). On a microcontroller all code
 * is Thumb; here the C library and the compiler's own library are ARM code. Each such helper gets a
 * veneer, in the loader's own table of symbols.
 */
#include "thumb.h"

#include "aot_reloc.h"
#include "wire.h"

#if defined(__thumb__)

#include <sys/mman.h>

struct veneer {
    uint16_t bx_pc;
    uint16_t nop;
    uint32_t ldr_pc; /* already ARM code */
    const void *target;
};

void
make_helpers_reachable(void)
{
    static const struct veneer pattern = { 0x4778, 0x46c0, 0xe51ff004, NULL };
    uint32_t count, i;
    SymbolMap *symbols = get_target_symbol_map(&count);
    size_t size = count * sizeof(struct veneer);
    struct veneer *veneers =
        mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC,
             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (veneers == MAP_FAILED)
        give_up("cannot map executable memory for veneers");
    for (i = 0; i < count; i++) {
        if ((uintptr_t)symbols[i].symbol_addr & 1)
            continue; /* Thumb code */
        veneers[i] = pattern;
        veneers[i].target = symbols[i].symbol_addr;
        symbols[i].symbol_addr = (void *)((uintptr_t)&veneers[i] | 1);
    }
    __builtin___clear_cache((char *)veneers, (char *)veneers + size);
}

#else

void
make_helpers_reachable(void)
{}

#endif

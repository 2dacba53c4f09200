"""GDB commands for code that Wasmelt has compiled.

    wasmelt --debug-info=app.debug -o app.aot app.wasm
    gdb -x wasmelt_gdb.py --args iwasm app.aot
    (gdb) wasmelt-run app.debug
    (gdb) break app.c:12
    (gdb) continue

`wasmelt-run FILE` starts the program and stops before the host calls the first exported function. It then loads the debug
information at the address of the code. Code that runs when a module is instantiated has run by then. `wasmelt-load FILE` does only the last step: in a program that is
stopped at the first instruction of `wasm_runtime_call_wasm`, or with the address of the code as a second argument.

The address of the code follows from the runtime's structures whose offsets compiled code relies on, too: the
execution environment, the first argument, has the instance as its third pointer, and the instance has the
addresses of all functions at offset 40. No debug information of the runtime is needed.
"""

import struct

import gdb

ENTRY = "wasm_runtime_call_wasm"
INSTANCE = 2
FUNCTION_ADDRESSES = 40
SECTION = ".wasmelt.functions"

# The register of the first argument, by a part of GDB's name of the architecture.
FIRST_ARGUMENT = (
    ("x86-64", "rdi"),
    ("aarch64", "x0"),
    ("arm", "r0"),
    ("riscv", "a0"),
)


def functions(path):
    """Returns the format of a pointer, the number of imported functions, and the offsets of the others in the code."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] != b"\x7fELF":
        raise gdb.GdbError("%s is no ELF file" % path)
    order = "<" if data[5] == 1 else ">"
    wide = data[4] == 2
    header, section = (
        ("QQIHHHHHH", "IIQQQQIIQQ") if wide else ("IIIHHHHHH", "IIIIIIIIII")
    )
    start = 32 if wide else 28
    fields = struct.unpack_from(order + header, data, start)
    table, count, names = fields[1], fields[7], fields[8]
    size = struct.calcsize(order + section)
    sections = [
        struct.unpack_from(order + section, data, table + number * size)
        for number in range(count)
    ]
    names_at = sections[names][4]
    for entry in sections:
        at = names_at + entry[0]
        name = data[at : data.index(b"\0", at)].decode()
        if name == SECTION:
            content = data[entry[4] : entry[4] + entry[5]]
            words = struct.unpack(order + "%dI" % (len(content) // 4), content)
            return order + ("Q" if wide else "I"), words[0], words[1:]
    raise gdb.GdbError("%s has no section %s: it is not from Wasmelt" % (path, SECTION))


def code_address(path):
    """Returns the address of the code of the instance that the runtime is about to call."""
    name = gdb.selected_frame().architecture().name()
    for part, register in FIRST_ARGUMENT:
        if part in name:
            break
    else:
        raise gdb.GdbError("on %s, give the address of the code" % name)
    pointer, imported, offsets = functions(path)
    if not offsets:
        raise gdb.GdbError("the module has no functions")
    size = struct.calcsize(pointer)

    def load(address):
        # Types and expressions depend on the language of the program; memory does not.
        memory = gdb.selected_inferior().read_memory(address, size)
        return struct.unpack(pointer, memory)[0]

    argument = gdb.selected_frame().read_register(register)
    environment = int(argument) & (2 ** (8 * size) - 1)
    instance = load(environment + INSTANCE * size)
    addresses = load(instance + FUNCTION_ADDRESSES)
    first = load(addresses + imported * size)
    # The address of a Thumb function is odd.
    return (first & ~1) - (offsets[0] & ~1)


class Load(gdb.Command):
    """Load debug information of Wasmelt: wasmelt-load FILE [ADDRESS OF THE CODE]"""

    def __init__(self):
        super().__init__("wasmelt-load", gdb.COMMAND_FILES, gdb.COMPLETE_FILENAME)

    def invoke(self, argument, from_tty):
        words = gdb.string_to_argv(argument)
        if len(words) not in (1, 2):
            raise gdb.GdbError("wasmelt-load FILE [ADDRESS]")
        if len(words) == 2:
            address = int(gdb.parse_and_eval(words[1]))
        else:
            address = code_address(words[0])
        gdb.execute("add-symbol-file %s 0x%x" % (words[0], address), from_tty=False)


class Run(gdb.Command):
    """Run until the runtime calls the module, and load its debug information: wasmelt-run FILE"""

    def __init__(self):
        super().__init__("wasmelt-run", gdb.COMMAND_RUNNING, gdb.COMPLETE_FILENAME)

    def invoke(self, argument, from_tty):
        gdb.execute("set breakpoint pending on")
        # In the language of the program, the name of a C function may mean nothing.
        gdb.execute("with language c -- tbreak *%s" % ENTRY)
        gdb.execute("run")
        gdb.execute("wasmelt-load " + argument)


Load()
Run()

"""GDB commands for code that Wasmelt has compiled.

    wasmelt --debug-info=app.debug -o app.aot app.wasm
    gdb -x wasmelt_gdb.py --args iwasm app.aot
    (gdb) wasmelt-run app.debug
    (gdb) break app.c:12
    (gdb) continue
    (gdb) print *list->next

`wasmelt-run FILE` starts the program and stops before the host calls the first exported function. It then loads the debug
information at the address of the code. Code that runs when a module is instantiated has run by then. `wasmelt-load FILE` does only the last step: in a program that is
stopped at the first instruction of `wasm_runtime_call_wasm`, or with the address of the code as a second argument.

The address of the code follows from the runtime's structures whose offsets compiled code relies on, too: the
execution environment, the first argument, has the instance as its third pointer, and the instance has the
addresses of all functions at offset 40. No debug information of the runtime is needed.

Pointers of the program are addresses in linear memory: structures with the member `address`. The script gives them
the operators `*`, `->`, `[]`, `+`, `-` and comparisons, and shows the strings behind pointers to characters. They
need a selected frame of the program, whose variable `linear_memory` is the address of linear memory.
`$native(POINTER)` is an ordinary pointer, and so is `$native(NUMBER)`: for `x` and for casts.
"""

import struct

import gdb
import gdb.printing
import gdb.xmethod

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
        # GDB takes code inside a constant of the firmware for data.
        hidden = gdb.execute("info symbol 0x%x" % address, to_string=True)
        if not hidden.startswith("No symbol"):
            print("The symbols of the firmware are dropped: they hide the program, %s" % hidden)
            gdb.execute("with confirm off -- symbol-file")
        gdb.execute("add-symbol-file %s 0x%x" % (words[0], address), from_tty=False)


class Run(gdb.Command):
    """Run until the runtime calls the module, and load its debug information: wasmelt-run FILE"""

    def __init__(self):
        super().__init__("wasmelt-run", gdb.COMMAND_RUNNING, gdb.COMPLETE_FILENAME)

    def invoke(self, argument, from_tty):
        gdb.execute("set breakpoint pending on")
        # In the language of the program, the name of a C function may mean nothing.
        gdb.execute("with language c -- tbreak *%s" % ENTRY)
        # A board behind a stub has been started.
        started = gdb.selected_inferior().pid != 0
        gdb.execute("continue" if started else "run")
        gdb.execute("wasmelt-load " + argument)


# The longest text that is shown.
LONGEST = 200


def is_pointer(type):
    """Reports whether a type is the structure that stands for a pointer of the program."""
    if type.code != gdb.TYPE_CODE_STRUCT:
        return False
    names = [field.name for field in type.fields()]
    return names in (["address"], ["address", "to"]) and (
        type.fields()[0].type.name == "linear address"
    )


def target(type):
    """Returns the type that a pointer of type `type` points to; None if it is void or unknown."""
    for field in type.fields():
        if field.name == "to":
            return field.type
    return None


def linear_memory():
    """Returns the address of linear memory, as the selected frame or one of its callers knows it."""
    frame = gdb.selected_frame()
    while frame is not None and frame.is_valid():
        try:
            value = frame.read_var("linear_memory")
            if not value.is_optimized_out:
                return int(value)
        except (ValueError, gdb.error):
            pass
        frame = frame.older()
    raise gdb.GdbError("no function of the program in this stack knows where linear memory is")


def integer(bits):
    """Returns a type of numbers, whatever the language of the program."""
    return gdb.selected_frame().architecture().integer_type(bits, True)


def native(address, type):
    """Returns an ordinary pointer to what is at `address` of linear memory."""
    if type is None:
        type = integer(8)
    return gdb.Value(linear_memory() + address).cast(type.pointer())


class Native(gdb.Function):
    """The ordinary pointer for a pointer of the program or an address in linear memory: $native(POINTER)"""

    def __init__(self):
        super().__init__("native")

    def invoke(self, value):
        type = value.type.strip_typedefs()
        if is_pointer(type):
            return native(int(value["address"]), target(type))
        return native(int(value), None)


def text(address):
    """Returns the string at `address` of linear memory, shortened; None if there is none."""
    if address == 0:
        return None
    try:
        start = linear_memory() + address
        data = b""
        while len(data) < LONGEST:
            # A string may end right before memory that cannot be read.
            data += bytes(gdb.selected_inferior().read_memory(start + len(data), 1))
            if data.endswith(b"\0"):
                break
    except (gdb.error, gdb.GdbError):
        return None
    shown = data.rstrip(b"\0").decode("utf-8", "backslashreplace")
    quoted = '"%s"' % shown.replace("\\", "\\\\").replace('"', '\\"')
    return quoted if data.endswith(b"\0") else quoted + "..."


class Pointer:
    """Shows a pointer: its type, its address, and a string behind it."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        address = int(self.value["address"])
        shown = "0x%x" % address
        to = target(self.value.type.strip_typedefs())
        if to is not None:
            to = to.strip_typedefs().unqualified()
            if to.code == gdb.TYPE_CODE_INT and to.sizeof == 1:
                string = text(address)
                return shown if string is None else "%s %s" % (shown, string)
        name = self.value.type.name
        return shown if name is None else "(%s) %s" % (name, shown)


class Operator(gdb.xmethod.XMethod):
    """An operator of pointers."""

    def __init__(self, name):
        super().__init__(name)


class Operation(gdb.xmethod.XMethodWorker):
    """An operator of pointers of one type."""

    def __init__(self, operator, type, other):
        self.operator = operator
        self.type = type
        # The type of the second operand; None if there is none.
        self.other = other

    def get_arg_types(self):
        return self.other

    def get_result_type(self, *arguments):
        to = target(self.type)
        if self.operator in ("*", "[]"):
            return to
        if self.operator in ("->", "+", "-"):
            return to.pointer()
        return integer(32)

    def __call__(self, pointer, *arguments):
        address = int(pointer["address"])
        to = target(self.type)
        if self.operator == "*":
            return native(address, to).dereference()
        if self.operator == "->":
            return native(address, to)
        other = arguments[0]
        is_other = is_pointer(other.type.strip_typedefs())
        other = int(other["address"]) if is_other else int(other)
        if self.operator == "-" and is_other:
            return (address - other) // to.sizeof
        if self.operator == "[]":
            return (native(address, to) + other).dereference()
        if self.operator == "+":
            return native(address, to) + other
        if self.operator == "-":
            return native(address, to) - other
        return {
            "==": address == other,
            "!=": address != other,
            "<": address < other,
            "<=": address <= other,
            ">": address > other,
            ">=": address >= other,
        }[self.operator]


class Operators(gdb.xmethod.XMethodMatcher):
    """Finds the operators of pointers."""

    NAMES = ("*", "->", "[]", "+", "-", "==", "!=", "<", "<=", ">", ">=")

    def __init__(self):
        super().__init__("wasmelt-pointers")
        self.methods = [Operator(name) for name in self.NAMES]

    def match(self, class_type, method_name):
        type = class_type.strip_typedefs()
        name = method_name[len("operator") :]
        if not method_name.startswith("operator") or name not in self.NAMES or not is_pointer(type):
            return None
        if target(type) is None and name in ("*", "->", "[]", "+", "-"):
            return None
        if name in ("*", "->"):
            return Operation(name, type, None)
        numbers = Operation(name, type, integer(64))
        # Two pointers can be compared and subtracted.
        return numbers if name in ("[]", "+") else [numbers, Operation(name, type, class_type)]


def printer(value):
    """Returns the printer for a pointer."""
    return Pointer(value) if is_pointer(value.type.strip_typedefs()) else None


Load()
Run()
Native()
gdb.xmethod.register_xmethod_matcher(None, Operators(), replace=True)
gdb.pretty_printers.append(printer)

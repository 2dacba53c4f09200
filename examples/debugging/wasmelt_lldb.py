"""LLDB commands for code that Wasmelt has compiled.

    wasmelt --debug-info=app.debug -o app.aot app.wasm
    lldb -o "command script import wasmelt_lldb.py" -- iwasm app.aot
    (lldb) wasmelt-run app.debug
    (lldb) breakpoint set --file app.c --line 12
    (lldb) continue

`wasmelt-run FILE` starts the program, stops before the host calls the first exported function, and loads the debug
information at the address of the code. `wasmelt-load FILE ADDRESS` only loads it.

A pointer of the program is an address in linear memory: a structure with the member `address`. Each function has the
variable `linear_memory`, an ordinary pointer to address 0:

    (lldb) expression ((chain_t *)((char *)linear_memory + list.address))->next
"""

import struct

import lldb

ENTRY = "wasm_runtime_call_wasm"
INSTANCE = 2
FUNCTION_ADDRESSES = 40
SECTION = ".wasmelt.functions"


def load(target, path, address, result):
    """Adds the file at `path`, whose code is at `address`."""
    module = target.AddModule(path, None, None)
    if not module.IsValid():
        result.SetError("%s cannot be read" % path)
        return
    error = target.SetSectionLoadAddress(module.FindSection(".text"), address)
    if error.Fail():
        result.SetError(error.GetCString())
        return
    print("%s: code at 0x%x" % (path, address))


def code_address(target, thread, path):
    """Returns the address of the code of the instance that the runtime is about to call."""
    specification = lldb.SBModuleSpec()
    specification.SetFileSpec(lldb.SBFileSpec(path))
    module = lldb.SBModule(specification)
    section = module.FindSection(SECTION)
    if not section.IsValid():
        raise ValueError("%s has no section %s: it is not from Wasmelt" % (path, SECTION))
    data = section.GetSectionData()
    error = lldb.SBError()
    content = data.ReadRawData(error, 0, data.GetByteSize())
    order = "<" if target.GetByteOrder() == lldb.eByteOrderLittle else ">"
    words = struct.unpack(order + "%dI" % (len(content) // 4), content)
    imported, offsets = words[0], words[1:]
    if not offsets:
        raise ValueError("the module has no functions")
    size = target.GetAddressByteSize()
    process = target.GetProcess()

    def pointer(address):
        return process.ReadPointerFromMemory(address, error)

    environment = thread.GetFrameAtIndex(0).FindRegister("arg1").GetValueAsUnsigned()
    instance = pointer(environment + INSTANCE * size)
    addresses = pointer(instance + FUNCTION_ADDRESSES)
    first = pointer(addresses + imported * size)
    if error.Fail():
        raise ValueError(error.GetCString())
    # The address of a Thumb function is odd.
    return (first & ~1) - (offsets[0] & ~1)


def wasmelt_load(debugger, command, context, result, internal):
    """Load debug information of Wasmelt: wasmelt-load FILE ADDRESS"""
    words = command.split()
    if len(words) != 2:
        result.SetError("wasmelt-load FILE ADDRESS")
        return
    load(context.GetTarget(), words[0], int(words[1], 0), result)


def wasmelt_run(debugger, command, context, result, internal):
    """Run until the runtime calls the module, and load its debug information: wasmelt-run FILE"""
    path = command.strip()
    target = context.GetTarget() or debugger.GetSelectedTarget()
    # At the first instruction: behind the prologue, the argument may have moved.
    entry = target.BreakpointCreateByName(ENTRY)
    found = [location.GetAddress() for location in entry]
    target.BreakpointDelete(entry.GetID())
    starts = [address.GetSymbol().GetStartAddress() for address in found]
    if not starts:
        result.SetError("the program has no function %s" % ENTRY)
        return
    stop = target.BreakpointCreateBySBAddress(starts[0])
    stop.SetOneShot(True)
    was_asynchronous = debugger.GetAsync()
    debugger.SetAsync(False)
    try:
        error = lldb.SBError()
        info = target.GetLaunchInfo()
        process = target.Launch(info, error)
        if error.Fail() or process.GetState() != lldb.eStateStopped:
            result.SetError("the program has not come to %s" % ENTRY)
            return
        thread = process.GetSelectedThread()
        load(target, path, code_address(target, thread, path), result)
    except ValueError as reason:
        result.SetError(str(reason))
    finally:
        debugger.SetAsync(was_asynchronous)


def __lldb_init_module(debugger, internal):
    for name in ("wasmelt_run", "wasmelt_load"):
        debugger.HandleCommand(
            "command script add -o -f wasmelt_lldb.%s %s" % (name, name.replace("_", "-"))
        )

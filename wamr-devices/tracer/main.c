/*
 * Calls exported functions of an .aot file and prints what the runtime has seen of the calls.
 *
 *   tracer [OPTION...] FILE [FUNCTION [NUMBER...]] [+ FUNCTION [NUMBER...]]...
 *
 * Without a function, the file is a program and runs to its end. Arguments are 32-bit numbers. After an
 * exception the runtime itself prints the stack of calls.
 *
 *   --linux-perf  the runtime writes its map for Linux perf
 *   --frames=N    room for so many frames, of eight bytes each
 *   --profile     prints the calls of each function
 *   --stack       prints how much of the native stack the calls have left
 *
 * A module may import from `host`: `fail` raises an exception, `dump` prints the stack of calls, and
 * `call_back` calls the exported function `callback` with its argument. `backtrace` needs the map for Linux perf
 * and prints the calls as perf sees them.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "aot_runtime.h"
#include "wasm_export.h"
#include "wire.h"
#ifdef EMULATED
#include "thumb.h"
#endif

#define STACK_SIZE (8 * 1024 * 1024)
#define NOT_RUN 255
/* Bytes behind the end of the frame stack that code must not touch, and what they hold. */
#define GUARD_SIZE 1024
#define GUARD 0xa5

static void
host_fail(wasm_exec_env_t exec_env)
{
    wasm_runtime_set_exception(wasm_runtime_get_module_inst(exec_env), "the host fails");
}

static void
host_dump(wasm_exec_env_t exec_env)
{
    if (aot_create_call_stack(exec_env))
        aot_dump_call_stack(exec_env, true, NULL, 0);
}

static int32_t
host_call_back(wasm_exec_env_t exec_env, int32_t number)
{
    wasm_function_inst_t function = wasm_runtime_lookup_function(
        wasm_runtime_get_module_inst(exec_env), "callback");
    uint32_t cells[2] = { (uint32_t)number, 0 };
    if (!function)
        give_up("no function is exported as callback");
    if (!wasm_runtime_call_wasm(exec_env, function, 1, cells))
        return 0;
    return (int32_t)cells[0];
}

static uint8_t *
read_file(const char *path, uint32_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes;
    long length;
    if (!file || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0)
        give_up("cannot read the .aot file");
    rewind(file);
    /* The code of a file that is executed in place runs here. */
    bytes = mmap(NULL, (size_t)length, PROT_READ | PROT_WRITE | PROT_EXEC,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED || fread(bytes, 1, (size_t)length, file) != (size_t)length)
        give_up("cannot read the .aot file");
    fclose(file);
    *size = (uint32_t)length;
    return bytes;
}

static const char *perf_map;

/* Prints the name that the runtime's map for Linux perf gives to an address. */
static bool
print_name(uintptr_t address)
{
    FILE *map = fopen(perf_map, "r");
    unsigned long start, size;
    char name[64];
    bool found = false;
    if (!map)
        give_up("no map for Linux perf");
    while (!found && fscanf(map, "%lx %lx %63s", &start, &size, name) == 3)
        found = address - start < size;
    fclose(map);
    if (found)
        printf("%s\n", name);
    return found;
}

/* Prints the callers as Linux perf finds them: it follows the frame pointers, and takes names from the map. */
static void
host_backtrace(wasm_exec_env_t exec_env)
{
#if defined(__x86_64__) || defined(__aarch64__)
    /* Each record holds the address of the next one and the address behind a call. */
    uintptr_t *record = __builtin_frame_address(0);
    bool found = false;
    (void)exec_env;
    for (;;) {
        bool is_code = print_name(record[1] - 1);
        if (found && !is_code)
            return;
        found |= is_code;
        if (record[0] <= (uintptr_t)record)
            give_up("no frame pointers");
        record = (uintptr_t *)record[0];
    }
#else
    (void)exec_env;
#endif
}

static NativeSymbol natives[] = {
    { "fail", host_fail, "()", NULL },
    { "dump", host_dump, "()", NULL },
    { "call_back", host_call_back, "(i)i", NULL },
    { "backtrace", host_backtrace, "()", NULL },
};

/* Prints the exception and takes it out of the instance. */
static int
print_exception(wasm_module_inst_t instance)
{
    const char *text = wasm_runtime_get_exception(instance);
    bool exits = text && strstr(text, "wasi proc exit");
    if (exits)
        return (int)wasm_runtime_get_wasi_exit_code(instance);
    printf("%s\n", text ? text : "no exception");
    wasm_runtime_clear_exception(instance);
    return 1;
}

static int
call(wasm_exec_env_t exec_env, int argc, char **argv)
{
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(exec_env);
    wasm_function_inst_t function = wasm_runtime_lookup_function(instance, argv[0]);
    uint32_t cells[32] = { 0 };
    uint32_t results;
    int i;
    if (!function)
        give_up("no such function");
    for (i = 1; i < argc && i < 32; i++)
        cells[i - 1] = (uint32_t)strtol(argv[i], NULL, 10);
    results = wasm_func_get_result_count(function, instance);
    if (!wasm_runtime_call_wasm(exec_env, function, (uint32_t)argc - 1, cells))
        return print_exception(instance);
    if (results)
        printf("%d\n", (int32_t)cells[0]);
    return 0;
}

static int
trace(int argc, char **argv)
{
    RuntimeInitArgs init;
    bool profiles = false, measures = false;
    uint32_t stack_size = 64 * 1024, size;
    char message[256], map_path[32];
    wasm_module_t module;
    wasm_module_inst_t instance;
    wasm_exec_env_t exec_env;
    uint8_t *file;
    int status = 0;

    memset(&init, 0, sizeof(init));
    init.mem_alloc_type = Alloc_With_System_Allocator;
    for (argc--, argv++; argc > 0 && strncmp(argv[0], "--", 2) == 0; argc--, argv++) {
        if (strcmp(argv[0], "--linux-perf") == 0)
            init.enable_linux_perf = true;
        else if (strncmp(argv[0], "--frames=", 9) == 0)
            stack_size = 8 * (uint32_t)atoi(argv[0] + 9);
        else if (strcmp(argv[0], "--profile") == 0)
            profiles = true;
        else if (strcmp(argv[0], "--stack") == 0)
            measures = true;
        else
            give_up("no such option");
    }
    if (argc < 1)
        give_up("which file?");
    if (!wasm_runtime_full_init(&init))
        give_up("the runtime cannot be initialised");
    wasm_runtime_set_log_level(WASM_LOG_LEVEL_ERROR);
    if (!wasm_runtime_register_natives("host", natives, sizeof(natives) / sizeof(*natives)))
        give_up("cannot register functions");
#ifdef EMULATED
    make_helpers_reachable();
#endif
    snprintf(map_path, sizeof(map_path), "/tmp/perf-%d.map", (int)getpid());
    perf_map = map_path;
    file = read_file(argv[0], &size);
    module = wasm_runtime_load(file, size, message, sizeof(message));
    if (!module) {
        printf("%s\n", message);
        return NOT_RUN;
    }
    wasm_runtime_set_wasi_args(module, NULL, 0, NULL, 0, NULL, 0, argv, 1);
    instance = wasm_runtime_instantiate(module, stack_size + GUARD_SIZE, 0, message,
                                        sizeof(message));
    if (!instance) {
        printf("%s\n", message);
        return NOT_RUN;
    }
    exec_env = wasm_runtime_get_exec_env_singleton(instance);
    exec_env->wasm_stack.top_boundary -= GUARD_SIZE;
    exec_env->wasm_stack_size -= GUARD_SIZE;
    memset(exec_env->wasm_stack.top_boundary, GUARD, GUARD_SIZE);
    if (argc == 1) {
        if (!wasm_application_execute_main(instance, argc, argv))
            status = print_exception(instance);
    }
    for (argc--, argv++; argc > 0;) {
        int length = 0;
        while (length < argc && strcmp(argv[length], "+") != 0)
            length++;
        status = call(exec_env, length, argv);
        length += length < argc;
        argc -= length;
        argv += length;
    }
    /* Whatever happened, no frame may be left. */
    if (exec_env->wasm_stack.top != exec_env->wasm_stack.bottom || exec_env->cur_frame)
        printf("frames are left\n");
    for (size = 0; size < GUARD_SIZE; size++)
        if (exec_env->wasm_stack.top_boundary[size] != GUARD)
            give_up("a frame lies behind the end of the frame stack");
    if (profiles)
        wasm_runtime_dump_perf_profiling(instance);
    if (measures && exec_env->native_stack_top_min == (uint8 *)UINTPTR_MAX)
        printf("native stack left: unknown\n");
    else if (measures)
        printf("native stack left: %ld\n",
               (long)(exec_env->native_stack_top_min - exec_env->native_stack_boundary));
    fflush(stdout);
    wasm_runtime_deinstantiate(instance);
    wasm_runtime_unload(module);
    wasm_runtime_destroy();
    unlink(perf_map);
    return status;
}

struct command_line {
    int argc;
    char **argv;
    int status;
};

static void *
run(void *data)
{
    struct command_line *command_line = data;
    command_line->status = trace(command_line->argc, command_line->argv);
    return NULL;
}

/* The runtime wants to know where the stack ends, emulated or not. */
int
main(int argc, char **argv)
{
    struct command_line command_line = { argc, argv, 0 };
    pthread_attr_t attributes;
    pthread_t thread;

    if (pthread_attr_init(&attributes) != 0
        || pthread_attr_setstacksize(&attributes, STACK_SIZE) != 0
        || pthread_create(&thread, &attributes, run, &command_line) != 0
        || pthread_join(thread, NULL) != 0)
        give_up("cannot start a thread");
    return command_line.status;
}

/*
 * `agent serve` answers requests on its standard streams, `agent run` runs a WASI program.
 *
 * Everything happens on a thread of its own, whose stack has a known size on every machine, emulated
 * ones included: the runtime wants to know where it ends.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "serve.h"
#include "thumb.h"
#include "wasm_export.h"
#include "wire.h"

#define STACK_SIZE (8 * 1024 * 1024)

struct command_line {
    int argc;
    char **argv;
    int status;
};

bool
host_spoil_invoke(void *module, uint32_t index);

/* From now on, aot_invoke_native fails for an imported function of the calling
   module: a call that still succeeds is direct. */
static void
spoil_invoke(wasm_exec_env_t exec_env, uint32_t index)
{
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(exec_env);
    host_spoil_invoke(wasm_runtime_get_module(instance), index);
}

static NativeSymbol natives[] = {
    { "spoil_invoke", (void *)spoil_invoke, "(i)", NULL },
};

static void *
run(void *data)
{
    struct command_line *command_line = data;
    bool serving =
        command_line->argc == 2 && strcmp(command_line->argv[1], "serve") == 0;
    bool running =
        command_line->argc > 2 && strcmp(command_line->argv[1], "run") == 0;

    if (!serving && !running)
        give_up("usage: agent serve | agent run [OPTIONS] FILE [ARGUMENTS]");
    if (!wasm_runtime_init())
        give_up("the runtime cannot be initialised");
    wasm_runtime_set_log_level(WASM_LOG_LEVEL_ERROR);
    if (!wasm_runtime_register_natives("agent", natives, 1))
        give_up("the agent's functions cannot be registered");
    make_helpers_reachable();
    if (serving) {
        /* The runtime prints to standard output; replies must stay clear of that. */
        int replies = dup(STDOUT_FILENO);
        if (replies < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
            give_up("cannot set up the standard streams");
        serve(STDIN_FILENO, replies);
        /* Instances are the system's to clean up. */
        _exit(0);
    }
    command_line->status =
        run_program(command_line->argc - 2, command_line->argv + 2);
    wasm_runtime_destroy();
    return NULL;
}

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

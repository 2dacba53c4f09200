/*
 * Runs a WASI program as `wamr-run` does: the exit status is the program's own, 1 if it ended with
 * an exception, which is printed to standard output, 255 if it could not be loaded.
 */
#include "serve.h"

#include "instance.h"

#define NOT_RUN 255

static uint8_t *
read_file(const char *path, uint32_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes;
    long length;
    if (!file || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0)
        give_up("cannot read the .aot file");
    rewind(file);
    bytes = allocate((size_t)length);
    if (fread(bytes, 1, (size_t)length, file) != (size_t)length)
        give_up("cannot read the .aot file");
    fclose(file);
    *size = (uint32_t)length;
    return bytes;
}

int
run_program(int argc, char **argv)
{
    const char **dirs = allocate(sizeof(*dirs) * (size_t)(argc + 1));
    const char **env = allocate(sizeof(*env) * (size_t)(argc + 1));
    uint32_t dir_count = 0, env_count = 0, size;
    struct instance *instance = allocate(sizeof(*instance));
    struct InstantiationArgs2 *args;
    struct failure failure = { 0 };
    uint8_t *file;
    int status = 0;

    for (; argc > 0 && strncmp(argv[0], "--", 2) == 0; argc--, argv++) {
        if (strncmp(argv[0], "--map-dir=", 10) == 0)
            dirs[dir_count++] = argv[0] + 10;
        else if (strncmp(argv[0], "--env=", 6) == 0)
            env[env_count++] = argv[0] + 6;
        else if (strncmp(argv[0], "--max-threads=", 14) == 0)
            wasm_runtime_set_max_thread_num((uint32_t)atoi(argv[0] + 14));
        else
            give_up("options are --map-dir=GUEST::HOST, --env=NAME=VALUE, --max-threads=COUNT");
    }
    if (argc < 1)
        give_up("which file?");

    file = read_file(argv[0], &size);
    if (!wasm_runtime_instantiation_args_create(&args))
        give_up("out of memory");
    wasm_runtime_instantiation_args_set_default_stack_size(args, 64 * 1024);
    wasm_runtime_instantiation_args_set_wasi_arg(args, argv, argc);
    wasm_runtime_instantiation_args_set_wasi_env(args, env, env_count);
    wasm_runtime_instantiation_args_set_wasi_dir(args, NULL, 0, dirs, dir_count);
    if (!load_file(instance, file, size, &failure)
        || !make_instance(instance, args, &failure)) {
        fprintf(stderr, "%s\n", failure.message);
        return NOT_RUN;
    }
    if (wasm_application_execute_main(instance->raw, argc, argv)) {
        status = (int)wasm_runtime_get_wasi_exit_code(instance->raw);
    }
    else {
        char message[256];
        take_exception(instance, message, sizeof(message));
        if (strcmp(message, "wasi proc exit") == 0) {
            status = (int)wasm_runtime_get_wasi_exit_code(instance->raw);
        }
        else {
            printf("Exception: %s\n", message);
            status = 1;
        }
    }
    fflush(stdout);
    wasm_runtime_instantiation_args_destroy(args);
    release_instance(instance);
    free(file);
    free(dirs);
    free(env);
    return status;
}

/*
 * A plugin for QEMU that counts the instructions a program executes, and writes their number to the
 * file that its argument `out` names.
 *
 * Debian has no package with the header of this interface (docs/devel/tcg-plugins in QEMU's
 * sources, version 1); what is used of it is declared here.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_info_t;
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };
typedef void (*qemu_plugin_vcpu_tb_trans_cb_t)(qemu_plugin_id_t,
                                               struct qemu_plugin_tb *);
typedef void (*qemu_plugin_udata_cb_t)(qemu_plugin_id_t, void *);

size_t
qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
void
qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t,
                                      qemu_plugin_vcpu_tb_trans_cb_t);
void
qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *,
                                         enum qemu_plugin_op, void *counter,
                                         uint64_t amount);
void
qemu_plugin_register_atexit_cb(qemu_plugin_id_t, qemu_plugin_udata_cb_t,
                               void *);

#define EXPORTED __attribute__((visibility("default")))

EXPORTED int qemu_plugin_version = 1;

static uint64_t count;
static char path[4096];

static void
translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    qemu_plugin_register_vcpu_tb_exec_inline(block, QEMU_PLUGIN_INLINE_ADD_U64,
                                             &count,
                                             qemu_plugin_tb_n_insns(block));
}

static void
ended(qemu_plugin_id_t id, void *data)
{
    FILE *file = fopen(path, "w");
    (void)id;
    (void)data;
    if (file) {
        fprintf(file, "%" PRIu64 "\n", count);
        fclose(file);
    }
}

EXPORTED int
qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info,
                    int argc, char **argv)
{
    (void)info;
    if (argc != 1 || strncmp(argv[0], "out=", 4) != 0
        || strlen(argv[0] + 4) >= sizeof(path))
        return -1;
    strcpy(path, argv[0] + 4);
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}

//! The functions that WAMR itself gives to modules, with their signatures, and the syntax of signatures.
//!
//! A signature (`wasm_runtime_register_natives` in `core/iwasm/include/wasm_export.h`) has a letter for each
//! parameter and result: `i`, `I`, `f`, `F` for numbers, `*` for an address of one byte, `*~` for an address and
//! the length behind it, `$` for the address of a string. The runtime checks addresses and passes pointers.
//!
//! A name says little about the function that the runtime finds under it: a host may register its own. So
//! code relies on a signature only after it has compared the signature with the runtime's own
//! ([`super::imports`]).

use crate::wasm::{FuncType, ImportName, ValType};

/// A parameter of a native function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NativeParam {
    /// A number, passed as it is.
    Number,
    /// The address of one byte.
    Pointer,
    /// The address of as many bytes as the next parameter says.
    Buffer,
    /// The address of a string with a zero byte at its end.
    String,
}

impl NativeParam {
    /// Reports whether the runtime passes a pointer instead of the address.
    pub fn is_address(self) -> bool {
        self != NativeParam::Number
    }
}

/// Returns the parameters of `signature`; `None` if a function of type `ty` cannot have this signature. The
/// runtime's check is `check_symbol_signature` in `core/iwasm/common/wasm_native.c`; references are left out.
pub fn parse(signature: &str, ty: &FuncType) -> Option<Vec<NativeParam>> {
    let (params, results) = signature.strip_prefix('(')?.split_once(')')?;
    let mut letters = params.chars().peekable();
    let mut parsed = Vec::with_capacity(ty.params.len());
    while let Some(letter) = letters.next() {
        let declared = *ty.params.get(parsed.len())?;
        let param = match letter {
            '*' if letters.peek() == Some(&'~') => NativeParam::Buffer,
            '*' => NativeParam::Pointer,
            '$' => NativeParam::String,
            number if Some(number) == letter_of(declared) => NativeParam::Number,
            _ => return None,
        };
        if param.is_address() && declared != ValType::I32 {
            return None;
        }
        parsed.push(param);
        if param == NativeParam::Buffer {
            letters.next();
            if ty.params.get(parsed.len()) != Some(&ValType::I32) {
                return None;
            }
            parsed.push(NativeParam::Number);
        }
    }
    let mut results = results.chars();
    let result = match ty.results.as_slice() {
        [] => None,
        [result] => Some(letter_of(*result)?),
        // The runtime's check looks at the first only.
        _ => return None,
    };
    let fits = parsed.len() == ty.params.len() && results.next() == result;
    (fits && results.next().is_none()).then_some(parsed)
}

fn letter_of(ty: ValType) -> Option<char> {
    match ty {
        ValType::I32 => Some('i'),
        ValType::I64 => Some('I'),
        ValType::F32 => Some('f'),
        ValType::F64 => Some('F'),
        ValType::V128 | ValType::Ref(_) => None,
    }
}

/// Returns the signature of the runtime's own function of that name, if there is one. As the runtime does,
/// looks for a name without its underscore, too.
pub fn signature(name: ImportName<'_>) -> Option<&'static str> {
    let libraries: &[&[(&str, &str)]] = match name.module {
        "env" => &[LIBC_BUILTIN, LIB_PTHREAD, SHARED_HEAP],
        "wasi_snapshot_preview1" | "wasi_unstable" => &[LIBC_WASI],
        "wasi" => &[LIB_WASI_THREADS],
        _ => &[],
    };
    let find = |field: &str| {
        let mut rows = libraries.iter().copied().flatten();
        rows.find(|(name, _)| *name == field)
            .map(|(_, signature)| *signature)
    };
    find(name.field).or_else(|| find(name.field.strip_prefix('_')?))
}

/// The built-in C library (`core/iwasm/libraries/libc-builtin`), module `env`.
const LIBC_BUILTIN: &[(&str, &str)] = &[
    ("__cxa_allocate_exception", "(i)i"),
    ("__cxa_begin_catch", "(*)"),
    ("__cxa_throw", "(**i)"),
    ("_strdup", "($)i"),
    ("abort", "(i)"),
    ("abortStackOverflow", "(i)"),
    ("atoi", "($)i"),
    ("calloc", "(ii)i"),
    ("clock", "()I"),
    ("clock_gettime", "(i*)i"),
    ("emscripten_memcpy_big", "(**~)i"),
    ("exit", "(i)"),
    ("free", "(*)"),
    ("isalnum", "(i)i"),
    ("isalpha", "(i)i"),
    ("isdigit", "(i)i"),
    ("isgraph", "(i)i"),
    ("isprint", "(i)i"),
    ("isspace", "(i)i"),
    ("isupper", "(i)i"),
    ("isxdigit", "(i)i"),
    ("malloc", "(i)i"),
    ("memchr", "(*ii)i"),
    ("memcmp", "(**~)i"),
    ("memcpy", "(**~)i"),
    ("memmove", "(**~)i"),
    ("memset", "(*ii)i"),
    ("nullFunc_X", "(i)"),
    ("printf", "($*)i"),
    ("putchar", "(i)i"),
    ("puts", "($)i"),
    ("realloc", "(ii)i"),
    ("snprintf", "(*~$*)i"),
    ("sprintf", "($$*)i"),
    ("strchr", "($i)i"),
    ("strcmp", "($$)i"),
    ("strcpy", "(*$)i"),
    ("strcspn", "($$)i"),
    ("strdup", "($)i"),
    ("strlen", "($)i"),
    ("strncasecmp", "($$i)i"),
    ("strncmp", "(**~)i"),
    ("strncpy", "(**~)i"),
    ("strspn", "($$)i"),
    ("strstr", "($$)i"),
    ("strtol", "($*i)i"),
    ("strtoul", "($*i)i"),
    ("tolower", "(i)i"),
    ("toupper", "(i)i"),
    ("vprintf", "($*)i"),
    ("vsnprintf", "(*~$*)i"),
    ("vsprintf", "($$*)i"),
];

/// Threads of the C library (`core/iwasm/libraries/lib-pthread`), module `env`.
const LIB_PTHREAD: &[(&str, &str)] = &[
    ("__pthread_self", "()i"),
    ("posix_memalign", "(*ii)i"),
    ("pthread_cancel", "(i)i"),
    ("pthread_cond_broadcast", "(*)i"),
    ("pthread_cond_destroy", "(*)i"),
    ("pthread_cond_init", "(**)i"),
    ("pthread_cond_signal", "(*)i"),
    ("pthread_cond_timedwait", "(**I)i"),
    ("pthread_cond_wait", "(**)i"),
    ("pthread_create", "(**ii)i"),
    ("pthread_detach", "(i)i"),
    ("pthread_exit", "(i)"),
    ("pthread_getspecific", "(i)i"),
    ("pthread_join", "(ii)i"),
    ("pthread_key_create", "(*i)i"),
    ("pthread_key_delete", "(i)i"),
    ("pthread_mutex_destroy", "(*)i"),
    ("pthread_mutex_init", "(**)i"),
    ("pthread_mutex_lock", "(*)i"),
    ("pthread_mutex_unlock", "(*)i"),
    ("pthread_self", "()i"),
    ("pthread_setspecific", "(ii)i"),
    ("sem_close", "(i)i"),
    ("sem_getvalue", "(i*)i"),
    ("sem_open", "($iii)i"),
    ("sem_post", "(i)i"),
    ("sem_trywait", "(i)i"),
    ("sem_unlink", "($)i"),
    ("sem_wait", "(i)i"),
];

/// Allocation in a shared heap (`core/iwasm/libraries/shared-heap`), module `env`.
const SHARED_HEAP: &[(&str, &str)] = &[("shared_heap_free", "(*)"), ("shared_heap_malloc", "(i)i")];

/// Threads of WASI (`core/iwasm/libraries/lib-wasi-threads`), module `wasi`.
const LIB_WASI_THREADS: &[(&str, &str)] = &[("thread-spawn", "(i)i")];

/// WASI with sockets (`core/iwasm/libraries/libc-wasi`), under both names of the module.
const LIBC_WASI: &[(&str, &str)] = &[
    ("args_get", "(**)i"),
    ("args_sizes_get", "(**)i"),
    ("clock_res_get", "(i*)i"),
    ("clock_time_get", "(iI*)i"),
    ("environ_get", "(**)i"),
    ("environ_sizes_get", "(**)i"),
    ("fd_advise", "(iIIi)i"),
    ("fd_allocate", "(iII)i"),
    ("fd_close", "(i)i"),
    ("fd_datasync", "(i)i"),
    ("fd_fdstat_get", "(i*)i"),
    ("fd_fdstat_set_flags", "(ii)i"),
    ("fd_fdstat_set_rights", "(iII)i"),
    ("fd_filestat_get", "(i*)i"),
    ("fd_filestat_set_size", "(iI)i"),
    ("fd_filestat_set_times", "(iIIi)i"),
    ("fd_pread", "(i*iI*)i"),
    ("fd_prestat_dir_name", "(i*~)i"),
    ("fd_prestat_get", "(i*)i"),
    ("fd_pwrite", "(i*iI*)i"),
    ("fd_read", "(i*i*)i"),
    ("fd_readdir", "(i*~I*)i"),
    ("fd_renumber", "(ii)i"),
    ("fd_seek", "(iIi*)i"),
    ("fd_sync", "(i)i"),
    ("fd_tell", "(i*)i"),
    ("fd_write", "(i*i*)i"),
    ("path_create_directory", "(i*~)i"),
    ("path_filestat_get", "(ii*~*)i"),
    ("path_filestat_set_times", "(ii*~IIi)i"),
    ("path_link", "(ii*~i*~)i"),
    ("path_open", "(ii*~iIIi*)i"),
    ("path_readlink", "(i*~*~*)i"),
    ("path_remove_directory", "(i*~)i"),
    ("path_rename", "(i*~i*~)i"),
    ("path_symlink", "(*~i*~)i"),
    ("path_unlink_file", "(i*~)i"),
    ("poll_oneoff", "(**i*)i"),
    ("proc_exit", "(i)"),
    ("proc_raise", "(i)i"),
    ("random_get", "(*~)i"),
    ("sched_yield", "()i"),
    ("sock_accept", "(ii*)i"),
    ("sock_addr_local", "(i*)i"),
    ("sock_addr_remote", "(i*)i"),
    ("sock_addr_resolve", "($$**i*)i"),
    ("sock_bind", "(i*)i"),
    ("sock_close", "(i)i"),
    ("sock_connect", "(i*)i"),
    ("sock_get_broadcast", "(i*)i"),
    ("sock_get_ip_multicast_loop", "(ii*)i"),
    ("sock_get_ip_multicast_ttl", "(i*)i"),
    ("sock_get_ip_ttl", "(i*)i"),
    ("sock_get_ipv6_only", "(i*)i"),
    ("sock_get_keep_alive", "(i*)i"),
    ("sock_get_linger", "(i**)i"),
    ("sock_get_recv_buf_size", "(i*)i"),
    ("sock_get_recv_timeout", "(i*)i"),
    ("sock_get_reuse_addr", "(i*)i"),
    ("sock_get_reuse_port", "(i*)i"),
    ("sock_get_send_buf_size", "(i*)i"),
    ("sock_get_send_timeout", "(i*)i"),
    ("sock_get_tcp_fastopen_connect", "(i*)i"),
    ("sock_get_tcp_keep_idle", "(i*)i"),
    ("sock_get_tcp_keep_intvl", "(i*)i"),
    ("sock_get_tcp_no_delay", "(i*)i"),
    ("sock_get_tcp_quick_ack", "(i*)i"),
    ("sock_listen", "(ii)i"),
    ("sock_open", "(iii*)i"),
    ("sock_recv", "(i*ii**)i"),
    ("sock_recv_from", "(i*ii**)i"),
    ("sock_send", "(i*ii*)i"),
    ("sock_send_to", "(i*ii**)i"),
    ("sock_set_broadcast", "(ii)i"),
    ("sock_set_ip_add_membership", "(i*i)i"),
    ("sock_set_ip_drop_membership", "(i*i)i"),
    ("sock_set_ip_multicast_loop", "(iii)i"),
    ("sock_set_ip_multicast_ttl", "(ii)i"),
    ("sock_set_ip_ttl", "(ii)i"),
    ("sock_set_ipv6_only", "(ii)i"),
    ("sock_set_keep_alive", "(ii)i"),
    ("sock_set_linger", "(iii)i"),
    ("sock_set_recv_buf_size", "(ii)i"),
    ("sock_set_recv_timeout", "(iI)i"),
    ("sock_set_reuse_addr", "(ii)i"),
    ("sock_set_reuse_port", "(ii)i"),
    ("sock_set_send_buf_size", "(ii)i"),
    ("sock_set_send_timeout", "(iI)i"),
    ("sock_set_tcp_fastopen_connect", "(ii)i"),
    ("sock_set_tcp_keep_idle", "(ii)i"),
    ("sock_set_tcp_keep_intvl", "(ii)i"),
    ("sock_set_tcp_no_delay", "(ii)i"),
    ("sock_set_tcp_quick_ack", "(ii)i"),
    ("sock_shutdown", "(ii)i"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: [(char, ValType); 4] = [
        ('i', ValType::I32),
        ('I', ValType::I64),
        ('f', ValType::F32),
        ('F', ValType::F64),
    ];

    /// The type of a function that a row of the tables describes.
    fn type_of(signature: &str) -> FuncType {
        let (params, results) = signature[1..].split_once(')').unwrap();
        let types = |letters: &str| {
            let ty = |letter| {
                TYPES
                    .iter()
                    .find(|it| it.0 == letter)
                    .map_or(ValType::I32, |it| it.1)
            };
            letters.chars().map(ty).collect()
        };
        FuncType {
            params: types(params),
            results: types(results),
        }
    }

    #[test]
    fn every_row_parses() {
        for rows in [
            LIBC_BUILTIN,
            LIB_PTHREAD,
            SHARED_HEAP,
            LIB_WASI_THREADS,
            LIBC_WASI,
        ] {
            for (name, signature) in rows {
                let ty = type_of(signature);
                let params = parse(signature, &ty).unwrap_or_else(|| panic!("{name} {signature}"));
                assert_eq!(params.len(), ty.params.len(), "{name}");
            }
            assert!(rows.is_sorted());
        }
    }

    #[test]
    fn signatures_must_fit_the_type() {
        use NativeParam::{Buffer, Number, Pointer, String};
        use ValType::{F32, I32, I64};

        let ty = |params: &[ValType], results: &[ValType]| FuncType {
            params: params.to_vec(),
            results: results.to_vec(),
        };
        assert_eq!(parse("()", &ty(&[], &[])), Some(vec![]));
        let all = parse("(*~$*If)I", &ty(&[I32, I32, I32, I32, I64, F32], &[I64]));
        assert_eq!(
            all,
            Some(vec![Buffer, Number, String, Pointer, Number, Number])
        );
        for (signature, params, results) in [
            ("", &[][..], &[][..]),
            ("i", &[I32], &[]),
            ("(i", &[I32], &[]),
            ("(i)", &[], &[]),
            ("()", &[I32], &[]),
            ("(i)", &[I64], &[]),
            ("(*)", &[I64], &[]),
            ("($)", &[F32], &[]),
            ("(*~)", &[I32], &[]),
            ("(*~)", &[I32, I64], &[]),
            ("(~i)", &[I32, I32], &[]),
            ("(r)", &[I32], &[]),
            ("()", &[], &[I32]),
            ("()i", &[], &[]),
            ("()*", &[], &[I32]),
            ("()ii", &[], &[I32]),
            ("()i", &[], &[I32, I32]),
        ] {
            assert_eq!(parse(signature, &ty(params, results)), None, "{signature}");
        }
    }

    #[test]
    fn names_are_found_as_the_runtime_does() {
        let find = |module, field| signature(ImportName { module, field });
        assert_eq!(find("env", "strcmp"), Some("($$)i"));
        assert_eq!(find("env", "_strcmp"), Some("($$)i"));
        assert_eq!(find("env", "__strcmp"), None);
        assert_eq!(find("wasi_unstable", "random_get"), Some("(*~)i"));
        assert_eq!(find("wasi_snapshot_preview1", "strcmp"), None);
        assert_eq!(find("other", "strcmp"), None);
    }
}

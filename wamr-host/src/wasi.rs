//! What a WASI program sees of the world: arguments, environment, directories, standard streams.

use std::ffi::{CString, c_char, c_int};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

use crate::error::Error;
use crate::ffi;
use crate::imports::c_string;

/// Where the program finds itself. The default is no arguments, no environment, no directories,
/// and the standard streams of this process.
#[derive(Debug, Default)]
pub struct WasiOptions {
    /// All arguments, the program's name first.
    pub args: Vec<String>,
    /// `NAME=value`.
    pub env: Vec<String>,
    /// Directories the program may open: the path it uses, and the path here.
    pub dirs: Vec<(String, String)>,
    pub stdin: Option<OwnedFd>,
    pub stdout: Option<OwnedFd>,
    pub stderr: Option<OwnedFd>,
}

/// The options in the runtime's form. It copies the strings while it instantiates the module, and
/// uses the files until the instance goes.
pub(crate) struct WasiArguments {
    pointers: [Vec<*mut c_char>; 3],
    _strings: Vec<CString>,
    files: [Option<OwnedFd>; 3],
}

impl WasiArguments {
    pub(crate) fn new(options: &WasiOptions) -> Result<Self, Error> {
        let dirs: Vec<_> = options
            .dirs
            .iter()
            .map(|(guest, host)| format!("{guest}::{host}"))
            .collect();
        let mut strings = Vec::new();
        let mut pointers_of = |list: &[String], what| -> Result<Vec<*mut c_char>, Error> {
            list.iter()
                .map(|text| {
                    let text = c_string(text, what)?;
                    let pointer = text.as_ptr().cast_mut();
                    strings.push(text);
                    Ok(pointer)
                })
                .collect()
        };
        let pointers = [
            pointers_of(&options.args, "an argument")?,
            pointers_of(&options.env, "an environment variable")?,
            pointers_of(&dirs, "a directory")?,
        ];
        let duplicate = |file: &Option<OwnedFd>| file.as_ref().map(OwnedFd::try_clone).transpose();
        let files = (|| {
            io::Result::Ok([
                duplicate(&options.stdin)?,
                duplicate(&options.stdout)?,
                duplicate(&options.stderr)?,
            ])
        })()
        .map_err(|error| Error::System {
            what: "standard streams",
            message: error.to_string(),
        })?;
        Ok(Self {
            pointers,
            _strings: strings,
            files,
        })
    }

    /// # Safety
    /// `target` is live, and used only as long as `self` exists.
    pub(crate) unsafe fn apply(&mut self, target: *mut ffi::InstantiationArgs) {
        /// The runtime's word for "the stream of this process".
        const INHERITED: i64 = -1;
        let [stdin, stdout, stderr] = &self.files;
        let number = |file: &Option<OwnedFd>| {
            file.as_ref()
                .map_or(INHERITED, |file| i64::from(file.as_raw_fd()))
        };
        let [args, env, dirs] = &mut self.pointers;
        // SAFETY: the lists and what they point to live as long as `self`.
        unsafe {
            ffi::wasm_runtime_instantiation_args_set_wasi_arg(
                target,
                args.as_mut_ptr(),
                args.len() as c_int,
            );
            ffi::wasm_runtime_instantiation_args_set_wasi_env(
                target,
                env.as_mut_ptr().cast(),
                env.len() as u32,
            );
            ffi::wasm_runtime_instantiation_args_set_wasi_dir(
                target,
                std::ptr::null_mut(),
                0,
                dirs.as_mut_ptr().cast(),
                dirs.len() as u32,
            );
            ffi::wasm_runtime_instantiation_args_set_wasi_stdio(
                target,
                number(stdin),
                number(stdout),
                number(stderr),
            );
        }
    }

    /// Keeps only what the instance needs after it has been made.
    pub(crate) fn into_files(self) -> [Option<OwnedFd>; 3] {
        self.files
    }
}

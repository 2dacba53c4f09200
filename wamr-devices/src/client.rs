//! The client's side of the protocol: instances of modules on a device.
//!
//! An [`Agent`] is one process with one runtime in it. It does one thing at a time. When it is lost,
//! because compiled code has taken it along, so are its instances: every call says so from then on.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use wamr_host::{FuncType, Val};

use crate::device::Device;
use crate::wire::{Message, Reader};

mod request {
    pub const HELLO: u8 = 0;
    pub const INSTANTIATE: u8 = 1;
    pub const CALL: u8 = 2;
    pub const GET_GLOBAL: u8 = 3;
    pub const SET_GLOBAL: u8 = 4;
    pub const MEMORY_SIZE: u8 = 5;
    pub const MEMORY_READ: u8 = 6;
    pub const MEMORY_WRITE: u8 = 7;
    pub const MEMORY_GROW: u8 = 8;
    pub const TABLE_SIZE: u8 = 9;
    pub const TABLE_ELEMENT: u8 = 10;
    pub const RELEASE: u8 = 11;
}

const PROTOCOL_VERSION: u32 = 1;
/// In place of the number of an instance: the function does nothing.
const HOST: u32 = u32::MAX;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The agent has ended, or does not keep to the protocol.
    #[error("the agent is lost: {0}")]
    Lost(String),
    /// The runtime refuses the file, or cannot make an instance of it.
    #[error("{0}")]
    Refused(String),
    /// WAMR's text, without `Exception: ` before it.
    #[error("{0}")]
    Trap(String),
    #[error("nothing of that kind is exported as `{0}`")]
    NoSuchExport(String),
    #[error("{0}")]
    WrongUse(String),
    #[error("the name `{0}` contains a zero byte")]
    ZeroByte(String),
}

/// Where an imported function comes from.
#[derive(Debug, Clone)]
pub enum FunctionSource {
    /// It does nothing and returns zeroes.
    Host,
    /// The exported function of another instance.
    Export(Instance, String),
}

/// What a module's imports are satisfied with, each under its module and name.
#[derive(Debug, Default)]
pub struct Imports {
    functions: BTreeMap<(String, String), (FuncType, FunctionSource)>,
    globals: BTreeMap<(String, String), (Val, bool)>,
}

impl Imports {
    /// Provides a function that the module imports under that type.
    pub fn function(&mut self, module: &str, name: &str, ty: FuncType, source: FunctionSource) {
        let key = (module.to_owned(), name.to_owned());
        self.functions.insert(key, (ty, source));
    }

    /// Provides the value of a global.
    pub fn global(&mut self, module: &str, name: &str, value: Val, mutable: bool) {
        let key = (module.to_owned(), name.to_owned());
        self.globals.insert(key, (value, mutable));
    }
}

/// A runtime on a device.
#[derive(Debug, Clone)]
pub struct Agent(Arc<Mutex<Connection>>);

#[derive(Debug)]
struct Connection {
    child: Child,
    requests: ChildStdin,
    replies: ChildStdout,
    lost: Option<String>,
}

impl Agent {
    /// Starts the device's agent at that path.
    pub fn start(device: &Device, program: &Path) -> Result<Self, Error> {
        let lost = |error: std::io::Error| Error::Lost(format!("it cannot be started: {error}"));
        let mut command = device.command(program);
        command
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        // An agent whose code runs for ever does not see that its client has gone.
        // SAFETY: between fork and exec only one system call is made.
        unsafe {
            command.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                Ok(())
            });
        }
        let mut child = command.spawn().map_err(lost)?;
        let (Some(requests), Some(replies)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Error::Lost("it has no standard streams".to_owned()));
        };
        let agent = Self(Arc::new(Mutex::new(Connection {
            child,
            requests,
            replies,
            lost: None,
        })));
        let version = agent.request(&Message::new(request::HELLO), |reply| {
            let version = reply.number()?;
            reply.number().map(|_pointer_size| version)
        })?;
        if version != PROTOCOL_VERSION {
            return Err(Error::Lost(format!("it speaks version {version}")));
        }
        Ok(agent)
    }

    /// Loads a module and makes an instance of it. Imports without a source stay unlinked.
    pub fn instantiate(&self, file: &[u8], imports: &Imports) -> Result<Instance, Error> {
        let mut message = Message::new(request::INSTANTIATE);
        message.bytes(file).count(imports.functions.len());
        let mut sources = Vec::new();
        for ((module, name), (ty, source)) in &imports.functions {
            check_name(module)?;
            check_name(name)?;
            message.text(module).text(name).signature(ty);
            match source {
                FunctionSource::Host => message.number(HOST).text(""),
                FunctionSource::Export(instance, export) => {
                    check_name(export)?;
                    sources.push(instance.clone());
                    message.number(instance.0.number).text(export)
                }
            };
        }
        message.count(imports.globals.len());
        for ((module, name), (value, mutable)) in &imports.globals {
            check_name(module)?;
            check_name(name)?;
            message.text(module).text(name);
            message.byte(u8::from(*mutable)).value(*value);
        }
        let number = self.request(&message, |reply| reply.number())?;
        Ok(Instance(Arc::new(Inner {
            agent: self.clone(),
            number,
            _sources: sources,
        })))
    }

    /// Sends a request and reads what its reply holds.
    fn request<T>(
        &self,
        message: &Message,
        read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
    ) -> Result<T, Error> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let reply = connection.exchange(message)?;
        let broken = || Error::Lost("a reply is not what the protocol says".to_owned());
        let mut reader = Reader(&reply);
        let status = reader.byte().ok_or_else(broken)?;
        if status == 0 {
            return read(&mut reader).ok_or_else(broken);
        }
        let message = reader.text().ok_or_else(broken)?;
        Err(match status {
            1 => refusal(message),
            2 => Error::Trap(message),
            3 => Error::NoSuchExport(message),
            _ => Error::WrongUse(message),
        })
    }
}

impl Connection {
    fn exchange(&mut self, message: &Message) -> Result<Vec<u8>, Error> {
        if let Some(why) = &self.lost {
            return Err(Error::Lost(why.clone()));
        }
        self.try_exchange(message.as_bytes()).map_err(|error| {
            // Its last words are on standard error; how it ended is more telling than the pipe.
            let _ = self.child.kill();
            let why = match self.child.wait() {
                Ok(status) => format!("it ended with {status}"),
                Err(_) => error.to_string(),
            };
            self.lost = Some(why.clone());
            Error::Lost(why)
        })
    }

    fn try_exchange(&mut self, message: &[u8]) -> std::io::Result<Vec<u8>> {
        let length = u32::try_from(message.len()).map_err(std::io::Error::other)?;
        self.requests.write_all(&length.to_le_bytes())?;
        self.requests.write_all(message)?;
        self.requests.flush()?;
        let mut length = [0; 4];
        self.replies.read_exact(&mut length)?;
        let mut reply = vec![0; u32::from_le_bytes(length) as usize];
        self.replies.read_exact(&mut reply)?;
        Ok(reply)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The runtime reports what ends an instantiation, traps included, in one message.
fn refusal(message: String) -> Error {
    const FAILED: &str = "AOT module instantiate failed: ";
    const SEGMENT_TRAPS: [&str; 2] = ["out of bounds memory access", "out of bounds table access"];
    let cause = message.strip_prefix(FAILED).unwrap_or(&message);
    match cause
        .strip_prefix("Exception: ")
        .or_else(|| SEGMENT_TRAPS.contains(&cause).then_some(cause))
    {
        Some(trap) => Error::Trap(trap.to_owned()),
        None => Error::Refused(message),
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    if name.contains('\0') {
        Err(Error::ZeroByte(name.to_owned()))
    } else {
        Ok(())
    }
}

/// An instance on a device. Clones refer to the same one.
#[derive(Debug, Clone)]
pub struct Instance(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    agent: Agent,
    number: u32,
    /// Instances whose functions it calls.
    _sources: Vec<Instance>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        let mut message = Message::new(request::RELEASE);
        message.number(self.number);
        // A lost agent has nothing left to release.
        let _ = self.agent.request(&message, |_| Some(()));
    }
}

impl Instance {
    /// Calls an exported function.
    pub fn call(&self, name: &str, arguments: &[Val]) -> Result<Vec<Val>, Error> {
        let mut message = self.about(request::CALL, Some(name))?;
        message.count(arguments.len());
        for argument in arguments {
            message.value(*argument);
        }
        self.0.agent.request(&message, |reply| reply.values())
    }

    /// The value of the global exported as `name`.
    pub fn global(&self, name: &str) -> Result<Val, Error> {
        let message = self.about(request::GET_GLOBAL, Some(name))?;
        self.0.agent.request(&message, |reply| reply.value())
    }

    /// Gives the mutable global exported as `name` another value.
    pub fn set_global(&self, name: &str, value: Val) -> Result<(), Error> {
        let mut message = self.about(request::SET_GLOBAL, Some(name))?;
        message.value(value);
        self.0.agent.request(&message, |_| Some(()))
    }

    /// The size of the instance's memory in bytes.
    pub fn memory_size(&self) -> Result<u64, Error> {
        let message = self.about(request::MEMORY_SIZE, None)?;
        self.0.agent.request(&message, |reply| reply.long())
    }

    pub fn read_memory(&self, offset: u32, length: u32) -> Result<Vec<u8>, Error> {
        let mut message = self.about(request::MEMORY_READ, None)?;
        message.number(offset).number(length);
        self.0.agent.request(&message, |reply| {
            reply.raw(length as usize).map(<[u8]>::to_vec)
        })
    }

    pub fn write_memory(&self, offset: u32, bytes: &[u8]) -> Result<(), Error> {
        let mut message = self.about(request::MEMORY_WRITE, None)?;
        message.number(offset).bytes(bytes);
        self.0.agent.request(&message, |_| Some(()))
    }

    /// Adds pages and gives their previous number.
    pub fn grow_memory(&self, pages: u32) -> Result<u64, Error> {
        let mut message = self.about(request::MEMORY_GROW, None)?;
        message.number(pages);
        self.0.agent.request(&message, |reply| reply.long())
    }

    /// The number of elements in the table exported as `name`.
    pub fn table_size(&self, name: &str) -> Result<u32, Error> {
        let message = self.about(request::TABLE_SIZE, Some(name))?;
        self.0.agent.request(&message, |reply| reply.number())
    }

    /// An element of the table exported as `name`.
    pub fn table_element(&self, name: &str, index: u32) -> Result<Val, Error> {
        let mut message = self.about(request::TABLE_ELEMENT, Some(name))?;
        message.number(index);
        self.0.agent.request(&message, |reply| reply.value())
    }

    fn about(&self, request: u8, name: Option<&str>) -> Result<Message, Error> {
        let mut message = Message::new(request);
        message.number(self.0.number);
        if let Some(name) = name {
            check_name(name)?;
            message.text(name);
        }
        Ok(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_instantiations_are_told_from_traps() {
        let error = |text: &str| refusal(format!("AOT module instantiate failed: {text}"));
        assert_eq!(
            error("Exception: unreachable"),
            Error::Trap("unreachable".to_owned())
        );
        assert_eq!(
            error("out of bounds table access"),
            Error::Trap("out of bounds table access".to_owned())
        );
        assert!(matches!(error("no memory"), Error::Refused(_)));
    }
}

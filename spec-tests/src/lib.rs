//! Runs the WebAssembly specification's scripts through wasmelt on a real WAMR.
//!
//! A [`catalog::Script`] goes through a [`session`] in a process of its own: its modules are
//! compiled, linked and run by an [`engine::Engine`], and what came of each directive is written
//! as a [`report::Event`]. The [`runner`] starts these processes and adds the reports up, [`cli`]
//! prints them, [`docs`] makes the coverage table.

pub mod catalog;
pub mod cli;
pub mod command_line;
pub mod compiler_command;
pub mod docs;
pub mod engine;
pub mod interface;
pub mod link;
pub mod machine;
pub mod mode;
pub mod report;
pub mod runner;
pub mod script;
pub mod session;
pub mod skip;
pub mod trap;
pub mod value;

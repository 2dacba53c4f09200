//! Shows the modules that a script wants refused to the `wasmelt` command.
//!
//! The library's refusal is checked where scripts are executed. Here it is what a user sees:
//! status 1 (2 would mean that the command line itself was wrong), a message, no output file.

use std::path::Path;
use std::process::{Command, Stdio};

use wasmelt::options::Features;

use crate::catalog::Script;
use crate::report::{Failure, ScriptResult};
use crate::runner::RunnerError;
use crate::script::{self, Lines};

/// The status that says: the input is refused.
pub(crate) const REFUSED: i32 = 1;

/// Switches that lead from a compiler's defaults to a suite's features.
pub(crate) fn switches(features: Features) -> Vec<&'static str> {
    let default = Features::default();
    [
        // Other compilers with the options of `wamrc` do not turn them on by themselves.
        (features.tail_call, "--enable-tail-call"),
        (features.extended_const, "--enable-extended-const"),
        (features.threads, "--enable-multi-thread"),
        (!features.tail_call, "--disable-tail-call"),
        (!features.extended_const, "--disable-extended-const"),
        (
            !features.reference_types && default.reference_types,
            "--disable-ref-types",
        ),
        (
            !features.bulk_memory && default.bulk_memory,
            "--disable-bulk-memory",
        ),
        (!features.simd && default.simd, "--disable-simd"),
        (
            !features.function_references && default.function_references,
            "--disable-function-references",
        ),
        (!features.memory64 && default.memory64, "--disable-memory64"),
        (
            !features.multi_memory && default.multi_memory,
            "--disable-multi-memory",
        ),
        (
            !features.custom_page_sizes && default.custom_page_sizes,
            "--disable-custom-page-sizes",
        ),
    ]
    .into_iter()
    .filter_map(|(needed, switch)| needed.then_some(switch))
    .collect()
}

/// Runs `wasmelt` once for each such module of the script.
pub fn run(script: &Script, wasmelt: &Path) -> Result<ScriptResult, RunnerError> {
    let mut result = ScriptResult::default();
    let mut fail = |line, directive: &str, message: String| {
        result.tally.failed += 1;
        result.failures.push(Failure {
            line,
            directive: directive.to_owned(),
            message,
        });
    };
    let lines = Lines::of(script.text);
    let directives = script::tokens(script.text).map(|tokens| {
        let modules = script::directives(&tokens).map(|directives| modules(&lines, directives));
        modules.map_err(|error| error.to_string())
    });
    let modules = match directives
        .map_err(|error| error.to_string())
        .and_then(|modules| modules)
    {
        Ok(modules) => modules,
        Err(error) => {
            fail(0, "script", error);
            return Ok(result);
        }
    };
    let mut passed = 0;
    for (line, directive, module) in modules {
        match refuses(wasmelt, script.features, &module)? {
            Ok(()) => passed += 1,
            Err(message) => fail(line, directive, message),
        }
    }
    result.tally.passed = passed;
    Ok(result)
}

/// Line, keyword and bytes of each module to be refused. What the text parser refuses is left out:
/// there is no file to show.
fn modules(
    lines: &Lines,
    directives: Vec<wast::WastDirective<'_>>,
) -> Vec<(u32, &'static str, Vec<u8>)> {
    directives
        .into_iter()
        .filter_map(|mut directive| {
            let line = lines.line(directive.span());
            let keyword = script::keyword(&directive);
            let module = script::refused_module(&mut directive)?.encode().ok()?;
            Some((line, keyword, module))
        })
        .collect()
}

/// Whether the command refuses the module as it should. The outer error is the machine's, the
/// inner one the command's.
fn refuses(
    wasmelt: &Path,
    features: Features,
    module: &[u8],
) -> Result<Result<(), String>, RunnerError> {
    let folder = tempfile::tempdir().map_err(RunnerError::Report)?;
    let input = folder.path().join("module.wasm");
    let output = folder.path().join("module.aot");
    std::fs::write(&input, module).map_err(RunnerError::Report)?;
    let run = Command::new(wasmelt)
        .args(switches(features))
        .arg("-o")
        .args([&output, &input])
        .stdin(Stdio::null())
        .output()
        .map_err(RunnerError::Process)?;
    let message = String::from_utf8_lossy(&run.stderr);
    Ok(if run.status.code() != Some(REFUSED) {
        Err(format!(
            "the command ended with {}: {}",
            run.status,
            message.trim()
        ))
    } else if message.trim().is_empty() {
        Err("the command does not say why it refuses the module".to_owned())
    } else if output.exists() {
        Err("the command refuses the module and leaves an output file".to_owned())
    } else {
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_say_what_is_on_and_off() {
        assert_eq!(
            switches(Features::default()),
            ["--enable-tail-call", "--enable-extended-const"]
        );
        let threads = Features {
            threads: true,
            reference_types: false,
            tail_call: false,
            ..Features::default()
        };
        assert_eq!(
            switches(threads),
            [
                "--enable-extended-const",
                "--enable-multi-thread",
                "--disable-tail-call",
                "--disable-ref-types"
            ]
        );
    }

    #[test]
    fn a_command_that_accepts_everything_fails() {
        let script = crate::catalog::find("core/binary.wast").expect("part of core");
        let result = run(&script, Path::new("true")).expect("`true` can be started");
        assert_eq!(result.tally.passed, 0);
        assert!(result.tally.failed > 50);
    }

    #[test]
    fn a_silent_refusal_fails() {
        let script = crate::catalog::find("core/custom.wast").expect("part of core");
        let result = run(&script, Path::new("false")).expect("`false` can be started");
        assert!(
            result
                .failures
                .iter()
                .all(|failure| failure.message.contains("does not say why"))
        );
        assert!(!result.failures.is_empty());
    }
}

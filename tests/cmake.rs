//! The CMake package, with the real CMake: dependencies, embedded files, cross compilation.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use object::{Object as _, ObjectSymbol as _};
use tempfile::TempDir;

const MODULE: &str = r#"(module (func (export "f") (result i32) (i32.const 7)))"#;

struct Project(TempDir);

impl Project {
    fn new(lists: &str, files: &[(&str, &str)]) -> Project {
        let project = Project(tempfile::tempdir().unwrap());
        let start = "cmake_minimum_required(VERSION 3.20)\nproject(test C ASM)\n\
                     find_package(Wasmelt 0.1 CONFIG REQUIRED)\n";
        fs::write(project.path("CMakeLists.txt"), format!("{start}{lists}")).unwrap();
        fs::write(project.path("app.wasm"), wat::parse_str(MODULE).unwrap()).unwrap();
        for (name, text) in files {
            fs::write(project.path(name), text).unwrap();
        }
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn cmake(&self, arguments: &[&str]) -> (bool, String) {
        let output = Command::new("cmake")
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&text).into_owned(),
        )
    }

    fn configure(&self, generator: &str, more: &[&str]) -> (bool, String) {
        let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("cmake");
        let package = format!("-DWasmelt_DIR={}", package.display());
        let command = format!("-DWASMELT_EXECUTABLE={}", env!("CARGO_BIN_EXE_wasmelt"));
        let arguments = [
            "-S", ".", "-B", "build", "-G", generator, &package, &command,
        ];
        self.cmake(&[&arguments, more].concat())
    }

    #[track_caller]
    fn build(&self) -> String {
        let (success, text) = self.cmake(&["--build", "build"]);
        assert!(success, "{text}");
        text
    }

    /// Gives the module a later time than everything that is built.
    fn touch(&self, name: &str) {
        let soon = std::time::SystemTime::now() + std::time::Duration::from_secs(2);
        let file = fs::File::options()
            .append(true)
            .open(self.path(name))
            .unwrap();
        file.set_modified(soon).unwrap();
    }
}

const GENERATORS: [&str; 2] = ["Unix Makefiles", "Ninja"];

#[test]
fn a_file_follows_its_module() {
    let lists = "wasmelt_add_aot(app WASM app.wasm TARGET thumbv7em ABI eabihf CPU cortex-m7 XIP OPT_LEVEL z \
                 FEATURES -fp64 OPTIONS --enable-tail-call)\n\
                 get_property(file TARGET app PROPERTY WASMELT_AOT_FILE)\nmessage(STATUS \"file ${file}\")\n";
    for generator in GENERATORS {
        let project = Project::new(lists, &[]);
        let (success, text) = project.configure(generator, &[]);
        assert!(success, "{text}");
        let file = fs::canonicalize(project.0.path())
            .unwrap()
            .join("build/app.aot");
        assert!(text.contains(&format!("file {}", file.display())), "{text}");
        assert!(project.build().contains("Compiling app.aot"));
        let built = fs::read(project.path("build/app.aot")).unwrap();
        assert!(!project.build().contains("Compiling"));
        project.touch("app.wasm");
        assert!(project.build().contains("Compiling app.aot"));

        let status = Command::new(env!("CARGO_BIN_EXE_wasmelt"))
            .args([
                "--target=thumbv7em",
                "--target-abi=eabihf",
                "--cpu=cortex-m7",
                "--xip",
            ])
            .args([
                "--opt-level=z",
                "--cpu-features=-fp64",
                "--enable-tail-call",
            ])
            .args(["-o", "alone.aot", "app.wasm"])
            .current_dir(project.0.path())
            .status()
            .unwrap();
        assert!(status.success());
        assert!(built == fs::read(project.path("alone.aot")).unwrap());
    }
}

const PROGRAM: &str = "\
#include <stdio.h>
#include \"app_aot.h\"
int main(void)
{
    return fwrite(app_aot, 1, app_aot_size, stdout) != app_aot_size || (size_t)app_aot % 16 != 0;
}
";

#[test]
fn a_program_holds_the_file() {
    for (generator, embed) in [
        ("Unix Makefiles", "C"),
        ("Ninja", "OBJECT"),
        ("Unix Makefiles", "OBJECT"),
    ] {
        let lists = format!(
            "wasmelt_add_aot(app WASM app.wasm TARGET x86_64 EMBED {embed})\n\
             add_executable(program main.c)\ntarget_link_libraries(program app)\n"
        );
        let project = Project::new(&lists, &[("main.c", PROGRAM)]);
        let (success, text) = project.configure(generator, &[]);
        assert!(success, "{text}");
        let check = || {
            project.build();
            let output = Command::new(project.path("build/program"))
                .output()
                .unwrap();
            assert!(output.status.success());
            assert!(output.stdout == fs::read(project.path("build/app.aot")).unwrap());
            output.stdout
        };
        let before = check();
        // A changed module reaches the program.
        let other = MODULE.replace("i32.const 7", "i32.const 123456");
        fs::write(project.path("app.wasm"), wat::parse_str(other).unwrap()).unwrap();
        project.touch("app.wasm");
        assert!(check() != before, "{generator} {embed}");
    }
}

#[test]
fn a_toolchain_file() {
    let toolchain = "set(CMAKE_SYSTEM_NAME Generic)\nset(CMAKE_SYSTEM_PROCESSOR arm)\n\
                     set(CMAKE_C_COMPILER arm-none-eabi-gcc)\nset(CMAKE_ASM_COMPILER arm-none-eabi-gcc)\n\
                     set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)\n\
                     set(CMAKE_FIND_ROOT_PATH /nowhere)\nset(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)\n\
                     set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)\n";
    let lists = "wasmelt_add_aot(app WASM app.wasm TARGET thumbv7m CPU cortex-m3 ABI eabi XIP EMBED OBJECT \
                 SYMBOL firmware SECTION .flash)\n\
                 add_library(user OBJECT user.c)\ntarget_link_libraries(user app)\n";
    let user = "#include \"firmware.h\"\nsize_t size(void) { return firmware_size; }\n";
    let project = Project::new(lists, &[("arm.cmake", toolchain), ("user.c", user)]);
    let (success, text) =
        project.configure("Unix Makefiles", &["-DCMAKE_TOOLCHAIN_FILE=arm.cmake"]);
    assert!(success, "{text}");
    project.build();
    let object = project.path("object.o");
    let status = Command::new("arm-none-eabi-ld")
        .args(["-r", "--whole-archive", "build/libapp.a", "-o"])
        .arg(&object)
        .current_dir(project.0.path())
        .status()
        .unwrap();
    assert!(status.success());
    let bytes = fs::read(&object).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let address = |name: &str| file.symbol_by_name(name).unwrap().address();
    let size = fs::metadata(project.path("build/app.aot")).unwrap().len();
    assert_eq!(address("firmware_end") - address("firmware_start"), size);
    assert!(
        file.sections()
            .any(|section| object::ObjectSection::name(&section) == Ok(".flash"))
    );
}

#[test]
fn wrong_arguments() {
    for (call, expected) in [
        (
            "wasmelt_add_aot(app WASM app.wasm EMBED X)",
            "EMBED is C or OBJECT, not X",
        ),
        ("wasmelt_add_aot(app)", "WASM is missing"),
        (
            "wasmelt_add_aot(app WASM app.wasm TARGET ${NOTHING} XIP)",
            "these have no value: TARGET",
        ),
        (
            "wasmelt_add_aot(app WASM app.wasm CPUS m4)",
            "unknown arguments: CPUS;m4",
        ),
        (
            "wasmelt_add_aot(app WASM app.wasm SYMBOL x)",
            "SYMBOL and SECTION need EMBED",
        ),
    ] {
        let project = Project::new(call, &[]);
        let (success, text) = project.configure("Unix Makefiles", &[]);
        assert!(!success);
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn a_language_that_is_missing() {
    let project = Project::new("", &[]);
    let lists = "cmake_minimum_required(VERSION 3.20)\nproject(app C)\n\
                 find_package(Wasmelt CONFIG REQUIRED)\n\
                 wasmelt_add_aot(app WASM app.wasm TARGET x86_64 EMBED OBJECT)\n";
    fs::write(project.path("CMakeLists.txt"), lists).unwrap();
    let (success, text) = project.configure("Ninja", &[]);
    assert!(!success);
    assert!(text.contains("needs the language ASM"), "{text}");
}

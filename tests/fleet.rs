//! `wasmelt build` and `wasmelt select`: configurations, manifests, and the choice of a file for a device.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;
use wamr_host::{Imports, Instance, InstanceOptions, Module, Val};

/// The example of a hub, and this machine.
const CONFIG: &str = "\
modules: app.wasm
outputDir: out
aotConfigs:
  - cpu: cortex-m55
    target: armv7
    targetAbi: eabihf
  - cpu: cortex-m4
    target: thumbv8m.base
    targetAbi: eabihf
    xip: false
    id: m4
  - target: thumbv7em
    targetAbi: eabihf
    cpu: cortex-m7
    xip: true
    optLevel: z
  - target: x86_64
    id: cloud
  - target: x86_64
    targetAbi: gnu
    cpu: x86-64-v3
    id: cloud-v3
";

const MODULE: &str = r#"(module
    (memory 1)
    (func (export "add") (param i32 i32) (result i32)
        (i32.store (i32.const 8) (local.get 0))
        (i32.add (i32.load (i32.const 8)) (local.get 1)))
    (func (export "half") (param f32) (result f32)
        (f32.mul (local.get 0) (f32.const 0.5))))"#;

struct Folder(TempDir);

impl Folder {
    fn new(config: &str) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        fs::write(folder.path("app.wasm"), wat::parse_str(MODULE).unwrap()).unwrap();
        fs::write(folder.path("aot.yaml"), config).unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_wasmelt"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    /// Runs a command that must succeed. Returns its standard output.
    #[track_caller]
    fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must fail with status 1. Returns its error.
    #[track_caller]
    fn fail(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    }

    fn manifest(&self) -> Value {
        let text = fs::read(self.path("out/aot-manifest.json")).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    fn outputs(&self) -> Vec<String> {
        let Ok(files) = fs::read_dir(self.path("out")) else {
            return Vec::new();
        };
        let mut names: Vec<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

#[test]
fn one_command_for_all_devices() {
    let folder = Folder::new(CONFIG);
    folder.succeed(&["build", "aot.yaml", "--threads=3"]);
    assert_eq!(
        folder.outputs(),
        [
            "aot-manifest.json",
            "app-armv7-eabihf-cortex-m55.aot",
            "app-cloud-v3.aot",
            "app-cloud.aot",
            "app-m4.aot",
            "app-thumbv7em-eabihf-cortex-m7-xip.aot",
        ]
    );
    // Each file is the one that the single command makes, which `--dry-run` prints.
    let commands = folder.succeed(&["build", "aot.yaml", "--dry-run"]);
    assert_eq!(commands.lines().count(), 5);
    for command in commands.lines() {
        let words = shlex::split(command).unwrap();
        let arguments: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        let output = arguments.iter().position(|word| *word == "-o").unwrap() + 1;
        let built = fs::read(folder.path(arguments[output])).unwrap();
        folder.succeed(&arguments);
        let alone = fs::read(folder.path(arguments[output])).unwrap();
        assert!(built == alone, "{command}");
    }
}

#[test]
fn the_manifest_describes_files() {
    let folder = Folder::new(CONFIG);
    folder.succeed(&["build", "aot.yaml", "--memory=1"]);
    let manifest = folder.manifest();
    let files = manifest["files"].as_array().unwrap();
    let ids: Vec<&str> = files.iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(
        ids,
        [
            "armv7-eabihf-cortex-m55",
            "m4",
            "thumbv7em-eabihf-cortex-m7-xip",
            "cloud",
            "cloud-v3"
        ]
    );
    let hash = |path: PathBuf| {
        let output = Command::new("sha256sum").arg(path).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_whitespace().next().unwrap().to_owned()
    };
    assert_eq!(
        manifest["modules"][0]["sha256"],
        hash(folder.path("app.wasm"))
    );
    for file in files {
        let path = folder.path("out").join(file["file"].as_str().unwrap());
        assert_eq!(file["bytes"], fs::read(&path).unwrap().len());
        assert_eq!(file["sha256"], hash(path));
    }
    let features = |file: &Value| -> Vec<String> {
        let features = file["needs"]["cpuFeatures"].as_array().unwrap();
        features
            .iter()
            .map(|it| it.as_str().unwrap().to_owned())
            .collect()
    };
    assert!(features(&files[4]).contains(&"avx2".to_owned()));
    assert!(!features(&files[3]).contains(&"avx2".to_owned()));
    assert_eq!(files[2]["contents"]["executesInPlace"], true);
    assert_eq!(files[1]["contents"]["executesInPlace"], false);
    assert_eq!(files[3]["needs"]["guardPages"], true);
    assert_eq!(files[1]["needs"]["guardPages"], false);
    let symbols = files[2]["contents"]["nativeSymbols"].as_array().unwrap();
    assert!(
        symbols.iter().any(|it| it == "aot_set_exception_with_id"),
        "{symbols:?}"
    );
}

#[test]
fn the_best_file_for_a_device() {
    let folder = Folder::new(CONFIG);
    folder.succeed(&["build", "aot.yaml"]);
    for (device, expected) in [
        (&["--target=x86_64", "--cpu=x86-64-v2"][..], "app-cloud.aot"),
        (&["--target=x86_64", "--cpu=znver4"], "app-cloud-v3.aot"),
        (
            &["--target=x86_64", "--cpu=x86-64-v3", "--features=-fma"],
            "app-cloud.aot",
        ),
        (
            &[
                "--target=thumbv7em",
                "--target-abi=eabihf",
                "--cpu=cortex-m7",
            ],
            "app-thumbv7em-eabihf-cortex-m7-xip.aot",
        ),
        (
            &[
                "--target=thumbv7em",
                "--target-abi=eabihf",
                "--cpu=cortex-m4",
            ],
            "app-m4.aot",
        ),
        (
            &[
                "--target=thumbv8.1m.main",
                "--target-abi=eabihf",
                "--cpu=cortex-m55",
            ],
            "app-armv7-eabihf-cortex-m55.aot",
        ),
    ] {
        let arguments = [&["select", "out/aot-manifest.json"], device].concat();
        assert_eq!(
            folder.succeed(&arguments),
            format!("out/{expected}\n"),
            "{device:?}"
        );
    }
    let error = folder.fail(&[
        "select",
        "out/aot-manifest.json",
        "--target=thumbv7em",
        "--target-abi=eabihf",
        "--cpu=cortex-m4",
        "--xip",
    ]);
    assert!(
        error.contains("app-m4.aot: it cannot be executed in place"),
        "{error}"
    );
    let error = folder.fail(&["select", "out/aot-manifest.json", "--target=riscv32"]);
    assert!(
        error.contains("app-cloud.aot: its code is for x86_64, the device is riscv32"),
        "{error}"
    );
}

/// The file for this machine is loaded and executed by the runtime.
#[test]
#[cfg(target_arch = "x86_64")]
fn this_machine_runs_its_file() {
    let folder = Folder::new(CONFIG);
    folder.succeed(&["build", "aot.yaml", "--only=cloud,cloud-v3"]);
    let path = folder.succeed(&["select", "out/aot-manifest.json", "--this-machine"]);
    let bytes = fs::read(folder.path(path.trim_end())).unwrap();
    let module = Module::load(&bytes, &Imports::new()).unwrap();
    let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
    let results = instance.call("add", &[Val::I32(40), Val::I32(2)]).unwrap();
    assert_eq!(results, [Val::I32(42)]);
}

#[test]
fn a_single_entry() {
    let folder = Folder::new("");
    let arguments = [
        "-t",
        "armv7em",
        "-a",
        "eabihf",
        "-c",
        "cortex-m7",
        "-d",
        "out",
        "app.wasm",
    ];
    folder.succeed(&[&["build"][..], &arguments].concat());
    assert_eq!(
        folder.outputs(),
        ["aot-manifest.json", "app-armv7em-eabihf-cortex-m7.aot"]
    );
}

#[test]
fn faults_have_a_place() {
    for (config, expected) in [
        (
            "aotConfigs:\n  - target: x86_65\n",
            "aot.yaml:2:13: unknown target `x86_65` (did you mean `x86_64`?); --target=help lists them",
        ),
        (
            "aotConfigs:\n  - target: x86_64\n    targetAbi: gnu\n    cpu: znver9\n",
            "aot.yaml:4:10: unknown CPU `znver9` for target x86_64 (did you mean `znver1`?); --target=x86_64 --cpu=help lists them",
        ),
        (
            "aotConfigs:\n  - target: x86_64\n    format: exe\n",
            "aot.yaml:3:13: invalid value 'exe' for `format` [possible values: aot, ",
        ),
        (
            "aotConfigs:\n  - target: x86_64\n    output: \"{board}.aot\"\n",
            "aot.yaml:2:5: `{board}` in `{board}.aot` is unknown, expected `{name}`, `{id}`, `{target}`, `{targetAbi}` or `{cpu}`",
        ),
        (
            "output: x.aot\naotConfigs:\n  - target: x86_64\n  - target: i386\n",
            "x.aot would be written twice, for app.wasm of x86_64 and app.wasm of i386: ",
        ),
        ("aotConfigs: [\n", "aot.yaml:2:1: this is no YAML: "),
    ] {
        let folder = Folder::new(config);
        let error = folder.fail(&["build", "aot.yaml", "app.wasm"]);
        assert!(error.starts_with(&format!("error: {expected}")), "{error}");
    }
}

/// A file that lacks one of its modules' proposals fails alone.
#[test]
fn one_entry_fails() {
    let config = "\
outputDir: out
aotConfigs:
  - target: xtensa
    xip: true
    enableLlvmPasses: no-such-pass
    id: bad
  - target: x86_64
    id: good
";
    let folder = Folder::new(config);
    let error = folder.fail(&["build", "aot.yaml", "app.wasm", "--memory=1"]);
    assert!(error.starts_with("error: bad: app.wasm: "), "{error}");
    assert_eq!(folder.outputs(), Vec::<String>::new());
    let error = folder.fail(&["build", "aot.yaml", "app.wasm", "--keep-going"]);
    assert!(
        error.contains("error: 1 of 2 compilations failed"),
        "{error}"
    );
    assert_eq!(folder.outputs(), ["aot-manifest.json", "app-good.aot"]);
    assert_eq!(folder.manifest()["files"].as_array().unwrap().len(), 1);
}

/// The schema knows every field of the example, and no other.
#[test]
fn the_schema() {
    let folder = Folder::new("");
    let schema: Value = serde_json::from_str(&folder.succeed(&["build", "--schema"])).unwrap();
    let entry = &schema["properties"]["aotConfigs"]["items"]["properties"];
    for field in [
        "target",
        "targetAbi",
        "cpu",
        "features",
        "xip",
        "optLevel",
        "id",
        "output",
    ] {
        assert!(entry[field].is_object(), "{field}");
    }
    for field in ["threads", "v", "help", "mllvm"] {
        assert!(entry[field].is_null(), "{field}");
    }
    assert_eq!(entry["xip"]["type"], "boolean");
}

/// What an earlier build has made stays in the manifest, as long as nobody changes it.
#[test]
fn builds_in_parts() {
    let folder = Folder::new(CONFIG);
    folder.succeed(&["build", "aot.yaml", "--only=cloud"]);
    folder.succeed(&["build", "aot.yaml", "--only=cloud-v3"]);
    let ids = || {
        let manifest = folder.manifest();
        let files = manifest["files"].as_array().unwrap().clone();
        let ids = files.iter().map(|it| it["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(ids(), ["cloud-v3", "cloud"]);
    let device = ["select", "out/aot-manifest.json", "--target=x86_64"];
    assert_eq!(folder.succeed(&device), "out/app-cloud.aot\n");
    fs::write(folder.path("out/app-cloud.aot"), "other").unwrap();
    let error = folder.fail(&device);
    assert!(
        error.contains("app-cloud.aot: the file is missing, or it is not"),
        "{error}"
    );
    folder.succeed(&["build", "aot.yaml", "--only=m4"]);
    assert_eq!(ids(), ["m4", "cloud-v3"]);
}

#[test]
fn inputs_are_not_overwritten() {
    for (config, expected) in [
        (
            "output: aot.yaml\naotConfigs: [{target: x86_64}]\n",
            "input and output are the same file, aot.yaml",
        ),
        (
            "output: \"x/../{name}.wasm\"\naotConfigs: [{target: x86_64}]\n",
            "input and output are the same file, x/../app.wasm",
        ),
        (
            "aotConfigs:\n  - {target: x86_64, output: y.aot}\n  - {target: i386, output: x/../y.aot}\n",
            "two outputs are the same file, x/../y.aot",
        ),
        (
            "manifest: a/b.json\naotConfigs: [{target: x86_64}]\n",
            "the manifest `a/b.json` is no name of a file: it lies in the folder of the outputs",
        ),
    ] {
        let folder = Folder::new(config);
        let error = folder.fail(&["build", "aot.yaml", "app.wasm"]);
        assert_eq!(error, format!("error: {expected}\n"));
        assert_eq!(fs::read_to_string(folder.path("aot.yaml")).unwrap(), config);
    }
}

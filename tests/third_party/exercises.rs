//! Calls into third-party modules whose answers are known without us.

use test_support::Outcome;
use wamr_host::{Error, Instance, Memory, Val};

use crate::stubs;

/// A convenient face of an instance: arguments and results as plain numbers.
struct Guest<'a>(&'a Instance);

impl Guest<'_> {
    fn call(&self, name: &str, args: &[Val]) -> Outcome<Vec<Val>> {
        let described = |error: Error| format!("{name}: {error}");
        self.0.call(name, args).map_err(described)
    }

    /// Calls a function of i32 parameters and one i32 result.
    fn number(&self, name: &str, args: &[u32]) -> Outcome<u32> {
        match self.numbers(name, args)?[..] {
            [result] => Ok(result),
            ref other => Err(format!("{name} returned {other:?}")),
        }
    }

    fn numbers(&self, name: &str, args: &[u32]) -> Outcome<Vec<u32>> {
        let args: Vec<Val> = args.iter().map(|arg| Val::I32(arg.cast_signed())).collect();
        let results = self.call(name, &args)?;
        results
            .iter()
            .map(|result| match result {
                Val::I32(number) => Ok(number.cast_unsigned()),
                other => Err(format!("{name} returned {other:?}")),
            })
            .collect()
    }

    fn global(&self, name: &str) -> Outcome<u32> {
        match self.0.global(name) {
            Ok(Val::I32(number)) => Ok(number.cast_unsigned()),
            other => Err(format!("global {name}: {other:?}")),
        }
    }

    fn memory(&self) -> Outcome<Memory<'_>> {
        self.0
            .default_memory()
            .ok_or_else(|| "no memory".to_owned())
    }

    fn write(&self, address: u32, bytes: &[u8]) -> Outcome {
        self.memory()?
            .write(u64::from(address), bytes)
            .map_err(|error| error.to_string())
    }

    fn read(&self, address: u32, length: u32) -> Outcome<Vec<u8>> {
        self.memory()?
            .read(u64::from(address), u64::from(length))
            .map_err(|error| error.to_string())
    }

    fn text(&self, address: u32, length: u32) -> Outcome<String> {
        String::from_utf8(self.read(address, length)?).map_err(|error| error.to_string())
    }

    /// A text that ends with a zero byte.
    fn c_text(&self, address: u32) -> Outcome<String> {
        let mut end = address;
        while self.read(end, 1)? != [0] {
            end += 1;
        }
        self.text(address, end - address)
    }

    fn word(&self, address: u32) -> Outcome<u32> {
        let bytes = self.read(address, 4)?;
        Ok(bytes
            .iter()
            .rev()
            .fold(0, |word, byte| word << 8 | u32::from(*byte)))
    }

    /// Copies bytes to memory that the function of the module gives for a length.
    fn place(&self, allocate: &str, bytes: &[u8]) -> Outcome<u32> {
        let address = self.number(allocate, &[length(bytes)])?;
        self.write(address, bytes)?;
        Ok(address)
    }
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).expect("the texts of these tests are short")
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, got: T, expected: T) -> Outcome {
    if got == expected {
        Ok(())
    } else {
        Err(format!("{what}: expected {expected:?}, got {got:?}"))
    }
}

/// The formatters made with TinyGo share an interface: `format` answers 1 for a changed text and 2
/// for an error, and leaves text or error for `output_ptr` and `output_len`.
fn tinygo_format(instance: &Instance, texts: &[(&str, u32, &str)]) -> Outcome {
    let guest = Guest(instance);
    guest.call("_initialize", &[])?;
    for (source, status, expected) in texts {
        guest.place("alloc", source.as_bytes())?;
        same("status", guest.number("format", &[])?, *status)?;
        let output = guest.text(
            guest.number("output_ptr", &[])?,
            guest.number("output_len", &[])?,
        )?;
        same("output", output.as_str(), expected)?;
        guest.call("dispose", &[])?;
    }
    Ok(())
}

pub fn gofmt(instance: &Instance) -> Outcome {
    tinygo_format(
        instance,
        &[
            (
                "package main\nimport \"fmt\"\nfunc  main( ){x:=[]int{1,2 , 3}\n\
                 for i:=range x{fmt.Println(i*2+1)}}",
                1,
                "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tx := []int{1, 2, 3}\n\
                 \tfor i := range x {\n\t\tfmt.Println(i*2 + 1)\n\t}\n}\n",
            ),
            ("func ( {", 2, "1:18: expected ')', found '{'"),
        ],
    )
}

pub fn shfmt(instance: &Instance) -> Outcome {
    tinygo_format(
        instance,
        &[
            (
                "if [ -f a ];then echo \"yes\"|cat\nfi\nfoo ( ) { bar; }\n",
                1,
                "if [ -f a ]; then\n\techo \"yes\" | cat\nfi\nfoo() { bar; }\n",
            ),
            ("func ( {", 2, "1:1: `foo(` must be followed by `)`"),
        ],
    )
}

/// Its `format` has two results, the address and the length.
pub fn zig_fmt(instance: &Instance) -> Outcome {
    let guest = Guest(instance);
    let source = b"const  std=@import(\"std\");pub fn main( )void{var x:u32=1;x+=2;_=x;}\n";
    let address = guest.place("alloc", source)?;
    let results = guest.numbers("format", &[address, length(source)])?;
    let [address, length] = results[..] else {
        return Err(format!("format returned {results:?}"));
    };
    same(
        "formatted",
        guest.text(address, length)?.as_str(),
        "const std = @import(\"std\");\npub fn main() void {\n    var x: u32 = 1;\n    \
         x += 2;\n    _ = x;\n}\n",
    )
}

/// The published vectors of SHA-256.
pub fn as_sha256(instance: &Instance) -> Outcome {
    let guest = Guest(instance);
    let (input, output) = (guest.global("input")?, guest.global("output")?);
    for (text, expected) in [
        (
            "abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ),
    ] {
        guest.write(input, text.as_bytes())?;
        guest.numbers("digest", &[length(text.as_bytes())])?;
        let digest: String = guest
            .read(output, 32)?
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        same("digest", digest.as_str(), expected)?;
    }
    Ok(())
}

/// Polynomials over two elements: x^15 modulo AES's x^8+x^4+x^3+x+1.
pub fn rabin(instance: &Instance) -> Outcome {
    let guest = Guest(instance);
    same(
        "degree",
        guest.call("degree", &[Val::I64(0x11b)])?,
        vec![Val::I32(8)],
    )?;
    same(
        "remainder",
        guest.call("mod", &[Val::I64(0x8000), Val::I64(0x11b)])?,
        vec![Val::I64(0x2f)],
    )
}

pub fn harfbuzz(instance: &Instance) -> Outcome {
    let guest = Guest(instance);
    guest.call("__wasm_call_ctors", &[])?;
    let version = guest.c_text(guest.number("hb_version_string", &[])?)?;
    same("version", version.as_str(), "15.0.0")?;

    // OpenType features as CSS writes them: "kern=0" is tag `kern`, value 0, for the whole text.
    let text = b"kern[3:5]=0";
    let address = guest.place("malloc", text)?;
    let feature = guest.number("malloc", &[16])?;
    let understood = guest.number("hb_feature_from_string", &[address, length(text), feature])?;
    same("understood", understood, 1)?;
    let fields = (0..4)
        .map(|index| guest.word(feature + 4 * index))
        .collect::<Outcome<Vec<_>>>()?;
    same(
        "feature",
        fields,
        vec![u32::from_be_bytes(*b"kern"), 0, 3, 5],
    )
}

/// A JavaScript engine: big integers, regular expressions, closures, collections, exceptions. It
/// imports WASI, so the runtime has called its `_initialize` already.
pub fn quickjs(instance: &Instance) -> Outcome {
    let guest = Guest(instance);
    same("qjs_init", guest.number("qjs_init", &[])?, 0)?;
    let source = br"
        const factorial = n => n < 2n ? 1n : n * factorial(n - 1n);
        let caught;
        try { null.x } catch (error) { caught = error instanceof TypeError }
        JSON.stringify({
            factorial: String(factorial(25n)),
            sorted: [3, 1, 2].sort(),
            replaced: '2024-05-06'.replace(/(\d+)-(\d+)/, '$2/$1'),
            pi: Math.PI.toFixed(10),
            map: [...new Map([[1, 'a'], [2, 'b']]).values()].join('+'),
            caught,
        })";
    // Both texts end with a zero byte.
    let script = guest.place("malloc", &[&source[..], b"\0"].concat())?;
    let name = guest.place("malloc", b"test\0")?;
    let value = guest.number("qjs_eval", &[script, length(source), name, 0])?;
    same("exception", guest.number("qjs_is_exception", &[value])?, 0)?;
    same(
        "result",
        guest
            .c_text(guest.number("qjs_get_string", &[value])?)?
            .as_str(),
        "{\"factorial\":\"15511210043330985984000000\",\"sorted\":[1,2,3],\
         \"replaced\":\"05/2024-06\",\"pi\":\"3.1415926536\",\"map\":\"a+b\",\"caught\":true}",
    )
}

/// The mappings of a source map, decoded and handed to the host one by one: generated line and
/// column, whether there is an end column and which, whether there is an original and its source,
/// line and column, whether there is a name and which.
pub fn source_map(instance: &Instance) -> Outcome {
    let guest = Guest(instance);
    let mappings = b"AAAA,IAAIA;CAACC";
    let buffer = guest.place("allocate_mappings", mappings)?;
    let parsed = guest.number("parse_mappings", &[buffer])?;
    guest.numbers("by_generated_location", &[parsed])?;
    let calls = stubs::take_calls("env.mapping_callback");
    let expected = [
        [0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
        [0, 4, 0, 0, 1, 0, 0, 4, 1, 0],
        [1, 1, 0, 0, 1, 0, 0, 5, 1, 1],
    ];
    same(
        "mappings",
        calls,
        expected.map(|call| call.map(Val::I32).to_vec()).to_vec(),
    )
}

/// The tools for WebAssembly, as a component's core module: prints a module as text, and makes one
/// of a text. A result lies in memory: 0 for success, then address and length.
pub fn wasm_tools(instance: &Instance) -> Outcome {
    let guest = Guest(instance);
    let convert = |function: &str, input: &[u8]| -> Outcome<Vec<u8>> {
        let address = guest.number("cabi_realloc", &[0, 0, 1, length(input)])?;
        guest.write(address, input)?;
        let name = format!("local:wasm-tools/tools#{function}");
        let result = guest.number(&name, &[address, length(input)])?;
        same("status", guest.read(result, 1)?, vec![0])?;
        guest.read(guest.word(result + 4)?, guest.word(result + 8)?)
    };
    let text = "(module (func (export \"add\") (param i32 i32) (result i32) \
                local.get 0 local.get 1 i32.add))";
    let module = convert("parse", text.as_bytes())?;
    same(
        "binary",
        module,
        b"\0asm\x01\0\0\0\x01\x07\x01\x60\x02\x7f\x7f\x01\x7f\x03\x02\x01\0\
          \x07\x07\x01\x03add\0\0\x0a\x09\x01\x07\0\x20\0\x20\x01\x6a\x0b"
            .to_vec(),
    )?;
    let printed = convert("print", b"\0asm\x01\0\0\0")?;
    same("text", printed, b"(module)\n".to_vec())
}

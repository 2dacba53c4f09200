//! Variables, parameters and types under GDB, in code of each level.

use libtest_mimic::Trial;
use test_support::Outcome;

use crate::program::{Program, expect};
use crate::trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("variables/c", c),
        trial("variables/c-software-bounds", c_with_software_bounds),
        trial("variables/pointers", pointers),
        trial("variables/cpp", cpp),
        trial("variables/optimised-source", optimised_source),
        trial("variables/optimised-code", optimised_code),
        trial("variables/same-code", same_code),
    ]
}

/// Values of many types; its lines are numbered from 1.
pub const VALUES: &str = "\
#include <stdio.h>
enum color { RED, GREEN = 5 };
struct chain { int value; struct chain *next; char name[8]; enum color c; unsigned b : 3; };
typedef struct chain chain_t;
static int table[16];
static chain_t first = { 1, 0, \"one\", GREEN, 2 };
__attribute__((noinline)) int fill(int n, chain_t *list) {
    double half = n / 2.0;
    long long big = 1LL << 40;
    chain_t copy = *list;
    copy.next = list;
    for (int i = 0; i < n; i++) {
        int k = i * 3;
        table[i & 15] = k + (int)half + (int)big;
    }
    return table[n & 15] + copy.value;
}
int main(int argc, char **argv) {
    int last = fill(argc + 9, &first);
    printf(\"%d\\n\", last);
    return 0;
}
";

fn expect_all(text: &str, parts: &[&str]) -> Outcome {
    parts.iter().try_for_each(|part| expect(text, part))
}

/// Stops in the last round of the loop.
const STOP: &[&str] = &["break program.c:14 if i == 9", "continue"];

fn show_values(options: &[&str]) -> Outcome {
    let program = Program::new(VALUES, &["-g", "-O0"])?;
    program.compile(&[&["--opt-level=0"], options].concat())?;
    let look = [
        "info args",
        "info locals",
        "print table[2]",
        "print first",
        "print &table[2] == &table[0] + 2",
        "ptype chain_t",
        "print k = 1000",
        "next",
        "print table[9]",
        "up",
        "info locals",
    ];
    let text = program.gdb(&[STOP, &look].concat())?;
    expect_all(
        &text,
        &[
            "fill (n=10, list=",
            "\nn = 10\n",
            "\nk = 27\n",
            "\ni = 9\n",
            "\nhalf = 5\n",
            "\nbig = 1099511627776\n",
            "\ncopy = {value = 1, next = ",
            ", name = \"one\\000\\000\\000\\000\", c = GREEN, b = 2}",
            "$1 = 11\n",
            "$2 = {value = 1, next = ",
            "$3 = true\n",
            "    color c;\n",
            "    unsigned int b : 3;\n",
            // What GDB has written is what the program computes with.
            "$5 = 1005\n",
            "\nlast = 0\n",
        ],
    )
}

fn c() -> Outcome {
    show_values(&[])
}

fn c_with_software_bounds() -> Outcome {
    show_values(&["--bounds-checks=1"])
}

/// Pointers have their operators, lead to values that can be changed, and do not touch native memory.
fn pointers() -> Outcome {
    let program = Program::new(VALUES, &["-g", "-O0"])?;
    program.compile(&["--opt-level=0"])?;
    let look = [
        "print list->value",
        "print *list",
        "print copy.next->c",
        "print list[0].name",
        "print list == copy.next",
        "print copy.next->next == 0",
        "print list->value = 70",
        "print first.value",
        "whatis list",
        "whatis *list",
        "print $native(list)->b",
        "print (list + 1) - 1 == $native(list)",
        "up",
        "print argv[0]",
        "print *argv[0]",
    ];
    let text = program.gdb(&[STOP, &look].concat())?;
    expect_all(
        &text,
        &[
            "$1 = 1\n",
            "$2 = {value = 1, next = ",
            "$3 = GREEN\n",
            "$4 = \"one\\000\\000\\000\\000\"\n",
            "$5 = true\n",
            "$6 = true\n",
            "$7 = 70\n",
            "$8 = 70\n",
            "type = chain_t*\n",
            "type = chain_t\n",
            "$9 = 2\n",
            "$10 = true\n",
            "\"program",
        ],
    )
}

const CPP: &str = "\
#include <stdio.h>
#include <stddef.h>
void operator delete(void *) noexcept {}
void operator delete(void *, size_t) noexcept {}
extern \"C\" void __cxa_pure_virtual() { __builtin_trap(); }
namespace shapes {
struct Point { int x, y; };
class Shape {
public:
    virtual ~Shape() {}
    virtual double area() const = 0;
    Point origin{3, 4};
};
class Square : public Shape {
public:
    explicit Square(double side) : side(side) {}
    double area() const override {
        double result = side * side;
        return result;
    }
    double side;
};
enum class Color : unsigned char { Red = 1, Blue };
}
template <typename T> struct Box { T value; Box *next; };
static shapes::Color favourite = shapes::Color::Blue;
__attribute__((noinline)) int sum(const Box<int> *list, shapes::Point &offset) {
    int total = offset.x + (int)favourite;
    for (; list; list = list->next)
        total += list->value;
    return total;
}
int main() {
    shapes::Square square(2.5);
    Box<int> last{20, nullptr}, first{10, &last};
    int count = sum(&first, square.origin);
    printf(\"%d %g\\n\", count, square.area());
    return 0;
}
";

fn cpp() -> Outcome {
    let clang = ["-g", "-O0", "-fno-exceptions", "-fno-rtti", "-nostdlib++"];
    let program = Program::of("program.cpp", CPP, &clang)?;
    program.compile(&["--opt-level=0"])?;
    let text = program.gdb(&[
        "break sum",
        "break shapes::Square::area",
        "continue",
        "info args",
        "print favourite",
        "print offset",
        "print list->next->value",
        "whatis list",
        "up",
        "print square",
        "print first.next->value",
        "continue",
        "next",
        "print this->side",
        "print this->origin.y",
        "print result",
        "backtrace 2",
    ])?;
    expect_all(
        &text,
        &[
            "sum (list=",
            "offset = {x = 3, y = 4}\n",
            "$1 = shapes::Color::Blue\n",
            "$2 = {x = 3, y = 4}\n",
            "$3 = 20\n",
            "type = Box<int> const*\n",
            "$4 = {<shapes::Shape> = {_vptr$Shape = ",
            "origin = {x = 3, y = 4}}, side = 2.5}\n",
            "$5 = 20\n",
            "$6 = 2.5\n",
            "$7 = 4\n",
            "$8 = 6.25\n",
            "#0  shapes::Square::area (this=",
        ],
    )
}

/// An optimised program has its variables in locals, for parts of its code. Unoptimised code shows them there.
fn optimised_source() -> Outcome {
    let program = Program::new(VALUES, &["-g", "-O1"])?;
    program.compile(&["--opt-level=0"])?;
    let text = program.gdb(&[
        "break program.c:8",
        "continue",
        "info args",
        "print list->value",
        "print big",
    ])?;
    expect_all(&text, &["\nn = 10\n", "$1 = 1\n", "$2 = 1099511627776\n"])
}

const TRACKED: &str = "\
#include <stdio.h>
static volatile int sink;
__attribute__((noinline)) int half(int n) { sink = n; return n / 2; }
static int (*volatile halve)(int) = half;
__attribute__((noinline)) int work(int n, int *cell) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
        sum += halve(i + n);
        sink = sum;
    }
    *cell = sum;
    return sum + n;
}
int main(int argc, char **argv) {
    int cell = 7;
    int result = work(argc + 9, &cell);
    printf(\"%d %d\\n\", result, cell);
    return 0;
}
";

/// Optimised code shows values, or says that there is none. It never shows a wrong one.
fn optimised_code() -> Outcome {
    for clang in ["-O0", "-O1", "-O2"] {
        let program = Program::new(TRACKED, &["-g", clang])?;
        for level in ["1", "3", "s", "z"] {
            program.compile(&[&format!("--opt-level={level}")])?;
            let mut commands = vec!["break half", "continue"];
            for _ in 0..8 {
                commands.extend([
                    "print n",
                    "up",
                    "print n",
                    "print i",
                    "print sum",
                    "continue",
                ]);
            }
            let text = program.gdb(&commands)?;
            check_tracked(&text, clang == "-O0")
                .map_err(|error| format!("{clang} {level}: {error}"))?;
        }
    }
    Ok(())
}

/// Checks rounds of four values each: the argument of `half`; the argument, the counter and the sum of `work`.
fn check_tracked(text: &str, in_memory: bool) -> Outcome {
    let shown: Vec<Option<i64>> = text
        .lines()
        .filter_map(|line| line.strip_prefix('$')?.split_once(" = "))
        .map(|(_, value)| value.parse().ok())
        .collect();
    let wrong = |what: &str| Err(format!("{what} in {shown:?}:\n{text}"));
    if shown.len() != 32 {
        return wrong("not 32 values");
    }
    let (mut sum, mut known) = (0, 0);
    for (round, values) in (0..).zip(shown.chunks(4)) {
        let expected = [round + 10, 10, round, sum];
        for (value, expected) in values.iter().zip(expected) {
            if value.is_some_and(|value| value != expected) {
                return wrong(&format!("{expected} expected in round {round}"));
            }
            known += usize::from(value.is_some());
        }
        sum += (round + 10) / 2;
    }
    // Memory is not up to date in optimised code, so variables there are not shown.
    if in_memory && known > 0 || !in_memory && known == 0 {
        return wrong(&format!("{known} values"));
    }
    Ok(())
}

/// The description of values changes no code for x86, and for other machines none at the levels 1 to 3 and `s`
/// (docs/debugging.md).
fn same_code() -> Outcome {
    for clang in ["-O0", "-O2"] {
        let program = Program::new(VALUES, &["-g", clang, "-D__wasm_simd128__=0"])?;
        for options in [
            &["--target=x86_64"][..],
            &["--target=x86_64", "--bounds-checks=1"],
            &["--target=thumbv7em", "--cpu=cortex-m4", "--xip"],
            &["--target=riscv32"],
        ] {
            for level in ["0", "1", "2", "3", "s", "z"] {
                if ["0", "z"].contains(&level) && !options[0].contains("x86") {
                    continue;
                }
                let level = format!("--opt-level={level}");
                let options = [options, &[&level]].concat();
                program.compile(&options)?;
                let without = [&options[..], &["-o", "without.aot", "program.wasm"]].concat();
                program.wasmelt(&without)?;
                let read =
                    |name| std::fs::read(program.path(name)).map_err(|error| error.to_string());
                if read("program.aot")? != read("without.aot")? {
                    return Err(format!("{clang} {options:?}: the code differs"));
                }
            }
        }
    }
    Ok(())
}

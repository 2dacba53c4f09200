//! Parses the extensions in the name of a RISC-V target, as in Rust's `riscv32imac`.

/// Letters whose LLVM feature has the same name.
const LETTERS: &str = "mafdcbvh";

/// The processor's features that the list in a target's name states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Isa {
    /// LLVM's features, as in `+m,+c`.
    pub features: String,
    /// The suffix of the ABI that passes floats in the available registers: `d`, `f` or nothing.
    pub float_registers: &'static str,
}

impl Isa {
    /// Parses a list like `imac` or `imac_zba_zbb`, whose long names must be in `known`. `None` for another
    /// string, and for a processor with only half of the integer registers (`e`): the runtime's functions use
    /// all of them.
    pub fn parse(list: &str, known: &[&str]) -> Option<Isa> {
        let mut parts = list.split('_');
        let (base, letters) = parts.next()?.split_at_checked(1)?;
        let mut features: Vec<&str> = match base {
            "i" => Vec::new(),
            "g" => vec!["m", "a", "f", "d"],
            _ => return None,
        };
        for (at, letter) in letters.char_indices() {
            LETTERS.contains(letter).then_some(())?;
            features.push(&letters[at..at + letter.len_utf8()]);
        }
        for name in parts {
            known.contains(&name).then_some(())?;
            features.push(name);
        }
        let float_registers = match () {
            () if features.contains(&"d") => "d",
            () if features.contains(&"f") => "f",
            () => "",
        };
        let features: Vec<String> = features.iter().map(|name| format!("+{name}")).collect();
        Some(Isa {
            features: features.join(","),
            float_registers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        let parse = |list| Isa::parse(list, &["zba", "zicsr"]);
        let isa = |features: &str, float_registers| {
            Some(Isa {
                features: features.to_owned(),
                float_registers,
            })
        };
        assert_eq!(parse("i"), isa("", ""));
        assert_eq!(parse("imac"), isa("+m,+a,+c", ""));
        assert_eq!(parse("imafc"), isa("+m,+a,+f,+c", "f"));
        assert_eq!(parse("gc"), isa("+m,+a,+f,+d,+c", "d"));
        assert_eq!(parse("imc_zicsr_zba"), isa("+m,+c,+zicsr,+zba", ""));
        for other in ["", "emc", "mc", "imx", "im_zbz", "im_", "iä"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}

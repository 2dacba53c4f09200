//! Splits far jumps inside long functions, so that they need no addresses.
//!
//! If a jump instruction does not reach its target, LLVM loads the address of the block from a literal and
//! jumps to it. Code that is executed in place cannot contain the address, and no register is free for a sum.
//! So the jump goes to a stop on its way, where another jump continues. Stops are as far apart as a jump
//! reaches.
//!
//! A stop moves the code around it apart. Conditional branches reach less far than jumps, so no branch may
//! cross a stop. Jumps that a stop could move out of reach are split too. All sizes are upper bounds: the
//! assembler has two-byte forms of some instructions.

use std::collections::{BTreeMap, HashMap, HashSet};

/// The reach of a jump in either direction, in bytes, less a little for the jump itself.
const REACH: usize = (1 << 17) - 16;
/// The largest distance between two stops, in bytes. The rest of the reach is room for the stops themselves.
const STAGE: usize = 100_000;
/// The size of the longest instruction, in bytes.
const INSTRUCTION: usize = 3;

/// Replaces jumps to addresses in `assembly` by jumps to stops, where possible.
pub(super) fn by_stages(assembly: &str) -> String {
    let lines: Vec<&str> = assembly.lines().collect();
    let blocks: HashMap<&str, &str> = lines
        .iter()
        .filter_map(|line| block_literal(line))
        .collect();
    if blocks.is_empty() {
        return assembly.to_owned();
    }
    let mut edits = Edits::default();
    let mut start = 0;
    for (number, line) in lines.iter().enumerate() {
        if line.starts_with(".Lfunc_end") {
            Function::new(&lines, start..number).edit(&blocks, &mut edits);
            start = number;
        }
    }
    edits.apply(&lines, &blocks)
}

/// The edits of lines, by line number.
#[derive(Default)]
struct Edits {
    instead: HashMap<usize, String>,
    before: BTreeMap<usize, String>,
}

impl Edits {
    fn apply(&self, lines: &[&str], blocks: &HashMap<&str, &str>) -> String {
        let kept = |number: usize| !self.instead.contains_key(&number);
        let loaded: HashSet<&str> = (0..lines.len())
            .filter(|&number| kept(number))
            .filter_map(|number| Some(load(lines[number])?.1))
            .collect();
        let mut text = String::new();
        for (number, line) in lines.iter().enumerate() {
            // Literals that nothing loads any more go.
            let unused = block_literal(line)
                .is_some_and(|(name, _)| blocks.contains_key(name) && !loaded.contains(name));
            if unused {
                continue;
            }
            text.extend(self.before.get(&number).map(String::as_str));
            match self.instead.get(&number) {
                Some(other) => text.push_str(other),
                None => text.extend([line, "\n"]),
            }
        }
        text
    }
}

/// The lines of a function, with an upper bound for the position of each.
struct Function<'a> {
    lines: &'a [&'a str],
    range: std::ops::Range<usize>,
    /// By line of the range.
    positions: Vec<usize>,
    labels: HashMap<&'a str, usize>,
}

/// A jump: its lines and its target.
struct Jump<'a> {
    lines: std::ops::Range<usize>,
    target: &'a str,
}

impl<'a> Function<'a> {
    fn new(lines: &'a [&'a str], range: std::ops::Range<usize>) -> Self {
        let mut position = 0;
        let mut positions = Vec::with_capacity(range.len());
        let mut labels = HashMap::new();
        for number in range.clone() {
            positions.push(position);
            let line = code(lines[number]);
            labels.extend(line.strip_suffix(':').map(|label| (label, number)));
            position += size(line);
        }
        Function {
            lines,
            range,
            positions,
            labels,
        }
    }

    fn position(&self, line: usize) -> usize {
        self.positions[line - self.range.start]
    }

    fn distance(&self, jump: &Jump<'_>) -> Option<usize> {
        let target = self.labels.get(jump.target)?;
        Some(
            self.position(*target)
                .abs_diff(self.position(jump.lines.start)),
        )
    }

    fn edit(&self, blocks: &HashMap<&'a str, &'a str>, edits: &mut Edits) {
        let by_address: Vec<Jump> = self
            .range
            .clone()
            .filter_map(|number| {
                let (register, literal) = load(self.lines[number])?;
                let target = blocks.get(literal)?;
                let jump = code(self.lines.get(number + 1)?).strip_prefix("jx\t")?;
                (jump == register).then_some(Jump {
                    lines: number..number + 2,
                    target,
                })
            })
            .collect();
        if by_address.is_empty() {
            return;
        }
        let is_far = |jump: &Jump, reach| self.distance(jump).is_some_and(|far| far > reach);
        let stops = match by_address.iter().any(|jump| is_far(jump, REACH)) {
            true => self.stops(),
            false => Vec::new(),
        };
        // Between stops, what is farther than a stage may have become too far.
        let reach = if stops.is_empty() { REACH } else { STAGE };
        let plain = self.range.clone().filter_map(|number| {
            let target = code(self.lines[number]).strip_prefix("j\t")?;
            let lines = number..number + 1;
            Some(Jump { lines, target })
        });
        let plain = plain.filter(|jump| is_far(jump, reach));
        let jumps: Vec<Jump> = by_address.into_iter().chain(plain).collect();
        let mut stages = Stages {
            stops: &stops,
            onward: BTreeMap::new(),
        };
        for jump in &jumps {
            if let Some(next) = stages.first(self, jump, reach) {
                edits
                    .instead
                    .insert(jump.lines.start, format!("\tj\t{next}\n"));
                for line in jump.lines.clone().skip(1) {
                    edits.instead.insert(line, String::new());
                }
            }
        }
        for (stop, onward) in stages.onward {
            let mut text = format!("\tj\t.Laot_past{stop}\n");
            for (target, next) in onward {
                text += &format!("{}:\n\tj\t{next}\n", stop_label(stop, target));
            }
            text += &format!(".Laot_past{stop}:\n");
            edits.before.insert(stop, text);
        }
    }

    /// Returns the lines in front of which a stop can stand, in order and a stage apart.
    fn stops(&self) -> Vec<usize> {
        // How many branches lead past each line.
        let mut change = vec![0i32; self.range.len() + 1];
        for number in self.range.clone() {
            let line = code(self.lines[number]);
            let is_branch = line.starts_with('b') || line.starts_with("loop");
            let target = line.rsplit([' ', '\t']).next().unwrap_or_default();
            if let (true, Some(&target)) = (is_branch, self.labels.get(target)) {
                let (first, last) = (number.min(target), number.max(target));
                change[first + 1 - self.range.start] += 1;
                change[last + 1 - self.range.start] -= 1;
            }
        }
        let mut stops = Vec::new();
        let (mut last, mut branches, mut candidate) = (0, 0, None);
        let mut in_assembly = false;
        for number in self.range.clone() {
            branches += change[number - self.range.start];
            // Nothing may come in front of the function, between the two instructions of a jump by
            // an address, or into what was assembly in the IR.
            let line = self.lines[number].trim();
            let splits = self.position(number) == 0 || line.starts_with("jx\t") || in_assembly;
            in_assembly = (in_assembly || line == "#APP") && line != "#NO_APP";
            if self.position(number) - last > STAGE
                && let Some(stop) = candidate.take()
            {
                stops.push(stop);
                last = self.position(stop);
            }
            if branches == 0 && !splits && self.position(number) - last <= STAGE {
                candidate = Some(number);
            }
        }
        stops
    }
}

struct Stages<'s, 'a> {
    stops: &'s [usize],
    /// For each stop and target, the label to which the stop's jump leads.
    onward: BTreeMap<usize, BTreeMap<&'a str, String>>,
}

impl<'a> Stages<'_, 'a> {
    /// Returns the first label to which a jump leads; `None` if there is no way.
    fn first(&mut self, function: &Function<'a>, jump: &Jump<'a>, reach: usize) -> Option<String> {
        if function.distance(jump)? <= reach {
            return Some(jump.target.to_owned());
        }
        let (start, target) = (jump.lines.start, *function.labels.get(jump.target)?);
        let mut way: Vec<usize> = self
            .stops
            .iter()
            .copied()
            .filter(|stop| (start.min(target) + 1..=start.max(target)).contains(stop))
            .collect();
        if target < start {
            way.reverse();
        }
        let places: Vec<usize> = std::iter::once(start)
            .chain(way.iter().copied())
            .chain([target])
            .collect();
        let within_reach = |pair: &[usize]| {
            let distance = function
                .position(pair[0])
                .abs_diff(function.position(pair[1]));
            distance <= REACH
        };
        if way.is_empty() || !places.windows(2).all(within_reach) {
            return None;
        }
        for (number, &stop) in way.iter().enumerate() {
            let next = match way.get(number + 1) {
                Some(&next) => stop_label(next, jump.target),
                None => jump.target.to_owned(),
            };
            // The way on depends on the side that one comes from only.
            let onward = self.onward.entry(stop).or_default();
            onward.entry(jump.target).or_insert(next);
        }
        Some(stop_label(way[0], jump.target))
    }
}

/// Returns the label of the jump from a stop on to `target`.
fn stop_label(stop: usize, target: &str) -> String {
    format!(".Laot_stop{stop}{target}")
}

/// Returns `line` without its comment.
fn code(line: &str) -> &str {
    match line.split_once('#') {
        // A name in quotes may have one.
        Some((code, _)) if !code.contains('"') => code.trim(),
        _ => line.trim(),
    }
}

/// Returns the largest number of bytes that a line can make.
fn size(line: &str) -> usize {
    let (first, operand) = line.split_once('\t').unwrap_or((line, ""));
    match first {
        "" | ".literal" => 0,
        ".zero" | ".space" => operand.parse().unwrap_or(0),
        _ if line.ends_with(':') => 0,
        ".p2align" => INSTRUCTION,
        _ if line.starts_with('.') => 0,
        _ => INSTRUCTION,
    }
}

/// Splits `.literal .LCPI0_0, .LBB0_7` into the literal and the block.
fn block_literal(line: &str) -> Option<(&str, &str)> {
    let (name, block) = line.trim().strip_prefix(".literal ")?.split_once(", ")?;
    block.starts_with(".LBB").then_some((name, block))
}

/// Splits `l32r a8, .LCPI0_0` into the register and the literal.
fn load(line: &str) -> Option<(&str, &str)> {
    code(line).strip_prefix("l32r\t")?.split_once(", ")
}

#[cfg(test)]
mod tests {
    use super::by_stages;

    #[test]
    fn jumps_that_turn_out_near_are_plain() {
        let assembly = "\
            \t.literal .LCPI0_0, .LBB0_2\n\
            \t.literal .LCPI0_1, 7\n\
            \tbeqz\ta8, .LBB0_1\n\
            \tl32r\ta8, .LCPI0_0\n\
            \tjx\ta8\n\
            .LBB0_1:                                # %a\n\
            \t.zero\t100000\n\
            .LBB0_2:\n\
            \tl32r\ta9, .LCPI0_1\n\
            \tretw.n\n\
            .Lfunc_end0:\n";
        let expected = "\
            \t.literal .LCPI0_1, 7\n\
            \tbeqz\ta8, .LBB0_1\n\
            \tj\t.LBB0_2\n\
            .LBB0_1:                                # %a\n\
            \t.zero\t100000\n\
            .LBB0_2:\n\
            \tl32r\ta9, .LCPI0_1\n\
            \tretw.n\n\
            .Lfunc_end0:\n";
        assert_eq!(by_stages(assembly), expected);
    }

    #[test]
    fn farther_ones_stop_on_the_way_where_no_branch_leads_past() {
        let assembly = "\
            \t.literal .LCPI0_0, .LBB0_2\n\
            \tl32r\ta8, .LCPI0_0\n\
            \tjx\ta8\n\
            \t.zero\t60000\n\
            \tor\ta2, a3, a3\n\
            \tbeqz\ta8, .LBB0_1\n\
            \tor\ta2, a4, a4\n\
            .LBB0_1:\n\
            \t.zero\t60000\n\
            \t.zero\t30000\n\
            .LBB0_2:\n\
            \tretw.n\n\
            .Lfunc_end0:\n";
        let expected = "\
            \tj\t.Laot_stop8.LBB0_2\n\
            \t.zero\t60000\n\
            \tor\ta2, a3, a3\n\
            \tbeqz\ta8, .LBB0_1\n\
            \tor\ta2, a4, a4\n\
            .LBB0_1:\n\
            \tj\t.Laot_past8\n\
            .Laot_stop8.LBB0_2:\n\
            \tj\t.LBB0_2\n\
            .Laot_past8:\n\
            \t.zero\t60000\n\
            \t.zero\t30000\n\
            .LBB0_2:\n\
            \tretw.n\n\
            .Lfunc_end0:\n";
        assert_eq!(by_stages(assembly), expected);
    }
}

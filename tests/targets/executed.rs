//! What executes code for a target, and how many assertions of the specification's scripts have
//! passed there.

use test_support::names::resolve;
use wamr_devices::DEVICES;
use wamr_devices::board::{BOARDS, Board};
use wasmelt::options::TargetOptions;
use wasmelt::targets::Target;

/// The machine that `make spec` was run on, and the rest of the tests.
const THIS_MACHINE: &str = "x86_64";

/// The last columns of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Execution {
    /// By device, those that passed of those that were executed, in all modes.
    pub assertions: Vec<String>,
    pub places: Vec<String>,
}

/// What the command line for a board says.
fn target_of(board: &Board) -> Target {
    let value = |option: &str| {
        let mut options = board.options.iter();
        options.find_map(|given| given.strip_prefix(option).map(str::to_owned))
    };
    let options = TargetOptions {
        arch: value("--target="),
        abi: value("--target-abi="),
        cpu: value("--cpu="),
        cpu_features: value("--cpu-features="),
    };
    Target::resolve(&options).unwrap_or_else(|error| panic!("{}: {error}", board.name))
}

impl Execution {
    /// By the table of devices in `page` and, for this machine, that of modes in `coverage`.
    pub fn of(target: &str, page: &str, coverage: &str) -> Execution {
        let mut execution = Execution::default();
        if target == THIS_MACHINE {
            execution.add(
                "this machine".to_owned(),
                |row| row.contains(": hardware bounds") || row.contains(": software bounds"),
                coverage,
                2,
            );
        }
        // The names that users write may be short for others.
        for device in DEVICES
            .iter()
            .filter(|device| resolve(device.arch).name == target)
        {
            let head = format!("| `{}` | `", device.name);
            execution.add(
                format!("`{}`", device.name),
                |row| row.starts_with(&head),
                page,
                3,
            );
        }
        let boards = BOARDS
            .iter()
            .filter(|board| target_of(board).name == target);
        execution
            .places
            .extend(boards.map(|board| format!("`{}`", board.name)));
        execution
    }

    /// Adds a place, and the sum of the rows about it, which say how many passed in the column
    /// `passed` and how many failed in the next.
    fn add(
        &mut self,
        place: String,
        is_about_it: impl Fn(&str) -> bool,
        page: &str,
        passed: usize,
    ) {
        let mut sum = [0_u64; 2];
        for row in page.lines().filter(|row| is_about_it(row)) {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            for (sum, cell) in sum.iter_mut().zip(cells.iter().skip(passed)) {
                *sum += cell.parse::<u64>().unwrap_or(0);
            }
        }
        let [passed, failed] = sum;
        if passed + failed > 0 {
            self.assertions
                .push(format!("{place} {passed}/{}", passed + failed));
        }
        self.places.push(place);
    }
}

//! Prints the library's log records, as `-v` asks.

use log::{LevelFilter, Log, Metadata, Record};

use super::manners::Manners;

/// Prints log records where the manners want messages.
struct Logger(Manners);

/// A logger lives as long as the process.
static OWN: Logger = Logger(Manners::Wasmelt);
static WAMRC: Logger = Logger(Manners::Wamrc);

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let level = record.level().as_str().to_lowercase();
            self.0.say(&format!("{level}: {}\n", record.args()));
        }
    }

    fn flush(&self) {}
}

/// Prints records up to `verbosity`, from 0 (none) to 5 (all).
pub(super) fn install(verbosity: u8, manners: Manners) {
    let level = match verbosity {
        0 => LevelFilter::Off,
        1 => LevelFilter::Error,
        2 => LevelFilter::Warn,
        3 => LevelFilter::Info,
        4 => LevelFilter::Debug,
        _ => LevelFilter::Trace,
    };
    let logger = match manners {
        Manners::Wasmelt => &OWN,
        Manners::Wamrc => &WAMRC,
    };
    // It fails if the program that calls us has a logger already, which then does the job.
    if log::set_logger(logger).is_ok() {
        log::set_max_level(level);
    }
}

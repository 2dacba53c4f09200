//! Places the partitions one behind the other, and records the address of every global symbol.

use std::collections::{HashMap, HashSet};

use object::Endianness;

use super::arch::Machine;
use super::error::LinkError;
use super::partition::{Definition, Partition};
use super::{Functions, Platform, TextSymbol, elf_endianness};
use crate::abi::runtime_symbols::runtime_symbols;
use crate::abi::symbols::SymbolName;

/// The largest offset that fits the AOT file's own 32-bit sizes.
const MAX_TEXT: u64 = i32::MAX as u64;

pub(super) struct Index<'data> {
    pub machine: &'static dyn Machine,
    pub endianness: Endianness,
    /// The start of each partition.
    pub bases: Vec<u64>,
    /// The start of the table of all frame sizes, if any code reads it.
    pub stack_sizes: Option<u64>,
    /// The frame size of each defined function, if an object states it.
    pub frame_sizes: Vec<Option<u32>>,
    pub function_offsets: Vec<u64>,
    pub symbols: Vec<TextSymbol>,
    /// The places where the loader writes the address of the counters of a profile.
    pub counter_places: Vec<u64>,
    /// The size of the text in bytes, and its alignment.
    pub size: u64,
    pub alignment: u64,
    globals: HashMap<&'data str, Global>,
    /// The names that the runtime resolves.
    helpers: HashSet<&'static str>,
}

struct Global {
    partition: usize,
    address: u64,
    is_thumb: bool,
}

impl<'data> Index<'data> {
    pub fn new(
        platform: Platform,
        machine: &'static dyn Machine,
        functions: Functions,
        partitions: &[Partition<'data>],
    ) -> Result<Self, LinkError> {
        let mut index = Index {
            machine,
            endianness: elf_endianness(platform),
            bases: Vec::with_capacity(partitions.len()),
            stack_sizes: None,
            frame_sizes: vec![None; functions.count],
            function_offsets: Vec::new(),
            symbols: Vec::new(),
            counter_places: Vec::new(),
            size: 0,
            alignment: 1,
            globals: HashMap::new(),
            helpers: runtime_symbols(platform.arch).collect(),
        };
        for partition in partitions {
            let base = index.reserve(partition.size, partition.alignment)?;
            index.bases.push(base);
        }
        if partitions
            .iter()
            .any(|partition| partition.reads_stack_sizes)
        {
            index.stack_sizes = Some(index.reserve(4 * functions.count as u64, 4)?);
        }
        for partition in partitions {
            index.add_symbols(partition)?;
        }
        index.symbols.sort_unstable();
        index.find_functions(partitions, functions)?;
        index.collect_frame_sizes(partitions);
        Ok(index)
    }

    /// Returns the address of a global symbol in any partition; for Thumb code, with the lowest bit set.
    pub fn global(&self, name: &str) -> Option<u64> {
        let global = self.globals.get(name)?;
        Some(global.address | u64::from(global.is_thumb))
    }

    /// Returns how many functions the runtime has for compiled code.
    pub fn helper_count(&self) -> u64 {
        self.helpers.len() as u64
    }

    /// Reports whether the runtime has a function of this name for compiled code.
    pub fn is_helper(&self, name: &str) -> bool {
        self.helpers.contains(name)
    }

    /// Returns the frame size of a defined function.
    pub fn frame_size(&self, function: usize) -> Result<u32, LinkError> {
        let size = self.frame_sizes.get(function).copied().flatten();
        size.ok_or(LinkError::MissingStackSize { index: function })
    }

    fn reserve(&mut self, size: u64, alignment: u64) -> Result<u64, LinkError> {
        self.alignment = self.alignment.max(alignment);
        let start = self.size.checked_next_multiple_of(alignment);
        let end = start
            .and_then(|start| start.checked_add(size))
            .unwrap_or(u64::MAX);
        if end > MAX_TEXT {
            return Err(LinkError::TooLarge { size: end });
        }
        self.size = end;
        Ok(end - size)
    }

    fn add_symbols(&mut self, partition: &Partition<'data>) -> Result<(), LinkError> {
        let base = self.bases[partition.number];
        for symbol in &partition.symbols {
            let Definition::In { section, offset } = symbol.definition else {
                continue;
            };
            if symbol.is_section {
                continue;
            }
            let Some((target, _)) = partition.target(section, offset, false, 0) else {
                continue;
            };
            let address = base + target;
            if SymbolName::parse(symbol.name) == Some(SymbolName::ProfileCounters) {
                self.counter_places.push(address);
            }
            if symbol.is_function {
                self.symbols.push(TextSymbol {
                    offset: address,
                    size: symbol.size,
                    name: symbol.name.to_owned(),
                });
            }
            if symbol.is_global {
                let global = Global {
                    partition: partition.number,
                    address,
                    is_thumb: symbol.is_thumb,
                };
                if let Some(first) = self.globals.insert(symbol.name, global) {
                    return Err(LinkError::DuplicateSymbol {
                        symbol: symbol.name.to_owned(),
                        first: first.partition,
                        second: partition.number,
                    });
                }
            }
        }
        Ok(())
    }

    fn find_functions(
        &mut self,
        partitions: &[Partition<'data>],
        functions: Functions,
    ) -> Result<(), LinkError> {
        let mut offsets = vec![None; functions.count];
        for partition in partitions {
            for symbol in &partition.symbols {
                let (true, Definition::In { .. }, Some(SymbolName::Entry(function))) = (
                    symbol.is_global,
                    symbol.definition,
                    SymbolName::parse(symbol.name),
                ) else {
                    continue;
                };
                let Some(slot) = offsets.get_mut(function as usize) else {
                    return Err(LinkError::UnexpectedFunction {
                        partition: partition.number,
                        symbol: symbol.name.to_owned(),
                        function_count: functions.count,
                    });
                };
                *slot = self.globals.get(symbol.name).map(|global| global.address);
            }
        }
        let stand_in = self.globals.get(SymbolName::StandIn.to_string().as_str());
        let stand_in = stand_in.map(|global| global.address);
        self.function_offsets = offsets
            .into_iter()
            .enumerate()
            .map(|(index, offset)| {
                let optional = functions.optional.get(index) == Some(&true);
                offset
                    .or(stand_in.filter(|_| optional))
                    .ok_or(LinkError::MissingFunction { index })
            })
            .collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Collects the frame size of each function; if the body has its own symbol, the body's frame counts.
    fn collect_frame_sizes(&mut self, partitions: &[Partition<'data>]) {
        let mut bodies = vec![None; self.frame_sizes.len()];
        for frame in partitions
            .iter()
            .flat_map(|partition| &partition.frame_sizes)
        {
            let sizes = if frame.is_body {
                &mut bodies
            } else {
                &mut self.frame_sizes
            };
            if let Some(slot) = sizes.get_mut(frame.function as usize) {
                let size = u32::try_from(frame.size).unwrap_or(u32::MAX);
                *slot = Some(size).max(*slot);
            }
        }
        for (size, body) in self.frame_sizes.iter_mut().zip(bodies) {
            *size = body.or(*size);
        }
    }
}

//! What runs before what in a function.

use std::collections::HashMap;
use std::ops::Range;

use petgraph::algo::dominators::simple_fast;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::llvm::ir::{Block, Value};

/// Blocks a function may have: dominators take time that can grow with the square of their number.
const BLOCK_LIMIT: usize = 20_000;

/// What runs before what in a function.
pub struct Order<'m> {
    /// For each block that can be reached, the span of numbers that it and the blocks it dominates
    /// have in a walk over the dominator tree.
    spans: HashMap<Block<'m>, Range<usize>>,
    positions: HashMap<Value<'m>, usize>,
}

impl<'m> Order<'m> {
    /// `None` where the function is too large.
    pub fn new(function: Value<'m>, instructions: &[Value<'m>]) -> Option<Self> {
        let blocks = function.blocks();
        if blocks.len() > BLOCK_LIMIT {
            return None;
        }
        let mut graph: DiGraph<Block, ()> = DiGraph::with_capacity(blocks.len(), blocks.len() * 2);
        let nodes: HashMap<Block, NodeIndex> = blocks
            .iter()
            .map(|&block| (block, graph.add_node(block)))
            .collect();
        for block in &blocks {
            for successor in block.successors() {
                graph.add_edge(nodes[block], nodes[&successor], ());
            }
        }
        let root = nodes[blocks.first()?];
        let positions = instructions
            .iter()
            .enumerate()
            .map(|(position, &instruction)| (instruction, position))
            .collect();
        Some(Order {
            spans: spans(&graph, root),
            positions,
        })
    }

    /// Whether `second` runs only after `first` has.
    pub fn dominates(&self, first: Value<'m>, second: Value<'m>) -> bool {
        match (first.block(), second.block()) {
            (Some(a), Some(b)) if a == b => self.positions[&first] < self.positions[&second],
            (Some(_), Some(block)) => self.dominates_end(first, block),
            _ => false,
        }
    }

    /// Whether `block` ends only after `first` has run.
    pub fn dominates_end(&self, first: Value<'m>, block: Block<'m>) -> bool {
        first
            .block()
            .is_some_and(|first| self.block_dominates(first, block))
    }

    /// Whether control reaches `second` only through `first`; true if they are the same.
    pub fn block_dominates(&self, first: Block<'m>, second: Block<'m>) -> bool {
        let span = |block| self.spans.get(&block);
        span(first)
            .zip(span(second))
            .is_some_and(|(outer, inner)| outer.contains(&inner.start))
    }
}

fn spans<'m>(graph: &DiGraph<Block<'m>, ()>, root: NodeIndex) -> HashMap<Block<'m>, Range<usize>> {
    let dominators = simple_fast(graph, root);
    let mut children: HashMap<NodeIndex, Vec<NodeIndex>> = HashMap::new();
    for node in graph.node_indices() {
        if let Some(parent) = dominators.immediate_dominator(node) {
            children.entry(parent).or_default().push(node);
        }
    }
    let mut spans = HashMap::new();
    let mut count = 0;
    // Each node twice: before and after those it dominates.
    let mut work = vec![(root, None)];
    while let Some((node, start)) = work.pop() {
        if let Some(start) = start {
            spans.insert(graph[node], start..count);
            continue;
        }
        work.push((node, Some(count)));
        count += 1;
        let below = children.remove(&node).unwrap_or_default();
        work.extend(below.into_iter().map(|child| (child, None)));
    }
    spans
}

mod assemble;
mod container;

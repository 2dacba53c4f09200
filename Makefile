# The tasks of this project, each as one command. `make demo` and `make test` first install missing
# packages (.ci/setup). On a machine that has them, this takes no time.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CARGO ?= cargo
TARGET := $(or $(CARGO_TARGET_DIR),target)
DEMO := $(TARGET)/demo

.PHONY: help
help: ## Show the targets of this file
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

.PHONY: setup
setup: ## Install the packages for building and testing (Debian 12 with Rust)
	@.ci/setup

.PHONY: third-party
third-party: setup ## Download the third-party modules that the tests compile and run
	@tests/third_party/fetch $(TARGET)/third-party

.PHONY: third-party-sweep
third-party-sweep: third-party ## Also run the large third-party modules in every mode (half an hour)
	WASMELT_ALL_MODES=1 $(CARGO) test --package wasmelt --test third_party

.PHONY: demo
demo: setup ## Compile a C program to wasm, then to .aot, and run it on WAMR
	$(CARGO) build --release --package wasmelt --package wamr-host --bins
	mkdir -p $(DEMO)
	clang-22 --target=wasm32-wasi -Wno-deprecated -O2 \
	    -Wl,--export=__heap_base -Wl,--export=__data_end \
	    -o $(DEMO)/hello.wasm examples/hello/hello.c
	$(TARGET)/release/wasmelt -o $(DEMO)/hello.aot $(DEMO)/hello.wasm
	cd $(DEMO) && $(abspath $(TARGET))/release/wamr-run --dir=. hello.aot WAMR

.PHONY: test
test: setup third-party lint ## Check everything: formatting, lints, and all tests
	$(CARGO) test --workspace

.PHONY: stress
stress: setup ## Compile and run modules that are very large in one respect
	WASMELT_STRESS=full $(CARGO) test --release --package wasmelt --test stress -- --test-threads=1

.PHONY: spec
spec: setup ## Run the specification's scripts on WAMR, in every mode
	$(CARGO) build --release --package wasmelt --package spec-tests --bins
	$(TARGET)/release/spec-tests --wasmelt $(TARGET)/release/wasmelt

.PHONY: spec-processors
spec-processors: setup ## Run the specification's scripts with code for older x86 processors
	$(CARGO) build --release --package spec-tests --bins
	for cpu in x86-64 x86-64-v2 x86-64-v3; do \
	    $(TARGET)/release/spec-tests --cpu=$$cpu; \
	done

# 100 rounds compare 1200 modules on each machine. `FIRST=1200` starts after the first 100 rounds.
ROUNDS ?= 200
FIRST ?= 0

.PHONY: sweep-loads
sweep-loads: setup ## Compare results of thousands of modules that load at the end of memory, here and on two devices
	WASMELT_DIFF_ROUNDS=$(ROUNDS) WASMELT_DIFF_FIRST=$(FIRST) \
	    $(CARGO) test --package wasmelt --test differential -- edge-loads

.PHONY: check-accesses
check-accesses: setup ## Check that loads and stores access all bytes, in machine code for every 64-bit CPU (hours)
	WASMELT_ACCESSES=all $(CARGO) test --release --package wasmelt --test accesses -- --nocapture

DEVICES := thumbv7 armv7 thumbv7-hf armv7-hf aarch64 riscv64 i386

.PHONY: spec-targets
spec-targets: setup ## Run the specification's scripts on every emulated device (hours)
	$(CARGO) build --release --package spec-tests --bins
	status=0; for device in $(DEVICES); do \
	    $(TARGET)/release/spec-tests --device=$$device \
	        --write-targets docs/targets.md || status=1; \
	done; \
	$(SWEEP) -- none; exit $$status

SWEEP := WASMELT_TARGETS_PAGE=$(CURDIR)/docs/targets.md \
    $(CARGO) test --release --package wasmelt --test targets
# Restricts the next two commands to targets with this text in their names. For sweep-targets, `none`
# only updates the last columns.
TARGETS ?=

.PHONY: sweep-targets
sweep-targets: setup ## Compile the C programs for every target (half an hour), or for targets in TARGETS=
	$(SWEEP) -- $(TARGETS)

.PHONY: sweep-constants
sweep-constants: setup ## Compile operators with constants for every target (an hour), or for targets in TARGETS=
	TARGETS=$(TARGETS) $(CARGO) test --release --package wasmelt --test operators -- \
	    --ignored --nocapture constants_as_operands_everywhere

# `PART=I/N` measures every Nth case, from the Ith. Measurements are kept, and not repeated, until the
# file of results is deleted.
PART ?= 0/1

.PHONY: scan
scan: setup ## Measure how compile time grows with size, for docs/performance.md (hours); or PART=I/N
	WASMELT_SCAN=write WASMELT_SCAN_PART=$(PART) WASMELT_SCAN_RESULTS=$(abspath $(TARGET))/scan.tsv \
	    $(CARGO) test --release --package wasmelt --test scan

.PHONY: test-devices
test-devices: setup ## Run a few scripts on every emulated device and programs on every board
	$(CARGO) test --package spec-tests --test devices
	$(CARGO) test --package wasmelt --test programs -- --ignored
	$(CARGO) test --package wasmelt --test firmware

.PHONY: release
release: setup third-party ## Build the release binary (six minutes)
	.ci/release $(TARGET)

WASMTIME := benches/wasmtime-reference/Cargo.toml
COMPARE := WASMELT_BENCH_COMPILER=$(abspath $(TARGET))/shipping/bolt/wasmelt \
    $(CARGO) bench --package wasmelt --bench compare

.PHONY: bench
bench: release ## Measure compile time and the speed of the code (compare with WAMRC=path, if given)
	$(CARGO) build --release --locked --manifest-path $(WASMTIME) \
	    --target-dir $(TARGET)/wasmtime-reference
	WASMELT_BENCH_WASMTIME=$(abspath $(TARGET))/wasmtime-reference/release/wasmtime-reference \
	    $(COMPARE)

# No help text: bench-large runs it.
.PHONY: bench-packages
bench-packages: setup
	@tests/third_party/fetch $(TARGET)/third-party benches/compare/packages.txt

.PHONY: bench-large
bench-large: release bench-packages ## Measure compile time on modules of 3 to 28 MB (more than an hour)
	WASMELT_BENCH_LARGE=1 $(COMPARE)

.PHONY: bench-guard
bench-guard: setup ## Fail if programs execute more instructions than programs of OLD=path/to/wasmelt
	WASMELT_BENCH_OLD=$(abspath $(OLD)) $(CARGO) bench --package wasmelt --bench guard

.PHONY: bench-frames
bench-frames: setup ## Count the instructions and bytes that --enable-dump-call-stack costs
	$(CARGO) bench --package wasmelt --bench frames

.PHONY: compare-outputs
compare-outputs: third-party ## Fail if any file differs from the file of OLD=path/to/wasmelt
	WASMELT_BENCH_OLD=$(abspath $(OLD)) $(CARGO) bench --package wasmelt --bench outputs

.PHONY: bench-devices
bench-devices: setup ## Count bytes and emulated instructions of device code (compare with WAMRC=path)
	$(CARGO) bench --package wasmelt --bench devices

.PHONY: fmt
fmt: ## Format the sources
	$(CARGO) fmt --all
	$(CARGO) fmt --manifest-path $(WASMTIME)

.PHONY: lint
lint: setup ## Check formatting and lints
	$(CARGO) fmt --all --check
	$(CARGO) fmt --manifest-path $(WASMTIME) --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings

.PHONY: clean
clean: ## Remove all built and downloaded files
	$(CARGO) clean

# The commands of a day. `make help` lists them; each does what it needs on a bare Debian 12 with the Swift toolchain.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run build test bench fuzz sanitize soak lint format clean system-packages test-packages

# Where `make run` keeps its data and listens, and the page that it shows (none: `make run DEMONSTRATION=`, as it must be
# beyond loopback); `make bench ARGUMENTS="--runs 3 --json"` passes arguments on.
DATA ?= data
LISTEN ?= 127.0.0.1:3000
DEMONSTRATION ?= examples/browser
ARGUMENTS ?=
# `make fuzz SECONDS=60 TARGET=http JOBS=2`: how long each target runs, which, how many at a time; REPLAY=file runs one input.
SECONDS ?= 600
# `make soak DURATION=120`: seconds of load.
DURATION ?= 3600

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: build ## build, then serve http://127.0.0.1:3000 (DATA=folder, LISTEN=host:port)
	@echo "==> serving on $(LISTEN), data in $(DATA); Ctrl-C ends it"
	@exec .build/release/countersign serve --data "$(DATA)" --listen "$(LISTEN)" \
		$(if $(DEMONSTRATION),--demonstration "$(DEMONSTRATION)")

build: system-packages ## the programs, in .build/release
	@echo "==> building (release); the first time takes some minutes"
	@scripts/swift.sh build -c release

test: system-packages test-packages ## everything that continuous integration runs, except lint
	@scripts/test.sh

bench: test-packages build ## the numbers, each beside its reference from the same run
	@echo "==> building without the audit log, to compare with"
	@scripts/benchmarks/without-audit-log.sh >/dev/null
	@.build/release/countersign-bench --folder .build $(ARGUMENTS)

soak: test-packages build ## an hour of mixed load: nothing may grow, nothing go wrong (DURATION=3600)
	@.build/release/countersign-bench soak --folder .build --duration "$(DURATION)" --output .build/soak.jsonl

fuzz: test-packages ## hostile bytes for each parser (TARGET=, SECONDS=600 each, REPLAY=file)
	@TARGET="$(TARGET)" SECONDS_EACH="$(SECONDS)" JOBS="$(JOBS)" REPLAY="$(REPLAY)" MINIMIZE="$(MINIMIZE)" scripts/fuzz.sh

sanitize: test-packages ## the unit tests under the address and the thread sanitizer (ROOMS="StorageTests …", SANITIZERS=)
	@ROOMS="$(ROOMS)" SANITIZERS="$(SANITIZERS)" scripts/sanitize.sh

lint: ## layout, scripts, rooms
	@scripts/lint.sh

format: ## lay the Swift sources out
	@swift format format --in-place --parallel --recursive Package.swift Sources Tests Fuzzing examples

clean: ## remove what was built; data and caches stay
	@rm -rf .build

system-packages:
	@echo "==> system packages"
	@scripts/system-packages.sh build

test-packages:
	@scripts/system-packages.sh test

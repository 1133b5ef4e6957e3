# Every command that a contributor needs; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run portal pages browse pictures letters test format lint unit policy soak bench tti schema setup clean

ARGS ?=
PHASE := scripts/phase

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: portal ## build the demo and start it (ARGS="--listen 127.0.0.1:8080 --cases 50")
	cargo build --profile demo --package api --bin yushi
	target/demo/yushi demo $(ARGS)

portal: ## build the web portal, where Node.js is; the program built next has it inside
	@scripts/portal build

# A package of its own with its own lock file: neither `make test` nor a build of the service compiles Typst (decision 26).
letters: ## the program that sets letters as PDF: build, lints, tests with two readers of PDF
	@$(PHASE) letters-setup 10m scripts/setup letters
	@$(PHASE) letters-build 40m cargo build --release --locked --manifest-path letters/Cargo.toml
	@$(PHASE) letters-lint 20m cargo clippy --release --locked --manifest-path letters/Cargo.toml --all-targets -- -D warnings
	@$(PHASE) letters-test 20m cargo test --release --locked --manifest-path letters/Cargo.toml
	@if command -v cargo-deny >/dev/null; then \
	  $(PHASE) letters-policy 5m cargo deny --offline --manifest-path letters/Cargo.toml --config deny.toml check bans licenses sources; \
	fi

setup: ## install what the tests need (PostgreSQL, crates), when it is absent
	@$(PHASE) setup 10m scripts/setup

test: setup format lint pages unit policy browse ## the whole gate: format, lints, every test, policies, deployment files

format: ## check the formatting
	@$(PHASE) format 5m cargo fmt --all --check

lint: ## clippy on every target; a warning is an error
	@$(PHASE) lint 25m cargo clippy --locked --workspace --all-targets -- -D warnings

pages: ## the web portal: operations, types, unit tests, build, size
	@$(PHASE) pages 15m scripts/portal check

# `make unit` leaves the program; built alone it would resolve other feature sets and build again.
browse: ## the web portal in a browser, against the program that `make unit` built
	@[ -x target/debug/yushi ] || cargo build --locked --package api --bin yushi
	@$(PHASE) browse 35m scripts/portal e2e

pictures: ## the main pages of the portal as pictures under docs/img, from the program that `make unit` built; look at them
	@scripts/node-packages portal
	cd portal && node e2e/pictures.mjs

# One build of the whole workspace: single packages resolve other feature sets and build again.
# The tests of crate `tests` include the dependency policy, the tidy rules and the deployment files.
unit: ## every test of the workspace
	@YUSHI_TEST_INSTALL=1 $(PHASE) tests 50m cargo test --locked --workspace --no-fail-fast

policy: ## cargo-deny, where it is installed; the tests hold the same policy without it
	@if command -v cargo-deny >/dev/null; then \
	  $(PHASE) policy 5m cargo deny --offline check bans licenses sources; \
	else echo "policy: cargo-deny is not installed; tests/tests/policy.rs has judged"; fi

# Long runs: the same tests with more cases and more rounds. Add a line for each new kind.
soak: setup letters ## long runs: many cases, many crash rounds (hours)
	@SOAK=1 PROPTEST_CASES=10000 YUSHI_CRASH_ROUNDS=30 YUSHI_TEST_INSTALL=1 \
	  $(PHASE) soak-all 240m cargo test --profile demo --locked --workspace
	@$(PHASE) sign-in 60m cargo test --locked --workspace --features api/seeded --test counter seeded -- --nocapture
	@$(PHASE) mutants 240m scripts/mutants

bench: setup ## ratios of one run: transitions to pgbench, worklist pages at 1 k to 1 M, schedules to plain loops
	cargo run --release --locked --package tests --bin bench-schedules
	cargo run --release --locked --package tests --bin bench-courier
	cargo build --release --locked --package api --bin yushi
	cargo run --release --locked --package tests --bin bench -- $(ARGS)
	cargo run --release --locked --package tests --bin worklist
	cargo bench --locked --package api --bench cost
	cargo bench --locked --package api --features bypass --bench access

tti: portal ## time until the queue can be worked with, with 100 000 cases on PostgreSQL
	cargo build --release --locked --workspace --bin yushi --bin worklist
	cd portal && node e2e/tti.mjs

schema: ## write the generated documents again (schema, diagrams, grids, references)
	UPDATE=1 cargo test --locked --workspace --no-fail-fast

clean: ## remove what was built and the demo's data
	cargo clean
	rm -rf letters/target
	rm -rf demo-data tests/.venv

#!/usr/bin/env bash
# The transport's protocols under loom, which tries every order of their memory accesses: the ring, the doorbell and
# the claims of a copy. `cargo xtask test` runs this.
set -euo pipefail
cd "$(dirname "$0")/.."
export RUSTFLAGS="--cfg loom" CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/loom"
exec cargo test --release -p rankwise-transport --lib loom_

#!/usr/bin/env bash
# Builds the SurrealDB server that the tests of several nodes need, once, into a cache.
# It takes some 40 minutes on two cores; without it those tests say so and do nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export CARGO_TARGET_DIR="${ALLMENDE_TEST_DATABASE_CACHE:-$HOME/.cache/allmende-database}"
cargo build --release --locked
echo "built: $CARGO_TARGET_DIR/release/allmende-test-database"

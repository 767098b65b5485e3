# shellcheck shell=bash
# What `run`, `test` and `.ci/run` need of the machine: looked for, and installed where it is missing.
# Sourced, not executed. Calling it twice changes nothing.

RUST_NEEDED=1.95
NODE_NEEDED=20.19
NODE_FROM_NPM=22
TOOLS_DIRECTORY="${ALLMENDE_TOOLS:-$HOME/.cache/allmende-tools}"

say() {
    if [ -t 2 ] && [ -z "${NO_COLOR:-}" ]; then
        printf '\033[1m» %s\033[0m\n' "$*" >&2
    else
        printf '» %s\n' "$*" >&2
    fi
}
stop() {
    printf 'Stopped: %s\n' "$*" >&2
    exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

# at_least 1.95.0 1.95: whether the first version is the second one or newer.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# install REASON PACKAGE…: Debian packages, as root or through sudo.
install() {
    local reason=$1 as_root=()
    shift
    local command="apt-get update && apt-get install -y --no-install-recommends $*"
    if ! has apt-get; then
        stop "$reason is missing, and there is no apt-get here. On Debian or Ubuntu this would help: $command"
    fi
    if [ "$(id -u)" -ne 0 ]; then
        has sudo || stop "$reason is missing. Run this as root, then start again: $command"
        as_root=(sudo)
    fi
    say "$reason is missing: installing $*"
    if ! "${as_root[@]}" apt-get update -q >&2 ||
        ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get -o DPkg::Lock::Timeout=300 install -q -y --no-install-recommends "$@" >&2; then
        stop "$reason could not be installed. Run this as root, then start again: $command"
    fi
}

# need NAME PACKAGE…: a program of that name, or the packages that bring it.
need() {
    has "$1" && return
    install "$@"
    has "$1" || stop "$1 is still missing after the installation of ${*:2}"
}

need_rust() {
    [ -d "$HOME/.cargo/bin" ] && PATH="$HOME/.cargo/bin:$PATH"
    if ! has cargo; then
        stop "Rust $RUST_NEEDED or newer is missing. Get it from https://rustup.rs:" \
            "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
    fi
    local version
    version=$(cargo --version | cut -d ' ' -f 2)
    at_least "$version" "$RUST_NEEDED" ||
        stop "cargo is $version, but Rust $RUST_NEEDED or newer is needed: rustup update stable (https://rustup.rs)"
}

# `cargo fmt` and `cargo clippy`: rustup leaves them out when it is asked for little.
need_lint_tools() {
    cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 && return
    has rustup || stop "cargo fmt or cargo clippy is missing; install them where your cargo comes from"
    say "cargo fmt or cargo clippy is missing: adding them with rustup"
    rustup component add rustfmt clippy
}

# Whether the bindings of RocksDB can be made: libclang itself, and the C headers that belong to it.
libclang_is_here() {
    local place candidate found=
    if [ -n "${LIBCLANG_PATH:-}" ]; then
        return 0 # Whoever sets it knows.
    fi
    for place in /usr/lib/llvm-*/lib /usr/lib/*-linux-gnu /usr/lib64 /usr/lib64/llvm*/lib /usr/lib /usr/local/lib; do
        for candidate in "$place"/libclang.so* "$place"/libclang-[0-9]*.so*; do
            [ -e "$candidate" ] && found=yes
        done
    done
    [ -n "$found" ] || return 1
    for candidate in /usr/lib/llvm-*/lib/clang/*/include/stddef.h /usr/lib*/clang/*/include/stddef.h; do
        [ -e "$candidate" ] && return 0
    done
    return 1
}

need_libclang() {
    [ "$(uname -s)" = Darwin ] && return # Xcode's command line tools bring it.
    libclang_is_here && return
    install libclang libclang-dev
    libclang_is_here || stop "libclang is still missing; if it is in an unusual place, set LIBCLANG_PATH to its directory"
}

# What compiling the hub takes: RocksDB is C++, and its bindings are made with libclang.
need_build_tools() {
    need_rust
    need g++ g++ libc6-dev
    need make make
    need_libclang
}

node_is_new_enough() {
    has node && has npm && at_least "$(node --version | tr -d v)" "$NODE_NEEDED"
}

# Node from the distribution if it is new enough, otherwise the one that npm carries.
need_node() {
    PATH="$TOOLS_DIRECTORY/node_modules/.bin:$PATH"
    node_is_new_enough && return
    need npm nodejs npm
    node_is_new_enough && return
    say "Node is older than $NODE_NEEDED: putting Node $NODE_FROM_NPM from npm into $TOOLS_DIRECTORY"
    # The older npm of the distribution cannot run under the newer Node: bring both.
    npm install --prefix "$TOOLS_DIRECTORY" --no-fund --no-audit --loglevel=error \
        "node@$NODE_FROM_NPM" npm@10 >&2
    hash -r
    node_is_new_enough || stop "Node $NODE_NEEDED or newer is needed: https://nodejs.org/en/download"
}

# A browser for the tests; they find it in CHROMIUM.
need_chromium() {
    local name
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        if [ -n "$name" ] && has "$name"; then
            CHROMIUM=$(command -v "$name")
            export CHROMIUM
            return
        fi
    done
    need chromium chromium fonts-liberation
    CHROMIUM=$(command -v chromium)
    export CHROMIUM
}

# Where cargo puts what it builds.
target_directory() { printf '%s\n' "${CARGO_TARGET_DIR:-target}"; }

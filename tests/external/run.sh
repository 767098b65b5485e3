#!/usr/bin/env bash
# Starts a hub with the demo content and lets the clients and audits of this folder loose on it.
#
#   tests/external/run.sh target/debug/allmende                        # all checks
#   tests/external/run.sh target/debug/allmende websocket.test.mjs …   # some of them
set -euo pipefail

fail() {
  echo "tests/external: $*" >&2
  exit 1
}

[[ $# -ge 1 ]] || fail 'usage: run.sh HUB_BINARY [CHECK.test.mjs …]'
hub_binary=$(realpath -e -- "$1") || fail "no such binary: $1"
[[ -x $hub_binary ]] || fail "not executable: $hub_binary"
shift
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"

if (($#)); then checks=("$@"); else checks=(*.test.mjs); fi
for check in "${checks[@]}"; do
  [[ -f $check ]] || fail "no such check: $check"
done

command -v node >/dev/null || fail 'node is missing; Node 20 or newer is needed'
if [[ ! node_modules/.package-lock.json -nt package-lock.json ]]; then
  echo 'tests/external: npm ci'
  npm ci --no-progress
  touch node_modules/.package-lock.json # npm keeps an older date if nothing changed
fi

unset "${!ALLMENDE_@}" # a hub with its defaults, whatever is set around it
work=$(mktemp -d "${TMPDIR:-/tmp}/allmende-external.XXXXXX")
hub=''

clean_up() {
  local code=$?
  trap - EXIT
  if [[ -n $hub ]] && kill -0 "$hub" 2>/dev/null; then
    kill -KILL "$hub" || true
    wait "$hub" || true
  fi
  if ((code != 0)) && [[ -s $work/hub.err || -s $work/hub.out ]]; then
    echo '--- what the hub said last ---' >&2
    tail -n 40 "$work/hub.out" "$work/hub.err" >&2 || true
  fi
  rm -rf -- "$work"
  exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The hub's standard output is for the two lines that are read here; its log goes to the other one.
"$hub_binary" serve --demo --listen 127.0.0.1:0 --data-directory "$work/data" \
  >"$work/hub.out" 2>"$work/hub.err" &
hub=$!

# Prints what follows a label on the hub's standard output, or waits for it for up to two minutes.
said() {
  local line
  for ((tries = 0; tries < 1200; tries++)); do
    if line=$(grep -m 1 -oP "^\Q$1\E \K\S+" "$work/hub.out"); then
      echo "$line"
      return
    fi
    kill -0 "$hub" 2>/dev/null || fail "the hub ended before it said '$1'"
    sleep 0.1
  done
  fail "the hub did not say '$1' within two minutes"
}

ALLMENDE_URL=$(said 'listening on')
ALLMENDE_TOKEN=$(said 'demo token:')
ALLMENDE_BINARY=$hub_binary # for checks that need a hub of their own
export ALLMENDE_URL ALLMENDE_TOKEN ALLMENDE_BINARY

ready=''
for ((tries = 0; tries < 600; tries++)); do
  if curl --silent --fail --max-time 2 --output /dev/null "$ALLMENDE_URL/readyz"; then
    ready=yes
    break
  fi
  kill -0 "$hub" 2>/dev/null || fail 'the hub ended before it was ready'
  sleep 0.1
done
[[ -n $ready ]] || fail 'the hub was not ready within a minute'

# One file after the other: some checks count the streams that the hub holds open.
result=0
timeout --kill-after=10 900 node --test --test-concurrency=1 --test-reporter=spec "${checks[@]}" || result=$?

kill -0 "$hub" 2>/dev/null || fail 'the hub ended while it was being checked'
kill -TERM "$hub"
for ((tries = 0; tries < 300; tries++)); do
  kill -0 "$hub" 2>/dev/null || break
  sleep 0.1
done
kill -0 "$hub" 2>/dev/null && fail 'the hub did not end within 30 seconds of SIGTERM'
hub_code=0
wait "$hub" || hub_code=$?
hub=''
((hub_code == 0)) || fail "the hub ended with code $hub_code after SIGTERM"
((result == 0)) || fail 'not all checks passed'
echo 'tests/external: all checks passed'

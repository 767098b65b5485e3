#!/usr/bin/env bash
# Measures the hub over HTTP against a bare axum handler that answers the same bytes, in one run.
#
#   cargo build --release --bin allmende --example bare_json
#   benches/http.sh target/release [SECONDS]
#
# Needs wrk and curl (Debian: apt-get install wrk curl). Everything stays on the loopback address.
set -euo pipefail

binaries=$(realpath -- "${1:?usage: benches/http.sh DIRECTORY_OF_BINARIES [SECONDS]}")
seconds=${2:-10}
work=$(mktemp -d "${TMPDIR:-/tmp}/allmende-bench.XXXXXX")
pids=()
clean_up() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  rm -rf -- "$work"
}
trap clean_up EXIT
for tool in wrk curl; do command -v "$tool" >/dev/null || { echo "benches: $tool is missing" >&2; exit 1; }; done

# Starts the hub; sets `hub` to its address and `took` to the milliseconds until it listened.
start_hub() {
  local began
  : >"$work/out"
  began=$(date +%s%N)
  "$binaries/allmende" serve "$@" --data-directory "$work/data" --listen 127.0.0.1:0 --log warn >"$work/out" 2>"$work/log" &
  pids+=($!)
  until grep -q '^listening on ' "$work/out"; do
    kill -0 "${pids[-1]}" || { cat "$work/log" >&2; exit 1; }
    read -rt 0.01 <> <(:) || true
  done
  took=$((($(date +%s%N) - began) / 1000000))
  hub=$(sed -n 's/^listening on //p' "$work/out")
}
stop_last() {
  kill "${pids[-1]}"
  wait "${pids[-1]}" || true
  unset 'pids[-1]'
}

# load NAME URL BODY: requests per second and 99th percentile of an endless stream of this body.
load() {
  cat >"$work/post.lua" <<LUA
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [==[$3]==]
LUA
  wrk -t1 -c16 -d2s -s "$work/post.lua" "$2/graphql" >/dev/null
  wrk -t1 -c16 "-d${seconds}s" --latency -s "$work/post.lua" "$2/graphql" >"$work/wrk"
  if grep -q 'Non-2xx' "$work/wrk"; then cat "$work/wrk" >&2; exit 1; fi
  rate=$(awk '/Requests\/sec/ { print $2 }' "$work/wrk")
  p99=$(awk '$1 == "99%" { print $2 }' "$work/wrk")
}

# compare NAME QUERY: the hub and the floor, one after the other.
compare() {
  local body ours floor ours99 floor99
  body=$(printf '{"query":"%s"}' "$2")
  curl -sf "$hub/graphql" -H 'content-type: application/json' -d "$body" >"$work/answer"
  "$binaries/examples/bare_json" 127.0.0.1:8199 "$work/answer" &
  pids+=($!)
  until curl -sf http://127.0.0.1:8199/graphql -H 'content-type: application/json' -d "$body" >/dev/null; do :; done
  load floor http://127.0.0.1:8199 "$body"
  floor=$rate floor99=$p99
  load hub "$hub" "$body"
  ours=$rate ours99=$p99
  stop_last
  printf '| %s | %.0f | %s | %.0f | %s | %.2f |\n' "$1" "$ours" "$ours99" "$floor" "$floor99" \
    "$(awk "BEGIN { print $ours / $floor }")"
}

start_hub --demo
echo "start-up, empty directory, with the example content: $took ms"
stop_last
start_hub
echo "start-up, existing data: $took ms"
echo
echo '| query | hub, requests/s | p99 | bare axum, requests/s | p99 | ratio |'
echo '|---|---|---|---|---|---|'
compare 'the type name alone' '{ __typename }'
compare '20 solutions with municipality and topics' \
  '{ solutions(first: 20) { totalCount edges { node { id title teaser municipalities { name } topics { name } } } } }'
compare 'search with facets and highlights' \
  '{ solutions(search: \"Ehrenamt im Dorf\", first: 20) { totalCount facets { field values { value count } } edges { score highlights { field fragments { text matched } } node { id title } } } }'
echo
awk '/VmRSS|VmHWM/ { printf "%s %d MiB\n", $1, $2 / 1024 }' "/proc/${pids[-1]}/status"

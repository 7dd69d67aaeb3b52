#!/usr/bin/env bash
# Checks the form of what is in the repository: Swift layout, scripts, rooms, and names of one machine's places.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '==> %s\n' "$*"; }

say "swift format"
swift format lint --strict --parallel --recursive Package.swift Sources Tests Fuzzing examples

say "scripts"
while IFS= read -r -d '' script; do
    bash -n "$script"
    [ -x "$script" ] || { printf '%s is not executable\n' "$script" >&2; exit 1; }
done < <(find scripts .ci -type f \( -name '*.sh' -o -path '.ci/*' \) -print0)

say "rooms"
scripts/check-rooms.sh

say "places of one machine"
# The brackets keep this file from finding itself.
places='/tmp/c[s][-/]|/wor[k]/|/opt/swif[t]|/roo[t]/|/home/[a-z]'
if git grep -nIE "$places"; then
    printf 'the lines above name places of one machine\n' >&2
    exit 1
fi

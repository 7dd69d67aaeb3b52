#!/usr/bin/env bash
# Prints the path of Prometheus' promtool from Debian's package, which is unpacked into the user's cache and not
# installed: the package would start a server.
set -euo pipefail

cache="${XDG_CACHE_HOME:-$HOME/.cache}/countersign/promtool"
tool="$cache/usr/bin/promtool"
if [ ! -x "$tool" ]; then
    mkdir -p "$cache"
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    (cd "$folder" && apt-get -q -o Acquire::Retries=3 download prometheus >&2) ||
        { echo "promtool: Debian's package 'prometheus' cannot be fetched; run 'apt-get update' and try again" >&2; exit 1; }
    dpkg-deb -x "$folder"/prometheus_*.deb "$cache"
fi
echo "$tool"

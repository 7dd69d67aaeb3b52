#!/usr/bin/env bash
# Prints the folder that holds the Swift packages Countersign depends on, or nothing where SwiftPM may fetch
# them from GitHub itself. Order: COUNTERSIGN_DEPENDENCIES, the cache, GitHub, Debian's source package `swiftlang`.
set -euo pipefail

packages=(swift-nio swift-crypto swift-log swift-argument-parser swift-collections swift-atomics swift-system swift-asn1)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/countersign"
say() { printf 'dependencies: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

holds_all_packages() {
    local name
    for name in "${packages[@]}"; do [ -f "$1/$name/Package.swift" ] || return 1; done
}

if [ -n "${COUNTERSIGN_DEPENDENCIES:-}" ]; then
    holds_all_packages "$COUNTERSIGN_DEPENDENCIES" ||
        fail "COUNTERSIGN_DEPENDENCIES=$COUNTERSIGN_DEPENDENCIES must hold these folders: ${packages[*]}"
    (cd "$COUNTERSIGN_DEPENDENCIES" && pwd)
    exit 0
fi

newest_cached() { find "$cache" -maxdepth 1 -type d -name 'swift-packages-*' 2>/dev/null | sort -V | tail -n 1; }
mkdir -p "$cache"
cached=$(newest_cached)
if [ -n "$cached" ] && holds_all_packages "$cached"; then
    printf '%s\n' "$cached"
    exit 0
fi

if GIT_TERMINAL_PROMPT=0 timeout 10 git ls-remote --exit-code https://github.com/apple/swift-nio.git HEAD >/dev/null 2>&1; then
    say "GitHub answers; SwiftPM fetches the packages itself"
    exit 0
fi

say "GitHub does not answer; taking the packages from Debian's source package swiftlang (about 250 MB, once)"
mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' |
    awk '$2 == "Debian" && $3 == "Debian" { print $1; exit }')
[ -n "$mirror" ] || fail "apt knows no Debian mirror: run 'apt-get update' once, or set COUNTERSIGN_DEPENDENCIES to a folder with the packages"

work=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/source"
printf 'deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s sid main\n' "$mirror" >"$work/sources.list"
# A private apt configuration: the machine's own sources and lists stay as they are.
apt=(apt-get -q -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work" -o "Dir::Cache::archives=$work/archives"
    -o APT::Sandbox::User= -o Acquire::Retries=3)
"${apt[@]}" update >&2
(cd "$work/source" && "${apt[@]}" source --download-only swiftlang >&2)

version=$(sed -n 's/^Version: *\([0-9.]*\).*/\1/p' "$work"/source/swiftlang_*.dsc | head -n 1)
[ -n "$version" ] || fail "the source package swiftlang names no version"
say "unpacking swiftlang $version"
mkdir "$work/packages" "$work/tree"
mapfile -t wanted < <(printf '*/%s/*\n' "${packages[@]}")
tar -xf "$work"/source/swiftlang_*.orig.tar.* -C "$work/tree" --wildcards "${wanted[@]}"
for name in "${packages[@]}"; do
    manifest=$(find "$work/tree" -maxdepth 4 -path "*/$name/Package.swift" | head -n 1)
    if [ -n "$manifest" ]; then mv "$(dirname "$manifest")" "$work/packages/$name"; fi
done
holds_all_packages "$work/packages" || fail "swiftlang $version does not hold all of: ${packages[*]}"
target="$cache/swift-packages-$version"
rm -rf "$target"
mv "$work/packages" "$target"
say "kept in $target"
printf '%s\n' "$target"

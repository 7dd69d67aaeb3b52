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

# Names and sizes of all files: notices a copy that was cut short and a file that was removed or shortened later.
contents() {
    (cd "$1" && find . -type f ! -path ./contents.sha256 ! -path '*/.build/*' ! -name Package.resolved -printf '%p %s\n') |
        LC_ALL=C sort | sha256sum
}

is_whole() { [ -f "$1/contents.sha256" ] && [ "$(contents "$1")" = "$(cat "$1/contents.sha256")" ]; }

newest_cached() { find "$cache" -maxdepth 1 -type d -name 'swift-packages-*' 2>/dev/null | sort -V | tail -n 1; }

print_cached() {
    local cached
    cached=$(newest_cached)
    [ -n "$cached" ] || return 1
    if holds_all_packages "$cached" && is_whole "$cached"; then
        printf '%s\n' "$cached"
    else
        say "$cached is not whole; taking the packages anew"
        return 1
    fi
}

github_answers() {
    GIT_TERMINAL_PROMPT=0 timeout 10 git ls-remote --exit-code https://github.com/apple/swift-nio.git HEAD >/dev/null 2>&1
}

debian_mirror() {
    local mirror
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' 2>/dev/null |
        awk '$2 == "Debian" && $3 == "Debian" { print $1; exit }')
    printf '%s\n' "${mirror:-http://deb.debian.org/debian}"
}

# Downloads the source package into $work/source, checked by the archive's installed keyring.
download() {
    mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/source"
    printf 'deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s sid main\n' "$(debian_mirror)" \
        >"$work/sources.list"
    # A private apt configuration: the machine's own sources and lists stay as they are. It is a file because paths
    # in it may hold spaces. A mirror that lags serves as well: the signature is checked whatever the date.
    cat >"$work/apt.conf" <<CONFIGURATION
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::Lists "$work/lists";
Dir::Cache "$work";
Dir::Cache::archives "$work/archives";
APT::Sandbox::User "";
Acquire::Retries "3";
Acquire::Check-Valid-Until "false";
CONFIGURATION
    local apt=(env "APT_CONFIG=$work/apt.conf" apt-get -q)
    "${apt[@]}" update >&2 || fail "apt could not read the package list of Debian sid"
    (cd "$work/source" && "${apt[@]}" source --download-only swiftlang >&2) ||
        fail "apt could not fetch Debian's source package swiftlang"
}

unpack() {
    local wanted name manifest
    mkdir "$work/packages" "$work/tree"
    mapfile -t wanted < <(printf '*/%s/*\n' "${packages[@]}")
    tar -xf "$work"/source/swiftlang_*.orig.tar.* -C "$work/tree" --wildcards "${wanted[@]}"
    for name in "${packages[@]}"; do
        manifest=$(find "$work/tree" -maxdepth 4 -path "*/$name/Package.swift" | head -n 1)
        if [ -n "$manifest" ]; then mv "$(dirname "$manifest")" "$work/packages/$name"; fi
    done
    holds_all_packages "$work/packages" || fail "swiftlang $version does not hold all of: ${packages[*]}"
    contents "$work/packages" >"$work/contents.sha256"
    mv "$work/contents.sha256" "$work/packages/contents.sha256"
}

if [ -n "${COUNTERSIGN_DEPENDENCIES:-}" ]; then
    holds_all_packages "$COUNTERSIGN_DEPENDENCIES" ||
        fail "COUNTERSIGN_DEPENDENCIES=$COUNTERSIGN_DEPENDENCIES must hold these folders: ${packages[*]}"
    (cd "$COUNTERSIGN_DEPENDENCIES" && pwd)
    exit 0
fi

mkdir -p "$cache"
# Two builds that start together fetch once.
exec 9>"$cache/lock"
flock 9
if print_cached; then exit 0; fi

if github_answers; then
    say "GitHub answers; SwiftPM fetches the packages itself"
    exit 0
fi

say "GitHub does not answer; taking the packages from Debian's source package swiftlang (about 250 MB, once)"
command -v apt-get >/dev/null || fail "no apt-get here: set COUNTERSIGN_DEPENDENCIES to a folder with the packages"
# What a fetch that was killed has left behind; the lock says that none is under way.
rm -rf "$cache"/fetch.*
work=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
download
version=$(sed -n 's/^Version: *\([0-9.]*\).*/\1/p' "$work"/source/swiftlang_*.dsc | head -n 1)
[ -n "$version" ] || fail "the source package swiftlang names no version"
say "unpacking swiftlang $version"
unpack
target="$cache/swift-packages-$version"
if [ -e "$target" ]; then mv "$target" "$work/replaced"; fi
mv "$work/packages" "$target"
say "kept in $target"
printf '%s\n' "$target"

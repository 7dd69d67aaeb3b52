#!/usr/bin/env bash
# Installs what is missing from Debian: `system-packages.sh build` what it takes to build and run Countersign,
# `system-packages.sh test` what the tests take on top. Packages that are there already, of whatever origin, stay.
set -euo pipefail

# The Swift toolchain itself links with these.
toolchain=(binutils libc6-dev libgcc-12-dev libstdc++-12-dev libcurl4 libedit2 libncurses6 libsqlite3-0 libxml2 tzdata zlib1g-dev)
# What Countersign links with.
libraries=(libcurl4-openssl-dev libp11-kit-dev libphonenumber-dev libre2-dev libseccomp-dev libsqlite3-dev libssl-dev libyaml-dev
    pkg-config)
# What fetches and unpacks the Swift packages.
fetching=(ca-certificates git xz-utils)
tests=(caddy chromium chromium-driver curl iproute2 nftables nginx-light nodejs node-jose opensc openssl procps python3
    python3-aiosmtpd python3-cryptography python3-jwt python3-prometheus-client python3-pytest python3-requests
    python3-selenium python3-venv python3-websockets python3-yaml softhsm2 sslscan strace systemd util-linux)

say() { printf 'system packages: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

case "${1:-}" in
build) wanted=("${toolchain[@]}" "${libraries[@]}" "${fetching[@]}") ;;
test) wanted=("${tests[@]}") ;;
*) fail "usage: system-packages.sh build|test" ;;
esac

command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    fail "this is no Debian; install by your system's own means what carries these names there: ${wanted[*]}"

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=()
for package in "${wanted[@]}"; do is_installed "$package" || missing+=("$package"); done
if [ "${#missing[@]}" -eq 0 ]; then
    say "all ${#wanted[@]} for $1 are there"
    exit 0
fi

apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "missing: ${missing[*]}; run as root: apt-get install ${missing[*]}"
    apt=(sudo "${apt[@]}")
fi

knows_all() {
    local package
    for package in "${missing[@]}"; do
        apt-cache policy "$package" 2>/dev/null | grep '^  Candidate: [^(]' >/dev/null || return 1
    done
}

say "installing for $1: ${missing[*]}"
if ! knows_all; then "${apt[@]}" update >&2; fi
knows_all || fail "apt does not know all of: ${missing[*]}; check the sources that apt uses"

# --no-remove: a machine that holds a conflicting package keeps it, and its owner decides.
install=("${apt[@]}" install -y --no-install-recommends --no-remove "${missing[@]}")
if ! "${install[@]}" >&2; then
    say "trying once more with fresh lists"
    "${apt[@]}" update >&2
    "${install[@]}" >&2 || fail "apt could not install: ${missing[*]}"
fi
say "installed ${#missing[@]}"

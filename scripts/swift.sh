#!/usr/bin/env bash
# Runs `swift` with the packages that Countersign depends on: from GitHub, or from where scripts/swift-packages.sh
# keeps them. All arguments go to `swift`, such as: scripts/swift.sh build -c release
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

command -v swift >/dev/null || {
    echo "swift: not found in PATH; Countersign needs the Swift 6.3 toolchain (https://www.swift.org/install/)" >&2
    exit 1
}
packages=$(scripts/swift-packages.sh)
# Empty and unset are not the same to the package manifests.
if [ -n "$packages" ]; then export SWIFTCI_USE_LOCAL_DEPS="$packages"; else unset SWIFTCI_USE_LOCAL_DEPS; fi
exec swift "$@"

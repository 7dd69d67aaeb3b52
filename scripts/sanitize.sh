#!/usr/bin/env bash
# Runs the unit tests under the address and the thread sanitizer, each built in a folder of its own. `make sanitize` calls it.
#
#   ROOMS="StorageTests EnclaveTests"  the test targets; all unless given
#   SANITIZERS="thread"                one of both
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rooms=${ROOMS:-$(basename -a Tests/*Tests) FuzzingTests}
sanitizers=${SANITIZERS:-address thread}

# Swift keeps what lives as long as the process where the leak detector does not look.
export ASAN_OPTIONS="detect_leaks=0:detect_stack_use_after_return=1:${ASAN_OPTIONS:-}"
export TSAN_OPTIONS="suppressions=$PWD/scripts/thread-sanitizer.txt:halt_on_error=0:exitcode=66:${TSAN_OPTIONS:-}"
export SWIFT_BACKTRACE=enable=no

failed=()
for sanitizer in $sanitizers; do
    scratch=.build/$sanitizer
    echo "==> building the unit tests with --sanitize=$sanitizer, in $scratch"
    scripts/swift.sh build --build-tests --sanitize="$sanitizer" --scratch-path "$scratch" 2>&1 |
        { grep -v 'Cannot export local symbol' || true; }
    # The enclave is started without an environment, so that the sanitizer's options do not reach it by themselves.
    export COUNTERSIGN_TEST_ENCLAVE="$PWD/$scratch/enclave-with-options"
    printf '#!/bin/sh\nexport ASAN_OPTIONS="%s" TSAN_OPTIONS="%s"\nexec "%s" "$@"\n' \
        "$ASAN_OPTIONS" "$TSAN_OPTIONS" "$PWD/$scratch/debug/countersign-enclave" >"$COUNTERSIGN_TEST_ENCLAVE"
    chmod +x "$COUNTERSIGN_TEST_ENCLAVE"
    for room in $rooms; do
        log=$scratch/$room.log
        echo "==> $room, $sanitizer"
        # One after the other: all at once, ten times as slow, they run into the time limits that they set.
        if ! scripts/swift.sh test --skip-build --disable-xctest --no-parallel --sanitize="$sanitizer" \
            --scratch-path "$scratch" --filter "^$room\\." >"$log" 2>&1 || grep -q 'Sanitizer: ' "$log"; then
            failed+=("$log")
        fi
        grep -E 'Test run with|SUMMARY: ' "$log" | sort | uniq -c || true
    done
done
[ "${#failed[@]}" -eq 0 ] || { printf 'sanitize: see %s\n' "${failed[@]}" >&2; exit 1; }

#!/usr/bin/env bash
# Builds and runs all tests: the unit tests in a debug build, then the acceptance tests against the release build.
# Ends with one line for each kind that says how many tests ran.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

started=$SECONDS
say() { printf '==> [%d:%02d] %s\n' $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60)) "$*"; }

logs=.build/test-logs
mkdir -p "$logs"

say "building the unit tests (debug)"
scripts/swift.sh build --build-tests

say "running the unit tests"
# One target after the other: all at once, those that compute would keep those that watch the clock from running. The
# lines that say a test has started stay in the log.
: >"$logs/unit.log"
for folder in Tests/*Tests FuzzingTests; do
    scripts/swift.sh test --skip-build --disable-xctest --filter "^$(basename "$folder")\\." 2>&1 |
        tee -a "$logs/unit.log" | { grep -v '^◇' || true; }
done
unit=$(grep -oE 'Test run with [0-9]+ tests?' "$logs/unit.log" | awk '{ sum += $4 } END { if (sum) print sum " passed" }')
[ -n "$unit" ] || { echo "no unit test ran" >&2; exit 1; }

say "building the programs (release)"
scripts/swift.sh build -c release

say "running the acceptance tests"
[ -d Tests/Acceptance ] || { echo "Tests/Acceptance is missing" >&2; exit 1; }
# Debian's own Python: the modules that the tests use are Debian packages.
/usr/bin/python3 -m pytest -p no:cacheprovider Tests/Acceptance 2>&1 | tee "$logs/acceptance.log"
acceptance=$(grep -E '[0-9]+ passed' "$logs/acceptance.log" | tail -n 1 | tr -d '=')
[ -n "$acceptance" ] || { echo "no acceptance test passed" >&2; exit 1; }

say "done"
printf 'unit tests:       %s\n' "$unit"
printf 'acceptance tests:%s\n' "$acceptance"
{ grep -E '^➜ (Suite|Test) .* skipped' "$logs/unit.log" || true; } | sed 's/^➜ /skipped: /'

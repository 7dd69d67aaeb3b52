#!/usr/bin/env bash
# Builds the programs once more with less of their audit log, so that the benchmark can say what it costs. No setting of the
# product switches it off. Ends with the folder of the programs.
#   without-audit-log.sh          no entry at all, into .build/without-audit-log
#   without-audit-log.sh --rows   plain rows that are neither sealed nor in a tree, into .build/only-audit-rows
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

case "${1:-}" in
"") scratch=.build/without-audit-log define=WITHOUT_AUDIT_LOG ;;
--rows) scratch=.build/only-audit-rows define=ONLY_AUDIT_ROWS ;;
*)
    echo "usage: without-audit-log.sh [--rows]" >&2
    exit 2
    ;;
esac
for product in countersign countersign-enclave; do
    scripts/swift.sh build -c release --scratch-path "$scratch" -Xswiftc "-D$define" --product "$product" >&2
done
echo "$scratch/release"

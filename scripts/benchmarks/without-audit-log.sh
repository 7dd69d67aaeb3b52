#!/usr/bin/env bash
# Builds the programs once more without their audit log, into .build/without-audit-log, so that the benchmark can say what
# the log costs. No setting of the product switches it off. Ends with the folder of the programs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

scratch=.build/without-audit-log
for product in countersign countersign-enclave; do
    scripts/swift.sh build -c release --scratch-path "$scratch" -Xswiftc -DWITHOUT_AUDIT_LOG --product "$product" >&2
done
echo "$scratch/release"

#!/usr/bin/env bash
# Feeds what takes bytes of strangers with whatever libFuzzer thinks of, under the address sanitizer. `make fuzz` calls it.
#
#   TARGET=http     one target instead of all (the folders of Fuzzing/Corpus)
#   SECONDS_EACH=60 how long each target runs; 600 unless given
#   JOBS=2          how many run at a time; as many as there are cores unless given
#   REPLAY=file     runs TARGET with that one input instead, such as a crash that an earlier run left behind
#   MINIMIZE=1      afterwards keeps of what was found what reaches more, in Fuzzing/Corpus (10 files of at most 2 KB each)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${SECONDS_EACH:-600}
jobs=${JOBS:-$(nproc)}
scratch=.build/fuzz
work=$scratch/runs
program=$scratch/release/countersign-fuzz
if [ -n "${TARGET:-}" ]; then targets=("$TARGET"); else mapfile -t targets < <(ls Fuzzing/Corpus); fi

echo "==> building with libFuzzer and the address sanitizer, in $scratch; the first time takes some minutes"
# The linker warns of symbols of the sanitizer, a thousand times.
COUNTERSIGN_FUZZING=1 scripts/swift.sh build -c release -Xswiftc -enable-testing --sanitize=address --sanitize=fuzzer \
    --scratch-path "$scratch" --product countersign-fuzz 2>&1 | { grep -v 'Cannot export local symbol' || true; }
[ -x "$program" ] || { echo "fuzz: $program was not built" >&2; exit 1; }

# Swift keeps what lives as long as the process out of the leak detector's sight, which would report it.
export ASAN_OPTIONS="detect_leaks=0:${ASAN_OPTIONS:-}"
# The sanitizer's report tells where; Swift's own would take minutes for a program of this size.
export SWIFT_BACKTRACE=enable=no

if [ -n "${REPLAY:-}" ]; then
    FUZZ_TARGET=${targets[0]} exec "$program" "$REPLAY"
fi

# Keeps the inputs that reach more than the others, smallest first.
minimize() {
    local target=$1 kept=$work/$1/kept
    rm -rf "$kept" && mkdir -p "$kept"
    FUZZ_TARGET=$target "$program" -merge=1 -max_len=2048 "$kept" "Fuzzing/Corpus/$target" "$work/$target/found" \
        >"$work/$target/merge.log" 2>&1
    find "$kept" -type f -printf '%s %p\n' | sort -n | awk 'NR % step == 0 && n++ < 10 { print $2 }' \
        step="$(($(find "$kept" -type f | wc -l) / 10 + 1))" | xargs -r cp -t "Fuzzing/Corpus/$target"
}

# Leaves a file `held` behind where nothing was found, and says in one line how far it came.
fuzz() {
    local target=$1 folder=$work/$1
    mkdir -p "$folder/found" "$folder/crashes"
    rm -f "$folder/held"
    if FUZZ_TARGET=$target nice -n 10 "$program" -max_total_time="$seconds" -max_len=4096 -timeout=20 \
        -rss_limit_mb=3072 -print_final_stats=1 -artifact_prefix="$folder/crashes/" \
        "$folder/found" "Fuzzing/Corpus/$target" >"$folder/fuzz.log" 2>&1 </dev/null; then
        touch "$folder/held"
    else
        grep -aE 'ERROR: |broken promise|Fatal error|SUMMARY' "$folder/fuzz.log" | head -n 5 || true
    fi
    printf '==> %s: %s\n' "$target" "$(grep -aE '^#[0-9]+.*(DONE|pulse|NEW|REDUCE|INITED)' "$folder/fuzz.log" | tail -n 1)"
    [ -z "${MINIMIZE:-}" ] || minimize "$target"
}

echo "==> ${#targets[@]} targets, $seconds s each, $jobs at a time"
for target in "${targets[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n || true; done
    fuzz "$target" &
done
wait

failed=()
for target in "${targets[@]}"; do [ -e "$work/$target/held" ] || failed+=("$target"); done
if [ "${#failed[@]}" -gt 0 ]; then
    echo "fuzz: ${failed[*]} did not hold. The inputs:" >&2
    for target in "${failed[@]}"; do
        for input in "$work/$target/crashes"/*; do
            echo "  make fuzz TARGET=$target REPLAY=$input" >&2
        done
    done
    exit 1
fi
echo "==> no crash"

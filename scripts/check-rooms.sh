#!/usr/bin/env bash
# Checks what docs/architecture.md says about the rooms in Sources: imports point down only, secrets stay in the
# enclave's rooms, no file is longer than 400 lines, nothing is left unfinished.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

faults=0
fault() { printf 'rooms: %s\n' "$*" >&2; faults=$((faults + 1)); }

# The floor of each room. An import may only lead to a lower floor.
declare -A floor=(
    [Encodings]=0 [Figures]=0 [Activation]=1 [Threads]=1 [Configuration]=1 [HTTPServer]=1
    [JOSE]=2 [Storage]=2 [TransparencyLog]=2 [FraudGuard]=2
    [SealedPasscodes]=3 [Messages]=3 [Policies]=3 [Schema]=3 [AuditLog]=3
    [EnclaveLink]=4 [CountersignClient]=4
    [Enclave]=5 [Workspaces]=5
    [Passcodes]=6 [Permissions]=6 [Webhooks]=6 [API]=7
    [countersign]=8 [countersign-enclave]=8 [countersign-bench]=8
)
# Wrappers of system libraries stand below all rooms.
floor_of() { case "$1" in C[A-Z]*) echo 0 ;; *) echo "${floor[$1]:-}" ;; esac; }

# Room and forbidden import, both as patterns of bash.
forbidden=(
    'Encodings|JOSE|TransparencyLog|FraudGuard|Messages|Policies|SealedPasscodes|EnclaveLink|Enclave|countersign-enclave:HTTPServer|API|Storage|Schema'
    'CountersignClient:EnclaveLink|HTTPServer|Storage|Configuration|Threads'
    'Passcodes|Permissions|Webhooks|Workspaces|AuditLog|Schema|Storage:HTTPServer|API'
    'HTTPServer:Storage|EnclaveLink|JOSE|SealedPasscodes|Configuration'
)
# All that the client and the rooms below it may import, so that an app takes in swift-crypto and nothing else.
client='CountersignClient|SealedPasscodes|JOSE|Encodings'
client_imports="$client|Crypto|_CryptoExtras|CryptoKit|Security|Foundation(Essentials|Networking)?|Darwin|Glibc|Musl"
# Modules that may see secrets, and the only rooms that may import them.
guarded='Enclave|CCurl|CCurlLibrary'
guards='Enclave|countersign-enclave|CCurl'

imports_of() {
    grep -rhoE '^ *(@[A-Za-z_()]+ +)*((public|package|internal|fileprivate|private) +)?import +[A-Za-z_.]+( +[A-Za-z_]+)?' \
        --include='*.swift' "Sources/$1" | awk '{ name = $NF; sub(/\..*/, "", name); print name }' | sort -u
}

matches() { [[ "$1" =~ ^($2)$ ]]; }

check_import() {
    local room="$1" module="$2" rule
    if matches "$room" "$client" && ! matches "$module" "$client_imports"; then
        fault "$room imports $module; the client depends on swift-crypto alone"
    fi
    [ -d "Sources/$module" ] || return 0
    if [ -z "$(floor_of "$module")" ]; then fault "$module has no floor in scripts/check-rooms.sh"; return; fi
    [ "$(floor_of "$module")" -lt "$(floor_of "$room")" ] || fault "$room imports $module, which is not below it"
    for rule in "${forbidden[@]}"; do
        if matches "$room" "${rule%%:*}" && matches "$module" "${rule#*:}"; then fault "$room must not import $module"; fi
    done
    if matches "$module" "$guarded" && ! matches "$room" "$guards"; then
        fault "$room imports $module; only ${guards//|/, } may"
    fi
}

for folder in Sources/*/; do
    room=$(basename "$folder")
    if [ -z "$(floor_of "$room")" ]; then fault "$room has no floor in scripts/check-rooms.sh"; continue; fi
    while IFS= read -r module; do check_import "$room" "$module"; done < <(imports_of "$room")
done

while IFS= read -r -d '' file; do
    lines=$(wc -l <"$file")
    [ "$lines" -le 400 ] || fault "$file has $lines lines; 400 are the limit"
done < <(find Sources -type f \( -name '*.swift' -o -name '*.c' -o -name '*.cpp' -o -name '*.h' \) -print0)

while IFS= read -r place; do fault "not allowed in Sources: $place"; done < <(
    grep -rnE '\b(TODO|FIXME|XXX)\b|\btry!|\bfatalError\b' Sources || true)

[ "$faults" -eq 0 ] || { printf 'rooms: %d faults\n' "$faults" >&2; exit 1; }
printf 'rooms: %d rooms, no fault\n' "$(find Sources -mindepth 1 -maxdepth 1 -type d | wc -l)"

#!/usr/bin/env bash
# Prints the folder with the programs that hold docs/openapi.yaml against its standard and the server: schemathesis and
# openapi-spec-validator from PyPI, in the versions of openapi-tools.txt, in an environment of their own in the user's cache.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

versions=$(sha256sum openapi-tools.txt | cut -c 1-16)
environment="${XDG_CACHE_HOME:-$HOME/.cache}/countersign/openapi-tools-$versions"
if [ ! -e "$environment/complete" ]; then
    rm -rf "$environment"
    /usr/bin/python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: --requirement openapi-tools.txt >&2 ||
        { echo "openapi-tools: PyPI cannot be reached, or does not have what openapi-tools.txt names" >&2; exit 1; }
    touch "$environment/complete"
fi
echo "$environment/bin"

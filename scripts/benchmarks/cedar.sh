#!/usr/bin/env bash
# Measures decisions of Cedar through its Python binding: cedar.sh POLICIES REQUESTS SECONDS prints the decisions a
# second and how many of the requests are allowed. Installs cedarpy from PyPI, once, into .build/cedar.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=4.12.2
environment=.build/cedar-$version
if [ ! -e "$environment/complete" ]; then
    rm -rf "$environment"
    /usr/bin/python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: "cedarpy==$version" >&2
    touch "$environment/complete"
fi
exec "$environment/bin/python" scripts/benchmarks/cedar_decisions.py "$@"

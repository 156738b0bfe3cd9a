#!/usr/bin/env bash
# Sends every wrong request of wrong_requests.json to a server of its own and compares status, code and fields with
# the contract (api/openapi.yaml). No answer may be 500, and the server must be well after it.
# FIRSTLINE_BIN is the program (default build/dev/firstline).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export FIRSTLINE_BIN=${FIRSTLINE_BIN:-$root/build/dev/firstline}
exec python3 -B "$root/tests/bad_input/bad_input.py" "$@"

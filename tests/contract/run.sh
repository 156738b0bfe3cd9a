#!/usr/bin/env bash
# Checks the contract: installs the tools, lints api/openapi.yaml, runs the tests of the contract and of its checker.
# Needs Node >= 20.19 with npm, and python3 with python3-yaml. The last line is `N passed, N failed`.
set -euo pipefail
cd "$(dirname "$0")"
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

output=$(mktemp)
trap 'rm -f "$output"' EXIT
passed=0 failed=0

if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
    npm ci --silent
fi

# The linter exits 0 on warnings: here a warning fails too.
if npx --no-install redocly lint ../../api/openapi.yaml --config redocly.yaml --format stylish >"$output" 2>&1 &&
    ! grep -qiE '^ .*[[:space:]]warning[[:space:]]|[0-9]+ warnings?\b' "$output"; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    cat "$output"
fi

node --test --test-reporter=tap contract.test.mjs validate.test.mjs >"$output" 2>&1 || true
grep -A 30 '^not ok' "$output" || true
count() { sed -n "s/^# $1 \([0-9]*\)$/\1/p" "$output"; }
ran=$(count tests) ok=$(count pass)
if [ -z "$ran" ] || [ -z "$ok" ] || [ "$ran" -eq 0 ]; then
    cat "$output"
    failed=$((failed + 1))
else
    passed=$((passed + ok))
    failed=$((failed + ran - ok))
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

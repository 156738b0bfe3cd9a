#!/usr/bin/env bash
# The whole product over HTTP: starts real servers, walks journeys and roles, then checks every recorded answer against
# the contract. On the embedded database; on PostgreSQL too where FIRSTLINE_TEST_POSTGRES is the URL of a user who may
# create databases (tests/support/postgres.sh). Needs Node >= 20.19 with npm; FIRSTLINE_BIN names the binary (default
# build/dev/firstline). FIRSTLINE_API_RECORDS names a directory that keeps the records. Last line: `N passed, N failed`.
set -euo pipefail
cd "$(dirname "$0")"

scratch=$(mktemp -d)
databases=()
passed=0 failed=0

finish() {
    for name in "${databases[@]}"; do
        psql -qX "$FIRSTLINE_TEST_POSTGRES" -c "drop database if exists $name" >/dev/null || true
    done
    rm -rf "$scratch"
}
trap finish EXIT

if [ ! ../contract/node_modules/.package-lock.json -nt ../contract/package-lock.json ]; then
    (cd ../contract && npm ci --silent)
fi

# count COMMAND...: shows the output without its last line, `N passed, N failed`, and adds that up; a command that ends
# without such a line is one failure.
count() {
    local output=$scratch/output last
    "$@" 2>&1 | tee "$output" | sed -E '/^[0-9]+ passed, [0-9]+ failed$/d' || true
    last=$(tail -n 1 "$output")
    if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
    else
        failed=$((failed + 1))
    fi
}

# Makes an empty database and prints its URL.
fresh_database() {
    psql -qX "$FIRSTLINE_TEST_POSTGRES" -c "create database $1" >/dev/null
    sed -E "s#^(postgres(ql)?://[^/?]*)(/[^?]*)?#\1/$1#" <<<"$FIRSTLINE_TEST_POSTGRES"
}

walk() {
    local store=$1 script records=$scratch/$1.jsonl
    for script in journeys roles; do
        echo "== $script on $store"
        if [ "$store" = postgres ]; then
            local name="firstline_api_${script}_$$"
            databases+=("$name")
            FIRSTLINE_TEST_DATABASE=$(fresh_database "$name")
            export FIRSTLINE_TEST_DATABASE
        fi
        count node "$script.mjs" "$records"
    done
    unset FIRSTLINE_TEST_DATABASE
    echo "== the answers on $store, against the contract"
    count node ../contract/validate.mjs --require-coverage "$records"
    if [ -n "${FIRSTLINE_API_RECORDS:-}" ]; then cp "$records" "$FIRSTLINE_API_RECORDS/"; fi
}

walk embedded
if [ -n "${FIRSTLINE_TEST_POSTGRES:-}" ]; then walk postgres; fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

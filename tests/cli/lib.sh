# shellcheck shell=bash
# What the scripts of this folder share: checks that say what they check, servers on free ports, JSON. Needs FIRSTLINE_BIN;
# each script runs in an empty directory of its own.

: "${FIRSTLINE_ROOT:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
: "${FIRSTLINE_BIN:=$FIRSTLINE_ROOT/build/dev/firstline}"
[[ -x $FIRSTLINE_BIN ]] || { echo "skipped: there is no program at $FIRSTLINE_BIN"; exit 77; }
unset FIRSTLINE_ADMIN_PASSWORD FIRSTLINE_DEMO_PASSWORD FIRSTLINE_USER_PASSWORD FIRSTLINE_DATA FIRSTLINE_DATABASE FIRSTLINE_CONFIG

passed=0
failed=0
server=""
token=""
work=$(mktemp -d "${TMPDIR:-/tmp}/firstline-cli.XXXXXX")
cd "$work" || exit 1

finish() {
    local status=$?
    stop_server
    cd / && rm -rf "$work"
    echo "$passed passed, $failed failed"
    if ((status == 0 && failed > 0)); then exit 1; fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# check NAME COMMAND...: passes when the command does.
check() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok: $name"
    else
        failed=$((failed + 1))
        echo "FAILED: $name"
        if [[ -s out ]]; then sed 's/^/    out: /' out | head -n 20; fi
        if [[ -s err ]]; then sed 's/^/    err: /' err | head -n 20; fi
    fi
}

# fl ARG...: runs the program; output in `out` and `err`, exit code in `code`.
code=0
fl() {
    code=0
    "$FIRSTLINE_BIN" "$@" >out 2>err </dev/null || code=$?
}
# exits CODE NAME ARG...: the program with these arguments ends so.
exits() {
    local wanted=$1 name=$2
    shift 2
    fl "$@"
    check "$name (exit $wanted, was $code)" test "$code" = "$wanted"
}
says() { check "$1" grep -q -- "$2" "$3"; }
# json EXPRESSION FILE: a Python expression over the parsed file `d`, printed.
json() { python3 -c 'import json,sys; d=json.load(open(sys.argv[2])); print(eval(sys.argv[1]))' "$1" "$2"; }
is_json() { check "$1" python3 -c 'import json,sys; json.load(open(sys.argv[1]))' "$2"; }
same() { check "$1 ($3)" test "$2" = "$3"; }

# start_server ARG...: a server on a free port; its address in `url`. Waits until it says that it serves.
start_server() {
    : >server.out
    "$FIRSTLINE_BIN" serve --listen 127.0.0.1:0 "$@" >server.out 2>server.err &
    server=$!
    for ((i = 0; i < 200; i++)); do
        url=$(sed -n 's/^Firstline  *//p' server.out)
        if [[ -n $url ]]; then return 0; fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.05
    done
    echo "FAILED: the server did not start"
    cat server.out server.err
    failed=$((failed + 1))
    exit 1
}
# Its exit code in `code`.
stop_server() {
    if [[ -z $server ]]; then return 0; fi
    kill "$server" 2>/dev/null
    code=0
    wait "$server" || code=$?
    server=""
}
# api METHOD PATH [BODY]: the status in `status`, the body in `body`. Needs `token`.
api() {
    local data=()
    if (($# > 2)); then data=(-H 'Content-Type: application/json' --data "$3"); fi
    status=$(curl -s -o body -w '%{http_code}' -X "$1" -H "Authorization: Bearer $token" "${data[@]}" "$url/api/v1$2")
}

# postgres_database NAME: the URL of this database on the server of FIRSTLINE_TEST_POSTGRES.
postgres_database() {
    python3 - "$FIRSTLINE_TEST_POSTGRES" "$1" <<'PY'
import sys
from urllib.parse import urlsplit, urlunsplit
url = urlsplit(sys.argv[1])
print(urlunsplit((url.scheme, url.netloc, "/" + sys.argv[2], url.query, "")) if url.netloc else
      f"{url.scheme}:///{sys.argv[2]}" + ("?" + url.query if url.query else ""))
PY
}

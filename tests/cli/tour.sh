#!/usr/bin/env bash
# The first minutes with the program: init, serve, a token, an incident by HTTP, a graceful stop, what is left behind.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

exits 0 "init makes a desk" init --data desk
says "init prints the sign-in" '^Sign in  *admin  *password [A-Za-z0-9_-]\{20\}$' out
exits 4 "init refuses a second time" init --data desk
says "and says why" 'desk.exists' err
check "the data directory is the owner's alone" test "$(stat -c %a desk)" = 700

exits 0 "a token without a server" token create --data desk --user admin --scope '*'
check "one token and nothing else on standard output" grep -qx 'flt_[0-9]*_[A-Za-z0-9_-]*' out
same "one line" "$(wc -l <out)" 1
same "nothing on standard error" "$(wc -c <err)" 0
token=$(cat out)

start_server --data desk
check "the socket is the owner's alone" test "$(stat -c %a desk/firstline.sock)" = 600
check "healthy" curl -sf -o body "$url/healthz"
check "ready" curl -sf -o body "$url/readyz"
api POST /incidents '{"title": "Printer on the 3rd floor smokes"}'
same "an incident is logged" "$status" 201
number=$(json 'd["number"]' body)
api GET "/incidents/$number"
same "and read" "$status" 200
same "with its title" "$(json 'd["title"]' body)" "Printer on the 3rd floor smokes"
says "requests are logged with their id" 'msg=request request_id=[a-zA-Z0-9._-]* method=POST path=/api/v1/incidents status=201' server.err
exits 3 "a second server on the directory is refused" serve --data desk --listen 127.0.0.1:0
says "and says who has it" 'in use by another firstline (process [0-9]*)' err
exits 4 "a second server on the port is refused" serve --data other --listen "${url#http://}"

stop_server
same "SIGTERM ends it well" "$code" 0
says "it says that it stopped" 'msg=stopped' server.err
check "the socket is gone" test ! -e desk/firstline.sock
exits 0 "verify after it" verify --data desk --json
same "it is clean" "$(json 'd["clean"]' out)" True
same "with one incident" "$(json 'd["incidents"]' out)" 1

start_server --data fresh
says "an empty place becomes a desk" '^Sign in  *admin  *password ' server.out
stop_server
FIRSTLINE_ADMIN_PASSWORD=correct-horse-battery start_server --data fresh2
check "a password from the environment is not printed" bash -c '! grep -q correct-horse server.out server.err'
same "and signs in" "$(curl -s -o body -w '%{http_code}' -H 'Content-Type: application/json' \
    --data '{"user": "admin", "password": "correct-horse-battery"}' "$url/api/v1/session")" 200

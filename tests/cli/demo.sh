#!/usr/bin/env bash
# The example desk: made, looked at, made again, emptied.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

FIRSTLINE_ADMIN_PASSWORD=administrator-1 "$FIRSTLINE_BIN" init --data desk >out 2>err
FIRSTLINE_DEMO_PASSWORD=example-desk-1 "$FIRSTLINE_BIN" demo --data desk --json >out 2>err
same "demo" $? 0
check "some sixty incidents and more" test "$(json 'd["incidents"]' out)" -ge 55
exits 0 "a second demo changes nothing" demo --data desk
says "and says so" 'here already' out
exits 0 "verify" verify --data desk --json
same "clean" "$(json 'd["clean"]' out)" True
check "every incident has its chain" test "$(json 'd["incidents"]' out)" -ge 55

start_server --data desk
exits 0 "a token" token create --data desk --user admin --scope '*'
token=$(cat out)
api GET '/incidents?limit=200'
same "the list" "$status" 200
check "the open ones in many states" test "$(json 'len({i["state"] for i in d["items"]})' body)" -ge 4
api GET '/incidents?state=new&state=assigned&state=in_progress&state=on_hold&state=resolved&state=closed&state=canceled&limit=200'
cp body all
same "all states" "$(json 'sorted({i["state"] for i in d["items"]})' all)" \
    "['assigned', 'canceled', 'closed', 'in_progress', 'on_hold', 'resolved']"
check "many channels" test "$(json 'len({i["channel"] for i in d["items"]})' all)" -ge 5
check "all priorities but one at least" test "$(json 'len({i["priority"] for i in d["items"]})' all)" -ge 5
check "times lie in the past, over ten days and more" python3 - <<'PY'
import json, datetime
now = datetime.datetime.now(datetime.timezone.utc)
items = json.load(open("all"))["items"]
times = [datetime.datetime.fromisoformat(i["created_at"].replace("Z", "+00:00")) for i in items]
assert all(t <= now for t in times)
assert (now - min(times)).days >= 10
assert all(i["updated_at"] >= i["created_at"] for i in items)
PY
check "the personnel matter is not among what the administrator sees" bash -c '! grep -q "personnel files" all'
for who in mia-berg elsa-lindqvist; do
    same "$who signs in" "$(curl -s -o body -w '%{http_code}' -H 'Content-Type: application/json' \
        --data "{\"user\": \"$who\", \"password\": \"example-desk-1\"}" "$url/api/v1/session")" 200
done
exits 3 "demo --remove beside a server" demo --data desk --remove
api POST /incidents '{"title": "One of our own"}'
stop_server
exits 4 "demo --remove where others have added incidents" demo --data desk --remove
says "it names the way" 'demo.mixed' err
exits 0 "demo --remove --force" demo --data desk --remove --force
exits 0 "verify afterwards" verify --data desk --json
same "clean" "$(json '(d["clean"], d["incidents"])' out)" "(True, 0)"
start_server --data desk
same "the administrator signs in as before" "$(curl -s -o body -w '%{http_code}' -H 'Content-Type: application/json' \
    --data '{"user": "admin", "password": "administrator-1"}' "$url/api/v1/session")" 200
exits 0 "the people are gone" user list --data desk --json
same "but for the administrator" "$(json '[u["key"] for u in d["items"]]' out)" "['admin']"
exits 0 "the desk takes a demo again, through the socket" demo --data desk
says "with a sign-in" '^Agent  *mia-berg  *password ' out
exits 0 "verify" verify --data desk
stop_server

exits 0 "init of a desk in use" init --data used
exits 0 "a token" token create --data used --user admin --scope '*'
token=$(cat out)
start_server --data used
api POST /incidents '{"title": "Ours"}'
exits 4 "a desk with incidents takes no demo" demo --data used
says "and says why" 'demo.not_empty' err

#!/usr/bin/env bash
# The same on PostgreSQL: a database that init makes, commands beside a running server, the example desk made and emptied.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
if [[ -z ${FIRSTLINE_TEST_POSTGRES:-} ]]; then
    echo "skipped: no PostgreSQL (FIRSTLINE_TEST_POSTGRES)"
    trap - EXIT
    rm -rf "$work"
    exit 77
fi
name=cli_$$_$RANDOM
database=$(postgres_database "$name")
drop() {
    stop_server
    psql -q "$FIRSTLINE_TEST_POSTGRES" -c "DROP DATABASE IF EXISTS $name WITH (FORCE)" >/dev/null 2>&1
}
trap 'drop; finish' EXIT

exits 3 "a database that is not there" verify --database "$database"
exits 0 "init makes the database" init --data desk --database "$database"
check "and remembers it" grep -q "$name" desk/firstline.toml
check "for its owner alone" test "$(stat -c %a desk/firstline.toml)" = 600
exits 4 "init again" init --data desk --database "$database"
start_server --data desk
exits 0 "a token beside a running server" token create --data desk --user admin --scope '*'
token=$(cat out)
api GET /me
same "it works" "$status" 200
exits 0 "demo" demo --database "$database"
api GET '/incidents?limit=200'
check "the server shows it" test "$(json 'len(d["items"])' body)" -gt 15
exits 0 "verify" verify --data desk --json
same "clean" "$(json 'd["clean"]' out)" True
exits 2 "backup is PostgreSQL's own business" backup --data desk copy
says "and says so" 'pg_basebackup' err
stop_server
same "it ends well" "$code" 0
exits 0 "demo --remove" demo --data desk --remove
exits 0 "verify afterwards" verify --data desk --json
same "clean and empty" "$(json '(d["clean"], d["incidents"])' out)" "(True, 0)"

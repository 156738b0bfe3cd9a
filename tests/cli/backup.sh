#!/usr/bin/env bash
# Backup, restore, verify: a copy that is whole, an altered desk that is found out.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

exits 0 "init" init --data desk
exits 0 "demo" demo --data desk
exits 0 "verify" verify --data desk --json
anchor=$(json 'd["last_anchor"]' out)
count=$(json 'd["entries"]' out)
exits 0 "an anchor kept elsewhere stands" verify --data desk --anchor "$anchor"
exits 0 "backup" backup --data desk copy --json
is_json "its JSON parses" out
exits 0 "restore" restore copy --data again --json
is_json "its JSON parses" out
exits 0 "verify of the restored desk" verify --data again --json
same "as many entries" "$(json 'd["entries"]' out)" "$count"
exits 0 "the anchor stands there too" verify --data again --anchor "$anchor"
exits 4 "restore into a desk" restore copy --data again
exits 4 "backup over a backup" backup --data desk copy

printf 'x' | dd of=copy/firstline.db bs=1 seek=5000 conv=notrunc status=none
exits 2 "a damaged backup is not restored" restore copy --data third
says "it says what is wrong" 'firstline.db is not what was backed up' err

if python3 -c 'import sqlite3' 2>/dev/null; then
    python3 - <<'PY'
import sqlite3
db = sqlite3.connect("again/firstline.db")
db.execute("UPDATE entry_text SET text = 'Somebody was here' WHERE pos = (SELECT max(pos) FROM entry_text)")
db.commit()
db.close()
PY
    exits 1 "an altered text is found" verify --data again
    says "and named" 'INC-\|entry' out
fi

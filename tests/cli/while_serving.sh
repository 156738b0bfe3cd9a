#!/usr/bin/env bash
# Every administrative command while a server has the directory: through its socket.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

deep=$(printf 'd%.0s' {1..120})
exits 0 "init in a directory with a long path" init --data "$PWD/$deep"
mv "$deep" desk-of-long-name-"$deep" && deep=desk-of-long-name-$deep
start_server --data "$PWD/$deep"
where=(--data "$PWD/$deep")

exits 0 "token create" token create "${where[@]}" --user admin --scope read --scope write --name tour
token=$(cat out)
api GET /me
same "the token works at once" "$status" 200
exits 0 "token list" token list "${where[@]}" --json
is_json "its JSON parses" out
id=$(json 'd["items"][0]["id"]' out)
same "it lists the scopes" "$(json '",".join(d["items"][0]["scopes"])' out)" "read,write"
exits 0 "token revoke" token revoke "${where[@]}" "$id"
api GET /me
same "a revoked token is refused" "$status" 401
exits 4 "revoking what is not there" token revoke "${where[@]}" 4711

exits 0 "user add" user add "${where[@]}" ada --name "Ada Byron" --email ada@example.org --role agent --json
same "its JSON" "$(json 'd["roles"]' out)" "['requester', 'agent']"
exits 4 "user add again" user add "${where[@]}" ada --name "Ada Byron"
exits 0 "user edit" user edit "${where[@]}" ada --phone "+47 1" --vip
exits 0 "user list" user list "${where[@]}" --json
same "the edit is there" "$(json '[(u["phone"], u["vip"]) for u in d["items"] if u["key"] == "ada"]' out)" "[('+47 1', True)]"
echo "a-long-enough-password" | "$FIRSTLINE_BIN" user password "${where[@]}" ada >out 2>err
same "user password from standard input" $? 0
same "it signs in" "$(curl -s -o body -w '%{http_code}' -H 'Content-Type: application/json' \
    --data '{"user": "ada", "password": "a-long-enough-password"}' "$url/api/v1/session")" 200
exits 0 "user password made" user password "${where[@]}" ada
says "it is printed" '^Sign in  *ada  *password ' out
echo short | "$FIRSTLINE_BIN" user password "${where[@]}" ada >out 2>err
same "a short password is wrong input" $? 2
exits 0 "user deactivate" user deactivate "${where[@]}" ada
exits 4 "the last administrator stays" user deactivate "${where[@]}" admin
says "and says why" 'user.last_administrator' err

printf 'key,name,email,roles,active\nbob,Bob Reed,bob@example.org,agent,yes\n,Cara Dean,cara@example.org,,\nDAVE!,Dave,,,\n' >people.csv
exits 1 "import users, one row of which is refused" import users "${where[@]}" people.csv
says "it names the row" 'people.csv:4: key:' err
exits 1 "again" import users "${where[@]}" people.csv --json
same "the same rows change nothing" "$(json '(d["created"], d["updated"], d["unchanged"], d["problems_count"])' out)" "(0, 0, 2, 1)"
exits 2 "import users of a file that is not there" import users "${where[@]}" nowhere.csv

exits 0 "reindex" reindex "${where[@]}" --json
is_json "its JSON parses" out
exits 0 "report overview" report overview "${where[@]}" --json
is_json "its JSON parses" out
exits 0 "backup of the running desk" backup "${where[@]}" copy
exits 4 "backup into a full directory" backup "${where[@]}" copy
exits 0 "verify" verify "${where[@]}" --json
same "clean" "$(json 'd["clean"]' out)" True

# The socket itself: bad requests, a client that says nothing, too much.
python3 - "$PWD/$deep" >out 2>&1 <<'PY'
import json, os, socket, sys
os.chdir(sys.argv[1])
def ask(raw):
    s = socket.socket(socket.AF_UNIX); s.settimeout(5); s.connect("firstline.sock")
    try: s.sendall(raw)
    except (BrokenPipeError, ConnectionResetError): return None
    got = b""
    while not got.endswith(b"\n"):
        try: piece = s.recv(65536)
        except ConnectionResetError: return None
        if not piece: return None
        got += piece
    return json.loads(got)
assert ask(b"nonsense\n")["error"]["code"] == "request.malformed"
assert ask(b'{"command": 7}\n')["error"]["code"] == "request.malformed"
assert ask(b'{"command": "no.such", "args": {}}\n')["error"]["code"] == "admin.unknown_command"
assert ask(b'{"command": "verify", "args": {"colour": 1}}\n')["error"]["code"] == "request.invalid"
assert ask(b'{"command": "token.create", "args": {"user": 3}}\n')["error"]["code"] == "request.invalid"
assert ask(b"x" * (2 << 20) + b"\n") is None
idle = socket.socket(socket.AF_UNIX); idle.connect("firstline.sock")
assert ask(b'{"command": "user.list", "args": {}}\n')["result"]["items"]
PY
same "the socket answers bad requests with errors and goes on" $? 0
stop_server
same "a client that says nothing does not keep the server from stopping" "$code" 0

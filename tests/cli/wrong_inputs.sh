#!/usr/bin/env bash
# Exit codes and messages for what people type wrong; settings by file, environment and flag.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

exits 2 "no command" 
exits 0 "--help" --help
says "help names the commands" 'token ' out
exits 2 "an unknown command" frobnicate
says "it names the way to help" 'firstline --help' err
exits 2 "an unknown flag" serve --colour
exits 2 "a flag without its value" token create --data
exits 2 "a missing flag" token create --data desk
exits 2 "a number out of range" token create --data desk --user admin --scope '*' --days 0
exits 2 "--force without --remove" demo --data desk --force
exits 3 "a desk that is not there" verify --data nowhere
says "it says what to do" 'firstline init' err
check "and nothing was made" test ! -e nowhere
mkdir full && touch full/letter.txt
exits 4 "a directory with other files is no place for a desk" init --data full
says "it names the file" 'letter.txt' err
FIRSTLINE_ADMIN_PASSWORD=short "$FIRSTLINE_BIN" init --data desk >out 2>err
same "a short password is wrong input" $? 2
exits 0 "init" init --data desk --desk-name "IT help" --zone Europe/Oslo
exits 2 "a token for nobody" token create --data desk --user nobody --scope '*'
exits 2 "an unknown scope" token create --data desk --user admin --scope everything
says "it lists the scopes" 'read, write' err
exits 4 "a user who is not there" user edit --data desk nobody --name X
exits 2 "an unknown role" user add --data desk eve --name Eve --role emperor
exits 2 "an anchor that is none" verify --data desk --anchor nonsense
exits 1 "an anchor that does not stand" verify --data desk --anchor "1:$(printf '0%.0s' {1..64})"
exits 4 "demo --remove where there is no demo" demo --data desk --remove
exits 4 "a backup that is none" restore full --data empty

exits 0 "config explain" config explain
says "it gives the bounds" '1 to 64 threads; default 4; environment FIRSTLINE_WORKERS' out
exits 0 "config explain --json" config explain --json
is_json "its JSON parses" out
exits 2 "an unknown setting" config explain colour
exits 0 "config show" config show --json
same "defaults" "$(json '[s["value"] for s in d["settings"] if s["name"] == "listen"][0]' out)" 127.0.0.1:8080
printf 'workers = 7\nlog_format = "json"\n' >firstline.toml
FIRSTLINE_WORKERS=9 "$FIRSTLINE_BIN" config show --listen-nothing >out 2>err
same "an unknown flag of config" $? 2
FIRSTLINE_LOG_FORMAT=logfmt "$FIRSTLINE_BIN" config show --json --data desk >out 2>err
same "the file, the environment and the flag, the stronger later" \
    "$(json '[(s["value"], s["source"]) for s in d["settings"] if s["name"] in ("workers", "log_format", "data")]' out)" \
    "[('desk', 'flag'), ('logfmt', 'FIRSTLINE_LOG_FORMAT'), ('7', 'firstline.toml')]"
printf 'workers = 700\ncolour = "red"\n' >firstline.toml
exits 2 "config check finds all that is wrong" config check
says "the bound" 'workers: .*1 to 64' err
says "the unknown name" 'colour: ' err
printf 'workers = \n' >firstline.toml
exits 2 "a broken file" config check
says "with its line" 'firstline.toml:1' err
rm firstline.toml
exits 2 "a file that is not there" config check --config nowhere.toml
exits 2 "an address that is none" serve --data desk --listen 127.0.0.1:99999
exits 2 "a database that is none" verify --database ftp://example.org/x

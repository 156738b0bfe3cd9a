#!/usr/bin/env bash
# Files as people have them, through the program: plain, gzip and Zstandard; the documented example of another desk's table;
# rows that cannot be read, named by line and reason; files and mappings that are refused, with their exit codes.
set -u
# shellcheck source=tests/import/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The commands of examples/import/README.md, as they stand there, from the root of the project.
mapfile -t documented < <(sed -n 's/^    firstline //p' "$examples/README.md")
same "the examples' page gives two commands" "${#documented[@]}" 2
ln -s "$examples/.." examples
gzip -c "$excerpt" >excerpt.csv.gz
zstd -q "$excerpt" -o excerpt.csv.zst
cp excerpt.csv.gz looks-plain.csv

for engine in "${engines[@]}"; do
    new_desk "$engine" "plain-$engine"
    read -r -a words <<<"${documented[0]}"
    exits 0 "$engine: the excerpt as documented" "${words[@]}" "${desk[@]}"
    same "its closing line" "$(cat out)" "298 rows: 55 incidents added, 0 known already, 5 rows not understood."
    same "each problem has a line of its own" "$(grep -c "^${words[2]}:[0-9]*: incident_state: .*the state is kept" err)" 5
    first=$(grep -n -m 1 -- ',-100,\|,"-100",' "$excerpt" | cut -d: -f1)
    says "with the line that an editor shows" "^${words[2]}:$first: incident_state: " err
    reports "$engine: plain" "$tests/expected_overview.json"
    verifies "$engine: plain" 55
    exits 0 "again" "${words[@]}" "${desk[@]}"
    same "nothing is made twice" "$(cat out)" "298 rows: 0 incidents added, 55 known already, 5 rows not understood."
    for packed in excerpt.csv.gz excerpt.csv.zst looks-plain.csv; do
        exits 0 "$engine: $packed" import incident-log "$packed" "${desk[@]}" --json
        same "is the same table" "$(json '(d["rows"], d["incidents"], d["incidents_known"], len(d["problems"]))' out)" "(298, 0, 55, 5)"
        same "with the same lines" "$(json 'min(p["line"] for p in d["problems"])' out)" "$first"
    done

    new_desk "$engine" "packed-$engine"
    exits 0 "$engine: Zstandard into an empty desk" import incident-log excerpt.csv.zst "${desk[@]}"
    reports "$engine: Zstandard" "$tests/expected_overview.json"

    new_desk "$engine" "second-$engine"
    read -r -a words <<<"${documented[1]}"
    exits 0 "$engine: the second example as documented" "${words[@]}" "${desk[@]}"
    same "its closing line" "$(cat out)" "5 rows: 5 incidents added, 0 known already, 0 rows not understood."
    same "nothing to say about it" "$(wc -c <err)" 0
    fl report overview "${desk[@]}" --json
    same "its states" "$(json 'sorted(d["recorded"]["state"])' out)" "['closed', 'in_progress', 'new', 'on_hold', 'resolved']"
    verifies "$engine: the second example" 5
done

# What is wrong is said with its code, and the exit code is the documented one.
new_desk sqlite wrong
refused() {
    local wanted=$1 name=$2 pattern=$3
    shift 3
    exits "$wanted" "$name" import incident-log "$@" "${desk[@]}"
    says "    and says why" "$pattern" err
}
refused 2 "a file that is not there" 'none\.csv cannot be opened: .*\[import.unreadable\]' none.csv
: >empty.csv
refused 2 "an empty file" 'The file is empty.*\[import.header_malformed\]' empty.csv
refused 2 "another desk's table without its mapping" \
    'The table has no column "number".* it has: "Ticket;Status;.*separator.*\[import.mapping_invalid\]' "$examples/helpdesk_export.csv"
refused 2 "a mapping that is not there" 'none\.toml cannot be opened.*\[import.unreadable\]' "$excerpt" --mapping none.toml
sed 's/shape = .*/shape = "rows"/' "$examples/helpdesk_export.toml" >wrong.toml
refused 2 "a mapping with a wrong word" 'shape.*\[import.mapping_invalid\]' "$examples/helpdesk_export.csv" --mapping wrong.toml
refused 2 "a zone that is none" 'There is no time zone Mars/Olympus' "$excerpt" --zone Mars/Olympus
iconv -t UTF-16 "$excerpt" >utf16.csv
refused 2 "UTF-16, which spreadsheets call Unicode text" 'UTF-16.*save it as UTF-8.*\[import.header_malformed\]' utf16.csv
head -c 5000 excerpt.csv.gz >cut.csv.gz
refused 2 "a packed file that is cut off" 'cut off.*\[import.unreadable\]' cut.csv.gz
exits 0 "and the whole one goes on from there" import incident-log excerpt.csv.gz "${desk[@]}" --json
same "with every incident once" "$(json 'd["incidents"] + d["incidents_known"]' out)" 55
reports "after the refusals" "$tests/expected_overview.json"

# Rows of every wrong kind around good ones, in the shape of the second example.
new_desk sqlite rows
head -n 1 "$examples/helpdesk_export.csv" >rows.csv
good=$(sed -n 2p "$examples/helpdesk_export.csv")
{
    echo "$good"
    echo "${good/HD-1001/}"
    echo "HD-3;neu"
    echo "${good/HD-1001;erledigt/HD-4;verschoben}"
    dated=${good/HD-1001/HD-5}
    echo "${dated/2026-01-12T08:05:00+01:00/12.01.2026}"
    latin=$(printf 'Gel\366st')
    echo "${good/HD-1001;erledigt/HD-6;$latin}"
    echo "$good"
    echo "${good/HD-1001/HD-8}"
} >>rows.csv
exits 0 "rows that cannot be read are left out" import incident-log rows.csv --mapping "$examples/helpdesk_export.toml" "${desk[@]}"
says "no number, line 3" '^rows.csv:3: Ticket: The row names no incident' err
says "too few columns, line 4" '^rows.csv:4: It has 2 columns where the header has 16' err
says "an unknown state, line 5" '^rows.csv:5: Status: The mapping does not name this state' err
says "no time, line 6" '^rows.csv:6: Erstellt: No time of the form rfc3339' err
says "no UTF-8, line 7" '^rows.csv:7: .*UTF-8' err
says "the same incident again, line 8" '^rows.csv:8: Ticket: .*second row' err
same "the good ones are in" "$(cat out)" "8 rows: 3 incidents added, 0 known already, 6 rows not understood."

# Every one of many is reported.
new_desk sqlite many
{
    head -n 1 "$excerpt"
    for ((i = 1; i <= 1500; i++)); do echo "INC$i,New"; done
} >many.csv
exits 0 "a table of which no row can be read" import incident-log many.csv "${desk[@]}"
same "says how many" "$(cat out)" "1500 rows: 0 incidents added, 0 known already, 1500 rows not understood."
same "shows the first, one a line" "$(grep -c '^many.csv:' err)" 20
says "and says where the rest is" '1480 more; --json lists them all' err
exits 0 "with --json" import incident-log many.csv "${desk[@]}" --json
same "each has its line" "$(json '[p["line"] for p in d["problems"]] == list(range(2, 1502))' out)" True
fl report overview "${desk[@]}" --json
same "and the overview counts them once" "$(json 'd["import"]' out)" "{'rows': 1500, 'rows_not_understood': 1500}"

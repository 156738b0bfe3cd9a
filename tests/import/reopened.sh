#!/usr/bin/env bash
# An imported incident reopened by a person over the API: what that desk recorded stays, what our own timelines say moves.
# The excerpt's times are moved to recent days, because an incident reopens within a window after its closing.
set -u
# shellcheck source=tests/import/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Prints the reference of an incident closed yesterday that nobody has reopened before.
ref=$(python3 - "$excerpt" recent.csv <<'PY'
import csv
import datetime
import re
import sys

source, target = sys.argv[1:]
form = "%d/%m/%Y %H:%M"
stamp = re.compile(r"\b(\d{1,2}/\d{1,2}/\d{4} \d{2}:\d{2})\b")
text = open(source, encoding="utf-8").read()
at = lambda word: datetime.datetime.strptime(word, form)
latest = max(at(word) for word in stamp.findall(text))
now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
by = datetime.timedelta(days=(now - latest).days - 1)
moved = stamp.sub(lambda match: (at(match[1]) + by).strftime(form), text)
open(target, "w", encoding="utf-8").write(moved)
rows = {row["number"]: row for row in csv.DictReader(moved.splitlines())}
print(max((at(row["closed_at"]), number) for number, row in rows.items() if row["reopen_count"] == "0")[1])
PY
)

for engine in "${engines[@]}"; do
    new_desk "$engine" "reopened-$engine"
    exits 0 "$engine: the excerpt in recent days" import incident-log recent.csv "${desk[@]}"
    reports "$engine: before" "$tests/expected_overview.json"
    cp out before.json
    exits 0 "$engine: the administrator sees reports too" user edit "${desk[@]}" admin --role agent --role admin --role auditor
    fl token create "${desk[@]}" --user admin --scope '*'
    token=$(cat out)
    start_server "${desk[@]}"
    api GET "/incidents?external_ref=$ref"
    number=$(json 'd["items"][0]["number"]' body)
    same "$engine: $ref is $number, closed" "$(json '(len(d["items"]), d["items"][0]["state"])' body)" "(1, 'closed')"
    api POST "/incidents/$number/actions/reopen" '{"reason": "It is broken again"}'
    same "$engine: it is reopened" "$status" 200
    api GET /reports/overview
    same "$engine: the overview" "$status" 200
    same "$engine: recorded figures stay" "$(json 'd["recorded"] == json.load(open("before.json"))["recorded"]' body)" True
    same "$engine: so do the rows" "$(json 'd["import"] == json.load(open("before.json"))["import"]' body)" True
    for figure in 'd["reopens"]["sum"]' 'd["reopens"]["incidents"]' '-d["hours_to_resolve"]["all"]["n"]'; do
        same "$engine: derived $figure is one more" \
            "$(json "(lambda d: $figure)(d['derived']) - (lambda d: $figure)(json.load(open('before.json'))['derived'])" body)" 1
    done
    stop_server
    cp body served.json
    reports "$engine: the command says what the API said" served.json
    verifies "$engine: reopened" 55
done

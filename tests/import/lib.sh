# shellcheck shell=bash
# What the scripts of this folder share beside those of tests/cli: tables to import, desks on both engines, the report.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../cli/lib.sh"

# shellcheck disable=SC2034  # for the scripts
{
    tests=$FIRSTLINE_ROOT/tests/import
    examples=$FIRSTLINE_ROOT/examples/import
    excerpt=$examples/incident_event_log_excerpt.csv
    corpus=${FIRSTLINE_CORPUS:-$FIRSTLINE_ROOT/../shared}/data/incidents/incident_event_log.csv.zst
}

# copies COUNT: the excerpt so often, each copy's incidents under references of their own.
copies() {
    awk -v count="$1" 'NR == 1 { print; next } { row[NR] = $0 }
        END { for (copy = 1; copy <= count; ++copy) for (i = 2; i <= NR; ++i) print "C" copy row[i] }' "$excerpt"
}

# new_desk ENGINE NAME: an initialised desk without incidents; the arguments that name it in `desk`.
databases=()
new_desk() {
    desk=(--data "$PWD/$2")
    local how=("${desk[@]}")
    if [[ $1 == postgres ]]; then
        local database="import_${2//-/_}_$$_$RANDOM"
        databases+=("$database")
        how+=(--database "$(postgres_database "$database")")
    fi
    fl init "${how[@]}"
    if ((code != 0)); then
        echo "FAILED: init of $2: $(cat err)"
        failed=$((failed + 1))
        exit 1
    fi
}
drop_databases() {
    local database
    for database in "${databases[@]}"; do
        psql -q "$FIRSTLINE_TEST_POSTGRES" -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" >/dev/null 2>&1
    done
}
trap 'drop_databases; finish' EXIT

# engines: SQLite, and PostgreSQL where there is one.
engines=(sqlite)
if [[ -n ${FIRSTLINE_TEST_POSTGRES:-} ]]; then engines+=(postgres); else echo "skipped: no PostgreSQL (FIRSTLINE_TEST_POSTGRES)"; fi

# reports NAME EXPECTED: `report overview --json` of `desk` is the object in this file, figure by figure.
reports() {
    fl report overview "${desk[@]}" --json
    check "$1: the report is the expected object" python3 - "$2" out <<'PY'
import json
import sys

expected, got = (json.load(open(name)) for name in sys.argv[1:])


def compare(place, want, have):
    if isinstance(want, dict) and isinstance(have, dict):
        return [one for key in sorted({*want, *have})
                for one in compare(f"{place}/{key}", want.get(key), have.get(key))]
    return [] if want == have else [f"    {place}: expected {want}, got {have}"]


differences = compare("", expected, got)
for line in differences[:20]:
    print(line)
sys.exit(bool(differences))
PY
}
# verifies NAME INCIDENTS: every chain of `desk` is whole, and there are so many incidents.
verifies() {
    fl verify "${desk[@]}" --json
    same "$1: verify is clean, with every incident" "$(json '(d["clean"], d["incidents"])' out)" "(True, $2)"
}

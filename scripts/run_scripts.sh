#!/usr/bin/env bash
# Runs the test scripts of a folder one by one, each in an empty directory of its own that is removed afterwards.
#
# usage: run_scripts.sh FOLDER [NAME...]
#
# A script passes with status 0, is skipped with 77 (its last line says why) and fails otherwise. One that ends with a
# closing line ("N passed, N failed") is counted by it. Files named lib*.sh are helpers. The scripts find in the
# environment what ./test sets: FIRSTLINE_ROOT, FIRSTLINE_BIN, FIRSTLINE_BUILD, FIRSTLINE_LONG, FIRSTLINE_TEST_POSTGRES.
set -uo pipefail
# shellcheck source=scripts/count.sh
. "$(dirname "${BASH_SOURCE[0]}")/count.sh"

readonly kSkipped=77
# One script, in seconds; the long mode has ten times as much.
readonly kTimeout=$((300 * (${FIRSTLINE_LONG:-0} ? 10 : 1)))

folder=$(realpath "$1")
shift
work=$(mktemp -d "${TMPDIR:-/tmp}/firstline-scripts.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

run_script() {
    local name=$1 log="$work/$1.log" status=0 started=$SECONDS before=$failed
    mkdir "$work/$name"
    (cd "$work/$name" && exec timeout -k 10 "$kTimeout" "$folder/$name.sh") >"$log" 2>&1 </dev/null || status=$?
    if ((status == kSkipped)); then
        skipped=$((skipped + 1))
        echo "  skipped: $name: $(tail -n 1 "$log" | sed 's/^skipped: //')"
        return
    fi
    if ! add_counts "$log"; then
        if ((status == 0)); then passed=$((passed + 1)); fi
    fi
    if ((status != 0 && failed == before)); then failed=$((failed + 1)); fi
    if ((failed > before)); then
        if ((status == 124 || status == 137)); then echo "  FAILED: $name: stopped after $kTimeout s"; else
            echo "  FAILED: $name: status $status"; fi
        tail -n 60 "$log" | cut -c1-400 | sed 's/^/    /'
    else
        echo "  ok: $name ($((SECONDS - started)) s)"
        grep -a '^ *skipped: ' "$log" | sed 's/^ */    /' || true
    fi
    rm -rf "${work:?}/$name"
}

for script in "$folder"/*.sh; do
    name=$(basename "$script" .sh)
    if [[ ! -f $script || $name == lib* || $name == run ]]; then continue; fi
    if (($# > 0)) && [[ " $* " != *" $name "* ]]; then continue; fi
    run_script "$name"
done
closing_line
((failed == 0))

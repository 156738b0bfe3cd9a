#!/usr/bin/env bash
# The import killed at random moments and begun again each time gives the same desk as one that nothing disturbed: the
# program itself, SIGKILL, both engines. FIRSTLINE_SEED replays a run's moments.
#   normal: copies of the excerpt, two kills an engine; the whole log once on SQLite, undisturbed
#   long (FIRSTLINE_LONG=1): the whole log, ten kills an engine
set -u
# shellcheck source=tests/import/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

long=${FIRSTLINE_LONG:-0}
kills=$((long ? 10 : 2))
readonly kCopies=60
RANDOM=${FIRSTLINE_SEED:-$$}
echo "seed ${FIRSTLINE_SEED:-$$}"

milliseconds() { echo $(($(date +%s%N) / 1000000)); }

# undisturbed ENGINE NAME TABLE EXPECTED INCIDENTS: how long it took in `took`.
undisturbed() {
    local engine=$1 name=$2 table=$3 expected=$4 incidents=$5 begun
    new_desk "$engine" "$name"
    begun=$(milliseconds)
    exits 0 "$name: an undisturbed import" import incident-log "$table" "${desk[@]}"
    took=$(($(milliseconds) - begun))
    echo "    $(cat out) $took ms"
    reports "$name" "$expected"
    verifies "$name" "$incidents"
}

# killed ENGINE NAME TABLE EXPECTED INCIDENTS: `took` is the length of an undisturbed run.
killed() {
    local engine=$1 name=$2 table=$3 expected=$4 incidents=$5
    local pid status begun ahead=$took share delay made=0 before=0 hits=0 inside=0 tries=0
    new_desk "$engine" "$name"
    while ((hits < kills && tries++ < 3 * kills)); do
        begun=$(milliseconds)
        "$FIRSTLINE_BIN" import incident-log "$table" "${desk[@]}" >out 2>err </dev/null &
        pid=$!
        # On the average a run gets as far as its share of what lies ahead, so that the kills are spread over the file.
        share=$((kills - hits > 1 ? 2 * ahead / (kills - hits + 1) : ahead))
        delay=$((share * (RANDOM % 1000 + 20) / 1000))
        sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
        kill -KILL "$pid" 2>/dev/null
        status=0
        wait "$pid" 2>/dev/null || status=$?
        if ((status == 0)); then
            ahead=$((($(milliseconds) - begun) * 8 / 10))
            echo "    it ended before it was killed"
            continue
        fi
        if ((status != 137)); then
            check "$name: a run after a kill (exit 0, was $status)" false
            return
        fi
        hits=$((hits + 1))
        fl report overview "${desk[@]}" --json
        made=$(json 'd["recorded"]["incidents"]' out)
        echo "    killed with $made of $incidents incidents"
        check "$name: what a killed run has made stays (kill $hits)" test "${made:--1}" -ge "$before"
        if ((made > 0 && made < incidents)); then inside=$((inside + 1)); fi
        before=${made:-0}
        # What is there already is only read, several times as fast.
        ahead=$((took * (5 * incidents - 4 * before) / (5 * incidents)))
    done
    same "$name: it was killed so often" "$hits" "$kills"
    check "$name: amid the rows, not only before or after them" test "$inside" -gt 0
    exits 0 "$name: it runs to its end" import incident-log "$table" "${desk[@]}" --json
    same "$name: every incident was made once" "$(json 'd["incidents"] + d["incidents_known"]' out)" "$incidents"
    reports "$name" "$expected"
    verifies "$name" "$incidents"
}

if ((long)) && [[ -e $corpus ]]; then
    for engine in "${engines[@]}"; do
        undisturbed "$engine" "whole-$engine" "$corpus" "$tests/expected_corpus.json" 24918
        killed "$engine" "whole-killed-$engine" "$corpus" "$tests/expected_corpus.json" 24918
    done
    exit 0
fi
copies $kCopies >copies.csv
python3 -B "$tests/expected_overview.py" copies.csv >copies.json
for engine in "${engines[@]}"; do
    undisturbed "$engine" "copies-$engine" copies.csv copies.json $((55 * kCopies))
    killed "$engine" "copies-killed-$engine" copies.csv copies.json $((55 * kCopies))
done
if [[ -e $corpus ]]; then
    undisturbed sqlite whole-sqlite "$corpus" "$tests/expected_corpus.json" 24918
else
    echo "skipped: corpus not found"
fi

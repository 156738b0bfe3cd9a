#!/usr/bin/env bash
# Builds the fuzz targets and runs each for some seconds, two at once for each core: the whole takes little longer than one.
#
# usage: tests/fuzz/run.sh SECONDS [NAME...]
#
# tests/fuzz/NAME.cpp with its committed corpus in tests/fuzz/corpus/NAME/ and, where there is one, NAME.dict.
# Each target is two tests: the committed corpus passes, and so does what the fuzzer makes of it. New inputs go to
# build/fuzz/corpus/NAME, inputs that break something to build/fuzz/broken/NAME-*: such a file, made small, belongs
# into the committed corpus with the repair.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
# shellcheck source=scripts/lib.sh
. scripts/lib.sh
# shellcheck source=scripts/count.sh
. scripts/count.sh

# One input may take this long and the process this much memory.
readonly kInputSeconds=10
readonly kMegabytes=2048
at_once=$(($(nproc) * 2))
readonly at_once

[[ ${1:-} =~ ^[0-9]+$ ]] || die "usage: tests/fuzz/run.sh SECONDS [NAME...]"
seconds=$1
shift
names=("$@")
if ((${#names[@]} == 0)); then
    mapfile -t names < <(find tests/fuzz -maxdepth 1 -name '*.cpp' -printf '%f\n' | sed 's/\.cpp$//' | sort)
fi
if ((${#names[@]} == 0)); then
    echo "  skipped: there are no fuzz targets"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
if ! build_preset fuzz fuzzers; then
    echo "  FAILED: the fuzz targets do not build"
    echo "0 passed, 1 failed"
    exit 1
fi

out=$FIRSTLINE_ROOT/build/fuzz
mkdir -p "$out/broken" "$out/log"
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1} UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
if command -v llvm-symbolizer-19 >/dev/null; then
    ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-19)
    export ASAN_SYMBOLIZER_PATH
fi

# fuzz_one NAME: status 0, or 1 with the reason as the last line of its log.
fuzz_one() {
    local name=$1 program="$out/fuzzers/fuzz_$1" seeds="tests/fuzz/corpus/$1" log="$out/log/$1.log"
    local common=("-timeout=$kInputSeconds" "-rss_limit_mb=$kMegabytes" "-artifact_prefix=$out/broken/$name-")
    if [[ -f tests/fuzz/$name.dict ]]; then common+=(-dict="tests/fuzz/$name.dict"); fi
    mkdir -p "$out/corpus/$name"
    : >"$log"
    rm -f "$log.seeds" "$log.fuzzed"
    if [[ -z "$(find "$seeds" -type f -print -quit 2>/dev/null)" ]]; then
        echo "no committed corpus in $seeds" >>"$log"
        return
    fi
    # Every file of the corpus by itself: -runs=0 over a folder would leave out what gives no new coverage.
    find "$seeds" -type f -print0 | sort -z | xargs -0 -n 200 "$program" "${common[@]}" >>"$log" 2>&1 || return
    touch "$log.seeds"
    "$program" "${common[@]}" -max_total_time="$seconds" -print_final_stats=1 "$out/corpus/$name" "$seeds" \
        >>"$log" 2>&1 || return
    touch "$log.fuzzed"
}

report() {
    local name=$1 log="$out/log/$1.log" runs part what
    for part in seeds fuzzed; do
        if [[ $part == seeds ]]; then what="committed corpus"; else what="$seconds s of fuzzing"; fi
        if [[ -f $log.$part ]]; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "  FAILED: $name: $what; the end of $log:"
            tail -n 40 "$log" | cut -c1-300 | sed 's/^/    /'
            if [[ $part == seeds ]]; then return; fi
        fi
    done
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
    if [[ -f $log.fuzzed ]]; then
        echo "  ok: $name: $(find "tests/fuzz/corpus/$name" -type f | wc -l) committed inputs, ${runs:-0} runs in $seconds s"
    fi
}

pids=()
end_fuzzers() {
    local pid
    for pid in "${pids[@]}"; do pkill -TERM -P "$pid" 2>/dev/null || true; done
    stop_child
}
trap end_fuzzers EXIT
echo "  fuzzing ${names[*]}: $seconds s each, $at_once at once"
running=0
for name in "${names[@]}"; do
    if ((running >= at_once)); then
        wait -n
        running=$((running - 1))
    fi
    fuzz_one "$name" &
    pids+=($!)
    running=$((running + 1))
done
wait
pids=()
for name in "${names[@]}"; do report "$name"; done
closing_line
((failed == 0))

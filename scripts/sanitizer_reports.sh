#!/usr/bin/env bash
# Counts the reports that sanitized programs left behind: a server that a script starts may be asked about everything
# but its error output. One report is one failure; none at all is one test passed.
#
# usage: sanitizer_reports.sh FOLDER    (named as log_path in ASAN_OPTIONS, UBSAN_OPTIONS or TSAN_OPTIONS)
set -uo pipefail
# shellcheck source=scripts/count.sh
. "$(dirname "${BASH_SOURCE[0]}")/count.sh"

for report in "$1"/*; do
    if [[ ! -s $report ]]; then continue; fi
    failed=$((failed + 1))
    echo "  FAILED: $report"
    head -n 60 "$report" | cut -c1-300 | sed 's/^/    /'
done
if ((failed == 0)); then passed=1; fi
closing_line
((failed == 0))

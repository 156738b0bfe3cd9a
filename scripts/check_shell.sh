#!/usr/bin/env bash
# Every shell script of the project through shellcheck; each is one test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/count.sh
. scripts/count.sh
folders=(scripts tests)
if [[ -d bench ]]; then folders+=(bench); fi
mapfile -t files < <(
    for file in run test .ci/run; do if [[ -f $file ]]; then echo "$file"; fi; done
    find "${folders[@]}" -name node_modules -prune -o -type f -name '*.sh' -print | sort
)
for file in "${files[@]}"; do
    if report=$(shellcheck -x --source-path=SCRIPTDIR/..:SCRIPTDIR/../..:SCRIPTDIR "$file" 2>&1); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "  FAILED: $file"
        printf '%s\n' "$report" | sed 's/^/    /'
    fi
done
echo "  ${#files[@]} scripts"
closing_line
((failed == 0))

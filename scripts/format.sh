#!/usr/bin/env bash
# Lays out the C++ of the project by .clang-format.
#
# usage: format.sh [--check] [FILE...]     --check changes nothing, lists what would change and counts as one test
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
check=0
if [[ ${1:-} == --check ]]; then
    check=1
    shift
fi
files=("$@")
folders=(src tests)
if [[ -d bench ]]; then folders+=(bench); fi
if ((${#files[@]} == 0)); then
    mapfile -t files < <(find "${folders[@]}" -name node_modules -prune -o \
        -type f \( -name '*.cpp' -o -name '*.hpp' \) -print | sort)
fi
tool=${CLANG_FORMAT:-clang-format-19}
if ((!check)); then
    printf '%s\0' "${files[@]}" | xargs -0 -r "$tool" -i
    exit 0
fi
wrong=()
for file in "${files[@]}"; do
    cmp -s <("$tool" "$file") "$file" || wrong+=("$file")
done
if ((${#wrong[@]} > 0)); then
    echo "  FAILED: not laid out by .clang-format (scripts/format.sh does it):"
    printf '    %s\n' "${wrong[@]}"
    echo "0 passed, 1 failed"
    exit 1
fi
echo "  ok: ${#files[@]} files are laid out by .clang-format"
echo "1 passed, 0 failed"

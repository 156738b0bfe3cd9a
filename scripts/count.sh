# shellcheck shell=bash
# The closing line that every runner of tests ends with, and sums of such lines. Sourced.

# Alone on a line; ", N skipped" may be missing.
readonly kClosingLine='^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$'

passed=0
failed=0
skipped=0

# add_counts LOG: adds the last closing line of the log to passed, failed, skipped; false when there is none.
add_counts() {
    local line numbers
    line=$(grep -aE "$kClosingLine" "$1" | tail -n 1)
    [[ -n $line ]] || return 1
    read -r -a numbers <<<"${line//[!0-9]/ }"
    passed=$((passed + numbers[0]))
    failed=$((failed + numbers[1]))
    skipped=$((skipped + ${numbers[2]:-0}))
}

closing_line() {
    printf '%d passed, %d failed' "$passed" "$failed"
    if ((skipped > 0)); then printf ', %d skipped' "$skipped"; fi
    printf '\n'
}

#!/usr/bin/env bash
# What is generated from the command tree: version, completion, the manual page, every --help.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

exits 0 "version" version
same "it is the one of the file VERSION" "$(cat out)" "firstline $(cat "$FIRSTLINE_ROOT/VERSION")"

"$FIRSTLINE_BIN" completion bash >firstline.bash
check "bash understands its completion" bash -n firstline.bash
complete_words() {
    bash -c '. ./firstline.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _firstline; printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}
complete_words firstline tok >out
same "a command" "$(cat out)" token
complete_words firstline token "" >out
check "the commands below it" bash -c 'grep -qx create out && grep -qx revoke out'
complete_words firstline token create --sc >out
same "its flags" "$(cat out)" --scope
for shell in zsh fish; do
    exits 0 "completion $shell" completion $shell
    check "it names the commands" grep -q 'import incident-log' out
done
if command -v zsh >/dev/null; then check "zsh understands it" zsh -n <("$FIRSTLINE_BIN" completion zsh); fi
exits 2 "completion of another shell" completion tcsh

exits 0 "man" man
# shellcheck disable=SC2016
check "it has its sections" bash -c 'for s in NAME SYNOPSIS COMMANDS CONFIGURATION "EXIT STATUS" FILES; do grep -q "^.SH $s" out || exit 1; done'
if command -v groff >/dev/null; then
    groff -man -Tutf8 -ww out >page 2>warnings
    same "groff has nothing to say against it" "$(wc -c <warnings)" 0
fi
exits 0 "token create --help" token create --help
scopes=$(sed -n '/^    TokenScope:/,/enum:/s/.*enum: \[\(.*\)\]/\1/p' "$FIRSTLINE_ROOT/api/openapi.yaml" | tr -d "'," )
check "the contract has scopes" test -n "$scopes"
set -f
for scope in $scopes; do
    check "help knows the scope $scope" grep -qF -- "$([ "$scope" = '*' ] && echo "'*'" || echo "$scope") " out
done
set +f

"$FIRSTLINE_BIN" man >out
# Every command of the manual page is one that has help.
sed -n 's/^\.SS firstline //p' out | sed 's/\\-/-/g' >commands
check "it lists all commands" test "$(wc -l <commands)" -ge 24
while read -r -a words; do
    exits 0 "firstline ${words[*]} --help" "${words[@]}" --help
done <commands

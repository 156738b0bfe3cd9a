#!/usr/bin/env bash
# Whom a request comes from behind a proxy: X-Forwarded-For counts for the limits of sign-in and in the log, from trusted
# peers alone.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# sign_in ADDRESS ACCOUNT: a wrong sign-in that says it was forwarded from there; its status in `status`.
sign_in() {
    status=$(curl -s -o body -w '%{http_code}' -X POST -H 'Content-Type: application/json' -H "X-Forwarded-For: $1" \
        --data "{\"user\":\"$2\",\"password\":\"wrong wrong wrong\"}" "$url/api/v1/session")
}
# Signs in from `address "$n"` until it is refused by rate, at most 60 times, with another account each time.
sign_in_until_limited() {
    local n
    for ((n = 1; n <= 60; n++)); do
        sign_in "$(address "$n")" "nobody-$n"
        if [[ $status == 429 ]]; then return 0; fi
    done
}

exits 0 "init" init --data desk
start_server --data desk
address() { echo "203.0.113.$1"; }
sign_in_until_limited
same "without the setting, an invented address helps nobody" "$status" 429
says "the log names the peer" 'path=/api/v1/session status=429 .*from=127.0.0.1' server.err
check "and nobody else" bash -c '! grep -q 203.0.113 server.err'
stop_server

printf 'trusted_proxies = ["127.0.0.1", "10.0.0.0/8"]\n' >desk/firstline.toml
start_server --data desk
address() { echo "198.51.100.$1, 203.0.113.9, 10.1.2.3"; }
sign_in_until_limited
same "the right-most address that is no proxy is limited, whatever stands before it" "$status" 429
sign_in "203.0.113.10" somebody
same "another client behind the same proxy is not" "$status" 401
says "the log names the client" 'path=/api/v1/session status=429 .*from=203.0.113.9' server.err
stop_server

rm desk/firstline.toml
FIRSTLINE_TRUSTED_PROXIES=10.0.0.1/8 exits 2 "a network with bits beyond its prefix" config check --data desk
says "it names the setting and where it comes from" 'trusted_proxies.*FIRSTLINE_TRUSTED_PROXIES' err
printf 'trusted_proxies = ["127.0.0.1", 10]\n' >desk/firstline.toml
exits 2 "a list with something else in it" config check --data desk
says "it names the setting" trusted_proxies err

#!/usr/bin/env bash
# A private PostgreSQL 15 cluster for tests: in a directory of its own, on a free port of 127.0.0.1 and a socket in
# that directory, with the durable settings of a real one. The machine's own clusters are neither used nor touched.
#
#   postgres.sh start DIR [NAME=VALUE...]   makes the cluster on the first call, starts it where it does not run,
#                                           prints its URL; settings given here go before the defaults, this time only
#   postgres.sh stop DIR                    stops it (fast) and keeps the data
#   postgres.sh crash DIR                   kills every process of it at once; start brings it back on the same port
#   postgres.sh remove DIR                  stops it and removes DIR
#   postgres.sh url DIR                     prints the URL of a superuser who may create databases
#   postgres.sh with DIR COMMAND...         runs the command with FIRSTLINE_TEST_POSTGRES set to that URL
#   postgres.sh run COMMAND...              the same on a cluster that lives only as long as the command
#
# DIR must lie where the user postgres can reach it when this runs as root (PostgreSQL refuses to be root).
set -euo pipefail

readonly kVersion=15
readonly kUser=postgres
readonly kStartTries=5

die() {
    printf 'postgres.sh: %s\n' "$*" >&2
    exit 1
}

bin=/usr/lib/postgresql/$kVersion/bin
[[ -x $bin/pg_ctl ]] || bin=$(dirname "$(command -v pg_ctl 2>/dev/null || echo /nowhere/pg_ctl)")
[[ -x $bin/pg_ctl ]] || die "PostgreSQL $kVersion is not installed (Debian package postgresql-$kVersion)"

# as_server COMMAND...: as the user whom the cluster belongs to.
as_server() {
    if ((EUID == 0)); then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# A process that ended but that nobody has waited for yet is not alive, though a signal to it "succeeds".
alive() { [[ -d /proc/$1 ]] && ! grep -q '^State:.*[ZX]' "/proc/$1/status" 2>/dev/null; }

running() { [[ -f $1/data/postmaster.pid ]] && alive "$(head -n 1 "$1/data/postmaster.pid")"; }

make_cluster() {
    local dir=$1
    mkdir -p "$dir"
    chmod 755 "$dir"
    if ((EUID == 0)); then chown postgres "$dir"; fi
    as_server test -w "$dir" || die "the user postgres cannot reach $dir; take a directory below /tmp"
    as_server "$bin/initdb" -D "$dir/data" --locale=C --encoding=UTF8 --auth=trust -U $kUser --no-sync \
        >"$dir/initdb.log" 2>&1 || {
        cat "$dir/initdb.log" >&2
        die "initdb failed"
    }
    # What makes it durable is said aloud, so that no changed default weakens a crash test.
    as_server tee -a "$dir/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$dir'
max_connections = 200
shared_buffers = 128MB
fsync = on
full_page_writes = on
synchronous_commit = on
log_line_prefix = '%m [%p] '
lc_messages = 'C'
timezone = 'UTC'
CONF
}

start() {
    local dir=$1 setting options="" try port
    shift
    for setting in "$@"; do options+=" -c $setting"; done
    [[ -f $dir/data/PG_VERSION ]] || make_cluster "$dir"
    if running "$dir"; then
        (($# == 0)) || die "already running in $dir, with other settings"
        url "$dir"
        return 0
    fi
    for ((try = 0; try < kStartTries; ++try)); do
        # The port stays over a restart, so that a client can find the cluster again.
        if [[ -f $dir/port ]] && ((try < 2)); then port=$(<"$dir/port"); else port=$(free_port); fi
        if as_server "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 -s \
            -o "-p $port$options" start >"$dir/start.log" 2>&1; then
            printf '%s\n' "$port" >"$dir/port"
            url "$dir"
            return 0
        fi
        grep -q 'Address already in use' "$dir/server.log" || break
    done
    tail -n 20 "$dir/start.log" "$dir/server.log" >&2 || true
    die "the cluster in $dir did not start"
}

stop() {
    local dir=$1
    if running "$dir"; then as_server "$bin/pg_ctl" -D "$dir/data" -m fast -w -t 60 -s stop; fi
}

# The postmaster first, so that it starts no new process while its children die.
crash() {
    local dir=$1 postmaster children
    running "$dir" || die "not running in $dir"
    postmaster=$(head -n 1 "$dir/data/postmaster.pid")
    kill -STOP "$postmaster"
    children=$(pgrep -P "$postmaster" || true)
    # shellcheck disable=SC2086
    kill -KILL "$postmaster" $children
    local pid
    for pid in $postmaster $children; do
        while alive "$pid"; do sleep 0.02; done
    done
    # The next start would take a process that is dead but not yet waited for as the owner of these.
    rm -f "$dir/data/postmaster.pid" "$dir"/.s.PGSQL.*
}

remove() {
    local dir=$1
    [[ -d $dir ]] || return 0
    if [[ -f $dir/data/PG_VERSION ]]; then
        stop "$dir" || crash "$dir"
    elif [[ -n "$(ls -A "$dir")" && ! -f $dir/initdb.log ]]; then
        die "$dir is no cluster of this script"
    fi
    rm -rf "$dir"
}

url() {
    [[ -f $1/port ]] || die "no cluster in $1"
    printf 'postgres://%s@127.0.0.1:%s/postgres\n' $kUser "$(<"$1/port")"
}

with() {
    local dir=$1
    shift
    FIRSTLINE_TEST_POSTGRES=$(url "$dir") FIRSTLINE_TEST_POSTGRES_DIR=$dir "$@"
}

run() {
    local status=0
    # Not local: the trap reads it when the function is gone.
    run_dir=$(mktemp -d "${TMPDIR:-/tmp}/firstline-postgres.XXXXXX")
    trap 'remove "$run_dir"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    start "$run_dir" >/dev/null
    with "$run_dir" "$@" || status=$?
    exit "$status"
}

[[ $# -ge 2 ]] || die "usage: start|stop|crash|remove|url DIR, with DIR COMMAND..., run COMMAND... (see the file's head)"
command=$1
shift
case $command in
start | stop | crash | remove | url | with) "$command" "$(realpath -m "$1")" "${@:2}" ;;
run) run "$@" ;;
*) die "unknown command: $command" ;;
esac

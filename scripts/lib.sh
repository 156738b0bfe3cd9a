# shellcheck shell=bash
# What ./run and ./test share: messages, progress, Debian packages, Node.js, builds. Sourced; needs bash 5.
# Sets: FIRSTLINE_ROOT (the repository).

FIRSTLINE_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly FIRSTLINE_ROOT

# Node.js that is installed from npm where the machine's own is older than kNodeMin.
readonly kNodePinned="22.23.3"
readonly kNodeMin="20.19.0"
# Memory that one compiler process may take; bounds the number of parallel jobs on small machines.
readonly kCompilerMegabytes=1200
# Without a terminal, a running step says something this often.
readonly kHeartbeatSeconds=30

if [[ -t 1 ]]; then kTerminal=1; else kTerminal=0; fi
readonly kTerminal

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# seconds_text SECONDS: "42s" or "3m07s".
seconds_text() {
    if (($1 < 60)); then printf '%ds' "$1"; else printf '%dm%02ds' $(($1 / 60)) $(($1 % 60)); fi
}

# A background child does not see Ctrl+C: whoever sources this ends it on the way out.
FIRSTLINE_CHILD=""
stop_child() {
    if [[ -n $FIRSTLINE_CHILD ]]; then kill "$FIRSTLINE_CHILD" 2>/dev/null || true; fi
    let_services_start
}
trap stop_child EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# progress LABEL LOG COMMAND...: runs the command with its output in LOG. On a terminal the newest line of the log
# shows in place, elsewhere a line every kHeartbeatSeconds. On failure the log's end is printed. Returns its status.
progress() {
    local label=$1 log=$2 started=$SECONDS pid status=0 newest="" beat=$SECONDS ticks=0
    shift 2
    mkdir -p "$(dirname "$log")"
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    FIRSTLINE_CHILD=$pid
    while kill -0 "$pid" 2>/dev/null; do
        # Quick answers first, then five looks a second.
        if ((ticks++ < 5)); then sleep 0.05; else sleep 0.2; fi
        if ((kTerminal)); then
            newest=$(tail -c 400 "$log" 2>/dev/null | tr -d '\000' | tr '\r' '\n' | tail -n 1)
            printf '\r\033[K%s (%s) %s' "$label" "$(seconds_text $((SECONDS - started)))" \
                "${newest:0:$((${COLUMNS:-100} - ${#label} - 12))}"
        elif ((SECONDS - beat >= kHeartbeatSeconds)); then
            beat=$SECONDS
            newest=$(tail -c 400 "$log" 2>/dev/null | tr -d '\000' | tr '\r' '\n' | tail -n 1)
            say "$label ... $(seconds_text $((SECONDS - started))) ${newest:0:90}"
        fi
    done
    wait "$pid" || status=$?
    FIRSTLINE_CHILD=""
    if ((kTerminal)); then printf '\r\033[K'; fi
    if ((status == 0)); then
        say "$label: done in $(seconds_text $((SECONDS - started)))"
    else
        say "$label: FAILED after $(seconds_text $((SECONDS - started))), exit status $status; the end of $log:"
        if grep -q '^FAILED: ' "$log"; then
            grep -A 25 -m 3 -E '^FAILED: |(error|Error):' "$log" | cut -c1-400 | head -n 80
        else
            tail -n 50 "$log" | cut -c1-400
        fi
    fi
    return "$status"
}

# packages_of PURPOSE...: the Debian packages of these purposes, one a line.
packages_of() {
    local purpose
    for purpose in "$@"; do
        sed -n "s/^$purpose: *//p" "$FIRSTLINE_ROOT/scripts/packages.txt" | tr -s ' ' '\n'
    done | sort -u
}

# as_root COMMAND...: runs it as root, through sudo where needed.
as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        if [[ -t 0 ]]; then sudo "$@"; else sudo -n "$@"; fi
    else
        return 127
    fi
}

package_installed() { [[ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null)" == ii* ]]; }

# keep_services_quiet: a database or web server that is installed for tests must not start by itself, today or at the
# next boot. Only for packages that are not there yet; a server that the machine already runs is left as it is.
keep_services_quiet() {
    local policy=/usr/sbin/policy-rc.d conf=/etc/postgresql-common/createcluster.d/firstline.conf
    if [[ " $* " == *" postgresql-15 "* && ! -e $conf ]]; then
        as_root mkdir -p "$(dirname "$conf")"
        printf '# Installed for tests, which start private clusters of their own.\ncreate_main_cluster = false\n' |
            as_root tee "$conf" >/dev/null
    fi
    if [[ " $* " =~ " "(postgresql-15|nginx-light)" " && ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
        FIRSTLINE_POLICY=$policy
    fi
}

let_services_start() {
    if [[ -n ${FIRSTLINE_POLICY:-} ]]; then
        as_root rm -f "$FIRSTLINE_POLICY"
        FIRSTLINE_POLICY=""
    fi
}

apt_quietly() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

apt_install() {
    # A stale list may still do: only the install decides.
    apt_quietly update || echo "apt-get update failed; trying with the lists that are here"
    apt_quietly install --no-install-recommends "$@"
}

# need_packages PURPOSE...: installs what is missing of these purposes; asks nothing and does nothing when all is there.
need_packages() {
    local missing=() package status=0
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        warn "this is not Debian: nothing is installed. Needed: $(packages_of "$@" | tr '\n' ' ')"
        return 0
    fi
    for package in $(packages_of "$@"); do
        package_installed "$package" || missing+=("$package")
    done
    if ((${#missing[@]} == 0)); then return 0; fi
    say "Missing Debian packages: ${missing[*]}"
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        die "no sudo here; as root run: apt-get install ${missing[*]}"
    fi
    if ((EUID != 0)) && [[ ! -t 0 ]] && ! sudo -n true 2>/dev/null; then
        die "sudo asks for a password and there is no terminal; as root run: apt-get install ${missing[*]}"
    fi
    # Ask for the password here, where it shows, not behind the progress line.
    if ((EUID != 0)); then sudo true || die "sudo was refused; as root run: apt-get install ${missing[*]}"; fi
    keep_services_quiet "${missing[@]}"
    progress "Installing ${#missing[@]} packages" "$FIRSTLINE_ROOT/build/log/packages.log" \
        apt_install "${missing[@]}" || status=$?
    let_services_start
    if ((status != 0)); then
        # shellcheck disable=SC1091
        die "the packages could not be installed. Firstline is built for Debian 12 (here: $(
            . /etc/os-release 2>/dev/null && printf '%s' "${PRETTY_NAME:-unknown}"
        ))"
    fi
}

# node_suffices: whether the Node.js on PATH is kNodeMin or newer.
node_suffices() {
    local version
    version=$(node --version 2>/dev/null) || return 1
    printf '%s\n' "$kNodeMin" "${version#v}" | sort -C -V
}

# need_node: puts Node.js >= kNodeMin and npm on PATH: the machine's own, or the pinned one from npm in .tools.
need_node() {
    local own="$FIRSTLINE_ROOT/.tools/node_modules/node/bin"
    if node_suffices && command -v npm >/dev/null; then return 0; fi
    if ! command -v npm >/dev/null || ! command -v node >/dev/null; then need_packages node; fi
    if node_suffices; then return 0; fi
    if [[ "$("$own/node" --version 2>/dev/null)" != "v$kNodePinned" ]]; then
        progress "Installing Node.js $kNodePinned from npm (here: $(node --version 2>/dev/null || echo none))" \
            "$FIRSTLINE_ROOT/build/log/node.log" \
            npm install --prefix "$FIRSTLINE_ROOT/.tools" --no-save --no-fund --no-audit "node@$kNodePinned" || return 1
    fi
    export PATH="$own:$PATH"
}

# need_modules FOLDER: `npm ci` there, once per state of its lock file.
need_modules() {
    local folder=$1 stamp="$1/node_modules/.installed-from"
    if [[ -f $stamp ]] && cmp -s "$stamp" "$folder/package-lock.json"; then return 0; fi
    progress "Installing npm packages of ${folder#"$FIRSTLINE_ROOT"/}" \
        "$FIRSTLINE_ROOT/build/log/npm-$(basename "$folder").log" \
        npm ci --prefix "$folder" --no-fund --no-audit || return 1
    cp "$folder/package-lock.json" "$stamp"
}

# build_jobs: compilers that may run at once, by cores and by memory.
build_jobs() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
    memory=$((memory / kCompilerMegabytes))
    if ((memory < 1)); then memory=1; fi
    printf '%d\n' $((cores < memory ? cores : memory))
}

# build_preset PRESET [TARGET...]: configures and builds build/PRESET; logs in build/log.
build_preset() {
    local preset=$1 targets=() target
    shift
    for target in "$@"; do targets+=(--target "$target"); done
    progress "Configuring $preset" "$FIRSTLINE_ROOT/build/log/configure-$preset.log" \
        cmake -S "$FIRSTLINE_ROOT" --preset "$preset" || return 1
    progress "Building $preset" "$FIRSTLINE_ROOT/build/log/build-$preset.log" \
        cmake --build "$FIRSTLINE_ROOT/build/$preset" -j "$(build_jobs)" "${targets[@]}"
}

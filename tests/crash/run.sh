#!/usr/bin/env bash
# Kills the server, a PostgreSQL backend or the whole PostgreSQL at random moments under load, and checks that nothing
# acknowledged is lost and nothing is done twice. crash.py says how.
# FIRSTLINE_BIN is the program (default build/dev/firstline); FIRSTLINE_LONG=1 kills 100 times instead of 20;
# FIRSTLINE_SEED replays a run's moments; FIRSTLINE_TEST_POSTGRES and FIRSTLINE_TEST_POSTGRES_DIR (a private cluster,
# see tests/support/postgres.sh) add PostgreSQL.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export FIRSTLINE_BIN=${FIRSTLINE_BIN:-$root/build/dev/firstline}
exec python3 -B "$root/tests/crash/crash.py"

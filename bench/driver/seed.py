"""Desks to measure: made once for each engine, size and seed, kept in build/bench/, copied for what writes."""

import contextlib
import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
POSTGRES = ROOT / "tests" / "support" / "postgres.sh"
SIZES = {"40k": 40_000, "1m": 1_000_000, "10m": 10_000_000}


@dataclasses.dataclass
class Desk:
    """One desk. `info`: admin_password, admin_token, agent_token (agent-000, in four teams), requester_token (five-001,
    requester of five incidents), entries."""

    engine: str
    size: int
    database: str  # what --database takes: a directory, or a postgres:// URL
    info: dict

    def arguments(self):
        """For `firstline serve` and the other commands: a URL needs a data directory beside it."""
        return ["--database", self.database] if self.engine == "postgres" else ["--data", self.database]


def key_of(size, seed):
    """Changes with everything that decides what the desk holds: schema, the seeder, size, seed."""
    hashed = hashlib.sha256()
    for folder, pattern in (("migrations", "*.sql"), ("bench/desk", "*")):
        for path in sorted((ROOT / folder).glob(pattern)):
            hashed.update(path.name.encode() + b"\0" + path.read_bytes())
    hashed.update(f"{size}/{seed}".encode())
    return hashed.hexdigest()[:12]


class Cluster:
    """The private PostgreSQL of the benchmark, with the settings of tests/support/postgres.sh: durable."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.url = None

    def start(self):
        self.url = run_text([POSTGRES, "start", self.folder]).strip()
        return self.url

    @property
    def pid(self):
        try:
            return int((self.folder / "data" / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return 0

    def stop(self):
        if self.url:
            subprocess.run([POSTGRES, "stop", self.folder], check=False)
            self.url = None

    def database(self, name):
        parts = urllib.parse.urlsplit(self.url)
        return urllib.parse.urlunsplit(parts._replace(path="/" + name))

    def sql(self, text, database="postgres"):
        return run_text(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.database(database), "-c", text]).strip()

    def has(self, name):
        return self.sql(f"SELECT count(*) FROM pg_database WHERE datname = '{name}'") == "1"


def run_text(command):
    """Standard output; on failure the command's own words."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(str(part) for part in command)}:\n{done.stderr.strip()[-2000:]}")
    return done.stdout


def postgres_folder():
    """Beside build/ where the server's user can reach it; below /tmp where this is root's own folder."""
    ours = ROOT / "build" / "bench" / "postgres"
    if os.geteuid() != 0:
        return ours
    reach = subprocess.run(["runuser", "-u", "postgres", "--", "test", "-x", str(ROOT)], check=False)
    if reach.returncode == 0:
        return ours
    return pathlib.Path("/tmp") / f"firstline-bench-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"


class Desks:
    """Finds or makes desks. `program`: build/release/bench/firstline-bench."""

    def __init__(self, program, seed, tell):
        self.program, self.seed, self.tell = program, seed, tell
        self.folder = ROOT / "build" / "bench"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.cluster = Cluster(postgres_folder())

    def close(self):
        self.cluster.stop()

    def postmaster(self, engine):
        return self.cluster.pid if engine == "postgres" else 0

    def get(self, engine, size):
        """The seeded desk, for reading: what writes takes a `copy`."""
        name = f"{engine}-{size}-{key_of(size, self.seed)}"
        told = self.folder / f"{name}.json"
        if engine == "postgres" and self.cluster.url is None:
            self.cluster.start()
        place = self._place(engine, name)
        if told.exists() and self._is_there(engine, name):
            return Desk(engine, size, str(place), json.loads(told.read_text()))
        self._forget(engine, size)
        self.tell(f"seeding {engine} with {size:,} incidents")
        if engine == "postgres":
            self.cluster.sql(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        line = run_text([self.program, "seed", "--database", place, "--size", size, "--seed", self.seed])
        told.write_text(line)
        return Desk(engine, size, str(place), json.loads(line))

    @contextlib.contextmanager
    def copy(self, desk):
        """A copy to write into, gone afterwards."""
        name = pathlib.PurePosixPath(desk.database).name
        scratch = f"scratch-{name}"
        self._drop(desk.engine, scratch)
        if desk.engine == "sqlite":
            subprocess.run(["cp", "-r", "--reflink=auto", desk.database, self.folder / scratch], check=True)
        else:
            self.cluster.sql(f'CREATE DATABASE "{scratch}" TEMPLATE "{name}"')
        try:
            yield dataclasses.replace(desk, database=str(self._place(desk.engine, scratch)))
        finally:
            self._drop(desk.engine, scratch)

    def _place(self, engine, name):
        return self.cluster.database(name) if engine == "postgres" else self.folder / name

    def _is_there(self, engine, name):
        return self.cluster.has(name) if engine == "postgres" else (self.folder / name / "firstline.db").exists()

    def _drop(self, engine, name):
        if engine == "postgres":
            self.cluster.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        else:
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def _forget(self, engine, size):
        """Desks of this engine and size that another schema or seeder has made."""
        prefix = f"{engine}-{size}-"
        for path in self.folder.glob(prefix + "*.json"):
            path.unlink()
        if engine == "sqlite":
            for path in self.folder.glob(prefix + "*"):
                shutil.rmtree(path, ignore_errors=True)
        else:
            for name in self.cluster.sql("SELECT datname FROM pg_database").splitlines():
                if name.startswith(prefix):
                    self._drop(engine, name)

"""A desk under test: its database, its server process and requests to it. Follows docs of `firstline --help`."""

import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = os.environ["FIRSTLINE_BIN"]
PASSWORD = "a password of the crash test"
READY_SECONDS_MAX = 60
ANSWER_SECONDS_MAX = 20


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Lost(Exception):
    """No whole answer came: whether the request was carried out is unknown."""


class Connection:
    """One client's kept-alive connection."""

    def __init__(self, desk):
        self._desk = desk
        self._http = None

    def send(self, method, path, body=None, key=None, seconds=ANSWER_SECONDS_MAX):
        """Status and JSON of a whole answer; Lost otherwise."""
        headers = {"Authorization": f"Bearer {self._desk.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        try:
            if self._http is None:
                self._http = http.client.HTTPConnection("127.0.0.1", self._desk.port, timeout=seconds)
            self._http.request(method, path, None if body is None else json.dumps(body).encode(), headers)
            answer = self._http.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content else None
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise Lost(repr(error)) from error

    def close(self):
        if self._http is not None:
            self._http.close()
            self._http = None


class Desk:
    """A fresh desk in `folder`; on PostgreSQL where `cluster` is given."""

    def __init__(self, folder, cluster=None, copy_of=None):
        self.folder = folder
        self.cluster = cluster
        self.port = free_port()
        self.process = None
        self.log = folder.parent / f"{folder.name}.log"
        if copy_of is not None:
            shutil.copytree(copy_of.folder, folder, ignore=shutil.ignore_patterns("*.sock", "lock"))
            self.token = copy_of.token
            self.where = ["--data", str(folder)]
            return
        self.where = ["--data", str(folder)]
        if cluster is not None:
            self.where += ["--database", cluster.create_database(folder.name)]
        self.run("init", env={"FIRSTLINE_ADMIN_PASSWORD": PASSWORD})
        self.token = self.run("token", "create", "--user", "admin", "--scope", "*").stdout.strip()

    def run(self, *command, check=True, env=None):
        """The program with another command; its output."""
        return subprocess.run([BIN, *command, *self.where], check=check, text=True, capture_output=True,
                              env={**os.environ, **(env or {})})

    def spawn(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [BIN, "serve", *self.where, "--listen", f"127.0.0.1:{self.port}", "--access-log", "false"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def await_ready(self):
        """Until /readyz says 200: the server and its database."""
        end = time.monotonic() + READY_SECONDS_MAX
        connection = Connection(self)
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}, see {self.log}")
            try:
                if connection.send("GET", "/readyz", seconds=2)[0] == 200:
                    connection.close()
                    return
            except Lost:
                pass
            time.sleep(0.01)
        raise RuntimeError(f"the server was not ready after {READY_SECONDS_MAX} s, see {self.log}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """SIGTERM; the exit code."""
        if self.process is None or self.process.poll() is not None:
            return None
        self.process.terminate()
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL

    def verify(self):
        """`firstline verify`: walks every timeline and compares every row with its fold."""
        return self.run("verify", check=False)

    def sql(self, statement):
        """Changes rows of the embedded database behind the program's back."""
        with sqlite3.connect(self.folder / "firstline.db") as database:
            return database.execute(statement).rowcount


class Cluster:
    """The private PostgreSQL of tests/support/postgres.sh."""

    def __init__(self, url, folder):
        self.url = url
        self.folder = folder
        self._databases = []

    def _psql(self, statement):
        subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", self.url, "-c", statement], check=True,
                       capture_output=True, text=True)

    def create_database(self, name):
        name = f"crash_{os.getpid()}_{name}".replace("-", "_")
        self._psql(f"create database {name}")
        self._databases.append(name)
        return self.url.rsplit("/", 1)[0] + "/" + name

    def drop_databases(self):
        for name in self._databases:
            self._psql(f"drop database if exists {name} with (force)")

    def kill_backend(self, chance: random.Random):
        """SIGKILL to one backend of our databases; PostgreSQL then ends all others and recovers."""
        postmaster = (pathlib.Path(self.folder) / "data/postmaster.pid").read_text().split()[0]
        listed = subprocess.run(["pgrep", "-a", "-P", postmaster], capture_output=True, text=True).stdout
        backends = [int(line.split()[0]) for line in listed.splitlines() if f"crash_{os.getpid()}_" in line]
        if not backends:
            return False
        os.kill(chance.choice(backends), signal.SIGKILL)
        return True

    def script(self, command):
        subprocess.run([ROOT / "tests/support/postgres.sh", command, self.folder], check=True, capture_output=True)

"""What goes over HTTP: (b) logging, (c) reading one, (d) queue pages and counts, (g) the smallest answer beside nginx,
(h) pages while others log, (i) memory and start. bench/load/README.md says what each is."""

import os
import pathlib
import subprocess
import tempfile

from . import desk_requests, load, server
from .report import Target

LETTERS = "bcdghi"
CLOSED_SECONDS = 4
PAGE_SECONDS = 2
OPEN_SECONDS = 6
WARM_SECONDS = 1  # before the clock of (b)
CONNECTIONS = 8  # of what is not (b)
IO_THREADS = 2  # `firstline serve` as it comes
CREATE_CONNECTIONS = (1, 8, 64)
STEADY_RATE = 1000  # creates a second of (h)
PAGE_RATE = 60  # pages a second of (h)
STEP_HANDOVER_SECONDS = 1  # the other load runs before and after the pages' clock
REQUESTS_BEFORE_IDLE = 100  # before memory is read


def run(context):
    """Starts a server on each desk that is asked for; measures what the options want."""
    if not any(context.wants(letter) for letter in LETTERS):
        return
    for engine in context.options.engines:
        for size in context.options.sizes:
            OneDesk(context, context.desks.get(engine, size)).run()
    if context.wants("i"):
        measure_demo_desk(context)


class OneDesk:
    """The measures on one seeded desk."""

    def __init__(self, context, desk):
        self.context, self.desk = context, desk
        self.report = context.report
        self.token = desk.info["agent_token"]
        self.load_program = context.options.build / "bench" / "firstline-bench-load"

    def run(self):
        with tempfile.TemporaryDirectory(prefix="firstline-bench.") as folder:
            self.folder = pathlib.Path(folder)
            if self.context.options.only & set("cdgi"):
                with self.copies() as copy:
                    self.measure_reading(copy)
            if self.context.wants("b"):
                self.creates()
            if self.context.wants("h"):
                self.pages_beside_creates()

    def measure_reading(self, copy):
        if self.context.wants("i"):
            self.start_and_memory(copy)
        with self.serve_settled(copy) as self.server:
            self.smallest_answer()
            self.reads()
            self.pages()

    def serve(self, desk):
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        arguments = desk.arguments() + (["--data", str(data)] if desk.engine == "postgres" else [])
        return server.Server(self.context.firstline, arguments, self.folder / "server.log")

    def serve_settled(self, copy):
        os.sync()  # the copy's own writing must not be measured
        return self.serve(copy)

    def copies(self):
        return self.context.desks.copy(self.desk)

    def requests(self, name, lines):
        return load.write_requests(self.folder / name, lines)

    def add(self, letter, what, unit, value, watched=None, cpu_us=None, target=None):
        self.report.add(letter, what, self.desk.engine, self.desk.size, unit, value, cpu_us=cpu_us, target=target,
                        strangers=watched.strangers if watched else 0.0)

    def postgres_seconds(self):
        """CPU of the database's processes; 0 where the server holds the database itself."""
        return server.machine.tree_seconds(self.context.desks.postmaster(self.desk.engine)) if self._is_postgres() else 0

    def _is_postgres(self):
        return self.desk.engine == "postgres"

    def closed(self, port, requests, connections, seconds, process=None, token=None):
        """One run of wrk; its figures, with CPU µs an answer of the process and, beside it, of PostgreSQL."""
        process = process or self.server
        before, database_before = process.cpu_seconds(), self.postgres_seconds()
        figures = load.closed(port, requests, connections, seconds, self.token if token is None else token)
        if figures["count"] == 0 or figures["errors"]:
            raise RuntimeError(f"{requests.name}: {figures['errors']} errors, {figures['count']} answers")
        figures["cpu_us"] = (process.cpu_seconds() - before) / figures["count"] * 1e6
        figures["postgres_us"] = (self.postgres_seconds() - database_before) / figures["count"] * 1e6
        return figures

    def start_and_memory(self, desk):
        """(i): from the start of the process to its first answer; memory after some requests of all kinds."""
        limit_mb, limit_seconds = (150, 1) if self.desk.size <= 1_000_000 else (None, None)
        for _ in range(self.context.options.runs):
            with self.serve(desk) as self.server:
                self.add("i", "start to the first answer", "s", self.server.seconds_to_first_answer,
                         target=limit_seconds and Target(limit_seconds))
                ask_around(self.server, self.token)
                self.add("i", "memory, idle", "MB", self.server.memory_mb(), target=limit_mb and Target(limit_mb))

    def smallest_answer(self):
        """(g), and what (c) is compared with."""
        if not (self.context.wants("g") or self.context.wants("c")):
            return
        requests = self.requests("smallest", ["GET /healthz"])
        ours = self.quiet(lambda: self.closed(self.server.port, requests, CONNECTIONS, CLOSED_SECONDS, token=""))
        self.smallest_rate = self.median(ours, "rate")
        if not self.context.wants("g"):
            return
        with server.Nginx(self.folder / "nginx", IO_THREADS) as nginx:
            theirs = self.quiet(lambda: self.closed(nginx.port, requests, CONNECTIONS, CLOSED_SECONDS, nginx, ""))
        for (mine, watched), (other, other_watched) in zip(ours, theirs):
            self.add("g", "smallest answer", "/s", mine["rate"], watched, mine["cpu_us"])
            self.add("g", "nginx, the same answer", "/s", other["rate"], other_watched, other["cpu_us"])
            self.add("g", "smallest answer, share of nginx", "%", 100 * mine["rate"] / other["rate"], watched,
                     target=Target(50, is_max=False))

    def reads(self):
        """(c)"""
        if not self.context.wants("c"):
            return
        requests = self.requests("reads", desk_requests.reads(self.server, self.token, self.context.options.seed))
        least = 8 if self._is_postgres() else 30
        for figures, watched in self.quiet(lambda: self.closed(self.server.port, requests, CONNECTIONS, CLOSED_SECONDS)):
            self.add("c", "read one incident", "/s", figures["rate"], watched, figures["cpu_us"])
            self.add("c", "read one, share of the smallest answer", "%", 100 * figures["rate"] / self.smallest_rate,
                     watched, target=Target(least, is_max=False))
            self.add_postgres("c", "read one incident", figures, watched)

    def pages(self):
        """(d) over HTTP."""
        if not self.context.wants("d"):
            return
        for name, line in desk_requests.queues(self.server, self.token).items():
            requests = self.requests("page", [line])
            run = lambda: self.closed(self.server.port, requests, CONNECTIONS, PAGE_SECONDS)  # noqa: E731
            for figures, watched in self.quiet(run):
                self.add("d", f"page of 50: {name}", "µs CPU", figures["cpu_us"], watched, target=Target(200))
                self.add_postgres("d", f"page of 50: {name}", figures, watched)
        requests = self.requests("counts", ["GET /api/v1/views/counts"])
        for figures, watched in self.quiet(lambda: self.closed(self.server.port, requests, 1, PAGE_SECONDS)):
            # They are remembered for a second: the slowest is one that looked.
            self.add("d", "counts of 12 views over HTTP, slowest", "ms", figures["max_ms"], watched, figures["cpu_us"],
                     Target(25))

    def creates(self):
        """(b): a fresh copy for each run, so that the desk is as large in each."""
        for connections in CREATE_CONNECTIONS:
            for figures, watched in self.quiet(lambda copy, n=connections: self.create_run(copy, n), self.copies):
                self.add_creates(connections, figures, watched)

    def create_run(self, copy, connections):
        """One run of (b); what was answered must have been committed."""
        with self.serve_settled(copy) as self.server:
            lines = desk_requests.creates(self.server, self.token, self.context.options.seed)
            requests = self.requests("creates", lines)
            self.closed(self.server.port, requests, connections, WARM_SECONDS)
            before = self.server.metric("firstline_store_changes_total")
            figures = self.closed(self.server.port, requests, connections, CLOSED_SECONDS)
            committed = self.server.metric("firstline_store_changes_total") - before
        if figures["count"] > committed:
            raise RuntimeError(f"{figures['count']} answers, but {committed} changes committed")
        return figures

    def add_creates(self, connections, figures, watched):
        what = f"log one, {connections} connection{'s' if connections > 1 else ''}"
        is_full = connections == max(CREATE_CONNECTIONS)
        target = Target(5600, is_max=False) if is_full and not self._is_postgres() else None
        self.add("b", what, "/s", figures["rate"], watched, figures["cpu_us"], target)
        self.add_postgres("b", what, figures, watched)
        self.add("b", f"{what}, p99", "ms", figures["p99_ms"], watched)
        if is_full:
            self.compare_with_units(what, figures, watched)

    def compare_with_units(self, what, figures, watched):
        """(b) beside (a), where that was measured."""
        unit = self.report.row("a", "CPU of a unit, decided and queued", self.desk.engine, self.desk.size)
        queue = self.report.row("a", "unit through the queue", self.desk.engine, self.desk.size)
        if unit is None or queue is None:
            self.report.note("(b) is compared with (a) only where both are measured: --only a,b")
            return
        whole = figures["cpu_us"] + figures["postgres_us"]
        self.add("b", f"{what}, CPU beyond the unit of (a)", "µs", whole - unit.median, watched, target=Target(45))
        share = 100 * figures["rate"] * queue.median / 1e6
        self.add("b", f"{what}, share of the queue's rate", "%", share, watched, target=Target(60, is_max=False))

    def add_postgres(self, letter, what, figures, watched):
        if self._is_postgres():
            self.add(letter, f"{what}: PostgreSQL's part", "µs CPU", figures["postgres_us"], watched)

    def pages_beside_creates(self):
        """(h): a fresh copy for each run, so that the open set is as large in each."""
        for figures, watched in self.quiet(self.beside_run, self.copies):
            for name, idle in figures["idle"].items():
                steady, saturated = figures["steady"][name], figures["saturated"][name]
                self.add("h", f"{name}, nobody logs, p99", "ms", idle["p99_ms"], watched)
                self.add("h", f"{name} at {STEADY_RATE} creates/s, p99", "ms", steady["p99_ms"], watched,
                         target=Target(5))
                self.add("h", f"{name} at {STEADY_RATE} creates/s, p99 beside idle", "×",
                         steady["p99_ms"] / idle["p99_ms"], watched, target=Target(5))
                self.add("h", f"{name} beside 64 connections of creates, p99", "ms", saturated["p99_ms"], watched,
                         target=Target(20))
            self.add("h", f"creates beside the pages, of {STEADY_RATE}", "/s", figures["creates"]["rate"], watched)
            self.add("h", f"creates beside the pages, of {STEADY_RATE}, p99", "ms", figures["creates"]["p99_ms"],
                     watched)

    def beside_run(self, copy):
        with self.serve_settled(copy) as self.server:
            queues = desk_requests.queues(self.server, self.token)
            mine = self.requests("mine", [line for name, line in queues.items() if name.startswith("mine")])
            pages = self.requests("pages", [line for name, line in queues.items() if not name.startswith("mine")])
            loads = {"queue pages": pages, "mine": mine}
            lines = desk_requests.creates(self.server, self.token, self.context.options.seed)
            creates = self.requests("creates", lines)
            out = {"idle": self.ask_pages(loads)}
            whole = len(loads) * (OPEN_SECONDS + STEP_HANDOVER_SECONDS)
            with self.open(creates, STEADY_RATE, whole, 64) as steady:
                out["steady"] = self.ask_pages(loads)
                out["creates"] = steady.result()
            with self.open(creates, 0, whole, 64) as saturating:
                out["saturated"] = self.ask_pages(loads)
                out["saturating"] = saturating.result()
            for load_of_creates in (out["creates"], out["saturating"]):
                if load_of_creates["errors"]:
                    raise RuntimeError(f"(h): {load_of_creates}")
            return out

    def ask_pages(self, loads):
        """Each load in turn at PAGE_RATE; its figures by name."""
        out = {}
        for name, requests in loads.items():
            with self.open(requests, PAGE_RATE, OPEN_SECONDS, CONNECTIONS) as asking:
                out[name] = asking.result()
            if out[name]["errors"]:
                raise RuntimeError(f"(h), {name}: {out[name]}")
        return out

    def open(self, requests, rate, seconds, connections):
        return load.Open(self.load_program, self.server.port, requests, rate=rate, seconds=seconds,
                         connections=connections, token=self.token)

    def quiet(self, once, around=None):
        return self.context.quiet_runs(once, self.desk.engine, around)

    @staticmethod
    def median(runs, name):
        values = sorted(figures[name] for figures, _ in runs)
        return values[len(values) // 2]


def ask_around(running, token):
    """Some requests of all kinds, as a desk's first minute has them."""
    queues = [line.split(" ")[1] for line in desk_requests.queues(running, token).values()]
    paths = [*queues, "/api/v1/views/counts", "/api/v1/me", "/api/v1/teams", "/api/v1/users?limit=50"]
    for n in range(REQUESTS_BEFORE_IDLE):
        running.get(paths[n % len(paths)], token)


def measure_demo_desk(context):
    """(i): the example desk that a newcomer starts with."""
    for _ in range(context.options.runs):
        with tempfile.TemporaryDirectory(prefix="firstline-bench.") as folder:
            data = ["--data", f"{folder}/data"]
            commands = [["init"], ["demo"], ["token", "create", "--user", "admin", "--scope", "*"]]
            for command in commands:
                made = subprocess.run([context.firstline, *command, *data], check=True, text=True, capture_output=True)
            with server.Server(context.firstline, data, f"{folder}/server.log") as running:
                ask_around(running, made.stdout.strip())
                context.report.add("i", "memory, idle, the demo desk", "sqlite", 0, "MB", running.memory_mb(),
                                   target=Target(100))
                context.report.add("i", "start to the first answer, the demo desk", "sqlite", 0, "s",
                                   running.seconds_to_first_answer, target=Target(1))

"""What stands on the store alone (firstline-bench): (a), the storage part of (d), (e), (j); (f) is all of it at each size."""

import json
import os
import pathlib
import re
import shutil
import subprocess

from . import seed
from .report import Target, size_text

MILLION = 1_000_000
GROWTH_MAX = 1.2  # of steps or buffers from the smallest size to a larger one
CORPUS_ROWS_PER_S_MIN = 20_000


def target_of(letter, what, size):
    """The issue's target for a figure of the program; None where it is only told."""
    if letter == "a":
        if what == "CPU of queue / CPU of bulk":
            return Target(5)
        if what == "CPU of a unit, decided and queued" and size == MILLION:
            return Target(120)
    if letter == "d" and what.endswith(", p99"):
        if what.startswith("mine"):
            return Target(5)
        if what.startswith("counts"):
            return Target(25)
        if re.match(r"one team|five teams|all open", what):
            return Target(1)
    if letter == "e":
        if what.endswith("slowest"):
            return Target(1_000)
        if " word as " in what and what.endswith(", p99"):
            return Target(20)
    return None


class Storage:
    def __init__(self, context):
        self.context, self.report = context, context.report
        self.work = {}  # (engine, size) -> {(what, unit): amount}

    def program(self, part, desk):
        """One run of a part: its lines."""
        command = [self.context.program, part, "--database", desk.database, "--size", desk.size]
        command += ["--seed", self.context.options.seed, "--postmaster", self.context.desks.postmaster(desk.engine)]
        if self.context.options.count:
            command += ["--count", self.context.options.count]
        return [json.loads(line) for line in seed.run_text(command).splitlines()]

    def add(self, desk, lines, strangers):
        for line in lines:
            if "note" in line:
                self.report.note(f"({line['letter']}) {line['note']}")
                continue
            self.report.add(
                line["letter"], line["what"], desk.engine, desk.size, line["unit"], line["value"],
                cpu_us=line.get("cpu_us"), strangers=strangers, target=target_of(line["letter"], line["what"], desk.size),
            )  # fmt: skip

    def read(self, part, desk):
        """Parts that only read: all runs on the seeded desk."""
        for lines, watched in self.context.quiet_runs(lambda: self.program(part, desk), desk.engine):
            self.add(desk, lines, watched.strangers)

    def write(self, part, desk):
        """Parts that write: each run on a fresh copy."""
        copies = lambda: self.context.desks.copy(desk)  # noqa: E731
        for lines, watched in self.context.quiet_runs(lambda copy: self.program(part, copy), desk.engine, copies):
            self.add(desk, lines, watched.strangers)

    def count_work(self, desk):
        lines = self.program("work", desk)
        self.work[desk.engine, desk.size] = {(line["what"], line["unit"]): line["value"] for line in lines}

    def tell_growth(self):
        """(d): each statement's exact work against the smallest size measured."""
        for engine in self.context.options.engines:
            sizes = sorted(size for one, size in self.work if one == engine)
            for size in sizes[1:]:
                small, large = self.work[engine, sizes[0]], self.work[engine, size]
                growth = {key: large[key] / small[key] for key in small if key in large and small[key]}
                if not growth:
                    continue
                unit = next(iter(growth))[1]
                what = f"growth of {unit}, the worst of {len(growth)} statements, since {size_text(sizes[0])}"
                self.report.add("d", what, engine, size, "ratio", max(growth.values()), target=Target(GROWTH_MAX))
                for (name, _), ratio in sorted(growth.items(), key=lambda one: -one[1]):
                    if ratio > GROWTH_MAX:
                        before, after = small[name, unit], large[name, unit]
                        self.report.note(f"(d) {engine}: {name}: {before:.0f} {unit}, then {after:.0f}: {ratio:.2f} ×")


def corpus_file():
    folder = pathlib.Path(os.environ.get("FIRSTLINE_CORPUS", seed.ROOT.parent / "shared"))
    return folder / "data" / "incidents" / "incident_event_log.csv.zst"


def run_import(context):
    """(j) The whole event log into an empty desk on SQLite, by the command."""
    corpus = corpus_file()
    if not corpus.exists():
        context.report.skip("j", "import of the event log", "corpus not found (FIRSTLINE_CORPUS)")
        return
    folder = context.desks.folder / "import"

    def once():
        shutil.rmtree(folder, ignore_errors=True)
        seed.run_text([context.firstline, "init", "--data", folder])
        before = os.times()
        seed.run_text([context.firstline, "import", "incident-log", corpus, "--data", folder])
        after = os.times()
        cpu = after.children_user - before.children_user + after.children_system - before.children_system
        return after.elapsed - before.elapsed, cpu

    try:
        for (seconds, cpu), watched in context.quiet_runs(once, "sqlite"):
            rows = count_rows(corpus)
            context.report.add(
                "j", "rows imported", "sqlite", 0, "per s", rows / seconds, cpu_us=1e6 * cpu / rows,
                strangers=watched.strangers, target=Target(CORPUS_ROWS_PER_S_MIN, is_max=False),
            )  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_rows = {}


def count_rows(corpus):
    if corpus not in _rows:
        text = subprocess.run(["zstd", "-dcq", str(corpus)], capture_output=True, check=True).stdout
        _rows[corpus] = text.count(b"\n") - 1
    return _rows[corpus]


def run(context):
    storage = Storage(context)
    for engine in context.options.engines:
        for size in context.options.sizes:
            if not context.options.only & set("ade"):
                continue
            desk = context.desks.get(engine, size)
            context.report.tell(f"measuring the store: {engine}, {size:,} incidents")
            if context.wants("d"):
                storage.read("pages", desk)
                storage.count_work(desk)
            if context.wants("e"):
                storage.read("search", desk)
                storage.write("visible", desk)
            if context.wants("a"):
                storage.write("units", desk)
    storage.tell_growth()
    if context.wants("j") and "sqlite" in context.options.engines:
        run_import(context)

"""Collects figures over runs; prints the table; writes the JSON."""

import dataclasses
import json
import statistics
import sys

from . import machine


@dataclasses.dataclass
class Target:
    limit: float
    is_max: bool = True  # the figure may not be above; else: not below

    def is_met(self, value):
        return value <= self.limit if self.is_max else value >= self.limit

    def text(self):
        return ("≤ " if self.is_max else "≥ ") + number(self.limit)

    def verdict(self, value):
        if self.is_met(value):
            return "met"
        worse = value / self.limit if self.is_max else self.limit / value if value else float("inf")
        return f"MISSED by {worse:.2f} ×"


@dataclasses.dataclass
class Row:
    letter: str
    what: str
    engine: str
    size: int  # incidents; 0: does not matter
    unit: str
    target: Target | None = None
    values: list = dataclasses.field(default_factory=list)  # one a run
    cpu_us: list = dataclasses.field(default_factory=list)  # per operation, one a run
    strangers: list = dataclasses.field(default_factory=list)  # cores, one a run

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def cpu_median(self):
        return statistics.median(self.cpu_us) if self.cpu_us else None

    def remark(self):
        worst = max(self.strangers, default=0.0)
        return f"strangers {worst:.2f} core" if worst > machine.STRANGERS_MAX else ""


def number(value):
    """Short, and as exact as it matters."""
    if value != value:
        return "–"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def size_text(size):
    if not size:
        return "–"
    return f"{size // 1_000_000}m" if size % 1_000_000 == 0 else f"{size // 1000}k" if size >= 1000 else str(size)


class Report:
    """Rows in the order in which they are first told of."""

    def __init__(self, out=sys.stderr):
        self.rows = {}
        self.notes = []
        self.skipped = []
        self.out = out

    def add(self, letter, what, engine, size, unit, value, *, cpu_us=None, strangers=0.0, target=None):
        """One run's figure. `target`: Target or None; the same for every run of the row."""
        key = (letter, what, engine, size, unit)
        row = self.rows.setdefault(key, Row(letter, what, engine, size, unit, target))
        row.values.append(value)
        row.strangers.append(strangers)
        if cpu_us is not None:
            row.cpu_us.append(cpu_us)
        return row

    def row(self, letter, what, engine, size):
        """The first row of that name in any unit; None where it was not measured."""
        return next((r for k, r in self.rows.items() if k[:4] == (letter, what, engine, size)), None)

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)

    def skip(self, letter, what, reason):
        self.skipped.append((letter, what, reason))
        self.tell(f"({letter}) {what}: skipped: {reason}")

    def tell(self, text):
        print(text, file=self.out, flush=True)

    def table(self):
        head = ["", "what", "engine", "size", "median", "unit", "CPU µs/op", "target", "", ""]
        lines = [head]
        for row in sorted(self.rows.values(), key=lambda r: r.letter):
            cpu = row.cpu_median
            lines.append([
                f"({row.letter})", row.what, row.engine or "–", size_text(row.size), number(row.median), row.unit,
                number(cpu) if cpu is not None else "–",
                row.target.text() if row.target else "–",
                row.target.verdict(row.median) if row.target else "",
                row.remark(),
            ])  # fmt: skip
        widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
        right = {4, 6, 7}
        text = []
        for line in lines:
            cells = [cell.rjust(w) if i in right else cell.ljust(w) for i, (cell, w) in enumerate(zip(line, widths))]
            text.append("  ".join(cells).rstrip())
        text += [f"note: {note}" for note in self.notes]
        text += [f"skipped: ({letter}) {what}: {reason}" for letter, what, reason in self.skipped]
        return "\n".join(text)

    def is_met(self):
        return all(row.target.is_met(row.median) for row in self.rows.values() if row.target)

    def write(self, path, about):
        rows = []
        for row in self.rows.values():
            rows.append({
                "letter": row.letter, "what": row.what, "engine": row.engine, "size": row.size, "unit": row.unit,
                "median": row.median, "cpu_us_per_operation": row.cpu_median, "runs": row.values,
                "cpu_us_runs": row.cpu_us, "strangers_cores": [round(n, 3) for n in row.strangers],
                "target": None if row.target is None else {"limit": row.target.limit, "is_max": row.target.is_max},
                "met": None if row.target is None else row.target.is_met(row.median),
            })  # fmt: skip
        body = {**about, "rows": rows, "notes": self.notes, "skipped": [list(one) for one in self.skipped]}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n")

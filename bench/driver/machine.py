"""The machine that is measured: what it is, and how much of it strangers took meanwhile (/proc/stat, proc(5))."""

import contextlib
import dataclasses
import os
import pathlib
import resource
import time

TICK = os.sysconf("SC_CLK_TCK")
STRANGERS_MAX = 0.15  # cores; a run beside more is repeated
TRIES_MAX = 4  # of one run; then its figure says how much there was


def describe():
    """Cores, memory and kind of processor, in general terms."""
    model = "unknown"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = 0
    for line in pathlib.Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal:"):
            memory = int(line.split()[1])
    return {"cores": os.cpu_count(), "memory_gb": round(memory / 1024 / 1024, 1), "cpu": model}


def busy_seconds():
    """CPU seconds of everybody since the machine started: all but idle and waiting; guests count within user."""
    fields = [int(n) for n in pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    user, nice, system, _idle, _iowait, irq, softirq, _steal = fields
    return (user + nice + system + irq + softirq) / TICK


def process_stat(pid):
    """(parent, CPU seconds of its own and of children it has waited for); None where it is gone."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = text[text.rindex(")") + 2 :].split()
    return int(fields[1]), sum(int(n) for n in fields[11:15]) / TICK


def tree_seconds(pid):
    """CPU seconds of a process and all below it."""
    stats = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (stat := process_stat(entry)) is not None:
            stats[int(entry)] = stat
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        if one not in stats:
            continue
        total += stats[one][1]
        waiting += [child for child, (parent, _) in stats.items() if parent == one]
    return total


@dataclasses.dataclass
class Watched:
    seconds: float = 0.0  # wall
    own: float = 0.0  # CPU seconds of ours
    strangers: float = 0.0  # cores

    @property
    def is_quiet(self):
        return self.strangers <= STRANGERS_MAX


class Watch:
    """Watches a stretch of time: `with Watch(pids) as w: …`, then `w.result`. Ours are this process, all below it, and the
    trees of `pids` (a database's server, for one, is nobody's child)."""

    def __init__(self, pids=()):
        self.pids = [pid for pid in pids if pid]
        self.result = Watched()

    def __enter__(self):
        self.begun = (time.monotonic(), busy_seconds(), self._own())
        return self

    def __exit__(self, *_):
        wall, busy, own = self.begun
        seconds = time.monotonic() - wall
        ours = self._own() - own
        others = max(0.0, busy_seconds() - busy - ours)
        self.result = Watched(seconds, ours, others / seconds if seconds > 0 else 0.0)

    def _own(self):
        return tree_seconds(os.getpid()) + sum(tree_seconds(pid) for pid in self.pids)


def own_cpu_seconds():
    """CPU seconds of this process and the children it has waited for."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def quiet_runs(runs, once, pids=(), tell=lambda text: None, around=None):
    """Calls `once()` until it ran `runs` times beside little else, each at most TRIES_MAX times; the least disturbed try
    counts. `around`: makes a context whose value `once` takes, entered before each try and left after it, not watched.
    Returns [(what once() returned, Watched), …]."""
    out = []
    for run in range(runs):
        best = None
        for attempt in range(TRIES_MAX):
            with around() if around else contextlib.nullcontext() as thing:
                with Watch(pids) as watch:
                    value = once(thing) if around else once()
            if best is None or watch.result.strangers < best[1].strangers:
                best = (value, watch.result)
            if watch.result.is_quiet:
                break
            tell(f"run {run + 1}: strangers took {watch.result.strangers:.2f} core, try {attempt + 1} of {TRIES_MAX}")
        out.append(best)
    return out

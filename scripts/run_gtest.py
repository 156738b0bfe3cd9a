#!/usr/bin/env python3
"""Runs GoogleTest executables side by side and counts their cases.

usage: run_gtest.py --list FILE --out DIR [--jobs N] [--timeout SECONDS] [--wrap COMMAND]

FILE names one executable a line (written by CMake). Each case counts by itself; an executable that ends without a
report (crash, time-out, sanitizer) counts as one failure more. The last line is "N passed, N failed[, N skipped]";
the exit status is 1 when anything failed or no case ran.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

LOG_LINES_SHOWN = 60
SKIP_REASON = re.compile(r"^\S+:\d+: Skipped\n(.*?)^\[  SKIPPED \] (\S+)", re.MULTILINE | re.DOTALL)


class Outcome:
    def __init__(self, name):
        self.name = name
        self.passed = 0
        self.failed = []  # names of cases, or a sentence about the process
        self.skipped = []  # (case, reason)
        self.seconds = 0.0
        self.log = ""
        self.timed_out = False


def last_case(log):
    """Which case was running when the process ended, as the end of a sentence."""
    started = re.findall(r"^\[ RUN      \] (\S+)", log, re.MULTILINE)
    return f", in {started[-1]}" if started else ""


def read_report(outcome, report):
    """Adds the cases of a --gtest_output=json report to the outcome."""
    reasons = {case: " ".join(reason.split()) for reason, case in SKIP_REASON.findall(outcome.log)}
    for suite in report["testsuites"]:
        for case in suite["testsuite"]:
            name = f"{suite['name']}.{case['name']}"
            if case["result"] == "SKIPPED":
                outcome.skipped.append((name, reasons.get(name) or "no reason given"))
            elif case["status"] == "NOTRUN":
                outcome.skipped.append((name, "disabled in the code"))
            elif case.get("failures"):
                outcome.failed.append(name)
            else:
                outcome.passed += 1


def run_one(executable, out, timeout, wrap):
    outcome = Outcome(pathlib.Path(executable).name)
    report_path = out / f"{outcome.name}.json"
    log_path = out / f"{outcome.name}.log"
    report_path.unlink(missing_ok=True)
    started = time.monotonic()
    status = None
    with open(log_path, "wb") as log:
        try:
            status = subprocess.run(
                [*wrap, executable, f"--gtest_output=json:{report_path}", "--gtest_color=no"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, timeout=timeout, check=False).returncode
        except subprocess.TimeoutExpired:
            outcome.timed_out = True
        except OSError as error:
            outcome.failed.append(f"{outcome.name}: cannot be started: {error.strerror}")
    outcome.seconds = time.monotonic() - started
    outcome.log = log_path.read_text(encoding="utf-8", errors="replace")
    if outcome.timed_out:
        outcome.failed.append(f"{outcome.name}: still running after {timeout} s{last_case(outcome.log)}")
    try:
        read_report(outcome, json.loads(report_path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError):
        if status is not None:
            outcome.failed.append(f"{outcome.name}: ended with status {status} and no report{last_case(outcome.log)}")
        return outcome
    if status != 0 and not outcome.failed:
        outcome.failed.append(f"{outcome.name}: all cases passed, yet it ended with status {status}")
    return outcome


def show(outcome):
    print(f"  {outcome.name}: {outcome.passed} passed, {len(outcome.failed)} failed, "
          f"{len(outcome.skipped)} skipped in {outcome.seconds:.1f} s", flush=True)
    for name, reason in outcome.skipped:
        print(f"    skipped: {name}: {reason}")
    for name in outcome.failed:
        print(f"    FAILED: {name}")
    if outcome.failed:
        lines = [line for line in outcome.log.splitlines() if not re.match(r"\[( RUN  |       OK |---)", line)]
        for line in lines[-LOG_LINES_SHOWN:]:
            print(f"      {line[:400]}")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--timeout", type=float, default=900)
    parser.add_argument("--wrap", default="", help="command put before each executable")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    executables = [line for line in arguments.list.read_text(encoding="utf-8").splitlines() if line]
    # The biggest first: it most likely takes longest, and the small ones fill the other cores meanwhile.
    executables.sort(key=lambda path: -os.path.getsize(path) if os.path.exists(path) else 0)
    passed, failed, skipped = 0, 0, 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=max(1, arguments.jobs)) as pool:
        runs = [pool.submit(run_one, path, arguments.out, arguments.timeout, shlex.split(arguments.wrap))
                for path in executables]
        for run in concurrent.futures.as_completed(runs):
            outcome = run.result()
            show(outcome)
            passed += outcome.passed
            failed += len(outcome.failed)
            skipped += len(outcome.skipped)
    if passed + failed + skipped == 0:
        print("  no test executable was built")
        failed = 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

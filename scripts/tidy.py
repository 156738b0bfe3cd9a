#!/usr/bin/env python3
"""Runs clang-tidy over the project's sources; what was clean before and has not changed is not looked at again.

usage: tidy.py --build DIR [--jobs N] [--budget SECONDS] [--cache DIR] [FILE...]

DIR holds compile_commands.json. A file's key is the hash of its compile command, its text, the text of every project
header that it reaches, .clang-tidy and the tool's version; a clean result is remembered under that key. With a budget,
files that were not reached in time count as skipped; what changed last, by the time of its commit or of an edit since,
comes before the rest, and there the product before its tests. Each file counts as one test.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
# How far back the history is read for what changed last.
COMMITS_READ = 200
TOOL = os.environ.get("CLANG_TIDY", "clang-tidy-19")
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
# What only g++ or a build kind knows; clang-tidy parses the same code without it.
DROPPED_FLAGS = re.compile(r"^(-fsanitize=.*|-fno-sanitize-recover=.*|-flto.*|-fno-fat-lto-objects|-W.*|-g\d?"
                           r"|-c|-MD|-MMD)$")


def reached_headers(path, seen):
    """Adds to `seen` the project headers that `path` includes, directly or through others."""
    for name in INCLUDE.findall(path.read_bytes()):
        for base in (ROOT / "src", ROOT / "tests", ROOT / "bench", path.parent):
            header = base / name.decode()
            if header.is_file():
                if header not in seen:
                    seen.add(header)
                    reached_headers(header, seen)
                break
    return seen


def key_of(path, flags, tool_version):
    digest = hashlib.sha256()
    # Without the checkout's own path: another clone of the same text has the same key.
    where = str(ROOT)
    for part in (tool_version, " ".join(flags).replace(where, "."), (ROOT / ".clang-tidy").read_text(encoding="utf-8")):
        digest.update(part.encode() + b"\0")
    for file in [path, *sorted(reached_headers(path, set()))]:
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def load_commands(build):
    """Compile flags by source file of the project, without what clang does not take."""
    commands = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = pathlib.Path(entry["directory"], entry["file"]).resolve()
        inside = path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / "build")
        if not inside or not path.is_file():
            continue
        words = iter(shlex.split(entry["command"]))
        # Not flags: the launcher, the compiler and the source. Names of the build's own output mean nothing here.
        flags = []
        for word in words:
            if word in ("-o", "-MF", "-MT", "-MQ"):
                next(words)
            elif word in ("-isystem", "-include", "-I", "-D"):
                flags += [word, next(words)]
            elif word.startswith("-") and not DROPPED_FLAGS.match(word):
                flags.append(word)
        commands[path] = flags
    return commands


def last_changes():
    """When the files changed: the time of the newest commit that touched them; edits since count as of now."""
    def git(*words):
        run = subprocess.run(["git", "-c", "core.quotePath=off", *words], cwd=ROOT, stdin=subprocess.DEVNULL,
                             capture_output=True, text=True, check=False)
        return run.stdout.splitlines() if run.returncode == 0 else []

    changes = {ROOT / line[3:]: time.time() for line in git("status", "--porcelain", "--untracked-files=all")}
    at = 0
    for line in git("log", f"-{COMMITS_READ}", "--name-only", "--format=\t%ct"):
        if line.startswith("\t"):
            at = int(line)
        elif line:
            changes.setdefault(ROOT / line, at)
    return changes


def check(path, flags):
    """Returns (clean, output)."""
    run = subprocess.run([TOOL, "--quiet", "--warnings-as-errors=*", str(path), "--", "-xc++", *flags],
                         cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return run.returncode == 0, run.stdout + ("" if run.stdout.strip() else run.stderr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--budget", type=float, default=0, help="seconds; 0 is without limit")
    default_cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "firstline/tidy"
    parser.add_argument("--cache", type=pathlib.Path, default=default_cache)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()

    started = time.monotonic()
    version = subprocess.run([TOOL, "--version"], capture_output=True, text=True, check=True).stdout
    commands = load_commands(arguments.build)
    wanted = {path.resolve() for path in arguments.files}
    paths = [path for path in commands if not wanted or path in wanted]
    changes = last_changes()
    paths.sort(key=lambda path: (-changes.get(path, 0), path.name.endswith("_test.cpp"), path))
    arguments.cache.mkdir(parents=True, exist_ok=True)

    remembered, passed, failed, skipped = 0, 0, 0, 0

    def one(path):
        mark = arguments.cache / key_of(path, commands[path], version)
        if mark.exists():
            mark.touch()
            return path, "remembered", ""
        if arguments.budget and time.monotonic() - started > arguments.budget:
            return path, "skipped", ""
        clean, output = check(path, commands[path])
        if clean:
            mark.touch()
        return path, "clean" if clean else "failed", output

    with concurrent.futures.ThreadPoolExecutor(max_workers=max(1, arguments.jobs)) as pool:
        for path, outcome, output in pool.map(one, paths):
            remembered += outcome == "remembered"
            passed += outcome in ("remembered", "clean")
            skipped += outcome == "skipped"
            if outcome == "failed":
                failed += 1
                print(f"  FAILED: {path.relative_to(ROOT)}")
                print("\n".join(f"    {line[:300]}" for line in output.splitlines()[:40]), flush=True)
    # Marks of texts that are long gone.
    for mark in arguments.cache.iterdir():
        if time.time() - mark.stat().st_mtime > 60 * 86400:
            mark.unlink(missing_ok=True)
    print(f"  {len(paths)} files, {remembered} unchanged since they were clean")
    if skipped:
        print(f"  skipped: {skipped} files, the {arguments.budget:.0f} s for clang-tidy were over (all with --long)")
    if not paths:
        print("  nothing to check: no source of the project in compile_commands.json")
        failed = 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""The rules of the house that a program can check; CONTRIBUTING.md says what each is for.

usage: house.py [--root DIR]

Each check is one test. It prints what breaks it with file and line. The last line is "N passed, N failed"; the exit
status is 1 when a check failed. Sizes beyond the ones aimed at are listed and break nothing until FILE_LINES_MAX.
"""

import argparse
import os
import pathlib
import re
import sys

PRUNED = {".git", "build", "node_modules", ".tools", "__pycache__"}
CODE = {".cpp", ".hpp"}
TEXT = CODE | {".py", ".sh", ".cmake", ".txt", ".md", ".sql", ".yaml", ".yml", ".json", ".toml", ".js", ".mjs", ".ts",
               ".lua", ".html", ".css"}
TEXT_BY_NAME = {"run", "test", "CMakeLists.txt", ".clang-format", ".clang-tidy", ".editorconfig", ".gitignore"}
# Rules about words cannot be written down without the words.
WORDS_ALLOWED_IN = ("tests/house/", "CONTRIBUTING.md", "LICENSE")
# Other people's words and bytes: data, corpora, lists of locked packages.
FOREIGN = re.compile(r"(^|/)(corpus|data|fixtures)/|\.jsonl$|\.csv$")

LAYERS_BELOW = {
    "base": set(),
    "domain": {"base"},
    "app": {"base", "domain"},
    "storage": {"base", "domain", "app"},
    "intake": {"base", "domain", "app"},
    "outbound": {"base", "domain", "app"},
    "http": {"base", "domain", "app"},
    "cli": {"base", "domain", "app"},
    "server": {"base", "domain", "app", "storage", "intake", "outbound", "http", "cli"},
}
BEAST_HOME = "src/http/server/"
BEAST_UNITS_MAX = 2
FOLDER_FILES_AIM = 12
FILE_LINES_AIM = 300
FILE_LINES_MAX = 1000

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


class Tree:
    """The files of a checkout, read once."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.paths = []
        for folder, folders, names in os.walk(self.root):
            at_root = pathlib.Path(folder) == self.root
            folders[:] = sorted(n for n in folders if n not in PRUNED and not (at_root and n == "data"))
            for name in sorted(names):
                self.paths.append((pathlib.Path(folder) / name).relative_to(self.root).as_posix())
        self._texts = {}

    def text(self, path):
        if path not in self._texts:
            self._texts[path] = (self.root / path).read_text(encoding="utf-8", errors="replace")
        return self._texts[path]

    def lines(self, path):
        return enumerate(self.text(path).splitlines(), 1)

    def code(self, *prefixes):
        return [p for p in self.paths if pathlib.PurePosixPath(p).suffix in CODE and p.startswith(prefixes or ("",))]

    def texts(self):
        return [p for p in self.paths
                if (pathlib.PurePosixPath(p).suffix in TEXT or pathlib.PurePosixPath(p).name in TEXT_BY_NAME)
                and not FOREIGN.search(p)]

    def includes(self, path):
        """(line, quote, name) of each #include."""
        for number, line in self.lines(path):
            found = INCLUDE.match(line)
            if found:
                yield number, found[1], found[2]


def without_comments(text):
    """C++ text with comments and the contents of literals blanked; lines keep their numbers."""
    token = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^()\\ ]*)\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"'
        r"|(?<![0-9A-Za-z])'(?:\\.|[^'\\\n])+'",
        re.DOTALL)
    return token.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def grep(tree, paths, pattern, message, strip=True):
    expression = re.compile(pattern)
    for path in paths:
        text = without_comments(tree.text(path)) if strip else tree.text(path)
        if not expression.search(text):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            found = expression.search(line)
            if found:
                yield f"{path}:{number}: {message}: {found[0].strip()}"


def layer_of(path):
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "src" else None


# The checks: functions of a tree that yield what is wrong. Their docstring is the name in the output.

def check_layers(tree):
    """layers: base <- domain <- app <- {storage, intake, outbound, http, cli} <- server; siblings do not meet"""
    for path in tree.code("src/"):
        layer = layer_of(path)
        if layer not in LAYERS_BELOW:
            yield f"{path}: src/{layer or ''} is no layer"
            continue
        for number, quote, name in tree.includes(path):
            if quote != '"':
                continue
            first = name.split("/")[0]
            if first in LAYERS_BELOW and first != layer and first not in LAYERS_BELOW[layer]:
                yield f"{path}:{number}: {layer} must not see {first}: {name}"
            if first in ("support", "tests", "test") and not path.endswith("_test.cpp"):
                yield f"{path}:{number}: the product must not see its tests: {name}"


def check_include_paths(tree):
    """includes: project headers from src/ or tests/, in quotes, existing, without ../"""
    for path in tree.code("src/", "tests/", "bench/"):
        for number, quote, name in tree.includes(path):
            if ".." in name.split("/"):
                yield f"{path}:{number}: relative include: {name}"
            elif quote == "<" and name.split("/")[0] in LAYERS_BELOW and name.endswith(".hpp"):
                yield f"{path}:{number}: in quotes, please: <{name}>"
            elif quote == '"' and not resolve(tree, path, name) and name.split("/")[0] in LAYERS_BELOW:
                yield f"{path}:{number}: no such header: {name}"


def check_coroutines(tree):
    """no coroutines: g++ 12 miscompiles them silently"""
    yield from grep(tree, tree.code(), r"\bco_(await|yield|return)\b", "coroutine")


def check_std_format(tree):
    """no std::format: fmt stands in for it on this compiler"""
    yield from grep(tree, tree.code(), r"\bstd::v?format(_to|_to_n|_string|ted_size|ter)?\b|#\s*include\s*<format>",
                    "std::format")


def check_beast(tree):
    """Boost.Beast: only in src/http/server/, in at most two translation units"""
    reaches = {p for p in tree.code() if any(name.startswith("boost/beast") for _, _, name in tree.includes(p))}
    for path in sorted(reaches):
        if not path.startswith(BEAST_HOME):
            yield f"{path}: Beast outside {BEAST_HOME}"
    grown = True
    while grown:
        more = {p for p in tree.code() if p not in reaches and
                any(resolve(tree, p, name) in reaches for _, quote, name in tree.includes(p) if quote == '"')}
        reaches |= more
        grown = bool(more)
    units = sorted(p for p in reaches if p.endswith(".cpp"))
    if len(units) > BEAST_UNITS_MAX:
        yield f"{len(units)} units compile Beast, at most {BEAST_UNITS_MAX}: {', '.join(units)}"


def check_pure_layers(tree):
    """base and domain: no JSON, no database; domain: no clock, thread, file or stream"""
    database = re.compile(r"^(boost/json|boost/beast|boost/asio|sqlite3|libpq|postgresql/)")
    impure = re.compile(r"^(thread|mutex|shared_mutex|condition_variable|future|atomic|fstream|iostream|filesystem"
                        r"|cstdio|random)$")
    for path in tree.code("src/base/", "src/domain/"):
        for number, _, name in tree.includes(path):
            if database.match(name):
                yield f"{path}:{number}: {name}"
            if path.startswith("src/domain/") and not path.endswith("_test.cpp") and impure.match(name):
                yield f"{path}:{number}: {name} in a pure layer"
    product = [p for p in tree.code("src/domain/") if not p.endswith("_test.cpp")]
    yield from grep(tree, product, r"\w*_clock::now\b|\bstd::(time|getenv|rand)\s*\(", "clock, environment or chance")


def check_sleeps(tree):
    """tests wait for a condition or a clock, never by sleeping (but where the line says that the pace is the test)"""
    paths = [p for p in tree.code("src/", "tests/") if p.endswith("_test.cpp")]
    for finding in grep(tree, paths, r"\bsleep_(for|until)\b|\bu?sleep\s*\(", "sleep"):
        path, number, _ = finding.split(":", 2)
        if not re.search(r"//.*\bpace\b", tree.text(path).splitlines()[int(number) - 1]):
            yield finding


def check_leftovers(tree):
    """nothing left over: no FIXME, TODO or XXX"""
    paths = [p for p in tree.texts() if not p.startswith(WORDS_ALLOWED_IN)]
    yield from grep(tree, paths, r"\b(FIXME|TODO|XXX)\b", "leftover", strip=False)


def check_machine_words(tree):
    """no path of somebody's machine, no host of a package registry"""
    paths = [p for p in tree.texts() if not p.startswith(WORDS_ALLOWED_IN)]
    yield from grep(tree, paths, r"(?<![\w.$}/-])/(root|work|home/[a-z]\w*|Users/\w+)/[\w.]|/tmp/fl\b|"
                    r"registry\.[a-z][\w-]*\.[a-z]|npmjs\.(org|com)|\bdeb\.debian\.org|pypi\.org|/(artifactory|nexus)/",
                    "belongs to one machine", strip=False)


def check_decisions(tree):
    """docs/adr: NNNN-title.md, each number once, without gaps, a heading on top"""
    numbers = {}
    for path in tree.paths:
        if not path.startswith("docs/adr/") or path.endswith("README.md"):
            continue
        found = re.fullmatch(r"docs/adr/(\d{4})-[a-z0-9-]+\.md", path)
        if not found:
            yield f"{path}: not named NNNN-title.md"
            continue
        numbers.setdefault(int(found[1]), []).append(path)
        if not tree.text(path).startswith("# "):
            yield f"{path}: no heading on the first line"
    yield from numbering(numbers, "decision")


def check_migrations(tree):
    """migrations: NNNN_words.sql, numbered without gaps; both engines have their part of each"""
    numbers, engines = {}, {}
    for path in tree.paths:
        if not path.startswith("migrations/") or path.endswith(".md"):
            continue
        found = re.fullmatch(r"migrations/(\d{4})_([a-z0-9_]+)(?:\.(sqlite|postgres))?\.sql", path)
        if not found:
            yield f"{path}: not named NNNN_words.sql"
            continue
        numbers.setdefault(int(found[1]), set()).add(found[2])
        engines.setdefault(f"{found[1]}_{found[2]}", set()).add(found[3] or "both")
    # A twin runs after the shared text; without one, each engine needs its own.
    for name, written in engines.items():
        if "both" not in written and len(written) != 2:
            yield f"migrations/{name}: only for {', '.join(written)}"
    yield from numbering({number: sorted(names) for number, names in numbers.items()}, "migration")


def numbering(numbers, what):
    for expected, number in enumerate(sorted(numbers), 1):
        if number != expected:
            yield f"{what} {expected:04} is missing before {number:04}"
            break
    for number, names in sorted(numbers.items()):
        if len(names) > 1:
            yield f"{what} {number:04} is there more than once: {', '.join(names)}"


def check_targets(tree):
    """every source belongs to a target, every test runs"""
    lists = tree.text("CMakeLists.txt") if "CMakeLists.txt" in tree.paths else ""
    layers = set(re.findall(r"^\s*fl_layer\((\w+)", lists, re.MULTILINE))
    for path in tree.code("src/"):
        if path.endswith(".cpp") and layer_of(path) not in layers:
            yield f"{path}: no fl_layer({layer_of(path)}) in CMakeLists.txt"
    for path in tree.code("tests/"):
        folder = path.split("/")[1]
        if path.endswith("_test.cpp") and (folder in ("fuzz", "house") or path.count("/") < 2):
            yield f"{path}: no suite takes tests from here"
        if path.endswith(".cpp") and path.count("/") < 2:
            yield f"{path}: belongs into a folder of tests/"
        if folder == "fuzz" and path.endswith(".cpp") and not re.fullmatch(r"tests/fuzz/\w+\.cpp", path):
            yield f"{path}: a fuzz target is named tests/fuzz/<name>.cpp"
    for path in tree.code():
        if path.split("/")[0] not in ("src", "tests", "bench"):
            yield f"{path}: code lives in src/, tests/ or bench/"
        elif path.endswith(".cpp") and not path.endswith("_test.cpp") and re.search(
                r"^(TYPED_)?TEST(_F|_P)?\(|^RC_GTEST_PROP\(", tree.text(path), re.MULTILINE):
            yield f"{path}: holds tests, so it is named <what>_test.cpp"


def resolve(tree, path, name):
    for base in ("src", "tests", "bench", str(pathlib.PurePosixPath(path).parent)):
        candidate = f"{base}/{name}"
        if (tree.root / candidate).is_file():
            return candidate
    return None


def check_dead_headers(tree):
    """no dead file: every header is included by something"""
    used = set()
    for path in tree.code():
        for _, quote, name in tree.includes(path):
            target = resolve(tree, path, name) if quote == '"' else None
            if target and target != path:
                used.add((target, path))
    included = {target for target, _ in used}
    for path in tree.code():
        if path.endswith(".hpp") and path not in included:
            yield f"{path}: nothing includes it"


def check_heads(tree):
    """every header has #pragma once, every file of code says at its head what it is"""
    for path in tree.code("src/", "tests/", "bench/"):
        lines = [line for line in tree.text(path).splitlines() if line.strip()]
        if path.endswith(".hpp") and "#pragma once" not in lines:
            yield f"{path}: no #pragma once"
        head = [line for line in lines[:3] if line.strip() != "#pragma once"]
        has_own_header = path.endswith(".cpp") and (tree.root / path).with_suffix(".hpp").is_file()
        if not has_own_header and (not head or not head[0].lstrip().startswith(("//", "/*"))):
            yield f"{path}: no comment at its head"


def check_scripts(tree):
    """scripts: executable, with a first line that names their interpreter, or sourced and said so"""
    for path in tree.paths:
        name = pathlib.PurePosixPath(path).name
        if not (path in ("run", "test", ".ci/run") or name.endswith(".sh")):
            continue
        first = tree.text(path).split("\n", 1)[0]
        if first.startswith("# shellcheck shell="):
            continue
        if not first.startswith("#!"):
            yield f"{path}: no interpreter on the first line"
        elif not os.access(tree.root / path, os.X_OK):
            yield f"{path}: not executable"


def check_text(tree):
    """text files: UTF-8, no tabs in code, no blanks at line ends, a newline at the end"""
    for path in tree.texts():
        raw = (tree.root / path).read_bytes()
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError as error:
            yield f"{path}: not UTF-8 at byte {error.start}"
            continue
        if raw and not raw.endswith(b"\n"):
            yield f"{path}: no newline at the end"
        if b"\r\n" in raw:
            yield f"{path}: CRLF line ends"
        if pathlib.PurePosixPath(path).suffix in CODE | {".cmake", ".sql", ".py"}:
            for number, line in tree.lines(path):
                if "\t" in line:
                    yield f"{path}:{number}: tab"
                if line != line.rstrip():
                    yield f"{path}:{number}: blanks at the line's end"


def check_sizes(tree):
    """sizes: no file of code beyond 1000 lines (those beyond 300, and folders beyond a dozen files, are listed)"""
    for path in tree.code() + [p for p in tree.paths if p.endswith((".py", ".sh")) and not FOREIGN.search(p)]:
        lines = tree.text(path).count("\n")
        if lines > FILE_LINES_MAX:
            yield f"{path}: {lines} lines"


def size_report(tree):
    long_files = sorted(((tree.text(p).count("\n"), p) for p in tree.code()), reverse=True)
    for lines, path in long_files:
        if lines > FILE_LINES_AIM:
            yield f"{path}: {lines} lines"
    folders = {}
    for path in tree.code():
        folders.setdefault(str(pathlib.PurePosixPath(path).parent), []).append(path)
    for folder, paths in sorted(folders.items()):
        # A unit, its header and its test are one thing to a reader.
        things = {re.sub(r"(_test)?\.(cpp|hpp)$", "", p) for p in paths}
        if len(things) > FOLDER_FILES_AIM:
            yield f"{folder}/: {len(things)} units in {len(paths)} files"


CHECKS = [value for name, value in list(globals().items()) if name.startswith("check_")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", default=pathlib.Path(__file__).resolve().parents[2])
    tree = Tree(parser.parse_args().root)
    failed = 0
    for check in CHECKS:
        problems = list(check(tree))
        failed += bool(problems)
        print(f"  {'FAILED' if problems else 'ok'}: {check.__doc__}")
        for problem in problems[:40]:
            print(f"    {problem}")
        if len(problems) > 40:
            print(f"    and {len(problems) - 40} more")
    for line in size_report(tree):
        print(f"  note: {line}")
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

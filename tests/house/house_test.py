#!/usr/bin/env python3
"""Tests of house.py: each check finds what it is for, and lets pass what is allowed. Trees are written as
{path: text}; a check's findings are compared as whole lines."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True
import house  # noqa: E402  (found through the line above)

LEFTOVER = "FIX" + "ME"


class HouseTest(unittest.TestCase):
    def findings(self, check, files, executable=()):
        with tempfile.TemporaryDirectory() as root:
            for path, text in files.items():
                file = pathlib.Path(root, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(text if isinstance(text, bytes) else text.encode())
                if path in executable:
                    file.chmod(0o755)
            return list(check(house.Tree(root)))

    def test_layers_may_look_down_only(self):
        found = self.findings(house.check_layers, {
            "src/app/a.cpp": '#include "domain/x.hpp"\n#include "app/b.hpp"\n#include <storage/c.hpp>\n',
            "src/domain/d.cpp": '#include "base/x.hpp"\n#include "app/port/store.hpp"\n',
            "src/server/main.cpp": '#include "http/server.hpp"\n#include "cli/x.hpp"\n',
            "src/base/b.cpp": '  #  include "domain/x.hpp"\n',
        })
        self.assertEqual(found, ["src/base/b.cpp:1: base must not see domain: domain/x.hpp",
                                 "src/domain/d.cpp:2: domain must not see app: app/port/store.hpp"])

    def test_siblings_do_not_meet(self):
        found = self.findings(house.check_layers, {"src/http/h.cpp": '// head\n#include "storage/sql.hpp"\n'})
        self.assertEqual(found, ["src/http/h.cpp:2: http must not see storage: storage/sql.hpp"])

    def test_unknown_layers_and_test_support_in_the_product_are_found(self):
        found = self.findings(house.check_layers, {
            "src/utils/u.cpp": "", "src/app/a.cpp": '#include "support/clock.hpp"\n',
            "src/app/a_test.cpp": '#include "support/clock.hpp"\n'})
        self.assertEqual(found, ["src/app/a.cpp:1: the product must not see its tests: support/clock.hpp",
                                 "src/utils/u.cpp: src/utils is no layer"])

    def test_include_paths(self):
        found = self.findings(house.check_include_paths, {
            "src/base/b.hpp": "",
            "src/base/a.cpp": '#include "../x.hpp"\n#include <base/b.hpp>\n#include "base/b.hpp"\n'
                              '#include "base/gone.hpp"\n#include "gtest/gtest.h"\n'})
        self.assertEqual(found, ["src/base/a.cpp:1: relative include: ../x.hpp",
                                 "src/base/a.cpp:2: in quotes, please: <base/b.hpp>",
                                 "src/base/a.cpp:4: no such header: base/gone.hpp"])

    def test_coroutines_are_found_in_code_but_not_in_comments_or_literals(self):
        found = self.findings(house.check_coroutines, {
            "src/http/a.cpp": '// no co_await\n/* co_await\n co_await */ auto s = "co_await \\" co_await";\n'
                              'const char q = \'"\';\nauto r = R"x(co_await)x";\nint n = 1\'000; co_await f();\n'
                              "co_return;\n"})
        self.assertEqual(found, ["src/http/a.cpp:6: coroutine: co_await", "src/http/a.cpp:7: coroutine: co_return"])

    def test_std_format_is_found_and_fmt_is_not(self):
        found = self.findings(house.check_std_format, {
            "src/base/a.cpp": '#include <format>\nstd::format("x");\nfmt::format("x");\nstd::format_to(o, "x");\n'
                              "std::formatted_x y;\n"})
        self.assertEqual(found, ["src/base/a.cpp:1: std::format: #include <format>",
                                 "src/base/a.cpp:2: std::format: std::format",
                                 "src/base/a.cpp:4: std::format: std::format_to"])

    def test_beast_outside_its_home(self):
        found = self.findings(house.check_beast, {"src/http/route/a.cpp": "#include <boost/beast/http.hpp>\n"})
        self.assertEqual(found, ["src/http/route/a.cpp: Beast outside src/http/server/"])

    def test_beast_units_are_counted_through_headers(self):
        found = self.findings(house.check_beast, {
            "src/http/server/s.hpp": "#include <boost/beast/core.hpp>\n",
            "src/http/server/t.hpp": '#include "http/server/s.hpp"\n',
            "src/http/server/a.cpp": '#include "http/server/t.hpp"\n',
            "src/http/server/b.cpp": '#include "http/server/s.hpp"\n',
            "src/server/c.cpp": '#include "http/server/t.hpp"\n'})
        self.assertEqual(found, ["3 units compile Beast, at most 2: src/http/server/a.cpp, src/http/server/b.cpp, "
                                 "src/server/c.cpp"])

    def test_two_beast_units_at_home_are_allowed(self):
        self.assertEqual([], self.findings(house.check_beast, {
            "src/http/server/a.cpp": "#include <boost/beast/http.hpp>\n",
            "src/http/server/b.cpp": "#include <boost/beast/core.hpp>\n"}))

    def test_pure_layers(self):
        found = self.findings(house.check_pure_layers, {
            "src/base/j.cpp": "#include <boost/json.hpp>\n#include <thread>\n",
            "src/domain/d.cpp": "#include <sqlite3.h>\n#include <mutex>\nauto t = std::chrono::system_clock::now();\n",
            "src/domain/d_test.cpp": "#include <fstream>\n",
            "src/app/a.cpp": "#include <boost/json.hpp>\n#include <mutex>\n"})
        self.assertEqual(found, ["src/base/j.cpp:1: boost/json.hpp", "src/domain/d.cpp:1: sqlite3.h",
                                 "src/domain/d.cpp:2: mutex in a pure layer",
                                 "src/domain/d.cpp:3: clock, environment or chance: system_clock::now"])

    def test_sleeps_in_tests(self):
        found = self.findings(house.check_sleeps, {
            "src/app/a_test.cpp": "std::this_thread::sleep_for(1s);\n",
            "src/app/a.cpp": "std::this_thread::sleep_for(1s);\n",
            "src/app/b_test.cpp": "std::this_thread::sleep_for(1s);  // the pace is what is tested\n",
            "tests/store/b_test.cpp": "// sleep_for\nusleep(10);\n"})
        self.assertEqual(found, ["src/app/a_test.cpp:1: sleep: sleep_for", "tests/store/b_test.cpp:2: sleep: usleep("])

    def test_leftovers(self):
        found = self.findings(house.check_leftovers, {
            "docs/a.md": f"text\n{LEFTOVER}: later\n", "src/base/a.cpp": f"// {LEFTOVER}\n",
            "a.sh": "mktemp x.XXXXXX\n", "tests/house/x.py": LEFTOVER, "tests/fuzz/corpus/x.txt": LEFTOVER})
        self.assertEqual(found, [f"docs/a.md:2: leftover: {LEFTOVER}", f"src/base/a.cpp:1: leftover: {LEFTOVER}"])

    def test_machine_words(self):
        found = self.findings(house.check_machine_words, {
            "README.md": "cd /home/anna/firstline\nsee ../shared/data\nhttps://example.org/work/x\n",
            "src/base/a.cpp": 'open("/root/x");\n// /usr/lib and $HOME/work/x are fine\n',
            "tests/contract/package-lock.json": '"resolved": "https://registry.npmjs.org/x"\n'})
        self.assertEqual(found, ["README.md:1: belongs to one machine: /home/anna/f",
                                 "src/base/a.cpp:1: belongs to one machine: /root/x",
                                 "tests/contract/package-lock.json:1: belongs to one machine: registry.npmjs.o"])

    def test_decisions(self):
        found = self.findings(house.check_decisions, {
            "docs/adr/0001-a.md": "# A\n", "docs/adr/0001-b.md": "B\n", "docs/adr/0003-c.md": "# C\n",
            "docs/adr/d.md": "# D\n", "docs/adr/README.md": ""})
        self.assertEqual(found, ["docs/adr/0001-b.md: no heading on the first line",
                                 "docs/adr/d.md: not named NNNN-title.md",
                                 "decision 0002 is missing before 0003",
                                 "decision 0001 is there more than once: docs/adr/0001-a.md, docs/adr/0001-b.md"])

    def test_migrations(self):
        found = self.findings(house.check_migrations, {
            "migrations/0001_core.sql": "", "migrations/0001_core.sqlite.sql": "",
            "migrations/0002_a.sqlite.sql": "", "migrations/0002_a.postgres.sql": "",
            "migrations/0003_b.sqlite.sql": "", "migrations/0005_c.sql": "", "migrations/0005_d.sql": "",
            "migrations/x.sql": ""})
        self.assertEqual(found, ["migrations/x.sql: not named NNNN_words.sql", "migrations/0003_b: only for sqlite",
                                 "migration 0004 is missing before 0005",
                                 "migration 0005 is there more than once: c, d"])

    def test_targets(self):
        found = self.findings(house.check_targets, {
            "CMakeLists.txt": "fl_layer(base)\n# fl_layer(http)\n", "src/base/a.cpp": "", "src/http/b_test.cpp": "",
            "tests/store/c_test.cpp": "", "tests/d_test.cpp": "", "tests/fuzz/e_test.cpp": "",
            "tests/fuzz/f.cpp": "", "tests/fuzz/g/h.cpp": "", "src/base/test_g.cpp": "TEST(A, B) {}\n",
            "tests/app/test_desk.cpp": "// Shared.\n", "tools/h.cpp": ""})
        self.assertEqual(sorted(found), sorted([
            "src/http/b_test.cpp: no fl_layer(http) in CMakeLists.txt",
            "tests/d_test.cpp: no suite takes tests from here",
            "tests/d_test.cpp: belongs into a folder of tests/",
            "tests/fuzz/e_test.cpp: no suite takes tests from here",
            "tests/fuzz/g/h.cpp: a fuzz target is named tests/fuzz/<name>.cpp",
            "src/base/test_g.cpp: holds tests, so it is named <what>_test.cpp",
            "tools/h.cpp: code lives in src/, tests/ or bench/"]))

    def test_dead_headers(self):
        found = self.findings(house.check_dead_headers, {
            "src/base/used.hpp": "", "src/base/dead.hpp": '#pragma once\n#include "base/dead.hpp"\n',
            "src/base/a.cpp": '#include "base/used.hpp"\n', "tests/support/s.hpp": "", "src/base/a_test.cpp":
            '#include "support/s.hpp"\n'})
        self.assertEqual(found, ["src/base/dead.hpp: nothing includes it"])

    def test_heads(self):
        found = self.findings(house.check_heads, {
            "src/base/a.hpp": "#pragma once\n\n// What it is.\n", "src/base/a.cpp": '#include "base/a.hpp"\n',
            "src/base/b.hpp": "// What it is.\n#pragma once\n", "src/base/c.hpp": "#pragma once\nint x;\n",
            "src/base/d.cpp": "int y;\n", "src/base/e.hpp": "// No guard.\n"})
        self.assertEqual(found, ["src/base/c.hpp: no comment at its head", "src/base/d.cpp: no comment at its head",
                                 "src/base/e.hpp: no #pragma once"])

    def test_scripts(self):
        found = self.findings(house.check_scripts, {
            "run": "#!/bin/sh\n", "tests/a.sh": "#!/bin/sh\n", "tests/b.sh": "echo\n",
            "scripts/lib.sh": "# shellcheck shell=bash\n"}, executable=("run",))
        self.assertEqual(found, ["tests/a.sh: not executable", "tests/b.sh: no interpreter on the first line"])

    def test_text(self):
        found = self.findings(house.check_text, {
            "a.md": "x", "b.md": "x\r\n", "c.cpp": "\tint x; \n", "d.txt": b"\xff\n", "e.md": "fine  \n"})
        self.assertEqual(found, ["a.md: no newline at the end", "b.md: CRLF line ends", "c.cpp:1: tab",
                                 "c.cpp:1: blanks at the line's end", "d.txt: not UTF-8 at byte 0"])

    def test_sizes(self):
        files = {"src/base/a.cpp": "x\n" * 1001, "src/base/b.cpp": "x\n" * 1000}
        self.assertEqual(self.findings(house.check_sizes, files), ["src/base/a.cpp: 1001 lines"])
        files = {f"src/base/{name}.hpp": "" for name in "abcdefghijklm"} | {"src/base/a.cpp": "x\n" * 301}
        self.assertEqual(self.findings(house.size_report, files),
                         ["src/base/a.cpp: 301 lines", "src/base/: 13 units in 14 files"])

    def test_builds_data_and_modules_are_not_read(self):
        with tempfile.TemporaryDirectory() as root:
            for path in ("build/a.cpp", "data/b.cpp", "web/node_modules/c.cpp", "src/data/d.cpp"):
                file = pathlib.Path(root, path)
                file.parent.mkdir(parents=True)
                file.write_text("")
            self.assertEqual(house.Tree(root).paths, ["src/data/d.cpp"])

    def test_the_program_counts_and_fails(self):
        with tempfile.TemporaryDirectory() as root:
            command = [sys.executable, str(HERE / "house.py"), "--root", root]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual(run.stdout.splitlines()[-1], f"{len(house.CHECKS)} passed, 0 failed")
            self.assertEqual(run.returncode, 0)
            pathlib.Path(root, "a.md").write_text("no newline")
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            self.assertEqual(run.stdout.splitlines()[-1], f"{len(house.CHECKS) - 1} passed, 1 failed")
            self.assertEqual(run.returncode, 1)


def main():
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0).run(
        unittest.defaultTestLoader.loadTestsFromTestCase(HouseTest))
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())

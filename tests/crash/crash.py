#!/usr/bin/env python3
"""Proof that no process death loses or doubles anything that was acknowledged (see run.sh for the environment).

A round: clients log incidents, act on them and write replies, all at once, every request with an Idempotency-Key. At
a random moment of that, from the first millisecond on, a process is killed with SIGKILL: the server, a PostgreSQL
backend, or all of PostgreSQL. It is started again, sometimes killed once more while it starts. Then:

  * every request whose answer never came is sent again with its key and must be answered with success;
  * a sample of the acknowledged ones is sent again and must be answered with the first one's result;
  * every incident of the round has the acknowledged state and version, exactly the acknowledged entries by kind, and
    each text exactly once; acknowledged replies have the same seq and hash;
  * the list of all incidents holds every acknowledged one once, and none that nobody logged.

After the last round all incidents of all rounds are checked again, the server stops on SIGTERM with 0, and
`firstline verify` finds every row equal to the fold of its timeline.

How it would fail: an answer sent before its commit loses incidents or replies ("was acknowledged and answers 404",
"entries are ..."); a key that is stored in another transaction than its act doubles them ("incident ... is listed 2
times", "texts differ"); a row written without its entry shows as another state or version and fails verify. That the
checks can see this is itself checked in every run (`prove_the_checker`): an acknowledged incident that is taken out of
the expectations, one that never was, and rows changed behind the program's back must each be reported.
"""

import os
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time

import check
from desk import Cluster, Connection, Desk
from load import API, CLIENTS, Book, Client, Expected

LONG = os.environ.get("FIRSTLINE_LONG") == "1"
SERVER_KILLS = 100 if LONG else 20
POSTGRES_KILLS = 10 if LONG else 2
LOAD_SECONDS_MAX = 1.2
FIRST_MOMENTS_SECONDS = 0.02
START_SECONDS_MAX = 0.15
SAMPLE = 20


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def test(self, name, problems):
        if problems:
            self.failed += 1
            print(f"  FAILED: {name}")
            for problem in problems[:20]:
                print(f"    {problem}")
            if len(problems) > 20:
                print(f"    and {len(problems) - 20} more")
        else:
            self.passed += 1
        sys.stdout.flush()

    def skip(self, name, why):
        self.skipped += 1
        print(f"  skipped: {name}: {why}")


class Trial:
    """One desk through all its rounds."""

    def __init__(self, name, desk, chance):
        self._name = name
        self.desk = desk
        self.book = Book()
        self._chance = chance
        self._round = 0
        self._unknown = 0
        desk.spawn()
        desk.await_ready()
        connection = Connection(desk)
        status, answer = connection.send("POST", f"{API}/incidents", {"title": "shared by all clients"}, "shared")
        if status != 201:
            raise RuntimeError(f"the first incident: {status} {answer}")
        self._shared = Expected(answer["number"], answer["title"], answer["state"], answer["version"])
        self.book.incidents[self._shared.number] = self._shared
        connection.close()

    def _moment(self):
        if self._chance.random() < 0.3:
            return self._chance.uniform(0, FIRST_MOMENTS_SECONDS)
        return self._chance.uniform(0, LOAD_SECONDS_MAX)

    def _restart(self):
        self.desk.spawn()
        if self._chance.random() < 0.25:
            time.sleep(self._chance.uniform(0, START_SECONDS_MAX))
            self.desk.kill()
            self.desk.spawn()

    def kill_server(self):
        self.desk.kill()
        return self._restart

    def kill_backend(self):
        if not self.desk.cluster.kill_backend(self._chance):
            self.book.fail("there was no backend to kill")
        return lambda: None

    def kill_cluster(self):
        self.desk.cluster.script("crash")
        return lambda: self.desk.cluster.script("start")

    def round(self, tally, fault):
        """Load, death, recovery, comparison; one test."""
        self._round += 1
        self.book.touched = {self._shared.number}
        begin, ending = threading.Barrier(CLIENTS + 1), threading.Event()
        clients = [Client(self.desk, self.book, f"{self._name}-{self._round}-{i}", self._chance.random(), self._shared,
                          begin, ending) for i in range(CLIENTS)]
        for client in clients:
            client.start()
        moment = self._moment()
        begin.wait()
        time.sleep(moment)
        recover = fault()
        ending.set()
        for client in clients:
            client.join()
        recover()
        self.desk.await_ready()
        connection = Connection(self.desk)
        unknown = self.book.settle(connection)
        self._unknown += unknown
        self.book.repeat_sample(connection, self._chance, SAMPLE)
        problems = self.book.failures + check.differences(connection, self.book.incidents, self.book.touched)
        self.book.failures = []
        connection.close()
        tally.test(f"{self._name} round {self._round}: {fault.__name__} after {moment * 1000:.1f} ms, "
                   f"{unknown} unknown", problems)

    def finish(self, tally):
        """All incidents of all rounds, and the whole history."""
        connection = Connection(self.desk)
        tally.test(f"{self._name}: everything acknowledged in all rounds",
                   check.differences(connection, self.book.incidents))
        # A run in which no request was ever cut off proves nothing about keys.
        few = [] if self._unknown > 0 and len(self.book.incidents) > self._round else ["the kills met no load"]
        tally.test(f"{self._name}: the kills met requests under way", few)
        connection.close()
        code = self.desk.stop()
        tally.test(f"{self._name}: the server stops on SIGTERM", [] if code == 0 else [f"exit code {code}"])
        verified = self.desk.verify()
        tally.test(f"{self._name}: verify", [] if verified.returncode == 0 else [verified.stdout + verified.stderr])
        entries = sum(sum(expected.kinds.values()) for expected in self.book.incidents.values())
        print(f"  {self._name}: {self._round} kills, {len(self.book.incidents)} incidents, {entries} entries, "
              f"{self._unknown} requests of unknown outcome repeated; {verified.stdout.partition(chr(10))[0]}")


def expect_report(found, word):
    """No problem where a difference names the word; else what was reported."""
    return [] if any(word in text for text in found) else [f"nothing about {word!r} among {found}"]


def prove_the_checker(tally, trial, folder):
    """On a copy of the desk: each kind of loss must be seen."""
    copy = Desk(folder / "tampered", copy_of=trial.desk)
    incidents = trial.book.incidents
    victim = next(expected for expected in reversed(incidents.values()) if expected.entries)
    copy.spawn()
    copy.await_ready()
    connection = Connection(copy)
    fewer = {number: expected for number, expected in incidents.items() if number != victim.number}
    tally.test("the checker sees an incident taken out of the expectations", expect_report(
        check.differences(connection, fewer, []), f"{victim.number} is listed and nobody logged it"))
    more = {**incidents, "INC-999999999": Expected("INC-999999999", "never logged", "new", 1)}
    tally.test("the checker sees an acknowledged incident that is gone", expect_report(
        check.differences(connection, more, ["INC-999999999"]), "INC-999999999 was acknowledged and answers 404"))
    connection.close()
    copy.stop()
    tally.test("verify passes on the copy before it is touched", [] if copy.verify().returncode == 0 else ["it fails"])

    number = int(victim.number.removeprefix("INC-"))
    seq = max(victim.entries)
    changed = copy.sql(f"update incident set state = 'canceled', is_open = 0 where id = {number}")
    verified = copy.verify()
    tally.test("verify sees a changed row", [] if changed == 1 and verified.returncode == 1 and victim.number in
               verified.stdout else [f"{changed} rows, exit {verified.returncode}: {verified.stdout}"])
    copy.sql(f"delete from entry_text where pos = "
             f"(select pos from entry where subject = 'incident' and subject_id = {number} and seq = {seq})")
    copy.sql(f"delete from entry where subject = 'incident' and subject_id = {number} and seq = {seq}")
    copy.spawn()
    copy.await_ready()
    connection = Connection(copy)
    found = check.differences(connection, incidents, [victim.number])
    tally.test("the checker sees a changed state", expect_report(found, "state is"))
    tally.test("the checker sees a lost reply", expect_report(found, f"entry {seq}: is None"))
    connection.close()
    copy.stop()


def on_postgres(tally, trials, folder, chance):
    url, cluster_folder = (os.environ.get(name) for name in ("FIRSTLINE_TEST_POSTGRES", "FIRSTLINE_TEST_POSTGRES_DIR"))
    if not url:
        tally.skip("PostgreSQL", "FIRSTLINE_TEST_POSTGRES is not set")
        return
    cluster = Cluster(url, cluster_folder)
    try:
        trial = Trial("postgres", Desk(folder / "postgres", cluster=cluster), chance)
        trials.append(trial)
        faults = [trial.kill_server]
        if cluster_folder:
            faults += [trial.kill_backend, trial.kill_cluster]
        else:
            tally.skip("killed backend and cluster", "FIRSTLINE_TEST_POSTGRES_DIR names no private cluster")
        for fault in faults * POSTGRES_KILLS:
            trial.round(tally, fault)
        trial.finish(tally)
    finally:
        if trials and trials[-1].desk.cluster:
            trials[-1].desk.stop()
        cluster.drop_databases()


def main():
    seed = int(os.environ.get("FIRSTLINE_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"crash: FIRSTLINE_SEED={seed}")
    tally, trials = Tally(), []
    folder = pathlib.Path(tempfile.mkdtemp(prefix="firstline-crash."))
    try:
        trial = Trial("sqlite", Desk(folder / "sqlite"), random.Random(seed))
        trials.append(trial)
        for _ in range(SERVER_KILLS):
            trial.round(tally, trial.kill_server)
        trial.finish(tally)
        prove_the_checker(tally, trial, folder)
        on_postgres(tally, trials, folder, random.Random(seed + 1))
    except Exception as error:
        tally.test("the run", [repr(error)])
    finally:
        for trial in trials:
            trial.desk.stop()
        if tally.failed == 0:
            shutil.rmtree(folder)
        else:
            print(f"  data and logs are kept in {folder}; FIRSTLINE_SEED={seed} runs the same moments")
    print(f"{tally.passed} passed, {tally.failed} failed" + (f", {tally.skipped} skipped" if tally.skipped else ""))
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())

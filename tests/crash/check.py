"""Compares a desk with the expectations of its clients (load.py)."""

import collections

from load import API

PAGE = 200


def _pages(connection, path):
    after = ""
    while True:
        status, answer = connection.send("GET", f"{path}{after}")
        if status != 200:
            raise RuntimeError(f"{path}: {status} {answer}")
        yield from answer["items"]
        if answer["next"] is None:
            return
        after = f"&after={answer['next']}"


def _check_incident(connection, expected):
    path = f"{API}/incidents/{expected.number}"
    status, found = connection.send("GET", path)
    if status != 200:
        yield f"{expected.number} was acknowledged and answers {status}"
        return
    for field in ("title", "state", "version"):
        if found[field] != getattr(expected, field):
            yield f"{expected.number}: {field} is {found[field]!r}, acknowledged was {getattr(expected, field)!r}"
    entries = list(_pages(connection, f"{path}/timeline?limit={PAGE}"))
    kinds = collections.Counter(entry["kind"] for entry in entries)
    if kinds != expected.kinds:
        yield f"{expected.number}: entries are {dict(kinds)}, acknowledged were {dict(expected.kinds)}"
    texts = collections.Counter(entry["text"] or entry["reason"] for entry in entries[1:])
    texts.pop(None, None)
    if texts != expected.texts:
        yield f"{expected.number}: texts differ: {(texts - expected.texts) + (expected.texts - texts)}"
    by_seq = {entry["seq"]: (entry["hash"], entry["text"]) for entry in entries}
    if len(by_seq) != len(entries) or sorted(by_seq) != list(range(1, len(entries) + 1)):
        yield f"{expected.number}: seq has gaps or repeats"
    for seq, said in expected.entries.items():
        if by_seq.get(seq) != said:
            yield f"{expected.number} entry {seq}: is {by_seq.get(seq)}, acknowledged was {said}"


def differences(connection, incidents, numbers=None):
    """What differs: each incident of `numbers` (default all), and the list of all incidents with the acknowledged."""
    found = []
    for number in sorted(incidents if numbers is None else numbers):
        found += _check_incident(connection, incidents[number])
    items = list(_pages(connection, f"{API}/incidents?limit={PAGE}&sort=-created_at"))
    listed = collections.Counter(item["number"] for item in items)
    titles = collections.Counter(item["title"] for item in items)
    for name, counts in (("number", listed), ("title", titles)):
        found += [f"{name} {value!r} is listed {count} times" for value, count in counts.items() if count != 1]
    found += [f"{number} was acknowledged and is not listed" for number in incidents if number not in listed]
    found += [f"{number} is listed and nobody logged it" for number in listed if number not in incidents]
    return found

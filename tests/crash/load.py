"""The load of the crash test: clients that log, act and reply, and what they may expect of every incident after."""

import collections
import random
import threading

from desk import Connection, Lost

CLIENTS = 16
API = "/api/v1"
UNKNOWN_STATUSES = (503,)  # the server lives, its storage does not: done or not done

# What a client may do next with its own incident, by state. No two neighbours cancel out to "nothing changed".
MOVES = {
    "new": ("start", "hold", "reply", "note", "reply"),
    "in_progress": ("hold", "resolve", "reply", "note"),
    "on_hold": ("resume", "start", "reply", "note"),
    "resolved": ("reopen", "reply"),
}
BODIES = {
    "start": {},
    "resume": {},
    "hold": {"hold_reason": "awaiting_vendor"},
    "resolve": {"resolution_code": "fixed", "category": "access", "impact": 2, "urgency": 2},
    "reopen": {},
}
TEXT_OF = {"reply": "text", "note": "text", "hold": "note", "resolve": "resolution_notes", "reopen": "reason"}


class Expected:
    """One acknowledged incident, as the acknowledgements told it."""

    def __init__(self, number, title, state, version):
        self.number = number
        self.title = title
        self.state = state
        self.version = version
        self.kinds = collections.Counter(log=1)
        self.entries = {}  # seq -> (hash, text) of acknowledged replies and notes
        self.texts = collections.Counter()


class Request:
    """One POST with its key; sent again, it is the same act."""

    def __init__(self, key, kind, path, body, expected=None):
        self.key = key
        self.kind = kind
        self.path = path
        self.body = body
        self.expected = expected
        self.text = body.get(TEXT_OF.get(kind, "")) if kind != "log" else None


class Book:
    """What all clients know together."""

    def __init__(self):
        self.lock = threading.Lock()
        self.incidents = {}  # number -> Expected
        self.pending = []  # requests of unknown outcome
        self.acknowledged = []  # (request, number or seq): a sample is sent again
        self.failures = []
        self.touched = set()

    def fail(self, text):
        with self.lock:
            self.failures.append(text)

    def acknowledge(self, request, answer):
        """Takes a 2xx answer into the expectations; the incident of it."""
        with self.lock:
            if request.kind == "log":
                if answer["number"] in self.incidents:
                    self.failures.append(f"{answer['number']} was given twice, now to {request.key}")
                expected = Expected(answer["number"], answer["title"], answer["state"], answer["version"])
                self.incidents[expected.number] = expected
                self.acknowledged.append((request, expected.number))
            else:
                expected = request.expected
                expected.kinds[request.kind] += 1
                if request.kind == "resolve":
                    expected.kinds["triage"] = 1  # the first one brings category and priority; later ones no change
                if request.text is not None:
                    expected.texts[request.text] += 1
                if request.kind in ("reply", "note"):
                    expected.entries[answer["seq"]] = (answer["hash"], answer["text"])
                    expected.version = max(expected.version, answer["seq"])
                    self.acknowledged.append((request, answer["seq"]))
                else:
                    expected.state = answer["state"]
                    expected.version = max(expected.version, answer["version"])
            self.touched.add(expected.number)
            return expected

    def settle(self, connection):
        """Sends every request of unknown outcome again with its key: after it each exists exactly once."""
        for request in self.pending:
            status, answer = connection.send("POST", request.path, request.body, request.key)
            if status in (200, 201):
                self.acknowledge(request, answer)
            else:
                self.failures.append(f"{request.key} sent again: {status} {answer}")
        count = len(self.pending)
        self.pending = []
        return count

    def repeat_sample(self, connection, chance, count):
        """An acknowledged request sent again with its key is answered with the first one's result."""
        for request, result in chance.sample(self.acknowledged, min(count, len(self.acknowledged))):
            status, answer = connection.send("POST", request.path, request.body, request.key)
            name = "number" if request.kind == "log" else "seq"
            if status != 201 or answer[name] != result:
                self.failures.append(f"{request.key} repeated: {status}, {name} was {result}, now {answer}")


class Client(threading.Thread):
    """Logs incidents and works on them until its server is gone or `ending` is set."""

    def __init__(self, desk, book, name, seed, shared, begin, ending):
        super().__init__(name=name)
        self._connection = Connection(desk)
        self._book = book
        self._chance = random.Random(seed)
        self._shared = shared
        self._begin = begin
        self._ending = ending
        self._own = []
        self._count = 0

    def run(self):
        try:
            self._begin.wait()
            while not self._ending.is_set():
                if not self._one():
                    break
        except Exception as error:  # a defect of the test must not look like a quiet client
            self._book.fail(f"client {self.name}: {error!r}")
        self._connection.close()

    def _next(self):
        self._count += 1
        key = f"{self.name}-{self._count}"
        dice = self._chance.random()
        if not self._own or dice < 0.3:
            body = {"title": f"incident {key}", "description": "It does not answer. " * self._chance.randint(1, 40)}
            return Request(key, "log", f"{API}/incidents", body)
        if dice < 0.4:
            expected, kind = self._shared, "reply"
        else:
            expected = self._chance.choice(self._own[-4:])
            kind = self._chance.choice(MOVES[expected.state])
        body = dict(BODIES.get(kind, {}))
        if kind in TEXT_OF:
            body[TEXT_OF[kind]] = f"{kind} {key}"
        tail = {"reply": "replies", "note": "notes"}.get(kind, f"actions/{kind}")
        return Request(key, kind, f"{API}/incidents/{expected.number}/{tail}", body, expected)

    def _one(self):
        request = self._next()
        try:
            status, answer = self._connection.send("POST", request.path, request.body, request.key)
        except Lost:
            status, answer = 503, None
        if status in UNKNOWN_STATUSES:
            with self._book.lock:
                self._book.pending.append(request)
            return False
        if status not in (200, 201):
            self._book.fail(f"{request.key} {request.path}: {status} {answer}")
            return False
        expected = self._book.acknowledge(request, answer)
        if request.kind == "log":
            self._own.append(expected)
        return True

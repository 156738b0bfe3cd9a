"""A server with a desk that has something of everything that the wrong requests speak about."""

import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

BIN = os.environ["FIRSTLINE_BIN"]
PASSWORD = "a password of the bad input test"
READY_SECONDS_MAX = 30
ANSWER_SECONDS_MAX = 60
API = "/api/v1"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`firstline serve` on a fresh directory."""

    def __init__(self, folder):
        self._data = folder / "data"
        self.log = pathlib.Path(folder) / "server.log"
        self.port = free_port()
        self._run("init", env={**os.environ, "FIRSTLINE_ADMIN_PASSWORD": PASSWORD})
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [BIN, "serve", "--data", self._data, "--listen", f"127.0.0.1:{self.port}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + READY_SECONDS_MAX
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the server does not answer, see {self.log}")
            time.sleep(0.02)
        self.token = self._run("token", "create", "--user", "admin", "--scope", "*").stdout.strip()

    def _run(self, *command, env=None):
        command = [BIN, *command, "--data", self._data]
        return subprocess.run(command, check=True, text=True, capture_output=True, env=env)

    def _answers(self):
        try:
            return self.request("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def request(self, method, path, body=None, headers=None):
        """Status, header fields, content of the answer; the body is bytes as they go out."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS_MAX)
        # Not through putrequest's checks and defaults: wrong methods, paths and fields are the point.
        connection._validate_method = connection._validate_path = lambda text: None
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        try:
            connection.endheaders(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before the end of the body; the answer is there
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.headers, content

    def stop(self):
        """SIGTERM; the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGKILL)
                self.process.wait()
        return self.process.returncode


class Desk:
    """The desk's people, teams and incidents; `names` are what ${…} in the table stands for."""

    def __init__(self, server):
        self._server = server
        self.names = {"token": server.token}
        self.headers = {"nobody": {}, "admin": {"Authorization": f"Bearer {server.token}"}}
        self._people()
        self._things()
        self._incidents()
        self._cursors()

    def ask(self, method, path, body=None, caller="admin", headers=None):
        """The JSON of an answer that must be a success."""
        fields = {**self.headers[caller], **(headers or {})}
        content = None
        if body is not None:
            fields["Content-Type"] = "application/json"
            content = json.dumps(body).encode()
        status, answer_headers, answer = self._server.request(method, API + path, content, fields)
        if status not in (200, 201, 204):
            raise RuntimeError(f"preparing the desk: {method} {path} {body}: {status} {answer[:500]!r}")
        self.cookie = answer_headers.get("Set-Cookie")
        return json.loads(answer) if answer else None

    def _token(self, caller, user, scopes=("*",)):
        made = self.ask("POST", "/tokens", {"name": caller, "scopes": list(scopes), "user": user})
        self.headers[caller] = {"Authorization": f"Bearer {made['token']}"}
        return made["id"]

    def _people(self):
        for key, roles in (("ann", ["agent"]), ("ned", ["agent"]), ("lea", ["team_lead"]), ("aud", ["auditor"]),
                           ("rita", ["requester"]), ("otto", ["requester"])):
            self.ask("POST", "/users", {"key": key, "name": key.title(), "email": f"{key}@example.org", "roles": roles})
            self._token(key, key)
        self._token("readonly", "admin", ["read"])
        self.ask("DELETE", f"/tokens/{self._token('revoked', 'admin')}")
        session = self.ask("POST", "/session", {"user": "admin", "password": PASSWORD}, "nobody")
        self.headers["session"] = {"Cookie": self.cookie.split(";")[0]}
        assert session["csrf_token"]

    def _things(self):
        for key, tier, members in (("desk", 1, ["ann", "lea"]), ("net", 2, []), ("gone", 1, [])):
            self.ask("POST", "/teams", {"key": key, "name": key.title(), "tier": tier, "members": members})
        self.ask("DELETE", "/teams/gone?successor=desk")
        self.ask("POST", "/services", {"key": "mail", "name": "Mail"})
        self.ask("POST", "/tags", {"key": "vpn", "name": "VPN"})
        self.ask("POST", "/organizations", {"key": "acme", "name": "Acme"})

    def _log(self, name, then=(), **fields):
        body = {"title": f"the {name} one", "requester": "rita", "then": list(then), **fields}
        body = {field: value for field, value in body.items() if value is not None}
        self.names[name] = self.ask("POST", "/incidents", body)["number"]

    def _incidents(self):
        assign = {"action": "assign", "team": "desk"}
        triage = {"action": "triage", "category": "access", "impact": 2, "urgency": 2}
        resolve = {"action": "resolve", "resolution_code": "fixed", "resolution_notes": "Done."}
        self._log("new")
        self._log("other", requester="otto")
        self._log("untriaged", [{"action": "start"}])
        self._log("assigned", [assign])
        self._log("in_progress", [assign, {"action": "escalate", "team": "net", "reason": "r"}, {"action": "start"}])
        self._log("on_hold", [{"action": "hold", "hold_reason": "awaiting_vendor"}])
        self._log("resolved", [triage, resolve])
        self._log("closed", [triage, resolve, {"action": "confirm", "on_behalf": "by phone"}])
        self._log("unasked", [triage, resolve], requester=None)
        self._log("canceled", [{"action": "cancel", "code": "test", "text": "t"}])
        self._log("target")
        self._log("merged")
        self.ask("POST", f"/incidents/{self.names['merged']}/actions/merge", {"into": self.names["target"]})
        self._log("restricted", requester="otto", restricted=True, team="desk")
        self._log("stale")
        self.ask("PATCH", f"/incidents/{self.names['stale']}", {"title": "changed by somebody else"})
        self.ask("POST", "/incidents", {"title": "with a key"}, headers={"Idempotency-Key": "used-before"})

    def _cursors(self):
        cursor = self.ask("GET", "/incidents?limit=1&sort=-created_at")["next"]
        self.names["cursor"] = cursor
        middle = len(cursor) // 2
        self.names["broken_cursor"] = cursor[:middle] + ("A" if cursor[middle] != "A" else "B") + cursor[middle + 1:]
        self.names["team_cursor"] = self.ask("GET", "/teams?limit=1")["next"]

    def is_well(self):
        """What is wrong with the server after it all; empty when it lives and does its work."""
        for path in ("/healthz", "/readyz"):
            if self._server.request("GET", path)[0] != 200:
                return f"{path} does not answer 200"
        number = self.ask("POST", "/incidents", {"title": "a good request after the wrong ones"})["number"]
        said = self.ask("POST", f"/incidents/{number}/replies", {"text": "It is well."})["text"]
        return "" if said == "It is well." else f"the reply says {said!r}"

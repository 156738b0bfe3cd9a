#!/usr/bin/env python3
"""Sends the rows of wrong_requests.json and compares the answers with what the rows say (see run.sh).

usage: bad_input.py [WORD...]     with words only the rows whose id contains one of them

A row: `id`; `as` (a caller of server.py), `method`, `path`, `headers`, and `body` (JSON) or `raw_body` (each character
one byte) - or `wire`, the bytes of a whole connection, with `drip` (sent again and again until the server answers) or
`half_close`. Then what is expected: `status` and `code`, or `any_of` pairs of them where the contract allows several
(status 0: closed without an answer), or `codes`; `fields` as [pointer, code], all of them and no others, or `field`, a
pointer that must be among them; `changed`, `state`, `step`, `allow`. ${name} is a name of the desk, ${text*n} a
repetition.
"""

import concurrent.futures
import json
import pathlib
import re
import shutil
import socket
import sys
import tempfile

from server import ANSWER_SECONDS_MAX, Desk, Server

TABLE = pathlib.Path(__file__).with_name("wrong_requests.json")
EXPANSION = re.compile(r"\$\{(?:(.+?)\*(\d+)|([a-z_]+))\}", re.DOTALL)
DRIP_SECONDS = 0.5
SLOW_CLIENTS = 8


class Expander:
    def __init__(self, names):
        self._names = names

    def __call__(self, value):
        if isinstance(value, str):
            return EXPANSION.sub(lambda m: m[1] * int(m[2]) if m[2] else self._names[m[3]], value)
        if isinstance(value, list):
            return [self(item) for item in value]
        if isinstance(value, dict):
            return {name: self(item) for name, item in value.items()}
        return value


def over_http(server, desk, row, expand):
    headers = {**desk.headers[row["as"]], **expand(row.get("headers", {}))}
    body = None
    if "raw_body" in row:
        body = expand(row["raw_body"]).encode("latin-1")
    elif "body" in row:
        body = json.dumps(expand(row["body"])).encode()
    if body is not None:
        headers.setdefault("Content-Type", "application/json")
    return server.request(row["method"], expand(row["path"]), body, headers)


def over_wire(server, row, expand):
    """As over_http, of the first answer on the connection; status 0 where it ends without one."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=ANSWER_SECONDS_MAX) as wire:
        received = b""
        try:
            wire.sendall(expand(row["wire"]).encode("latin-1"))
            if row.get("half_close"):
                wire.shutdown(socket.SHUT_WR)
            while "drip" in row and not received:
                wire.settimeout(DRIP_SECONDS)
                try:
                    received = wire.recv(65536)
                    break
                except TimeoutError:
                    wire.sendall(row["drip"].encode())
            wire.settimeout(ANSWER_SECONDS_MAX)
            while not whole(received):
                piece = wire.recv(65536)
                if not piece:
                    break
                received += piece
        except (ConnectionResetError, BrokenPipeError):
            pass
    if not received:
        return 0, {}, b""
    head, _, content = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    return int(lines[0].split(" ")[1]), headers, content[:int(headers.get("Content-Length", len(content)))]


def whole(received):
    head, end, content = received.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    return bool(end and length) and len(content) >= int(length[1])


def problems(row, status, headers, content):
    """What in the answer is not as the row says."""
    if status == 500:
        yield "500 is never right"
    if status == 0:
        if [0, ""] not in row.get("any_of", []):
            yield "the connection was closed without an answer"
        return
    if "X-Request-Id" not in headers:
        yield "no X-Request-Id"
    if status < 400:
        if status != row["status"]:
            yield f"it was accepted with {status}"
        return
    if headers.get("Content-Type") != "application/problem+json":
        yield f"Content-Type is {headers.get('Content-Type')}"
    try:
        problem = json.loads(content)
    except ValueError:
        yield f"the body is no JSON: {content[:200]!r}"
        return
    if problem.get("status") != status or problem.get("request_id") != headers.get("X-Request-Id"):
        yield "status or request_id in the body are not the answer's"
    if not problem.get("detail"):
        yield "no detail for a person"
    code = problem.get("code")
    if "any_of" in row:
        if [status, code] not in row["any_of"]:
            yield f"{status} {code}, expected one of {row['any_of']}"
        return
    if status != row["status"] or code not in row.get("codes", [row.get("code", code)]):
        yield f"{status} {code}, expected {row['status']} {row.get('code', row.get('codes', ''))}"
    yield from detail_problems(row, headers, problem)


def detail_problems(row, headers, problem):
    fields = [[field["pointer"], field["code"]] for field in problem.get("fields", [])]
    if "fields" in row and sorted(fields) != sorted(row["fields"]):
        yield f"fields are {fields}, expected {row['fields']}"
    if "field" in row and row["field"] not in [pointer for pointer, _ in fields]:
        yield f"fields are {fields}, expected {row['field']} among them"
    for name in ("changed", "state", "step"):
        if name in row and problem.get(name) != row[name]:
            yield f"{name} is {problem.get(name)!r}, expected {row[name]!r}"
    if ("state" in row or "step" in row) and "allowed_actions" not in problem:
        yield "no allowed_actions"
    # What a requester gets never speaks of states.
    if "step" in row and "state" in problem:
        yield "a requester is told the state"
    if "allow" in row:
        found = sorted(word.strip() for word in headers.get("Allow", "").split(","))
        if found != row["allow"].split(", "):
            yield f"Allow is {found}, expected {row['allow']}"


def run(folder, words):
    rows = [row for row in json.loads(TABLE.read_text()) if not words or any(word in row["id"] for word in words)]
    server = Server(folder)
    passed = failed = 0

    def judge(name, found):
        nonlocal passed, failed
        if found:
            failed += 1
            print(f"  FAILED: {name}: {'; '.join(found)}", flush=True)
        else:
            passed += 1

    def send(row):
        try:
            if "wire" in row:
                return list(problems(row, *over_wire(server, row, expand)))
            return list(problems(row, *over_http(server, desk, row, expand)))
        except Exception as error:
            return [f"no answer: {error!r}"]

    try:
        desk = Desk(server)
        expand = Expander(desk.names)
        with concurrent.futures.ThreadPoolExecutor(SLOW_CLIENTS) as pool:
            # Those that wait for a time-out of the server do so beside all others.
            slow = [(row, pool.submit(send, row)) for row in rows if row.get("status") == 408]
            for row in rows:
                if row.get("status") != 408:
                    judge(row["id"], send(row))
            for row, answer in slow:
                judge(row["id"], answer.result())
        well = desk.is_well()
        judge("the server is well after it", [well] if well else [])
        titles = {item["title"] for item in desk.ask("GET", "/incidents?limit=200&sort=-created_at")["items"]}
        left = titles & {"refused as a whole", "never whole"}
        judge("nothing of a refused request stays", [f"{left} exist"] if left else [])
    except Exception as error:
        judge("the run", [repr(error)])
    finally:
        code = server.stop()
    judge("the server ends with 0", [f"exit code {code}"] if code != 0 else [])
    log = server.log.read_text(errors="replace")
    judge("the log shows no defect", ["a line with status=500"] if "status=500" in log else [])
    print(f"{passed} passed, {failed} failed")
    return failed


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="firstline-bad-input."))
    try:
        return 1 if run(folder, sys.argv[1:]) else 0
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())

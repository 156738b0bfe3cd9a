"""Puts load on a server: `wrk` where each connection waits for its answer, the open load program where a stall must show
in every request that it held up. A load is a file of requests, one a line: METHOD TARGET [JSON]."""

import json
import os
import pathlib
import subprocess

SCRIPT = pathlib.Path(__file__).resolve().parent.parent / "wrk" / "requests.lua"
ANSWER_SECONDS_MAX = 10


def write_requests(path, requests):
    """The file of a load; its path."""
    path.write_text("".join(f"{request}\n" for request in requests))
    return path


def post(path, body):
    return f"POST {path} {json.dumps(body, separators=(',', ':'))}"


def closed(port, requests, connections, seconds, token=""):
    """wrk on one thread with so many connections, as fast as answers come: its count, errors, rate and latencies."""
    command = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", f"{ANSWER_SECONDS_MAX}s",
               "-s", str(SCRIPT), f"http://127.0.0.1:{port}/"]  # fmt: skip
    done = subprocess.run(command, text=True, capture_output=True, check=False, env=_environment(token, requests))
    if done.returncode != 0:
        raise RuntimeError(f"wrk: {done.stderr or done.stdout}")
    return json.loads(done.stdout.splitlines()[-1])


class Open:
    """The load program in the background: requests fall due at `rate` a second whatever the answers do; rate 0 sends one
    after the other on each connection."""

    def __init__(self, program, port, requests, *, rate, seconds, connections, token=""):
        command = [program, "--port", port, "--requests", requests, "--rate", rate, "--seconds", seconds,
                   "--connections", connections, "--drain-seconds", ANSWER_SECONDS_MAX]  # fmt: skip
        self._process = subprocess.Popen([str(part) for part in command], text=True, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.PIPE, env=_environment(token))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait()
        self._process.stdout.close()

    def result(self):
        """Waits for the end: count, errors, rate, latencies."""
        output = self._process.communicate()[0]
        if self._process.returncode != 0:
            raise RuntimeError(f"the load program ended with {self._process.returncode}")
        return json.loads(output)


def _environment(token, requests=""):
    return {**os.environ, "FIRSTLINE_BENCH_TOKEN": token, "FIRSTLINE_BENCH_REQUESTS": str(requests)}

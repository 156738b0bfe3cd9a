"""The measured server process, and nginx beside it for comparison: started on a free port of 127.0.0.1, asked, stopped."""

import contextlib
import http.client
import json
import pathlib
import shutil
import socket
import subprocess
import time

from . import machine

READY_SECONDS_MAX = 60
STOP_SECONDS_MAX = 30
ANSWER_SECONDS_MAX = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, method, path, token=None, body=None):
    """Status and text of an answer."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if body is not None:
        headers["Content-Type"] = "application/json"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS_MAX)
    try:
        connection.request(method, path, None if body is None else json.dumps(body).encode(), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def stop(process):
    """SIGTERM, and SIGKILL where that is not enough; the exit code."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


def await_answer(process, port, path, told_in):
    """Until the path is answered with 200."""
    end = time.monotonic() + READY_SECONDS_MAX
    while True:
        with contextlib.suppress(OSError):
            if ask(port, "GET", path)[0] == 200:
                return
        if process.poll() is not None or time.monotonic() > end:
            stop(process)
            raise RuntimeError(f"no answer to {path}, see {told_in}")
        time.sleep(0.002)


class Server:
    """`firstline serve` on a desk, as it comes but for the access log, which nginx does not write here either. Rate limits
    stay as they are: sign-in has some, tokens of scope * have none at a real desk too."""

    def __init__(self, program, arguments, log):
        self.port = free_port()
        self.log = pathlib.Path(log)
        self._command = [str(program), "serve", *arguments, "--listen", f"127.0.0.1:{self.port}", "--access-log", "false"]
        self.process = None
        self.seconds_to_first_answer = None

    def __enter__(self):
        began = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        await_answer(self.process, self.port, "/readyz", self.log)
        self.seconds_to_first_answer = time.monotonic() - began
        return self

    def __exit__(self, kind, *_):
        if stop(self.process) != 0 and kind is None:
            raise RuntimeError(f"the server ended with {self.process.returncode}, see {self.log}")

    def get(self, path, token):
        status, answer = ask(self.port, "GET", path, token)
        if status != 200:
            raise RuntimeError(f"GET {path}: {status} {answer}")
        return json.loads(answer)

    def has(self, path, token):
        return ask(self.port, "GET", path, token)[0] == 200

    def metric(self, name):
        text = ask(self.port, "GET", "/metrics")[1]
        return int(next(line.split()[1] for line in text.splitlines() if line.startswith(name + " ")))

    def cpu_seconds(self):
        return machine.process_stat(self.process.pid)[1]

    def memory_mb(self):
        """Resident memory: shared libraries and mapped pages of the database are in it."""
        return memory_mb(self.process.pid)


def memory_mb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"/proc/{pid}/status has no VmRSS")


NGINX_CONFIGURATION = """
worker_processes {workers};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} reuseport;
        location / {{ default_type application/json; return 200 '{{"status":"ok"}}'; }}
    }}
}}
"""


class Nginx:
    """nginx with as many workers as the server has I/O threads; it gives the same small answer from memory."""

    def __init__(self, folder, workers):
        self.folder = pathlib.Path(folder).resolve()
        self.workers = workers
        self.port = free_port()
        self.process = None

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        configuration = self.folder / "nginx.conf"
        configuration.write_text(NGINX_CONFIGURATION.format(folder=self.folder, port=self.port, workers=self.workers))
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self.process = subprocess.Popen([program, "-p", self.folder, "-c", configuration],
                                        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        await_answer(self.process, self.port, "/", self.folder / "error.log")
        return self

    def __exit__(self, *_):
        stop(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def cpu_seconds(self):
        return machine.tree_seconds(self.process.pid)

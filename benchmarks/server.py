"""A gunicorn on loopback, and one signed-in visitor with an open connection."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parent.parent
TIMING = re.compile(r'app;dur=([\d.]+).*queries;desc="(\d+)"')


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Server:
    """An application's workers, one unless said; ends with the `with` block."""

    def __init__(self, application: str, env: Mapping[str, str], *, workers: int = 1, threads: int = 1) -> None:
        self.port = free_port()
        gunicorn = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{self.port}"]
        options = [
            "--workers",
            str(workers),
            "--worker-class",
            "gthread",
            "--threads",
            str(threads),
            "--keep-alive",
            "60",
            "--log-level",
            "error",
        ]
        self.process = subprocess.Popen([*gunicorn, *options], cwd=ROOT, env={**os.environ, **env})

    def __enter__(self) -> "Server":
        for _ in range(150):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.terminate()
        self.process.wait()


class Visitor:
    """Keeps one connection and one session."""

    def __init__(self, server: Server, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port)
        self.cookies = {"malstyring_session": session}
        self.queries = 0

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def get(self, path: str) -> tuple[float, bytes]:
        """Seconds and body of a page; anything but 200 is an error."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, body: str) -> tuple[float, bytes]:
        """Seconds and body of a save, as the entry grid sends it."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-CSRFToken": self.cookies["malstyring_csrf"],
            "HX-Request": "true",
        }
        return self._ask("POST", path, body, headers)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[float, bytes]:
        began = time.perf_counter()
        self.connection.request(method, path, body, {**self._headers(), **headers})
        answer = self.connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - began
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.getheader('Location')}")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        found = TIMING.search(answer.getheader("Server-Timing") or "")
        if found:
            self.queries = int(found[2])
        return seconds, content

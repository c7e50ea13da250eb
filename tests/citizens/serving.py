"""Real gunicorn processes on a copy of the test's database."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

PATIENCE = 60  # seconds until a server must answer


class Serving:
    """So many workers; ends, with all of them, with the `with` block. `log` is everything they wrote."""

    def __init__(self, url: str, folder: Path, *, workers: int = 2) -> None:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = one.getsockname()[1]
        self.log_path = folder / "gunicorn.log"
        env = {**os.environ, "DATABASE_URL": url, "DEBUG": "1", "BEHIND_PROXY": "1", "ANSWERING_KEPT_SECONDS": "5"}
        options = ["--workers", str(workers), "--threads", "4", "--no-control-socket"]
        command = [sys.executable, "-m", "gunicorn", "malstyring.wsgi", "--bind", f"127.0.0.1:{self.port}", *options]
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=log, stderr=log)

    @property
    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def workers(self) -> list[int]:
        """The process ids of the workers that live."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in children.split()]

    def kill_one(self) -> None:
        """As when the machine takes a worker away in the middle of its work."""
        os.kill(self.workers()[0], signal.SIGKILL)

    def __enter__(self) -> "Serving":
        for _ in range(PATIENCE * 10):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.log)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)

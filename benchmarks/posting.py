"""Many people answering a survey at once: a load generator that sends at a given rate, whether or not it is answered.

Latency is counted from when a request was due, so that a server that falls behind is not flattered.
"""

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass
class Answered:
    """What came of the posts."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    acknowledged: list[str] = field(default_factory=list)  # the keys of those that were answered with 303
    elapsed: float = 0.0

    @property
    def rate(self) -> float:
        """Acknowledged answers a second."""
        return self.statuses[303] / self.elapsed

    def percentile(self, share: float) -> float:
        """Milliseconds that this share of the requests took at most."""
        return statistics.quantiles(self.seconds, n=1000)[round(share * 1000) - 1] * 1000


@dataclass(frozen=True)
class Post:
    """One post: what it is known by, where it goes, and from which address."""

    key: str
    path: str
    fields: dict[str, str]
    address: str = ""

    def wire(self) -> bytes:
        """The bytes of the request."""
        body = urlencode(self.fields).encode()
        forwarded = f"X-Forwarded-For: {self.address}\r\n" if self.address else ""
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: localhost\r\n{forwarded}"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


@dataclass(frozen=True)
class Get:
    """One page."""

    key: str
    path: str
    address: str = ""

    def wire(self) -> bytes:
        """The bytes of the request."""
        return f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


class Line:
    """One connection, opened again when the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, wire: bytes) -> int:
        """The status of the answer; 0 when none came."""
        was_open = self.streams is not None
        try:
            return await self._ask(wire)
        except (OSError, asyncio.IncompleteReadError, ValueError):
            self.close()
        # A kept connection may have been closed before the request was read; then nothing happened.
        if not was_open:
            return 0
        try:
            return await self._ask(wire)
        except (OSError, asyncio.IncompleteReadError, ValueError):
            self.close()
            return 0

    async def _ask(self, wire: bytes) -> int:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        writer.write(wire)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = next((line[15:] for line in head.split("\r\n") if line.startswith("content-length:")), "0")
        await reader.readexactly(int(length))
        if "connection: close" in head:
            self.close()
        return int(head.split(" ", 2)[1])

    def close(self) -> None:
        """End the connection."""
        if self.streams is not None:
            self.streams[1].close()
            self.streams = None


async def _send(port: int, posts: list[Post | Get], rate: float, lines: int, on: Callable[[int], None]) -> Answered:
    """Every request at its time, over so many connections."""
    answered, free = Answered(), asyncio.Queue[Line]()
    for _ in range(lines):
        free.put_nowait(Line(port))
    began = time.perf_counter()

    async def one(number: int, post: Post | Get) -> None:
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        on(number)
        line = await free.get()
        status = await line.ask(post.wire())
        free.put_nowait(line)
        answered.seconds.append(time.perf_counter() - due)
        answered.statuses[status] += 1
        if status == 303:
            answered.acknowledged.append(post.key)

    await asyncio.gather(*(one(number, post) for number, post in enumerate(posts)))
    answered.elapsed = time.perf_counter() - began
    while not free.empty():
        free.get_nowait().close()
    return answered


def send(
    port: int,
    posts: Iterable[Post | Get],
    *,
    rate: float = 1e9,
    lines: int = 16,
    on: Callable[[int], None] = lambda number: None,
) -> Answered:
    """Send them all; `on` is told each one's number as it is sent. The caller's own thread may have a loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _send(port, list(posts), rate, lines, on)).result()


def people(count: int, path: str, seed: int = 1) -> Iterable[Post]:
    """So many people, each at an address of their own, who answer four scales; one in four writes a line."""
    draw = random.Random(seed)
    for number in range(count):
        fields = {code: str(draw.randint(1, 5)) for code in ("maal", "indsats", "effekt", "samarbejde")}
        if number % 4 == 0:
            fields["mere"] = f"Besøgene kommer til tiden, og jeg ved, hvem der kommer. Svar {number}."
        yield Post(str(number), path, fields, f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")

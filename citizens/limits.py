"""How many posts one address may send, so that no script fills a survey. Kept in this process's memory only.

An address is known by a hash under a key that dies with the process, and forgotten when its bucket is full again:
after a minute or two, never later than ten. It is never written anywhere, nor logged.

Many honest people may share one address: a school, a library, a nursing home. Hence a large bucket that fills quickly,
and a second one for those who were refused, waited as told and tried again. A script that does not wait never empties
the second, so it locks nobody out.
"""

import math
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

BURST, A_SECOND = 60, 1.0
SWEEP_AFTER = BURST / A_SECOND  # seconds: what fills an empty bucket
KEPT = 600  # seconds after which everything is forgotten, and the key changed, whatever goes on
WAIT = 10  # seconds somebody who was refused is told to wait
TICKET = "_vent"  # the hidden field that says since when somebody has waited
_SALT = "citizens.limits"


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Limiter:
    """Buckets of `burst` posts that fill with `a_second`, one for each address."""

    def __init__(self, burst: int, a_second: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.burst, self.a_second, self.clock = burst, a_second, clock
        self._buckets: dict[bytes, _Bucket] = {}
        self._key, self._key_since = secrets.token_bytes(16), clock()
        self._lock = threading.Lock()
        self._sweeper: threading.Timer | None = None

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, address: str) -> bool:
        """Whether the address may post once more; then that is one less. Without an address everybody may."""
        if not address:
            return True
        with self._lock:
            now, key = self.clock(), blake2b(address.encode(), key=self._key, digest_size=16).digest()
            bucket = self._buckets.setdefault(key, _Bucket(self.burst, now))
            left = min(self.burst, bucket.left + (now - bucket.at) * self.a_second)
            is_allowed = left >= 1
            bucket.left, bucket.at = left - is_allowed, now
            self._plan_sweep()
        return is_allowed

    def sweep(self) -> None:
        """Forget the addresses whose buckets are full again; and all of them as often as nothing may be kept longer."""
        now = self.clock()
        with self._lock:
            if now - self._key_since >= KEPT - SWEEP_AFTER:
                self._start_anew(now)
            self._buckets = {key: one for key, one in self._buckets.items() if now - one.at < SWEEP_AFTER}
            self._sweeper = None
            self._plan_sweep()

    def forget(self) -> None:
        """Forget every address."""
        with self._lock:
            self._start_anew(self.clock())

    def _start_anew(self, now: float) -> None:
        self._buckets = {}
        self._key, self._key_since = secrets.token_bytes(16), now

    def _plan_sweep(self) -> None:
        """By a clock of its own, for an address must be forgotten also when nobody comes after it."""
        if self._buckets and self._sweeper is None:
            self._sweeper = threading.Timer(SWEEP_AFTER, self.sweep)
            self._sweeper.daemon = True
            self._sweeper.start()


fresh, waited = Limiter(BURST, A_SECOND), Limiter(BURST // 2, A_SECOND)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Too many posts: how long to wait, and the ticket that the page carries until then."""

    seconds: int
    ticket: str


def refusal(request: HttpRequest) -> Refusal | None:
    """None when the post may pass. Its form carries `TICKET` when an earlier one was refused."""
    address, ticket, now = address_of(request), request.POST.get(TICKET, ""), time.time()
    waited_for = _age(ticket, now)
    if waited_for is None:
        return None if fresh.take(address) else Refusal(WAIT, _ticket(now))
    if waited_for < WAIT:
        return Refusal(math.ceil(WAIT - waited_for), ticket)
    return None if waited.take(address) else Refusal(WAIT, _ticket(now))


def _ticket(now: float) -> str:
    return signing.dumps(now, salt=_SALT)


def _age(ticket: str, now: float) -> float | None:
    """Seconds since the ticket was given; None for none, a forged and a stale one."""
    try:
        age = now - float(signing.loads(ticket, salt=_SALT))
    except signing.BadSignature:
        return None
    return age if age <= KEPT else None


def address_of(request: HttpRequest) -> str:
    """Where the post comes from: behind a proxy what the proxy itself added; of IPv6 the network of one subscriber."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    text = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        found = ip_address(text)
    except ValueError:
        return text
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or int(found) >> 64)
    return text

"""`manage.py tick` in processes of its own, killed at any point or run twice at once: the same end, each mail once."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random

import pytest
from django.conf import settings
from django.db import connection

from followup.models import Submission
from organisation.models import UnitKind
from organisation.permissions import Role
from tests import factories
from tests.copies import Copy
from tests.smtp import MailServer

SCHOOLS = 40
NOW = "2026-08-21T06:00"  # a week late: forty leaders, and a copy to the head
MAILS = SCHOOLS + 1
# How often it is killed; each takes some eight seconds. Installations that send mail to many are on PostgreSQL.
RUNS = {"postgresql": 10, "sqlite": 4}


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer().start()
    server.pause = 0.004
    yield server
    server.stop()


@pytest.fixture
def late(transactional_db) -> None:
    """Forty schools of one department owe a report that was due a week ago."""
    town = factories.municipality()
    round_ = factories.round_(town.committee, state="in_approval", meeting_date=date(2026, 10, 1))
    for _ in range(SCHOOLS):
        school = factories.unit(town.department, UnitKind.INSTITUTION)
        factories.user(Role.MANAGER, school)
        Submission.objects.create(round=round_, unit=school, deadline=date(2026, 8, 14))


def tick(copy: Copy, server: MailServer) -> subprocess.Popen[bytes]:
    path = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = {
        **path,
        "SECRET_KEY": "only-for-tests",
        "ALLOWED_HOSTS": "maal.example.dk",
        "DATABASE_URL": copy.url,
        "EMAIL_URL": server.url,
    }
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "tick", "--now", NOW]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(process: subprocess.Popen[bytes]) -> str:
    try:
        out, errors = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 0, errors.decode()
    return out.decode()


def counts(said: str) -> dict[str, int]:
    return {name: int(count) for name, count in (pair.split(" ") for pair in said.strip().split(", "))}


def kill_after(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Killed so long after it was started; whether it was still running."""
    time.sleep(seconds)
    process.kill()
    process.communicate()
    return process.returncode == -signal.SIGKILL


def kill_when_taken(process: subprocess.Popen[bytes], server: MailServer, count: int) -> None:
    """Killed by the server itself, when it has taken so many and before the sender has heard of the last."""
    start = len(server.taken)

    def on_taken(taken: int) -> None:
        if taken == start + count:
            os.kill(process.pid, signal.SIGKILL)

    server.on_taken = on_taken
    try:
        process.communicate(timeout=120)
    finally:
        process.kill()
        server.on_taken = None
    assert process.returncode == -signal.SIGKILL


def test_killed_at_any_point_the_end_is_the_same_and_each_mail_goes_once(copies, late, server):
    undisturbed = copies()
    began = time.perf_counter()
    said = counts(finish(tick(undisturbed, server)))
    whole = time.perf_counter() - began
    assert (said["mails"], said["sent"]) == (MAILS, MAILS)
    expected = undisturbed.end_state()
    assert len(expected[0]) == MAILS
    assert {mail[4] for mail in expected[0]} == {"sent"}
    random, killed, repeated = Random(14), 0, 0
    runs = RUNS[connection.vendor]
    for run in range(runs):
        copy = copies()
        server.taken.clear()
        if run % 2:
            kill_when_taken(tick(copy, server), server, random.randint(1, 12))
        else:
            while not kill_after(tick(copy, server), whole * random.uniform(0.35, 0.95)):
                # The machine has become faster since: begin anew, and be quicker.
                whole *= 0.8
                copy = copies()
                server.taken.clear()
        killed += 1
        left = MAILS - copy.query("SELECT count(*) FROM followup_mail WHERE state = 'sent'")[0][0]
        if left:
            kill_when_taken(tick(copy, server), server, random.randint(1, left))
            killed += 1
        finish(tick(copy, server))
        assert copy.end_state() == expected
        taken = Counter(server.ids)
        assert set(taken) == set(copy.message_ids())
        # Only where the server had accepted one and we had not heard of it may that one come again: once a kill.
        assert sum(taken.values()) - MAILS <= 2
        repeated += sum(taken.values()) - MAILS
    assert counts(finish(tick(copy, server)))["sent"] == 0
    assert killed >= runs * 3 // 2
    # The kills by the server fall in that very window: had they not, nothing would have been tested.
    assert repeated >= runs


def test_two_at_once_write_and_send_each_mail_once(copies, late, server):
    alone = copies()
    finish(tick(alone, server))
    server.taken.clear()
    copy = copies()
    said = [counts(finish(one)) for one in [tick(copy, server) for _ in range(2)]]
    assert sum(one["mails"] for one in said) == MAILS
    assert sum(one["sent"] for one in said) == MAILS
    assert copy.end_state() == alone.end_state()
    assert Counter(server.ids) == Counter(copy.message_ids())

"""`manage.py work` in processes of its own: killed, stopped, two at once, its child killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.utils import timezone

from followup.models import RoundState
from organisation.permissions import Role
from reports.actions.publishing import approve_report, write_report
from reports.models import Job
from reports.models.making import STALE
from reports.subject import ordinary
from tests import factories
from tests.copies import Copy
from tests.reports.conftest import measured_goal

LONG = 60.0


@pytest.fixture
def asked(transactional_db):
    """A report that takes some seconds, approved, with a director who asks for things."""
    town = factories.municipality()
    round_ = factories.round_(town.committee, state=RoundState.READY)
    for rank in range(1, 16):
        measured_goal(town, rank, [70, 71, 72, 73, 74], series=4)
    subject = ordinary(round_)
    write_report(subject, highlights="Et", recommendation="To", version=1, by=town.consultant, now=factories.NOW)
    approve_report(ordinary(round_), version=2, by=town.director, now=factories.NOW)
    town.round = round_
    return town


def ask(town, kind="pdf", by=None, **fields):
    return Job.objects.create(
        round=town.round, report=str(town.round.pk), kind=kind, by=by or town.director, made_at=timezone.now(), **fields
    )


@pytest.fixture
def work() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts workers on a copy; those that still run are ended after the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(copy: Copy, *options: str) -> subprocess.Popen[bytes]:
        path = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        env = {**path, "SECRET_KEY": "only-for-tests", "ALLOWED_HOSTS": "maal.example.dk", "DATABASE_URL": copy.url}
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work", *options]
        process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until(copy: Copy, sql: str, seconds: float = LONG) -> list[tuple]:
    """The rows, as soon as there are any."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if rows := copy.query(sql):
            return rows
        time.sleep(0.05)
    raise AssertionError(f"nothing in {seconds} s: {sql}; {copy.query('SELECT * FROM reports_job')}")


def jobs(copy: Copy) -> list[tuple]:
    return copy.query("SELECT state, tries, error FROM reports_job ORDER BY id")


def published(copy: Copy) -> int:
    return copy.query("SELECT count(*) FROM reports_edition")[0][0]


def children(process: subprocess.Popen[bytes]) -> list[int]:
    with open(f"/proc/{process.pid}/task/{process.pid}/children") as file:
        return [int(pid) for pid in file.read().split()]


def execute(copy: Copy, sql: str) -> None:
    """Change the copy as another process would."""
    code = f"from django.db import connection as c; c.cursor().execute({sql!r})"
    env = {**os.environ, "DATABASE_URL": copy.url, "SECRET_KEY": "only-for-tests"}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "shell", "-v", "0", "-c", code]
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)


def test_it_makes_what_is_asked_for_and_leaves(asked, copies, work):
    ask(asked)
    ask(asked, "publish", version=3)
    copy = copies()
    worker = work(copy, "--until-empty")
    assert worker.wait(LONG) == 0, worker.stderr.read().decode()
    assert jobs(copy) == [("done", 1, ""), ("done", 1, "")]
    (pages,) = copy.query("SELECT pages FROM reports_madefile")[0]
    assert pages > 10
    assert published(copy) == 1
    assert copy.query("SELECT count(*) FROM reports_editionfile")[0][0] == 4
    assert not copy.query("SELECT * FROM reports_worker")


def test_killed_while_it_publishes_nothing_is_published_and_the_next_does_it(asked, copies, work):
    ask(asked, "publish", version=3)
    copy = copies()
    first = work(copy)
    until(copy, "SELECT 1 FROM reports_job WHERE state = 'running' AND done > 0")
    first.kill()
    first.wait()
    time.sleep(1.5)  # its child ends at the next word it says
    assert published(copy) == 0
    assert jobs(copy) == [("running", 1, "")]
    old = (timezone.now() - 2 * STALE).strftime("%Y-%m-%d %H:%M:%S")
    execute(copy, f"UPDATE reports_job SET heartbeat = '{old}'")
    assert work(copy, "--until-empty").wait(LONG) == 0
    assert jobs(copy) == [("done", 2, "")]
    assert published(copy) == 1


def test_a_child_that_is_killed_takes_nobody_with_it(asked, copies, work):
    ask(asked)
    copy = copies()
    worker = work(copy)
    for tries in (1, 2, 3):
        until(copy, f"SELECT 1 FROM reports_job WHERE state = 'running' AND tries = {tries}")
        while not children(worker):
            time.sleep(0.02)
        os.kill(children(worker)[0], signal.SIGKILL)
    until(copy, "SELECT 1 FROM reports_job WHERE state = 'failed'")
    assert jobs(copy) == [("failed", 3, "crashed")]
    assert worker.poll() is None


def test_cancelled_the_child_is_ended_within_two_seconds(asked, copies, work):
    ask(asked)
    copy = copies()
    worker = work(copy)
    until(copy, "SELECT 1 FROM reports_job WHERE state = 'running'")
    now = timezone.now().strftime("%Y-%m-%d %H:%M:%S")
    while not children(worker):
        time.sleep(0.02)
    os.kill(children(worker)[0], signal.SIGSTOP)  # it would otherwise be done before the question
    execute(copy, f"UPDATE reports_job SET state = 'cancelled', ended_at = '{now}'")
    end = time.monotonic() + 8
    while children(worker) and time.monotonic() < end:
        time.sleep(0.05)
    assert not children(worker)
    assert jobs(copy)[0][0] == "cancelled"
    assert not copy.query("SELECT * FROM reports_madefile")
    assert worker.poll() is None


def test_stopped_it_puts_the_job_back(asked, copies, work):
    ask(asked)
    copy = copies()
    worker = work(copy)
    until(copy, "SELECT 1 FROM reports_job WHERE state = 'running'")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
    assert jobs(copy) == [("waiting", 0, "")]
    assert not copy.query("SELECT * FROM reports_worker")


def test_two_workers_share_the_queue_and_make_each_once(asked, copies, work):
    people = [factories.user(Role.DIRECTOR, asked.board) for _ in range(3)]
    for person in people:
        for kind in ("csv", "docx"):
            ask(asked, kind, by=person)
    copy = copies()
    workers = [work(copy, "--until-empty") for _ in range(2)]
    assert [worker.wait(LONG) for worker in workers] == [0, 0]
    assert jobs(copy) == [("done", 1, "")] * 6

"""The worker: takes jobs one by one and makes each in a child process, so that its memory goes back afterwards.

The child says how far it is through a pipe. Cancelling a job, or stopping the worker, ends the child; a child that dies
is noticed, and takes nobody with it.
"""

import logging
import signal
import time
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from uuid import uuid4

from django.db import DatabaseError, connections
from django.utils import timezone

from reports.actions import making as actions
from reports.job_kinds import JobError, JobStep
from reports.models import Job

LOG = logging.getLogger("reports.worker")
PAUSE = 1.0  # seconds between two looks at an empty queue
LISTEN = 0.2  # seconds between two looks at the child
TELL_EVERY = 1.0  # seconds between two heartbeats of a job; how long cancelling takes
BEAT_EVERY = 10.0  # of the worker; `STALE` is three of them
LOOK_ROUND_EVERY = 30.0  # for people to be told
LONGEST = 15 * 60.0  # for one job
# fork: the child begins with everything imported. The worker itself has no thread that could be lost on the way.
PROCESSES = get_context("fork")
Heard = tuple[str, int, int | None]


class WorkerProcess:
    """One worker from start to stop."""

    def __init__(self) -> None:
        self.token = uuid4().hex
        self.is_stopping = False
        self._beat_at = self._looked_at = float("-inf")

    def stop(self, *_signal: object) -> None:
        """Put the job back and leave, as soon as may be."""
        self.is_stopping = True

    def run(self, *, until_empty: bool = False) -> None:
        """Take jobs until stopped, or until there is none."""
        for which in (signal.SIGTERM, signal.SIGINT):
            signal.signal(which, self.stop)
        while not self.is_stopping:
            try:
                took = self._turn()
            except DatabaseError:
                # Away for a moment, or full: what was held is taken up again when its heartbeat is old.
                LOG.exception("the database does not answer")
                _close_connections()
                took = False
            if not took and until_empty:
                break
            if not took and not self.is_stopping:
                time.sleep(PAUSE)
        with suppress(DatabaseError):
            actions.leave(self.token)

    def _turn(self) -> bool:
        """Live, tell people, and see the next job through; whether there was one."""
        self._live()
        if time.monotonic() - self._looked_at > LOOK_ROUND_EVERY:
            actions.tell_unheard(timezone.now())
            self._looked_at = time.monotonic()
        job = actions.take(self.token, now=timezone.now())
        if job is None:
            return False
        self._see_through(job)
        return True

    def _live(self) -> None:
        if time.monotonic() - self._beat_at > BEAT_EVERY:
            actions.beat(self.token, now=timezone.now())
            self._beat_at = time.monotonic()

    def _see_through(self, job: Job) -> None:
        # A connection belongs to one process.
        _close_connections()
        receiver, sender = PROCESSES.Pipe(duplex=False)
        child = PROCESSES.Process(target=_child, args=(job.pk, job.token, receiver, sender))
        child.start()
        sender.close()
        try:
            if not self._follow(job, child, receiver):
                return
        finally:
            _end(child)
            receiver.close()
        # Whatever it said, it has ended: done, failed, or dead with the job still its own.
        if child.exitcode != 0:
            LOG.warning("job %s: its process ended with %s", job.pk, child.exitcode)
        actions.died(job, now=timezone.now())

    def _follow(self, job: Job, child: BaseProcess, receiver: Connection) -> bool:
        """Pass on how far the child is until it ends; False when it is to be ended instead."""
        began = told = time.monotonic()
        heard: Heard = (JobStep.READING, 0, None)
        while child.is_alive():
            heard = _last_heard(receiver, child) or heard
            if self.is_stopping:
                _end(child)
                actions.put_back(job)
                return False
            if time.monotonic() - began > LONGEST:
                _end(child)
                actions.fail(job, JobError.TOO_LONG, now=timezone.now())
                return False
            if time.monotonic() - told > TELL_EVERY:
                self._live()
                if not actions.tell_progress(job, *heard, now=timezone.now()):
                    # Cancelled, or the child has just ended it itself.
                    child.join(LISTEN)
                    return False
                told = time.monotonic()
        child.join()
        return True


def _last_heard(receiver: Connection, child: BaseProcess) -> Heard | None:
    """The last that the child has said since, waiting a moment for it."""
    heard = None
    try:
        if receiver.poll(LISTEN):
            heard = receiver.recv()
            while receiver.poll():
                heard = receiver.recv()
    except EOFError:
        child.join(LISTEN)
    return heard


def _end(child: BaseProcess) -> None:
    if child.is_alive():
        child.terminate()
        child.join(2)
    if child.is_alive():
        child.kill()
    child.join()


def _child(pk: int, token: str, receiver: Connection, sender: Connection) -> None:
    """The child's whole life. When the worker dies, the next word it says ends it too."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the worker decides
    receiver.close()
    job = Job.objects.held_by(pk, token).select_related("round__authority", "round__body", "by").first()
    if job is not None:
        actions.perform(job, partial(_say, sender))
    _close_connections()


def _say(sender: Connection, step: JobStep, done: int, total: int | None) -> None:
    try:
        sender.send((step.value, done, total))
    except OSError as error:
        # Nobody listens: the worker was killed, and another will take the job up.
        raise actions.Gone from error


def _close_connections() -> None:
    for connection in connections.all(initialized_only=True):
        connection.close()
        if close_pool := getattr(connection, "close_pool", None):
            close_pool()

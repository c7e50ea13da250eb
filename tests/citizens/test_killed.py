"""`manage.py tick` killed at any point: a survey's promise is kept whole or not begun, and each link goes out once."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random

import pytest
from django.conf import settings

from citizens.actions.invitations import invite
from citizens.invited_lists import Invitee
from citizens.kinds import Method
from citizens.models import Comment, Invitation, Response
from citizens.tokens import hash_of, new_token
from tests import factories
from tests.citizens import asked
from tests.copies import Copy
from tests.followup.test_killed import finish, kill_when_taken
from tests.smtp import MailServer

NOW = "2026-09-15T00:15"
DAY = date(2026, 9, 14)
MANY, MAILS = 200, 20


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer().start()
    server.pause = 0.004
    yield server
    server.stop()


@pytest.fixture
def due(transactional_db) -> None:
    """One survey whose answers go today, one with a day's answers to shuffle, one with invitations to send."""
    town = factories.municipality()
    days = {"opens_on": date(2026, 9, 1), "closes_on": date(2026, 9, 30), "answers_until": date(2028, 1, 1)}
    ended = {**days, "closes_on": date(2026, 9, 10), "addresses_until": date(2026, 9, 15)}
    old = asked.survey(town.school, **{**ended, "answers_until": date(2026, 9, 15)}, slug="old", state="closed")
    new = asked.survey(town.school, **days, addresses_until=date(2026, 10, 31), slug="new")
    inviting = asked.survey(town.school, **days, addresses_until=date(2026, 10, 31), slug="inviting")
    for survey in (old, new):
        version = asked.questionnaire(survey)
        Response.objects.bulk_create(
            Response(survey=survey, questionnaire=version, method=Method.INVITATION, day=DAY, answers={"maal": "1"})
            for _one in range(MANY)
        )
        Comment.objects.bulk_create(Comment(survey=survey, question_code="mere", text="Tak") for _one in range(MANY))
        Invitation.objects.bulk_create(
            Invitation(survey=survey, token_hash=hash_of(new_token()), is_used=True) for _one in range(MANY)
        )
    people = [Invitee(f"p{number}@example.dk") for number in range(MAILS)]
    invite(inviting, people, by=town.manager, now=factories.NOW)


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


def rows(copy: Copy) -> dict[str, Counter]:
    """How many rows each survey has, by whether they are shuffled."""
    return {
        table: Counter(
            {(slug, bool(shuffled)): count for slug, shuffled, count in copy.query(
                f"SELECT s.slug, t.is_shuffled, count(*) FROM citizens_{table} t"
                " JOIN citizens_survey s ON s.id = t.survey_id GROUP BY 1, 2"
            )}
        )
        for table in ("response", "comment", "invitation")
    }  # fmt: skip


def check(copy: Copy) -> None:
    """Every survey's rows in all tables are as before, or as after: nothing in between."""
    now = rows(copy)
    for table, counts in now.items():
        assert counts["new", False] + counts["new", True] == MANY, table
        assert counts["new", True] in (0, MANY), table
        assert counts["old", False] + counts["old", True] in (0, MANY), table
    assert len({now[table]["new", True] for table in now}) == 1
    gone = [now[table]["old", False] + now[table]["old", True] for table in ("response", "comment")]
    assert len(set(gone)) == 1


# Keeps what is promised, and is killed before the step of that number: a deletion, a rewriting, or a line of history.
KILLED = """
import os, signal, sys
from datetime import datetime
import django
django.setup()
from citizens.actions import keeping
step = 0
def counted(do):
    def counting(*args, **fields):
        global step
        step += 1
        if step == int(sys.argv[1]):
            os.kill(os.getpid(), signal.SIGKILL)
        return do(*args, **fields)
    return counting
for name in ("_delete", "_store", "_record"):
    setattr(keeping, name, counted(getattr(keeping, name)))
print(keeping.keep_promises(datetime.fromisoformat(sys.argv[2])))
"""


def keep(copy: Copy, killed_at: int) -> subprocess.CompletedProcess[bytes]:
    env = {"SECRET_KEY": "only-for-tests", "ALLOWED_HOSTS": "maal.example.dk", "DATABASE_URL": copy.url}
    env |= {"DJANGO_SETTINGS_MODULE": "malstyring.settings", "PYTHONPATH": str(settings.BASE_DIR)}
    command = [sys.executable, "-c", KILLED, str(killed_at), f"{NOW}+02:00"]
    return subprocess.run(command, env=env, capture_output=True, timeout=120, check=False)


def test_killed_at_every_step_each_survey_is_whole(copies, due):
    undisturbed = copies()
    assert keep(undisturbed, 0).stdout.strip() == b"2"
    expected = rows(undisturbed)
    assert expected["response"] == {("new", True): MANY}
    copy, states, step = copies(), [], 1
    while (done := keep(copy, step)).returncode == -signal.SIGKILL:
        check(copy)
        states.append(str(rows(copy)))
        step += 1
        assert step < 30
    assert done.returncode == 0, done.stderr.decode()
    assert rows(copy) == expected
    # Each promise that was whole before the kill stays kept: the rows were seen as they were, and in between.
    assert step > 6 and len(set(states)) > 1


def test_killed_while_sending_each_link_reaches_its_address(copies, due, server):
    copy = copies()
    tokens = dict(copy.query("SELECT address, token FROM citizens_invitedaddress"))
    random = Random(3)
    for _run in range(3):
        kill_when_taken(tick(copy, server), server, random.randint(1, 8))
    finish(tick(copy, server))
    assert not copy.query("SELECT 1 FROM citizens_invitedaddress WHERE token <> ''")
    sent = Counter((message["To"], message["Message-ID"]) for message in server.taken)
    assert {address for address, _id in sent} == set(tokens)
    # One more for each kill, which fell between the server's word and our hearing it; with the same Message-ID.
    assert (len(sent), sum(sent.values())) == (MAILS, MAILS + 3)
    for message in server.taken:
        assert f"/svar/{tokens[message['To']]}/" in message.get_body(("plain",)).get_content()

"""Many answers at once, from scripts and from people, against real processes on both databases."""

import hashlib
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from threading import Event, Thread

import pytest
from django.conf import settings

from benchmarks.posting import Post, people, send
from citizens import limits
from tests.citizens import asked
from tests.citizens.asked import ALL
from tests.citizens.serving import Serving

ADDRESS = "203.0.113.77"  # nobody's


@pytest.fixture
def survey(town):
    survey = asked.survey(town.school)
    asked.questionnaire(survey)
    return survey


def count(copy, table: str, where: str = "1=1") -> int:
    return copy.query(f"SELECT count(*) FROM citizens_{table} WHERE {where}")[0][0]


def test_fifty_at_once_on_one_invitation(transactional_db, survey, copies, tmp_path):
    token = asked.invitation(survey)
    posts = [Post(str(n), f"/svar/{token}/", {**ALL, "mere": f"Svar {n}"}) for n in range(50)]
    copy = copies()
    with Serving(copy.url, tmp_path) as server:
        answered = send(server.port, posts, lines=50)
    assert answered.statuses == {303: 1, 410: 49}
    assert count(copy, "response") == count(copy, "comment") == count(copy, "invitation", "is_used") == 1
    assert copy.query("SELECT text FROM citizens_comment") == [(f"Svar {answered.acknowledged[0]}",)]


def test_twenty_codes_at_once(transactional_db, town, copies, tmp_path):
    """The same where answers have a code."""
    survey = asked.survey(town.school, anonymity="pseudonymous")
    asked.questionnaire(survey)
    token = asked.participant(survey)
    copy = copies()
    with Serving(copy.url, tmp_path) as server:
        answered = send(server.port, [Post(str(n), f"/svar/{token}/", ALL) for n in range(20)], lines=20)
    assert answered.statuses == {303: 1, 410: 19}
    assert count(copy, "response") == count(copy, "participantresponse") == 1


def test_a_killed_process_loses_nothing_that_was_acknowledged(transactional_db, survey, copies, tmp_path):
    posts = [
        Post(post.key, post.path, {**post.fields, "mere": f"Svar nummer {post.key}"}, post.address)
        for post in people(400, "/svar/hjaelp/")
    ]
    copy = copies()
    with Serving(copy.url, tmp_path) as server:
        before = server.workers()
        answered = send(server.port, posts, rate=150, on=lambda number: server.kill_one() if number == 200 else None)
        assert set(server.workers()) != set(before)  # one was killed, and another has taken its place
    stored = {text.removeprefix("Svar nummer ") for (text,) in copy.query("SELECT text FROM citizens_comment")}
    assert set(answered.acknowledged) <= stored
    assert answered.statuses[303] > 300  # the rest lived on
    assert count(copy, "response") == len(stored)  # whole or not at all


def test_a_script_is_stopped_and_nobody_else_is(transactional_db, survey, copies, tmp_path):
    copy = copies()
    with Serving(copy.url, tmp_path) as server:
        answered = send(server.port, [Post(str(n), "/svar/hjaelp/", ALL, ADDRESS) for n in range(500)])
        refused, stored = answered.statuses[429], answered.statuses[303]
        assert refused + stored == 500
        most = 2 * (limits.BURST + limits.A_SECOND * answered.elapsed) + 2
        assert limits.BURST <= stored <= most
        elsewhere = send(server.port, [Post("a", "/svar/hjaelp/", {"maal": "1"}, "203.0.113.78")])
        assert elsewhere.statuses == {303: 1}
        assert honest(server.port) == 303
    marked = mark(copy)
    alone = count(copy, "response", "NOT is_repeated")
    assert marked == {"response": count(copy, "response"), "is_repeated": count(copy, "response", "is_repeated")}
    assert marked["is_repeated"] >= stored
    assert 1 <= alone <= 2  # from elsewhere, and the honest one unless sent more than once
    everything = dump(copy) + server.log
    for trace in (ADDRESS, *(hashlib.new(kind, ADDRESS.encode()).hexdigest() for kind in ("md5", "sha1", "sha256"))):
        assert trace not in everything


def honest(port: int) -> int:
    """Somebody at the script's address, who waits as told while the script goes on; the last status."""
    is_over = Event()

    def go_on() -> None:
        while not is_over.is_set():
            send(port, [Post(str(n), "/svar/hjaelp/", ALL, ADDRESS) for n in range(20)], rate=40, lines=2)

    script = Thread(target=go_on)
    script.start()
    try:
        fields = {"maal": "2", "effekt": "2", "mere": "Jeg er ikke et program."}
        time.sleep(2)
        answers = (post(port, fields) for _ in range(20))  # lucky at once: then again
        status, page, wait = next(answer for answer in answers if answer[0] == 429)
        assert "Jeg er ikke et program." in page
        for _ in range(3):  # two processes: the other may not have met the ticket's wait yet
            time.sleep(wait + 1)
            found = re.search(r'name="_vent" value="([^"]+)"', page)
            status, page, wait = post(port, fields | ({"_vent": found[1]} if found else {}))
            if status == 303:
                break
        return status
    finally:
        is_over.set()
        script.join()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def post(port: int, fields: dict[str, str]) -> tuple[int, str, int]:
    """Status, page, and for how long one is told to wait."""
    data = urllib.parse.urlencode(fields).encode()
    asked_for = urllib.request.Request(f"http://127.0.0.1:{port}/svar/hjaelp/", data, {"X-Forwarded-For": ADDRESS})
    try:
        with urllib.request.build_opener(NoRedirect).open(asked_for) as answer:
            return answer.status, answer.read().decode(), 0
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), int(error.headers.get("Retry-After", 0))


MARK = """
from citizens.actions.answers import mark_repeated
from citizens.models import Response, Survey
marked = mark_repeated(Survey.objects.get())
assert mark_repeated(Survey.objects.get()) == 0
print(Response.objects.count(), marked)
"""


def mark(copy) -> dict[str, int]:
    """What `tick` does about the same answers again and again."""
    env = {**os.environ, "DATABASE_URL": copy.url, "DEBUG": "1"}
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", MARK]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=True)
    responses, marked = done.stdout.split()[-2:]
    return {"response": int(responses), "is_repeated": int(marked)}


def dump(copy) -> str:
    """Every value of every table."""
    is_sqlite = copy.url.startswith("sqlite")
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if is_sqlite
        else "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    )
    return "\n".join(str(row) for (table,) in copy.query(names) for row in copy.query(f'SELECT * FROM "{table}"'))

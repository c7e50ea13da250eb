"""What a tablet may keep: published reports, under the key of one sign-in; sign-out asks for all to be deleted."""

import json
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from organisation.permissions import Role
from reports.actions import publishing
from reports.actions.publishing import approve_report, publish_report
from reports.files import FileKind
from reports.subject import ordinary
from tests import factories
from tests.followup.flow import html


def publish(reported, monkeypatch) -> None:
    monkeypatch.setattr(publishing, "KINDS", {"pdf": FileKind("application/pdf", lambda _content: b"%PDF-1.7")})
    for step in (approve_report, publish_report):
        version = ordinary(reported.round).report.version
        step(ordinary(reported.round), version=version, by=reported.town.director, now=factories.NOW)


@pytest.fixture
def published(reported, monkeypatch):
    publish(reported, monkeypatch)
    reported.url = reverse("reports:report_reading", args=[reported.round.pk])
    return reported


def test_a_published_report_may_be_kept_by_the_worker_and_nobody_else(published, sign_in):
    answer = sign_in(published.town.politician).get(published.url)
    assert unquote(answer["Reading-Title"]).replace("\u00a0", " ") == (
        "Opfølgning på 2. kvartal 2026, Børne- og Skoleudvalget"
    )
    assert answer["Cache-Control"] == "private, no-store"
    until = int(answer["Reading-Until"])
    login = published.town.politician
    login.refresh_from_db()
    assert abs(until - login.last_login.timestamp() - 60 * settings.READING_MINUTES) < 5


def test_every_sign_in_has_a_key_of_its_own(published, sign_in):
    person = published.town.politician
    one, two = sign_in(person), sign_in(person)
    keys = [client.get(published.url)["Reading-Key"] for client in (one, two, one)]
    assert keys[0] != keys[1]
    assert keys[0] == keys[2]


def test_the_page_holds_nothing_about_its_reader(published, sign_in):
    person = factories.user(Role.READER, published.town.school, first_name="Solveig", last_name="Ravn")
    page = html(sign_in(person).get(published.url))
    for word in ("Solveig", "Ravn", "csrf", "<form", person.username):
        assert word not in page
    assert html(Client().get(published.url, follow=True)).count("<form")  # a stranger is asked to sign in


def test_nothing_of_closed_items_is_kept(reported, sign_in, monkeypatch):
    factories.agenda_item(reported.round, title="Indsats mod fravær")
    factories.agenda_item(
        reported.round, position=2, title="Solsortevej", is_closed=True, closed_reason="Køb", public_title="En ejendom"
    )
    publish(reported, monkeypatch)
    client = sign_in(reported.town.politician)
    assert "En ejendom" in html(client.get(reverse("reports:report_detail", args=[reported.round.pk])))
    page = html(client.get(reverse("reports:report_reading", args=[reported.round.pk])))
    assert "Indsats mod fravær" in page
    for word in ("ejendom", "Solsortevej", "Lukket punkt"):
        assert word not in page


def test_a_draft_is_read_where_it_is_written(reported, sign_in):
    url = reverse("reports:report_reading", args=[reported.round.pk])
    answer = sign_in(reported.town.politician).get(url)
    assert (answer.status_code, answer["Location"]) == (302, f"/rapporter/{reported.round.pk}/")
    assert "Reading-Key" not in answer


def test_a_refusal_is_not_kept(published, sign_in):
    published.round.state, published.round.meeting_date = "open", factories.date.today() + timedelta(days=9)
    published.round.save()
    other = factories.user(Role.POLITICIAN, published.town.other_committee)
    answer = sign_in(other).get(published.url)
    assert answer.status_code == 403
    assert "Reading-Key" not in answer


def test_the_worker_keeps_everything_the_pages_are_drawn_with():
    answer = Client().get(reverse("reports:reading_worker"))
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    files = json.loads(re.search(r"const FILES = (\[.*\]);", answer.content.decode())[1])
    assert all(finders.find(path.removeprefix("/static/")) for path in files)
    base = Path(settings.BASE_DIR, "templates/reports/reading_base.html").read_text()
    drawn = {f"/static/{path}" for path in re.findall(r'\{% asset "([^"]+)"', base)}
    assert drawn | {"/static/malstyring/symbols.svg"} <= set(files)


def test_signing_out_asks_the_browser_to_delete_everything(town, sign_in):
    client = sign_in(town.politician)
    assert "Clear-Site-Data" not in client.get("/log-ud/")
    assert client.post("/log-ud/")["Clear-Site-Data"] == '"cache", "storage"'


def test_signing_in_deletes_nothing_for_unsaved_texts_wait_there(town):
    town.politician.set_password("et langt kodeord")
    town.politician.save()
    answer = Client().post("/log-ind/", {"login": town.politician.username, "password": "et langt kodeord"})
    assert answer.status_code == 302
    assert "Clear-Site-Data" not in answer

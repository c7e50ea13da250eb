"""The draft that makes itself when a round is ready."""

from datetime import timedelta

import pytest

from followup.actions.due import do_what_is_due
from followup.models import Mail, MailOptOut, RoundState
from reports.actions.drafting import draft_ready
from reports.models import Report
from tests import factories
from tests.factories import NOW


@pytest.fixture
def ready(town):
    """A round of the committee's that is ready for its meeting."""
    town.round = factories.round_(town.committee, state=RoundState.READY)
    return town


def test_it_is_made_once_and_those_who_write_are_told(ready):
    assert draft_ready(NOW) == 1
    assert draft_ready(NOW) == 0
    report = Report.objects.get()
    assert (report.round, report.state, report.template) == (ready.round, "draft", "")
    assert {mail.to for mail in Mail.objects.all()} == {ready.director, ready.consultant}
    mail = Mail.objects.first()
    assert mail.subject.startswith("Kladden til rapporten er klar: ")
    assert f"/rapporter/{ready.round.pk}/skriv/" in mail.text
    assert "onsdag den 2. september 2026" in mail.text


@pytest.mark.parametrize("state", [state for state in RoundState if state != RoundState.READY])
def test_no_other_round_has_one(town, state):
    factories.round_(town.committee, state=state)
    assert draft_ready(NOW) == 0
    assert not Report.objects.exists()


def test_none_is_made_after_the_meeting(ready):
    meeting = NOW.replace(month=9, day=2)
    assert draft_ready(meeting + timedelta(days=1)) == 0
    assert draft_ready(meeting) == 1


def test_what_somebody_has_begun_is_left_alone(ready):
    Report.objects.create(round=ready.round, highlights="Begyndt")
    assert draft_ready(NOW) == 0
    assert not Mail.objects.exists()


def test_who_does_without_mails_about_reports_gets_none(ready):
    MailOptOut.objects.create(user=ready.director, topic="reports")
    draft_ready(NOW)
    assert [mail.to for mail in Mail.objects.all()] == [ready.consultant]


def test_tick_makes_it(ready):
    do_what_is_due(NOW, send=False)
    assert Report.objects.filter(round=ready.round).exists()

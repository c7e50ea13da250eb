"""A secret word in a leader's personal goal: nothing public has it, and no mail, calendar, history or search.

Every page and file as every person: `test_walks.py`.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from followup.actions.calendar_feeds import make_feed
from followup.actions.reminders import fill_outbox
from followup.models import Mail
from goals.actions.personal import change_personal_goal, follow_up
from goals.models import PersonalGoal
from organisation.models import HistoryEntry, Portal, PortalDepth
from tests import factories
from tests.malstyring.addresses import OPEN
from tests.malstyring.test_urls import PEOPLE, place, publish_a_report
from tests.malstyring.walking import said

__all__ = ["place"]

SECRET = "Musvitvej"


def plant(place) -> None:
    """The school's leader has a personal goal on the school's goal, changed and followed up by both."""
    personal, due = place.personal, factories.date.today() - timedelta(days=3)
    PersonalGoal.objects.filter(pk=personal.pk).update(goal=place.goal, text=f"Flyt til {SECRET}", due_date=due)
    personal.refresh_from_db()
    personal.title = f"Væk fra {SECRET}"
    change_personal_goal(personal, version=1, by=place.manager, now=factories.NOW)
    follow_up(personal, f"Ikke mere {SECRET}", version=2, by=place.head, now=factories.NOW)
    follow_up(personal, f"{SECRET} igen", version=3, by=place.manager, now=factories.NOW)


@pytest.fixture
def it(place):
    plant(place)
    return place


def test_nothing_public_tells_it(it):
    visitor = Client()
    Portal.objects.create(authority=it.authority, depth=PortalDepth.ALL)
    it.open_round = publish_a_report(it)
    for name, args in OPEN.items():
        page = visitor.get(reverse(name, args=[it.authority.code, *(getattr(it, arg).pk for arg in args)]))
        assert SECRET not in said(page), name


@pytest.mark.parametrize("who", ["manager", "head", "consultant"])
def test_no_mail_calendar_or_history_tells_it(it, who):
    for days in range(40):
        fill_outbox(factories.NOW + timedelta(days=days))
    mails = "\n".join(f"{mail.subject}{mail.text}{mail.html}" for mail in Mail.objects.all())
    assert mails and SECRET not in mails
    calendar = said(
        Client().get(reverse("followup:calendar_feed", args=[make_feed(getattr(it, who), now=factories.NOW)]))
    )
    assert "BEGIN:VCALENDAR" in calendar and SECRET not in calendar.replace("\r\n ", "")
    entries = list(HistoryEntry.objects.all())
    assert entries and not [one for one in entries if SECRET in f"{one.changes}{one.reason}"]
    assert not [one for one in entries if one.subject_kind.startswith("goals.personal")]


def test_search_finds_nothing(it, sign_in):
    for who in PEOPLE:
        answer = sign_in(getattr(it, who)).get(reverse("followup:goal_list"), {"q": SECRET})
        assert answer.status_code == 403 or not answer.context["rows"], who

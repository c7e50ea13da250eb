"""A secret word in everything that a citizen wrote: nothing public has it, and no mail, history or search.

Every page and file as every person: `test_walks.py`.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from citizens.actions.answer_mails import letter_of
from citizens.actions.loop import finish_survey, put_due_on_agenda
from citizens.models import Comment, Survey
from citizens.results import keep_results
from followup.actions.reminders import fill_outbox
from followup.models import AgendaItem, Mail
from organisation.models import HistoryEntry, Portal, PortalDepth
from organisation.permissions import Permission, allows
from tests import factories
from tests.citizens import making
from tests.malstyring.addresses import OPEN
from tests.malstyring.test_urls import PEOPLE, place, publish_a_report
from tests.malstyring.walking import said

__all__ = ["place"]

SECRET = "Stillitsvej"


def plant(place) -> None:
    """Two surveys on the school's goal, one closed and one answered, and comments in every state."""
    Survey.objects.filter(pk=place.closed_survey.pk).update(goal=place.goal)
    place.closed_survey.refresh_from_db()
    keep_results(place.closed_survey)
    for survey in (place.closed_survey, place.answered_survey):
        making.responses(survey, 12)
        for state in ("held", "readable", "hidden"):
            making.comment(survey, f"Vi bor på {SECRET} og får ingen hjælp", state, marks=[SECRET])
    place.published = making.survey(place.school, goal=place.goal)
    making.responses(place.published, 12)
    making.comment(place.published, f"Vi bor på {SECRET}")
    making.pair(place.published, "Nogle venter længe.", "Vi ringer tilbage samme dag.")
    finish_survey(place.published, version=1, by=place.manager, now=factories.NOW)
    put_due_on_agenda(factories.NOW)


@pytest.fixture
def it(place):
    plant(place)
    return place


def may_read(person, it) -> bool:
    path, today = it.school.path_ids(), factories.date.today()
    grants = person.all_grants
    return allows(Permission.READ_COMMENTS, grants, authority_id=it.authority.pk, unit_path=path, on=today)


def test_nothing_public_tells_it(it):
    visitor = Client()
    Portal.objects.create(authority=it.authority, depth=PortalDepth.ALL)
    it.open_round = publish_a_report(it)
    for name, args in OPEN.items():
        assert SECRET not in said(
            visitor.get(reverse(name, args=[it.authority.code, *(getattr(it, a).pk for a in args)]))
        )
    pages = [reverse("citizens:public_survey", args=[it.authority.code, it.published.pk])]
    for path in pages:
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert "Vi ringer tilbage samme dag." in said(answer)
        assert SECRET not in said(answer)


def test_no_mail_tells_it(it):
    for days in range(60):
        fill_outbox(factories.NOW + timedelta(days=days))
    mails = "\n".join(f"{mail.subject}{mail.text}{mail.html}" for mail in Mail.objects.all())
    assert "borgerne" in mails.lower() or "svarede" in mails
    assert SECRET not in mails
    assert SECRET not in "".join(letter_of(it.published))


def test_no_history_agenda_or_result_keeps_it(it):
    assert Comment.objects.filter(text__contains=SECRET).exists()
    assert not [entry for entry in HistoryEntry.objects.all() if SECRET in f"{entry.changes}{entry.reason}"]
    assert AgendaItem.objects.filter(title__startswith="Det siger borgerne").exists()
    assert not AgendaItem.objects.filter(text__contains=SECRET).exists()
    assert not [one for one in Survey.objects.all() if SECRET in str(one.kept_results)]


def test_search_finds_nothing(it, sign_in):
    for who in PEOPLE:
        answer = sign_in(getattr(it, who)).get(reverse("followup:goal_list"), {"q": SECRET})
        assert answer.status_code == 403 or not answer.context["rows"], who

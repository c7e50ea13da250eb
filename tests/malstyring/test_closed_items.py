"""A secret word in every text of closed items: who is told it, and what mails, calendars, history and search say.

Every page and file as every person: `test_walks.py`.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from followup.actions.calendar_feeds import make_feed
from followup.actions.decisions import change_decision, close_decision
from followup.actions.questions import answer_question, ask_question
from followup.actions.reminders import fill_outbox
from followup.models import Mail, Question, RoundState
from organisation.models import HistoryEntry
from organisation.permissions import Permission, allows
from tests import factories
from tests.malstyring.test_urls import PEOPLE, place
from tests.malstyring.walking import said

__all__ = ["place"]

SECRET = "Solsortevej"
TITLE = "Sag om en ejendom"
CLOSED = {"is_closed": True, "closed_reason": f"Køb af {SECRET} 3", "public_title": TITLE}
# What a question says, and nothing else: its text, its answer, and why it is closed.
ASKED = (f"Hvad koster {SECRET}?", f"{SECRET} koster 3 mio. kr.", f"Om {SECRET} 7")


def plant(place) -> None:
    """A closed item, decision and question, tied to goals, targets and strategies in every way."""
    today, now = factories.date.today(), factories.NOW
    place.round.state = RoundState.READY
    place.round.save()
    place.secret_item = factories.agenda_item(
        place.round, position=3, title=f"Køb af {SECRET}", text=SECRET, recommendation=SECRET, goal=place.goal, **CLOSED
    )
    words = {"title": SECRET, "text": SECRET, "reference": f"punkt 3, {SECRET}"}
    responsible = {"leads_to": "action", "responsible": place.director}
    place.secret_decision = factories.decision(
        place.committee, date=today, goal=place.goal, **words, **responsible, **CLOSED
    )
    place.done = factories.decision(place.committee, date=today, **words, **responsible, **CLOSED)
    place.done.text += " rettet"
    change_decision(place.done, version=1, by=place.director, now=now)
    close_decision(place.done, outcome=SECRET, by=place.director, now=now)
    decided_item = factories.agenda_item(place.round, position=4, title=SECRET, decision=place.done, **CLOSED)
    _tie(place, decided_item.decision)
    place.secret_question = _ask(place, today + timedelta(days=3))
    place.answered = _ask(place, today - timedelta(days=8))
    place.answered.answer = ASKED[1]
    answer_question(place.answered, by=place.manager, now=now)


def _ask(place, due) -> Question:
    question = Question(
        body=place.committee,
        goal=place.goal,
        text=ASKED[0],
        assigned_to=place.manager,
        due_date=due,
        **{**CLOSED, "closed_reason": ASKED[2]},
    )
    return ask_question(question, by=place.politician, now=factories.NOW)


def _tie(place, decision) -> None:
    """Let goals, a target, a strategy and an action point to the closed decision."""
    place.goal.adopted_by = decision
    place.goal.save()
    factories.goal(place.committee, state="closed", adopted_by=decision, closed_by=decision, replaced_by=place.goal)
    factories.target(place.series, "2028K4", 7, decision=decision)
    place.strategy.decision = decision
    place.strategy.save()


def may_read(person, it) -> bool:
    return allows(
        Permission.SEE_CLOSED_ITEMS,
        person.all_grants,
        authority_id=it.authority.pk,
        unit_path=it.committee.path_ids(),
        on=factories.date.today(),
    )


@pytest.fixture
def it(place):
    plant(place)
    return place


def test_who_is_to_answer_reads_the_question(it, sign_in):
    for question in (it.secret_question, it.answered):
        assert ASKED[0] in said(sign_in(it.manager).get(reverse("followup:question_detail", args=[question.pk])))


def test_everybody_reads_the_neutral_title(it, sign_in):
    client = sign_in(it.reader)
    for path in (
        reverse("followup:meeting_detail", args=[it.committee.pk, it.round.pk]),
        reverse("followup:agenda_item_detail", args=[it.secret_item.pk]),
        reverse("followup:decision_detail", args=[it.secret_decision.pk]),
        reverse("followup:decision_list"),
        reverse("followup:question_detail", args=[it.secret_question.pk]),
        reverse("followup:goal_detail", args=[it.goal.pk]),
        reverse("goals:strategy_list"),
    ):
        assert TITLE in said(client.get(path)), path


def test_no_mail_tells_the_secret_to_anybody(it):
    for days in range(40):
        fill_outbox(factories.NOW + timedelta(days=days))
    mails = "\n".join(f"{mail.subject}{mail.text}{mail.html}" for mail in Mail.objects.all())
    assert mails
    assert SECRET not in mails
    assert TITLE not in mails


@pytest.mark.parametrize("who", PEOPLE)
def test_no_calendar_tells_the_secret(it, who):
    """Not even to who may read it: the address may have come into other hands."""
    token = make_feed(getattr(it, who), now=factories.NOW)
    calendar = said(Client().get(reverse("followup:calendar_feed", args=[token])))
    assert "BEGIN:VCALENDAR" in calendar
    assert SECRET not in calendar.replace("\r\n ", "")


def test_the_history_of_goals_and_units_says_nothing(it):
    told = [entry for entry in HistoryEntry.objects.all() if SECRET in f"{entry.changes}{entry.reason}"]
    assert {entry.subject_kind for entry in told} == {"goals.decision"}


def test_search_finds_nothing(it, sign_in):
    for who in PEOPLE:
        answer = sign_in(getattr(it, who)).get(reverse("followup:goal_list"), {"q": SECRET})
        assert answer.status_code == 403 or not answer.context["rows"], who

"""A member's question: where it goes, when it is due, who answers, and that it is answered once."""

from contextlib import nullcontext
from datetime import date, timedelta
from functools import partial

import pytest
from django.urls import reverse

from followup.actions import questions as actions
from followup.actions.questions import AlreadyAnswered, answer_question, ask_question, pass_on
from followup.kinds import EventKind
from followup.models import Mail, Question, YearEvent
from followup.questions import answerer_of, due_date_of
from organisation.models import HistoryEntry, Membership
from organisation.permissions import Role
from tests import factories
from tests.factories import NOW, TODAY
from tests.followup.flow import html
from tests.races import at_once, needs_rows_locked

CLOSED = {"is_closed": True, "closed_reason": "Nævner en bestemt elev", "public_title": "Sag om en elev"}


@pytest.fixture
def asked(town, clock):
    """A question to the school's manager about the school's goal."""
    town.goal = factories.goal(town.school, responsible=town.manager, short_name="Fravær")
    town.question = factories.question(town.committee, town.manager, goal=town.goal, asked_by=town.politician)
    return town


# ---- whom it goes to -------------------------------------------------------------------------------------------------


def test_the_goals_responsible_answers(town):
    goal = factories.goal(town.committee, responsible=town.head)
    assert answerer_of(town.committee, goal, None, TODAY) == town.head


def test_somebody_who_no_longer_leads_is_not_asked(town):
    gone = factories.user(Role.MANAGER, town.school, last_day=TODAY - timedelta(days=1))
    goal = factories.goal(town.school, responsible=gone)
    assert answerer_of(town.committee, goal, None, TODAY) == town.manager


def test_without_a_responsible_the_nearest_leader_answers(town):
    assert answerer_of(town.committee, factories.goal(town.other_school), None, TODAY) == town.other_manager
    assert answerer_of(town.committee, factories.goal(town.directorate), None, TODAY) == town.director
    series = factories.series(factories.indicator(town.authority), town.school)
    assert answerer_of(town.committee, None, series, TODAY) == town.manager


def test_a_body_has_no_leader_so_a_director_answers_else_the_consultant(town):
    assert answerer_of(town.committee, factories.goal(town.committee), None, TODAY) == town.director
    assert answerer_of(town.committee, None, None, TODAY) == town.director
    Membership.objects.filter(role__in=[Role.DIRECTOR, Role.MANAGER]).delete()
    assert answerer_of(town.committee, None, None, TODAY) == town.consultant
    Membership.objects.filter(role=Role.GOAL_CONSULTANT).delete()
    assert answerer_of(town.committee, None, None, TODAY) is None


# ---- when it is due --------------------------------------------------------------------------------------------------


def test_the_answer_is_due_three_hverdage_before_the_next_meeting(town):
    factories.round_(town.committee, meeting_date=date(2026, 9, 2))
    factories.round_(town.committee, "2026K3", meeting_date=date(2026, 12, 2))
    # Counted by hand: Tuesday 1, Monday 31, Saturday 29 (a hverdag; Sunday is none).
    assert due_date_of(town.committee, TODAY) == date(2026, 8, 29)
    assert due_date_of(town.committee, date(2026, 8, 29)) == date(2026, 8, 29)


def test_a_meeting_without_follow_up_is_a_meeting_too(town):
    factories.round_(town.committee, meeting_date=date(2026, 9, 2))
    YearEvent.objects.create(
        authority=town.authority, body=town.committee, kind=EventKind.MEETING, day=date(2026, 8, 20)
    )
    assert due_date_of(town.committee, TODAY) == date(2026, 8, 17)


def test_without_a_meeting_in_time_it_is_two_weeks(town):
    assert due_date_of(town.committee, TODAY) == TODAY + timedelta(days=14)
    factories.round_(town.committee, meeting_date=date(2026, 9, 2))
    assert due_date_of(town.committee, date(2026, 8, 31)) == date(2026, 9, 14)


# ---- asked -----------------------------------------------------------------------------------------------------------


def test_a_member_asks_from_a_goal(asked, sign_in):
    factories.round_(asked.committee)
    client = sign_in(asked.politician)
    url = reverse("followup:question_ask") + f"?maal={asked.goal.pk}"
    assert asked.goal.title in html(client.get(url))
    response = client.post(url, {"body": asked.committee.pk, "text": "Er det de samme elever?"}, follow=True)
    question = Question.objects.get(text="Er det de samme elever?")
    assert (question.goal, question.asked_by, question.assigned_to) == (asked.goal, asked.politician, asked.manager)
    assert (question.asked_at, question.authority, question.due_date) == (NOW, asked.authority, date(2026, 8, 29))
    receipt = "Svaret kommer senest lørdag den 29. august 2026 og står på dagsordenen til næste møde."
    assert f"Spørgsmålet er sendt til {asked.manager}. {receipt}" in html(response)
    assert HistoryEntry.objects.about(question).get().verb == "asked"


def test_a_member_of_several_bodies_chooses(asked, sign_in):
    Membership.objects.create(
        user=asked.politician, unit=asked.council, role=Role.POLITICIAN, first_day=factories.LONG_AGO
    )
    client = sign_in(asked.politician)
    url = reverse("followup:question_ask")
    page = client.get(url, {"udvalg": asked.council.pk})
    assert set(page.context["form"].fields["body"].queryset) == {asked.committee, asked.council}
    assert page.context["form"]["body"].value() == asked.council.pk
    client.post(url, {"body": asked.council.pk, "text": "Hvad nu?"})
    assert Question.objects.get(text="Hvad nu?").body == asked.council


def test_nobody_asks_for_a_body_of_others(asked, sign_in):
    response = sign_in(asked.politician).post(
        reverse("followup:question_ask"), {"body": asked.other_committee.pk, "text": "Hvad nu?"}
    )
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["body"])
    assert Question.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("text", {"text": " "}),
        ("closed_reason", {"is_closed": "on", "public_title": "Sag"}),
        ("public_title", {"is_closed": "on", "closed_reason": "Personsag"}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(asked, sign_in, field, wrong):
    said = {"body": asked.committee.pk, "text": "Hvad nu?", **wrong}
    response = sign_in(asked.politician).post(reverse("followup:question_ask"), said)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


def test_only_what_the_member_sees_can_be_asked_about(asked, sign_in):
    client = sign_in(asked.politician)
    draft = factories.goal(asked.school, state="draft")
    elsewhere = factories.goal(factories.municipality().council)
    for about in (f"maal={draft.pk}", f"maal={elsewhere.pk}", "maal=x", "serie=99999999", "serie="):
        assert client.get(f"{reverse('followup:question_ask')}?{about}").status_code == 404, about


# ---- answered --------------------------------------------------------------------------------------------------------


def test_the_leader_answers_and_all_members_read_it(asked, sign_in):
    url = reverse("followup:question_answer", args=[asked.question.pk])
    client = sign_in(asked.manager)
    assert client.post(url, {"answer": " "}).status_code == 422
    response = client.post(url, {"answer": "Ja, 46 elever."}, follow=True)
    assert "Svaret er sendt." in html(response)
    asked.question.refresh_from_db()
    assert (asked.question.answered_by, asked.question.answered_at) == (asked.manager, NOW)
    colleague = factories.user(Role.POLITICIAN, asked.committee)
    page = html(sign_in(colleague).get(reverse("followup:question_detail", args=[asked.question.pk])))
    assert "Ja, 46 elever." in page
    assert "Send svar" not in page


def test_leaders_above_answer_too_and_others_do_not(asked, sign_in):
    url = reverse("followup:question_detail", args=[asked.question.pk])
    answerers = {
        who: "Send svar" in html(sign_in(getattr(asked, who)).get(url))
        for who in (
            "manager",
            "head",
            "director",
            "consultant",
            "other_manager",
            "politician",
            "reader",
            "professional",
        )
    }
    assert {who for who, may in answerers.items() if may} == {"manager", "head", "director", "consultant"}


def test_the_second_answer_is_told_and_keeps_its_words(asked, sign_in):
    url = reverse("followup:question_answer", args=[asked.question.pk])
    sign_in(asked.manager).post(url, {"answer": "Den første."})
    client = sign_in(asked.head)
    response = client.post(url, {"answer": "Den anden."})
    assert response.status_code == 422
    assert f"{asked.manager} svarede kl. 09.00, mens du skrev. Intet er overskrevet." in html(response)
    assert "Den første." in html(response)
    assert "Den anden." in html(response)
    assert Question.objects.get().answer == "Den første."
    assert client.get(url).url == reverse("followup:question_detail", args=[asked.question.pk])


@pytest.mark.parametrize("guarded", [False, True])
def test_of_two_answers_one_wins(asked, monkeypatch, guarded):
    """Both had the form open. Without the guard the first answer is lost; with it the second is told."""
    if not guarded:
        monkeypatch.setattr(actions, "_unanswered", lambda question: question)
    first, second = Question.objects.get(pk=asked.question.pk), Question.objects.get(pk=asked.question.pk)
    first.answer, second.answer = "Den første.", "Den anden."
    answer_question(first, by=asked.manager, now=NOW)
    with pytest.raises(AlreadyAnswered) if guarded else nullcontext():
        answer_question(second, by=asked.head, now=NOW)
    assert Question.objects.get().answer == ("Den første." if guarded else "Den anden.")


def test_what_is_answered_is_not_passed_on(asked):
    stale = Question.objects.get(pk=asked.question.pk)
    asked.question.answer = "Ja."
    answer_question(asked.question, by=asked.manager, now=NOW)
    with pytest.raises(AlreadyAnswered):
        pass_on(stale, asked.head, by=asked.manager, now=NOW)


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_is_told(asked):
    def answer(person, text: str) -> str:
        mine = Question.objects.select_related("authority", "body", "goal").get(pk=asked.question.pk)
        mine.answer = text
        return answer_question(mine, by=person, now=NOW).answer

    results = at_once(partial(answer, asked.manager, "Den ene."), partial(answer, asked.head, "Den anden."))
    assert sum(isinstance(one, AlreadyAnswered) for one in results) == 1
    assert Question.objects.get().answer in results
    assert HistoryEntry.objects.about(asked.question).filter(verb="answered").count() == 1


def test_a_question_is_passed_on(asked, sign_in):
    url = reverse("followup:question_pass_on", args=[asked.question.pk])
    client = sign_in(asked.manager)
    assert client.post(url, {"person": asked.politician.pk}).status_code == 422
    assert client.post(url, {"person": asked.other_manager.pk}).status_code == 302
    asked.question.refresh_from_db()
    assert asked.question.assigned_to == asked.other_manager
    entry = HistoryEntry.objects.about(asked.question).get()
    assert entry.changes == {"assigned_to": [str(asked.manager), str(asked.other_manager)]}
    answer = reverse("followup:question_answer", args=[asked.question.pk])
    assert sign_in(asked.other_manager).post(answer, {"answer": "Ja."}).status_code == 302


def test_a_late_question_says_so(asked, sign_in):
    Question.objects.update(due_date=TODAY - timedelta(days=1))
    page = html(sign_in(asked.politician).get(reverse("followup:question_detail", args=[asked.question.pk])))
    assert "Spørgsmålet fra 5. august 2026 er ikke besvaret endnu." in page
    assert "Svar mangler" in html(sign_in(asked.politician).get(reverse("followup:question_list")))
    Question.objects.update(due_date=TODAY)
    page = html(sign_in(asked.politician).get(reverse("followup:question_detail", args=[asked.question.pk])))
    assert "er ikke besvaret endnu" not in page  # the last day counts whole


def test_ones_own_questions(asked, sign_in):
    factories.question(asked.committee, asked.head, text="Til en anden")
    page = html(sign_in(asked.manager).get(reverse("followup:question_list"), {"mine": "1"}))
    assert asked.question.text in page
    assert "Til en anden" not in page


# ---- closed ----------------------------------------------------------------------------------------------------------


def test_of_a_closed_question_others_see_the_public_title_only(asked, sign_in):
    Question.objects.update(text="HEMMELIGT", **CLOSED)
    url = reverse("followup:question_detail", args=[asked.question.pk])
    readers = {
        who: "HEMMELIGT" in html(sign_in(getattr(asked, who)).get(url))
        for who in ("politician", "manager", "head", "director", "consultant", "administrator", "reader")
    }
    assert {who for who, may in readers.items() if may} == {"politician", "manager", "director", "consultant"}
    assert "Sag om en elev" in html(sign_in(asked.reader).get(url))
    answer = reverse("followup:question_answer", args=[asked.question.pk])
    assert sign_in(asked.head).get(answer).status_code == 403


def test_an_answer_may_close_the_item(asked, sign_in):
    said = {"answer": "HEMMELIGT", "is_closed": "on", "closed_reason": "Personsag", "public_title": "Sag om en elev"}
    sign_in(asked.manager).post(reverse("followup:question_answer", args=[asked.question.pk]), said)
    url = reverse("followup:question_detail", args=[asked.question.pk])
    assert "HEMMELIGT" not in html(sign_in(asked.reader).get(url))
    assert "HEMMELIGT" in html(sign_in(asked.politician).get(url))


# ---- mails -----------------------------------------------------------------------------------------------------------


def test_the_leader_and_the_members_hear_of_it(asked):
    question = Question(
        body=asked.committee,
        goal=asked.goal,
        text="Er det de samme elever?",
        assigned_to=asked.manager,
        due_date=date(2026, 8, 29),
    )
    ask_question(question, by=asked.politician, now=NOW)
    mail = Mail.objects.get(to=asked.manager)
    assert "spørger om Fravær: ”Er det de samme elever?”" in mail.text.replace("\u00a0", " ")
    assert reverse("followup:question_detail", args=[question.pk]) in mail.text
    question.answer = "Ja."
    answer_question(question, by=asked.manager, now=NOW)
    assert "svarer: ”Ja.”" in Mail.objects.get(to=asked.politician).text
    assert Mail.objects.count() == 2


def test_nobody_hears_of_a_closed_question(asked):
    question = Question(
        body=asked.committee, text="HEMMELIGT", assigned_to=asked.manager, due_date=date(2026, 8, 29), **CLOSED
    )
    ask_question(question, by=asked.politician, now=NOW)
    question.answer = "Ja."
    answer_question(question, by=asked.manager, now=NOW)
    assert not Mail.objects.exists()

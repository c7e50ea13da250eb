"""What was promised: answers in no order, everything deleted on its day, the same after two runs or a broken one."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from citizens.actions import keeping
from citizens.actions.answers import store_response
from citizens.actions.invitations import invite, make_links
from citizens.actions.keeping import keep_promises
from citizens.integrity import promises
from citizens.invited import invited_to
from citizens.invited_lists import Invitee
from citizens.kinds import Anonymity, Method, SurveyState
from citizens.models import (
    AnswerSubscriber,
    Comment,
    Invitation,
    InvitedAddress,
    Participant,
    ParticipantResponse,
    Response,
    Survey,
    Theme,
)
from citizens.published import to_json
from citizens.results import survey_results
from citizens.tokens import hash_of
from organisation.models import HistoryEntry
from tests.citizens import asked, making
from tests.factories import COPENHAGEN

DAY = date(2026, 9, 14)
DAYS = {"opens_on": date(2026, 9, 1), "closes_on": date(2026, 9, 30)}
# Each is a day on which something is due: an ordinary one, both changes of the clock, and 29 February.
DUE_DAYS = [date(2026, 10, 31), date(2026, 10, 25), date(2027, 3, 28), date(2028, 2, 29), date(2026, 12, 31)]


CONTENT = {
    Response: ("survey", "questionnaire", "group", "method", "language", "day", "answers", "is_pilot", "is_repeated"),
    Comment: ("survey", "question_code", "group", "text", "state", "marks", "is_pilot"),
    Invitation: ("survey", "group", "token_hash", "is_used"),
}


def at(day: date, hour: int = 0, minute: int = 15) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=COPENHAGEN)


@pytest.fixture
def survey(town):
    survey = asked.survey(
        town.school,
        **DAYS,
        answer_by=date(2026, 12, 1),
        addresses_until=date(2026, 10, 31),
        answers_until=date(2029, 12, 31),
    )
    survey.version_one = asked.questionnaire(survey)
    return survey


def answer(survey, *, day=DAY, said="", token="", **answers):
    given = {**asked.ALL, **answers} | ({"mere": said} if said else {})
    method = Method.INVITATION if token else Method.LINK
    return store_response(
        survey, survey.version_one, answers=given, method=method, group=None, language="da", day=day,
        token_hash=hash_of(token) if token else "",
    )  # fmt: skip


def content(model, *names) -> Counter:
    return Counter(str(row) for row in model.objects.values_list(*names))


def as_stored(model, name: str) -> list[str]:
    """A column in the order in which the database holds its rows."""
    with connection.cursor() as cursor:
        place = "ctid" if connection.vendor == "postgresql" else "rowid"
        cursor.execute(f"SELECT {name} FROM {model._meta.db_table} ORDER BY {place}")
        return [str(row[0]) for row in cursor.fetchall()]


# ---- in no order -----------------------------------------------------------------------------------------------------


def fill(survey, town, count: int) -> None:
    links = make_links(survey, [(None, count + 6)], by=town.manager, now=at(DAY))
    for number, link in enumerate(links[:count]):
        answer(survey, said=f"Kommentar {number:03}", token=link.token, maal=str(number % 5 + 1))


def test_after_the_night_all_is_the_same_but_keys_and_order(survey, town):
    fill(survey, town, 40)
    before = {model: content(model, *names) for model, names in CONTENT.items()}
    keys = {model: set(model.objects.values_list("pk", flat=True)) for model in (Response, Comment)}
    used = set(Invitation.objects.filter(is_used=True).values_list("pk", flat=True))
    assert keep_promises(at(DAY + timedelta(days=1))) == 1
    assert {model: content(model, *names) for model, names in CONTENT.items()} == before
    for model, old in keys.items():
        assert not old & set(model.objects.values_list("pk", flat=True))
        assert not model.objects.filter(is_shuffled=False).exists()
    assert not used & set(Invitation.objects.filter(is_used=True).values_list("pk", flat=True))


def test_the_place_of_a_row_tells_nothing_of_when_it_came(survey, town):
    fill(survey, town, 60)
    keep_promises(at(DAY + timedelta(days=1)))
    comments = as_stored(Comment, "text")
    assert comments != sorted(comments)
    # Comment 7 came with link 7 and answer 7: in no two of the tables do they stand alike.
    answers = [one.split('"maal": "')[1][0] for one in as_stored(Response, "answers")]
    assert [str(int(text[-3:]) % 5 + 1) for text in comments] != answers


def test_the_transaction_that_wrote_a_row_tells_nothing_either(survey, town):
    """PostgreSQL keeps it beside the row: one answer of a night would stand with its link and its comment."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps no such thing")
    links = make_links(survey, [(None, 8)], by=town.manager, now=at(DAY))
    for number, link in enumerate(links[:3]):
        day = DAY + timedelta(days=number)
        answer(survey, day=day, said=f"Kommentar {number}", token=link.token)
        keep_promises(at(day + timedelta(days=1)))
    with connection.cursor() as cursor:
        written = set()
        for model, only in ((Response, ""), (Comment, ""), (Invitation, " WHERE is_used")):
            cursor.execute(f"SELECT xmin::text FROM {model._meta.db_table}{only}")
            written |= {row[0] for row in cursor.fetchall()}
    assert len(written) == 1


def test_twice_a_night_does_nothing_more_and_the_days_answers_wait(survey, town):
    fill(survey, town, 8)
    assert keep_promises(at(DAY, 23, 45)) == 0
    assert keep_promises(at(DAY + timedelta(days=1))) == 1
    keys = set(Response.objects.values_list("pk", flat=True))
    assert keep_promises(at(DAY + timedelta(days=1), 0, 30)) == 0
    answer(survey, day=DAY + timedelta(days=1))
    assert keep_promises(at(DAY + timedelta(days=1), 12)) == 0
    assert keys < set(Response.objects.values_list("pk", flat=True))


def test_a_closed_survey_is_shuffled_at_once(survey, town):
    fill(survey, town, 8)
    Survey.objects.update(state=SurveyState.CLOSED, closed_at=at(DAY))
    assert keep_promises(at(DAY, 23)) == 1


def test_themes_follow_their_comments_and_a_known_comment_keeps_its_key(survey, town):
    fill(survey, town, 8)
    theme = Theme.objects.create(survey=survey, name="Rengøring")
    theme.comments.set(Comment.objects.filter(text__in=["Kommentar 001", "Kommentar 005"]))
    keep_promises(at(DAY + timedelta(days=1)))
    assert set(theme.comments.values_list("text", flat=True)) == {"Kommentar 001", "Kommentar 005"}
    known = dict(Comment.objects.values_list("text", "pk"))
    answer(survey, day=DAY + timedelta(days=1), said="Ny kommentar")
    keep_promises(at(DAY + timedelta(days=2)))
    assert known.items() < dict(Comment.objects.values_list("text", "pk")).items()
    assert theme.comments.count() == 2


def test_a_night_that_breaks_half_way_has_changed_nothing(survey, town, monkeypatch):
    fill(survey, town, 12)
    before = {model: set(model.objects.values_list("pk", flat=True)) for model in (Response, Comment, Invitation)}

    def killed(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(keeping, "_rewrite_comments", killed)
    with pytest.raises(KeyboardInterrupt):
        keep_promises(at(DAY + timedelta(days=1)))
    monkeypatch.undo()
    assert before == {model: set(model.objects.values_list("pk", flat=True)) for model in before}
    assert keep_promises(at(DAY + timedelta(days=1))) == 1


# ---- deleted on the declared day -------------------------------------------------------------------------------------


def set_days(survey, day: date, *, answers: bool = False) -> None:
    fields = {"addresses_until": day, "closes_on": min(survey.closes_on, day)}
    if answers:
        fields |= {"answers_until": day}
    Survey.objects.filter(pk=survey.pk).update(state=SurveyState.CLOSED, closed_at=at(DAY), **fields)


@pytest.mark.parametrize("day", DUE_DAYS)
def test_addresses_and_links_go_on_the_day_not_before(survey, town, day):
    invite(survey, [Invitee(f"p{n}@example.dk") for n in range(8)], by=town.manager, now=at(DAY))
    answer(survey, token=InvitedAddress.objects.first().token)
    set_days(survey, day)
    keep_promises(at(day - timedelta(days=1), 23, 59))
    assert (InvitedAddress.objects.count(), Invitation.objects.count()) == (8, 8)
    assert list(promises(day)) == []
    keep_promises(at(day, 0, 0))
    assert not InvitedAddress.objects.exists() and not Invitation.objects.exists()
    survey.refresh_from_db()
    assert survey.addresses_deleted_on == day
    assert Response.objects.count() == 1
    assert (invited_to(survey).total, list(promises(day + timedelta(days=1)))) == (8, [])


@pytest.mark.parametrize("day", DUE_DAYS)
def test_answers_and_comments_go_on_the_day_not_before(survey, town, day):
    fill(survey, town, 7)
    set_days(survey, day, answers=True)
    keep_promises(at(day - timedelta(days=1), 23, 59))
    assert (Response.objects.count(), Comment.objects.count()) == (7, 7)
    keep_promises(at(day, 0, 0))
    assert not Response.objects.exists() and not Comment.objects.exists()
    survey.refresh_from_db()
    assert survey.answers_deleted_on == day


def test_a_tick_that_comes_late_deletes_all_the_same_and_a_second_nothing_more(survey, town):
    fill(survey, town, 7)
    set_days(survey, date(2026, 10, 31), answers=True)
    late = at(date(2026, 11, 9))
    assert len(list(promises(late.date()))) == 3
    assert keep_promises(late) == 1
    entries = list(HistoryEntry.objects.about(survey).values_list("verb", "changes", "by"))
    assert keep_promises(late) == keep_promises(late + timedelta(days=400)) == 0
    assert list(HistoryEntry.objects.about(survey).values_list("verb", "changes", "by")) == entries
    assert ("survey_forgot_answers", {"responses": ["7", "0"], "comments": ["7", "0"]}, None) in entries


def test_the_groups_remember_how_many_were_invited(survey, town):
    north = making.group(survey, "nord")
    make_links(survey, [(north, 9), (None, 4)], by=town.manager, now=at(DAY))
    before = invited_to(survey)
    keep_promises(at(date(2026, 10, 31)))
    after = invited_to(Survey.objects.get())
    assert (after.total, after.by_group) == (before.total, before.by_group) == (13, {None: 4, north.pk: 9})


def test_results_stay_as_they_were_shown_when_the_answers_go(survey, town):
    fill(survey, town, 8)
    set_days(survey, date(2026, 10, 31), answers=True)
    shown = to_json(survey_results(Survey.objects.get()))
    assert (shown["n"], shown["invited"]) == (8, 14)
    keep_promises(at(date(2026, 10, 31)))
    assert not Response.objects.exists() and not Invitation.objects.exists()
    assert to_json(survey_results(Survey.objects.get())) == shown


def test_deleting_that_breaks_half_way_has_deleted_nothing(survey, town, monkeypatch):
    fill(survey, town, 7)
    set_days(survey, date(2026, 10, 31), answers=True)

    def killed(*_args, **_fields):
        raise KeyboardInterrupt

    monkeypatch.setattr(keeping, "_record", killed)
    with pytest.raises(KeyboardInterrupt):
        keep_promises(at(date(2026, 10, 31)))
    assert (Invitation.objects.count(), Response.objects.count()) == (13, 7)
    monkeypatch.undo()
    keep_promises(at(date(2026, 10, 31)))
    assert (Invitation.objects.count(), Response.objects.count()) == (0, 0)


def test_one_survey_that_fails_holds_up_no_other(survey, town, monkeypatch):
    """Each in a transaction of its own: what was done before stays done."""
    other = asked.survey(town.other_school, slug="andre", **DAYS, addresses_until=date(2026, 10, 30))
    make_links(survey, [(None, 6)], by=town.manager, now=at(DAY))
    make_links(other, [(None, 6)], by=town.manager, now=at(DAY))
    done = []
    whole = keeping.forget_who

    def second_is_killed(pk, now):
        if done:
            raise KeyboardInterrupt
        done.append(pk)
        return whole(pk, now)

    monkeypatch.setattr(keeping, "forget_who", second_is_killed)
    with pytest.raises(KeyboardInterrupt):
        keep_promises(at(date(2026, 10, 31)))
    assert set(Invitation.objects.values_list("survey", flat=True)) == {survey.pk, other.pk} - set(done)


def test_a_draft_forgets_its_addresses_and_may_be_given_new_days(survey, town):
    invite(survey, [Invitee(f"p{n}@example.dk") for n in range(8)], by=town.manager, now=at(DAY))
    Survey.objects.update(state=SurveyState.DRAFT)
    assert keep_promises(at(date(2026, 10, 31))) == 1
    assert not InvitedAddress.objects.exists()
    assert keep_promises(at(date(2026, 10, 31), 1)) == 0
    survey.refresh_from_db()
    assert survey.addresses_deleted_on is None
    assert invited_to(survey).total == 0


def test_those_who_asked_for_the_answer_are_not_touched_here(survey):
    AnswerSubscriber.objects.create(survey=survey, address="a@example.dk")
    keep_promises(at(date(2026, 10, 31)))
    assert AnswerSubscriber.objects.count() == 1


# ---- codes -----------------------------------------------------------------------------------------------------------


def test_a_code_leads_to_its_answers_until_the_day_and_then_nothing_does(town):
    survey = asked.survey(town.school, anonymity=Anonymity.PSEUDONYMOUS, **DAYS, addresses_until=date(2026, 10, 31))
    survey.version_one = asked.questionnaire(survey)
    token = asked.participant(survey)
    response = answer(survey, token=token)
    keep_promises(at(DAY + timedelta(days=1)))
    assert ParticipantResponse.objects.get().response == response
    keep_promises(at(date(2026, 10, 31)))
    assert not Participant.objects.exists() and not ParticipantResponse.objects.exists()
    [kept] = Response.objects.all()
    assert kept.pk != response.pk and kept.is_shuffled and kept.answers == asked.ALL
    assert invited_to(Survey.objects.get()).total == 1


def test_integrity_finds_links_of_an_anonymous_survey_and_what_is_kept_too_long(survey):
    response = answer(survey)
    person = Participant.objects.create(survey=survey, code="K1", token_hash="x")
    ParticipantResponse.objects.create(participant=person, response=response)
    assert list(promises(date(2026, 10, 31))) == [
        f"survey {survey.pk} is anonymous, and answers of it are linked to participants",
        f"survey {survey.pk} is anonymous, and it has participants",
    ]
    assert f"survey {survey.pk}: citizens.Participant kept past 31-10-2026" in list(promises(date(2026, 11, 1)))


def test_no_row_beside_an_answer_can_hold_who_or_when():
    """The columns themselves, so that a new one is a decision."""
    columns = {model: {field.name for field in model._meta.concrete_fields} for model in CONTENT}
    assert columns == {
        Response: {"id", "survey", "questionnaire", "group", "method", "language", "day", "answers", "is_pilot",
                   "is_repeated", "is_shuffled"},
        Comment: {"id", "survey", "question_code", "group", "text", "state", "marks", "is_pilot", "is_shuffled"},
        Invitation: {"id", "survey", "group", "token_hash", "is_used", "is_shuffled"},
    }  # fmt: skip

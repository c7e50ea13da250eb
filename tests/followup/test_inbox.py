"""What a person owes and what is new: the menu's counts and the rows are made from the same queries."""

from datetime import timedelta

import pytest

from followup.actions.submissions import approve, send_back, submit
from followup.inbox import TaskKind, grouped, task_counts
from followup.models import Action, Board, BoardMeeting, Question, Round, RoundState, Visit
from followup.overview import NewsKind, overview_of, remember_visit
from organisation.actions.history import record
from organisation.models import Membership, User
from tests import factories
from tests.followup.flow import enter

NOW, TODAY = factories.NOW, factories.TODAY


def viewer(person):
    return User.objects.get(pk=person.pk).as_viewer(TODAY)


def home(person) -> int:
    return person.memberships.get().unit.authority_id


def tasks(person):
    return list(overview_of(home(person), viewer(person), TODAY).tasks)


def kinds(person) -> list[str]:
    return [task.kind for task in tasks(person)]


def action(town, owner, **fields) -> Action:
    defaults = {"what": "Ring hjem", "due_date": TODAY, "created_by": town.head, "created_at": NOW}
    return Action.objects.create(authority=town.authority, unit=town.school, owner=owner, **{**defaults, **fields})


def question(town, to, **fields) -> Question:
    defaults = {"text": "Hvorfor?", "asked_at": NOW, "due_date": TODAY, "asked_by": town.politician}
    return Question.objects.create(
        authority=town.authority, body=town.committee, assigned_to=to, **{**defaults, **fields}
    )


def sent(owed):
    enter(owed.number, 6, by=owed.town.manager)
    enter(owed.share, None, numerator=8, denominator=10, by=owed.town.manager)
    return submit(owed.submission, by=owed.town.manager, now=NOW)


def test_a_leader_owes_the_open_report(owed):
    (task,) = tasks(owed.town.manager)
    assert (task.kind, task.pk, task.due) == (TaskKind.ENTER, owed.submission.pk, owed.submission.deadline)
    assert task.submission.missing_count == 2
    assert tasks(owed.town.other_manager) == []


def test_a_sent_report_waits_for_the_leaders_above_and_no_longer_for_its_own(owed):
    sent(owed)
    assert kinds(owed.town.manager) == []
    assert kinds(owed.town.head) == kinds(owed.town.director) == [TaskKind.APPROVE]


def test_what_came_back_stands_first_with_its_reason(owed):
    send_back(sent(owed), reason="Fraværet er i dage.", by=owed.town.head, now=NOW)
    action(owed.town, owed.town.manager, due_date=TODAY - timedelta(days=3))
    first, second = tasks(owed.town.manager)
    assert (first.said, first.said_by) == ("Fraværet er i dage.", str(owed.town.head))
    assert second.is_late and not first.is_late


def test_questions_actions_decisions_and_board_meetings_are_tasks(town):
    person = town.manager
    question(town, person)
    action(town, person)
    decided = factories.decision(town.committee, leads_to="action", responsible=person, title="Fælles indsats")
    board = Board.objects.create(authority=town.authority, unit=town.school, name="Tavle", rule="hver 14. dag",
                                 first_meeting=TODAY)  # fmt: skip
    BoardMeeting.objects.create(board=board, day=TODAY)
    found = {task.kind: task for task in tasks(person)}
    assert set(found) == {TaskKind.ANSWER, TaskKind.ACT, TaskKind.DECISION, TaskKind.BOARD}
    assert found[TaskKind.DECISION].title == "Fælles indsats"
    assert found[TaskKind.BOARD].place == board.pk
    assert found[TaskKind.ANSWER].said_by == str(town.politician)
    decided.outcome, decided.done_on = "Indsatsen er i gang.", TODAY
    decided.save()
    assert TaskKind.DECISION not in kinds(person)


def test_what_is_far_away_is_no_task_yet(town):
    action(town, town.manager, due_date=TODAY + timedelta(days=31))
    BoardMeeting.objects.create(
        board=Board.objects.create(
            authority=town.authority, unit=town.school, name="Tavle", rule="hver 14. dag", first_meeting=TODAY
        ),
        day=TODAY + timedelta(days=1),
    )
    assert tasks(town.manager) == []


def test_tasks_are_grouped_by_when_they_are_due(town):
    for days in (-2, 1, 2, 7, 8):
        action(town, town.manager, due_date=TODAY + timedelta(days=days))
    groups = grouped(tasks(town.manager), TODAY)
    assert [(group.key, len(group.tasks)) for group in groups] == [("now", 2), ("soon", 2), ("later", 1)]
    assert groups[0].minutes == 4


@pytest.mark.parametrize("step", ["entered", "sent", "returned", "approved"])
def test_the_menu_counts_what_the_pages_show(owed, step):
    """Every person, at every step: the count of each kind is the number of its rows."""
    town = owed.town
    question(town, town.head)
    action(town, town.manager)
    if step != "entered":
        submission = sent(owed)
        if step == "returned":
            send_back(submission, reason="Se igen.", by=town.head, now=NOW)
        if step == "approved":
            approve(submission, by=town.head, now=NOW)
    total = 0
    for name in ("politician", "manager", "other_manager", "head", "director", "consultant", "professional",
                 "reader", "administrator"):  # fmt: skip
        person = getattr(town, name)
        shown = kinds(person)
        assert task_counts(home(person), viewer(person), TODAY) == {kind: shown.count(kind) for kind in set(shown)}, (
            name
        )
        total += len(shown)
    assert total >= 2


def test_queries_do_not_grow(owed, django_assert_num_queries):
    person = viewer(owed.town.manager)
    for number in range(12):
        action(owed.town, owed.town.manager, what=f"Nr. {number}")
        question(owed.town, owed.town.manager)
    authority = owed.town.authority.pk
    with django_assert_num_queries(3):
        assert len(overview_of(authority, person, TODAY).tasks) == 25
        task_counts(authority, person, TODAY)


def test_another_authoritys_tasks_are_not_mixed_in(town):
    other = factories.municipality()
    Membership.objects.create(user=town.manager, unit=other.school, role="manager", first_day=factories.LONG_AGO)
    action(other, town.manager)
    action(town, town.manager, what="Her")
    there, here = other.authority.pk, town.authority.pk
    assert [task.title for task in overview_of(here, viewer(town.manager), TODAY).tasks] == ["Her"]
    assert task_counts(there, viewer(town.manager), TODAY) == {TaskKind.ACT: 1}


# ---- what is new -----------------------------------------------------------------------------------------------------


def news(person, days: int = 7) -> list[tuple[str, str]]:
    Visit.objects.update_or_create(user=person, defaults={"day": TODAY - timedelta(days=days)})
    return [(one.kind, one.title) for one in overview_of(home(person), viewer(person), TODAY).news]


def test_what_was_decided_about_ones_report_is_new_to_its_leader_only(owed):
    approve(sent(owed), by=owed.town.head, now=NOW)
    assert news(owed.town.manager) == [(NewsKind.APPROVED, owed.town.school.name)]
    assert news(owed.town.head) == news(owed.town.other_manager) == []


def test_an_answer_is_new_to_all_members_of_the_body(town):
    fields = {"answer": "Fordi.", "answered_by": town.head, "answered_at": NOW}
    question(town, town.head, **fields)
    other = factories.user("politician", town.committee)
    assert news(town.politician) == news(other) == [(NewsKind.ANSWERED, "Hvorfor?")]
    assert news(town.politician, days=-1) == []


def test_a_closed_answer_is_new_to_those_only_who_may_read_it(town):
    closed = {"is_closed": True, "closed_reason": "En bestemt person", "public_title": "Personsag"}
    question(town, town.head, answer="Fordi.", answered_by=town.head, answered_at=NOW, **closed)
    assert [kind for kind, _title in news(town.politician)] == [NewsKind.ANSWERED]
    elsewhere = factories.user("politician", town.other_committee)
    assert news(elsewhere) == []


def test_a_round_that_became_ready_is_new_to_its_body_and_to_those_it_asked(owed):
    Round.objects.update(state=RoundState.READY)
    record(owed.round, "ready", authority=owed.town.authority, by=None, now=NOW)
    assert news(owed.town.politician) == news(owed.town.manager) == [(NewsKind.READY, "2026K2")]
    assert news(owed.town.other_manager) == []


def test_decisions_and_actions_given_to_me_are_new(town):
    factories.decision(town.committee, date=TODAY, title="Fælles indsats")
    action(town, town.manager)
    action(town, town.manager, created_by=town.manager)
    assert news(town.manager) == [(NewsKind.GIVEN, "Ring hjem")]
    assert news(town.politician) == [(NewsKind.DECIDED, "Fælles indsats")]


def test_the_visit_before_is_remembered(town):
    days = [TODAY, TODAY, TODAY + timedelta(days=3), TODAY + timedelta(days=3), TODAY + timedelta(days=9)]
    seen = []
    for day in days:
        own = overview_of(home(town.manager), viewer(town.manager), day)
        seen.append(own.since)
        remember_visit(town.manager, own, day)
    assert seen == [None, None, TODAY, TODAY, TODAY + timedelta(days=3)]


def test_nothing_is_new_at_the_first_visit(town):
    action(town, town.manager)
    assert overview_of(home(town.manager), viewer(town.manager), TODAY).news == ()

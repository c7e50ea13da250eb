"""Two people at the same moment, on connections of their own: one wins, the other is told."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from functools import partial
from threading import Barrier, BrokenBarrierError, Event

import pytest
from django.db import connection

from followup.actions import measurements, submissions
from followup.actions.measurements import CellState, CellValue, save_values
from followup.actions.submissions import NotPossible, approve, enter_values, send_back, submit, take_up, withdraw
from followup.guards import guard, unguard
from followup.models import Revision, Submission, SubmissionState
from followup.refusals import refusal_words
from goals.periods import parse_period
from organisation.models import HistoryEntry
from tests import factories
from tests.followup.flow import enter, stored
from tests.races import Patience, at_once, meet_after, needs_rows_locked

NOW = factories.NOW

pytestmark = [
    needs_rows_locked,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def filled(owed):
    """The school's report with every number in, not sent."""
    enter(owed.number, Decimal(6), by=owed.town.manager)
    enter(owed.share, None, by=owed.town.manager, missing="not_reported")
    return owed


@pytest.fixture
def sent(filled):
    filled.submission = submit(filled.submission, by=filled.town.manager, now=NOW)
    return filled


def in_words(step: Callable[[], object]) -> Callable[[], object]:
    """The step, giving the sentence for what it refuses."""

    def telling() -> object:
        try:
            return step()
        except NotPossible as error:
            return refusal_words(error)

    return telling


def told(results: list[object]) -> list[str]:
    return [one for one in results if isinstance(one, str)]


def done(submission: Submission, verb: str) -> int:
    return HistoryEntry.objects.about(submission).filter(verb=verb).count()


# ---- two approvers ---------------------------------------------------------------------------------------------------


def two_approve(sent, monkeypatch) -> list[object]:
    meet_after(monkeypatch, submissions, "_refuse")
    return at_once(
        *(in_words(partial(approve, sent.submission, by=one, now=NOW)) for one in (sent.town.head, sent.town.director))
    )


def test_two_approvers_without_locks_both_approve(sent, monkeypatch, without_locks):
    assert told(two_approve(sent, monkeypatch)) == []
    assert done(sent.submission, "approved") == 2, "the second overwrote the first"


def test_of_two_approvers_one_is_told(sent, monkeypatch):
    results = two_approve(sent, monkeypatch)
    assert told(results) == ["Indberetningen er allerede godkendt. Intet er ændret."]
    assert done(sent.submission, "approved") == 1
    assert stored(sent.number).approved_by == Submission.objects.get().decided_by


# ---- an approval and a return ----------------------------------------------------------------------------------------


def approve_and_return(sent, monkeypatch) -> list[object]:
    meet_after(monkeypatch, submissions, "_refuse")
    return at_once(
        in_words(partial(approve, sent.submission, by=sent.town.head, now=NOW)),
        in_words(partial(send_back, sent.submission, reason="Se her", by=sent.town.director, now=NOW)),
    )


def test_an_approval_and_a_return_without_locks_both_go_through(sent, monkeypatch, without_locks):
    assert told(approve_and_return(sent, monkeypatch)) == []
    assert (done(sent.submission, "approved"), done(sent.submission, "returned")) == (1, 1)


def test_of_an_approval_and_a_return_one_is_told(sent, monkeypatch):
    [words] = told(approve_and_return(sent, monkeypatch))
    assert words in (
        "Indberetningen er allerede godkendt. Intet er ændret.",
        "Indberetningen er allerede sendt tilbage til Bakkeskolen. Intet er ændret.",
    )
    assert done(sent.submission, "approved") + done(sent.submission, "returned") == 1


# ---- a take-up and a withdrawal --------------------------------------------------------------------------------------


def take_up_and_withdraw(sent, monkeypatch) -> list[object]:
    meet_after(monkeypatch, submissions, "_refuse")
    return at_once(
        in_words(partial(take_up, sent.submission, by=sent.town.head, now=NOW)),
        in_words(partial(withdraw, sent.submission, by=sent.town.manager, now=NOW)),
    )


def test_a_take_up_and_a_withdrawal_without_locks_both_go_through(sent, monkeypatch, without_locks):
    assert told(take_up_and_withdraw(sent, monkeypatch)) == []
    assert (done(sent.submission, "take_up"), done(sent.submission, "draft")) == (1, 1)


def test_of_a_take_up_and_a_withdrawal_one_is_told(sent, monkeypatch):
    [words] = told(take_up_and_withdraw(sent, monkeypatch))
    after = Submission.objects.get()
    assert (after.state, words) in [
        (SubmissionState.IN_REVIEW, f"{sent.town.head} er ved at behandle indberetningen. Intet er ændret."),
        (SubmissionState.DRAFT, "Bakkeskolen har ikke sendt indberetningen. Intet er ændret."),
    ]
    assert done(sent.submission, "take_up") + done(sent.submission, "draft") == 1


# ---- two editors -----------------------------------------------------------------------------------------------------


def edit(it, value: int, by) -> CellState:
    seen = CellValue(it.number, parse_period("2026K2"), value=Decimal(value), version=1)
    [outcome] = enter_values(it.submission, [seen], by=by, now=NOW)
    return outcome.state


def two_edit(filled, monkeypatch) -> list[object]:
    meet_after(monkeypatch, measurements, "_locked")
    return at_once(partial(edit, filled, 7, filled.town.manager), partial(edit, filled, 8, filled.town.head))


def test_of_two_editors_without_locks_one_overwrites_the_other(filled, monkeypatch, without_locks):
    assert two_edit(filled, monkeypatch) == [CellState.CHANGED, CellState.CHANGED]
    assert stored(filled.number).version == 2, "two changes, and only one of them counts"


def test_of_two_editors_one_is_told(filled, monkeypatch):
    states = two_edit(filled, monkeypatch)
    assert sorted(states) == [CellState.CHANGED, CellState.CONFLICT]
    assert stored(filled.number).value == (7, 8)[states.index(CellState.CHANGED)]
    assert Revision.objects.count() == 1


# ---- an approval and an edit -----------------------------------------------------------------------------------------


def approve_and_edit(filled, monkeypatch) -> list[object]:
    """The editor has looked at the draft; before the number is written, it is sent and approved."""
    has_looked, is_approved, original = Event(), Event(), measurements._locked

    def looking(cells):
        found = original(cells)
        if not has_looked.is_set():
            has_looked.set()
            is_approved.wait(timeout=Patience.seconds)
        return found

    def sending_and_approving():
        has_looked.wait(timeout=Patience.UNLOCKED)
        submit(filled.submission, by=filled.town.manager, now=NOW)
        approve(filled.submission, by=filled.town.head, now=NOW)
        is_approved.set()

    monkeypatch.setattr(measurements, "_locked", looking)
    return at_once(partial(edit, filled, 5, filled.town.manager), sending_and_approving)


def test_without_any_guard_an_approved_figure_changes(filled, monkeypatch, without_locks):
    unguard(connection)
    try:
        assert approve_and_edit(filled, monkeypatch)[0] is CellState.CHANGED
        value = stored(filled.number)
        assert value.is_approved and value.value == 5, "nobody approved 5"
    finally:
        guard(connection)


def test_without_locks_the_database_still_refuses_and_the_editor_is_told(filled, monkeypatch, without_locks):
    assert approve_and_edit(filled, monkeypatch)[0] is CellState.LOCKED
    value = stored(filled.number)
    assert value.is_approved and value.value == 6


def test_an_approval_waits_for_an_edit_and_approves_what_it_left(filled, monkeypatch):
    assert approve_and_edit(filled, monkeypatch)[0] is CellState.CHANGED
    value = stored(filled.number)
    assert value.is_approved and value.value == 5 and not value.is_corrected
    assert Revision.objects.get().was_approved is False


def test_an_edit_after_the_approval_is_told(filled):
    submit(filled.submission, by=filled.town.manager, now=NOW)
    approve(filled.submission, by=filled.town.head, now=NOW)
    with pytest.raises(NotPossible) as refused:
        edit(filled, 5, filled.town.manager)
    assert refusal_words(refused.value) == "Indberetningen er allerede godkendt. Intet er ændret."


# ---- two who enter the same new values -------------------------------------------------------------------------------


def test_two_who_enter_the_same_values_from_either_end_do_not_stop_each_other(filled, monkeypatch):
    """Each has entered its first and goes on to the other's, as within one statement of many rows."""
    monkeypatch.setattr(type(connection.ops), "bulk_batch_size", lambda *_: 1)
    cells = [CellValue(filled.number, parse_period(code), value=Decimal(6)) for code in ("2020K1", "2020K2")]
    both_began = Barrier(2)

    def enter_from(end: int) -> list:
        entered = []

        def meeting(execute, sql, *args):
            result = execute(sql, *args)
            if sql.startswith('INSERT INTO "followup_measurement"') and not entered:
                entered.append(sql)
                with suppress(BrokenBarrierError):
                    both_began.wait(timeout=Patience.LOCKED)
            return result

        with connection.execute_wrapper(meeting):
            return save_values(cells[::end], by=filled.town.manager, now=NOW)

    results = at_once(partial(enter_from, 1), partial(enter_from, -1))
    states = [{outcome.state for outcome in one} for one in results]
    assert sorted(states, key=str) == [{CellState.CREATED}, {CellState.UNCHANGED}]

"""A report on its way: sent, withdrawn, sent back, approved; what each step asks and leaves behind."""

from decimal import Decimal
from functools import partial

import pytest

from followup.actions.measurements import CellState
from followup.actions.rounds import open_round
from followup.actions.standings import computed_standings
from followup.actions.submissions import NotPossible, approve, send_back, submit, withdraw
from followup.models import GoalStanding, RoundState, Submission, SubmissionState
from organisation.models import HistoryEntry
from organisation.permissions import Role
from tests import factories
from tests.followup.flow import Grid, cell, due, enter, html, stored
from tests.races import at_once, needs_rows_locked

NOW = factories.NOW


def fill_in(owed) -> None:
    enter(owed.number, Decimal("5.9"), by=owed.town.manager)
    enter(owed.share, None, by=owed.town.manager, missing="not_reported")


@pytest.fixture
def sent(owed):
    """The school's report, sent by its manager."""
    fill_in(owed)
    owed.submission = submit(owed.submission, by=owed.town.manager, now=NOW)
    return owed


@pytest.fixture
def family(town, clock):
    """A department and its two schools that all owe the same share to one round; the board's is rolled up."""
    indicator = factories.indicator(town.authority, value_kind="ratio", unit_rollup="ratio")
    town.goal = factories.goal(town.committee)
    town.above = factories.series(indicator, town.directorate, town.goal, is_rolled_up=True)
    own = factories.indicator(town.authority)
    town.series = {
        town.department: factories.series(own, town.department, town.goal),
        town.school: factories.series(indicator, town.school, town.goal),
        town.other_school: factories.series(indicator, town.other_school, town.goal),
    }
    town.round = open_round(factories.round_(town.committee), by=town.consultant, now=NOW)
    senders = {town.department: town.head, town.school: town.manager, town.other_school: town.other_manager}
    town.submissions = {}
    for at, (unit, series) in enumerate(town.series.items(), 1):
        pair = {} if unit == town.department else {"numerator": Decimal(at * 10), "denominator": Decimal(100)}
        enter(series, None if pair else Decimal(7), by=senders[unit], **pair)
        one = Submission.objects.get(round=town.round, unit=unit)
        town.submissions[unit] = submit(one, by=senders[unit], now=NOW)
    return town


def refused(step, *args, **kwargs) -> NotPossible:
    with pytest.raises(NotPossible) as error:
        step(*args, **kwargs)
    return error.value


# ---- sending ---------------------------------------------------------------------------------------------------------


def test_a_report_with_a_hole_is_not_sent(owed, grid):
    enter(owed.number, Decimal(8), by=owed.town.manager)
    error = refused(submit, owed.submission, by=owed.town.manager, now=NOW)
    assert (error.key, error.values) == ("values_missing", {"count": 1})
    page = html(grid().step("entry_submit"))
    assert "Der mangler ét tal. Skriv det, eller vælg, hvorfor det mangler." in page
    owed.submission.refresh_from_db()
    assert owed.submission.state == SubmissionState.DRAFT


def test_values_and_reasons_make_a_whole_report(owed, grid):
    fill_in(owed)
    page = html(grid().step("entry_submit"))
    assert "Indberetningen er sendt til godkendelse." in page
    owed.submission.refresh_from_db()
    assert (owed.submission.state, owed.submission.submitted_by) == (SubmissionState.SUBMITTED, owed.town.manager)
    assert owed.submission.submitted_at == NOW
    assert not stored(owed.number).is_approved


def test_a_report_is_not_sent_twice(sent):
    assert refused(submit, sent.submission, by=sent.town.head, now=NOW).key == "is_submitted"
    assert Submission.objects.get().submitted_by == sent.town.manager


def test_a_report_to_a_closed_round_is_not_sent(owed):
    fill_in(owed)
    owed.round.state = RoundState.READY
    owed.round.save()
    assert refused(submit, owed.submission, by=owed.town.manager, now=NOW).key == "round_ready"


def test_who_enters_but_does_not_send_has_no_button_for_it(owed, grid):
    browser = grid(owed.town.professional)
    page = html(browser.page())
    assert "Gem kladde" in page
    assert "Send til godkendelse" not in page
    assert browser.step("entry_submit").status_code == 403
    assert "Send til godkendelse" in html(grid().page())


# ---- withdrawing -----------------------------------------------------------------------------------------------------


def test_a_sent_report_is_withdrawn_and_open_again(sent, grid):
    assert "Træk tilbage" not in html(grid(sent.town.professional).page())
    page = html(grid().step("entry_withdraw"))
    assert "Du kan rette igen." in page
    response = grid().save(cell(due(sent.number), 1, v="8,4"))
    assert response.status_code == 302
    assert stored(sent.number).value == Decimal("8.4")
    assert refused(withdraw, sent.submission, by=sent.town.manager, now=NOW).key == "is_draft"


def test_an_approved_report_is_not_withdrawn(sent, grid):
    approve(sent.submission, by=sent.town.head, now=NOW)
    assert refused(withdraw, sent.submission, by=sent.town.manager, now=NOW).key == "is_approved"
    assert "Træk tilbage" not in html(grid().page())
    assert "Indberetningen er allerede godkendt. Intet er ændret." in html(grid().step("entry_withdraw"))


@pytest.mark.parametrize("state", [RoundState.READY, RoundState.CLOSED])
def test_nothing_is_withdrawn_when_the_round_is_ready(sent, grid, state):
    sent.round.state = state
    sent.round.save()
    assert refused(withdraw, sent.submission, by=sent.town.manager, now=NOW).key == f"round_{state}"
    assert "Træk tilbage" not in html(grid().page())
    page = html(grid().step("entry_withdraw"))
    assert "Bed målkonsulenten om at åbne" in page


# ---- sending back ----------------------------------------------------------------------------------------------------


def test_a_report_is_sent_back_with_a_reason_that_stays(sent, grid):
    page = html(grid(sent.town.head).step("submission_review", send_back="1", reason="Tallet for juni er for lavt"))
    assert "Sendt tilbage." in page
    mine = html(grid().page())
    assert mine.count("Tallet for juni er for lavt") == 2, "above the grid and in the history"
    assert str(sent.town.head) in mine
    assert "Tallet for juni er for lavt" in html(grid().client.get("/indberetning/"))
    grid().save(cell(due(sent.number), 1, v="6,1"))
    grid().step("entry_submit")
    entries = HistoryEntry.objects.about(sent.submission).order_by("pk")
    assert [one.verb for one in entries] == ["submitted", "returned", "submitted"]
    assert entries[1].reason == "Tallet for juni er for lavt"
    assert "Tallet for juni er for lavt" in html(grid(sent.town.head).client.get(grid().url("submission_review")))


def test_a_report_is_not_sent_back_without_a_reason(sent, grid):
    response = grid(sent.town.head).client.post(grid().url("submission_review"), {"send_back": "1", "reason": " "})
    assert response.status_code == 422
    assert "id_reason_error" in html(response)
    assert Submission.objects.get().state == SubmissionState.SUBMITTED


def test_only_a_sent_report_is_sent_back(owed):
    assert refused(send_back, owed.submission, reason="Nej", by=owed.town.head, now=NOW).key == "is_draft"


# ---- approving -------------------------------------------------------------------------------------------------------


def test_approval_locks_the_values_and_moves_the_light(sent, grid):
    before = GoalStanding.objects.get(goal=sent.goal).light
    page = html(grid(sent.town.head).step("submission_review", approve="1"))
    assert "Godkendt. Tallene er låst." in page
    value = stored(sent.number)
    assert (value.approved_by, value.approved_at, value.approved_in) == (sent.town.head, NOW, sent.submission)
    assert stored(sent.share).is_approved
    after = GoalStanding.objects.get(goal=sent.goal).light
    assert (before, after) == ("offtrack", "reached")
    assert grid().save(cell(due(sent.number), 1, v="8"), htmx=True).status_code == 423
    assert "Låst:" in html(grid().page())


def test_deviations_come_first_for_the_approver(sent, grid):
    worse = factories.series(
        factories.indicator(sent.town.authority, name="Å-tal"), sent.town.school, sent.goal, tolerance=0
    )
    factories.target(worse, "2026K4", 50)
    one = sent.submission.due_values.create(series=worse, period="2026K2", period_end="2026-06-30")
    enter(worse, Decimal(10), by=sent.town.manager)
    response = grid(sent.town.head).client.get(grid().url("submission_review"))
    assert response.context["cells"][0].pk == one.pk
    assert response.context["deviating"] == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 403),
        ("head", 200),
        ("director", 200),
        ("consultant", 200),
        ("other_manager", 404),
        ("professional", 403),
        ("reader", 403),
        ("politician", 403),
        ("administrator", 403),
    ],
)
def test_who_approves(sent, grid, who, status):
    browser = grid(getattr(sent.town, who))
    assert browser.client.get(browser.url("submission_review")).status_code == status
    assert browser.step("submission_review", approve="1").status_code == status
    assert Submission.objects.get().state == ("approved" if status == 200 else "submitted")


def test_another_municipalitys_director_finds_nothing(sent, grid):
    browser = grid(factories.municipality().director)
    assert browser.step("submission_review", approve="1").status_code == 404


def test_nobody_approves_what_they_sent(owed, grid):
    fill_in(owed)
    submit(owed.submission, by=owed.town.director, now=NOW)
    assert refused(approve, owed.submission, by=owed.town.director, now=NOW).key == "own_submission"
    assert grid(owed.town.director).step("submission_review", approve="1").status_code == 403
    assert approve(owed.submission, by=owed.town.head, now=NOW).state == SubmissionState.APPROVED


def test_the_second_of_two_who_approve_at_once_is_told(sent, grid):
    first, second = Submission.objects.get(), Submission.objects.get()
    approve(first, by=sent.town.head, now=NOW)
    assert refused(approve, second, by=sent.town.director, now=NOW).key == "is_approved"
    assert Submission.objects.get().decided_by == sent.town.head
    assert stored(sent.number).approved_by == sent.town.head
    told = html(grid(sent.town.director).step("submission_review", approve="1"))
    assert "Indberetningen er allerede godkendt. Intet er ændret." in told


def test_a_parent_is_approved_after_its_children(family):
    department = family.submissions[family.department]
    error = refused(approve, department, by=family.director, now=NOW)
    assert error.key == "approve_children"
    assert {unit.name for unit in error.values["units"]} == {"Bakkeskolen", "Elmeskolen"}
    for school in (family.school, family.other_school):
        approve(family.submissions[school], by=family.head, now=NOW)
    assert approve(department, by=family.director, now=NOW).state == SubmissionState.APPROVED


def test_a_roll_up_is_provisional_until_all_are_approved(family):
    approve(family.submissions[family.school], by=family.head, now=NOW)
    above = stored(family.above)
    assert (above.value, above.parts_present, above.parts_expected, above.is_provisional) == (20, 1, 2, True)
    approve(family.submissions[family.other_school], by=family.head, now=NOW)
    above = stored(family.above)
    assert (above.numerator, above.denominator, above.value, above.is_provisional) == (50, 200, 25, False)


# ---- many at once ----------------------------------------------------------------------------------------------------


def approve_many(client, *submissions) -> str:
    data = {"submission": [one.pk for one in submissions]}
    return html(client.post("/indberetning/godkend/", data, follow=True))


def test_many_are_approved_lowest_first(family, sign_in):
    page = approve_many(sign_in(family.director), *family.submissions.values())
    assert "3 indberetninger er godkendt." in page
    assert set(Submission.objects.values_list("state", flat=True)) == {"approved"}


def test_those_that_cannot_be_approved_are_named(family, sign_in):
    chosen = [family.submissions[family.department], family.submissions[family.school]]
    page = approve_many(sign_in(family.director), *chosen)
    assert "1 indberetning er godkendt." in page
    assert "Center for Skole: 1 enhed mangler at blive godkendt først: Elmeskolen." in page


def test_ones_own_and_those_of_others_are_named_or_unknown(family, sign_in):
    stranger = factories.municipality()
    page = approve_many(sign_in(stranger.director), *family.submissions.values())
    assert "Bakkeskolen" not in page
    own = family.submissions[family.department]
    assert "Center for Skole: Du har selv sendt indberetningen." in approve_many(sign_in(family.head), own)
    assert set(Submission.objects.values_list("state", flat=True)) == {"submitted"}


def test_a_head_does_not_approve_a_sibling(family, sign_in):
    sibling = factories.unit(family.directorate, name="Center for Dagtilbud")
    person = factories.user(Role.MANAGER, sibling)
    page = approve_many(sign_in(person), *family.submissions.values())
    assert "godkendt" not in page.replace("Klar til godkendelse", "")
    assert set(Submission.objects.values_list("state", flat=True)) == {"submitted"}


def test_none_chosen_is_said(family, sign_in):
    assert "Vælg mindst én indberetning." in approve_many(sign_in(family.director))
    assert "Vælg mindst én indberetning." in html(
        sign_in(family.director).post("/indberetning/godkend/", {"submission": ["²", "9" * 30]}, follow=True)
    )


def test_the_approvers_inbox_lists_what_waits(family, sign_in):
    page = html(sign_in(family.head).get("/indberetning/"))
    assert "Klar til godkendelse" in page
    assert "Bakkeskolen, 2. kvartal 2026" in page
    assert Grid(sign_in(family.head), family.submissions[family.school]).url("submission_review") in page
    assert "Klar til godkendelse" not in html(sign_in(family.manager).get("/indberetning/"))


# ---- at the same moment ----------------------------------------------------------------------------------------------


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_of_two_who_fill_an_empty_cell_at_once_one_is_told(owed):
    for at in range(5):
        series = factories.series(factories.indicator(owed.town.authority), owed.town.school)
        people = (owed.town.manager, owed.town.head)
        values = [Decimal(at), Decimal(at + 1)]
        outcomes = at_once(
            *(partial(enter, series, value, by=person) for person, value in zip(people, values, strict=True))
        )
        assert sorted(outcome.state for outcome in outcomes) == [CellState.CONFLICT, CellState.CREATED]
        kept = next(outcome.cell.value for outcome in outcomes if outcome.state is CellState.CREATED)
        assert stored(series).value == kept


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_is_told(sent):
    people = (sent.town.head, sent.town.director)
    results = at_once(*(partial(approve, sent.submission, by=person, now=NOW) for person in people))
    assert results.count("is_approved") == 1
    [submission] = [one for one in results if one != "is_approved"]
    assert stored(sent.number).approved_by == submission.decided_by == Submission.objects.get().decided_by


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_siblings_approved_at_once_are_both_counted_above(family):
    schools = (family.school, family.other_school)
    at_once(*(partial(approve, family.submissions[school], by=family.head, now=NOW) for school in schools))
    above = stored(family.above)
    assert (above.numerator, above.denominator, above.parts_present) == (50, 200, 2)
    assert {pk: (row.light, row.below) for pk, row in GoalStanding.objects.in_bulk().items()} == computed_standings(
        family.authority, today=factories.TODAY
    )

"""The ceiling over goals: set, kept, exceeded by decision, and shown."""

import pytest
from django.urls import reverse

from goals.actions.budgets import Full, meter_of, set_ceiling
from goals.actions.goals import adopt_goal, change_goal, close_goal, replace_goal
from goals.actions.versions import Stale
from goals.budget import Meter
from goals.kinds import GoalState
from goals.models import BudgetException, Goal, GoalBudget
from organisation.models import HistoryEntry
from tests import factories
from tests.factories import NOW
from tests.followup.flow import html
from tests.races import at_once, needs_rows_locked

from .test_goal_actions import ANSWERS, made, whole_draft


@pytest.fixture
def full(town):
    """The school has one goal and may have one."""
    town.first = factories.goal(town.school)
    set_ceiling(town.school, 1, version=0, by=town.consultant, now=NOW)
    return town


def adopt(town, goal, **fields):
    return adopt_goal(goal, made(town), version=goal.version, by=town.consultant, now=NOW, **fields)


# ---- set -------------------------------------------------------------------------------------------------------------


def test_a_ceiling_is_set_with_history_and_never_over_anothers(town):
    assert meter_of(town.council) == Meter(0, 10) and meter_of(town.school) == Meter(0, None)
    budget = set_ceiling(town.school, 3, version=0, by=town.consultant, now=NOW)
    assert meter_of(town.school) == Meter(0, 3)
    with pytest.raises(Stale):
        set_ceiling(town.school, 4, version=0, by=town.consultant, now=NOW)
    set_ceiling(town.school, None, version=1, by=town.consultant, now=NOW)
    assert meter_of(town.school) == Meter(0, None)
    entries = HistoryEntry.objects.about(budget).order_by("pk")
    assert [one.changes for one in entries] == [{"most": [None, "3"]}, {"most": ["3", None]}]


# ---- kept ------------------------------------------------------------------------------------------------------------


def test_the_last_place_may_be_taken_and_no_more(full):
    goal = whole_draft(full)
    with pytest.raises(Full) as refused:
        adopt(full, goal)
    assert refused.value.meter == Meter(1, 1)
    assert Goal.objects.get(pk=goal.pk).state == GoalState.DRAFT
    close_goal(full.first, made(full), reason="Nået", by=full.consultant, now=NOW)
    assert adopt(full, Goal.objects.get(pk=goal.pk)).state == GoalState.ADOPTED
    assert not BudgetException.objects.exists()


def test_above_the_ceiling_by_a_decision_that_is_kept(full):
    raised = factories.decision(full.committee, reference="punkt 9")
    goal = adopt(full, whole_draft(full), raised_by=raised)
    one = BudgetException.objects.get()
    assert (one.goal, one.decision, one.number, one.most, one.at) == (goal, raised, 2, 1, NOW)


def test_below_the_ceiling_a_decision_leaves_no_exception(town):
    adopt(town, whole_draft(town), raised_by=factories.decision(town.committee))
    assert not BudgetException.objects.exists()


def test_a_goal_in_the_place_of_another_takes_its_place(full):
    new = whole_draft(full)
    replace_goal(full.first, new, made(full), reason="Bedre", by=full.consultant, now=NOW)
    assert meter_of(full.school) == Meter(1, 1)


def test_a_successor_of_another_unit_may_be_one_too_many(full):
    old = factories.goal(full.committee)
    with pytest.raises(Full):
        replace_goal(old, whole_draft(full), made(full), reason="Bedre", by=full.consultant, now=NOW)
    assert Goal.objects.get(pk=old.pk).is_adopted


def test_a_goal_in_force_is_not_moved_to_a_full_unit(full):
    goal = factories.goal(full.other_school)
    goal.owner_unit = full.school
    with pytest.raises(Full):
        change_goal(goal, version=goal.version, by=full.consultant, now=NOW)
    draft = factories.goal(full.other_school, state=GoalState.DRAFT)
    draft.owner_unit = full.school
    change_goal(draft, version=draft.version, by=full.consultant, now=NOW)


@needs_rows_locked
@pytest.mark.django_db(transaction=True)
def test_two_adoptions_at_once_take_one_place(town):
    set_ceiling(town.school, 1, version=0, by=town.consultant, now=NOW)
    goals = [whole_draft(town), whole_draft(town)]
    results = at_once(*(lambda goal=goal: adopt(town, goal) for goal in goals))
    assert sorted(type(one).__name__ for one in results) == ["Full", "Goal"]
    assert meter_of(town.school) == Meter(1, 1)


# ---- in the browser --------------------------------------------------------------------------------------------------


def adopting(town, goal, **fields):
    decided = {"body": town.committee.pk, "decided_on": "2026-06-24", "reference": "punkt 4", "text": ""}
    return {**ANSWERS, "responsible": town.manager.pk, "version": goal.version, **decided, **fields}


def test_adoption_above_the_ceiling_asks_for_the_decision_beside_its_field(full, sign_in):
    client, goal = sign_in(full.consultant), whole_draft(full)
    address = reverse("goals:goal_adopt", args=[goal.pk])
    page = html(client.get(address))
    assert "Bakkeskolen har 1 mål, og loftet er 1." in page and 'name="raised_reference"' in page
    answer = client.post(address, adopting(full, goal))
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"raised_on", "raised_reference"}
    asked = adopting(full, goal, raised_on="2026-01-28", raised_reference="punkt 9")
    answer = client.post(address, asked)
    assert answer.status_code == 422
    [said] = answer.context["form"].errors["raised_reference"]
    assert (
        said.replace("\u00a0", " ") == "Vi kender ingen beslutning ”punkt 9” fra 28. januar 2026. Registrér den først."
    )
    factories.decision(full.council, reference="Punkt 9")
    assert client.post(address, asked).status_code == 302
    assert BudgetException.objects.get().decision.body == full.council


def test_the_last_place_taken_meanwhile_is_told_with_the_fields(town, sign_in, monkeypatch):
    goal = whole_draft(town)
    set_ceiling(town.school, 1, version=0, by=town.consultant, now=NOW)
    monkeypatch.setattr("goals.views.goals.meter_of", lambda unit: Meter(0, 1))
    factories.goal(town.school)
    answer = sign_in(town.consultant).post(reverse("goals:goal_adopt", args=[goal.pk]), adopting(town, goal))
    assert answer.status_code == 422
    assert "raised_reference" in answer.context["form"].errors and "loftet er 1" in html(answer)


@pytest.mark.parametrize(("who", "status"), [("consultant", 200), ("director", 403), ("manager", 403)])
def test_only_the_consultant_sets_ceilings(town, sign_in, who, status):
    assert sign_in(getattr(town, who)).get(reverse("goals:ceiling_list")).status_code == status


@pytest.mark.parametrize(
    ("typed", "status"), [("7", 302), ("", 302), ("0", 422), ("501", 422), ("mange", 422), ("7,5", 422)]
)
def test_the_ceiling_in_the_browser(town, sign_in, typed, status):
    address = reverse("goals:ceiling_edit", args=[town.school.pk])
    answer = sign_in(town.consultant).post(address, {"most": typed, "version": 0})
    assert answer.status_code == status
    assert GoalBudget.objects.count() == (status == 302)


def test_the_council_keeps_a_ceiling_and_a_stale_one_is_told(town, sign_in):
    client, address = sign_in(town.consultant), reverse("goals:ceiling_edit", args=[town.council.pk])
    assert "5–10 mål" in html(client.get(address))
    assert client.post(address, {"most": "", "version": 0}).status_code == 422
    assert client.post(address, {"most": "8", "version": 0}).status_code == 302
    answer = client.post(address, {"most": "9", "version": 0})
    assert answer.status_code == 422 and "En anden har sat loftet til 8" in html(answer)
    assert client.post(address, {"most": "9", "version": answer.context["form"]["version"].value()}).status_code == 302
    assert meter_of(town.council).most == 9


def test_the_meter_stands_on_the_pages_of_bodies_and_units(town, sign_in):
    for _ in range(3):
        factories.goal(town.council)
    factories.goal(town.department)
    client = sign_in(town.manager)
    for name, unit in (("body_detail", town.committee), ("unit_detail", town.school)):
        assert reverse("goals:unit_ceiling", args=[unit.pk]) in html(
            client.get(reverse(f"followup:{name}", args=[unit.pk]))
        )
    fragment = html(client.get(reverse("goals:unit_ceiling", args=[town.council.pk]), headers={"HX-Request": "true"}))
    assert "3 mål ud af højst 10." in fragment and "Der er plads til 7 mere." in fragment and "<h1" not in fragment
    page = html(client.get(reverse("goals:unit_ceiling", args=[town.department.pk])))
    assert "Center for Skole har 1 mål, og Byrådet har 3. Som regel er der flere mål" in page
    assert reverse("goals:goal_close", args=[town.department.goals.get().pk]) not in page  # a manager adopts nothing


def test_another_authoritys_unit_is_not_found(town, sign_in):
    other = factories.municipality()
    assert sign_in(town.consultant).get(reverse("goals:unit_ceiling", args=[other.school.pk])).status_code == 404
    assert sign_in(town.consultant).get(reverse("goals:ceiling_edit", args=[other.school.pk])).status_code == 404


def test_the_consultants_page_lists_levels_and_likeness(town, sign_in, django_assert_max_num_queries):
    series = factories.series(factories.indicator(town.authority), town.school)
    goals = [
        factories.goal(unit, title=f"Trivsel {n}") for n, unit in enumerate((town.committee, town.other_committee))
    ]
    for one in goals:
        one.goal_series.create(series=series)
    factories.goal(town.committee), factories.goal(town.department, goals[0])
    other = factories.municipality()
    factories.goal(other.school).goal_series.create(series=series)  # another authority's is not compared
    client = sign_in(town.consultant)
    client.get(reverse("goals:few_goals"))
    with django_assert_max_num_queries(12):
        page = html(client.get(reverse("goals:few_goals")))
    assert page.count("samme indikator") == 1
    assert all(reverse("followup:goal_detail", args=[one.pk]) in page for one in goals)


def test_drafts_are_not_counted_and_an_exception_is_listed(full, sign_in):
    factories.goal(full.school, state=GoalState.DRAFT)
    adopt(full, whole_draft(full), raised_by=factories.decision(full.committee))
    page = html(sign_in(full.consultant).get(reverse("goals:unit_ceiling", args=[full.school.pk])))
    assert "2 mål ud af højst 1. 1 mål er over loftet." in page
    assert "mål nr. 2, da loftet var 1." in page
    assert "10. august 2026" in page

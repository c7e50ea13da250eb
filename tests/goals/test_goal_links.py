"""What is thought of the links between goals, and which goals go up."""

import pytest
from django.urls import reverse

from followup.actions.standings import rebuild_standings
from followup.integrity import faults
from followup.models import GoalStanding
from goals.actions.goals import NotPossible, move_goal
from goals.actions.links import change_links, choose_upward
from goals.actions.versions import Stale
from goals.kinds import GoalState, Strength
from goals.models import Contribution, Goal
from organisation.models import HistoryEntry
from tests import factories

NOW = factories.NOW


@pytest.fixture
def linked(town):
    town.top = factories.goal(town.council, title="Flere i job")
    town.other = factories.goal(town.committee, title="Færre på ydelse")
    town.goal = factories.goal(town.school, town.top, title="Alle får en praktik")
    town.link = Contribution.objects.create(goal=town.goal, to_goal=town.other)
    return town


def html(response) -> str:
    return response.content.decode()


def last_changes(goal: Goal) -> dict:
    return HistoryEntry.objects.about(goal).first().changes


# ---- the actions -----------------------------------------------------------------------------------------------------


def test_what_is_thought_of_all_links_is_stored_at_once(linked):
    goal, link = linked.goal, linked.link
    goal.assumption, goal.strength = "praktik giver job", Strength.STRONG
    link.note = "praktik giver mod"
    change_links(goal, [link], version=1, by=linked.manager, now=NOW)
    goal.refresh_from_db()
    link.refresh_from_db()
    assert (goal.assumption, goal.strength, goal.version) == ("praktik giver job", "strong", 2)
    assert (link.note, link.strength) == ("praktik giver mod", "medium")
    assert last_changes(goal) == {
        "assumption": ["", "praktik giver job"],
        "strength": ["medium", "strong"],
        "Færre på ydelse": [" (nogen)", "praktik giver mod (nogen)"],
    }


def test_a_changed_contribution_alone_makes_a_new_version_of_the_goal(linked):
    linked.link.strength = Strength.WEAK
    change_links(linked.goal, [linked.link], version=1, by=linked.manager, now=NOW)
    assert Goal.objects.get(pk=linked.goal.pk).version == 2
    with pytest.raises(Stale):
        change_links(linked.goal, [linked.link], version=1, by=linked.manager, now=NOW)


def test_nothing_changed_is_no_version_and_no_history(linked):
    before = HistoryEntry.objects.count()
    change_links(linked.goal, [linked.link], version=1, by=linked.manager, now=NOW)
    assert (Goal.objects.get(pk=linked.goal.pk).version, HistoryEntry.objects.count()) == (1, before)


def test_another_goals_contribution_is_left_alone(linked):
    foreign = Contribution.objects.create(goal=linked.other, to_goal=linked.top, note="som før")
    foreign.note = "ændret"
    change_links(linked.goal, [foreign], version=1, by=linked.manager, now=NOW)
    foreign.refresh_from_db()
    assert foreign.note == "som før"


def test_a_closed_goals_links_stay(linked):
    closed = factories.goal(linked.school, state=GoalState.CLOSED)
    with pytest.raises(NotPossible, match="closed"):
        change_links(closed, [], version=1, by=linked.manager, now=NOW)


def test_without_a_link_nothing_is_thought_of_it(linked):
    Goal.objects.filter(pk=linked.goal.pk).update(assumption="praktik giver job", strength=Strength.STRONG)
    goal = move_goal(Goal.objects.get(pk=linked.goal.pk), None, version=1, by=linked.manager, now=NOW)
    goal.refresh_from_db()
    assert (goal.parent, goal.assumption, goal.strength) == (None, "", "medium")


def test_goals_are_chosen_to_go_up(linked):
    second = factories.goal(linked.school, linked.top)
    closed = factories.goal(linked.school, linked.top, state=GoalState.CLOSED)
    elsewhere = factories.goal(linked.other_school, linked.top)
    asked = [linked.goal.pk, closed.pk, elsewhere.pk, 987654]
    changed = choose_upward(linked.school, up=[second.pk], staying=asked, by=linked.manager, now=NOW)
    assert changed == [linked.goal]
    assert set(Goal.objects.going_up()) == {linked.top, linked.other, second, closed, elsewhere}
    assert last_changes(linked.goal) == {"goes_up": ["True", "False"]}
    assert Goal.objects.get(pk=linked.goal.pk).version == 2
    # The second choice of the same changes nothing.
    assert choose_upward(linked.school, up=[], staying=asked, by=linked.manager, now=NOW) == []


def test_the_counts_above_follow_the_choice(linked):
    department_goal = factories.goal(linked.department, linked.top)
    factories.goal(linked.school, department_goal)
    rebuild_standings(linked.authority, today=factories.TODAY)
    choose_upward(linked.school, up=[], staying=[linked.goal.pk], by=linked.manager, now=NOW)
    assert GoalStanding.objects.get(goal=linked.top).below == {"nodata": 2}
    choose_upward(linked.department, up=[], staying=[department_goal.pk], by=linked.head, now=NOW)
    assert GoalStanding.objects.get(goal=linked.top).below == {}
    assert GoalStanding.objects.get(goal=department_goal).below == {"nodata": 1}
    choose_upward(linked.department, up=[department_goal.pk], staying=[], by=linked.head, now=NOW)
    assert GoalStanding.objects.get(goal=linked.top).below == {"nodata": 2}
    assert [line for check, line in faults(factories.TODAY) if check == "standings"] == []


# ---- the pages -------------------------------------------------------------------------------------------------------


def test_the_form_of_the_link(linked, sign_in):
    url = reverse("goals:goal_link", args=[linked.goal.pk])
    client = sign_in(linked.manager)
    page = html(client.get(url))
    assert "Målet bidrager til ”Flere i job”" in page
    assert "Målet bidrager også til ”Færre på ydelse”" in page
    posted = {
        "version": 1,
        "assumption": "praktik giver job",
        "strength": "strong",
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 1,
        "form-0-id": linked.link.pk,
        "form-0-note": "praktik giver mod",
        "form-0-strength": "weak",
    }
    assert client.post(url, posted).url == reverse("followup:goal_chain", args=[linked.goal.pk])
    linked.goal.refresh_from_db()
    linked.link.refresh_from_db()
    assert (linked.goal.assumption, linked.goal.strength) == ("praktik giver job", "strong")
    assert (linked.link.note, linked.link.strength) == ("praktik giver mod", "weak")
    late = client.post(url, posted | {"assumption": "noget andet"})
    assert late.status_code == 422
    assert "Nu står der ”praktik giver job”. Du skrev ”noget andet”." in html(late)
    long = client.post(url, posted | {"version": 2, "form-0-note": "x" * 301})
    assert long.status_code == 422
    assert "m-field__error" in html(long)
    assert "x" * 301 in html(long)


def test_a_goal_without_links_says_so(linked, sign_in):
    url = reverse("goals:goal_link", args=[linked.top.pk])
    assert "Målet bidrager ikke til et andet mål." in html(sign_in(linked.consultant).get(url))


def test_the_link_of_a_closed_goal_is_not_edited(linked, sign_in):
    closed = factories.goal(linked.school, linked.top, state=GoalState.CLOSED)
    response = sign_in(linked.manager).get(reverse("goals:goal_link", args=[closed.pk]), follow=True)
    assert "Målet er afsluttet og kan ikke ændres." in html(response)


def test_the_page_of_what_goes_up(linked, sign_in):
    second = factories.goal(linked.school, linked.top, title="Færre skifter skole", goes_up=False)
    closed = factories.goal(linked.school, title="For længst forbi", state=GoalState.CLOSED)
    url = reverse("goals:unit_upward", args=[linked.school.pk])
    client = sign_in(linked.manager)
    page = html(client.get(url))
    assert "1 af 2 mål går op" in page
    assert closed.title not in page
    assert client.post(url, {"goal": [second.pk], "before": [linked.goal.pk]}).status_code == 302
    going = dict(Goal.objects.filter(owner_unit=linked.school).values_list("pk", "goes_up"))
    assert going == {linked.goal.pk: False, second.pk: True, closed.pk: True}
    assert client.post(url, {"goal": ["x", ""], "before": ["", "-1"]}).status_code == 302
    assert dict(Goal.objects.filter(owner_unit=linked.school).values_list("pk", "goes_up")) == going


def test_two_who_choose_at_once_lose_nothing(linked, sign_in):
    """Each turns another box; the second page was fetched before the first was sent."""
    second = factories.goal(linked.school, linked.top)
    url = reverse("goals:unit_upward", args=[linked.school.pk])
    client, both = sign_in(linked.manager), [linked.goal.pk, second.pk]
    client.post(url, {"goal": [second.pk], "before": both})
    client.post(url, {"goal": [linked.goal.pk], "before": both})
    assert not Goal.objects.filter(owner_unit=linked.school, goes_up=True).exists()


@pytest.mark.parametrize("count", [3, 120])
def test_the_page_of_what_goes_up_asks_the_same_few_questions(linked, sign_in, count, django_assert_max_num_queries):
    for _ in range(count):
        factories.goal(linked.school, linked.top)
    client, url = sign_in(linked.manager), reverse("goals:unit_upward", args=[linked.school.pk])
    client.get(url)
    with django_assert_max_num_queries(12):
        page = html(client.get(url))
    assert page.count('type="checkbox"') == min(count + 1, 50)


@pytest.mark.parametrize("name", ["goals:goal_link", "goals:unit_upward"])
def test_who_may(linked, sign_in, name):
    url = reverse(name, args=[linked.goal.pk if name == "goals:goal_link" else linked.school.pk])
    statuses = {
        person: sign_in(getattr(linked, person)).get(url).status_code
        for person in ("manager", "head", "consultant", "other_manager", "reader", "politician")
    }
    assert statuses == {
        "manager": 200,
        "head": 200,
        "consultant": 200,
        "other_manager": 403,
        "reader": 403,
        "politician": 403,
    }
    stranger = factories.municipality().manager
    assert sign_in(stranger).get(url).status_code == 404

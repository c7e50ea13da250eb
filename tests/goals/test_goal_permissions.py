"""Who gets to the editing pages: anonymous, strangers, the same role in another unit, readers, editors."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.kinds import GoalState
from organisation.permissions import Role
from tests import factories

GOAL_PAGES = ["goal_edit", "goal_move", "goal_contributions", "goal_series"]
DECISION_PAGES = ["goal_adopt", "goal_close", "goal_replace"]
OPEN_LISTS = ["strategy_list", "indicator_list"]


@pytest.fixture
def it(town):
    """One of each thing, all at the school or the council."""
    town.draft = factories.goal(town.school, state=GoalState.DRAFT)
    town.adopted = factories.goal(town.school)
    town.indicator = factories.indicator(town.authority)
    town.series = factories.series(town.indicator, town.school, town.adopted)
    town.strategy = factories.strategy(town.council)
    town.stranger = factories.municipality().consultant
    return town


def all_pages(it) -> list[str]:
    return [
        *(reverse(f"goals:{name}") for name in [*OPEN_LISTS, "strategy_create", "goal_create", "indicator_create"]),
        reverse("goals:series_create"),
        *(reverse(f"goals:{name}", args=[it.adopted.pk]) for name in [*GOAL_PAGES, *DECISION_PAGES, "goal_propose"]),
        reverse("goals:strategy_edit", args=[it.strategy.pk]),
        reverse("goals:indicator_edit", args=[it.indicator.pk]),
        reverse("goals:series_edit", args=[it.series.pk]),
        reverse("goals:target_set", args=[it.series.pk]),
    ]


def test_anonymous_people_are_sent_to_sign_in(it, client):
    for url in all_pages(it):
        response = client.get(url)
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login")), url


def test_strangers_find_nothing(it, sign_in):
    client = sign_in(it.stranger)
    for name in [*GOAL_PAGES, *DECISION_PAGES]:
        assert client.get(reverse(f"goals:{name}", args=[it.adopted.pk])).status_code == 404, name
    assert client.post(reverse("goals:goal_propose", args=[it.adopted.pk])).status_code == 404
    assert client.get(reverse("goals:strategy_edit", args=[it.strategy.pk])).status_code == 404
    assert client.get(reverse("goals:indicator_edit", args=[it.indicator.pk])).status_code == 404
    for name in ("series_edit", "target_set"):
        assert client.get(reverse(f"goals:{name}", args=[it.series.pk])).status_code == 404


def test_the_same_role_in_another_unit_sees_what_is_adopted_and_changes_nothing(it, sign_in):
    client = sign_in(it.other_manager)
    for name in GOAL_PAGES:
        assert client.get(reverse(f"goals:{name}", args=[it.adopted.pk])).status_code == 403, name
        assert client.get(reverse(f"goals:{name}", args=[it.draft.pk])).status_code == 404, name
    assert client.post(reverse("goals:goal_propose", args=[it.draft.pk])).status_code == 404


def test_readers_get_the_lists_and_no_more(it, sign_in):
    client = sign_in(it.reader)
    for url in all_pages(it):
        expected = 200 if url in [reverse(f"goals:{name}") for name in OPEN_LISTS] else 403
        assert client.get(url).status_code == expected, url


def test_a_manager_edits_own_goals_and_registers_no_decision(it, sign_in):
    client = sign_in(it.manager)
    for name in GOAL_PAGES:
        assert client.get(reverse(f"goals:{name}", args=[it.adopted.pk])).status_code == 200, name
    for name in DECISION_PAGES:
        assert client.get(reverse(f"goals:{name}", args=[it.adopted.pk])).status_code == 403, name
    assert client.get(reverse("goals:target_set", args=[it.series.pk])).status_code == 403
    assert client.get(reverse("goals:strategy_edit", args=[it.strategy.pk])).status_code == 403


def test_a_consultant_of_a_part_edits_series_there_and_no_definitions(it, sign_in):
    client = sign_in(factories.user(Role.GOAL_CONSULTANT, it.department))
    assert client.get(reverse("goals:target_set", args=[it.series.pk])).status_code == 200
    assert client.get(reverse("goals:indicator_edit", args=[it.indicator.pk])).status_code == 403
    assert client.get(reverse("goals:indicator_create")).status_code == 403


def test_the_consultant_opens_every_page(it, sign_in):
    client = sign_in(it.consultant)
    for url in all_pages(it):
        allowed = {reverse("goals:goal_propose", args=[it.adopted.pk]): 405} | {
            reverse("goals:goal_adopt", args=[it.adopted.pk]): 302
        }
        assert client.get(url).status_code == allowed.get(url, 200), url
    assert client.get(reverse("goals:goal_adopt", args=[it.draft.pk])).status_code == 200


def test_a_role_that_has_ended_opens_nothing(it, sign_in):
    former = factories.user(Role.MANAGER, it.school, last_day=factories.LONG_AGO)
    assert sign_in(former).get(reverse("goals:goal_edit", args=[it.adopted.pk])).status_code == 403


@pytest.mark.parametrize("name", OPEN_LISTS)
def test_lists_ask_as_much_for_two_rows_as_for_fifty(it, sign_in, name):
    client = sign_in(it.consultant)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"goals:{name}")).status_code == 200
        return len(queries)

    few = count()
    for _ in range(48):
        factories.indicator(it.authority)
        factories.strategy(it.council, decision=factories.decision(it.council))
    assert count() == few


@pytest.mark.parametrize("name", ["goal_move", "goal_series", "goal_contributions", "goal_edit"])
def test_a_goals_pages_ask_as_much_for_two_choices_as_for_fifty(it, sign_in, name):
    client = sign_in(it.consultant)
    url = reverse(f"goals:{name}", args=[it.adopted.pk])

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url, {"q": "i"}).status_code == 200
        return len(queries)

    def more(times: int) -> None:
        for _ in range(times):
            factories.goal(it.school, it.adopted)
            factories.goal(it.council)
            factories.series(factories.indicator(it.authority), it.school)
            factories.series(factories.indicator(it.authority), it.school, it.adopted)
            it.adopted.contributions.create(to_goal=factories.goal(it.council))

    more(2)
    few = count()
    more(20)
    assert count() == few

"""The page of a goal's chain: down to all that serves it, up to the strategy, and whether it holds."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followup.actions.standings import rebuild_standings
from followup.models import GoalStanding
from goals.kinds import GoalState, Strength
from goals.models import Contribution, Goal
from tests import factories
from tests.followup.test_query_counts import count

TODAY = factories.TODAY


def measured(goal: Goal, value, name: str = "") -> Goal:
    """The goal is to reach 20 this spring; it has the value."""
    of = factories.indicator(goal.authority, name=name or f"Målt på {goal.short_name}")
    series = factories.series(of, goal.owner_unit, goal)
    factories.target(series, "2026K1", 20)
    factories.measurement(series, "2026K1", value)
    return goal


@pytest.fixture
def chain(town, clock):
    strategy = factories.strategy(town.council, name="Alle med")
    town.top = measured(factories.goal(town.council, title="Flere i job", strategy=strategy), 10)
    town.middle = measured(
        factories.goal(
            town.committee, town.top, title="Flere i praktik", assumption="praktik giver job", strength=Strength.STRONG
        ),
        20,
    )
    town.low = measured(factories.goal(town.school, town.middle, title="Skolen finder pladser"), 20, "Pladser")
    town.across = measured(factories.goal(town.other_committee, title="Færre udsættelser"), 25)
    Contribution.objects.create(goal=town.across, to_goal=town.top, note="et hjem giver ro", strength=Strength.WEAK)
    rebuild_standings(town.authority, today=TODAY)
    return town


def page(client, goal: Goal, **query) -> str:
    response = client.get(reverse("followup:goal_chain", args=[goal.pk]), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_who_serves_it_in_whose_words_with_which_number(chain, sign_in):
    said = page(sign_in(chain.politician), chain.top)
    for words in (
        "Alle med", "Flere i praktik", "Børne- og Skoleudvalget", "Skolen finder pladser", "Bakkeskolen", "Pladser",
        "Vi tror at praktik giver job", "Hvor sikkert: stærk", "bidrager på tværs", "Vi tror at et hjem giver ro",
        "Hvor sikkert: svag", "1 mål bidrager til det: 1 af 1 på rette vej",
    ):  # fmt: skip
        assert words in said, words
    assert "Ret leddet" not in said
    assert "Skriv, hvad I tror" not in said


def test_all_that_serves_it_is_on_course_and_the_goal_is_not(chain, sign_in):
    said = page(sign_in(chain.politician), chain.top)
    assert "2 af 2 mål under det er på rette vej; målet selv er ikke." in said
    assert "Målet følger ikke med." in said
    assert "Målet går godt af andre grunde." not in said


def test_the_goal_is_on_course_and_nothing_that_serves_it_is(chain, sign_in):
    factories.restate(chain.top.goal_series.get().series.measurements.all(), value=30)
    for goal in (chain.middle, chain.across):
        factories.restate(goal.goal_series.get().series.measurements.all(), value=3)
    said = page(sign_in(chain.politician), chain.top)
    assert "0 af 2 mål under det er på rette vej; målet selv er på rette vej." in said
    assert "Målet går godt af andre grunde." in said
    assert "Målet følger ikke med." not in said


def test_the_goal_page_says_the_same_and_leads_there(chain, sign_in):
    client = sign_in(chain.politician)
    said = " ".join(client.get(reverse("followup:goal_detail", args=[chain.top.pk])).content.decode().split())
    assert "2 af 2 mål under det er på rette vej; målet selv er ikke." in said
    assert "Målet følger ikke med." in said
    assert f'href="{reverse("followup:goal_chain", args=[chain.top.pk])}"' in said


def test_up_from_a_unit_to_the_strategy(chain, sign_in):
    Goal.objects.filter(pk=chain.low.pk).update(strategy=chain.top.strategy)
    said = page(sign_in(chain.manager), chain.low)
    up = said[said.index('id="op"') : said.index('id="ned"')]
    assert up.index("Alle med") < up.index("Flere i job") < up.index("Flere i praktik") < up.index("Du er her")
    assert "Vi tror at praktik giver job" in up
    assert "Ingen mål bidrager til det endnu." in said


def test_a_goal_that_serves_nothing_is_a_broken_link(chain, sign_in):
    said = page(sign_in(chain.consultant), chain.across)
    assert "Brudt led" in said
    assert reverse("goals:goal_move", args=[chain.across.pk]) in said
    assert "Målet bidrager også til" in said
    assert "Brudt led" not in page(sign_in(chain.consultant), chain.top)


def test_only_who_may_edit_is_offered_to(chain, sign_in):
    said = page(sign_in(chain.manager), chain.top)
    assert reverse("goals:goal_link", args=[chain.low.pk]) in said
    assert reverse("goals:goal_link", args=[chain.middle.pk]) not in said


def test_drafts_and_closed_goals_are_not_in_it(chain, sign_in):
    factories.goal(chain.school, chain.top, title="Kun en kladde", state=GoalState.DRAFT)
    closed = factories.goal(chain.school, chain.top, title="Forbi", state=GoalState.CLOSED)
    factories.goal(chain.school, closed, title="Under det forbigangne")
    said = page(sign_in(chain.consultant), chain.top)
    for words in ("Kun en kladde", "Forbi", "Under det forbigangne"):
        assert words not in said


def test_what_stays_in_its_unit_is_counted_only(chain, sign_in):
    staying = factories.goal(chain.school, chain.top, title="Kun vores eget", goes_up=False)
    factories.goal(chain.school, staying, title="Under vores eget")
    Goal.objects.filter(pk=chain.across.pk).update(goes_up=False)
    said = page(sign_in(chain.politician), chain.top)
    assert "1 af 3 mål går op; 2 bliver i enhederne." in said
    for words in ("Kun vores eget", "Under vores eget", "Færre udsættelser"):
        assert words not in said
    assert "Under vores eget" in page(sign_in(chain.politician), staying)


def test_another_authoritys_goal_is_named_and_no_more(chain, sign_in):
    other = factories.municipality(name="Naboby Kommune")
    foreign = measured(factories.goal(other.council, title="Naboens mål"), 1)
    measured(factories.goal(other.school, foreign, title="Længere nede hos naboen"), 1)
    Contribution.objects.create(goal=foreign, to_goal=chain.top, note="vi deler virksomheder")
    said = page(sign_in(chain.politician), chain.top)
    assert "2 af 2 mål under det er på rette vej" in said
    foreign_part = said[said.index("Hos andre myndigheder") :]
    assert "Naboens mål" in foreign_part
    assert "Naboby Kommune" in foreign_part
    assert "Længere nede hos naboen" not in said
    assert reverse("followup:goal_chain", args=[foreign.pk]) not in said


def test_one_unit_beside_another_sees_it_and_a_stranger_does_not(chain, sign_in):
    url = reverse("followup:goal_chain", args=[chain.low.pk])
    assert sign_in(chain.other_manager).get(url).status_code == 200
    assert sign_in(factories.municipality().consultant).get(url).status_code == 404
    draft = factories.goal(chain.school, chain.middle, state=GoalState.DRAFT)
    url = reverse("followup:goal_chain", args=[draft.pk])
    assert sign_in(chain.manager).get(url).status_code == 200
    assert sign_in(chain.other_manager).get(url).status_code == 404


def test_the_worst_of_each_level_stands_first(chain, sign_in):
    for title, value in (("A er god", 30), ("B er dårlig", 1), ("C er god", 30)):
        measured(factories.goal(chain.other_school, chain.top, title=title), value)
    rebuild_standings(chain.authority, today=TODAY)
    said = page(sign_in(chain.politician), chain.top)
    assert said.index("B er dårlig") < said.index("A er god") < said.index("C er god")


def serve(town, top: Goal, many: int, *, deep: int = 0) -> None:
    """So many goals that serve the goal, one in three across, and a line of goals below the first."""
    of, decided = factories.indicator(town.authority), factories.decision(town.council)
    common = {"authority": town.authority, "state": GoalState.ADOPTED, "adopted_by": decided}
    goals = Goal.objects.bulk_create(
        Goal(
            title=f"Bidrag {n}",
            short_name=f"B{n}",
            rank=n,
            owner_unit=town.school,
            parent=None if n % 3 == 2 else top,
            **common,
        )
        for n in range(many)
    )
    Contribution.objects.bulk_create(Contribution(goal=goal, to_goal=top) for goal in goals[2::3])
    at = goals[0]
    for n in range(deep):
        at = Goal.objects.create(title=f"Dybt {n}", short_name=f"D{n}", owner_unit=town.school, parent=at, **common)
    factories.target(factories.series(of, town.school, goals[0]), "2026K1", 20)
    GoalStanding.objects.bulk_create(
        [GoalStanding(goal=goal, light="ontrack") for goal in Goal.objects.filter(standing=None)]
    )


SEEN: dict[str, int] = {}


@pytest.mark.xdist_group("query_counts")
@pytest.mark.parametrize("person", ["politician", "consultant"])
@pytest.mark.parametrize(("many", "deep"), [(3, 1), (300, 3), (3, 90)])
def test_the_page_asks_at_most_twelve_questions(town, sign_in, many, deep, person):
    top = factories.goal(town.council)
    serve(town, top, many, deep=deep)
    asked = count(sign_in(getattr(town, person)), reverse("followup:goal_chain", args=[top.pk]))
    assert asked <= 12
    assert SEEN.setdefault(person, asked) == asked


@pytest.mark.xdist_group("query_counts")
@pytest.mark.parametrize("many", [3, 40])
def test_the_goal_page_still_asks_as_few(town, sign_in, many):
    top = factories.goal(town.council)
    serve(town, top, many)
    assert count(sign_in(town.consultant), reverse("followup:goal_detail", args=[top.pk])) <= 12


def test_three_hundred_are_read_fifty_at_a_time(town, sign_in):
    top = factories.goal(town.council)
    serve(town, top, 120, deep=30)
    client = sign_in(town.politician)
    first, last = page(client, top), page(client, top, side=3)
    assert first.count('<li class="m-branch') == 60, "fifty that serve it directly, and ten below"
    assert last.count('<li class="m-branch') == 20
    assert "Se 20 mål længere nede" in first
    assert "Alle 150 mål længere nede:" in first
    assert page(client, top, side="x").count('<li class="m-branch') == 60


def test_the_page_reads_no_more_rows_of_values_for_more_goals(town, sign_in):
    top = factories.goal(town.council)
    serve(town, top, 120)
    client = sign_in(town.politician)
    with CaptureQueriesContext(connection) as asked:
        page(client, top)
    values = [one["sql"] for one in asked if "followup_measurement" in one["sql"]]
    assert len(values) <= 2

"""What serves what, what nobody serves, and areas without a goal: the pages, and the figures behind them."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followup.actions.standings import rebuild_standings
from followup.coverage import area_coverage, bodies_of, division_of, loose_goals, overall_goals, unserved
from followup.models import GoalStanding
from followup.status import Light
from goals.guards import unguard
from goals.kinds import GoalState
from goals.models import Contribution, Goal, GoalArea, ServiceArea, SteeringDocument
from organisation.models import BodyLink, Unit, UnitKind
from tests import factories
from tests.followup.flow import html

TODAY = factories.TODAY
MOST = 12
PAGES = ("followup:coverage", "followup:coverage_areas", "followup:coverage_missing")


def area(town, code, *goals, name="Område", parent=None):
    made = ServiceArea.objects.create(authority=town.authority, code=code, name=name, parent=parent)
    for goal in goals:
        GoalArea.objects.create(area=made, goal=goal)
    return made


def lit(goal, light):
    GoalStanding.objects.update_or_create(goal=goal, defaults={"light": light})
    return goal


@pytest.fixture
def place(town, clock):
    """Two overall goals: the first is served by a committee and, through it, by two schools; the second by nobody."""
    town.served = lit(factories.goal(town.council, title="Børn trives", short_name="Trivsel", rank=1), "ontrack")
    town.unserved = factories.goal(town.council, title="Renere luft", short_name="Luft", rank=2)
    town.middle = lit(factories.goal(town.committee, town.served, short_name="Fravær"), "reached")
    town.direct = lit(factories.goal(town.school, town.middle), "offtrack")
    town.other = lit(factories.goal(town.other_school, town.middle), "atrisk")
    town.loose = factories.goal(town.other_committee, title="Svæver frit")
    return town


def cells(place):
    """(goal, body) -> lights, of the cells that are not empty."""
    division = division_of(place.authority.pk, TODAY)
    return {
        (goal, body): {light.value: n for light, n in cell.lights.items()}
        for goal, row in division.cells.items()
        for body, cell in row.items()
    }


def areas_of(place):
    return area_coverage(place.authority.pk, TODAY, list(overall_goals(place.authority.pk)))


# ---- who serves what -------------------------------------------------------------------------------------------------


def test_a_unit_counts_for_the_committee_that_follows_it(place):
    place_of = (place.served.pk, place.committee.pk)
    assert cells(place) == {place_of: {"reached": 1, "offtrack": 1, "atrisk": 1}}
    division = division_of(place.authority.pk, TODAY)
    assert division.cells[place.served.pk][place.committee.pk].light is Light.OFF_TRACK
    assert unserved(place.authority.pk, division.goals) == [place.unserved]
    assert division.unserved_count == 1
    assert division.bodies == [place.committee, place.other_committee]


def test_help_across_counts_and_once_however_many_ways(place):
    Contribution.objects.create(goal=place.direct, to_goal=place.served)
    Contribution.objects.create(goal=place.loose, to_goal=place.unserved)
    found = cells(place)
    assert found[place.served.pk, place.committee.pk] == {"reached": 1, "offtrack": 1, "atrisk": 1}
    assert found[place.unserved.pk, place.other_committee.pk] == {"nodata": 1}


@pytest.mark.parametrize("state", [GoalState.DRAFT, GoalState.PROPOSED, GoalState.CLOSED])
def test_nothing_is_served_through_a_goal_not_in_force(place, state):
    closed_by = place.middle.adopted_by if state == GoalState.CLOSED else None
    Goal.objects.filter(pk=place.middle.pk).update(state=state, closed_by=closed_by)
    assert cells(place) == {}
    assert set(loose_goals(place.authority.pk)) == {place.loose, place.direct, place.other}


def test_goals_that_serve_nothing(place):
    assert list(loose_goals(place.authority.pk)) == [place.loose]
    Contribution.objects.create(goal=place.loose, to_goal=factories.goal(factories.municipality().council))
    assert not loose_goals(place.authority.pk).exists()


def test_a_ring_from_before_the_database_refused_them_ends(place):
    unguard(connection)
    Contribution.objects.create(goal=place.served, to_goal=place.direct)
    assert cells(place)[place.served.pk, place.committee.pk] == {"reached": 1, "offtrack": 1, "atrisk": 1}


def test_another_authoritys_goals_are_not_counted(place):
    other = factories.municipality()
    Contribution.objects.create(goal=factories.goal(other.council), to_goal=place.unserved)
    assert (place.unserved.pk, other.council.pk) not in cells(place)


def test_the_nearest_link_says_whose_work_it_is(place):
    BodyLink.objects.create(unit=place.other_school, body=place.other_committee, first_day=factories.LONG_AGO)
    units = {unit.pk: unit for unit in Unit.objects.filter(authority=place.authority)}
    found = bodies_of(units, TODAY)
    for body in units.values():
        if body.is_body and body.kind != UnitKind.COUNCIL:
            slow = set(Unit.objects.reporting_to(body, TODAY).values_list("pk", flat=True))
            assert {pk for pk, at in found.items() if at == body.pk} == slow
    assert found[place.board.pk] == place.council.pk


def test_pages_say_it(place, sign_in):
    client = sign_in(place.reader)
    text = html(client.get("/daekning/"))
    assert "1 af 2 overordnede mål har ingen, der bidrager." in text
    assert "1 mål bidrager ikke til noget." in text
    assert 'sr-only">Ikke på rette vej: </span><b>3 mål</b>' in text
    cell = reverse("followup:coverage_cell", args=[place.served.pk, place.committee.pk])
    assert f'href="{cell}"' in text
    shown = html(client.get(cell))
    assert all(goal.title in shown for goal in (place.middle, place.direct, place.other))
    assert place.loose.title not in shown


def test_a_draft_is_on_no_page(place, sign_in):
    factories.goal(place.school, place.served, title="Hemmelig kladde", state=GoalState.DRAFT)
    draft = factories.goal(place.council, title="Byrådets kladde", state=GoalState.DRAFT)
    GoalArea.objects.create(area=area(place, "1"), goal=draft)
    client = sign_in(place.reader)
    for name in PAGES:
        text = html(client.get(reverse(name)))
        assert "kladde" not in text.lower()
    assert client.get(reverse("followup:coverage_cell", args=[draft.pk, place.committee.pk])).status_code == 404


# ---- service areas ---------------------------------------------------------------------------------------------------


def test_areas_and_the_overall_goals_their_goals_serve(place):
    school = area(place, "1", place.direct, place.other, place.loose)
    roads = area(place, "2", factories.goal(place.school, state=GoalState.DRAFT))
    found = areas_of(place)
    assert found.own[school.pk].count == 3
    assert {root: cell.count for root, cell in found.cells[school.pk].items()} == {place.served.pk: 2}
    assert [one for one, _gap in found.gaps] == [roads]


def test_an_ended_area_is_missed_by_nobody(place):
    ServiceArea.objects.filter(pk=area(place, "1").pk).update(last_day=factories.date(2026, 8, 9))
    assert areas_of(place).gaps == []


def test_an_overall_goal_counts_for_itself(place):
    about = area(place, "1", place.unserved)
    assert areas_of(place).cells[about.pk][place.unserved.pk].count == 1


def test_an_areas_page(place, sign_in):
    above = area(place, "1", place.middle, place.loose, name="Børn")
    below = area(place, "1.1", name="Klub", parent=above)
    client = sign_in(place.reader)
    address = reverse("followup:area_detail", args=[above.pk])
    assert "Svæver frit" in html(client.get(address))
    narrowed = html(client.get(f"{address}?maal={place.served.pk}"))
    assert place.middle.title in narrowed
    assert "Svæver frit" not in narrowed
    assert "Det hører under et område, der er målsat:" in html(
        client.get(reverse("followup:area_detail", args=[below.pk]))
    )
    assert client.get(f"{address}?maal=x").status_code == 200


def test_an_uncovered_area_is_found_and_a_goal_written_for_it_and_adopted(place, sign_in):
    """From the list to the goal in force, as people do it; then the area is off the list."""
    roads = area(place, "40", name="Veje og stier")
    consultant = sign_in(place.consultant)
    missing = html(consultant.get("/daekning/mangler/"))
    assert "1 område er ikke målsat" in missing
    link = f"/maal/nyt/?omraade={roads.pk}"
    assert f'href="{link}"' in missing
    form = html(consultant.get(link))
    assert "Serviceområde: Veje og stier" in form
    posted = {
        "title": "Flere cykler til skole", "short_name": "Cykler", "owner_unit": place.council.pk, "kind": "effect",
        "rank": 3, "area": roads.pk, "responsible": place.consultant.pk,
    }  # fmt: skip
    assert consultant.post("/maal/nyt/", posted).status_code == 302
    goal = Goal.objects.get(short_name="Cykler")
    # A draft sets no goal for the area.
    assert "1 område er ikke målsat" in html(consultant.get("/daekning/mangler/"))
    of = factories.indicator(place.authority)
    series = factories.series(of, place.council, goal, baseline_period="2024K1", baseline_value=10)
    factories.target(series, "2027K4", 20)
    answers = dict.fromkeys(("specific", "measurable", "attractive", "realistic", "timed"), "Svar")
    decided = {"body": place.council.pk, "decided_on": "2026-08-10", "reference": "punkt 7", "version": goal.version}
    asked = answers | decided | {"responsible": place.consultant.pk}
    assert consultant.post(reverse("goals:goal_adopt", args=[goal.pk]), asked).status_code == 302
    goal.refresh_from_db()
    assert goal.state == GoalState.ADOPTED
    assert "Alle områder på listen er målsat." in html(consultant.get("/daekning/mangler/"))


# ---- files -----------------------------------------------------------------------------------------------------------


def table(response):
    text = response.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


def test_the_matrices_as_csv(place, sign_in):
    place.committee.name = "=1+1"
    place.committee.save()
    about = area(place, "1", place.direct, name="Børn")
    area(place, "1.1", name="Klub", parent=about)
    area(place, "2", name="Veje")
    client = sign_in(place.reader)
    assert table(client.get("/daekning/daekning.csv")) == [
        ["Overordnet mål", "Status", "'=1+1", "Socialudvalget", "Bidrager i alt"],
        ["Børn trives", "på rette vej", "3 mål, ikke på rette vej", "", "3"],
        ["Renere luft", "ingen data", "", "", "0"],
    ]
    assert table(client.get("/daekning/serviceomraader.csv")) == [
        ["Kode", "Serviceområde", "Mål om området", "Børn trives", "Renere luft"],
        ["1", "Børn", "1 mål, ikke på rette vej", "1 mål, ikke på rette vej", ""],
        ["1.1", "Klub", "under mål for Børn", "", ""],
        ["2", "Veje", "ikke målsat", "", ""],
    ]


# ---- many ------------------------------------------------------------------------------------------------------------

SEEN: dict[str, int] = {}


@pytest.fixture(params=[10, 300])
def many(request, town, clock):
    """So many overall goals, each served by one of a school's, and as many areas and loose goals."""
    by, n = factories.decision(town.council), request.param
    own = {"authority": town.authority, "state": GoalState.ADOPTED, "adopted_by": by}
    tops = Goal.objects.bulk_create(
        Goal(owner_unit=town.council, title=f"Mål {at}", short_name=f"Mål {at}", rank=at, **own) for at in range(n)
    )
    helps = Goal.objects.bulk_create(
        Goal(owner_unit=town.school, title=f"Bidrag {at}", short_name=f"Bidrag {at}", parent=top, **own)
        for at, top in enumerate(tops[: n // 2])
    )
    Goal.objects.bulk_create(
        Goal(owner_unit=town.other_school, title=f"Frit {at}", short_name=f"Frit {at}", **own) for at in range(n)
    )
    areas = ServiceArea.objects.bulk_create(
        ServiceArea(authority=town.authority, code=f"{at:04}", name=f"Område {at}") for at in range(n)
    )
    GoalArea.objects.bulk_create(GoalArea(area=one, goal=goal) for one, goal in zip(areas, helps, strict=False))
    document = SteeringDocument.objects.create(
        authority=town.authority, body=town.council, title="Strategi", decided_on=TODAY, url="https://x.dk/"
    )
    for at in range(n):
        promise = document.promises.create(page=at + 1, text=f"Løfte {at}")
        promise.goals.set(tops[at : at + 2])
    rebuild_standings(town.authority, today=TODAY)
    town.n, town.tops, town.areas, town.document = n, tops, areas, document
    return town


@pytest.mark.xdist_group("coverage_queries")
@pytest.mark.parametrize(
    "path",
    [
        "/daekning/", "/daekning/omraader/", "/daekning/mangler/", "/daekning/mangler/?liste=traad",
        "/daekning/daekning.csv", "/daekning/serviceomraader.csv", "/dokumenter/", "/loefter/",
        "/dokumenter/{document}/", "/daekning/omraader/{area}/", "/daekning/{goal}/{body}/", "/maal/{goal}/kommer-fra/",
    ],
)  # fmt: skip
def test_a_page_asks_at_most_twelve_questions(many, sign_in, path):
    client = sign_in(many.consultant)
    ids = {"document": many.document.pk, "area": many.areas[0].pk, "goal": many.tops[0].pk, "body": many.committee.pk}
    address = path.format(**ids)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    assert len(captured) <= MOST, [one["sql"][:90] for one in captured]
    assert SEEN.setdefault(path, len(captured)) == len(captured)


def test_long_lists_come_in_pages(many, sign_in):
    client = sign_in(many.consultant)
    text = html(client.get("/daekning/"))
    assert text.count('<th scope="row">') == min(many.n, 50)
    assert f"{many.n // 2} af {many.n} overordnede mål har ingen, der bidrager." in text
    whole = html(client.get("/daekning/mangler/?liste=traad"))
    assert whole.count('<th scope="row">') == min(many.n, 50)

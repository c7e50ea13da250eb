"""The pages of the steering triangle, of a goal and of a unit, and where they are linked from."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.kinds import GoalState
from goals.models import Indicator
from tests import factories
from tests.followup.flow import html

SIDES = ("quality", "activity", "economy")


def on_side(town, side: str, *values, goal=None, unit=None, **fields):
    """A quarterly series on the side whose last value is of 2026K2."""
    money = {"unit_of_measure": "kr.", "decimals": 0, "direction": "lower"} if side == "economy" else {}
    series = factories.series(
        factories.indicator(town.authority, side=side, **{**money, **fields}), unit or town.school, goal
    )
    for at, value in enumerate(reversed(values)):
        factories.measurement(series, ("2026K2", "2026K1", "2025K4", "2025K3")[at], value)
    return series


@pytest.fixture
def place(town, clock):
    """A school's goal with a series on each side: better for a little more, in the kroner of 2026."""
    town.goal = factories.goal(town.school, title="Eleverne trives", short_name="Trivsel")
    town.quality = on_side(town, "quality", 3, 4, goal=town.goal, name="Trivsel")
    town.activity = on_side(town, "activity", 7, 7, goal=town.goal, name="Ture i skoven")
    town.economy = on_side(
        town, "economy", 80000, 81000, goal=town.goal, name="Udgift pr. elev", price_level="fixed", price_year=2026
    )
    factories.target(town.economy, "2028K4", 80500)
    return town


def goal_url(place) -> str:
    return reverse("followup:goal_triangle", args=[place.goal.pk])


def unit_url(place) -> str:
    return reverse("followup:unit_triangle", args=[place.school.pk])


def words_of(answer) -> str:
    """What can be read on the page."""
    return " ".join(re.sub(r"<[^>]+>", " ", html(answer)).replace("\u00a0", " ").split())


@pytest.mark.parametrize("url", [goal_url, unit_url])
def test_the_combination_stands_as_the_title_with_what_it_comes_from(place, sign_in, url):
    answer = sign_in(place.reader).get(url(place))
    page, words = html(answer), words_of(answer)
    assert "<h1>Trivsel op, ture i skoven uændret, udgift pr. elev op (dårligere)</h1>" in page
    assert "Kvaliteten er bedre end sidst, men økonomien er dårligere." in words
    assert "81.000 kr., 2026-priser" in words
    assert "Ikke på rette vej" in words
    svg = re.search(r'<svg[^>]+class="m-triangle__svg" role="img" aria-labelledby="trekant trekant-d".*?</svg>', page)
    assert svg is not None
    assert "Økonomi: ikke på rette vej. Udgift pr. elev: op (dårligere)." in svg[0]
    assert "style=" not in svg[0]


def test_over_time_each_side_as_it_stood(place, sign_in):
    factories.target(place.quality, "2028K4", 4)
    answer = sign_in(place.reader).get(goal_url(place))
    rows = answer.context["triangle"].rows
    assert [row["period"].replace("\u00a0", " ") for row in rows] == ["Nu", "2. kvt. 2026", "1. kvt. 2026"]
    assert [light for _side, light in rows[0]["lights"]] == ["reached", "notarget", "offtrack"]
    assert [light for _side, light in rows[2]["lights"]] == ["offtrack", "notarget", "reached"]
    assert rows[2]["sentence"] == "Endnu intet at sammenligne med"


def test_amounts_in_different_kroner_are_told_apart(place, sign_in):
    on_side(place, "economy", 9, 8, goal=place.goal, name="Budget", unit_of_measure="mio. kr.", price_level="current")
    words = words_of(sign_in(place.reader).get(goal_url(place)))
    assert "Trivsel op, ture i skoven uændret, økonomi i forskellige priser" in words
    assert (
        "Økonomi er opgjort i løbende priser og 2026-priser. Beløb i forskellige priser kan hverken sammenlignes eller "
        "lægges sammen, så de er ikke læst samlet."
    ) in words
    assert "men økonomien er dårligere" not in words
    assert "8 mio. kr., løbende priser" in words


def test_current_and_unknown_prices_are_told(place, sign_in):
    client = sign_in(place.reader)
    indicator = place.economy.indicator
    indicator.price_level, indicator.price_year = "current", None
    indicator.save()
    words = words_of(client.get(goal_url(place)))
    assert "Økonomi er i løbende priser. Prisstigninger er ikke trukket fra." in words
    indicator.price_level = ""
    indicator.save()
    assert "Om økonomi er det ikke oplyst, hvilket års priser beløbet er i." in words_of(client.get(goal_url(place)))


def test_a_side_without_numbers_says_so(place, sign_in):
    place.goal.goal_series.filter(series=place.activity).delete()
    answer = sign_in(place.consultant).get(goal_url(place))
    words = words_of(answer)
    assert "Der er ingen tal om aktivitet." in words and "Ingen tal endnu" in words
    assert "Vælg side på indikatorerne" in words
    assert "Vælg side på indikatorerne" not in words_of(sign_in(place.reader).get(goal_url(place)))


def test_nothing_on_any_side(town, sign_in):
    goal = factories.goal(town.school)
    factories.series(factories.indicator(town.authority), town.school, goal)
    client = sign_in(town.reader)
    words = words_of(client.get(reverse("followup:goal_triangle", args=[goal.pk])))
    assert "Ingen af målets indikatorer hører til en side i trekanten." in words
    words = words_of(client.get(reverse("followup:unit_triangle", args=[town.school.pk])))
    assert "Ingen af enhedens indikatorer hører til en side i trekanten." in words


def test_numbers_that_are_not_approved_do_not_count(place, sign_in):
    factories.measurement(place.activity, "2026K3", 98765, approved_at=None)
    assert "98.765" not in words_of(sign_in(place.manager).get(goal_url(place)))
    assert "ture i skoven uændret" in words_of(sign_in(place.manager).get(goal_url(place)))


def test_a_unit_shows_what_it_still_measures_itself(place, sign_in):
    on_side(place, "quality", 1, 2, unit=place.other_school, name="Ro på Elmeskolen")
    ended = on_side(place, "quality", 1, 2, name="Gammel måling")
    ended.last_day = factories.TODAY.replace(year=2025)
    ended.save()
    words = words_of(sign_in(place.reader).get(unit_url(place)))
    assert "Ro på Elmeskolen" not in words and "Gammel måling" not in words


# ---- who may see it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [goal_url, unit_url])
def test_everybody_of_the_authority_sees_it_and_nobody_else(place, sign_in, client, url):
    for person in (place.reader, place.politician, place.other_manager, place.professional):
        assert sign_in(person).get(url(place)).status_code == 200
    assert sign_in(factories.municipality().manager).get(url(place)).status_code == 404
    assert client.get(url(place)).status_code == 302


def test_a_draft_is_seen_by_those_who_see_drafts(place, sign_in):
    draft = factories.goal(place.school, state=GoalState.DRAFT)
    url = reverse("followup:goal_triangle", args=[draft.pk])
    assert sign_in(place.manager).get(url).status_code == 200
    assert sign_in(place.other_manager).get(url).status_code == 404


# ---- where it is shown -----------------------------------------------------------------------------------------------


def test_the_pages_of_goal_and_unit_fetch_it(place, sign_in):
    client = sign_in(place.reader)
    for name, pk, url in (
        ("followup:goal_detail", place.goal.pk, goal_url(place)),
        ("followup:unit_detail", place.school.pk, unit_url(place)),
    ):
        page = html(client.get(reverse(name, args=[pk])))
        assert f'hx-get="{url}"' in page
        assert f'<a href="{url}">Se økonomi, aktivitet og kvalitet sammen</a>' in page
    part = html(client.get(goal_url(place), headers={"HX-Request": "true"}))
    assert part.startswith('<div id="_triangle"') and "<html" not in part
    assert "Trivsel op, ture i skoven uændret, udgift pr. elev op (dårligere)." in part


def test_one_side_alone_is_no_triangle(place, sign_in):
    Indicator.objects.exclude(side="quality").update(side="")
    client = sign_in(place.reader)
    assert "trekant" not in html(client.get(reverse("followup:goal_detail", args=[place.goal.pk])))
    assert "trekant" not in html(client.get(reverse("followup:unit_detail", args=[place.school.pk])))


@pytest.mark.parametrize("url", [goal_url, unit_url])
def test_any_number_of_series_takes_the_same_queries(place, sign_in, url):
    client = sign_in(place.manager)
    client.get(url(place))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url(place))
    for n in range(30):
        on_side(place, SIDES[n % 3], 1, 2, 3, goal=place.goal, name=f"Indikator nummer {n}")
    with CaptureQueriesContext(connection) as many:
        answer = client.get(url(place))
    assert len(many) == len(few) <= 12
    assert sum(sum(corner.counts.values()) for corner in answer.context["triangle"].corners) == 33


def test_the_light_counts_more_series_than_are_shown(place, sign_in):
    for n in range(26):
        on_side(place, "quality", 1, 2, goal=place.goal, name=f"Indikator nummer {n}")
    answer = sign_in(place.reader).get(goal_url(place))
    assert "3 indikatorer mere tæller med i status." in words_of(answer)
    assert sum(answer.context["triangle"].corners[0].counts.values()) == 27


def test_series_and_indicator_say_which_kroner(place, sign_in):
    client = sign_in(place.reader)
    page = words_of(client.get(reverse("followup:series_detail", args=[place.economy.pk])))
    assert page.count("faste priser, 2026-niveau") == 2  # under the heading and under the chart's
    page = words_of(client.get(reverse("followup:indicator_detail", args=[place.economy.indicator_id])))
    assert "kr., faste priser, 2026-niveau" in page and "Side i styringstrekanten Økonomi" in page

"""Small multiples of a goal over units: which units, in which order, and what the words and the table say."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisation.models import BodyLink, UnitKind
from tests import factories
from tests.factories import LONG_AGO

MOST = 12


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ").split())


def charts(html: str) -> list[str]:
    shown = html[html.index('class="m-multiples"') : html.index("</ul></section>")]
    return [text(name) for name in re.findall(r"<h3>.*?</h3>", shown, re.DOTALL)]


def measure(indicator, unit, values, goal=None, **fields):
    """A series from 8 in 2024 to at most 4 in 2026, with these values of the last quarters."""
    made = factories.series(indicator, unit, goal, baseline_period="2024K4", baseline_value=8, tolerance=1, **fields)
    factories.target(made, "2026K4", 4)
    for period, value in zip(("2025K3", "2025K4", "2026K1"), values, strict=False):
        factories.measurement(made, period, value)
    return made


@pytest.fixture
def it(town):
    """A goal of the committee, measured in the directorate; both schools have the same indicator, and a unit elsewhere.

    At the first quarter of 2026 5,5 is expected.
    """
    town.goal = factories.goal(town.committee)
    town.indicator = factories.indicator(town.authority, name="Fravær", direction="lower", decimals=1)
    town.rolled_up = measure(town.indicator, town.directorate, ["7", "6", "5"], town.goal)
    town.entered = measure(town.indicator, town.school, ["7", "7", "9"])
    measure(town.indicator, town.other_school, ["7", "7", "7"])
    town.care = factories.unit(town.board, UnitKind.DIRECTORATE, name="Ældre")
    BodyLink.objects.create(unit=town.care, body=town.other_committee, first_day=LONG_AGO)
    measure(town.indicator, town.care, ["1", "1", "1"])
    return town


@pytest.fixture
def page(it, sign_in):
    def page(query: str = "", goal=None) -> str:
        answer = sign_in(it.reader).get(reverse("reports:goal_units", args=[(goal or it.goal).pk]) + query)
        assert answer.status_code == 200
        return answer.content.decode()

    return page


def test_the_units_of_the_body_the_worst_first(page):
    html = page()
    assert charts(html) == ["Bakkeskolen", "Elmeskolen", "Børn og Unge"]
    assert "2 af 3 enheder afviger. Spændet går fra 5,0 (Børn og Unge) til 9,0 pct. (Bakkeskolen)." in text(html)
    assert "Ældre" not in html


def test_the_council_sees_every_unit(it, page):
    goal = factories.goal(it.council)
    measure(it.indicator, it.council, ["7", "6", "4"], goal)
    assert set(charts(page(goal=goal))) == {"Byrådet", "Bakkeskolen", "Elmeskolen", "Børn og Unge", "Ældre"}


def test_a_goal_measured_in_a_unit_elsewhere_takes_what_is_below_it(it, page):
    goal = factories.goal(it.other_committee)
    measure(it.indicator, it.department, ["7", "6", "5"], goal)
    assert set(charts(page(goal=goal))) == {"Center for Skole", "Bakkeskolen", "Elmeskolen", "Ældre"}


def test_the_highlighted_unit_comes_first_and_its_line_is_in_every_chart(it, page):
    html = page(f"?enhed={it.directorate.pk}")
    assert charts(html) == ["Børn og Unge", "Bakkeskolen", "Elmeskolen"]
    assert "Børn og Unge har 5,0 pct. og er nr. 1 af 3, når lavest er bedst." in text(html)
    assert html.count('stroke="#8a959e"') == 2
    assert html.count("m-multiples__lit") == 1


def test_every_chart_is_described_and_in_the_table(it, page):
    html = page()
    assert html.count("Tallene står i tabellen.") == 3
    rows = re.findall(r"<tr>.*?</tr>", html[html.index("<tbody") :], re.DOTALL)
    assert text(rows[0]).startswith("Bakkeskolen Ikke på rette vej 9,0 pct. 5,5 pct. højst 4,0 pct. i 2026")


def test_a_unit_without_a_number_and_an_unfinished_roll_up(it, page):
    measure(it.indicator, it.department, [])
    factories.measurement(it.rolled_up, "2026K2", 1, parts_present=1, parts_expected=2)
    factories.measurement(it.entered, "2026K2", 99, approved_at=None)
    html = page()
    assert charts(html)[-1] == "Center for Skole"
    assert "Der er endnu ikke noget tal." in html
    assert set(re.findall(r'data-value="([\d.]+)"', html)) == {"9.00000000", "7.00000000", "5.00000000"}


def test_one_of_several_indicators(it, page):
    other = factories.indicator(it.authority, name="Trivsel")
    factories.series(other, it.school, it.goal)
    assert "Fravær, enhed for enhed" in page()
    html = page(f"?indikator={other.pk}")
    assert "Trivsel, enhed for enhed" in html
    assert charts(html) == ["Bakkeskolen"]
    assert "Fravær, enhed for enhed" in page("?indikator=999999&enhed=x")


def test_a_goal_without_indicators(it, page):
    assert "Der er ingen enheder at vise." in page(goal=factories.goal(it.school))


def test_drafts_are_for_those_who_see_drafts(it, sign_in):
    url = reverse("reports:goal_units", args=[factories.goal(it.school, state="draft").pk])
    assert sign_in(it.reader).get(url).status_code == 404
    assert sign_in(it.manager).get(url).status_code == 200


@pytest.mark.xdist_group("multiples_queries")
@pytest.mark.parametrize("units", [2, 60])
def test_the_same_few_questions_and_fifty_charts_a_page(it, sign_in, units):
    for n in range(units):
        school = factories.unit(it.department, name=f"Skole {n:02}")
        factories.measurement(factories.series(it.indicator, school), "2026K1", n)
    client, url = sign_in(it.reader), reverse("reports:goal_units", args=[it.goal.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        html = client.get(url).content.decode()
    assert len(charts(html)) == min(units + 3, 50)
    assert len(captured) <= MOST, [one["sql"][:90] for one in captured]
    if units == 60:
        assert len(charts(client.get(f"{url}?side=2").content.decode())) == 13


def lines(it, sign_in, query="") -> list[tuple[str, list]]:
    """Each line of the figure that is explored: whose it is, and its values."""
    answer = sign_in(it.reader).get(reverse("reports:goal_units_chart", args=[it.goal.pk]) + query).json()
    assert answer["highlight"] == {"chosen": 0}
    return [(trace["name"], trace["y"]) for trace in answer["figures"][0]["data"]]


def test_all_units_in_one_figure_the_worst_first(it, sign_in):
    names = [name for name, _values in lines(it, sign_in)]
    assert names == ["Bakkeskolen", "Elmeskolen", "Børn og Unge"]
    assert lines(it, sign_in)[0][1][-1] == 9


def test_the_chosen_unit_is_the_first_line(it, sign_in):
    assert lines(it, sign_in, f"?enhed={it.directorate.pk}")[0][0] == "Børn og Unge"


def test_fifty_lines_at_most_and_the_chosen_one_is_among_them(it, sign_in):
    for n in range(60):
        school = factories.unit(it.department, name=f"Skole {n:02}")
        factories.measurement(factories.series(it.indicator, school), "2026K1", n)
    found = lines(it, sign_in, f"?enhed={school.pk}")
    assert len(found) == 50
    assert found[0] == ("Skole 59", [59])


def test_no_lines_without_numbers(it, sign_in):
    url = reverse("reports:goal_units_chart", args=[factories.goal(it.school).pk])
    assert sign_in(it.reader).get(url).json() == {"figures": []}

"""The heat map's pages: what the cells say and lead to, what narrows them, and how few questions they ask."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from followup.models import GoalStanding
from goals.kinds import GoalState
from goals.models import Contribution, Goal
from organisation.models import UnitKind
from reports.heat_data import serving_goals
from tests import factories

MOST = 12
PAGE = "/overblik/varmekort/"


def last_quarter() -> str:
    """The last that has ended: `2026K3`."""
    today = factories.date.today()
    ended = (today.month - 1) // 3
    return f"{today.year}K{ended}" if ended else f"{today.year - 1}K4"


def standing(goal, light: str):
    GoalStanding.objects.create(goal=goal, light=light)
    return goal


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def table(html: str) -> dict[tuple[str, str], tuple[str, str]]:
    """(goal, unit) -> what the cell says and where it leads; the link is empty where there is no cell."""
    body = html[html.index("<table") : html.index("</table>")]
    head, *rows = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    units = [text(cell) for cell in re.findall(r"<th.*?</th>", head, re.DOTALL)][1:]
    found = {}
    for row in rows:
        name = text(re.search(r"<th.*?</(?:a|th)>", row, re.DOTALL).group())
        for unit, cell in zip(units, re.findall(r"<td.*?</td>", row, re.DOTALL), strict=True):
            link = re.search(r'href="([^"]*)"', cell)
            found[name, unit] = text(cell), unescape(link.group(1)) if link else ""
    return found


def units_of(html: str) -> list[str]:
    return list(dict.fromkeys(unit for _goal, unit in table(html)))


@pytest.fixture
def it(town):
    """Two goals of the council. The committee, the schools and the department serve them; so does a draft, which
    does not count, and a goal in another authority.
    """
    town.first = standing(factories.goal(town.council, rank=1, short_name="Fravær", kind="effect"), "ontrack")
    town.second = standing(factories.goal(town.council, rank=2, short_name="Læsning", kind="output"), "atrisk")
    town.middle = standing(factories.goal(town.committee, town.first), "reached")
    town.late = standing(factories.goal(town.school, town.middle, title="Ro i timerne"), "overdue")
    town.good = standing(factories.goal(town.school, town.first, title="Flere voksne"), "ontrack")
    town.bad = standing(factories.goal(town.other_school, town.first), "offtrack")
    town.across = standing(factories.goal(town.department), "atrisk")
    Contribution.objects.create(goal=town.across, to_goal=town.second)
    standing(factories.goal(town.board, town.first, state=GoalState.DRAFT), "offtrack")
    stranger = factories.municipality()
    foreign = standing(factories.goal(stranger.school), "offtrack")
    Contribution.objects.create(goal=foreign, to_goal=town.second)
    indicator = factories.indicator(town.authority, decimals=1, direction="lower")
    town.measured = factories.series(indicator, town.council, town.second)
    for unit, value in ((town.school, "10.0"), (town.other_school, "4.0"), (town.department, "20.0")):
        series = factories.series(indicator, unit, baseline_period="2024K4", baseline_value=Decimal(8))
        factories.target(series, "2026K4", 4)
        factories.measurement(series, "2026K1", value)
        town.own = series if unit == town.school else getattr(town, "own", None)
    return town


@pytest.fixture
def page(it, sign_in):
    def page(query: str = "", person=None) -> str:
        answer = sign_in(person or it.director).get(PAGE + query)
        assert answer.status_code == 200
        return answer.content.decode()

    return page


def test_cells_say_the_worst_light_and_lead_to_what_they_are_made_of(it, page):
    found = table(page())
    assert found["Fravær", "Elmeskolen"] == ("Ikke på rette vej", f"/maal/{it.bad.pk}/")
    assert found["Fravær", "Børne- og Skoleudvalget"] == ("Nået", f"/maal/{it.middle.pk}/")
    assert found["Fravær", "Bakkeskolen"] == ("Mangler 1 af 2", f"{PAGE}{it.first.pk}/{it.school.pk}/")
    # A goal that helps across counts, and comes before the unit's own number.
    assert found["Læsning", "Center for Skole"] == ("Kræver opmærksomhed", f"/maal/{it.across.pk}/")


def test_a_units_own_number_where_no_goal_of_its_serves(it, page):
    found = table(page())
    assert found["Læsning", "Bakkeskolen"] == ("Ikke på rette vej 10,0", f"/serier/{it.own.pk}/")
    assert found["Læsning", "Elmeskolen"][0] == "Nået 4,0"


def test_an_empty_cell_says_so(page):
    assert table(page())["Fravær", "Center for Skole"] == ("bidrager ikke", "")


def test_drafts_and_other_authorities_make_no_column(page):
    # Elmeskolen: one off track; Bakkeskolen: one late, one off track.
    assert units_of(page()) == ["Bakkeskolen", "Elmeskolen", "Center for Skole", "Børne- og Skoleudvalget"]


def test_the_sentence_and_the_counts(page):
    html = page()
    assert "1 af 4 enheder har 2 eller flere afvigelser: Bakkeskolen." in text(html)
    assert "”Fravær” afviger i flest enheder: 2 af 3." in text(html)
    counts = table(html)
    units = ("Bakkeskolen", "Elmeskolen", "Center for Skole", "Børne- og Skoleudvalget")
    assert [counts["Afvigelser i enheden", unit][0] for unit in units] == ["2", "1", "1", "0"]


def test_phones_get_the_units_by_status(it, page):
    html = page()
    lists = html[html.index("m-heat__list") :]
    section = lists[lists.index('id="maal-') : lists.index("</section>")]
    assert text(section[section.index("<p") :]) == (
        "På rette vej 2 af 3 enheder afviger Ikke på rette vej 1 Elmeskolen Mangler 1 Bakkeskolen (1 af 2)"
        " Nået 1 Børne- og Skoleudvalget"
    )


@pytest.mark.parametrize(
    ("query", "goals", "units"),
    [
        ("?art=output", {"Læsning"}, ["Bakkeskolen", "Center for Skole", "Elmeskolen"]),
        ("?niveau=institution", {"Fravær", "Læsning"}, ["Bakkeskolen", "Elmeskolen"]),
        ("?status=overdue", {"Fravær"}, ["Bakkeskolen"]),
        ("?status=uncertain", set(), []),
        ("?orden=navn", {"Fravær", "Læsning"},
         ["Bakkeskolen", "Børne- og Skoleudvalget", "Center for Skole", "Elmeskolen"]),
    ],
)  # fmt: skip
def test_what_the_address_narrows(page, query, goals, units):
    html = page(query)
    if not units:
        assert "Ingen mål og enheder passer til dine valg." in html
        return
    assert {goal for goal, _unit in table(html)} - {"Afvigelser i enheden"} == goals
    assert units_of(html) == units


def test_the_key_names_only_what_is_shown(page):
    html = page("?niveau=department")
    key = html[html.index('class="m-heat__key"') : html.index("</ul>", html.index('class="m-heat__key"'))]
    assert text(key[key.index(">") + 1 :]) == "Kræver opmærksomhed"
    assert "enhedens eget tal" not in html
    assert "enhedens eget tal" in page()


def test_the_highlighted_unit_and_goal_come_first(it, page):
    html = page(f"?enhed={it.committee.pk}&maal={it.second.pk}")
    assert units_of(html)[0] == "Børne- og Skoleudvalget"
    assert [goal for goal, _unit in table(html)][4] == "Læsning"
    assert html.count('<col class="m-heat__lit">') == 1
    assert html.count('<tr class="m-heat__lit">') == 1
    assert "Børne- og Skoleudvalget afviger på 0 af 1 mål og er nr. 4 af 4" in text(html)


def test_another_body_and_its_own_goals(it, page):
    html = page(f"?udvalg={it.committee.pk}")
    assert "Varmekort: Børne- og Skoleudvalget" in html
    assert units_of(html) == ["Bakkeskolen"]


def test_an_earlier_period_has_the_lights_of_its_values(it, page):
    series = factories.series(factories.indicator(it.authority), it.other_school, it.bad)
    factories.target(series, "2026K4", 10)
    year, number = map(int, last_quarter().split("K"))
    factories.measurement(series, f"{year - 1}K{number}", 12)
    factories.measurement(series, f"{year}K{number}", 5)
    assert table(page())["Fravær", "Elmeskolen"][0] == "Ikke på rette vej"  # as stored
    assert table(page(f"?periode={year}K{number}"))["Fravær", "Elmeskolen"][0] == "Ikke på rette vej"
    before = page(f"?periode={year - 1}K{number}")
    assert table(before)["Fravær", "Elmeskolen"][0] == "Nået"
    assert f"Ved udgangen af {number}. kvartal {year - 1}:" in text(before).replace("\xa0", " ")


@pytest.mark.parametrize(
    "query", ["?udvalg=x&enhed=y&maal=-1&status=red&periode=2026&orden=z&side=99", "?udvalg=999999"]
)
def test_what_is_not_understood_is_not_chosen(page, query):
    assert "Varmekort: Byrådet" in page(query)


def test_another_authoritys_body_is_not_shown(page):
    other = factories.municipality()
    secret = factories.goal(other.committee, title="Hemmeligt", short_name="Hemmeligt")
    html = page(f"?udvalg={other.committee.pk}&maal={secret.pk}")
    assert "Hemmeligt" not in html
    assert "Varmekort: Byrådet" in html


def test_everybody_sees_the_same(it, page):
    assert table(page(person=it.reader)) == table(page(person=it.director))


def test_no_goals_no_units(town, sign_in):
    client = sign_in(town.director)
    assert "Ingen enheder bidrager til målene." in client.get(PAGE).content.decode()
    factories.goal(town.council)
    assert "Ingen enheder bidrager til målene." in client.get(PAGE).content.decode()


def test_one_cell_of_goals(it, sign_in):
    answer = sign_in(it.reader).get(reverse("reports:heat_cell", args=[it.first.pk, it.school.pk]))
    html = answer.content.decode()
    assert "Ro i timerne" in html
    assert "Flere voksne" in html
    assert it.bad.title not in html


def test_one_cell_of_own_numbers_and_of_nothing(it, sign_in):
    client = sign_in(it.reader)
    html = client.get(reverse("reports:heat_cell", args=[it.second.pk, it.school.pk])).content.decode()
    assert "10,0 pct." in text(html).replace("\xa0", " ")
    html = client.get(reverse("reports:heat_cell", args=[it.first.pk, it.board.pk])).content.decode()
    assert "Enheden bidrager ikke til målet." in html
    other = factories.municipality()
    assert client.get(reverse("reports:heat_cell", args=[it.first.pk, other.school.pk])).status_code == 404


def test_names_are_escaped(it, page):
    it.school.name = "<b>Bakke</b>"
    it.school.save()
    html = page()
    assert "<b>Bakke" not in html
    assert "&lt;b&gt;Bakke" in html


@pytest.mark.xdist_group("heat_queries")
@pytest.mark.parametrize(("goals", "units"), [(2, 2), (12, 12)])
def test_the_same_few_questions_however_large(town, sign_in, goals, units):
    indicator = factories.indicator(town.authority)
    tops = [standing(factories.goal(town.council, rank=n), "ontrack") for n in range(goals)]
    factories.series(indicator, town.council, tops[0])
    for _ in range(units):
        school = factories.unit(town.department, UnitKind.INSTITUTION)
        for top in tops[1:]:
            standing(factories.goal(school, top), "offtrack")
        factories.measurement(factories.series(indicator, school), "2026K1", 3)
    client = sign_in(town.director)
    for query in ("", f"?enhed={school.pk}&status=offtrack&orden=navn", f"?periode={last_quarter()}"):
        path = PAGE + query
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            html = client.get(path).content.decode()
        assert len(units_of(html)) == units
        assert len(captured) == MOST, [one["sql"][:90] for one in captured]


def test_a_hundred_units_a_page(town, sign_in):
    top = standing(factories.goal(town.council), "ontrack")
    for n in range(101):
        school = factories.unit(town.department, UnitKind.INSTITUTION, name=f"Skole {n:03}")
        standing(factories.goal(school, top), "offtrack" if n == 100 else "ontrack")
    client = sign_in(town.director)
    html = client.get(PAGE).content.decode()
    assert len(units_of(html)) == 100
    assert units_of(html)[0] == "Skole 100"
    assert "Her er 100 af 101 enheder." in html
    assert "1 af 101 enheder har en afvigelse: Skole 100." in text(html)
    assert units_of(client.get(f"{PAGE}?side=2").content.decode()) == ["Skole 099"]


def test_fifty_goals(town, sign_in):
    for n in range(51):
        standing(factories.goal(town.school, factories.goal(town.council, rank=n, short_name=f"Nr. {n}")), "ontrack")
    html = sign_in(town.director).get(PAGE).content.decode()
    assert len(table(html)) == 51  # fifty goals and the sum
    assert "Kortet viser de 50 første mål efter prioritet." in html


def test_what_stays_in_its_unit_is_in_no_cell(it):
    Goal.objects.filter(pk__in=[it.middle.pk, it.across.pk]).update(goes_up=False)
    found = serving_goals([it.first.pk, it.second.pk], it.council)
    assert {(root, pk) for root, pk, _unit, _light in found} == {(it.first.pk, it.good.pk), (it.first.pk, it.bad.pk)}

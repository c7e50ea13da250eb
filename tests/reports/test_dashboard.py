"""The dashboard of a body or unit, and its goals over time: what they say, who sees them, and how few questions."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.models import GoalStanding
from goals.periods import Period, PeriodKind
from tests import factories

MOST = 12
TODAY = factories.date.today()
PAGE, TIME = "/overblik/maal/", "/overblik/udvikling/"


def ago(quarters: int) -> Period:
    """The quarter that ended so many quarters ago; 1 is the last one."""
    return Period.containing(TODAY, PeriodKind.QUARTER).shift(-quarters)


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ").split())


def measured(unit, parent=None, values=(), **fields):
    """A goal of at least 10, from 0 a long time ago; a value under 10 is off track. Values from the oldest on."""
    goal = factories.goal(unit, parent, **fields)
    name = fields.get("short_name", "Tallet")
    indicator = factories.indicator(unit.authority, decimals=1, name=f"Indikator for {name}", name_in_sentence=name)
    series = factories.series(indicator, unit, goal, baseline_period=ago(30).code, baseline_value=0, tolerance=1)
    factories.target(series, ago(20).code, 10)
    for back, value in zip(range(len(values), 0, -1), values, strict=True):
        if value is not None:
            factories.measurement(series, ago(back).code, value)
    return goal


@pytest.fixture
def it(town):
    """The council's goals: one got worse, one better, one has no number. Two of the committee's and one of a school."""
    town.worse = measured(town.council, values=[12, 12, 12, 12, 12, 12, 12, 8], short_name="Fravær", rank=1)
    town.better = measured(town.council, values=[5, 5, 5, 5, 5, 5, 5, 12], short_name="Læsning", rank=2, kind="output")
    town.empty = factories.goal(town.council, short_name="Uden tal", rank=3)
    town.serving = measured(town.committee, town.worse, [12, 12, 12, 12, 12, 12, 12, 12], short_name="Skolefravær")
    town.own = measured(town.school, town.serving, [9.5], short_name="Ro")
    GoalStanding.objects.create(goal=town.worse, light="offtrack", below={"ontrack": 1, "atrisk": 2})
    return town


@pytest.fixture
def page(it, sign_in):
    def page(path=PAGE, person=None) -> str:
        answer = sign_in(person or it.reader).get(path)
        assert answer.status_code == 200
        return answer.content.decode()

    return page


def goals(html: str) -> list[str]:
    """Short names in the order they stand, as the table has them."""
    rows = html[html.index("<tbody>") : html.index("</tbody>")]
    return [text(one) for one in re.findall(r'<th scope="row">.*?</th>', rows)]


def test_the_councils_goals_the_worst_first(page):
    html = page()
    assert goals(html) == ["Fravær", "Læsning", "Uden tal"]
    assert "1 af 3 mål er på rette vej. 1 er ikke på rette vej og 1 har ingen status." in text(html)
    assert "Overblik over mål: Byrådet" in html


def test_a_goal_has_its_number_its_bullet_and_what_lies_below(it, page):
    html = page()
    row = html[html.index(f'id="maal-{it.worse.pk}"') : html.index(f'id="maal-{it.better.pk}"')]
    words = text(row)
    assert "8,0 pct." in words
    assert "Fravær er 8,0 pct. Udgangspunktet var 0,0, forventet nu er 10,0, måltallet er mindst 10,0 pct. i" in words
    assert "80 pct. af vejen" in words
    assert "3 mål i enhederne bidrager" in words
    assert "2 kræver opmærksomhed 1 på rette vej" in words
    assert row.count('class="m-bullet"') == 1
    assert f"/maal/{it.worse.pk}/roed-traad/" in row


def test_the_table_has_the_numbers_of_the_charts(page):
    html = page()
    rows = re.findall(r"<tr>.*?</tr>", html[html.index("<tbody>") :], re.DOTALL)
    assert text(rows[0]).startswith("Fravær Ikke på rette vej Indikator for Fravær, pct. 0,0 8,0 10,0 1,0 mindst 10,0")
    assert "Målet har endnu ingen indikatorer." in text(rows[2])


def test_what_moved_since_the_quarter_before_or_the_last_follow_up(it, page):
    assert "1 er blevet bedre, 1 er blevet dårligere." in text(page())
    long_ago = ago(1)
    factories.round_(it.council, long_ago.code, meeting_date=TODAY - timedelta(days=1))
    words = text(page())
    assert "Siden opfølgningen pr." in words
    assert "ingen mål har skiftet til en bedre eller dårligere status" in words


@pytest.mark.parametrize(
    ("query", "shown"),
    [("?art=output", ["Læsning"]), ("?status=offtrack", ["Fravær"]), ("?status=nodata", ["Uden tal"])],
)
def test_what_the_address_narrows(page, query, shown):
    assert goals(page(PAGE + query)) == shown


def test_an_earlier_period_has_the_lights_of_its_values(page):
    html = page(f"{PAGE}?periode={ago(2).code}")
    assert goals(html) == ["Læsning", "Fravær", "Uden tal"]
    assert "Ved udgangen af" in text(html)
    assert "Målene længere nede er kun talt op for nu." in html
    assert "mål i enhederne bidrager" not in html


def test_the_same_page_for_a_committee_and_for_a_unit(it, page):
    assert goals(page(f"{PAGE}?udvalg={it.committee.pk}")) == ["Skolefravær"]
    html = page(f"{PAGE}?enhed={it.school.pk}")
    assert goals(html) == ["Ro"]
    assert f'<option value="{it.school.pk}" selected>' in html


def test_a_unit_without_goals_is_shown_and_says_so(it, page):
    html = page(f"{PAGE}?enhed={it.other_school.pk}")
    assert f"Overblik over mål: {it.other_school.name}" in html and "Her er ingen mål endnu." in html


def test_what_is_not_understood_or_of_another_authority_is_not_chosen(page):
    other = factories.municipality()
    secret = factories.goal(other.school, short_name="Hemmeligt")
    for query in (
        f"?udvalg={other.committee.pk}&enhed={secret.owner_unit_id}",
        "?udvalg=x&enhed=-1&art=z&periode=2026",
    ):
        html = page(PAGE + query)
        assert "Overblik over mål: Byrådet" in html
        assert "Hemmeligt" not in html


def test_no_goals_and_none_that_fit(town, sign_in, page):
    assert "Ingen mål passer til dine valg." in page(f"{PAGE}?status=uncertain")
    other = factories.municipality()
    client = sign_in(other.reader)
    assert "Her er ingen mål endnu." in client.get(PAGE).content.decode()
    assert "Her er ingen mål endnu." in client.get(TIME).content.decode()


def test_drafts_are_not_on_the_dashboard(it, page):
    factories.goal(it.council, state="draft", short_name="Kladden")
    assert "Kladden" not in page(person=it.consultant)


def columns(html: str) -> list[dict[str, int]]:
    """The lights of each quarter as drawn, oldest first."""
    picture = html[html.index("m-chart__svg--wide") : html.index("m-chart__svg--narrow")]
    found: dict[str, dict[str, int]] = {}
    for x, light, count in re.findall(r'<rect x="([\d.]+)"[^>]*data-light="(\w+)" data-count="(\d+)"', picture):
        found.setdefault(x, {})[light] = int(count)
    return list(found.values())


def test_the_lights_of_the_last_eight_quarters(page):
    html = page(TIME)
    # Læsning was off track until the last quarter, Fravær reached; then the other way round.
    assert columns(html) == [{"reached": 1, "offtrack": 1, "nodata": 1}] * 8
    assert "Lige så mange mål er på rette vej som for et år siden: 1 af 3." in text(html)


def test_fewer_are_on_course_than_a_year_ago(it, page):
    it.better.goal_series.all().delete()
    html = page(TIME)
    assert columns(html) == [{"reached": 1, "nodata": 2}] * 7 + [{"offtrack": 1, "nodata": 2}]
    assert "1 mål mindre er på rette vej end for et år siden: 0 af 3." in text(html)
    assert page(TIME + f"?periode={ago(2).code}") != html


def test_with_the_goals_that_serve_directly(page):
    html = page(TIME + "?omfang=bidrag")
    assert columns(html)[-1] == {"reached": 2, "offtrack": 1, "nodata": 1}  # the school's own is two levels down


def test_the_table_and_the_figure_have_the_same_numbers(it, page, sign_in):
    html = page(TIME)
    rows = re.findall(r"<tr>.*?</tr>", html[html.index("<tbody>") :], re.DOTALL)
    assert len(rows) == 8
    assert re.findall(r">(\d+)</td>", rows[0]) == ["1", "1", "1"]
    url = unescape(re.search(r'data-figures="([^"]*)"', html)[1])
    [figure] = sign_in(it.reader).get(url).json()["figures"]
    drawn = [{trace["name"]: trace["y"][at] for trace in figure["data"]} for at in range(8)]
    assert drawn == [{"Nået": 1, "Ingen data": 1, "Ikke på rette vej": 1}] * 8


def test_a_figure_of_nothing(town, sign_in):
    assert sign_in(town.reader).get("/overblik/udvikling/graf/").json() == {"figures": []}


@pytest.mark.xdist_group("dashboard_queries")
@pytest.mark.parametrize("many", [2, 50])
def test_the_same_few_questions_however_many_goals(town, sign_in, many):
    for n in range(many):
        top = measured(town.council, values=[12, 8], rank=n)
        measured(factories.unit(town.department), top, [12])
    client = sign_in(town.director)
    for path in (PAGE, f"{PAGE}?periode={ago(1).code}&status=offtrack", TIME, f"{TIME}?omfang=bidrag",
                 "/overblik/udvikling/graf/?omfang=bidrag"):  # fmt: skip
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        assert len(captured) <= MOST, [one["sql"][:90] for one in captured]


def test_fifty_goals_are_shown_and_the_page_says_so(town, sign_in):
    for n in range(51):
        factories.goal(town.council, rank=n)
    html = sign_in(town.director).get(PAGE).content.decode()
    assert len(goals(html)) == 50
    assert "Her er de 50 første mål efter prioritet." in html

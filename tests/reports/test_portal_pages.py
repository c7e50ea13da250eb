"""The public pages: what they show, to whom, at what price."""

import gzip
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from followup.actions.measurements import CellValue, correct_value
from followup.actions.standings import rebuild_standings
from goals.actions.decisions import DecisionMade
from goals.actions.goals import close_goal
from goals.kinds import GoalState
from goals.models import Indicator, Series, Target
from goals.periods import parse_period
from organisation.models import Authority, Portal, PortalDepth
from reports.portal import kept
from tests import factories

MOST_QUERIES = 8
MOST_BYTES = 60_000
PAGES = ("", "feed/", "soeg/?q=Mål", "mangler/", "rapporter/", "beslutninger/", "om/")


@pytest.fixture
def open_town(town):
    """The town with every level open, three goals of the council and one at a school, and figures of all."""
    town.portal = Portal.objects.create(authority=town.authority, depth=PortalDepth.ALL)
    town.goals = [council_goal(town, at) for at in (1, 2, 3)]
    town.school_goal = factories.goal(town.school, town.goals[0], title="Færre elever har højt fravær")
    town.school_series = measured(town, town.school, town.school_goal, "Højt fravær")
    return town


def council_goal(town, rank: int):
    goal = factories.goal(town.council, title=f"Byrådets mål {rank}", short_name=f"Kort {rank}", rank=rank)
    measured(town, town.council, goal, f"Tal {rank}")
    return goal


def measured(town, unit, goal, name: str, unit_of_measure: str = "pct."):
    """A series with a target ahead and four quarters of values, the last of them just as expected or better."""
    indicator = factories.indicator(town.authority, name=name, name_in_sentence=name, unit_of_measure=unit_of_measure)
    series = factories.series(indicator, unit, goal, baseline_period="2025K1", baseline_value=Decimal(60))
    factories.target(series, "2028K4", 80)
    for at, period in enumerate(("2025K3", "2025K4", "2026K1", "2026K2")):
        factories.measurement(series, period, 70 + at)
    return series


def get(path: str, **headers) -> object:
    return Client().get(f"/aabne-maal/{path}", **headers)


def every_page(town) -> list[str]:
    return [
        *PAGES,
        f"maal/{town.goals[0].pk}/",
        f"maal/{town.goals[0].pk}/kort/",
        f"maal/{town.goals[0].pk}/feed/",
        f"udvalg/{town.committee.pk}/",
        f"enheder/{town.school.pk}/",
        f"serier/{town.school_series.pk}/",
    ]


# ---- what they show --------------------------------------------------------------------------------------------------


def test_a_region_has_a_council_of_its_own_name(open_town):
    Authority.objects.update(kind=Authority.Kind.REGION)
    for path, words in (("", "Regionsrådets tre mål"), ("", "I regionsrådets rækkefølge."), ("om/", "Regionsrådet")):
        text = get(path).content.decode()
        assert words in text
        assert "yråd" not in text.replace(open_town.council.name, "").replace("Byrådets mål", "")


def test_front_page_tells_the_goals_one_by_one(open_town):
    text = get("").content.decode()
    assert "Byrådets tre mål" in text
    assert "Alle tre mål følger planen." in text
    for goal in open_town.goals:
        assert goal.title in text
    assert "Tal 1 er 73,0\N{NO-BREAK SPACE}pct." in text
    assert "Højt fravær" not in text, "a school's figure is not the council's"
    assert "Log ind</a>" in text


@pytest.mark.parametrize(("decimals", "words"), [(0, "28"), (2, "28,28"), (4, "28,2787")])
def test_numbers_have_the_decimals_of_their_indicator(open_town, decimals, words):
    """Whatever was stored: in tables, sentences, charts, their texts for screen readers, cards and feeds."""
    goal = open_town.goals[0]
    series = goal.goal_series.get().series
    Indicator.objects.filter(pk=series.indicator_id).update(decimals=decimals)
    Series.objects.filter(pk=series.pk).update(baseline_value=Decimal("21.12345678"))
    Target.objects.filter(series=series).update(value=Decimal("33.98765432"))
    factories.correction(series.measurements.get(period="2026K2"), "28.27874961")
    kept.forget()
    about = f"maal/{goal.pk}/"
    pages = {
        path: get(path).content.decode()
        for path in (
            "",
            about,
            f"{about}kort/",
            f"{about}feed/",
            f"serier/{series.pk}/",
            f"udvalg/{open_town.council.pk}/",
        )
    }
    for path, text in pages.items():
        told = re.sub(
            r"<path[^>]*>|\bdata-(?:path|value)=\"[^\"]*\"|\b(?:d|points|x|y|cx|cy|x1|x2|y1|y2|viewBox|transform)=\"[^\"]*\"",
            "",
            text,
        )
        found = re.search(rf"(?<!\d)(?:28|21|33)[,.]\d{{{decimals + 1},}}", told)
        assert not found, (path, told[found.start() - 90 : found.end() + 40])
    for path in ("", about, f"{about}kort/", f"serier/{series.pk}/"):
        assert re.search(rf"(?<![\d,]){words}(?![\d,]\d)", pages[path]), path


def test_front_page_without_goals(town):
    assert f"{town.authority.name} har ikke offentliggjort mål endnu." in get("").content.decode()


def test_more_than_twelve_goals_are_a_list(open_town):
    for rank in range(4, 61):
        council_goal(open_town, rank)
    text = get("").content.decode()
    assert text.count('class="m-pgoals__row"') == 50
    assert "?fra=50" in text
    assert get("?fra=50").content.decode().count('class="m-pgoals__row"') == 10


def test_goal_page_shows_what_it_serves_and_who_serves_it(open_town):
    rebuild_standings(open_town.authority, today=factories.TODAY)
    top = get(f"maal/{open_town.goals[0].pk}/").content.decode()
    assert open_town.school_goal.title in top
    below = get(f"maal/{open_town.school_goal.pk}/").content.decode()
    assert open_town.goals[0].title in below
    assert "<iframe" not in below.replace("&lt;iframe", "")
    assert f"/aabne-maal/maal/{open_town.school_goal.pk}/kort/" in below


def test_goal_page_does_not_show_what_stays_in_its_unit(open_town):
    open_town.school_goal.goes_up = False
    open_town.school_goal.save()
    rebuild_standings(open_town.authority, today=factories.TODAY)
    assert open_town.school_goal.title not in get(f"maal/{open_town.goals[0].pk}/").content.decode()


def test_series_page_tells_a_correction(open_town):
    last = open_town.school_series.measurements.order_by("period_end").last()
    factories.correction(last, 75, "Forsinket indberetning")
    text = get(f"serier/{open_town.school_series.pk}/").content.decode()
    assert "Forsinket indberetning" in text
    assert "<del>73,0</del>" in text
    assert "<strong>75,0</strong>" in text


def test_a_narrative_is_told_when_its_meeting_has_been_held(open_town):
    goal = open_town.goals[0]
    today = factories.date.today()
    for period, meeting, words in (
        ("2025K4", today, "Vi har holdt mødet"),
        ("2026K1", today + timedelta(days=1), "Kommer"),
    ):
        round_ = factories.round_(
            open_town.council, period, state="ready", meeting_date=meeting,
            opens=date(2026, 1, 2), entry_deadline=date(2026, 1, 3), approval_deadline=date(2026, 1, 4),
        )  # fmt: skip
        round_.assessments.create(
            goal=goal, what_we_do=f"{words}.", written_by=open_town.manager, written_at=factories.NOW
        )
    text = get("").content.decode()
    assert "Vi har holdt mødet." in text
    assert "Kommer." not in text


def test_an_action_is_told_unless_a_board_or_a_closed_item_made_it(open_town):
    goal = open_town.goals[0]
    factories.action(open_town.school, open_town.manager, goal=goal, what="Vi ringer hjem samme dag")
    closed = factories.decision(
        open_town.committee, is_closed=True, closed_reason="Person", public_title="Personalesag"
    )
    factories.action(open_town.school, open_town.manager, goal=goal, what="Hemmelig handling", decision=closed)
    text = get(f"maal/{goal.pk}/").content.decode()
    assert "Vi ringer hjem samme dag" in text
    assert "Hemmelig handling" not in text


def test_search_finds_goals_figures_and_units(open_town):
    assert open_town.school_goal.title in get("soeg/?q=fravær").content.decode()
    assert f"/aabne-maal/serier/{open_town.school_series.pk}/" in get("soeg/?q=FRAVÆR").content.decode()
    assert open_town.school.name in get(f"soeg/?q={open_town.school.name}").content.decode()
    assert "Ingen resultater" in get("soeg/?q=xyzzy").content.decode()
    assert "mindst to bogstaver" in get("soeg/?q=x").content.decode()
    for odd in ("%00%00", "%25%25", "'\"<script>", "a" * 5000):
        answer = get(f"soeg/?q={odd}")
        assert answer.status_code == 200
        assert b"<script>" not in answer.content


@pytest.mark.parametrize(
    "odd", ["maal/999999/", "maal/99999999999999999999/", "serier/0/", "udvalg/999/", "enheder/0/"]
)
def test_what_is_not_there(open_town, odd):
    assert get(odd).status_code == 404


def test_odd_pages_are_the_first_or_the_last(open_town):
    for odd in ("?fra=x", "?fra=-1", "?fra=999999999", "mangler/?side=x", "mangler/?side=99"):
        assert get(odd).status_code == 200, odd


# ---- the price -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [0, 57])
def test_queries_do_not_depend_on_how_many_goals_there_are(open_town, more, django_assert_max_num_queries):
    for rank in range(4, 4 + more):
        goal = council_goal(open_town, rank)
        factories.goal(open_town.school, goal)
    get("")  # the process learns what is hidden
    kept.forget()
    for page in every_page(open_town):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert get(page).status_code == 200, page


def test_a_page_is_made_once_until_something_changes(open_town, django_assert_num_queries):
    goal = open_town.goals[0]
    for page in every_page(open_town):
        first = get(page)
        if "?q=" not in page:
            with django_assert_num_queries(1):
                assert get(page).content == first.content, page
    made = DecisionMade(open_town.council, date(2026, 8, 1), "punkt 9")
    close_goal(goal, made, reason="Nået", by=open_town.consultant, now=factories.NOW)
    assert goal.title not in get("").content.decode()
    assert "Målet er afsluttet" in get(f"maal/{goal.pk}/").content.decode()
    last = open_town.school_series.measurements.order_by("period_end").last()
    cell = CellValue(open_town.school_series, parse_period(last.period), Decimal(99), version=last.version)
    correct_value(cell, reason="Talt om", by=open_town.director, now=factories.NOW)
    assert "Talt om" in get(f"serier/{open_town.school_series.pk}/").content.decode()


def test_a_page_is_small(open_town, settings):
    """Compressed, with its styles, before charts and fonts."""
    styles = (
        "vendor/dkfds/css/dkfds.min.css",
        *(f"malstyring/css/{one}.css" for one in ("malstyring", "chart", "public")),
    )
    root = settings.BASE_DIR / "static"
    weight = sum(len(gzip.compress((root / path).read_bytes())) for path in styles)
    for page in every_page(open_town):
        assert weight + len(gzip.compress(get(page).content)) < MOST_BYTES, page


def test_the_card_is_tiny_and_may_be_framed_and_nothing_else_may(open_town, settings):
    card = get(f"maal/{open_town.goals[0].pk}/kort/")
    style = settings.BASE_DIR / "static/malstyring/css/card.css"
    shapes = settings.BASE_DIR / "static/malstyring/symbols.svg"
    assert len(gzip.compress(card.content + style.read_bytes() + shapes.read_bytes())) < 10_000
    assert b"<script" not in card.content
    assert "frame-ancestors *" in card["Content-Security-Policy"]
    assert "X-Frame-Options" not in card
    for page in every_page(open_town):
        if not page.endswith("kort/"):
            assert "frame-ancestors 'none'" in get(page)["Content-Security-Policy"]
            assert get(page)["X-Frame-Options"] == "DENY"


# ---- caches and cookies ----------------------------------------------------------------------------------------------


def test_nobody_is_known(open_town):
    """The same bytes for everybody, no cookie set, and none asked for."""
    signed_in = Client()
    signed_in.force_login(open_town.consultant)
    for page in every_page(open_town):
        stranger, known = get(page), signed_in.get(f"/aabne-maal/{page}")
        assert stranger.content == known.content, page
        for answer in (stranger, known):
            assert not answer.cookies, page
            assert "Cookie" not in answer.get("Vary", ""), page
            assert answer["Cache-Control"] == "public, max-age=300", page


def test_who_has_the_page_gets_no_second_copy(open_town):
    for page in every_page(open_town):
        first = get(page)
        again = get(page, HTTP_IF_NONE_MATCH=first["ETag"])
        assert again.status_code == 304, page
        assert not again.content
        assert get(page, HTTP_IF_NONE_MATCH='"another"').status_code == 200
    tag = get("")["ETag"]
    factories.measurement(open_town.school_goal.goal_series.get().series, "2025K2", 50)
    council_series = open_town.goals[0].goal_series.get().series
    factories.restate(council_series.measurements.all(), value=Decimal(10))
    kept.forget()  # no act did that
    assert get("")["ETag"] != tag


def test_what_is_not_found_is_not_kept(open_town):
    answer = get("maal/999999/")
    assert answer.status_code == 404
    assert "public" not in answer.get("Cache-Control", "")


# ---- whose ----------------------------------------------------------------------------------------------------------


def test_the_first_page_of_a_stranger_is_the_portal(open_town, sign_in):
    text = Client().get("/").content.decode()
    assert "Byrådets tre mål" in text
    assert 'class="m-top__signin"' in text
    assert "Byrådets tre mål" not in sign_in(open_town.manager).get("/").content.decode()
    Authority.objects.update(is_portal_open=False)
    closed = Client().get("/")
    assert closed.status_code == 200
    assert "Log ind" in closed.content.decode()


def test_several_authorities_each_have_their_own(open_town):
    other = factories.municipality(name="Naboby Kommune")
    factories.goal(other.council, title="Naboens mål")
    closed = factories.authority(name="Lukkeby Kommune", is_portal_open=False)
    listed = get("").content.decode()
    assert "Naboby Kommune" in listed
    assert open_town.authority.name in listed
    assert "Lukkeby" not in listed
    assert Client().get("/").content.decode().count("Naboby") == listed.count("Naboby")
    own = Client().get(f"/m/{other.authority.code}/aabne-maal/").content.decode()
    assert "Naboens mål" in own
    assert "Byrådets mål 1" not in own
    assert f'href="/m/{other.authority.code}/aabne-maal/om/"' in own
    assert Client().get(f"/m/{closed.code}/aabne-maal/").status_code == 404
    assert get("om/").status_code == 404, "nobody's in particular"
    mine = f"/m/{other.authority.code}/aabne-maal/maal/{open_town.goals[0].pk}/"
    assert Client().get(mine).status_code == 404, "another's goal is not found under one's own address"


def test_a_host_name_shows_its_own_authority_only(open_town, settings):
    settings.ALLOWED_HOSTS = ["maal.naboby.dk", "testserver"]
    other = factories.municipality(name="Naboby Kommune", host_name="maal.naboby.dk")
    factories.goal(other.council, title="Naboens mål")
    at_host = Client(headers={"host": "maal.naboby.dk"})
    assert "Naboens mål" in at_host.get("/aabne-maal/").content.decode()
    assert 'href="/aabne-maal/om/"' in at_host.get("/aabne-maal/").content.decode()
    assert "Naboens mål" in at_host.get("/").content.decode()
    assert at_host.get(f"/m/{open_town.authority.code}/aabne-maal/").status_code == 404
    assert at_host.get(f"/aabne-maal/maal/{open_town.goals[0].pk}/").status_code == 404
    assert "https://maal.naboby.dk/aabne-maal/" in get("").content.decode().replace("http://", "https://")


def test_closed_goals_stand_apart(open_town):
    gone = factories.goal(open_town.committee, title="Et gammelt mål", state=GoalState.CLOSED)
    body = get(f"udvalg/{open_town.committee.pk}/").content.decode()
    assert body.index("Afsluttede mål") < body.index("Et gammelt mål")
    assert "Målet er afsluttet" in get(f"maal/{gone.pk}/").content.decode()
    assert "Et gammelt mål" not in get("").content.decode()


@pytest.mark.parametrize("is_open", [True, False])
def test_a_goals_own_page_leads_to_the_public_one_where_there_is_one(open_town, sign_in, is_open):
    goal, address = open_town.goals[0], f"/m/{open_town.authority.code}/aabne-maal/maal/{open_town.goals[0].pk}/"
    draft = factories.goal(open_town.council, title="Kladde", state=GoalState.DRAFT)
    Authority.objects.update(is_portal_open=is_open)
    client = sign_in(open_town.director)
    # Fetched by the page when it has been drawn.
    fragment = f"/maal/{goal.pk}/aabent/"
    assert (f'hx-get="{fragment}"' in client.get(f"/maal/{goal.pk}/").content.decode()) == is_open
    assert (f'href="{address}"' in client.get(fragment).content.decode()) == is_open
    assert "Se målet på Åbne mål" not in client.get(f"/maal/{draft.pk}/aabent/").content.decode()
    assert Client().get(address).status_code == (200 if is_open else 404)

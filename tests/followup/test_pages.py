"""The pages that show goals, series, units and bodies: what stands on them, to whom, and how they are paged."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from followup.actions.rounds import open_round
from followup.actions.standings import rebuild_standings
from followup.models import Assessment, RoundState, Submission
from goals.kinds import GoalState
from goals.models import Contribution, Goal
from tests import factories
from tests.followup.flow import html

TODAY = factories.TODAY

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def tree(town):
    """A thread of goals from the council to the school, with numbers at both ends and a draft beside it."""
    town.council_goal = factories.goal(town.council, title="Alle børn trives", short_name="Trivsel", rank=1)
    town.committee_goal = factories.goal(
        town.committee, town.council_goal, title="Færre børn er væk", short_name="Fravær", rank=1
    )
    town.school_goal = factories.goal(town.school, town.committee_goal, title="Vi ringer hjem", short_name="Opkald")
    town.draft = factories.goal(
        town.school, town.committee_goal, title="Et hemmeligt udkast", short_name="Udkast", state=GoalState.DRAFT
    )
    indicator = factories.indicator(
        town.authority, name="Fravær", direction="lower", name_in_sentence="Fraværet", definition="Dage uden elev"
    )
    town.series = factories.series(
        indicator, town.school, town.committee_goal, baseline_period="2025K2", baseline_value=9, tolerance=1
    )
    factories.target(town.series, "2026K4", 6)
    for period, value in (("2025K4", 8), ("2026K1", "7.5"), ("2026K2", 9)):
        factories.measurement(town.series, period, value, entered_by=town.manager, approved_by=town.head)
    factories.measurement(town.series, "2026K3", "66.6", approved_at=None)
    own = factories.series(factories.indicator(town.authority, name="Opkald"), town.school, town.school_goal)
    factories.measurement(own, "2026K2", 0)
    rebuild_standings(town.authority, today=TODAY)
    return town


def get(client, path: str, **params) -> str:
    response = client.get(path, params)
    assert response.status_code == 200, path
    return html(response)


# ---- the overview ----------------------------------------------------------------------------------------------------


def test_a_stranger_gets_the_public_front_page(db):
    page = get(Client(), "/")
    assert "Log ind" in page
    assert "Få mål, klar opfølgning" in page


def test_a_person_without_a_role_today_is_told(db):
    client = Client()
    client.force_login(factories.user())
    assert "Du har ingen rolle i dag." in get(client, "/")


@pytest.mark.parametrize(
    ("who", "whose"),
    [
        ("politician", "committee"),
        ("manager", "school"),
        ("professional", "school"),
        ("head", "committee"),
        ("director", "council"),
        ("consultant", "council"),
        ("reader", "council"),
        ("administrator", "council"),
    ],
)
def test_every_role_has_an_overview_of_its_own_place(tree, sign_in, who, whose):
    response = sign_in(getattr(tree, who)).get("/")
    assert "<h1>Overblik</h1>" in response.content.decode()
    assert response.context["body"] == getattr(tree, whose)
    owners = {row["goal"].owner_unit for row in response.context["rows"]}
    assert owners <= {getattr(tree, whose)}


def test_a_unit_without_goals_of_its_own_shows_those_of_the_body_it_reports_to(tree, sign_in):
    page = get(sign_in(tree.head), "/")
    assert "Center for Skole</a> har ikke selv mål. Her er målene for Børne- og Skoleudvalget" in page
    assert f'href="/enheder/{tree.department.pk}/"' in page
    assert "Fravær" in page
    assert "Opkald" not in page
    factories.goal(tree.department, tree.committee_goal, title="Et mål for centret", short_name="Centret")
    page = get(sign_in(tree.head), "/")
    assert "har ikke selv mål" not in page
    assert "Et mål for centret" in page


def test_where_the_body_has_no_goals_either_the_unit_is_shown(tree, sign_in):
    Goal.objects.filter(owner_unit=tree.committee).update(state=GoalState.DRAFT)
    response = sign_in(tree.head).get("/")
    assert (response.context["body"], response.context["rows"]) == (tree.department, [])
    assert "har ikke selv mål" not in html(response)


def test_the_body_is_asked_for_within_twelve_questions(tree, sign_in, django_assert_max_num_queries):
    client = sign_in(tree.head)
    client.get("/")  # the first of a day is remembered
    with django_assert_max_num_queries(12):
        assert client.get("/").context["body"] == tree.committee


def test_a_politician_sees_the_next_meeting_and_no_inbox(tree, sign_in):
    factories.round_(tree.committee, state=RoundState.READY)
    page = get(sign_in(tree.politician), "/")
    assert "Møde i Børne- og Skoleudvalget" in page
    assert "Onsdag den 2. september 2026" in page
    assert "Indberet 2. kvartal" not in page


def test_a_manager_sees_what_is_owed_and_a_head_what_waits(tree, sign_in):
    round_ = open_round(factories.round_(tree.committee), by=tree.consultant, now=factories.NOW)
    assert "Indberet 2. kvartal 2026" in get(sign_in(tree.manager), "/")
    assert "Godkend" not in get(sign_in(tree.head), "/")
    Submission.objects.filter(round=round_).update(
        state="submitted", submitted_by=tree.manager, submitted_at=factories.NOW
    )
    assert f"Godkend {tree.school.name}" in get(sign_in(tree.head), "/")


# ---- bodies ----------------------------------------------------------------------------------------------------------


def test_a_body_shows_its_few_goals_and_what_changed_since_its_last_meeting(tree, sign_in):
    held = factories.round_(
        tree.committee,
        "2026K1",
        opens=date(2026, 4, 1),
        entry_deadline=date(2026, 5, 1),
        approval_deadline=date(2026, 5, 8),
        meeting_date=date(2026, 5, 20),
        state=RoundState.CLOSED,
    )
    factories.round_(tree.committee)
    page = get(sign_in(tree.politician), f"/udvalg/{tree.committee.pk}/")
    assert "<h1>Børne- og Skoleudvalget</h1>" in page
    assert "0 af 1 mål er på rette vej." in page
    assert "Ikke på rette vej" in page
    assert "Møde onsdag den 2. september 2026" in page
    response = sign_in(tree.politician).get(f"/udvalg/{tree.committee.pk}/")
    [changed] = response.context["changed"]
    assert (changed["view"].before, changed["view"].light) == ("ontrack", "offtrack")
    assert response.context["last_round"] == held


def test_a_leaders_words_stand_beside_the_goal_when_the_round_is_ready(tree, sign_in):
    round_ = factories.round_(tree.committee, state=RoundState.OPEN)
    Assessment.objects.create(
        round=round_,
        goal=tree.committee_goal,
        what_happened="Mange blev syge i april.",
        written_by=tree.head,
        written_at=factories.NOW,
    )
    for path in (f"/udvalg/{tree.committee.pk}/", f"/maal/{tree.committee_goal.pk}/"):
        assert "Mange blev syge i april." not in get(sign_in(tree.politician), path)
    round_.state = RoundState.READY
    round_.save()
    for path in (f"/udvalg/{tree.committee.pk}/", f"/maal/{tree.committee_goal.pk}/"):
        assert "Mange blev syge i april." in get(sign_in(tree.politician), path)


def test_the_list_of_bodies_counts_goals_and_names_meetings(tree, sign_in):
    factories.round_(tree.committee)
    page = get(sign_in(tree.politician), "/udvalg/")
    assert page.index("Byrådet") < page.index("Børne- og Skoleudvalget") < page.index("Socialudvalget")
    assert "Onsdag den 2. september 2026" in page
    assert "ikke planlagt" in page


def test_only_bodies_have_a_bodys_page(tree, sign_in):
    client = sign_in(tree.consultant)
    assert client.get(f"/udvalg/{tree.school.pk}/").status_code == 404
    assert client.get(f"/udvalg/{tree.other_committee.pk}/").status_code == 200


# ---- a goal and its red thread ---------------------------------------------------------------------------------------


def test_a_goal_shows_its_thread_up_and_down(tree, sign_in):
    response = sign_in(tree.politician).get(f"/maal/{tree.committee_goal.pk}/")
    page = html(response)
    assert [row["goal"] for row in response.context["above"]] == [tree.council_goal]
    assert [row["goal"] for row in response.context["serving"]] == [tree.school_goal]
    assert page.index("Alle børn trives") < page.index("Du er her") < page.index("Vi ringer hjem")
    assert "Fraværet er 9,0 pct." in page
    assert "Måltal: højst 6,0 pct. i 2026" in page
    assert "28. januar 2026, Børne- og Skoleudvalget, punkt 4" in page


def test_a_long_thread_is_in_order(tree, sign_in):
    lower = factories.goal(tree.school, tree.school_goal)
    response = sign_in(tree.politician).get(f"/maal/{lower.pk}/")
    assert [row["goal"] for row in response.context["above"]] == [
        tree.council_goal,
        tree.committee_goal,
        tree.school_goal,
    ]


def test_a_goal_that_serves_nothing_is_a_broken_link_except_the_councils(tree, sign_in):
    loose = factories.goal(tree.school)
    client = sign_in(tree.consultant)
    assert "Brudt led" in get(client, f"/maal/{loose.pk}/")
    assert "Brudt led" not in get(client, f"/maal/{tree.council_goal.pk}/")


def test_help_across_is_shown_at_both_ends(tree, sign_in):
    other = factories.goal(tree.other_committee, title="Flere i arbejde")
    Contribution.objects.create(goal=tree.school_goal, to_goal=other, note="Fritidsjob")
    client = sign_in(tree.politician)
    assert "Flere i arbejde" in get(client, f"/maal/{tree.school_goal.pk}/")
    page = get(client, f"/maal/{other.pk}/")
    assert "Vi ringer hjem" in page
    assert "Fritidsjob" in page


def test_a_closed_goal_says_when_and_by_whom(tree, sign_in):
    closed = factories.goal(tree.committee, tree.council_goal, title="Et gammelt mål", state=GoalState.CLOSED)
    client = sign_in(tree.politician)
    page = get(client, f"/maal/{closed.pk}/")
    assert "Afsluttet" in page
    assert "28. januar 2026" in page
    assert "Et gammelt mål" not in get(client, "/maal/", aaben=tree.council_goal.pk)
    assert "Et gammelt mål" in get(client, "/maal/", tilstand="closed")
    assert "Et gammelt mål" not in get(client, f"/udvalg/{tree.committee.pk}/")
    assert "Et gammelt mål" not in get(client, f"/maal/{tree.council_goal.pk}/")


# ---- drafts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("manager", True),
        ("professional", True),
        ("head", True),
        ("director", True),
        ("consultant", True),
        ("administrator", True),
        ("politician", False),
        ("reader", False),
        ("other_manager", False),
    ],
)
def test_drafts_are_seen_by_those_who_may(tree, sign_in, who, sees):
    Contribution.objects.create(goal=tree.draft, to_goal=tree.council_goal)
    client = sign_in(getattr(tree, who))
    assert client.get(f"/maal/{tree.draft.pk}/").status_code == (200 if sees else 404)
    for path in (f"/enheder/{tree.school.pk}/", "/maal/?tilstand=draft", f"/maal/{tree.council_goal.pk}/"):
        assert ("Et hemmeligt udkast" in get(client, path)) is sees, path
    assert ("66,6" in get(client, f"/serier/{tree.series.pk}/")) is sees
    assert "66.6" not in get(client, f"/serier/{tree.series.pk}/graf.json"), "charts hold approved values"
    for path in ("/", f"/udvalg/{tree.committee.pk}/", f"/maal/{tree.committee_goal.pk}/", "/maal/?q=hemmelig"):
        assert "Et hemmeligt udkast" not in get(client, path), path
        assert "66,6" not in get(client, path), path


def test_what_an_adopted_goal_serves_is_not_named_while_it_is_a_draft(tree, sign_in):
    child = factories.goal(tree.other_school, tree.draft, title="Vi synger")
    client = sign_in(tree.politician)
    for path in (f"/maal/{child.pk}/", f"/enheder/{tree.other_school.pk}/"):
        page = get(client, path)
        assert "Vi synger" in page
        assert "Et hemmeligt udkast" not in page
    response = client.get(f"/maal/{child.pk}/")
    assert [row["goal"] for row in response.context["above"]] == [tree.council_goal, tree.committee_goal]


# ---- series, indicators, units ---------------------------------------------------------------------------------------


def test_a_series_shows_its_values_with_what_was_expected(tree, sign_in):
    page = get(sign_in(tree.politician), f"/serier/{tree.series.pk}/")
    assert "<h1>Fravær, Bakkeskolen</h1>" in page
    assert page.index("2. kvartal 2026") < page.index("4. kvartal 2025")
    assert f"godkendt af {tree.head}" in page
    assert "Dage uden elev" in page
    assert "<svg" in page
    assert "Ret med begrundelse" not in page


def test_a_series_without_values_says_so(tree, sign_in):
    empty = factories.series(tree.series.indicator, tree.other_school)
    page = get(sign_in(tree.reader), f"/serier/{empty.pk}/")
    assert "Der er endnu ikke noget tal" in page


def test_zero_is_shown_as_zero(tree, sign_in):
    page = get(sign_in(tree.politician), f"/maal/{tree.school_goal.pk}/")
    assert 'm-figure__value">0,0 <span>pct.' in page


def test_a_long_series_is_paged(tree, sign_in):
    for year in range(2000, 2020):
        for quarter in (1, 2, 3, 4):
            factories.measurement(tree.series, f"{year}K{quarter}", 8)
    client = sign_in(tree.politician)
    first, second = (client.get(f"/serier/{tree.series.pk}/", {"side": side}) for side in (1, 2))
    assert (len(first.context["values"]), len(second.context["values"])) == (50, 33)
    assert "Side 1 af 2" in html(first)


def test_the_figures_of_a_chart_are_given_as_json(tree, sign_in):
    figures = sign_in(tree.politician).get(f"/serier/{tree.series.pk}/graf.json").json()["figures"]
    assert figures


def test_an_indicator_shows_its_units_side_by_side(tree, sign_in):
    other = factories.series(tree.series.indicator, tree.other_school)
    factories.measurement(other, "2026K2", 3)
    page = get(sign_in(tree.reader), f"/indikatorer/{tree.series.indicator_id}/")
    assert "Bakkeskolen" in page
    assert "Elmeskolen" in page
    assert "3,0" in page


def test_units_are_a_tree_in_danish_order(tree, sign_in):
    for name in ("Åskolen", "Ærøskolen", "Østerskolen", "Zoneskolen", "Aaskolen"):
        factories.unit(tree.department, name=name)
    page = get(sign_in(tree.reader), "/enheder/")
    places = [page.index(f">{name}<") for name in ("Bakkeskolen", "Zoneskolen", "Ærøskolen", "Østerskolen", "Åskolen")]
    assert places == sorted(places)
    assert page.index(">Center for Skole<") < places[0]


def test_a_unit_shows_its_goals_and_what_is_below(tree, sign_in):
    page = get(sign_in(tree.politician), f"/enheder/{tree.department.pk}/")
    assert "Enheden har ingen mål endnu." in page
    assert "Elmeskolen" in page
    assert "Vi ringer hjem" in get(sign_in(tree.politician), f"/enheder/{tree.school.pk}/")


def test_an_ended_unit_is_not_listed_but_its_page_stays(tree, sign_in):
    tree.other_school.valid_to = TODAY - timedelta(days=1)
    tree.other_school.save()
    client = sign_in(tree.reader)
    assert "Elmeskolen" not in get(client, "/enheder/")
    assert client.get(f"/enheder/{tree.other_school.pk}/").status_code == 200


# ---- the goal list ---------------------------------------------------------------------------------------------------


def test_the_tree_is_opened_step_by_step(tree, sign_in):
    client = sign_in(tree.politician)
    page = get(client, "/maal/")
    assert "Alle børn trives" in page
    assert "Færre børn er væk" not in page
    assert "Vis 1 mål, der bidrager" in page
    opened = get(client, "/maal/", aaben=[tree.council_goal.pk, tree.committee_goal.pk])
    assert opened.index("Alle børn trives") < opened.index("Færre børn er væk") < opened.index("Vi ringer hjem")
    assert "Skjul dem, der bidrager" in opened


@pytest.mark.parametrize("text", ["²", "9" * 30, "x", "-1"])
def test_a_strange_address_opens_nothing(tree, sign_in, text):
    assert "Alle børn trives" in get(sign_in(tree.politician), "/maal/", aaben=text)
    for path in ("/maal/", "/enheder/", "/opfoelgning/"):
        get(sign_in(tree.politician), path, side=text)


@pytest.mark.parametrize(
    "words", ["Færre børn", "FÆRRE BØRN", "færre børn", "fraVÆR", "børne- og skole", "BØRNE- OG SKOLEUDVALGET", " væk "]
)
def test_search_finds_danish_words_in_any_case(tree, sign_in, words):
    page = get(sign_in(tree.politician), "/maal/", q=words)
    assert "Færre børn er væk" in page
    assert "Alle børn trives" not in page


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "hest", "100 %"])
def test_search_takes_signs_as_they_are(tree, sign_in, words):
    page = get(sign_in(tree.politician), "/maal/", q=words)
    assert "Færre børn er væk" not in page
    assert "Ingen resultater for" in page


def test_the_list_is_narrowed_by_status_and_body(tree, sign_in):
    client = sign_in(tree.politician)
    off = get(client, "/maal/", status="offtrack")
    assert "Færre børn er væk" in off
    assert "Vi ringer hjem" not in off
    committee = get(client, "/maal/", enhed=tree.committee.pk)
    assert "Færre børn er væk" in committee
    assert "Alle børn trives" not in committee
    assert "Ingen mål passer til dine valg." in get(client, "/maal/", enhed=tree.other_committee.pk)


def test_a_long_list_has_fifty_a_page_and_keeps_its_filter(tree, sign_in):
    for number in range(60):
        factories.goal(tree.school, tree.committee_goal, title=f"Fælles mål {number}")
    client = sign_in(tree.politician)
    first = client.get("/maal/", {"q": "fælles"})
    assert len(first.context["rows"]) == 50
    assert "Side 1 af 2" in html(first)
    assert "q=f%C3%A6lles" in html(first)
    assert len(client.get("/maal/", {"q": "fælles", "side": 2}).context["rows"]) == 10


@pytest.mark.parametrize(
    "path", ["/maal/?q=mål", "/maal/", "/enheder/", "/udvalg/{body}/", "/enheder/{school}/", "/maal/{goal}/"]
)
def test_more_goals_take_no_more_queries(town, sign_in, path):
    top = factories.goal(town.council)
    path = path.format(body=town.committee.pk, school=town.school.pk, goal=top.pk)

    def fill(count: int) -> None:
        for _number in range(count):
            for unit, parent in ((town.council, None), (town.committee, top), (town.school, top)):
                goal = factories.goal(unit, parent)
                series = factories.series(factories.indicator(town.authority), town.school, goal)
                factories.measurement(series, "2026K1", 5)
                factories.measurement(series, "2026K2", 6)

    fill(2)
    client = sign_in(town.politician)
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    fill(10)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few)


# ---- other municipalities --------------------------------------------------------------------------------------------


def test_another_municipality_is_not_there(tree, sign_in):
    client = sign_in(factories.municipality().consultant)
    for path in (
        f"/maal/{tree.council_goal.pk}/",
        f"/serier/{tree.series.pk}/",
        f"/serier/{tree.series.pk}/graf.json",
        f"/indikatorer/{tree.series.indicator_id}/",
        f"/enheder/{tree.school.pk}/",
        f"/udvalg/{tree.committee.pk}/",
    ):
        assert client.get(path).status_code == 404, path
    for path in ("/", "/maal/", "/maal/?q=børn", "/enheder/", "/udvalg/", "/opfoelgning/"):
        assert "Alle børn trives" not in get(client, path)
        assert "Færre børn er væk" not in get(client, path)
        assert str(tree.authority) not in get(client, path)


def test_another_municipalitys_body_narrows_nothing(tree, sign_in):
    other = factories.municipality()
    page = get(sign_in(other.consultant), "/maal/", enhed=tree.committee.pk)
    assert "Færre børn er væk" not in page


def test_signing_in_is_asked_for(tree):
    for path in ("/maal/", f"/maal/{tree.council_goal.pk}/", f"/udvalg/{tree.committee.pk}/", "/opfoelgning/"):
        response = Client().get(path)
        assert response.status_code == 302
        assert response.url.startswith("/log-ind/")

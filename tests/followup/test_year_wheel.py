"""The year wheel: the strip, the list, the road to the next meeting, and moving one date."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.actions.plans import plan_ahead
from followup.actions.rounds import open_round
from followup.actions.standings import rebuild_standings
from followup.kinds import Division, EventKind, Follows
from followup.models import FollowUpSettings, Round, YearEvent
from followup.year_view import days_in_figures, feasts
from organisation.models import UnitKind
from tests import factories
from tests.followup.flow import html

MOST = 12
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def year(town):
    """The committee follows quarters; the round of 2 September is open and asks the school for one number."""
    goal = factories.goal(town.committee, title="Flere børn trives")
    factories.series(factories.indicator(town.authority), town.school, goal)
    factories.plan(town.committee, follows=Follows.OWN_AND_BELOW)
    plan_ahead(town.authority, now=factories.NOW, by=town.consultant)
    town.round = town.committee.rounds.get(period="2026K2")
    open_round(town.round, by=town.consultant, now=factories.NOW)
    rebuild_standings(town.authority, today=factories.TODAY)
    return town


def strip_of(page: str) -> str:
    return page.split('<table class="m-year">')[1].split("</table>")[0].replace("\u00ad", "")


def test_the_strip_shows_every_bodys_meetings(year, sign_in):
    YearEvent.objects.create(
        authority=year.authority, body=year.other_committee, kind=EventKind.MEETING, day=date(2026, 10, 7)
    )
    page = html(sign_in(year.reader).get("/opfoelgning/"))
    assert "<h1>Årshjul 2026</h1>" in page
    assert "Næste opfølgning: Børne- og Skoleudvalget onsdag den 2. september 2026." in page
    strip = strip_of(page)
    assert (
        f'm-meet--next" href="/opfoelgning/{year.round.pk}/"><span class="m-meet__d">ons 2.</span>2. kvartal' in strip
    )
    assert '<span class="m-meet">7.<span class="sr-only">' in strip
    assert "<b>15.</b> 2. kvartal" in strip
    assert "<b>25.–26.</b> Jul" in strip
    assert "Næste" not in strip


def test_a_held_meeting_is_outlined(year, sign_in):
    Round.objects.filter(pk=year.round.pk).update(meeting_date=date(2026, 8, 9), state="closed", agenda_date=None,
                                                  material_date=None, entry_deadline=date(2026, 8, 1),
                                                  approval_deadline=date(2026, 8, 2), department_deadline=None,
                                                  directorate_deadline=None)  # fmt: skip
    strip = strip_of(html(sign_in(year.reader).get("/opfoelgning/")))
    assert f'm-meet--past" href="/opfoelgning/{year.round.pk}/"' in strip
    assert "holdt" in strip


@pytest.mark.parametrize(
    ("asked", "shown"), [("2027", 2027), ("2025", 2025), ("", 2026), ("hest", 2026), ("1", 2026), ("99999", 2026)]
)
def test_a_year_is_picked(year, sign_in, asked, shown):
    assert f"<h1>Årshjul {shown}</h1>" in html(sign_in(year.reader).get(f"/opfoelgning/?aar={asked}"))


def test_the_list_is_the_servers_own(year, sign_in):
    page = html(sign_in(year.reader).get("/opfoelgning/?vis=liste"))
    assert '<table class="m-year">' not in page
    assert "m-months--always" in page
    assert "ons 2. · Børne- og Skoleudvalget" in page
    assert "Vis som årshjul" in page
    assert "Tal fra enhederne: <b>15.</b> 2. kvartal" in " ".join(page.split())


def test_one_body_has_a_line_for_each_deadline(year, sign_in):
    client = sign_in(year.reader)
    page = html(client.get(f"/opfoelgning/?udvalg={year.committee.pk}"))
    assert "<h1>Årshjul 2026 for Børne- og Skoleudvalget</h1>" in page
    strip = strip_of(page)
    for words in ("Tal fra afdelingerne", "Tal fra forvaltningerne", "Alt er godkendt", "Dagsordenen er ude"):
        assert words in strip
    assert "Socialudvalget" not in strip
    assert "Tal fra afdelingerne" not in strip_of(html(client.get("/opfoelgning/")))


@pytest.mark.parametrize("asked", ["999999", "hest"])
def test_a_body_that_is_not_here(year, sign_in, asked):
    assert sign_in(year.reader).get(f"/opfoelgning/?udvalg={asked}").status_code == 404


def test_another_municipalitys_body_is_not_here(year, sign_in):
    other = factories.municipality()
    assert sign_in(other.reader).get(f"/opfoelgning/?udvalg={year.committee.pk}").status_code == 404
    assert "Bakkeskolen" not in html(sign_in(other.reader).get("/opfoelgning/"))


def test_a_members_own_body_comes_first(year, sign_in):
    factories.round_(year.council, "2026H1", meeting_date=date(2026, 8, 26))
    first = "Næste opfølgning: Byrådet onsdag den 26. august 2026."
    assert first in html(sign_in(year.reader).get("/opfoelgning/"))
    own = "Næste opfølgning: Børne- og Skoleudvalget onsdag den 2. september 2026."
    assert own in html(sign_in(year.politician).get("/opfoelgning/"))


# ---- the road --------------------------------------------------------------------------------------------------------


def test_the_road_tells_each_step_and_how_far_it_is(year, sign_in):
    page = html(sign_in(year.reader).get("/opfoelgning/"))
    road = page.split('id="_road"')[1]
    steps = ["tir 30. juni", "ons 1. juli", "lør 15. august", "tir 18. august", "ons 19. august", "fre 21. august",
             "tir 25. august", "fre 28. august", "lør 29. august", "ons 2. september"]  # fmt: skip
    places = [road.index(step) for step in steps]
    assert places == sorted(places)
    assert road.count("m-back__done") == 2
    assert road.count("m-back__now") == 1
    assert "0 af 1 enheder har sendt." in road
    assert "Fristen er om 5 dage." in road
    assert "4 hverdage før mødet. Lørdag er en hverdag, søndag er ikke." in road
    assert "3 hverdage før mødet." in road


def test_what_comes_on_the_table_has_its_light(year, sign_in):
    road = html(sign_in(year.reader).get("/opfoelgning/")).split('id="_road"')[1]
    assert "Flere børn trives" in road
    assert "m-light--notdue" in road


def test_the_table_follows_the_plan(year, sign_in):
    factories.goal(year.school, title="Skolens eget")
    assert "Skolens eget" in html(sign_in(year.reader).get("/opfoelgning/"))
    year.round.plan.follows = Follows.OWN
    year.round.plan.save()
    assert "Skolens eget" not in html(sign_in(year.reader).get("/opfoelgning/"))


def test_a_moved_agenda_is_not_said_to_be_four_days_before(year, sign_in):
    Round.objects.filter(pk=year.round.pk).update(agenda_date=date(2026, 8, 27))
    road = html(sign_in(year.reader).get("/opfoelgning/")).split('id="_road"')[1]
    assert "4 hverdage" not in road


def test_nothing_planned(town, sign_in):
    page = html(sign_in(town.reader).get("/opfoelgning/"))
    assert "Ingen opfølgning er planlagt." in page
    assert 'id="_road"' not in page


def test_feasts_go_together():
    settings = FollowUpSettings(christmas_eve_counts=False)
    found = {name: (first, last) for first, last, name in feasts(2026, settings)}
    assert found["Påske"] == (date(2026, 4, 2), date(2026, 4, 6))
    assert found["Jul"] == (date(2026, 12, 24), date(2026, 12, 26))
    assert found["Pinse"] == (date(2026, 5, 24), date(2026, 5, 25))
    # Easter over the end of a month
    assert [days_in_figures(first, last) for first, last, name in feasts(2024, settings) if name == "Påske"] == [
        "28/3–1/4"
    ]


# ---- one date --------------------------------------------------------------------------------------------------------


def test_a_planner_moves_one_date_from_the_year(year, sign_in):
    client = sign_in(year.consultant)
    url = f"/opfoelgning/{year.round.pk}/dato/"
    assert url in html(client.get("/opfoelgning/"))
    assert url not in html(sign_in(year.manager).get("/opfoelgning/"))
    answer = client.post(url, {"field": "meeting_date", "day": "2026-09-09"})
    assert answer.status_code == 302
    assert Round.objects.get(pk=year.round.pk).meeting_date == date(2026, 9, 9)


@pytest.mark.parametrize(
    ("posted", "field", "words"),
    [
        ({"field": "agenda_date", "day": "2026-09-01"}, "day", "på eller før ”materialet er ude”"),
        ({"field": "opens", "day": "2026-07-02"}, "field", ""),
        ({"field": "meeting_date", "day": "snart"}, "day", ""),
        ({"field": "state", "day": "2026-09-09"}, "field", ""),
    ],
)
def test_a_date_that_cannot_be_moved_is_said_beside_it(year, sign_in, posted, field, words):
    answer = sign_in(year.consultant).post(f"/opfoelgning/{year.round.pk}/dato/", posted)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert words in html(answer)


def test_a_new_rounds_dates_are_counted_from_the_meeting(year, sign_in):
    client = sign_in(year.consultant)
    given = {"body": year.other_committee.pk, "period": "2026K2", "meeting_date": "2026-09-02",
             "entry_deadline": "2026-08-20"}  # fmt: skip
    looked = client.post("/opfoelgning/ny/", given | {"foreslaa": "1"})
    assert looked.status_code == 200
    assert 'value="2026-08-15"' in html(looked)
    assert not year.other_committee.rounds.exists()
    assert client.post("/opfoelgning/ny/", given).status_code == 302
    made = year.other_committee.rounds.get()
    assert (made.opens, made.entry_deadline, made.agenda_date) == (
        date(2026, 7, 1),
        date(2026, 8, 20),
        date(2026, 8, 28),
    )
    assert made.department_deadline == date(2026, 8, 20)  # would have been the 18th, before what was given


def test_a_rounds_every_date_is_edited(year, sign_in):
    round_ = year.committee.rounds.get(period="2026K3")
    page = sign_in(year.consultant).get(f"/opfoelgning/{round_.pk}/ret/")
    fields = {name: value for name, value in page.context["form"].initial.items() if value is not None}
    fields |= {"body": year.committee.pk, "material_date": "2026-11-30", "meeting_time": "16:00"}
    assert sign_in(year.consultant).post(f"/opfoelgning/{round_.pk}/ret/", fields).status_code == 302
    stored = Round.objects.get(pk=round_.pk)
    assert (stored.material_date, f"{stored.meeting_time:%H.%M}") == (date(2026, 11, 30), "16.00")


# ---- how many questions ----------------------------------------------------------------------------------------------


def questions(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("division", [Division.FEW, Division.BROAD])
def test_a_year_asks_at_most_twelve_questions_however_much_there_is(year, sign_in, division):
    FollowUpSettings.objects.create(authority=year.authority, division=division)
    client, asked = sign_in(year.consultant), []
    for many in (2, 50):
        for n in range(many):
            body = factories.unit(year.council, UnitKind.COMMITTEE)
            factories.round_(body, "2026K3", entry_deadline=date(2026, 8, 15) + timedelta(days=n % 5))
            factories.goal(year.committee)
            YearEvent.objects.create(
                authority=year.authority, body=body, kind=EventKind.MEETING, day=date(2026, 10, 1 + n % 28)
            )
        asked.append([questions(client, path) for path in ("/opfoelgning/", f"/opfoelgning/?udvalg={year.committee.pk}",
                                                           "/opfoelgning/?vis=liste")])  # fmt: skip
    assert asked[0] == asked[1]
    assert max(asked[0]) <= MOST

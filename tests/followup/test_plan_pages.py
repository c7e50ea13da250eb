"""Pages of plans, other days and settings."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.kinds import Division, Follows
from followup.models import FollowUpSettings, Plan, YearEvent
from organisation.models import UnitKind
from tests import factories
from tests.followup.flow import html

pytestmark = pytest.mark.usefixtures("clock")
DAYS = {"entry_days": 15, "department_days": 13, "directorate_days": 12, "approval_days": 10, "conclusion_days": 7}


def fields(town, **changed) -> dict[str, object]:
    return {"body": town.committee.pk, "period_kind": "quarter", "rule": "Kvartalsvis", "first_meeting": "2026-09-02",
            "follows": "own", "most_below": 3, "is_active": "on", **DAYS, **changed}  # fmt: skip


@pytest.fixture
def planner(town, sign_in):
    return sign_in(town.consultant)


def test_a_plan_is_written_read_back_and_makes_its_rounds(town, planner):
    assert planner.post("/opfoelgning/planer/ny/", fields(town)).status_code == 302
    plan = Plan.objects.get()
    assert (plan.rule, plan.body, plan.rounds.count()) == ("hvert kvartal", town.committee, 5)
    assert "hvert kvartal" in html(planner.get("/opfoelgning/planer/"))


def test_the_next_five_meetings_are_shown_without_storing(town, planner):
    answer = planner.post("/opfoelgning/planer/ny/", fields(town, laes="1"))
    assert answer.status_code == 200
    assert not Plan.objects.exists()
    page = html(answer)
    assert page.count("Enhederne sender senest") == 5
    assert "Onsdag den 2. september 2026" in page
    assert "Om 2. kvartal 2026. Enhederne sender senest 15. august 2026." in page


def test_the_reading_comes_while_one_types(town, planner):
    page = html(planner.post("/opfoelgning/planer/laesning/", fields(town, rule="1. tirsdag i marts og september")))
    assert page.startswith('<section class="m-reading" id="_plan_reading"')
    assert "Tirsdag den 2. marts 2027" in page
    assert "Vi forstår ikke ”når vi kan”" in html(
        planner.post("/opfoelgning/planer/laesning/", fields(town, rule="når vi kan"))
    )
    assert "Så står de næste fem her." in html(planner.post("/opfoelgning/planer/laesning/"))


def test_a_meeting_on_a_holiday_is_pointed_out(town, planner):
    rule = {"rule": "2. torsdag i maj", "first_meeting": "2026-05-14"}
    page = html(planner.post("/opfoelgning/planer/laesning/", fields(town, **rule)))
    assert "Torsdag den 13. maj 2027" in page
    page = html(planner.post("/opfoelgning/planer/laesning/", fields(town, rule="1. torsdag i maj")))
    assert "Dagen er Kristi himmelfartsdag." in page  # 6 May 2027


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"rule": "en gang imellem"}, "rule"),
        ({"rule": ""}, "rule"),
        ({"first_meeting": "snart"}, "first_meeting"),
        ({"department_days": 16}, "department_days"),
        ({"conclusion_days": 11}, "conclusion_days"),
        ({"entry_days": 91}, "entry_days"),
        ({"period_kind": "wave"}, "period_kind"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(town, planner, changed, field):
    answer = planner.post("/opfoelgning/planer/ny/", fields(town, **changed))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not Plan.objects.exists()


def test_a_body_has_one_plan_of_a_rhythm(town, planner):
    factories.plan(town.committee)
    assert planner.post("/opfoelgning/planer/ny/", fields(town)).status_code == 422


def test_a_plan_is_changed_with_chosen_series(town, planner):
    series = factories.series(factories.indicator(town.authority), town.school)
    elsewhere = factories.series(factories.indicator(town.authority), town.board)
    plan = factories.plan(town.committee)
    url = f"/opfoelgning/planer/{plan.pk}/ret/"
    changed = fields(town, version=1, follows="chosen", series=[series.pk])
    assert planner.post(url, changed).status_code == 302
    plan.refresh_from_db()
    assert (plan.follows, list(plan.series.all())) == (Follows.CHOSEN, [series])
    answer = planner.post(url, fields(town, version=plan.version, series=[elsewhere.pk]))
    assert set(answer.context["form"].errors) == {"series"}


def test_two_planners_of_one_plan(town, planner):
    plan = factories.plan(town.committee)
    url = f"/opfoelgning/planer/{plan.pk}/ret/"
    assert planner.post(url, fields(town, version=1, most_below=5, series=[])).status_code == 302
    late = planner.post(url, fields(town, version=1, most_below=7, series=[]))
    assert late.status_code == 422
    assert "Intet er overskrevet" in html(late)
    assert Plan.objects.get().most_below == 5
    again = fields(town, version=late.context["form"]["version"].value(), most_below=7, series=[])
    assert planner.post(url, again).status_code == 302
    assert Plan.objects.get().most_below == 7


def test_days_are_written_changed_and_deleted(town, planner):
    given = {"kind": "meeting", "body": town.committee.pk, "title": "", "day": "2026-10-07", "last_day": ""}
    assert planner.post("/opfoelgning/dage/ny/", given).status_code == 302
    event = YearEvent.objects.get()
    assert "07-10-2026" in html(planner.get("/opfoelgning/dage/"))
    url = f"/opfoelgning/dage/{event.pk}/"
    assert planner.post(url + "ret/", given | {"day": "2026-10-08"}).status_code == 302
    assert YearEvent.objects.get().day == date(2026, 10, 8)
    assert planner.post(url + "slet/").status_code == 302
    assert not YearEvent.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "meeting", "body": ""}, "body"),
        ({"kind": "vacation", "title": ""}, "title"),
        ({"last_day": "2026-10-06"}, "last_day"),
        ({"day": ""}, "day"),
    ],
)
def test_a_day_that_is_wrong(town, planner, changed, field):
    given = {"kind": "fixed_point", "body": "", "title": "Budget", "day": "2026-10-07", "last_day": "", **changed}
    answer = planner.post("/opfoelgning/dage/ny/", given)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}


def test_the_usual_days_are_put_in_from_the_page(town, planner):
    page = html(planner.post("/opfoelgning/dage/skabelon/", {"aar": "2026"}, follow=True))
    assert "10 dage er lagt ind i 2026." in page
    assert "De sædvanlige dage er der allerede i 2026." in html(
        planner.post("/opfoelgning/dage/skabelon/", {"aar": "2026"}, follow=True)
    )
    planner.post("/opfoelgning/dage/skabelon/", {"aar": "1999"})
    assert YearEvent.objects.count() == 10


def test_how_the_authority_follows_up(town, planner):
    given = {"division": "broad", "agenda_days": 5, "material_days": 4, "answer_days": 3, "christmas_eve_counts": "on"}
    assert planner.post("/opfoelgning/indstillinger/", given).status_code == 302
    stored = FollowUpSettings.objects.get()
    assert (stored.division, stored.agenda_days, stored.constitution_day_counts) == (Division.BROAD, 5, False)
    wrong = planner.post("/opfoelgning/indstillinger/", given | {"material_days": 6})
    assert set(wrong.context["form"].errors) == {"material_days"}


def test_only_who_plans_for_the_whole_authority_sets_it(town, sign_in):
    local = factories.user(factories.Role.GOAL_CONSULTANT, town.committee)
    client = sign_in(local)
    assert client.get("/opfoelgning/planer/ny/").status_code == 200
    assert client.get("/opfoelgning/indstillinger/").status_code == 403


@pytest.mark.parametrize("path", ["/opfoelgning/planer/", "/opfoelgning/dage/", "/opfoelgning/liste/"])
def test_a_list_asks_the_same_questions_for_two_and_for_fifty(town, planner, path):
    seen = []
    for many in (2, 48):
        for n in range(many):
            body = factories.unit(town.council, UnitKind.COMMITTEE)
            factories.plan(body)
            factories.round_(body)
            YearEvent.objects.create(authority=town.authority, body=body, kind="meeting", day=date(2026, 9, 1 + n % 28))
        planner.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert planner.get(path).status_code == 200
        seen.append(len(captured))
    assert seen[0] == seen[1] <= 15

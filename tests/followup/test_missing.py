"""Who has not reported: as each level sees it, and reminding them with one button."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followup.actions.rounds import open_round
from followup.actions.submissions import send_back, submit, take_up
from followup.models import Mail, Reminder, Submission
from organisation.models import Membership
from organisation.permissions import Role
from tests import factories
from tests.followup.flow import enter, html

NOW, TODAY = factories.NOW, factories.TODAY


@pytest.fixture
def asked(town, clock):
    """A round that asks the department, its two schools and a day-care centre of another department."""
    town.other_department = factories.unit(town.directorate, "department", name="Center for Dagtilbud")
    town.house = factories.unit(town.other_department, name="Skovly")
    town.series = {}
    for unit in (town.department, town.school, town.other_school, town.house):
        goal = factories.goal(unit)
        town.series[unit] = [factories.series(factories.indicator(town.authority), unit, goal) for _ in range(3)]
    town.round = open_round(factories.round_(town.committee), by=town.consultant, now=NOW)
    return town


def report(asked, unit) -> Submission:
    return Submission.objects.get(round=asked.round, unit=unit)


def fill_and_send(asked, unit, by) -> Submission:
    for series in asked.series[unit]:
        enter(series, 7, by=by)
    return submit(report(asked, unit), by=by, now=NOW)


def url(asked, page: str = "mangler") -> str:
    return f"/opfoelgning/{asked.round.pk}/{page}/"


def page(asked, sign_in, who) -> dict:
    response = sign_in(who).get(url(asked))
    assert response.status_code == 200
    return response


def units(response) -> dict[str, list[str]]:
    return {area.unit.name: [row.submission.unit.name for row in area.rows] for area in response.context["areas"]}


def test_each_level_sees_its_own_area(asked, sign_in):
    assert units(page(asked, sign_in, asked.head)) == {"Center for Skole": ["Bakkeskolen", "Elmeskolen"]}
    everything = {
        "Børn og Unge": ["Center for Skole"],
        "Center for Dagtilbud": ["Skovly"],
        "Center for Skole": ["Bakkeskolen", "Elmeskolen"],
    }
    for who in (asked.director, asked.consultant):
        assert units(page(asked, sign_in, who)) == everything


def test_who_reminds_nobody_here_does_not_see_it(asked, sign_in):
    for who in (asked.manager, asked.politician, asked.reader, asked.professional, asked.administrator):
        assert sign_in(who).get(url(asked)).status_code == 403
        assert sign_in(who).post(url(asked, "paamind")).status_code == 403
    assert sign_in(factories.municipality().consultant).get(url(asked)).status_code == 404
    link = url(asked)
    assert link in html(sign_in(asked.head).get(f"/opfoelgning/{asked.round.pk}/"))
    assert link not in html(sign_in(asked.manager).get(f"/opfoelgning/{asked.round.pk}/"))


def test_how_far_each_has_come_and_who_leads_it(asked, sign_in):
    enter(asked.series[asked.school][0], 0, by=asked.manager)
    fill_and_send(asked, asked.other_school, asked.other_manager)
    response = page(asked, sign_in, asked.head)
    text = html(response)
    assert "1 af 2 enheder mangler." in text
    assert "I gang" in text and "1 af 3" in text and "1 af 2 enheder er inde" in text
    assert str(asked.manager) in text
    assert "1 sendt til godkendelse" in text
    row = response.context["areas"][0].rows[0]
    assert (row.progress, row.done, row.submission.due_count) == ("begun", 1, 3)


def test_own_approvals_come_first_and_say_what_they_wait_for(asked, sign_in):
    fill_and_send(asked, asked.department, asked.head)
    fill_and_send(asked, asked.school, asked.manager)
    response = page(asked, sign_in, asked.director)
    found = [
        (one.submission.unit.name, one.waiting_below, one.below, sum(one.counts.values()))
        for one in response.context["approvals"]
    ]
    assert found == [("Bakkeskolen", 0, 0, 3), ("Center for Skole", 2, 2, 3)]
    text = html(response)
    assert "2 godkendelser venter på dig." in text
    assert "Kan først godkendes, når alle 2 enheder under den er det. 2 mangler." in text
    own = page(asked, sign_in, asked.head).context["approvals"]
    assert [one.submission.unit.name for one in own] == ["Bakkeskolen"]


def test_returned_reports_stand_with_their_reasons(asked, sign_in):
    for reason in ("Tallet for juni mangler", "Nu mangler maj"):
        sent = fill_and_send(asked, asked.school, asked.manager) if reason.startswith("Tallet") else None
        sent = sent or submit(report(asked, asked.school), by=asked.manager, now=NOW)
        send_back(sent, reason=reason, by=asked.head, now=NOW)
    text = html(page(asked, sign_in, asked.head))
    assert "Sendt tilbage af dig 10. august 2026 · i alt 2 gange" in text
    assert "Nu mangler maj" in text
    grid = html(sign_in(asked.manager).get(f"/indberetning/{asked.round.pk}/{asked.school.pk}/"))
    assert "Sendt tilbage 2 gange" in grid
    assert grid.index("Nu mangler maj") < grid.index("Tallet for juni mangler")


def test_one_button_reminds_all_who_are_ticked_once_a_day(asked, sign_in):
    client = sign_in(asked.head)
    response = client.get(url(asked))
    assert response.context["chosen"] == 2
    assert "Påmind de 2 valgte" in html(response)
    rows = [row for area in response.context["areas"] for row in area.rows]
    chosen = {"submission": [row.submission.pk for row in rows]}
    assert "2 ledere er påmindet." in html(client.post(url(asked, "paamind"), chosen, follow=True))
    assert set(Mail.objects.values_list("to", flat=True)) == {asked.manager.pk, asked.other_manager.pk}
    after = client.get(url(asked))
    assert after.context["chosen"] == 0
    assert "Påmind de" not in html(after) and html(after).count("I dag") == 2
    assert "Ingen blev påmindet" in html(client.post(url(asked, "paamind"), chosen, follow=True))
    assert Mail.objects.count() == 2


def test_one_unit_is_reminded_by_its_own_button_and_none_by_none(asked, sign_in):
    client = sign_in(asked.head)
    fields = {"submission": [report(asked, asked.school).pk], "one": report(asked, asked.other_school).pk}
    assert "1 leder er påmindet." in html(client.post(url(asked, "paamind"), fields, follow=True))
    assert Reminder.objects.get().user == asked.other_manager
    assert "Vælg mindst én enhed." in html(client.post(url(asked, "paamind"), {"one": "²"}, follow=True))


def test_nobody_reminds_beyond_their_reach_or_what_is_sent(asked, sign_in):
    fill_and_send(asked, asked.school, asked.manager)
    beyond = [report(asked, unit).pk for unit in (asked.house, asked.department, asked.school)]
    assert "Ingen blev påmindet" in html(
        sign_in(asked.head).post(url(asked, "paamind"), {"submission": beyond}, follow=True)
    )
    assert not Mail.objects.exists()


def test_a_unit_without_a_leader_to_remind_is_not_ticked(asked, sign_in):
    Membership.objects.filter(user=asked.manager).update(last_day=TODAY - timedelta(days=1))
    response = page(asked, sign_in, asked.head)
    rows = {row.submission.unit.name: row for area in response.context["areas"] for row in area.rows}
    assert [rows[name].can_be_reminded for name in ("Bakkeskolen", "Elmeskolen")] == [False, True]
    assert "Indberet selv" in html(response), "the head is the nearest leader"
    # The consultant may remind the head in the school's place. Without any address nobody can be.
    assert all(area.rows[0].can_be_reminded for area in page(asked, sign_in, asked.consultant).context["areas"])
    for person in (asked.head, asked.director):
        person.email = ""
        person.save()
    text = html(page(asked, sign_in, asked.consultant))
    assert "Kan ikke påmindes" in text and "Vælg en leder" in text


def test_an_area_that_is_all_in_says_so(asked, sign_in):
    owner = factories.user(Role.MANAGER, asked.house)
    take_up(fill_and_send(asked, asked.house, owner), by=asked.director, now=NOW)
    response = page(asked, sign_in, asked.consultant)
    assert units(response)["Center for Dagtilbud"] == []
    assert "1 af 1 enhed er inde" in html(response)


def test_nobody_missing(asked, sign_in):
    fill_and_send(asked, asked.school, asked.manager)
    fill_and_send(asked, asked.other_school, asked.other_manager)
    text = html(page(asked, sign_in, asked.head))
    assert "0 af 2 enheder mangler." in text and "Alle har sendt." in text and "Påmind de" not in text


@pytest.mark.xdist_group("query_counts")
@pytest.mark.parametrize("count", [2, 50, 120])
def test_the_same_few_queries_however_many_units(town, clock, sign_in, count):
    indicator = factories.indicator(town.authority)
    goal = factories.goal(town.department)
    schools = [factories.unit(town.department) for _ in range(count)]
    for school in schools:
        factories.series(indicator, school, goal)
        factories.user(Role.MANAGER, school)
    town.round = open_round(factories.round_(town.committee), by=town.consultant, now=NOW)
    for school in schools[: count // 2]:
        sender = Membership.objects.get(unit=school).user
        enter(school.series.get(), 7, by=sender)
        sent = submit(Submission.objects.get(unit=school), by=sender, now=NOW)
        if school != schools[0]:
            send_back(sent, reason="Se her", by=town.head, now=NOW)
    client = sign_in(town.head)
    client.get(url(town))
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url(town))
    assert len(captured) <= 15, [one["sql"][:100] for one in captured]
    assert SEEN.setdefault("missing", len(captured)) == len(captured)
    assert sum(len(area.rows) for area in response.context["areas"]) == min(count - 1, 50)


SEEN: dict[str, int] = {}

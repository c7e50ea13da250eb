"""Each number on a report's page leads to where it comes from: who, when, which file or units, what it was before."""

from datetime import timedelta
from decimal import Decimal

import pytest
from lxml import html as markup

from followup.actions.measurements import CellValue, correct_value
from followup.actions.standings import refresh_after_values
from followup.models import ImportBatch, Measurement, Revision, RoundState, Submission
from goals.models import GoalSeries
from goals.periods import parse_period
from organisation.permissions import Role
from reports.actions.publishing import approve_report, freeze_report
from reports.content import report_content
from reports.editions import edition_in_force
from reports.frozen import frozen
from reports.subject import ordinary
from tests import factories
from tests.followup.flow import html
from tests.reports.conftest import measured_goal

NOW = factories.NOW
LATER = NOW + timedelta(days=3)


def series_of(goal):
    return goal.goal_series.get().series


def value_of(goal, period="2026K2") -> Measurement:
    return Measurement.objects.get(series=series_of(goal), period=period)


def address(it, value: Measurement) -> str:
    return f"/rapporter/{it.round.pk}/tal/{value.series_id}/{value.period}/"


def told(client, it, value) -> dict[str, str]:
    """The facts of the page by their names."""
    response = client.get(address(it, value))
    assert response.status_code == 200
    page = markup.fromstring(html(response))
    rows = page.xpath('//table[contains(@class, "r-facts-table")]//tr')
    return {words(row.xpath("./th")[0]): words(row.xpath("./td")[0]) for row in rows}


def words(element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def publish(it, now=NOW):
    approve_report(ordinary(it.round), version=ordinary(it.round).report.version, by=it.town.director, now=now)
    text = frozen(report_content(ordinary(it.round), now=now))
    version = ordinary(it.round).report.version
    return freeze_report(ordinary(it.round), text, {}, version=version, by=it.town.director, now=now)


def correct(value, number, *, by, now=LATER):
    cell = CellValue(value.series, parse_period(value.period), version=value.version, value=Decimal(number))
    correct_value(cell, reason="To klasser var talt med to gange", by=by, now=now)


# ---- what the page tells ---------------------------------------------------------------------------------------------


def test_who_entered_and_approved_it_and_in_which_report(reported, sign_in):
    town, value = reported.town, value_of(reported.better)
    value.approved_in = Submission.objects.get()
    value.save()
    # The factory enters 30 days and approves 20 days before 10 August.
    assert told(sign_in(town.politician), reported, value) == {
        "Indberettet": f"af {town.manager}, 11. juli 2026",
        "Godkendt": f"af {town.head}, 21. juli 2026 i indberetningen fra Bakkeskolen til Børne- og Skoleudvalget, "
        "2. kvartal 2026",
    }
    page = html(sign_in(town.politician).get(address(reported, value)))
    assert "76,0 pct." in page and "Elevernes egne svar" in page and "Mål 1. Flere trives" in page
    assert "Tallet er opdigtet" not in page and "m-corrected" not in page


def test_which_file_and_line(reported, sign_in):
    town, value = reported.town, value_of(reported.better)
    value.batch = ImportBatch.objects.create(
        authority=town.authority, at=value.entered_at, by=town.manager, filename="trivsel.csv", sha256="0" * 64
    )
    value.batch_line = 17
    value.save()
    facts = told(sign_in(town.reader), reported, value)
    assert facts["Indlæst fra"] == "trivsel.csv, linje 17 (11. juli 2026)"
    correct(value, "77", by=town.director)
    facts = told(sign_in(town.reader), reported, value)
    assert "Indlæst fra" not in facts
    assert facts["Først indlæst fra"] == "trivsel.csv, linje 17 (11. juli 2026). Tallet er ændret siden."


def test_numerator_and_denominator(reported, sign_in):
    series = series_of(reported.missing)
    value = factories.measurement(series, "2026K2", 76, numerator=Decimal(1140), denominator=Decimal(1500))
    assert told(sign_in(reported.town.reader), reported, value)["Tæller og nævner"] == "1.140 af 1.500"


def test_example_data_says_so(reported, sign_in):
    value = value_of(reported.better)
    value.is_example = True
    value.save()
    assert "Tallet er opdigtet" in html(sign_in(reported.town.reader).get(address(reported, value)))


@pytest.fixture
def added(town):
    """A goal whose number is made of two schools' and lacks a third's; the report prints the first school's too."""
    indicator = factories.indicator(town.authority, unit_rollup="sum")
    goal = factories.goal(town.committee, rank=1, title="Flere cykler")
    top = factories.series(indicator, town.directorate, goal, is_rolled_up=True)
    first = factories.series(indicator, town.school)
    GoalSeries.objects.create(goal=factories.goal(town.committee, rank=2), series=first)
    second = factories.series(indicator, town.other_school)
    third_school = factories.unit(town.department, name="Tredje skole")
    third = factories.series(indicator, third_school)
    for one, number in ((first, 30), (second, 12)):
        factories.measurement(one, "2026K2", number)
    refresh_after_values([(one.pk, parse_period("2026K2").last) for one in (first, second)], now=NOW)
    town.round = factories.round_(town.committee, state=RoundState.READY)
    town.first, town.second, town.third = first, second, third
    town.town, town.whole = town, Measurement.objects.get(series=top)
    return town


def test_which_units_a_roll_up_is_made_of(added, sign_in):
    client = sign_in(added.reader)
    assert told(client, added, added.whole)["Beregnet"].startswith("af 2 af 3 enheders tal")
    page = markup.fromstring(html(client.get(address(added, added.whole))))
    lines = page.xpath('//section[@aria-labelledby="enhederne"]//tbody/tr')
    units = {line.xpath("./th")[0].text_content(): line.xpath("./td")[0].text_content() for line in lines}
    assert units == {added.school.name: "30,0", added.other_school.name: "12,0", "Tredje skole": "–"}
    links = {line.xpath("./th/a/text()")[0]: line.xpath("./th/a/@href")[0] for line in lines}
    assert links == {
        added.school.name: f"/rapporter/{added.round.pk}/tal/{added.first.pk}/2026K2/",
        added.other_school.name: f"/serier/{added.second.pk}/",
        "Tredje skole": f"/serier/{added.third.pk}/",
    }
    assert all(client.get(link).status_code == 200 for link in links.values())


def test_every_earlier_value(reported, sign_in):
    value = value_of(reported.better)
    correct(value, "77.5", by=reported.town.director)
    page = markup.fromstring(html(sign_in(reported.town.politician).get(address(reported, value))))
    (change,) = page.xpath('//ol[@class="m-history"]/li')
    told_of = "13-08-2026 Rettet fra 76,0 til 77,5 ”To klasser var talt med to gange”"
    assert words(change) == f"{told_of} {reported.town.director}"


def test_changes_of_a_draft_are_for_those_who_see_drafts(reported, sign_in):
    value = value_of(reported.better)
    Revision.objects.create(
        measurement=value,
        at=NOW - timedelta(days=25),
        by=reported.town.manager,
        old_value=Decimal(61),
        new_value=value.value,
    )
    pages = {
        who: html(sign_in(getattr(reported.town, who)).get(address(reported, value)))
        for who in ("manager", "politician")
    }
    assert "<del>61,0</del>" in pages["manager"]
    assert "61,0" not in pages["politician"] and "Tidligere tal" not in pages["politician"]


# ---- a published report ----------------------------------------------------------------------------------------------


def test_a_number_that_is_another_after_publishing_is_told_as_both(reported, sign_in):
    value, town = value_of(reported.better), reported.town
    publish(reported)
    client = sign_in(town.politician)
    assert "Tallet er et andet i dag" not in html(client.get(address(reported, value)))
    correct(value, "77.5", by=town.director)
    report = markup.fromstring(html(client.get(f"/rapporter/{reported.round.pk}/")))
    assert report.xpath('//section[@aria-labelledby="rettet"]//a[@class="r-number"]/@href') == [
        address(reported, value)
    ]
    page = markup.fromstring(html(client.get(address(reported, value))))
    figures = {
        one.xpath("./dt")[0].text: one.xpath("./dd")[0].text.strip() for one in page.xpath('//dl[@class="m-figs"]/div')
    }
    assert figures == {"I rapporten": "76,0 pct.", "Nu": "77,5 pct."}
    assert "Rapporten er offentliggjort 10. august 2026 og ændres ikke" in page.text_content()
    facts = told(client, reported, value)
    assert facts["Indberettet dengang"] == f"{town.manager}, 11-07-2026"
    assert facts["Indberettet"] == f"af {town.director}, 13. august 2026"
    assert edition_in_force(ordinary(reported.round)).sha256 in page.text_content()


def test_a_published_number_that_is_no_more(reported, sign_in):
    value = value_of(reported.better)
    publish(reported)
    Measurement.objects.filter(pk=value.pk).delete()
    page = html(sign_in(reported.town.politician).get(address(reported, value)))
    assert "76,0 pct." in page and "Tallet findes ikke mere" in page


# ---- where it is, and for whom ---------------------------------------------------------------------------------------


def test_what_the_report_does_not_print_is_not_there(reported, sign_in):
    town = reported.town
    elsewhere = factories.series(factories.indicator(town.authority), town.school)
    factories.measurement(elsewhere, "2026K2", 5)
    later = factories.measurement(series_of(reported.better), "2026K3", 79)
    skipped = factories.measurement(series_of(reported.missing), "2026K2", missing="not_reported")
    client = sign_in(town.reader)
    for series, period in (
        (elsewhere.pk, "2026K2"),
        (later.series_id, "2026K3"),
        (skipped.series_id, "2026K2"),
        (later.series_id, "2026K9"),
        (later.series_id, "x/y"),
        (later.series_id, "2026k2"),
    ):
        assert client.get(f"/rapporter/{reported.round.pk}/tal/{series}/{period}/").status_code == 404


def test_permission_is_the_reports(reported, sign_in):
    value = value_of(reported.better)
    stranger = factories.municipality()
    reported.round.state = RoundState.OPEN  # until it is ready for the meeting, the committee's own
    reported.round.meeting_date = factories.date.today() + timedelta(days=30)
    reported.round.save()
    elsewhere = factories.user(Role.POLITICIAN, reported.town.other_committee)
    assert sign_in(reported.town.politician).get(address(reported, value)).status_code == 200
    assert sign_in(elsewhere).get(address(reported, value)).status_code == 403
    assert sign_in(stranger.consultant).get(address(reported, value)).status_code == 404


def test_a_period_with_a_slash_has_an_address(town, sign_in):
    goal = factories.goal(town.committee, rank=1)
    series = factories.series(factories.indicator(town.authority, frequency="school_year"), town.school, goal)
    value = factories.measurement(series, "2024/2025", 5)
    town.round = factories.round_(town.committee, state=RoundState.READY)
    client = sign_in(town.reader)
    assert f'href="{address(town, value)}"' in html(client.get(f"/rapporter/{town.round.pk}/"))
    assert client.get(address(town, value)).status_code == 200


# ---- the way there ---------------------------------------------------------------------------------------------------


def number_links(page: str, goal) -> dict[str, set[str]]:
    """The links round numbers in the goal's section, by the table they are in."""
    section = markup.fromstring(page).xpath(f'//section[@id="maal-{goal.pk}"]')[0]
    return {
        table: set(section.xpath(f'.//table[contains(@class, "{table}")]//a[@class="r-number"]/@href'))
        for table in ("r-indicators", "r-values")
    }


def test_numbers_on_the_page_lead_there(reported, sign_in):
    page = html(sign_in(reported.town.reader).get(f"/rapporter/{reported.round.pk}/"))
    links = number_links(page, reported.better)
    periods = ("2025K2", "2025K3", "2025K4", "2026K1", "2026K2")
    assert links["r-values"] == {address(reported, value_of(reported.better, period)) for period in periods}
    # The baseline is the stored value of 2025K2, `Nu` that of 2026K2.
    assert links["r-indicators"] == {
        address(reported, value_of(reported.better, period)) for period in ("2025K2", "2026K2")
    }
    assert 'aria-label="76,0: hvor kommer tallet fra?">76,0</a>' in page
    assert "–: hvor" not in page


def test_a_baseline_that_is_not_the_stored_value_leads_nowhere(reported, sign_in):
    factories.correction(value_of(reported.better, "2025K2"), 69)
    page = html(sign_in(reported.town.reader).get(f"/rapporter/{reported.round.pk}/"))
    assert number_links(page, reported.better)["r-indicators"] == {address(reported, value_of(reported.better))}


def test_what_is_read_offline_leads_nowhere(reported, sign_in):
    publish(reported)
    client = sign_in(reported.town.reader)
    assert "r-number" in html(client.get(f"/rapporter/{reported.round.pk}/"))
    assert "r-number" not in html(client.get(f"/laes/{reported.round.pk}/"))


def test_queries_do_not_grow(town, sign_in, django_assert_max_num_queries):
    def asked(units: int) -> int:
        indicator = factories.indicator(town.authority, unit_rollup="sum")
        goal = measured_goal(town, 1, [1])
        top = factories.series(indicator, town.directorate, goal, is_rolled_up=True)
        for _unit in range(units):
            one = factories.series(indicator, factories.unit(town.department))
            factories.measurement(one, "2026K2", 3)
            refresh_after_values([(one.pk, parse_period("2026K2").last)], now=NOW)
        whole = Measurement.objects.get(series=top)
        for day in range(units):
            Revision.objects.create(measurement=whole, at=NOW + timedelta(days=day), was_approved=True, new_value=3)
        round_ = factories.round_(factories.unit(town.council, "committee"), state=RoundState.READY)
        goal.owner_unit = round_.body
        goal.save()
        client = sign_in(town.consultant)
        url = f"/rapporter/{round_.pk}/tal/{top.pk}/2026K2/"
        client.get(url)
        with django_assert_max_num_queries(60) as context:
            assert client.get(url).status_code == 200
        return len(context)

    assert asked(2) == asked(12)

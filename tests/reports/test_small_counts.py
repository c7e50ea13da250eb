"""No published report tells a count that is too small to be told, nor one that such a count follows from: neither its
frozen content nor any of its files."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from citizens.actions.measures import write_measures
from citizens.kinds import MeasureKind
from followup.models import Assessment, RoundState
from goals.models import GoalSeries
from organisation.models import Portal, PortalDepth
from reports.actions.publishing import approve_report, publish_report, write_report
from reports.content import report_content
from reports.files import KINDS
from reports.frozen import frozen
from reports.subject import ordinary
from tests import factories
from tests.citizens import making

NOW = factories.NOW
# What is secret, and the smallest other of the sum, without which the secret one would be what is left.
SECRET, COVER, SHOWN, TOTAL = Decimal("3"), Decimal("17"), Decimal("40"), Decimal("60")


@pytest.fixture
def it(town):
    """A goal of the committee that counts pupils in three schools, and their sum."""
    town.authority.is_portal_open = True
    town.authority.save()
    town.portal = Portal.objects.create(authority=town.authority, depth=PortalDepth.ALL)
    town.goal = factories.goal(town.committee, title="Færre elever uden skole", short_name="Uden skole")
    count = factories.indicator(
        town.authority, name="Elever uden skole", unit_of_measure="elever", unit_rollup="sum", decimals=3,
        direction="lower",
    )  # fmt: skip
    third = factories.unit(town.department, name="Åskolen")
    town.schools = {}
    for unit, value in ((town.school, SECRET), (town.other_school, COVER), (third, SHOWN)):
        one = factories.series(count, unit, town.goal, baseline_period="2025K2", baseline_value=value - 1, tolerance=1)
        factories.target(one, "2027K2", 5)
        factories.measurement(one, "2026K1", value + 20)
        factories.measurement(one, "2026K2", value)
        town.schools[unit] = one
    town.total = factories.series(count, town.department, town.goal, is_rolled_up=True)
    factories.measurement(town.total, "2026K2", TOTAL, parts_present=3, parts_expected=3)
    town.round = factories.round_(town.committee, state=RoundState.READY)
    Assessment.objects.create(
        round=town.round, goal=town.goal, what_happened="Flere er kommet i skole.", written_by=town.head,
        written_at=NOW,
    )  # fmt: skip
    return town


def published(it):
    def version() -> int:
        return ordinary(it.round).report.version

    write_report(ordinary(it.round), highlights="", recommendation="Til orientering", version=version(),
                 by=it.consultant, now=NOW)  # fmt: skip
    approve_report(ordinary(it.round), version=version(), by=it.director, now=NOW)
    return publish_report(ordinary(it.round), version=version(), by=it.director, now=NOW)


def told_in(kind: str, data: bytes) -> str:
    """All that the file says, its numbers as people or programs would write them."""
    match kind:
        case "pdf":
            reader = PdfReader(io.BytesIO(data))
            pages = [page.extract_text() for page in reader.pages]
            inside = [data.decode("utf-8-sig") for files in reader.attachments.values() for data in files]
            return "\n".join([*pages, *inside])
        case "xlsx":
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
            return "\n".join(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for row in rows for cell in row)
        case "docx":
            book = zipfile.ZipFile(io.BytesIO(data))
            return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    return data.decode("utf-8-sig")


def written(number: Decimal) -> tuple[str, str]:
    return f"{number:.3f}".replace(".", ","), f"{number:.3f}"


def says(text: str, number: Decimal) -> bool:
    """Whether the number stands there, and not as the end of a larger one."""
    return any(f"{before}{form}" in text for form in written(number) for before in (" ", "\n", ">", ";", '"', "\xa0"))


@pytest.mark.paper
@pytest.mark.parametrize("depth", PortalDepth.values)
def test_nothing_that_is_published_tells_a_small_count(it, depth):
    Portal.objects.update(depth=depth)
    edition = published(it)
    texts = {"json": edition.content.replace("00000", "")}
    for file in edition.files.all():
        texts[file.kind] = told_in(file.kind, bytes(file.data))
    assert set(texts) == {*KINDS, "json"}
    for kind, text in texts.items():
        assert says(text, TOTAL), kind
        assert says(text, SHOWN), kind
        for number in (SECRET, COVER, SECRET - 1):
            assert not says(text, number), (kind, number)


def test_everybody_gets_the_file_without_it(it):
    edition = published(it)
    file = edition.files.get(kind="csv")
    [address] = [
        part for part in Client().get("/aabne-maal/rapporter/").content.decode().split('"') if part.endswith("/csv/")
    ]
    answer = Client().get(address)
    assert answer.content == bytes(file.data)
    assert "skjult af hensyn til personer" in told_in("csv", answer.content)


def test_the_light_comes_from_what_is_told(it):
    GoalSeries.objects.exclude(series=it.schools[it.school]).delete()
    [section] = report_content(ordinary(it.round), now=NOW).sections
    assert section.light == "nodata"
    assert section.lead.figure.value == "–"


@pytest.mark.parametrize(("counts", "is_told"), [((1, 1, 0, 0, 3), False), ((4, 6, 0, 6, 4), True)])
def test_what_a_survey_measures_is_told_as_on_its_own_page(it, counts, is_told):
    """Five answers are too few for anything; of twenty the share is told."""
    survey = making.survey(it.school, goal=it.goal)
    making.four(making.questionnaire(survey))
    made = factories.indicator(it.authority, name="Vurderingen", decimals=3, value_kind="ratio", interval="share")
    series = factories.series(made, it.school, it.goal)
    making.measures(survey, series, "goal", kind=MeasureKind.SHARE, share_options=["4", "5"])
    making.answers(survey, making.spread("goal", *counts))
    write_measures(survey, by=it.manager, now=NOW)
    content = report_content(ordinary(it.round), now=NOW)
    [row] = [row for section in content.sections for row in section.rows if row.figure.series_id == series.pk]
    assert [value.value for value in row.numbers.values] == ([Decimal(50)] if is_told else [None])
    assert "20 har svaret" not in frozen(content)  # the survey is not answered yet: nothing of it is told
    [said] = content.citizens
    assert said.assessed == ()


def test_a_survey_share_with_few_others_is_hidden(it):
    """17 of 20: the three others are few."""
    survey = making.survey(it.school, goal=it.goal)
    making.four(making.questionnaire(survey))
    made = factories.indicator(it.authority, name="Vurderingen", decimals=3, value_kind="ratio", interval="share")
    series = factories.series(made, it.school, it.goal)
    making.measures(survey, series, "goal", kind=MeasureKind.SHARE, share_options=["4", "5"])
    making.answers(survey, making.spread("goal", 1, 1, 1, 9, 8))
    write_measures(survey, by=it.manager, now=NOW)
    content = report_content(ordinary(it.round), now=NOW)
    [row] = [row for section in content.sections for row in section.rows if row.figure.series_id == series.pk]
    assert [value.value for value in row.numbers.values] == [None]
    assert "85,000" not in frozen(content)


def test_a_light_before_is_judged_by_the_number_it_began_with(it):
    """Halfway from a hidden 2 to a target of 10, six is what was expected: no change since the last meeting."""
    GoalSeries.objects.all().delete()
    made = factories.indicator(it.authority, name="Elever i forløb", unit_of_measure="elever", decimals=0)
    series = factories.series(made, it.school, it.goal, baseline_period="2025K1", baseline_value=2, tolerance=1)
    factories.target(series, "2027K1", 10)
    factories.measurement(series, "2026K1", 6)
    factories.measurement(series, "2026K2", 8)
    factories.round_(
        it.committee, "2026K1", opens=date(2026, 4, 1), entry_deadline=date(2026, 5, 8),
        approval_deadline=date(2026, 5, 15), meeting_date=date(2026, 5, 27), state=RoundState.CLOSED,
    )  # fmt: skip
    content = report_content(ordinary(it.round), now=NOW)
    assert [shift.kind for shift in content.shifts if shift.name == it.goal.short_name] == []
    [row] = content.sections[0].rows
    assert (row.baseline, row.numbers.baseline) == ("–", None)

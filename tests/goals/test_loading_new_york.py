"""The New York report, loaded by the loader any authority uses. Counts are those of the data set's own description."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from followup.models import Measurement
from followup.standing import standings_of
from goals.loading_new_york import decimals_of, load_new_york, measure_of, read_report, unit_code, values_of
from goals.models import Goal, GoalSeries, Indicator, Series, Target
from goals.periods import parse_period
from organisation.models import HistoryEntry, Unit, UnitKind
from tests.factories import NOW, TODAY

NAME = "us-nyc-mmr/nyc_mmr_indicators_shared_agencies.csv"
CUT = Path(__file__).parent.parent / "data" / NAME
WHOLE = Path(settings.BASE_DIR).parent / "shared" / "data" / NAME
needs_whole = pytest.mark.skipif(not WHOLE.exists(), reason="the whole report is not here")


def plain(path: Path) -> list[dict[str, str]]:
    """The file read without our reader."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def load(path: Path):
    return load_new_york(read_report(path.read_bytes(), path.name), by=None, now=NOW)


def test_the_report_becomes_units_goals_and_indicators(db):
    rows = plain(CUT)
    loaded = load(CUT)
    assert loaded.rejected == []
    agencies = {row["Agency.Full.Name.y"] for row in rows}
    services = {(row["Agency.Full.Name.y"], row["Service"]) for row in rows}
    goals = {(row["Agency.Full.Name.y"], row["Service"], row["Goal"]) for row in rows}
    assert Unit.objects.filter(kind=UnitKind.DEPARTMENT).count() == len(agencies)
    assert Unit.objects.filter(kind=UnitKind.TEAM, parent__kind=UnitKind.DEPARTMENT).count() == len(services)
    assert Goal.objects.adopted().count() == len(goals)
    assert Indicator.objects.count() == Series.objects.count() == len(rows)
    assert Target.objects.count() == sum(row["Target.MMR"] != "NA" for row in rows)
    assert GoalSeries.objects.filter(is_prioritised=True).count() == sum(row["Critical"] == "Yes" for row in rows)


def test_one_row_is_stored_as_it_stands(db):
    load(CUT)
    row = next(row for row in plain(CUT) if row["ID"] == "924")
    series = Series.objects.select_related("indicator", "unit__parent").get(indicator__code="924")
    assert series.indicator.direction == "lower"
    assert (series.indicator.unit_of_measure, series.indicator.decimals) == ("timer", 2)
    assert (series.unit.name, series.unit.parent.name) == (row["Service"], row["Agency.Full.Name.y"])
    assert series.targets.get().value == Decimal(row["Target.MMR"])
    assert series.goal_series.get().goal.title == row["Goal"]
    assert series.unit.code == unit_code(row)


def test_twice_changes_nothing(db):
    load(CUT)
    entries = HistoryEntry.objects.count()
    again = load(CUT)
    assert not again.created
    assert not again.updated
    assert HistoryEntry.objects.count() == entries


def test_values_are_given_year_by_year(db):
    rows = read_report(CUT.read_bytes(), CUT.name)
    values = list(values_of(rows))
    assert len(values) == 8 * len(rows)
    expected = sum(row[str(year)] != "NA" for row in plain(CUT) for year in range(2016, 2024))
    assert sum(text != "NA" for *_, text in values) == expected
    row = next(row for row in rows if row["ID"] == "924")
    assert ("924", unit_code(row), "2023", "5.95") in values


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Hydrants (%)", "pct."),
        ("Revenue ($000,000)", "mio. USD"),
        ("Average days to close", "dage"),
        ("Incidents", "antal"),
    ],
)
def test_the_name_tells_the_unit_of_measure(name, unit):
    assert measure_of(name) == unit


@pytest.mark.parametrize(
    ("text", "decimals"), [("12", 2), ("4.5", 2), ("58.1234", 4), ("0.123456789012", 8), ("NA", 2)]
)
def test_decimals_are_the_most_in_the_data(text, decimals):
    row = dict.fromkeys([*map(str, range(2016, 2024)), "Target.MMR"], "NA") | {"2023": text}
    assert decimals_of(row) == decimals


def test_the_command_says_what_it_did(db, capsys):
    call_command("load_new_york", str(CUT))
    assert f"Indikatorer: {len(plain(CUT))} nye" in capsys.readouterr().out


def test_another_file_is_refused(db, tmp_path):
    path = tmp_path / "andet.csv"
    path.write_text("ID,Goal\n1,Mål\n")
    with pytest.raises(CommandError, match="Agency"):
        call_command("load_new_york", str(path))


def test_a_dry_run_leaves_no_authority(db):
    call_command("load_new_york", str(CUT), dry_run=True)
    assert not Unit.objects.exists()


@needs_whole
def test_the_whole_report_has_the_counts_it_is_described_with(db):
    assert load(WHOLE).rejected == []
    assert Unit.objects.filter(kind=UnitKind.DEPARTMENT).count() == 21
    assert Unit.objects.filter(kind=UnitKind.TEAM).values("name").distinct().order_by().count() == 55
    assert Goal.objects.values("title").distinct().order_by().count() == 93
    assert Indicator.objects.count() == 544
    assert Indicator.objects.filter(direction="higher").count() == 390
    assert Indicator.objects.filter(direction="lower").count() == 154
    assert GoalSeries.objects.filter(is_prioritised=True).count() == 125
    assert Target.objects.count() == 147
    assert sum(text != "NA" for *_, text in values_of(plain(WHOLE))) == 4017


@needs_whole
def test_our_lights_agree_with_the_comptrollers_verdicts(db):
    load(WHOLE)
    series = {one.indicator.code: one for one in Series.objects.select_related("indicator")}
    period = parse_period("2023")
    Measurement.objects.bulk_create(
        Measurement(
            authority_id=series[code].authority_id,
            series=series[code],
            period=period.code,
            period_end=period.last,
            value=Decimal(text),
            entered_at=NOW,
            approved_at=NOW,
        )
        for code, _unit, year, text in values_of(plain(WHOLE))
        if year == period.code and text != "NA"
    )
    standings = standings_of(list(series.values()), until=TODAY, today=TODAY)
    verdicts = {row["ID"]: row["Success"] for row in plain(WHOLE) if row["Success"] != "NA"}
    ours = {code: standings[series[code].pk].light == "reached" for code in verdicts}
    assert len(verdicts) == 147
    assert {code: "Met_Goal" if met else "Did_Not_Meet" for code, met in ours.items()} == verdicts

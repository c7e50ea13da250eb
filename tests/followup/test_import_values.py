"""`manage.py import_values`: the counts it prints, its exit codes, and what it stores or leaves alone."""

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from followup.models import GoalStanding, ImportBatch, Measurement, Revision
from followup.value_files import Known, Mapping
from tests import factories
from tests.followup.flow import stored

DATA = Path(__file__).parents[1] / "data"
HEADER = "enhed;indikator;periode;værdi"


@pytest.fixture
def register(town, tmp_path):
    """The town with two indicators at both schools; `register.load(rows)` imports them as a file."""
    town.sick = factories.indicator(town.authority, code="SYG", name="Sygefravær", direction="lower")
    town.share = factories.indicator(
        town.authority, code="TRIV", name="Trivsel", value_kind="ratio", unit_rollup="ratio"
    )
    town.goal = factories.goal(town.school)
    town.number = factories.series(town.sick, town.school, town.goal)
    town.other = factories.series(town.sick, town.other_school)
    town.pair = factories.series(town.share, town.school)
    town.above = factories.series(town.share, town.department, is_rolled_up=True)
    factories.target(town.number, "2026K4", 6)

    def load(*rows: str, header: str = HEADER, **options):
        path = tmp_path / "tal.csv"
        path.write_text("\r\n".join([header, *rows, ""]), encoding="utf-8")
        return run(path, town.authority.code, **options)

    town.load = load
    return town


def run(path: Path, code: str, **options) -> tuple[int, dict[str, object]]:
    """The exit code and the JSON of the command."""
    out = io.StringIO()
    try:
        call_command("import_values", str(path), authority=code, json=True, stdout=out, **options)
    except SystemExit as stop:
        return int(stop.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def fails(path: Path, code: str, **options) -> CommandError:
    with pytest.raises(CommandError) as error:
        call_command("import_values", str(path), authority=code, json=True, stdout=io.StringIO(), **options)
    return error.value


# ---- the contract ----------------------------------------------------------------------------------------------------


def test_the_answer_has_exactly_the_fields_agreed(register):
    code, answer = register.load("Bakkeskolen;Sygefravær;2026K1;8,3", "Elmeskolen;SYG;2026K1;*")
    assert (code, answer) == (
        0,
        {"read": 2, "created": 2, "updated": 0, "unchanged": 0, "missing": 1, "rejected": []},
    )
    value = stored(register.number, "2026K1")
    assert (value.value, value.is_approved, value.batch_line) == (Decimal("8.3"), True, 2)
    assert (stored(register.other, "2026K1").value, stored(register.other, "2026K1").missing) == (None, "withheld")


def test_the_same_file_twice_changes_nothing(register):
    rows = ["Bakkeskolen;SYG;2026K1;8,123456789123", "Bakkeskolen;SYG;2026K2;0", "Elmeskolen;SYG;2026K1;.."]
    register.load(*rows)
    before = list(Measurement.objects.order_by("pk").values())
    code, answer = register.load(*rows)
    assert (code, answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 0, 3)
    assert list(Measurement.objects.order_by("pk").values()) == before
    assert not Revision.objects.exists()


def test_zero_is_a_value_and_a_blank_is_not(register):
    register.load("Bakkeskolen;SYG;2026K1;0", "Bakkeskolen;SYG;2026K2;")
    assert stored(register.number, "2026K1").value == 0
    assert (stored(register.number).value, stored(register.number).missing) == (None, "not_reported")


def test_a_refused_line_stops_the_whole_file(register):
    code, answer = register.load("Bakkeskolen;SYG;2026K1;8,3", "Bakkeskolen;SYG;2026K2;ca. 9")
    assert code == 1
    assert answer["rejected"] == [
        {"line": 3, "column": "værdi", "text": "ca. 9", "reason": "”ca. 9” er ikke et tal. Skriv fx 12,5."}
    ]
    assert not Measurement.objects.exists()
    assert not ImportBatch.objects.exists()


def test_partial_stores_what_can_be(register):
    code, answer = register.load("Bakkeskolen;SYG;2026K1;8,3", "Bakkeskolen;SYG;2026K2;ca. 9", partial=True)
    assert (code, answer["created"], len(answer["rejected"])) == (1, 1, 1)
    assert stored(register.number, "2026K1").value == Decimal("8.3")
    batch = ImportBatch.objects.get()
    assert (batch.created, batch.rejected, batch.filename) == (1, 1, "tal.csv")


def test_a_dry_run_counts_and_stores_nothing(register):
    factories.measurement(register.number, "2026K1", 8)
    rows = ["Bakkeskolen;SYG;2026K1;9", "Bakkeskolen;SYG;2026K2;8", "Elmeskolen;SYG;2026K1;7"]
    code, answer = register.load(*rows, dry_run=True)
    assert (code, answer["created"], answer["updated"], answer["unchanged"]) == (0, 2, 1, 0)
    assert Measurement.objects.get().value == 8
    assert not ImportBatch.objects.exists()
    assert register.load(*rows)[1] == answer


def test_what_is_changed_keeps_what_was_there(register):
    factories.measurement(register.number, "2026K1", 8)
    _code, answer = register.load("Bakkeskolen;SYG;2026K1;9,5")
    assert answer["updated"] == 1
    kept = Revision.objects.get()
    assert (kept.old_value, kept.new_value, kept.was_approved, kept.by, kept.reason) == (
        8,
        Decimal("9.5"),
        True,
        None,
        "tal.csv",
    )
    assert stored(register.number, "2026K1").version == 2


def test_a_time_from_a_file_is_found_by_that_time(register):
    register.load("BAK;SYG;2026K1;7,5".replace("BAK", register.school.code))
    row = stored(register.number, "2026K1")
    assert Measurement.objects.filter(pk=row.pk, entered_at=row.entered_at, approved_at=row.entered_at).exists()


def test_lights_follow_the_file(register):
    register.load("Bakkeskolen;SYG;2026K1;5")
    assert GoalStanding.objects.get(goal=register.goal).light == "reached"
    register.load("Bakkeskolen;SYG;2026K1;50")
    assert GoalStanding.objects.get(goal=register.goal).light == "offtrack"


def test_a_pair_is_stored_whole_and_rolled_up(register):
    header = "enhed;indikator;periode;tæller;nævner"
    code, answer = register.load("Bakkeskolen;TRIV;2026K2;463;562", header=header)
    assert (code, answer["read"], answer["created"]) == (0, 1, 1)
    value = stored(register.pair)
    assert (value.numerator, value.denominator, round(value.value, 2)) == (463, 562, Decimal("82.38"))
    assert stored(register.above).denominator == 562


def test_rows_of_several_units_and_indicators_may_stand_in_any_order(register):
    days = factories.series(factories.indicator(register.authority, code="DAGE", name="Dage"), register.school)
    code, answer = register.load(
        "Bakkeskolen;2026K1;1;10",
        "Bakkeskolen;2026K2;2;20",
        "Elmeskolen;2026K1;3;30",
        "Bakkeskolen;2026K3;4;40",
        header="enhed;periode;SYG;DAGE",
        partial=True,
    )
    assert (code, answer["created"], [refused["line"] for refused in answer["rejected"]]) == (1, 7, [4])
    for series, numbers in ((register.number, [1, 2, 4]), (days, [10, 20, 40]), (register.other, [3])):
        assert list(series.measurements.order_by("period_end").values_list("value", flat=True)) == numbers


# ---- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("Bakkskolen;SYG;2026K1;8", "enhed", "Vi kender ikke enheden ”Bakkskolen”. Mener du Bakkeskolen"),
        ("Bakkeskolen;Sygefraver;2026K1;8", "indikator", "Mener du Sygefravær?"),
        ("Bakkeskolen;SYG;2026M07;8", "værdi", "”2026M07” passer ikke"),
        ("Bakkeskolen;SYG;2026;8", "værdi", "”2026” passer ikke"),
        ("Bakkeskolen;SYG;sommer 26;8", "periode", "Vi kan ikke læse perioden ”sommer 26”"),
        ("Bakkeskolen;SYG;;8", "", "periode"),
        ("Center for Skole;SYG;2026K1;8", "indikator", "har ikke indikatoren Sygefravær"),
        ("Center for Skole;TRIV;2026K1;8", "indikator", "beregnes af enhederne under"),
        ("Bakkeskolen;TRIV;2026K1;8", "værdi", "skal have tæller og nævner"),
        ("Bakkeskolen;SYG;2026K1;1000000000000000", "værdi", "Tallet er for stort"),
    ],
)
def test_a_line_is_refused_with_a_reason(register, row, column, words):
    # A good line shows the reader what the columns are.
    code, answer = register.load("Elmeskolen;Sygefravær;2026K2;1", row)
    assert code == 1
    [refused] = answer["rejected"]
    assert refused["line"] == 3
    assert words in refused["reason"]
    assert not column or refused["column"] == column
    assert not Measurement.objects.exists()


def test_two_spans_that_end_alike_cannot_both_be_stored(register):
    spans = factories.indicator(register.authority, code="SPAN", name="Over flere år", frequency="span")
    factories.series(spans, register.school)
    code, answer = register.load("Bakkeskolen;SPAN;2020:2024;1", "Bakkeskolen;SPAN;2022:2024;2")
    assert (code, answer["created"]) == (1, 1)
    [refused] = answer["rejected"]
    assert (refused["line"], "linje 2" in refused["reason"]) == (3, True)


def test_the_same_value_twice_is_refused_naming_the_first(register):
    code, answer = register.load("Bakkeskolen;SYG;2026K1;8", "BAKKESKOLEN;sygefravær;2026Q1;9")
    assert code == 1
    [refused] = answer["rejected"]
    assert (refused["line"], "linje 2" in refused["reason"]) == (3, True)


def test_a_series_that_has_ended_takes_no_later_value(register):
    register.number.last_day = date(2026, 3, 31)
    register.number.save()
    code, answer = register.load("Bakkeskolen;SYG;2026K1;8", "Bakkeskolen;SYG;2026K2;8")
    assert code == 1
    assert "til og med 31. marts 2026" in answer["rejected"][0]["reason"].replace("\u00a0", " ")


@pytest.mark.parametrize("row", ["Bakkeskolen;TRIV;2026K2;463;0", "Bakkeskolen;TRIV;2026K2;463;ca. 9"])
def test_a_pair_that_gives_no_share_is_refused(register, row):
    header = "enhed;indikator;periode;tæller;nævner"
    good = [f"Bakkeskolen;TRIV;2025K{quarter};1;2" for quarter in (2, 3, 4)]
    code, answer = register.load(*good, row, header=header)
    assert code == 1
    assert [refused["line"] for refused in answer["rejected"]] == [5]


def test_a_table_without_numbers_is_no_table_of_values(register):
    with pytest.raises(CommandError) as error:
        register.load("Bakkeskolen;SYG;2026K1;1;x", header="enhed;indikator;periode;tæller;nævner")
    assert error.value.returncode == 2


@pytest.mark.parametrize("pair", ["463;", ";562", "*;*"])
def test_half_a_pair_is_missing(register, pair):
    row = f"Bakkeskolen;TRIV;2026K2;{pair}"
    header = "enhed;indikator;periode;tæller;nævner"
    code, answer = register.load("Bakkeskolen;TRIV;2026K1;1;2", row, header=header)
    assert (code, answer["read"], answer["missing"]) == (0, 2, 1)
    assert stored(register.pair).value is None


def test_another_municipalitys_units_and_series_are_unknown(register):
    other = factories.municipality()
    other.school.name = "Fjordskolen"
    other.school.save()
    factories.series(factories.indicator(other.authority, code="ANDET", name="Andet"), other.school)
    code, answer = register.load("Bakkeskolen;SYG;2026K1;8", "Fjordskolen;SYG;2026K1;8", "Bakkeskolen;ANDET;2026K1;8")
    assert code == 1
    assert [row["line"] for row in answer["rejected"]] == [3, 4]
    assert all("Vi kender ikke" in row["reason"] for row in answer["rejected"])


def test_a_name_that_two_units_share_names_neither_but_their_codes_do(register):
    twin = factories.unit(register.directorate, name="Bakkeskolen", code="B2")
    series = factories.series(register.sick, twin)
    code, answer = register.load("Bakkeskolen;SYG;2026K1;8", "Elmeskolen;SYG;2026K1;8")
    assert (code, answer["rejected"][0]["line"]) == (1, 2)
    assert register.load("b2;SYG;2026K1;8", "Elmeskolen;SYG;2026K1;8")[0] == 0
    assert stored(series, "2026K1").value == 8


# ---- what cannot be read ---------------------------------------------------------------------------------------------


def test_what_cannot_be_read_ends_with_two_and_one_line(register, tmp_path):
    empty, pdf = tmp_path / "tom.csv", tmp_path / "tal.xlsx"
    empty.write_bytes(b"")
    pdf.write_bytes(b"%PDF-1.7\n1 0 obj\n")
    for path in (empty, pdf, tmp_path / "findes-ikke.csv"):
        error = fails(path, register.authority.code)
        assert error.returncode == 2
        assert str(error)
        assert "\n" not in str(error)


def test_an_unknown_authority_ends_with_two(register, tmp_path):
    path = tmp_path / "tal.csv"
    path.write_text(f"{HEADER}\nBakkeskolen;SYG;2026K1;8\n", encoding="utf-8")
    assert fails(path, "0000").returncode == 2


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"enhed": "x"}',
        '{"sheet": "første"}',
        '{"values": 3}',
        '{"only": []}',
        '{"unit": 3}',
        '{"locale": "sv"}',
        '{"dash": ""}',
    ],
)
def test_a_mapping_that_is_none_ends_with_two(register, tmp_path, text):
    path, mapping = tmp_path / "tal.csv", tmp_path / "kolonner.json"
    path.write_text(f"{HEADER}\nBakkeskolen;SYG;2026K1;8\n", encoding="utf-8")
    mapping.write_text(text, encoding="utf-8")
    assert fails(path, register.authority.code, mapping=mapping).returncode == 2
    assert fails(path, register.authority.code, mapping=tmp_path / "findes-ikke.json").returncode == 2
    assert not Measurement.objects.exists()


# ---- mappings --------------------------------------------------------------------------------------------------------


def test_a_mapping_says_what_columns_and_names_stand_for(register, tmp_path):
    mapping = tmp_path / "kolonner.json"
    mapping.write_text(
        json.dumps(
            {
                "unit": "Sted",
                "fixed_indicator": "SYG",
                "period": "Hvornår",
                "values": ["Antal"],
                "unit_names": {"Skolen på bakken": register.school.code, "Nedlagt skole": ""},
                "dash": "zero",
                "only": {"Køn": "Alle"},
            }
        ),
        encoding="utf-8",
    )
    code, answer = register.load(
        "Skolen på bakken;Alle;2026K1;7",
        "Skolen på bakken;Piger;2026K1;3",
        "Skolen på bakken;Alle;2026K2;-",
        "Nedlagt skole;Alle;2026K1;9",
        header="Sted;Køn;Hvornår;Antal",
        mapping=mapping,
    )
    assert (code, answer["created"], answer["rejected"]) == (0, 2, [])
    assert stored(register.number, "2026K1").value == 7
    assert stored(register.number, "2026K2").value == 0


def test_numbers_follow_the_locale_that_is_declared(register, tmp_path):
    mapping = tmp_path / "kolonner.json"
    for locale, value in (("da", 2807), ("en", Decimal("2.807"))):
        mapping.write_text(json.dumps({"locale": locale}), encoding="utf-8")
        assert register.load("Bakkeskolen;SYG;2026K1;2.807", mapping=mapping)[0] == 0
        assert stored(register.number, "2026K1").value == value


def test_a_mapping_survives_being_written_and_read():
    mapping = Mapping(sheet=1, values=["a"], unit_names={"x": "1"}, only={"Køn": "I alt"}, dash="zero")
    assert Mapping.from_json(json.loads(json.dumps(mapping.to_json()))) == mapping


def test_nearest_names_are_few_and_like(register):
    near = Known(register.authority).near_units("Elmskolen")
    assert near[0] == "Elmeskolen"
    assert len(near) <= 3
    assert Known(register.authority).near_units("zzzzzz") == []


# ---- published tables ------------------------------------------------------------------------------------------------


def municipalities(names: dict[str, str]) -> tuple[object, dict[str, object]]:
    """A region-like authority whose units are these municipalities by name, each with a population series."""
    land = factories.authority(name="Landet")
    council = factories.unit(None, "council", authority=land, name="Rådet")
    people = factories.indicator(land, code="FOLK", name="Folketal", unit_of_measure="personer", decimals=0)
    series = {
        name: factories.series(people, factories.unit(council, code=code, name=name)) for name, code in names.items()
    }
    return land, series


def names_of_municipalities() -> dict[str, str]:
    lines = (DATA / "dk-statbank-csv" / "FOLK1A_da_kommuner_2020K1.csv").read_text(encoding="utf-8").splitlines()
    names = [line.split(";")[1] for line in lines[1:]]
    names = [name for name in dict.fromkeys(names) if name != "Hele landet" and not name.startswith("Region ")]
    return {name: f"K{at}" for at, name in enumerate(names, 1)}


def test_the_population_of_every_municipality_from_statistics_denmark(db, tmp_path):
    """5,940 numbers that sum to 341,203,118 (data/README.md); the file writes København in English."""
    names = names_of_municipalities()
    land, series = municipalities(names)
    mapping = tmp_path / "folketal.json"
    mapping.write_text(
        json.dumps({"fixed_indicator": "FOLK", "unit_names": {"Copenhagen": names["København"]}}), encoding="utf-8"
    )
    path = DATA / "dk-statbank-xlsx" / "FOLK1A_population_2008Q1-2022Q4.xlsx"
    code, answer = run(path, land.code, mapping=mapping)
    assert answer["rejected"] == []
    assert (code, answer["read"], answer["created"], answer["missing"]) == (0, 5940, 5940, 0)
    stored_values = Measurement.objects.filter(series__indicator__code="FOLK").values_list("value", flat=True)
    assert sum(stored_values) == 341203118
    for name, value in (("Høje-Taastrup", 54648), ("Odense", 207782), ("København", 652564), ("Morsø", 20022)):
        assert stored(series[name], "2022K4").value == value
    assert run(path, land.code, mapping=mapping)[1]["unchanged"] == 5940


def test_totals_and_parts_of_one_table_are_not_added(db, tmp_path):
    """The table counts everyone once as a whole and once by civil status: only the wholes are taken."""
    names = names_of_municipalities()
    land, _series = municipalities(names)
    mapping = tmp_path / "folketal.json"
    mapping.write_text('{"fixed_indicator": "FOLK"}', encoding="utf-8")
    path = DATA / "dk-statbank-csv" / "FOLK1A_da_kommuner_2020K1.csv"
    code, answer = run(path, land.code, mapping=mapping, partial=True)
    assert code == 1, "the country and the regions are no units here"
    assert {row["text"] for row in answer["rejected"]} == {
        "Hele landet",
        "Region Hovedstaden",
        "Region Sjælland",
        "Region Syddanmark",
        "Region Midtjylland",
        "Region Nordjylland",
    }
    values = Measurement.objects.values_list("value", flat=True)
    assert (len(values), sum(values)) == (99, 5822763)


def test_a_workbook_with_several_sheets_is_read_where_the_mapping_says(register, tmp_path):
    book = Workbook()
    book.active.append(["Forside"])
    sheet = book.create_sheet("Tal")
    for row in (["enhed", "indikator", "periode", "værdi"], ["Bakkeskolen", "SYG", "2026K1", 8.25]):
        sheet.append(row)
    path, mapping = tmp_path / "tal.xlsx", tmp_path / "kolonner.json"
    book.save(path)
    mapping.write_text('{"sheet": 1}', encoding="utf-8")
    code, answer = run(path, register.authority.code, mapping=mapping)
    assert (code, answer["created"]) == (0, 1)
    assert stored(register.number, "2026K1").value == Decimal("8.25")
